/* Connecting, the same on every system (traps ADR-11, CON-4 to CON-6, CON-10, CON-13, CON-19,
 * CON-23, SND-8). */
#include "test.h"

#define PATIENCE 10.0

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_addr inet(int port)
{
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", port));
    return a;
}

/* The address of a datagram port that is closed. */
static ps_addr closed_port(void)
{
    ps_sock s;
    ps_addr a;

    test_bound(&s, AF_INET, SOCK_DGRAM, &a);
    ck_assert_ok(ps_close(&s));
    return a;
}

/* ---- streams --------------------------------------------------------------------------------- */

/* A connection that was started fails, and nobody asks ps_connect: SO_ERROR tells why, once. */
/* Traps: CON-4. */
START_TEST(traps_so_error_is_told_once)
{
    ps_sock holder, s = test_socket(AF_INET, SOCK_STREAM);
    ps_addr a;
    int native = ps_error_native(PS_ECONNREFUSED), bytes = -1, told = 0;
    size_t length = sizeof bytes;
    double end = test_clock() + PATIENCE;

    test_refusing_address(&holder, AF_INET, &a);
    ck_assert_ok(ps_setblocking(&s, 0));
    ck_assert_code(ps_connect(&s, &a), PS_EINPROGRESS);
    while (told == 0 && test_clock() < end) {
        told = test_option(&s, SOL_SOCKET, SO_ERROR);
        test_sleep(0.01);
    }
    ck_assert_int_eq(told, native);
    ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_ERROR), 0);
    ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_ERROR), 0);
    ck_assert_ok(ps_getsockopt(&s, SOL_SOCKET, SO_ERROR, &bytes, &length));
    ck_assert_int_eq(bytes, 0);
    test_close(&s, &holder);
}
END_TEST

/* What ps_connect has told SO_ERROR does not tell again. */
/* Traps: CON-4. */
START_TEST(traps_so_error_is_not_told_after_connect)
{
    static const double timeouts[] = {PS_NO_TIMEOUT, PATIENCE};

    for (size_t i = 0; i < 2; i++) {
        ps_sock holder, s = test_socket(AF_INET, SOCK_STREAM);
        ps_addr a;
        test_refusing_address(&holder, AF_INET, &a);
        ck_assert_ok(ps_settimeout(&s, timeouts[i]));
        ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
        ck_assert_int_eq(test_option(&s, SOL_SOCKET, SO_ERROR), 0);
        test_close(&s, &holder);
    }
}
END_TEST

/* A socket whose connection was refused: connecting again works or fails, and ends. */
/* Traps: CON-5. */
START_TEST(traps_connect_again_after_a_refusal)
{
    ps_sock holder, listener, s = test_socket(AF_INET, SOCK_STREAM);
    ps_addr refusing, a;
    int code = -1;

    test_refusing_address(&holder, AF_INET, &refusing);
    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_code(ps_connect(&s, &refusing), PS_ECONNREFUSED);
    for (int i = 0; i < 3 && code != 0; i++) {
        code = ps_connect(&s, &a);
        ck_assert_int_ne(code, PS_TIMED_OUT);
    }
    if (code == 0)
        ck_assert_int_eq(ps_send(&s, "x", 1, 0), 1);
    test_close(&s, &listener, &holder);
}
END_TEST

/* A refusal by this machine comes at once: Windows would try three times. */
/* Traps: CON-6. */
START_TEST(traps_refusal_on_this_machine_is_quick)
{
    static const int families[] = {AF_INET, AF_INET6};

    for (size_t i = 0; i < (ps_has_ipv6() ? 2u : 1u); i++) {
        ps_sock holder, s;
        ps_addr a;
        double start = test_clock();
        test_refusing_address(&holder, families[i], &a);
        ck_assert_ok(ps_socket(&s, families[i], SOCK_STREAM, 0));
        ck_assert_ok(ps_settimeout(&s, PATIENCE));
        ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
        ck_assert_double_lt(test_clock() - start, 5.0);
        test_close(&s, &holder);
    }
}
END_TEST

/* Traps: ADR-13. */
START_TEST(traps_connect_to_port_0_is_refused)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);
    ps_addr a = inet(0);

    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: ADR-13. */
