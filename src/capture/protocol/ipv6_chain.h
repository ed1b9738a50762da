/*
 * The chain of IPv6 extension headers. Decoding, the line, checksums and the datagrams that ICMPv6
 * quotes all go through it by ps__chain_next, the only function that knows which numbers are
 * extension headers, and how long each is.
 */
#ifndef PS_CAPTURE_PROTOCOL_IPV6_CHAIN_H
#define PS_CAPTURE_PROTOCOL_IPV6_CHAIN_H

#include "capture/protocol/numbers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No extension header is shorter, and each has its length in these bytes. */
enum { PS__EXTENSION_LENGTH_MIN = 8 };

/* One extension header. Its length may be more than there is; it is unset when bytes is NULL. */
typedef struct ps__extension {
    const unsigned char *bytes; /* the first PS__EXTENSION_LENGTH_MIN, or NULL: not all are there */
    uint32_t length;            /* by its own account */
    uint8_t protocol;           /* its number */
} ps__extension;

typedef struct ps__chain {
    const unsigned char *data; /* the packet */
    uint32_t at;               /* where the next header begins */
    uint32_t end;              /* where the bytes end */
    uint8_t protocol;          /* the next header's number */
} ps__chain;

static inline bool ps__is_extension(uint8_t protocol)
{
    return protocol == PS__PROTOCOL_HOP_BY_HOP || protocol == PS__PROTOCOL_ROUTING ||
           protocol == PS__PROTOCOL_FRAGMENT || protocol == PS__PROTOCOL_AH ||
           protocol == PS__PROTOCOL_DESTINATION;
}

/* From the bytes that all of them have. */
static inline uint32_t ps__extension_length(uint8_t protocol, const unsigned char *p)
{
    if (protocol == PS__PROTOCOL_FRAGMENT)
        return PS__EXTENSION_LENGTH_MIN;
    return protocol == PS__PROTOCOL_AH ? (p[1] + 2u) * 4 : (p[1] + 1u) * 8;
}

/*
 * Finds the next extension header, and goes behind it unless its first bytes are missing.
 * Returns false when none is next: chain->protocol is what IP carries, from chain->at on.
 */
static inline bool ps__chain_next(ps__chain *chain, ps__extension *extension)
{
    const unsigned char *p;

    if (!ps__is_extension(chain->protocol))
        return false;
    extension->protocol = chain->protocol;
    if (chain->at > chain->end || chain->end - chain->at < PS__EXTENSION_LENGTH_MIN) {
        extension->bytes = NULL;
        return true;
    }
    p = chain->data + chain->at;
    extension->bytes = p;
    extension->length = ps__extension_length(chain->protocol, p);
    chain->at += extension->length;
    chain->protocol = p[0];
    return true;
}

#endif
