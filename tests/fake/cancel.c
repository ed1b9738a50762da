/* Cancel tokens: what fires them, and when a call looks at them. */
#include "fake.h"

static char buffer[100];

static void end_with_token(ps_sock *s, ps_cancel *token)
{
    ck_assert_ok(ps_close(s));
    ps_cancel_close(token);
    fake_done();
}

static void fire(void *token)
{
    ps_cancel_fire(token);
}

START_TEST(token_that_cannot_be_made)
{
    ps_cancel *token;

    ck_assert_code(ps_cancel_open(NULL), PS_EFAULT);
    fake_fail_allocation(1);
    ck_assert_code(ps_cancel_open(&token), PS_ENOMEM);
    ck_assert_ptr_null(token);
    expect(SYS_NOTIFIER_OPEN, .result = PS_EMFILE);
    ck_assert_code(ps_cancel_open(&token), PS_EMFILE);
    ck_assert_ptr_null(token);
    ps_cancel_close(NULL);
    ps_cancel_fire(NULL);
    ck_assert_code(ps_cancel_reset(NULL), PS_EFAULT);
    ck_assert(!ps_cancel_fired(NULL));
    fake_done();
}
END_TEST

START_TEST(token_fired_and_reset)
{
    ps_cancel *token = fake_token();

    ck_assert(!ps_cancel_fired(token));
    ps_cancel_fire(token);
    ps_cancel_fire(token);
    ck_assert(ps_cancel_fired(token));
    ck_assert(fake_is_notified(1));
    ck_assert_ok(ps_cancel_reset(token));
    ck_assert(!ps_cancel_fired(token));
    ck_assert(!fake_is_notified(1));
    ps_cancel_close(token);
    fake_done();
}
END_TEST

/* The wait is for the socket and the notifier; what is received with the notification is left
 * for the next call. */
START_TEST(token_ends_a_wait)
{
    ps_addr to = fake_address("127.0.0.1:7");
    ps_sock s, t;
    ps_cancel *token = fake_with_token(&s, 1);

    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 1, .events = PS__READABLE, .wake = 2, .nanoseconds = SECONDS(1),
           .advance = MILLISECONDS(100), .during = fire, .context = token, .result = FAKE_WOKEN);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_ECANCELED);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_ECANCELED);
    ck_assert_code(ps_send(&s, buffer, 100, 0), PS_ECANCELED);
    ck_assert_code(ps_sendall(&s, buffer, 100, 0, NULL), PS_ECANCELED);
    ck_assert_code(ps_sendto(&s, buffer, 100, 0, &to), PS_ECANCELED);
    ck_assert_code(ps_sendmsg(&s, NULL, 0, NULL, 0, 0, NULL), PS_ECANCELED);
    ck_assert_code(ps_recvmsg(&s, NULL, 0, NULL, NULL, NULL, 0, NULL, NULL), PS_ECANCELED);
    ck_assert_code(ps_connect(&s, &to), PS_ECANCELED);
    ck_assert_code(ps_accept(&s, &t, NULL), PS_ECANCELED);

    ck_assert_ok(ps_cancel_reset(token));
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    /* The notification of a fire before a reset that is over by now; and one that ran beside the
     * reset, and counts as after it. */
    expect(SYS_WAIT, .wake = 2, .result = FAKE_WOKEN | PS__READABLE);
    expect(SYS_WAIT, .on = 2, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_ECANCELED);
    ck_assert(!ps_cancel_fired(token));
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .wake = 2, .result = FAKE_WOKEN | PS__READABLE);
    expect(SYS_WAIT, .on = 2, .nanoseconds = FAKE_AT_ONCE, .result = PS__READABLE);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_ECANCELED);
    ck_assert(ps_cancel_fired(token));
    end_with_token(&s, token);
}
END_TEST

/* Without a timeout the handle is non-blocking all the same, and the call waits for ever. */
/* Traps: TMO-6. */
START_TEST(token_in_blocking_mode)
{
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, PS_NO_TIMEOUT);

    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__READABLE);
    expect(SYS_WAIT, .wake = 2, .nanoseconds = PS__FOREVER, .result = PS__READABLE);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);

    /* The program's own SO_RCVTIMEO is kept for it. */
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .limit = SECONDS(2));
    expect(SYS_WAIT, .wake = 2, .nanoseconds = SECONDS(2), .advance = SECONDS(1),
           .result = PS__READABLE);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .wake = 2, .nanoseconds = SECONDS(1), .advance = SECONDS(1), .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 100, 0), PS_EWOULDBLOCK);

    /* The handle's mode goes back when the token goes. */
    expect(SYS_SET_NONBLOCKING, .on = 1, .mode = FAKE_OFF);
    ck_assert_ok(ps_setcancel(&s, NULL));
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    end_with_token(&s, token);
}
END_TEST

