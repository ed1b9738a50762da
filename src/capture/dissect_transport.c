#include "config.h"

#include "capture/walk.h"

enum { UDP_LENGTH = 8, ICMP_LENGTH = 8, IGMP_LENGTH = 8, ESP_LENGTH = 8, NEIGHBOUR_LENGTH = 24 };

static void walk_udp(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, UDP_LENGTH, PS_LAYER_UDP);
    uint32_t length;

    if (p == NULL)
        return;
    w->d->layers |= PS_LAYER_UDP;
    w->d->source_port = ps__read16(p);
    w->d->destination_port = ps__read16(p + 2);
    w->d->udp.length = ps__read16(p + 4);
    w->d->udp.checksum = ps__read16(p + 6);
    length = w->d->udp.length;
    if (length == 0 && w->d->transport_length > UINT16_MAX) /* RFC 2675 */
        length = w->d->transport_length;
    /* The first of several fragments holds only a part. */
    if (length < UDP_LENGTH || (length > w->wire_end - w->at && (w->d->ip.flags & PS_IP_MORE_FRAGMENTS) == 0))
        ps__walk_malformed(w, PS_LAYER_UDP);
    ps__walk_limit(w, length < UDP_LENGTH ? UDP_LENGTH : length);
    w->at += UDP_LENGTH;
}

/* Solicitation and advertisement have their target, redirect its, in the same place. */
static bool has_target(uint8_t type)
{
    return type == 135 || type == 136 || type == 137;
}

static void walk_icmp(ps__walk *w, uint32_t layer)
{
    const unsigned char *p = ps__walk_need(w, ICMP_LENGTH, layer);

    if (p == NULL)
        return;
    w->d->layers |= layer;
    w->d->icmp.type = p[0];
    w->d->icmp.code = p[1];
    w->d->icmp.checksum = ps__read16(p + 2);
    w->d->icmp.id = ps__read16(p + 4);
    w->d->icmp.sequence = ps__read16(p + 6);
    w->d->icmp.value = ps__read32(p + 4);
    if (layer == PS_LAYER_ICMPV6 && has_target(p[0])) {
        p = ps__walk_need(w, NEIGHBOUR_LENGTH, layer);
        if (p == NULL)
            return;
        memcpy(w->d->icmp.target, p + 8, 16);
        w->at += NEIGHBOUR_LENGTH - ICMP_LENGTH;
    }
    w->at += ICMP_LENGTH;
}

static void walk_igmp(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, IGMP_LENGTH, PS_LAYER_IGMP);

    if (p == NULL)
        return;
    w->d->layers |= PS_LAYER_IGMP;
    w->d->icmp.type = p[0];
    w->d->icmp.code = p[1];
    w->d->icmp.checksum = ps__read16(p + 2);
    w->d->icmp.value = ps__read32(p + 4);
    w->at += IGMP_LENGTH;
}

/* What follows is encrypted. */
static void walk_esp(ps__walk *w)
{
    if (ps__walk_need(w, ESP_LENGTH, PS_LAYER_ESP) == NULL)
        return;
    w->d->layers |= PS_LAYER_ESP;
    w->at += ESP_LENGTH;
}

void ps__walk_transport(ps__walk *w)
{
    switch (w->d->protocol) {
    case PS__PROTOCOL_TCP:
        ps__walk_tcp(w);
        break;
    case PS__PROTOCOL_UDP:
        walk_udp(w);
        break;
    case PS__PROTOCOL_ICMP:
        if (w->d->ip.version == 4)
            walk_icmp(w, PS_LAYER_ICMP);
        break;
    case PS__PROTOCOL_ICMPV6:
        if (w->d->ip.version == 6)
            walk_icmp(w, PS_LAYER_ICMPV6);
        break;
    case PS__PROTOCOL_IGMP:
        if (w->d->ip.version == 4)
            walk_igmp(w);
        break;
    case PS__PROTOCOL_ESP:
        walk_esp(w);
        break;
    default:
        break;
    }
}
