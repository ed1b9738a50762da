/* Cancel tokens: every blocking call can be ended from another thread, in blocking and in
 * timeout mode. */
#include "late.h"
#include "test.h"

#include <stdatomic.h>

/* Far more than a canceled call needs, also on a busy machine. */
#define PATIENCE 15.0

static const double waiting_modes[] = {PS_NO_TIMEOUT, PATIENCE * 4};
enum { WAITING_MODES = sizeof waiting_modes / sizeof waiting_modes[0] };
enum { PLENTY = 24 * 1024 * 1024 };

static ps_cancel *new_token(void)
{
    ps_cancel *token = NULL;

    ck_assert_ok(ps_cancel_open(&token));
    ck_assert_ptr_nonnull(token);
    return token;
}

/* ---- a token by itself ----------------------------------------------------------------------- */

START_TEST(cancel_token_is_fired_and_reset)
{
    ps_cancel *token = new_token();

    ck_assert(!ps_cancel_fired(token));
    ps_cancel_fire(token);
    ck_assert(ps_cancel_fired(token));
    ps_cancel_fire(token);
    ps_cancel_fire(token);
    ck_assert(ps_cancel_fired(token));
    ck_assert_ok(ps_cancel_reset(token));
    ck_assert(!ps_cancel_fired(token));
    ps_cancel_fire(token);
    ck_assert(ps_cancel_fired(token));
    ps_cancel_close(token);
}
END_TEST

START_TEST(cancel_of_nothing)
{
    ps_sock closed = PS_SOCK_INIT;
    ps_cancel *token = new_token();

    ck_assert_code(ps_cancel_open(NULL), PS_EFAULT);
    ck_assert_code(ps_cancel_reset(NULL), PS_EFAULT);
    ps_cancel_fire(NULL);
    ps_cancel_close(NULL);
    ck_assert(!ps_cancel_fired(NULL));
    ck_assert_code(ps_setcancel(NULL, token), PS_EFAULT);
    ck_assert_code(ps_setcancel(&closed, token), PS_EBADF);
    ck_assert_code(ps_setcancel(&closed, NULL), PS_EBADF);
    ps_cancel_close(token);
}
END_TEST

/* Each token has handles of the system; they come back. */
START_TEST(cancel_tokens_are_given_back)
{
    int i;

    for (i = 0; i < 300; i++) {
        ps_cancel *token = new_token();
        ps_cancel_fire(token);
        ps_cancel_close(token);
    }
}
END_TEST

/* ---- calls that wait ------------------------------------------------------------------------- */

/* A call that is running until somebody cancels it, and how it ended. */
#define ASSERT_CANCELED(token, call)                               \
    do {                                                           \
        test_thread *firing = test_thread_start(fire_late, token); \
        double begin = test_clock();                               \
        ck_assert_code(call, PS_ECANCELED);                        \
        ck_assert_double_lt(test_clock() - begin, PATIENCE);       \
        test_thread_join(firing);                                  \
        begin = test_clock();                                      \
        ck_assert_code(call, PS_ECANCELED);                        \
        ck_assert_double_lt(test_clock() - begin, PATIENCE);       \
        ck_assert_ok(ps_cancel_reset(token));                      \
    } while (0)

/* Traps: THR-2. */
START_TEST(cancel_ends_receives)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        ps_cancel *token = new_token();
        ps_sock client, server;
        ps_addr from;
        ps_buffer buffer;
        char bytes[4];
        buffer = (ps_buffer){bytes, sizeof bytes};
        test_tcp_pair(&client, &server);
        ck_assert_ok(ps_settimeout(&server, waiting_modes[i]));
        ck_assert_ok(ps_setcancel(&server, token));
        ck_assert(ps_gettimeout(&server) == waiting_modes[i]);
        ASSERT_CANCELED(token, ps_recv(&server, bytes, sizeof bytes, 0));
        ASSERT_CANCELED(token, ps_recvfrom(&server, bytes, sizeof bytes, 0, &from));
        ASSERT_CANCELED(token, ps_recvmsg(&server, &buffer, 1, NULL, NULL, NULL, 0, NULL, NULL));
        ASSERT_CANCELED(token, ps_recv(&server, bytes, sizeof bytes, MSG_WAITALL));
        /* The socket is none the worse. */
        ck_assert_int_eq(ps_send(&client, "abcd", 4, 0), 4);
        ck_assert_int_eq(ps_recv(&server, bytes, sizeof bytes, MSG_WAITALL), 4);
        ck_assert_mem_eq(bytes, "abcd", 4);
        test_close(&client, &server);
        ps_cancel_close(token);
    }
}
END_TEST

