/* How a connection has ended: one judge, whoever was told, and whatever the system says
 * afterwards. */
#include "fake.h"

#include "common/connect/judge.h"
#include "common/socket/attached.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"

static char buffer[100];

static ptrdiff_t receive(ps_sock *s)
{
    return ps_recv(s, buffer, sizeof buffer, 0);
}

static ptrdiff_t send_hundred(ps_sock *s)
{
    return ps_send(s, buffer, sizeof buffer, 0);
}

/* ---- a connection that has failed ------------------------------------------------------------ */

/* WSAENETRESET of a stream: keep-alive has found that its peer does not answer. */
/* Traps: ERR-8. */
START_TEST(failed_keepalive_is_a_timeout)
{
    static const int silent = 102;
    ps_addr a = fake_address("127.0.0.1:80");
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .result = PS_ENETRESET);
    ck_assert_code(receive(&s), PS_ETIMEDOUT);
    expect(SYS_SEND, .result = PS_ENETRESET);
    ck_assert_code(send_hundred(&s), PS_ETIMEDOUT);
    fake_end(&s);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &silent, .bytes_size = sizeof silent);
    ck_assert_code(ps_geterror(&s), PS_ETIMEDOUT);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), PS_ETIMEDOUT);
    fake_end(&s);

    fake_socket(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 5);
    expect(SYS_CONNECT, .result = PS_ENETRESET);
    ck_assert_code(ps_connect(&s, &a), PS_ETIMEDOUT);
    fake_end(&s);

    /* Other types have no keep-alive. */
    fake_connected(&s, AF_INET, SOCK_SEQPACKET);
    expect(SYS_RECV, .result = PS_ENETRESET);
    ck_assert_code(receive(&s), PS_ENETRESET);
    fake_end(&s);
}
END_TEST

START_TEST(failed_connection_stays_failed)
{
    static const int codes[] = {PS_ECONNRESET, PS_ENETRESET, PS_ETIMEDOUT, PS_ECONNABORTED};
    ps_sock s;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        ps_pollfd p[1];

        fake_connected(&s, AF_INET, i % 2 ? SOCK_SEQPACKET : SOCK_STREAM);
        expect(SYS_SEND, .result = codes[i]);
        ck_assert_code(send_hundred(&s), codes[i]);
        /* What has come is given first; then whatever the system says. */
        expect(SYS_RECV, .result = 5);
        ck_assert_int_eq(receive(&s), 5);
        expect(SYS_RECV, .result = PS_ENOTCONN);
        ck_assert_code(receive(&s), codes[i]);
        expect(SYS_RECV, .result = codes[3 - i]);
        ck_assert_code(receive(&s), codes[i]);
        expect(SYS_RECV, .result = 0);
        ck_assert_code(receive(&s), codes[i]);
        expect(SYS_SEND, .result = PS_EPIPE);
        ck_assert_code(send_hundred(&s), codes[i]);
        p[0] = (ps_pollfd){&s, POLLIN, 0};
        expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE);
        ck_assert_int_eq(ps_poll(p, 1, 1), 1);
        ck_assert_int_eq(p[0].revents, POLLIN | POLLERR | POLLHUP);
        /* What is no end of the connection is told as it is. */
        expect(SYS_SEND, .result = PS_ENOBUFS);
        ck_assert_code(send_hundred(&s), PS_ENOBUFS);
        fake_end(&s);
    }

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    fake_end(&s);
}
END_TEST

/* Of an AF_UNIX connection that its peer has reset a send says only that there is no peer. */
START_TEST(failure_that_waits_to_be_received)
{
    static const int reset = 104, other = 105;
    ps_sock s;

    fake_connected(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_SEND, .result = PS_EPIPE);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &other, .bytes_size = sizeof other);
    ck_assert_code(send_hundred(&s), PS_EPIPE);
    expect(SYS_SEND, .result = PS_EPIPE);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &reset, .bytes_size = sizeof reset);
    ck_assert_code(send_hundred(&s), PS_ECONNRESET);
    expect(SYS_RECV, .result = 3);
    ck_assert_int_eq(receive(&s), 3);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    fake_end(&s);
}
END_TEST

