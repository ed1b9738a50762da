/**
 * @file
 * Pollers: waiting for many sockets, from a hundred to a hundred thousand, that stay registered
 * between waits. A wait costs as much as there are sockets that are ready, not as there are
 * sockets: it is epoll on Linux, and on Windows AFD, the driver under Winsock, with a completion
 * port. Elsewhere it works in the same way, and costs as much as ps_poll.
 *
 * What it means that a socket is ready, and which events there are, is as in ps_poll (poll.h).
 * Unlike there, a socket that is closed is not reported, as POLLNVAL or otherwise: ps_close and
 * ps_detach take it out of every poller. What was reported may be gone when the program calls:
 * sockets of a poller, listeners included, should be non-blocking (timeout.h).
 *
 * Any function may be called from any thread, also while other threads wait in the same poller.
 * After ps_poller_remove, ps_close or ps_detach has returned, no wait reports the socket any more,
 * except one that had its events already and has not returned yet. The events of a wait that has
 * returned stay in the program's array: if serving one of them closes another socket, free the
 * memory of that socket after the whole array (examples/chat.h), and where several threads wait,
 * only when none of them can still have an event of it. A socket must not be moved by assignment
 * while it is registered. A registration is not a call in progress: ps_close does not wait for it.
 *
 * From the ps_poller_add on another thread that waits may have the socket's event, serve it and
 * close the socket. A thread that still has calls to make on the socket, such as
 * ps_poller_setdeadline, holds a lock of the program over them, which the one that serves takes,
 * too; or it passes the socket to the thread that waits, which adds it
 * (examples/chat_server_threads.c).
 *
 * After fork the child has a poller of its own with the same sockets, deadlines and data. It is
 * made by the child's first call on it. That needs handles: without them the call fails, with the
 * codes of ps_poller_open and ps_poller_add, and a later one tries again.
 *
 * Captures can be in a poller, too: ps_poller_add_capture (portsock-capture/capture.h).
 */
#ifndef PORTSOCK_POLLER_H
#define PORTSOCK_POLLER_H

#include "cancel.h"
#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A poller: an object on the heap. */
typedef struct ps_poller ps_poller;

/** With the events of a registration. One-shot: it is reported once, by one thread, and then not
 * until ps_poller_modify. Without this and PS_POLL_EDGE a registration is level-triggered: each
 * wait reports what is ready. */
#define PS_POLL_ONESHOT 0x10000
/** With the events of a registration. Edge-triggered: it is reported when something has come, not
 * as long as something is there. The program must receive or send until PS_EWOULDBLOCK. */
#define PS_POLL_EDGE 0x20000
/** An event: the socket's deadline (ps_poller_setdeadline) has come. What is ready is reported with
 * it, in the same event. */
#define PS_POLL_TIMEOUT 0x40000
/** An event, without a socket and without data: ps_poller_wake was called. */
#define PS_POLL_WOKEN 0x80000

/** What a wait has found. Frozen: events stand in arrays. */
typedef struct ps_event {
    ps_sock *sock; /**< NULL for PS_POLL_WOKEN */
    void *data;    /**< as the program gave it with the socket; NULL for PS_POLL_WOKEN */
    int events; /**< POLLIN and the others of ps_poll's revents, PS_POLL_TIMEOUT, PS_POLL_WOKEN */
} ps_event;

/**
 * Makes a poller without sockets.
 *
 * @param p  the result, to be closed with ps_poller_close; NULL on failure
 * @retval 0          *p is made
 * @retval PS_ENOMEM  no memory
 * @retval PS_EMFILE  the process has no handle left; a poller needs two or three
 * @retval PS_ENFILE  the system has no handle left
 * @retval PS_EFAULT  p is NULL
 * @threadsafety Any thread.
 * @normalizes epoll on Linux; polls of AFD and a completion port on Windows, without select's limit
 * of 64 sockets.
 * @since 0.1
 * @source Linux, epoll_create1.
 */
PS_API int ps_poller_open(ps_poller **p);

/**
 * Registers a socket. One socket may be in several pollers, and in each once.
 *
 * @param p       the poller
 * @param s       a socket, which must not be moved while it is registered
 * @param events  POLLIN, POLLOUT, POLLPRI, or none of them: POLLERR and POLLHUP are reported in any
 *                case, and ignored here; PS_POLL_ONESHOT, PS_POLL_EDGE
 * @param data    reported with the socket's events
 * @retval 0               the socket is registered
 * @retval PS_EEXIST       it was before
 * @retval PS_EBADF        the socket is closed, or another thread closes it
 * @retval PS_EOPNOTSUPP   PS_POLL_EDGE where the system cannot do that (Windows); a socket of a
 *                         provider that Windows' driver does not know
 * @retval PS_EINVAL       other events
 * @retval PS_ENOMEM       no memory
 * @retval PS_ENOSPC       the system's limit for registrations (Linux, max_user_watches)
 * @retval PS_EMFILE       in a child of fork: the process has no handle left
 * @retval PS_ENFILE       in a child of fork: the system has no handle left
 * @retval PS_EFAULT       p or s is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source Linux, epoll_ctl.
 */
PS_API int ps_poller_add(ps_poller *p, ps_sock *s, int events, void *data);

