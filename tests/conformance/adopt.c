/* ps_adopt: handles that come from elsewhere and are taken over. */
#include "connection.h"
#include "handles.h"
#include "late.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0

/* A handle as a program has it that does not use this library. */
static ps_handle strangers_handle(int family, int type)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, family, type, 0));
    return ps_detach(&s);
}

static ps_sock adopted(ps_handle h)
{
    ps_sock s;

    ck_assert_ok(ps_adopt(&s, h));
    ck_assert(ps_fileno(&s) == h);
    return s;
}

/* An end of a connection over loopback as a stranger's handle, and the other end. */
static ps_handle connected_handle(ps_sock *peer)
{
    ps_sock client;

    test_tcp_pair(&client, peer);
    return ps_detach(&client);
}

static bool inheritable(ps_handle h)
{
    ps_sock s = PS_SOCK_INIT;
    bool on = false;

    s.handle = h;
    ck_assert_ok(ps_get_inheritable(&s, &on));
    return on;
}

static void make_inheritable(ps_handle h)
{
    ps_sock s = PS_SOCK_INIT;

    s.handle = h;
    ck_assert_ok(ps_set_inheritable(&s, true));
}

/* ---- what it is ------------------------------------------------------------------------------ */

static int told_proto(int proto)
{
#if defined SO_PROTOCOL || defined _WIN32
    return proto;
#else
    (void)proto;
    return 0;
#endif
}

START_TEST(adopt_asks_the_system_what_it_is)
{
    static const struct {
        int family;
        int type;
        int proto;
    } kinds[] = {
        {AF_INET, SOCK_STREAM, IPPROTO_TCP},
        {AF_INET, SOCK_DGRAM, IPPROTO_UDP},
        {AF_INET6, SOCK_STREAM, IPPROTO_TCP},
        {AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        ps_sock s;

        if (kinds[i].family == AF_INET6 && !ps_has_ipv6())
            continue;
        s = adopted(strangers_handle(kinds[i].family, kinds[i].type));
        ck_assert_int_eq(s.family, kinds[i].family);
        ck_assert_int_eq(s.type, kinds[i].type);
        ck_assert_int_eq(s.proto, told_proto(kinds[i].proto));
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

/* ---- whatever it does ------------------------------------------------------------------------ */

START_TEST(adopt_takes_a_connection)
{
    ps_sock s, server;
    ps_handle h = connected_handle(&server);
    ps_addr a;
    char byte;
    int code;

    s = adopted(h);
    assert_reaches(&s, &server);
    assert_reaches(&server, &s);
    ck_assert_ok(ps_getpeername(&s, &a));
    /* Linux has still to say that a connect which was not waited for has succeeded. */
    code = ps_connect(&s, &a);
    ck_assert_code(code == 0 ? ps_connect(&s, &a) : code, PS_EISCONN);
    /* It is the socket's alone: the peer sees the end when the socket is closed. */
    ck_assert_ok(ps_close(&s));
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 0);
    ck_assert_ok(ps_close(&server));
}
END_TEST

/* Before anything was transferred it might still be connecting; Windows tells urgent data and
 * the end of that in one way. */
START_TEST(adopt_takes_a_connection_with_urgent_data)
{
    ps_sock peer, s = adopted(connected_handle(&peer));
    ps_pollfd entry = {&s, POLLIN | POLLPRI, 0};

    ck_assert_int_eq(ps_send(&peer, "!", 1, MSG_OOB), 1);
    ck_assert_int_eq(ps_poll(&entry, 1, PATIENCE), 1);
    ck_assert_int_eq(entry.revents, POLLPRI);
    test_close(&s, &peer);
}
END_TEST

START_TEST(adopt_takes_a_listener)
{
    ps_sock listener, client, server;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    listener = adopted(ps_detach(&listener));
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_int_eq(server.family, AF_INET);
    ck_assert_int_eq(server.type, SOCK_STREAM);
    assert_reaches(&client, &server);
    test_close(&client, &server, &listener);
}
END_TEST

START_TEST(adopt_takes_one_that_connects_then)
{
    ps_sock listener, s, server;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    s = adopted(strangers_handle(AF_INET, SOCK_STREAM));
    ck_assert_ok(ps_connect(&s, &a));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    assert_reaches(&s, &server);
    test_close(&s, &server, &listener);
}
END_TEST

START_TEST(adopt_takes_datagrams)
{
    ps_sock one, two;
    ps_addr one_address, two_address, from;
    char text[8];

    test_udp_pair(&one, &one_address, &two, &two_address);
    one = adopted(ps_detach(&one));
    ck_assert_ok(ps_settimeout(&one, PATIENCE));
    ck_assert_int_eq(ps_sendto(&two, "abc", 3, 0, &one_address), 3);
    ck_assert_int_eq(ps_recvfrom(&one, text, sizeof text, 0, &from), 3);
    ck_assert(ps_addr_equal(&from, &two_address));
    test_close(&one, &two);
}
END_TEST

/* ---- its mode, its inheritance --------------------------------------------------------------- */

/* The handle itself blocks again, whatever mode it was left in. */
START_TEST(adopt_sets_the_mode)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, 2.5};

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock s, server;
        late_sender l = {.socket = &server};
        test_thread *thread;
        ps_handle h;
        char byte;

        test_tcp_pair(&s, &server);
        ck_assert_ok(ps_settimeout(&s, modes[i]));
        h = ps_detach(&s);
        s = adopted(h);
        ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
        thread = test_thread_start(send_late, &l);
        ck_assert_int_eq(recv(ps_fileno(&s), &byte, 1, 0), 1);
        test_thread_join(thread);
        ck_assert_int_eq(l.count, 1);
        test_close(&s, &server);
    }
}
END_TEST

