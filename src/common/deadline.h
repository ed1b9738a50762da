/* A deadline: a timeout in seconds that starts to run when it is first asked. */
#ifndef PS_DEADLINE_H
#define PS_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ps__deadline {
    int64_t at; /* on ps__sys_clock, PS__FOREVER for none */
} ps__deadline;

/* Whether a number is a timeout that this library takes: not negative, not NaN. */
bool ps__timeout_valid(double seconds);

/* A timeout in nanoseconds, rounded up; PS__FOREVER for PS_NO_TIMEOUT and for what the clock cannot count. */
int64_t ps__timeout_nanoseconds(double seconds);

/* The deadline that many seconds from now; PS_NO_TIMEOUT and what the clock cannot count is PS__FOREVER. */
ps__deadline ps__deadline_after(double seconds);

/* Nanoseconds left, 0 when it is over, PS__FOREVER for none. */
int64_t ps__deadline_left(const ps__deadline *deadline);

#endif
