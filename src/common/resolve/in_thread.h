/* Lookups in a thread of the library, for backends whose system cannot look up in the background,
 * or not always. */
#ifndef PS_IN_THREAD_H
#define PS_IN_THREAD_H

#include "common/backend.h"

/* What ps__sys_resolve_start takes. */
typedef struct ps__resolve_request {
    const char *host;
    int family;
    int flags;
    ps__address_sink sink;
    ps__resolve_end end;
    void *context;
} ps__resolve_request;

/* Does what ps__sys_resolve_start does, by ps__sys_resolve; nothing ends it early. */
int ps__resolve_in_thread(const ps__resolve_request *request);

#endif
