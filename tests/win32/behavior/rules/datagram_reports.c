/*
 * A datagram to a port that nothing is bound to makes a later receive fail: with WSAECONNRESET
 * unless SIO_UDP_CONNRESET is off, wherever the datagram was sent. In the same way a datagram that
 * a router dropped makes one fail with WSAENETRESET, unless SIO_UDP_NETRESET is off. There is no
 * router here: the same datagram stands for the dropped one. A connected socket fails with
 * WSAECONNRESET, too, where Wine says WSAECONNREFUSED.
 *
 * Sources: Microsoft, recvfrom (both errors) and SIO_UDP_CONNRESET; OpenSSL and msquic, which
 * switch both off. No page says which versions have SIO_UDP_NETRESET: that of Windows 7 here has
 * not.
 */
#include "../records.h"

static functions next;

/* ---- the switches ---------------------------------------------------------------------------- */

static bool is_inet_datagrams(const socket_record *record)
{
    return record != NULL && record->type == SOCK_DGRAM &&
           (record->family == AF_INET || record->family == AF_INET6);
}

static bool is_datagrams(SOCKET s)
{
    socket_record *record = hold_record(s);
    bool result = is_inet_datagrams(record);

    release_record(record);
    return result;
}

static int set_switch(SOCKET s, DWORD control, bool on)
{
    socket_record *record = hold_record(s);
    bool known = is_inet_datagrams(record) &&
                 (control == SIO_UDP_CONNRESET || active_profile()->build >= WINDOWS_8);

    if (known && control == SIO_UDP_CONNRESET)
        record->ignores_refusals = !on;
    else if (known)
        record->ignores_drops = !on;
    release_record(record);
    if (known)
        return 0;
    WSASetLastError(WSAEOPNOTSUPP);
    return SOCKET_ERROR;
}

static int WSAAPI rule_WSAIoctl(SOCKET s, DWORD control, void *input, DWORD input_size,
                                void *output, DWORD output_size, DWORD *returned,
                                WSAOVERLAPPED *overlapped, completion_routine done)
{
    if ((control == SIO_UDP_CONNRESET || control == SIO_UDP_NETRESET) && input != NULL &&
        input_size >= sizeof(BOOL) && returned != NULL) {
        *returned = 0;
        return set_switch(s, control, *(const BOOL *)input != FALSE);
    }
    return next.WSAIoctl(s, control, input, input_size, output, output_size, returned, overlapped,
                         done);
}

/* ---- sending --------------------------------------------------------------------------------- */

static bool is_loopback(const struct sockaddr *to)
{
    if (to->sa_family == AF_INET)
        return ((const struct sockaddr_in *)to)->sin_addr.S_un.S_un_b.s_b1 == 127;
    return to->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)to)->sin6_addr);
}

static u_short port_of(const struct sockaddr *to)
{
    return to->sa_family == AF_INET ? ((const struct sockaddr_in *)to)->sin_port
                                    : ((const struct sockaddr_in6 *)to)->sin6_port;
}

/* A datagram has gone there. */
static void note(SOCKET s, const struct sockaddr *to)
{
    socket_record *record = to != NULL && is_loopback(to) ? hold_record(s) : NULL;
    bool reports =
        is_inet_datagrams(record) && !(record->ignores_refusals && record->ignores_drops);

    release_record(record);
    if (!reports || datagrams_have_port(port_of(to)))
        return;
    record = hold_record(s);
    if (record != NULL) {
        record->refused = !record->ignores_refusals;
        record->dropped = !record->ignores_drops;
    }
    release_record(record);
}

/* A datagram has gone to the socket's peer. */
static void note_peer(SOCKET s)
{
    union {
        struct sockaddr any;
        struct sockaddr_storage storage;
    } peer;
    int size = sizeof peer;
    int error = WSAGetLastError();

    if (is_datagrams(s) && next.getpeername(s, &peer.any, &size) == 0)
        note(s, &peer.any);
    WSASetLastError(error);
}

static int WSAAPI rule_send(SOCKET s, const char *data, int size, int flags)
{
    int sent = next.send(s, data, size, flags);

    if (sent >= 0)
        note_peer(s);
    return sent;
}

static int WSAAPI rule_WSASend(SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
                               WSAOVERLAPPED *overlapped, completion_routine done)
{
    int result = next.WSASend(s, buffers, count, sent, flags, overlapped, done);

    if (result == 0)
        note_peer(s);
    return result;
}

static int WSAAPI rule_sendto(SOCKET s, const char *data, int size, int flags,
                              const struct sockaddr *to, int length)
{
    int sent = next.sendto(s, data, size, flags, to, length);

    if (sent >= 0)
        note(s, to);
    return sent;
}

static int WSAAPI rule_WSASendTo(SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
                                 const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped,
                                 completion_routine done)
{
    int result = next.WSASendTo(s, buffers, count, sent, flags, to, length, overlapped, done);

    if (result == 0)
        note(s, to);
    return result;
}

/* ---- receiving ------------------------------------------------------------------------------- */

/* What is to be reported first, once; 0 for nothing. */
static int take_report(SOCKET s)
{
    socket_record *record = hold_record(s);
    int error = 0;

    if (record != NULL && record->refused) {
        record->refused = false;
        error = WSAECONNRESET;
    } else if (record != NULL && record->dropped) {
        record->dropped = false;
        error = WSAENETRESET;
    }
    release_record(record);
    return error;
}

static int failure(int error)
{
    WSASetLastError(error);
    return SOCKET_ERROR;
}

static int as_on_windows(SOCKET s, int result)
{
    if (result == SOCKET_ERROR && WSAGetLastError() == WSAECONNREFUSED && is_datagrams(s))
        WSASetLastError(WSAECONNRESET);
    return result;
}

#define RULE_CALL(name, parameters, arguments)                                      \
    static int WSAAPI rule_##name parameters                                        \
    {                                                                               \
        int error = take_report(s);                                                 \
                                                                                    \
        return error != 0 ? failure(error) : as_on_windows(s, next.name arguments); \
    }

RULE_CALL(recv, (SOCKET s, char *data, int size, int flags), (s, data, size, flags))
RULE_CALL(recvfrom, (SOCKET s, char *data, int size, int flags, struct sockaddr *from, int *length),
          (s, data, size, flags, from, length))
RULE_CALL(WSARecv,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
           WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, received, flags, overlapped, done))
RULE_CALL(WSARecvFrom,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
           struct sockaddr *from, int *length, WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, received, flags, from, length, overlapped, done))
RULE_CALL(WSARecvMsg,
          (SOCKET s, WSAMSG *message, DWORD *received, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, message, received, overlapped, done))

const rule datagram_reports_rule = {
    .next = &next,
    .stands_before = {.WSAIoctl = rule_WSAIoctl,
                      .send = rule_send,
                      .sendto = rule_sendto,
                      .WSASend = rule_WSASend,
                      .WSASendTo = rule_WSASendTo,
                      .recv = rule_recv,
                      .recvfrom = rule_recvfrom,
                      .WSARecv = rule_WSARecv,
                      .WSARecvFrom = rule_WSARecvFrom,
                      .WSARecvMsg = rule_WSARecvMsg},
};
