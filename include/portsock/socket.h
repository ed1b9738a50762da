/*
 * Sockets: the reference's socket object and its methods, and their timeouts.
 *
 * Three modes, as in the reference: blocking (timeout PS_NO_TIMEOUT), timeout, and non-blocking (timeout 0).
 * A timeout is one deadline on a monotonic clock for the whole call, ps_sendall included; signals and false
 * wake-ups use it up, they do not restart it. In timeout and non-blocking mode the system's socket is
 * non-blocking, and that is shared with its duplicates.
 *
 * Threads: two threads may send and receive on one socket at the same time. While calls are in flight, ps_close ends them
 * with PS_EBADF, ps_shutdown ends a receive on POSIX, and ps_settimeout, ps_setdeadline and ps_setcancel apply to later calls. What ends
 * the calls of many sockets at once is a cancel token (cancel.h). docs/threads.md has the whole of it.
 *
 * Errors that every function may give: PS_EBADF (closed socket), PS_ENOTSOCK (the handle is no socket),
 * PS_EFAULT (a NULL pointer). In timeout mode PS_TIMED_OUT, in non-blocking mode PS_EWOULDBLOCK; after a
 * deadline (ps_setdeadline) PS_TIMED_OUT in every mode.
 *
 * A connection that has failed stays failed. Receives give the bytes that had come and then the code with which it failed, sends
 * give the code at once, in every thread and stream, and ps_poll says POLLERR (ps_shutdown is PS_ENOTCONN, ps_connect PS_EISCONN); 0 from a receive means that the peer has closed its
 * side (or one's own SHUT_RD, or a receive of no bytes), and never that the connection has failed. (Linux tells an error once, to
 * whichever call comes first, and then says that the peer has closed.)
 * No call raises SIGPIPE, and the process's signal settings are not touched.
 */
#ifndef PORTSOCK_SOCKET_H
#define PORTSOCK_SOCKET_H

#include "address.h"
#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ps__attached;

/*
 * A socket: a value that the caller owns; ps_close gives back what it may have on the heap. handle, family, type and proto may be read; the rest is
 * the library's. It may be moved by assignment while no call is in flight on it (forget the old one);
 * a copy is not a duplicate.
 */
typedef struct ps_sock {
    ps_handle handle;
    int family;
    int type;
    int proto;
    int calls;
    double timeout;
    struct ps__attached *attached;
    int failed;
    int judging;
    unsigned char connection;
    unsigned char marks;
    unsigned char nonblocking;
    unsigned char port;
    unsigned char ending;
    unsigned short error_told;
} ps_sock;

/* Blocking mode: the reference's None. */
#define PS_NO_TIMEOUT ((double)INFINITY)
/* For ps_create_connection: the process's default timeout. */
#define PS_DEFAULT_TIMEOUT (-1.0)
/* For ps_socketpair: AF_UNIX where there is one, else AF_INET. */
#define PS_DEFAULT_PAIR_FAMILY (-1)

/* A closed socket. */
#define PS_SOCK_INIT                                                            \
    {                                                                           \
        PS_INVALID_HANDLE, 0, 0, 0, 0, PS_NO_TIMEOUT, 0, 0, 0, 0, 0, 0, 0, 0, 0 \
    }

/*
 * Makes a socket.
 *   s        the result, with the default timeout; closed on failure. It is overwritten, not closed first.
 *   family, type, proto  AF_*, SOCK_*, IPPROTO_*; the reference's defaults are AF_INET, SOCK_STREAM, 0.
 *            Linux's SOCK_NONBLOCK may be added (timeout 0) and SOCK_CLOEXEC, too; s->type is without them.
 * Returns 0; PS_EAFNOSUPPORT, PS_EPROTONOSUPPORT, PS_ESOCKTNOSUPPORT; PS_EMFILE, PS_ENFILE, PS_ENOBUFS;
 * PS_EPERM or PS_EACCES for raw sockets without the right.
 * Normalizes: never inheritable; IPV6_V6ONLY is off, whatever the system's default; on Windows Winsock is started first,
 * and a datagram socket without a peer does not fail because some port was closed (SIO_UDP_CONNRESET off).
 * Source: the reference, socket; POSIX; Microsoft, WSASocketW.
 */
PS_API int ps_socket(ps_sock *s, int family, int type, int proto);

