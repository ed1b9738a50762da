/* Who may have a port, the same on every system (traps CON-20, CON-21, OPT-7 to OPT-10). */
#include "test.h"

#define PATIENCE 10.0

/* ---- helpers --------------------------------------------------------------------------------- */

static void reuse(ps_sock *s)
{
    ck_assert_ok(ps_setsockopt_int(s, SOL_SOCKET, SO_REUSEADDR, 1));
}

/* "::" is the wildcard of both families. */
static ps_addr at(const char *host, int port)
{
    ps_addr a;

    ck_assert_ok(ps_addr_literal(&a, host, port));
    return a;
}

/* A socket bound to a port of `host`, and the port, which no other test has at any address. */
static ps_sock holder(int type, const char *host, bool shared, int *port)
{
    ps_addr a = at(host, 0);
    ps_sock s = test_socket(ps_addr_family(&a), type);

    if (shared)
        reuse(&s);
    test_bind_own_port(&s, &a);
    *port = ps_addr_port(&a);
    return s;
}

/* What a second socket is told that binds to a port of `host`. */
static int second_bind(int type, const char *host, bool shared, int port)
{
    ps_addr a = at(host, port);
    ps_sock s = test_socket(ps_addr_family(&a), type);
    int code;

    if (shared)
        reuse(&s);
    code = ps_bind(&s, &a);
    ck_assert_ok(ps_close(&s));
    return code;
}

/* ---- nobody takes a port --------------------------------------------------------------------- */

/* A live listener keeps its port, whoever asks and in whatever way: by the same address or an
 * overlapping one. */
static void assert_listener_keeps_port(bool first_shared, bool second_shared)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0"};

    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 2; j++) {
            int port;
            ps_sock s = holder(SOCK_STREAM, hosts[i], first_shared, &port);
            ck_assert_ok(ps_listen(&s, 4));
            ck_assert_code(second_bind(SOCK_STREAM, hosts[j], second_shared, port), PS_EADDRINUSE);
            ck_assert_ok(ps_close(&s));
        }
    }
}

/* Traps: CON-20 ERR-7 OPT-8. */
START_TEST(traps_listener_keeps_its_port)
{
    assert_listener_keeps_port(false, false);
}
END_TEST

/* Traps: OPT-7. */
START_TEST(traps_listener_keeps_its_port_from_reuseaddr)
{
    assert_listener_keeps_port(false, true);
    assert_listener_keeps_port(true, true);
}
END_TEST

/* Nor do the families take each other's port: a server at :: has IPv4's, too. */
/* Traps: OPT-7 OPT-8 OPT-10. */
START_TEST(traps_listener_keeps_its_port_of_both_families)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0", "::1", "::"};

    test_need_ipv6();
    for (size_t i = 0; i < 16; i++) {
        const char *first = hosts[i / 4], *second = hosts[i % 4];
        bool apart = (i / 4 == 2 && i % 4 < 2) || (i % 4 == 2 && i / 4 < 2);
        for (int shared = 0; shared < 2 && !apart; shared++) {
            int port;
            ps_sock s = holder(SOCK_STREAM, first, shared, &port);
            ck_assert_ok(ps_listen(&s, 4));
            ck_assert_code(second_bind(SOCK_STREAM, second, shared, port), PS_EADDRINUSE);
            ck_assert_ok(ps_close(&s));
        }
    }
}
END_TEST

/* Connections go on coming to the first. */
START_TEST(traps_listener_serves_after_a_thief_tried)
{
    int port;
    ps_sock listener = holder(SOCK_STREAM, "0.0.0.0", true, &port), client, server;

    ck_assert_ok(ps_listen(&listener, 4));
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    ck_assert_code(second_bind(SOCK_STREAM, "127.0.0.1", true, port), PS_EADDRINUSE);
    ck_assert_ok(ps_create_connection(&client, "127.0.0.1", port, PATIENCE, NULL));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    test_close(&client, &server, &listener);
}
END_TEST

/* A stream that is bound and does not listen yet keeps its port, too, from one that does not ask
 * to restart. */
