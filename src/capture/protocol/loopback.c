/* BSD's loopback: an address family, in the machine's byte order (NULL) or the network's (LOOP). */
#include "config.h"

#include "capture/protocol/link_layer.h"

enum { LOOPBACK_LENGTH = 4 };

/* The families by the numbers of the systems that write this header. */
enum { FAMILY_IPV4 = 2, FAMILY_IPV6_NETBSD = 24, FAMILY_IPV6_FREEBSD = 28, FAMILY_IPV6_MACOS = 30 };

static uint32_t reversed(uint32_t x)
{
    return (x & 0xff) << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24;
}

static bool decode_family(ps__decoder *decoder, bool network_order)
{
    const unsigned char *p = ps__decoder_need(decoder, LOOPBACK_LENGTH, PS_LAYER_LOOPBACK);
    ps_dissection *d = decoder->d;
    uint32_t family;

    if (!p)
        return false;
    family = ps__read32(p);
    if (!network_order && (family & 0xffff0000) != 0) /* in the right order it is a small number */
        family = reversed(family);
    d->layers |= PS_LAYER_LOOPBACK;
    d->link.family = family;
    decoder->at += LOOPBACK_LENGTH;
    d->network_offset = decoder->at;
    if (family == FAMILY_IPV4)
        return ps__network_decode(decoder, PS__ETHER_IPV4);
    if (family == FAMILY_IPV6_NETBSD || family == FAMILY_IPV6_FREEBSD ||
        family == FAMILY_IPV6_MACOS)
        return ps__network_decode(decoder, PS__ETHER_IPV6);
    return true;
}

bool ps__null_decode(ps__decoder *decoder)
{
    return decode_family(decoder, false);
}

bool ps__loop_decode(ps__decoder *decoder)
{
    return decode_family(decoder, true);
}

bool ps__null_text(ps__text *text)
{
    if (text->d->layers & PS_LAYER_LOOPBACK)
        PS__PUT_NUMBER(text->line, "AF ", text->d->link.family);
    return ps__link_end_text(text);
}
