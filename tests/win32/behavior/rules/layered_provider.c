/*
 * A layered service provider over TCP, for IPv4 and IPv6, and over UDP for IPv4, which is no
 * installable file system provider: its sockets have handles of its own, which the system does not
 * recognize as sockets.
 *
 *   - The driver refuses to poll such a handle, CancelIoEx does not reach the calls on it, and
 *     select refuses a set that mixes such sockets with others.
 *   - SIO_BASE_HANDLE returns the handle of the provider below.
 *
 * Sources: Microsoft, "Categorizing Layered Service Providers and Applications",
 * WPUCreateSocketHandle, SIO_BASE_HANDLE, "Multiple Provider Restrictions on Select"; wepoll and
 * libuv, which ask for the base handle for this.
 *
 * The handle here is an event's, so that it has a number of its own and can be made inheritable.
 */
#include "layered_provider.h"

#include "../layer.h"

static functions next;

static LONG volatile selects;

long selects_of_layered_sockets(void)
{
    return InterlockedOr(&selects, 0);
}

/* ---- handles of the layer -------------------------------------------------------------------- */

enum { HANDLES_MAX = 1 << 18 };

/* The socket of the provider below, by the number of the layer's handle; 0: it is no such. */
static SOCKET volatile below[HANDLES_MAX];

static SOCKET volatile *place_of(SOCKET s)
{
    return s / 4 < HANDLES_MAX ? &below[s / 4] : NULL;
}

static bool is_layered(SOCKET s)
{
    return place_of(s) && *place_of(s) != 0;
}

static SOCKET base_of(SOCKET s)
{
    return is_layered(s) ? *place_of(s) : s;
}

static SOCKET put_layer_over(SOCKET base)
{
    SOCKET s = (SOCKET)CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD flags = 0;

    if (next.GetHandleInformation((HANDLE)base, &flags))
        next.SetHandleInformation((HANDLE)s, HANDLE_FLAG_INHERIT, flags & HANDLE_FLAG_INHERIT);
    *place_of(s) = base;
    return s;
}

static bool takes(SOCKET s)
{
    WSAPROTOCOL_INFOW info;
    int size = sizeof info;

    return next.getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size) == 0 &&
           ((info.iSocketType == SOCK_STREAM &&
             (info.iAddressFamily == AF_INET || info.iAddressFamily == AF_INET6)) ||
            (info.iSocketType == SOCK_DGRAM && info.iAddressFamily == AF_INET));
}

static SOCKET made(SOCKET s)
{
    return s != INVALID_SOCKET && takes(s) ? put_layer_over(s) : s;
}

/* ---- calls that go down with the handle below ------------------------------------------------ */

#define ON_SOCKET(name, type, parameters, arguments) \
    static type WSAAPI rule_##name parameters        \
    {                                                \
        s = base_of(s);                              \
        return next.name arguments;                  \
    }

ON_SOCKET(shutdown, int, (SOCKET s, int how), (s, how))
ON_SOCKET(bind, int, (SOCKET s, const struct sockaddr *name, int length), (s, name, length))
ON_SOCKET(listen, int, (SOCKET s, int backlog), (s, backlog))
ON_SOCKET(connect, int, (SOCKET s, const struct sockaddr *name, int length), (s, name, length))
ON_SOCKET(WSAConnect, int,
          (SOCKET s, const struct sockaddr *name, int length, WSABUF *caller, WSABUF *callee,
           QOS *sending, QOS *group),
          (s, name, length, caller, callee, sending, group))
ON_SOCKET(getsockname, int, (SOCKET s, struct sockaddr *name, int *length), (s, name, length))
ON_SOCKET(getpeername, int, (SOCKET s, struct sockaddr *name, int *length), (s, name, length))
ON_SOCKET(getsockopt, int, (SOCKET s, int level, int option, char *value, int *length),
          (s, level, option, value, length))
ON_SOCKET(setsockopt, int, (SOCKET s, int level, int option, const char *value, int length),
          (s, level, option, value, length))
ON_SOCKET(ioctlsocket, int, (SOCKET s, long command, u_long *value), (s, command, value))
ON_SOCKET(recv, int, (SOCKET s, char *data, int size, int flags), (s, data, size, flags))
ON_SOCKET(recvfrom, int,
          (SOCKET s, char *data, int size, int flags, struct sockaddr *from, int *length),
          (s, data, size, flags, from, length))
