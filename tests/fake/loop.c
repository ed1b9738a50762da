/* The one loop that waits, retries and keeps the deadline: signals, false readiness, the edges
 * of time. */
#include "fake.h"

static char buffer[100];

static void connected(ps_sock *s, double timeout)
{
    fake_connected(s, AF_INET, SOCK_STREAM);
    if (timeout != PS_NO_TIMEOUT)
        fake_timeout(s, timeout);
}

/* ---- signals --------------------------------------------------------------------------------- */

/* TMO-9: a signal ends no call. */
/* Traps: TMO-9. */
START_TEST(storm_of_signals_in_a_blocking_call)
{
    ps_sock s;

    connected(&s, PS_NO_TIMEOUT);
    expect(SYS_RECV, .size = 100, .times = 10000, .result = PS_EINTR);
    expect(SYS_RECV, .size = 100, .result = 5, .data = "hello");
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 5);
    expect(SYS_SEND, .size = 100, .times = 10000, .result = PS_EINTR);
    expect(SYS_SEND, .size = 100, .result = 100);
    ck_assert_int_eq(ps_send(&s, buffer, 100, 0), 100);
    ck_assert_uint_eq(fake_clock_reads(), 0);
    fake_end(&s);
}
END_TEST

/* TMO-9: each wait has what is left of the time, so a storm cannot make it longer. */
/* Traps: TMO-9. */
START_TEST(storm_of_signals_uses_time_up)
{
    ps_sock s;
    int64_t begin = fake_clock();

    connected(&s, 1);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    for (int i = 0; i < 400; i++)
        expect(SYS_WAIT, .on = 1, .events = PS__READABLE,
               .nanoseconds = SECONDS(1) - i * (int64_t)2500000, .advance = 2500000,
               .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    ck_assert_int_eq(fake_clock() - begin, SECONDS(1));
    fake_end(&s);
}
END_TEST

START_TEST(signals_between_wait_and_data_lose_nothing)
{
    ps_sock s;

    connected(&s, 1);
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(1), .result = PS_EINTR);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(999), .result = PS__READABLE);
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_RECV, .result = 3, .data = "abc");
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 3);
    ck_assert_mem_eq(buffer, "abc", 3);
    fake_end(&s);
}
END_TEST

/* Says no until it has been asked often enough. */
static int asked;

static int end_the_third(void *context)
{
    ck_assert_ptr_eq(context, &asked);
    return ++asked == 3;
}

START_TEST(hook_ends_a_call_that_signals_interrupt)
{
    ps_sock s;

    connected(&s, PS_NO_TIMEOUT);
    ps_set_interrupt(end_the_third, &asked);
    expect(SYS_RECV, .times = 3, .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EINTR);
    ck_assert_int_eq(asked, 3);

    asked = 0;
    fake_timeout(&s, 1);
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .times = 2, .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EINTR);
    ck_assert_int_eq(asked, 3);

    /* Without a hook calls go on again; and another thread may hold the hook's lock for a
     * moment. */
    fake_contend(3);
    ps_set_interrupt(NULL, NULL);
    expect(SYS_RECV, .times = 5, .result = PS_EINTR);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    ck_assert_int_eq(asked, 3);
    fake_end(&s);
}
END_TEST

/* ---- readiness ------------------------------------------------------------------------------- */

/* TMO-10: readiness is a hint; another thread, or a bad checksum, may have taken what was there. */
/* Traps: TMO-10. */
START_TEST(false_readiness_waits_on_with_what_is_left)
{
    ps_sock s;

    connected(&s, 1);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    for (int i = 0; i < 100; i++) {
        expect(SYS_WAIT, .events = PS__READABLE, .nanoseconds = SECONDS(1) - i * MILLISECONDS(10),
               .advance = MILLISECONDS(10), .result = PS__READABLE);
        expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    }
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    fake_end(&s);
}
END_TEST

START_TEST(data_after_the_deadline_still_counts_when_it_is_there)
{
    ps_sock s;

    connected(&s, 1);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(5), .result = PS__READABLE);
    expect(SYS_RECV, .result = 7);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 7);
    fake_end(&s);
}
END_TEST

START_TEST(non_blocking_call_never_waits)
{
    ps_sock s;

    connected(&s, 0);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EWOULDBLOCK);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_send(&s, buffer, 100, 0), PS_EWOULDBLOCK);
    expect(SYS_SEND, .result = PS_EINTR);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_send(&s, buffer, 100, 0), PS_EWOULDBLOCK);
    ck_assert_uint_eq(fake_clock_reads(), 0);
    fake_end(&s);
}
END_TEST

START_TEST(wait_that_fails_ends_the_call)
{
    ps_sock s;

    connected(&s, 1);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .result = PS_ENOMEM);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_ENOMEM);
    fake_end(&s);
}
END_TEST

