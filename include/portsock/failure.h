/*
 * The failure record: what failed, with whom, and why, in the caller's own storage.
 *
 * A record is attached to a socket with ps_setfailure; from then on every operation on the socket that fails writes into
 * it, and nothing else does. Texts are made when somebody asks for them. A record without a socket is filled with
 * ps_failure_set.
 */
#ifndef PORTSOCK_FAILURE_H
#define PORTSOCK_FAILURE_H

#include "address.h"
#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an operation is called in a text: X(name, text). */
#define PS_OPERATIONS(X)                         \
    X(NONE, "operation")                         \
    X(SOCKET, "make a socket")                   \
    X(SOCKETPAIR, "make a pair of sockets")      \
    X(FROMFD, "take over a handle")              \
    X(BIND, "bind")                              \
    X(LISTEN, "listen")                          \
    X(ACCEPT, "accept")                          \
    X(CONNECT, "connect")                        \
    X(CREATE_CONNECTION, "create a connection")  \
    X(RECEIVE, "receive")                        \
    X(SEND, "send")                              \
    X(SHUTDOWN, "shut down")                     \
    X(GETSOCKNAME, "get the socket's name")      \
    X(GETPEERNAME, "get the peer's name")        \
    X(GETSOCKOPT, "get an option")               \
    X(SETSOCKOPT, "set an option")               \
    X(IOCTL, "control the socket")               \
    X(SETTIMEOUT, "set the timeout")             \
    X(SETCANCEL, "set the cancel token")         \
    X(INHERITANCE, "change the inheritance")     \
    X(GETPEERCRED, "get the peer's credentials") \
    X(SHARE, "share the socket")                 \
    X(MAKEFILE, "make a stream")                 \
    X(LOOKUP, "look up")                         \
    X(REVERSE_LOOKUP, "look up the name of")

/* PS_OPERATION_CONNECT, ... */
typedef enum ps_operation {
#define PS_OPERATION_ROW(name, text) PS_OPERATION_##name,
    PS_OPERATIONS(PS_OPERATION_ROW)
#undef PS_OPERATION_ROW
} ps_operation;

/* The room for a name in a record; a longer one is cut. */
#define PS_FAILURE_NAME_MAX 256

/*
 * One failed operation. With operation PS_OPERATION_NONE, which is 0, nothing has failed so far.
 *   code     the code that the function returned; ps_error_native tells this system's number for it
 *   own      the socket's own address, "no address" (len 0) where it has none
 *   peer     where to, or from whom, as far as it is known; or "no address"
 *   name     what ps_failure_set was given; "" for an operation on a socket
 */
typedef struct ps_failure {
    int operation;
    int code;
    ps_addr own;
    ps_addr peer;
    char name[PS_FAILURE_NAME_MAX];
} ps_failure;

/*
 * Attaches a record to a socket; what it says so far stays. It must stay where it is for as long as it is attached, and
 * belongs to one thread at a time: with calls in two threads give the record to none or look at it when both are over.
 *   record   NULL: none, as at the start
 * Returns 0; PS_EFAULT for a NULL socket; PS_EBADF. ps_close and ps_detach let the record go, and it keeps what it says. A
 * connection that is accepted has none. In non-blocking mode "would block" and "in progress" are answers like others, so
 * they are recorded, too. A call that fails with PS_EBADF because its socket is closed beside it is not recorded.
 */
/* PENDING PS_API int ps_setfailure(ps_sock *s, ps_failure *record); */

/*
 * Fills a record of an operation that has no socket (yet): ps_socket, ps_create_connection, a lookup.
 *   operation  PS_OPERATION_*
 *   peer       the address, or NULL
 *   name       the host or what else the text should name, UTF-8, copied; or NULL
 *   code       what the function returned
 * NULL for f does nothing.
 */
/* PENDING PS_API void ps_failure_set(ps_failure *f, int operation, const ps_addr *peer, const char *name, int code); */

/* The text of an operation: "connect". Static storage, never NULL; "operation" for a number that is none. */
/* PENDING PS_API const char *ps_operation_text(int operation); */

/*
 * Writes what a record says in one line of ASCII (but for a name):
 * "connect to [2001:db8::1]:443: ECONNREFUSED, connection refused (errno 111)". In the brackets stands this system's own
 * number where it has one: "errno", "WSA", or "EAI" and "h_errno" for the resolver's. All else is the same on every system.
 * Returns the length without the NUL; PS_BAD_LENGTH when n is too small (PS_FAILURE_TEXT_MAX is enough), and text is empty
 * then; PS_EFAULT. A record without a failure gives "no error".
 */
/* PENDING PS_API ptrdiff_t ps_failure_format(const ps_failure *f, char *text, size_t n); */
#define PS_FAILURE_TEXT_MAX 768

/*
 * Writes the system's own text for a code, in the user's language and in UTF-8, without a line's end:
 * strerror_r, gai_strerror or hstrerror on POSIX, FormatMessageW on Windows. For a code without a native number it is
 * ps_strerror's.
 * Returns the length without the NUL; PS_BAD_LENGTH when n is too small, and text is empty then; PS_EFAULT.
 */
/* PENDING PS_API ptrdiff_t ps_native_text(int code, char *text, size_t n); */

/*
 * One sentence on what usually helps, the same on every system: for PS_EACCES from PS_OPERATION_SOCKET, that raw sockets
 * need rights.
 *   code       what a function returned
 *   operation  PS_OPERATION_*, or PS_OPERATION_NONE when it is not known
 * Returns static storage, ASCII; "" when nothing useful can be said.
 */
/* PENDING PS_API const char *ps_explain(int code, int operation); */

#ifdef __cplusplus
}
#endif

#endif
