/* What the two files that wait share. */
#ifndef PS_POSIX_WAIT_H
#define PS_POSIX_WAIT_H

#include "backend.h"

#include <poll.h>

/* poll, once, with a time in nanoseconds, rounded up to what the system can count. */
int ps__poll_once(struct pollfd *entries, nfds_t count, int64_t nanoseconds);

#endif
