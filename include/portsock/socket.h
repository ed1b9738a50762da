/**
 * @file
 * Sockets: Python 2.7's socket object and its methods. Options are in option.h, timeouts and
 * deadlines in timeout.h.
 *
 * As in Python 2.7 a socket has one of three modes: blocking (timeout PS_NO_TIMEOUT), timeout,
 * and non-blocking (timeout 0). A timeout is one deadline on a monotonic clock for the whole
 * call, ps_sendall included. Signals and spurious wake-ups use it up; they do not restart it. In
 * timeout and non-blocking mode the system's socket is non-blocking, and its duplicates share
 * that; on Windows a stream's is so in blocking mode, too (docs/threads.md).
 *
 * Threads: two threads may send and receive on one socket at the same time. While calls are in
 * progress, ps_close ends them with PS_EBADF, ps_shutdown ends receives, on POSIX sends, too, and
 * ps_settimeout, ps_setdeadline and ps_setcancel apply to later calls. A cancel token (cancel.h)
 * ends the calls of many sockets at once. docs/threads.md describes all of this. "Any thread" at
 * a function means: also while other calls on the same socket are in progress on other threads.
 *
 * Errors that every function may return: PS_EBADF (the socket is closed, or another thread closes
 * it meanwhile), PS_ENOTSOCK (the handle is no socket), PS_EFAULT (a NULL pointer). Errors of
 * ps_accept, ps_connect and all calls that receive or send:
 *   - PS_TIMED_OUT: the timeout has expired; after a deadline (ps_setdeadline), in every mode
 *   - PS_EWOULDBLOCK: non-blocking mode, and the call would have to wait
 *   - PS_ECANCELED: the socket's cancel token was fired (ps_setcancel)
 *   - PS_EINTR: the interrupt hook ended the call (ps_set_interrupt)
 *   - PS_EMFILE: the call has to wait for one or two handles, and the system's poll refuses more
 *     than RLIMIT_NOFILE, although they are open (POSIX, with a limit below 2)
 *
 * A connection that has failed stays failed. Receives return the bytes that had come, and then
 * the code with which the connection failed. Sends return that code at once. This is so in every
 * thread and for every stream. ps_poll reports POLLERR, ps_shutdown returns PS_ENOTCONN, and
 * ps_connect PS_EISCONN. A receive returns 0 when the peer has closed its side, after ps_shutdown
 * with SHUT_RD, and when 0 bytes are asked for; never because the connection has failed. (Linux
 * reports an error once, to whichever call comes first, and then says that the peer has closed.)
 * A ps_sock knows of the calls on itself and on its streams only. So on Linux it misses a failure
 * that was reported elsewhere: to another ps_sock of the same connection (ps_fromfd with a
 * duplicate, a child of fork, ps_send_fds), or to the program, when that reads SO_ERROR from the
 * handle itself. Receives may then return 0, as after the peer's end, and sends PS_EPIPE. Windows
 * goes on reporting a failure, so handles of ps_share do not miss it.
 *
 * No call raises SIGPIPE, and the process's signal settings are not changed.
 */
#ifndef PORTSOCK_SOCKET_H
#define PORTSOCK_SOCKET_H

#include "address.h"
#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ps__attached;

/**
 * A socket: a value that the caller owns. Some sockets have memory on the heap, too, which
 * ps_close frees. handle, family, type and proto may be read; the other members are the
 * library's. It may be moved by assignment while no call is in progress on it, and the old one
 * must then not be used any more; a copy is not a second socket.
 */
typedef struct ps_sock {
    double timeout;                /**< private: as the program has set it */
    struct ps__attached *attached; /**< private: what only few sockets have, or NULL */
    ps_handle handle;              /**< the system's handle, as ps_fileno returns it; read only */
    unsigned char family;          /**< AF_*; read only */
    unsigned char type;            /**< SOCK_*, without creation flags; read only */
    unsigned char judging;         /**< private: calls that wait for others to find a failure */
    unsigned char closer;          /**< private: the process that closes it */
    unsigned short proto;          /**< IPPROTO_*; read only */
    union {
        unsigned short owned;      /**< private: where there are owners, the owner's of these */
        unsigned short receiving;  /**< private: elsewhere, waits that ps_shutdown has to end */
    };                             /**< private */
    int failed;                    /**< private: the code of a connection that failed, or 0 */
    int calls;                     /**< private: how many calls are in progress */
    unsigned short error_reported; /**< private: the number that SO_ERROR reported last, or 0 */
    unsigned short generation;     /**< private: the process that made it, counted by forks */
    unsigned char connection;      /**< private: not connected, listening, connecting, connected */
    unsigned char flags;           /**< private: what a call checks before it asks the system */
    unsigned char modes;           /**< private: of the handle, and who else may have its port */
    unsigned char ending;          /**< private: how the connection has ended so far */
#if PS_SOCK_HAS_OWNER
    unsigned owner; /**< private: the thread whose transfers are counted apart, or 0 */
#endif
} ps_sock;

