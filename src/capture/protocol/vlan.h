/* VLAN tags. */
#ifndef PS_CAPTURE_PROTOCOL_VLAN_H
#define PS_CAPTURE_PROTOCOL_VLAN_H

#include "capture/protocol/numbers.h"

#include <stdbool.h>
#include <stdint.h>

/* 802.1Q, 802.1ad, and what QinQ used before it. One comparison rules out IPv4 and ARP. */
static inline bool ps__is_vlan(uint16_t type)
{
    return type >= PS__ETHER_VLAN && (type == PS__ETHER_VLAN || type == PS__ETHER_VLAN_SERVICE ||
                                      type == PS__ETHER_VLAN_OLD || type == 0x9200);
}

#endif
