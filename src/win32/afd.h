/* Waits for sockets by a request to AFD, the driver under all of Windows' own providers. */
#ifndef PS_AFD_H
#define PS_AFD_H

#include "win32/waiting.h"

/* The driver cannot be opened, or refuses one of the sockets. Not a public code. */
#define PS__NO_AFD (-502)

/* As ps__sys_wait, for the entries that are sockets; ps__waiting_wake ends it early. The `ready` of
 * other entries becomes 0. Returns PS__NO_AFD where ps__select_wait has to do it. */
int ps__afd_wait(const ps__waiting *w, ps__wait_entry *entries, size_t count, int64_t nanoseconds);

#endif