/** Blocking mode: Python 2.7's None. */
#define PS_NO_TIMEOUT ((double)INFINITY)

/**
 * Where a function takes a timeout of its own (ps_create_connection, ps_poll, ...): the process's
 * default timeout.
 */
#define PS_DEFAULT_TIMEOUT (-1.0)

/** For ps_socketpair: AF_UNIX where there is one, else AF_INET. */
#define PS_DEFAULT_PAIR_FAMILY (-1)

/** A closed socket. */
#if PS_SOCK_HAS_OWNER
#define PS_SOCK_INIT                                                                       \
    {                                                                                      \
        PS_NO_TIMEOUT, 0, PS_INVALID_HANDLE, 0, 0, 0, 0, 0, {0}, 0, 0, 0, 0, 0, 0, 0, 0, 0 \
    }
#else
#define PS_SOCK_INIT                                                                    \
    {                                                                                   \
        PS_NO_TIMEOUT, 0, PS_INVALID_HANDLE, 0, 0, 0, 0, 0, {0}, 0, 0, 0, 0, 0, 0, 0, 0 \
    }
#endif

/**
 * Makes a socket.
 *
 * @param s       the result, with the default timeout; closed on failure. It is overwritten, not
 *                closed first.
 * @param family  AF_*; Python 2.7's default is AF_INET
 * @param type    SOCK_*; Python 2.7's default is SOCK_STREAM. Linux's SOCK_NONBLOCK (timeout 0)
 *                and SOCK_CLOEXEC may be added; s->type is without them
 * @param proto   IPPROTO_*, usually 0
 * @retval 0                   the socket is open
 * @retval PS_EAFNOSUPPORT     the system has no sockets of this family
 * @retval PS_EPROTONOSUPPORT  family, type and protocol do not go together
 * @retval PS_ESOCKTNOSUPPORT  the family has no sockets of this type
 * @retval PS_EPERM            a raw socket, without the right to make one
 * @retval PS_EACCES           a raw socket, without the right to make one
 * @retval PS_EMFILE           the process has no handle left
 * @retval PS_ENFILE           the system has no handle left
 * @retval PS_ENOBUFS          the system has no memory left
 * @retval PS_EFAULT           s is NULL
 * @threadsafety Any thread.
 * @normalizes The socket is never inheritable; IPV6_V6ONLY is off, whatever the system's default;
 * on Windows Winsock is started first, and a datagram socket without a peer does not fail because
 * a port was closed (SIO_UDP_CONNRESET off).
 * @since 0.1
 * @source Python 2.7, socket; POSIX; Microsoft, WSASocketW.
 */
PS_API int ps_socket(ps_sock *s, int family, int type, int proto);

/**
 * Makes two sockets that are connected to each other, with the default timeout.
 *
 * @param pair    the results; both are closed on failure. They are overwritten, not closed first.
 * @param family  PS_DEFAULT_PAIR_FAMILY: AF_UNIX where there is one, else AF_INET
 * @param type    SOCK_STREAM, SOCK_DGRAM, ...
 * @param proto   IPPROTO_*, usually 0
 * @retval 0                   both sockets are open
 * @retval PS_EAFNOSUPPORT     the system cannot pair sockets of this family
 * @retval PS_EOPNOTSUPP       the system cannot pair sockets of this family
 * @retval PS_EPROTONOSUPPORT  the protocol does not go with family and type
 * @retval PS_ESOCKTNOSUPPORT  the family has no sockets of this type
 * @retval PS_EMFILE           the process has no handle left
 * @retval PS_ECONNABORTED     other programs keep connecting to the listener that is open for a
 *                             moment to make a loopback pair
 * @retval PS_EFAULT           pair is NULL
 * @threadsafety Any thread.
 * @normalizes For AF_INET and AF_INET6 a pair over the loopback interface is made on every
 * system, and each end has verified that the other is its peer. Datagrams that other programs sent
 * before that are discarded; one that the system was delivering at that moment may still arrive.
 * @since 0.1
 * @source Python 2.7, socketpair (Unix only there); POSIX.
 */
