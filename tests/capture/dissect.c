/* The decoder: fields, marks, every cut of every packet, malformed headers, checksums. */
#include "packets.h"
#include "test.h"

/* A packet in memory of exactly its length, so that a sanitizer sees a read behind it. */
static ps_packet on_heap(const ps_packet *packet)
{
    ps_packet copy = *packet;
    unsigned char *data = malloc(packet->length);

    if (data == NULL && packet->length > 0)
        ck_abort_msg("no memory");
    if (packet->length > 0)
        memcpy(data, packet->data, packet->length);
    copy.data = data;
    return copy;
}

static void release(ps_packet *packet)
{
    free((void *)(uintptr_t)packet->data);
}

static ps_dissection dissect(const ps_packet *packet)
{
    ps_packet copy = on_heap(packet);
    ps_dissection d;

    memset(&d, 0xff, sizeof d);
    ck_assert_ok(ps_dissect(&copy, &d));
    release(&copy);
    return d;
}

static ps_dissection dissect_named(const char *name)
{
    const test_packet *packet = test_packet_named(name);
    ps_packet whole = test_packet_cut(packet, packet->length);

    return dissect(&whole);
}

/* What holds for every dissection of every packet. One assertion, since Check writes each down. */
static void check_consistent(const ps_packet *packet, const ps_dissection *d, const char *name)
{
    bool truncated = (d->flags & PS_DISSECT_TRUNCATED) != 0;
    bool good = truncated == (d->truncated_layer != 0) &&
                ((d->flags & PS_DISSECT_MALFORMED) != 0) == (d->malformed_layer != 0);

    good = good && (!truncated || packet->length < packet->original_length);
    good = good && d->payload_offset <= packet->length &&
           d->payload_length <= packet->length - d->payload_offset;
    good = good && d->payload_length <= d->payload_wire_length;
    good = good && (truncated || d->payload_length == d->payload_wire_length);
    good = good && d->network_offset <= packet->length && d->transport_offset <= packet->length;
    ck_assert_msg(good, "%s cut at %zu", name, packet->length);
}

START_TEST(dissect_tcp)
{
    static const unsigned char from[] = {192, 0, 2, 1};
    static const unsigned char to[] = {198, 51, 100, 2};
    ps_dissection d = dissect_named("tcp syn");

    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV4 | PS_LAYER_TCP);
    ck_assert_uint_eq(d.flags, 0);
    ck_assert_uint_eq(d.ether_type, 0x0800);
    ck_assert_mem_eq(d.link.source, "\2\0\0\0\0\1", 6);
    ck_assert_mem_eq(d.link.destination, "\2\0\0\0\0\2", 6);
    ck_assert_uint_eq(d.network_offset, 14);
    ck_assert_uint_eq(d.transport_offset, 34);
    ck_assert_uint_eq(d.transport_length, 40);
    ck_assert_uint_eq(d.payload_offset, 74);
    ck_assert_uint_eq(d.payload_length, 0);
    ck_assert_uint_eq(d.ip.version, 4);
    ck_assert_uint_eq(d.ip.header_length, 20);
    ck_assert_uint_eq(d.ip.total_length, 60);
    ck_assert_uint_eq(d.ip.id, 0x1234);
    ck_assert_uint_eq(d.ip.flags, PS_IP_DONT_FRAGMENT);
    ck_assert_uint_eq(d.ip.hop_limit, 64);
    ck_assert_uint_eq(d.protocol, 6);
    ck_assert_mem_eq(d.ip.source, from, 4);
    ck_assert_mem_eq(d.ip.destination, to, 4);
    ck_assert_uint_eq(d.source_port, 50000);
    ck_assert_uint_eq(d.destination_port, 8081);
    ck_assert_uint_eq(d.tcp.flags, PS_TCP_SYN);
    ck_assert_uint_eq(d.tcp.sequence, 1);
    ck_assert_uint_eq(d.tcp.acknowledgement, 1000);
    ck_assert_uint_eq(d.tcp.window, 64240);
    ck_assert_uint_eq(d.tcp.header_length, 40);
    ck_assert_uint_eq(d.tcp.options, PS_TCP_OPTION_MSS | PS_TCP_OPTION_SACK_PERMITTED |
                                         PS_TCP_OPTION_TIMESTAMP | PS_TCP_OPTION_WINDOW_SCALE);
    ck_assert_uint_eq(d.tcp.mss, 1460);
    ck_assert_uint_eq(d.tcp.window_scale, 7);
    ck_assert_uint_eq(d.tcp.timestamp, 1);
}
END_TEST

