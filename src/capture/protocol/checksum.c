/* Internet checksums: RFC 1071, with the pseudo headers of RFC 793 and RFC 8200, section 8.1. */
#include "config.h"

#include "capture/protocol/bytes.h"
#include "capture/protocol/ipv4.h"
#include "capture/protocol/ipv6.h"
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
    return buf ? complement(add_bytes(0, buf, n)) : 0xffff;
}

/* The bytes that a checksum covers: by UDP's own length, should IP have carried more. */
static uint32_t covered(const ps_dissection *d)
{
    return d->layers & PS_LAYER_UDP && d->udp.length >= 8 ? d->udp.length : d->transport_length;
}

/* A packet on a source route has the checksum for its last hop. */
static uint64_t pseudo_header(const ps_packet *packet, const ps_dissection *d)
{
    size_t size = d->ip.version == 4 ? 4 : 16;
    const unsigned char *last_hop =
        d->ip.version == 4
            ? ps__ipv4_last_hop(packet->data + d->network_offset, d->ip.header_length)
            : ps__ipv6_last_hop(packet, d);
    uint64_t sum = (uint64_t)d->protocol + covered(d);

    sum = add_bytes(sum, d->ip.source, size);
    return add_bytes(sum, last_hop ? last_hop : d->ip.destination, size);
}

static int judge(uint64_t sum, uint16_t found, uint16_t *right)
{
    /* The sum without the checksum that was found is the sum of what it should be. */
    uint16_t should = complement(sum + (uint16_t)~found);

    if (right)
        *right = should;
    return complement(sum) == 0 ? PS_CHECKSUM_GOOD : PS_CHECKSUM_BAD;
}

static int check_ipv4(const ps_packet *packet, const ps_dissection *d, uint16_t *right)
{
    if (d->ip.header_length < 20 ||
        d->network_offset + (size_t)d->ip.header_length > packet->length)
        return PS_CHECKSUM_UNKNOWN;
    return judge(add_bytes(0, packet->data + d->network_offset, d->ip.header_length),
                 d->ip.checksum, right);
}

static int check_transport(const ps_packet *packet, const ps_dissection *d, uint32_t layer,
                           uint16_t *right)
{
    /* IPv4's ICMP covers no pseudo header. */
    bool own = layer == PS_LAYER_ICMP || layer == PS_LAYER_IGMP;
    uint16_t found = layer == PS_LAYER_TCP   ? d->tcp.checksum
                     : layer == PS_LAYER_UDP ? d->udp.checksum
                                             : d->icmp.checksum;
    uint64_t sum;

    if (layer == PS_LAYER_UDP && found == 0 && d->ip.version == 4)
        return PS_CHECKSUM_ABSENT;
    if (d->ip.flags & PS_IP_MORE_FRAGMENTS || d->ip.fragment_offset > 0 ||
        covered(d) > d->transport_length ||
        d->transport_offset + (size_t)covered(d) > packet->length)
        return PS_CHECKSUM_UNKNOWN;
    sum = own ? 0 : pseudo_header(packet, d);
    return judge(add_bytes(sum, packet->data + d->transport_offset, covered(d)), found, right);
}

int ps_dissection_checksum(const ps_packet *packet, const ps_dissection *d, uint32_t layer,
                           uint16_t *right)
{
    const uint32_t known =
        PS_LAYER_TCP | PS_LAYER_UDP | PS_LAYER_ICMP | PS_LAYER_ICMPV6 | PS_LAYER_IGMP;

    if (!packet || !d || (!packet->data && packet->length > 0))
        return PS_EFAULT;
    if ((d->layers & layer) == 0)
        return PS_CHECKSUM_UNKNOWN;
    if (layer == PS_LAYER_IPV4)
        return check_ipv4(packet, d, right);
    return (layer & known) != 0 ? check_transport(packet, d, layer, right) : PS_CHECKSUM_UNKNOWN;
}
