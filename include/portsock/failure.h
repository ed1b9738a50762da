/**
 * @file
 * The failure record: what failed, with whom, and why, in the caller's own storage.
 *
 * A record is attached to a socket with ps_setfailure. From then on every call on the socket that
 * fails writes into it, except ps_poll and ps_setfailure itself. A ps_connect that succeeds
 * writes the peer, and nothing else. An error that ps_geterror reports is not a failure of that
 * call. The text is made only when the program asks for it. Where there is no socket,
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

/** The operations that a record can name. */
typedef enum ps_operation {
    PS_OPERATION_NONE,              /**< no operation, or one that is not known */
    PS_OPERATION_SOCKET,            /**< ps_socket */
    PS_OPERATION_SOCKETPAIR,        /**< ps_socketpair */
    PS_OPERATION_FROMFD,            /**< ps_fromfd, ps_adopt, ps_fromshare */
    PS_OPERATION_BIND,              /**< ps_bind */
    PS_OPERATION_LISTEN,            /**< ps_listen */
    PS_OPERATION_ACCEPT,            /**< ps_accept */
    PS_OPERATION_CONNECT,           /**< ps_connect, ps_connect_ex */
    PS_OPERATION_CREATE_CONNECTION, /**< ps_create_connection, ps_create_connection_with */
    PS_OPERATION_RECEIVE,           /**< every call that receives, and every read of a stream */
    PS_OPERATION_SEND,              /**< every call that sends, and every write of a stream */
    PS_OPERATION_SHUTDOWN,          /**< ps_shutdown */
    PS_OPERATION_GETSOCKNAME,       /**< ps_getsockname */
    PS_OPERATION_GETPEERNAME,       /**< ps_getpeername */
    PS_OPERATION_GETSOCKOPT,        /**< every call that reads an option, ps_geterror */
    PS_OPERATION_SETSOCKOPT,        /**< every call that sets an option */
    PS_OPERATION_IOCTL,             /**< ps_ioctl, ps_ioctl_keepalive */
    PS_OPERATION_SETTIMEOUT,        /**< ps_settimeout, ps_setblocking */
    PS_OPERATION_SETCANCEL,         /**< ps_setcancel */
    PS_OPERATION_INHERITANCE,       /**< ps_set_inheritable, ps_get_inheritable */
    PS_OPERATION_GETPEERCRED,       /**< ps_getpeercred */
    PS_OPERATION_SHARE,             /**< ps_share */
    PS_OPERATION_MAKEFILE,          /**< ps_makefile */
    PS_OPERATION_SETDEADLINE,       /**< ps_setdeadline */
    PS_OPERATION_CLOSE,             /**< ps_close, ps_close_gracefully */
    PS_OPERATION_LOOKUP,            /**< a lookup of a host, by the program's own record */
    PS_OPERATION_REVERSE_LOOKUP     /**< a lookup of an address, by the program's own record */
} ps_operation;

/** The size of the name in a record; a longer name is cut. */
#define PS_FAILURE_NAME_MAX 256

/** The size of a buffer that every text of ps_failure_format fits into. */
#define PS_FAILURE_TEXT_MAX 2048

/**
 * One failed operation, which the library writes. With operation PS_OPERATION_NONE, which is 0,
 * nothing has failed so far. Frozen: no version adds members.
 */
typedef struct ps_failure {
    int code;                       /**< what the function returned */
    int operation;                  /**< PS_OPERATION_* */
    ps_addr own;                    /**< the socket's own address; "no address" if it has none */
    ps_addr peer;                   /**< the peer's address; "no address" if it is not known */
    char name[PS_FAILURE_NAME_MAX]; /**< of ps_failure_fill; "" for an operation on a socket */
} ps_failure;

/** A record in which nothing has failed, for one that is read before it is attached or filled. */
#ifdef __cplusplus
#define PS_FAILURE_INIT                             \
    {                                               \
        0, PS_OPERATION_NONE, ps_addr(), ps_addr(), \
        {                                           \
            0                                       \
        }                                           \
    }