START_TEST(traps_datagram_to_port_0_is_refused)
{
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    ps_buffer text = {.data = "x", .size = 1};
    ps_addr a = inet(0);

    ck_assert_code(ps_sendto(&s, "x", 1, 0, &a), PS_EINVAL);
    ck_assert_code(ps_sendmsg(&s, &text, 1, NULL, 0, 0, &a), PS_EINVAL);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* The system may choose, as the client's port, the one that it connects to; then it would talk
 * to itself. */
/* Traps: CON-19. */
START_TEST(traps_create_connection_does_not_find_itself)
{
    ps_sock holder, s;
    ps_addr a;

    test_refusing_address(&holder, AF_INET, &a);
    ck_assert_ok(ps_close(&holder));
    ck_assert_code(ps_create_connection(&s, "127.0.0.1", ps_addr_port(&a), PATIENCE, &a),
                   PS_ECONNREFUSED);
    ck_assert(s.handle == PS_INVALID_HANDLE);
}
END_TEST

/* Linux says of a new socket that it is ready for everything; it is connected to nobody all the
 * same. */
/* Traps: CON-10. */
START_TEST(traps_new_socket_is_not_connected)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);
    ps_addr a;
    char byte;

    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_code(ps_getpeername(&s, &a), PS_ENOTCONN);
    ck_assert_code(ps_send(&s, "x", 1, 0), PS_ENOTCONN);
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_ENOTCONN);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Once connected it knows its peer, also after that has gone. */
/* Traps: CON-24. */
START_TEST(traps_connected_socket_stays_connected)
{
    ps_sock client, server;
    ps_addr a;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_close(&server));
    ck_assert_ok(ps_getsockname(&client, &a));
    ck_assert_code(ps_connect(&client, &a), PS_EISCONN);
    ck_assert_ok(ps_close(&client));
}
END_TEST

/* Traps: ADR-11. */
START_TEST(traps_link_local_address_wants_an_interface)
{
    ps_sock s;
    ps_addr a;
    int code;

    s = test_socket(AF_INET6, SOCK_STREAM);
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_addr_inet6(&a, "fe80::1", 4711, 0, 0));
    code = ps_connect(&s, &a);
    ck_assert(code == PS_EINVAL || code == PS_ENETUNREACH || code == PS_EADDRNOTAVAIL);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- datagrams ------------------------------------------------------------------------------- */

/* A socket that is connected learns that its peer's port is closed. (By its next receive, or by
 * a further send: Wine tells the sender only.) */
/* Traps: SND-8. */
START_TEST(traps_connected_datagram_learns_of_a_refusal)
{
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    ps_addr gone = closed_port();
    double end = test_clock() + PATIENCE;
    ptrdiff_t result = 0;
    char byte;

    ck_assert_ok(ps_connect(&s, &gone));
    ck_assert_ok(ps_settimeout(&s, 0.05));
    while (test_clock() < end) {
        result = ps_send(&s, "x", 1, 0);
        if (result == 1)
            result = ps_recv(&s, &byte, 1, 0);
        if (result != PS_TIMED_OUT)
            break;
    }
    ck_assert_code(result, PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* After it has let its peer go it learns nothing of that kind any more. */
/* Traps: SND-8. */
START_TEST(traps_disconnected_datagram_learns_of_no_refusal)
{
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    ps_addr gone = closed_port(), nobody = {.len = 0};
    char byte;

    ck_assert_ok(ps_connect(&s, &gone));
    memset(&nobody.storage, 0, sizeof nobody.storage);
    nobody.sa.sa_family = AF_UNSPEC;
    nobody.len = sizeof nobody.in;
    ck_assert_ok(ps_connect(&s, &nobody));
    ck_assert_ok(ps_settimeout(&s, 0.1));
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &gone), 1);
        ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_TIMED_OUT);
    }
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* The wildcard addresses, of which the last is IPv4's on a socket of both families. */
static const struct {
    int family;
    const char *wildcard, *loopback;
} wildcards[] = {
    {AF_INET, "0.0.0.0", "127.0.0.1"},
    {AF_INET6, "::", "::1"},
    {AF_INET6, "::ffff:0.0.0.0", "::ffff:127.0.0.1"},
};

enum { WILDCARDS = sizeof wildcards / sizeof wildcards[0] };

