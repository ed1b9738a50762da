/* ps_close while calls are in flight. Another thread's call is a number here: ps__enter and
 * ps__leave are what it does. */
#include "fake.h"

#include "common/socket/gate.h"
#include "common/socket/socket.h"

static char buffer[100];

/* A call that begins on it is about to leave. */
START_TEST(close_of_a_closed_socket)
{
    ps_sock s = PS_SOCK_INIT;

    ck_assert(ps__enter(&s));
    ck_assert_ok(ps_close(&s));
    ck_assert_int_eq(s.calls, 1);
    ck_assert(!ps__leave(&s));
    ck_assert_code(ps_close_gracefully(&s, 1), 0);
    ck_assert_int_eq(s.calls, 0);
    fake_done();
}
END_TEST

static void enter(ps_sock *s)
{
    ck_assert(ps__enter(s));
}

static void leave(void *s)
{
    ck_assert(ps__leave(s));
}

/* Another thread begins to close the socket, */
static void begin_closing(void *s)
{
    fake_begin_closing(s);
}

/* and it is as if it had not. */
static void end_closing(ps_sock *s)
{
    ck_assert_int_eq(s->calls, -PS__CLOSING);
    s->calls = 0;
}

/* ---- the thread that closes ------------------------------------------------------------------ */

/* THR-1, THR-5: those in flight are ended, again and again, and the handle is given back when
 * the last has left. */
/* Traps: THR-1 THR-5. */
START_TEST(close_waits_for_calls_in_flight)
{
    static const int64_t pauses[] = {100000,  200000,  400000,   800000,  1600000,
                                     3200000, 6400000, 12800000, 12800000};
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    enter(&s);
    enter(&s);
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .wake = FAKE_NO_HANDLE, .nanoseconds = pauses[i],
               .during = i == 3 || i == 8 ? leave : NULL, .context = &s, .result = 0);
        if (i < 8)
            expect(SYS_WAKE, .on = 1);
    }
    expect(SYS_CLOSE, .on = 1);
    fake_contend(2);
    ck_assert_ok(ps_close(&s));
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_int_eq(s.calls, 0);
    fake_done();
}
END_TEST

/* Where nothing ends a wait, the waits are short and look by themselves. */
START_TEST(close_where_waits_cannot_be_ended)
{
    ps_sock s;

    fake_set_reach(PS__WAKES_CALLS | PS__WAKES_CONNECT);
    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 1);
    enter(&s);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .result = 0);
    expect(SYS_WAKE, .on = 1);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .during = leave, .context = &s, .result = 0);
    ck_assert_ok(ps_close(&s));
    fake_done();

    /* Where nothing can be ended, nothing is tried. */
    fake_set_reach(0);
    fake_connected(&s, AF_UNIX, SOCK_STREAM);
    fake_timeout(&s, 1);
    enter(&s);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .result = 0);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .during = leave, .context = &s, .result = 0);
    ck_assert_ok(ps_close(&s));
    fake_done();
    fake_set_reach(PS__WAKES_CALLS | PS__WAKES_CONNECT);

    /* A call that blocks in the system is ended there. */
    fake_connected(&s, AF_INET, SOCK_STREAM);
    enter(&s);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .result = 0);
    expect(SYS_WAKE, .on = 1, .during = leave, .context = &s);
    ck_assert_ok(ps_close(&s));
    fake_done();
}
END_TEST

START_TEST(close_beside_another_close)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    begin_closing(&s);
    ck_assert_ok(ps_close(&s));
    end_closing(&s);
    fake_end(&s);
}
END_TEST

/* ---- the calls ------------------------------------------------------------------------------- */

