/* What only few sockets have: deadlines, tokens, records, and the block that holds them; and the
 * interrupt hook. */
#include "fake.h"

#include "common/socket/attached.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/wait/cancel.h"

#include <math.h>

static char buffer[100];

static double after(int64_t nanoseconds)
{
    return (double)(fake_clock() + nanoseconds) * 1e-9;
}

/* A connected socket (handle 1) in blocking mode, whose handle does not block for the sake of
 * its deadlines. */
static void with_deadlines(ps_sock *s, double receive, double send)
{
    fake_connected(s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setdeadline(s, receive, send));
}

static void begin_closing(void *s)
{
    fake_begin_closing(s);
}

static void fire(void *token)
{
    ps_cancel_fire(token);
}

/* ---- deadlines ------------------------------------------------------------------------------- */

START_TEST(deadline_over_many_calls)
{
    ps_sock s;

    fake_set_clock(SECONDS(100));
    with_deadlines(&s, 101, PS_NO_TIMEOUT);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(400),
           .result = PS__READABLE);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(600), .advance = MILLISECONDS(600));
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    /* From now on the system is not asked. */
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    ck_assert_code(ps_recv(&s, buffer, 100, MSG_PEEK), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(&s, 0));
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    /* The other direction has none. */
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT);
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .result = PS__WRITABLE);
    expect(SYS_SEND, .result = 100);
    ck_assert_int_eq(ps_send(&s, buffer, 100, 0), 100);

    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_setdeadline(&s, PS_NO_TIMEOUT, PS_NO_TIMEOUT));
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    fake_end(&s);
}
END_TEST

START_TEST(deadline_and_timeout_the_earlier_counts)
{
    ps_sock s;

    fake_set_clock(SECONDS(100));
    with_deadlines(&s, PS_NO_TIMEOUT, 102);
    ck_assert_ok(ps_settimeout(&s, 1));
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_send(&s, buffer, 100, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(&s, 5));
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_send(&s, buffer, 100, 0), PS_TIMED_OUT);
    ck_assert_code(ps_sendall(&s, buffer, 100, 0, NULL), PS_TIMED_OUT);
    fake_end(&s);

    /* Non-blocking mode does not wait for it; and what a program asked of the system itself may
     * come first, or not. */
    with_deadlines(&s, after(SECONDS(2)), PS_NO_TIMEOUT);
    ck_assert_ok(ps_settimeout(&s, 0));
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EWOULDBLOCK);
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .limit = SECONDS(1));
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EWOULDBLOCK);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .limit = SECONDS(3));
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    fake_end(&s);
}
END_TEST

START_TEST(deadline_that_cannot_be_set)
{
    ps_sock s, closed = PS_SOCK_INIT;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_code(ps_setdeadline(NULL, 1, 1), PS_EFAULT);
    ck_assert_code(ps_setdeadline(&closed, 1, 1), PS_EBADF);
    fake_fail_allocation(1);
    ck_assert_ok(ps_setdeadline(&s, PS_NO_TIMEOUT, PS_NO_TIMEOUT)); /* nothing to take away */
    fake_fail_allocation(0);
    ck_assert_code(ps_setdeadline(&s, NAN, 1), PS_BAD_TIMEOUT);
    ck_assert_code(ps_setdeadline(&s, 1, NAN), PS_BAD_TIMEOUT);
    fake_fail_allocation(1);
    ck_assert_code(ps_setdeadline(&s, 1, 1), PS_ENOMEM);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON, .result = PS_ENOBUFS);
    ck_assert_code(ps_setdeadline(&s, 1, PS_NO_TIMEOUT), PS_ENOBUFS);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setdeadline(&s, -1e10, PS_NO_TIMEOUT));
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    fake_end(&s);
}
END_TEST

/* Any number is a point in time: far behind, far ahead. */
START_TEST(deadlines_of_all_times)
{
    ps_sock s;

    with_deadlines(&s, -INFINITY, 1e300);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_setdeadline(&s, 1e300, INFINITY));
    fake_set_clock(MILLISECONDS(1500));
    ck_assert_double_eq(ps_monotonic(), 1.5);
    fake_end(&s);
}
END_TEST

