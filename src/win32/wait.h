/* What the two files that wait share. */
#ifndef PS_WIN32_WAIT_H
#define PS_WIN32_WAIT_H

#include "backend.h"

/* A time for select, rounded up, and no longer than every version of Windows can count. */
struct timeval ps__select_time(int64_t nanoseconds);

#endif
