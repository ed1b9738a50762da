/* Ports and queues as no test can have them from Wine: all ports are taken, all slots of a queue,
 * and the machine has more listeners than fit into a fixed space. */
#include "test.h"

#include "rules/full_backlog.h"
#include "rules/many_listeners.h"
#include "rules/no_ports.h"

#define PATIENCE 10.0

static const int errors[] = {WSAEADDRINUSE, WSAENOBUFS};

enum { ERRORS = sizeof errors / sizeof errors[0] };

static ps_addr bound_peer(ps_sock *peer, int type)
{
    ps_addr a;

    test_bound(peer, AF_INET, type, &a);
    return a;
}

/* ---- no port is left ------------------------------------------------------------------------- */

START_TEST(no_port_for_a_datagram)
{
    for (size_t i = 0; i < ERRORS; i++) {
        ps_sock peer, s = test_socket(AF_INET, SOCK_DGRAM);
        ps_addr to = bound_peer(&peer, SOCK_DGRAM);
        ps_buffer text = {.data = "x", .size = 1};

        take_all_ports(errors[i]);
        ck_assert_code(ps_sendto(&s, "x", 1, 0, &to), PS_EADDRNOTAVAIL);
        ck_assert_code(ps_sendmsg(&s, &text, 1, NULL, 0, 0, &to), PS_EADDRNOTAVAIL);
        ck_assert_code(ps_connect(&s, &to), PS_EADDRNOTAVAIL);
        take_all_ports(0);
        ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &to), 1);
        test_close(&s, &peer);
    }
}
END_TEST

START_TEST(no_port_for_a_stream)
{
    for (size_t i = 0; i < ERRORS; i++) {
        ps_sock listener, s = test_socket(AF_INET, SOCK_STREAM),
                          unbound = test_socket(AF_INET, SOCK_STREAM);
        ps_addr a, any;

        ck_assert_ok(ps_addr_inet(&any, "", 0));
        test_listener(&listener, AF_INET, &a);
        take_all_ports(errors[i]);
        ck_assert_code(ps_connect(&s, &a), PS_EADDRNOTAVAIL);
        ck_assert_code(ps_bind(&unbound, &any), PS_EADDRNOTAVAIL);
        ck_assert_code(ps_listen(&unbound, 1), PS_EADDRNOTAVAIL);
        take_all_ports(0);
        ck_assert_ok(ps_connect(&s, &a));
        ck_assert_ok(ps_listen(&unbound, 1));
        test_close(&s, &unbound, &listener);
    }
}
END_TEST

/* ---- a queue that is full -------------------------------------------------------------------- */

/* Strangers connect to the listener of a pair before the pair's own client does. */
START_TEST(pair_behind_strangers)
{
    ps_sock pair[2];
    char byte = 0;

    let_strangers_connect(5);
    ck_assert_ok(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0));
    let_strangers_connect(0);
    ck_assert_int_ge(strangers_connected(), 5);
    ck_assert_ok(ps_settimeout(&pair[1], PATIENCE));
    ck_assert_int_eq(ps_send(&pair[0], "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&pair[1], &byte, 1, 0), 1);
    test_close(&pair[0], &pair[1]);
}
END_TEST

/* ---- many listeners -------------------------------------------------------------------------- */

/* A connection that its server has ended first, and the server's address. */
static ps_addr serve_once(ps_sock *client)
{
    ps_sock listener = test_socket(AF_INET, SOCK_STREAM), server;
    ps_addr a;
    char byte;

    ck_assert_ok(ps_addr_literal(&a, "127.0.0.1", 0));
    test_bind_own_port(&listener, &a);
    ck_assert_ok(ps_listen(&listener, 4));
    ck_assert_ok(ps_create_connection(client, "127.0.0.1", ps_addr_port(&a), PATIENCE, NULL));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_ok(ps_close(&server));
    ck_assert_int_eq(ps_recv(client, &byte, 1, 0), 0);
    ck_assert_ok(ps_close(&listener));
    return a;
}

/* A server restarts however many listeners of other ports there are, and finds the one of its
 * own. */
START_TEST(restart_among_many_listeners)
{
    ps_sock client, server;
    ps_addr a = serve_once(&client);

    ck_assert_ok(ps_socket(&server, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_setsockopt_int(&server, SOL_SOCKET, SO_REUSEADDR, 1));
    add_listeners(100000, 0);
    ck_assert_ok(ps_bind(&server, &a));
    add_listeners(0, 0);
    ck_assert_ok(ps_close(&server));

    ck_assert_ok(ps_socket(&server, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_setsockopt_int(&server, SOL_SOCKET, SO_REUSEADDR, 1));
    add_listeners(1000, ps_addr_port(&a));
    ck_assert_code(ps_bind(&server, &a), PS_EADDRINUSE);
    add_listeners(0, 0);
    test_close(&server, &client);
}
END_TEST

void add_ports_tests(Suite *suite);
void add_ports_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, no_port_for_a_datagram);
    ADD_TEST_CASE(suite, no_port_for_a_stream);
    ADD_TEST_CASE(suite, pair_behind_strangers);
    ADD_TEST_CASE(suite, restart_among_many_listeners);
}