START_TEST(traps_bound_stream_keeps_its_port)
{
    int port;
    ps_sock s = holder(SOCK_STREAM, "127.0.0.1", false, &port);

    ck_assert_code(second_bind(SOCK_STREAM, "127.0.0.1", false, port), PS_EADDRINUSE);
    ck_assert_code(second_bind(SOCK_STREAM, "127.0.0.1", true, port), PS_EADDRINUSE);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: CON-20. */
START_TEST(traps_datagram_keeps_its_port)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0"};

    for (size_t i = 0; i < 2; i++) {
        int port;
        ps_sock s = holder(SOCK_DGRAM, hosts[i], false, &port);
        ck_assert_code(second_bind(SOCK_DGRAM, hosts[i], false, port), PS_EADDRINUSE);
        ck_assert_code(second_bind(SOCK_DGRAM, hosts[i], true, port), PS_EADDRINUSE);
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

/* The port that the system gives with the first datagram is its own as well. */
/* Traps: OPT-8. */
START_TEST(traps_datagram_keeps_the_port_of_its_first_send)
{
    int target_port, port;
    ps_sock target = holder(SOCK_DGRAM, "127.0.0.1", false, &target_port),
            s = test_socket(AF_INET, SOCK_DGRAM);
    ps_addr to = at("127.0.0.1", target_port), own;

    ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &to), 1);
    ck_assert_ok(ps_getsockname(&s, &own));
    port = ps_addr_port(&own);
    ck_assert_int_gt(port, 0);
    ck_assert_code(second_bind(SOCK_DGRAM, "0.0.0.0", true, port), PS_EADDRINUSE);
    test_close(&s, &target);
}
END_TEST

/* ---- restart --------------------------------------------------------------------------------- */

/* Serves one connection, ends it from the server's side, which then is the one that waits, and
 * returns the port. */
static int old_connection_at(const char *host, ps_sock *client)
{
    int port;
    ps_sock listener = holder(SOCK_STREAM, host, true, &port), server;
    char byte;

    ck_assert_ok(ps_listen(&listener, 4));
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    ck_assert_ok(ps_create_connection(client, host, port, PATIENCE, NULL));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_ok(ps_close(&server));
    ck_assert_int_eq(ps_recv(client, &byte, 1, 0), 0);
    ck_assert_ok(ps_close(&listener));
    return port;
}

static int old_connection(ps_sock *client)
{
    return old_connection_at("127.0.0.1", client);
}

static ps_sock restart(const char *host, int port)
{
    ps_addr a = at(host, port);
    ps_sock server = test_socket(ps_addr_family(&a), SOCK_STREAM);

    reuse(&server);
    ck_assert_ok(ps_bind(&server, &a));
    ck_assert_ok(ps_listen(&server, 4));
    return server;
}

/* The server that closed its connection is there again at once. */
/* Traps: OPT-7. */
START_TEST(traps_server_restarts_over_old_connections)
{
    ps_sock client, server;
    int port = old_connection(&client);

    ck_assert_ok(ps_close(&client));
    test_sleep(0.05);
    server = restart("127.0.0.1", port);
    ck_assert_ok(ps_close(&server));
}
END_TEST

/* Also while the client has not closed its side. */
START_TEST(traps_server_restarts_over_half_closed_connections)
{
    ps_sock client, server;
    int port = old_connection(&client);

    server = restart("127.0.0.1", port);
    test_close(&server, &client);
}
END_TEST

/* Where the old connections were, at the wildcard, and for both families. */
static const char *const restart_hosts[] = {"127.0.0.1", "0.0.0.0", "::"};

static size_t restart_host_count(void)
{
    return ps_has_ipv6() ? 3 : 2;
}

/* And the restarted server is not to be robbed either, of no address. */
/* Traps: OPT-7 OPT-8. */
START_TEST(traps_restarted_server_keeps_its_port)
{
    for (size_t i = 0; i < restart_host_count(); i++) {
        for (size_t j = 0; j < restart_host_count(); j++) {
            ps_sock client, server;
            int port = old_connection(&client);

            server = restart(restart_hosts[i], port);
            ck_assert_code(second_bind(SOCK_STREAM, restart_hosts[j], false, port), PS_EADDRINUSE);
            ck_assert_code(second_bind(SOCK_STREAM, restart_hosts[j], true, port), PS_EADDRINUSE);
            test_close(&server, &client);
        }
    }
}
END_TEST