ON_SOCKET(send, int, (SOCKET s, const char *data, int size, int flags), (s, data, size, flags))
ON_SOCKET(sendto, int,
          (SOCKET s, const char *data, int size, int flags, const struct sockaddr *to, int length),
          (s, data, size, flags, to, length))
ON_SOCKET(WSARecv, int,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
           WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, received, flags, overlapped, done))
ON_SOCKET(WSARecvFrom, int,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
           struct sockaddr *from, int *length, WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, received, flags, from, length, overlapped, done))
ON_SOCKET(WSASend, int,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
           WSAOVERLAPPED *overlapped, completion_routine done),
          (s, buffers, count, sent, flags, overlapped, done))
ON_SOCKET(WSASendTo, int,
          (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
           const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, buffers, count, sent, flags, to, length, overlapped, done))
ON_SOCKET(WSAGetOverlappedResult, BOOL,
          (SOCKET s, WSAOVERLAPPED *overlapped, DWORD *count, BOOL wait, DWORD *flags),
          (s, overlapped, count, wait, flags))
ON_SOCKET(WSASendMsg, int,
          (SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, message, flags, sent, overlapped, done))
ON_SOCKET(WSARecvMsg, int,
          (SOCKET s, WSAMSG *message, DWORD *received, WSAOVERLAPPED *overlapped,
           completion_routine done),
          (s, message, received, overlapped, done))
ON_SOCKET(ConnectEx, BOOL,
          (SOCKET s, const struct sockaddr *name, int length, void *data, DWORD size, DWORD *sent,
           OVERLAPPED *overlapped),
          (s, name, length, data, size, sent, overlapped))
ON_SOCKET(DisconnectEx, BOOL, (SOCKET s, OVERLAPPED *overlapped, DWORD flags, DWORD reserved),
          (s, overlapped, flags, reserved))
ON_SOCKET(TransmitFile, BOOL,
          (SOCKET s, HANDLE file, DWORD size, DWORD each, OVERLAPPED *overlapped,
           TRANSMIT_FILE_BUFFERS *around, DWORD flags),
          (s, file, size, each, overlapped, around, flags))
ON_SOCKET(WSAEventSelect, int, (SOCKET s, WSAEVENT event, long events), (s, event, events))
ON_SOCKET(WSAEnumNetworkEvents, int, (SOCKET s, WSAEVENT event, WSANETWORKEVENTS *events),
          (s, event, events))

/* ---- sockets that begin and end -------------------------------------------------------------- */

static SOCKET WSAAPI rule_socket(int family, int type, int protocol)
{
    return made(next.socket(family, type, protocol));
}

static SOCKET WSAAPI rule_WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info,
                                     GROUP group, DWORD flags)
{
    return made(next.WSASocketW(family, type, protocol, info, group, flags));
}

static SOCKET WSAAPI rule_WSASocketA(int family, int type, int protocol, WSAPROTOCOL_INFOA *info,
                                     GROUP group, DWORD flags)
{
    return made(next.WSASocketA(family, type, protocol, info, group, flags));
}

static SOCKET WSAAPI rule_accept(SOCKET s, struct sockaddr *name, int *length)
{
    return made(next.accept(base_of(s), name, length));
}

static SOCKET WSAAPI rule_WSAAccept(SOCKET s, struct sockaddr *name, int *length,
                                    LPCONDITIONPROC accepts, DWORD_PTR context)
{
    return made(next.WSAAccept(base_of(s), name, length, accepts, context));
}

static BOOL WSAAPI rule_AcceptEx(SOCKET s, SOCKET connection, void *output, DWORD data, DWORD local,
                                 DWORD remote, DWORD *received, OVERLAPPED *overlapped)
{
    return next.AcceptEx(base_of(s), base_of(connection), output, data, local, remote, received,
                         overlapped);
}

static int WSAAPI rule_WSADuplicateSocketW(SOCKET s, DWORD process, WSAPROTOCOL_INFOW *info)
{
    return next.WSADuplicateSocketW(base_of(s), process, info);
}

static int WSAAPI rule_closesocket(SOCKET s)
{
    int result = next.closesocket(base_of(s));

    if (result == 0 && is_layered(s)) {
        *place_of(s) = 0;
        next.CloseHandle((HANDLE)s);
    }
    return result;
}

/* ---- waits ----------------------------------------------------------------------------------- */

static int count_layered(const fd_set *set)
{
    int count = 0;

    for (u_int i = 0; set && i < set->fd_count; i++)
        count += is_layered(set->fd_array[i]);
    return count;
}

