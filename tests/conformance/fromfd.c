/* ps_fromfd: sockets of duplicated handles (row R118; R181 names the reference's own test). */
#include "config.h"

#include "late.h"
#include "test.h"

#define MESSAGE "Michael Gilfix was here\n"
enum { LENGTH = sizeof MESSAGE - 1 };

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_sock copy_of(const ps_sock *s)
{
    ps_sock copy;

    ck_assert_ok(ps_fromfd(&copy, ps_fileno(s), s->family, s->type, s->proto));
    return copy;
}

static void assert_sends(ps_sock *from, ps_sock *to)
{
    char text[LENGTH];

    ck_assert_ok(ps_settimeout(to, PATIENCE));
    ck_assert_int_eq(ps_send(from, MESSAGE, LENGTH, 0), LENGTH);
    ck_assert_int_eq(ps_recv(to, text, LENGTH, MSG_WAITALL), LENGTH);
    ck_assert_mem_eq(text, MESSAGE, LENGTH);
}

static void assert_end(ps_sock *s)
{
    char byte;

    ck_assert_ok(ps_settimeout(s, PATIENCE));
    ck_assert_int_eq(ps_recv(s, &byte, 1, 0), 0);
}

static void assert_no_end(ps_sock *s)
{
    char byte;

    ck_assert_ok(ps_settimeout(s, 0.1));
    ck_assert_code(ps_recv(s, &byte, 1, 0), PS_TIMED_OUT);
}

/* ---- duplicates ------------------------------------------------------------------------------ */

/* Rows: R007 R118 R181. */
START_TEST(fromfd_is_the_same_connection)
{
    ps_sock client, server, copy;
    ps_addr one, other;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_fromfd(&copy, ps_fileno(&client), AF_INET, SOCK_STREAM, IPPROTO_TCP));
    ck_assert_int_eq(copy.family, AF_INET);
    ck_assert_int_eq(copy.type, SOCK_STREAM);
    ck_assert_int_eq(copy.proto, IPPROTO_TCP);
    ck_assert(ps_fileno(&copy) != ps_fileno(&client));
    ck_assert_ok(ps_getsockname(&client, &one));
    ck_assert_ok(ps_getsockname(&copy, &other));
    ck_assert(ps_addr_equal(&one, &other));
    ck_assert_ok(ps_getpeername(&client, &one));
    ck_assert_ok(ps_getpeername(&copy, &other));
    ck_assert(ps_addr_equal(&one, &other));

    assert_sends(&server, &copy);
    assert_sends(&server, &client);
    assert_sends(&copy, &server);
    assert_sends(&client, &server);
    test_close(&copy, &client, &server);
}
END_TEST

/* Rows: R007. Traps: DSC-1. */
START_TEST(fromfd_outlives_the_original)
{
    ps_sock client, server, copy;

    test_tcp_pair(&client, &server);
    copy = copy_of(&client);
    ck_assert_ok(ps_close(&client));
    assert_no_end(&server);
    assert_sends(&server, &copy);
    assert_sends(&copy, &server);
    ck_assert_ok(ps_close(&copy));
    assert_end(&server);
    ck_assert_ok(ps_close(&server));
}
END_TEST

/* Rows: R118. Traps: DSC-1. */
START_TEST(fromfd_leaves_the_original_open)
{
    ps_sock client, server, copy;

    test_tcp_pair(&client, &server);
    copy = copy_of(&client);
    ck_assert_ok(ps_close(&copy));
    assert_no_end(&server);
    assert_sends(&server, &client);
    assert_sends(&client, &server);
    ck_assert_ok(ps_close(&client));
    assert_end(&server);
    ck_assert_ok(ps_close(&server));
}
END_TEST

/* Traps: DSC-1. */
START_TEST(fromfd_of_a_duplicate)
{
    ps_sock client, server, copy, copy_of_copy;

    test_tcp_pair(&client, &server);
    copy = copy_of(&client);
    copy_of_copy = copy_of(&copy);
    test_close(&copy, &client);
    assert_sends(&copy_of_copy, &server);
    ck_assert_ok(ps_close(&copy_of_copy));
    assert_end(&server);
    ck_assert_ok(ps_close(&server));
}
END_TEST

