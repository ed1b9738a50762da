/*
 * A call whose buffers are very large fails with WSAENOBUFS, since Winsock locks the memory.
 *
 * Sources: Microsoft, article 201213 (send); pika issue 14 (send of 100 MB); cherrypy issue 909
 * (18 MB on Windows Server 2008); libzmq pull request 3297 (recv, too). None says where the bound
 * is, which depends on the machine.
 */
#include "../layer.h"

static functions next;

enum { BOUND = 17 * 1024 * 1024 };

/* The sum, no more than just above the bound. */
static size_t total(const WSABUF *buffers, DWORD count)
{
    size_t sum = 0;

    for (DWORD i = 0; i < count && sum <= BOUND; i++)
        sum += buffers[i].len;
    return sum;
}

static bool fits(size_t size)
{
    if (size <= BOUND)
        return true;
    WSASetLastError(WSAENOBUFS);
    return false;
}

#define RULE_CALL(name, size, parameters, arguments)            \
    static int WSAAPI rule_##name parameters                    \
    {                                                           \
        return fits(size) ? next.name arguments : SOCKET_ERROR; \
    }

RULE_CALL(recv, (size_t)size, (SOCKET s, char *data, int size, int flags), (s, data, size, flags))
RULE_CALL(recvfrom, (size_t)size,
          (SOCKET s, char *data, int size, int flags, struct sockaddr *from, int *length),
          (s, data, size, flags, from, length))
RULE_CALL(send, (size_t)size, (SOCKET s, const char *data, int size, int flags),
          (s, data, size, flags))
RULE_CALL(sendto, (size_t)size,
          (SOCKET s, const char *data, int size, int flags, const struct sockaddr *to, int length),
          (s, data, size, flags, to, length))
RULE_CALL(WSARecv, total(buffers, count),
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
           WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, received, flags, overlapped, done))
RULE_CALL(WSARecvFrom, total(buffers, count),
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
           struct sockaddr *from, int *length, WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, received, flags, from, length, overlapped, done))
RULE_CALL(WSARecvMsg, total(message->lpBuffers, message->dwBufferCount),
          (SOCKET s, WSAMSG *message, DWORD *received, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, message, received, overlapped, done))
RULE_CALL(WSASend, total(buffers, count),
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
           WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, sent, flags, overlapped, done))
RULE_CALL(WSASendTo, total(buffers, count),
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
           const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, buffers, count, sent, flags, to, length, overlapped, done))
RULE_CALL(WSASendMsg, total(message->lpBuffers, message->dwBufferCount),
          (SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, message, flags, sent, overlapped, done))

const rule large_transfers_rule = {
    .next = &next,
    .stands_before = {.recv = rule_recv,
                      .recvfrom = rule_recvfrom,
                      .send = rule_send,
                      .sendto = rule_sendto,
                      .WSARecv = rule_WSARecv,
                      .WSARecvFrom = rule_WSARecvFrom,
                      .WSARecvMsg = rule_WSARecvMsg,
                      .WSASend = rule_WSASend,
                      .WSASendTo = rule_WSASendTo,
                      .WSASendMsg = rule_WSASendMsg},
};
