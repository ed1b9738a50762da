/* Which hosts are addresses: the one place that decides, for every function that takes a host. */
#ifndef PS_LITERAL_H
#define PS_LITERAL_H

#include "portsock/address.h"

#include <stdbool.h>

enum { PS__LITERAL_NONE = 0, PS__LITERAL_FOUND = 1 };

/* Makes *a, with port 0, of a host that is an IPv4 address (one to four parts, decimal) or an
 * IPv6 address with or without a scope. Returns PS__LITERAL_FOUND; PS__LITERAL_NONE for what may
 * be a name; PS_BAD_ADDRESS for a host of numbers that is no address, or that others read as
 * octal or hexadecimal; PS_BAD_SCOPE for an unknown interface; what else the system says when it
 * is asked for one. */
int ps__literal_read(const char *host, ps_addr *a);

/* The same in fewer steps of what is mostly written: four decimal parts, or IPv6 without a scope.
 * false for everything else. */
bool ps__literal_read_usual(const char *host, ps_addr *a);

#endif
