/* The ends of connections: SO_LINGER, and a close that waits for the peer. Servers, which are
 * made of many steps. */
#include "fake.h"

#include "common/socket/gate.h"

#include <limits.h>

/* ---- ps_setlinger, ps_getlinger -------------------------------------------------------------- */

/* OPT-6: in seconds, of a range that every system counts. */
/* Traps: OPT-6. */
START_TEST(linger_is_set_and_read)
{
    struct linger linger = {0};
    bool on = true;
    int seconds = 7;
    ps_sock s, d;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SETSOCKOPT, .level = SOL_SOCKET, .size = sizeof linger);
    ck_assert_ok(ps_setlinger(&s, true, 5));
    expect(SYS_SETSOCKOPT, .level = SOL_SOCKET, .size = sizeof linger, .result = PS_EINVAL);
    ck_assert_code(ps_setlinger(&s, false, -1), PS_EINVAL);
    ck_assert_code(ps_setlinger(&s, true, -1), PS_EINVAL);
    ck_assert_code(ps_setlinger(&s, true, SHRT_MAX + 1), PS_EINVAL);

    expect(SYS_GETSOCKOPT, .level = SOL_SOCKET, .bytes = &linger, .bytes_size = sizeof linger);
    ck_assert_ok(ps_getlinger(&s, &on, &seconds));
    ck_assert(!on);
    ck_assert_int_eq(seconds, 0);
    linger.l_onoff = 1;
    linger.l_linger = 5;
    expect(SYS_GETSOCKOPT, .bytes = &linger, .bytes_size = sizeof linger);
    ck_assert_ok(ps_getlinger(&s, &on, &seconds));
    ck_assert(on);
    ck_assert_int_eq(seconds, 5);
    expect(SYS_GETSOCKOPT, .result = PS_ENOPROTOOPT);
    ck_assert_code(ps_getlinger(&s, &on, &seconds), PS_ENOPROTOOPT);
    ck_assert(!on);
    ck_assert_ok(ps_close(&s));
    ck_assert_code(ps_setlinger(&s, true, 1), PS_EBADF);
    ck_assert_code(ps_getlinger(&s, &on, &seconds), PS_EBADF);

    fake_socket(&d, AF_INET, SOCK_DGRAM);
    ck_assert_code(ps_setlinger(&d, true, 1), PS_ENOPROTOOPT);
    ck_assert_code(ps_getlinger(&d, &on, &seconds), PS_ENOPROTOOPT);
    ck_assert_code(ps_getlinger(&d, NULL, &seconds), PS_EFAULT);
    ck_assert_code(ps_getlinger(&d, &on, NULL), PS_EFAULT);
    ck_assert_code(ps_getlinger(NULL, &on, &seconds), PS_EFAULT);
    ck_assert_code(ps_setlinger(NULL, true, 1), PS_EFAULT);
    fake_end(&d);
}
END_TEST

/* ---- ps_close_gracefully --------------------------------------------------------------------- */

/* SND-18: what the peer still sends is read, within one deadline, so that no reset destroys what
 * was sent to it. */
/* Traps: SND-18. */
START_TEST(close_gracefully_reads_to_the_end)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN, .value = SHUT_WR);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_RECV, .result = 100);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(2), .advance = SECONDS(1), .result = PS__READABLE);
    expect(SYS_RECV, .result = 100);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .result = PS__READABLE);
    expect(SYS_RECV, .result = 0);
    expect(SYS_CLOSE, .on = 1);
    ck_assert_ok(ps_close_gracefully(&s, 2));
    ck_assert(s.handle == PS_INVALID_HANDLE);
    fake_done();

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN);
    expect(SYS_RECV, .result = 0);
    ck_assert_ok(ps_close_gracefully(&s, PS_NO_TIMEOUT));
    fake_done();
}
END_TEST

/* The socket is closed whatever happens. */
/* Traps: SND-17. */
START_TEST(close_gracefully_that_fails)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_RECV, .advance = SECONDS(2), .result = 100);
    ck_assert_code(ps_close_gracefully(&s, 2), PS_TIMED_OUT);
    fake_done();

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_close_gracefully(&s, 0), PS_TIMED_OUT);
    fake_done();

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN);
    expect(SYS_SET_NONBLOCKING, .result = PS_ENOBUFS);
    ck_assert_code(ps_close_gracefully(&s, 2), PS_ENOBUFS);
    fake_done();

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN);
    expect(SYS_SET_NONBLOCKING);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(ps_close_gracefully(&s, 2), PS_ECONNRESET);
    fake_done();

    /* SND-17: there is no connection any more. */
    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN, .result = PS_ENOTCONN);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_RECV, .result = PS_ENOTCONN);
    ck_assert_ok(ps_close_gracefully(&s, 2));
    fake_done();

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    ck_assert_code(ps_close_gracefully(&s, -1), PS_BAD_TIMEOUT);
    ck_assert_ok(ps_close_gracefully(&s, 2));
    ck_assert_ok(ps_close_gracefully(&s, 2));
    ck_assert_code(ps_close_gracefully(NULL, 2), PS_EFAULT);
    fake_done();
}
END_TEST

static void begin_to_close(void *s)
{
    fake_begin_closing(s);
}

