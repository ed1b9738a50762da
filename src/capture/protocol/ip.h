/* What IPv4 and IPv6 share: what they carry, and their addresses in a line. */
#ifndef PS_CAPTURE_PROTOCOL_IP_H
#define PS_CAPTURE_PROTOCOL_IP_H

#include "capture/protocol/decoder.h"
#include "capture/protocol/packet_text.h"
#include "capture/protocol/registry.h"

/* Decodes what IP carries, which begins here, unless this is a later fragment. */
static inline bool ps__ip_carried_decode(ps__decoder *decoder, unsigned version, uint8_t protocol)
{
    ps_dissection *d = decoder->d;

    d->protocol = protocol;
    d->transport_offset = decoder->at;
    d->transport_length = decoder->wire_end - decoder->at;
    return d->ip.fragment_offset != 0 || ps__ip_protocol_decode(decoder, version, protocol);
}

/* The same in the line; NULL: a protocol that the table does not have. */
bool ps__ip_carried_text(ps__text *text, const ps__protocol *protocol);

/* Whether the text of a protocol has the addresses in it. */
static inline bool ps__has_ports(const ps__protocol *protocol)
{
    return protocol && (protocol->flags & PS__HAS_PORTS) != 0;
}

/* "A > B:" */
void ps__ip_addresses_text(ps__text *text);

/* One address, of the version that the packet has. */
void ps__ip_address_text(ps__text *text, const unsigned char *address);

/* "A.1 > B.2: ", or "1 > 2: " behind extension headers. Writes "A > B:" and returns false when the
 * ports are not there. */
bool ps__ip_ports_text(ps__text *text);

#endif
