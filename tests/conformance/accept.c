/* Accepting connections (rows R010, R050, R176; R181 has the reference's testAccept, R183 its
 * accept timeout). */
#include "connection.h"
#include "late.h"
#include "test.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_sock connected_to(const ps_addr *a)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, ps_addr_family(a), SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_connect(&s, a));
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    return s;
}

/* Two results that a failed accept must have overwritten. */
static void spoil(ps_sock *conn, ps_addr *peer)
{
    memset(conn, 0x5a, sizeof *conn);
    memset(peer, 0x5a, sizeof *peer);
}

static void assert_nothing_accepted(const ps_sock *conn, const ps_addr *peer)
{
    ck_assert(conn->handle == PS_INVALID_HANDLE);
    ck_assert(ps_fileno(conn) == PS_INVALID_HANDLE);
    ck_assert_int_eq(peer->len, 0);
}

static void assert_refused(ps_sock *s, int expected)
{
    ps_sock conn;
    ps_addr peer;

    spoil(&conn, &peer);
    ck_assert_code(ps_accept(s, &conn, &peer), expected);
    assert_nothing_accepted(&conn, &peer);
    ck_assert_code(ps_accept(s, &conn, NULL), expected);
    ck_assert_ok(ps_close(&conn));
}

/* ---- a connection ---------------------------------------------------------------------------- */

static void accept_one(int family)
{
    ps_sock listener, client, conn;
    ps_addr a, name, peer;
    char text[4];

    test_listener(&listener, family, &a);
    client = connected_to(&a);
    ck_assert_ok(ps_accept(&listener, &conn, &peer));
    ck_assert_int_eq(conn.family, family);
    ck_assert_int_eq(conn.type, SOCK_STREAM);
    ck_assert_int_eq(conn.proto, listener.proto);
    ck_assert(ps_fileno(&conn) != ps_fileno(&listener));
    ck_assert_ok(ps_getsockname(&client, &name));
    ck_assert(ps_addr_equal(&peer, &name));
    ck_assert_ok(ps_getpeername(&conn, &name));
    ck_assert(ps_addr_equal(&peer, &name));
    ck_assert_ok(ps_getsockname(&conn, &name));
    ck_assert(ps_addr_equal(&a, &name));

    ck_assert_int_eq(ps_send(&client, "abc", 3, 0), 3);
    ck_assert_int_eq(ps_recv(&conn, text, 3, MSG_WAITALL), 3);
    ck_assert_int_eq(ps_send(&conn, "def", 3, 0), 3);
    ck_assert_int_eq(ps_recv(&client, text, 3, MSG_WAITALL), 3);
    ck_assert_mem_eq(text, "def", 3);
    test_close(&client, &conn, &listener);
}

/* Rows: R050 R176. */
START_TEST(accept_gives_a_connection)
{
    accept_one(AF_INET);
}
END_TEST

/* Traps: CON-17. */
START_TEST(accept_gives_an_ipv6_connection)
{
    accept_one(AF_INET6);
}
END_TEST

START_TEST(accept_keeps_the_protocol)
{
    ps_sock listener, client, conn;
    ps_addr a;

    ck_assert_ok(ps_socket(&listener, AF_INET, SOCK_STREAM, IPPROTO_TCP));
    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 0));
    ck_assert_ok(ps_bind(&listener, &a));
    ck_assert_ok(ps_getsockname(&listener, &a));
    ck_assert_ok(ps_listen(&listener, 1));
    client = connected_to(&a);
    ck_assert_ok(ps_accept(&listener, &conn, NULL));
    ck_assert_int_eq(conn.proto, IPPROTO_TCP);
    test_close(&client, &conn, &listener);
}
END_TEST

START_TEST(accept_needs_no_peer)
{
    ps_sock listener, client, conn;
    ps_addr a, name, peer;

    test_listener(&listener, AF_INET, &a);
    client = connected_to(&a);
    ck_assert_ok(ps_accept(&listener, &conn, NULL));
    ck_assert_ok(ps_getpeername(&conn, &peer));
    ck_assert_ok(ps_getsockname(&client, &name));
    ck_assert(ps_addr_equal(&peer, &name));
    test_close(&client, &conn, &listener);
}
END_TEST

