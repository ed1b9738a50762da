/* Host names looked up in the system: in this call, or in the background, so that the call can
 * stop waiting. */
#ifndef PS_LOOKUP_H
#define PS_LOOKUP_H

#include "common/wait/wait.h"

/* The limit of a call that may look names up, with a timeout and a token, begun. Only this brings
 * the threads that lookups within a limit need into a program. Returns 0; PS_BAD_TIMEOUT;
 * PS_ECANCELED for a token that was fired before. */
int ps__limit_begin(ps__limit *limit, double timeout, ps_cancel *token);

/* Takes what ps__sys_resolve takes, and a limit of ps__limit_begin. NULL, or one that never comes:
 * waits in this call as long as the system does. Otherwise returns PS_TIMED_OUT, PS_ECANCELED, or
 * PS_EINTR by the interrupt hook, without waiting for the lookup, which then finishes alone, in
 * memory of its own; PS_EAI_AGAIN while too many of those have not finished. A name without
 * addresses is PS_EAI_NONAME on every system; "localhost" has those of loopback where the system
 * does not know it (RFC 6761, 6.3). */
int ps__look_up(const char *host, int family, int flags, ps__limit *limit, ps__address_sink sink,
                void *context);

/* A lookup in the background, for a call that waits for more than its end. ps__lookup_leave must
 * follow success. */
typedef struct ps__lookup ps__lookup;
int ps__lookup_start(const char *host, int family, int flags, ps__lookup **lookup);

/* What to wait for until it is readable; then, whether the lookup has ended. */
ps_handle ps__lookup_handle(const ps__lookup *lookup);
bool ps__lookup_notified(ps__lookup *lookup);

/* Hands over what a lookup that has ended has found. Returns as ps__look_up. */
int ps__lookup_result(const ps__lookup *lookup, ps__address_sink sink, void *context);

/* The last call on a lookup. `is_superfluous`: its result is not needed any more. */
void ps__lookup_leave(ps__lookup *lookup, bool is_superfluous);

#endif
