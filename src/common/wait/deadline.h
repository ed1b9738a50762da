/* Deadlines: points in time on ps__sys_clock. A timeout becomes one when it is first asked how
 * much of it is left. */
#ifndef PS_DEADLINE_H
#define PS_DEADLINE_H

#include "common/backend.h"

typedef struct ps__deadline {
    /* PS__FOREVER: never; PS__NOT_STARTED: `span` nanoseconds after it is first asked */
    int64_t at;
    int64_t span; /* 0: it is over at once, whatever the clock says */
} ps__deadline;

#define PS__NOT_STARTED INT64_MIN

/* Whether a number is a timeout that this library takes: not negative, not NaN. */
bool ps__timeout_valid(double seconds);

/* Rounded up; what the clock cannot count is PS__FOREVER. */
static inline int64_t ps__to_nanoseconds(double seconds)
{
    double exact = seconds * 1e9;
    int64_t whole;

    if (!(exact < 9.2e18))
        return PS__FOREVER;
    whole = (int64_t)exact;
    return (double)whole < exact ? whole + 1 : whole;
}

/* A deadline that comes that many nanoseconds after it is first asked; PS__FOREVER: never. */
static inline ps__deadline ps__deadline_after_nanoseconds(int64_t span)
{
    return (ps__deadline){span == PS__FOREVER ? PS__FOREVER : PS__NOT_STARTED, span};
}

/* The same in seconds; PS_NO_TIMEOUT, and what the clock cannot count: never. */
static inline ps__deadline ps__deadline_after(double seconds)
{
    return ps__deadline_after_nanoseconds(ps__to_nanoseconds(seconds));
}

/* A point in time. */
ps__deadline ps__deadline_at(int64_t at);

/* Seconds of ps_monotonic as a point in time, rounded up. */
int64_t ps__deadline_point(double seconds);

/* Starts a deadline now, if it has not been started. */
void ps__deadline_start(ps__deadline *deadline);

/* Nanoseconds left, 0 when it is over, PS__FOREVER for none. Starts it. */
int64_t ps__deadline_left(ps__deadline *deadline);

static inline bool ps__deadline_never(const ps__deadline *deadline)
{
    return deadline->at == PS__FOREVER;
}

/* The earlier of `at` and a deadline, which is started for the comparison. */
ps__deadline ps__deadline_earlier(ps__deadline deadline, int64_t at);

#endif
