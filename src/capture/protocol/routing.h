/* What checksums need of a routing header. */
#ifndef PS_CAPTURE_PROTOCOL_ROUTING_H
#define PS_CAPTURE_PROTOCOL_ROUTING_H

#include "capture/protocol/ipv6_chain.h"

/* The last hop of a routing header that is not used up, or NULL. All its bytes are there. */
const unsigned char *ps__routing_last_hop(const ps__extension *routing);

#endif