/* No call begins while the socket is being closed. */
START_TEST(calls_that_come_too_late)
{
    ps_addr a = fake_address("127.0.0.1:1");
    ps_credentials who;
    ps_handle fds[1];
    ps_cancel *token;
    ps_file *f;
    ps_sock s, t;
    size_t size = sizeof buffer, sent = 7;
    int value = 7, flags = 7;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    token = fake_token();
    begin_closing(&s);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EBADF);
    ck_assert_code(ps_recvfrom(&s, buffer, 1, 0, &a), PS_EBADF);
    ck_assert(a.len == 0);
    ck_assert_code(ps_recvfrom(&s, buffer, 1, 0, NULL), PS_EBADF);
    ck_assert_code(ps_send(&s, buffer, 1, 0), PS_EBADF);
    ck_assert_code(ps_sendall(&s, buffer, 1, 0, &sent), PS_EBADF);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_sendto(&s, buffer, 1, 0, &a), PS_EBADF);
    ck_assert_code(ps_sendmsg(&s, NULL, 0, NULL, 0, 0, NULL), PS_EBADF);
    size = 3;
    ck_assert_code(ps_recvmsg(&s, NULL, 0, NULL, &size, NULL, 0, &flags, NULL), PS_EBADF);
    ck_assert_uint_eq(size, 0);
    ck_assert_int_eq(flags, 0);
    ck_assert_code(ps_recvmsg(&s, NULL, 0, NULL, NULL, NULL, 0, NULL, &a), PS_EBADF);
    size = 1;
    ck_assert_code(ps_recv_fds(&s, buffer, 1, fds, &size, NULL), PS_EBADF);
    ck_assert_code(ps_send_fds(&s, buffer, 1, fds, 1, 0), PS_EBADF);
    ck_assert_code(ps_accept(&s, &t, NULL), PS_EBADF);
    ck_assert_code(ps_connect(&s, &a), PS_EBADF);
    ck_assert_code(ps_bind(&s, &a), PS_EBADF);
    ck_assert_code(ps_listen(&s, 1), PS_EBADF);
    ck_assert_code(ps_shutdown(&s, SHUT_RD), PS_EBADF);
    ck_assert_code(ps_getsockname(&s, &a), PS_EBADF);
    ck_assert_code(ps_getpeername(&s, &a), PS_EBADF);
    size = 1;
    ck_assert_code(ps_getsockopt(&s, SOL_SOCKET, SO_TYPE, buffer, &size), PS_EBADF);
    ck_assert_code(ps_getsockopt_int(&s, SOL_SOCKET, SO_TYPE, &value), PS_EBADF);
    ck_assert_code(ps_setsockopt(&s, SOL_SOCKET, SO_KEEPALIVE, buffer, 1), PS_EBADF);
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, 1), PS_EBADF);
    ck_assert_code(ps_ioctl(&s, 1, 1), PS_EBADF);
    ck_assert_code(ps_ioctl_keepalive(&s, true, 1, 1), PS_EBADF);
    ck_assert_code(ps_settimeout(&s, 1), PS_EBADF);
    ck_assert_code(ps_setcancel(&s, token), PS_EBADF);
    ck_assert_code(ps_set_inheritable(&s, true), PS_EBADF);
    ck_assert_code(ps_getpeercred(&s, &who), PS_EBADF);
    ck_assert_code(ps_share(&s, 1, buffer, &size), PS_EBADF);
    ck_assert_code(ps_share(&s, 1, buffer, NULL), PS_EBADF);
    ck_assert_code(ps_makefile(&f, &s, "r", -1), PS_EBADF);
    end_closing(&s);
    ps_cancel_close(token);
    fake_end(&s);
}
END_TEST

/* What the system says of a call that was ended is of no matter; what it has done counts. */
/* Traps: THR-1. */
START_TEST(calls_that_are_ended_by_a_close)
{
    static const ptrdiff_t answers[] = {0, PS_EINVAL, PS_ECANCELED, PS_ECONNABORTED, PS_EBADF};
    ps_buffer one = {buffer, 1};
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        expect(SYS_RECV, .during = begin_closing, .context = &s, .result = answers[i]);
        ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EBADF);
        end_closing(&s);
        expect(SYS_RECVMSG, .during = begin_closing, .context = &s, .result = answers[i]);
        ck_assert_code(ps_recvmsg(&s, &one, 1, NULL, NULL, NULL, 0, NULL, NULL), PS_EBADF);
        end_closing(&s);
        if (answers[i] == 0)
            continue;
        expect(SYS_SEND, .during = begin_closing, .context = &s, .result = answers[i]);
        ck_assert_code(ps_send(&s, buffer, 1, 0), PS_EBADF);
        end_closing(&s);
        expect(SYS_SENDMSG, .during = begin_closing, .context = &s, .result = answers[i]);
        ck_assert_code(ps_sendmsg(&s, &one, 1, NULL, 0, 0, NULL), PS_EBADF);
        end_closing(&s);
        expect(SYS_SETSOCKOPT, .during = begin_closing, .context = &s, .result = answers[i]);
        ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, 1), PS_EBADF);
        end_closing(&s);
    }
    expect(SYS_SETSOCKOPT, .during = begin_closing, .context = &s, .result = 0);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, 1));
    end_closing(&s);
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_RECV, .during = begin_closing, .context = &s, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 1, 0), 1);
    end_closing(&s);
    expect(SYS_SEND, .result = PS_EINTR);
    expect(SYS_SEND, .during = begin_closing, .context = &s, .result = 1);
    ck_assert_int_eq(ps_send(&s, buffer, 1, 0), 1);
    end_closing(&s);
    expect(SYS_RECV, .during = begin_closing, .context = &s, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 1, 0), 1);
    end_closing(&s);
    expect(SYS_SEND, .during = begin_closing, .context = &s, .result = 1);
    ck_assert_int_eq(ps_send(&s, buffer, 1, 0), 1);
    end_closing(&s);
    expect(SYS_SENDMSG, .during = begin_closing, .context = &s, .result = 1);
    ck_assert_int_eq(ps_sendmsg(&s, &one, 1, NULL, 0, 0, NULL), 1);
    end_closing(&s);
    expect(SYS_RECVMSG, .during = begin_closing, .context = &s, .result = 1);
    ck_assert_int_eq(ps_recvmsg(&s, &one, 1, NULL, NULL, NULL, 0, NULL, NULL), 1);
    end_closing(&s);
    fake_end(&s);
}
END_TEST

