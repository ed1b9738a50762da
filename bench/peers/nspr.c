/* NSPR. */
#include "peer.h"

#include <nspr.h>
#include <private/pprio.h>

#include <stdlib.h>

struct peer {
    PRFileDesc *socket;
    PRIntervalTime timeout;
};

static PRNetAddr destination; /* of the only socket for datagrams */
static PRIntervalTime timeout_of_all = PR_INTERVAL_NO_TIMEOUT;

static void require_ok(PRStatus status)
{
    if (status != PR_SUCCESS)
        exit(1);
}

void peer_start(double timeout)
{
    PR_Init(PR_USER_THREAD, PR_PRIORITY_NORMAL, 1);
    if (timeout >= 0)
        timeout_of_all = PR_MillisecondsToInterval((PRUint32)(timeout * 1000));
}

static peer *made(PRFileDesc *socket)
{
    peer *s = calloc(1, sizeof *s);

    if (!s || !socket)
        exit(1);
    s->socket = socket;
    s->timeout = timeout_of_all;
    return s;
}

static PRNetAddr loopback(int port)
{
    PRNetAddr a;

    PR_InitializeNetAddr(PR_IpAddrLoopback, (PRUint16)port, &a);
    return a;
}

peer *peer_listen(int *port)
{
    peer *s = made(PR_OpenTCPSocket(PR_AF_INET));
    PRNetAddr a = loopback(*port);

    require_ok(PR_Bind(s->socket, &a));
    require_ok(PR_Listen(s->socket, 128));
    require_ok(PR_GetSockName(s->socket, &a));
    *port = PR_ntohs(a.inet.port);
    return s;
}

peer *peer_accept(peer *listener)
{
    return made(PR_Accept(listener->socket, NULL, listener->timeout));
}

peer *peer_connect(int port)
{
    peer *s = made(PR_OpenTCPSocket(PR_AF_INET));
    PRNetAddr a = loopback(port);

    require_ok(PR_Connect(s->socket, &a, s->timeout));
    return s;
}

static peer *connected(const PRNetAddr *address)
{
    peer *s = made(PR_OpenTCPSocket(address->raw.family));

    if (PR_Connect(s->socket, address, s->timeout) == PR_SUCCESS)
        return s;
    peer_close(s);
    return NULL;
}

static peer *connect_to_name(const char *host, int port)
{
    PRAddrInfo *list = PR_GetAddrInfoByName(host, PR_AF_UNSPEC, PR_AI_ADDRCONFIG);
    PRNetAddr a;
    peer *s = NULL;
    void *each = NULL;

    if (!list)
        exit(1);
    while (!s && (each = PR_EnumerateAddrInfo(each, list, (PRUint16)port, &a)))
        s = connected(&a);
    PR_FreeAddrInfo(list);
    return s;
}

peer *peer_connect_to(const char *host, int port)
{
    PRNetAddr a;

    if (PR_StringToNetAddr(host, &a) != PR_SUCCESS)
        return connect_to_name(host, port);
    a.inet.port = PR_htons((PRUint16)port);
    return connected(&a);
}

peer *peer_datagrams(int to)
{
    peer *s = made(PR_OpenUDPSocket(PR_AF_INET));
    PRNetAddr a = loopback(0);

    destination = loopback(to);
    require_ok(PR_Bind(s->socket, &a));
    return s;
}

void peer_close(peer *s)
{
    PR_Close(s->socket);
    free(s);
}

long peer_receive(peer *s, void *data, size_t size)
{
    return PR_Recv(s->socket, data, (PRInt32)size, 0, s->timeout);
}

long peer_send(peer *s, const void *data, size_t size)
{
    return PR_Send(s->socket, data, (PRInt32)size, 0, s->timeout);
}

long peer_receive_from(peer *s, void *data, size_t size)
{
    PRNetAddr from;

    return PR_RecvFrom(s->socket, data, (PRInt32)size, 0, &from, s->timeout);
}

long peer_send_to(peer *s, const void *data, size_t size)
{
    return PR_SendTo(s->socket, data, (PRInt32)size, 0, &destination, s->timeout);
}

void peer_dont_wait(peer *s)
{
    s->timeout = PR_INTERVAL_NO_WAIT;
}

peer_handle peer_handle_of(peer *s)
{
    return (peer_handle)PR_FileDesc2NativeHandle(s->socket);
}

bool peer_parse(const char *text)
{
    PRNetAddr a;

    return PR_StringToNetAddr(text, &a) == PR_SUCCESS;
}

bool peer_format(const unsigned char packed[4], char *text, size_t size)
{
    PRNetAddr a = {.inet = {.family = PR_AF_INET}};

    a.inet.ip = *(const PRUint32 *)(const void *)packed;
    return PR_NetAddrToString(&a, text, (PRUint32)size) == PR_SUCCESS;
}

bool peer_look_up(const char *host)
{
    PRAddrInfo *list = PR_GetAddrInfoByName(host, PR_AF_UNSPEC, PR_AI_ADDRCONFIG);

    if (!list)
        exit(1);
    PR_FreeAddrInfo(list);
    return true;
}