START_TEST(deadlines_of_a_stream)
{
    ps_sock s;
    ps_file *f;

    fake_set_clock(SECONDS(100));
    with_deadlines(&s, PS_NO_TIMEOUT, 101);
    ck_assert_ok(ps_makefile(&f, &s, "r+", 0));
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_file_write(f, "abc", 3), PS_TIMED_OUT);
    expect(SYS_RECV, .result = 1, .data = "x");
    ck_assert_int_eq(ps_file_read(f, buffer, 1), 1);
    ck_assert_ok(ps_setdeadline(&s, 100, PS_NO_TIMEOUT));
    ck_assert_code(ps_file_read(f, buffer, 1), PS_TIMED_OUT);
    expect(SYS_SEND, .size = 3, .result = 3);
    ck_assert_ok(ps_file_flush(f));
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_file_close(f));
    fake_done();
}
END_TEST

/* ---- the block ------------------------------------------------------------------------------- */

static ps_failure record = PS_FAILURE_INIT;

static void attach_record(void *s)
{
    expect(SYS_GETSOCKNAME);
    expect(SYS_GETPEERNAME);
    ck_assert_ok(ps_setfailure(s, &record));
}

/* Two threads need it for the first time at the same time: both get what they asked for. */
START_TEST(block_that_another_thread_makes_first)
{
    ps_sock s;
    ps_file *f;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_during_allocation(attach_record, &s);
    expect(SYS_GETSOCKNAME);
    expect(SYS_GETPEERNAME);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setdeadline(&s, -1, PS_NO_TIMEOUT));
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    ck_assert_code(record.code, PS_TIMED_OUT);

    /* A change that another thread overtakes is told again. */
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    fake_contend(2);
    ck_assert_ok(ps_settimeout(&s, 7));
    ck_assert_double_eq(atomic_load(&s.attached->timeout), 7);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);
}
END_TEST

START_TEST(block_without_memory)
{
    ps_cancel *token;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    token = fake_token();
    fake_fail_allocation(1);
    ck_assert_code(ps_setcancel(&s, token), PS_ENOMEM);
    fake_fail_allocation(1);
    ck_assert_code(ps_setfailure(&s, &record), PS_ENOMEM);
    /* Without anything to take away there is nothing to allocate. */
    fake_fail_allocation(1);
    ck_assert_ok(ps_setcancel(&s, NULL));
    ck_assert_ok(ps_setfailure(&s, NULL));
    ck_assert(!fake_allocation_failed());
    fake_fail_allocation(0);
    ps_cancel_close(token);
    fake_end(&s);
}
END_TEST

static void set_blocking(void *s)
{
    ps__set_timeout(s, PS_NO_TIMEOUT);
}

/* The mode is that of the last change, whichever thread is the last to tell the system. */
START_TEST(mode_that_another_thread_changes)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON, .during = set_blocking, .context = &s);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_settimeout(&s, 1));
    fake_end(&s);
}
END_TEST

/* A call in flight keeps the limit that it began with: its handle does not become a blocking one
 * under it. */
START_TEST(mode_that_a_call_needs)
{
    ps_sock s;
    ps_file *f;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 1);
    ck_assert(ps__enter(&s));
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    (void)ps__leave(&s);
    /* In blocking mode it waits all the same. */
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT);
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .result = PS__READABLE);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    atomic_fetch_add(&s.attached->calls, 1);
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    atomic_fetch_sub(&s.attached->calls, 1);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);
}
END_TEST

/* The system says "ready" for as long as the error queue holds something. */
START_TEST(error_that_does_not_go_away)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    fake_timeout(&s, 1);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 1, .nanoseconds = SECONDS(1), .result = PS__READABLE | PS__FAILED);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(2),
           .advance = MILLISECONDS(2));
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    fake_end(&s);
}
END_TEST

/* ---- what is asked after an interruption ----------------------------------------------------- */