/* Wine gives a reset as an end. A connection that is gone though nobody here has shut it was
 * reset. */
START_TEST(failure_like_an_end)
{
    ps_sock s;

    fake_set_certain_end(false);
    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .result = 3);
    ck_assert_int_eq(receive(&s), 3);
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_WAKE_WAITS);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    ck_assert_code(ps_shutdown(&s, SHUT_WR), PS_ENOTCONN);
    fake_end(&s);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    ck_assert_code(receive(&s), 0);
    fake_end(&s);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    expect(SYS_SHUTDOWN);
    ck_assert_ok(ps_shutdown(&s, SHUT_WR));
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), 0);
    fake_end(&s);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_WAKE_WAITS);
    ck_assert_code(ps_close_gracefully(&s, 1), PS_ECONNRESET);
    fake_done();
}
END_TEST

/* A peer that has closed its side answers what is sent then with a reset. */
START_TEST(end_stays_the_end)
{
    static const int resets[] = {PS_ECONNRESET, PS_ECONNABORTED};
    ps_sock s;

    for (int i = 0; i < 2; i++) {
        fake_connected(&s, AF_INET, SOCK_STREAM);
        expect(SYS_RECV, .result = 0);
        ck_assert_code(receive(&s), 0);
        expect(SYS_SEND, .result = resets[i]);
        ck_assert_code(send_hundred(&s), PS_EPIPE);
        expect(SYS_RECV, .result = resets[i]);
        ck_assert_code(receive(&s), 0);
        expect(SYS_RECV, .result = 0);
        ck_assert_code(receive(&s), 0);
        /* What is no answer of the peer is a failure all the same, and the end is the end. */
        expect(SYS_SEND, .result = PS_ETIMEDOUT);
        ck_assert_code(send_hundred(&s), PS_ETIMEDOUT);
        expect(SYS_SEND, .result = resets[i]);
        ck_assert_code(send_hundred(&s), PS_ETIMEDOUT);
        expect(SYS_RECV, .result = resets[i]);
        ck_assert_code(receive(&s), 0);
        expect(SYS_RECV, .result = PS_ENOBUFS);
        ck_assert_code(receive(&s), PS_ENOBUFS);
        fake_end(&s);
    }
}
END_TEST

/* What a router says is the end only when the connection is gone. */
START_TEST(unreachable_is_not_always_the_end)
{
    static const int codes[] = {PS_ECONNREFUSED, PS_EHOSTDOWN,   PS_EHOSTUNREACH,
                                PS_ENETDOWN,     PS_ENETUNREACH, PS_EPROTO};
    ps_sock s;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        fake_connected(&s, AF_INET, SOCK_STREAM);
        expect(SYS_RECV, .result = codes[i]);
        expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
        ck_assert_code(receive(&s), codes[i]);
        expect(SYS_RECV, .result = codes[i]);
        expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
        ck_assert_code(receive(&s), codes[i]);
        expect(SYS_RECV, .result = 0);
        ck_assert_code(receive(&s), codes[i]);
        fake_end(&s);
    }
}
END_TEST

/* ---- told to another thread ------------------------------------------------------------------ */

static void fail_connection(void *s)
{
    ck_assert_code(ps__judge_send(s, PS_ECONNRESET), PS_ECONNRESET);
}

static void begin_closing(void *s)
{
    fake_begin_closing(s);
}

static void shut_receiving(void *s)
{
    ck_assert_ok(ps_shutdown(s, SHUT_RD));
}

static void leave(void *s)
{
    (void)ps__leave(s);
}

