/* The 8 bytes that ICMP and ICMPv6 messages begin with. */
#ifndef PS_CAPTURE_PROTOCOL_ICMP_H
#define PS_CAPTURE_PROTOCOL_ICMP_H

#include "capture/protocol/decoder.h"
#include "capture/protocol/packet_text.h"

enum { PS__ICMP_LENGTH = 8 };

/* Takes the fields. Returns the header, or NULL when it is not all there. Does not move. */
static inline const unsigned char *ps__icmp_take_header(ps__decoder *decoder, uint32_t layer)
{
    const unsigned char *p = ps__decoder_need(decoder, PS__ICMP_LENGTH, layer);
    ps_dissection *d = decoder->d;

    if (!p)
        return NULL;
    d->layers |= layer;
    d->icmp.type = p[0];
    d->icmp.code = p[1];
    d->icmp.checksum = ps__read16(p + 2);
    d->icmp.id = ps__read16(p + 4);
    d->icmp.sequence = ps__read16(p + 6);
    d->icmp.value = ps__read32(p + 4);
    return p;
}

#endif
