/*
 * After SD_RECEIVE a receive fails with WSAESHUTDOWN, and the connection is reset when data is
 * unread or comes later. Wine keeps the connection.
 *
 * The reset is emulated in the calls on the socket itself: the first one after the data has arrived
 * fails, and the peer learns of the reset when the socket is closed.
 *
 * Source: Microsoft, shutdown, SD_RECEIVE: "if there is still data queued on the socket waiting to
 * be received, or data arrives subsequently, the connection is reset, since the data cannot be
 * delivered to the user".
 */
#include "../layer.h"

#include "../records.h"

static functions next;

static bool is_shut(SOCKET s)
{
    socket_record *record = hold_record(s);
    bool shut = record != NULL && record->receiving_shut;

    release_record(record);
    return shut;
}

/* SD_RECEIVE is not passed to Wine, whose FIONREAD then still reports what has arrived. */
static int WSAAPI rule_shutdown(SOCKET s, int how)
{
    socket_record *record = hold_record(s);
    bool stream = record != NULL && record->type == SOCK_STREAM && how != SD_SEND;
    struct sockaddr_storage peer;
    int size = sizeof peer;
    int result;

    release_record(record);
    if (!stream)
        return next.shutdown(s, how);
    result = how == SD_BOTH ? next.shutdown(s, SD_SEND)
                            : next.getpeername(s, (struct sockaddr *)&peer, &size);
    record = result == 0 ? hold_record(s) : NULL;
    if (record != NULL)
        record->receiving_shut = true;
    release_record(record);
    return result;
}

/* Whether a call fails after SD_RECEIVE: with WSAECONNABORTED if data is unread, else with
 * `otherwise` if that is not 0. */
static bool fails(SOCKET s, int otherwise)
{
    struct linger at_once = {.l_onoff = 1};
    u_long unread = 0;

    if (!is_shut(s))
        return false;
    if (next.ioctlsocket(s, FIONREAD, &unread) == 0 && unread > 0) {
        (void)next.setsockopt(s, SOL_SOCKET, SO_LINGER, (const char *)&at_once, sizeof at_once);
        otherwise = WSAECONNABORTED;
    }
    WSASetLastError(otherwise);
    return otherwise != 0;
}

#define CALL(name, otherwise, parameters, arguments)                     \
    static int WSAAPI rule_##name parameters                             \
    {                                                                    \
        return fails(s, otherwise) ? SOCKET_ERROR : next.name arguments; \
    }

CALL(recv, WSAESHUTDOWN, (SOCKET s, char *data, int size, int flags), (s, data, size, flags))
CALL(recvfrom, WSAESHUTDOWN,
     (SOCKET s, char *data, int size, int flags, struct sockaddr *from, int *length),
     (s, data, size, flags, from, length))
CALL(WSARecv, WSAESHUTDOWN,
     (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
      WSAOVERLAPPED *overlapped, completion_routine done),
     (s, buffers, count, received, flags, overlapped, done))
CALL(send, 0, (SOCKET s, const char *data, int size, int flags), (s, data, size, flags))
CALL(WSASend, 0,
     (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags, WSAOVERLAPPED *overlapped,
      completion_routine done),
     (s, buffers, count, sent, flags, overlapped, done))

const rule shutdown_resets_rule = {
    .next = &next,
    .stands_before = {.shutdown = rule_shutdown,
                      .recv = rule_recv,
                      .recvfrom = rule_recvfrom,
                      .WSARecv = rule_WSARecv,
                      .send = rule_send,
                      .WSASend = rule_WSASend},
};
