#include "portsock.h"

/* For a system without AF_TIPC: the names are there, and say so. */

int ps_addr_tipc(ps_addr *a, int addr_type, unsigned v1, unsigned v2, unsigned v3, int scope)
{
    (void)addr_type;
    (void)v1;
    (void)v2;
    (void)v3;
    (void)scope;
    if (!a)
        return PS_EFAULT;
    a->len = 0;
    return PS_BAD_FAMILY;
}

int ps_addr_get_tipc(const ps_addr *a, int *addr_type, unsigned *v1, unsigned *v2, unsigned *v3, int *scope)
{
    if (addr_type)
        *addr_type = 0;
    if (v1)
        *v1 = 0;
    if (v2)
        *v2 = 0;
    if (v3)
        *v3 = 0;
    if (scope)
        *scope = 0;
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}
