/* Pollers: what the system's object is asked for, what a wait makes of its answers, and
 * failures. */
#include "fake.h"

#include "common/poller/poller.h"
#include "common/poller/pollers.h"
#include "common/socket/socket.h"
#include "common/wait/cancel.h"

#define ENTRIES(...)                              \
    .entries = (const fake_entry[]){__VA_ARGS__}, \
    .entry_count = sizeof((const fake_entry[]){__VA_ARGS__}) / sizeof(fake_entry)

/* Its notifier is the first handle that is opened, the system's object the second. */
static ps_poller *open_poller(void)
{
    ps_poller *p;

    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_LOCK_OPEN);
    expect(SYS_POLLER_OPEN);
    expect(SYS_POLLER_WATCH);
    ck_assert_ok(ps_poller_open(&p));
    return p;
}

enum { NOTIFIER = 1, OBJECT = 2, A_SOCKET = 3, OTHER = 4 };

/* A poller with a connected stream (A_SOCKET), waited for with POLLIN. */
static ps_poller *open_with(ps_sock *s)
{
    ps_poller *p = open_poller();

    fake_connected(s, AF_INET, SOCK_STREAM);
    expect(SYS_POLLER_SET, .on = A_SOCKET, .events = PS__READABLE, .flags = PS__POLLER_NEW);
    ck_assert_ok(ps_poller_add(p, s, POLLIN, NULL));
    return p;
}

static void close_with(ps_poller *p, ps_sock *s)
{
    expect(SYS_POLLER_REMOVE, .on = A_SOCKET);
    ck_assert_ok(ps_close(s));
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}

static int wait_for(ps_poller *p, double timeout)
{
    ps_event events[8];
    int found = ps_poller_wait(p, events, 8, timeout, NULL);

    return found > 0 ? events[0].events : found;
}

/* ---- opening --------------------------------------------------------------------------------- */

START_TEST(poller_fails_to_open)
{
    ps_poller *p;

    fake_fail_allocation(1);
    ck_assert_code(ps_poller_open(&p), PS_ENOMEM);
    expect(SYS_NOTIFIER_OPEN, .result = PS_EMFILE);
    ck_assert_code(ps_poller_open(&p), PS_EMFILE);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_LOCK_OPEN, .result = PS_ENOMEM);
    ck_assert_code(ps_poller_open(&p), PS_ENOMEM);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_LOCK_OPEN);
    expect(SYS_POLLER_OPEN, .result = PS_EMFILE);
    ck_assert_code(ps_poller_open(&p), PS_EMFILE);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_LOCK_OPEN);
    expect(SYS_POLLER_OPEN);
    expect(SYS_POLLER_WATCH, .result = PS_ENOSPC);
    ck_assert_code(ps_poller_open(&p), PS_ENOSPC);
    ck_assert_ptr_null(p);
    fake_done();
}
END_TEST

/* ---- registrations --------------------------------------------------------------------------- */

START_TEST(poller_asks_for_what_is_wanted)
{
    ps_poller *p = open_poller();
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_POLLER_SET, .on = A_SOCKET, .events = PS__READABLE | PS__WRITABLE | PS__URGENT,
           .flags = PS__POLLER_NEW | PS__POLLER_ONCE | PS__POLLER_EDGE);
    ck_assert_ok(
        ps_poller_add(p, &s, POLLIN | POLLOUT | POLLPRI | PS_POLL_ONESHOT | PS_POLL_EDGE, NULL));
    expect(SYS_POLLER_SET, .on = A_SOCKET, .events = FAKE_ZERO, .flags = FAKE_ZERO);
    ck_assert_ok(ps_poller_modify(p, &s, 0, NULL));
    expect(SYS_POLLER_SET, .on = A_SOCKET, .result = PS_EOPNOTSUPP);
    ck_assert_code(ps_poller_modify(p, &s, POLLOUT | PS_POLL_ONESHOT, &s), PS_EOPNOTSUPP);
    expect(SYS_POLLER_REMOVE, .on = A_SOCKET);
    ck_assert_ok(ps_poller_remove(p, &s));
    expect(SYS_POLLER_SET, .on = A_SOCKET, .result = PS_ENOSPC);
    ck_assert_code(ps_poller_add(p, &s, POLLIN, NULL), PS_ENOSPC);
    ck_assert_code(ps_poller_remove(p, &s), PS_ENOENT);
    fake_begin_closing(&s);
    ck_assert_code(ps_poller_add(p, &s, POLLIN, NULL), PS_EBADF);
    s.calls = 0;
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

