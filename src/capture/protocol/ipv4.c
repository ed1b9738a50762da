/* The Internet Protocol, version 4: RFC 791. */
#include "config.h"

#include "capture/protocol/ipv4.h"

#include "capture/protocol/ip.h"

enum { IPV4_LENGTH = 20 };

/* ---- decoding */

/* The lengths of the header and of the whole. Returns false when nothing can follow. */
static bool take_lengths(ps__decoder *decoder, const unsigned char *p)
{
    ps_dissection *d = decoder->d;
    uint32_t rest = decoder->wire_end - decoder->at;
    uint32_t header = (p[0] & 15u) * 4;
    uint32_t total = ps__read16(p + 2);

    d->ip.header_length = (uint16_t)header;
    d->ip.total_length = total;
    if (header < IPV4_LENGTH || (total < header && total != 0)) {
        ps__decoder_malformed(decoder, PS_LAYER_IPV4);
        return false;
    }
    if (total > rest)
        ps__decoder_malformed(decoder, PS_LAYER_IPV4);
    if (total != 0)
        ps__decoder_limit(decoder, total);
    else
        d->ip.total_length = rest;
    return ps__decoder_need(decoder, header, PS_LAYER_IPV4) != NULL;
}

static void take_fields(ps_dissection *d, const unsigned char *p)
{
    unsigned fragment = ps__read16(p + 6);

    d->ip.version = 4;
    d->ip.traffic_class = p[1];
    d->ip.id = ps__read16(p + 4);
    d->ip.flags = (uint8_t)((fragment & 0x2000 ? PS_IP_MORE_FRAGMENTS : 0) |
                            (fragment & 0x4000 ? PS_IP_DONT_FRAGMENT : 0) |
                            (fragment & 0x8000 ? PS_IP_RESERVED_FLAG : 0));
    d->ip.fragment_offset = (fragment & 0x1fff) * 8;
    d->ip.hop_limit = p[8];
    d->protocol = p[9];
    d->ip.checksum = ps__read16(p + 10);
    memcpy(d->ip.source, p + 12, 4);
    memcpy(d->ip.destination, p + 16, 4);
}

/* Of the extension headers only AH precedes what IPv4 carries. */
static bool decode_carried(ps__decoder *decoder, uint8_t protocol)
{
    ps__chain chain = {decoder->data, decoder->at, decoder->end, protocol};

    while (chain.protocol == PS__PROTOCOL_AH && decoder->d->ip.fragment_offset == 0) {
        ps__chain_next(&chain, &decoder->extension);
        if (!ps__ah_decode(decoder))
            return false;
    }
    return ps__ip_carried_decode(decoder, 4, chain.protocol);
}

bool ps__ipv4_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, IPV4_LENGTH, PS_LAYER_IPV4);
    ps_dissection *d = decoder->d;

    if (!p)
        return false;
    if (p[0] >> 4 != 4) {
        ps__decoder_malformed(decoder, PS_LAYER_IPV4);
        return false;
    }
    d->layers |= PS_LAYER_IPV4;
    take_fields(d, p);
    if (!take_lengths(decoder, p))
        return false;
    decoder->at += d->ip.header_length;
    return decode_carried(decoder, p[9]);
}

/* ---- the line */

static bool text_bad_header(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, 1);

    if (p && p[0] >> 4 != 4) {
        PS__PUT_NUMBER(text->line, "IP", p[0] >> 4);
        if (p[0] >> 4 == 6)
            PS__PUT(text->line, ", wrong link-layer encapsulation");
        PS__PUT(text->line, " (invalid)");
        return false;
    }
    if (p)
        PS__PUT(text->line, "IP ");
    return ps__text_ends(text, "ip");
}

/* How many bytes the header promises beyond what the link carried, or 0. */
static uint32_t missing_bytes(const ps__text *text)
{
    const ps_dissection *d = text->d;
    uint32_t there = d->transport_offset != 0
                         ? d->transport_offset - d->network_offset + d->transport_length
                         : ps__text_wire_length(text, d->network_offset);

    return d->ip.total_length > there ? d->ip.total_length - there : 0;
}

/* Writes the headers that decode_carried passed. Returns whether what IP carries is behind them. */
static bool text_chain(ps__text *text, uint8_t protocol)
{
    ps__chain chain = {text->packet->data, text->at + text->d->ip.header_length, text->end,
                       protocol};

    while (chain.protocol == PS__PROTOCOL_AH) {
        text->at = chain.at;
        ps__chain_next(&chain, &text->extension);
        if (!ps__ah_text(text))
            return false;
    }
    return chain.at == text->d->transport_offset;
}

/* What is behind the header, with the addresses in front unless they belong to ports. */
static bool text_carried(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, IPV4_LENGTH);
    bool there = p && ps__text_need(text, text->at, text->d->ip.header_length);
    const ps__protocol *protocol = there ? ps__protocol_of_ip(4, p[9]) : NULL;

    if (!ps__has_ports(protocol)) {
        ps__ip_addresses_text(text);
        PS__PUT(text->line, " ");
    }
    if (!there)
        return ps__text_ends(text, "ip");
    if (!text_chain(text, p[9]))
        return false;
    if (p[9] == PS__PROTOCOL_AH)
        protocol = ps__protocol_of_ip(4, text->d->protocol);
    return ps__ip_carried_text(text, protocol);
}

bool ps__ipv4_text(ps__text *text)
{
    const ps_dissection *d = text->d;

    if ((d->layers & PS_LAYER_IPV4) == 0)
        return text_bad_header(text);
    PS__PUT(text->line, "IP ");
    if (d->ip.header_length < IPV4_LENGTH) {
        PS__PUT_NUMBER(text->line, "bad-hlen ", d->ip.header_length);
        return false;
    }
    if (missing_bytes(text) > 0) {
        PS__PUT_NUMBER(text->line, "truncated-ip - ", missing_bytes(text));
        PS__PUT(text->line, " bytes missing! ");
    }
    if (d->ip.total_length < d->ip.header_length) {
        PS__PUT_NUMBER(text->line, "bad-len ", d->ip.total_length);
        return false;
    }
    if (d->ip.fragment_offset > 0) {
        ps__ip_addresses_text(text);
        PS__PUT_NUMBER(text->line, " ip-proto-", d->protocol);
        return true;
    }
    return text_carried(text);
}

/* ---- checksums */

/* The kinds of options, where a source route ends. */
enum {
    OPTION_END = 0,
    OPTION_NOP = 1,
    OPTION_LOOSE_ROUTE = 131,
    OPTION_STRICT_ROUTE = 137,
    ROUTE_LENGTH_MIN = 7
};

const unsigned char *ps__ipv4_last_hop(const unsigned char *header, uint32_t length)
{
    uint32_t at = IPV4_LENGTH;

    while (at + 1 < length && header[at] != OPTION_END) {
        bool route = header[at] == OPTION_LOOSE_ROUTE || header[at] == OPTION_STRICT_ROUTE;
        uint32_t option = header[at] == OPTION_NOP ? 1 : header[at + 1];

        if (option == 0 || (option < 2 && header[at] != OPTION_NOP) || option > length - at)
            return NULL;
        if (route && option >= ROUTE_LENGTH_MIN)
            return header + at + option - 4;
        at += option;
    }
    return NULL;
}