PS_API int ps_socketpair(ps_sock pair[2], int family, int type, int proto);

/**
 * Makes a socket from a duplicate of a handle. The handle itself stays open and the caller's. It
 * is assumed to be in blocking mode.
 *
 * @param s       the result, with the default timeout; closed on failure. It is overwritten, not
 *                closed first.
 * @param fd      a socket's handle; on POSIX any descriptor, 0 for a server started by inetd
 * @param family  what the socket is; not checked, as in Python 2.7
 * @param type    the same
 * @param proto   the same
 * @retval 0            the socket is open
 * @retval PS_EBADF     no handle, or a closed one
 * @retval PS_ENOTSOCK  the handle is no socket (Windows)
 * @retval PS_EMFILE    the process has no handle left
 * @retval PS_EFAULT    s is NULL
 * @threadsafety Any thread.
 * @normalizes On Windows the duplicate is made by WSADuplicateSocketW.
 * @since 0.1
 * @source Python 2.7, fromfd (Unix only there).
 */
PS_API int ps_fromfd(ps_sock *s, ps_handle fd, int family, int type, int proto);

/**
 * Takes a socket's handle over: one that the program got from another library, from its parent,
 * or by the system's own calls. From then on it is the socket's, and ps_close closes it.
 *
 * s->family, s->type and s->proto are what the system says of it; proto is IPPROTO_TCP for TCP,
 * also where 0 was asked for, and 0 where the system does not report it. The handle gets the mode
 * of the default timeout, and is not inheritable. Its options stay as they are, those of its port
 * included.
 *
 * @param s  the result, with the default timeout; closed on failure. It is overwritten, not
 *           closed first.
 * @param h  a socket's handle, in any state and mode, which nothing else in this process uses
 *           meanwhile or afterwards; on failure it stays the caller's, open and as it was
 * @retval 0            the socket has the handle
 * @retval PS_EBADF     no handle, or a closed one
 * @retval PS_ENOTSOCK  the handle is no socket
 * @retval PS_EINVAL    WSAEventSelect or WSAAsyncSelect keeps the handle non-blocking (Windows)
 * @retval PS_EFAULT    s is NULL
 * @threadsafety Any thread.
 * @normalizes SO_DOMAIN, SO_TYPE and SO_PROTOCOL, getsockname where a system lacks these,
 * SO_PROTOCOL_INFOW on Windows; a closed handle is PS_EBADF on Windows, too.
 * @since 0.1
 * @source Python 3, socket(fileno=).
 */
PS_API int ps_adopt(ps_sock *s, ps_handle h);

/**
 * Closes a socket. Queued data is sent; call ps_shutdown first to end the connection at once.
 * While streams of it are open (ps_makefile), the connection stays; *s is closed at once in any
 * case.
 *
 * It may be called while calls on *s are in progress on other threads. They end with PS_EBADF, or
 * with the count of the bytes that they have moved; no further call begins. ps_close returns when
 * the last of them has left. Only then is the system's handle closed, so no call ever works on a
 * new handle with the same number. To end such calls the connection may have to be shut down,
 * which its duplicates and streams notice. The interrupt hook of a call on *s must not call it:
 * it would wait for itself.
 *
 * In a child that fork has made after *s, it closes the child's handle at once, and the parent
 * notices nothing, whatever calls were in progress at the fork. But no call of a thread that the
 * child has started may be in progress on *s then: it is not waited for, and may work on the next
 * handle with the same number. *s must not be used again until such calls have left
 * (docs/processes.md).
 *
 * PS_TIMED_OUT means that a call in progress has not ended within 10 seconds: its thread is
 * stopped, or has left the call without returning from it (pthread_cancel, longjmp), which is not
 * allowed; or *s is of ps_fromfd or ps_adopt, in blocking mode and of a kind whose calls the
 * system cannot wake (AF_NETLINK, AF_PACKET, AF_TIPC, AF_UNIX datagrams; others:
 * docs/threads.md). Give such a socket a timeout or a token before the call. *s is then open,
 * though its connection may be shut down; call ps_close again, or take the handle with ps_detach.
 *
 * @param s  a socket, open or closed
 * @retval 0             the socket is closed; also when it was before, when the system reports a
 *                       late error of the connection, and at once when another thread is closing
 *                       it
 * @retval PS_TIMED_OUT  a call in progress has not ended within 10 seconds; the socket is open
 * @retval PS_EFAULT     s is NULL
 * @threadsafety Any thread.
 * @normalizes On Linux, closing a descriptor does not end the calls of threads that are blocked
 * on it.
 * @since 0.1
 * @source Python 2.7, close.
 */
