/* What checksums need of an IPv6 packet. */
#ifndef PS_CAPTURE_PROTOCOL_IPV6_H
#define PS_CAPTURE_PROTOCOL_IPV6_H

#include "portsock-capture/dissect.h"

/* The last hop of a routing header that is not used up, or NULL. *d is of this packet. */
const unsigned char *ps__ipv6_last_hop(const ps_packet *packet, const ps_dissection *d);

#endif