START_TEST(dissect_tcp_options)
{
    ps_dissection d = dissect_named("tcp sack");

    ck_assert_uint_eq(d.tcp.options, PS_TCP_OPTION_TIMESTAMP | PS_TCP_OPTION_SACK);
    ck_assert_uint_eq(d.tcp.timestamp, 2);
    ck_assert_uint_eq(d.tcp.timestamp_echo, 3);
    ck_assert_uint_eq(d.tcp.sack_count, 2);
    ck_assert_uint_eq(d.tcp.sacks[1][0], 30);
    ck_assert_uint_eq(d.tcp.sacks[1][1], 40);

    d = dissect_named("tcp strange options");
    ck_assert_uint_eq(d.tcp.options, PS_TCP_OPTION_OTHER);
    ck_assert_uint_eq(d.flags, 0);
    d = dissect_named("tcp data");
    ck_assert_uint_eq(d.payload_offset, 54);
    ck_assert_uint_eq(d.payload_length, 100);
}
END_TEST

START_TEST(dissect_udp_and_padding)
{
    ps_dissection d = dissect_named("udp");

    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV4 | PS_LAYER_UDP);
    ck_assert_uint_eq(d.udp.length, 40);
    ck_assert_uint_eq(d.payload_length, 32);
    d = dissect_named("udp empty, padded"); /* Ethernet's padding is no payload */
    ck_assert_uint_eq(d.payload_length, 0);
    ck_assert_uint_eq(d.payload_wire_length, 0);
}
END_TEST

START_TEST(dissect_fragments)
{
    ps_dissection d = dissect_named("ipv4 first fragment");

    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV4 | PS_LAYER_UDP);
    ck_assert_uint_eq(d.flags, 0);
    ck_assert_uint_eq(d.ip.flags, PS_IP_MORE_FRAGMENTS);
    d = dissect_named("ipv4 later fragment");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV4);
    ck_assert_uint_eq(d.ip.fragment_offset, 24);
    ck_assert_uint_eq(d.protocol, 17);
    ck_assert_uint_eq(d.payload_length, 24);
    d = dissect_named("ipv6 first fragment");
    ck_assert_uint_eq(d.layers,
                      PS_LAYER_ETHERNET | PS_LAYER_IPV6 | PS_LAYER_FRAGMENT | PS_LAYER_UDP);
    ck_assert_uint_eq(d.ip.id, 0x12345678);
    d = dissect_named("ipv6 later fragment");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV6 | PS_LAYER_FRAGMENT);
    ck_assert_uint_eq(d.ip.fragment_offset, 1232);
    ck_assert_uint_eq(d.protocol, 17);
    ck_assert_uint_eq(d.payload_length, 24);
}
END_TEST

START_TEST(dissect_ipv6_extensions)
{
    ps_dissection d = dissect_named("ipv6 chain of headers");

    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV6 | PS_LAYER_HOP_BY_HOP |
                                    PS_LAYER_DESTINATION | PS_LAYER_ROUTING | PS_LAYER_UDP);
    ck_assert_uint_eq(d.ip.extension_count, 3);
    ck_assert_uint_eq(d.ip.version, 6);
    ck_assert_uint_eq(d.ip.hop_limit, 64);
    ck_assert_uint_eq(d.protocol, 17);
    ck_assert_uint_eq(d.transport_offset, 14 + 40 + 8 + 8 + 24);
    ck_assert_uint_eq(d.destination_port, 8081);
    d = dissect_named("ipv6 ah and udp");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV6 | PS_LAYER_AH | PS_LAYER_UDP);
    d = dissect_named("ipv6 esp");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV6 | PS_LAYER_ESP);
    ck_assert_uint_eq(d.protocol, 50);
    d = dissect_named("ipv6 no next header");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV6);
    ck_assert_uint_eq(d.protocol, 59);
    d = dissect_named("ipv4 ah and tcp");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV4 | PS_LAYER_AH | PS_LAYER_TCP);
}
END_TEST