/* ---- blocking mode, in which a system says "would block" ------------------------------------- */

/* TMO-6, SND-5: the system's own SO_RCVTIMEO and SO_SNDTIMEO are the program's, and end its
 * call. */
/* Traps: SND-5 TMO-6. */
START_TEST(native_timeout_ends_a_blocking_call)
{
    ps_sock s;

    connected(&s, PS_NO_TIMEOUT);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE, .limit = SECONDS(1));
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EWOULDBLOCK);

    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__WRITABLE, .limit = 1);
    ck_assert_code(ps_send(&s, buffer, 100, 0), PS_EWOULDBLOCK);

    /* The handle may be another socket's, too, and have its mode: then the time begins now. */
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE, .limit = SECONDS(1));
    expect(SYS_BLOCKS, .result = false);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EWOULDBLOCK);

    /* Without such a time somebody else has made the handle non-blocking, and the call waits all
     * the same. */
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE);
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .advance = SECONDS(100000),
           .result = PS__READABLE);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    fake_end(&s);
}
END_TEST

/* Set through the library it makes the handle non-blocking, and is one deadline, which no signal
 * prolongs. */
START_TEST(own_timeout_is_one_deadline)
{
    static const int events[] = {PS__READABLE, PS__WRITABLE};
    const struct timeval second = {1, 0}, none = {0, 0};
    /* Longer than can be counted; a system whose seconds have 32 bits knows no such time. */
    const struct timeval ages = {sizeof none.tv_sec > 4 ? LONG_MAX : 0, 0};
    ps_sock s;

    connected(&s, PS_NO_TIMEOUT);
    expect(SYS_SET_SO_TIMEOUT, .events = PS__READABLE, .nanoseconds = SECONDS(1));
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second));
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE, .limit = SECONDS(1));
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(700), .result = PS_EINTR);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(300), .advance = MILLISECONDS(300),
           .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EWOULDBLOCK);

    /* Both are as they are set; the handle blocks again when there is neither. */
    for (int i = 0; i < 2; i++) {
        int name = i == 0 ? SO_RCVTIMEO : SO_SNDTIMEO;

        expect(SYS_SET_SO_TIMEOUT, .events = events[i], .nanoseconds = MILLISECONDS(5));
        ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, name, 5));
        expect(SYS_SET_SO_TIMEOUT, .events = events[i], .nanoseconds = PS__FOREVER,
               .result = PS_ENOBUFS);
        ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, name, 0), PS_ENOBUFS);
        expect(SYS_SET_SO_TIMEOUT, .events = events[i], .nanoseconds = PS__FOREVER);
        expect(SYS_SO_TIMEOUT, .events = PS__READABLE, .limit = i == 0 ? MILLISECONDS(5) : 0);
        if (i == 1) {
            expect(SYS_SO_TIMEOUT, .events = PS__WRITABLE, .limit = MILLISECONDS(5));
        }
        ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, name, &none, sizeof none));
    }
    /* Another thread sets the one while this one takes the other away. */
    expect(SYS_SET_SO_TIMEOUT, .events = PS__READABLE, .nanoseconds = PS__FOREVER);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE);
    expect(SYS_SO_TIMEOUT, .events = PS__WRITABLE);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE);
    expect(SYS_SO_TIMEOUT, .events = PS__WRITABLE, .limit = MILLISECONDS(5));
    ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none));

    expect(SYS_SET_SO_TIMEOUT, .events = PS__READABLE, .nanoseconds = PS__FOREVER);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, SO_RCVTIMEO, &ages, sizeof ages));
    fake_end(&s);
}
END_TEST

/* Behind the library's back, on a handle that blocks, a signal makes the system begin again. */
START_TEST(own_timeout_behind_the_back_under_signals)
{
    ps_sock s;

    connected(&s, PS_NO_TIMEOUT);
    expect(SYS_RECV, .advance = MILLISECONDS(900), .result = PS_EINTR);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE, .limit = SECONDS(1));
    expect(SYS_RECV, .advance = MILLISECONDS(900), .result = PS_EINTR);
    expect(SYS_RECV, .advance = MILLISECONDS(100), .result = PS_EINTR);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EWOULDBLOCK);
    /* A system that cannot tell has none. */
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_SO_TIMEOUT, .result = PS_ENOPROTOOPT);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    fake_end(&s);
}
END_TEST

