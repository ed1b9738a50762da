/* The User Datagram Protocol: RFC 768, and its length in jumbograms, RFC 2675. */
#include "config.h"

#include "capture/protocol/ip.h"

enum { UDP_LENGTH = 8 };

/* The length of header and payload; 0 in a jumbogram, where it is IP's. */
static uint32_t whole_length(const ps_dissection *d)
{
    return d->udp.length == 0 && d->transport_length > UINT16_MAX ? d->transport_length
                                                                  : d->udp.length;
}

bool ps__udp_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, UDP_LENGTH, PS_LAYER_UDP);
    ps_dissection *d = decoder->d;
    uint32_t length;

    if (!p)
        return false;
    d->layers |= PS_LAYER_UDP;
    d->source_port = ps__read16(p);
    d->destination_port = ps__read16(p + 2);
    d->udp.length = ps__read16(p + 4);
    d->udp.checksum = ps__read16(p + 6);
    length = whole_length(d);
    /* The first of several fragments has only a part. */
    if (length < UDP_LENGTH ||
        (length > decoder->wire_end - decoder->at && (d->ip.flags & PS_IP_MORE_FRAGMENTS) == 0))
        ps__decoder_malformed(decoder, PS_LAYER_UDP);
    ps__decoder_limit(decoder, length < UDP_LENGTH ? UDP_LENGTH : length);
    decoder->at += UDP_LENGTH;
    return true;
}

static void text_length(ps__text *text)
{
    const ps_dissection *d = text->d;
    uint32_t length = whole_length(d);
    uint32_t there = d->transport_length - UDP_LENGTH;

    if (length < UDP_LENGTH) {
        PS__PUT_NUMBER(text->line, "truncated-udplength ", length);
    } else if (length - UDP_LENGTH > there && (d->ip.flags & PS_IP_MORE_FRAGMENTS) == 0) {
        PS__PUT_NUMBER(text->line, "UDP, bad length ", length - UDP_LENGTH);
        PS__PUT_NUMBER(text->line, " > ", there);
    } else {
        PS__PUT_NUMBER(text->line, "UDP, length ", length - UDP_LENGTH);
    }
}

bool ps__udp_text(ps__text *text)
{
    if (!ps__ip_ports_text(text)) {
        if (text->d->ip.extension_count == 0)
            PS__PUT(text->line, " ");
        return ps__text_ends(text, "udp");
    }
    if (text->d->transport_length < UDP_LENGTH)
        PS__PUT_NUMBER(text->line, "truncated-udp ", text->d->transport_length);
    else if ((text->d->layers & PS_LAYER_UDP) == 0)
        return ps__text_ends(text, "udp");
    else
        text_length(text);
    return true;
}