START_TEST(dissect_messages)
{
    ps_dissection d = dissect_named("icmp echo request");

    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV4 | PS_LAYER_ICMP);
    ck_assert_uint_eq(d.icmp.type, 8);
    ck_assert_uint_eq(d.icmp.id, 1);
    ck_assert_uint_eq(d.icmp.sequence, 2);
    ck_assert_uint_eq(d.payload_length, 8);
    d = dissect_named("icmp too big");
    ck_assert_uint_eq(d.icmp.type, 3);
    ck_assert_uint_eq(d.icmp.code, 4);
    ck_assert_uint_eq(d.icmp.value, 1400);
    d = dissect_named("icmpv6 solicitation");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV6 | PS_LAYER_ICMPV6);
    ck_assert_mem_eq(d.icmp.target, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\5", 16);
    ck_assert_uint_eq(d.payload_length, 8); /* its options */
    d = dissect_named("igmp v2 report");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_IPV4 | PS_LAYER_IGMP);
    ck_assert_uint_eq(d.icmp.value, 0xe00000fb);
}
END_TEST

START_TEST(dissect_arp)
{
    ps_dissection d = dissect_named("arp request to one machine");

    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_ARP);
    ck_assert_uint_eq(d.arp.operation, 1);
    ck_assert_uint_eq(d.arp.hardware_type, 1);
    ck_assert_uint_eq(d.arp.protocol_type, 0x0800);
    ck_assert_mem_eq(d.arp.sender_hardware, "\2\0\0\0\0\1", 6);
    ck_assert_mem_eq(d.arp.sender, "\xc0\0\2\1", 4);
    ck_assert_mem_eq(d.arp.target_hardware, "\2\0\0\0\0\2", 6);
    ck_assert_mem_eq(d.arp.target, "\xc0\0\2\x09", 4);
    ck_assert_uint_eq(d.payload_length, 0);
}
END_TEST

START_TEST(dissect_link_headers)
{
    ps_dissection d = dissect_named("vlan");

    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_VLAN | PS_LAYER_IPV4 | PS_LAYER_UDP);
    ck_assert_uint_eq(d.link.vlan_count, 1);
    ck_assert_uint_eq(d.link.vlans[0], 0x6005);
    d = dissect_named("vlan tags");
    ck_assert_uint_eq(d.link.vlan_count, 5);
    ck_assert_uint_eq(d.link.vlans[0], 100);
    ck_assert_uint_eq(d.link.vlans[3], 7);
    ck_assert_uint_eq(d.network_offset, 14 + 5 * 4);

    d = dissect_named("802.3 with snap and ipv4");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_LLC | PS_LAYER_IPV4 | PS_LAYER_UDP);
    ck_assert(d.link.snap);
    ck_assert_uint_eq(d.ether_type, 0x0800);
    d = dissect_named("802.3 spanning tree");
    ck_assert_uint_eq(d.layers, PS_LAYER_ETHERNET | PS_LAYER_LLC);
    ck_assert_uint_eq(d.link.dsap, 0x42);
    ck_assert_uint_eq(d.link.control, 3);
    ck_assert_uint_eq(d.payload_length, 35); /* the length field says 38 */

    d = dissect_named("cooked");
    ck_assert_uint_eq(d.layers, PS_LAYER_COOKED | PS_LAYER_IPV4 | PS_LAYER_UDP);
    ck_assert_uint_eq(d.link.packet_type, 4);
    ck_assert_uint_eq(d.link.hardware_type, 1);
    ck_assert_uint_eq(d.link.source_length, 6);
    d = dissect_named("cooked 2");
    ck_assert_uint_eq(d.layers, PS_LAYER_COOKED | PS_LAYER_IPV6 | PS_LAYER_UDP);
    ck_assert_uint_eq(d.link.interface_index, 3);

    d = dissect_named("null, little-endian");
    ck_assert_uint_eq(d.layers, PS_LAYER_LOOPBACK | PS_LAYER_IPV4 | PS_LAYER_UDP);
    ck_assert_uint_eq(d.link.family, 2);
    d = dissect_named("null, big-endian");
    ck_assert_uint_eq(d.link.family, 30);
    ck_assert_uint_eq(d.ip.version, 6);
    d = dissect_named("loop");
    ck_assert_uint_eq(d.layers, PS_LAYER_LOOPBACK | PS_LAYER_IPV4 | PS_LAYER_UDP);
    d = dissect_named("raw ipv4");
    ck_assert_uint_eq(d.layers, PS_LAYER_IPV4 | PS_LAYER_UDP);
    d = dissect_named("unknown link type");
    ck_assert_uint_eq(d.layers, 0);
    ck_assert_uint_eq(d.payload_length, 4);
}
END_TEST

