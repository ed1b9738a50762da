/*
 * A gathering or scattering call with 0 buffers fails with WSAEINVAL.
 *
 * Source: none says so outright. .NET refuses an empty list of buffers before it calls Winsock
 * (Socket.ValidateBuffersList), and no page says what 0 buffers mean, so that a provider may refuse
 * them. One buffer of no bytes is documented.
 */
#include "../layer.h"

static functions next;

static bool has_buffers(DWORD count)
{
    if (count > 0)
        return true;
    WSASetLastError(WSAEINVAL);
    return false;
}

#define RULE_CALL(name, count, parameters, arguments)                   \
    static int WSAAPI rule_##name parameters                            \
    {                                                                   \
        return has_buffers(count) ? next.name arguments : SOCKET_ERROR; \
    }

RULE_CALL(WSARecv, count,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
           WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, received, flags, overlapped, done))
RULE_CALL(WSARecvFrom, count,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
           struct sockaddr *from, int *length, WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, received, flags, from, length, overlapped, done))
RULE_CALL(WSARecvMsg, message->dwBufferCount,
          (SOCKET s, WSAMSG *message, DWORD *received, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, message, received, overlapped, done))
RULE_CALL(WSASend, count,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
           WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, sent, flags, overlapped, done))
RULE_CALL(WSASendTo, count,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
           const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, buffers, count, sent, flags, to, length, overlapped, done))
RULE_CALL(WSASendMsg, message->dwBufferCount,
          (SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, message, flags, sent, overlapped, done))

const rule no_buffers_rule = {
    .next = &next,
    .stands_before = {.WSARecv = rule_WSARecv,
                      .WSARecvFrom = rule_WSARecvFrom,
                      .WSARecvMsg = rule_WSARecvMsg,
                      .WSASend = rule_WSASend,
                      .WSASendTo = rule_WSASendTo,
                      .WSASendMsg = rule_WSASendMsg},
};
