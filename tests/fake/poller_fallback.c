/* Pollers where the system has no object that keeps sockets: every wait passes all of them. */
#include "fake.h"

#include "common/poller/poller.h"
#include "common/socket/socket.h"
#include "common/wait/cancel.h"

#define ENTRIES(...)                              \
    .entries = (const fake_entry[]){__VA_ARGS__}, \
    .entry_count = sizeof((const fake_entry[]){__VA_ARGS__}) / sizeof(fake_entry)

enum { NOTIFIER = 1, STREAM = 2, DATAGRAM = 3, TOKEN = 4 };

#define NOTHING                   \
    {                             \
        NOTIFIER, PS__NOTIFIED, 0 \
    }
#define INTERRUPT                            \
    {                                        \
        NOTIFIER, PS__NOTIFIED, PS__NOTIFIED \
    }

typedef struct two {
    ps_poller *p;
    ps_sock stream, datagram;
} two;

static void open_two(two *t)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_LOCK_OPEN);
    expect(SYS_POLLER_OPEN, .result = PS_EOPNOTSUPP);
    ck_assert_ok(ps_poller_open(&t->p));
    fake_connected(&t->stream, AF_INET, SOCK_STREAM);
    fake_socket(&t->datagram, AF_INET, SOCK_DGRAM);
    ck_assert_code(ps_poller_add(t->p, &t->stream, POLLIN | PS_POLL_EDGE, NULL), PS_EOPNOTSUPP);
    ck_assert_ok(ps_poller_add(t->p, &t->stream, POLLIN, NULL));
    ck_assert_ok(ps_poller_add(t->p, &t->datagram, POLLOUT | PS_POLL_ONESHOT, NULL));
}

static void close_two(two *t)
{
    ck_assert_ok(ps_close(&t->stream));
    ck_assert_ok(ps_close(&t->datagram));
    ck_assert_ok(ps_poller_close(t->p));
    fake_done();
}

static int wait_for(ps_poller *p, double timeout)
{
    ps_event events[8];
    int found = ps_poller_wait(p, events, 8, timeout, NULL);

    return found > 0 ? events[0].events : found;
}

static void make_writable(void *argument)
{
    two *t = argument;

    ck_assert_ok(ps_poller_modify(t->p, &t->stream, POLLOUT, NULL));
    ck_assert(fake_is_notified(NOTIFIER));
}

START_TEST(fallback_waits_for_all)
{
    two t;

    open_two(&t);
    ck_assert_code(ps_poller_modify(t.p, &t.stream, PS_POLL_EDGE, NULL), PS_EOPNOTSUPP);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(400),
           .during = make_writable, .context = &t,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, 0}, INTERRUPT));
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(600),
           ENTRIES({STREAM, PS__WRITABLE, PS__WRITABLE}, {DATAGRAM, PS__WRITABLE, PS__WRITABLE},
                   NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLOUT);
    ck_assert(!fake_is_notified(NOTIFIER));
    /* The datagram socket's shot is spent. */
    expect(SYS_WAIT, ENTRIES({STREAM, PS__WRITABLE, PS__INVALID}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLNVAL);
    expect(SYS_WAIT, .result = PS_EMFILE, ENTRIES({STREAM, PS__WRITABLE, 0}, NOTHING));
    ck_assert_code(wait_for(t.p, 1), PS_EMFILE);
    ck_assert_ok(ps_poller_remove(t.p, &t.stream));
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, ENTRIES(NOTHING));
    ck_assert_int_eq(wait_for(t.p, 0), 0);
    close_two(&t);
}
END_TEST

START_TEST(fallback_gives_each_its_turn)
{
    two t;
    ps_event event;

    open_two(&t);
    ck_assert_ok(ps_poller_modify(t.p, &t.datagram, POLLOUT, NULL));
    for (int i = 0; i < 4; i++) {
        expect(SYS_WAIT, ENTRIES({STREAM, PS__READABLE, PS__READABLE},
                                 {DATAGRAM, PS__WRITABLE, PS__WRITABLE}, NOTHING));
        ck_assert_int_eq(ps_poller_wait(t.p, &event, 1, 1, NULL), 1);
        ck_assert_ptr_eq(event.sock, i % 2 ? &t.datagram : &t.stream);
    }
    close_two(&t);
}
END_TEST

