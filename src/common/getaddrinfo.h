/* Addresses of a host, until a limit that the caller has begun. */
#ifndef PS_GETADDRINFO_H
#define PS_GETADDRINFO_H

#include "wait.h"

/* As ps_getaddrinfo_within; its arguments are checked, and `list` is not NULL. */
int ps__getaddrinfo_until(const char *host, const char *service, int family, int type, int proto, int flags,
                          ps__limit *limit, ps_addrinfo **list);

#endif