START_TEST(accept_gives_each_once)
{
    enum { COUNT = 5 };
    ps_sock listener, clients[COUNT], conn;
    ps_addr a, names[COUNT], peer;
    bool seen[COUNT] = {false};
    int i, k;

    test_listener(&listener, AF_INET, &a);
    for (i = 0; i < COUNT; i++) {
        clients[i] = connected_to(&a);
        ck_assert_ok(ps_getsockname(&clients[i], &names[i]));
    }
    for (i = 0; i < COUNT; i++) {
        ck_assert_ok(ps_accept(&listener, &conn, &peer));
        for (k = 0; k < COUNT && !ps_addr_equal(&peer, &names[k]); k++)
            ;
        ck_assert_int_lt(k, COUNT);
        ck_assert(!seen[k]);
        seen[k] = true;
        ck_assert_ok(ps_close(&conn));
    }
    ck_assert_ok(ps_setblocking(&listener, 0));
    assert_refused(&listener, PS_EWOULDBLOCK);
    for (i = 0; i < COUNT; i++)
        ck_assert_ok(ps_close(&clients[i]));
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* The client has sent and gone before anybody accepts. */
/* Rows: R052. Traps: CON-16 OPT-15. */
START_TEST(accept_gives_what_a_gone_client_sent)
{
    ps_sock listener, client, conn;
    ps_addr a;
    char text[8];

    test_listener(&listener, AF_INET, &a);
    client = connected_to(&a);
    ck_assert_int_eq(ps_send(&client, "bye", 3, 0), 3);
    ck_assert_ok(ps_close(&client));
    ck_assert_ok(ps_accept(&listener, &conn, NULL));
    ck_assert_int_eq(ps_recv(&conn, text, sizeof text, MSG_WAITALL), 3);
    ck_assert_mem_eq(text, "bye", 3);
    ck_assert_int_eq(ps_recv(&conn, text, sizeof text, 0), 0);
    test_close(&conn, &listener);
}
END_TEST

/* ---- waiting --------------------------------------------------------------------------------- */

START_TEST(accept_waits_for_a_client)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE, 1e300};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock listener, conn;
        late_client l = {.code = 99};
        test_thread *thread;
        test_listener(&listener, AF_INET, &l.address);
        ck_assert_ok(ps_settimeout(&listener, modes[i]));
        thread = test_thread_start(connect_late, &l);
        ck_assert_ok(ps_accept(&listener, &conn, NULL));
        test_thread_join(thread);
        ck_assert_code(l.code, 0);
        test_close(&l.socket, &conn, &listener);
    }
}
END_TEST

/* Rows: R050. */
START_TEST(accept_times_out)
{
    ps_sock listener, conn;
    ps_addr a, peer;
    double begin;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_settimeout(&listener, 0.25));
    spoil(&conn, &peer);
    begin = test_clock();
    ck_assert_code(ps_accept(&listener, &conn, &peer), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.25);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    assert_nothing_accepted(&conn, &peer);

    /* It is as it was. */
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    {
        ps_sock client = connected_to(&a);
        ck_assert_ok(ps_accept(&listener, &conn, &peer));
        test_close(&client, &conn);
    }
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* Rows: R050 R079. */
START_TEST(accept_would_block)
{
    ps_sock listener, client, conn;
    ps_addr a;
    double end = test_clock() + PATIENCE;
    int code;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_setblocking(&listener, 0));
    assert_refused(&listener, PS_EWOULDBLOCK);
    client = connected_to(&a);
    while ((code = ps_accept(&listener, &conn, NULL)) == PS_EWOULDBLOCK && test_clock() < end)
        test_sleep(0.01);
    ck_assert_code(code, 0);
    test_close(&client, &conn, &listener);
}
END_TEST

typedef struct rival {
    ps_sock *listener;
    ps_sock conn;
    int code;
} rival;

static void accept_in_thread(void *argument)
{
    rival *r = argument;

    r->code = ps_accept(r->listener, &r->conn, NULL);
}

