#include "connection.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 15.0

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
    test_close(&c->here, &c->peer);
}

tcp_pair tcp_pair_open(double timeout)
{
    tcp_pair p;

    test_tcp_pair(&p.client, &p.server);
    ck_assert_ok(ps_settimeout(&p.client, timeout));
    ck_assert_ok(ps_settimeout(&p.server, timeout));
    return p;
}

void tcp_pair_close(tcp_pair *p)
{
    test_close(&p->client, &p->server);
}

void send_byte(ps_sock *s)
{
    ck_assert_ok(ps_settimeout(s, PATIENCE));
    ck_assert_int_eq(ps_send(s, "x", 1, 0), 1);
}

void receive_byte(ps_sock *s)
{
    char byte;

    ck_assert_ok(ps_settimeout(s, PATIENCE));
    ck_assert_int_eq(ps_recv(s, &byte, 1, 0), 1);
}

static void assert_sends_text(ps_sock *from, ps_sock *to, const char *text)
{
    char room[8];
    ptrdiff_t n = (ptrdiff_t)strlen(text);

    ck_assert_int_eq(ps_send(from, text, (size_t)n, 0), n);
    ck_assert_int_eq(ps_recv(to, room, (size_t)n, MSG_WAITALL), n);
    ck_assert_mem_eq(room, text, (size_t)n);
}

void assert_reaches(ps_sock *from, ps_sock *to)
{
    char text[4];

    ck_assert_ok(ps_settimeout(to, PATIENCE));
    ck_assert_ok(ps_sendall(from, "text", sizeof text, 0, NULL));
    ck_assert_int_eq(ps_recv(to, text, sizeof text, MSG_WAITALL), sizeof text);
    ck_assert_mem_eq(text, "text", sizeof text);
}

void assert_talk(ps_sock *client, ps_sock *server)
{
    ck_assert_ok(ps_settimeout(client, PATIENCE));
    ck_assert_ok(ps_settimeout(server, PATIENCE));
    assert_sends_text(client, server, "to you");
    assert_sends_text(server, client, "to me");
    ck_assert_ok(ps_close(client));
    ck_assert_ok(ps_close(server));
}

ps_sock accept_client(ps_sock *listener, ps_sock *client)
{
    ps_sock server;
    ps_addr name, peer;

    ck_assert_ok(ps_settimeout(listener, PATIENCE));
    ck_assert_ok(ps_accept(listener, &server, &peer));
    ck_assert_ok(ps_getsockname(client, &name));
    ck_assert(ps_addr_equal(&name, &peer));
    return server;
}

void assert_served(ps_sock *listener, ps_sock *client)
{
    ps_sock server = accept_client(listener, client);

    assert_talk(client, &server);
    ck_assert_ok(ps_close(listener));
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
