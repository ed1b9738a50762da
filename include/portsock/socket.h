/*
 * Sockets: the reference's socket object and its methods, and their timeouts.
 *
 * As in the reference a socket has one of three modes: blocking (timeout PS_NO_TIMEOUT), timeout, and non-blocking (timeout 0).
 * A timeout is one deadline on a monotonic clock for the whole call, ps_sendall included. Signals and false wake-ups use it up;
 * they do not restart it. In timeout and non-blocking mode the system's socket is non-blocking, and its duplicates share
 * that.
 *
 * Threads: two threads may send and receive on one socket at the same time. While calls are in flight, ps_close ends them
 * with PS_EBADF, ps_shutdown ends receives and sends on POSIX, and ps_settimeout, ps_setdeadline and ps_setcancel apply to later calls. A
 * cancel token (cancel.h) ends the calls of many sockets at once. docs/threads.md describes all of this.
 *
 * Errors that every function may return: PS_EBADF (the socket is closed, or another thread closes it meanwhile), PS_ENOTSOCK
 * (the handle is no socket), PS_EFAULT (a NULL pointer). Errors of ps_accept, ps_connect and all calls that receive or send:
 *   PS_TIMED_OUT    the timeout is over; after a deadline (ps_setdeadline), in every mode
 *   PS_EWOULDBLOCK  non-blocking mode, and the call would have to wait
 *   PS_ECANCELED    the socket's cancel token was fired (ps_setcancel)
 *   PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 *   PS_EMFILE       to wait takes a handle or two, which count though they are open (POSIX, with RLIMIT_NOFILE below 2)
 *
 * A connection that has failed stays failed. Receives return the bytes that had come, and then the code with which the
 * connection failed. Sends return that code at once. This holds in every thread and for every stream. ps_poll reports POLLERR,
 * ps_shutdown returns PS_ENOTCONN, and ps_connect PS_EISCONN. A receive returns 0 when the peer has closed its side, after
 * ps_shutdown with SHUT_RD, and when 0 bytes are asked for; never because the connection has failed. (Linux reports an error once, to
 * whichever call comes first, and then says that the peer has closed.) A ps_sock knows of the calls on itself and on its streams only.
 * So on Linux it misses a failure that was reported elsewhere: to another ps_sock of the same connection (ps_fromfd with a duplicate, a
 * child of fork, ps_send_fds), or to the program, when that reads SO_ERROR from the handle itself. Receives may then return 0, as after
 * the peer's end, and sends PS_EPIPE. Windows goes on reporting a failure, so handles of ps_share do not miss it.
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

/*
 * A socket: a value that the caller owns. Some sockets have memory on the heap, too, which ps_close frees. handle, family, type and
 * proto may be read; the other members are the library's. It may be moved by assignment while no call is in flight on it, and the
 * old one must then not be used any more; a copy is not a second socket.
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
    unsigned short judging;
    unsigned short error_reported;
    unsigned short generation;
    unsigned char connection;
    unsigned char marks;
    unsigned char nonblocking;
    unsigned char port;
    unsigned char ending;
    unsigned char closer;
} ps_sock;

/* Blocking mode: the reference's None. */
#define PS_NO_TIMEOUT ((double)INFINITY)
/* Where a function takes a timeout of its own (ps_create_connection, ps_poll, ...): the process's default timeout. */
#define PS_DEFAULT_TIMEOUT (-1.0)
/* For ps_socketpair: AF_UNIX where there is one, else AF_INET. */
#define PS_DEFAULT_PAIR_FAMILY (-1)

/* A closed socket. */
#define PS_SOCK_INIT                                                                  \
    {                                                                                 \
        PS_INVALID_HANDLE, 0, 0, 0, 0, PS_NO_TIMEOUT, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 \
    }

/*
 * Makes a socket.
 *   s        the result, with the default timeout; closed on failure. It is overwritten, not closed first.
 *   family, type, proto  AF_*, SOCK_*, IPPROTO_*; the reference's defaults are AF_INET, SOCK_STREAM, 0.
 *            Linux's SOCK_NONBLOCK (timeout 0) and SOCK_CLOEXEC may be added; s->type is without them.
 * Returns 0; PS_EAFNOSUPPORT, PS_EPROTONOSUPPORT, PS_ESOCKTNOSUPPORT; PS_EMFILE, PS_ENFILE, PS_ENOBUFS;
 * PS_EPERM or PS_EACCES for raw sockets without the right to make them.
 * Normalizes: the socket is never inheritable; IPV6_V6ONLY is off, whatever the system's default; on Windows Winsock is started
 * first, and a datagram socket without a peer does not fail because a port was closed (SIO_UDP_CONNRESET off).
 * Source: the reference, socket; POSIX; Microsoft, WSASocketW.
 */
