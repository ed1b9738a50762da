/**
 * @file
 * Timeouts, deadlines, and the interrupt hook: what ends a call that waits. See socket.h for the
 * three modes of a socket, and cancel.h for tokens.
 */
#ifndef PORTSOCK_TIMEOUT_H
#define PORTSOCK_TIMEOUT_H

#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Sets the timeout of the calls that follow.
 *
 * @param s        a socket
 * @param seconds  above 0: that long, rounded up to what the system can wait; 0: non-blocking
 *                 mode; PS_NO_TIMEOUT: blocking mode
 * @retval 0               set
 * @retval PS_BAD_TIMEOUT  a negative number or NaN; nothing changes
 * @threadsafety Any thread; calls in progress keep the timeout that they began with.
 * @since 0.1
 * @source Python 2.7, settimeout.
 */
PS_API int ps_settimeout(ps_sock *s, double seconds);

/**
 * Gets the timeout.
 *
 * @param s  a socket
 * @return the timeout as it was set: seconds, 0, or PS_NO_TIMEOUT.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, gettimeout.
 */
PS_API double ps_gettimeout(const ps_sock *s);

/**
 * Sets blocking or non-blocking mode.
 *
 * @param s     a socket
 * @param flag  0: ps_settimeout(s, 0); any other: ps_settimeout(s, PS_NO_TIMEOUT)
 * @retval 0  set
 * @return any other code as ps_settimeout.
 * @threadsafety Any thread; calls in progress keep the timeout that they began with.
 * @since 0.1
 * @source Python 2.7, setblocking.
 */
PS_API int ps_setblocking(ps_sock *s, int flag);

/**
 * Sets the timeout of sockets that are made from now on, in any thread.
 *
 * @param seconds  as for ps_settimeout; PS_NO_TIMEOUT at the start
 * @retval 0               set
 * @retval PS_BAD_TIMEOUT  a negative number or NaN; nothing changes
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, setdefaulttimeout.
 */
PS_API int ps_setdefaulttimeout(double seconds);

/**
 * Gets the timeout of sockets that are made from now on.
 *
 * @return seconds, 0, or PS_NO_TIMEOUT.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, getdefaulttimeout.
 */
PS_API double ps_getdefaulttimeout(void);

/**
 * Returns the time of a clock that never jumps: the clock of deadlines.
 *
 * @return seconds since a point in time that does not change.
 * @threadsafety Any thread.
 * @normalizes Not normalized: time during which the machine is suspended counts on Windows, and
 * not on Linux.
 * @since 0.1
 * @source Python 3, time.monotonic; POSIX, CLOCK_MONOTONIC; Microsoft, QueryPerformanceCounter.
 */
PS_API double ps_monotonic(void);

/**
 * Sets the points in time at which the calls that follow end, however many they are: a dialogue
 * gets one limit instead of one for each of its calls. The timeout applies as well, and the
 * earlier of the two ends a call with PS_TIMED_OUT.
 *
 * A deadline applies until another is set. Once it has passed, calls return PS_TIMED_OUT without
 * asking the system, in non-blocking mode, too. Before it, a non-blocking call that would wait
 * returns PS_EWOULDBLOCK as always. Streams have their socket's deadlines; accepted connections
 * have none. ps_poll ignores them. While one is set the system's handle is non-blocking, as with
 * a cancel token (cancel.h).
 *
 * @param s        a socket
 * @param receive  seconds of ps_monotonic, for ps_accept and all calls that receive;
 *                 PS_NO_TIMEOUT: none, as at the start
 * @param send     the same for ps_connect and all calls that send
 * @retval 0               set
 * @retval PS_BAD_TIMEOUT  NaN
 * @retval PS_ENOMEM       no memory; nothing changes
 * @threadsafety Any thread; a call in progress keeps the deadline that it began with. Threads
 * that receive and send on one socket at the same time can have a deadline each.
 * @since 0.1
 * @source Go, SetReadDeadline and SetWriteDeadline, except that calls in progress keep theirs.
 */
PS_API int ps_setdeadline(ps_sock *s, double receive, double send);

/**
 * Sets the interrupt hook: a function that may end a call after a signal. It is called each time
 * a signal has interrupted a call, and between the parts of a transfer that goes on (ps_sendall,
 * ps_sendfile, MSG_WAITALL, a read of a stream), since a signal may have cut the last part short.
 * When it returns other than 0, the call ends with PS_EINTR.
 *
 * A signal that comes just before a wait begins interrupts nothing, and a call that blocks in the
 * system, as in blocking mode, goes on by itself after one whose handler was set with SA_RESTART;
 * ps_create_connection does not, if the hook was set before. What must end a call for certain is a
 * cancel token, which a signal handler may fire (cancel.h).
 *
 * @param hook     NULL, the default: every call goes on until its deadline. There is one hook for
 *                 the process.
 * @param context  passed to the hook. Each pair of hook and context is kept for as long as the
 *                 process lives, and used again when the same pair is set again.
 * @retval 0          set
 * @retval PS_ENOMEM  no memory; the hook before stays
 * @threadsafety Any thread; the hook is called on the thread of the call that it may end.
 * @since 0.1
 * @source Python 3 (PEP 475), which runs its signal handlers at the same place.
 */
PS_API int ps_set_interrupt(int (*hook)(void *context), void *context);

#ifdef __cplusplus
}
#endif

#endif