/* Two wait, one comes: the other one's wait ends when its time is over, not when the listener
 * looked ready. */
/* Traps: TMO-10. */
START_TEST(accept_by_two_gives_one_client_to_one)
{
    ps_sock listener, client;
    ps_addr a;
    rival rivals[2];
    test_thread *threads[2];
    int i;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_settimeout(&listener, 2));
    for (i = 0; i < 2; i++) {
        rivals[i] = (rival){.listener = &listener};
        threads[i] = test_thread_start(accept_in_thread, &rivals[i]);
    }
    client = connected_to(&a);
    for (i = 0; i < 2; i++)
        test_thread_join(threads[i]);
    if (rivals[0].code != 0) {
        rival first = rivals[0];
        rivals[0] = rivals[1];
        rivals[1] = first;
    }
    ck_assert_code(rivals[0].code, 0);
    ck_assert_code(rivals[1].code, PS_TIMED_OUT);
    test_close(&rivals[0].conn, &client, &listener);
}
END_TEST

/* ---- the connection's timeout ---------------------------------------------------------------- */

static void assert_blocking(ps_sock *conn, ps_sock *client)
{
    ck_assert_double_eq(ps_gettimeout(conn), PS_NO_TIMEOUT);
    assert_waits_for_what_comes_late(conn, client);
}

/* Rows: R010. Traps: CON-14. */
START_TEST(accept_does_not_pass_on_the_listeners_timeout)
{
    static const double modes[] = {2.0, 0, PS_NO_TIMEOUT};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock listener, client, conn;
        ps_addr a;
        double end = test_clock() + PATIENCE;
        int code;
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_settimeout(&listener, modes[i]));
        client = connected_to(&a);
        while ((code = ps_accept(&listener, &conn, NULL)) == PS_EWOULDBLOCK && test_clock() < end)
            test_sleep(0.01);
        ck_assert_code(code, 0);
        assert_blocking(&conn, &client);
        ck_assert_double_eq(ps_gettimeout(&listener), modes[i]);
        test_close(&client, &conn, &listener);
    }
}
END_TEST

/* Rows: R010. Traps: CON-14. */
START_TEST(accept_gives_the_default_timeout)
{
    static const double defaults[] = {0.2, 0, PS_NO_TIMEOUT};
    size_t i;

    for (i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        ps_sock listener, client, conn;
        ps_addr a;
        char byte;
        ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
        test_listener(&listener, AF_INET, &a);
        client = connected_to(&a);
        ck_assert_ok(ps_setdefaulttimeout(defaults[i]));
        ck_assert_ok(ps_accept(&listener, &conn, NULL));
        ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
        ck_assert_double_eq(ps_gettimeout(&conn), defaults[i]);
        ck_assert_double_eq(ps_gettimeout(&listener), PS_NO_TIMEOUT);
        if (defaults[i] == PS_NO_TIMEOUT)
            assert_blocking(&conn, &client);
        else
            ck_assert_code(ps_recv(&conn, &byte, 1, 0),
                           defaults[i] > 0 ? PS_TIMED_OUT : PS_EWOULDBLOCK);
        test_close(&client, &conn, &listener);
    }
}
END_TEST

/* ---- refusals -------------------------------------------------------------------------------- */

START_TEST(accept_needs_a_listener)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock s;
        ps_addr a;
        ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
        ck_assert_ok(ps_settimeout(&s, modes[i]));
        assert_refused(&s, PS_EINVAL);
        ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 0));
        ck_assert_ok(ps_bind(&s, &a));
        assert_refused(&s, PS_EINVAL);
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

START_TEST(accept_refuses_a_connection)
{
    ps_sock client, server;

    test_tcp_pair(&client, &server);
    assert_refused(&client, PS_EINVAL);
    assert_refused(&server, PS_EINVAL);
    test_close(&client, &server);
}
END_TEST

