#include "poller_events.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 15.0

void assert_event(ps_poller *p, const ps_sock *s, int events)
{
    ps_event found[4];

    ck_assert_int_eq(ps_poller_wait(p, found, 4, PATIENCE, NULL), 1);
    ck_assert_ptr_eq(found[0].sock, s);
    ck_assert_int_eq(found[0].events, events);
}

void assert_nothing(ps_poller *p)
{
    ps_event event;

    ck_assert_int_eq(ps_poller_wait(p, &event, 1, 0.02, NULL), 0);
}