/* A shutdown is the connection's, not the handle's. */
START_TEST(fromfd_shares_a_shutdown)
{
    ps_sock client, server, copy;

    test_tcp_pair(&client, &server);
    copy = copy_of(&client);
    ck_assert_ok(ps_shutdown(&copy, SHUT_WR));
    assert_end(&server);
    ck_assert_code(ps_send(&client, "x", 1, 0), PS_EPIPE);
    assert_sends(&server, &client);
    test_close(&copy, &client, &server);
}
END_TEST

START_TEST(fromfd_of_a_listener)
{
    ps_sock listener, copy, client, server;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    copy = copy_of(&listener);
    ck_assert_ok(ps_close(&listener));
    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert_ok(ps_accept(&copy, &server, NULL));
    assert_sends(&client, &server);
    test_close(&client, &server, &copy);
}
END_TEST

START_TEST(fromfd_of_datagrams)
{
    ps_sock one, two, copy;
    ps_addr one_address, two_address, from;
    char text[8];

    test_udp_pair(&one, &one_address, &two, &two_address);
    copy = copy_of(&one);
    ck_assert_ok(ps_close(&one));
    ck_assert_int_eq(ps_sendto(&two, "abc", 3, 0, &one_address), 3);
    ck_assert_ok(ps_settimeout(&copy, PATIENCE));
    ck_assert_int_eq(ps_recvfrom(&copy, text, sizeof text, 0, &from), 3);
    ck_assert(ps_addr_equal(&from, &two_address));
    ck_assert_int_eq(ps_sendto(&copy, "def", 3, 0, &two_address), 3);
    ck_assert_ok(ps_settimeout(&two, PATIENCE));
    ck_assert_int_eq(ps_recvfrom(&two, text, sizeof text, 0, &from), 3);
    ck_assert(ps_addr_equal(&from, &one_address));
    test_close(&copy, &two);
}
END_TEST

/* A handle of an unconnected socket connects; one of a connected socket does not once more. */
START_TEST(fromfd_connects)
{
    ps_sock listener, s, copy, server;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    copy = copy_of(&s);
    ck_assert_ok(ps_connect(&copy, &a));
    ck_assert_code(ps_connect(&copy, &a), PS_EISCONN);
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    assert_sends(&copy, &server);
    ck_assert_ok(ps_close(&copy));

    copy = copy_of(&s);
#if PS__HAVE_SHUTDOWN_WAKES || defined _WIN32
    ck_assert_code(ps_connect(&copy, &a), PS_EISCONN);
#else /* made without blocking underneath: Linux tells a stranger once that it is there */
    ck_assert_ok(ps_connect(&copy, &a));
#endif
    assert_sends(&copy, &server);
    test_close(&copy, &s, &server, &listener);
}
END_TEST

/* What it is said to be is written down, not checked. */
/* Traps: ADR-16 DSC-3. */
START_TEST(fromfd_does_not_check_what_it_is_told)
{
    ps_sock client, server, copy;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_fromfd(&copy, ps_fileno(&client), AF_INET6, SOCK_DGRAM, 77));
    ck_assert_int_eq(copy.family, AF_INET6);
    ck_assert_int_eq(copy.type, SOCK_DGRAM);
    ck_assert_int_eq(copy.proto, 77);
    ck_assert_ok(ps_close(&copy));
    assert_sends(&client, &server);
    test_close(&client, &server);
}
END_TEST

/* ---- modes ----------------------------------------------------------------------------------- */

/* Rows: R118. Traps: TMO-12. */
START_TEST(fromfd_is_assumed_to_block)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, 0.1};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock client, server, copy;
        test_tcp_pair(&client, &server);
        ck_assert_ok(ps_settimeout(&client, modes[i]));
        copy = copy_of(&client);
        ck_assert_double_eq(ps_gettimeout(&copy), PS_NO_TIMEOUT);
        ck_assert_double_eq(ps_gettimeout(&client), modes[i]);
        /* Even if the handle, which both share, is in non-blocking mode. */
        assert_waits_for_what_comes_late(&copy, &server);
        test_close(&copy, &client, &server);
    }
}
END_TEST

