/* The Internet Protocol, version 6: RFC 8200. The extension headers are files of their own. */
#include "config.h"

#include "capture/protocol/ipv6.h"

#include "capture/protocol/ip.h"
#include "capture/protocol/routing.h"

enum { IPV6_LENGTH = 40, NEXT_HEADER = 6 };

/* ---- decoding */

/* Each header is at least 8 bytes long, so the chain ends where the bytes do. */
static bool decode_chain(ps__decoder *decoder, uint8_t protocol)
{
    ps__chain chain = {decoder->data, decoder->at, decoder->end, protocol};
    ps_dissection *d = decoder->d;

    while (d->ip.fragment_offset == 0 && ps__chain_next(&chain, &decoder->extension)) {
        d->protocol = decoder->extension.protocol;
        if (!ps__ip_protocol_decode(decoder, 6, d->protocol))
            return false;
        chain.end = decoder->end; /* a jumbo payload option may have moved it */
    }
    return ps__ip_carried_decode(decoder, 6, chain.protocol);
}

/* Limits the decoder to what the header says is there. A length of 0 is in a jumbo payload option
 * behind it, or is that of a large TCP packet that the interface is to cut. */
static void take_length(ps__decoder *decoder, uint32_t length, uint8_t protocol)
{
    ps_dissection *d = decoder->d;
    uint32_t rest = decoder->wire_end - decoder->at;

    if (length == 0 && protocol == PS__PROTOCOL_TCP)
        length = rest;
    d->ip.total_length = IPV6_LENGTH + length;
    if (length > rest)
        ps__decoder_malformed(decoder, PS_LAYER_IPV6);
    if (length > 0 || protocol != PS__PROTOCOL_HOP_BY_HOP)
        ps__decoder_limit(decoder, length);
}

bool ps__ipv6_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, IPV6_LENGTH, PS_LAYER_IPV6);
    ps_dissection *d = decoder->d;

    if (!p)
        return false;
    if (p[0] >> 4 != 6) {
        ps__decoder_malformed(decoder, PS_LAYER_IPV6);
        return false;
    }
    d->layers |= PS_LAYER_IPV6;
    d->ip.version = 6;
    d->ip.traffic_class = (uint8_t)(p[0] << 4 | p[1] >> 4);
    d->ip.flow_label = ps__read32(p) & 0xfffff;
    d->ip.header_length = IPV6_LENGTH;
    d->ip.hop_limit = p[7];
    memcpy(d->ip.source, p + 8, 16);
    memcpy(d->ip.destination, p + 24, 16);
    decoder->at += IPV6_LENGTH;
    take_length(decoder, ps__read16(p + 4), p[NEXT_HEADER]);
    return decode_chain(decoder, p[NEXT_HEADER]);
}

/* ---- the line */

static bool text_bad_header(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, IPV6_LENGTH);

    if (!p)
        return ps__text_ends(text, "ip6");
    PS__PUT_NUMBER(text->line, "IP6 version error: ", p[0] >> 4);
    PS__PUT(text->line, " != 6");
    return false;
}

/* Writes the chain as far as the decoder went. Returns whether what IP carries is behind it. */
static bool text_chain(ps__text *text, uint8_t protocol)
{
    const ps_dissection *d = text->d;
    ps__chain chain = {text->packet->data, text->at + IPV6_LENGTH, text->end, protocol};

    while (chain.at != d->transport_offset) {
        text->at = chain.at;
        if (!ps__chain_next(&chain, &text->extension))
            return false;
        if (!ps__protocol_of_ip(6, text->extension.protocol)->text(text))
            return false;
        if (d->transport_offset == 0 && chain.at > d->payload_offset)
            return false; /* the decoder stopped at this header */
    }
    return d->ip.fragment_offset == 0;
}

bool ps__ipv6_text(ps__text *text)
{
    const ps_dissection *d = text->d;
    const unsigned char *p = ps__text_need(text, text->at, IPV6_LENGTH);
    uint32_t there = ps__text_wire_length(text, text->at);
    const ps__protocol *protocol;

    if ((d->layers & PS_LAYER_IPV6) == 0 || !p)
        return text_bad_header(text);
    PS__PUT(text->line, "IP6 ");
    if (d->ip.total_length > there) {
        PS__PUT_NUMBER(text->line, "truncated-ip6 - ", d->ip.total_length - there);
        PS__PUT(text->line, " bytes missing!");
    }
    protocol = ps__protocol_of_ip(6, p[NEXT_HEADER]);
    if (!ps__has_ports(protocol)) {
        ps__ip_addresses_text(text);
        PS__PUT(text->line, " ");
    }
    if (!text_chain(text, p[NEXT_HEADER]))
        return false;
    if (ps__is_extension(p[NEXT_HEADER]))
        protocol = ps__protocol_of_ip(6, d->protocol);
    return ps__ip_carried_text(text, protocol);
}

/* ---- checksums */

const unsigned char *ps__ipv6_last_hop(const ps_packet *packet, const ps_dissection *d)
{
    const unsigned char *header = packet->data + d->network_offset;
    ps__chain chain = {packet->data, d->network_offset + IPV6_LENGTH, d->transport_offset,
                       header[NEXT_HEADER]};
    const unsigned char *found = NULL;
    ps__extension extension;

    while (!found && ps__chain_next(&chain, &extension) && extension.bytes) {
        if (extension.protocol == PS__PROTOCOL_ROUTING && chain.at <= chain.end)
            found = ps__routing_last_hop(&extension);
    }
    return found;
}