/* A blocking call that ps_close has ended says EINTR on Windows. */
START_TEST(close_is_asked_for_after_a_signal)
{
    ps_sock s, conn;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .during = begin_closing, .context = &s, .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EBADF);
    s.calls = 0;
    expect(SYS_SEND, .during = begin_closing, .context = &s, .result = PS_EINTR);
    ck_assert_code(ps_send(&s, buffer, 100, 0), PS_EBADF);
    s.calls = 0;
    expect(SYS_ACCEPT, .during = begin_closing, .context = &s, .result = PS_EINTR);
    ck_assert_code(ps_accept(&s, &conn, NULL), PS_EBADF);
    s.calls = 0;
    /* And after a wait that said that there was something. */
    fake_timeout(&s, 1);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .during = begin_closing, .context = &s, .result = PS__READABLE);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EBADF);
    s.calls = 0;
    fake_end(&s);
}
END_TEST

static void set_fired(void *token)
{
    (void)atomic_fetch_or(&((ps_cancel *)token)->changes, 1);
}

START_TEST(token_is_asked_for_after_a_signal)
{
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, 1);

    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .during = fire, .context = token, .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_ECANCELED);
    ck_assert_ok(ps_cancel_reset(token));
    expect(SYS_RECV, .during = fire, .context = token, .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_ECANCELED);
    ck_assert_ok(ps_close(&s));
    ps_cancel_close(token);
    fake_done();
}
END_TEST

/* A child of fork that could not make one: the token is looked at from time to time. */
START_TEST(token_without_a_notifier)
{
    ps__notifier notifier;
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, 1);

    notifier = token->notifier;
    token->notifier.wait_handle = PS_INVALID_HANDLE;
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50));
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50),
           .during = set_fired, .context = token);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_ECANCELED);
    ck_assert_ok(ps_close(&s));
    token->notifier = notifier;
    ps_cancel_close(token);
    fake_done();
}
END_TEST

static void pulse(void *token)
{
    ps_cancel_fire(token);
    ck_assert_ok(ps_cancel_reset(token));
}

static void fire_and_take_away(void *sock)
{
    ps_cancel_fire(ps__token(sock));
    ck_assert_ok(ps_setcancel(sock, NULL));
}

/* In blocking mode, too, where the handle does not block for the sake of the deadline. */
START_TEST(signal_in_blocking_mode_with_a_deadline)
{
    ps_sock s;

    with_deadlines(&s, after(SECONDS(1)), PS_NO_TIMEOUT);
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_RECV, .result = 5);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 5);
    fake_end(&s);
}
END_TEST

/* Time, too, is asked for after a signal. */
START_TEST(time_is_asked_for_after_a_signal)
{
    ps_sock s;

    fake_set_clock(SECONDS(100));
    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 1);
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_RECV, .advance = SECONDS(1), .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(&s, 0));
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    fake_end(&s);
}
END_TEST

/* ---- tokens and poll ------------------------------------------------------------------------- */

#define ENTRIES(...)                              \
    .entries = (const fake_entry[]){__VA_ARGS__}, \
    .entry_count = sizeof((const fake_entry[]){__VA_ARGS__}) / sizeof(fake_entry)

