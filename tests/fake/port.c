/* Ports on a system that lets one socket take the port of another, as Windows does: how they are
 * kept, and shared. */
#include "fake.h"

#include "common/socket/port_sharing.h"
#include "common/socket/socket.h"

static int bind_to(ps_sock *s, const char *text)
{
    ps_addr a = fake_address(text);

    return ps_bind(s, &a);
}

static void make(ps_sock *s, int family, int type)
{
    fake_set_stealing(true);
    expect(SYS_SOCKET, .family = family, .type = type);
    if (type == SOCK_DGRAM && family != AF_UNIX)
        expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    ck_assert_ok(ps_socket(s, family, type, 0));
}

/* The library asks whether a server at the wildcard address would lose this one. */
static void expect_no_server(const char *to)
{
    expect(SYS_HAS_LISTENER, .to = to, .mode = FAKE_OFF);
}

/* A stream for which the program has set SO_REUSEADDR. */
static void restarting(ps_sock *s, int family)
{
    make(s, family, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    ck_assert_ok(ps_setsockopt_int(s, SOL_SOCKET, SO_REUSEADDR, 1));
}

/* OPT-7, OPT-8, CON-20: exclusive before it is bound, whatever kind of bind it is. */
/* Traps: OPT-7 OPT-8. */
START_TEST(port_is_exclusive)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .on = 1, .mode = FAKE_ON);
    expect_no_server("127.0.0.1:80");
    expect(SYS_BIND, .to = "127.0.0.1:80");
    ck_assert_ok(bind_to(&s, "127.0.0.1:80"));
    ck_assert_ok(ps_close(&s));

    make(&s, AF_INET6, SOCK_STREAM);
    expect(SYS_LISTEN, .result = PS_EINVAL);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    expect(SYS_BIND, .to = "[::]:0");
    expect(SYS_LISTEN);
    ck_assert_ok(ps_listen(&s, 1));
    ck_assert_ok(ps_close(&s));

    /* Once is enough. */
    make(&s, AF_INET, SOCK_DGRAM);
    expect(SYS_BIND);
    ck_assert_ok(bind_to(&s, "127.0.0.1:80"));
    ck_assert_ok(ps_close(&s));

    /* What has no ports is left alone. */
    make(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_BIND);
    ck_assert_ok(bind_to(&s, "unix:/a"));
    ck_assert_ok(ps_close(&s));
    make(&s, AF_INET, SOCK_RAW);
    expect(SYS_BIND);
    ck_assert_ok(bind_to(&s, "127.0.0.1:0"));
    fake_end(&s);
}
END_TEST

/* CON-20: "access denied" is what Winsock says of a port that another has exclusively. */
/* Traps: CON-20. */
START_TEST(port_of_another_is_in_use)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    expect_no_server("127.0.0.1:80");
    expect(SYS_BIND, .result = PS_EACCES);
    ck_assert_code(bind_to(&s, "127.0.0.1:80"), PS_EADDRINUSE);
    expect_no_server("127.0.0.1:80");
    expect(SYS_BIND, .result = PS_EADDRINUSE);
    ck_assert_code(bind_to(&s, "127.0.0.1:80"), PS_EADDRINUSE);
    /* The broadcast address is refused for another reason. */
    expect_no_server("255.255.255.255:80");
    expect(SYS_BIND, .result = PS_EACCES);
    ck_assert_code(bind_to(&s, "255.255.255.255:80"), PS_EACCES);
    ck_assert_ok(ps_close(&s));

    make(&s, AF_INET6, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    expect_no_server("[::1]:80");
    expect(SYS_BIND, .result = PS_EACCES);
    ck_assert_code(bind_to(&s, "[::1]:80"), PS_EADDRINUSE);
    ck_assert_ok(ps_close(&s));

    /* A handle that the program brought is the program's. */
    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, 5, AF_INET, SOCK_STREAM, 0));
    expect(SYS_BIND, .result = PS_EACCES);
    ck_assert_code(bind_to(&s, "127.0.0.1:80"), PS_EACCES);
    ck_assert_ok(ps_close(&s));

    /* The system will not make it exclusive. */
    make(&s, AF_INET6, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .result = PS_EINVAL);
    expect(SYS_BIND, .result = PS_EACCES);
    ck_assert_code(bind_to(&s, "[::1]:80"), PS_EACCES);
    fake_end(&s);
}
END_TEST

