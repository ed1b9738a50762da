/* What link headers share: what follows them, and the line of what is neither IP nor ARP. */
#ifndef PS_CAPTURE_PROTOCOL_LINK_LAYER_H
#define PS_CAPTURE_PROTOCOL_LINK_LAYER_H

#include "capture/protocol/decoder.h"
#include "capture/protocol/packet_text.h"
#include "capture/protocol/registry.h"
#include "capture/protocol/vlan.h"

/* Decodes what is of this ether type. */
static inline bool ps__network_decode(ps__decoder *decoder, uint16_t type)
{
    decoder->d->ether_type = type;
    decoder->d->network_offset = decoder->at;
    return ps__ether_type_decode(decoder, type);
}

/* The same where the number may be a length, up to 1500, with LLC behind it. */
bool ps__type_or_length_decode(ps__decoder *decoder, uint16_t type);

/* The same where VLAN tags may come first. */
static inline bool ps__tagged_decode(ps__decoder *decoder, uint16_t type)
{
    return ps__is_vlan(type) ? ps__vlan_decode(decoder) : ps__type_or_length_decode(decoder, type);
}

/* "IPv4", "ARP", ...: the name of an ether type, or NULL. */
const char *ps__ether_type_name(uint16_t type);

/* "ethertype IPv4 (0x0800)", or nothing when there is none. Returns whether there is one. */
bool ps__ether_type_text(ps__text *text);

/* Writes what the link header carries, and the end of the line. */
bool ps__link_carried_text(ps__text *text);

/* Writes the end of the line: which link header ended too soon, or the length. */
bool ps__link_end_text(ps__text *text);

#endif