START_TEST(dissect_offloaded_length)
{
    ps_dissection d = dissect_named("ipv4 total length 0");

    ck_assert_uint_eq(d.flags, 0);
    ck_assert_uint_eq(d.ip.total_length, 50);
    ck_assert_uint_eq(d.payload_length, 10);
    d = dissect_named("ipv6 payload length 0 of tcp");
    ck_assert_uint_eq(d.flags, 0);
    ck_assert_uint_eq(d.ip.total_length, 70);
    ck_assert_uint_eq(d.payload_length, 10);
}
END_TEST

START_TEST(dissect_jumbo)
{
    unsigned char data[40 + 8 + 8];
    const test_packet *packet = test_packet_named("ipv6 jumbo");
    ps_packet jumbo = {0};
    ps_dissection d;

    memcpy(data, packet->data + 14, sizeof data);
    jumbo.data = data;
    jumbo.length = sizeof data;
    jumbo.original_length = 40 + 70000;
    jumbo.link_type = PS_LINK_RAW;
    d = dissect(&jumbo);
    ck_assert_uint_eq(d.malformed_layer, 0);
    ck_assert_uint_eq(d.truncated_layer, PS_LAYER_PAYLOAD);
    ck_assert_uint_eq(d.ip.total_length, 40 + 70000);
    ck_assert_uint_eq(d.transport_length, 70000 - 8);
    ck_assert_uint_eq(d.payload_wire_length, 70000 - 16);
}
END_TEST

/* A cut is never taken for a contradiction, and what is decoded only grows with the bytes there. */
START_TEST(dissect_every_cut)
{
    size_t count, i, length;
    const test_packet *packets = test_packets(&count);

    for (i = 0; i < count; i++) {
        uint32_t layers = 0;

        for (length = 0; length <= packets[i].length; length++) {
            ps_packet cut = test_packet_cut(&packets[i], length);
            ps_dissection d = dissect(&cut);

            check_consistent(&cut, &d, packets[i].name);
            ck_assert_msg((d.layers & layers) == layers &&
                              (packets[i].malformed || d.malformed_layer == 0),
                          "%s cut at %zu", packets[i].name, length);
            layers = d.layers;
            if (length == packets[i].length) {
                ck_assert_msg((d.malformed_layer != 0) == packets[i].malformed, "%s",
                              packets[i].name);
                ck_assert_msg(d.truncated_layer == 0, "%s", packets[i].name);
            }
        }
    }
}
END_TEST

/* The same bytes where the wire had no more: what was a cut contradicts itself now, if it was
 * within a header. */
START_TEST(dissect_every_short_packet)
{
    size_t count, i, length;
    const test_packet *packets = test_packets(&count);

    for (i = 0; i < count; i++) {
        for (length = 0; length < packets[i].length; length++) {
            ps_packet cut = test_packet_cut(&packets[i], length);
            ps_dissection d = dissect(&cut);
            uint32_t layer = d.truncated_layer;

            cut.original_length = length;
            d = dissect(&cut);
            check_consistent(&cut, &d, packets[i].name);
            ck_assert_msg(d.truncated_layer == 0 &&
                              (layer == 0 || layer == PS_LAYER_PAYLOAD || d.malformed_layer != 0),
                          "%s short at %zu", packets[i].name, length);
        }
    }
}
END_TEST

