/*
 * A connection for which the listener's queue has no slot is refused: WSAECONNREFUSED. (On Linux,
 * and so under Wine, the client tries again for a minute.) This holds for the listeners whose queue
 * a test fills as soon as they listen (full_backlog.h): other tests fill queues so that a connect
 * takes long.
 *
 * Source: Microsoft, listen: "If a connection request arrives and the queue is full, the client
 * will receive an error with an indication of WSAECONNREFUSED."
 */
#include "full_backlog.h"

#include "../records.h"

#include <string.h>

static functions next;

enum { STRANGERS = 64 };

static volatile LONG wanted, connected;

/* The last listener that had strangers, and how many its queue takes. */
static volatile LONG full_port;

void let_strangers_connect(int count)
{
    InterlockedExchange(&wanted, count < STRANGERS ? count : STRANGERS);
}

long strangers_connected(void)
{
    return InterlockedCompareExchange(&connected, 0, 0);
}

static LONG port_of(const struct sockaddr *a)
{
    return ((const struct sockaddr_in *)a)->sin_port;
}

/* Non-blocking, and left open. */
static void connect_stranger(const struct sockaddr *name, int length)
{
    SOCKET s = next.socket(name->sa_family, SOCK_STREAM, 0);
    u_long on = 1;

    if (s == INVALID_SOCKET)
        return;
    (void)next.ioctlsocket(s, (long)FIONBIO, &on);
    if (next.connect(s, name, length) == 0 || WSAGetLastError() == WSAEWOULDBLOCK)
        InterlockedIncrement(&connected);
}

static int WSAAPI rule_listen(SOCKET s, int backlog)
{
    LONG count = InterlockedCompareExchange(&wanted, 0, 0);
    SOCKADDR_STORAGE name;
    int size = sizeof name;
    int result = next.listen(s, backlog);

    if (result != 0 || count == 0 || next.getsockname(s, (struct sockaddr *)&name, &size) != 0)
        return result;
    for (LONG i = 0; i < count && i < backlog; i++)
        connect_stranger((struct sockaddr *)&name, size);
    InterlockedExchange(&full_port, count >= backlog ? port_of((struct sockaddr *)&name) : 0);
    return 0;
}

static int WSAAPI rule_connect(SOCKET s, const struct sockaddr *name, int length)
{
    if (InterlockedCompareExchange(&wanted, 0, 0) != 0 && port_of(name) != 0 &&
        port_of(name) == InterlockedCompareExchange(&full_port, 0, 0)) {
        WSASetLastError(WSAECONNREFUSED);
        return SOCKET_ERROR;
    }
    return next.connect(s, name, length);
}

const rule full_backlog_rule = {
    .next = &next,
    .stands_before = {.listen = rule_listen, .connect = rule_connect},
};