START_TEST(cancel_ends_a_datagram_receive)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        ps_cancel *token = new_token();
        ps_addr one_address, two_address, from;
        ps_sock one, two;
        char bytes[4];
        test_udp_pair(&one, &one_address, &two, &two_address);
        ck_assert_ok(ps_settimeout(&one, waiting_modes[i]));
        ck_assert_ok(ps_setcancel(&one, token));
        ASSERT_CANCELED(token, ps_recvfrom(&one, bytes, sizeof bytes, 0, &from));
        ck_assert_int_eq(from.len, 0);
        ck_assert_int_eq(ps_sendto(&two, "abcd", 4, 0, &one_address), 4);
        ck_assert_int_eq(ps_recvfrom(&one, bytes, sizeof bytes, 0, &from), 4);
        ck_assert(ps_addr_equal(&from, &two_address));
        test_close(&one, &two);
        ps_cancel_close(token);
    }
}
END_TEST

/* Traps: THR-2. */
START_TEST(cancel_ends_accept)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        ps_cancel *token = new_token();
        ps_sock listener, client, conn;
        ps_addr a;
        char byte;
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_settimeout(&listener, waiting_modes[i]));
        ck_assert_ok(ps_setcancel(&listener, token));
        ASSERT_CANCELED(token, ps_accept(&listener, &conn, NULL));
        ck_assert(conn.handle == PS_INVALID_HANDLE);
        ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
        ck_assert_ok(ps_connect(&client, &a));
        ck_assert_ok(ps_accept(&listener, &conn, NULL));
        /* The connection has the mode of a new one, and no token. */
        ck_assert(ps_gettimeout(&conn) == PS_NO_TIMEOUT);
        ps_cancel_fire(token);
        ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
        ck_assert_int_eq(ps_recv(&conn, &byte, 1, 0), 1);
        test_close(&client, &conn, &listener);
        ps_cancel_close(token);
    }
}
END_TEST

START_TEST(cancel_ends_sends)
{
    char *data = calloc(1, PLENTY);
    int i;

    ck_assert_ptr_nonnull(data);
    for (i = 0; i < WAITING_MODES; i++) {
        ps_cancel *token = new_token();
        ps_sock client, server;
        size_t sent = 0, got = 0;
        ptrdiff_t count;
        test_tcp_pair(&client, &server);
        ck_assert_ok(ps_settimeout(&client, waiting_modes[i]));
        ck_assert_ok(ps_setcancel(&client, token));
        {
            test_thread *firing = test_thread_start(fire_late, token);
            ck_assert_code(ps_sendall(&client, data, PLENTY, 0, &sent), PS_ECANCELED);
            test_thread_join(firing);
        }
        ck_assert_uint_lt(sent, PLENTY);
        ck_assert_ok(ps_cancel_reset(token));
        /* What it says it sent is what arrives. */
        ck_assert_ok(ps_shutdown(&client, SHUT_WR));
        while ((count = ps_recv(&server, data, PLENTY, 0)) > 0)
            got += (size_t)count;
        ck_assert_code(count, 0);
        ck_assert_uint_eq(got, sent);
        test_close(&client, &server);
        ps_cancel_close(token);
    }
    free(data);
}
END_TEST

/* Even what need not wait: a program that is canceled while the peer never rests learns of it. */
START_TEST(cancel_comes_before_what_need_not_wait)
{
    static const double modes[] = {PS_NO_TIMEOUT, 5, 0};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_cancel *token = new_token();
        ps_sock client, server;
        ps_buffer buffer;
        char byte;
        size_t sent = 99;
        buffer = (ps_buffer){&byte, 1};
        test_tcp_pair(&client, &server);
        ck_assert_int_eq(ps_send(&client, "abc", 3, 0), 3);
        ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
        ck_assert_ok(ps_settimeout(&server, modes[i]));
        ck_assert_ok(ps_setcancel(&server, token));
        ps_cancel_fire(token);
        ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_ECANCELED);
        ck_assert_code(ps_recv(&server, &byte, 1, MSG_PEEK), PS_ECANCELED);
        ck_assert_code(ps_recvmsg(&server, &buffer, 1, NULL, NULL, NULL, 0, NULL, NULL),
                       PS_ECANCELED);
        ck_assert_code(ps_send(&server, "x", 1, 0), PS_ECANCELED);
        ck_assert_code(ps_sendall(&server, "x", 1, 0, &sent), PS_ECANCELED);
        ck_assert_uint_eq(sent, 0);
        ck_assert_code(ps_sendmsg(&server, &buffer, 1, NULL, 0, 0, NULL), PS_ECANCELED);
        /* Without the token it has none of that. */
        ck_assert_ok(ps_setcancel(&server, NULL));
        ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
        ck_assert_int_eq(byte, 'b');
        ck_assert(ps_gettimeout(&server) == modes[i]);
        test_close(&client, &server);
        ps_cancel_close(token);
    }
}
END_TEST

/* ---- one token, many sockets ----------------------------------------------------------------- */

typedef struct waiter {
    ps_sock client;
    ps_sock server;
    ptrdiff_t result;
} waiter;

static void receive_one(void *argument)
{
    waiter *w = argument;
    char byte;

    w->result = ps_recv(&w->server, &byte, 1, 0);
}

