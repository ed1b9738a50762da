/*
 * The failure record: what failed, with whom, and why, in the caller's own storage.
 *
 * A record is attached to a socket with ps_setfailure. From then on every call on the socket that fails writes into it, except
 * ps_poll and ps_setfailure itself. A ps_connect that succeeds writes the peer, and nothing else. An error that
 * ps_geterror reports is not a failure of that call. The text is made only when the program asks for it. Where there is no socket,
 * ps_failure_fill fills a record.
 */
#ifndef PORTSOCK_FAILURE_H
#define PORTSOCK_FAILURE_H

#include "address.h"
#include "platform.h"
#include "socket.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The operations, and their names in a text: X(name, text, the word before the address or the name). */
#define PS_OPERATIONS(X)                               \
    X(NONE, "operation", "with")                       \
    X(SOCKET, "make a socket", "for")                  \
    X(SOCKETPAIR, "make a pair of sockets", "for")     \
    X(FROMFD, "take over a handle", "for")             \
    X(BIND, "bind", "to")                              \
    X(LISTEN, "listen", "on")                          \
    X(ACCEPT, "accept", "on")                          \
    X(CONNECT, "connect", "to")                        \
    X(CREATE_CONNECTION, "create a connection", "to")  \
    X(RECEIVE, "receive", "from")                      \
    X(SEND, "send", "to")                              \
    X(SHUTDOWN, "shut down", "to")                     \
    X(GETSOCKNAME, "get the socket's name", "of")      \
    X(GETPEERNAME, "get the peer's name", "of")        \
    X(GETSOCKOPT, "get an option", "of")               \
    X(SETSOCKOPT, "set an option", "of")               \
    X(IOCTL, "control the socket", "of")               \
    X(SETTIMEOUT, "set the timeout", "of")             \
    X(SETCANCEL, "set the cancel token", "of")         \
    X(INHERITANCE, "change the inheritance", "of")     \
    X(GETPEERCRED, "get the peer's credentials", "of") \
    X(SHARE, "share the socket", "of")                 \
    X(MAKEFILE, "make a stream", "of")                 \
    X(SETDEADLINE, "set the deadline", "of")           \
    X(CLOSE, "close the connection", "to")             \
    X(LOOKUP, "look up", "at")                         \
    X(REVERSE_LOOKUP, "look up the name", "of")

/* PS_OPERATION_CONNECT, ... */
typedef enum ps_operation {
#define PS_OPERATION_ROW(name, text, word) PS_OPERATION_##name,
    PS_OPERATIONS(PS_OPERATION_ROW)
#undef PS_OPERATION_ROW
} ps_operation;

/* The room for a name in a record; a longer one is cut. */
#define PS_FAILURE_NAME_MAX 256

/*
 * One failed operation. With operation PS_OPERATION_NONE, which is 0, nothing has failed so far.
 *   code     the code that the function returned; ps_error_native gives this system's number for it
 *   own      the socket's own address, "no address" (len 0) where it has none
 *   peer     the address of the other end, as far as it is known; or "no address"
 *   name     what ps_failure_fill was given; "" for an operation on a socket
 */
typedef struct ps_failure {
    int operation;
    int code;
    ps_addr own;
    ps_addr peer;
    char name[PS_FAILURE_NAME_MAX];
} ps_failure;

/*
 * Attaches a record to a socket, and empties it. No call on the socket may be in flight. The record is the caller's, and must stay
 * where it is for as long as it is attached. It is written without a lock: when two threads use the socket, read it when neither
 * of them is in a call.
 *   record   NULL: none, as at the start
 * Returns 0; PS_EFAULT for a NULL socket; PS_EBADF; PS_ENOMEM. A failure stays in the record until the next one. ps_close and
 * ps_detach detach the record and leave its contents. Accepted connections have none, nor have streams (see
 * ps_file_setfailure). PS_EWOULDBLOCK in non-blocking mode is recorded like other codes, but without asking the system for
 * the addresses. A call that ends because another thread closes its socket is not recorded.
 * Source: none; the reference raises an exception with a number and a text.
 */
PS_API int ps_setfailure(ps_sock *s, ps_failure *record);

/* The same for a stream, whose reads and writes are PS_OPERATION_RECEIVE and PS_OPERATION_SEND. Returns 0; PS_EFAULT for a NULL
 * stream. */
PS_API int ps_file_setfailure(ps_file *f, ps_failure *record);

/*
 * Fills a record for an operation that has no socket, or none yet: ps_socket, ps_create_connection, a look-up.
 *   operation  PS_OPERATION_*
 *   peer       the address, or NULL
 *   name       the host, or what else the text should name; UTF-8, copied, cut to PS_FAILURE_NAME_MAX; or NULL
 *   code       what the function returned
 * NULL for f does nothing.
 */
PS_API void ps_failure_fill(ps_failure *f, int operation, const ps_addr *peer, const char *name, int code);

/* Returns the text of an operation: "connect". Static storage, never NULL; "operation" for any other number. */
PS_API const char *ps_operation_text(int operation);

/*
 * Writes what a record says as one line of text, in ASCII except for a name:
 * "connect to [2001:db8::1]:443: ECONNREFUSED, connection refused (errno 111)". The parentheses hold this system's own number,
 * where it has one: "errno", "WSA" or "Windows", or "EAI" and "h_errno" for the resolver's. The rest is the same on every system.
 * A name's control characters, separators of lines, marks of direction, and bytes that are no UTF-8 are written as "\xNN", so that
 * it stays one line. Returns the length without the NUL; PS_BAD_LENGTH when n is too small (PS_FAILURE_TEXT_MAX is enough), and
 * text is empty then; PS_EFAULT. A record without a failure gives "no error".
 */
PS_API ptrdiff_t ps_failure_format(const ps_failure *f, char *text, size_t n);
#define PS_FAILURE_TEXT_MAX 2048

/*
 * Writes the system's own text for a code, in the user's language and in UTF-8, without an end of line: that of strerror_r,
 * gai_strerror or hstrerror on POSIX, of FormatMessageW on Windows. For a code without a native number it is that of ps_strerror.
 * Returns the length without the NUL; PS_BAD_LENGTH when n is too small, and text is empty then; PS_EFAULT.
 */
PS_API ptrdiff_t ps_native_text(int code, char *text, size_t n);

/*
 * Returns one sentence on what usually helps, the same on every system: for PS_EACCES from PS_OPERATION_SOCKET, that raw sockets
 * need rights.
 *   code       what a function returned
 *   operation  PS_OPERATION_*, or PS_OPERATION_NONE when it is not known
 * Returns static storage, ASCII; "" when nothing useful can be said.
 */
PS_API const char *ps_explain(int code, int operation);

#ifdef __cplusplus
}
#endif

#endif
