/*
 * A synchronous call of Winsock that CancelIoEx ends fails with WSAEINTR. Wine says
 * WSA_OPERATION_ABORTED, which Windows keeps for overlapped calls.
 *
 * Sources: Microsoft, CancelIoEx; .NET's tests on Windows, which hold that a synchronous accept,
 * connect, receive or send whose socket is closed meanwhile is SocketError.Interrupted
 * (Accept.cs, ReceiveFrom.cs, SendReceive.cs), and its SafeSocketHandle.Windows.cs, which ends
 * them by CancelIoEx.
 */
#include "cancel_interrupts.h"

#include "../layer.h"

static functions next;

static volatile LONG inside[BLOCKING_CALL_COUNT];
static volatile LONG interrupted[BLOCKING_CALL_COUNT];
static volatile LONG held[BLOCKING_CALL_COUNT];

long calls_inside(blocking_call call)
{
    return InterlockedCompareExchange(&inside[call], 0, 0);
}

long calls_interrupted(blocking_call call)
{
    return InterlockedCompareExchange(&interrupted[call], 0, 0);
}

void hold_call(blocking_call call, bool on)
{
    InterlockedExchange(&held[call], on);
}

/* ---- cancellations --------------------------------------------------------------------------- */

/* Only one socket at a time is canceled in a test that holds calls: its handle, and how often. */
static void *volatile canceled_handle;
static volatile LONG cancellations;

static void await_cancellation(SOCKET s)
{
    LONG before = InterlockedCompareExchange(&cancellations, 0, 0);

    while (InterlockedCompareExchange(&cancellations, 0, 0) == before ||
           InterlockedCompareExchangePointer(&canceled_handle, NULL, NULL) != (void *)s)
        Sleep(1);
}

/* ---- every call ------------------------------------------------------------------------------ */

/* A call begins. False: it is over, since it was held and then canceled. */
static bool begin(blocking_call call, SOCKET s)
{
    InterlockedIncrement(&inside[call]);
    if (!InterlockedCompareExchange(&held[call], 0, 0))
        return true;
    await_cancellation(s);
    WSASetLastError(WSA_OPERATION_ABORTED);
    return false;
}

static void end(blocking_call call, bool failed)
{
    if (failed && WSAGetLastError() == WSA_OPERATION_ABORTED) {
        InterlockedIncrement(&interrupted[call]);
        WSASetLastError(WSAEINTR);
    }
    InterlockedDecrement(&inside[call]);
}

/* rule_NAME has the rest of the chain in the middle. */
#define CALL(name, type, failure, parameters, arguments) \
    static type WSAAPI rule_##name parameters            \
    {                                                    \
        type result = failure;                           \
                                                         \
        if (begin(CALL_##name, s))                       \
            result = next.name arguments;                \
        end(CALL_##name, result == failure);             \
        return result;                                   \
    }

/* An overlapped call does not block. */
#define MAYBE_OVERLAPPED_CALL(name, parameters, arguments) \
    static int WSAAPI rule_##name parameters               \
    {                                                      \
        int result = SOCKET_ERROR;                         \
                                                           \
        if (overlapped != NULL)                            \
            return next.name arguments;                    \
        if (begin(CALL_##name, s))                         \
            result = next.name arguments;                  \
        end(CALL_##name, result == SOCKET_ERROR);          \
        return result;                                     \
    }

CALL(accept, SOCKET, INVALID_SOCKET, (SOCKET s, struct sockaddr *name, int *length),
     (s, name, length))
CALL(connect, int, SOCKET_ERROR, (SOCKET s, const struct sockaddr *name, int length),
     (s, name, length))
CALL(recv, int, SOCKET_ERROR, (SOCKET s, char *data, int size, int flags), (s, data, size, flags))
CALL(recvfrom, int, SOCKET_ERROR,
     (SOCKET s, char *data, int size, int flags, struct sockaddr *from, int *length),
     (s, data, size, flags, from, length))
CALL(send, int, SOCKET_ERROR, (SOCKET s, const char *data, int size, int flags),
     (s, data, size, flags))
CALL(sendto, int, SOCKET_ERROR,
     (SOCKET s, const char *data, int size, int flags, const struct sockaddr *to, int length),
     (s, data, size, flags, to, length))

MAYBE_OVERLAPPED_CALL(WSARecv,
                      (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
                       WSAOVERLAPPED *overlapped, completion_routine done),
                      (s, buffers, count, received, flags, overlapped, done))
MAYBE_OVERLAPPED_CALL(WSARecvFrom,
                      (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
                       struct sockaddr *from, int *length, WSAOVERLAPPED *overlapped,
                       completion_routine done),
                      (s, buffers, count, received, flags, from, length, overlapped, done))
MAYBE_OVERLAPPED_CALL(WSASend,
                      (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
                       WSAOVERLAPPED *overlapped, completion_routine done),
                      (s, buffers, count, sent, flags, overlapped, done))
MAYBE_OVERLAPPED_CALL(WSASendTo,
                      (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
                       const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped,
                       completion_routine done),
                      (s, buffers, count, sent, flags, to, length, overlapped, done))
MAYBE_OVERLAPPED_CALL(WSASendMsg,
                      (SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent,
                       WSAOVERLAPPED *overlapped, completion_routine done),
                      (s, message, flags, sent, overlapped, done))
MAYBE_OVERLAPPED_CALL(WSARecvMsg,
                      (SOCKET s, WSAMSG *message, DWORD *received, WSAOVERLAPPED *overlapped,
                       completion_routine done),
                      (s, message, received, overlapped, done))

static BOOL WINAPI rule_CancelIoEx(HANDLE handle, OVERLAPPED *overlapped)
{
    InterlockedExchangePointer(&canceled_handle, handle);
    InterlockedIncrement(&cancellations);
    return next.CancelIoEx(handle, overlapped);
}

#define ENTRY(name) .name = rule_##name,

const rule cancel_interrupts_rule = {
    .next = &next,
    .stands_before = {BLOCKING_CALLS(ENTRY).CancelIoEx = rule_CancelIoEx},
};
