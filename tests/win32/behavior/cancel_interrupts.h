/*
 * A behavior of Windows that Wine does not have: a synchronous call of Winsock that CancelIoEx
 * ends fails with WSAEINTR. (Wine says WSA_OPERATION_ABORTED, which Windows keeps for overlapped
 * calls.) Linked in front of Winsock, this puts functions of its own in the place of all that
 * can block. They let each call go on to Winsock, and make all of them end in the same way.
 * Sources: Microsoft, CancelIoEx; .NET's tests on Windows, which hold that a synchronous accept,
 * connect, receive or send whose socket is closed meanwhile is SocketError.Interrupted
 * (Accept.cs, ReceiveFrom.cs, SendReceive.cs), and its SafeSocketHandle.Windows.cs, which ends
 * them by CancelIoEx.
 */
#ifndef TESTS_WIN32_CANCEL_INTERRUPTS_H
#define TESTS_WIN32_CANCEL_INTERRUPTS_H

#include <stdbool.h>

/* What can block, as Winsock calls it. The two of messages are also found by
 * SIO_GET_EXTENSION_FUNCTION_POINTER. */
#define BLOCKING_CALLS(X) \
    X(accept)             \
    X(connect)            \
    X(recv)               \
    X(recvfrom)           \
    X(send)               \
    X(sendto)             \
    X(WSARecv)            \
    X(WSARecvFrom)        \
    X(WSARecvMsg)         \
    X(WSASend)            \
    X(WSASendMsg)         \
    X(WSASendTo)

/* CALL_accept, ... */
typedef enum blocking_call {
#define BLOCKING_CALL_ROW(name) CALL_##name,
    BLOCKING_CALLS(BLOCKING_CALL_ROW)
#undef BLOCKING_CALL_ROW
        BLOCKING_CALL_COUNT
} blocking_call;

/* How many threads are inside a call at this moment, and how many of its calls have ended with
 * WSAEINTR up to now. */
long calls_inside(blocking_call call);
long calls_interrupted(blocking_call call);

/* From now on a call blocks in the emulation until CancelIoEx, as one does for whose data the
 * system has no room: datagrams find room soon, so that nothing else shows what happens when
 * they do not. */
void hold_call(blocking_call call, bool on);

#endif
