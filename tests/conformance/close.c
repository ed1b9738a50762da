/* Closing a socket while other threads are in calls on it: they end with PS_EBADF in bounded
 * time, and none of them works on what gets the handle's number next (traps THR-1, THR-2,
 * THR-5). */
#include "full_listener.h"
#include "test.h"
#include "thread_call.h"

#include <stdatomic.h>

/* Far more than a closed call needs, also on a busy machine. */
#define PATIENCE 15.0
/* How long a call is left alone before its socket is closed, so that it waits by then. */
#define A_WHILE 0.1

static const double waiting_modes[] = {PS_NO_TIMEOUT, PATIENCE * 4};
enum { WAITING_MODES = sizeof waiting_modes / sizeof waiting_modes[0] };

/* Closes the socket of a call that waits, and sees it end. */
static void close_beside(call *c, double seconds)
{
    test_thread *thread = test_thread_start(run_call, c);
    double begin;

    test_sleep(seconds);
    begin = test_clock();
    ck_assert_code(ps_close(&c->socket), 0);
    ck_assert_double_lt(test_clock() - begin, PATIENCE);
    ck_assert(c->socket.handle == PS_INVALID_HANDLE);
    test_thread_join(thread);
    ck_assert_double_lt(test_clock() - begin, PATIENCE);
    ck_assert_code(c->result, PS_EBADF);
    ck_assert_code(ps_close(&c->socket), 0);
    ck_assert_code(run_recv(c), PS_EBADF);
}

/* At once, too: the call may be on its way into the system, or may not have begun. */
static const double moments[] = {A_WHILE, 0};
enum { MOMENTS = sizeof moments / sizeof moments[0] };

/* ---- each call that waits -------------------------------------------------------------------- */

static void close_beside_receive(ptrdiff_t (*run)(call *c))
{
    int i;

    for (i = 0; i < WAITING_MODES * MOMENTS; i++) {
        call c = {.run = run};
        ps_sock peer;
        test_tcp_pair(&peer, &c.socket);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i % WAITING_MODES]));
        close_beside(&c, moments[i / WAITING_MODES]);
        ck_assert_ok(ps_close(&peer));
    }
}

/* Traps: THR-1. */
START_TEST(close_beside_recv)
{
    close_beside_receive(run_recv);
}
END_TEST

START_TEST(close_beside_recvmsg)
{
    close_beside_receive(run_recvmsg);
}
END_TEST

START_TEST(close_beside_waitall)
{
    close_beside_receive(run_waitall);
}
END_TEST

/* Traps: THR-1. */
START_TEST(close_beside_recvfrom)
{
    int i;

    for (i = 0; i < WAITING_MODES * MOMENTS; i++) {
        call c = {.run = run_recvfrom};
        ps_addr other_address;
        ps_sock other;
        test_udp_pair(&c.socket, &c.address, &other, &other_address);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i % WAITING_MODES]));
        close_beside(&c, moments[i / WAITING_MODES]);
        ck_assert_ok(ps_close(&other));
    }
}
END_TEST

/* Traps: THR-1. */
START_TEST(close_beside_accept)
{
    int i;

    for (i = 0; i < WAITING_MODES * MOMENTS; i++) {
        call c = {.run = run_accept};
        test_listener(&c.socket, AF_INET, &c.address);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i % WAITING_MODES]));
        close_beside(&c, moments[i / WAITING_MODES]);
    }
}
END_TEST

static void close_beside_sending(ptrdiff_t (*run)(call *c))
{
    char *data = calloc(1, PLENTY);
    int i;

    ck_assert_ptr_nonnull(data);
    for (i = 0; i < WAITING_MODES * MOMENTS; i++) {
        call c = {.run = run, .data = data};
        ps_sock peer;
        test_tcp_pair(&peer, &c.socket);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i % WAITING_MODES]));
        close_beside(&c, moments[i / WAITING_MODES]);
        ck_assert_uint_lt(c.sent, PLENTY);
        ck_assert_ok(ps_close(&peer));
    }
    free(data);
}

/* Traps: THR-3. */
START_TEST(close_beside_sendall)
{
    close_beside_sending(run_sendall);
}
END_TEST

START_TEST(close_beside_send)
{
    close_beside_sending(run_send);
}
END_TEST