#else
#define PS_FAILURE_INIT                                  \
    {                                                    \
        0, PS_OPERATION_NONE, {.len = 0}, {.len = 0}, "" \
    }
#endif

/**
 * Attaches a record to a socket, and clears it.
 *
 * A failure stays in the record until the next one. ps_close and ps_detach detach the record and
 * leave its contents. Accepted connections have none, nor have streams (see ps_file_setfailure).
 * PS_EWOULDBLOCK in non-blocking mode is recorded like other codes, but without asking the system
 * for the addresses. A call that ends because another thread closes its socket is not recorded.
 *
 * @param s       a socket
 * @param record  the caller's; it must stay where it is for as long as it is attached. NULL:
 *                none, as at the start
 * @retval 0              the record is attached
 * @retval PS_EFAULT      s is NULL
 * @retval PS_EBADF       the socket is closed
 * @retval PS_ENOMEM      no memory; nothing changes
 * @threadsafety No call on the socket may be in progress. The record is written without a lock:
 * when two threads use the socket, read it when neither of them is in a call.
 * @since 0.1
 * @source none; Python 2.7 raises an exception with a number and a text.
 */
PS_API int ps_setfailure(ps_sock *s, ps_failure *record);

/**
 * Attaches a record to a stream, and clears it. A stream's reads and writes are
 * PS_OPERATION_RECEIVE and PS_OPERATION_SEND.
 *
 * @param f       a stream
 * @param record  as for ps_setfailure
 * @retval 0              the record is attached
 * @retval PS_EFAULT      f is NULL
 * @threadsafety A stream belongs to one thread at a time.
 * @since 0.1
 * @source none; see ps_setfailure.
 */
PS_API int ps_file_setfailure(ps_file *f, ps_failure *record);

/**
 * Fills a record for an operation that has no socket, or none yet: ps_socket,
 * ps_create_connection, a lookup.
 *
 * @param f          the record
 * @param code       what the function returned
 * @param operation  PS_OPERATION_*
 * @param peer       the address, or NULL
 * @param name       the host, or what else the text should name; UTF-8, copied, cut to
 *                   PS_FAILURE_NAME_MAX; or NULL
 * @retval 0              the record is filled
 * @retval PS_EFAULT      f is NULL
 * @threadsafety Any thread; the record is the caller's.
 * @since 0.1
 * @source none.
 */
PS_API int ps_failure_fill(ps_failure *f, int code, int operation, const ps_addr *peer,
                           const char *name);

/**
 * Writes what a record says as one line of text, in ASCII except for a name: "connect to
 * [2001:db8::1]:443: ECONNREFUSED, connection refused (errno 111)".
 *
 * The parentheses contain this system's own number, where it has one: "errno", "WSA" or
 * "Windows", or "EAI" and "h_errno" for the resolver's. The rest is the same on every system. A
 * name's control characters, separators of lines, characters that change the direction of
 * writing, and bytes that are no UTF-8 are written as "\xNN", so that it stays one line. A record
 * without a failure is "no error".
 *
 * @param f    a record
 * @param buf  the text and its NUL
 * @param n    the size of buf; PS_FAILURE_TEXT_MAX is always enough
 * @retval 0              the text is in buf
 * @retval PS_BAD_LENGTH  n is too small, and buf is then "" if n is not 0
 * @retval PS_EFAULT      f is NULL, or buf is NULL and n is not 0
 * @threadsafety Any thread, while no call writes the record.
 * @since 0.1
 * @source none; the text of Python 2.7's exceptions has neither operation nor address.
 */
PS_API int ps_failure_format(const ps_failure *f, char *buf, size_t n);

/**
 * Returns one sentence on what usually helps, the same on every system: for PS_EACCES from
 * PS_OPERATION_SOCKET, that raw sockets need rights.
 *
 * @param code       what a function returned
 * @param operation  PS_OPERATION_*, or PS_OPERATION_NONE when it is not known
 * @return static storage, ASCII; "" when nothing useful can be said.
 * @threadsafety Any thread, and signal handlers.
 * @since 0.1
 * @source none.
 */
PS_API const char *ps_explain(int code, int operation);

#ifdef __cplusplus
}
#endif

#endif