/* Traps: THR-2. */
START_TEST(cancel_ends_the_calls_of_many_threads)
{
    enum { COUNT = 12 };
    static waiter waiters[COUNT];
    test_thread *threads[COUNT];
    ps_cancel *token = new_token();
    int round, i;

    for (i = 0; i < COUNT; i++) {
        test_tcp_pair(&waiters[i].client, &waiters[i].server);
        ck_assert_ok(ps_settimeout(&waiters[i].server, waiting_modes[i % WAITING_MODES]));
        ck_assert_ok(ps_setcancel(&waiters[i].server, token));
    }
    for (round = 0; round < 5; round++) {
        for (i = 0; i < COUNT; i++)
            threads[i] = test_thread_start(receive_one, &waiters[i]);
        test_sleep(round * 0.01);
        ps_cancel_fire(token);
        for (i = 0; i < COUNT; i++) {
            test_thread_join(threads[i]);
            ck_assert_code(waiters[i].result, PS_ECANCELED);
        }
        ck_assert_ok(ps_cancel_reset(token));
    }
    for (i = 0; i < COUNT; i++) {
        test_close(&waiters[i].client, &waiters[i].server);
    }
    ps_cancel_close(token);
}
END_TEST

/* ---- what a token does not change ------------------------------------------------------------ */

START_TEST(cancel_leaves_timeouts_as_they_are)
{
    ps_cancel *token = new_token();
    ps_sock client, server;
    double begin;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_setcancel(&server, token));
    ck_assert(ps_gettimeout(&server) == PS_NO_TIMEOUT);
    ck_assert_ok(ps_settimeout(&server, 0.2));
    begin = test_clock();
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    ck_assert_ok(ps_settimeout(&server, 0));
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_ok(ps_settimeout(&server, PS_NO_TIMEOUT));
    ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    test_close(&client, &server);
    ps_cancel_close(token);
}
END_TEST

/* The system's own SO_RCVTIMEO still ends a call in blocking mode, though the handle does not
 * block with a token. */
START_TEST(cancel_leaves_the_systems_own_timeout)
{
    ps_cancel *token = new_token();
    ps_sock client, server;
    double begin;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_setsockopt_int(&server, SOL_SOCKET, SO_RCVTIMEO, 300));
    ck_assert_ok(ps_setcancel(&server, token));
    begin = test_clock();
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_double_ge(test_clock() - begin, 0.25);
    test_close(&client, &server);
    ps_cancel_close(token);
}
END_TEST

START_TEST(cancel_does_not_outlive_detach)
{
    ps_cancel *token = new_token();
    ps_sock client, server, again;
    ps_handle h;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_setcancel(&server, token));
    ps_cancel_fire(token);
    h = ps_detach(&server);
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_EBADF);
    ck_assert_ok(ps_fromfd(&again, h, AF_INET, SOCK_STREAM, 0));
    ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&again, &byte, 1, 0), 1);
    server.handle = h;
    test_close(&server, &again, &client);
    ps_cancel_close(token);
}
END_TEST

/* ---- streams --------------------------------------------------------------------------------- */

START_TEST(cancel_ends_a_stream_and_loses_nothing)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        ps_cancel *token = new_token();
        ps_sock client, server;
        ps_file *file;
        char line[16];
        test_tcp_pair(&client, &server);
        ck_assert_ok(ps_settimeout(&server, waiting_modes[i]));
        ck_assert_ok(ps_makefile(&file, &server, "r", -1));
        /* A token that comes after the stream is the stream's, too. */
        ck_assert_ok(ps_setcancel(&server, token));
        ck_assert_int_eq(ps_send(&client, "abc", 3, 0), 3);
        ASSERT_CANCELED(token, ps_file_readline(file, line, sizeof line));
        ck_assert_int_eq(ps_send(&client, "def\n", 4, 0), 4);
        ck_assert_int_eq(ps_file_readline(file, line, sizeof line), 7);
        ck_assert_mem_eq(line, "abcdef\n", 7);
        ck_assert_ok(ps_close(&server));
        ck_assert_ok(ps_file_close(file));
        ck_assert_ok(ps_close(&client));
        ps_cancel_close(token);
    }
}
END_TEST

void add_cancel_tests(Suite *suite);
void add_cancel_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, cancel_token_is_fired_and_reset);
    ADD_TEST_CASE(suite, cancel_of_nothing);
    ADD_TEST_CASE(suite, cancel_tokens_are_given_back);
    ADD_TEST_CASE(suite, cancel_ends_receives);
    ADD_TEST_CASE(suite, cancel_ends_a_datagram_receive);
    ADD_TEST_CASE(suite, cancel_ends_accept);
    ADD_TEST_CASE(suite, cancel_ends_sends);
    ADD_TEST_CASE(suite, cancel_comes_before_what_need_not_wait);
    ADD_TEST_CASE(suite, cancel_ends_the_calls_of_many_threads);
    ADD_TEST_CASE(suite, cancel_leaves_timeouts_as_they_are);
    ADD_TEST_CASE(suite, cancel_leaves_the_systems_own_timeout);
    ADD_TEST_CASE(suite, cancel_does_not_outlive_detach);
    ADD_TEST_CASE(suite, cancel_ends_a_stream_and_loses_nothing);
}