/* A socket bound to the loopback address of a row, and the wildcard address with its port. */
static ps_sock wildcard_target(size_t row, int type, ps_addr *wildcard)
{
    ps_sock s = test_socket(wildcards[row].family, type);
    ps_addr a;

    ck_assert_ok(ps_addr_literal(&a, wildcards[row].loopback, 0));
    ck_assert_ok(ps_bind(&s, &a));
    ck_assert_ok(ps_getsockname(&s, &a));
    ck_assert_ok(ps_addr_literal(wildcard, wildcards[row].wildcard, ps_addr_port(&a)));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    return s;
}

/* A datagram socket that connects to 0.0.0.0 has this machine as its peer; by Windows' own rules it
 * would lose the one that it has. */
/* Traps: ADR-12 CON-22. */
START_TEST(traps_datagram_connects_to_the_wildcard)
{
    for (size_t i = 0; i < (ps_has_ipv6() ? WILDCARDS : 1u); i++) {
        ps_addr wildcard, peer, name;
        ps_sock target = wildcard_target(i, SOCK_DGRAM, &wildcard),
                s = test_socket(wildcards[i].family, SOCK_DGRAM);
        char byte = 0;

        ck_assert_ok(ps_connect(&s, &wildcard));
        ck_assert_int_eq(ps_send(&s, "x", 1, 0), 1);
        ck_assert_int_eq(ps_recv(&target, &byte, 1, 0), 1);
        ck_assert_ok(ps_getpeername(&s, &peer));
        ck_assert_ok(ps_getsockname(&target, &name));
        ck_assert(ps_addr_equal(&peer, &name));
        test_close(&s, &target);
    }
}
END_TEST

/* Traps: ADR-12. */
START_TEST(traps_stream_connects_to_the_mapped_wildcard)
{
    ps_addr wildcard;
    ps_sock target, s, server;

    test_need_ipv6();
    target = wildcard_target(2, SOCK_STREAM, &wildcard);
    s = test_socket(AF_INET6, SOCK_STREAM);
    ck_assert_ok(ps_listen(&target, 1));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_connect(&s, &wildcard));
    ck_assert_ok(ps_accept(&target, &server, NULL));
    test_close(&server, &s, &target);
}
END_TEST

static ptrdiff_t send_message_to(ps_sock *s, const ps_addr *to, const ps_control *control)
{
    ps_buffer text = {.data = "x", .size = 1};

    return ps_sendmsg(s, &text, 1, control, control ? 1 : 0, 0, to);
}

/* Each call that sends to an address. */
/* Traps: ADR-12. */
START_TEST(traps_datagrams_to_the_wildcard)
{
    for (size_t i = 0; i < (ps_has_ipv6() ? WILDCARDS : 1u); i++) {
        ps_addr wildcard;
        ps_sock target = wildcard_target(i, SOCK_DGRAM, &wildcard),
                s = test_socket(wildcards[i].family, SOCK_DGRAM);
        char byte = 0;

        ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &wildcard), 1);
        ck_assert_int_eq(ps_recv(&target, &byte, 1, 0), 1);
        ck_assert_int_eq(send_message_to(&s, &wildcard, NULL), 1);
        ck_assert_int_eq(ps_recv(&target, &byte, 1, 0), 1);
        test_close(&s, &target);
    }
}
END_TEST

/* They take another way to Winsock. */
/* Traps: ADR-12. */
/* Skipped: linux-s390x: it passes on no IP_TTL and IPV6_HOPLIMIT */
START_TEST(traps_ancillary_data_to_the_wildcard)
{
    test_skip_under_qemu("it passes on no IP_TTL and IPV6_HOPLIMIT");
    for (size_t i = 0; i < (ps_has_ipv6() ? WILDCARDS : 1u); i++) {
        bool inet = wildcards[i].family == AF_INET;
        int limit = 9;
        ps_control hops = {.level = inet ? IPPROTO_IP : IPPROTO_IPV6,
                           .type = inet ? IP_TTL : IPV6_HOPLIMIT,
                           .data = &limit,
                           .size = sizeof limit};
        ps_addr wildcard;
        ps_sock target = wildcard_target(i, SOCK_DGRAM, &wildcard),
                s = test_socket(wildcards[i].family, SOCK_DGRAM);
        char byte = 0;

        ck_assert_int_eq(send_message_to(&s, &wildcard, &hops), 1);
        ck_assert_int_eq(ps_recv(&target, &byte, 1, 0), 1);
        test_close(&s, &target);
    }
}
END_TEST

/* A socket bound to a port by its number: Linux drops a port that it has chosen with the peer, and
 * Wine does not let it be bound again. */