/**
 * Changes what a registered socket is waited for. What is ready now is reported again, also with
 * PS_POLL_EDGE, and after PS_POLL_ONESHOT. The deadline stays, unlike with ps_poller_remove and
 * ps_poller_add. It costs a system call, also when nothing changes: call it when the events change.
 * With PS_POLL_ONESHOT another thread may have the socket's next event when it returns: a deadline
 * is set before it.
 *
 * @param p       the poller
 * @param s       a registered socket
 * @param events  as for ps_poller_add
 * @param data    as for ps_poller_add
 * @retval 0               changed
 * @retval PS_ENOENT       the socket is not registered
 * @retval PS_EBADF        the socket is closed, or another thread closes it
 * @retval PS_EOPNOTSUPP   as for ps_poller_add; nothing changes
 * @retval PS_EINVAL       other events
 * @retval PS_EMFILE       in a child of fork: as for ps_poller_add
 * @retval PS_ENFILE       in a child of fork: as for ps_poller_add
 * @retval PS_EFAULT       p or s is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source Linux, epoll_ctl.
 */
PS_API int ps_poller_modify(ps_poller *p, ps_sock *s, int events, void *data);

/**
 * Sets a point in time at which the socket is reported with PS_POLL_TIMEOUT, once: in 30 seconds is
 * ps_monotonic() + 30. It has nothing to do with the socket's timeout and its deadlines
 * (timeout.h). It may be set anew with each message: it needs no system call, except where it has
 * to end the wait of another thread earlier.
 *
 * With PS_POLL_ONESHOT it uses up the one report. If the socket has been reported before it comes,
 * it is reported after ps_poller_modify.
 *
 * @param p         the poller
 * @param s         a registered socket
 * @param deadline  in seconds of ps_monotonic; one in the past is reported by the next wait;
 *                  PS_NO_TIMEOUT: none
 * @retval 0               set, in place of the one before
 * @retval PS_ENOENT       the socket is not registered
 * @retval PS_EBADF        the socket is closed, or another thread closes it
 * @retval PS_BAD_TIMEOUT  NaN
 * @retval PS_ENOMEM       no memory; nothing changes
 * @retval PS_EMFILE       in a child of fork: as for ps_poller_add
 * @retval PS_ENFILE       in a child of fork: as for ps_poller_add
 * @retval PS_EFAULT       p or s is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; libevent has it as the timeout of an event.
 */
PS_API int ps_poller_setdeadline(ps_poller *p, ps_sock *s, double deadline);

/**
 * Takes a socket out of a poller. Not needed before ps_close.
 *
 * @param p  the poller
 * @param s  a registered socket
 * @retval 0          no later wait reports the socket
 * @retval PS_ENOENT  the socket is not registered
 * @retval PS_EBADF   the socket is closed, and so not registered; or another thread closes it
 * @retval PS_EMFILE  in a child of fork: as for ps_poller_add
 * @retval PS_ENFILE  in a child of fork: as for ps_poller_add
 * @retval PS_EFAULT  p or s is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source Linux, epoll_ctl.
 */
PS_API int ps_poller_remove(ps_poller *p, ps_sock *s);

/**
 * Waits until sockets are ready. A socket has one event at most, with everything that there is of
 * it. A socket is reported again by each wait as long as it is ready; of several threads that wait
 * more than one may report it, unless it is registered with PS_POLL_ONESHOT. If more sockets are
 * ready than the array has space for, later waits report the others first.
 *
 * A socket whose cancel token was fired is reported with POLLERR, since its next call returns
 * PS_ECANCELED.
 *
 * @param p        the poller
 * @param events   the result
 * @param n        the length of the array; what it has above 256 is never filled
 * @param timeout  seconds; 0: does not wait; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT. The sockets' own
 *                 timeouts and deadlines are ignored.
 * @param token    ends the wait itself, and that of every thread that has it; stays the caller's;
 *                 NULL: none
 * @return how many events there are, and 0 when time is over; or:
 * @retval PS_ECANCELED    the token was fired, before the call or during it
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINVAL       n is 0
 * @retval PS_ENOMEM       no memory, on systems other than Linux and Windows; or in a child of fork
 * @retval PS_EMFILE       in a child of fork: as for ps_poller_add
 * @retval PS_ENFILE       in a child of fork: as for ps_poller_add
 * @retval PS_EFAULT       p or events is NULL
 * @threadsafety Any thread; each call has an array of its own.
 * @normalizes As ps_poll.
 * @since 0.1
 * @source Linux, epoll_wait.
 */
PS_API int ps_poller_wait(ps_poller *p, ps_event *events, size_t n, double timeout,
                          ps_cancel *token);

/**
 * Ends one wait, which has the event PS_POLL_WOKEN. It takes one place in the array, and its sock
 * and data are NULL. If no thread waits, the next wait has it; if it is called several times before
 * that, there is one event. To end the waits of all threads, use a cancel token.
 *
 * @param p  the poller; NULL does nothing
 * @threadsafety Any thread, and signal handlers on POSIX: it is async-signal-safe and preserves
 * errno. On Windows a handler of SetConsoleCtrlHandler, or of signal for SIGINT, runs in a thread
 * of its own, and may call it.
 * @since 0.1
 * @source none; libuv, uv_async_send.
 */
PS_API void ps_poller_wake(ps_poller *p);

/**
 * Frees a poller. Its sockets stay open.
 *
 * @param p  the poller; NULL is allowed
 * @retval 0  always
 * @threadsafety No other call on the poller may be in progress, nor a handler that wakes it.
 * @since 0.1
 * @source Linux, close of an epoll descriptor.
 */
PS_API int ps_poller_close(ps_poller *p);

#ifdef __cplusplus
}
#endif

#endif