START_TEST(dissect_names_the_malformed_layer)
{
    static const struct {
        const char *name;
        uint32_t layer;
    } rows[] = {{"tcp offset too small", PS_LAYER_TCP},
                {"tcp offset too large", PS_LAYER_TCP},
                {"tcp option length 0", PS_LAYER_TCP},
                {"tcp option beyond the header", PS_LAYER_TCP},
                {"tcp option of a wrong length", PS_LAYER_TCP},
                {"udp length too small", PS_LAYER_UDP},
                {"udp length too large", PS_LAYER_UDP},
                {"udp header too short", PS_LAYER_UDP},
                {"ipv4 header length too small", PS_LAYER_IPV4},
                {"ipv4 total length below the header", PS_LAYER_IPV4},
                {"ipv4 total length beyond the frame", PS_LAYER_IPV4},
                {"ipv4 with version 6", PS_LAYER_IPV4},
                {"ipv6 hop-by-hop not first", PS_LAYER_HOP_BY_HOP},
                {"ipv6 payload length 0 without a jumbo option", PS_LAYER_HOP_BY_HOP},
                {"ipv6 header beyond the packet", PS_LAYER_DESTINATION},
                {"ipv6 payload length beyond the frame", PS_LAYER_IPV6},
                {"ipv6 with version 5", PS_LAYER_IPV6},
                {"arp beyond the frame", PS_LAYER_ARP},
                {"802.3 length beyond the frame", PS_LAYER_ETHERNET},
                {"raw of no version", PS_LAYER_IPV4}};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_dissection d = dissect_named(rows[i].name);

        ck_assert_msg(d.malformed_layer == rows[i].layer, "%s: %s", rows[i].name,
                      ps_layer_name(d.malformed_layer));
    }
}
END_TEST

/* The longest chain that a packet can hold, of the shortest headers, has an end. */
START_TEST(dissect_longest_chain)
{
    enum { HEADERS = 8000, LENGTH = 40 + HEADERS * 8 };
    static unsigned char data[LENGTH];
    char text[PS_DISSECTION_TEXT_MAX];
    ps_packet packet = {0};
    ps_dissection d;
    size_t i;

    data[0] = 0x60;
    data[4] = (unsigned char)((LENGTH - 40) >> 8);
    data[5] = (unsigned char)(LENGTH - 40);
    data[6] = 60;
    for (i = 0; i < HEADERS; i++)
        data[40 + 8 * i] = 60;
    packet.data = data;
    packet.length = packet.original_length = LENGTH;
    packet.link_type = PS_LINK_RAW;
    d = dissect(&packet);
    ck_assert_uint_eq(d.malformed_layer, PS_LAYER_DESTINATION);
    ck_assert_uint_eq(d.ip.extension_count, 255);
    ck_assert_ok(ps_dissection_format(&packet, &d, text, sizeof text));
    ck_assert_str_eq(text + strlen(text) - 3, "...");
}
END_TEST

START_TEST(dissect_random_bytes)
{
    static const int links[] = {PS_LINK_NULL,   PS_LINK_ETHERNET, PS_LINK_RAW,  PS_LINK_LOOP,
                                PS_LINK_COOKED, PS_LINK_IPV4,     PS_LINK_IPV6, PS_LINK_COOKED2};
    size_t count, i, round;
    const test_packet *packets = test_packets(&count);
    uint32_t random = 1;

    for (round = 0; round < 200; round++) {
        for (i = 0; i < count; i++) {
            unsigned char data[TEST_PACKET_MAX];
            char text[PS_DISSECTION_TEXT_MAX];
            ps_packet changed = test_packet_cut(&packets[i], packets[i].length);
            ps_dissection d;
            size_t change;

            memcpy(data, packets[i].data, packets[i].length);
            changed.data = data;
            for (change = 0; change <= round % 4; change++) {
                random = random * 1664525 + 1013904223;
                data[(random >> 8) % changed.length] = (unsigned char)(random >> 24);
            }
            if (round % 5 == 0)
                changed.link_type = links[(random >> 16) % (sizeof links / sizeof links[0])];
            d = dissect(&changed);
            check_consistent(&changed, &d, packets[i].name);
            ck_assert_ok(ps_dissection_format(&changed, &d, text, sizeof text));
        }
    }
}
END_TEST

