/* Numbers other than Winsock's, from each call in turn: see rules/driver_numbers.c. */
#include "layer.h"
#include "rules/driver_numbers.h"
#include "test.h"

/* A result for a call that goes on after the number. */
enum { GOES_ON = 1 };

/* What a number makes of a receive, a send and a connect of a stream. */
static const struct {
    int number, received, sent, connected;
} rows[] = {
    /* ends of the connection */
    {64, PS_ECONNRESET, PS_ECONNRESET, PS_ECONNRESET},
    {121, PS_ETIMEDOUT, PS_ETIMEDOUT, PS_ETIMEDOUT},
    {1236, PS_ECONNRESET, PS_ECONNRESET, PS_ECONNABORTED},
    {1460, PS_ETIMEDOUT, PS_ETIMEDOUT, PS_ETIMEDOUT},
    {10052, PS_ETIMEDOUT, PS_ETIMEDOUT, PS_ETIMEDOUT},
    /* failures of an attempt, which need not end a connection */
    {51, PS_ECONNREFUSED, PS_ECONNREFUSED, PS_ECONNREFUSED},
    {1225, PS_ECONNREFUSED, PS_ECONNREFUSED, PS_ECONNREFUSED},
    {1231, PS_ENETUNREACH, PS_ENETUNREACH, PS_ENETUNREACH},
    {1232, PS_EHOSTUNREACH, PS_EHOSTUNREACH, PS_EHOSTUNREACH},
    {1234, PS_ECONNRESET, PS_ECONNRESET, PS_ECONNREFUSED},
    {1256, PS_EHOSTDOWN, PS_EHOSTDOWN, PS_EHOSTDOWN},
    /* interruptions */
    {995, GOES_ON, GOES_ON, GOES_ON},
    {1235, GOES_ON, GOES_ON, GOES_ON},
    {10004, GOES_ON, GOES_ON, GOES_ON},
    /* what is about the call */
    {6, PS_EBADF, PS_EBADF, PS_EBADF},
    {14, PS_ENOMEM, PS_ENOMEM, PS_ENOMEM},
    {50, PS_EOPNOTSUPP, PS_EOPNOTSUPP, PS_EOPNOTSUPP},
    {87, PS_EINVAL, PS_EINVAL, PS_EINVAL},
    {183, PS_EEXIST, PS_EEXIST, PS_EEXIST},
    {233, PS_EPIPE, PS_EPIPE, PS_EPIPE},
    {998, PS_EFAULT, PS_EFAULT, PS_EFAULT},
    {1450, PS_ENOBUFS, PS_ENOBUFS, PS_EADDRNOTAVAIL}, /* without a port that is what it means */
    {10103, PS_ECANCELED, PS_ECANCELED, PS_ECANCELED},
    {10106, PS_ESYSNOTREADY, PS_ESYSNOTREADY, PS_ESYSNOTREADY},
    {10107, PS_EIO, PS_EIO, PS_EIO},
    {1226, 0, PS_EDISCON, PS_EDISCON},
};

enum { ROWS = sizeof rows / sizeof rows[0], CONNECTION_ENDS = 5 };

static void check(int number, ptrdiff_t result, int expected)
{
    ck_assert_msg(result == expected, "%d: %d %s, not %s", number, (int)result,
                  ps_error_name((int)result), ps_error_name(expected));
}

/* ---- streams --------------------------------------------------------------------------------- */

static ptrdiff_t receive(ps_sock *s)
{
    char byte;

    return ps_recv(s, &byte, 1, 0);
}

static ptrdiff_t receive_message(ps_sock *s)
{
    char byte;
    ps_buffer buffer = {.data = &byte, .size = 1};
    int flags = 0;

    return ps_recvmsg(s, &buffer, 1, NULL, NULL, NULL, 0, &flags, NULL);
}

/* What a connection that is over has in store is received; then the failure stays. */
static void receive_rest(ps_sock *s, ps_sock *peer, int failure)
{
    ck_assert_ok(ps_close(peer));
    ck_assert_int_eq(receive(s), 1);
    ck_assert_code(receive(s), failure);
}