/* Its allocations fail, one after the other; what has grown stays. Returns how many did. */
static unsigned add_without_memory(ps_poller *p, ps_sock *s)
{
    unsigned n = 0;
    int code;

    expect(SYS_POLLER_SET);
    do {
        fake_fail_allocation(++n);
        code = ps_poller_add(p, s, POLLIN, NULL);
        ck_assert(code == 0 || (code == PS_ENOMEM && fake_allocation_failed()));
    } while (code != 0);
    fake_fail_allocation(0);
    return n - 1;
}

/* The table and its chains grow, or nothing changes; so do the timers. */
START_TEST(poller_has_no_memory)
{
    enum { SOCKETS = PS__BLOCK_PLACES + 1 };
    ps_poller *p = open_poller();
    static ps_sock s[SOCKETS];
    unsigned allocations = 0;

    for (int i = 0; i < SOCKETS; i++) {
        fake_socket(&s[i], AF_INET, SOCK_DGRAM);
        allocations += add_without_memory(p, &s[i]);
    }
    /* Two failures for each of 16, 32, 64, 128 and 256 places, and for another block. */
    ck_assert_uint_eq(allocations, 12);
    fake_fail_allocation(1);
    ck_assert_code(ps_poller_setdeadline(p, &s[0], 1), PS_ENOMEM);
    for (int i = 0; i < SOCKETS; i++)
        ck_assert_ok(ps_poller_setdeadline(p, &s[i], 1));
    for (int i = 0; i < SOCKETS; i++) {
        expect(SYS_POLLER_REMOVE);
        ck_assert_ok(ps_close(&s[i]));
    }
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

START_TEST(poller_is_full)
{
    ps_poller *p = open_poller();
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    p->used = p->capacity = PS__BLOCKS_MAX * PS__BLOCK_PLACES;
    ck_assert_code(ps_poller_add(p, &s, POLLIN, NULL), PS_ENOMEM);
    p->used = p->capacity = 0;
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

/* ---- events ---------------------------------------------------------------------------------- */

START_TEST(poller_drops_what_is_of_the_past)
{
    ps_sock s;
    ps_poller *p = open_with(&s);

    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(1), .size = 8, .advance = SECONDS(1),
           ENTRIES({A_SOCKET, FAKE_STALE, PS__READABLE}, {A_SOCKET, FAKE_NONE, PS__READABLE},
                   {NOTIFIER, 0, PS__NOTIFIED}));
    ck_assert_int_eq(wait_for(p, 1), 0);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE, ENTRIES({A_SOCKET, 0, PS__READABLE}));
    ck_assert_int_eq(wait_for(p, 0), POLLIN);
    /* Not asked for. */
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE, ENTRIES({A_SOCKET, 0, PS__URGENT}));
    ck_assert_int_eq(wait_for(p, 0), 0);
    expect(SYS_POLLER_WAIT, .result = PS_EINTR);
    expect(SYS_POLLER_WAIT, .result = PS_ENOMEM);
    ck_assert_code(wait_for(p, 1), PS_ENOMEM);
    close_with(p, &s);
}
END_TEST

static ps_sock *registered;

static void modify_it(void *poller)
{
    ck_assert_ok(ps_poller_modify(poller, registered, POLLIN | PS_POLL_ONESHOT, NULL));
}

/* The system has given the event before another thread changes the registration. */
START_TEST(poller_reports_a_shot_once)
{
    ps_poller *p = open_poller();
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    registered = &s;
    expect(SYS_POLLER_SET, .flags = PS__POLLER_NEW | PS__POLLER_ONCE);
    ck_assert_ok(ps_poller_add(p, &s, POLLIN | PS_POLL_ONESHOT, NULL));
    expect(SYS_POLLER_WAIT, ENTRIES({A_SOCKET, 0, PS__READABLE}));
    ck_assert_int_eq(wait_for(p, 0), POLLIN);
    expect(SYS_POLLER_WAIT, ENTRIES({A_SOCKET, 0, PS__READABLE}));
    ck_assert_int_eq(wait_for(p, 0), 0);
    expect(SYS_POLLER_SET, .flags = PS__POLLER_ONCE);
    modify_it(p);
    expect(SYS_POLLER_WAIT, ENTRIES({A_SOCKET, 0, PS__HUNG_UP | PS__WRITABLE}));
    ck_assert_int_eq(wait_for(p, 0), POLLIN | POLLHUP);
    close_with(p, &s);
}
END_TEST