/*
 * Makes two sockets that are connected to each other, with the default timeout.
 *   family   PS_DEFAULT_PAIR_FAMILY: AF_UNIX where there is one, else AF_INET
 *   type     SOCK_STREAM, SOCK_DGRAM, ...
 * Returns 0; PS_EAFNOSUPPORT, PS_EOPNOTSUPP, PS_EPROTONOSUPPORT for what the system cannot pair; PS_EMFILE, ...;
 * PS_ECONNABORTED when strangers keep connecting to the loopback pair. Both are closed on failure.
 * Normalizes: for AF_INET and AF_INET6 a pair over the loopback interface is made on every system, whose two
 * ends have verified that they talk to each other.
 * Source: the reference, socketpair (Unix only there); POSIX.
 */
PS_API int ps_socketpair(ps_sock pair[2], int family, int type, int proto);

/*
 * Makes a socket from a duplicate of a handle, which stays open and the caller's.
 *   fd       a socket's handle; on POSIX any descriptor, 0 for a server started by inetd
 *   family, type, proto  what the socket is; not checked, as in the reference
 * The socket is assumed to be in blocking mode, and takes on the default timeout.
 * Returns 0; PS_EBADF; PS_ENOTSOCK (Windows); PS_EMFILE.
 * Normalizes: on Windows the duplicate is made by WSADuplicateSocketW. Source: the reference, fromfd (Unix only there).
 */
PS_API int ps_fromfd(ps_sock *s, ps_handle fd, int family, int type, int proto);

/*
 * Closes a socket. Queued data is still sent; call ps_shutdown first to end the connection at once. While
 * streams of it are open (ps_makefile), the connection stays; *s is closed at once in any case.
 * May be called while calls on *s are in flight in other threads: they end with PS_EBADF (one that has moved bytes tells their
 * count), no further one begins, and ps_close returns when the last has left; only then is the system's handle given back, so
 * that no call ever works on what gets its number next. To end them the connection itself may have to be shut down, for its
 * duplicates and its streams, too. Not to be called from the interrupt hook of a call on *s, which would wait for itself.
 * Returns 0, also when it is closed already or when the system reports a late error of the connection; 0 at once when another
 * thread is closing it at this moment.
 * Normalizes: on Linux closing a descriptor leaves the threads that are blocked on it where they are.
 * Source: the reference, close.
 */
PS_API int ps_close(ps_sock *s);

/* Gives the handle up without closing it, and leaves *s closed. No call may be in flight. Streams made from it go on, without its
 * token and its deadlines. Returns the handle, PS_INVALID_HANDLE for a closed socket. */
PS_API ps_handle ps_detach(ps_sock *s);

/*
 * Whether programs started from this one get the socket. No socket of this library is inheritable until this says so.
 * Returns 0 or PS_EBADF. Normalizes: FD_CLOEXEC, HANDLE_FLAG_INHERIT. Source: Python 3, set_inheritable.
 */
PS_API int ps_set_inheritable(ps_sock *s, bool on);
PS_API int ps_get_inheritable(const ps_sock *s, bool *on);

/*
 * The system's handle: a file descriptor on POSIX, a SOCKET on Windows (no file descriptor there).
 * PS_INVALID_HANDLE for a closed socket. It stays the library's: do not close it. Source: the reference, fileno.
 */
PS_API ps_handle ps_fileno(const ps_sock *s);

/*
 * Binds to a local address. The socket must not be bound already (PS_EINVAL).
 * Returns 0; PS_EADDRINUSE; PS_EADDRNOTAVAIL; PS_EACCES; PS_EAFNOSUPPORT when the address is of another family.
 * Normalizes: on Windows another program could take the port by its SO_REUSEADDR; a stream or datagram socket binds with
 * SO_EXCLUSIVEADDRUSE there, and PS_EADDRINUSE stands for WSAEACCES, too. To opt out, set SO_EXCLUSIVEADDRUSE to 0 first.
 * Source: the reference, bind; POSIX; Microsoft, Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE.
 */
PS_API int ps_bind(ps_sock *s, const ps_addr *a);

/*
 * Listens for connections.
 *   backlog  how many may queue; below 0 is 0, above SOMAXCONN is SOMAXCONN
 * Returns 0; PS_EOPNOTSUPP for a datagram socket; PS_EINVAL for a connected one.
 * Normalizes: an unbound socket is bound to a free port, as on Linux. Source: the reference, listen; POSIX.
 */
PS_API int ps_listen(ps_sock *s, int backlog);