/* OPT-7: SO_REUSEADDR of a stream means old connections, not the port of one that lives. */
/* Traps: OPT-7. */
START_TEST(port_with_old_connections)
{
    ps_sock s;
    int value;

    make(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETSOCKOPT, .name = SO_REUSEADDR);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, &value));
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1));
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, &value));
    ck_assert_int_eq(value, 1);

    /* One that listens keeps it, also if the list of them cannot be read. */
    for (int i = 0; i < 2; i++) {
        expect_no_server("127.0.0.1:80");
        expect(SYS_BIND, .result = PS_EADDRINUSE);
        expect(SYS_HAS_LISTENER, .to = "127.0.0.1:80", .mode = FAKE_ON,
               .result = i == 0 ? 1 : PS_ENOMEM);
        ck_assert_code(bind_to(&s, "127.0.0.1:80"), PS_EADDRINUSE);
    }

    /* Nobody listens. */
    expect_no_server("127.0.0.1:80");
    expect(SYS_BIND, .result = PS_EACCES);
    expect(SYS_HAS_LISTENER);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_OFF);
    expect(SYS_BIND);
    ck_assert_ok(bind_to(&s, "127.0.0.1:80"));
    ck_assert_ok(ps_close(&s));

    /* Each step of that failing leaves the socket as it was. */
    restarting(&s, AF_INET);
    expect_no_server("127.0.0.1:80");
    expect(SYS_BIND, .result = PS_EADDRINUSE);
    expect(SYS_HAS_LISTENER);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_OFF, .result = PS_EINVAL);
    ck_assert_code(bind_to(&s, "127.0.0.1:80"), PS_EADDRINUSE);
    expect_no_server("127.0.0.1:80");
    expect(SYS_BIND, .result = PS_EADDRINUSE);
    expect(SYS_HAS_LISTENER);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_OFF);
    expect(SYS_BIND, .result = PS_EADDRINUSE);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    ck_assert_code(bind_to(&s, "127.0.0.1:80"), PS_EADDRINUSE);

    /* And off again. */
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 0));
    expect_no_server("127.0.0.1:80");
    expect(SYS_BIND, .result = PS_EADDRINUSE);
    ck_assert_code(bind_to(&s, "127.0.0.1:80"), PS_EADDRINUSE);
    fake_end(&s);
}
END_TEST

/* The restarting server of IPv6 has IPv4's port, too, unless it is for IPv6 only. */
/* Traps: OPT-7 OPT-10. */
START_TEST(port_with_old_connections_of_both_families)
{
    const int on = 1, off = 0;
    ps_sock s;

    for (int only = 0; only < 2; only++) {
        restarting(&s, AF_INET6);
        expect(SYS_BIND, .to = "[::]:80", .result = PS_EADDRINUSE);
        expect(SYS_GETSOCKOPT, .level = IPPROTO_IPV6, .name = IPV6_V6ONLY,
               .bytes = only ? &on : &off, .bytes_size = sizeof on);
        expect(SYS_HAS_LISTENER, .to = "[::]:80", .mode = only ? FAKE_OFF : FAKE_ON);
        expect(SYS_SET_EXCLUSIVE, .mode = FAKE_OFF);
        expect(SYS_BIND, .to = "[::]:80");
        ck_assert_ok(bind_to(&s, "[::]:80"));
        ck_assert_ok(ps_close(&s));
    }
    restarting(&s, AF_INET6);
    expect(SYS_BIND, .result = PS_EADDRINUSE);
    expect(SYS_GETSOCKOPT, .name = IPV6_V6ONLY, .result = PS_EINVAL);
    expect(SYS_HAS_LISTENER, .mode = FAKE_ON, .result = 1);
    ck_assert_code(bind_to(&s, "[::]:80"), PS_EADDRINUSE);
    fake_end(&s);
}
END_TEST

/* Between its bind and its listen another server may begin to listen: the port was not exclusive.
 * Once it listens itself it is in the list. */
/* Traps: OPT-7. */
START_TEST(port_is_looked_at_again_before_the_server_listens)
{
    ps_sock s;

    restarting(&s, AF_INET);
    expect(SYS_BIND, .result = PS_EADDRINUSE);
    expect(SYS_HAS_LISTENER, .to = "0.0.0.0:80", .mode = FAKE_OFF);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_OFF);
    expect(SYS_BIND);
    ck_assert_ok(bind_to(&s, "0.0.0.0:80"));
    expect(SYS_GETSOCKNAME, .from = "0.0.0.0:80");
    expect(SYS_HAS_LISTENER, .to = "0.0.0.0:80", .mode = FAKE_OFF, .result = 1);
    ck_assert_code(ps_listen(&s, 1), PS_EADDRINUSE);
    expect(SYS_GETSOCKNAME, .from = "0.0.0.0:80");
    expect(SYS_HAS_LISTENER, .to = "0.0.0.0:80", .mode = FAKE_OFF, .result = PS_ENOMEM);
    expect(SYS_LISTEN, .result = PS_ENOBUFS);
    expect(SYS_GETSOCKNAME, .from = "0.0.0.0:80");
    ck_assert_code(ps_listen(&s, 1), PS_ENOBUFS);
    expect(SYS_GETSOCKNAME, .result = PS_ENOTSOCK);
    expect(SYS_LISTEN);
    ck_assert_ok(ps_listen(&s, 1));
    expect(SYS_LISTEN);
    ck_assert_ok(ps_listen(&s, 1));
    fake_end(&s);
}
END_TEST

