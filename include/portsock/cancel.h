/*
 * Cancel tokens: how one thread ends what other threads wait for.
 *
 * A token is fired once for all: every call that waits on a socket with this token ends with PS_ECANCELED, and so does
 * every later one, until the token is reset. One token may serve any number of sockets, threads, waits
 * (ps_poll_with), name lookups, connections and captures.
 * What was done before is not undone: ps_sendall tells how much was sent, a connection under way goes on, and a later
 * ps_connect waits for it again, and a stream keeps what it has received.
 */
#ifndef PORTSOCK_CANCEL_H
#define PORTSOCK_CANCEL_H

#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ps_cancel ps_cancel;

/*
 * Makes a token that has not been fired.
 *   token    the result, to be given back with ps_cancel_close; NULL on failure
 * Returns 0; PS_ENOMEM; PS_EMFILE, PS_ENFILE: it needs one or two handles of the system.
 * Normalizes: an eventfd or a pipe on POSIX, a socket of its own on Windows, where select waits for nothing else.
 */
PS_API int ps_cancel_open(ps_cancel **token);

/*
 * Fires a token. May be called from any thread, any number of times, and on POSIX in a signal handler. NULL does nothing.
 */
PS_API void ps_cancel_fire(ps_cancel *token);

/*
 * Makes a fired token as new. A ps_cancel_fire that runs beside it comes before it or after it.
 * Returns 0; PS_EFAULT for NULL.
 */
PS_API int ps_cancel_reset(ps_cancel *token);

/* Whether a token has been fired; false for NULL. */
PS_API bool ps_cancel_fired(const ps_cancel *token);

/* Gives a token back. No call may wait with it, and no socket, stream or capture may have it any more: streams keep their socket's
 * after ps_close (ps_setcancel before). NULL is allowed. */
PS_API void ps_cancel_close(ps_cancel *token);

/*
 * Gives a socket the token that ends its calls: ps_accept, ps_connect and all that receives and sends; in ps_poll the socket
 * is ready then. It stays the caller's. Streams made from the socket follow it, connections accepted from it have none.
 *   token    NULL: none, as at the start
 * Returns 0; PS_EBADF; PS_ENOMEM (nothing changes). Beside a call in flight it applies to later calls. While a socket has a
 * token the system's handle is non-blocking in every mode, which its duplicates share; ps_gettimeout and what the calls do are
 * as before.
 */
PS_API int ps_setcancel(ps_sock *s, ps_cancel *token);

#ifdef __cplusplus
}
#endif

#endif