START_TEST(adopt_takes_on_the_default_timeout)
{
    ps_sock s, server;
    ps_handle h = connected_handle(&server);
    double begin;
    char byte;

    ck_assert_ok(ps_setdefaulttimeout(0.25));
    s = adopted(h);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    ck_assert_double_eq(ps_gettimeout(&s), 0.25);
    begin = test_clock();
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.25);
    test_close(&s, &server);
}
END_TEST

START_TEST(adopt_is_not_inheritable)
{
    ps_handle h = strangers_handle(AF_INET, SOCK_STREAM);
    ps_sock s;

    make_inheritable(h);
    s = adopted(h);
    ck_assert(!inheritable(h));
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- refusals -------------------------------------------------------------------------------- */

static void assert_refused(ps_handle h, int expected)
{
    ps_sock s;

    memset(&s, 0x5a, sizeof s);
    ck_assert_code(ps_adopt(&s, h), expected);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close(&s));
}

START_TEST(adopt_refuses_no_handle)
{
    ps_handle closed = strangers_handle(AF_INET, SOCK_STREAM);
    ps_sock s = adopted(closed);

    ck_assert_ok(ps_close(&s));
    assert_refused(closed, PS_EBADF);
    assert_refused(PS_INVALID_HANDLE, PS_EBADF);
    ck_assert_code(ps_adopt(NULL, PS_INVALID_HANDLE), PS_EFAULT);
}
END_TEST

#ifdef _WIN32
#include <windows.h>

static ps_handle open_pipe(ps_handle *other)
{
    HANDLE ends[2];

    ck_assert(CreatePipe(&ends[0], &ends[1], NULL, 0));
    *other = (ps_handle)ends[1];
    return (ps_handle)ends[0];
}

static void close_pipe(ps_handle end)
{
    ck_assert(CloseHandle((HANDLE)end));
}
#else
#include <unistd.h>

static ps_handle open_pipe(ps_handle *other)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    *other = ends[1];
    return ends[0];
}

static void close_pipe(ps_handle end)
{
    ck_assert_int_eq(close(end), 0);
}
#endif

START_TEST(adopt_leaves_what_is_no_socket_as_it_was)
{
    ps_handle other;
    ps_handle h = open_pipe(&other);

    make_inheritable(h);
    assert_refused(h, PS_ENOTSOCK);
    ck_assert(inheritable(h));
    close_pipe(h);
    close_pipe(other);
}
END_TEST

static void adopt_and_refuse(void)
{
    ps_handle other;
    ps_handle h = open_pipe(&other);
    ps_sock s = adopted(strangers_handle(AF_INET, SOCK_DGRAM));

    assert_refused(h, PS_ENOTSOCK);
    ck_assert_ok(ps_close(&s));
    close_pipe(h);
    close_pipe(other);
}

START_TEST(adopt_leaves_no_handle_behind)
{
    assert_leaves_no_handle(adopt_and_refuse);
}
END_TEST

void add_adopt_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, adopt_asks_the_system_what_it_is);
    ADD_TEST_CASE(suite, adopt_takes_a_connection);
    ADD_TEST_CASE(suite, adopt_takes_a_connection_with_urgent_data);
    ADD_TEST_CASE(suite, adopt_takes_a_listener);
    ADD_TEST_CASE(suite, adopt_takes_one_that_connects_then);
    ADD_TEST_CASE(suite, adopt_takes_datagrams);
    ADD_TEST_CASE(suite, adopt_sets_the_mode);
    ADD_TEST_CASE(suite, adopt_takes_on_the_default_timeout);
    ADD_TEST_CASE(suite, adopt_is_not_inheritable);
    ADD_TEST_CASE(suite, adopt_refuses_no_handle);
    ADD_TEST_CASE(suite, adopt_leaves_what_is_no_socket_as_it_was);
    ADD_TEST_CASE(suite, adopt_leaves_no_handle_behind);
}