START_TEST(close_beside_connect)
{
    full_listener f = full_listener_open();
    int i;

    for (i = 0; i < WAITING_MODES * MOMENTS; i++) {
        call c = {.run = run_connect, .address = f.address};
        ck_assert_ok(ps_socket(&c.socket, AF_INET, SOCK_STREAM, 0));
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i % WAITING_MODES]));
        close_beside(&c, moments[i / WAITING_MODES]);
    }
    full_listener_close(&f);
}
END_TEST

/* A token that is not fired makes no difference; one that is fired meanwhile neither. */
START_TEST(close_comes_before_cancel)
{
    int i;

    for (i = 0; i < WAITING_MODES * MOMENTS; i++) {
        call c = {.run = run_recv};
        ps_cancel *token;
        ps_sock peer;
        ck_assert_ok(ps_cancel_open(&token));
        test_tcp_pair(&peer, &c.socket);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i % WAITING_MODES]));
        ck_assert_ok(ps_setcancel(&c.socket, token));
        close_beside(&c, moments[i / WAITING_MODES]);
        ck_assert(!ps_cancel_fired(token));
        ps_cancel_close(token);
        ck_assert_ok(ps_close(&peer));
    }
}
END_TEST

/* ---- many at once ---------------------------------------------------------------------------- */

typedef struct crowd {
    ps_sock socket;
    atomic_int right;
} crowd;

static void receive_in_a_crowd(void *argument)
{
    crowd *c = argument;
    char byte;

    if (ps_recv(&c->socket, &byte, 1, 0) == PS_EBADF)
        c->right++;
}

static void send_in_a_crowd(void *argument)
{
    crowd *c = argument;
    ptrdiff_t result;
    char bytes[512] = "";

    do {
        result = ps_sendall(&c->socket, bytes, sizeof bytes, 0, NULL);
    } while (result == 0);
    if (result == PS_EBADF)
        c->right++;
}

static void ask_in_a_crowd(void *argument)
{
    crowd *c = argument;
    ps_addr a;
    int code, value;

    do {
        code = ps_getsockname(&c->socket, &a);
        if (code == 0)
            code = ps_getsockopt_int(&c->socket, SOL_SOCKET, SO_TYPE, &value);
    } while (code == 0);
    if (code == PS_EBADF)
        c->right++;
}

static void close_in_a_crowd(void *argument)
{
    crowd *c = argument;

    if (ps_close(&c->socket) == 0)
        c->right++;
}

/* Traps: THR-1. */
START_TEST(close_ends_the_calls_of_many_threads)
{
    enum { COUNT = 12, CLOSERS = 2 };
    static void (*const runs[])(void *) = {receive_in_a_crowd, send_in_a_crowd, ask_in_a_crowd};
    int round, i;

    for (round = 0; round < 12; round++) {
        test_thread *threads[COUNT + CLOSERS];
        crowd c = {.right = 0};
        ps_sock peer;
        test_tcp_pair(&peer, &c.socket);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[round % WAITING_MODES]));
        for (i = 0; i < COUNT; i++)
            threads[i] = test_thread_start(runs[i % 3], &c);
        test_sleep(round * 0.005);
        for (i = 0; i < CLOSERS; i++)
            threads[COUNT + i] = test_thread_start(close_in_a_crowd, &c);
        for (i = 0; i < COUNT + CLOSERS; i++)
            test_thread_join(threads[i]);
        ck_assert_int_eq(c.right, COUNT + CLOSERS);
        ck_assert(c.socket.handle == PS_INVALID_HANDLE);
        ck_assert_ok(ps_close(&peer));
    }
}
END_TEST

/* ---- the number that is used again ----------------------------------------------------------- */

typedef struct victim {
    ps_sock socket;
    bool stolen; /* it has received what was meant for another */
    ptrdiff_t end;
} victim;

static void receive_until_closed(void *argument)
{
    victim *v = argument;
    char byte;

    while ((v->end = ps_recv(&v->socket, &byte, 1, 0)) > 0) {
        if (byte != 'v')
            v->stolen = true;
    }
}

/* Each connection of the victim has 'v' to give, each that comes after it and may get its number
 * 'o'. */