PS_API int ps_close(ps_sock *s);

/**
 * Releases the handle without closing it, and leaves *s closed. The handle is in the mode of the
 * socket's timeout. Streams of the socket go on afterwards without its token and its deadlines,
 * and do not close the handle: close them before it.
 *
 * @param s  a socket
 * @return the handle, which is the caller's then; PS_INVALID_HANDLE for a closed socket and for
 * NULL.
 * @threadsafety No call may be in progress, a call on one of its streams included.
 * @since 0.1
 * @source Python 3, detach.
 */
PS_API ps_handle ps_detach(ps_sock *s);

/**
 * Sets whether programs started from this one inherit the socket. No socket of this library is
 * inheritable until this says so, with one exception: on Windows an accepted connection, and on
 * Windows 7 without service pack every new socket, is inheritable for a moment inside the call that
 * makes it. A program that may start another one in that moment must name the handles to inherit
 * (PROC_THREAD_ATTRIBUTE_HANDLE_LIST), or let it inherit none.
 *
 * @param s   a socket
 * @param on  whether it is inheritable
 * @retval 0         set
 * @retval PS_EBADF  the socket is closed
 * @threadsafety Any thread.
 * @normalizes FD_CLOEXEC, HANDLE_FLAG_INHERIT.
 * @since 0.1
 * @source Python 3, set_inheritable.
 */
PS_API int ps_set_inheritable(ps_sock *s, bool on);

/**
 * Reads whether programs started from this one inherit the socket.
 *
 * @param s   a socket
 * @param on  becomes whether it is inheritable
 * @retval 0         *on is set
 * @retval PS_EBADF  the socket is closed
 * @threadsafety Any thread.
 * @normalizes FD_CLOEXEC, HANDLE_FLAG_INHERIT.
 * @since 0.1
 * @source Python 3, get_inheritable.
 */
PS_API int ps_get_inheritable(const ps_sock *s, bool *on);

/**
 * Returns the system's handle: a file descriptor on POSIX, a SOCKET on Windows (no file
 * descriptor there). It stays the library's: do not close it.
 *
 * @param s  a socket
 * @return the handle; PS_INVALID_HANDLE for a closed socket and for NULL.
 * @threadsafety Any thread; the handle may be closed when the function returns.
 * @since 0.1
 * @source Python 2.7, fileno.
 */
PS_API ps_handle ps_fileno(const ps_sock *s);

/**
 * Binds to a local address.
 *
 * @param s  a socket that is not bound
 * @param a  the address
 * @retval 0                 bound
 * @retval PS_EADDRINUSE     another socket has the address
 * @retval PS_EADDRNOTAVAIL  this machine does not have the address; or for port 0: no port is
 *                           left
 * @retval PS_EACCES         the address may not be used
 * @retval PS_EDESTADDRREQ   "no address"
 * @retval PS_EAFNOSUPPORT   the address is of another family
 * @retval PS_EINVAL         the socket is bound already
 * @threadsafety Any thread.
 * @normalizes On Windows another program could take the port by its SO_REUSEADDR. There a stream
 * or datagram socket binds with SO_EXCLUSIVEADDRUSE, and PS_EADDRINUSE stands for WSAEACCES, too.
 * Windows would let a stream have one address of a port whose server listens at the wildcard
 * without SO_EXCLUSIVEADDRUSE: here that is PS_EADDRINUSE, as on POSIX. To opt out, set
 * SO_EXCLUSIVEADDRUSE to 0 first.
 * @since 0.1
 * @source Python 2.7, bind; POSIX; Microsoft, Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE.
 */
