/* Connecting in the three modes, and what a socket says while it connects (rows R054 to R057,
 * R082, R183). */
#include "connection.h"
#include "full_listener.h"
#include "test.h"

#include <errno.h>

/* Long enough for what loopback does, on a busy machine, too; Windows needs two seconds to
 * refuse a connection. */
#define PATIENCE 15.0

/* ---- helpers --------------------------------------------------------------------------------- */

/* Asks a non-blocking socket until its attempt has ended; what it says then. */
static int connect_to_the_end(ps_sock *s, const ps_addr *a)
{
    double end = test_clock() + PATIENCE;
    int code;

    while ((code = ps_connect(s, a)) == PS_EALREADY && test_clock() < end)
        test_sleep(0.01);
    return code;
}

static void assert_peer(ps_sock *s, const ps_addr *expected)
{
    ps_addr peer;

    ck_assert_ok(ps_getpeername(s, &peer));
    ck_assert(ps_addr_equal(&peer, expected));
}

static void assert_no_peer(ps_sock *s)
{
    ps_addr peer;

    ck_assert_code(ps_getpeername(s, &peer), PS_ENOTCONN);
    ck_assert_int_eq(peer.len, 0);
}

/* ---- success --------------------------------------------------------------------------------- */

static void connect_and_talk(int family, double timeout)
{
    ps_sock listener, client;
    ps_addr a;

    test_listener(&listener, family, &a);
    ck_assert_ok(ps_socket(&client, family, SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(&client, timeout));
    ck_assert_ok(ps_connect(&client, &a));
    assert_peer(&client, &a);
    ck_assert_code(ps_connect(&client, &a), PS_EISCONN);
    assert_served(&listener, &client);
}

START_TEST(connect_blocking)
{
    connect_and_talk(AF_INET, PS_NO_TIMEOUT);
}
END_TEST

/* Rows: R054 R082. */
START_TEST(connect_with_timeout)
{
    connect_and_talk(AF_INET, PATIENCE);
}
END_TEST

START_TEST(connect_over_ipv6)
{
    connect_and_talk(AF_INET6, PS_NO_TIMEOUT);
    connect_and_talk(AF_INET6, PATIENCE);
}
END_TEST

/* Rows: R079. Traps: CON-1 CON-2. */
START_TEST(connect_nonblocking)
{
    ps_sock listener;
    ps_sock client = tcp_socket(0);
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    ck_assert_code(ps_connect(&client, &a), PS_EINPROGRESS);
    ck_assert_code(connect_to_the_end(&client, &a), 0);
    assert_peer(&client, &a);
    ck_assert_code(ps_connect(&client, &a), PS_EISCONN);
    ck_assert_code(ps_connect(&client, &a), PS_EISCONN);
    assert_served(&listener, &client);
}
END_TEST

/* A program that waits in its own way never asks ps_connect again. */
START_TEST(connect_started_and_not_asked_again)
{
    ps_sock listener, server;
    ps_sock client = tcp_socket(0);
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    ck_assert_code(ps_connect(&client, &a), PS_EINPROGRESS);
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    assert_peer(&client, &a);
    assert_talk(&client, &server);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* Traps: CON-2. */
START_TEST(connect_started_and_waited_for)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock listener;
        ps_sock client = tcp_socket(0);
        ps_addr a;
        test_listener(&listener, AF_INET, &a);
        ck_assert_code(ps_connect(&client, &a), PS_EINPROGRESS);
        ck_assert_ok(ps_settimeout(&client, modes[i]));
        ck_assert_code(ps_connect(&client, &a), 0);
        ck_assert_code(ps_connect(&client, &a), PS_EISCONN);
        assert_served(&listener, &client);
    }
}
END_TEST