/* The system has told another call, which has not kept it yet: it is waited for. */
START_TEST(failure_that_another_call_was_told)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert(ps__enter(&s));
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .nanoseconds = 100000, .advance = 100000);
    expect(SYS_WAIT, .nanoseconds = 200000, .during = fail_connection, .context = &s);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    (void)ps__leave(&s);
    fake_end(&s);

    /* It leaves without a failure: the connection has ended well, and that is asked once. */
    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert(ps__enter(&s));
    expect(SYS_SEND, .result = PS_EPIPE);
    expect(SYS_GETPEERNAME);
    expect(SYS_WAIT, .on = 1, .nanoseconds = FAKE_AT_ONCE, .result = PS__HUNG_UP);
    expect(SYS_WAIT, .nanoseconds = 100000, .during = leave, .context = &s);
    ck_assert_code(send_hundred(&s), PS_EPIPE);
    ck_assert(ps__enter(&s));
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), 0);
    (void)ps__leave(&s);
    fake_end(&s);

    /* Half a connection is there: nobody can have been told. */
    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert(ps__enter(&s));
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME);
    expect(SYS_WAIT, .on = 1, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_code(receive(&s), 0);
    expect(SYS_SEND, .result = PS_EPIPE);
    expect(SYS_GETPEERNAME);
    expect(SYS_WAIT, .on = 1, .nanoseconds = FAKE_AT_ONCE, .result = PS_ENOMEM);
    ck_assert_code(send_hundred(&s), PS_EPIPE);
    expect(SYS_SEND, .result = PS_EPIPE);
    expect(SYS_GETPEERNAME);
    expect(SYS_WAIT, .on = 1, .nanoseconds = FAKE_AT_ONCE, .result = PS__FAILED);
    ck_assert_code(send_hundred(&s), PS_EPIPE);
    (void)ps__leave(&s);
    fake_end(&s);
}
END_TEST

/* A call that does not leave, whatever the reason, is not waited for for ever. */
START_TEST(other_call_that_does_not_leave)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert(ps__enter(&s));
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .times = 9, .advance = MILLISECONDS(10));
    expect(SYS_WAIT, .nanoseconds = 12800000, .advance = MILLISECONDS(10));
    ck_assert_code(receive(&s), 0);
    (void)ps__leave(&s);
    fake_end(&s);
}
END_TEST

static void fail_by_the_stream(void *f)
{
    ck_assert_code(ps_file_read(f, buffer, 1), PS_ECONNRESET);
}

/* Calls of streams count, too. */
START_TEST(failure_that_a_stream_was_told)
{
    ps_sock s;
    ps_file *f;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), 0);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    atomic_fetch_add(&s.attached->calls, 1);
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .nanoseconds = 100000, .during = fail_by_the_stream, .context = f);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    atomic_fetch_sub(&s.attached->calls, 1);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);

    /* A stream does not see the socket's calls, and gives them a moment. */
    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME);
    expect(SYS_WAIT, .on = 1, .nanoseconds = FAKE_AT_ONCE, .result = PS__HUNG_UP);
    expect(SYS_WAIT, .nanoseconds = 100000, .advance = 100000);
    expect(SYS_WAIT, .nanoseconds = 200000, .advance = 200000);
    ck_assert_code(ps_file_read(f, buffer, 1), 0);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);

    /* One that is made later learns of it; and after one's own SHUT_WR the end is none to wonder
     * at. */
    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    expect(SYS_RECV, .result = 0);
    ck_assert_code(ps_file_read(f, buffer, 1), PS_ECONNRESET);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    expect(SYS_SHUTDOWN);
    ck_assert_ok(ps_shutdown(&s, SHUT_WR));
    expect(SYS_RECV, .result = 0);
    ck_assert_code(ps_file_read(f, buffer, 1), 0);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), 0);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);

    /* But not beside another stream's call. */
    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    expect(SYS_SHUTDOWN);
    ck_assert_ok(ps_shutdown(&s, SHUT_WR));
    atomic_fetch_add(&s.attached->calls, 1);
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME);
    expect(SYS_WAIT, .on = 1, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_code(ps_file_read(f, buffer, 1), 0);
    atomic_fetch_sub(&s.attached->calls, 1);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);
}
END_TEST

