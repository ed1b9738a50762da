/* Sockets: how they are made, named, bound, set to listen and closed, and what a socket says
 * that is not in the state for a call (rows R001, R003, R008, R051 to R053, R058 to R064, R076;
 * R180 names the reference's own tests). */
#include "test.h"

#include <limits.h>

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_sock stream_socket(void)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    return s;
}

static ps_sock datagram_socket(void)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    return s;
}

static ps_addr loopback(void)
{
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 0));
    return a;
}

/* What a failed call must have overwritten. */
static ps_sock garbage(void)
{
    ps_sock s;

    memset(&s, 0x5a, sizeof s);
    return s;
}

static void assert_closed(const ps_sock *s)
{
    bool on;

    ck_assert(s->handle == PS_INVALID_HANDLE);
    ck_assert(ps_fileno(s) == PS_INVALID_HANDLE);
    ck_assert_code(ps_get_inheritable(s, &on), PS_EBADF);
}

static bool inheritable(const ps_sock *s)
{
    bool on = false;

    ck_assert_ok(ps_get_inheritable(s, &on));
    return on;
}

static void assert_name(ps_sock *s, const char *host, bool has_port)
{
    ps_addr a;
    char text[PS_HOST_MAX];

    ck_assert_ok(ps_getsockname(s, &a));
    ck_assert_int_eq(ps_addr_family(&a), s->family);
    ck_assert_ok(ps_addr_get_host(&a, text, sizeof text));
    ck_assert_str_eq(text, host);
    ck_assert_msg((ps_addr_port(&a) != 0) == has_port, "port %d", ps_addr_port(&a));
}

/* ---- making ---------------------------------------------------------------------------------- */

/* Rows: R001 R003. */
START_TEST(socket_tells_what_it_is)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ck_assert_int_eq(s.family, AF_INET);
    ck_assert_int_eq(s.type, SOCK_STREAM);
    ck_assert_int_eq(s.proto, 0);
    ck_assert(s.handle != PS_INVALID_HANDLE);
    ck_assert(ps_fileno(&s) == s.handle);
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    ck_assert_ok(ps_close(&s));

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, IPPROTO_UDP));
    ck_assert_int_eq(s.type, SOCK_DGRAM);
    ck_assert_int_eq(s.proto, IPPROTO_UDP);
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(socket_of_ipv6)
{
    ps_sock s;
    int only = -1;

    test_need_ipv6();
    ck_assert_ok(ps_socket(&s, AF_INET6, SOCK_STREAM, IPPROTO_TCP));
    ck_assert_int_eq(s.family, AF_INET6);
    ck_assert_int_eq(s.proto, IPPROTO_TCP);
    ck_assert_ok(ps_getsockopt_int(&s, IPPROTO_IPV6, IPV6_V6ONLY, &only));
    ck_assert_int_eq(only, 0);
    ck_assert_ok(ps_close(&s));
}
END_TEST

#ifdef SOCK_NONBLOCK
enum { NONBLOCK = SOCK_NONBLOCK, CLOEXEC = SOCK_CLOEXEC };
#else
enum { NONBLOCK = 0, CLOEXEC = 0 };
#endif

/* Rows: R003. Traps: LIF-10. */
START_TEST(socket_type_is_without_creation_flags)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM | NONBLOCK | CLOEXEC, 0));
    ck_assert_int_eq(s.type, SOCK_STREAM);
    ck_assert_double_eq(ps_gettimeout(&s), NONBLOCK ? 0 : PS_NO_TIMEOUT);
    ck_assert(!inheritable(&s));
    ck_assert_ok(ps_close(&s));

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM | CLOEXEC, 0));
    ck_assert_int_eq(s.type, SOCK_DGRAM);
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R001. Traps: LIF-11 RAW-10. */
START_TEST(socket_refuses_bad_triples)
{
    static const struct {
        int family;
        int type;
        int proto;
        int code;
    } rows[] = {
        {999, SOCK_STREAM, 0, PS_EAFNOSUPPORT},
        {AF_UNSPEC, SOCK_STREAM, 0, PS_EAFNOSUPPORT},
        {-5, SOCK_STREAM, 0, PS_EAFNOSUPPORT},
        {INT_MAX, SOCK_DGRAM, 0, PS_EAFNOSUPPORT},
        {AF_INET, 77, 0, PS_ESOCKTNOSUPPORT},
        {AF_INET, 0, 0, PS_ESOCKTNOSUPPORT},
        {AF_INET, -1, 0, PS_ESOCKTNOSUPPORT},
        {AF_INET, SOCK_STREAM, IPPROTO_UDP, PS_EPROTONOSUPPORT},
        {AF_INET, SOCK_DGRAM, IPPROTO_TCP, PS_EPROTONOSUPPORT},
        {AF_INET, SOCK_STREAM, 9999, PS_EPROTONOSUPPORT},
        {AF_INET, SOCK_STREAM, -1, PS_EPROTONOSUPPORT},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_sock s = garbage();
        int code = ps_socket(&s, rows[i].family, rows[i].type, rows[i].proto);
        ck_assert_msg(code == rows[i].code, "family %d, type %d, protocol %d: %s, expected %s",
                      rows[i].family, rows[i].type, rows[i].proto, ps_error_name(code),
                      ps_error_name(rows[i].code));
        assert_closed(&s);
    }
}
END_TEST

