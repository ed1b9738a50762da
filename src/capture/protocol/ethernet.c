/* Ethernet II and IEEE 802.3. */
#include "config.h"

#include "capture/protocol/link_layer.h"

enum { ETHERNET_LENGTH = 14 };

bool ps__ethernet_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, ETHERNET_LENGTH, PS_LAYER_ETHERNET);
    ps_dissection *d = decoder->d;

    if (!p)
        return false;
    d->layers |= PS_LAYER_ETHERNET;
    memcpy(d->link.destination, p, 6);
    memcpy(d->link.source, p + 6, 6);
    d->link.source_length = d->link.destination_length = 6;
    decoder->at += ETHERNET_LENGTH;
    return ps__tagged_decode(decoder, ps__read16(p + 12));
}

bool ps__ethernet_text(ps__text *text)
{
    if (text->d->layers & PS_LAYER_ETHERNET) {
        ps__line_hardware(text->line, text->d->link.source, 6);
        PS__PUT(text->line, " > ");
        ps__line_hardware(text->line, text->d->link.destination, 6);
        PS__PUT(text->line, ", ");
    }
    return ps__link_carried_text(text);
}