/* Traps: TMO-11. */
START_TEST(fromfd_takes_the_default_timeout)
{
    ps_sock client, server, copy;
    double begin;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_setdefaulttimeout(0.25));
    copy = copy_of(&client);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    ck_assert_double_eq(ps_gettimeout(&copy), 0.25);
    begin = test_clock();
    ck_assert_code(ps_recv(&copy, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.25);
    test_close(&copy, &client, &server);
}
END_TEST

/* The handles share the system's mode; each socket keeps its own, as long as none is made to
 * block. */
/* Rows: R078. Traps: TMO-11. */
START_TEST(fromfd_and_the_original_keep_their_timeouts)
{
    ps_sock client, server, copy;
    char byte;

    test_tcp_pair(&client, &server);
    copy = copy_of(&client);
    ck_assert_ok(ps_settimeout(&copy, 0.1));
    assert_waits_for_what_comes_late(&client, &server);
    ck_assert_code(ps_recv(&copy, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_setblocking(&copy, 0));
    ck_assert_code(ps_recv(&copy, &byte, 1, 0), PS_EWOULDBLOCK);
    assert_waits_for_what_comes_late(&client, &server);
    ck_assert_double_eq(ps_gettimeout(&client), PS_NO_TIMEOUT);
    test_close(&copy, &client, &server);
}
END_TEST

/* ---- inheritance ----------------------------------------------------------------------------- */

/* Traps: LIF-9. */
START_TEST(fromfd_is_not_inheritable)
{
    ps_sock s, copy;
    bool on = true;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    copy = copy_of(&s);
    ck_assert_ok(ps_get_inheritable(&copy, &on));
    ck_assert(!on);
    ck_assert_ok(ps_close(&copy));

    ck_assert_ok(ps_set_inheritable(&s, true));
    copy = copy_of(&s);
    ck_assert_ok(ps_get_inheritable(&copy, &on));
    ck_assert(!on);
    ck_assert_ok(ps_get_inheritable(&s, &on));
    ck_assert(on);
    test_close(&copy, &s);
}
END_TEST

/* ---- refusals -------------------------------------------------------------------------------- */

static void assert_refused(ps_handle handle, int expected)
{
    ps_sock copy;

    memset(&copy, 0x5a, sizeof copy);
    ck_assert_code(ps_fromfd(&copy, handle, AF_INET, SOCK_STREAM, 0), expected);
    ck_assert(copy.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close(&copy));
}

START_TEST(fromfd_refuses_no_handle)
{
    ps_sock closed = PS_SOCK_INIT;

    assert_refused(PS_INVALID_HANDLE, PS_EBADF);
    assert_refused(ps_fileno(&closed), PS_EBADF);
    ck_assert_code(ps_fromfd(NULL, PS_INVALID_HANDLE, AF_INET, SOCK_STREAM, 0), PS_EFAULT);
}
END_TEST

/* POSIX calls a number that is nobody's a bad descriptor, Windows says that it is no socket. */
/* Rows: R118. */
START_TEST(fromfd_refuses_a_closed_handle)
{
    ps_sock s;
    ps_handle handle;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    handle = ps_fileno(&s);
    ck_assert_ok(ps_close(&s));
    assert_refused(handle, test_on_windows() ? PS_ENOTSOCK : PS_EBADF);
}
END_TEST

void add_fromfd_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, fromfd_is_the_same_connection);
    ADD_TEST_CASE(suite, fromfd_outlives_the_original);
    ADD_TEST_CASE(suite, fromfd_leaves_the_original_open);
    ADD_TEST_CASE(suite, fromfd_of_a_duplicate);
    ADD_TEST_CASE(suite, fromfd_shares_a_shutdown);
    ADD_TEST_CASE(suite, fromfd_of_a_listener);
    ADD_TEST_CASE(suite, fromfd_of_datagrams);
    ADD_TEST_CASE(suite, fromfd_connects);
    ADD_TEST_CASE(suite, fromfd_does_not_check_what_it_is_told);
    ADD_TEST_CASE(suite, fromfd_is_assumed_to_block);
    ADD_TEST_CASE(suite, fromfd_takes_the_default_timeout);
    ADD_TEST_CASE(suite, fromfd_and_the_original_keep_their_timeouts);
    ADD_TEST_CASE(suite, fromfd_is_not_inheritable);
    ADD_TEST_CASE(suite, fromfd_refuses_no_handle);
    ADD_TEST_CASE(suite, fromfd_refuses_a_closed_handle);
}
