#include "portsock.h"

/* For a system without AF_NETLINK: the names are there, and say so. */

int ps_addr_netlink(ps_addr *a, unsigned pid, unsigned groups)
{
    (void)pid;
    (void)groups;
    if (!a)
        return PS_EFAULT;
    a->len = 0;
    return PS_BAD_FAMILY;
}

int ps_addr_get_netlink(const ps_addr *a, unsigned *pid, unsigned *groups)
{
    if (pid)
        *pid = 0;
    if (groups)
        *groups = 0;
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}