/* Sockets that share a token one after the other wait for it once. */
START_TEST(poll_tells_of_tokens)
{
    ps_cancel *token, *own;
    ps_sock s, t;
    ps_pollfd p[2];

    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 1);
    fake_connected(&t, AF_INET, SOCK_STREAM);
    fake_timeout(&t, 1);
    token = fake_token();
    own = fake_token();
    ck_assert_ok(ps_setcancel(&s, token));
    ck_assert_ok(ps_setcancel(&t, token));
    p[0] = (ps_pollfd){&s, POLLIN, 0};
    p[1] = (ps_pollfd){&t, 0, 0};

    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .during = fire, .context = token,
           ENTRIES({1, PS__READABLE, 0}, {2, FAKE_ZERO, 0}, {3, PS__NOTIFIED, PS__NOTIFIED}));
    ck_assert_int_eq(ps_poll(p, 2, 1), 2);
    ck_assert_int_eq(p[0].revents, POLLIN | POLLERR);
    ck_assert_int_eq(p[1].revents, POLLERR);
    /* Fired before. */
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, ENTRIES({1, 0, 0}, {2, 0, 0}, {3, 0, 0}));
    ck_assert_int_eq(ps_poll(p, 2, 1), 2);
    ck_assert_ok(ps_cancel_reset(token));

    /* Reset before this call looks: it was fired. */
    expect(SYS_WAIT, .during = pulse, .context = token,
           ENTRIES({1, 0, 0}, {2, 0, 0}, {3, PS__NOTIFIED, PS__NOTIFIED}));
    expect(SYS_WAIT, .on = 3, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(ps_poll(p, 2, 1), 2);
    ck_assert_int_eq(p[1].revents, POLLERR);
    ck_assert(!ps_cancel_fired(token));
    /* A fire beside a reset, which has left the notification: it counts as the last of the two. */
    expect(SYS_WAIT, .during = pulse, .context = token,
           ENTRIES({1, 0, 0}, {2, 0, 0}, {3, PS__NOTIFIED, PS__NOTIFIED}));
    expect(SYS_WAIT, .on = 3, .nanoseconds = FAKE_AT_ONCE, .result = PS__READABLE);
    ck_assert_int_eq(ps_poll(p, 2, 1), 2);
    ck_assert(ps_cancel_fired(token));
    ck_assert_ok(ps_cancel_reset(token));
    expect(SYS_WAIT, ENTRIES({1, 0, PS__READABLE}, {2, 0, 0}, {3, PS__NOTIFIED, 0}));
    ck_assert_int_eq(ps_poll(p, 2, 1), 1);

    /* Tokens of their own: one is fired. */
    ck_assert_ok(ps_setcancel(&t, own));
    expect(SYS_WAIT, .during = pulse, .context = own,
           ENTRIES({1, 0, 0}, {2, 0, 0}, {3, PS__NOTIFIED, 0}, {4, PS__NOTIFIED, PS__NOTIFIED}));
    expect(SYS_WAIT, .on = 4, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(ps_poll(p, 2, 1), 1);
    ck_assert_int_eq(p[0].revents, 0);

    /* The token that a socket had when the call began counts, not the one that it has got
     * meanwhile. */
    expect(SYS_WAIT, .during = fire_and_take_away, .context = &t,
           ENTRIES({1, 0, 0}, {2, 0, 0}, {3, PS__NOTIFIED, 0}, {4, PS__NOTIFIED, PS__NOTIFIED}));
    ck_assert_int_eq(ps_poll(p, 2, 1), 1);
    ck_assert_int_eq(p[1].revents, POLLERR);
    ck_assert_ok(ps_cancel_reset(own));

    /* One of the call's own. */
    expect(SYS_WAIT, .during = fire, .context = own,
           ENTRIES({1, 0, 0}, {2, 0, 0}, {3, PS__NOTIFIED, 0}, {4, PS__NOTIFIED, PS__NOTIFIED}));
    ck_assert_code(ps_poll_with(p, 2, 1, own), PS_ECANCELED);
    ck_assert_int_eq(p[0].revents, 0);
    ck_assert_code(ps_poll_with(p, 2, 1, own), PS_ECANCELED);
    ck_assert_code(ps_poll_with(NULL, 0, 1, own), PS_ECANCELED);
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_close(&t));
    ps_cancel_close(token);
    ps_cancel_close(own);
    fake_done();
}
END_TEST

/* Above what fits on the stack there is room for the tokens that are there when the call begins. */
static ps_sock many[130];

static void give_a_token(void *token)
{
    ck_assert_ok(ps_setcancel(&many[1], token));
}