static int checksum(const ps_packet *packet, uint32_t layer, uint16_t *right)
{
    ps_dissection d = dissect(packet);

    return ps_dissection_checksum(packet, &d, layer, right);
}

/* The packets have right checksums; one that is changed is told, with the right one. */
START_TEST(dissect_checksums)
{
    static const struct {
        const char *name;
        uint32_t layer;
        size_t field; /* where the checksum is */
    } rows[] = {{"udp", PS_LAYER_IPV4, 24},
                {"udp", PS_LAYER_UDP, 40},
                {"ipv4 options", PS_LAYER_IPV4, 24},
                {"ipv4 source route", PS_LAYER_UDP, 48},
                {"tcp syn", PS_LAYER_TCP, 50},
                {"tcp data", PS_LAYER_TCP, 50},
                {"icmp echo request", PS_LAYER_ICMP, 36},
                {"igmp v3 report", PS_LAYER_IGMP, 36},
                {"ipv6 udp", PS_LAYER_UDP, 60},
                {"ipv6 tcp", PS_LAYER_TCP, 70},
                {"icmpv6 solicitation", PS_LAYER_ICMPV6, 56},
                {"ipv6 chain of headers", PS_LAYER_UDP, 100}};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const test_packet *packet = test_packet_named(rows[i].name);
        unsigned char data[TEST_PACKET_MAX];
        ps_packet whole = test_packet_cut(packet, packet->length);
        uint16_t found =
            (uint16_t)(packet->data[rows[i].field] << 8 | packet->data[rows[i].field + 1]);
        uint16_t right = 0;

        ck_assert_msg(checksum(&whole, rows[i].layer, &right) == PS_CHECKSUM_GOOD, "%s",
                      rows[i].name);
        ck_assert_msg(right == found, "%s", rows[i].name);
        memcpy(data, packet->data, packet->length);
        data[rows[i].field] ^= 0x55;
        whole.data = data;
        ck_assert_msg(checksum(&whole, rows[i].layer, &right) == PS_CHECKSUM_BAD, "%s",
                      rows[i].name);
        ck_assert_msg(right == found, "%s", rows[i].name);
        ck_assert_int_eq(checksum(&whole, rows[i].layer, NULL), PS_CHECKSUM_BAD);
    }
}
END_TEST

START_TEST(dissect_checksums_not_to_be_told)
{
    const test_packet *packet = test_packet_named("udp");
    unsigned char data[TEST_PACKET_MAX];
    ps_packet p = test_packet_cut(packet, packet->length - 1);
    ps_dissection d;

    ck_assert_int_eq(checksum(&p, PS_LAYER_UDP, NULL), PS_CHECKSUM_UNKNOWN); /* cut */
    ck_assert_int_eq(checksum(&p, PS_LAYER_IPV4, NULL), PS_CHECKSUM_GOOD);
    ck_assert_int_eq(checksum(&p, PS_LAYER_TCP, NULL), PS_CHECKSUM_UNKNOWN); /* not there */
    ck_assert_int_eq(checksum(&p, PS_LAYER_ETHERNET, NULL), PS_CHECKSUM_UNKNOWN);

    memcpy(data, packet->data, packet->length);
    data[40] = data[41] = 0;
    p.data = data;
    p.length = packet->length;
    ck_assert_int_eq(checksum(&p, PS_LAYER_UDP, NULL), PS_CHECKSUM_ABSENT);

    packet = test_packet_named("ipv4 first fragment");
    p = test_packet_cut(packet, packet->length);
    ck_assert_int_eq(checksum(&p, PS_LAYER_UDP, NULL), PS_CHECKSUM_UNKNOWN);
    packet = test_packet_named("udp length too large");
    p = test_packet_cut(packet, packet->length);
    ck_assert_int_eq(checksum(&p, PS_LAYER_UDP, NULL), PS_CHECKSUM_UNKNOWN);

    d = dissect(&p);
    ck_assert_code(ps_dissection_checksum(NULL, &d, PS_LAYER_UDP, NULL), PS_EFAULT);
    ck_assert_code(ps_dissection_checksum(&p, NULL, PS_LAYER_UDP, NULL), PS_EFAULT);
}
END_TEST

