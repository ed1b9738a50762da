#include "config.h"

#include "capture/walk.h"

#include "portsock/error.h"

/* The sum of 16-bit words, not folded; an odd last byte is the high half of a word. */
static uint64_t add_bytes(uint64_t sum, const unsigned char *p, size_t length)
{
    for (; length >= 4; p += 4, length -= 4)
        sum += ps__read32(p);
    if (length >= 2)
        sum += ps__read16(p);
    if (length % 2 == 1)
        sum += (uint64_t)p[length - 1] << 8;
    return sum;
}

static uint16_t complement(uint64_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

uint16_t ps_checksum(const void *buf, size_t n)
{
    return buf == NULL ? 0xffff : complement(add_bytes(0, buf, n));
}

/* The last hop of an IPv4 source route, which the checksum is for, or NULL. The header is all there. */
static const unsigned char *source_route_end(const unsigned char *header, uint32_t length)
{
    uint32_t at = 20;

    while (at + 1 < length && header[at] != 0) {
        uint32_t option = header[at] == 1 ? 1 : header[at + 1];

        if (option == 0 || (option < 2 && header[at] != 1) || option > length - at)
            return NULL;
        if ((header[at] == 131 || header[at] == 137) && option >= 7)
            return header + at + option - 4;
        at += option;
    }
    return NULL;
}

/* The last hop of an IPv6 routing header that is not used up, or NULL. The decoder went through the headers. */
static const unsigned char *routing_end(const ps_packet *packet, const ps_dissection *d)
{
    uint32_t at = d->network_offset + d->ip.header_length;
    uint8_t protocol = packet->data[d->network_offset + 6];

    while (at + 8 <= d->transport_offset) {
        const unsigned char *p = packet->data + at;
        uint32_t length = protocol == PS__PROTOCOL_FRAGMENT ? 8
                          : protocol == PS__PROTOCOL_AH     ? (p[1] + 2u) * 4
                                                            : (p[1] + 1u) * 8;

        if (protocol == PS__PROTOCOL_ROUTING && p[3] > 0 && p[1] >= 2 && at + length <= d->transport_offset) {
            if (p[2] == 0 || p[2] == 2)
                return p + length - 16;
            if (p[2] == 4)
                return p + 8;
        }
        protocol = p[0];
        at += length;
    }
    return NULL;
}

static uint64_t pseudo_header(const ps_packet *packet, const ps_dissection *d)
{
    size_t size = d->ip.version == 4 ? 4 : 16;
    const unsigned char *end = d->ip.version == 4
                                   ? source_route_end(packet->data + d->network_offset, d->ip.header_length)
                                   : routing_end(packet, d);
    uint64_t sum = (uint64_t)d->protocol + d->transport_length;

    /* UDP's own length is the one that counts, should IP have carried more. */
    if (d->layers & PS_LAYER_UDP && d->udp.length >= 8)
        sum = (uint64_t)d->protocol + d->udp.length;
    sum = add_bytes(sum, d->ip.source, size);
    return add_bytes(sum, end != NULL ? end : d->ip.destination, size);
}

/* How many bytes from the transport header on a checksum covers. */
static uint32_t covered(const ps_dissection *d)
{
    return d->layers & PS_LAYER_UDP && d->udp.length >= 8 ? d->udp.length : d->transport_length;
}

static int judge(uint64_t sum, uint16_t found, uint16_t *right)
{
    /* Without the one that is found, the sum gives the one that should be. */
    uint16_t should = complement(sum + (uint16_t)~found);

    if (right != NULL)
        *right = should;
    return complement(sum) == 0 ? PS_CHECKSUM_GOOD : PS_CHECKSUM_BAD;
}

static int check_ipv4(const ps_packet *packet, const ps_dissection *d, uint16_t *right)
{
    if (d->ip.header_length < 20 || d->network_offset + (size_t)d->ip.header_length > packet->length)
        return PS_CHECKSUM_UNKNOWN;
    return judge(add_bytes(0, packet->data + d->network_offset, d->ip.header_length), d->ip.checksum, right);
}

static int check_transport(const ps_packet *packet, const ps_dissection *d, uint32_t layer, uint16_t *right)
{
    bool own = layer == PS_LAYER_ICMP || layer == PS_LAYER_IGMP; /* IPv4's ICMP covers no pseudo header */
    uint16_t found = layer == PS_LAYER_TCP   ? d->tcp.checksum
                     : layer == PS_LAYER_UDP ? d->udp.checksum
                                             : d->icmp.checksum;
    uint64_t sum;

    if (layer == PS_LAYER_UDP && found == 0 && d->ip.version == 4)
        return PS_CHECKSUM_ABSENT;
    if (d->ip.flags & PS_IP_MORE_FRAGMENTS || d->ip.fragment_offset > 0 || covered(d) > d->transport_length ||
        d->transport_offset + (size_t)covered(d) > packet->length)
        return PS_CHECKSUM_UNKNOWN;
    sum = own ? 0 : pseudo_header(packet, d);
    return judge(add_bytes(sum, packet->data + d->transport_offset, covered(d)), found, right);
}

int ps_dissection_checksum(const ps_packet *packet, const ps_dissection *d, uint32_t layer, uint16_t *right)
{
    const uint32_t known = PS_LAYER_TCP | PS_LAYER_UDP | PS_LAYER_ICMP | PS_LAYER_ICMPV6 | PS_LAYER_IGMP;

    if (packet == NULL || d == NULL || (packet->data == NULL && packet->length > 0))
        return PS_EFAULT;
    if ((d->layers & layer) == 0)
        return PS_CHECKSUM_UNKNOWN;
    if (layer == PS_LAYER_IPV4)
        return check_ipv4(packet, d, right);
    return (layer & known) != 0 ? check_transport(packet, d, layer, right) : PS_CHECKSUM_UNKNOWN;
}