/* The system reports once; the socket is set again before the next wait, if nothing is known. */
START_TEST(poller_sets_again_what_is_spent)
{
    ps_sock s;
    ps_poller *p = open_with(&s);

    expect(SYS_POLLER_WAIT, ENTRIES({A_SOCKET, 0, PS__READABLE | PS__SPENT}));
    ck_assert_int_eq(wait_for(p, 0), POLLIN);
    expect(SYS_POLLER_SET, .on = A_SOCKET, .events = PS__READABLE, .flags = FAKE_ZERO);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 0), 0);
    expect(SYS_POLLER_WAIT, ENTRIES({A_SOCKET, 0, PS__READABLE | PS__SPENT}));
    ck_assert_int_eq(wait_for(p, 0), POLLIN);
    expect(SYS_POLLER_SET, .result = PS_ENOTSOCK);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 1), POLLNVAL);
    s.failed = PS_ECONNRESET;
    expect(SYS_WAIT, .on = A_SOCKET, .events = PS__READABLE, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 1), POLLIN | POLLERR | POLLHUP);
    close_with(p, &s);
}
END_TEST

/* Both that the system reports it and that it does not: one event. */
START_TEST(poller_joins_events_of_one_socket)
{
    ps_poller *p = open_poller();
    ps_sock s, other;
    ps_event events[8];

    fake_socket(&s, AF_INET, SOCK_STREAM);
    fake_socket(&other, AF_INET, SOCK_DGRAM);
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    expect(SYS_GETPEERNAME, .on = A_SOCKET, .result = PS_ENOTCONN);
    ck_assert_ok(ps_poller_add(p, &s, POLLOUT, NULL));
    expect(SYS_POLLER_SET, .on = OTHER);
    ck_assert_ok(ps_poller_add(p, &other, POLLIN, NULL));
    ck_assert_ok(ps_poller_setdeadline(p, &other, 0));
    expect(SYS_WAIT, .on = OTHER, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_GETPEERNAME, .on = A_SOCKET, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = A_SOCKET, .events = PS__WRITABLE, .result = PS__WRITABLE);
    expect(SYS_POLLER_WAIT, .size = 6, .nanoseconds = FAKE_AT_ONCE,
           ENTRIES({OTHER, 0, PS__READABLE}, {A_SOCKET, 0, PS__WRITABLE}));
    ck_assert_int_eq(ps_poller_wait(p, events, 8, 1, NULL), 2);
    ck_assert_ptr_eq(events[0].sock, &other);
    ck_assert_int_eq(events[0].events, POLLIN | PS_POLL_TIMEOUT);
    ck_assert_int_eq(events[1].events, POLLOUT | POLLHUP);
    /* Its own events do not take all the space. */
    expect(SYS_GETPEERNAME, .on = A_SOCKET, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = A_SOCKET, .result = PS_EBADF);
    expect(SYS_POLLER_WAIT, .size = 1, ENTRIES({OTHER, 0, PS__READABLE}));
    ck_assert_int_eq(ps_poller_wait(p, events, 2, 1, NULL), 2);
    ck_assert_int_eq(events[0].events, POLLOUT | POLLHUP);
    /* With one space they take turns. */
    expect(SYS_GETPEERNAME, .on = A_SOCKET, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = A_SOCKET);
    ck_assert_int_eq(ps_poller_wait(p, events, 1, 0, NULL), 1);
    ck_assert_ptr_eq(events[0].sock, &s);
    expect(SYS_POLLER_WAIT, .size = 1, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_GETPEERNAME, .on = A_SOCKET, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = A_SOCKET);
    ck_assert_int_eq(ps_poller_wait(p, events, 1, 0, NULL), 1);
    ck_assert_ptr_eq(events[0].sock, &s);
    expect(SYS_POLLER_REMOVE, .on = OTHER);
    ck_assert_ok(ps_close(&other));
    close_with(p, &s);
}
END_TEST

static void remove_it(void *poller)
{
    ck_assert_ok(ps_poller_remove(poller, registered));
}