START_TEST(connect_from_a_bound_socket)
{
    ps_sock listener, server;
    ps_sock client;
    ps_addr a, own, peer;

    test_listener(&listener, AF_INET, &a);
    test_bound(&client, AF_INET, SOCK_STREAM, &own);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert_ok(ps_accept(&listener, &server, &peer));
    ck_assert(ps_addr_equal(&own, &peer));
    assert_talk(&client, &server);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* The wildcard address as a destination means this machine. */
static void connect_to_wildcard(int family, double timeout)
{
    ps_sock listener, client;
    ps_addr a;
    int code;

    test_listener(&listener, family, &a);
    if (family == AF_INET)
        ck_assert_ok(ps_addr_inet(&a, "0.0.0.0", ps_addr_port(&a)));
    else
        ck_assert_ok(ps_addr_inet6(&a, "::", ps_addr_port(&a), 0, 0));
    ck_assert_ok(ps_socket(&client, family, SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(&client, timeout));
    code = ps_connect(&client, &a);
    if (timeout == 0) {
        ck_assert_code(code, PS_EINPROGRESS);
        code = connect_to_the_end(&client, &a);
    }
    ck_assert_code(code, 0);
    ck_assert_code(ps_connect(&client, &a), PS_EISCONN);
    assert_served(&listener, &client);
}

/* Traps: ADR-12. */
START_TEST(connect_to_the_wildcard)
{
    connect_to_wildcard(AF_INET, PS_NO_TIMEOUT);
    connect_to_wildcard(AF_INET, PATIENCE);
    connect_to_wildcard(AF_INET, 0);
}
END_TEST

/* Traps: ADR-12. */
START_TEST(connect_to_the_ipv6_wildcard)
{
    connect_to_wildcard(AF_INET6, PS_NO_TIMEOUT);
    connect_to_wildcard(AF_INET6, PATIENCE);
    connect_to_wildcard(AF_INET6, 0);
}
END_TEST

/* ---- refusal --------------------------------------------------------------------------------- */

/* A client, and an address that refuses it. */
typedef struct refusal {
    ps_sock holder;
    ps_sock client;
    ps_addr address;
} refusal;

static refusal refusal_open(double timeout)
{
    refusal r = {.client = tcp_socket(timeout)};

    test_refusing_address(&r.holder, AF_INET, &r.address);
    return r;
}

/* However it was told, the client has no peer. */
static void refusal_close(refusal *r)
{
    assert_no_peer(&r->client);
    test_close(&r->client, &r->holder);
}

/* Rows: R055. Traps: CON-3. */
START_TEST(connect_refused)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        refusal r = refusal_open(modes[i]);
        ck_assert_code(ps_connect(&r.client, &r.address), PS_ECONNREFUSED);
        assert_no_peer(&r.client);
        ck_assert_double_eq(ps_gettimeout(&r.client), modes[i]);
        refusal_close(&r);
    }
}
END_TEST

START_TEST(connect_refused_over_ipv6)
{
    ps_sock holder, client;
    ps_addr a;

    test_refusing_address(&holder, AF_INET6, &a);
    ck_assert_ok(ps_socket(&client, AF_INET6, SOCK_STREAM, 0));
    ck_assert_code(ps_connect(&client, &a), PS_ECONNREFUSED);
    test_close(&client, &holder);
}
END_TEST

/* A new attempt on a socket that was refused: systems differ in what they do, but it neither
 * hangs nor pretends. */
static void assert_next_attempt_starts_anew(int code)
{
    ck_assert_msg(code == PS_EINPROGRESS || code == PS_ECONNABORTED || code == PS_ECONNREFUSED ||
                      code == PS_EINVAL,
                  "%s", ps_error_name(code));
}

/* The end of a stream (0) would be a lie: there was none. */
START_TEST(connect_refused_leaves_no_connection)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        refusal r = refusal_open(modes[i]);
        char byte;
        ck_assert_code(ps_connect(&r.client, &r.address), PS_ECONNREFUSED);
        ck_assert_code(ps_recv(&r.client, &byte, 1, 0), PS_ENOTCONN);
        ck_assert_code(ps_send(&r.client, "x", 1, 0), PS_ENOTCONN);
        refusal_close(&r);
    }
}
END_TEST

/* Rows: R055. Traps: CON-3. */
START_TEST(connect_nonblocking_refused)
{
    refusal r = refusal_open(0);

    ck_assert_code(ps_connect(&r.client, &r.address), PS_EINPROGRESS);
    ck_assert_code(connect_to_the_end(&r.client, &r.address), PS_ECONNREFUSED);
    assert_no_peer(&r.client);
    assert_next_attempt_starts_anew(ps_connect(&r.client, &r.address));
    refusal_close(&r);
}
END_TEST

