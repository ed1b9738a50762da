/* What the files that write a packet's line share. */
#ifndef PS_FORMAT_H
#define PS_FORMAT_H

#include "capture/line.h"
#include "capture/walk.h"

/* A packet whose line is being written. Everything is read through ps__text_need, which keeps to the bytes there. */
typedef struct ps__text {
    const ps_packet *packet;
    const ps_dissection *d;
    ps__line *line;
    uint32_t end;  /* where the bytes end that belong to the packet: in it, and within the length by IP */
    unsigned deep; /* how many packets this one is inside of */
} ps__text;

/* `length` bytes at an offset, or NULL when they are not all there. */
static inline const unsigned char *ps__text_need(const ps__text *t, uint32_t offset, uint32_t length)
{
    return offset <= t->end && length <= t->end - offset ? t->packet->data + offset : NULL;
}

/* " [|tcp]": the header of this name ends too soon. */
void ps__text_ends(ps__text *t, const char *name);

/* "A > B: " with the addresses of IP. */
void ps__text_addresses(ps__text *t);
void ps__text_address(ps__text *t, const unsigned char *address);

void ps__text_packet(ps__text *t);
void ps__text_link(ps__text *t);
void ps__text_arp(ps__text *t);
void ps__text_ipv4(ps__text *t);
void ps__text_ipv6(ps__text *t);
void ps__text_transport(ps__text *t);
void ps__text_tcp(ps__text *t);
bool ps__text_tcp_options(ps__text *t, uint32_t at, uint32_t length); /* false: they end too soon */
void ps__text_icmp(ps__text *t);
void ps__text_icmpv6(ps__text *t);
void ps__text_igmp(ps__text *t);

/* "IPv4", "ARP", "Unknown", ...: the name of an ether type. */
const char *ps__text_ether_name(uint16_t type);

/* The bytes from an offset in the packet to its end on the wire. */
uint32_t ps__text_wire_length(const ps__text *t, uint32_t offset);

#endif
