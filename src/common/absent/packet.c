#include "portsock.h"

/* For a system without AF_PACKET: the names are there, and say so. */

int ps_addr_packet(ps_addr *a, const char *ifname, int proto, int pkttype, int hatype, const void *hw, size_t hwlen)
{
    (void)ifname;
    (void)proto;
    (void)pkttype;
    (void)hatype;
    (void)hw;
    (void)hwlen;
    if (!a)
        return PS_EFAULT;
    a->len = 0;
    return PS_BAD_FAMILY;
}

int ps_addr_get_packet(const ps_addr *a, char *ifname, size_t n, int *proto, int *pkttype, int *hatype, void *hw,
                       size_t *hwlen)
{
    (void)hw;
    if (ifname && n > 0)
        *ifname = '\0';
    if (proto)
        *proto = 0;
    if (pkttype)
        *pkttype = 0;
    if (hatype)
        *hatype = 0;
    if (hwlen)
        *hwlen = 0;
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}