/* Rows: R055. Traps: CON-3. */
START_TEST(connect_started_refused_and_waited_for)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        refusal r = refusal_open(0);
        ck_assert_code(ps_connect(&r.client, &r.address), PS_EINPROGRESS);
        ck_assert_ok(ps_settimeout(&r.client, modes[i]));
        ck_assert_code(ps_connect(&r.client, &r.address), PS_ECONNREFUSED);
        refusal_close(&r);
    }
}
END_TEST

/* Traps: CON-3. */
START_TEST(connect_refused_is_told_by_recv)
{
    refusal r = refusal_open(0);
    char byte;

    ck_assert_code(ps_connect(&r.client, &r.address), PS_EINPROGRESS);
    ck_assert_ok(ps_settimeout(&r.client, PATIENCE));
    ck_assert_code(ps_recv(&r.client, &byte, 1, 0), PS_ECONNREFUSED);
    refusal_close(&r);
}
END_TEST

START_TEST(connect_refused_is_told_by_send)
{
    refusal r = refusal_open(0);
    size_t sent = 99;

    ck_assert_code(ps_connect(&r.client, &r.address), PS_EINPROGRESS);
    ck_assert_ok(ps_settimeout(&r.client, PATIENCE));
    ck_assert_code(ps_sendall(&r.client, "abc", 3, 0, &sent), PS_ECONNREFUSED);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_send(&r.client, "abc", 3, 0), PS_ENOTCONN);
    refusal_close(&r);
}
END_TEST

/* A program that waits in its own way reads SO_ERROR, which on POSIX takes the error away. */
/* Traps: CON-4. */
START_TEST(connect_refused_and_so_error_was_read)
{
    refusal r = refusal_open(0);
    double end;
    int number = 0;
    int code;

    ck_assert_code(ps_connect(&r.client, &r.address), PS_EINPROGRESS);
    end = test_clock() + PATIENCE;
    while (number == 0 && test_clock() < end) {
        test_sleep(0.01);
        ck_assert_ok(ps_getsockopt_int(&r.client, SOL_SOCKET, SO_ERROR, &number));
    }
    ck_assert_int_eq(number, ps_error_native(PS_ECONNREFUSED));
    code = ps_connect(&r.client, &r.address);
    ck_assert_msg(code < 0 && code != PS_EISCONN && code != PS_EALREADY, "%s", ps_error_name(code));
    refusal_close(&r);
}
END_TEST

/* ---- under way ------------------------------------------------------------------------------- */

/* Traps: CON-1. */
START_TEST(connect_nonblocking_stays_under_way)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0);
    ps_sock server;

    ck_assert_code(ps_connect(&client, &f.address), PS_EINPROGRESS);
    ck_assert_code(ps_connect(&client, &f.address), PS_EALREADY);
    test_sleep(0.1);
    ck_assert_code(ps_connect(&client, &f.address), PS_EALREADY);
    assert_no_peer(&client);

    /* There is room now. */
    full_listener_accept_all(&f);
    ck_assert_code(connect_to_the_end(&client, &f.address), 0);
    ck_assert_code(ps_connect(&client, &f.address), PS_EISCONN);
    assert_peer(&client, &f.address);
    ck_assert_ok(ps_accept(&f.socket, &server, NULL));
    assert_talk(&client, &server);
    full_listener_close(&f);
}
END_TEST

/* Rows: R054 R082. Traps: CON-11 TMO-13. */
START_TEST(connect_times_out)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0.3);
    double begin = test_clock();

    ck_assert_code(ps_connect(&client, &f.address), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    ck_assert_double_eq(ps_gettimeout(&client), 0.3);
    assert_no_peer(&client);
    ck_assert_ok(ps_close(&client));
    full_listener_close(&f);
}
END_TEST