START_TEST(accept_refuses_datagrams)
{
    ps_sock one, two;
    ps_addr one_address, two_address;

    ck_assert_ok(ps_socket(&one, AF_INET, SOCK_DGRAM, 0));
    assert_refused(&one, PS_EOPNOTSUPP);
    ck_assert_ok(ps_close(&one));
    test_udp_pair(&one, &one_address, &two, &two_address);
    assert_refused(&one, PS_EOPNOTSUPP);
    ck_assert_ok(ps_settimeout(&one, PATIENCE));
    assert_refused(&one, PS_EOPNOTSUPP);
    test_close(&one, &two);
}
END_TEST

/* ---- clients that are gone ------------------------------------------------------------------- */

/* Accepts until the good client is served; a system that does not skip the reset connection
 * gives it first, dead. */
static void serve_the_good_one(ps_sock *listener, ps_sock *good, int before_it)
{
    ps_addr name, peer;
    ps_sock conn;
    char byte = 0;
    int dead = -1;

    ck_assert_ok(ps_getsockname(good, &name));
    do {
        dead++;
        ck_assert_int_le(dead, before_it);
        ck_assert_ok(ps_accept(listener, &conn, &peer));
        if (ps_addr_equal(&peer, &name))
            break;
        ck_assert_int_le(ps_recv(&conn, &byte, 1, 0), 0);
        ck_assert_ok(ps_close(&conn));
    } while (true);
    ck_assert_int_eq(ps_send(good, "y", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&conn, &byte, 1, 0), 1);
    ck_assert_int_eq(byte, 'y');
    ck_assert_ok(ps_close(&conn));
}

/* Traps: CON-16. */
START_TEST(accept_survives_clients_that_reset)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock listener, bad, good;
        ps_addr a;
        int k;
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_settimeout(&listener, modes[i]));
        for (k = 0; k < 3; k++) {
            bad = connected_to(&a);
            close_with_reset(&bad);
        }
        good = connected_to(&a);
        serve_the_good_one(&listener, &good, 3);
        test_close(&good, &listener);
    }
}
END_TEST

/* Nobody else comes: the reset connection must not end the wait early, nor look like one that
 * lives. */
/* Traps: CON-16. */
START_TEST(accept_of_a_reset_connection_alone)
{
    ps_sock listener, bad, conn;
    ps_addr a, peer;
    double begin;
    char byte;
    int code;

    test_listener(&listener, AF_INET, &a);
    bad = connected_to(&a);
    close_with_reset(&bad);
    ck_assert_ok(ps_settimeout(&listener, 0.25));
    spoil(&conn, &peer);
    begin = test_clock();
    code = ps_accept(&listener, &conn, &peer);
    if (code == 0) {
        ck_assert_int_le(ps_recv(&conn, &byte, 1, 0), 0);
    } else {
        ck_assert_code(code, PS_TIMED_OUT);
        ck_assert_double_ge(test_clock() - begin, 0.25);
        assert_nothing_accepted(&conn, &peer);
    }
    test_close(&conn, &listener);
}
END_TEST

void add_accept_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, accept_gives_a_connection);
    ADD_TEST_CASE(suite, accept_gives_an_ipv6_connection);
    ADD_TEST_CASE(suite, accept_keeps_the_protocol);
    ADD_TEST_CASE(suite, accept_needs_no_peer);
    ADD_TEST_CASE(suite, accept_gives_each_once);
    ADD_TEST_CASE(suite, accept_gives_what_a_gone_client_sent);
    ADD_TEST_CASE(suite, accept_waits_for_a_client);
    ADD_TEST_CASE(suite, accept_times_out);
    ADD_TEST_CASE(suite, accept_would_block);
    ADD_TEST_CASE(suite, accept_by_two_gives_one_client_to_one);
    ADD_TEST_CASE(suite, accept_does_not_pass_on_the_listeners_timeout);
    ADD_TEST_CASE(suite, accept_gives_the_default_timeout);
    ADD_TEST_CASE(suite, accept_needs_a_listener);
    ADD_TEST_CASE(suite, accept_refuses_a_connection);
    ADD_TEST_CASE(suite, accept_refuses_datagrams);
    ADD_TEST_CASE(suite, accept_survives_clients_that_reset);
    ADD_TEST_CASE(suite, accept_of_a_reset_connection_alone);
}
