/*
 * The only place that waits for handles: any number of them, until a deadline, a cancel token,
 * or the closing of a socket ends the wait. Only this file deals with signals, false wake-ups
 * and slices of time in a wait.
 */
#ifndef PS_WAIT_H
#define PS_WAIT_H

#include "common/backend.h"
#include "common/wait/deadline.h"

#include <stdatomic.h>

struct ps__limit;
typedef int ps__look_up_within(const char *host, int family, int flags, struct ps__limit *limit,
                               ps__address_sink sink, void *context);

/* What ends a call before its work is done. */
typedef struct ps__limit {
    ps__deadline deadline;
    ps_cancel *token; /* NULL: none */
    /* false: non-blocking mode, where a call that would wait is PS_EWOULDBLOCK; for callers of
     * ps__wait, not for it */
    bool waits;
    /* the deadline is that of the program's SO_RCVTIMEO or SO_SNDTIMEO: after it the call is
     * PS_EWOULDBLOCK */
    bool own;
    /* how a name is looked up within it (resolve/lookup.h), where one may be */
    ps__look_up_within *look_up;
    /* for ps__wait: ps__sys_wake ends a wait for any of the entries' sockets. Whoever does not
     * know that leaves it false */
    bool wakes;
} ps__limit;

/* A limit of a call that does not take it from a socket. */
ps__limit ps__limit_after(double seconds, ps_cancel *token);

/* Whether a limit ends nothing, as NULL does. */
bool ps__limit_never(const ps__limit *limit);

/* What ends a call before it has begun to wait: PS_ECANCELED, PS_TIMED_OUT, or 0. */
int ps__limit_over(ps__limit *limit);

/* How long a call sleeps between tries where nothing can be waited for. */
#define PS__PAUSE_NANOSECONDS 2000000

/* How long to wait at a time where another thread cannot end the wait. */
#define PS__SLICE_NANOSECONDS 50000000

/*
 * Waits until one of the entries is ready, and looks at them at least once. An entry without a
 * handle is skipped, but the closing of its socket ends the wait. `entries` MUST have space for
 * one entry more than `count`, which is written here. Returns how many entries are ready; 0 when
 * time is over; PS_EBADF when a socket of the entries is being closed; PS_ECANCELED; PS_EINTR by
 * the interrupt hook; or why the system cannot wait.
 */
int ps__wait(ps__wait_entry *entries, size_t count, ps__limit *limit);

/* Looks at one handle without waiting. Returns which of `events` are ready, 0 for none, or a code
 * when the system cannot report it. */
int ps__look(ps_handle h, int events);

/* Sleeps where nothing can be waited for. Only a signal ends it early. */
void ps__sleep(int64_t nanoseconds);

/* The same again and again: at first (*pause is 0) for 100 microseconds, then for
 * twice as long each time, until that is 12.8 milliseconds. */
void ps__sleep_longer(int64_t *pause);

/* Whether an entry's socket is being closed. */
bool ps__any_closing(const ps__wait_entry *entries, size_t count);

/* Asks the interrupt hook: 0, or PS_EINTR to end the call. */
int ps__interrupted(void);

extern _Atomic(struct ps__interrupt_pair *) ps__current_interrupt;

/* Whether there is a hook. */
static inline bool ps__has_interrupt(void)
{
    const void *pair = atomic_load_explicit(&ps__current_interrupt, memory_order_relaxed);

    return pair != NULL;
}

#endif
