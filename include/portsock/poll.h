/*
 * ps_poll: POSIX's poll over sockets of this library, with one meaning on every system.
 *
 * The events have their native names, which <portsock.h> brings in: POLLIN, POLLOUT, POLLPRI, POLLERR, POLLHUP, POLLNVAL.
 */
#ifndef PORTSOCK_POLL_H
#define PORTSOCK_POLL_H

#include "cancel.h"
#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One socket to wait for. */
typedef struct ps_pollfd {
    ps_sock *sock; /* NULL: the entry is passed over */
    int events;    /* what to wait for: POLLIN, POLLOUT, POLLPRI */
    int revents;   /* what the call found */
} ps_pollfd;

/*
 * Waits until one of several sockets is ready.
 *   entries, count  the sockets, any number of them; one may occur more than once; with none the call sleeps
 *   timeout  seconds for the whole call; 0: does not wait; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT. The sockets' own timeouts and
 *            deadlines are ignored.
 * revents becomes
 *   POLLIN    ps_accept or a receive will not block: a connection, data, the end of the stream, or an error
 *   POLLOUT   a send will not block, or ps_connect has ended
 *   POLLPRI   urgent data has come
 *   POLLERR   the next call will return an error: a connection was refused or has failed, or the socket's cancel token was
 *             fired (which ends the wait, too)
 *   POLLHUP   there is no connection: none yet (nobody has called ps_connect), it has failed, or both directions have ended
 *   POLLNVAL  the socket is closed, or another thread closes it meanwhile
 * POLLERR, POLLHUP and POLLNVAL are reported whether they are asked for or not. POLLIN and POLLOUT, if asked for, come with POLLERR
 * and POLLHUP, since no call would block. The end of a stream is POLLIN, not POLLHUP. On Windows a connection that the peer has
 * reset is POLLIN and POLLOUT alone, until a call has returned the error.
 * Returns how many entries have revents other than 0, and 0 when time is over; PS_EINTR (ps_set_interrupt); PS_BAD_TIMEOUT;
 * PS_ENOMEM (it uses the heap for more than a hundred entries); PS_EFAULT; PS_EMFILE on some systems for more entries than the
 * process may have handles. On failure every revents is 0. It does not write failure records (failure.h).
 * Normalizes: select's limits (64 sockets on Windows, handle 1023 on Unix); select and WSAPoll that refuse an empty list; one bad
 * socket that makes the whole call fail; WSAPoll's POLLHUP at the end of a stream, and its silence when a connection
 * failed. Source: POSIX, poll.
 */
PS_API int ps_poll(ps_pollfd *entries, size_t count, double timeout);

/*
 * As ps_poll, with a cancel token (cancel.h) that ends the wait itself.
 *   token    stays the caller's; NULL: none
 * Returns as ps_poll; PS_ECANCELED when the token was fired, before the call or during it; every revents is then 0.
 * Source: POSIX, poll; the token is of this library.
 */
PS_API int ps_poll_with(ps_pollfd *entries, size_t count, double timeout, ps_cancel *token);

#ifdef __cplusplus
}
#endif

#endif