/* A call that waits sees the close when its wait is over, or is cut in slices where nothing ends
 * it. */
START_TEST(waits_that_are_ended_by_a_close)
{
    ps_sock s;
    size_t sent;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 10);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(10), .during = begin_closing, .context = &s,
           .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EBADF);
    end_closing(&s);

    fake_set_reach(PS__WAKES_CALLS);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50), .result = 0);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(9910), .result = 0);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(40), .during = begin_closing, .context = &s,
           .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EBADF);
    end_closing(&s);

    expect(SYS_SEND, .size = 100, .result = 10);
    expect(SYS_SEND, .size = 90, .during = begin_closing, .context = &s, .result = 10);
    ck_assert_code(ps_sendall(&s, buffer, 100, 0, &sent), PS_EBADF);
    ck_assert_uint_eq(sent, 20);
    end_closing(&s);
    fake_end(&s);
}
END_TEST

/* ---- modes of handles ------------------------------------------------------------------------ */

/* Where only connects end by themselves, the handle blocks for one, and not for what else the
 * socket does. */
START_TEST(connect_blocks_where_it_ends_by_itself)
{
    ps_addr a = fake_address("127.0.0.1:1");
    ps_cancel *token;
    ps_sock s;

    fake_set_reach(PS__WAKES_CONNECT);
    expect(SYS_SOCKET, .mode = FAKE_ON);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF, .result = PS_ENOBUFS);
    ck_assert_code(ps_connect(&s, &a), PS_ENOBUFS);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    expect(SYS_CONNECT, .result = PS_ETIMEDOUT);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_code(ps_connect(&s, &a), PS_ETIMEDOUT);
    token = fake_token();
    ck_assert_ok(ps_setcancel(&s, token));
    expect(SYS_CONNECT, .result = 0);
    ck_assert_ok(ps_connect(&s, &a));
    ck_assert_ok(ps_setcancel(&s, NULL));
    ps_cancel_close(token);
    fake_end(&s);
}
END_TEST

/* Where the system cannot end a call that blocks in it, no handle blocks; the socket is in
 * blocking mode all the same. */
START_TEST(blocking_mode_where_blocking_calls_cannot_be_ended)
{
    ps_addr a = fake_address("127.0.0.1:1");
    ps_sock s, t;

    fake_set_reach(0);
    expect(SYS_SOCKET, .mode = FAKE_ON);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    expect(SYS_SO_TIMEOUT, .events = PS__CONNECTED);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .result = PS__CONNECTED);
    ck_assert_ok(ps_connect(&s, &a));
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = SECONDS(1000), .result = 0);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .result = PS__READABLE);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 1, 0), 1);
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);

    expect(SYS_LISTEN);
    ck_assert_ok(ps_listen(&s, 1));
    expect(SYS_ACCEPT, .mode = FAKE_ON);
    ck_assert_ok(ps_accept(&s, &t, NULL));
    ck_assert_ok(ps_close(&t));

    /* A program that takes the handle over finds it in the mode that it asked for. */
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert(ps_detach(&s) == fake_handle(1));
    ps__sys_close(fake_handle(1));
    fake_done();
}
END_TEST

/* Where only connect cannot be ended, the handle does not block meanwhile. */
START_TEST(connect_where_it_cannot_be_ended)
{
    ps_addr a = fake_address("unix:/a");
    ps_sock s;

    fake_set_reach(PS__WAKES_CALLS | PS__WAKES_WAITS);
    fake_socket(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_CONNECT, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .limit = SECONDS(1));
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(2), .advance = SECONDS(1),
           .result = 0);
    expect(SYS_CONNECT, .result = PS_EWOULDBLOCK);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_code(ps_connect(&s, &a), PS_EWOULDBLOCK);

    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON, .result = PS_ENOBUFS);
    ck_assert_code(ps_connect(&s, &a), PS_ENOBUFS);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_CONNECT);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_connect(&s, &a));
    fake_end(&s);
}
END_TEST

void add_close_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, close_of_a_closed_socket);
    ADD_TEST_CASE(suite, close_waits_for_calls_in_flight);
    ADD_TEST_CASE(suite, close_where_waits_cannot_be_ended);
    ADD_TEST_CASE(suite, close_beside_another_close);
    ADD_TEST_CASE(suite, calls_that_come_too_late);
    ADD_TEST_CASE(suite, calls_that_are_ended_by_a_close);
    ADD_TEST_CASE(suite, waits_that_are_ended_by_a_close);
    ADD_TEST_CASE(suite, connect_blocks_where_it_ends_by_itself);
    ADD_TEST_CASE(suite, blocking_mode_where_blocking_calls_cannot_be_ended);
    ADD_TEST_CASE(suite, connect_where_it_cannot_be_ended);
}
