/* Sockets that many stories begin with. */
#include "script.h"

void fake_socket(ps_sock *s, int family, int type)
{
    expect(SYS_SOCKET, .family = family, .type = type);
    ck_assert_ok(ps_socket(s, family, type, 0));
}

void fake_connected(ps_sock *s, int family, int type)
{
    ps_addr a = fake_address(family == AF_INET ? "127.0.0.1:9" : family == AF_INET6 ? "[::1]:9" : "unix:/peer");

    fake_socket(s, family, type);
    expect(SYS_CONNECT, .result = 0);
    ck_assert_ok(ps_connect(s, &a));
}

void fake_timeout(ps_sock *s, double seconds)
{
    bool nonblocking = seconds != PS_NO_TIMEOUT;

    if (nonblocking != (s->nonblocking != 0))
        expect(SYS_SET_NONBLOCKING, .mode = nonblocking ? FAKE_ON : FAKE_OFF);
    ck_assert_ok(ps_settimeout(s, seconds));
}

void fake_end(ps_sock *s)
{
    ck_assert_ok(ps_close(s));
    fake_done();
}