static void receive_numbers(blocking_call call, ptrdiff_t (*receive_one)(ps_sock *s))
{
    for (int i = 0; i < ROWS; i++) {
        ps_sock s, peer;

        test_tcp_pair(&peer, &s);
        ck_assert_int_eq(ps_send(&peer, "x", 1, 0), 1);
        let_through(call, rows[i].number);
        check(rows[i].number, receive_one(&s), rows[i].received);
        ck_assert(has_come_through(call));
        if (i < CONNECTION_ENDS)
            receive_rest(&s, &peer, rows[i].received);
        else
            ck_assert_ok(ps_close(&peer));
        ck_assert_ok(ps_close(&s));
    }
}

START_TEST(numbers_of_receives)
{
    receive_numbers(CALL_recv, receive);
}
END_TEST

START_TEST(numbers_of_receives_of_messages)
{
    receive_numbers(CALL_WSARecv, receive_message);
}
END_TEST

START_TEST(numbers_of_sends)
{
    for (int i = 0; i < ROWS; i++) {
        ps_sock s, peer;

        test_tcp_pair(&peer, &s);
        ck_assert_int_eq(ps_send(&peer, "x", 1, 0), 1);
        let_through(CALL_send, rows[i].number);
        check(rows[i].number, ps_send(&s, "x", 1, 0), rows[i].sent);
        ck_assert(has_come_through(CALL_send));
        if (i < CONNECTION_ENDS)
            receive_rest(&s, &peer, rows[i].sent);
        else
            ck_assert_ok(ps_close(&peer));
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

static void connect_with_numbers(double timeout)
{
    ps_sock listener;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    for (int i = 0; i < ROWS; i++) {
        ps_sock s = test_socket(AF_INET, SOCK_STREAM);
        int expected = rows[i].connected == GOES_ON ? 0 : rows[i].connected;

        ck_assert_ok(ps_settimeout(&s, timeout));
        let_through(CALL_connect, rows[i].number);
        check(rows[i].number, ps_connect(&s, &a), expected);
        ck_assert(has_come_through(CALL_connect));
        ck_assert_ok(ps_close(&s));
    }
    ck_assert_ok(ps_close(&listener));
}

START_TEST(numbers_of_connects)
{
    connect_with_numbers(PS_NO_TIMEOUT);
    connect_with_numbers(30);
}
END_TEST

/* A queued connection that its peer has reset is skipped, and an interruption goes by. */
START_TEST(numbers_of_accepts)
{
    static const int skipped[] = {64, 995, 1236, 2250, 10053, 10054};

    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
        ps_sock listener, client = test_socket(AF_INET, SOCK_STREAM), connection;
        ps_addr a;

        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_connect(&client, &a));
        let_through(CALL_accept, skipped[i]);
        check(skipped[i], ps_accept(&listener, &connection, NULL), 0);
        ck_assert(has_come_through(CALL_accept));
        test_close(&connection, &client, &listener);
    }
}
END_TEST

/* ---- datagrams ------------------------------------------------------------------------------- */

/* A port that was closed, a router's word, an interruption: the receive goes on. */
START_TEST(numbers_of_datagrams)
{
    static const int ignored[] = {64, 995, 1234, 10052, 10054};
    ps_sock one, two;
    ps_addr a, b, from;
    char text[4];

    test_udp_pair(&one, &a, &two, &b);
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        ck_assert_int_eq(ps_sendto(&two, "ab", 2, 0, &a), 2);
        let_through(CALL_recvfrom, ignored[i]);
        check(ignored[i], ps_recvfrom(&one, text, sizeof text, 0, &from), 2);
        ck_assert(has_come_through(CALL_recvfrom));
    }
    let_through(CALL_recvfrom, 234);
    ck_assert_int_eq(ps_recvfrom(&one, text, sizeof text, 0, &from), 4);
    ck_assert_ok(ps_connect(&one, &b));
    let_through(CALL_recv, 1234);
    ck_assert_code(ps_recv(&one, text, sizeof text, 0), PS_ECONNREFUSED);
    test_close(&one, &two);
}
END_TEST

void add_let_through_tests(Suite *suite);
void add_let_through_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, numbers_of_receives);
    ADD_TEST_CASE(suite, numbers_of_receives_of_messages);
    ADD_TEST_CASE(suite, numbers_of_sends);
    ADD_TEST_CASE(suite, numbers_of_connects);
    ADD_TEST_CASE(suite, numbers_of_accepts);
    ADD_TEST_CASE(suite, numbers_of_datagrams);
}