static void add_it_again(void *poller)
{
    remove_it(poller);
    ck_assert_ok(ps_poller_add(poller, registered, POLLIN, registered));
}

/* Its deadline has come before another thread removes or changes it. */
START_TEST(poller_does_not_mistake_a_registration)
{
    ps_sock s, known;
    ps_poller *p = open_with(&s);
    ps_event events[4];

    fake_socket(&known, AF_INET, SOCK_DGRAM);
    expect(SYS_POLLER_SET, .on = OTHER);
    ck_assert_ok(ps_poller_add(p, &known, POLLIN, NULL));
    registered = &s;
    ck_assert_ok(ps_poller_setdeadline(p, &s, 0));
    ck_assert_ok(ps_poller_setdeadline(p, &known, 0));
    ps_poller_wake(p);
    expect(SYS_WAIT, .on = A_SOCKET, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_WAIT, .on = OTHER, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_POLLER_WAIT, .during = add_it_again, .context = p,
           ENTRIES({A_SOCKET, 0, PS__READABLE}));
    expect(SYS_POLLER_REMOVE, .on = A_SOCKET);
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    ck_assert_int_eq(ps_poller_wait(p, events, 4, 1, NULL), 3);
    ck_assert_int_eq(events[0].events, PS_POLL_WOKEN);
    ck_assert_ptr_eq(events[1].sock, &known);
    ck_assert_int_eq(events[1].events, PS_POLL_TIMEOUT);
    ck_assert_ptr_eq(events[2].sock, &s);
    ck_assert_ptr_eq(events[2].data, &s);
    ck_assert_int_eq(events[2].events, POLLIN);
    /* One event for what is changed only, with what the program has set last. */
    ck_assert_ok(ps_poller_setdeadline(p, &s, 0));
    expect(SYS_WAIT, .on = A_SOCKET, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_POLLER_WAIT, .during = modify_it, .context = p,
           ENTRIES({A_SOCKET, 0, PS__READABLE}));
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    ck_assert_int_eq(ps_poller_wait(p, events, 3, 1, NULL), 1);
    ck_assert_ptr_null(events[0].data);
    ck_assert_int_eq(events[0].events, POLLIN | PS_POLL_TIMEOUT);
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    modify_it(p);
    ck_assert_ok(ps_poller_setdeadline(p, &s, 0));
    expect(SYS_WAIT, .on = A_SOCKET, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE, .during = remove_it, .context = p);
    expect(SYS_POLLER_REMOVE, .on = A_SOCKET);
    ck_assert_int_eq(ps_poller_wait(p, events, 3, 0, NULL), 0);
    expect(SYS_POLLER_REMOVE, .on = OTHER);
    ck_assert_ok(ps_close(&known));
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

/* ---- deadlines ------------------------------------------------------------------------------- */

static void set_earlier(void *poller)
{
    ck_assert(!fake_is_notified(NOTIFIER));
    ck_assert_ok(ps_poller_setdeadline(poller, registered, 2));
    ck_assert(fake_is_notified(NOTIFIER));
}

static void set_later(void *poller)
{
    ck_assert_ok(ps_poller_setdeadline(poller, registered, 7));
    ck_assert(!fake_is_notified(NOTIFIER));
}

START_TEST(poller_waits_until_a_deadline)
{
    ps_sock s;
    ps_poller *p = open_with(&s);

    registered = &s;
    fake_set_clock(0);
    ck_assert_ok(ps_poller_setdeadline(p, &s, 5));
    ck_assert_int_eq(fake_clock_reads(), 0);
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(5), .advance = SECONDS(1), .during = set_earlier,
           .context = p, ENTRIES({NOTIFIER, 0, PS__NOTIFIED}));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    expect(SYS_WAIT, .on = A_SOCKET, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, PS_NO_TIMEOUT), PS_POLL_TIMEOUT);
    ck_assert_ok(ps_poller_setdeadline(p, &s, 5));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(2), .advance = SECONDS(2), .during = set_later,
           .context = p);
    ck_assert_int_eq(wait_for(p, 2), 0);
    close_with(p, &s);
}
END_TEST

static void wait_inside(void *poller)
{
    ck_assert_int_eq(wait_for(poller, 100), POLLIN);
    ck_assert(!fake_is_notified(NOTIFIER));
}

