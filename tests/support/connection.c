#include "connection.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0

ps_sock tcp_socket(double timeout)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);

    ck_assert_ok(ps_settimeout(&s, timeout));
    return s;
}

connection connected(double timeout)
{
    connection c;

    test_tcp_pair(&c.peer, &c.here);
    ck_assert_ok(ps_settimeout(&c.here, timeout));
    ck_assert_ok(ps_settimeout(&c.peer, PATIENCE));
    return c;
}

void disconnect(connection *c)
{
    ck_assert_ok(ps_close(&c->here));
    ck_assert_ok(ps_close(&c->peer));
}

void close_with_reset(ps_sock *s)
{
    ck_assert_ok(ps_setlinger(s, true, 0));
    ck_assert_ok(ps_close(s));
}

void await_readable(ps_sock *s)
{
    ps_pollfd p = {.sock = s, .events = POLLIN};

    ck_assert_int_eq(ps_poll(&p, 1, PATIENCE), 1);
    ck_assert_int_ne(p.revents & POLLIN, 0);
}
