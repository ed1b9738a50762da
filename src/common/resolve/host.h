/* The addresses of a host: a literal is read in the frontend, the same on every system; a name
 * is looked up. */
#ifndef PS_HOST_H
#define PS_HOST_H

#include "common/backend.h"
#include "common/resolve/lookup.h"

/* What ps__host_read returns for a name that must be looked up. */
#define PS__HOST_IS_NAME 1

/* As ps__host_addresses for what needs no lookup: a literal, and names below "localhost" (RFC
 * 6761, 6.3). For another name returns PS__HOST_IS_NAME, and `name` is what to look up: without
 * the characters that not every system's IDNA encodes alike. */
int ps__host_read(const char *host, int family, int flags, char name[PS_HOST_MAX],
                  ps__address_sink sink, void *context);

/* Passes the addresses (port 0) of a host to `sink`. `family` is AF_UNSPEC, AF_INET or AF_INET6.
 * `flags` are AI_*: with AI_NUMERICHOST no name is looked up; AI_PASSIVE and AI_NUMERICSERV are
 * not looked at. `limit` is ps__look_up's; a literal takes no time. Returns 0; PS_BAD_ADDRESS for
 * NULL or a text that is not UTF-8; PS_EAI_ADDRFAMILY for a literal of another family;
 * PS_EAI_NONAME, also for a literal with an unknown interface; what the system's resolver or the
 * sink returns. */
int ps__host_addresses(const char *host, int family, int flags, ps__limit *limit,
                       ps__address_sink sink, void *context);

/* Makes *a the first address of `family` (AF_INET, AF_INET6, AF_UNSPEC) that `host` has, port 0.
 * `host` may be a name or a literal of any family. `limit` is ps__look_up's. Returns 0;
 * PS_EAI_*; PS_BAD_ADDRESS when `host` is not UTF-8. */
int ps__host_first_address(const char *host, int family, ps__limit *limit, ps_addr *a);

#endif
