/*
 * What the tests of cancel_interrupts see and do: how many threads are in a call, and a call that
 * blocks for sure.
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
