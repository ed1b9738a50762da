/**
 * @file
 * How a connection is closed: SO_LINGER by name, and a close that waits for the peer.
 */
#ifndef PORTSOCK_CLOSE_H
#define PORTSOCK_CLOSE_H

#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Sets what ps_close does with data that the peer has not acknowledged yet (SO_LINGER).
 *
 * @param s        a stream socket
 * @param on       false, as at the start: ps_close returns at once, and the system goes on
 *                 sending
 * @param seconds  0 to 32767, used when on is true: how long ps_close waits, also in non-blocking
 *                 mode, until the data is sent and acknowledged; 0: the connection is reset at
 *                 once, and what was not sent is lost
 * @retval 0               set
 * @retval PS_EINVAL       other seconds
 * @retval PS_ENOPROTOOPT  the socket is not a stream
 * @threadsafety Any thread.
 * @normalizes struct linger has two ints on POSIX and two shorts on Windows; macOS counts clock
 * ticks, and seconds with SO_LINGER_SEC.
 * @since 0.1
 * @source POSIX, SO_LINGER.
 */
PS_API int ps_setlinger(ps_sock *s, bool on, int seconds);

/**
 * Gets what ps_setlinger has set.
 *
 * @param s        a stream socket
 * @param on       becomes whether ps_close waits
 * @param seconds  becomes how long; 0 when on is false
 * @retval 0               *on and *seconds are set
 * @retval PS_ENOPROTOOPT  the socket is not a stream
 * @threadsafety Any thread.
 * @normalizes As ps_setlinger.
 * @since 0.1
 * @source POSIX, SO_LINGER.
 */
PS_API int ps_getlinger(ps_sock *s, bool *on, int *seconds);

/**
 * Ends a connection so that the peer gets everything: shuts the sending direction, reads and
 * discards what is pending until the peer has closed its side, and closes. (A plain close with
 * bytes unread resets the connection, and the peer may lose the last bytes that were sent to it.)
 * Where there is a stream, use ps_file_close first.
 *
 * *s is closed in any case, except after a bad timeout, and when a call in progress on another
 * thread has not ended within 10 seconds (see ps_close). The socket's deadline for receiving and
 * its cancel token end the call, too. A record without bytes on SOCK_SEQPACKET is taken for the
 * end; a socket of another type is closed at once.
 *
 * @param s        a socket
 * @param timeout  seconds for all of it; PS_NO_TIMEOUT: as long as it takes; 0: reads only what
 *                 has arrived already
 * @retval 0               the peer has closed its side, or there was no connection
 * @retval PS_TIMED_OUT    the peer did not close in time; or *s is open because of a call in
 *                         progress (ps_fileno shows which)
 * @retval PS_ECONNRESET   the connection has failed, also when another call has reported that
 *                         before; other failures of a connection likewise
 * @retval PS_ECANCELED    the socket's cancel token was fired
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_EBADF        the socket is closed, or another thread closes it meanwhile
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 1122, 4.2.2.13 (a close with unread data resets the connection).
 */
PS_API int ps_close_gracefully(ps_sock *s, double timeout);

#ifdef __cplusplus
}
#endif

#endif
