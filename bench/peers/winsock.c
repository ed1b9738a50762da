/*
 * Winsock. Without SELECT_FIRST its calls block, and there is no timeout. With it a timeout is kept
 * as Python does: a non-blocking socket, and select before each call.
 */
#include "peer.h"

#include <ws2tcpip.h>

#include <stdio.h>
#include <stdlib.h>

struct peer {
    SOCKET handle;
    struct sockaddr_in to;
};

static double seconds;

static peer *made(SOCKET handle)
{
    peer *s = calloc(1, sizeof *s);

    if (!s || handle == INVALID_SOCKET)
        exit(1);
    s->handle = handle;
#ifdef SELECT_FIRST
    peer_dont_wait(s);
#endif
    return s;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((u_short)port)};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void wait_for(const peer *s, bool writing)
{
#ifdef SELECT_FIRST
    struct timeval limit = {.tv_sec = (long)seconds};
    fd_set set, failed;

    FD_ZERO(&set);
    FD_ZERO(&failed);
    FD_SET(s->handle, &set);
    FD_SET(s->handle, &failed);
    if (seconds > 0 && select(0, writing ? NULL : &set, writing ? &set : NULL,
                              writing ? &failed : NULL, &limit) <= 0)
        exit(1);
#else
    (void)s;
    (void)writing;
#endif
}

void peer_start(double timeout)
{
    WSADATA data;

    if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
        exit(1);
    seconds = timeout;
}

static peer *bound(int type, int port)
{
    peer *s = made(socket(AF_INET, type, 0));
    struct sockaddr_in a = loopback(port);

    if (bind(s->handle, (const struct sockaddr *)&a, sizeof a) != 0)
        exit(1);
    return s;
}

peer *peer_listen(int *port)
{
    peer *s = bound(SOCK_STREAM, *port);
    struct sockaddr_in a;
    int length = sizeof a;

    if (listen(s->handle, 128) != 0 || getsockname(s->handle, (struct sockaddr *)&a, &length) != 0)
        exit(1);
    *port = ntohs(a.sin_port);
    return s;
}

peer *peer_accept(peer *listener)
{
    wait_for(listener, false);
    return made(accept(listener->handle, NULL, NULL));
}

static peer *connected(const struct sockaddr *address, size_t length)
{
    peer *s = made(socket(address->sa_family, SOCK_STREAM, 0));
    int error = 0, size = sizeof error;

    if (connect(s->handle, address, (int)length) == 0)
        return s;
    if (WSAGetLastError() == WSAEWOULDBLOCK) {
        wait_for(s, true);
        if (getsockopt(s->handle, SOL_SOCKET, SO_ERROR, (char *)&error, &size) == 0 && error == 0)
            return s;
    }
    peer_close(s);
    return NULL;
}

peer *peer_connect(int port)
{
    struct sockaddr_in a = loopback(port);

    return connected((const struct sockaddr *)&a, sizeof a);
}

static struct addrinfo *found(const char *host, const char *service, int family)
{
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM}, *list;

    if (getaddrinfo(host, service, &hints, &list) != 0)
        exit(1);
    return list;
}

peer *peer_connect_to(const char *host, int port)
{
    struct addrinfo *list, *each;
    char service[16];
    peer *s = NULL;

    snprintf(service, sizeof service, "%d", port);
    list = found(host, service, AF_UNSPEC);
    for (each = list; each && !s; each = each->ai_next)
        s = connected(each->ai_addr, each->ai_addrlen);
    freeaddrinfo(list);
    return s;
}

peer *peer_datagrams(int to)
{
    peer *s = bound(SOCK_DGRAM, 0);

    s->to = loopback(to);
    return s;
}

void peer_close(peer *s)
{
    closesocket(s->handle);
    free(s);
}

long peer_receive(peer *s, void *data, size_t size)
{
    wait_for(s, false);
    return recv(s->handle, data, (int)size, 0);
}

long peer_send(peer *s, const void *data, size_t size)
{
    wait_for(s, true);
    return send(s->handle, data, (int)size, 0);
}

long peer_receive_from(peer *s, void *data, size_t size)
{
    struct sockaddr_storage from;
    int length = sizeof from;

    wait_for(s, false);
    return recvfrom(s->handle, data, (int)size, 0, (struct sockaddr *)&from, &length);
}

long peer_send_to(peer *s, const void *data, size_t size)
{
    wait_for(s, true);
    return sendto(s->handle, data, (int)size, 0, (const struct sockaddr *)&s->to, sizeof s->to);
}

void peer_dont_wait(peer *s)
{
    u_long on = 1;

    ioctlsocket(s->handle, (long)FIONBIO, &on);
}

peer_handle peer_handle_of(peer *s)
{
    return s->handle;
}

bool peer_look_up(const char *host)
{
    freeaddrinfo(found(host, "80", AF_INET));
    return true;
}