/* A call finds the failure meanwhile, after which the system reports nothing. */
START_TEST(fallback_looks_at_what_has_failed)
{
    two t;

    open_two(&t);
    expect(SYS_WAIT, ENTRIES({STREAM, PS__READABLE, PS__FAILED | PS__HUNG_UP},
                             {DATAGRAM, PS__WRITABLE, 0}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLIN | POLLERR | POLLHUP);
    ps__set_connection(&t.stream, PS__UNCONNECTED);
    expect(SYS_GETPEERNAME, .on = STREAM, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = STREAM, .events = PS__READABLE);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, 0}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLIN | POLLHUP);
    close_two(&t);
}
END_TEST

static void fire(void *token)
{
    ps_cancel_fire(token);
}

START_TEST(fallback_has_tokens)
{
    two t;
    ps_cancel *token;
    ps_event event;

    open_two(&t);
    token = fake_token();
    expect(SYS_WAIT,
           ENTRIES({STREAM, PS__READABLE, PS__READABLE}, {DATAGRAM, PS__WRITABLE, 0}, NOTHING,
                   {TOKEN, PS__NOTIFIED, PS__NOTIFIED}),
           .during = fire, .context = token);
    ck_assert_code(ps_poller_wait(t.p, &event, 1, 1, token), PS_ECANCELED);
    ck_assert_ok(ps_cancel_reset(token));
    expect(SYS_WAIT, ENTRIES({STREAM, PS__READABLE, PS__READABLE}, {DATAGRAM, PS__WRITABLE, 0},
                             NOTHING, {TOKEN, PS__NOTIFIED, 0}));
    ck_assert_int_eq(ps_poller_wait(t.p, &event, 1, 1, token), 1);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setcancel(&t.stream, token));
    expect(SYS_WAIT,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, 0},
                   {TOKEN, PS__NOTIFIED, PS__NOTIFIED}, NOTHING),
           .during = fire, .context = token);
    expect(SYS_WAIT, .on = STREAM, .events = PS__READABLE);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, 0}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLIN | POLLERR);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_setcancel(&t.stream, NULL));
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, 0}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 0), 0);
    ps_cancel_close(token);
    close_two(&t);
}
END_TEST

/* A wait that has not looked at the token waits for it, unless it is fired as it was. */
START_TEST(fallback_has_a_token_that_is_reset)
{
    two t;
    ps_cancel *token;
    ps_event event;

    open_two(&t);
    token = fake_token();
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setcancel(&t.stream, token));
    ps_cancel_fire(token);
    for (int i = 0; i < 2; i++) {
        expect(SYS_WAIT, .on = STREAM, .events = PS__READABLE);
        expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE,
               ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, 0}, NOTHING));
        ck_assert_int_eq(ps_poller_wait(t.p, &event, 1, 1, NULL), 1);
        ck_assert_int_eq(event.events, POLLIN | POLLERR);
        ck_assert_ok(ps_cancel_reset(token));
        if (i == 0)
            ps_cancel_fire(token);
        expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE,
               ENTRIES({STREAM, PS__READABLE, PS__READABLE}, {DATAGRAM, PS__WRITABLE, 0},
                       {TOKEN, PS__NOTIFIED, 0}, NOTHING));
        ck_assert_int_eq(ps_poller_wait(t.p, &event, 1, 1, NULL), 1);
        ck_assert_int_eq(event.events, POLLIN);
    }
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_setcancel(&t.stream, NULL));
    ps_cancel_close(token);
    close_two(&t);
}
END_TEST

static void lose_its_token(void *argument)
{
    two *t = argument;
    ps_cancel *token = ps__token(&t->stream);

    ck_assert_ok(ps_setcancel(&t->stream, NULL));
    ps_cancel_close(token);
}

static void lose_and_find_its_token(void *argument)
{
    two *t = argument;
    ps_cancel *token = ps__token(&t->stream);

    ck_assert_ok(ps_setcancel(&t->stream, NULL));
    ck_assert_ok(ps_setcancel(&t->stream, token));
}

