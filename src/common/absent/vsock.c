#include "portsock.h"

/* For a system without AF_VSOCK: the names are there, and say so. */

int ps_addr_vsock(ps_addr *a, unsigned cid, unsigned port)
{
    (void)cid;
    (void)port;
    if (!a)
        return PS_EFAULT;
    a->len = 0;
    return PS_BAD_FAMILY;
}

int ps_addr_get_vsock(const ps_addr *a, unsigned *cid, unsigned *port)
{
    if (cid)
        *cid = 0;
    if (port)
        *port = 0;
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}