static int count_all(const fd_set *set)
{
    return set ? (int)set->fd_count : 0;
}

static void go_down(fd_set *set)
{
    for (u_int i = 0; set && i < set->fd_count; i++)
        set->fd_array[i] = base_of(set->fd_array[i]);
}

static SOCKET layer_over(SOCKET base)
{
    for (SOCKET i = 1; i < HANDLES_MAX; i++) {
        if (below[i] == base)
            return i * 4;
    }
    return base;
}

static void come_up(fd_set *set)
{
    for (u_int i = 0; set && i < set->fd_count; i++)
        set->fd_array[i] = layer_over(set->fd_array[i]);
}

static int WSAAPI rule_select(int unused, fd_set *readable, fd_set *writable, fd_set *failed,
                              const struct timeval *time)
{
    int layered = count_layered(readable) + count_layered(writable) + count_layered(failed);
    int result;

    if (layered == 0)
        return next.select(unused, readable, writable, failed, time);
    InterlockedIncrement(&selects);
    if (layered < count_all(readable) + count_all(writable) + count_all(failed)) {
        WSASetLastError(WSAENOTSOCK);
        return SOCKET_ERROR;
    }
    go_down(readable);
    go_down(writable);
    go_down(failed);
    result = next.select(unused, readable, writable, failed, time);
    come_up(readable);
    come_up(writable);
    come_up(failed);
    return result;
}

static int WSAAPI rule_WSAPoll(WSAPOLLFD *entries, ULONG count, INT milliseconds)
{
    WSAPOLLFD own[64];
    int result;

    if (count > sizeof own / sizeof own[0]) {
        WSASetLastError(WSAENOBUFS);
        return SOCKET_ERROR;
    }
    for (ULONG i = 0; i < count; i++) {
        own[i] = entries[i];
        own[i].fd = base_of(entries[i].fd);
    }
    result = next.WSAPoll(own, count, milliseconds);
    for (ULONG i = 0; i < count; i++)
        entries[i].revents = own[i].revents;
    return result;
}

/* ---- the handle below ------------------------------------------------------------------------ */

static int WSAAPI rule_WSAIoctl(SOCKET s, DWORD control, void *input, DWORD input_size,
                                void *output, DWORD output_size, DWORD *returned,
                                WSAOVERLAPPED *overlapped, completion_routine done)
{
    return next.WSAIoctl(base_of(s), control, input, input_size, output, output_size, returned,
                         overlapped, done);
}

const rule layered_provider_rule = {
    .condition = LAYERED_PROVIDER,
    .next = &next,
    .stands_before =
        {
            .socket = rule_socket,
            .WSASocketW = rule_WSASocketW,
            .WSASocketA = rule_WSASocketA,
            .accept = rule_accept,
            .WSAAccept = rule_WSAAccept,
            .AcceptEx = rule_AcceptEx,
            .WSADuplicateSocketW = rule_WSADuplicateSocketW,
            .closesocket = rule_closesocket,
            .select = rule_select,
            .WSAPoll = rule_WSAPoll,
            .WSAIoctl = rule_WSAIoctl,
            .shutdown = rule_shutdown,
            .bind = rule_bind,
            .listen = rule_listen,
            .connect = rule_connect,
            .WSAConnect = rule_WSAConnect,
            .getsockname = rule_getsockname,
            .getpeername = rule_getpeername,
            .getsockopt = rule_getsockopt,
            .setsockopt = rule_setsockopt,
            .ioctlsocket = rule_ioctlsocket,
            .recv = rule_recv,
            .recvfrom = rule_recvfrom,
            .send = rule_send,
            .sendto = rule_sendto,
            .WSARecv = rule_WSARecv,
            .WSARecvFrom = rule_WSARecvFrom,
            .WSASend = rule_WSASend,
            .WSASendTo = rule_WSASendTo,
            .WSAGetOverlappedResult = rule_WSAGetOverlappedResult,
            .WSASendMsg = rule_WSASendMsg,
            .WSARecvMsg = rule_WSARecvMsg,
            .ConnectEx = rule_ConnectEx,
            .DisconnectEx = rule_DisconnectEx,
            .TransmitFile = rule_TransmitFile,
            .WSAEventSelect = rule_WSAEventSelect,
            .WSAEnumNetworkEvents = rule_WSAEnumNetworkEvents,
        },
};
