/*
 * A call in flight, and the one loop of this library that waits, retries and keeps the deadline.
 *
 * A public function tries its step once, at full speed. Only when that says anything but success does it fill
 * in a ps__call and hand it to ps__call_finish, which goes on until the step has ended or time is over.
 */
#ifndef PS_CALL_H
#define PS_CALL_H

#include "backend.h"
#include "deadline.h"

/* What a step returns when it got something done and wants to go on without a wait. Not a public code. */
#define PS__AGAIN (-501)

/* The flags of calls that never wait, where the system has them. */
enum {
    PS__WITHOUT_WAIT = 0
#ifdef MSG_DONTWAIT
                       | MSG_DONTWAIT
#endif
#ifdef MSG_ERRQUEUE
                       | MSG_ERRQUEUE
#endif
};

/* How long a call sleeps between tries where nothing can be waited for. */
#define PS__PAUSE_NANOSECONDS 2000000

typedef struct ps__call ps__call;
struct ps__call {
    ps_sock *sock;
    ptrdiff_t (*step)(ps__call *call); /* one try: a result >= 0, PS__AGAIN, PS_EINTR, PS_EWOULDBLOCK, an error */
    int events;                        /* PS__*: what to wait for after PS_EWOULDBLOCK */
    int ready;                         /* which of them came */
    int64_t pause;                     /* above 0: nothing can be waited for, so sleep that long and try again */
    double timeout;                    /* seconds for the whole call, from its first wait on */
    bool started;                      /* whether deadline runs */
    bool own_limit;                    /* deadline is that of the system's own SO_RCVTIMEO or SO_SNDTIMEO */
    ps__deadline deadline;
    ps_cancel *cancel; /* what ends the call, or NULL */
};

/* A call on a socket, with the socket's timeout. */
ps__call ps__call_make(ps_sock *s, ptrdiff_t (*step)(ps__call *call), int events);

/* The same for a transfer with flags, some of which say not to wait. */
ps__call ps__call_make_transfer(ps_sock *s, ptrdiff_t (*step)(ps__call *call), int events, int flags);

/* Goes on with a call whose step has just given `result`. Returns what the step returned in the end, PS_TIMED_OUT,
 * PS_EWOULDBLOCK in non-blocking mode, PS_ECANCELED after the token was fired, or PS_EINTR when the interrupt hook said so. */
ptrdiff_t ps__call_finish(ps__call *call, ptrdiff_t result);

/* Asks the interrupt hook: 0, or PS_EINTR to end the call. */
int ps__interrupted(void);

#endif
