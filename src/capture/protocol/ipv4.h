/* What checksums need of an IPv4 header. */
#ifndef PS_CAPTURE_PROTOCOL_IPV4_H
#define PS_CAPTURE_PROTOCOL_IPV4_H

#include <stdint.h>

/* The last hop of a source route, or NULL. `length` bytes of the header are there. */
const unsigned char *ps__ipv4_last_hop(const unsigned char *header, uint32_t length);

#endif