/* ---- attempts -------------------------------------------------------------------------------- */

static void start_attempt(ps_sock *s)
{
    ps_addr a = fake_address("127.0.0.1:80");

    fake_socket(s, AF_INET, SOCK_STREAM);
    fake_timeout(s, 0);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(ps_connect(s, &a), PS_EINPROGRESS);
}

static int go_on(ps_sock *s)
{
    ps_addr a = fake_address("127.0.0.1:80");

    return ps_connect(s, &a);
}

static void keep_refusal(void *s)
{
    ((ps_sock *)s)->failed = PS_ECONNREFUSED;
}

/* SO_ERROR says nothing, nor does it later. */
static void expect_no_error_for_a_while(void)
{
    expect(SYS_CONNECT_RESULT, .result = PS_ENOTCONN);
    for (int again = 1; again < 20; again++) {
        expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(1));
        expect(SYS_CONNECT_RESULT, .result = PS_ENOTCONN);
    }
}

static void expect_result(int code)
{
    if (code == PS_ENOTCONN)
        expect_no_error_for_a_while();
    else
        expect(SYS_CONNECT_RESULT, .result = code);
}

/* SO_ERROR says nothing. */
START_TEST(attempt_of_which_another_call_was_told)
{
    ps_sock s;

    /* The connection is there all the same. */
    start_attempt(&s);
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    ck_assert_ok(go_on(&s));
    fake_end(&s);

    start_attempt(&s);
    ck_assert(ps__enter(&s));
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .nanoseconds = 100000, .during = keep_refusal, .context = &s);
    ck_assert_code(go_on(&s), PS_ECONNREFUSED);
    (void)ps__leave(&s);
    fake_end(&s);

    /* Aborted at once, and no attempt before it. */
    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_CONNECT, .result = PS_ECONNABORTED);
    ck_assert_code(go_on(&s), PS_ECONNABORTED);
    fake_end(&s);

    start_attempt(&s);
    keep_refusal(&s);
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(go_on(&s), PS_ECONNREFUSED);
    fake_end(&s);

    start_attempt(&s);
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(go_on(&s), PS_ECONNABORTED);
    fake_end(&s);

    /* Windows names the peer of an attempt that has failed, but the handle does not send. */
    start_attempt(&s);
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect_no_error_for_a_while();
    ck_assert_code(go_on(&s), PS_ECONNABORTED);
    fake_end(&s);
    start_attempt(&s);
    keep_refusal(&s);
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect_no_error_for_a_while();
    ck_assert_code(go_on(&s), PS_ECONNREFUSED);
    fake_end(&s);
}
END_TEST

/* Windows may have the error a moment later. */
START_TEST(attempt_whose_error_comes_late)
{
    ps_sock s;

    start_attempt(&s);
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(1));
    expect(SYS_CONNECT_RESULT, .result = PS_ECONNREFUSED);
    ck_assert_code(go_on(&s), PS_ECONNREFUSED);
    fake_end(&s);
}
END_TEST

/* CON-4: a program that asks for SO_ERROR itself has been told, and the next ps_connect begins
 * anew. */