START_TEST(token_that_a_socket_cannot_have)
{
    ps_cancel *token;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    token = fake_token();
    ck_assert_code(ps_setcancel(NULL, token), PS_EFAULT);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON, .result = PS_ENOTSOCK);
    ck_assert_code(ps_setcancel(&s, token), PS_ENOTSOCK);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, 0), 1);
    ck_assert_ok(ps_close(&s));
    ck_assert_code(ps_setcancel(&s, token), PS_EBADF);
    ps_cancel_close(token);
    fake_done();
}
END_TEST

/* A peer that takes a byte at a time, so that no send ever waits. */
START_TEST(token_fired_between_sends)
{
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, 1);
    size_t sent;

    expect(SYS_SEND, .size = 100, .result = 1);
    expect(SYS_SEND, .size = 99, .during = fire, .context = token, .result = 1);
    ck_assert_code(ps_sendall(&s, buffer, 100, 0, &sent), PS_ECANCELED);
    ck_assert_uint_eq(sent, 2);
    end_with_token(&s, token);
}
END_TEST

/* Sent to an address, with a token that nobody fires; and SO_SNDTIMEO between the parts of a
 * transfer. */
START_TEST(token_that_is_not_fired)
{
    ps_addr to = fake_address("127.0.0.1:9");
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, PS_NO_TIMEOUT);
    size_t sent;

    expect(SYS_SENDTO, .result = 100);
    ck_assert_int_eq(ps_sendto(&s, buffer, 100, 0, &to), 100);
    expect(SYS_SEND, .size = 100, .result = PS_EWOULDBLOCK);
    expect(SYS_SO_TIMEOUT, .events = PS__WRITABLE, .limit = SECONDS(1));
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(500),
           .result = PS__WRITABLE);
    expect(SYS_SEND, .size = 100, .advance = MILLISECONDS(500), .result = 10);
    ck_assert_code(ps_sendall(&s, buffer, 100, 0, &sent), PS_EWOULDBLOCK);
    ck_assert_uint_eq(sent, 10);
    end_with_token(&s, token);
}
END_TEST

/* A detached handle is in the mode that the timeout needs. */
START_TEST(token_of_a_detached_socket)
{
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, PS_NO_TIMEOUT);

    expect(SYS_SET_NONBLOCKING, .on = 1, .mode = FAKE_OFF);
    ck_assert(ps_detach(&s) == fake_handle(1));
    ps__sys_close(fake_handle(1));
    ps_cancel_close(token);
    fake_done();

    /* With a timeout it does not block, token or not. */
    token = fake_with_token(&s, 1);
    ck_assert(ps_detach(&s) == fake_handle(1));
    ps__sys_close(fake_handle(1));
    ps_cancel_close(token);
    fake_done();
}
END_TEST

START_TEST(token_of_a_stream)
{
    ps_sock s;
    ps_cancel *token = fake_with_token(&s, 1);
    ps_file *f;

    ck_assert_ok(ps_makefile(&f, &s, "r", -1));
    expect(SYS_RECV, .result = 2, .data = "ab");
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 1, .wake = 2, .during = fire, .context = token, .result = FAKE_WOKEN);
    ck_assert_code(ps_file_readline(f, buffer, 100), PS_ECANCELED);
    ck_assert_ok(ps_setcancel(&s, NULL));
    expect(SYS_RECV, .result = 2, .data = "c\n");
    ck_assert_int_eq(ps_file_readline(f, buffer, 100), 4);
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_file_close(f));
    ps_cancel_close(token);
    fake_done();
}
END_TEST

void add_cancel_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, token_that_cannot_be_made);
    ADD_TEST_CASE(suite, token_fired_and_reset);
    ADD_TEST_CASE(suite, token_ends_a_wait);
    ADD_TEST_CASE(suite, token_in_blocking_mode);
    ADD_TEST_CASE(suite, token_that_a_socket_cannot_have);
    ADD_TEST_CASE(suite, token_fired_between_sends);
    ADD_TEST_CASE(suite, token_that_is_not_fired);
    ADD_TEST_CASE(suite, token_of_a_detached_socket);
    ADD_TEST_CASE(suite, token_of_a_stream);
}