/* A server at the wildcard that is not exclusive, as a restarted one, would lose one address to a
 * socket that is. */
/* Traps: OPT-8. */
START_TEST(port_of_a_server_at_the_wildcard)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    expect(SYS_HAS_LISTENER, .to = "127.0.0.1:80", .mode = FAKE_OFF, .result = 1);
    ck_assert_code(bind_to(&s, "127.0.0.1:80"), PS_EADDRINUSE);
    /* A list that cannot be read prevents no bind that the system allows. */
    expect(SYS_HAS_LISTENER, .result = PS_ENOMEM);
    expect(SYS_BIND);
    ck_assert_ok(bind_to(&s, "127.0.0.1:80"));
    ck_assert_ok(ps_close(&s));

    /* Nobody listens at a port that the system chooses, and at the wildcard the system refuses. */
    make(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    expect(SYS_BIND, .to = "127.0.0.1:0");
    ck_assert_ok(bind_to(&s, "127.0.0.1:0"));
    ck_assert_ok(ps_close(&s));
    make(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    expect(SYS_BIND, .to = "0.0.0.0:80");
    ck_assert_ok(bind_to(&s, "0.0.0.0:80"));
    fake_end(&s);
}
END_TEST

/* The library's SO_REUSEADDR is an int; what to make of another size is up to the system. */
START_TEST(port_option_of_another_size)
{
    unsigned char byte = 1;
    size_t size = sizeof byte;
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1));
    expect(SYS_SETSOCKOPT, .name = SO_REUSEADDR, .size = 1, .result = PS_EINVAL);
    ck_assert_code(ps_setsockopt(&s, SOL_SOCKET, SO_REUSEADDR, &byte, size), PS_EINVAL);
    expect(SYS_GETSOCKOPT, .name = SO_REUSEADDR, .size = 1, .result = PS_EINVAL);
    ck_assert_code(ps_getsockopt(&s, SOL_SOCKET, SO_REUSEADDR, &byte, &size), PS_EINVAL);
    ck_assert_uint_eq(size, 0);
    fake_end(&s);
}
END_TEST

/* OPT-9: datagram sockets share a port, for multicast; an exclusive one could not. */
/* Traps: OPT-9. */
START_TEST(port_shared_by_datagram_sockets)
{
    ps_sock s;
    int value;

    make(&s, AF_INET, SOCK_DGRAM);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_OFF);
    expect(SYS_SETSOCKOPT, .name = SO_REUSEADDR, .value = 1);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1));
    expect(SYS_GETSOCKOPT, .name = SO_REUSEADDR);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, &value));
    expect(SYS_SETSOCKOPT, .name = SO_REUSEADDR, .value = FAKE_ZERO);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 0));

    /* Each step failing. */
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_OFF, .result = PS_EINVAL);
    expect(SYS_SETSOCKOPT, .result = PS_EINVAL);
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1), PS_EINVAL);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_OFF);
    expect(SYS_SETSOCKOPT, .result = PS_EACCES);
    expect(SYS_SET_EXCLUSIVE, .mode = FAKE_ON);
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1), PS_EACCES);
    fake_end(&s);
}
END_TEST

/* Where ports are exclusive anyway the option is the system's; so it is for what has no ports,
 * or was brought. */
START_TEST(port_options_that_are_the_systems)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SETSOCKOPT, .name = SO_REUSEADDR, .value = 1);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1));
    ck_assert_ok(ps_close(&s));

    make(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_SETSOCKOPT, .name = SO_REUSEADDR, .value = 1);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1));
    ck_assert_ok(ps_close(&s));

    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, 5, AF_INET, SOCK_STREAM, 0));
    expect(SYS_SETSOCKOPT, .name = SO_REUSEADDR, .value = 1);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR, 1));
    expect(SYS_SETSOCKOPT, .name = SO_KEEPALIVE, .value = 1);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, 1));
    fake_end(&s);
}
END_TEST

void add_port_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, port_is_exclusive);
    ADD_TEST_CASE(suite, port_of_another_is_in_use);
    ADD_TEST_CASE(suite, port_with_old_connections);
    ADD_TEST_CASE(suite, port_with_old_connections_of_both_families);
    ADD_TEST_CASE(suite, port_is_looked_at_again_before_the_server_listens);
    ADD_TEST_CASE(suite, port_of_a_server_at_the_wildcard);
    ADD_TEST_CASE(suite, port_option_of_another_size);
    ADD_TEST_CASE(suite, port_shared_by_datagram_sockets);
    ADD_TEST_CASE(suite, port_options_that_are_the_systems);
}
