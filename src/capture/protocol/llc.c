/* Logical link control, IEEE 802.2, with SNAP. */
#include "config.h"

#include "capture/protocol/link_layer.h"

enum { NUMBERED_LENGTH = 4, UNNUMBERED_LENGTH = 3, SNAP_LENGTH = 5 };

/* The service access points, and the control field of what has no sequence number. */
enum { SAP_IPV4 = 0x06, SAP_SNAP = 0xaa, UNNUMBERED_INFORMATION = 0x03 };

/* SNAP with no organization carries an ether type. */
static bool decode_snap(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, SNAP_LENGTH, PS_LAYER_LLC);
    ps_dissection *d = decoder->d;

    if (!p)
        return false;
    d->link.snap = true;
    d->link.oui = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    decoder->at += SNAP_LENGTH;
    d->network_offset = decoder->at;
    return d->link.oui != 0 || ps__network_decode(decoder, ps__read16(p + 3));
}

bool ps__llc_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, UNNUMBERED_LENGTH, PS_LAYER_LLC);
    ps_dissection *d = decoder->d;
    bool unnumbered;

    if (!p)
        return false;
    unnumbered = (p[2] & 3) == 3;
    if (!unnumbered && !ps__decoder_need(decoder, NUMBERED_LENGTH, PS_LAYER_LLC))
        return false;
    d->layers |= PS_LAYER_LLC;
    d->link.dsap = p[0];
    d->link.ssap = p[1];
    d->link.control = unnumbered ? p[2] : (uint16_t)(p[2] | p[3] << 8);
    decoder->at += unnumbered ? UNNUMBERED_LENGTH : NUMBERED_LENGTH;
    d->network_offset = decoder->at;
    if (p[0] != p[1] || p[2] != UNNUMBERED_INFORMATION)
        return true;
    if (p[0] == SAP_IPV4) /* RFC 948 */
        return ps__network_decode(decoder, PS__ETHER_IPV4);
    return p[0] != SAP_SNAP || decode_snap(decoder);
}

bool ps__llc_text(ps__text *text)
{
    const ps_dissection *d = text->d;

    PS__PUT(text->line, "LLC dsap 0x");
    ps__line_hex(text->line, d->link.dsap, 2);
    PS__PUT(text->line, " ssap 0x");
    ps__line_hex(text->line, d->link.ssap, 2);
    PS__PUT(text->line, " ctrl 0x");
    ps__line_hex_number(text->line, d->link.control);
    if (d->link.snap) {
        PS__PUT(text->line, " oui 0x");
        ps__line_hex(text->line, d->link.oui, 6);
    }
    return true;
}
