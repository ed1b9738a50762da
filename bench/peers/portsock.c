/* portsock, by its public functions. The timeout is that of every new socket. */
#include "peer.h"

#include <portsock.h>

#include <stdlib.h>

struct peer {
    ps_sock socket;
};

static ps_addr destination; /* of the only socket for datagrams */
static double seconds;
static ps_sock pair[2];
static ps_file *lines;

static void require_ok(int code)
{
    if (code < 0)
        exit(1);
}

static peer *made(void)
{
    peer *s = calloc(1, sizeof *s);

    if (!s)
        exit(1);
    return s;
}

static peer *opened(int type)
{
    peer *s = made();

    require_ok(ps_socket(&s->socket, AF_INET, type, 0));
    return s;
}

static ps_addr loopback(int port)
{
    ps_addr a;

    require_ok(ps_addr_inet(&a, "127.0.0.1", port));
    return a;
}

void peer_start(double timeout)
{
    seconds = timeout < 0 ? PS_NO_TIMEOUT : timeout;
    require_ok(ps_setdefaulttimeout(seconds));
}

peer *peer_listen(int *port)
{
    peer *s = opened(SOCK_STREAM);
    ps_addr a = loopback(*port);

    require_ok(ps_bind(&s->socket, &a));
    require_ok(ps_listen(&s->socket, 128));
    require_ok(ps_getsockname(&s->socket, &a));
    *port = ps_addr_port(&a);
    return s;
}

peer *peer_accept(peer *listener)
{
    peer *s = made();

    require_ok(ps_accept(&listener->socket, &s->socket, NULL));
    return s;
}

peer *peer_connect(int port)
{
    peer *s = opened(SOCK_STREAM);
    ps_addr a = loopback(port);

    require_ok(ps_connect(&s->socket, &a));
    return s;
}

peer *peer_connect_to(const char *host, int port)
{
    peer *s = made();

    require_ok(ps_create_connection(&s->socket, host, port, seconds, NULL));
    return s;
}

peer *peer_datagrams(int to)
{
    peer *s = opened(SOCK_DGRAM);
    ps_addr a = loopback(0);

    destination = loopback(to);
    require_ok(ps_bind(&s->socket, &a));
    return s;
}

void peer_close(peer *s)
{
    ps_close(&s->socket);
    free(s);
}

long peer_receive(peer *s, void *data, size_t size)
{
    return (long)ps_recv(&s->socket, data, size, 0);
}

long peer_send(peer *s, const void *data, size_t size)
{
    return (long)ps_send(&s->socket, data, size, 0);
}

long peer_receive_from(peer *s, void *data, size_t size)
{
    ps_addr from;

    return (long)ps_recvfrom(&s->socket, data, size, 0, &from);
}

long peer_send_to(peer *s, const void *data, size_t size)
{
    return (long)ps_sendto(&s->socket, data, size, 0, &destination);
}

void peer_dont_wait(peer *s)
{
    require_ok(ps_settimeout(&s->socket, 0));
}

peer_handle peer_handle_of(peer *s)
{
    return ps_fileno(&s->socket);
}

bool peer_parse(const char *text)
{
    unsigned char packed[4];

    return ps_inet_pton(AF_INET, text, packed) == 0;
}

bool peer_format(const unsigned char packed[4], char *text, size_t size)
{
    return ps_inet_ntop(AF_INET, packed, 4, text, size) == 0;
}

bool peer_look_up(const char *host)
{
    ps_addrinfo *list;

    if (seconds == PS_NO_TIMEOUT)
        require_ok(ps_getaddrinfo(host, "80", AF_INET, SOCK_STREAM, 0, 0, &list));
    else
        require_ok(
            ps_getaddrinfo_within(host, "80", AF_INET, SOCK_STREAM, 0, 0, seconds, NULL, &list));
    ps_freeaddrinfo(list);
    return true;
}

bool peer_open_lines(peer_handle *writer)
{
    require_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
    require_ok(ps_makefile(&lines, &pair[0], "rb", -1));
    *writer = ps_fileno(&pair[1]);
    return true;
}

long peer_read_line(char *line, size_t size)
{
    return (long)ps_file_readline(lines, line, size);
}