PS_API int ps_socket(ps_sock *s, int family, int type, int proto);

/*
 * Makes two sockets that are connected to each other, with the default timeout.
 *   family   PS_DEFAULT_PAIR_FAMILY: AF_UNIX where there is one, else AF_INET
 *   type     SOCK_STREAM, SOCK_DGRAM, ...
 * Returns 0; PS_EAFNOSUPPORT, PS_EOPNOTSUPP, PS_EPROTONOSUPPORT, PS_ESOCKTNOSUPPORT for what the system cannot pair; PS_EMFILE,
 * ...; PS_ECONNABORTED when other programs keep connecting to the listener that is open for a moment to make a loopback pair.
 * Both are closed on failure.
 * Normalizes: for AF_INET and AF_INET6 a pair over the loopback interface is made on every system, and each end has verified that
 * the other is its peer.
 * Source: the reference, socketpair (Unix only there); POSIX.
 */
PS_API int ps_socketpair(ps_sock pair[2], int family, int type, int proto);

/*
 * Makes a socket from a duplicate of a handle. The handle itself stays open and the caller's.
 *   fd       a socket's handle; on POSIX any descriptor, 0 for a server started by inetd
 *   family, type, proto  what the socket is; not checked, as in the reference
 * The handle is assumed to be in blocking mode. The socket gets the default timeout.
 * Returns 0; PS_EBADF; PS_ENOTSOCK (Windows); PS_EMFILE.
 * Normalizes: on Windows the duplicate is made by WSADuplicateSocketW. Source: the reference, fromfd (Unix only there).
 */
PS_API int ps_fromfd(ps_sock *s, ps_handle fd, int family, int type, int proto);

/*
 * Takes a socket's handle over: one that the program got from another library, from its parent, or by the system's own calls. From
 * then on it is the socket's, and ps_close closes it.
 *   s        the result, with the default timeout; closed on failure. It is overwritten, not closed first.
 *   h        a socket's handle, in any state and mode, which nothing else in this process uses meanwhile or afterwards
 * s->family, s->type and s->proto are what the system says of it; proto is IPPROTO_TCP for TCP, also where 0 was asked for, and 0
 * where the system does not tell. The handle gets the mode of the default timeout, and is not inheritable. Its options stay as they are,
 * those of its port included.
 * Returns 0; PS_EBADF (no handle, or a closed one); PS_ENOTSOCK; PS_EFAULT; on Windows PS_EINVAL when WSAEventSelect or
 * WSAAsyncSelect keeps the handle non-blocking. On failure the handle stays the caller's, open and as it was.
 * Normalizes: SO_DOMAIN, SO_TYPE and SO_PROTOCOL, getsockname where a system lacks these, SO_PROTOCOL_INFOW on Windows; a closed
 * handle is PS_EBADF on Windows, too. Source: Python 3, socket(fileno=).
 */
PS_API int ps_adopt(ps_sock *s, ps_handle h);