/* Traps: THR-5. */
START_TEST(close_never_lets_a_call_loose_on_another_socket)
{
    enum { ROUNDS = 150, OTHERS = 3 };
    int round, i;

    for (round = 0; round < ROUNDS; round++) {
        victim v = {.stolen = false};
        ps_sock peer, others[OTHERS][2];
        test_thread *thread;
        test_tcp_pair(&peer, &v.socket);
        if (round % 2)
            ck_assert_ok(ps_settimeout(&v.socket, PATIENCE));
        ck_assert_int_eq(ps_send(&peer, "vvvv", 4, 0), 4);
        thread = test_thread_start(receive_until_closed, &v);
        if (round % 3 == 0)
            test_sleep(0.001);
        ck_assert_ok(ps_close(&v.socket));
        for (i = 0; i < OTHERS; i++) {
            test_tcp_pair(&others[i][0], &others[i][1]);
            ck_assert_int_eq(ps_send(&others[i][0], "o", 1, 0), 1);
        }
        test_thread_join(thread);
        ck_assert_code(v.end, PS_EBADF);
        ck_assert(!v.stolen);
        for (i = 0; i < OTHERS; i++) {
            char byte;
            ck_assert_int_eq(ps_recv(&others[i][1], &byte, 1, 0), 1);
            ck_assert_int_eq(byte, 'o');
            test_close(&others[i][0], &others[i][1]);
        }
        ck_assert_ok(ps_close(&peer));
    }
}
END_TEST

/* ---- streams, duplicates, detach ------------------------------------------------------------- */

typedef struct reading {
    ps_file *file;
    char text[8];
    ptrdiff_t count;
} reading;

static void read_line(void *argument)
{
    reading *r = argument;

    r->count = ps_file_readline(r->file, r->text, sizeof r->text);
}

/* As in the reference the connection stays while a stream is open, so its call goes on. */
START_TEST(close_leaves_a_stream_its_connection)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        reading r = {.count = 99};
        ps_sock client, server;
        test_thread *thread;
        test_tcp_pair(&client, &server);
        ck_assert_ok(ps_settimeout(&server, waiting_modes[i]));
        ck_assert_ok(ps_makefile(&r.file, &server, "r", -1));
        thread = test_thread_start(read_line, &r);
        test_sleep(A_WHILE);
        ck_assert_ok(ps_close(&server));
        ck_assert_int_eq(ps_send(&client, "abc\n", 4, 0), 4);
        test_thread_join(thread);
        ck_assert_code(r.count, 4);
        ck_assert_mem_eq(r.text, "abc\n", 4);
        ck_assert_ok(ps_file_close(r.file));
        ck_assert_ok(ps_close(&client));
    }
}
END_TEST

/* Without calls in flight nothing happens to a duplicate, nor to what the peer has still to
 * read. */
START_TEST(close_alone_leaves_duplicates_alone)
{
    ps_sock client, server, duplicate;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_fromfd(&duplicate, ps_fileno(&server), AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_close(&server));
    ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&duplicate, &byte, 1, 0), 1);
    ck_assert_int_eq(ps_send(&duplicate, "y", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&client, &byte, 1, 0), 1);
    test_close(&duplicate, &client);
}
END_TEST

/* A closed socket is a new one's place, as often as one likes. */
START_TEST(close_and_open_again)
{
    ps_sock s = PS_SOCK_INIT;
    int i;

    for (i = 0; i < 1000; i++) {
        ps_addr a;
        ck_assert_code(ps_getsockname(&s, &a), PS_EBADF);
        ck_assert_ok(ps_socket(&s, AF_INET, i % 2 ? SOCK_STREAM : SOCK_DGRAM, 0));
        ck_assert_ok(ps_getsockname(&s, &a));
        ck_assert_ok(ps_close(&s));
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

START_TEST(close_keeps_a_socket_small)
{
    ck_assert_uint_le(sizeof(ps_sock), 48);
}
END_TEST

void add_close_tests(Suite *suite);
void add_close_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, close_beside_recv);
    ADD_TEST_CASE(suite, close_beside_recvmsg);
    ADD_TEST_CASE(suite, close_beside_waitall);
    ADD_TEST_CASE(suite, close_beside_recvfrom);
    ADD_TEST_CASE(suite, close_beside_accept);
    ADD_TEST_CASE(suite, close_beside_sendall);
    ADD_TEST_CASE(suite, close_beside_send);
    ADD_TEST_CASE(suite, close_beside_connect);
    ADD_TEST_CASE(suite, close_comes_before_cancel);
    ADD_TEST_CASE(suite, close_ends_the_calls_of_many_threads);
    ADD_TEST_CASE(suite, close_never_lets_a_call_loose_on_another_socket);
    ADD_TEST_CASE(suite, close_leaves_a_stream_its_connection);
    ADD_TEST_CASE(suite, close_alone_leaves_duplicates_alone);
    ADD_TEST_CASE(suite, close_and_open_again);
    ADD_TEST_CASE(suite, close_keeps_a_socket_small);
}
