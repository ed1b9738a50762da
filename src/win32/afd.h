/* Waits for sockets by a request to the driver that all of Windows' own providers have their
 * sockets from. */
#ifndef PS_AFD_H
#define PS_AFD_H

#include "win32/waiting.h"

/* Cannot be asked about these sockets. Not a public code. */
#define PS__NO_AFD (-502)

/* As ps__sys_wait, for the entries that are sockets; the wait may be woken. The others' `ready`
 * becomes 0. PS__NO_AFD: the driver, or one of the sockets, does not take part. */
int ps__afd_wait(const ps__waiting *w, ps__wait_entry *entries, size_t count, int64_t nanoseconds);

#endif
