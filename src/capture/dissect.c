#include "config.h"

#include "capture/walk.h"

#include "portsock/error.h"

/* Offsets are 32 bits wide; nobody captures longer packets. */
static uint32_t capped(size_t length)
{
    return length < INT32_MAX ? (uint32_t)length : INT32_MAX;
}

/* Compilers make short runs of stores of constant sizes; for the whole struct they would call or start a string copy. */
static void clear(ps_dissection *d)
{
    enum { PIECE = 64, PIECES = sizeof *d / PIECE };
    unsigned char *p = (unsigned char *)d;
    int i;

    for (i = 0; i < PIECES; i++)
        memset(p + i * PIECE, 0, PIECE);
    memset(p + PIECES * PIECE, 0, sizeof *d % PIECE);
}

const unsigned char *ps__walk_missing(ps__walk *w, uint32_t length, uint32_t layer)
{
    if (length > w->wire_end - w->at) {
        ps__walk_malformed(w, layer);
    } else if (w->d->truncated_layer == 0) {
        w->d->flags |= PS_DISSECT_TRUNCATED;
        w->d->truncated_layer = layer;
    }
    return NULL;
}

void ps__walk_malformed(ps__walk *w, uint32_t layer)
{
    w->d->flags |= PS_DISSECT_MALFORMED;
    if (w->d->malformed_layer == 0)
        w->d->malformed_layer = layer;
}

static void walk_link(ps__walk *w, int link_type)
{
    switch (link_type) {
    case PS_LINK_ETHERNET:
        ps__walk_ethernet(w);
        break;
    case PS_LINK_COOKED:
        ps__walk_cooked(w);
        break;
    case PS_LINK_COOKED2:
        ps__walk_cooked2(w);
        break;
    case PS_LINK_NULL:
    case PS_LINK_LOOP:
        ps__walk_loopback(w, link_type == PS_LINK_LOOP);
        break;
    case PS_LINK_RAW:
        ps__walk_ip(w);
        break;
    case PS_LINK_IPV4:
        ps__walk_network(w, PS__ETHER_IPV4);
        break;
    case PS_LINK_IPV6:
        ps__walk_network(w, PS__ETHER_IPV6);
        break;
    default:
        break;
    }
}

/* What is left is payload. */
static void end_walk(ps__walk *w)
{
    ps_dissection *d = w->d;

    d->payload_offset = w->at;
    d->payload_length = w->end - w->at;
    d->payload_wire_length = w->wire_end - w->at;
    if (w->end < w->wire_end && d->truncated_layer == 0) {
        d->flags |= PS_DISSECT_TRUNCATED;
        d->truncated_layer = PS_LAYER_PAYLOAD;
    }
}

int ps_dissect(const ps_packet *packet, ps_dissection *d)
{
    ps__walk w;

    if (packet == NULL || d == NULL || (packet->data == NULL && packet->length > 0))
        return PS_EFAULT;
    clear(d);
    w.data = packet->data;
    w.at = 0;
    w.end = capped(packet->length);
    w.wire_end = capped(packet->original_length > packet->length ? packet->original_length : packet->length);
    w.d = d;
    walk_link(&w, packet->link_type);
    end_walk(&w);
    return 0;
}

const char *ps_layer_name(uint32_t layer)
{
    switch (layer) {
    case PS_LAYER_ETHERNET:
        return "ether";
    case PS_LAYER_COOKED:
        return "sll";
    case PS_LAYER_LOOPBACK:
        return "null";
    case PS_LAYER_VLAN:
        return "vlan";
    case PS_LAYER_LLC:
        return "llc";
    case PS_LAYER_ARP:
        return "arp";
    case PS_LAYER_IPV4:
        return "ip";
    case PS_LAYER_IPV6:
        return "ip6";
    case PS_LAYER_HOP_BY_HOP:
        return "hbhopt";
    case PS_LAYER_ROUTING:
        return "rt6";
    case PS_LAYER_FRAGMENT:
        return "frag6";
    case PS_LAYER_DESTINATION:
        return "dstopt";
    case PS_LAYER_AH:
        return "ah";
    case PS_LAYER_ESP:
        return "esp";
    case PS_LAYER_TCP:
        return "tcp";
    case PS_LAYER_UDP:
        return "udp";
    case PS_LAYER_ICMP:
        return "icmp";
    case PS_LAYER_ICMPV6:
        return "icmp6";
    case PS_LAYER_IGMP:
        return "igmp";
    case PS_LAYER_PAYLOAD:
        return "payload";
    default:
        return "unknown";
    }
}