static void wait_and_keep(void *poller)
{
    ck_assert_ok(ps_poller_setdeadline(poller, registered, 2));
    ck_assert_int_eq(wait_for(poller, 100), POLLIN);
    ck_assert(fake_is_notified(NOTIFIER));
}

/* Another thread waits meanwhile: it keeps the time if the first does not, and when it leaves, the
 * first is to do so. */
START_TEST(poller_has_one_wait_that_keeps_the_time)
{
    ps_sock s;
    ps_poller *p = open_with(&s);

    registered = &s;
    fake_set_clock(0);
    ck_assert_ok(ps_poller_setdeadline(p, &s, 5));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(5), .during = wait_inside, .context = p,
           ENTRIES({A_SOCKET, 0, PS__READABLE}));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(100), .advance = SECONDS(1),
           ENTRIES({A_SOCKET, 0, PS__READABLE}));
    ck_assert_int_eq(wait_for(p, 100), POLLIN);
    ck_assert_ok(ps_poller_setdeadline(p, &s, PS_NO_TIMEOUT));
    fake_set_clock(0);
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(100), .during = wait_and_keep, .context = p,
           ENTRIES({A_SOCKET, 0, PS__READABLE}));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(2), .advance = SECONDS(1),
           ENTRIES({A_SOCKET, 0, PS__READABLE}));
    ck_assert_int_eq(wait_for(p, 100), POLLIN);
    close_with(p, &s);
}
END_TEST

static void keep_an_earlier_one(void *poller)
{
    ck_assert_ok(ps_poller_setdeadline(poller, registered, 3));
    ck_assert_int_eq(wait_for(poller, 100), POLLIN);
}

START_TEST(poller_has_another_wait_that_keeps_the_time)
{
    ps_sock s;
    ps_poller *p = open_with(&s);

    registered = &s;
    fake_set_clock(0);
    ck_assert_ok(ps_poller_setdeadline(p, &s, 5));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(5), .during = keep_an_earlier_one, .context = p,
           ENTRIES({NOTIFIER, 0, PS__NOTIFIED}));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(3), .advance = SECONDS(1),
           ENTRIES({A_SOCKET, 0, PS__READABLE}));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(2), .advance = SECONDS(2));
    expect(SYS_WAIT, .on = A_SOCKET, .nanoseconds = FAKE_AT_ONCE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 100), PS_POLL_TIMEOUT);
    close_with(p, &s);
}
END_TEST

/* ---- wakes, tokens, other threads ------------------------------------------------------------ */

static void wake(void *poller)
{
    ps_poller_wake(poller);
    ps_poller_wake(poller);
}

static void take_a_wake(void *poller)
{
    ck_assert_int_eq(wait_for(poller, 0), PS_POLL_WOKEN);
}

START_TEST(poller_is_woken_once)
{
    ps_poller *p = open_poller();

    expect(SYS_POLLER_WAIT, .nanoseconds = PS__FOREVER, .during = wake, .context = p,
           ENTRIES({NOTIFIER, 0, PS__NOTIFIED}));
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE, .size = 7);
    ck_assert_int_eq(wait_for(p, PS_NO_TIMEOUT), PS_POLL_WOKEN);
    ck_assert(!fake_is_notified(NOTIFIER));
    ps_poller_wake(p);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    take_a_wake(p);
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

static void look_at_it(void *sock)
{
    ((ps_sock *)sock)->failed = PS_ECONNRESET;
    ps__pollers_look(sock);
    ck_assert(fake_is_notified(NOTIFIER));
}

static void take_events_inside(void *poller)
{
    ck_assert_int_eq(wait_for(poller, 1), POLLIN | POLLERR | POLLHUP);
    /* It is still so, for the wait that has not looked. */
    ck_assert(fake_is_notified(NOTIFIER));
}

START_TEST(poller_passes_on_what_is_left)
{
    ps_sock s;
    ps_poller *p = open_with(&s);

    expect(SYS_POLLER_WAIT, .during = look_at_it, .context = &s,
           ENTRIES({NOTIFIER, 0, PS__NOTIFIED}));
    expect(SYS_WAIT, .on = A_SOCKET, .events = PS__READABLE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE, .during = take_events_inside,
           .context = p);
    expect(SYS_WAIT, .on = A_SOCKET, .events = PS__READABLE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 1), POLLIN | POLLERR | POLLHUP);
    close_with(p, &s);
}
END_TEST

