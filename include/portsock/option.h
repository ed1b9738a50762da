/**
 * @file
 * Options of sockets, and the controls of Windows' WSAIoctl.
 */
#ifndef PORTSOCK_OPTION_H
#define PORTSOCK_OPTION_H

#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads an option as bytes (struct linger, ...).
 *
 * SO_RCVTIMEO and SO_SNDTIMEO have the form that fits the size, as ps_setsockopt takes them.
 * Linux keeps them in ticks of the kernel's clock, of 1 to 10 milliseconds, rounded up: what is
 * read, and what a call waits, may be longer by up to one tick.
 *
 * @param s      a socket
 * @param level  SOL_* or IPPROTO_*
 * @param name   the option
 * @param buf    the bytes
 * @param len    *len is the size of buf (not 0), then the number of bytes written; 0 on failure
 * @retval 0               the option is in buf
 * @retval PS_ENOPROTOOPT  no such option
 * @retval PS_EOPNOTSUPP   no such option of this socket
 * @retval PS_BAD_LENGTH   a size of 0 or above INT_MAX
 * @threadsafety Any thread.
 * @normalizes As ps_getsockopt_int, except for the switches.
 * @since 0.1
 * @source Python 2.7, getsockopt; POSIX.
 */
PS_API int ps_getsockopt(ps_sock *s, int level, int name, void *buf, size_t *len);

/**
 * Sets an option from bytes, which are passed as they are, except for those below.
 *
 * SO_RCVTIMEO and SO_SNDTIMEO are read alike on every system: a struct timeval is seconds and
 * microseconds, 4 bytes are milliseconds (Windows' DWORD), 0 is none. They apply in blocking
 * mode: one of them ends an accept or a receive, the other a connect or a send, as one deadline
 * for the call, and the call is then PS_EWOULDBLOCK (ps_connect: PS_EINPROGRESS). The handle is
 * non-blocking meanwhile. With a timeout (ps_settimeout) they are ignored. A connection that is
 * accepted has its listener's.
 *
 * The interface of IP_MULTICAST_IF, IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP may be an address,
 * the address 0.0.0.N for the index N (as on Windows), or the index in a struct ip_mreqn (as on
 * Linux: a group, an address and an index, 12 bytes), on every system.
 *
 * @param s      a socket
 * @param level  SOL_* or IPPROTO_*
 * @param name   the option
 * @param buf    the bytes
 * @param len    how many
 * @retval 0               set
 * @retval PS_ENOPROTOOPT  no such option
 * @retval PS_EINVAL       the system refuses the value; another size of SO_RCVTIMEO or
 *                         SO_SNDTIMEO
 * @retval PS_BAD_TIMEOUT  SO_RCVTIMEO or SO_SNDTIMEO below 0
 * @retval PS_BAD_LENGTH   len is above INT_MAX
 * @threadsafety Any thread.
 * @normalizes The unit of SO_RCVTIMEO and SO_SNDTIMEO; that signals prolong them on Linux; that
 * they are WSAETIMEDOUT on Windows, and then the connection is in an unknown state. The rest as
 * ps_setsockopt_int, except for the switches. Not normalized: one that is set on the system's
 * handle itself.
 * @since 0.1
 * @source Python 2.7, setsockopt; POSIX; Microsoft, SOL_SOCKET Socket Options.
 */
PS_API int ps_setsockopt(ps_sock *s, int level, int name, const void *buf, size_t len);

/**
 * Reads an option that is an integer; SO_RCVTIMEO and SO_SNDTIMEO are milliseconds.
 *
 * @param s      a socket
 * @param level  SOL_* or IPPROTO_*
 * @param name   the option
 * @param value  its value; 0 on failure
 * @retval 0               *value is set
 * @retval PS_ENOPROTOOPT  no such option
 * @retval PS_EOPNOTSUPP   no such option of this socket
 * @retval PS_EINVAL       an option that is no number (SO_LINGER, TCP_INFO)
 * @threadsafety Any thread.
 * @normalizes Windows writes 1 byte for a switch; BSD returns the option's bit: a switch is 0 or
 * 1 here. SO_ERROR is reported once, and not after a call has returned it; Windows would report
 * it again. BSD reads IP_MULTICAST_TTL and IP_MULTICAST_LOOP as one byte.
 * @since 0.1
 * @source Python 2.7, getsockopt; POSIX.
 */
PS_API int ps_getsockopt_int(ps_sock *s, int level, int name, int *value);

