/* Sockets that many stories begin with. */
#include "script.h"

#include "common/socket/socket.h"

void fake_socket(ps_sock *s, int family, int type)
{
    expect(SYS_SOCKET, .family = family, .type = type);
    ck_assert_ok(ps_socket(s, family, type, 0));
}

void fake_connected(ps_sock *s, int family, int type)
{
    ps_addr a = fake_address(family == AF_INET    ? "127.0.0.1:9"
                             : family == AF_INET6 ? "[::1]:9"
                                                  : "unix:/peer");

    fake_socket(s, family, type);
    expect(SYS_CONNECT, .result = 0);
    ck_assert_ok(ps_connect(s, &a));
}

ps_cancel *fake_token(void)
{
    ps_cancel *token;

    expect(SYS_NOTIFIER_OPEN);
    ck_assert_ok(ps_cancel_open(&token));
    return token;
}

void fake_timeout(ps_sock *s, double seconds)
{
    bool nonblocking = seconds != PS_NO_TIMEOUT;

    if (nonblocking != ps__nonblocking(s))
        expect(SYS_SET_NONBLOCKING, .mode = nonblocking ? FAKE_ON : FAKE_OFF);
    ck_assert_ok(ps_settimeout(s, seconds));
}

ps_cancel *fake_with_token(ps_sock *s, double timeout)
{
    ps_cancel *token;

    fake_connected(s, AF_INET, SOCK_STREAM);
    fake_timeout(s, timeout);
    token = fake_token();
    if (timeout == PS_NO_TIMEOUT)
        expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setcancel(s, token));
    return token;
}

void fake_end(ps_sock *s)
{
    ck_assert_ok(ps_close(s));
    fake_done();
}