static void fire(void *token)
{
    ps_cancel_fire(token);
}

START_TEST(poller_wait_has_a_token)
{
    ps_poller *p = open_poller();
    ps_cancel *token = fake_token();
    ps_handle h = token->notifier.wait_handle;
    ps_event event;

    expect(SYS_POLLER_WAIT, .wake = A_SOCKET, .result = PS_ECANCELED, .during = fire,
           .context = token);
    ck_assert_code(ps_poller_wait(p, &event, 1, 1, token), PS_ECANCELED);
    ck_assert_ok(ps_cancel_reset(token));
    /* The event was another thread's. */
    expect(SYS_POLLER_WAIT, .wake = A_SOCKET, .during = fire, .context = token);
    ck_assert_code(ps_poller_wait(p, &event, 1, 1, token), PS_ECANCELED);
    ck_assert_ok(ps_cancel_reset(token));
    token->notifier.wait_handle = PS_INVALID_HANDLE;
    expect(SYS_POLLER_WAIT, .wake = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(50),
           .advance = MILLISECONDS(50), .during = fire, .context = token);
    ck_assert_code(ps_poller_wait(p, &event, 1, 1, token), PS_ECANCELED);
    token->notifier.wait_handle = h;
    ps_cancel_close(token);
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

START_TEST(poller_watches_tokens)
{
    ps_poller *p = open_poller();
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, 0); /* of A_SOCKET: OTHER */
    ps_cancel *more = fake_token();
    ps_handle h;

    fake_fail_allocation(4);
    ck_assert_code(ps_poller_add(p, &s, POLLIN, NULL), PS_ENOMEM);
    expect(SYS_POLLER_WATCH, .on = OTHER, .result = PS_ENOSPC);
    ck_assert_code(ps_poller_add(p, &s, POLLIN, NULL), PS_ENOSPC);
    expect(SYS_POLLER_WATCH, .on = OTHER);
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    ck_assert_ok(ps_poller_add(p, &s, POLLIN, NULL));
    /* It keeps the one it has. */
    expect(SYS_POLLER_WATCH, .on = OTHER + 1, .result = PS_ENOSPC);
    ck_assert_code(ps_setcancel(&s, more), PS_ENOMEM);
    expect(SYS_POLLER_WATCH, .on = OTHER + 1);
    expect(SYS_POLLER_UNWATCH, .on = OTHER);
    ck_assert_ok(ps_setcancel(&s, more));
    ck_assert_ok(ps_setcancel(&s, more));
    expect(SYS_POLLER_WAIT, .nanoseconds = SECONDS(1), .during = fire, .context = more,
           ENTRIES({OTHER + 1, 0, PS__NOTIFIED}));
    expect(SYS_WAIT, .on = A_SOCKET, .events = PS__READABLE, .result = PS__READABLE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 1), POLLIN | POLLERR);
    expect(SYS_POLLER_UNWATCH, .on = OTHER + 1);
    ck_assert_ok(ps_setcancel(&s, NULL));
    /* One without a notifier. */
    h = token->notifier.wait_handle;
    token->notifier.wait_handle = PS_INVALID_HANDLE;
    ck_assert_ok(ps_setcancel(&s, token));
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    expect(SYS_POLLER_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50));
    expect(SYS_POLLER_WAIT, .nanoseconds = MILLISECONDS(50), .during = fire, .context = token);
    expect(SYS_WAIT, .on = A_SOCKET);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 1), POLLIN | POLLERR);
    ck_assert_ok(ps_setcancel(&s, NULL));
    token->notifier.wait_handle = h;
    ps_cancel_close(token);
    ps_cancel_close(more);
    close_with(p, &s);
}
END_TEST

/* Also if no wait has seen that it was reset. */
START_TEST(poller_sees_each_fire_of_a_token)
{
    ps_poller *p = open_poller();
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, 0); /* of A_SOCKET: OTHER */

    expect(SYS_POLLER_WATCH, .on = OTHER);
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    ck_assert_ok(ps_poller_add(p, &s, POLLIN | PS_POLL_EDGE, NULL));
    for (int i = 0; i < 3; i++) {
        ck_assert_ok(ps_cancel_reset(token));
        ck_assert_ok(ps_cancel_reset(token));
        ps_cancel_fire(token);
        ps_cancel_fire(token);
        expect(SYS_WAIT, .on = A_SOCKET);
        expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
        ck_assert_int_eq(wait_for(p, 1), POLLIN | POLLERR);
        expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
        ck_assert_int_eq(wait_for(p, 0), 0);
    }
    expect(SYS_POLLER_REMOVE);
    expect(SYS_POLLER_UNWATCH);
    ck_assert_ok(ps_close(&s));
    ps_cancel_close(token);
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