START_TEST(attempt_whose_error_the_program_reads)
{
    static const int refused = 111, reset = 104;
    ps_sock s;

    start_attempt(&s);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &refused, .bytes_size = sizeof refused);
    ck_assert_code(ps_geterror(&s), PS_ECONNREFUSED);
    ck_assert_code(ps_geterror(&s), 0);
    /* Linux tells by connect, too, that the one before has ended. */
    expect(SYS_CONNECT, .result = PS_ECONNABORTED);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(go_on(&s), PS_EINPROGRESS);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .result = PS_ENOBUFS);
    ck_assert_code(ps_geterror(&s), PS_ENOBUFS);
    ck_assert_code(ps_geterror(NULL), PS_EFAULT);
    fake_end(&s);
    ck_assert_code(ps_geterror(&s), PS_EBADF);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &reset, .bytes_size = sizeof reset);
    ck_assert_code(ps_geterror(&s), PS_ECONNRESET);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    fake_end(&s);

    /* A socket that nobody has connected, and one whose error is no end. */
    fake_socket(&s, AF_INET, SOCK_SEQPACKET);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &reset, .bytes_size = sizeof reset);
    ck_assert_code(ps_geterror(&s), PS_ECONNRESET);
    expect(SYS_RECV, .result = PS_ENOTCONN);
    ck_assert_code(receive(&s), PS_ENOTCONN);
    fake_end(&s);
    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .size = 100, .result = 40);
    expect(SYS_RECV, .size = 60, .result = PS_ECONNRESET);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 40);
    fake_end(&s);
}
END_TEST

/* The system has the error a moment after its wait has reported the failure. */
START_TEST(attempt_that_fails_before_it_has_an_error)
{
    ps_sock s;

    start_attempt(&s);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = PS_ECONNREFUSED);
    ck_assert_code(ps_geterror(&s), PS_ECONNREFUSED);
    ck_assert_int_eq(s.connection, PS__UNCONNECTED);
    fake_end(&s);
}
END_TEST

/* A program that waits for itself, or by ps_poll, never calls ps_connect again: the connection
 * is there all the same. */
START_TEST(attempt_that_succeeds_unasked)
{
    static const int answers[] = {0, PS_ENOTCONN, PS_ECONNRESET};
    ps_pollfd p[1];
    ps_sock s;
    ps_file *f;

    /* It is seen by ps_poll, */
    start_attempt(&s);
    p[0] = (ps_pollfd){&s, POLLIN | POLLOUT, 0};
    expect(SYS_WAIT, .result = PS__WRITABLE);
    ck_assert_int_eq(ps_poll(p, 1, 1), 1);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    ck_assert_code(go_on(&s), PS_EISCONN);
    fake_end(&s);

    /* (a reset tells it, too: an attempt would be refused, even if a system calls that a reset,) */
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        start_attempt(&s);
        expect(SYS_RECV, .result = PS_ECONNRESET);
        expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
        expect_result(answers[i]);
        ck_assert_code(receive(&s), PS_ECONNRESET);
        expect(SYS_RECV, .result = 0);
        ck_assert_code(receive(&s), PS_ECONNRESET);
        ck_assert_code(go_on(&s), PS_EISCONN);
        fake_end(&s);
    }
    start_attempt(&s);
    expect(SYS_SEND, .result = PS_ECONNRESET);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = PS_ECONNREFUSED);
    expect(SYS_CONNECT_RESULT);
    ck_assert_code(send_hundred(&s), PS_ECONNREFUSED);
    fake_end(&s);

    /* not when that says otherwise, */
    start_attempt(&s);
    p[0] = (ps_pollfd){&s, POLLIN, 0};
    expect(SYS_WAIT, .result = PS__HUNG_UP);
    ck_assert_int_eq(ps_poll(p, 1, 1), 1);
    expect(SYS_WAIT, .result = PS_EINTR);
    expect(SYS_WAIT, .result = PS_ENOMEM);
    ck_assert_code(ps_geterror(&s), 0);
    for (int i = 0; i < 2; i++) {
        expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
        expect_result(answers[i]);
        ck_assert_code(ps_geterror(&s), 0);
    }
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__HUNG_UP);
    ck_assert_code(ps_geterror(&s), 0);
    ck_assert_int_eq(s.connection, PS__CONNECTING);
    /* by SO_ERROR, */
    expect(SYS_WAIT, .on = 1, .events = PS__CONNECTED, .nanoseconds = FAKE_AT_ONCE,
           .result = PS__CONNECTED);
    ck_assert_code(ps_geterror(&s), 0);
    expect(SYS_WAIT, .result = PS__CONNECTED);
    ck_assert_ok(go_on(&s));
    ck_assert_code(go_on(&s), PS_EISCONN);
    fake_end(&s);

    /* by a shutdown, */
    start_attempt(&s);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    expect(SYS_SHUTDOWN);
    ck_assert_ok(ps_shutdown(&s, SHUT_WR));
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), 0);
    fake_end(&s);

    /* and by a stream, which tells its socket. */
    start_attempt(&s);
    ck_assert_ok(ps_settimeout(&s, 1));
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED);
    expect(SYS_WAIT, .result = PS__READABLE);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_file_read(f, buffer, 1), 1);
    ck_assert_int_eq(s.connection, PS__CONNECTING);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    ck_assert_int_eq(s.connection, PS__ESTABLISHED);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);
}
END_TEST