PS_API int ps_bind(ps_sock *s, const ps_addr *a);

/**
 * Listens for connections.
 *
 * @param s        a stream socket
 * @param backlog  how many may queue; below 0 is 0, above SOMAXCONN is SOMAXCONN
 * @retval 0                 the socket listens
 * @retval PS_EOPNOTSUPP     a datagram or raw socket
 * @retval PS_EINVAL         a connected socket
 * @retval PS_EADDRINUSE     another socket listens there
 * @retval PS_EADDRNOTAVAIL  the socket is not bound, and no port is left
 * @threadsafety Any thread.
 * @normalizes An unbound socket is bound to a free port, as on Linux.
 * @since 0.1
 * @source Python 2.7, listen; POSIX.
 */
PS_API int ps_listen(ps_sock *s, int backlog);

/**
 * Accepts a connection.
 *
 * @param s     a socket that listens
 * @param conn  the connection: family, type and proto of s, the default timeout; closed on
 *              failure. It is overwritten, not closed first.
 * @param peer  the peer's address, "no address" on failure; or NULL
 * @retval 0               *conn is connected
 * @retval PS_EINVAL       s does not listen
 * @retval PS_EMFILE       the process has no handle left. The connection stays queued, so that s
 *                         stays ready: a loop with ps_poll that only calls this again does not
 *                         wait any more. Close connections first, or keep a spare handle that is
 *                         closed to accept this connection and close it.
 * @retval PS_TIMED_OUT    as at the top of this file
 * @retval PS_EWOULDBLOCK  as at the top of this file
 * @retval PS_ECANCELED    as at the top of this file
 * @retval PS_EINTR        as at the top of this file
 * @threadsafety Any thread; each connection goes to one of the calls.
 * @normalizes A connection that was reset while it was queued is skipped; connections do not
 * inherit the listener's non-blocking mode and its inheritance, as they do on BSD and Windows. On
 * Windows a connection may be inheritable for a moment (ps_set_inheritable).
 * @since 0.1
 * @source Python 2.7, accept; POSIX.
 */
PS_API int ps_accept(ps_sock *s, ps_sock *conn, ps_addr *peer);

/**
 * Connects to a peer. A datagram socket takes it as its peer: it sends there and receives from
 * there alone, until it is connected to another one, or to no address (ps_addr_none), which
 * dissolves the association and keeps the socket's own address; 0 also when there was none.
 *
 * PS_TIMED_OUT, PS_ECANCELED and PS_EINTR end the call, not the attempt: a further ps_connect
 * waits for it again. In non-blocking mode there are four results on every system: PS_EINPROGRESS
 * (started), PS_EALREADY (pending), 0 once it is connected (then PS_EISCONN), or the error. A
 * connected datagram socket learns by PS_ECONNREFUSED, in a later call, that its peer's port is
 * closed.
 *
 * @param s  a socket
 * @param a  the peer's address
 * @retval 0                 connected
 * @retval PS_ECONNREFUSED   nothing listens there
 * @retval PS_ENETUNREACH    no route to the network
 * @retval PS_EHOSTUNREACH   no route to the host
 * @retval PS_ETIMEDOUT      the kernel's own limit of time
 * @retval PS_EADDRNOTAVAIL  no local port is left
 * @retval PS_EAFNOSUPPORT   the address is of another family
 * @retval PS_EDESTADDRREQ   "no address"
 * @retval PS_EISCONN        the socket is connected
 * @retval PS_EINPROGRESS    non-blocking mode: the attempt has started
 * @retval PS_EALREADY       non-blocking mode: the attempt is pending
 * @retval PS_ECONNABORTED   the attempt has failed and the system does not say why any more,
 *                           since the program has read SO_ERROR from the handle itself
 * @retval PS_TIMED_OUT      as at the top of this file
 * @retval PS_ECANCELED      as at the top of this file
 * @retval PS_EINTR          as at the top of this file
 * @threadsafety Any thread.
 * @normalizes WSAEWOULDBLOCK instead of EINPROGRESS; what systems say when no port is left,
 * EAGAIN among it; the time until a refusal, which on Windows is two seconds even on the same
 * machine (SIO_TCP_INITIAL_RTO); 0.0.0.0 and :: meaning this machine; WSAECONNRESET of a datagram
 * socket.
 * @since 0.1
 * @source Python 2.7, connect; POSIX.
 */