/* A one-shot registration that is spent has no event of its token; nor has one that is gone. */
START_TEST(poller_has_no_token_of_what_is_spent)
{
    ps_poller *p = open_poller();
    ps_sock s, gone;
    ps_cancel *token = fake_with_token(&s, 0); /* of A_SOCKET: OTHER */

    fake_socket(&gone, AF_INET, SOCK_DGRAM);
    expect(SYS_POLLER_SET);
    ck_assert_ok(ps_poller_add(p, &gone, POLLIN, NULL));
    expect(SYS_POLLER_WATCH, .on = OTHER);
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    ck_assert_ok(ps_poller_add(p, &s, POLLIN | PS_POLL_ONESHOT, NULL));
    expect(SYS_POLLER_REMOVE);
    ck_assert_ok(ps_close(&gone));
    expect(SYS_POLLER_WAIT, ENTRIES({A_SOCKET, 0, PS__READABLE}));
    ck_assert_int_eq(wait_for(p, 1), POLLIN);
    ps_cancel_fire(token);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 0), 0);
    expect(SYS_POLLER_REMOVE);
    expect(SYS_POLLER_UNWATCH);
    ck_assert_ok(ps_close(&s));
    ps_cancel_close(token);
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

START_TEST(poller_is_one_of_two)
{
    ps_poller *p = open_poller();
    ps_poller *other = open_poller();
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, 0); /* of 5: 6 */

    for (int i = 0; i < 2; i++) {
        expect(SYS_POLLER_WATCH, .on = 6);
        expect(SYS_POLLER_SET, .on = 5);
        ck_assert_ok(ps_poller_add(i ? p : other, &s, POLLIN, NULL));
    }
    fake_fork();
    expect(SYS_POLLER_OPEN, .result = PS_EMFILE, .times = 2);
    ck_assert_code(ps_setcancel(&s, NULL), PS_ENOMEM);
    ck_assert_ok(ps_poller_close(other));
    ck_assert_ok(ps_close(&s));
    ps_cancel_close(token);
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

START_TEST(poller_looks_at_a_failure)
{
    ps_sock s;
    ps_poller *p = open_with(&s);
    char byte;

    fake_set_certain_end(false);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    expect(SYS_WAKE_WAITS, .on = A_SOCKET);
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_ECONNRESET);
    expect(SYS_WAIT, .on = A_SOCKET, .events = PS__READABLE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 1), POLLIN | POLLERR | POLLHUP);
    close_with(p, &s);
}
END_TEST

