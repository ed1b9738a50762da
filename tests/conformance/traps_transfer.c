/* Sending, ending and closing, the same on every system (traps LIF-6, OPT-2, OPT-5, OPT-6,
 * OPT-13, SND-16 to SND-18). */
#include "test.h"

#define PATIENCE 10.0

/* ---- urgent data ----------------------------------------------------------------------------- */

/* Asked for an urgent byte that is not there, Linux and Windows say so; Wine would wait for
 * ever. */
/* Traps: SND-16. */
START_TEST(traps_urgent_byte_that_is_not_there)
{
    static const double timeouts[] = {PS_NO_TIMEOUT, PATIENCE, 0};

    for (size_t i = 0; i < 3; i++) {
        ps_sock client, server;
        char byte;
        test_tcp_pair(&client, &server);
        ck_assert_ok(ps_settimeout(&server, timeouts[i]));
        ck_assert_code(ps_recv(&server, &byte, 1, MSG_OOB), PS_EINVAL);
        ck_assert_int_eq(ps_send(&client, "a", 1, 0), 1);
        ck_assert_code(ps_recv(&server, &byte, 1, MSG_OOB), PS_EINVAL);
        test_close(&client, &server);
    }
}
END_TEST

/* ---- shutdown -------------------------------------------------------------------------------- */

/* Traps: SND-17. */
START_TEST(traps_shutdown_after_the_peer_has_gone)
{
    ps_sock client, server;
    char byte;
    int code;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_close(&server));
    ck_assert_int_eq(ps_recv(&client, &byte, 1, 0), 0);
    ck_assert_ok(ps_shutdown(&client, SHUT_WR));
    code = ps_shutdown(&client, SHUT_RDWR);
    ck_assert(code == 0 || code == PS_ENOTCONN);
    ck_assert_ok(ps_close(&client));
}
END_TEST

/* ---- close ----------------------------------------------------------------------------------- */

/* Fills the way to a peer that does not read, so that there is something to wait for. */
static void fill(ps_sock *s)
{
    static char data[65536];

    ck_assert_ok(ps_setblocking(s, 0));
    while (ps_send(s, data, sizeof data, 0) > 0)
        continue;
}

/* A socket that lingers is closed after that time at the latest, in non-blocking mode, too, and
 * for good. */
/* Traps: LIF-6. */
START_TEST(traps_close_of_a_lingering_socket)
{
    ps_sock client, server;
    double start;

    test_tcp_pair(&client, &server);
    fill(&client);
    ck_assert_ok(ps_setlinger(&client, true, 1));
    start = test_clock();
    ck_assert_ok(ps_close(&client));
    ck_assert_double_ge(test_clock() - start, 0.9);
    ck_assert_double_lt(test_clock() - start, PATIENCE);
    ck_assert_code(ps_close(&client), 0);
    ck_assert_ok(ps_close(&server));
}
END_TEST

/* Traps: OPT-6. */
START_TEST(traps_linger_is_given_back)
{
    static const int seconds[] = {0, 1, 7, 32767};
    ps_sock client, server;
    bool on = true;
    int given = -1;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_getlinger(&client, &on, &given));
    ck_assert(!on);
    ck_assert_int_eq(given, 0);
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        ck_assert_ok(ps_setlinger(&client, true, seconds[i]));
        ck_assert_ok(ps_getlinger(&client, &on, &given));
        ck_assert(on);
        ck_assert_int_eq(given, seconds[i]);
    }
    ck_assert_ok(ps_setlinger(&client, false, 5));
    ck_assert_ok(ps_getlinger(&client, &on, &given));
    ck_assert(!on);
    ck_assert_int_eq(given, 0);
    test_close(&client, &server);
}
END_TEST

/* Traps: OPT-6. */
START_TEST(traps_linger_refuses)
{
    ps_sock s, none = PS_SOCK_INIT;
    bool on;
    int seconds;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ck_assert_code(ps_setlinger(&s, true, -1), PS_EINVAL);
    ck_assert_code(ps_setlinger(&s, true, 32768), PS_EINVAL);
    ck_assert_ok(ps_setlinger(&s, false, -1));
    ck_assert_code(ps_setlinger(NULL, true, 1), PS_EFAULT);
    ck_assert_code(ps_setlinger(&none, true, 1), PS_EBADF);
    ck_assert_code(ps_getlinger(&none, &on, &seconds), PS_EBADF);
    ck_assert_code(ps_getlinger(NULL, &on, &seconds), PS_EFAULT);
    ck_assert_code(ps_getlinger(&s, NULL, &seconds), PS_EFAULT);
    ck_assert_code(ps_getlinger(&s, &on, NULL), PS_EFAULT);
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    ck_assert_code(ps_setlinger(&s, true, 1), PS_ENOPROTOOPT);
    ck_assert_code(ps_getlinger(&s, &on, &seconds), PS_ENOPROTOOPT);
    ck_assert_ok(ps_close(&s));
}
END_TEST

