/* Assertions and sockets that many tests need. */
#include "test.h"

#include <stdio.h>

_Noreturn void test_skip(const char *reason)
{
    printf("skipped: %s\n", reason);
    fflush(stdout);
    /* Not exit(): what the test holds at this moment is no leak. */
    _Exit(77);
}

void test_skip_under_qemu(const char *reason)
{
    if (getenv("TEST_UNDER_QEMU") != NULL)
        test_skip(reason);
}

void test_assert_code(int code, int expected, const char *text, const char *file, int line)
{
    if (code != expected)
        ck_abort_msg("%s:%d: %s is %s (%d), expected %s (%d)", file, line, text,
                     ps_error_name(code), code, ps_error_name(expected), expected);
}

void test_assert_ok(ptrdiff_t result, const char *text, const char *file, int line)
{
    if (result < 0)
        ck_abort_msg("%s:%d: %s is %s (%d: %s)", file, line, text, ps_error_name((int)result),
                     (int)result, ps_strerror((int)result));
}

void test_need_ipv6(void)
{
    if (!ps_has_ipv6())
        test_skip("this machine has no IPv6");
}

ps_sock test_socket(int family, int type)
{
    ps_sock s;

    if (family == AF_INET6)
        test_need_ipv6();
    ck_assert_ok(ps_socket(&s, family, type, 0));
    return s;
}

int test_option(ps_sock *s, int level, int name)
{
    int value = 4711;

    ck_assert_ok(ps_getsockopt_int(s, level, name, &value));
    return value;
}

static void loopback(int family, ps_addr *address)
{
    if (family != AF_INET6) {
        ck_assert_int_eq(family, AF_INET);
        ck_assert_ok(ps_addr_inet(address, "127.0.0.1", 0));
        return;
    }
    ck_assert_ok(ps_addr_inet6(address, "::1", 0, 0, 0));
}

void test_bound(ps_sock *s, int family, int type, ps_addr *address)
{
    *s = test_socket(family, type);
    loopback(family, address);
    ck_assert_ok(ps_bind(s, address));
    ck_assert_ok(ps_getsockname(s, address));
}

/* The systems choose from 32768 up (Linux), or from 49152 up (Windows, BSD). */
static int own_port(void)
{
    enum { FIRST = 10000, PROCESSES = 500, PORTS_EACH = 40 };
    static unsigned used;

    return (int)(FIRST + test_process_number() % PROCESSES * PORTS_EACH + used++ % PORTS_EACH);
}

/* Another program of this machine may have some of them. */
void test_bind_own_port(ps_sock *s, ps_addr *address)
{
    int code = PS_EADDRINUSE;

    for (int attempt = 0; attempt < 8 && code == PS_EADDRINUSE; attempt++) {
        ck_assert_ok(ps_addr_set_port(address, own_port()));
        code = ps_bind(s, address);
    }
    ck_assert_ok(code);
}

void test_close_all(ps_sock *const *sockets, const char *file, int line)
{
    for (; *sockets != NULL; sockets++)
        test_assert_ok(ps_close(*sockets), "ps_close", file, line);
}

void test_listener(ps_sock *listener, int family, ps_addr *address)
{
    test_bound(listener, family, SOCK_STREAM, address);
    ck_assert_ok(ps_listen(listener, 8));
}

void test_tcp_pair(ps_sock *client, ps_sock *server)
{
    ps_sock listener;
    ps_addr address, client_address, peer;
    test_listener(&listener, AF_INET, &address);
    ck_assert_ok(ps_socket(client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(client, &address));
    ck_assert_ok(ps_accept(&listener, server, &peer));
    ck_assert_ok(ps_getsockname(client, &client_address));
    ck_assert_msg(ps_addr_equal(&peer, &client_address),
                  "a stranger connected to the test's listener");
    ck_assert_ok(ps_close(&listener));
}

void test_udp_pair(ps_sock *one, ps_addr *one_address, ps_sock *two, ps_addr *two_address)
{
    test_bound(one, AF_INET, SOCK_DGRAM, one_address);
    test_bound(two, AF_INET, SOCK_DGRAM, two_address);
}

void test_refusing_address(ps_sock *holder, int family, ps_addr *address)
{
    test_bound(holder, family, SOCK_STREAM, address);
}