/*
 * Closes a socket. Queued data is still sent; call ps_shutdown first to end the connection at once. While streams of it are open
 * (ps_makefile), the connection stays; *s is closed at once in any case.
 * It may be called while calls on *s are in flight in other threads. They end with PS_EBADF, or with the count of the bytes that they
 * have moved; no further call begins. ps_close returns when the last of them has left. Only then is the system's handle
 * closed, so no call ever works on a new handle with the same number. To end such calls the connection may have to be shut down,
 * which its duplicates and streams notice. The interrupt hook of a call on *s must not call it: it would wait for itself.
 * In a child that fork has made after *s, it closes the child's handle at once, and the parent notices nothing, whatever calls were in
 * flight at the fork. But no call of a thread that the child has started may be in flight on *s then: it is not waited for, and may work
 * on the next handle with the same number. *s must not be used again until such calls have left (docs/processes.md).
 * Returns 0, also when *s is closed already and when the system reports a late error of the connection; 0 at once when another
 * thread is closing *s; PS_TIMED_OUT when a call in flight has not ended within 10 seconds: its thread is stopped, or has left the call
 * without returning from it (pthread_cancel, longjmp), which is not allowed; or *s is of ps_fromfd or ps_adopt, in blocking mode and of
 * a kind whose calls the system cannot wake (AF_NETLINK, AF_PACKET, AF_TIPC, AF_UNIX datagrams; others: docs/threads.md). Give such a
 * socket a timeout or a token before the call. *s is then still open, though its connection may be shut down; call ps_close again, or
 * take the handle with ps_detach. PS_EFAULT.
 * Normalizes: on Linux, closing a descriptor does not end the calls of threads that are blocked on it.
 * Source: the reference, close.
 */
PS_API int ps_close(ps_sock *s);

/*
 * Gives the handle up without closing it, and leaves *s closed. The handle is in the mode of the socket's timeout. No call may be in
 * flight, a call on one of its streams included. The streams go on afterwards without its token and its deadlines, and do
 * not close the handle: close them before it.
 * Returns the handle, which is the caller's then; PS_INVALID_HANDLE for a closed socket and for NULL.
 * Source: Python 3, detach.
 */
PS_API ps_handle ps_detach(ps_sock *s);

/*
 * Sets and reads whether programs started from this one inherit the socket. No socket of this library is inheritable until this
 * says so.
 * Returns 0 or PS_EBADF. Normalizes: FD_CLOEXEC, HANDLE_FLAG_INHERIT. Source: Python 3, set_inheritable, get_inheritable.
 */
PS_API int ps_set_inheritable(ps_sock *s, bool on);
PS_API int ps_get_inheritable(const ps_sock *s, bool *on);

/*
 * The system's handle: a file descriptor on POSIX, a SOCKET on Windows (no file descriptor there).
 * PS_INVALID_HANDLE for a closed socket and for NULL. It stays the library's: do not close it. Source: the reference, fileno.
 */
PS_API ps_handle ps_fileno(const ps_sock *s);

/*
 * Binds to a local address. The socket must not be bound already (PS_EINVAL).
 * Returns 0; PS_EADDRINUSE; PS_EADDRNOTAVAIL when this machine does not have the address, or for port 0 when no port is left; PS_EACCES;
 * PS_EDESTADDRREQ for "no address"; PS_EAFNOSUPPORT when the address is of another family.
 * Normalizes: on Windows another program could take the port by its SO_REUSEADDR. There a stream or datagram socket binds with
 * SO_EXCLUSIVEADDRUSE, and PS_EADDRINUSE stands for WSAEACCES, too. To opt out, set SO_EXCLUSIVEADDRUSE to 0 first.
 * Source: the reference, bind; POSIX; Microsoft, Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE.
 */
PS_API int ps_bind(ps_sock *s, const ps_addr *a);

/*
 * Listens for connections.
 *   backlog  how many may queue; below 0 is 0, above SOMAXCONN is SOMAXCONN
 * Returns 0; PS_EOPNOTSUPP for a datagram or raw socket; PS_EINVAL for a connected one; PS_EADDRINUSE;
 * PS_EADDRNOTAVAIL for an unbound one when no port is left.
 * Normalizes: an unbound socket is bound to a free port, as on Linux. Source: the reference, listen; POSIX.
 */
PS_API int ps_listen(ps_sock *s, int backlog);

/*
 * Accepts a connection.
 *   conn     the connection: family, type and proto of s, the default timeout; closed on failure. It is overwritten, not closed first.
 *   peer     the peer's address, or NULL; "no address" on failure
 * Returns 0; PS_EINVAL when s does not listen; PS_EMFILE (the connection stays queued); PS_TIMED_OUT, PS_EWOULDBLOCK, PS_ECANCELED,
 * PS_EINTR as above.
 * Normalizes: a connection that was reset while it was queued is skipped; connections do not inherit the listener's
 * non-blocking mode and its inheritance, as they do on BSD and Windows. Source: the reference, accept; POSIX.
 */
PS_API int ps_accept(ps_sock *s, ps_sock *conn, ps_addr *peer);

