/* The name of this machine's own loopback, which needs no name server (RFC 6761, section 6.3). */
#ifndef PS_LOCALHOST_H
#define PS_LOCALHOST_H

#include "common/wait/wait.h"

/* Whether a name, which is not empty, is "localhost", and whether it is one below it:
 * "name.localhost". A dot may end either. */
bool ps__is_localhost(const char *name);
bool ps__is_below_localhost(const char *name);

/* Shortens a limit to how long the system's answer is worth waiting for: a system that does not
 * know localhost asks a name server, which need not answer. PS_TIMED_OUT by this limit means that
 * the system does not know. */
ps__limit ps__localhost_limit(const ps__limit *limit);

/* Passes the loopback addresses of a family to `sink`, IPv6 first; the name, which may be NULL, is
 * their canonical name. Returns 0, or what the sink returns. */
int ps__report_localhost(const char *name, int family, ps__address_sink sink, void *context);

#endif