/**
 * Sets an option that is an integer; SO_RCVTIMEO and SO_SNDTIMEO are milliseconds.
 *
 * @param s      a socket
 * @param level  SOL_* or IPPROTO_*
 * @param name   the option
 * @param value  its value
 * @retval 0               set
 * @retval PS_ENOPROTOOPT  no such option
 * @retval PS_EOPNOTSUPP   no such option of this socket
 * @retval PS_EINVAL       an option that is no number (SO_LINGER, TCP_INFO); a negative SO_SNDBUF
 *                         or SO_RCVBUF
 * @retval PS_BAD_TIMEOUT  a negative SO_RCVTIMEO or SO_SNDTIMEO
 * @threadsafety Any thread.
 * @normalizes Windows looks only at the lowest byte of a switch: every value but 0 is on here.
 * SO_REUSEADDR of a stream lets it bind while old connections of the port are ending, and never
 * next to a live listener: on Windows the system's own option is not set. A datagram socket that
 * sets it shares its port on every system. To opt out, set SO_EXCLUSIVEADDRUSE to 0 first: from
 * then on SO_REUSEADDR has Windows' own meaning. BSD takes IP_MULTICAST_TTL and IP_MULTICAST_LOOP
 * as one byte.
 *
 * SO_REUSEADDR has two limits on Windows. Windows does not allow exclusive use of a port that still
 * has old connections, so a server that has bound despite them does not have the port exclusively.
 * If it is bound to one address, it has that address all the same. If it is bound to the wildcard,
 * another program of the same user that does not use this library can bind a single address of the
 * port, and take the connections to it. The other limit: such a bind to one IPv4 address is
 * PS_EADDRINUSE also while a server listens at :: with IPV6_V6ONLY, which Windows does not report.
 * Bind the server for IPv4 first.
 * @since 0.1
 * @source Python 2.7, setsockopt; POSIX; Microsoft, Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE.
 */
PS_API int ps_setsockopt_int(ps_sock *s, int level, int name, int value);

/**
 * Reads the pending error of the socket (SO_ERROR), as a code. (ps_getsockopt returns the
 * system's own number, which ps_error_from_native turns into the code.) It is reported once, and
 * not after another call has returned it. A program that waits with ps_poll for a pending
 * connection learns here how the attempt has ended; after a failure ps_connect starts a new one.
 *
 * @param s  a socket
 * @return 0 for no error, or the error: PS_ECONNREFUSED, ...; or:
 * @retval PS_EBADF  the socket is closed
 * @threadsafety Any thread; the error is reported to one of the calls.
 * @normalizes Windows goes on reporting it until the next connection. Not normalized: when the
 * peer has reset the connection, Linux reports that here, and Windows only in the next receive or
 * send.
 * @since 0.1
 * @source POSIX, SO_ERROR.
 */
PS_API int ps_geterror(ps_sock *s);

/**
 * Windows' WSAIoctl with one DWORD.
 *
 * SIO_RCVALL, on a raw socket of IPPROTO_IP or IPPROTO_IPV6: which packets of the interface it
 * receives. RCVALL_ON: all, with the interface in promiscuous mode; RCVALL_IPLEVEL: all that
 * reach this machine's IP, not promiscuous; RCVALL_SOCKETLEVELONLY: a name that Windows does not
 * implement; RCVALL_OFF: only its own. SIO_RCVALL_MCAST and SIO_RCVALL_IGMPMCAST: the same for
 * multicast packets (a raw socket of IPPROTO_UDP) and IGMP's (of IPPROTO_IGMP), with RCVALL_ON or
 * RCVALL_OFF. SIO_LOOPBACK_FAST_PATH, SIO_UDP_CONNRESET, SIO_UDP_NETRESET: 0 or 1.
 *
 * On the way to SIO_RCVALL the errors say what is missing: PS_EACCES from ps_socket,
 * administrator's rights; PS_EADDRNOTAVAIL from ps_bind, an address of this machine; PS_EINVAL
 * from ps_ioctl, a bind to the address of one interface (the socket is unbound or bound to the
 * wildcard address). ps_capture_open does all of it in one call, and ps_capture_preflight
 * explains what is missing.
 *
 * @param s        a socket
 * @param control  SIO_*
 * @param option   the DWORD
 * @retval 0               done
 * @retval PS_BAD_CONTROL  another control
 * @retval PS_EOPNOTSUPP   the system has none (every system but Windows)
 * @retval PS_EINVAL       SIO_RCVALL without a bind to the address of one interface
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, ioctl; Microsoft, SIO_RCVALL.
 */
PS_API int ps_ioctl(ps_sock *s, unsigned long control, unsigned long option);

/**
 * Switches TCP keep-alive on or off: Python 2.7's ioctl(SIO_KEEPALIVE_VALS, (on, time,
 * interval)).
 *
 * @param s            a socket
 * @param on           whether there are probes
 * @param time_ms      idle time before the first probe, in milliseconds; rounded up where the
 *                     system counts in seconds
 * @param interval_ms  time between probes, in milliseconds; rounded up in the same way
 * @retval 0               set
 * @retval PS_EINVAL       on with a time of 0; on Linux also with one above 32767 seconds
 * @retval PS_ENOPROTOOPT  the socket is not TCP
 * @threadsafety Any thread.
 * @normalizes On other systems than Windows it sets SO_KEEPALIVE, TCP_KEEPIDLE and TCP_KEEPINTVL;
 * Windows takes a time of 0.
 * @since 0.1
 * @source Python 2.7, ioctl; Microsoft, SIO_KEEPALIVE_VALS; tcp(7).
 */
PS_API int ps_ioctl_keepalive(ps_sock *s, bool on, unsigned time_ms, unsigned interval_ms);

#ifdef __cplusplus
}
#endif

#endif