/* Rows: R056. */
START_TEST(connect_times_out_and_waits_again)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0.1);
    ps_sock server;
    double begin;

    ck_assert_code(ps_connect(&client, &f.address), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(&client, 0.3));
    begin = test_clock();
    ck_assert_code(ps_connect(&client, &f.address), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_ok(ps_setblocking(&client, 0));
    ck_assert_code(ps_connect(&client, &f.address), PS_EALREADY);

    full_listener_accept_all(&f);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_code(ps_connect(&client, &f.address), 0);
    ck_assert_code(ps_connect(&client, &f.address), PS_EISCONN);
    ck_assert_ok(ps_accept(&f.socket, &server, NULL));
    assert_talk(&client, &server);
    full_listener_close(&f);
}
END_TEST

START_TEST(connect_blocking_waits_for_what_was_started)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0);
    ps_sock server;

    ck_assert_code(ps_connect(&client, &f.address), PS_EINPROGRESS);
    full_listener_accept_all(&f);
    ck_assert_ok(ps_setblocking(&client, 1));
    ck_assert_code(ps_connect(&client, &f.address), 0);
    ck_assert_ok(ps_accept(&f.socket, &server, NULL));
    assert_talk(&client, &server);
    full_listener_close(&f);
}
END_TEST

/* Traps: CON-9. */
START_TEST(connect_under_way_neither_sends_nor_receives)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0);
    ps_addr from;
    char byte;
    size_t sent = 99;
    double begin;

    ck_assert_code(ps_connect(&client, &f.address), PS_EINPROGRESS);
    ck_assert_code(ps_send(&client, "x", 1, 0), PS_EWOULDBLOCK);
    ck_assert_code(ps_sendall(&client, "x", 1, 0, &sent), PS_EWOULDBLOCK);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_recv(&client, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_code(ps_recvfrom(&client, &byte, 1, 0, &from), PS_EWOULDBLOCK);

    ck_assert_ok(ps_settimeout(&client, 0.1));
    begin = test_clock();
    ck_assert_code(ps_send(&client, "x", 1, 0), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.1);
    begin = test_clock();
    ck_assert_code(ps_recv(&client, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.1);
    ck_assert_code(ps_connect(&client, &f.address), PS_TIMED_OUT);
    ck_assert_ok(ps_close(&client));
    full_listener_close(&f);
}
END_TEST

/* What is sent meanwhile waits for the connection, and arrives. */
/* Traps: CON-9. */
START_TEST(connect_under_way_is_waited_for_by_send)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0);
    ps_sock server;
    char text[3];

    ck_assert_code(ps_connect(&client, &f.address), PS_EINPROGRESS);
    full_listener_accept_all(&f);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_ok(ps_sendall(&client, "abc", 3, 0, NULL));
    ck_assert_ok(ps_accept(&f.socket, &server, NULL));
    ck_assert_int_eq(ps_recv(&server, text, 3, MSG_WAITALL), 3);
    ck_assert_mem_eq(text, "abc", 3);
    assert_talk(&client, &server);
    full_listener_close(&f);
}
END_TEST

START_TEST(connect_under_way_is_closed)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0);

    ck_assert_code(ps_connect(&client, &f.address), PS_EINPROGRESS);
    ck_assert_ok(ps_close(&client));
    ck_assert_code(ps_connect(&client, &f.address), PS_EBADF);
    full_listener_close(&f);
}
END_TEST

/* ---- the platform's numbers ------------------------------------------------------------------ */

static int number(int on_posix, int on_windows)
{
    return test_on_windows() ? on_windows : on_posix;
}

/* Rows: R057. */
START_TEST(connect_ex_gives_numbers)
{
    ps_sock listener;
    ps_sock client = tcp_socket(0);
    ps_addr a, other;

    test_listener(&listener, AF_INET, &a);
    ck_assert_int_eq(ps_connect_ex(&client, &a), number(EINPROGRESS, 10035));
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_int_eq(ps_connect_ex(&client, &a), 0);
    ck_assert_int_eq(ps_connect_ex(&client, &a), number(EISCONN, 10056));
    ck_assert_ok(ps_addr_inet6(&other, "::1", 1, 0, 0));
    ck_assert_int_eq(ps_connect_ex(&client, &other), number(EAFNOSUPPORT, 10047));
    ck_assert_int_eq(ps_connect_ex(&client, NULL), number(EFAULT, 10014));
    ck_assert_ok(ps_close(&client));
    ck_assert_int_eq(ps_connect_ex(&client, &a), number(EBADF, 10009));
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* Rows: R057. */
START_TEST(connect_ex_gives_the_number_of_a_refusal)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    ps_sock holder;
    ps_addr a;
    size_t i;

    test_refusing_address(&holder, AF_INET, &a);
    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock client = tcp_socket(modes[i]);
        ck_assert_int_eq(ps_connect_ex(&client, &a), number(ECONNREFUSED, 10061));
        ck_assert_ok(ps_close(&client));
    }
    ck_assert_ok(ps_close(&holder));
}
END_TEST