/* A stream and its socket that are told two things at the same moment say the first of them. */
START_TEST(failure_that_a_stream_has_kept_first)
{
    ps_file *f;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(ps_file_read(f, buffer, 1), PS_ECONNRESET);
    expect(SYS_RECV, .result = PS_ETIMEDOUT);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);
}
END_TEST

/* Of a handle from elsewhere only a refusal is an attempt's. */
START_TEST(failures_of_a_handle_from_elsewhere)
{
    static const int refused = 111, reset = 104;
    ps_sock s, t;

    fake_socket(&t, AF_INET, SOCK_STREAM);
    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_STREAM, 0));
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &refused, .bytes_size = sizeof refused);
    ck_assert_code(ps_geterror(&s), PS_ECONNREFUSED);
    expect(SYS_CONNECT, .result = PS_ECONNABORTED);
    expect(SYS_CONNECT);
    ck_assert_ok(go_on(&s));
    ck_assert_ok(ps_close(&s));

    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_STREAM, 0));
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &reset, .bytes_size = sizeof reset);
    ck_assert_code(ps_geterror(&s), PS_ECONNRESET);
    ck_assert_code(go_on(&s), PS_EISCONN);
    ck_assert_ok(ps_close(&s));

    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_DGRAM, 0));
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &refused, .bytes_size = sizeof refused);
    ck_assert_code(ps_geterror(&s), PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&s));

    /* Its attempt was under way, and a transfer is told how it failed; */
    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_STREAM, 0));
    expect(SYS_RECV, .result = PS_ECONNREFUSED);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR);
    ck_assert_code(receive(&s), PS_ECONNREFUSED);
    expect(SYS_CONNECT);
    ck_assert_ok(go_on(&s));
    ck_assert_ok(ps_close(&s));
    /* or a router's word on a connection that is there. */
    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_STREAM, 0));
    expect(SYS_RECV, .result = PS_ECONNREFUSED);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    ck_assert_code(receive(&s), PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&s));
    fake_end(&t);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .result = PS_ECONNREFUSED);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    ck_assert_code(receive(&s), PS_ECONNREFUSED);
    fake_end(&s);
}
END_TEST

/* Nobody is about to say of it how an attempt ends. */
START_TEST(end_of_a_stream_of_a_handle_from_elsewhere)
{
    ps_sock s, t;
    ps_file *f;
    char byte;

    fake_socket(&t, AF_INET, SOCK_STREAM);
    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = MILLISECONDS(1));
    ck_assert_code(ps_file_read(f, &byte, 1), 0);
    ck_assert_ok(ps_file_close(f));
    ck_assert_ok(ps_close(&s));
    fake_end(&t);
}
END_TEST

/* Wine says of a refused attempt that the connection has ended or was reset; its SO_ERROR knows
 * better. */