PS_API int ps_connect(ps_sock *s, const ps_addr *a);

/**
 * As ps_connect, but returns the system's own number.
 *
 * @param s  a socket
 * @param a  the peer's address
 * @return 0, or the system's own positive number, as the system says it: EINPROGRESS is
 * WSAEWOULDBLOCK on Windows, and a timeout is the number of EWOULDBLOCK. A code that has no
 * number on this system is returned as it is, negative.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, connect_ex.
 */
PS_API int ps_connect_ex(ps_sock *s, const ps_addr *a);

/**
 * Receives up to n bytes: Python 2.7's recv and recv_into.
 *
 * It returns 0 when the peer of a stream has closed its side (from then on always, even if the
 * peer resets the connection because of what is sent to it), after SHUT_RD, for an empty
 * datagram, and at once when n is 0 on a stream. A datagram longer than n is cut to n bytes,
 * without an error; with MSG_TRUNC on Linux its whole length is returned.
 *
 * @param s      a socket
 * @param buf    the bytes
 * @param n      the size of buf
 * @param flags  MSG_* constants, usually 0. MSG_WAITALL waits for all n bytes, within the
 *               timeout; what has come when something ends the call first is returned.
 * @return the number of bytes, or a code:
 * @retval PS_ECONNRESET   the connection has failed
 * @retval PS_ENOTCONN     the socket is not connected
 * @retval PS_BAD_LENGTH   n is above PTRDIFF_MAX (Python 2.7's negative size)
 * @retval PS_EOPNOTSUPP   flags that Windows does not know
 * @retval PS_TIMED_OUT    as at the top of this file
 * @retval PS_EWOULDBLOCK  as at the top of this file
 * @retval PS_ECANCELED    as at the top of this file
 * @retval PS_EINTR        as at the top of this file
 * @threadsafety Any thread; each byte or datagram goes to one of the calls.
 * @normalizes WSAEMSGSIZE, WSAESHUTDOWN, MSG_WAITALL on a non-blocking socket.
 * @since 0.1
 * @source Python 2.7, recv; POSIX.
 */
PS_API ptrdiff_t ps_recv(ps_sock *s, void *buf, size_t n, int flags);

/**
 * As ps_recv, with the sender's address: Python 2.7's recvfrom and recvfrom_into.
 *
 * @param s      a socket
 * @param buf    the bytes
 * @param n      the size of buf
 * @param flags  as for ps_recv
 * @param from   the sender; "no address" (len 0) on a connected stream and on failure; NULL: not
 *               wanted
 * @return as ps_recv.
 * @threadsafety Any thread; each byte or datagram goes to one of the calls.
 * @normalizes As ps_recv.
 * @since 0.1
 * @source Python 2.7, recvfrom; POSIX.
 */
PS_API ptrdiff_t ps_recvfrom(ps_sock *s, void *buf, size_t n, int flags, ps_addr *from);

/**
 * Sends up to n bytes; the socket must be connected.
 *
 * @param s      a socket
 * @param buf    the bytes
 * @param n      how many
 * @param flags  MSG_* constants, usually 0
 * @return the number of bytes taken, which may be less than n on a stream; or a code:
 * @retval PS_EPIPE         the peer is gone, or after SHUT_WR
 * @retval PS_ECONNRESET    the peer is gone
 * @retval PS_ENOTCONN      the socket is not connected
 * @retval PS_EDESTADDRREQ  a datagram socket without a peer
 * @retval PS_EMSGSIZE      a datagram that is too long
 * @retval PS_BAD_LENGTH    n is above PTRDIFF_MAX
 * @retval PS_TIMED_OUT     as at the top of this file
 * @retval PS_EWOULDBLOCK   as at the top of this file
 * @retval PS_ECANCELED     as at the top of this file
 * @retval PS_EINTR         as at the top of this file
 * @threadsafety Any thread; each call of the system is atomic.
 * @normalizes WSAESHUTDOWN, SIGPIPE.
 * @since 0.1
 * @source Python 2.7, send; POSIX.
 */