START_TEST(poll_of_many_with_tokens)
{
    static ps_pollfd p[130];
    ps_cancel *token, *late, *others[12];

    token = fake_token();
    late = fake_token();
    for (int i = 0; i < 130; i++) {
        fake_connected(&many[i], AF_INET, SOCK_STREAM);
        fake_timeout(&many[i], 1);
        p[i] = (ps_pollfd){&many[i], POLLIN, 0};
    }
    ck_assert_ok(ps_setcancel(&many[0], token));
    fake_during_allocation(give_a_token, late);
    expect(SYS_WAIT, .advance = SECONDS(1));
    ck_assert_int_eq(ps_poll(p, 130, 1), 0);
    p[2].sock = NULL;
    expect(SYS_WAIT, .during = fire, .context = late, .result = PS__READABLE);
    ck_assert_int_eq(ps_poll(p, 130, 1), 2);
    ck_assert_int_eq(p[1].revents, POLLIN | POLLERR);
    /* Many tokens, of which the last few are known again. */
    for (int i = 0; i < 12; i++) {
        others[i] = fake_token();
        ck_assert_ok(ps_setcancel(&many[i], others[i]));
        ck_assert_ok(ps_setcancel(&many[i + 12], others[i]));
    }
    expect(SYS_WAIT, .advance = SECONDS(1));
    ck_assert_int_eq(ps_poll(p, 130, 1), 0);
    for (int i = 0; i < 130; i++)
        ck_assert_ok(ps_close(&many[i]));
    for (int i = 0; i < 12; i++)
        ps_cancel_close(others[i]);
    ps_cancel_close(token);
    ps_cancel_close(late);
    fake_unload();
    fake_done();
}
END_TEST

/* ---- the hook -------------------------------------------------------------------------------- */

static int say_yes(void *context)
{
    ++*(int *)context;
    return 1;
}

static int say_no(void *context)
{
    ++*(int *)context;
    return 0;
}

/* Pairs are kept, and found again: the first few without heap. */
START_TEST(hooks_of_every_kind)
{
    static int counts[40];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 40; i++) {
            ck_assert_ok(ps_set_interrupt(i % 2 ? say_yes : say_no, &counts[i]));
            expect(SYS_WAIT, .result = PS_EINTR);
            if (i % 2 == 0)
                expect(SYS_WAIT, .advance = SECONDS(1));
            ck_assert_code(ps_poll(NULL, 0, 1), i % 2 ? PS_EINTR : 0);
            ck_assert_int_eq(counts[i], round + 1);
        }
    }
    ck_assert_ok(ps_set_interrupt(say_no, &counts[1]));
    fake_fail_allocation(1);
    ck_assert_code(ps_set_interrupt(say_yes, &counts[0]), PS_ENOMEM);
    ck_assert_ok(ps_set_interrupt(NULL, NULL));
    expect(SYS_WAIT, .result = PS_EINTR);
    expect(SYS_WAIT, .advance = SECONDS(1));
    ck_assert_code(ps_poll(NULL, 0, 1), 0);
    fake_keep_memory();
    fake_done();
}
END_TEST

void add_guard_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, deadline_over_many_calls);
    ADD_TEST_CASE(suite, deadline_and_timeout_the_earlier_counts);
    ADD_TEST_CASE(suite, deadline_that_cannot_be_set);
    ADD_TEST_CASE(suite, deadlines_of_all_times);
    ADD_TEST_CASE(suite, deadlines_of_a_stream);
    ADD_TEST_CASE(suite, block_that_another_thread_makes_first);
    ADD_TEST_CASE(suite, block_without_memory);
    ADD_TEST_CASE(suite, mode_that_another_thread_changes);
    ADD_TEST_CASE(suite, mode_that_a_call_needs);
    ADD_TEST_CASE(suite, error_that_does_not_go_away);
    ADD_TEST_CASE(suite, close_is_asked_for_after_a_signal);
    ADD_TEST_CASE(suite, token_is_asked_for_after_a_signal);
    ADD_TEST_CASE(suite, token_without_a_notifier);
    ADD_TEST_CASE(suite, signal_in_blocking_mode_with_a_deadline);
    ADD_TEST_CASE(suite, time_is_asked_for_after_a_signal);
    ADD_TEST_CASE(suite, poll_tells_of_tokens);
    ADD_TEST_CASE(suite, poll_of_many_with_tokens);
    ADD_TEST_CASE(suite, hooks_of_every_kind);
}
