#include "config.h"

#include "capture/format.h"

enum { IPV4_LENGTH = 20, IPV6_LENGTH = 40, ROUTING_DEPRECATED = 0, ROUTING_HOME = 2, ROUTING_SEGMENTS = 4 };

static bool has_ports(uint8_t protocol)
{
    return protocol == PS__PROTOCOL_TCP || protocol == PS__PROTOCOL_UDP;
}

/* "AH(spi=...,seq=...,icv=0x...): ". Returns the header's length, or 0 when it is not all there. */
static uint32_t text_ah(ps__text *t, uint32_t at)
{
    const unsigned char *p = ps__text_need(t, at, 12);
    uint32_t length = p == NULL ? 0 : (p[1] + 2u) * 4;

    if (length < 12 || ps__text_need(t, at, length) == NULL) {
        ps__text_ends(t, "ah");
        return 0;
    }
    PS__PUT(t->line, "AH(spi=0x");
    ps__line_hex(t->line, ps__read32(p + 4), 8);
    PS__PUT(t->line, ",seq=0x");
    ps__line_hex_number(t->line, ps__read32(p + 8));
    PS__PUT(t->line, ",icv=0x");
    ps__line_bytes(t->line, p + 12, length - 12);
    PS__PUT(t->line, "): ");
    return length;
}

/* ---- IPv4 ---- */

static void text_bad_ipv4(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, t->d->network_offset, 1);

    if (p != NULL && p[0] >> 4 != 4) {
        PS__PUT_NUMBER(t->line, "IP", p[0] >> 4);
        if (p[0] >> 4 == 6)
            PS__PUT(t->line, ", wrong link-layer encapsulation");
        PS__PUT(t->line, " (invalid)");
        return;
    }
    if (p != NULL)
        PS__PUT(t->line, "IP ");
    ps__text_ends(t, "ip");
}

/* How many bytes the header promises beyond what the link carried, or 0. */
static uint32_t missing_bytes(const ps__text *t)
{
    uint32_t there = t->d->transport_offset != 0
                         ? t->d->transport_offset - t->d->network_offset + t->d->transport_length
                         : ps__text_wire_length(t, t->d->network_offset);

    return t->d->ip.total_length > there ? t->d->ip.total_length - there : 0;
}

void ps__text_ipv4(ps__text *t)
{
    uint32_t at = t->d->network_offset + t->d->ip.header_length;
    const unsigned char *p;
    uint8_t protocol;

    if ((t->d->layers & PS_LAYER_IPV4) == 0) {
        text_bad_ipv4(t);
        return;
    }
    PS__PUT(t->line, "IP ");
    if (t->d->ip.header_length < IPV4_LENGTH) {
        PS__PUT_NUMBER(t->line, "bad-hlen ", t->d->ip.header_length);
        return;
    }
    if (missing_bytes(t) > 0) {
        PS__PUT_NUMBER(t->line, "truncated-ip - ", missing_bytes(t));
        PS__PUT(t->line, " bytes missing! ");
    }
    if (t->d->ip.total_length < t->d->ip.header_length) {
        PS__PUT_NUMBER(t->line, "bad-len ", t->d->ip.total_length);
        return;
    }
    if (t->d->ip.fragment_offset > 0) {
        ps__text_addresses(t);
        PS__PUT_NUMBER(t->line, "ip-proto-", t->d->protocol);
        return;
    }
    p = ps__text_need(t, t->d->network_offset, IPV4_LENGTH);
    protocol = p == NULL ? 0 : p[9];
    if (p == NULL || !has_ports(protocol) || ps__text_need(t, at, 0) == NULL)
        ps__text_addresses(t);
    if (p == NULL || ps__text_need(t, at, 0) == NULL) {
        ps__text_ends(t, "ip");
        return;
    }
    while (protocol == PS__PROTOCOL_AH) {
        uint32_t length = text_ah(t, at);

        if (length == 0)
            return;
        protocol = t->packet->data[at];
        at += length;
    }
    if (t->d->transport_offset == at)
        ps__text_transport(t);
}

/* ---- IPv6 ---- */

/* The addresses of a routing header, which reach as far as its length says. */
static void text_route(ps__text *t, const unsigned char *p)
{
    unsigned count = p[1] / 2u;
    unsigned i;

    for (i = 0; i < count; i++) {
        PS__PUT_NUMBER(t->line, ", [", i);
        PS__PUT(t->line, "]");
        ps__line_inet6(t->line, p + 8 + 16 * i);
    }
}