PS_API ptrdiff_t ps_send(ps_sock *s, const void *buf, size_t n, int flags);

/**
 * Sends all n bytes, within one timeout.
 *
 * @param s      a socket
 * @param buf    the bytes
 * @param n      how many
 * @param flags  as for ps_send
 * @param sent   becomes how many bytes were taken, also on failure; NULL: not wanted
 * @retval 0               all bytes were taken
 * @retval PS_EWOULDBLOCK  non-blocking mode, and the system takes no more
 * @return any other code as ps_send.
 * @threadsafety Any thread; the bytes of two calls on a stream may mix.
 * @normalizes As ps_send.
 * @since 0.1
 * @source Python 2.7, sendall (there the timeout starts again with every chunk).
 */
PS_API int ps_sendall(ps_sock *s, const void *buf, size_t n, int flags, size_t *sent);

/**
 * Sends to an address; the socket should not be connected.
 *
 * @param s      a socket
 * @param buf    the bytes
 * @param n      how many
 * @param flags  as for ps_send
 * @param to     the destination
 * @return as ps_send; and:
 * @retval PS_EDESTADDRREQ   `to` is NULL or "no address"
 * @retval PS_EAFNOSUPPORT   the address is of another family
 * @retval PS_EACCES         a broadcast without SO_BROADCAST
 * @retval PS_EADDRNOTAVAIL  the socket has no port and none is left
 * @threadsafety Any thread.
 * @normalizes When no port is left Linux says EAGAIN, as if waiting helped; Windows WSAEADDRINUSE
 * or WSAENOBUFS.
 * @since 0.1
 * @source Python 2.7, sendto; POSIX.
 */
PS_API ptrdiff_t ps_sendto(ps_sock *s, const void *buf, size_t n, int flags, const ps_addr *to);

/**
 * Shuts down one or both directions of a connection.
 *
 * After SHUT_RD no receive returns data, whether it had come before or comes later, and ps_poll
 * reports POLLIN. The peer learns nothing of it: the connection is not reset, and the peer's sends
 * succeed until the systems' buffers are full, and then wait as for a slow reader. SHUT_RDWR
 * sends the end of data as SHUT_WR does, also while data is unread. If the peer sends more after
 * SHUT_RDWR, Linux resets the connection; Windows keeps what comes.
 *
 * On Windows SHUT_RD is this ps_sock's: another one for the same connection (ps_fromfd, ps_share)
 * still receives, which it does not on POSIX.
 *
 * @param s    a socket
 * @param how  SHUT_RD: receives return 0 from now on; SHUT_WR: the peer reads up to the end, and
 *             sends return PS_EPIPE; SHUT_RDWR: both
 * @retval 0            shut down
 * @retval PS_ENOTCONN  no connection; also while the connection is pending and after it has
 *                      failed
 * @retval PS_EINVAL    another how
 * @threadsafety Any thread; it ends receives in progress, on POSIX sends, too.
 * @normalizes On Linux it would end a pending attempt to connect. On Windows SD_RECEIVE would reset
 * the connection when data is unread or comes later, and would not end a receive in progress.
 * @since 0.1
 * @source Python 2.7, shutdown; POSIX; Microsoft, shutdown.
 */
PS_API int ps_shutdown(ps_sock *s, int how);

/**
 * Gets the socket's own address.
 *
 * @param s  a socket
 * @param a  the address; on failure "no address"
 * @retval 0         *a is the address
 * @retval PS_EBADF  the socket is closed
 * @threadsafety Any thread.
 * @normalizes An unbound socket has the wildcard address and port 0 on Windows, too.
 * @since 0.1
 * @source Python 2.7, getsockname; POSIX.
 */
PS_API int ps_getsockname(ps_sock *s, ps_addr *a);

/**
 * Gets the peer's address.
 *
 * @param s  a socket
 * @param a  the address; on failure "no address"
 * @retval 0            *a is the address
 * @retval PS_ENOTCONN  no peer; also while the connection is pending
 * @threadsafety Any thread.
 * @normalizes Windows returns it before the connection is there.
 * @since 0.1
 * @source Python 2.7, getpeername; POSIX.
 */
PS_API int ps_getpeername(ps_sock *s, ps_addr *a);

#ifdef __cplusplus
}
#endif

#endif
