/* Loopback addresses in few steps, for where each connection asks. */
#ifndef PS_LOOPBACK_H
#define PS_LOOPBACK_H

#include "common/compiler.h"
#include "portsock/address.h"

#include <stdbool.h>

/* Whether an address is in 127.0.0.0/8, or ::1. */
static ALWAYS_INLINE bool ps__is_on_loopback(const ps_addr *a)
{
    if (a->sa.sa_family == AF_INET)
        return *(const unsigned char *)&a->in.sin_addr == 127;
    return a->sa.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&a->in6.sin6_addr);
}

#endif
