/* A wait for a handle that another thread or a signal handler can end: a pipe beside it. */
#ifndef PS_WAKE_H
#define PS_WAKE_H

#include "backend.h"

typedef struct ps__wake {
    int ends[2];
} ps__wake;

/* Not open. */
#define PS__WAKE_INIT \
    {                 \
        {             \
            -1, -1    \
        }             \
    }

int ps__wake_open(ps__wake *w);
void ps__wake_close(ps__wake *w);

/* Ends the wait in flight, or else the next one. Async-signal-safe. */
void ps__wake_up(const ps__wake *w);

/* Waits once until `h` is readable. 0: time is over; 1: it is; 2: it is in error; PS_EINTR: a signal or ps__wake_up. */
int ps__wake_wait(const ps__wake *w, ps_handle h, int64_t nanoseconds);

#endif