START_TEST(refusal_of_a_handle_from_elsewhere)
{
    static const int results[] = {0, PS_ENOTCONN, PS_ECONNRESET};
    ps_sock s, t;

    fake_set_certain_end(false);
    fake_socket(&t, AF_INET, SOCK_STREAM);
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        expect(SYS_DUPLICATE);
        ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_STREAM, 0));
        expect(SYS_RECV, .result = results[i]);
        expect(SYS_CONNECT_RESULT, .result = PS_ECONNREFUSED);
        expect(SYS_GETSOCKOPT, .name = SO_ERROR);
        expect(SYS_WAKE_WAITS);
        ck_assert_code(receive(&s), PS_ECONNREFUSED);
        ck_assert_ok(ps_close(&s));
    }

    /* A connection that is there, and has failed. */
    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_STREAM, 0));
    expect(SYS_RECV, .result = PS_ENOBUFS);
    ck_assert_code(receive(&s), PS_ENOBUFS);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    expect(SYS_CONNECT_RESULT);
    expect(SYS_WAKE_WAITS);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    ck_assert_ok(ps_close(&s));

    /* After a transfer it is known to be there. */
    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, t.handle, AF_INET, SOCK_STREAM, 0));
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(receive(&s), 1);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    expect(SYS_WAKE_WAITS);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    ck_assert_ok(ps_close(&s));
    fake_end(&t);
}
END_TEST

/* One's own SHUT_RD is not the peer's end, and a message of the error queue none at all. */
START_TEST(ends_that_are_none)
{
    ps_addr to = fake_address("127.0.0.1:9");
    ps_buffer piece = {buffer, 10};
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .during = shut_receiving, .context = &s, .result = 0);
    expect(SYS_SHUTDOWN);
    ck_assert_code(receive(&s), 0);
    expect(SYS_SEND, .result = PS_ECONNRESET);
    ck_assert_code(send_hundred(&s), PS_ECONNRESET);
    fake_end(&s);

    fake_connected(&s, AF_INET, SOCK_STREAM);
#ifdef MSG_ERRQUEUE
    {
        int flags = MSG_ERRQUEUE;

        expect(SYS_RECV, .flags = MSG_ERRQUEUE, .result = 0);
        ck_assert_code(ps_recv(&s, buffer, 100, MSG_ERRQUEUE), 0);
        expect(SYS_RECVMSG, .result = 0);
        ck_assert_code(ps_recvmsg(&s, &piece, 1, NULL, NULL, NULL, 0, &flags, NULL), 0);
        flags = MSG_ERRQUEUE;
        expect(SYS_RECVMSG, .result = 0);
        ck_assert_code(ps_recvmsg(&s, NULL, 0, NULL, NULL, NULL, 0, &flags, NULL), 0);
    }
#endif
    /* An address changes nothing for a connection. */
    expect(SYS_SENDTO, .result = PS_ECONNRESET);
    ck_assert_code(ps_sendto(&s, buffer, 100, 0, &to), PS_ECONNRESET);
    expect(SYS_SENDMSG, .result = PS_EPIPE);
    ck_assert_code(ps_sendmsg(&s, &piece, 1, NULL, 0, 0, &to), PS_ECONNRESET);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    fake_end(&s);
}
END_TEST

/* ---- the way back from numbers --------------------------------------------------------------- */

START_TEST(codes_of_native_numbers)
{
    ck_assert_code(ps_error_from_native(PS_KIND_OS, 0), 0);
    ck_assert_code(ps_error_from_native(PS_KIND_OS, ps_error_native(PS_ECONNRESET)), PS_ECONNRESET);
    ck_assert_code(ps_error_from_native(PS_KIND_GAI, ps_error_native(PS_EAI_NONAME)),
                   PS_EAI_NONAME);
    ck_assert_code(ps_error_from_native(PS_KIND_HOST, ps_error_native(PS_HOST_NOT_FOUND)),
                   PS_HOST_NOT_FOUND);
    ck_assert_code(ps_error_from_native(PS_KIND_TIMEOUT, 5), PS_EINVAL);
    ck_assert_code(ps_error_from_native(PS_KIND_ARGUMENT, 5), PS_EINVAL);
    ck_assert_code(ps_error_from_native(PS_KIND_NONE, 5), PS_EINVAL);
    ck_assert_int_eq(ps_error_native(ps_error_from_native(PS_KIND_OS, 54321)), 54321);
}
END_TEST