/*
 * Connects to a peer. A datagram socket takes it as its peer: it sends there and receives from there alone, until it is connected to
 * another one, or to nobody (ps_addr_none), which lets the peer go and keeps the socket's own address; 0 also when there was none.
 * Returns 0; PS_ECONNREFUSED, PS_ENETUNREACH, PS_EHOSTUNREACH, PS_ETIMEDOUT (the kernel's), ...; PS_EADDRNOTAVAIL when no local
 * port is left; PS_EAFNOSUPPORT when the address is of another family; PS_EDESTADDRREQ for "no address"; PS_EISCONN;
 * PS_ECONNABORTED when the attempt has failed and the system does not say why any more, since the program has read SO_ERROR from the
 * handle itself.
 * PS_TIMED_OUT, PS_ECANCELED and PS_EINTR end the call, not the attempt: a further ps_connect waits for it again.
 * In non-blocking mode there are four results on every system: PS_EINPROGRESS (started), PS_EALREADY (still under way), 0 once
 * it is connected (then PS_EISCONN), or the error.
 * A connected datagram socket learns by PS_ECONNREFUSED, in a later call, that its peer's port is closed.
 * Normalizes: WSAEWOULDBLOCK instead of EINPROGRESS; what systems say when no port is left, EAGAIN among it; the time until a
 * refusal, which on Windows is two seconds even on the same machine (SIO_TCP_INITIAL_RTO); 0.0.0.0 and :: meaning this
 * machine; WSAECONNRESET of a datagram socket.
 * Source: the reference, connect; POSIX.
 */
PS_API int ps_connect(ps_sock *s, const ps_addr *a);

/*
 * As ps_connect, but returns 0 or the system's own positive number, as the system says it: EINPROGRESS is WSAEWOULDBLOCK on
 * Windows, and a timeout is the number of EWOULDBLOCK. A code that has no number on this system is returned as it is, negative.
 * Source: the reference, connect_ex.
 */
PS_API int ps_connect_ex(ps_sock *s, const ps_addr *a);

/*
 * Receives up to n bytes: the reference's recv and recv_into.
 *   flags    MSG_* constants, usually 0. MSG_WAITALL waits for all n bytes, within the timeout; what has come when something
 *            ends the call first is returned.
 * Returns the number of bytes; PS_ECONNRESET; PS_ENOTCONN; PS_BAD_LENGTH for an n above PTRDIFF_MAX (the reference's negative size);
 * PS_EOPNOTSUPP for flags that Windows does not know; and as above.
 * It returns 0 when the peer of a stream has closed its side (from then on always, even if the peer resets the connection
 * because of what is sent to it), after SHUT_RD, for an empty datagram, and at once when n is 0 on a stream.
 * A datagram longer than n is cut to n bytes, without an error; with MSG_TRUNC on Linux its whole length is returned.
 * Normalizes: WSAEMSGSIZE, WSAESHUTDOWN, MSG_WAITALL on a non-blocking socket. Source: the reference, recv; POSIX.
 */
PS_API ptrdiff_t ps_recv(ps_sock *s, void *buf, size_t n, int flags);

/*
 * As ps_recv, and gives the sender's address: the reference's recvfrom and recvfrom_into.
 *   from     the sender; "no address" (len 0) on a connected stream and on failure; NULL: not wanted
 * Source: the reference, recvfrom; POSIX.
 */
PS_API ptrdiff_t ps_recvfrom(ps_sock *s, void *buf, size_t n, int flags, ps_addr *from);

/*
 * Sends up to n bytes; the socket must be connected.
 * Returns the number of bytes taken, which may be less than n on a stream; PS_EPIPE or PS_ECONNRESET when the peer is gone; PS_EPIPE
 * after SHUT_WR; PS_ENOTCONN; PS_EDESTADDRREQ for a datagram socket without a peer; PS_EMSGSIZE; PS_BAD_LENGTH for an n above
 * PTRDIFF_MAX; and as above. Normalizes: WSAESHUTDOWN, SIGPIPE. Source: the reference, send; POSIX.
 */
PS_API ptrdiff_t ps_send(ps_sock *s, const void *buf, size_t n, int flags);

