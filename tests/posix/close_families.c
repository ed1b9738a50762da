/* Closing a socket beside a call in flight, where the system has nothing that ends the call:
 * families without a shutdown, and AF_UNIX calls that wait for another socket's queue. */
#include "config.h"

#include "full_listener.h"
#include "test.h"
#include "thread_call.h"

#include <stdio.h>
#include <unistd.h>

#define PATIENCE 15.0
#define A_WHILE 0.1

static const double waiting_modes[] = {PS_NO_TIMEOUT, PATIENCE * 4};
enum { WAITING_MODES = sizeof waiting_modes / sizeof waiting_modes[0] };

static ptrdiff_t keep_receiving(call *c)
{
    char bytes[4096];
    ptrdiff_t count;

    do {
        count = ps_recv(&c->socket, bytes, sizeof bytes, 0);
    } while (count >= 0);
    return count;
}

static ptrdiff_t keep_sending(call *c)
{
    ptrdiff_t count;

    do {
        count = ps_send(&c->socket, "x", 1, 0);
    } while (count >= 0);
    return count;
}

static ptrdiff_t keep_sending_to(call *c)
{
    ptrdiff_t count;

    do {
        count = ps_sendto(&c->socket, "x", 1, 0, &c->address);
    } while (count >= 0);
    return count;
}

static void close_beside(call *c)
{
    test_thread *thread = test_thread_start(run_call, c);
    double begin;

    test_sleep(A_WHILE);
    begin = test_clock();
    ck_assert_code(ps_close(&c->socket), 0);
    test_thread_join(thread);
    ck_assert_double_lt(test_clock() - begin, PATIENCE);
    ck_assert_code(c->result, PS_EBADF);
}

static void close_beside_receive(int family, int type, int proto)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        call c = {.run = keep_receiving};
        int code = ps_socket(&c.socket, family, type, proto);
        if (code == PS_EPERM || code == PS_EACCES)
            test_skip("raw sockets need a right that this user lacks");
        ck_assert_ok(code);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i]));
        close_beside(&c);
    }
}

START_TEST(close_beside_recv_of_netlink)
{
    close_beside_receive(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}
END_TEST

/* A protocol that nobody sends. */
/* Skipped: linux unless net_raw */
START_TEST(close_beside_recv_of_packets)
{
    close_beside_receive(AF_PACKET, SOCK_DGRAM, ps_htons(0x88b5));
}
END_TEST

/* Skipped: linux unless net_raw */
START_TEST(close_beside_recv_of_icmp)
{
    close_beside_receive(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}
END_TEST

/* ---- AF_UNIX --------------------------------------------------------------------------------- */

/* An abstract name that nobody has. */
static ps_addr free_address(void)
{
    static int number;
    char name[64] = "";
    int length =
        snprintf(name + 1, sizeof name - 1, "portsock-close-%ld-%d", (long)getpid(), number++);
    ps_addr address;

    ck_assert_ok(ps_addr_unix(&address, name, (size_t)length + 1));
    return address;
}

START_TEST(close_beside_recv_of_unix)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    int i;

    for (i = 0; i < WAITING_MODES * 3; i++) {
        call c = {.run = keep_receiving};
        ps_sock pair[2];
        ck_assert_ok(ps_socketpair(pair, AF_UNIX, types[i / WAITING_MODES], 0));
        c.socket = pair[0];
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i % WAITING_MODES]));
        close_beside(&c);
        ck_assert_ok(ps_close(&pair[1]));
    }
}
END_TEST

/* The datagrams wait in the other's queue, which nobody empties. */
START_TEST(close_beside_send_to_a_full_unix_queue)
{
    int i;

    for (i = 0; i < WAITING_MODES * 2; i++) {
        call c = {.run = i < WAITING_MODES ? keep_sending : keep_sending_to};
        ps_sock other = test_socket(AF_UNIX, SOCK_DGRAM);
        c.address = free_address();
        ck_assert_ok(ps_bind(&other, &c.address));
        c.socket = test_socket(AF_UNIX, SOCK_DGRAM);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i % WAITING_MODES]));
        if (c.run == keep_sending)
            ck_assert_ok(ps_connect(&c.socket, &c.address));
        close_beside(&c);
        ck_assert_ok(ps_close(&other));
    }
}
END_TEST

START_TEST(close_beside_connect_to_a_full_unix_backlog)
{
    ps_addr address = free_address();
    full_listener f;
    int i;

    ck_assert(full_listener_open_at(&f, &address));
    for (i = 0; i < WAITING_MODES; i++) {
        call c = {.run = run_connect, .address = address};
        c.socket = test_socket(AF_UNIX, SOCK_STREAM);
        ck_assert_ok(ps_settimeout(&c.socket, waiting_modes[i]));
        close_beside(&c);
    }
    full_listener_close(&f);
}
END_TEST

/* A connect that waited without blocking leaves the socket in the mode it was in. */
START_TEST(close_is_not_what_a_unix_connect_needs)
{
    ps_sock listener = test_socket(AF_UNIX, SOCK_STREAM),
            client = test_socket(AF_UNIX, SOCK_STREAM), server;
    ps_addr address = free_address();
    char byte;

    ck_assert_ok(ps_bind(&listener, &address));
    ck_assert_ok(ps_listen(&listener, 4));
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
#if PS__HAVE_SHUTDOWN_WAKES
    ck_assert_int_eq(client.modes, 0);
#endif
    ck_assert_int_eq(ps_send(&server, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&client, &byte, 1, 0), 1);
    test_close(&client, &server, &listener);
}
END_TEST

/* ---- what the program had set ---------------------------------------------------------------- */

/* A handle that does not block for our sake still keeps the system's own time limit, and is
 * given up as it was asked for. */
START_TEST(close_needs_no_change_of_a_timeout)
{
    struct timeval time = {0, 300000};
    ps_sock pair[2];
    double begin = test_clock();
    char byte;
    ps_handle h;

    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_DGRAM, 0));
    ck_assert_ok(ps_setsockopt(&pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
    ck_assert_code(ps_recv(&pair[0], &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_double_ge(test_clock() - begin, 0.25);
    begin = test_clock();
    h = ps_detach(&pair[0]);
    ck_assert_int_lt(recv(h, &byte, 1, 0), 0);
    ck_assert_double_ge(test_clock() - begin, 0.25);
    close(h);
    ck_assert_ok(ps_close(&pair[1]));
}
END_TEST

void add_close_families_tests(Suite *suite);
void add_close_families_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, close_beside_recv_of_netlink);
    ADD_TEST_CASE(suite, close_beside_recv_of_packets);
    ADD_TEST_CASE(suite, close_beside_recv_of_icmp);
    ADD_TEST_CASE(suite, close_beside_recv_of_unix);
    ADD_TEST_CASE(suite, close_beside_send_to_a_full_unix_queue);
    ADD_TEST_CASE(suite, close_beside_connect_to_a_full_unix_backlog);
    ADD_TEST_CASE(suite, close_is_not_what_a_unix_connect_needs);
    ADD_TEST_CASE(suite, close_needs_no_change_of_a_timeout);
}