/* Another poller does not have the socket. */
START_TEST(poller_looks_at_a_shutdown)
{
    ps_sock s;
    ps_poller *p = open_with(&s);
    ps_poller *other = open_poller();

    fake_set_shut_receiving(false);
    expect(SYS_GETPEERNAME, .on = A_SOCKET, .from = "127.0.0.1:9");
    ck_assert_ok(ps_shutdown(&s, SHUT_RD));
    expect(SYS_WAIT, .on = A_SOCKET, .events = PS__READABLE);
    expect(SYS_POLLER_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(wait_for(p, 1), POLLIN);
    ck_assert_ok(ps_poller_close(other));
    close_with(p, &s);
}
END_TEST

/* ---- a child of fork ------------------------------------------------------------------------- */

START_TEST(poller_is_renewed_in_a_child)
{
    ps_poller *p = open_poller();
    ps_sock s, gone;
    ps_cancel *token = fake_with_token(&s, 0); /* of A_SOCKET: OTHER */
    ps_cancel *none = fake_with_token(&gone, 0);

    expect(SYS_POLLER_WATCH);
    expect(SYS_POLLER_SET);
    ck_assert_ok(ps_poller_add(p, &gone, POLLIN, NULL));
    expect(SYS_POLLER_WATCH, .on = OTHER);
    expect(SYS_POLLER_SET, .on = A_SOCKET);
    ck_assert_ok(ps_poller_add(p, &s, POLLIN, NULL));
    fake_fork();
    ck_assert_ok(ps_close(&gone)); /* the system's object is the parent's */
    expect(SYS_NOTIFIER_RENEW, .on = NOTIFIER, .result = PS_EMFILE);
    ck_assert_code(wait_for(p, 0), PS_EMFILE);
    expect(SYS_NOTIFIER_RENEW, .on = NOTIFIER);
    expect(SYS_POLLER_OPEN, .result = PS_EMFILE);
    ck_assert_code(wait_for(p, 0), PS_EMFILE);
    expect(SYS_POLLER_OPEN, .result = PS_EMFILE);
    ck_assert_code(ps_poller_modify(p, &s, POLLIN, NULL), PS_EMFILE);
    expect(SYS_POLLER_OPEN, .result = PS_EMFILE, .times = 2); /* and to keep the one it has */
    ck_assert_code(ps_setcancel(&s, NULL), PS_ENOMEM);
    expect(SYS_POLLER_OPEN);
    expect(SYS_POLLER_WATCH, .on = NOTIFIER, .result = PS_ENOSPC);
    ck_assert_code(wait_for(p, 0), PS_ENOSPC);
    expect(SYS_POLLER_OPEN);
    expect(SYS_POLLER_WATCH, .on = NOTIFIER);
    expect(SYS_POLLER_SET, .on = A_SOCKET, .flags = PS__POLLER_NEW, .result = PS_ENOSPC);
    ck_assert_code(wait_for(p, 0), PS_ENOSPC);
    expect(SYS_POLLER_OPEN);
    expect(SYS_POLLER_WATCH, .on = NOTIFIER);
    expect(SYS_POLLER_SET, .on = A_SOCKET, .flags = PS__POLLER_NEW);
    expect(SYS_POLLER_WATCH, .on = OTHER, .result = PS_ENOSPC);
    ck_assert_code(wait_for(p, 0), PS_ENOSPC);
    expect(SYS_POLLER_OPEN);
    expect(SYS_POLLER_WATCH, .on = NOTIFIER);
    expect(SYS_POLLER_SET, .on = A_SOCKET, .flags = PS__POLLER_NEW);
    expect(SYS_POLLER_WATCH, .on = OTHER);
    expect(SYS_CLOSE, .on = OBJECT);
    expect(SYS_POLLER_WAIT);
    ck_assert_int_eq(wait_for(p, 0), 0);
    fake_fork();
    ck_assert_ok(ps_close(&s)); /* and of its token */
    ps_cancel_close(token);
    ps_cancel_close(none);
    ck_assert_ok(ps_poller_close(p));
    fake_done();
}
END_TEST

void add_poller_tests(Suite *suite);
void add_poller_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, poller_fails_to_open);
    ADD_TEST_CASE(suite, poller_asks_for_what_is_wanted);
    ADD_TEST_CASE(suite, poller_has_no_memory);
    ADD_TEST_CASE(suite, poller_is_full);
    ADD_TEST_CASE(suite, poller_drops_what_is_of_the_past);
    ADD_TEST_CASE(suite, poller_reports_a_shot_once);
    ADD_TEST_CASE(suite, poller_sets_again_what_is_spent);
    ADD_TEST_CASE(suite, poller_joins_events_of_one_socket);
    ADD_TEST_CASE(suite, poller_does_not_mistake_a_registration);
    ADD_TEST_CASE(suite, poller_waits_until_a_deadline);
    ADD_TEST_CASE(suite, poller_has_one_wait_that_keeps_the_time);
    ADD_TEST_CASE(suite, poller_is_woken_once);
    ADD_TEST_CASE(suite, poller_passes_on_what_is_left);
    ADD_TEST_CASE(suite, poller_wait_has_a_token);
    ADD_TEST_CASE(suite, poller_watches_tokens);
    ADD_TEST_CASE(suite, poller_has_another_wait_that_keeps_the_time);
    ADD_TEST_CASE(suite, poller_sees_each_fire_of_a_token);
    ADD_TEST_CASE(suite, poller_has_no_token_of_what_is_spent);
    ADD_TEST_CASE(suite, poller_is_one_of_two);
    ADD_TEST_CASE(suite, poller_looks_at_a_failure);
    ADD_TEST_CASE(suite, poller_looks_at_a_shutdown);
    ADD_TEST_CASE(suite, poller_is_renewed_in_a_child);
}