/*
 * Accepts a connection.
 *   conn     the connection: family, type and proto of s, the default timeout; closed on failure
 *   peer     the peer's address, or NULL
 * Returns 0; PS_TIMED_OUT; PS_EWOULDBLOCK; PS_EINVAL when s does not listen; PS_EMFILE (the connection stays queued).
 * A connection that was reset while it was queued is skipped. Normalizes: BSD's and Windows' connections inherit
 * the listener's non-blocking mode and its inheritance. Source: the reference, accept; POSIX.
 */
PS_API int ps_accept(ps_sock *s, ps_sock *conn, ps_addr *peer);

/*
 * Connects to a peer; on a datagram socket sets the peer.
 * Returns 0; PS_ECONNREFUSED, PS_ENETUNREACH, PS_EHOSTUNREACH, PS_ETIMEDOUT (the kernel's), ...; PS_TIMED_OUT, after
 * which the attempt goes on and a further ps_connect waits for it again; PS_EAFNOSUPPORT when the address is of
 * another family; PS_EISCONN. In non-blocking mode the four answers are, on every system: PS_EINPROGRESS (started),
 * PS_EALREADY (still under way), 0 once it is done (then PS_EISCONN), or the error.
 * A connected datagram socket learns by PS_ECONNREFUSED, in a later call, that its peer's port is closed.
 * Normalizes: WSAEWOULDBLOCK for EINPROGRESS, the wait for a refused connection (which takes two seconds on Windows even on
 * the machine itself, SIO_TCP_INITIAL_RTO), 0.0.0.0 and :: meaning this machine, WSAECONNRESET of a datagram socket.
 * Source: the reference, connect; POSIX.
 */
PS_API int ps_connect(ps_sock *s, const ps_addr *a);

/*
 * Like ps_connect, but returns 0 or the platform's own positive number (EINPROGRESS is WSAEWOULDBLOCK on Windows,
 * as Winsock says it; a timeout is EWOULDBLOCK's). An error that has no native number (PS_EBADF's has) is its
 * negative code. Source: the reference, connect_ex.
 */
PS_API int ps_connect_ex(ps_sock *s, const ps_addr *a);

/*
 * Receives up to n bytes: the reference's recv and recv_into.
 *   flags    MSG_* constants, usually 0; MSG_WAITALL waits for all n, within the timeout
 * Returns the number of bytes; 0 when the peer of a stream has closed its side (once told, it stays so, whatever the peer answers to
 * what is sent then), after ps_shutdown(SHUT_RD), for an empty datagram, and at once when n is 0 on a stream. A datagram longer
 * than n is cut to n bytes, without an error; with MSG_TRUNC on Linux its whole length is returned. PS_ECONNRESET; PS_ENOTCONN;
 * PS_BAD_LENGTH for an n above PTRDIFF_MAX (the reference's negative size).
 * Normalizes: WSAEMSGSIZE, WSAESHUTDOWN, MSG_WAITALL on a non-blocking socket. Source: the reference, recv; POSIX.
 */
PS_API ptrdiff_t ps_recv(ps_sock *s, void *buf, size_t n, int flags);

/* As ps_recv, and tells who sent: *from, "no address" (len 0) on a connected stream; NULL is allowed. The reference's recvfrom, recvfrom_into. */
PS_API ptrdiff_t ps_recvfrom(ps_sock *s, void *buf, size_t n, int flags, ps_addr *from);

/*
 * Sends up to n bytes; the socket must be connected.
 * Returns the number of bytes taken, which may be less than n on a stream; PS_EPIPE or PS_ECONNRESET when the peer is
 * gone or the sending side is shut; PS_ENOTCONN; PS_EDESTADDRREQ for an unconnected datagram socket; PS_EMSGSIZE;
 * PS_BAD_LENGTH. Source: the reference, send; POSIX.
 */
PS_API ptrdiff_t ps_send(ps_sock *s, const void *buf, size_t n, int flags);

/*
 * Sends all n bytes, within one timeout.
 *   sent     how many bytes were taken, told on failure too; NULL is allowed
 * Returns 0, or as ps_send; PS_EWOULDBLOCK in non-blocking mode when the system takes no more.
 * Source: the reference, sendall (there the timeout starts again with every chunk).
 */
PS_API int ps_sendall(ps_sock *s, const void *buf, size_t n, int flags, size_t *sent);

/*
 * Sends to an address; the socket should not be connected.
 * Returns as ps_send; PS_EDESTADDRREQ when to is NULL or "no address"; PS_EAFNOSUPPORT when it is of another family;
 * PS_EACCES for a broadcast without SO_BROADCAST. Source: the reference, sendto; POSIX.
 */
PS_API ptrdiff_t ps_sendto(ps_sock *s, const void *buf, size_t n, int flags, const ps_addr *to);