/*
 * Sends all n bytes, within one timeout.
 *   sent     becomes how many bytes were taken, also on failure; NULL: not wanted
 * Returns 0, or as ps_send; PS_EWOULDBLOCK in non-blocking mode when the system takes no more.
 * Source: the reference, sendall (there the timeout starts again with every chunk).
 */
PS_API int ps_sendall(ps_sock *s, const void *buf, size_t n, int flags, size_t *sent);

/*
 * Sends to an address; the socket should not be connected.
 * Returns as ps_send; PS_EDESTADDRREQ when `to` is NULL or "no address"; PS_EAFNOSUPPORT when it is of another family;
 * PS_EACCES for a broadcast without SO_BROADCAST; PS_EADDRNOTAVAIL when the socket has no port and none is left.
 * Normalizes: Linux says EAGAIN of the last, as if waiting helped; Windows WSAEADDRINUSE or WSAENOBUFS.
 * Source: the reference, sendto; POSIX.
 */
PS_API ptrdiff_t ps_sendto(ps_sock *s, const void *buf, size_t n, int flags, const ps_addr *to);

/*
 * Shuts down one or both directions of a connection.
 *   how      SHUT_RD: receives return 0 from now on; SHUT_WR: the peer reads up to the end, and sends return PS_EPIPE; SHUT_RDWR:
 *            both
 * Returns 0; PS_ENOTCONN, also while the connection is under way and after it has failed; PS_EINVAL for another how.
 * Normalizes: on Linux it would end an attempt to connect that is under way. Source: the reference, shutdown; POSIX.
 */
PS_API int ps_shutdown(ps_sock *s, int how);

/* Gives the socket's own address. Returns 0; on failure *a is "no address". Normalizes: an unbound socket has the wildcard address
 * and port 0 on Windows, too. Source: the reference, getsockname; POSIX. */
PS_API int ps_getsockname(ps_sock *s, ps_addr *a);

/* Gives the peer's address. Returns 0; PS_ENOTCONN, also while the connection is under way; on failure *a is "no address".
 * Normalizes: Windows gives it before the connection is there. Source: the reference, getpeername; POSIX. */
PS_API int ps_getpeername(ps_sock *s, ps_addr *a);

/*
 * Reads an option as bytes (struct linger, ...).
 *   buf, len *len is the room at buf (not 0), then the number of bytes given; 0 on failure
 * SO_RCVTIMEO and SO_SNDTIMEO are given in the form that fits the room, as ps_setsockopt takes them. Linux keeps them in ticks of the
 * kernel's clock, of 1 to 10 milliseconds, rounded up: what is read, and what a call waits, may be longer by up to one tick.
 * Returns 0; PS_ENOPROTOOPT; PS_EOPNOTSUPP; PS_BAD_LENGTH for a room of 0 or above INT_MAX.
 * Source: the reference, getsockopt; POSIX.
 */
PS_API int ps_getsockopt(ps_sock *s, int level, int name, void *buf, size_t *len);

/*
 * Sets an option from bytes, which are passed as they are, except for those below.
 * SO_RCVTIMEO and SO_SNDTIMEO are read alike on every system: a struct timeval is seconds and microseconds, 4 bytes are milliseconds
 * (Windows' DWORD), 0 is none. They hold in blocking mode: one of them ends an accept or a receive, the other a connect or a send, as
 * one deadline for the call, and the call is then PS_EWOULDBLOCK (ps_connect: PS_EINPROGRESS). The handle is non-blocking meanwhile.
 * With a timeout (ps_settimeout) they are ignored. A connection that is accepted has its listener's.
 * The interface of IP_MULTICAST_IF, IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP may be an address, the address 0.0.0.N for the index N (as
 * on Windows), or the index in a struct ip_mreqn (as on Linux: a group, an address and an index, 12 bytes), on every system.
 * Returns 0; PS_ENOPROTOOPT; PS_EINVAL, also for another size of these two; PS_BAD_TIMEOUT when these two are below 0;
 * PS_BAD_LENGTH above INT_MAX.
 * Normalizes: their unit; that signals prolong them on Linux; that they are WSAETIMEDOUT on Windows, and then the connection is in an
 * unknown state. Not normalized: one that is set on the system's handle itself. Source: the reference, setsockopt; POSIX; Microsoft,
 * SOL_SOCKET Socket Options.
 */
PS_API int ps_setsockopt(ps_sock *s, int level, int name, const void *buf, size_t len);

