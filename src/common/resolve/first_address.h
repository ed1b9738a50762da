/* One address of a host name. */
#ifndef PS_RESOLVE_FIRST_H
#define PS_RESOLVE_FIRST_H

#include "common/wait/wait.h"

/* Makes *a the first address of `family` (AF_INET, AF_INET6, AF_UNSPEC) that `host` has, port 0. `host` may be a name
 * or a literal of any family. `limit` is ps__look_up's. Returns 0; PS_EAI_*; PS_BAD_ADDRESS when `host` is not UTF-8. */
int ps__resolve_first(const char *host, int family, ps__limit *limit, ps_addr *a);

#endif