START_TEST(own_timeout_that_the_system_does_not_tell)
{
    struct timeval time;
    size_t size = sizeof time;
    uint32_t word;
    int value;
    ps_sock s;

    connected(&s, PS_NO_TIMEOUT);
    expect(SYS_SO_TIMEOUT, .result = PS_ENOPROTOOPT);
    ck_assert_code(ps_getsockopt(&s, SOL_SOCKET, SO_RCVTIMEO, &time, &size), PS_ENOPROTOOPT);
    /* What the system rounds is rounded up. */
    expect(SYS_SO_TIMEOUT, .limit = SECONDS(5) + 1);
    size = sizeof time;
    ck_assert_ok(ps_getsockopt(&s, SOL_SOCKET, SO_RCVTIMEO, &time, &size));
    ck_assert_int_eq((long)time.tv_sec, 5);
    ck_assert_int_eq((long)time.tv_usec, 1);
    expect(SYS_SO_TIMEOUT, .limit = SECONDS(5) + 1);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_RCVTIMEO, &value));
    ck_assert_int_eq(value, 5001);
    /* What does not fit is the longest there is. */
    expect(SYS_SO_TIMEOUT, .limit = SECONDS(9000000000));
    size = sizeof word;
    ck_assert_ok(ps_getsockopt(&s, SOL_SOCKET, SO_SNDTIMEO, &word, &size));
    ck_assert_uint_eq(word, UINT32_MAX);
    expect(SYS_SO_TIMEOUT, .limit = SECONDS(9000000000));
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_SNDTIMEO, &value));
    ck_assert_int_eq(value, INT_MAX);
    fake_end(&s);
}
END_TEST

/* For connect and accept, too; a connection has its listener's. */
START_TEST(own_timeout_of_connections)
{
    const struct timeval second = {1, 0};
    ps_addr to = fake_address("192.0.2.1:7");
    ps_sock s, server;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_SO_TIMEOUT, .events = PS__WRITABLE, .nanoseconds = SECONDS(1));
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second));
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    expect(SYS_SO_TIMEOUT, .events = PS__CONNECTED, .limit = SECONDS(1));
    expect(SYS_WAIT, .events = PS__CONNECTED, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_connect(&s, &to), PS_EINPROGRESS);
    fake_end(&s);

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_SO_TIMEOUT, .events = PS__READABLE, .nanoseconds = SECONDS(1));
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second));
    expect(SYS_ACCEPT, .mode = FAKE_NONBLOCKING, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE, .limit = SECONDS(1));
    expect(SYS_WAIT, .events = PS__READABLE, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_accept(&s, &server, NULL), PS_EWOULDBLOCK);
    expect(SYS_ACCEPT, .mode = FAKE_NONBLOCKING);
    expect(SYS_SO_TIMEOUT, .on = 1, .events = PS__READABLE, .limit = SECONDS(1));
    expect(SYS_SET_SO_TIMEOUT, .on = 2, .events = PS__READABLE, .nanoseconds = SECONDS(1));
    expect(SYS_SO_TIMEOUT, .on = 1, .events = PS__WRITABLE, .result = PS_ENOPROTOOPT);
    ck_assert_ok(ps_accept(&s, &server, NULL));
    expect(SYS_RECV, .on = 2, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .on = 2, .events = PS__READABLE, .limit = SECONDS(1));
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_code(ps_recv(&server, buffer, 100, 0), PS_EWOULDBLOCK);
    ck_assert_ok(ps_close(&server));
    fake_end(&s);
}
END_TEST

/* ---- the edges of time ----------------------------------------------------------------------- */

/* A receive that nothing comes for, with a timeout whose wait is `first` nanoseconds and takes
 * just as long. */
static void times_out(double timeout, int64_t first)
{
    ps_sock s;

    connected(&s, timeout);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = first, .advance = first, .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    fake_end(&s);
}

/* TMO-7: rounded up, never to nothing. */
/* Traps: TMO-7. */
START_TEST(shortest_timeouts)
{
    times_out(1e-9, 1);
    times_out(1e-12, 1);
    times_out(5e-324, 1);
    times_out(1.1e-9, 2);
    times_out(0.25, MILLISECONDS(250));
}
END_TEST

/* A system counts in milliseconds, and may say that time is over when it is not. */
/* Traps: TMO-7. */
START_TEST(wait_that_ends_early_goes_on)
{
    ps_sock s;

    connected(&s, 0.0025);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = 2500000, .advance = MILLISECONDS(2), .result = 0);
    expect(SYS_WAIT, .nanoseconds = 500000, .advance = 499999, .result = 0);
    expect(SYS_WAIT, .nanoseconds = 1, .result = 0);
    expect(SYS_WAIT, .nanoseconds = 1, .advance = 1, .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    fake_end(&s);
}
END_TEST

START_TEST(wait_that_ends_late_is_over)
{
    ps_sock s;

    connected(&s, 0.0025);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = 2500000, .advance = SECONDS(3600), .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    fake_end(&s);
}
END_TEST

