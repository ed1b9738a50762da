/* How the decoder goes through a packet: where it is, and how far the bytes reach. */
#ifndef PS_WALK_H
#define PS_WALK_H

#include "portsock-capture/dissect.h"

#include <string.h>

/* The numbers of protocols that the decoder knows. */
enum {
    PS__ETHER_IPV4 = 0x0800,
    PS__ETHER_ARP = 0x0806,
    PS__ETHER_IPV6 = 0x86dd,
    PS__ETHER_VLAN = 0x8100,
    PS__ETHER_VLAN_SERVICE = 0x88a8,
    PS__ETHER_LENGTH_MAX = 1500, /* up to here the field is a length */

    PS__PROTOCOL_HOP_BY_HOP = 0,
    PS__PROTOCOL_ICMP = 1,
    PS__PROTOCOL_IGMP = 2,
    PS__PROTOCOL_IPV4 = 4,
    PS__PROTOCOL_TCP = 6,
    PS__PROTOCOL_UDP = 17,
    PS__PROTOCOL_IPV6 = 41,
    PS__PROTOCOL_ROUTING = 43,
    PS__PROTOCOL_FRAGMENT = 44,
    PS__PROTOCOL_ESP = 50,
    PS__PROTOCOL_AH = 51,
    PS__PROTOCOL_ICMPV6 = 58,
    PS__PROTOCOL_NONE = 59,
    PS__PROTOCOL_DESTINATION = 60
};

/* Kinds of TCP options. */
enum {
    PS__TCP_END = 0,
    PS__TCP_NOP = 1,
    PS__TCP_MSS = 2,
    PS__TCP_SCALE = 3,
    PS__TCP_SACK_PERMITTED = 4,
    PS__TCP_SACK = 5,
    PS__TCP_TIMESTAMP = 8,
    PS__TCP_FAST_OPEN = 34
};

/* at <= end <= wire_end, always. */
typedef struct ps__walk {
    const unsigned char *data;
    uint32_t at;       /* where the next header begins */
    uint32_t end;      /* where its bytes end in the packet: cut by the capture, or by a length in a header */
    uint32_t wire_end; /* where they ended on the wire */
    ps_dissection *d;
} ps__walk;

static inline uint16_t ps__read16(const unsigned char *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t ps__read32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The next `length` bytes, or NULL with the mark that says why they are not there. Does not go on. */
const unsigned char *ps__walk_missing(ps__walk *w, uint32_t length, uint32_t layer);
static inline const unsigned char *ps__walk_need(ps__walk *w, uint32_t length, uint32_t layer)
{
    if (length <= w->end - w->at)
        return w->data + w->at;
    return ps__walk_missing(w, length, layer);
}

/* Marks the layer as malformed, unless one before it was. */
void ps__walk_malformed(ps__walk *w, uint32_t layer);

/* Takes what is behind `length` bytes from here as not belonging to the packet (padding), if it is there. */
static inline void ps__walk_limit(ps__walk *w, uint32_t length)
{
    if (length < w->wire_end - w->at)
        w->wire_end = w->at + length;
    if (w->end > w->wire_end)
        w->end = w->wire_end;
}

/* The steps, each of which goes on with the next. */
void ps__walk_ethernet(ps__walk *w);
void ps__walk_cooked(ps__walk *w);
void ps__walk_cooked2(ps__walk *w);
void ps__walk_loopback(ps__walk *w, bool network_order);
void ps__walk_network(ps__walk *w, uint16_t ether_type);
void ps__walk_arp(ps__walk *w);
void ps__walk_ip(ps__walk *w);
void ps__walk_ipv4(ps__walk *w);
void ps__walk_ipv6(ps__walk *w);
void ps__walk_transport(ps__walk *w);
void ps__walk_tcp(ps__walk *w);

#endif
