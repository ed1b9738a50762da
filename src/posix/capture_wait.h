/* How the captures of this backend wait: for packets, and for the bell that ends the wait. */
#ifndef PS_CAPTURE_WAIT_H
#define PS_CAPTURE_WAIT_H

#include "backend.h"

/* A bell that is not open; closing it does nothing. */
extern const ps__bell ps__no_bell;
void ps__capture_bell_close(const ps__bell *bell);

/* Waits once until `h` is readable. 0: time is over; 1: it is; 2: it is in error; PS_EINTR: a signal, or the bell, which is
 * still then. */
int ps__capture_wait(const ps__bell *bell, ps_handle h, int64_t nanoseconds);

#endif
