/*
 * A call on a socket in flight, and the one loop that tries, waits and tries again.
 *
 * A public function tries its step once, without any preparation. Only when the step returns
 * anything other than success does it fill in a ps__call and pass it to ps__call_finish, which
 * repeats the step until it has an answer or something ends the call.
 */
#ifndef PS_CALL_H
#define PS_CALL_H

#include "common/backend.h"
#include "common/socket/socket.h"
#include "common/wait/wait.h"

/* What a step returns when it got something done and wants to go on without a wait. Not a public
 * code. */
#define PS__AGAIN (-501)

/* The flags with which a call never waits, where the system has them. */
enum {
#ifdef MSG_ERRQUEUE
    PS__ERROR_QUEUE = MSG_ERRQUEUE,
#else
    PS__ERROR_QUEUE = 0,
#endif
#ifdef MSG_DONTWAIT
    PS__AT_ONCE = MSG_DONTWAIT,
    PS__WITHOUT_WAIT = MSG_DONTWAIT | PS__ERROR_QUEUE
#else
    PS__AT_ONCE = 0, /* only the handle's mode says so */
    PS__WITHOUT_WAIT = PS__ERROR_QUEUE
#endif
};

typedef struct ps__call ps__call;
struct ps__call {
    ps_sock *sock;
    /* One try: a result >= 0, PS__AGAIN, PS_EINTR, PS_EWOULDBLOCK, an error. */
    ptrdiff_t (*step)(ps__call *call);
    int events; /* PS__*: what to wait for after PS_EWOULDBLOCK */
    int ready;  /* which of them came */
    /* ran while an attempt to connect was in progress, which another call may judge */
    bool connecting;
    int64_t pause; /* above 0: the system cannot wait for this; sleep that long and try again */
    ps__limit limit;
};

/* Makes the limit of a call from the socket's timeout, deadline and token. `events` is
 * PS__READABLE for receiving, else for sending or connecting. `sock_flags` are those of the socket
 * when the call began: a token or deadline that was set later, while the first try blocked, does
 * not apply to this call. */
void ps__sock_limit(const ps_sock *s, int events, int sock_flags, ps__limit *limit);

int ps__refused_by_guard(const ps_sock *s, int events);

/* What ends such a call before the system is asked: PS_ECANCELED, PS_TIMED_OUT, or 0. */
static inline int ps__refused(const ps_sock *s, int events)
{
    return ps__flags(s) & PS__IS_GUARDED ? ps__refused_by_guard(s, events) : 0;
}

/* Fills in a call on a socket, with the socket's limit. */
void ps__call_begin(ps__call *call, ps_sock *s, ptrdiff_t (*step)(ps__call *call), int events,
                    int sock_flags);

/* The same for a transfer with flags, some of which say not to wait. */
void ps__call_begin_transfer(ps__call *call, ps_sock *s, ptrdiff_t (*step)(ps__call *call),
                             int events, int sock_flags, int flags);

/* Continues a call whose step has just returned `result`. Returns what the step returned in the
 * end, PS_TIMED_OUT, PS_EWOULDBLOCK in non-blocking mode, PS_ECANCELED after the token was fired,
 * PS_EBADF when the socket is being closed, or PS_EINTR by the interrupt hook. */
ptrdiff_t ps__call_finish(ps__call *call, ptrdiff_t result);

/* Between two parts of a call that got something done: what ends it before the next, or 0. */
int ps__check_before_more(const ps_sock *s, ps__limit *limit);

#endif
