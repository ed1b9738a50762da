/**
 * @file
 * ps_poll: POSIX's poll over sockets of this library, with one meaning on every system.
 *
 * The events have their native names, which <portsock.h> brings in: POLLIN, POLLOUT, POLLPRI,
 * POLLERR, POLLHUP, POLLNVAL.
 */
#ifndef PORTSOCK_POLL_H
#define PORTSOCK_POLL_H

#include "cancel.h"
#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One socket to wait for. Frozen: entries stand in arrays. */
typedef struct ps_pollfd {
    ps_sock *sock; /**< NULL: the entry is ignored */
    int events;    /**< what to wait for: POLLIN, POLLOUT, POLLPRI */
    int revents;   /**< what the call found */
} ps_pollfd;

/**
 * Waits until one of several sockets is ready.
 *
 * revents becomes
 *   - POLLIN: ps_accept or a receive will not block: a connection, data, the end of the stream,
 *     or an error
 *   - POLLOUT: a send will not block, or ps_connect has ended
 *   - POLLPRI: urgent data has come
 *   - POLLERR: the next call will return an error: a connection was refused or has failed, or the
 *     socket's cancel token was fired (which ends the wait, too)
 *   - POLLHUP: there is no connection: none yet (ps_connect has not been called), it has failed, or
 *     both directions have ended
 *   - POLLNVAL: the socket is closed, or another thread closes it meanwhile
 *
 * POLLERR, POLLHUP and POLLNVAL are reported whether they are asked for or not. POLLIN and POLLOUT,
 * if asked for, come with POLLERR and POLLHUP, since no call would block. The end of a stream is
 * POLLIN, not POLLHUP, since this end can still send. A peer that closes an AF_UNIX stream ends
 * both directions, and on Linux POLLHUP comes with that POLLIN. On Windows a connection that the
 * peer has reset is POLLIN and POLLOUT alone, until a call has returned the error. On failure every
 * revents is 0. The call does not write failure records (failure.h).
 *
 * @param entries  the sockets; one may occur more than once
 * @param count    how many, any number; with none the call sleeps
 * @param timeout  seconds for the whole call; 0: does not wait; PS_NO_TIMEOUT;
 *                 PS_DEFAULT_TIMEOUT. The sockets' own timeouts and deadlines are ignored.
 * @return how many entries have revents other than 0, and 0 when time is over; or:
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_ENOMEM       no memory; the call uses the heap for more than a hundred entries
 * @retval PS_EFAULT       entries is NULL and count is not 0
 * @retval PS_EMFILE       on some systems: more entries than the process may have handles
 * @threadsafety Any thread; each call has entries of its own.
 * @normalizes select's limits (64 sockets on Windows, handle 1023 on Unix); select and WSAPoll
 * that refuse an empty list; one bad socket that makes the whole call fail; WSAPoll's POLLHUP at
 * the end of a stream, and its silence when a connection failed.
 * @since 0.1
 * @source POSIX, poll.
 */
PS_API int ps_poll(ps_pollfd *entries, size_t count, double timeout);

/**
 * As ps_poll, with a cancel token (cancel.h) that ends the wait itself.
 *
 * @param entries  as for ps_poll
 * @param count    as for ps_poll
 * @param timeout  as for ps_poll
 * @param token    stays the caller's; NULL: none
 * @return as ps_poll; and:
 * @retval PS_ECANCELED  the token was fired, before the call or during it; every revents is then
 *                       0
 * @threadsafety Any thread; each call has entries of its own.
 * @normalizes As ps_poll.
 * @since 0.1
 * @source POSIX, poll; the token is of this library.
 */
PS_API int ps_poll_with(ps_pollfd *entries, size_t count, double timeout, ps_cancel *token);

#ifdef __cplusplus
}
#endif

#endif