/* Nor of one that the old connections have nothing to do with, where Windows would not mind. */
/* Traps: OPT-7 OPT-8. */
START_TEST(traps_restarted_server_keeps_its_other_addresses)
{
    ps_sock client, server;
    int port;

    test_need_ipv6();
    port = old_connection(&client);
    server = restart("::", port);
    ck_assert_code(second_bind(SOCK_STREAM, "::1", false, port), PS_EADDRINUSE);
    ck_assert_code(second_bind(SOCK_STREAM, "::1", true, port), PS_EADDRINUSE);
    test_close(&server, &client);
}
END_TEST

/* Of two servers that are restarted at once, one listens: the other learns so by its bind, or by
 * its listen. */
/* Traps: OPT-7 OPT-8. */
START_TEST(traps_restarts_at_once_leave_one_server)
{
    ps_sock client, first = test_socket(AF_INET, SOCK_STREAM),
                    second = test_socket(AF_INET, SOCK_STREAM);
    int port = old_connection(&client), code;
    ps_addr any = at("0.0.0.0", port), one = at("127.0.0.1", port);

    reuse(&first);
    reuse(&second);
    ck_assert_ok(ps_bind(&first, &any));
    code = ps_bind(&second, &one);
    if (code == 0)
        ck_assert_ok(ps_listen(&second, 4));
    else
        ck_assert_code(code, PS_EADDRINUSE);
    ck_assert_code(ps_listen(&first, 4), code == 0 ? PS_EADDRINUSE : 0);
    test_close(&second, &first, &client);
}
END_TEST

/* Old connections at one address of the port are no reason to take the port of the server that
 * listens at another. */
/* Traps: OPT-7 OPT-10. */
START_TEST(traps_restart_beside_a_server_of_the_other_family)
{
    for (size_t i = 0; i < restart_host_count(); i++) {
        ps_sock client, server;
        int port = old_connection(&client);

        server = restart("127.0.0.1", port);
        ck_assert_ok(ps_settimeout(&server, PATIENCE));
        ck_assert_code(second_bind(SOCK_STREAM, restart_hosts[i], true, port), PS_EADDRINUSE);
        ck_assert_ok(ps_close(&client));
        ck_assert_ok(ps_create_connection(&client, "127.0.0.1", port, PATIENCE, NULL));
        test_close(&server, &client);
    }
}
END_TEST

static int bind_only_inet6(ps_sock *s, int port)
{
    ps_addr a = at("::", port);
    int code;

    *s = test_socket(AF_INET6, SOCK_STREAM);
    reuse(s);
    ck_assert_ok(ps_setsockopt_int(s, IPPROTO_IPV6, IPV6_V6ONLY, 1));
    code = ps_bind(s, &a);
    return code == 0 ? ps_listen(s, 4) : code;
}

/* A server for IPv6 only has not IPv4's port, and restarts beside the server that has it. */
/* Traps: OPT-7 OPT-10. */
START_TEST(traps_restart_for_inet6_only)
{
    ps_sock client, inet_server, server;
    int port;

    test_need_ipv6();
    port = old_connection_at("::1", &client);
    inet_server = restart("0.0.0.0", port);
    ck_assert_ok(bind_only_inet6(&server, port));
    test_close(&server, &inet_server, &client);
}
END_TEST

/* The other way round, too: a server with a socket for each family restarts in any order. */
/* Traps: OPT-7 OPT-10. */
START_TEST(traps_restart_for_inet_beside_inet6_only)
{
    ps_sock client, inet_server, server;
    int port;

    test_need_ipv6();
    port = old_connection(&client);
    ck_assert_ok(bind_only_inet6(&server, port));
    inet_server = restart("0.0.0.0", port);
    test_close(&inet_server, &server, &client);
}
END_TEST

/* What was set is told, before and after the port is there. */
START_TEST(traps_reuseaddr_is_told_as_it_was_set)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

    for (size_t i = 0; i < 2; i++) {
        ps_sock s = test_socket(AF_INET, types[i]);
        ps_addr a = at("127.0.0.1", 0);
        int bytes = 1;
        size_t length = sizeof bytes;

        ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_REUSEADDR), 0);
        ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, SO_REUSEADDR, &bytes, sizeof bytes));
        ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_REUSEADDR), 1);
        ck_assert_ok(ps_bind(&s, &a));
        bytes = 0;
        ck_assert_ok(ps_getsockopt(&s, SOL_SOCKET, SO_REUSEADDR, &bytes, &length));
        ck_assert_int_ne(bytes, 0);
        ck_assert_ok(ps_close(&s));
        s = test_socket(AF_INET, types[i]);
        reuse(&s);
        ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 0));
        ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_REUSEADDR), 0);
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

