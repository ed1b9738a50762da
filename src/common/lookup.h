/* Host names looked up in the system: in this call, or apart from it, so that it can stop waiting. */
#ifndef PS_LOOKUP_H
#define PS_LOOKUP_H

#include "wait.h"

/* Takes what ps__sys_resolve takes, and a limit. NULL, or one that never comes: waits in this call as long as the system does.
 * Otherwise returns PS_TIMED_OUT, PS_ECANCELED, or PS_EINTR by the interrupt hook, without waiting for the look-up, which then
 * finishes alone, in memory of its own; PS_EAI_AGAIN while LOOKUPS_ABANDONED_MAX of those have not finished. */
int ps__look_up(const char *host, int family, int flags, ps__limit *limit, ps__address_sink sink, void *context);

/* In a process that fork has made: no look-up goes on. */
void ps__forget_lookups(void);

#endif
