#include "config.h"

#include "capture/walk.h"

enum { ARP_LENGTH = 8, IPV4_LENGTH = 20, IPV6_LENGTH = 40, FRAGMENT_LENGTH = 8, AH_LENGTH = 12, JUMBO = 0xc2 };

void ps__walk_network(ps__walk *w, uint16_t ether_type)
{
    w->d->ether_type = ether_type;
    w->d->network_offset = w->at;
    if (ether_type == PS__ETHER_IPV4)
        ps__walk_ipv4(w);
    else if (ether_type == PS__ETHER_IPV6)
        ps__walk_ipv6(w);
    else if (ether_type == PS__ETHER_ARP)
        ps__walk_arp(w);
}

/* Raw IP: the version tells. */
void ps__walk_ip(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, 1, PS_LAYER_IPV4);

    if (p == NULL)
        return;
    if (p[0] >> 4 == 4)
        ps__walk_network(w, PS__ETHER_IPV4);
    else if (p[0] >> 4 == 6)
        ps__walk_network(w, PS__ETHER_IPV6);
    else
        ps__walk_malformed(w, PS_LAYER_IPV4);
}

void ps__walk_arp(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, ARP_LENGTH, PS_LAYER_ARP);
    uint32_t length;

    if (p == NULL)
        return;
    length = ARP_LENGTH + 2u * (p[4] + (uint32_t)p[5]);
    p = ps__walk_need(w, length, PS_LAYER_ARP);
    if (p == NULL)
        return;
    w->d->layers |= PS_LAYER_ARP;
    w->d->arp.hardware_type = ps__read16(p);
    w->d->arp.protocol_type = ps__read16(p + 2);
    w->d->arp.hardware_length = p[4];
    w->d->arp.protocol_length = p[5];
    w->d->arp.operation = ps__read16(p + 6);
    if (p[4] == 6 && p[5] == 4) {
        memcpy(w->d->arp.sender_hardware, p + 8, 6);
        memcpy(w->d->arp.sender, p + 14, 4);
        memcpy(w->d->arp.target_hardware, p + 18, 6);
        memcpy(w->d->arp.target, p + 24, 4);
    }
    w->at += length;
    ps__walk_limit(w, 0); /* the rest is padding */
}

/* What IP carries begins here. */
static void walk_carried(ps__walk *w, uint8_t protocol)
{
    w->d->protocol = protocol;
    w->d->transport_offset = w->at;
    w->d->transport_length = w->wire_end - w->at;
    if (w->d->ip.fragment_offset == 0)
        ps__walk_transport(w);
}

/* Goes behind an extension header of `length` bytes. */
static bool pass_extension(ps__walk *w, uint32_t length, uint32_t layer)
{
    if (ps__walk_need(w, length, layer) == NULL)
        return false;
    w->d->layers |= layer;
    if (w->d->ip.extension_count < UINT8_MAX)
        w->d->ip.extension_count++;
    w->at += length;
    return true;
}

/* AH is an extension header in IPv6, and stands before the transport header in IPv4, too. */
static bool pass_ah(ps__walk *w, uint8_t *protocol)
{
    const unsigned char *p = ps__walk_need(w, AH_LENGTH, PS_LAYER_AH);

    if (p == NULL)
        return false;
    if (p[1] < 1) {
        ps__walk_malformed(w, PS_LAYER_AH);
        return false;
    }
    *protocol = p[0];
    return pass_extension(w, (p[1] + 2u) * 4, PS_LAYER_AH);
}

/* ---- IPv4 ---- */

/* The lengths of the header and of the whole. Returns false when there is no going on. */
static bool take_ipv4_lengths(ps__walk *w, const unsigned char *p)
{
    uint32_t rest = w->wire_end - w->at;
    uint32_t header = (p[0] & 15u) * 4;
    uint32_t total = ps__read16(p + 2);

    w->d->ip.header_length = (uint16_t)header;
    w->d->ip.total_length = total;
    if (header < IPV4_LENGTH || (total < header && total != 0)) {
        ps__walk_malformed(w, PS_LAYER_IPV4);
        return false;
    }
    if (total > rest)
        ps__walk_malformed(w, PS_LAYER_IPV4);
    if (total != 0)
        ps__walk_limit(w, total);
    else
        w->d->ip.total_length = rest;
    return ps__walk_need(w, header, PS_LAYER_IPV4) != NULL;
}

void ps__walk_ipv4(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, IPV4_LENGTH, PS_LAYER_IPV4);
    uint8_t protocol;
    unsigned fragment;

    if (p == NULL)
        return;
    if (p[0] >> 4 != 4) {
        ps__walk_malformed(w, PS_LAYER_IPV4);
        return;
    }
    w->d->layers |= PS_LAYER_IPV4;
    fragment = ps__read16(p + 6);
    w->d->ip.version = 4;
    w->d->ip.traffic_class = p[1];
    w->d->ip.id = ps__read16(p + 4);
    w->d->ip.flags =
        (uint8_t)((fragment & 0x2000 ? PS_IP_MORE_FRAGMENTS : 0) | (fragment & 0x4000 ? PS_IP_DONT_FRAGMENT : 0) |
                  (fragment & 0x8000 ? PS_IP_RESERVED_FLAG : 0));
    w->d->ip.fragment_offset = (fragment & 0x1fff) * 8;
    w->d->ip.hop_limit = p[8];
    protocol = w->d->protocol = p[9];
    w->d->ip.checksum = ps__read16(p + 10);
    memcpy(w->d->ip.source, p + 12, 4);
    memcpy(w->d->ip.destination, p + 16, 4);
    if (!take_ipv4_lengths(w, p))
        return;
    w->at += w->d->ip.header_length;
    while (protocol == PS__PROTOCOL_AH && w->d->ip.fragment_offset == 0) {
        if (!pass_ah(w, &protocol))
            return;
    }
    walk_carried(w, protocol);
}