/*
 * Shuts down one or both halves of a connection.
 *   how      SHUT_RD: ps_recv returns 0 from now on; SHUT_WR: the peer reads to the end; SHUT_RDWR
 * Returns 0; PS_ENOTCONN; PS_EINVAL for another how. Source: the reference, shutdown; POSIX.
 */
PS_API int ps_shutdown(ps_sock *s, int how);

/* The socket's own address. Returns 0. Normalizes: an unbound socket is the wildcard and port 0 on Windows, too. Source: the reference. */
PS_API int ps_getsockname(ps_sock *s, ps_addr *a);

/* The peer's address. Returns 0; PS_ENOTCONN, also while the connection is under way. Source: the reference. */
PS_API int ps_getpeername(ps_sock *s, ps_addr *a);

/*
 * Reads an option as bytes (struct linger, ...).
 *   buf, len *len is the room at buf (not 0), then the number of bytes given
 * Returns 0; PS_ENOPROTOOPT; PS_EOPNOTSUPP; PS_BAD_LENGTH for a room of 0 or above INT_MAX. Source: the reference, getsockopt.
 */
PS_API int ps_getsockopt(ps_sock *s, int level, int name, void *buf, size_t *len);

/* Sets an option from bytes, passed as they are. Returns 0; PS_ENOPROTOOPT; PS_EINVAL; PS_BAD_LENGTH above INT_MAX. Source: the reference, setsockopt. */
PS_API int ps_setsockopt(ps_sock *s, int level, int name, const void *buf, size_t len);

/*
 * Reads or sets an option that is an integer.
 * Returns 0; PS_ENOPROTOOPT; PS_EOPNOTSUPP; PS_EINVAL, also for a negative SO_SNDBUF or SO_RCVBUF. Normalizes:
 *   - Windows writes 1 byte for a switch and looks at the lowest byte only when one is set; BSD gives the option's bit. A
 *     switch is 0 or 1 here.
 *   - SO_REUSEADDR of a stream lets it bind while old connections are dying, and never beside a live listener: on Windows
 *     the system's own option is not set. A datagram socket that sets it shares its port on every system. To opt
 *     out, set SO_EXCLUSIVEADDRUSE to 0 first: from then on SO_REUSEADDR has Windows' own meaning.
 *   - SO_ERROR is told once, and not after a call has told it; Windows would tell it again.
 *   - BSD takes IP_MULTICAST_TTL and IP_MULTICAST_LOOP as one byte.
 * ps_getsockopt and ps_setsockopt normalize the same, except for the switches.
 */
PS_API int ps_getsockopt_int(ps_sock *s, int level, int name, int *value);
PS_API int ps_setsockopt_int(ps_sock *s, int level, int name, int value);

/*
 * The error that the system holds for the socket (SO_ERROR), as a code; ps_getsockopt gives the system's own number for it, which
 * ps_error_from_native turns into the code. It is told once, and not after another call has told it: a program that waits
 * with ps_poll for a connection under way learns here how it has ended, and a ps_connect after that starts anew.
 * Returns 0 for none, or the error: PS_ECONNREFUSED, ...; PS_EBADF.
 * Normalizes: Windows goes on telling it until the next connection. Of a connection that its peer has reset Linux tells here,
 * Windows only in the next receive or send. Source: POSIX, SO_ERROR.
 */
PS_API int ps_geterror(ps_sock *s);

/*
 * Windows' WSAIoctl with one DWORD.
 *   SIO_RCVALL      on a raw socket of IPPROTO_IP or IPPROTO_IPV6: which packets of the interface it receives. RCVALL_ON:
 *                   all, the interface in promiscuous mode; RCVALL_IPLEVEL: all that reach this machine's IP, not
 *                   promiscuous; RCVALL_SOCKETLEVELONLY: Windows has only the name; RCVALL_OFF: only its own
 *   SIO_RCVALL_MCAST, SIO_RCVALL_IGMPMCAST  the same for multicast packets (a raw socket of IPPROTO_UDP) and IGMP's (of
 *                   IPPROTO_IGMP), with RCVALL_ON or RCVALL_OFF
 *   SIO_LOOPBACK_FAST_PATH, SIO_UDP_CONNRESET, SIO_UDP_NETRESET  0 or 1
 * Returns 0; PS_BAD_CONTROL for another control; PS_EOPNOTSUPP where the system has none (every system but Windows).
 * On the way to SIO_RCVALL the errors say what is missing: PS_EACCES of ps_socket, administrator's rights; PS_EADDRNOTAVAIL
 * of ps_bind, an address of this machine; PS_EINVAL here, a bind to one interface's address, not to none and not to the
 * wildcard. capture.h does all of it in one call, and ps_capture_preflight tells in words.
 * Source: the reference, ioctl; Microsoft, SIO_RCVALL.
 */
