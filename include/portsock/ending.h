/*
 * How a connection ends.
 */
#ifndef PORTSOCK_ENDING_H
#define PORTSOCK_ENDING_H

#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What ps_close does with data that the peer has not acknowledged yet (SO_LINGER).
 *   on       false, as at the start: ps_close returns at once, and the system goes on sending
 *   seconds  with on: ps_close waits that long, also in non-blocking mode, for it to be sent; 0: the connection is reset at
 *            once and what was not sent is lost. 0 to 32767.
 * Returns 0; PS_EINVAL for other seconds; PS_ENOPROTOOPT for a socket that is no stream.
 * Normalizes: two ints on POSIX, two shorts on Windows, a number of clock ticks on macOS (SO_LINGER_SEC counts seconds there).
 * Source: POSIX, SO_LINGER.
 */
PS_API int ps_setlinger(ps_sock *s, bool on, int seconds);

/* What ps_setlinger has set; seconds is 0 when it is off. Returns 0, or as ps_setlinger. */
PS_API int ps_getlinger(ps_sock *s, bool *on, int *seconds);

/*
 * Ends a connection so that the peer gets everything: shuts the sending side, reads and drops what still comes until the peer
 * has closed its side, and closes. (A plain close with bytes unread resets the connection, and the peer may lose the last
 * that was sent to it.) *s is closed in any case but for a bad timeout. Use ps_file_close first, where there is a stream.
 *   timeout  seconds for all of it; PS_NO_TIMEOUT: as long as it takes; 0: only what is there now is read
 * The socket's deadline for receiving and its cancel token end it, too.
 * Returns 0 when the peer closed its side, or there was no connection; PS_TIMED_OUT when it did not in time; PS_ECONNRESET
 * and the like when the connection has failed, also when another call has told that before; PS_ECANCELED; PS_EINTR (ps_set_interrupt);
 * PS_EBADF when another thread closes *s meanwhile; PS_BAD_TIMEOUT.
 */
PS_API int ps_close_gracefully(ps_sock *s, double timeout);

#ifdef __cplusplus
}
#endif

#endif
