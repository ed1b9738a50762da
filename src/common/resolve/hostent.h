/* The system's host entries, copied to what Python 2.7 calls a triple (name, aliases,
 * addresses). */
#ifndef PS_HOSTENT_H
#define PS_HOSTENT_H

#include "common/wait/wait.h"

/* Makes *h of an inet or inet6 entry. Returns 0 or PS_ENOMEM. */
int ps__make_hostent(const struct hostent *entry, ps_hostent **h);

/* Looks up the entry of a name (IPv4) or of an inet or inet6 address, in this call or, with a
 * limit, in the background. Returns 0; PS_HOST_NOT_FOUND and the other errors of the older host
 * functions; PS_EAFNOSUPPORT for an entry of another family; PS_ENOMEM; what ps__task_start and
 * ps__task_wait return. */
int ps__host_entry_by_name(const char *name, ps__limit *limit, ps_hostent **h);
int ps__host_entry_by_address(const ps_addr *a, ps__limit *limit, ps_hostent **h);

#endif
