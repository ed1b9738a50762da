/*
 * The system's own calls. Without POLL_FIRST they block, and there is no timeout. With it a timeout
 * is kept as Python does: a non-blocking socket, and poll before each call.
 */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef POLL_FIRST
enum { FLAGS = SOCK_CLOEXEC | SOCK_NONBLOCK };
#else
enum { FLAGS = SOCK_CLOEXEC };
#endif

struct peer {
    int handle;
};

static struct sockaddr_in destination; /* of the only socket for datagrams */
static int milliseconds;
static FILE *lines;

static peer *made(int handle)
{
    peer *s = calloc(1, sizeof *s);

    if (!s || handle < 0)
        exit(1);
    s->handle = handle;
    return s;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void wait_for(const peer *s, short events)
{
#ifdef POLL_FIRST
    struct pollfd entry = {.fd = s->handle, .events = events};

    if (milliseconds > 0 && poll(&entry, 1, milliseconds) <= 0)
        exit(1);
#else
    (void)s;
    (void)events;
#endif
}

void peer_start(double timeout)
{
    milliseconds = timeout < 0 ? -1 : (int)(timeout * 1000);
}

static peer *bound(int type, int port)
{
    peer *s = made(socket(AF_INET, type | FLAGS, 0));
    struct sockaddr_in a = loopback(port);

    if (bind(s->handle, (struct sockaddr *)&a, sizeof a) < 0)
        exit(1);
    return s;
}

peer *peer_listen(int *port)
{
    peer *s = bound(SOCK_STREAM, *port);
    struct sockaddr_in a;
    socklen_t length = sizeof a;

    if (listen(s->handle, 128) < 0 || getsockname(s->handle, (struct sockaddr *)&a, &length) < 0)
        exit(1);
    *port = ntohs(a.sin_port);
    return s;
}

peer *peer_accept(peer *listener)
{
    wait_for(listener, POLLIN);
    return made(accept4(listener->handle, NULL, NULL, FLAGS));
}

static bool has_connected(const peer *s)
{
    int error = 0;
    socklen_t length = sizeof error;

    if (errno != EINPROGRESS)
        return false;
    wait_for(s, POLLOUT);
    return getsockopt(s->handle, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

static peer *connected(const struct sockaddr *address, socklen_t length)
{
    peer *s = made(socket(address->sa_family, SOCK_STREAM | FLAGS, 0));

    if (connect(s->handle, address, length) == 0 || has_connected(s))
        return s;
    close(s->handle);
    free(s);
    return NULL;
}

peer *peer_connect(int port)
{
    struct sockaddr_in a = loopback(port);

    return connected((const struct sockaddr *)&a, sizeof a);
}

static peer *connect_to_name(const char *host, int port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *each;
    char service[16];
    peer *s = NULL;

    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &list) != 0)
        exit(1);
    for (each = list; each && !s; each = each->ai_next)
        s = connected(each->ai_addr, each->ai_addrlen);
    freeaddrinfo(list);
    return s;
}

/* An address as text needs no lookup. */
peer *peer_connect_to(const char *host, int port)
{
    struct sockaddr_in a = loopback(port);

    if (inet_pton(AF_INET, host, &a.sin_addr) == 1)
        return connected((const struct sockaddr *)&a, sizeof a);
    return connect_to_name(host, port);
}

peer *peer_datagrams(int to)
{
    peer *s = bound(SOCK_DGRAM, 0);

    destination = loopback(to);
    return s;
}

void peer_close(peer *s)
{
    close(s->handle);
    free(s);
}

long peer_receive(peer *s, void *data, size_t size)
{
    wait_for(s, POLLIN);
    return recv(s->handle, data, size, 0);
}

long peer_send(peer *s, const void *data, size_t size)
{
    wait_for(s, POLLOUT);
    return send(s->handle, data, size, MSG_NOSIGNAL);
}

long peer_receive_from(peer *s, void *data, size_t size)
{
    struct sockaddr_storage from;
    socklen_t length = sizeof from;

    wait_for(s, POLLIN);
    return recvfrom(s->handle, data, size, 0, (struct sockaddr *)&from, &length);
}

long peer_send_to(peer *s, const void *data, size_t size)
{
    wait_for(s, POLLOUT);
    return sendto(s->handle, data, size, MSG_NOSIGNAL, (const struct sockaddr *)&destination,
                  sizeof destination);
}

void peer_dont_wait(peer *s)
{
    milliseconds = 0;
    fcntl(s->handle, F_SETFL, O_NONBLOCK);
}

peer_handle peer_handle_of(peer *s)
{
    return s->handle;
}

bool peer_parse(const char *text)
{
    struct in_addr packed;

    return inet_pton(AF_INET, text, &packed) == 1;
}

bool peer_format(const unsigned char packed[4], char *text, size_t size)
{
    return inet_ntop(AF_INET, packed, text, (socklen_t)size) != NULL;
}

bool peer_look_up(const char *host)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list;

    if (getaddrinfo(host, "80", &hints, &list) != 0)
        exit(1);
    freeaddrinfo(list);
    return true;
}

bool peer_open_lines(peer_handle *writer)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        exit(1);
    lines = fdopen(pair[0], "r");
    setvbuf(lines, NULL, _IOFBF, 8192);
    *writer = pair[1];
    return true;
}

long peer_read_line(char *line, size_t size)
{
    return fgets(line, (int)size, lines) ? (long)strlen(line) : -1;
}