/* TMO-7: what the clock cannot count is no limit. */
/* Traps: TMO-7. */
START_TEST(longest_timeouts)
{
    static const double endless[] = {9.3e9, 1e10, 1e300, 1.7976931348623157e308};

    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        ps_sock s;

        connected(&s, endless[i]);
        expect(SYS_RECV, .result = PS_EWOULDBLOCK);
        expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .advance = SECONDS(86400), .result = 0);
        expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .result = PS__READABLE);
        expect(SYS_RECV, .result = 1);
        ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
        fake_end(&s);
    }
    times_out(9e9, SECONDS(9000000000));
}
END_TEST

/* A deadline beyond the end of the clock is none; the first wait has the whole timeout all the
 * same. */
/* Traps: TMO-7. */
START_TEST(clock_at_its_end)
{
    ps_sock s;

    fake_set_clock(INT64_MAX - SECONDS(1));
    connected(&s, 2);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(2), .result = 0);
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .result = PS__READABLE);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    fake_end(&s);

    fake_set_clock(INT64_MAX - SECONDS(3));
    times_out(2, SECONDS(2));
}
END_TEST

START_TEST(clock_below_zero)
{
    fake_set_clock(-MILLISECONDS(500));
    times_out(1, SECONDS(1));
    fake_set_clock(INT64_MIN + 1);
    times_out(1, SECONDS(1));
}
END_TEST

START_TEST(clock_steps)
{
    ps_sock s;

    connected(&s, 1);
    /* Forward, far beyond the deadline, while there is something to do. */
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1000000),
           .result = PS__READABLE);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);

    /* Back, which no backend's clock does: the call waits longer, and nothing overflows. */
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = -SECONDS(100), .result = 0);
    expect(SYS_WAIT, .nanoseconds = SECONDS(101), .advance = SECONDS(101), .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_TIMED_OUT);
    fake_end(&s);
}
END_TEST

/* The fast path asks for no time; the first wait starts the clock. */
START_TEST(clock_is_read_for_a_wait_only)
{
    ps_sock s;

    connected(&s, 1);
    expect(SYS_RECV, .times = 50, .result = 1);
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    ck_assert_uint_eq(fake_clock_reads(), 0);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .result = PS__READABLE);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    ck_assert_uint_eq(fake_clock_reads(), 1);
    fake_end(&s);
}
END_TEST

START_TEST(timeouts_that_are_none)
{
    ps_sock s;

    connected(&s, PS_NO_TIMEOUT);
    ck_assert_code(ps_settimeout(&s, -1), PS_BAD_TIMEOUT);
    ck_assert_code(ps_settimeout(&s, -5e-324), PS_BAD_TIMEOUT);
    ck_assert_code(ps_settimeout(&s, (double)NAN), PS_BAD_TIMEOUT);
    ck_assert_code(ps_settimeout(&s, -(double)INFINITY), PS_BAD_TIMEOUT);
    ck_assert_code(ps_setdefaulttimeout(-1), PS_BAD_TIMEOUT);
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);

    /* The system's refusal changes nothing. */
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON, .result = PS_ENOTSOCK);
    ck_assert_code(ps_settimeout(&s, 1), PS_ENOTSOCK);
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    fake_timeout(&s, -0.0);
    ck_assert_double_eq(ps_gettimeout(&s), 0);
    fake_end(&s);
}
END_TEST

void add_loop_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, storm_of_signals_in_a_blocking_call);
    ADD_TEST_CASE(suite, storm_of_signals_uses_time_up);
    ADD_TEST_CASE(suite, signals_between_wait_and_data_lose_nothing);
    ADD_TEST_CASE(suite, hook_ends_a_call_that_signals_interrupt);
    ADD_TEST_CASE(suite, false_readiness_waits_on_with_what_is_left);
    ADD_TEST_CASE(suite, data_after_the_deadline_still_counts_when_it_is_there);
    ADD_TEST_CASE(suite, non_blocking_call_never_waits);
    ADD_TEST_CASE(suite, wait_that_fails_ends_the_call);
    ADD_TEST_CASE(suite, native_timeout_ends_a_blocking_call);
    ADD_TEST_CASE(suite, own_timeout_is_one_deadline);
    ADD_TEST_CASE(suite, own_timeout_behind_the_back_under_signals);
    ADD_TEST_CASE(suite, own_timeout_that_the_system_does_not_tell);
    ADD_TEST_CASE(suite, own_timeout_of_connections);
    ADD_TEST_CASE(suite, shortest_timeouts);
    ADD_TEST_CASE(suite, wait_that_ends_early_goes_on);
    ADD_TEST_CASE(suite, wait_that_ends_late_is_over);
    ADD_TEST_CASE(suite, longest_timeouts);
    ADD_TEST_CASE(suite, clock_at_its_end);
    ADD_TEST_CASE(suite, clock_below_zero);
    ADD_TEST_CASE(suite, clock_steps);
    ADD_TEST_CASE(suite, clock_is_read_for_a_wait_only);
    ADD_TEST_CASE(suite, timeouts_that_are_none);
}
