/* Waits for sockets where the driver cannot be used (afd.h). */
#ifndef PS_SELECT_H
#define PS_SELECT_H

#include "common/backend.h"

/* As ps__sys_wait, for the entries that are sockets, and never longer than 10 ms. The `ready` of
 * other entries becomes 0. */
int ps__select_wait(ps__wait_entry *entries, size_t count, int64_t nanoseconds);

#endif