/*
 * Reads or sets an option that is an integer; SO_RCVTIMEO and SO_SNDTIMEO are milliseconds.
 * Returns 0; PS_ENOPROTOOPT; PS_EOPNOTSUPP; PS_EINVAL, also for an option that is no number (SO_LINGER, TCP_INFO) and for a negative
 * SO_SNDBUF or SO_RCVBUF; PS_BAD_TIMEOUT for a negative SO_RCVTIMEO or SO_SNDTIMEO. Normalizes:
 *   - Windows writes 1 byte for a switch and looks only at the lowest byte when one is set; BSD gives the option's bit. A
 *     switch is 0 or 1 here.
 *   - SO_REUSEADDR of a stream lets it bind while old connections of the port are ending, and never next to a live listener: on
 *     Windows the system's own option is not set. A datagram socket that sets it shares its port on every system. To opt
 *     out, set SO_EXCLUSIVEADDRUSE to 0 first: from then on SO_REUSEADDR has Windows' own meaning.
 *   - SO_ERROR is reported once, and not after a call has returned it; Windows would report it again.
 *   - BSD takes IP_MULTICAST_TTL and IP_MULTICAST_LOOP as one byte.
 * ps_getsockopt and ps_setsockopt normalize the same, except for the switches.
 * Source: the reference, getsockopt, setsockopt; POSIX; Microsoft, Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE.
 */
PS_API int ps_getsockopt_int(ps_sock *s, int level, int name, int *value);
PS_API int ps_setsockopt_int(ps_sock *s, int level, int name, int value);

/*
 * Reads the error that the system holds for the socket (SO_ERROR), as a code. (ps_getsockopt gives the system's own number, which
 * ps_error_from_native turns into the code.) It is reported once, and not after another call has returned it. A program that
 * waits with ps_poll for a connection under way learns here how the attempt has ended; after a failure ps_connect starts a new
 * one.
 * Returns 0 for no error, or the error: PS_ECONNREFUSED, ...; PS_EBADF.
 * Normalizes: Windows goes on reporting it until the next connection. Not normalized: when the peer has reset the connection, Linux
 * reports that here, and Windows only in the next receive or send. Source: POSIX, SO_ERROR.
 */
PS_API int ps_geterror(ps_sock *s);

/*
 * Windows' WSAIoctl with one DWORD.
 *   SIO_RCVALL      on a raw socket of IPPROTO_IP or IPPROTO_IPV6: which packets of the interface it receives. RCVALL_ON:
 *                   all, with the interface in promiscuous mode; RCVALL_IPLEVEL: all that reach this machine's IP, not
 *                   promiscuous; RCVALL_SOCKETLEVELONLY: a name that Windows does not implement; RCVALL_OFF: only its own
 *   SIO_RCVALL_MCAST, SIO_RCVALL_IGMPMCAST  the same for multicast packets (a raw socket of IPPROTO_UDP) and IGMP's (of
 *                   IPPROTO_IGMP), with RCVALL_ON or RCVALL_OFF
 *   SIO_LOOPBACK_FAST_PATH, SIO_UDP_CONNRESET, SIO_UDP_NETRESET  0 or 1
 * Returns 0; PS_BAD_CONTROL for another control; PS_EOPNOTSUPP where the system has none (every system but Windows).
 * On the way to SIO_RCVALL the errors say what is missing: PS_EACCES from ps_socket, administrator's rights; PS_EADDRNOTAVAIL
 * from ps_bind, an address of this machine; PS_EINVAL from ps_ioctl, a bind to the address of one interface (the socket is
 * unbound or bound to the wildcard address). ps_capture_open does all of it in one call, and ps_capture_preflight explains what
 * is missing.
 * Source: the reference, ioctl; Microsoft, SIO_RCVALL.
 */
PS_API int ps_ioctl(ps_sock *s, unsigned long control, unsigned long option);

/*
 * Switches TCP keep-alive on or off: the reference's ioctl(SIO_KEEPALIVE_VALS, (on, time, interval)).
 *   time_ms      idle time before the first probe, in milliseconds
 *   interval_ms  time between probes, in milliseconds. Both are rounded up where the system counts in seconds.
 * Returns 0; PS_EINVAL to switch it on with a time of 0, and on Linux with one above 32767 seconds; PS_ENOPROTOOPT for a socket that is
 * not TCP.
 * Normalizes: on other systems than Windows it sets SO_KEEPALIVE, TCP_KEEPIDLE and TCP_KEEPINTVL; Windows takes a time of 0.
 * Source: the reference, ioctl; Microsoft, SIO_KEEPALIVE_VALS; tcp(7).
 */