/* Rows: R057. Traps: CON-1 TMO-13. */
START_TEST(connect_ex_gives_numbers_under_way)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0);

    ck_assert_int_eq(ps_connect_ex(&client, &f.address), number(EINPROGRESS, 10035));
    ck_assert_int_eq(ps_connect_ex(&client, &f.address), number(EALREADY, 10037));
    /* As the reference: a timeout has the number of what would block. */
    ck_assert_ok(ps_settimeout(&client, 0.1));
    ck_assert_int_eq(ps_connect_ex(&client, &f.address), number(EWOULDBLOCK, 10035));
    ck_assert_ok(ps_close(&client));

    client = tcp_socket(0.1);
    ck_assert_int_eq(ps_connect_ex(&client, &f.address), number(EWOULDBLOCK, 10035));
    ck_assert_ok(ps_close(&client));
    full_listener_close(&f);
}
END_TEST

/* ---- arguments ------------------------------------------------------------------------------- */

/* Rows: R043. Traps: ADR-14. */
START_TEST(connect_refuses_another_family)
{
    ps_sock listener;
    ps_sock client = tcp_socket(PATIENCE);
    ps_addr a, other;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_addr_inet6(&other, "::1", ps_addr_port(&a), 0, 0));
    ck_assert_code(ps_connect(&client, &other), PS_EAFNOSUPPORT);
    /* It is as it was. */
    ck_assert_ok(ps_connect(&client, &a));
    assert_served(&listener, &client);
}
END_TEST

START_TEST(connect_over_ipv6_refuses_another_family)
{
    ps_sock listener, client;
    ps_addr a;

    test_need_ipv6();
    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_socket(&client, AF_INET6, SOCK_STREAM, 0));
    ck_assert_code(ps_connect(&client, &a), PS_EAFNOSUPPORT);
    ck_assert_ok(ps_close(&client));
    ck_assert_ok(ps_socket(&client, AF_INET6, SOCK_DGRAM, 0));
    ck_assert_code(ps_connect(&client, &a), PS_EAFNOSUPPORT);
    test_close(&client, &listener);
}
END_TEST

/* ---- datagrams ------------------------------------------------------------------------------- */

START_TEST(connect_datagram_sets_the_peer)
{
    ps_sock one, two, stranger;
    ps_addr one_address, two_address, stranger_address, from;
    char text[8];

    test_udp_pair(&one, &one_address, &two, &two_address);
    test_bound(&stranger, AF_INET, SOCK_DGRAM, &stranger_address);

    ck_assert_ok(ps_settimeout(&one, PATIENCE));
    ck_assert_ok(ps_connect(&one, &two_address));
    assert_peer(&one, &two_address);
    ck_assert_int_eq(ps_send(&one, "hello", 5, 0), 5);
    ck_assert_ok(ps_settimeout(&two, PATIENCE));
    ck_assert_int_eq(ps_recvfrom(&two, text, sizeof text, 0, &from), 5);
    ck_assert(ps_addr_equal(&from, &one_address));

    /* Nobody but the peer is heard. */
    ck_assert_int_eq(ps_sendto(&stranger, "no", 2, 0, &one_address), 2);
    ck_assert_int_eq(ps_sendto(&two, "yes", 3, 0, &one_address), 3);
    ck_assert_int_eq(ps_recv(&one, text, sizeof text, 0), 3);
    ck_assert_mem_eq(text, "yes", 3);

    /* A datagram socket may take another peer. */
    ck_assert_ok(ps_connect(&one, &stranger_address));
    assert_peer(&one, &stranger_address);
    ck_assert_int_eq(ps_send(&one, "you", 3, 0), 3);
    ck_assert_ok(ps_settimeout(&stranger, PATIENCE));
    ck_assert_int_eq(ps_recv(&stranger, text, sizeof text, 0), 3);

    test_close(&one, &two, &stranger);
}
END_TEST

