/*
 * Through drivers and layered providers calls fail with numbers other than Winsock's: Win32's for
 * the NTSTATUS with which a request ended (ERROR_NETNAME_DELETED instead of WSAECONNRESET), and
 * others. The test let_through.c determines which call fails with which.
 *
 * Sources: Microsoft, System Error Codes; libuv, src/win/error.c and winsock.c; Go, internal/poll
 * (ERROR_NETNAME_DELETED from AcceptEx).
 */
#include "driver_numbers.h"

#include "../layer.h"

static functions next;

static volatile LONG pending[BLOCKING_CALL_COUNT];

void let_through(blocking_call call, int number)
{
    InterlockedExchange(&pending[call], number);
}

bool has_come_through(blocking_call call)
{
    return pending[call] == 0;
}

static bool fails(blocking_call call)
{
    LONG number = InterlockedExchange(&pending[call], 0);

    if (number != 0)
        WSASetLastError(number);
    return number != 0;
}

static int WSAAPI rule_recv(SOCKET s, char *data, int size, int flags)
{
    return fails(CALL_recv) ? SOCKET_ERROR : next.recv(s, data, size, flags);
}

static int WSAAPI rule_recvfrom(SOCKET s, char *data, int size, int flags, struct sockaddr *from,
                                int *length)
{
    return fails(CALL_recvfrom) ? SOCKET_ERROR : next.recvfrom(s, data, size, flags, from, length);
}

static int WSAAPI rule_WSARecv(SOCKET s, WSABUF *buffers, DWORD count, DWORD *received,
                               DWORD *flags, WSAOVERLAPPED *overlapped, completion_routine done)
{
    return fails(CALL_WSARecv) ? SOCKET_ERROR
                               : next.WSARecv(s, buffers, count, received, flags, overlapped, done);
}

static int WSAAPI rule_send(SOCKET s, const char *data, int size, int flags)
{
    return fails(CALL_send) ? SOCKET_ERROR : next.send(s, data, size, flags);
}

static int WSAAPI rule_sendto(SOCKET s, const char *data, int size, int flags,
                              const struct sockaddr *to, int length)
{
    return fails(CALL_sendto) ? SOCKET_ERROR : next.sendto(s, data, size, flags, to, length);
}

static int WSAAPI rule_WSASend(SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
                               WSAOVERLAPPED *overlapped, completion_routine done)
{
    return fails(CALL_WSASend) ? SOCKET_ERROR
                               : next.WSASend(s, buffers, count, sent, flags, overlapped, done);
}

static int WSAAPI rule_connect(SOCKET s, const struct sockaddr *name, int length)
{
    return fails(CALL_connect) ? SOCKET_ERROR : next.connect(s, name, length);
}

static SOCKET WSAAPI rule_accept(SOCKET s, struct sockaddr *name, int *length)
{
    return fails(CALL_accept) ? INVALID_SOCKET : next.accept(s, name, length);
}

const rule driver_numbers_rule = {
    .next = &next,
    .stands_before = {.recv = rule_recv,
                      .recvfrom = rule_recvfrom,
                      .WSARecv = rule_WSARecv,
                      .send = rule_send,
                      .sendto = rule_sendto,
                      .WSASend = rule_WSASend,
                      .connect = rule_connect,
                      .accept = rule_accept},
};