/* The whole header is at p. */
static void text_routing(ps__text *t, const unsigned char *p)
{
    uint8_t type = p[2];

    PS__PUT_NUMBER(t->line, "RT6 (len=", p[1]);
    PS__PUT_NUMBER(t->line, ", type=", type);
    if (type == ROUTING_DEPRECATED)
        PS__PUT(t->line, " [Deprecated]");
    PS__PUT_NUMBER(t->line, ", segleft=", p[3]);
    if (type == ROUTING_SEGMENTS) {
        PS__PUT_NUMBER(t->line, ", last-entry=", p[4]);
        if (p[5] != 0) {
            PS__PUT(t->line, ", flags=0x");
            ps__line_hex_number(t->line, p[5]);
        }
        PS__PUT(t->line, ", tag=");
        ps__line_hex_number(t->line, ps__read16(p + 6));
    } else if (ps__read32(p + 4) != 0) {
        PS__PUT(t->line, ", rsv=0x");
        ps__line_hex_number(t->line, ps__read32(p + 4));
    }
    if (type == ROUTING_DEPRECATED || type == ROUTING_HOME || type == ROUTING_SEGMENTS)
        text_route(t, p);
    PS__PUT(t->line, ") ");
}

static uint32_t text_options(ps__text *t, uint32_t at, uint8_t protocol)
{
    const unsigned char *p = ps__text_need(t, at, 8);
    uint32_t length = p == NULL ? 0 : (p[1] + 1u) * 8;

    if (p == NULL || ps__text_need(t, at, length) == NULL) {
        ps__text_ends(t, protocol == PS__PROTOCOL_HOP_BY_HOP ? "hbhopt"
                         : protocol == PS__PROTOCOL_ROUTING  ? "rt6"
                                                             : "dstopt");
        return 0;
    }
    if (protocol == PS__PROTOCOL_HOP_BY_HOP)
        PS__PUT(t->line, "HBH ");
    else if (protocol == PS__PROTOCOL_ROUTING)
        text_routing(t, p);
    else
        PS__PUT(t->line, "DSTOPT ");
    if (protocol == PS__PROTOCOL_HOP_BY_HOP && (t->d->malformed_layer & PS_LAYER_HOP_BY_HOP) != 0)
        PS__PUT(t->line, "[bad hop-by-hop header]");
    return length;
}

static uint32_t text_fragment(ps__text *t, uint32_t at)
{
    const unsigned char *p = ps__text_need(t, at, 8);

    if (p == NULL) {
        ps__text_ends(t, "frag6");
        return 0;
    }
    PS__PUT_NUMBER(t->line, "frag (", ps__read16(p + 2) & 0xfff8u);
    PS__PUT_NUMBER(t->line, "|", t->d->ip.total_length + t->d->network_offset - at - 8);
    PS__PUT(t->line, ")");
    if ((ps__read16(p + 2) & 0xfff8u) == 0)
        PS__PUT(t->line, " ");
    return 8;
}

/* The chain of extension headers, as far as the decoder went. Returns whether what IP carries is behind it. */
static bool text_extensions(ps__text *t)
{
    uint32_t at = t->d->network_offset + IPV6_LENGTH;
    uint8_t protocol = t->packet->data[t->d->network_offset + 6];
    uint32_t length;

    while (at != t->d->transport_offset) {
        switch (protocol) {
        case PS__PROTOCOL_HOP_BY_HOP:
        case PS__PROTOCOL_ROUTING:
        case PS__PROTOCOL_DESTINATION:
            length = text_options(t, at, protocol);
            break;
        case PS__PROTOCOL_FRAGMENT:
            length = text_fragment(t, at);
            break;
        case PS__PROTOCOL_AH:
            length = text_ah(t, at);
            break;
        default:
            return false;
        }
        if (length == 0)
            return false;
        protocol = t->packet->data[at];
        at += length;
        if (t->d->transport_offset == 0 && at > t->d->payload_offset)
            return false; /* the decoder stopped at this header */
    }
    return t->d->ip.fragment_offset == 0;
}

static void text_bad_ipv6(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, t->d->network_offset, IPV6_LENGTH);

    if (p == NULL) {
        ps__text_ends(t, "ip6");
        return;
    }
    PS__PUT_NUMBER(t->line, "IP6 version error: ", p[0] >> 4);
    PS__PUT(t->line, " != 6");
}

void ps__text_ipv6(ps__text *t)
{
    uint32_t there = ps__text_wire_length(t, t->d->network_offset);

    if ((t->d->layers & PS_LAYER_IPV6) == 0 || ps__text_need(t, t->d->network_offset, IPV6_LENGTH) == NULL) {
        text_bad_ipv6(t);
        return;
    }
    PS__PUT(t->line, "IP6 ");
    if (t->d->ip.total_length > there) {
        PS__PUT_NUMBER(t->line, "truncated-ip6 - ", t->d->ip.total_length - there);
        PS__PUT(t->line, " bytes missing!");
    }
    if (!has_ports(t->packet->data[t->d->network_offset + 6]))
        ps__text_addresses(t);
    if (text_extensions(t))
        ps__text_transport(t);
}
