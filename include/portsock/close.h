/*
 * How a connection ends.
 */
#ifndef PORTSOCK_CLOSE_H
#define PORTSOCK_CLOSE_H

#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Sets what ps_close does with data that the peer has not acknowledged yet (SO_LINGER).
 *   on       false, as at the start: ps_close returns at once, and the system goes on sending
 *   seconds  0 to 32767, used when on is true: how long ps_close waits, also in non-blocking mode, until the data is sent and
 *            acknowledged; 0: the connection is reset at once, and what was not sent is lost
 * Returns 0; PS_EINVAL for other seconds; PS_ENOPROTOOPT for a socket that is not a stream.
 * Normalizes: struct linger has two ints on POSIX and two shorts on Windows; macOS counts clock ticks, and seconds with SO_LINGER_SEC.
 * Source: POSIX, SO_LINGER.
 */
PS_API int ps_setlinger(ps_sock *s, bool on, int seconds);

/* Gives what ps_setlinger has set; *seconds is 0 when it is off. Returns 0, or as ps_setlinger. Source: POSIX, SO_LINGER. */
PS_API int ps_getlinger(ps_sock *s, bool *on, int *seconds);

/*
 * Ends a connection so that the peer gets everything: shuts the sending direction, reads and discards what still comes until the
 * peer has closed its side, and closes. (A plain close with bytes unread resets the connection, and the peer may lose the last
 * bytes that were sent to it.) *s is closed in any case, except after a bad timeout, and when a call in flight in another thread has
 * not ended within 10 seconds (see ps_close). Where there is a stream, use ps_file_close first.
 *   timeout  seconds for all of it; PS_NO_TIMEOUT: as long as it takes; 0: reads only what has arrived already
 * The socket's deadline for receiving and its cancel token end it, too. Of SOCK_SEQPACKET a record without bytes is taken for the end;
 * a socket of another type is closed at once.
 * Returns 0 when the peer has closed its side, or there was no connection; PS_TIMED_OUT when the peer did not close in time, or when
 * *s is still open because of such a call (ps_fileno tells);
 * PS_ECONNRESET and the like when the connection has failed, also when another call has reported that before; PS_ECANCELED;
 * PS_EINTR (ps_set_interrupt); PS_EBADF when another thread closes *s meanwhile; PS_BAD_TIMEOUT.
 * Source: RFC 1122, 4.2.2.13 (a close with unread data resets the connection).
 */
PS_API int ps_close_gracefully(ps_sock *s, double timeout);

#ifdef __cplusplus
}
#endif

#endif
