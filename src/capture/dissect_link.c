#include "config.h"

#include "capture/walk.h"

enum { ETHERNET_LENGTH = 14, COOKED_LENGTH = 16, COOKED2_LENGTH = 20, LOOPBACK_LENGTH = 4, HARDWARE_MAX = 8 };

/* What the cooked headers say instead of an ether type. */
enum { COOKED_802_3 = 1, COOKED_802_2 = 4 };

static bool is_vlan(uint16_t type)
{
    return type == PS__ETHER_VLAN || type == PS__ETHER_VLAN_SERVICE || type == 0x9100 || type == 0x9200;
}

/* SNAP with no organization carries an ether type; RFC 948's LLC carries IPv4. */
static void walk_llc(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, 3, PS_LAYER_LLC);
    bool unnumbered;

    if (p == NULL)
        return;
    unnumbered = (p[2] & 3) == 3;
    p = ps__walk_need(w, unnumbered ? 3 : 4, PS_LAYER_LLC);
    if (p == NULL)
        return;
    w->d->layers |= PS_LAYER_LLC;
    w->d->link.dsap = p[0];
    w->d->link.ssap = p[1];
    w->d->link.control = unnumbered ? p[2] : (uint16_t)(p[2] | p[3] << 8);
    w->at += unnumbered ? 3 : 4;
    w->d->network_offset = w->at;
    if (p[0] == 0x06 && p[1] == 0x06 && p[2] == 0x03) {
        ps__walk_network(w, PS__ETHER_IPV4);
    } else if (p[0] == 0xaa && p[1] == 0xaa && p[2] == 0x03) {
        p = ps__walk_need(w, 5, PS_LAYER_LLC);
        if (p == NULL)
            return;
        w->d->link.snap = true;
        w->d->link.oui = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        w->at += 5;
        w->d->network_offset = w->at;
        if (w->d->link.oui == 0)
            ps__walk_network(w, ps__read16(p + 3));
    }
}

/* Takes VLAN tags off, then goes on with what the last type says: an ether type or, up to 1500, a length and LLC. */
static void walk_type(ps__walk *w, uint16_t type)
{
    while (is_vlan(type)) {
        const unsigned char *p = ps__walk_need(w, 4, PS_LAYER_VLAN);

        if (p == NULL)
            return;
        w->d->layers |= PS_LAYER_VLAN;
        if (w->d->link.vlan_count < PS_DISSECT_VLANS)
            w->d->link.vlans[w->d->link.vlan_count] = ps__read16(p);
        if (w->d->link.vlan_count < UINT8_MAX)
            w->d->link.vlan_count++;
        type = ps__read16(p + 2);
        w->at += 4;
    }
    w->d->network_offset = w->at;
    if (type > PS__ETHER_LENGTH_MAX) {
        ps__walk_network(w, type);
        return;
    }
    if (type > w->wire_end - w->at)
        ps__walk_malformed(w, PS_LAYER_ETHERNET);
    ps__walk_limit(w, type);
    walk_llc(w);
}

void ps__walk_ethernet(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, ETHERNET_LENGTH, PS_LAYER_ETHERNET);

    if (p == NULL)
        return;
    w->d->layers |= PS_LAYER_ETHERNET;
    memcpy(w->d->link.destination, p, 6);
    memcpy(w->d->link.source, p + 6, 6);
    w->d->link.source_length = w->d->link.destination_length = 6;
    w->at += ETHERNET_LENGTH;
    walk_type(w, ps__read16(p + 12));
}

static void take_source(ps__walk *w, const unsigned char *address, unsigned length)
{
    w->d->link.source_length = (uint8_t)(length < HARDWARE_MAX ? length : HARDWARE_MAX);
    memcpy(w->d->link.source, address, w->d->link.source_length);
}

static void walk_cooked_type(ps__walk *w, uint16_t type)
{
    w->d->network_offset = w->at;
    if (type == COOKED_802_2)
        walk_llc(w);
    else if (type > PS__ETHER_LENGTH_MAX)
        walk_type(w, type);
}

void ps__walk_cooked(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, COOKED_LENGTH, PS_LAYER_COOKED);

    if (p == NULL)
        return;
    w->d->layers |= PS_LAYER_COOKED;
    w->d->link.packet_type = ps__read16(p);
    w->d->link.hardware_type = ps__read16(p + 2);
    take_source(w, p + 6, ps__read16(p + 4));
    w->at += COOKED_LENGTH;
    walk_cooked_type(w, ps__read16(p + 14));
}

void ps__walk_cooked2(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, COOKED2_LENGTH, PS_LAYER_COOKED);

    if (p == NULL)
        return;
    w->d->layers |= PS_LAYER_COOKED;
    w->d->link.interface_index = ps__read32(p + 4);
    w->d->link.hardware_type = ps__read16(p + 8);
    w->d->link.packet_type = p[10];
    take_source(w, p + 12, p[11]);
    w->at += COOKED2_LENGTH;
    walk_cooked_type(w, ps__read16(p));
}

/* NULL has the byte order of the machine that captured: the one in which the family is a small number. */
void ps__walk_loopback(ps__walk *w, bool network_order)
{
    const unsigned char *p = ps__walk_need(w, LOOPBACK_LENGTH, PS_LAYER_LOOPBACK);
    uint32_t family;

    if (p == NULL)
        return;
    family = ps__read32(p);
    if (!network_order && (family & 0xffff0000) != 0)
        family = (family & 0xff) << 24 | (family & 0xff00) << 8 | (family >> 8 & 0xff00) | family >> 24;
    w->d->layers |= PS_LAYER_LOOPBACK;
    w->d->link.family = family;
    w->at += LOOPBACK_LENGTH;
    w->d->network_offset = w->at;
    if (family == 2) /* everybody's AF_INET */
        ps__walk_network(w, PS__ETHER_IPV4);
    else if (family == 24 || family == 28 || family == 30) /* AF_INET6 of NetBSD and OpenBSD, FreeBSD, macOS */
        ps__walk_network(w, PS__ETHER_IPV6);
}
