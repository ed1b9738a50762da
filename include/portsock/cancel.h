/**
 * @file
 * Cancel tokens: how one thread ends calls that wait in other threads.
 *
 * A token is given to sockets (ps_setcancel), whose streams have it, too; to captures
 * (ps_capture_setcancel); and to single calls: ps_poll_with, ps_poller_wait,
 * ps_create_connection_with, and the lookups that end in _within (names.h). One token may serve any
 * number of them, in any number of threads. Once it is fired, these calls end with PS_ECANCELED,
 * and so do later ones, also those that would not have to wait, until the token is reset. On a
 * socket they are ps_accept, ps_connect, and all calls that receive or send; on a stream those that
 * do not find all they need in its buffer; on a capture ps_capture_next. Other calls do not look at
 * it.
 *
 * A token belongs to one process: a child that fork makes has its own in place of it, fired if
 * this one was.
 *
 * What was done before is not undone: ps_sendall and ps_sendfile report how much was sent; an
 * attempt to connect goes on, and a later ps_connect waits for it again; a stream keeps what it has
 * received.
 */
#ifndef PORTSOCK_CANCEL_H
#define PORTSOCK_CANCEL_H

#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A cancel token: an object on the heap. */
typedef struct ps_cancel ps_cancel;

/**
 * Makes a token that has not been fired.
 *
 * @param token  the result, to be freed with ps_cancel_close; NULL on failure
 * @retval 0          *token is made
 * @retval PS_ENOMEM  no memory
 * @retval PS_EMFILE  the process has no handle left; a token needs one or two (POSIX)
 * @retval PS_ENFILE  the system has no handle left
 * @retval PS_EFAULT  token is NULL
 * @threadsafety Any thread.
 * @normalizes On POSIX it is an eventfd or a pipe, made anew in a child of fork; on Windows it
 * needs no handle.
 * @since 0.1
 * @source none; Python 2.7 has no way to end a call from another thread.
 */
PS_API int ps_cancel_open(ps_cancel **token);

/**
 * Fires a token, any number of times.
 *
 * @param token  the token; NULL does nothing
 * @threadsafety Any thread, and signal handlers on POSIX. On Windows a handler of
 * SetConsoleCtrlHandler, or of signal for SIGINT, runs in a thread of its own, and may call it.
 * @since 0.1
 * @source none.
 */
PS_API void ps_cancel_fire(ps_cancel *token);

/**
 * Resets a token: it is then as if it had not been fired.
 *
 * @param token  the token
 * @retval 0          reset
 * @retval PS_EFAULT  token is NULL
 * @threadsafety Any thread; a ps_cancel_fire in another thread at the same time takes effect
 * either before it or after it.
 * @since 0.1
 * @source none.
 */
PS_API int ps_cancel_reset(ps_cancel *token);

/**
 * Returns whether a token has been fired.
 *
 * @param token  the token
 * @return whether it has been fired; false for NULL.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none.
 */
PS_API bool ps_cancel_fired(const ps_cancel *token);

/**
 * Frees a token. Streams keep the token of their socket after ps_close: take it away with
 * ps_setcancel before that, or close them first.
 *
 * @param token  the token; NULL is allowed
 * @threadsafety No call with the token may be in progress, and no socket, stream or capture may
 * have it any more. A handler that fires it must have been removed first, and must not be running
 * any more; a token that a handler fires may as well stay open until the process ends.
 * @since 0.1
 * @source none.
 */
PS_API void ps_cancel_close(ps_cancel *token);

/**
 * Sets the token that ends the calls of a socket: ps_accept, ps_connect and all calls that receive
 * or send. In ps_poll, and in a poller, a socket whose token was fired is ready, with POLLERR.
 * Streams made from the socket have its token, connections accepted from it have none.
 *
 * While a socket has a token, the system's handle is non-blocking in every mode, and duplicates
 * of the handle share that. ps_gettimeout and the behavior of the calls stay the same.
 *
 * @param s      a socket
 * @param token  stays the caller's, and must live for as long as the socket or one of its streams
 *               has it; NULL: none, as at the start
 * @retval 0          the socket has the token
 * @retval PS_EBADF   the socket is closed
 * @retval PS_ENOMEM  no memory, or the system cannot watch another token for a poller that has the
 *                    socket; nothing changes
 * @threadsafety Any thread; a call in progress keeps the token that it began with.
 * @since 0.1
 * @source none; Python 2.7 has no way to end a call from another thread.
 */
PS_API int ps_setcancel(ps_sock *s, ps_cancel *token);

#ifdef __cplusplus
}
#endif

#endif