PS_API int ps_ioctl_keepalive(ps_sock *s, bool on, unsigned time_ms, unsigned interval_ms);

/*
 * Sets the timeout of the calls that follow.
 *   seconds  above 0: that long, rounded up to what the system can wait; 0: non-blocking mode; PS_NO_TIMEOUT: blocking mode
 * Returns 0; PS_BAD_TIMEOUT for a negative number or NaN (nothing changes). Source: the reference, settimeout.
 */
PS_API int ps_settimeout(ps_sock *s, double seconds);

/* Returns the timeout as it was given: seconds, 0, or PS_NO_TIMEOUT. Source: the reference, gettimeout. */
PS_API double ps_gettimeout(const ps_sock *s);

/* ps_setblocking(s, 0) is ps_settimeout(s, 0); any other flag is ps_settimeout(s, PS_NO_TIMEOUT). Returns as ps_settimeout.
 * Source: the reference, setblocking. */
PS_API int ps_setblocking(ps_sock *s, int flag);

/* Sets and reads the timeout in seconds of sockets that are made from now on, in any thread; PS_NO_TIMEOUT at the start. Returns 0 or
 * PS_BAD_TIMEOUT. Source: the reference, setdefaulttimeout, getdefaulttimeout. */
PS_API int ps_setdefaulttimeout(double seconds);
PS_API double ps_getdefaulttimeout(void);

/*
 * Returns the time in seconds since a point that does not change, on a clock that never jumps: the clock of deadlines.
 * Not normalized: time during which the machine is suspended counts on Windows, and not on Linux.
 * Source: Python 3, time.monotonic; POSIX, CLOCK_MONOTONIC; Microsoft, QueryPerformanceCounter.
 */
PS_API double ps_monotonic(void);

/*
 * Sets the points in time at which the calls that follow end, however many they are: a dialogue gets one limit instead of one for
 * each of its calls. The timeout still holds as well, and the earlier of the two ends a call with PS_TIMED_OUT.
 *   receive  seconds of ps_monotonic, for ps_accept and all calls that receive; PS_NO_TIMEOUT: none, as at the start
 *   send     the same for ps_connect and all calls that send
 * A call keeps the deadline that it began with. A deadline holds until another is set. Once it has passed, calls return
 * PS_TIMED_OUT without asking the system, in non-blocking mode, too. Before it, a non-blocking call that would wait returns
 * PS_EWOULDBLOCK as always.
 * Streams have their socket's deadlines; accepted connections have none. ps_poll ignores them. Threads that receive and send on one
 * socket at the same time can have a deadline each. While one is set the system's handle is non-blocking, as with a cancel
 * token (cancel.h).
 * Returns 0; PS_BAD_TIMEOUT for NaN; PS_ENOMEM (nothing changes).
 * Source: Go, SetReadDeadline and SetWriteDeadline, except that calls in flight keep theirs.
 */
PS_API int ps_setdeadline(ps_sock *s, double receive, double send);

/*
 * Sets the interrupt hook: a function that may end a call after a signal. It is called each time a signal has interrupted a call,
 * and between the parts of a transfer that goes on (ps_sendall, MSG_WAITALL, a read of a stream), since a signal may have cut
 * the last part short. When it returns other than 0, the call ends with PS_EINTR.
 *   hook     NULL, the default: every call goes on until its deadline. There is one hook for the process.
 *   context  passed to the hook. Each pair of hook and context is kept for as long as the process lives, and used again when the
 *            same pair is set again.
 * A signal that comes just before a wait begins interrupts nothing. What must end a call for certain is a cancel token, which a
 * signal handler may fire (cancel.h).
 * Returns 0; PS_ENOMEM (the hook before stays).
 * Source: Python 3 (PEP 475), which runs its signal handlers at the same place.
 */
PS_API int ps_set_interrupt(int (*hook)(void *context), void *context);

#ifdef __cplusplus
}
#endif

#endif