typedef struct reader {
    ps_sock *s;
    size_t total;
    ptrdiff_t last;
} reader;

static void read_to_the_end(void *argument)
{
    reader *r = argument;
    char room[4096];

    while ((r->last = ps_recv(r->s, room, sizeof room, 0)) > 0)
        r->total += (size_t)r->last;
    (void)ps_close(r->s);
}

/* The peer gets everything to the last byte and a clean end, though it had sent what nobody
 * read. */
/* Traps: SND-18. */
START_TEST(traps_graceful_close_delivers_everything)
{
    static char data[300000];
    ps_sock client, server;
    reader r = {.s = &client};
    test_thread *thread;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_int_eq(ps_send(&client, "never read", 10, 0), 10);
    thread = test_thread_start(read_to_the_end, &r);
    ck_assert_ok(ps_sendall(&server, data, sizeof data, 0, NULL));
    ck_assert_ok(ps_close_gracefully(&server, PATIENCE));
    ck_assert(server.handle == PS_INVALID_HANDLE);
    test_thread_join(thread);
    ck_assert_uint_eq(r.total, sizeof data);
    ck_assert_int_eq((int)r.last, 0);
}
END_TEST

/* A peer that stays is waited for no longer than told. */
/* Traps: SND-18. */
START_TEST(traps_graceful_close_times_out)
{
    static const double timeouts[] = {0.2, 0};

    for (size_t i = 0; i < 2; i++) {
        ps_sock client, server;
        double start;
        char byte;
        test_tcp_pair(&client, &server);
        start = test_clock();
        ck_assert_code(ps_close_gracefully(&server, timeouts[i]), PS_TIMED_OUT);
        ck_assert_double_ge(test_clock() - start, timeouts[i] * 0.99);
        ck_assert(server.handle == PS_INVALID_HANDLE);
        ck_assert_ok(ps_settimeout(&client, PATIENCE));
        ck_assert_int_eq(ps_recv(&client, &byte, 1, 0), 0);
        ck_assert_ok(ps_close(&client));
    }
}
END_TEST

START_TEST(traps_graceful_close_of_what_is_not_connected)
{
    ps_sock s, none = PS_SOCK_INIT;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ck_assert_code(ps_close_gracefully(&s, -1), PS_BAD_TIMEOUT);
    ck_assert(s.handle != PS_INVALID_HANDLE);
    ck_assert_ok(ps_close_gracefully(&s, PATIENCE));
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close_gracefully(&none, PATIENCE));
    ck_assert_code(ps_close_gracefully(NULL, PATIENCE), PS_EFAULT);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    ck_assert_ok(ps_close_gracefully(&s, PATIENCE));
    ck_assert(s.handle == PS_INVALID_HANDLE);
}
END_TEST

/* ---- options --------------------------------------------------------------------------------- */

/* Traps: OPT-5. */
START_TEST(traps_buffer_size_below_zero_is_refused)
{
    static const int names[] = {SO_SNDBUF, SO_RCVBUF};
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    for (size_t i = 0; i < 2; i++) {
        int before = 0, after = 0;
        ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, names[i], &before));
        ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, names[i], -1), PS_EINVAL);
        ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, names[i], &after));
        ck_assert_int_eq(before, after);
    }
    ck_assert_ok(ps_close(&s));
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_SNDBUF, -1), PS_EBADF);
}
END_TEST

/* A switch is on for every number but 0, and told as 1. */
/* Traps: OPT-2. */
START_TEST(traps_switch_of_256_is_on)
{
    static const int levels[] = {SOL_SOCKET, IPPROTO_TCP};
    static const int names[] = {SO_KEEPALIVE, TCP_NODELAY};
    ps_sock s;
    int value = -1;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    for (size_t i = 0; i < 2; i++) {
        ck_assert_ok(ps_setsockopt_int(&s, levels[i], names[i], 256));
        ck_assert_ok(ps_getsockopt_int(&s, levels[i], names[i], &value));
        ck_assert_int_eq(value, 1);
    }
    ck_assert_ok(ps_close(&s));
}
END_TEST

void add_traps_transfer_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, traps_urgent_byte_that_is_not_there);
    ADD_TEST_CASE(suite, traps_shutdown_after_the_peer_has_gone);
    ADD_TEST_CASE(suite, traps_close_of_a_lingering_socket);
    ADD_TEST_CASE(suite, traps_linger_is_given_back);
    ADD_TEST_CASE(suite, traps_linger_refuses);
    ADD_TEST_CASE(suite, traps_graceful_close_delivers_everything);
    ADD_TEST_CASE(suite, traps_graceful_close_times_out);
    ADD_TEST_CASE(suite, traps_graceful_close_of_what_is_not_connected);
    ADD_TEST_CASE(suite, traps_buffer_size_below_zero_is_refused);
    ADD_TEST_CASE(suite, traps_switch_of_256_is_on);
}