/* ---- sharing --------------------------------------------------------------------------------- */

/* Datagram sockets that all set it share a port, as receivers of one multicast group must. */
/* Traps: OPT-9. */
START_TEST(traps_datagrams_share_a_port)
{
    int port;
    ps_sock s = holder(SOCK_DGRAM, "0.0.0.0", true, &port);

    ck_assert_ok(second_bind(SOCK_DGRAM, "0.0.0.0", true, port));
    ck_assert_code(second_bind(SOCK_DGRAM, "0.0.0.0", false, port), PS_EADDRINUSE);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* One that has changed its mind does not. */
/* Traps: OPT-9. */
START_TEST(traps_datagram_that_no_longer_shares)
{
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    ps_addr a = at("127.0.0.1", 0);

    reuse(&s);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 0));
    ck_assert_ok(ps_bind(&s, &a));
    ck_assert_ok(ps_getsockname(&s, &a));
    ck_assert_code(second_bind(SOCK_DGRAM, "127.0.0.1", true, ps_addr_port(&a)), PS_EADDRINUSE);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Where the system has the option, it is on for whoever is bound; set to 0 it is off, and
 * SO_REUSEADDR the system's own. */
/* Traps: OPT-8. */
START_TEST(traps_exclusive_is_on_and_can_be_left)
{
#ifdef SO_EXCLUSIVEADDRUSE
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

    for (size_t i = 0; i < 2; i++) {
        ps_sock s = test_socket(AF_INET, types[i]);
        ps_addr a = at("127.0.0.1", 0);

        ck_assert_ok(ps_bind(&s, &a));
        ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE), 1);
        ck_assert_ok(ps_close(&s));

        s = test_socket(AF_INET, types[i]);
        ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 0));
        reuse(&s);
        ck_assert_ok(ps_bind(&s, &a));
        ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE), 0);
        ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_REUSEADDR), 1);
        ck_assert_ok(ps_close(&s));

        s = test_socket(AF_INET, types[i]);
        ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 0));
        ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1));
        ck_assert_ok(ps_bind(&s, &a));
        ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE), 1);
        ck_assert_ok(ps_close(&s));
    }
#else
    long long value;

    ck_assert_code(ps_constant("SO_EXCLUSIVEADDRUSE", &value), PS_NO_CONSTANT);
#endif
}
END_TEST

START_TEST(traps_port_options_of_a_closed_socket)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);

    ck_assert_ok(ps_close(&s));
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1), PS_EBADF);
    s.family = AF_INET;
    s.type = SOCK_STREAM;
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1), PS_EBADF);
    s.type = SOCK_DGRAM;
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1), PS_EBADF);
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 0), PS_EBADF);
}
END_TEST

/* ---- servers --------------------------------------------------------------------------------- */

static void assert_serves(ps_sock *listener, const char *host)
{
    ps_sock client, server;
    ps_addr a;
    char byte = 0;

    ck_assert_ok(ps_settimeout(listener, PATIENCE));
    ck_assert_ok(ps_getsockname(listener, &a));
    ck_assert_ok(ps_create_connection(&client, host, ps_addr_port(&a), PATIENCE, NULL));
    ck_assert_ok(ps_accept(listener, &server, NULL));
    ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    test_close(&server, &client);
}