/* ---- a graceful close of what is over -------------------------------------------------------- */

START_TEST(close_gracefully_after_a_failure)
{
    ps_sock s, closed = PS_SOCK_INIT;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN, .result = PS_ENOTCONN);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_RECV, .result = 10);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(ps_close_gracefully(&s, 1), PS_ECONNRESET);
    fake_done();

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SEND, .result = PS_ETIMEDOUT);
    ck_assert_code(send_hundred(&s), PS_ETIMEDOUT);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(ps_close_gracefully(&s, PS_NO_TIMEOUT), PS_ETIMEDOUT);
    fake_done();

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_RECV, .during = begin_closing, .context = &s, .result = 0);
    ck_assert_code(ps_close_gracefully(&s, 1), PS_EBADF);
    s.calls = 0;
    ck_assert_ok(ps_close(&s));
    fake_done();

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN, .result = PS_ENOBUFS);
    ck_assert_code(ps_close_gracefully(&s, 1), PS_ENOBUFS);
    fake_done();

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_ok(ps_close_gracefully(&s, 1));
    fake_done();
    ck_assert_code(ps_close_gracefully(&closed, -1), PS_BAD_TIMEOUT);
}
END_TEST

START_TEST(inheritance_of_a_closed_socket)
{
    static const ps_sock closed = PS_SOCK_INIT;
    bool on;

    ck_assert_code(ps_get_inheritable(&closed, &on), PS_EBADF);
    ck_assert_code(ps_get_inheritable(&closed, NULL), PS_EFAULT);
    ck_assert_code(ps_get_inheritable(NULL, &on), PS_EFAULT);
}
END_TEST

void add_judge_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, failed_keepalive_is_a_timeout);
    ADD_TEST_CASE(suite, failed_connection_stays_failed);
    ADD_TEST_CASE(suite, failure_that_waits_to_be_received);
    ADD_TEST_CASE(suite, failure_like_an_end);
    ADD_TEST_CASE(suite, end_stays_the_end);
    ADD_TEST_CASE(suite, unreachable_is_not_always_the_end);
    ADD_TEST_CASE(suite, failure_that_another_call_was_told);
    ADD_TEST_CASE(suite, other_call_that_does_not_leave);
    ADD_TEST_CASE(suite, failure_that_a_stream_was_told);
    ADD_TEST_CASE(suite, attempt_of_which_another_call_was_told);
    ADD_TEST_CASE(suite, attempt_whose_error_comes_late);
    ADD_TEST_CASE(suite, attempt_whose_error_the_program_reads);
    ADD_TEST_CASE(suite, attempt_that_fails_before_it_has_an_error);
    ADD_TEST_CASE(suite, attempt_that_succeeds_unasked);
    ADD_TEST_CASE(suite, failure_that_a_stream_has_kept_first);
    ADD_TEST_CASE(suite, failures_of_a_handle_from_elsewhere);
    ADD_TEST_CASE(suite, end_of_a_stream_of_a_handle_from_elsewhere);
    ADD_TEST_CASE(suite, refusal_of_a_handle_from_elsewhere);
    ADD_TEST_CASE(suite, ends_that_are_none);
    ADD_TEST_CASE(suite, codes_of_native_numbers);
    ADD_TEST_CASE(suite, close_gracefully_after_a_failure);
    ADD_TEST_CASE(suite, inheritance_of_a_closed_socket);
}
