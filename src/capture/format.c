#include "config.h"

#include "capture/format.h"

#include "portsock/error.h"

enum { DEEPEST = 3 };

void ps__text_ends(ps__text *t, const char *name)
{
    PS__PUT(t->line, " [|");
    ps__line_text(t->line, name);
    PS__PUT(t->line, "]");
}

void ps__text_address(ps__text *t, const unsigned char *address)
{
    if (t->d->ip.version == 4)
        ps__line_inet(t->line, address);
    else
        ps__line_inet6(t->line, address);
}

static void text_pair(ps__text *t)
{
    ps__text_address(t, t->d->ip.source);
    PS__PUT(t->line, " > ");
    ps__text_address(t, t->d->ip.destination);
    PS__PUT(t->line, ":");
}

void ps__text_addresses(ps__text *t)
{
    text_pair(t);
    PS__PUT(t->line, " ");
}

uint32_t ps__text_wire_length(const ps__text *t, uint32_t offset)
{
    size_t length = t->packet->original_length > t->packet->length ? t->packet->original_length : t->packet->length;

    if (length > INT32_MAX)
        length = INT32_MAX;
    return offset < length ? (uint32_t)length - offset : 0;
}

/* A packet inside of this one, from the payload on. */
static void text_inner(ps__text *t)
{
    ps_packet inner = *t->packet;
    ps_dissection d;
    ps__text inner_text = {&inner, &d, t->line, 0, t->deep + 1};

    if (t->deep == DEEPEST || ps__text_need(t, t->d->transport_offset, 0) == NULL) {
        PS__PUT(t->line, "...");
        return;
    }
    inner.data += t->d->transport_offset;
    inner.length = t->end - t->d->transport_offset;
    inner.original_length = t->d->transport_length;
    inner.link_type = t->d->protocol == PS__PROTOCOL_IPV4 ? PS_LINK_IPV4 : PS_LINK_IPV6;
    ps_dissect(&inner, &d);
    inner_text.end = d.payload_offset + d.payload_length;
    ps__text_packet(&inner_text);
}

static void text_esp(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, t->d->transport_offset, 8);

    if (p == NULL) {
        ps__text_ends(t, "esp");
        return;
    }
    PS__PUT(t->line, "ESP(spi=0x");
    ps__line_hex(t->line, ps__read32(p), 8);
    PS__PUT(t->line, ",seq=0x");
    ps__line_hex_number(t->line, ps__read32(p + 4));
    PS__PUT_NUMBER(t->line, "), length ", t->d->transport_length);
}

static void text_udp_length(ps__text *t)
{
    uint32_t length = t->d->udp.length;
    uint32_t room = t->d->transport_length - 8;

    if (length == 0 && t->d->transport_length > UINT16_MAX)
        length = t->d->transport_length;
    if (length < 8) {
        PS__PUT_NUMBER(t->line, "truncated-udplength ", length);
    } else if (length - 8 > room && (t->d->ip.flags & PS_IP_MORE_FRAGMENTS) == 0) {
        PS__PUT_NUMBER(t->line, "UDP, bad length ", length - 8);
        PS__PUT_NUMBER(t->line, " > ", room);
    } else {
        PS__PUT_NUMBER(t->line, "UDP, length ", length - 8);
    }
}

/* "A.1 > B.2: ", or "1 > 2: " behind extension headers. Returns false when there are no ports. */
static bool text_ports(ps__text *t, const char *name)
{
    const unsigned char *p = ps__text_need(t, t->d->transport_offset, 4);
    bool addresses = t->d->ip.extension_count == 0;

    if (p == NULL) {
        if (addresses)
            text_pair(t);
        if (addresses && t->d->protocol == PS__PROTOCOL_UDP)
            PS__PUT(t->line, " ");
        ps__text_ends(t, name);
        return false;
    }
    if (addresses) {
        ps__text_address(t, t->d->ip.source);
        PS__PUT(t->line, ".");
    }
    ps__line_number(t->line, ps__read16(p));
    PS__PUT(t->line, " > ");
    if (addresses) {
        ps__text_address(t, t->d->ip.destination);
        PS__PUT(t->line, ".");
    }
    ps__line_number(t->line, ps__read16(p + 2));
    PS__PUT(t->line, ": ");
    return true;
}

static void text_udp(ps__text *t)
{
    if (!text_ports(t, "udp"))
        return;
    if (t->d->transport_length < 8)
        PS__PUT_NUMBER(t->line, "truncated-udp ", t->d->transport_length);
    else if ((t->d->layers & PS_LAYER_UDP) == 0)
        ps__text_ends(t, "udp");
    else
        text_udp_length(t);
}

static void text_other(ps__text *t)
{
    PS__PUT_NUMBER(t->line, " ip-proto-", t->d->protocol);
    PS__PUT_NUMBER(t->line, " ", t->d->transport_length);
}

void ps__text_transport(ps__text *t)
{
    bool four = t->d->ip.version == 4;

    switch (t->d->protocol) {
    case PS__PROTOCOL_TCP:
        if (text_ports(t, "tcp"))
            ps__text_tcp(t);
        break;
    case PS__PROTOCOL_UDP:
        text_udp(t);
        break;
    case PS__PROTOCOL_ICMP:
        (four ? ps__text_icmp : text_other)(t);
        break;
    case PS__PROTOCOL_ICMPV6:
        (four ? text_other : ps__text_icmpv6)(t);
        break;
    case PS__PROTOCOL_IGMP:
        (four ? ps__text_igmp : text_other)(t);
        break;
    case PS__PROTOCOL_ESP:
        text_esp(t);
        break;
    case PS__PROTOCOL_IPV4:
    case PS__PROTOCOL_IPV6:
        text_inner(t);
        break;
    case PS__PROTOCOL_NONE:
        PS__PUT(t->line, "no next header");
        break;
    default:
        text_other(t);
        break;
    }
}

void ps__text_packet(ps__text *t)
{
    switch (t->d->ether_type) {
    case PS__ETHER_IPV4:
        ps__text_ipv4(t);
        break;
    case PS__ETHER_IPV6:
        ps__text_ipv6(t);
        break;
    case PS__ETHER_ARP:
        ps__text_arp(t);
        break;
    default:
        ps__text_link(t);
        break;
    }
}

int ps_dissection_format(const ps_packet *packet, const ps_dissection *d, char *buf, size_t n)
{
    ps__line line;
    ps__text t = {packet, d, &line, 0, 0};
    size_t length;

    if (packet == NULL || d == NULL || buf == NULL || (packet->data == NULL && packet->length > 0))
        return PS_EFAULT;
    if (n == 0)
        return PS_BAD_LENGTH;
    length = packet->length < INT32_MAX ? packet->length : INT32_MAX;
    t.end = d->payload_offset + d->payload_length;
    if (t.end > length) /* only of a dissection of another packet */
        t.end = (uint32_t)length;
    line.at = buf;
    line.end = buf + n - 1;
    line.cut = false;
    ps__text_packet(&t);
    *line.at = '\0';
    if (line.cut && n > 3)
        memcpy(line.end - 3, "...", 3);
    return 0;
}
