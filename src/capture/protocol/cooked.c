/* Linux's cooked headers, version 1 (SLL) and 2 (SLL2): captures of several kinds of links. */
#include "config.h"

#include "capture/protocol/link_layer.h"

enum { COOKED_LENGTH = 16, COOKED2_LENGTH = 20, HARDWARE_MAX = 8 };

/* Numbers up to here are no ether types, but name the kind of frame: of those LLC is decoded. */
enum { FRAME_MAX = 1500, FRAME_802_2 = 4 };

static void take_source(ps_dissection *d, const unsigned char *address, unsigned length)
{
    d->link.source_length = (uint8_t)(length < HARDWARE_MAX ? length : HARDWARE_MAX);
    memcpy(d->link.source, address, d->link.source_length);
}

static bool decode_carried(ps__decoder *decoder, uint16_t type)
{
    decoder->d->network_offset = decoder->at;
    if (type > FRAME_MAX)
        return ps__tagged_decode(decoder, type);
    return type != FRAME_802_2 || ps__llc_decode(decoder);
}

bool ps__cooked_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, COOKED_LENGTH, PS_LAYER_COOKED);
    ps_dissection *d = decoder->d;

    if (!p)
        return false;
    d->layers |= PS_LAYER_COOKED;
    d->link.packet_type = ps__read16(p);
    d->link.hardware_type = ps__read16(p + 2);
    take_source(d, p + 6, ps__read16(p + 4));
    decoder->at += COOKED_LENGTH;
    return decode_carried(decoder, ps__read16(p + 14));
}

bool ps__cooked2_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, COOKED2_LENGTH, PS_LAYER_COOKED);
    ps_dissection *d = decoder->d;

    if (!p)
        return false;
    d->layers |= PS_LAYER_COOKED;
    d->link.interface_index = ps__read32(p + 4);
    d->link.hardware_type = ps__read16(p + 8);
    d->link.packet_type = p[10];
    take_source(d, p + 12, p[11]);
    decoder->at += COOKED2_LENGTH;
    return decode_carried(decoder, ps__read16(p));
}

/* "In ", right-aligned in 3 places. */
static void text_packet_type(ps__text *text)
{
    static const char *const names[] = {" In", "  B", "  M", "  P", "Out"};
    uint16_t type = text->d->link.packet_type;

    ps__line_text(text->line, type < sizeof names / sizeof names[0] ? names[type] : "  ?");
    PS__PUT(text->line, " ");
    if (text->d->link.source_length == 6) {
        ps__line_hardware(text->line, text->d->link.source, 6);
        PS__PUT(text->line, " ");
    }
}

bool ps__cooked_text(ps__text *text)
{
    if (text->d->layers & PS_LAYER_COOKED)
        text_packet_type(text);
    return ps__link_carried_text(text);
}
