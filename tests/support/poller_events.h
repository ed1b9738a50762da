/* What a wait of a poller reports. */
#ifndef TESTS_SUPPORT_POLLER_EVENTS_H
#define TESTS_SUPPORT_POLLER_EVENTS_H

#include "test.h"

/* The next wait reports this alone. */
void assert_event(ps_poller *p, const ps_sock *s, int events);

/* Nothing is reported for a while. */
void assert_nothing(ps_poller *p);

#endif