PS_API int ps_ioctl(ps_sock *s, unsigned long control, unsigned long option);

/*
 * Switches TCP keep-alive on or off: the reference's ioctl(SIO_KEEPALIVE_VALS, (on, time, interval)).
 *   time_ms      idle time before the first probe, in milliseconds
 *   interval_ms  time between probes, in milliseconds; systems that count seconds get both rounded up
 * Returns 0; PS_EINVAL; PS_ENOPROTOOPT for a socket without keep-alive. Elsewhere than on Windows it sets SO_KEEPALIVE,
 * TCP_KEEPIDLE and TCP_KEEPINTVL.
 */
PS_API int ps_ioctl_keepalive(ps_sock *s, bool on, unsigned time_ms, unsigned interval_ms);

/*
 * Sets the timeout of the calls that follow.
 *   seconds  above 0: that long, rounded up to what the system can wait; 0: non-blocking mode; PS_NO_TIMEOUT: blocking mode
 * Returns 0; PS_BAD_TIMEOUT for a negative number or NaN (nothing changes). Source: the reference, settimeout.
 */
PS_API int ps_settimeout(ps_sock *s, double seconds);

/* The timeout as it was given: seconds, 0, or PS_NO_TIMEOUT. Source: the reference, gettimeout. */
PS_API double ps_gettimeout(const ps_sock *s);

/* ps_setblocking(s, 0) is ps_settimeout(s, 0); any other flag is ps_settimeout(s, PS_NO_TIMEOUT). Source: the reference. */
PS_API int ps_setblocking(ps_sock *s, int flag);

/* The timeout that sockets made from now on get, in any thread; PS_NO_TIMEOUT at start. Returns 0 or PS_BAD_TIMEOUT. Source: the reference. */
PS_API int ps_setdefaulttimeout(double seconds);
PS_API double ps_getdefaulttimeout(void);

/*
 * The time in seconds since some point that stays, on a clock that never jumps: what deadlines are counted in.
 * Source: Python 3, time.monotonic; POSIX, CLOCK_MONOTONIC; Microsoft, QueryPerformanceCounter.
 */
PS_API double ps_monotonic(void);

/*
 * Sets the points in time at which the calls that follow end, however many they are: a dialogue has one limit and not one
 * for each of its parts. The timeout stays as it is beside them, and the earlier of the two ends a call with PS_TIMED_OUT.
 *   receive  seconds of ps_monotonic, for all that receives, and ps_accept; PS_NO_TIMEOUT: none, as at the start
 *   send     the same for all that sends, and ps_connect
 * A call keeps the deadline that it began with, and a deadline holds until another is set. After the deadline a call is PS_TIMED_OUT before the system is asked, also in non-blocking mode, where a call before the deadline that
 * would wait is PS_EWOULDBLOCK as always. Streams have their socket's deadlines; ps_accept's connections have none. ps_poll does
 * not look at them. Threads that receive and send on one socket at the same time can have a deadline each.
 * Returns 0; PS_BAD_TIMEOUT for NaN; PS_ENOMEM (nothing changes). While one is set the system's handle is non-blocking, as
 * with a cancel token (cancel.h).
 * Source: Go, SetReadDeadline and SetWriteDeadline, but for calls in flight.
 */
PS_API int ps_setdeadline(ps_sock *s, double receive, double send);

/*
 * Sets a function that is asked each time a signal interrupts a call, and between the parts of a transfer that goes on
 * (ps_sendall, MSG_WAITALL, a read of a stream), since a signal may have cut the last part short; when it returns other than
 * 0, the call ends with PS_EINTR. NULL, the default, lets every call go on until its deadline. One hook for the process.
 * A signal that comes just before a wait begins interrupts nothing: what must end a call for certain is a cancel token,
 * which a signal handler may fire (cancel.h). Each pair of hook and context is kept for as long as the process lives, and found
 * again when it is set again.
 * Returns 0; PS_ENOMEM (the hook before stays).
 * Source: Python 3 (PEP 475) asks its signal handlers at the same place.
 */
PS_API int ps_set_interrupt(int (*hook)(void *context), void *context);

#ifdef __cplusplus
}
#endif

#endif