/* ---- IPv6 ---- */

/* The length in a jumbo payload option, or 0. Options are `length` bytes at p; one that does not fit ends the search. */
static uint32_t find_jumbo(const unsigned char *p, uint32_t length)
{
    uint32_t at = 0;

    while (at + 1 < length) {
        if (p[at] == 0) {
            at++;
            continue;
        }
        if (p[at] == JUMBO)
            return p[at + 1] == 4 && at + 6 <= length ? ps__read32(p + at + 2) : 0;
        at += 2u + p[at + 1];
    }
    return 0;
}

/* A hop-by-hop header that tells the length, which the fixed header then leaves 0. */
static bool take_jumbo(ps__walk *w, const unsigned char *p, uint32_t header)
{
    uint32_t length;

    if (w->d->ip.total_length > IPV6_LENGTH)
        return true;
    length = find_jumbo(p + 2, header - 2);
    if (length <= UINT16_MAX || length > INT32_MAX) {
        ps__walk_malformed(w, PS_LAYER_HOP_BY_HOP);
        return false;
    }
    w->d->ip.total_length = IPV6_LENGTH + length;
    if (length > w->wire_end - w->at)
        ps__walk_malformed(w, PS_LAYER_IPV6);
    ps__walk_limit(w, length);
    return true;
}

static uint32_t extension_layer(uint8_t protocol)
{
    return protocol == PS__PROTOCOL_HOP_BY_HOP ? PS_LAYER_HOP_BY_HOP
           : protocol == PS__PROTOCOL_ROUTING  ? PS_LAYER_ROUTING
                                               : PS_LAYER_DESTINATION;
}

/* Hop-by-hop, routing and destination options: next header, then the length in 8 bytes beyond the first. */
static bool pass_options(ps__walk *w, uint8_t *protocol)
{
    uint32_t layer = extension_layer(*protocol);
    const unsigned char *p = ps__walk_need(w, 8, layer);
    uint32_t length;

    if (p == NULL)
        return false;
    length = (p[1] + 1u) * 8;
    if (ps__walk_need(w, length, layer) == NULL)
        return false;
    if (layer == PS_LAYER_HOP_BY_HOP) {
        if (w->d->ip.extension_count > 0) { /* it must be the first */
            ps__walk_malformed(w, layer);
            return false;
        }
        if (!take_jumbo(w, p, length))
            return false;
    }
    *protocol = p[0];
    return pass_extension(w, length, layer);
}

static bool pass_fragment(ps__walk *w, uint8_t *protocol)
{
    const unsigned char *p = ps__walk_need(w, FRAGMENT_LENGTH, PS_LAYER_FRAGMENT);

    if (p == NULL)
        return false;
    *protocol = p[0];
    w->d->ip.fragment_offset = ps__read16(p + 2) & 0xfff8u;
    w->d->ip.flags = p[3] & 1 ? PS_IP_MORE_FRAGMENTS : 0;
    w->d->ip.id = ps__read32(p + 4);
    return pass_extension(w, FRAGMENT_LENGTH, PS_LAYER_FRAGMENT);
}

/* Each header is at least 8 bytes long, so the chain ends where the bytes do. */
static void walk_extensions(ps__walk *w, uint8_t protocol)
{
    bool passed = true;

    while (passed && w->d->ip.fragment_offset == 0) {
        w->d->protocol = protocol;
        switch (protocol) {
        case PS__PROTOCOL_HOP_BY_HOP:
        case PS__PROTOCOL_ROUTING:
        case PS__PROTOCOL_DESTINATION:
            passed = pass_options(w, &protocol);
            break;
        case PS__PROTOCOL_FRAGMENT:
            passed = pass_fragment(w, &protocol);
            break;
        case PS__PROTOCOL_AH:
            passed = pass_ah(w, &protocol);
            break;
        default:
            walk_carried(w, protocol);
            return;
        }
    }
    if (passed)
        walk_carried(w, protocol);
}

void ps__walk_ipv6(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, IPV6_LENGTH, PS_LAYER_IPV6);
    uint32_t length;

    if (p == NULL)
        return;
    if (p[0] >> 4 != 6) {
        ps__walk_malformed(w, PS_LAYER_IPV6);
        return;
    }
    w->d->layers |= PS_LAYER_IPV6;
    length = ps__read16(p + 4);
    w->d->ip.version = 6;
    w->d->ip.traffic_class = (uint8_t)(p[0] << 4 | p[1] >> 4);
    w->d->ip.flow_label = ps__read32(p) & 0xfffff;
    w->d->ip.header_length = IPV6_LENGTH;
    w->d->ip.total_length = IPV6_LENGTH + length;
    w->d->ip.hop_limit = p[7];
    memcpy(w->d->ip.source, p + 8, 16);
    memcpy(w->d->ip.destination, p + 24, 16);
    w->at += IPV6_LENGTH;
    if (length > w->wire_end - w->at)
        ps__walk_malformed(w, PS_LAYER_IPV6);
    if (length > 0 || p[6] != PS__PROTOCOL_HOP_BY_HOP) /* else a jumbo payload option has the length */
        ps__walk_limit(w, length);
    walk_extensions(w, p[6]);
}
