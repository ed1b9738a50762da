#include "cancel_interrupts.h"

#include <string.h>
#include <winsock2.h>

#include <mswsock.h>
#include <windows.h>

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

typedef void (*any_function)(void);

static any_function function_of(const char *module, const char *name)
{
    return (any_function)GetProcAddress(GetModuleHandleA(module), name);
}

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

/* What the linker takes for a function of a DLL, and for the pointer to it by which most headers
 * have it called. On 32 bits their names end with the number of bytes of the arguments. */
#ifdef _WIN64
#define FUNCTION_NAME(name, bytes) __asm__(#name)
#define POINTER_NAME(name, bytes) __asm__("__imp_" #name)
#else
#define FUNCTION_NAME(name, bytes) __asm__("_" #name "@" #bytes)
#define POINTER_NAME(name, bytes) __asm__("__imp__" #name "@" #bytes)
#endif

/* Declares our_NAME, which stands for NAME everywhere in the program. */
#define STANDS_FOR(name, bytes, type, convention, parameters)                  \
    typedef type(convention *pointer_to_##name) parameters;                    \
    type convention our_##name parameters FUNCTION_NAME(name, bytes);          \
    extern const pointer_to_##name import_of_##name POINTER_NAME(name, bytes); \
    const pointer_to_##name import_of_##name = our_##name;

/* our_NAME has Winsock's own in the middle. */
#define WINSOCK_CALL(name, bytes, type, failure, parameters, arguments)                   \
    STANDS_FOR(name, bytes, type, WSAAPI, parameters)                                     \
    type WSAAPI our_##name parameters                                                     \
    {                                                                                     \
        pointer_to_##name original = (pointer_to_##name)function_of("ws2_32.dll", #name); \
        type result = failure;                                                            \
                                                                                          \
        if (begin(CALL_##name, s))                                                        \
            result = original arguments;                                                  \
        end(CALL_##name, result == failure);                                              \
        return result;                                                                    \
    }

WINSOCK_CALL(accept, 12, SOCKET, INVALID_SOCKET, (SOCKET s, struct sockaddr *name, int *length),
             (s, name, length))
WINSOCK_CALL(connect, 12, int, SOCKET_ERROR, (SOCKET s, const struct sockaddr *name, int length),
             (s, name, length))
WINSOCK_CALL(recv, 16, int, SOCKET_ERROR, (SOCKET s, char *data, int size, int flags),
             (s, data, size, flags))
WINSOCK_CALL(recvfrom, 24, int, SOCKET_ERROR,
             (SOCKET s, char *data, int size, int flags, struct sockaddr *from, int *length),
             (s, data, size, flags, from, length))
WINSOCK_CALL(send, 16, int, SOCKET_ERROR, (SOCKET s, const char *data, int size, int flags),
             (s, data, size, flags))
WINSOCK_CALL(sendto, 24, int, SOCKET_ERROR,
             (SOCKET s, const char *data, int size, int flags, const struct sockaddr *to,
              int length),
             (s, data, size, flags, to, length))

typedef LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;

WINSOCK_CALL(WSARecv, 28, int, SOCKET_ERROR,
             (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
              WSAOVERLAPPED *overlapped, routine done),
             (s, buffers, count, received, flags, overlapped, done))
WINSOCK_CALL(WSARecvFrom, 36, int, SOCKET_ERROR,
             (SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
              struct sockaddr *from, int *length, WSAOVERLAPPED *overlapped, routine done),
             (s, buffers, count, received, flags, from, length, overlapped, done))
WINSOCK_CALL(WSASend, 28, int, SOCKET_ERROR,
             (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
              WSAOVERLAPPED *overlapped, routine done),
             (s, buffers, count, sent, flags, overlapped, done))
WINSOCK_CALL(WSASendTo, 36, int, SOCKET_ERROR,
             (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
              const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped, routine done),
             (s, buffers, count, sent, flags, to, length, overlapped, done))
WINSOCK_CALL(WSASendMsg, 24, int, SOCKET_ERROR,
             (SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent, WSAOVERLAPPED *overlapped,
              routine done),
             (s, message, flags, sent, overlapped, done))

/* ---- what has to be asked for ---------------------------------------------------------------- */

static any_function original_receive_message;

typedef int(WSAAPI *pointer_to_WSARecvMsg)(SOCKET s, WSAMSG *message, DWORD *received,
                                           WSAOVERLAPPED *overlapped, routine done);

static int WSAAPI our_WSARecvMsg(SOCKET s, WSAMSG *message, DWORD *received,
                                 WSAOVERLAPPED *overlapped, routine done)
{
    int result = SOCKET_ERROR;

    if (begin(CALL_WSARecvMsg, s))
        result = ((pointer_to_WSARecvMsg)original_receive_message)(s, message, received, overlapped,
                                                                   done);
    end(CALL_WSARecvMsg, result == SOCKET_ERROR);
    return result;
}

/* The answer to SIO_GET_EXTENSION_FUNCTION_POINTER. */
static void replace_function(const void *id, any_function *answer)
{
    static const GUID to_receive = WSAID_WSARECVMSG, to_send = WSAID_WSASENDMSG;

    if (memcmp(id, &to_receive, sizeof to_receive) == 0) {
        original_receive_message = *answer;
        *answer = (any_function)our_WSARecvMsg;
    } else if (memcmp(id, &to_send, sizeof to_send) == 0) {
        *answer = (any_function)our_WSASendMsg;
    }
}

STANDS_FOR(WSAIoctl, 36, int, WSAAPI,
           (SOCKET s, DWORD control, void *input, DWORD input_size, void *output, DWORD output_size,
            DWORD *returned, WSAOVERLAPPED *overlapped, routine done))
int WSAAPI our_WSAIoctl(SOCKET s, DWORD control, void *input, DWORD input_size, void *output,
                        DWORD output_size, DWORD *returned, WSAOVERLAPPED *overlapped, routine done)
{
    pointer_to_WSAIoctl call_original = (pointer_to_WSAIoctl)function_of("ws2_32.dll", "WSAIoctl");
    int result = call_original(s, control, input, input_size, output, output_size, returned,
                               overlapped, done);

    if (result == 0 && control == SIO_GET_EXTENSION_FUNCTION_POINTER)
        replace_function(input, output);
    return result;
}

STANDS_FOR(CancelIoEx, 8, BOOL, WINAPI, (HANDLE handle, OVERLAPPED *overlapped))
BOOL WINAPI our_CancelIoEx(HANDLE handle, OVERLAPPED *overlapped)
{
    pointer_to_CancelIoEx call_original =
        (pointer_to_CancelIoEx)function_of("kernel32.dll", "CancelIoEx");

    InterlockedExchangePointer(&canceled_handle, handle);
    InterlockedIncrement(&cancellations);
    return call_original(handle, overlapped);
}