static ps_sock bound_by_number(size_t row, ps_addr *own)
{
    ps_addr wildcard;
    ps_sock s = wildcard_target(row, SOCK_DGRAM, &wildcard);
    int code;

    do {
        ck_assert_ok(ps_getsockname(&s, own));
        ck_assert_ok(ps_close(&s));
        s = test_socket(wildcards[row].family, SOCK_DGRAM);
        code = ps_bind(&s, own);
        if (code == PS_EADDRINUSE) {
            ck_assert_ok(ps_close(&s));
            s = wildcard_target(row, SOCK_DGRAM, &wildcard);
        }
    } while (code == PS_EADDRINUSE);
    ck_assert_ok(code);
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    return s;
}

/* ps_addr_none lets the peer go, whatever the family is: there is no peer, the socket hears
 * everybody, and its own port stays. */
/* Traps: CON-22. */
START_TEST(traps_datagram_lets_its_peer_go)
{
    for (size_t i = 0; i < (ps_has_ipv6() ? 2u : 1u); i++) {
        ps_addr target, own, after, peer, nobody;
        ps_sock first = wildcard_target(i, SOCK_DGRAM, &target), s = bound_by_number(i, &own),
                other = test_socket(wildcards[i].family, SOCK_DGRAM);
        char byte = 0;

        ps_addr_none(&nobody);
        ck_assert_ok(ps_connect(&s, &target));
        ck_assert_ok(ps_connect(&s, &nobody));
        ck_assert_code(ps_getpeername(&s, &peer), PS_ENOTCONN);
        ck_assert_ok(ps_getsockname(&s, &after));
        ck_assert(ps_addr_equal(&after, &own));
        ck_assert_int_eq(ps_sendto(&other, "x", 1, 0, &own), 1);
        ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 1);
        test_close(&s, &first, &other);
    }
}
END_TEST

/* A connected socket may still send elsewhere, and hears its peer only. */
/* Traps: CON-23. */
START_TEST(traps_connected_datagram_sends_elsewhere)
{
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM), peer, other;
    ps_addr peer_address, other_address, own;
    char byte = 0;

    test_udp_pair(&peer, &peer_address, &other, &other_address);
    ck_assert_ok(ps_settimeout(&other, PATIENCE));
    ck_assert_ok(ps_connect(&s, &peer_address));
    ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &other_address), 1);
    ck_assert_int_eq(ps_recv(&other, &byte, 1, 0), 1);
    ck_assert_ok(ps_getsockname(&s, &own));
    ck_assert_int_eq(ps_sendto(&other, "y", 1, 0, &own), 1);
    ck_assert_ok(ps_settimeout(&s, 0.1));
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_TIMED_OUT);
    test_close(&s, &peer, &other);
}
END_TEST

void add_traps_connect_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, traps_so_error_is_told_once);
    ADD_TEST_CASE(suite, traps_so_error_is_not_told_after_connect);
    ADD_TEST_CASE(suite, traps_connect_again_after_a_refusal);
    ADD_TEST_CASE(suite, traps_refusal_on_this_machine_is_quick);
    ADD_TEST_CASE(suite, traps_connect_to_port_0_is_refused);
    ADD_TEST_CASE(suite, traps_datagram_to_port_0_is_refused);
    ADD_TEST_CASE(suite, traps_create_connection_does_not_find_itself);
    ADD_TEST_CASE(suite, traps_new_socket_is_not_connected);
    ADD_TEST_CASE(suite, traps_connected_socket_stays_connected);
    ADD_TEST_CASE(suite, traps_link_local_address_wants_an_interface);
    ADD_TEST_CASE(suite, traps_connected_datagram_learns_of_a_refusal);
    ADD_TEST_CASE(suite, traps_disconnected_datagram_learns_of_no_refusal);
    ADD_TEST_CASE(suite, traps_datagram_connects_to_the_wildcard);
    ADD_TEST_CASE(suite, traps_stream_connects_to_the_mapped_wildcard);
    ADD_TEST_CASE(suite, traps_datagrams_to_the_wildcard);
    ADD_TEST_CASE(suite, traps_ancillary_data_to_the_wildcard);
    ADD_TEST_CASE(suite, traps_datagram_lets_its_peer_go);
    ADD_TEST_CASE(suite, traps_connected_datagram_sends_elsewhere);
}