START_TEST(dissect_internet_checksum)
{
    static const unsigned char bytes[] = {0x00, 0x01, 0xf2, 0x03,
                                          0xf4, 0xf5, 0xf6, 0xf7}; /* RFC 1071's own */

    ck_assert_uint_eq(ps_checksum(bytes, sizeof bytes), (uint16_t)~0xddf2);
    ck_assert_uint_eq(ps_checksum(bytes, 0), 0xffff);
    ck_assert_uint_eq(ps_checksum(bytes + 2, 1), (uint16_t)~0xf200);
    ck_assert_uint_eq(ps_checksum(bytes + 1, 3), (uint16_t) ~(0x01f2 + 0x0300));
    ck_assert_uint_eq(ps_checksum(NULL, 0), 0xffff);
}
END_TEST

START_TEST(dissect_arguments)
{
    unsigned char byte = 0;
    ps_packet packet = {0};
    ps_dissection d;

    ck_assert_code(ps_dissect(NULL, &d), PS_EFAULT);
    ck_assert_code(ps_dissect(&packet, NULL), PS_EFAULT);
    packet.length = 1;
    ck_assert_code(ps_dissect(&packet, &d), PS_EFAULT);
    packet.length = 0;
    packet.link_type = PS_LINK_ETHERNET;
    ck_assert_ok(ps_dissect(&packet, &d)); /* nothing at all */
    ck_assert_uint_eq(d.malformed_layer, PS_LAYER_ETHERNET);
    packet.original_length = SIZE_MAX;
    ck_assert_ok(ps_dissect(&packet, &d));
    ck_assert_uint_eq(d.truncated_layer, PS_LAYER_ETHERNET);
    packet.data = &byte;
    packet.length = 1;
    packet.original_length = 0; /* less than there is */
    ck_assert_ok(ps_dissect(&packet, &d));
    ck_assert_uint_eq(d.payload_wire_length, 1);
    packet.link_type = -1;
    ck_assert_ok(ps_dissect(&packet, &d));
    ck_assert_uint_eq(d.layers, 0);
    ck_assert_str_eq(ps_layer_name(PS_LAYER_TCP), "tcp");
    ck_assert_str_eq(ps_layer_name(0), "unknown");
}
END_TEST

void add_dissect_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, dissect_tcp);
    ADD_TEST_CASE(suite, dissect_tcp_options);
    ADD_TEST_CASE(suite, dissect_udp_and_padding);
    ADD_TEST_CASE(suite, dissect_fragments);
    ADD_TEST_CASE(suite, dissect_ipv6_extensions);
    ADD_TEST_CASE(suite, dissect_messages);
    ADD_TEST_CASE(suite, dissect_arp);
    ADD_TEST_CASE(suite, dissect_link_headers);
    ADD_TEST_CASE(suite, dissect_offloaded_length);
    ADD_TEST_CASE(suite, dissect_jumbo);
    ADD_TEST_CASE(suite, dissect_every_cut);
    ADD_TEST_CASE(suite, dissect_every_short_packet);
    ADD_TEST_CASE(suite, dissect_names_the_malformed_layer);
    ADD_TEST_CASE(suite, dissect_longest_chain);
    ADD_TEST_CASE(suite, dissect_random_bytes);
    ADD_TEST_CASE(suite, dissect_checksums);
    ADD_TEST_CASE(suite, dissect_checksums_not_to_be_told);
    ADD_TEST_CASE(suite, dissect_internet_checksum);
    ADD_TEST_CASE(suite, dissect_arguments);
}