/* The wait in progress has it until it ends. */
START_TEST(fallback_has_a_token_that_is_closed)
{
    two t;
    ps_cancel *token;

    open_two(&t);
    token = fake_token();
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setcancel(&t.stream, token));
    expect(SYS_WAIT, .during = lose_and_find_its_token, .context = &t,
           ENTRIES({STREAM, PS__READABLE, PS__READABLE}, {DATAGRAM, PS__WRITABLE, 0},
                   {TOKEN, PS__NOTIFIED, 0}, INTERRUPT));
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_int_eq(wait_for(t.p, 1), POLLIN);
    expect(SYS_WAIT, .during = lose_its_token, .context = &t,
           ENTRIES({STREAM, PS__READABLE, PS__READABLE}, {DATAGRAM, PS__WRITABLE, 0},
                   {TOKEN, PS__NOTIFIED, 0}, INTERRUPT));
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_int_eq(wait_for(t.p, 1), POLLIN);
    expect(SYS_WAIT,
           ENTRIES({STREAM, PS__READABLE, PS__READABLE}, {DATAGRAM, PS__WRITABLE, 0}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLIN);
    close_two(&t);
}
END_TEST

/* Waits of its parent do not end in it. */
START_TEST(fallback_of_a_child_has_a_token_that_is_closed)
{
    two t;
    ps_cancel *token;

    open_two(&t);
    token = fake_token();
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setcancel(&t.stream, token));
    t.p->sleepers = 1;
    fake_fork();
    ck_assert_ok(ps_close(&t.stream));
    ps_cancel_close(token);
    expect(SYS_CLOSE, .on = TOKEN);
    expect(SYS_POLLER_OPEN, .result = PS_EOPNOTSUPP);
    ck_assert_ok(ps_poller_modify(t.p, &t.datagram, POLLOUT, NULL));
    close_two(&t);
}
END_TEST

static void change_inside(void *argument)
{
    two *t = argument;

    ck_assert_ok(ps_poller_modify(t->p, &t->stream, POLLIN, NULL));
    ck_assert(fake_is_notified(NOTIFIER));
    ck_assert_int_eq(wait_for(t->p, 1), POLLIN);
    /* It has begun after the interrupt, which is for the other one. */
    ck_assert(fake_is_notified(NOTIFIER));
}

START_TEST(fallback_interrupts_all_waits)
{
    two t;

    open_two(&t);
    expect(SYS_WAIT, .during = change_inside, .context = &t,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, 0}, INTERRUPT));
    expect(SYS_WAIT,
           ENTRIES({STREAM, PS__READABLE, PS__READABLE}, {DATAGRAM, PS__WRITABLE, 0}, INTERRUPT));
    expect(SYS_WAIT,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, PS__WRITABLE}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLOUT);
    ck_assert(!fake_is_notified(NOTIFIER));
    close_two(&t);
}
END_TEST

START_TEST(fallback_has_no_memory)
{
    two t;

    open_two(&t);
    for (unsigned n = 1; n <= 2; n++) {
        fake_fail_allocation(n);
        ck_assert_code(wait_for(t.p, 1), PS_ENOMEM);
        ck_assert(fake_allocation_failed());
    }
    /* What has come to light before is not lost. */
    ps_poller_wake(t.p);
    fake_fail_allocation(1);
    ck_assert_int_eq(wait_for(t.p, 1), PS_POLL_WOKEN);
    expect(SYS_WAIT,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, PS__WRITABLE}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLOUT);
    close_two(&t);
}
END_TEST

START_TEST(fallback_is_renewed_in_a_child)
{
    two t;

    open_two(&t);
    fake_fork();
    expect(SYS_POLLER_OPEN, .result = PS_EOPNOTSUPP);
    expect(SYS_WAIT,
           ENTRIES({STREAM, PS__READABLE, 0}, {DATAGRAM, PS__WRITABLE, PS__WRITABLE}, NOTHING));
    ck_assert_int_eq(wait_for(t.p, 1), POLLOUT);
    close_two(&t);
}
END_TEST

void add_poller_fallback_tests(Suite *suite);
void add_poller_fallback_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, fallback_waits_for_all);
    ADD_TEST_CASE(suite, fallback_gives_each_its_turn);
    ADD_TEST_CASE(suite, fallback_looks_at_what_has_failed);
    ADD_TEST_CASE(suite, fallback_has_tokens);
    ADD_TEST_CASE(suite, fallback_has_a_token_that_is_reset);
    ADD_TEST_CASE(suite, fallback_has_a_token_that_is_closed);
    ADD_TEST_CASE(suite, fallback_of_a_child_has_a_token_that_is_closed);
    ADD_TEST_CASE(suite, fallback_interrupts_all_waits);
    ADD_TEST_CASE(suite, fallback_has_no_memory);
    ADD_TEST_CASE(suite, fallback_is_renewed_in_a_child);
}