START_TEST(connect_datagram_does_not_wait)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, PATIENCE};
    ps_sock one, two;
    ps_addr one_address, two_address;
    size_t i;

    test_udp_pair(&one, &one_address, &two, &two_address);
    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ck_assert_ok(ps_settimeout(&one, modes[i]));
        ck_assert_code(ps_connect(&one, &two_address), 0);
        ck_assert_int_eq(ps_connect_ex(&one, &two_address), 0);
    }
    test_close(&one, &two);
}
END_TEST

/* Traps: CON-22. */
START_TEST(connect_datagram_to_no_family_drops_the_peer)
{
    ps_sock one, two;
    ps_addr one_address, two_address, none;
    char text[4];

    test_udp_pair(&one, &one_address, &two, &two_address);
    ck_assert_ok(ps_connect(&one, &two_address));
    none = two_address;
    none.sa.sa_family = AF_UNSPEC;
    ck_assert_ok(ps_connect(&one, &none));
    assert_no_peer(&one);
    ck_assert_code(ps_send(&one, "x", 1, 0), PS_EDESTADDRREQ);
    ck_assert_int_eq(ps_sendto(&one, "abc", 3, 0, &two_address), 3);
    ck_assert_ok(ps_settimeout(&two, PATIENCE));
    ck_assert_int_eq(ps_recv(&two, text, sizeof text, 0), 3);
    test_close(&one, &two);
}
END_TEST

void add_connect_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, connect_blocking);
    ADD_TEST_CASE(suite, connect_with_timeout);
    ADD_TEST_CASE(suite, connect_over_ipv6);
    ADD_TEST_CASE(suite, connect_nonblocking);
    ADD_TEST_CASE(suite, connect_started_and_not_asked_again);
    ADD_TEST_CASE(suite, connect_started_and_waited_for);
    ADD_TEST_CASE(suite, connect_from_a_bound_socket);
    ADD_TEST_CASE(suite, connect_to_the_wildcard);
    ADD_TEST_CASE(suite, connect_to_the_ipv6_wildcard);
    ADD_TEST_CASE(suite, connect_refused);
    ADD_TEST_CASE(suite, connect_refused_over_ipv6);
    ADD_TEST_CASE(suite, connect_refused_leaves_no_connection);
    ADD_TEST_CASE(suite, connect_nonblocking_refused);
    ADD_TEST_CASE(suite, connect_started_refused_and_waited_for);
    ADD_TEST_CASE(suite, connect_refused_is_told_by_recv);
    ADD_TEST_CASE(suite, connect_refused_is_told_by_send);
    ADD_TEST_CASE(suite, connect_refused_and_so_error_was_read);
    ADD_TEST_CASE(suite, connect_nonblocking_stays_under_way);
    ADD_TEST_CASE(suite, connect_times_out);
    ADD_TEST_CASE(suite, connect_times_out_and_waits_again);
    ADD_TEST_CASE(suite, connect_blocking_waits_for_what_was_started);
    ADD_TEST_CASE(suite, connect_under_way_neither_sends_nor_receives);
    ADD_TEST_CASE(suite, connect_under_way_is_waited_for_by_send);
    ADD_TEST_CASE(suite, connect_under_way_is_closed);
    ADD_TEST_CASE(suite, connect_ex_gives_numbers);
    ADD_TEST_CASE(suite, connect_ex_gives_the_number_of_a_refusal);
    ADD_TEST_CASE(suite, connect_ex_gives_numbers_under_way);
    ADD_TEST_CASE(suite, connect_refuses_another_family);
    ADD_TEST_CASE(suite, connect_over_ipv6_refuses_another_family);
    ADD_TEST_CASE(suite, connect_datagram_sets_the_peer);
    ADD_TEST_CASE(suite, connect_datagram_does_not_wait);
    ADD_TEST_CASE(suite, connect_datagram_to_no_family_drops_the_peer);
}
