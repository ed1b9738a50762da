#include "portsock.h"

/* For a system without AF_CAN: the names are there, and say so. */

int ps_addr_can(ps_addr *a, const char *ifname, unsigned rx_id, unsigned tx_id)
{
    (void)ifname;
    (void)rx_id;
    (void)tx_id;
    if (!a)
        return PS_EFAULT;
    a->len = 0;
    return PS_BAD_FAMILY;
}

int ps_addr_get_can(const ps_addr *a, char *ifname, size_t n, unsigned *rx_id, unsigned *tx_id)
{
    if (ifname && n > 0)
        *ifname = '\0';
    if (rx_id)
        *rx_id = 0;
    if (tx_id)
        *tx_id = 0;
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}