/* Another call does not end. */
START_TEST(graceful_close_beside_a_call_that_stays)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert(ps__enter(&s));
    expect(SYS_SHUTDOWN);
    expect(SYS_SET_NONBLOCKING);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = SECONDS(10), .result = 0);
    ck_assert_code(ps_close_gracefully(&s, 2), PS_TIMED_OUT);
    ck_assert_int_eq(s.calls, 1);
    (void)ps__leave(&s);
    fake_end(&s);
}
END_TEST

/* Another thread closes the socket: it is that thread's from then on. */
START_TEST(graceful_close_of_a_socket_that_is_being_closed)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    begin_to_close(&s);
    ck_assert_code(ps_close_gracefully(&s, 2), PS_EBADF);
    ck_assert_int_eq(s.calls, -PS__CLOSING);
    s.calls = 0;

    expect(SYS_SHUTDOWN);
    expect(SYS_SET_NONBLOCKING);
    expect(SYS_RECV, .result = 0, .during = begin_to_close, .context = &s);
    ck_assert_code(ps_close_gracefully(&s, 2), PS_EBADF);
    ck_assert_int_eq(s.calls, -PS__CLOSING);
    ck_assert(ps_fileno(&s) != PS_INVALID_HANDLE);
    s.calls = 0;
    fake_end(&s);

    /* It had ended before. */
    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN, .during = begin_to_close, .context = &s);
    ck_assert_ok(ps_close_gracefully(&s, 2));
    s.calls = 0;
    fake_end(&s);
}
END_TEST

/* ---- ps_create_server ------------------------------------------------------------------------ */

/* The steps of a server, of which the one numbered `failing` gives `code`, and no other follows.
 * Returns how many there are. */
static int server_steps(int failing, int code)
{
    const fake_step steps[] = {
        {.call = SYS_SOCKET, .family = AF_INET6},
        {.call = SYS_SETSOCKOPT, .level = IPPROTO_IPV6, .name = IPV6_V6ONLY, .value = FAKE_ZERO},
        {.call = SYS_SOCKET, .family = AF_INET6, .type = SOCK_STREAM},
        {.call = SYS_SETSOCKOPT, .level = SOL_SOCKET, .name = SO_REUSEADDR, .value = 1},
        {.call = SYS_SETSOCKOPT, .level = IPPROTO_IPV6, .name = IPV6_V6ONLY, .value = FAKE_ZERO},
        {.call = SYS_BIND, .to = "[::]:80"},
        {.call = SYS_LISTEN, .value = 128},
    };
    const int count = sizeof steps / sizeof steps[0];

    for (int i = 0; i < count && i <= failing; i++) {
        fake_step step = steps[i];

        step.file = __FILE__;
        step.line = i + 1;
        if (i == failing)
            step.result = code;
        fake_expect(&step);
    }
    return count;
}

START_TEST(server_of_which_a_step_fails)
{
    ps_addr a = fake_address("[::]:80");
    const int count = server_steps(-1, 0);
    ps_sock s;

    for (int i = 0; i < count; i++) {
        server_steps(i, PS_ENOMEM);
        ck_assert_code(ps_create_server(&s, &a, -1, false, true),
                       i < 2 ? PS_EOPNOTSUPP : PS_ENOMEM);
        ck_assert(s.handle == PS_INVALID_HANDLE);
        fake_done();
    }
    server_steps(INT_MAX, 0);
    ck_assert_ok(ps_create_server(&s, &a, -1, false, true));
    fake_end(&s);
}
END_TEST

START_TEST(server_of_other_kinds)
{
    ps_addr a = fake_address("127.0.0.1:80");
    ps_addr u = fake_address("unix:/a");
    ps_addr none = {.len = 0};
    ps_sock s;

    expect(SYS_SOCKET, .family = AF_INET);
    expect(SYS_SETSOCKOPT, .name = SO_REUSEADDR);
    expect(SYS_BIND);
    expect(SYS_LISTEN, .value = 5);
    ck_assert_ok(ps_create_server(&s, &a, 5, false, false));
    ck_assert_ok(ps_close(&s));

    expect(SYS_SOCKET, .family = AF_INET);
    expect(SYS_SETSOCKOPT, .name = SO_REUSEADDR, .result = PS_EINVAL);
    ck_assert_code(ps_create_server(&s, &a, 5, true, false), PS_EINVAL);

    expect(SYS_SOCKET, .family = AF_UNIX);
    expect(SYS_BIND, .to = "unix:/a");
    expect(SYS_LISTEN, .value = FAKE_ZERO);
    ck_assert_ok(ps_create_server(&s, &u, 0, false, false));
    ck_assert_ok(ps_close(&s));

    ck_assert_code(ps_create_server(&s, &a, 5, false, true), PS_BAD_FAMILY);
    ck_assert_code(ps_create_server(&s, &none, 5, false, false), PS_EDESTADDRREQ);
    ck_assert_code(ps_create_server(&s, NULL, 5, false, false), PS_EFAULT);
    ck_assert_code(ps_create_server(NULL, &a, 5, false, false), PS_EFAULT);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    fake_done();
}
END_TEST

void add_ending_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, linger_is_set_and_read);
    ADD_TEST_CASE(suite, close_gracefully_reads_to_the_end);
    ADD_TEST_CASE(suite, close_gracefully_that_fails);
    ADD_TEST_CASE(suite, graceful_close_beside_a_call_that_stays);
    ADD_TEST_CASE(suite, graceful_close_of_a_socket_that_is_being_closed);
    ADD_TEST_CASE(suite, server_of_which_a_step_fails);
    ADD_TEST_CASE(suite, server_of_other_kinds);
}