/* Rows: R058. Traps: LIF-4. */
START_TEST(socket_handles_differ)
{
    ps_sock one = stream_socket();
    ps_sock two = stream_socket();

    ck_assert(ps_fileno(&one) != ps_fileno(&two));
    test_close(&one, &two);
}
END_TEST

/* More than one fd_set of Winsock's has room for. */
/* Traps: TMO-3. */
START_TEST(socket_many_are_open)
{
    enum { COUNT = 200 };
    static ps_sock s[COUNT];
    ps_addr a;
    char byte;
    int i;

    for (i = 0; i < COUNT; i++) {
        a = loopback();
        s[i] = datagram_socket();
        ck_assert_ok(ps_bind(&s[i], &a));
        ck_assert_ok(ps_settimeout(&s[i], 10));
    }
    for (i = 0; i < COUNT; i++) {
        ck_assert_ok(ps_getsockname(&s[i], &a));
        ck_assert_int_eq(ps_sendto(&s[COUNT - 1 - i], "x", 1, 0, &a), 1);
        ck_assert_int_eq(ps_recv(&s[i], &byte, 1, 0), 1);
    }
    for (i = 0; i < COUNT; i++)
        ck_assert_ok(ps_close(&s[i]));
}
END_TEST

START_TEST(socket_moves_by_assignment)
{
    ps_sock client, server, moved;
    char byte;

    test_tcp_pair(&client, &server);
    moved = client;
    ck_assert_int_eq(ps_send(&moved, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    test_close(&moved, &server);
}
END_TEST

START_TEST(socket_null_pointers_are_refused)
{
    ps_sock s = stream_socket();
    ps_sock conn;
    ps_addr a = loopback();
    char buffer[4];
    size_t room = sizeof buffer;
    int value;
    bool on;

    ck_assert_code(ps_socket(NULL, AF_INET, SOCK_STREAM, 0), PS_EFAULT);
    ck_assert_code(ps_socketpair(NULL, AF_INET, SOCK_STREAM, 0), PS_EFAULT);
    ck_assert_code(ps_close(NULL), PS_EFAULT);
    ck_assert(ps_detach(NULL) == PS_INVALID_HANDLE);
    ck_assert(ps_fileno(NULL) == PS_INVALID_HANDLE);
    ck_assert_code(ps_set_inheritable(NULL, true), PS_EFAULT);
    ck_assert_code(ps_get_inheritable(NULL, &on), PS_EFAULT);
    ck_assert_code(ps_get_inheritable(&s, NULL), PS_EFAULT);
    ck_assert_code(ps_bind(NULL, &a), PS_EFAULT);
    ck_assert_code(ps_bind(&s, NULL), PS_EFAULT);
    ck_assert_code(ps_listen(NULL, 1), PS_EFAULT);
    ck_assert_code(ps_accept(NULL, &conn, NULL), PS_EFAULT);
    ck_assert_code(ps_accept(&s, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_connect(NULL, &a), PS_EFAULT);
    ck_assert_code(ps_connect(&s, NULL), PS_EFAULT);
    ck_assert_code(ps_recv(NULL, buffer, 1, 0), PS_EFAULT);
    ck_assert_code(ps_recv(&s, NULL, 1, 0), PS_EFAULT);
    ck_assert_code(ps_recvfrom(NULL, buffer, 1, 0, &a), PS_EFAULT);
    ck_assert_code(ps_recvfrom(&s, NULL, 1, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_send(NULL, buffer, 1, 0), PS_EFAULT);
    ck_assert_code(ps_send(&s, NULL, 1, 0), PS_EFAULT);
    ck_assert_code(ps_sendall(NULL, buffer, 1, 0, &room), PS_EFAULT);
    ck_assert_code(ps_sendall(&s, NULL, 1, 0, &room), PS_EFAULT);
    ck_assert_code(ps_sendto(NULL, buffer, 1, 0, &a), PS_EFAULT);
    ck_assert_code(ps_sendto(&s, NULL, 1, 0, &a), PS_EFAULT);
    ck_assert_code(ps_shutdown(NULL, SHUT_RDWR), PS_EFAULT);
    ck_assert_code(ps_getsockname(NULL, &a), PS_EFAULT);
    ck_assert_code(ps_getsockname(&s, NULL), PS_EFAULT);
    ck_assert_code(ps_getpeername(NULL, &a), PS_EFAULT);
    ck_assert_code(ps_getpeername(&s, NULL), PS_EFAULT);
    room = sizeof buffer;
    ck_assert_code(ps_getsockopt(NULL, SOL_SOCKET, SO_REUSEADDR, buffer, &room), PS_EFAULT);
    ck_assert_code(ps_getsockopt(&s, SOL_SOCKET, SO_REUSEADDR, NULL, &room), PS_EFAULT);
    ck_assert_code(ps_getsockopt(&s, SOL_SOCKET, SO_REUSEADDR, buffer, NULL), PS_EFAULT);
    ck_assert_code(ps_setsockopt(NULL, SOL_SOCKET, SO_REUSEADDR, buffer, 4), PS_EFAULT);
    ck_assert_code(ps_setsockopt(&s, SOL_SOCKET, SO_REUSEADDR, NULL, 4), PS_EFAULT);
    ck_assert_code(ps_getsockopt_int(NULL, SOL_SOCKET, SO_REUSEADDR, &value), PS_EFAULT);
    ck_assert_code(ps_getsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, NULL), PS_EFAULT);
    ck_assert_code(ps_setsockopt_int(NULL, SOL_SOCKET, SO_REUSEADDR, 1), PS_EFAULT);
    ck_assert_code(ps_ioctl(NULL, 0, 0), PS_EFAULT);
    ck_assert_code(ps_ioctl_keepalive(NULL, true, 1000, 1000), PS_EFAULT);
    ck_assert_code(ps_settimeout(NULL, 1), PS_EFAULT);
    ck_assert_code(ps_setblocking(NULL, 1), PS_EFAULT);
    ck_assert_double_eq(ps_gettimeout(NULL), PS_NO_TIMEOUT);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- the end --------------------------------------------------------------------------------- */

/* Rows: R008. Traps: LIF-5. */
START_TEST(socket_closes_twice)
{
    ps_sock s = stream_socket();
    ps_sock never = PS_SOCK_INIT;

    ck_assert_ok(ps_close(&s));
    assert_closed(&s);
    ck_assert_ok(ps_close(&s));
    assert_closed(&s);
    ck_assert_ok(ps_close(&never));
    ck_assert_ok(ps_close(&never));
}
END_TEST

/* The second close must not end a socket that has got the same handle since. */
/* Rows: R053. Traps: LIF-5 LIF-7 THR-5. */
START_TEST(socket_second_close_hits_nobody)
{
    ps_sock old = stream_socket();
    ps_sock other;

    ck_assert_ok(ps_close(&old));
    other = stream_socket();
    ck_assert_ok(ps_close(&old));
    assert_name(&other, "0.0.0.0", false);
    ck_assert_ok(ps_close(&other));
}
END_TEST

/* Asks every function, in the state that `s` is in. */
static void assert_every_call_is_refused(ps_sock *s)
{
    ps_sock conn = garbage();
    ps_addr there, peer;
    ps_file *file = NULL;
    char buffer[4] = "abc";
    size_t count = 99;
    int value = 99;
    bool on = true;

    there = loopback();
    peer = there;
    ck_assert(ps_fileno(s) == PS_INVALID_HANDLE);
    ck_assert_code(ps_bind(s, &there), PS_EBADF);
    ck_assert_code(ps_listen(s, 1), PS_EBADF);
    ck_assert_code(ps_accept(s, &conn, &peer), PS_EBADF);
    assert_closed(&conn);
    ck_assert_int_eq(peer.len, 0);
    ck_assert_code(ps_connect(s, &there), PS_EBADF);
    ck_assert_int_eq(ps_connect_ex(s, &there), ps_error_native(PS_EBADF));
    ck_assert_code(ps_recv(s, buffer, sizeof buffer, 0), PS_EBADF);
    ck_assert_code(ps_recv(s, buffer, 0, 0), PS_EBADF);
    ck_assert_code(ps_recv(s, buffer, sizeof buffer, MSG_PEEK), PS_EBADF);
    peer = there;
    ck_assert_code(ps_recvfrom(s, buffer, sizeof buffer, 0, &peer), PS_EBADF);
    ck_assert_int_eq(peer.len, 0);
    ck_assert_code(ps_send(s, buffer, sizeof buffer, 0), PS_EBADF);
    ck_assert_code(ps_send(s, buffer, 0, 0), PS_EBADF);
    ck_assert_code(ps_sendall(s, buffer, sizeof buffer, 0, &count), PS_EBADF);
    ck_assert_uint_eq(count, 0);
    ck_assert_code(ps_sendto(s, buffer, sizeof buffer, 0, &there), PS_EBADF);
    ck_assert_code(ps_shutdown(s, SHUT_RD), PS_EBADF);
    ck_assert_code(ps_shutdown(s, SHUT_WR), PS_EBADF);
    ck_assert_code(ps_shutdown(s, SHUT_RDWR), PS_EBADF);
    peer = there;
    ck_assert_code(ps_getsockname(s, &peer), PS_EBADF);
    ck_assert_int_eq(peer.len, 0);
    peer = there;
    ck_assert_code(ps_getpeername(s, &peer), PS_EBADF);
    ck_assert_int_eq(peer.len, 0);
    count = sizeof buffer;
    ck_assert_code(ps_getsockopt(s, SOL_SOCKET, SO_REUSEADDR, buffer, &count), PS_EBADF);
    ck_assert_uint_eq(count, 0);
    ck_assert_code(ps_setsockopt(s, SOL_SOCKET, SO_REUSEADDR, buffer, sizeof buffer), PS_EBADF);
    ck_assert_code(ps_getsockopt_int(s, SOL_SOCKET, SO_REUSEADDR, &value), PS_EBADF);
    ck_assert_int_eq(value, 0);
    ck_assert_code(ps_setsockopt_int(s, SOL_SOCKET, SO_REUSEADDR, 1), PS_EBADF);
    ck_assert_code(ps_ioctl(s, 0, 0), PS_EBADF);
    ck_assert_code(ps_ioctl_keepalive(s, true, 1000, 1000), PS_EBADF);
    ck_assert_code(ps_makefile(&file, s, "r", -1), PS_EBADF);
    ck_assert_ptr_null(file);
    ck_assert_code(ps_settimeout(s, 1), PS_EBADF);
    ck_assert_code(ps_setblocking(s, 0), PS_EBADF);
    ck_assert_code(ps_set_inheritable(s, true), PS_EBADF);
    ck_assert_code(ps_get_inheritable(s, &on), PS_EBADF);
    ck_assert(ps_detach(s) == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close(s));
}

/* Rows: R008. Traps: LIF-5. */
START_TEST(socket_after_close_refuses_every_call)
{
    ps_sock client, server, udp;

    test_tcp_pair(&client, &server);
    udp = datagram_socket();
    test_close(&client, &server, &udp);
    assert_every_call_is_refused(&client);
    assert_every_call_is_refused(&udp);
}
END_TEST

START_TEST(socket_that_was_never_made_refuses_every_call)
{
    ps_sock never = PS_SOCK_INIT;
    ps_sock failed;

    assert_every_call_is_refused(&never);
    ck_assert_code(ps_socket(&failed, 999, SOCK_STREAM, 0), PS_EAFNOSUPPORT);
    assert_every_call_is_refused(&failed);
}
END_TEST

/* Rows: R058. Traps: LIF-4. */
START_TEST(socket_detached_stays_open)
{
    ps_sock client, server, again;
    ps_handle handle = PS_INVALID_HANDLE;
    ps_handle detached;
    char byte;

    test_tcp_pair(&client, &server);
    handle = ps_fileno(&client);
    detached = ps_detach(&client);
    ck_assert(detached == handle);
    assert_every_call_is_refused(&client);

    ck_assert_ok(ps_fromfd(&again, detached, AF_INET, SOCK_STREAM, 0));
    ck_assert_int_eq(ps_send(&again, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    ck_assert_ok(ps_close(&again));
    /* The detached handle holds the connection, so the peer sees no end. */
    ck_assert_ok(ps_settimeout(&server, 0.1));
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_close(&server));
}
END_TEST

/* ---- inheritance ----------------------------------------------------------------------------- */

/* Traps: LIF-9. */
START_TEST(socket_is_not_inheritable)
{
    ps_sock listener, client, accepted, copy, pair[2];
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    ck_assert(!inheritable(&listener));
    ck_assert_ok(ps_set_inheritable(&listener, true));

    client = stream_socket();
    ck_assert(!inheritable(&client));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert(!inheritable(&client));

    ck_assert_ok(ps_accept(&listener, &accepted, NULL));
    ck_assert(!inheritable(&accepted));

    ck_assert_ok(ps_fromfd(&copy, ps_fileno(&listener), AF_INET, SOCK_STREAM, 0));
    ck_assert(!inheritable(&copy));
    ck_assert(inheritable(&listener));

    ck_assert_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
    ck_assert(!inheritable(&pair[0]) && !inheritable(&pair[1]));
    test_close(&pair[0], &pair[1]);
    ck_assert_ok(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0));
    ck_assert(!inheritable(&pair[0]) && !inheritable(&pair[1]));

    test_close(&pair[0], &pair[1], &copy, &accepted, &client, &listener);
}
END_TEST

START_TEST(socket_inheritance_is_set)
{
    ps_sock s = datagram_socket();

    ck_assert_ok(ps_set_inheritable(&s, true));
    ck_assert(inheritable(&s));
    ck_assert_ok(ps_set_inheritable(&s, true));
    ck_assert(inheritable(&s));
    ck_assert_ok(ps_set_inheritable(&s, false));
    ck_assert(!inheritable(&s));
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- names ----------------------------------------------------------------------------------- */

/* Rows: R060. Traps: ADR-15. */
START_TEST(socket_unbound_has_the_wildcard_name)
{
    ps_sock s = stream_socket();

    assert_name(&s, "0.0.0.0", false);
    ck_assert_ok(ps_close(&s));
    s = datagram_socket();
    assert_name(&s, "0.0.0.0", false);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: ADR-15. */
START_TEST(socket_unbound_of_ipv6_has_the_wildcard_name)
{
    ps_sock s;

    test_need_ipv6();
    ck_assert_ok(ps_socket(&s, AF_INET6, SOCK_STREAM, 0));
    assert_name(&s, "::", false);
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_socket(&s, AF_INET6, SOCK_DGRAM, 0));
    assert_name(&s, "::", false);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R051 R060. */
START_TEST(socket_bound_has_a_name)
{
    ps_sock s = stream_socket();
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "", 0));
    ck_assert_ok(ps_bind(&s, &a));
    assert_name(&s, "0.0.0.0", true);
    ck_assert_ok(ps_close(&s));

    s = stream_socket();
    a = loopback();
    ck_assert_ok(ps_bind(&s, &a));
    assert_name(&s, "127.0.0.1", true);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R059. */
START_TEST(socket_connected_has_names)
{
    ps_sock client, server;
    ps_addr own, peer;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_getsockname(&client, &own));
    ck_assert_ok(ps_getpeername(&server, &peer));
    ck_assert(ps_addr_equal(&own, &peer));
    ck_assert_ok(ps_getsockname(&server, &own));
    ck_assert_ok(ps_getpeername(&client, &peer));
    ck_assert(ps_addr_equal(&own, &peer));
    test_close(&client, &server);
}
END_TEST

/* ---- binding --------------------------------------------------------------------------------- */

/* Rows: R051. Traps: CON-21. */
START_TEST(socket_binds_once)
{
    ps_sock s = stream_socket();
    ps_sock udp = datagram_socket();
    ps_addr a = loopback();

    ck_assert_ok(ps_bind(&s, &a));
    ck_assert_code(ps_bind(&s, &a), PS_EINVAL);
    ck_assert_ok(ps_bind(&udp, &a));
    ck_assert_code(ps_bind(&udp, &a), PS_EINVAL);
    test_close(&s, &udp);
}
END_TEST

/* Traps: ADR-14. */
START_TEST(socket_bind_refuses_another_family)
{
    ps_sock s = stream_socket();
    ps_addr a;

    ck_assert_ok(ps_addr_inet6(&a, "::1", 0, 0, 0));
    ck_assert_code(ps_bind(&s, &a), PS_EAFNOSUPPORT);
    assert_name(&s, "0.0.0.0", false);
    /* It is as it was: the right family is taken. */
    a = loopback();
    ck_assert_ok(ps_bind(&s, &a));
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(socket_of_ipv6_bind_refuses_another_family)
{
    ps_sock s;
    ps_addr a = loopback();

    test_need_ipv6();
    ck_assert_ok(ps_socket(&s, AF_INET6, SOCK_DGRAM, 0));
    ck_assert_code(ps_bind(&s, &a), PS_EAFNOSUPPORT);
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(socket_bind_and_connect_refuse_no_address)
{
    ps_sock s = stream_socket();
    ps_addr none;

    memset(&none, 0, sizeof none);
    ck_assert_code(ps_bind(&s, &none), PS_EDESTADDRREQ);
    ck_assert_code(ps_connect(&s, &none), PS_EDESTADDRREQ);
    assert_name(&s, "0.0.0.0", false);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: CON-20. */
START_TEST(socket_bind_refuses_an_address_in_use)
{
    ps_sock holder, s;
    ps_addr a, other;

    test_listener(&holder, AF_INET, &a);
    s = stream_socket();
    ck_assert_code(ps_bind(&s, &a), PS_EADDRINUSE);
    test_close(&s, &holder);

    test_udp_pair(&holder, &a, &s, &other);
    ck_assert_ok(ps_close(&s));
    s = datagram_socket();
    ck_assert_code(ps_bind(&s, &a), PS_EADDRINUSE);
    test_close(&s, &holder);
}
END_TEST

/* 192.0.2.1 is nobody's: RFC 5737. */
START_TEST(socket_bind_refuses_an_address_of_elsewhere)
{
    ps_sock s = stream_socket();
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "192.0.2.1", 0));
    ck_assert_code(ps_bind(&s, &a), PS_EADDRNOTAVAIL);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- listening ------------------------------------------------------------------------------- */

static void assert_accepts(ps_sock *listener)
{
    ps_sock client = stream_socket();
    ps_sock server;
    ps_addr name, a;
    char byte;

    ck_assert_ok(ps_getsockname(listener, &name));
    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", ps_addr_port(&name)));
    ck_assert_ok(ps_settimeout(listener, 10));
    ck_assert_ok(ps_settimeout(&client, 10));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert_ok(ps_accept(listener, &server, NULL));
    ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    test_close(&client, &server);
}

/* Traps: CON-12. */
START_TEST(socket_listen_binds_an_unbound_socket)
{
    ps_sock s = stream_socket();

    ck_assert_ok(ps_listen(&s, 1));
    assert_name(&s, "0.0.0.0", true);
    assert_accepts(&s);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: CON-12. */
START_TEST(socket_listen_binds_an_unbound_ipv6_socket)
{
    ps_sock s;

    test_need_ipv6();
    ck_assert_ok(ps_socket(&s, AF_INET6, SOCK_STREAM, 0));
    ck_assert_ok(ps_listen(&s, 1));
    assert_name(&s, "::", true);
    /* IPV6_V6ONLY is off, so IPv4 comes in, too. */
    assert_accepts(&s);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R064. Traps: CON-13. */
START_TEST(socket_listen_takes_any_backlog)
{
    static const int backlogs[] = {0, -1, 1, SOMAXCONN, INT_MAX, INT_MIN, 1 << 30};
    size_t i;

    for (i = 0; i < sizeof backlogs / sizeof backlogs[0]; i++) {
        ps_sock s = stream_socket();
        ps_addr a = loopback();
        ck_assert_ok(ps_bind(&s, &a));
        ck_assert_ok(ps_listen(&s, backlogs[i]));
        assert_accepts(&s);
        ck_assert_ok(ps_listen(&s, backlogs[i]));
        assert_accepts(&s);
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

/* Some system takes a negative number as a large one. How many queue at 0 is the system's; it is
 * a few. */
/* Rows: R064. Traps: CON-13. */
START_TEST(socket_listen_below_zero_is_zero)
{
    enum { A_FEW = 16 };
    ps_sock listener = stream_socket();
    ps_sock clients[A_FEW];
    ps_addr a = loopback();
    int count = 0;
    int code = 0;

    ck_assert_ok(ps_bind(&listener, &a));
    ck_assert_ok(ps_listen(&listener, -5));
    ck_assert_ok(ps_getsockname(&listener, &a));
    while (code == 0 && count < A_FEW) {
        clients[count] = stream_socket();
        ck_assert_ok(ps_settimeout(&clients[count], 0.2));
        code = ps_connect(&clients[count++], &a);
    }
    ck_assert_msg(code == PS_TIMED_OUT || code == PS_ECONNREFUSED, "%d connections: %s", count,
                  ps_error_name(code));
    while (count > 0)
        ck_assert_ok(ps_close(&clients[--count]));
    ck_assert_ok(ps_close(&listener));
}
END_TEST

START_TEST(socket_listen_refuses_datagrams)
{
    ps_sock s = datagram_socket();
    ps_addr a = loopback();

    ck_assert_code(ps_listen(&s, 1), PS_EOPNOTSUPP);
    ck_assert_ok(ps_bind(&s, &a));
    ck_assert_code(ps_listen(&s, 1), PS_EOPNOTSUPP);
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(socket_listen_refuses_a_connection)
{
    ps_sock client, server;

    test_tcp_pair(&client, &server);
    ck_assert_code(ps_listen(&client, 1), PS_EINVAL);
    ck_assert_code(ps_listen(&server, 1), PS_EINVAL);
    test_close(&client, &server);
}
END_TEST

/* ---- not connected --------------------------------------------------------------------------- */

static void assert_cannot_send(ps_sock *s)
{
    ps_addr a = loopback();
    size_t sent = 99;

    ck_assert_code(ps_send(s, "abc", 3, 0), PS_ENOTCONN);
    ck_assert_code(ps_sendall(s, "abc", 3, 0, &sent), PS_ENOTCONN);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_getpeername(s, &a), PS_ENOTCONN);
    ck_assert_int_eq(a.len, 0);
}

static void assert_cannot_receive(ps_sock *s)
{
    ps_addr a = loopback();
    char buffer[4];

    ck_assert_code(ps_recv(s, buffer, sizeof buffer, 0), PS_ENOTCONN);
    ck_assert_code(ps_recvfrom(s, buffer, sizeof buffer, 0, &a), PS_ENOTCONN);
    ck_assert_int_eq(a.len, 0);
}

/* Rows: R059. Traps: CON-10 SND-2. */
START_TEST(socket_not_connected_says_so)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, 5};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock s = stream_socket();
        ps_addr a = loopback();
        ck_assert_ok(ps_settimeout(&s, modes[i]));
        assert_cannot_send(&s);
        assert_cannot_receive(&s);
        ck_assert_ok(ps_bind(&s, &a));
        assert_cannot_send(&s);
        assert_cannot_receive(&s);
        /* Wine sends and receives on a listener, and waits. */
        ck_assert_ok(ps_listen(&s, 1));
        ck_assert_code(ps_getpeername(&s, &a), PS_ENOTCONN);
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

/* It is as it was: on Linux the system itself remembers such a shutdown. */
/* Rows: R076. Traps: SND-17. */
START_TEST(socket_shutdown_refuses_what_is_not_connected)
{
    static const int hows[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    ps_sock listener;
    ps_addr a;
    size_t i;

    test_listener(&listener, AF_INET, &a);
    for (i = 0; i < sizeof hows / sizeof hows[0]; i++) {
        ps_sock client = stream_socket();
        ps_sock server;
        char byte;
        ck_assert_code(ps_shutdown(&client, hows[i]), PS_ENOTCONN);
        ck_assert_ok(ps_connect(&client, &a));
        ck_assert_ok(ps_accept(&listener, &server, NULL));
        ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
        ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
        ck_assert_int_eq(ps_send(&server, "y", 1, 0), 1);
        ck_assert_int_eq(ps_recv(&client, &byte, 1, 0), 1);
        ck_assert_int_eq(byte, 'y');
        test_close(&client, &server);
    }
    ck_assert_ok(ps_close(&listener));
}
END_TEST

START_TEST(socket_datagram_not_connected_says_so)
{
    ps_sock s = datagram_socket();
    ps_addr a = loopback();
    size_t sent = 99;

    ck_assert_code(ps_send(&s, "abc", 3, 0), PS_EDESTADDRREQ);
    ck_assert_code(ps_sendall(&s, "abc", 3, 0, &sent), PS_EDESTADDRREQ);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_getpeername(&s, &a), PS_ENOTCONN);
    ck_assert_int_eq(a.len, 0);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: SND-17. */
START_TEST(socket_shutdown_refuses_another_how)
{
    ps_sock client, server;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_code(ps_shutdown(&client, 3), PS_EINVAL);
    ck_assert_code(ps_shutdown(&client, -1), PS_EINVAL);
    ck_assert_code(ps_shutdown(&client, INT_MAX), PS_EINVAL);
    ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    test_close(&client, &server);
}
END_TEST

/* ---- options (testGetSockOpt, testSetSockOpt, test_sock_ioctl) ------------------------------- */

/* Rows: R175. */
START_TEST(socket_option_reuseaddr)
{
    ps_sock s = stream_socket();
    int on = -1;

    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, &on));
    ck_assert_int_eq(on, 0);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1));
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, &on));
    ck_assert_int_eq(on, 1);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* The reference has ioctl on Windows only. */
/* Traps: OPT-17. */
START_TEST(socket_ioctl_refuses_an_unknown_control)
{
    ps_sock s = stream_socket();

    ck_assert_code(ps_ioctl(&s, 0, 0), test_on_windows() ? PS_BAD_CONTROL : PS_EOPNOTSUPP);
    ck_assert_ok(ps_close(&s));
}
END_TEST

void add_socket_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, socket_tells_what_it_is);
    ADD_TEST_CASE(suite, socket_of_ipv6);
    ADD_TEST_CASE(suite, socket_type_is_without_creation_flags);
    ADD_TEST_CASE(suite, socket_refuses_bad_triples);
    ADD_TEST_CASE(suite, socket_handles_differ);
    ADD_TEST_CASE(suite, socket_many_are_open);
    ADD_TEST_CASE(suite, socket_moves_by_assignment);
    ADD_TEST_CASE(suite, socket_null_pointers_are_refused);
    ADD_TEST_CASE(suite, socket_closes_twice);
    ADD_TEST_CASE(suite, socket_second_close_hits_nobody);
    ADD_TEST_CASE(suite, socket_after_close_refuses_every_call);
    ADD_TEST_CASE(suite, socket_that_was_never_made_refuses_every_call);
    ADD_TEST_CASE(suite, socket_detached_stays_open);
    ADD_TEST_CASE(suite, socket_is_not_inheritable);
    ADD_TEST_CASE(suite, socket_inheritance_is_set);
    ADD_TEST_CASE(suite, socket_unbound_has_the_wildcard_name);
    ADD_TEST_CASE(suite, socket_unbound_of_ipv6_has_the_wildcard_name);
    ADD_TEST_CASE(suite, socket_bound_has_a_name);
    ADD_TEST_CASE(suite, socket_connected_has_names);
    ADD_TEST_CASE(suite, socket_binds_once);
    ADD_TEST_CASE(suite, socket_bind_refuses_another_family);
    ADD_TEST_CASE(suite, socket_of_ipv6_bind_refuses_another_family);
    ADD_TEST_CASE(suite, socket_bind_and_connect_refuse_no_address);
    ADD_TEST_CASE(suite, socket_bind_refuses_an_address_in_use);
    ADD_TEST_CASE(suite, socket_bind_refuses_an_address_of_elsewhere);
    ADD_TEST_CASE(suite, socket_listen_binds_an_unbound_socket);
    ADD_TEST_CASE(suite, socket_listen_binds_an_unbound_ipv6_socket);
    ADD_TEST_CASE(suite, socket_listen_takes_any_backlog);
    ADD_TEST_CASE(suite, socket_listen_below_zero_is_zero);
    ADD_TEST_CASE(suite, socket_listen_refuses_datagrams);
    ADD_TEST_CASE(suite, socket_listen_refuses_a_connection);
    ADD_TEST_CASE(suite, socket_not_connected_says_so);
    ADD_TEST_CASE(suite, socket_shutdown_refuses_what_is_not_connected);
    ADD_TEST_CASE(suite, socket_datagram_not_connected_says_so);
    ADD_TEST_CASE(suite, socket_shutdown_refuses_another_how);
    ADD_TEST_CASE(suite, socket_option_reuseaddr);
    ADD_TEST_CASE(suite, socket_ioctl_refuses_an_unknown_control);
}