/* Traps: OPT-7. */
START_TEST(traps_create_server)
{
    ps_addr a = at("127.0.0.1", 0);
    ps_sock s, second;

    ck_assert_ok(ps_create_server(&s, &a, -1, false, false));
    ck_assert_int_eq(s.family, AF_INET);
    ck_assert_int_eq(s.type, SOCK_STREAM);
    ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_REUSEADDR), 1);
    assert_serves(&s, "127.0.0.1");
    ck_assert_ok(ps_getsockname(&s, &a));
    ck_assert_code(ps_create_server(&second, &a, -1, false, false), PS_EADDRINUSE);
    ck_assert(second.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close(&s));
    /* The connection that it served is dying; the next server does not mind. */
    ck_assert_ok(ps_create_server(&s, &a, 0, false, false));
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: OPT-10. */
START_TEST(traps_create_server_for_both_families)
{
    ps_addr a;
    ps_sock s;

    if (!ps_has_dualstack_ipv6())
        test_skip("this machine has no IPv6");
    ck_assert_ok(ps_addr_inet6(&a, "", 0, 0, 0));
    ck_assert_ok(ps_create_server(&s, &a, 4, false, true));
    ck_assert_int_eq(test_option(&s, IPPROTO_IPV6, IPV6_V6ONLY), 0);
    assert_serves(&s, "127.0.0.1");
    assert_serves(&s, "::1");
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_create_server(&s, &a, 4, false, false));
    ck_assert_int_eq(test_option(&s, IPPROTO_IPV6, IPV6_V6ONLY), 1);
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(traps_create_server_shares_its_port)
{
    ps_addr a = at("127.0.0.1", 0);
    ps_sock s;
    int code = ps_create_server(&s, &a, 4, true, false);
#ifdef SO_REUSEPORT
    ps_sock second;

    ck_assert_ok(code);
    ck_assert_ok(ps_getsockname(&s, &a));
    ck_assert_ok(ps_create_server(&second, &a, 4, true, false));
    ck_assert_code(second_bind(SOCK_STREAM, "127.0.0.1", true, ps_addr_port(&a)), PS_EADDRINUSE);
    test_close(&second, &s);
#else
    ck_assert_code(code, PS_EOPNOTSUPP);
    ck_assert(s.handle == PS_INVALID_HANDLE);
#endif
}
END_TEST

START_TEST(traps_create_server_refuses)
{
    ps_addr a = at("127.0.0.1", 0), nobody = {.len = 0}, elsewhere = at("192.0.2.1", 0);
    ps_sock s;

    ck_assert_code(ps_create_server(NULL, &a, 1, false, false), PS_EFAULT);
    ck_assert_code(ps_create_server(&s, NULL, 1, false, false), PS_EFAULT);
    ck_assert_code(ps_create_server(&s, &nobody, 1, false, false), PS_EDESTADDRREQ);
    ck_assert_code(ps_create_server(&s, &a, 1, false, true), PS_BAD_FAMILY);
    ck_assert_code(ps_create_server(&s, &elsewhere, 1, false, false), PS_EADDRNOTAVAIL);
    ck_assert(s.handle == PS_INVALID_HANDLE);
}
END_TEST

void add_traps_bind_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, traps_listener_keeps_its_port);
    ADD_TEST_CASE(suite, traps_listener_keeps_its_port_from_reuseaddr);
    ADD_TEST_CASE(suite, traps_listener_keeps_its_port_of_both_families);
    ADD_TEST_CASE(suite, traps_listener_serves_after_a_thief_tried);
    ADD_TEST_CASE(suite, traps_bound_stream_keeps_its_port);
    ADD_TEST_CASE(suite, traps_datagram_keeps_its_port);
    ADD_TEST_CASE(suite, traps_datagram_keeps_the_port_of_its_first_send);
    ADD_TEST_CASE(suite, traps_server_restarts_over_old_connections);
    ADD_TEST_CASE(suite, traps_server_restarts_over_half_closed_connections);
    ADD_TEST_CASE(suite, traps_restarted_server_keeps_its_port);
    ADD_TEST_CASE(suite, traps_restarted_server_keeps_its_other_addresses);
    ADD_TEST_CASE(suite, traps_restarts_at_once_leave_one_server);
    ADD_TEST_CASE(suite, traps_restart_beside_a_server_of_the_other_family);
    ADD_TEST_CASE(suite, traps_restart_for_inet6_only);
    ADD_TEST_CASE(suite, traps_restart_for_inet_beside_inet6_only);
    ADD_TEST_CASE(suite, traps_reuseaddr_is_told_as_it_was_set);
    ADD_TEST_CASE(suite, traps_datagrams_share_a_port);
    ADD_TEST_CASE(suite, traps_datagram_that_no_longer_shares);
    ADD_TEST_CASE(suite, traps_exclusive_is_on_and_can_be_left);
    ADD_TEST_CASE(suite, traps_port_options_of_a_closed_socket);
    ADD_TEST_CASE(suite, traps_create_server);
    ADD_TEST_CASE(suite, traps_create_server_for_both_families);
    ADD_TEST_CASE(suite, traps_create_server_shares_its_port);
    ADD_TEST_CASE(suite, traps_create_server_refuses);
}
