#include "packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKETS_MAX = 128 };

/* ---- a packet that is being made ------------------------------------------------------------- */

/* The offsets of the headers whose lengths and checksums finish() fills in; 0: there is none. */
typedef struct maker {
    test_packet *packet;
    size_t ipv4, ipv6, transport;
    int protocol;
    size_t last_hop; /* where the address is that a source route ends at: checksums are for it */
} maker;

static test_packet packets[PACKETS_MAX];
static size_t packet_count;

static void put16(unsigned char *p, unsigned number)
{
    p[0] = (unsigned char)(number >> 8);
    p[1] = (unsigned char)number;
}

static int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Adds bytes, written as hexadecimal digits with spaces between them. */
static void hex(maker *m, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        m->packet->data[m->packet->length++] =
            (unsigned char)(digit(text[0]) << 4 | digit(text[1]));
        text++;
    }
}

static void zeros(maker *m, size_t count)
{
    m->packet->length += count;
}

static maker begin(const char *name, int link_type, const char *line)
{
    maker m = {&packets[packet_count++], 0, 0, 0, 0, 0};

    m.packet->name = name;
    m.packet->link_type = link_type;
    m.packet->line = line;
    return m;
}

/* A packet on Ethernet, up to its ether type. */
static maker ethernet(const char *name, const char *line, const char *type)
{
    maker m = begin(name, PS_LINK_ETHERNET, line);

    hex(&m, "020000000002 020000000001");
    hex(&m, type);
    return m;
}

/* The header of IPv4 with options of whole words; `fragment` is flags and offset as they stand
 * there. */
static void ipv4(maker *m, int protocol, unsigned fragment, const char *options)
{
    unsigned char *p = m->packet->data + m->packet->length;

    m->ipv4 = m->packet->length;
    m->protocol = protocol;
    hex(m, "45 00 0000 1234 0000 40 00 0000 c0000201 c6336402");
    put16(p + 6, fragment);
    p[9] = (unsigned char)protocol;
    hex(m, options);
    p[0] = (unsigned char)(0x40 | (m->packet->length - m->ipv4) / 4);
    m->transport = m->packet->length;
}

static void ipv6(maker *m, int protocol)
{
    unsigned char *p = m->packet->data + m->packet->length;

    m->ipv6 = m->packet->length;
    m->protocol = protocol;
    hex(m, "60000000 0000 00 40 20010db8000000000000000000000001 20010db8000000010000000000000002");
    p[6] = (unsigned char)protocol;
    m->transport = m->packet->length;
}

/* An extension header, whose bytes are all given. The first one's protocol is the argument of
 * ipv6(). */
static void extension(maker *m, const char *bytes, int protocol)
{
    hex(m, bytes);
    m->protocol = protocol;
    m->transport = m->packet->length;
}

static void tcp(maker *m, const char *flags, const char *options, size_t payload)
{
    unsigned char *p = m->packet->data + m->packet->length;
    size_t first = m->packet->length;

    hex(m, "c350 1f91 00000001 000003e8");
    hex(m, flags);
    hex(m, "faf0 0000 0000");
    hex(m, options);
    p[12] = (unsigned char)((m->packet->length - first) / 4 << 4 | (p[12] & 15));
    zeros(m, payload);
}

static void udp(maker *m, size_t payload)
{
    unsigned char *p = m->packet->data + m->packet->length;

    hex(m, "c350 1f91 0000 0000");
    put16(p + 4, (unsigned)(8 + payload));
    zeros(m, payload);
}

static uint32_t sum_bytes(uint32_t sum, const unsigned char *p, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++)
        sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
    return (sum & 0xffff) + (sum >> 16);
}

static unsigned complement(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    return (unsigned)(uint16_t) ~((sum & 0xffff) + (sum >> 16));
}

static size_t checksum_offset(int protocol)
{
    return protocol == 6 ? 16 : protocol == 17 ? 6 : 2;
}

/* Fills in the lengths, then the checksums. */
static void finish(maker *m)
{
    unsigned char *data = m->packet->data;
    size_t length = m->packet->length - m->transport;
    uint32_t sum = 0;
    bool pseudo = m->protocol == 6 || m->protocol == 17 || m->protocol == 58;

    if (m->ipv4 != 0 || m->packet->link_type == PS_LINK_RAW) {
        if (m->ipv6 == 0) {
            put16(data + m->ipv4 + 2, (unsigned)(m->packet->length - m->ipv4));
            put16(data + m->ipv4 + 10,
                  complement(sum_bytes(0, data + m->ipv4, (data[m->ipv4] & 15u) * 4)));
            sum = sum_bytes(0, data + m->ipv4 + 12, 4);
            sum = sum_bytes(sum, data + (m->last_hop != 0 ? m->last_hop : m->ipv4 + 16), 4);
        }
    }
    if (m->ipv6 != 0) {
        put16(data + m->ipv6 + 4, (unsigned)(m->packet->length - m->ipv6 - 40));
        sum = sum_bytes(0, data + m->ipv6 + 8, 16);
        sum = sum_bytes(sum, data + (m->last_hop != 0 ? m->last_hop : m->ipv6 + 24), 16);
    }
    if (!pseudo && m->protocol != 1 && m->protocol != 2)
        return;
    sum = pseudo ? sum + (uint32_t)m->protocol + (uint32_t)length : 0;
    if (length >= checksum_offset(m->protocol) + 2)
        put16(data + m->transport + checksum_offset(m->protocol),
              complement(sum_bytes(sum, data + m->transport, length)));
}

static test_packet *finished(maker *m)
{
    finish(m);
    return m->packet;
}

/* ---- the packets ----------------------------------------------------------------------------- */

static void add_tcp(void)
{
    maker m = ethernet("tcp syn",
                       "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [S], seq 1, win 64240, "
                       "options [mss 1460,sackOK,TS "
                       "val 1 ecr 0,nop,wscale 7], length 0",
                       "0800");
    ipv4(&m, 6, 0x4000, "");
    tcp(&m, "0002", "020405b4 0402 080a0000000100000000 01 030307", 0);
    finish(&m);

    m = ethernet("tcp data",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [P.], seq 1:101, ack 1000, win "
                 "64240, length 100",
                 "0800");
    ipv4(&m, 6, 0x4000, "");
    tcp(&m, "0018", "", 100);
    finish(&m);

    m = ethernet("tcp sack",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [.], ack 1000, win 64240, options "
                 "[nop,nop,TS val 2 ecr "
                 "3,nop,nop,sack 2 {10:20}{30:40}], length 0",
                 "0800");
    ipv4(&m, 6, 0x4000, "");
    tcp(&m, "0010", "0101 080a0000000200000003 0101 0512 0000000a00000014 0000001e00000028", 0);
    finish(&m);

    m = ethernet("tcp all flags",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [FSRP.UEW], seq 1, ack 1000, win "
                 "64240, urg 0, length 0",
                 "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "00ff", "", 0);
    finish(&m);

    m = ethernet("tcp no flags",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [none], win 64240, length 0",
                 "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "0000", "", 0);
    finish(&m);

    m = ethernet(
        "tcp strange options",
        "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [S], seq 1, win 64240, options [unknown-200 "
        "0x0102,tfo  cookiereq,tfo  cookie 01020304,unknown-77,nop,nop,eol], length 0",
        "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "0002", "c8040102 2202 2206 01020304 4d02 01 01 00 000000 00000000", 0);
    finish(&m);

    m = ethernet(
        "tcp offset too small",
        "IP 192.0.2.1.50000 > 198.51.100.2.8081:  tcp 4 [bad hdr length 16 - too short, < 20]",
        "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "0002", "", 0);
    m.packet->data[m.transport + 12] = 0x40;
    finished(&m)->malformed = true;

    m = ethernet(
        "tcp offset too large",
        "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [S] [bad hdr length 60 - too long, > 20]",
        "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "0002", "", 0);
    m.packet->data[m.transport + 12] = 0xf0;
    finished(&m)->malformed = true;

    m = ethernet("tcp option length 0",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [S], seq 1, win 64240, options "
                 "[nop,[bad opt]]",
                 "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "0002", "01 0300 00", 0);
    finished(&m)->malformed = true;

    m = ethernet("tcp option beyond the header",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [S], seq 1, win 64240, options "
                 "[nop,nop,[bad opt]]",
                 "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "0002", "0101 0204", 0);
    finished(&m)->malformed = true;

    m = ethernet("tcp option of a wrong length",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [S], seq 1, win 64240, options "
                 "[mss 0x05b40000,nop,nop], "
                 "length 0",
                 "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "0002", "020605b40000 0101", 0);
    finish(&m);
    m.packet->malformed = m.packet->own_format = true;
}

static void add_udp(void)
{
    maker m = ethernet("udp", "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 32", "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 32);
    finish(&m);

    m = ethernet("udp empty, padded", "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 0",
                 "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 0);
    finish(&m);
    zeros(&m, 18);

    m = ethernet("udp length too small",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: truncated-udplength 7", "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    put16(m.packet->data + m.transport + 4, 7);
    finished(&m)->malformed = true;

    m = ethernet("udp length too large",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, bad length 92 > 4", "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    put16(m.packet->data + m.transport + 4, 100);
    finished(&m)->malformed = true;

    m = ethernet("udp header too short", "IP 192.0.2.1.50000 > 198.51.100.2.8081: truncated-udp 6",
                 "0800");
    ipv4(&m, 17, 0, "");
    hex(&m, "c3501f910008");
    finish(&m);
    m.packet->malformed = true;
}

static void add_ipv4(void)
{
    maker m = ethernet("ipv4 first fragment",
                       "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 92", "0800");
    ipv4(&m, 17, 0x2000, "");
    udp(&m, 16);
    put16(m.packet->data + m.transport + 4, 100);
    finish(&m);

    m = ethernet("ipv4 later fragment", "IP 192.0.2.1 > 198.51.100.2: ip-proto-17", "0800");
    ipv4(&m, 17, 0x2003, "");
    zeros(&m, 24);
    finish(&m);

    m = ethernet("ipv4 options", "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4", "0800");
    ipv4(&m, 17, 0, "94040000 0701 0100");
    udp(&m, 4);
    finish(&m);

    m = ethernet("ipv4 source route", "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4",
                 "0800");
    ipv4(&m, 17, 0, "01 8307 04 cb007109");
    m.last_hop = m.transport - 4;
    udp(&m, 4);
    finish(&m);

    m = ethernet("ipv4 other protocol", "IP 192.0.2.1 > 198.51.100.2:  ip-proto-253 20", "0800");
    ipv4(&m, 253, 0, "");
    zeros(&m, 20);
    finish(&m);

    m = ethernet("ipv4 no payload", "IP 192.0.2.1 > 198.51.100.2:  ip-proto-253 0", "0800");
    ipv4(&m, 253, 0, "");
    finish(&m);

    m = ethernet("ipv4 header length too small", "IP bad-hlen 16", "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);
    m.packet->data[14] = 0x44;
    m.packet->malformed = true;

    m = ethernet("ipv4 total length below the header", "IP bad-len 19", "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);
    put16(m.packet->data + 16, 19);
    m.packet->malformed = true;

    m = ethernet(
        "ipv4 total length beyond the frame",
        "IP truncated-ip - 968 bytes missing! 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4",
        "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);
    put16(m.packet->data + 16, 1000);
    m.packet->malformed = true;

    m = ethernet("ipv4 total length 0",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [.], seq 1:11, ack 1000, win "
                 "64240, length 10",
                 "0800");
    ipv4(&m, 6, 0, "");
    tcp(&m, "0010", "", 10);
    finish(&m);
    put16(m.packet->data + 16, 0);
    m.packet->own_format = true;

    m = ethernet("ipv4 with version 6", "IP6, wrong link-layer encapsulation (invalid)", "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);
    m.packet->data[14] = 0x65;
    m.packet->malformed = true;

    m = ethernet("ipv4 ah and tcp",
                 "IP 192.0.2.1 > 198.51.100.2: "
                 "AH(spi=0x00000100,seq=0x2,icv=0x0102030405060708090a0b0c): 50000 > 8081: "
                 "Flags [S], seq 1, win 64240, length 0",
                 "0800");
    ipv4(&m, 51, 0, "");
    extension(&m, "06 04 0000 00000100 00000002 0102030405060708090a0b0c", 6);
    tcp(&m, "0002", "", 0);
    finish(&m);

    m = ethernet("ipv4 esp", "IP 192.0.2.1 > 198.51.100.2: ESP(spi=0x00000100,seq=0x2a), length 40",
                 "0800");
    ipv4(&m, 50, 0, "");
    hex(&m, "00000100 0000002a");
    zeros(&m, 32);
    finish(&m);

    m = ethernet(
        "ipv4 in ipv4",
        "IP 192.0.2.1 > 198.51.100.2: IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4",
        "0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);
    memmove(m.packet->data + 34, m.packet->data + 14, m.packet->length - 14);
    m.packet->data[23] = 4;
    m.packet->length += 20;
    put16(m.packet->data + 16, (unsigned)m.packet->length - 14);
}

static void add_icmp(void)
{
    static const struct {
        const char *name, *line, *bytes;
        bool quotes; /* an IPv4 header and UDP's follow */
    } rows[] = {
        {"icmp echo request", "ICMP echo request, id 1, seq 2, length 16",
         "0800 0000 0001 0002 0000000000000000", false},
        {"icmp echo reply", "ICMP echo reply, id 1, seq 2, length 8", "0000 0000 0001 0002", false},
        {"icmp net unreachable", "ICMP net 203.0.113.9 unreachable, length 36",
         "0300 0000 00000000", true},
        {"icmp host unreachable", "ICMP host 203.0.113.9 unreachable, length 36",
         "0301 0000 00000000", true},
        {"icmp protocol unreachable", "ICMP 203.0.113.9 protocol 17 unreachable, length 36",
         "0302 0000 00000000", true},
        {"icmp port unreachable", "ICMP 203.0.113.9 udp port 7 unreachable, length 36",
         "0303 0000 00000000", true},
        {"icmp too big", "ICMP 203.0.113.9 unreachable - need to frag (mtu 1400), length 36",
         "0304 0000 00000578", true},
        {"icmp prohibited",
         "ICMP host 203.0.113.9 unreachable - admin prohibited filter, length 36",
         "030d 0000 00000000", true},
        {"icmp other unreachable", "ICMP 203.0.113.9 unreachable - #77, length 36",
         "034d 0000 00000000", true},
        {"icmp redirect", "ICMP redirect 203.0.113.9 to host 192.0.2.77, length 36",
         "0501 0000 c000024d", true},
        {"icmp redirect for a service",
         "ICMP redirect-tos 203.0.113.9 to net 192.0.2.77, length 36", "0502 0000 c000024d", true},
        {"icmp time exceeded", "ICMP time exceeded in-transit, length 36", "0b00 0000 00000000",
         true},
        {"icmp reassembly time exceeded", "ICMP ip reassembly time exceeded, length 36",
         "0b01 0000 00000000", true},
        {"icmp parameter problem", "ICMP parameter problem - octet 20, length 36",
         "0c00 0000 14000000", true},
        {"icmp time stamp query", "ICMP time stamp query id 1 seq 2, length 20",
         "0d00 0000 00010002 00000001 00000002 00000003", false},
        {"icmp time stamp reply",
         "ICMP time stamp reply id 1 seq 2: org 00:00:00.001, recv 01:01:01.001, xmit "
         "23:59:59.999, length 20",
         "0e00 0000 00010002 00000001 0037dcc9 05265bff", false},
        {"icmp source quench", "ICMP source quench, length 36", "0400 0000 00000000", true},
        {"icmp router solicitation", "ICMP router solicitation, length 8", "0a00 0000 00000000",
         false},
        {"icmp mask request", "ICMP address mask request, length 12", "1100 0000 00010002 00000000",
         false},
        {"icmp mask reply", "ICMP address mask is 0xffffff00, length 12",
         "1200 0000 00010002 ffffff00", false},
        {"icmp other type", "ICMP type-#77, length 8", "4d00 0000 00000000", false},
        {"igmp v2 query", "igmp query v2", "1164 0000 00000000", false},
        {"igmp v2 report", "igmp v2 report 224.0.0.251", "1600 0000 e00000fb", false},
        {"igmp v1 report", "igmp v1 report 224.0.0.251", "1200 0000 e00000fb", false},
        {"igmp leave", "igmp leave 224.0.0.251", "1700 0000 e00000fb", false},
        {"igmp v3 query", "igmp query v3 [gaddr 224.0.0.251]", "1164 0000 e00000fb 0000 0000",
         false},
        {"igmp v3 report", "igmp v3 report, 1 group record(s)",
         "2200 0000 0000 0001 04000000 e00000fb", false},
        {"igmp other type", "igmp-119", "7700 0000 00000000", false},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        maker m = ethernet(rows[i].name, NULL, "0800");
        static char lines[sizeof rows / sizeof rows[0]][160];

        snprintf(lines[i], sizeof lines[i], "IP 192.0.2.1 > 198.51.100.2: %s", rows[i].line);
        m.packet->line = lines[i];
        ipv4(&m, rows[i].name[1] == 'g' ? 2 : 1, 0, "");
        hex(&m, rows[i].bytes);
        if (rows[i].quotes)
            hex(&m, "4500001c 00010000 40110000 c6336402 cb007109 c350 0007 0008 0000");
        finish(&m);
    }
}

static void add_ipv6(void)
{
    maker m = ethernet("ipv6 tcp",
                       "IP6 2001:db8::1.50000 > 2001:db8:0:1::2.8081: Flags [S], seq 1, win 64240, "
                       "options [mss 1440], "
                       "length 0",
                       "86dd");
    ipv6(&m, 6);
    tcp(&m, "0002", "020405a0", 0);
    finish(&m);

    m = ethernet("ipv6 udp", "IP6 2001:db8::1.50000 > 2001:db8:0:1::2.8081: UDP, length 32",
                 "86dd");
    ipv6(&m, 17);
    udp(&m, 32);
    finish(&m);

    m = ethernet("ipv6 first fragment",
                 "IP6 2001:db8::1 > 2001:db8:0:1::2: frag (0|24) 50000 > 8081: UDP, length 92",
                 "86dd");
    ipv6(&m, 44);
    extension(&m, "11 00 0001 12345678", 17);
    udp(&m, 16);
    put16(m.packet->data + m.transport + 4, 100);
    finish(&m);

    m = ethernet("ipv6 later fragment", "IP6 2001:db8::1 > 2001:db8:0:1::2: frag (1232|24)",
                 "86dd");
    ipv6(&m, 44);
    extension(&m, "11 00 04d0 12345678", 0);
    zeros(&m, 24);
    finish(&m);

    m = ethernet("ipv6 chain of headers",
                 "IP6 2001:db8::1 > 2001:db8:0:1::2: HBH DSTOPT RT6 (len=2, type=2, segleft=1, "
                 "[0]2001:db8::77) 50000 > "
                 "8081: UDP, length 4",
                 "86dd");
    ipv6(&m, 0);
    extension(&m, "3c 00 0502 0000 0100", 0);
    extension(&m, "2b 00 0104 00000000", 0);
    extension(&m, "11 02 02 01 00000000 20010db8000000000000000000000077", 17);
    m.last_hop = m.transport - 16;
    udp(&m, 4);
    finish(&m);

    m = ethernet(
        "ipv6 segment routing",
        "IP6 2001:db8::1 > 2001:db8:0:1::2: RT6 (len=2, type=4, segleft=0, last-entry=0, tag=7, "
        "[0]2001:db8::77) 50000 > 8081: Flags [S], seq 1, win 64240, length 0",
        "86dd");
    ipv6(&m, 43);
    extension(&m, "06 02 04 00 00 00 0007 20010db8000000000000000000000077", 6);
    tcp(&m, "0002", "", 0);
    finish(&m);

    m = ethernet("ipv6 ah and udp",
                 "IP6 2001:db8::1 > 2001:db8:0:1::2: "
                 "AH(spi=0x00000100,seq=0x2,icv=0x0102030405060708090a0b0c): 50000 > "
                 "8081: UDP, length 4",
                 "86dd");
    ipv6(&m, 51);
    extension(&m, "11 04 0000 00000100 00000002 0102030405060708090a0b0c", 17);
    udp(&m, 4);
    finish(&m);

    m = ethernet("ipv6 esp",
                 "IP6 2001:db8::1 > 2001:db8:0:1::2: ESP(spi=0x00000100,seq=0x2a), length 16",
                 "86dd");
    ipv6(&m, 50);
    hex(&m, "00000100 0000002a 0000000000000000");
    finish(&m);

    m = ethernet("ipv6 no next header", "IP6 2001:db8::1 > 2001:db8:0:1::2: no next header",
                 "86dd");
    ipv6(&m, 59);
    finish(&m);

    m = ethernet("ipv6 destination options, no next header",
                 "IP6 2001:db8::1 > 2001:db8:0:1::2: DSTOPT no next header", "86dd");
    ipv6(&m, 60);
    extension(&m, "3b 00 0104 00000000", 0);
    finish(&m);

    m = ethernet("ipv6 hop-by-hop not first",
                 "IP6 2001:db8::1 > 2001:db8:0:1::2: DSTOPT HBH [bad hop-by-hop header]", "86dd");
    ipv6(&m, 60);
    extension(&m, "00 00 0104 00000000", 0);
    extension(&m, "11 00 0104 00000000", 17);
    udp(&m, 4);
    finish(&m);
    m.packet->malformed = m.packet->own_format = true;

    m = ethernet("ipv6 header beyond the packet", "IP6 2001:db8::1 > 2001:db8:0:1::2:  [|dstopt]",
                 "86dd");
    ipv6(&m, 60);
    extension(&m, "3b ff 0104 00000000", 0);
    finish(&m);
    m.packet->malformed = true;

    m = ethernet("ipv6 payload length 0 without a jumbo option",
                 "IP6 2001:db8::1 > 2001:db8:0:1::2: HBH [bad hop-by-hop header]", "86dd");
    ipv6(&m, 0);
    extension(&m, "11 00 0104 00000000", 17);
    udp(&m, 4);
    finish(&m);
    put16(m.packet->data + 18, 0);
    m.packet->malformed = m.packet->own_format = true;

    m = ethernet("ipv6 payload length 0 of tcp",
                 "IP6 2001:db8::1.50000 > 2001:db8:0:1::2.8081: Flags [.], seq 1:11, ack 1000, win "
                 "64240, length 10",
                 "86dd");
    ipv6(&m, 6);
    tcp(&m, "0010", "", 10);
    finish(&m);
    put16(m.packet->data + 18, 0);
    m.packet->own_format = true;

    m = ethernet(
        "ipv6 jumbo",
        "IP6 truncated-ip6 - 69980 bytes missing!2001:db8::1 > 2001:db8:0:1::2: HBH 50000 > 8081: "
        "truncated-udplength 0",
        "86dd");
    ipv6(&m, 0);
    extension(&m, "11 00 c204 00011170", 17); /* 70000 */
    udp(&m, 4);
    finish(&m);
    put16(m.packet->data + 18, 0);
    put16(m.packet->data + m.transport + 4, 0);
    m.packet->malformed = m.packet->own_format = true;

    m = ethernet("ipv6 payload length beyond the frame",
                 "IP6 truncated-ip6 - 988 bytes missing!2001:db8::1.50000 > 2001:db8:0:1::2.8081: "
                 "UDP, length 4",
                 "86dd");
    ipv6(&m, 17);
    udp(&m, 4);
    finish(&m);
    put16(m.packet->data + 18, 1000);
    m.packet->malformed = true;

    m = ethernet("ipv6 with version 5", "IP6 version error: 5 != 6", "86dd");
    ipv6(&m, 17);
    udp(&m, 4);
    finish(&m);
    m.packet->data[14] = 0x50;
    m.packet->malformed = true;

    m = ethernet(
        "ipv4 in ipv6",
        "IP6 2001:db8::1 > 2001:db8:0:1::2: IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4",
        "86dd");
    ipv6(&m, 4);
    hex(&m, "45000020 12340000 40110000 c0000201 c6336402 c350 1f91 000c 0000 00000000");
    finish(&m);
}

static void add_icmpv6(void)
{
    static const char quoted[] =
        "60000000 0008 11 40 20010db8000000010000000000000002 20010db8000000000000000000000099 "
        "c350 0007 0008 0000";
    static const struct {
        const char *name, *line, *bytes;
        bool quotes;
    } rows[] = {
        {"icmpv6 echo request", "ICMP6, echo request, id 1, seq 2, length 16",
         "8000 0000 0001 0002 0000000000000000", false},
        {"icmpv6 echo reply", "ICMP6, echo reply, id 1, seq 2, length 8", "8100 0000 0001 0002",
         false},
        {"icmpv6 solicitation", "ICMP6, neighbor solicitation, who has 2001:db8::5, length 32",
         "8700 0000 00000000 20010db8000000000000000000000005 0101020000000001", false},
        {"icmpv6 advertisement", "ICMP6, neighbor advertisement, tgt is 2001:db8::5, length 32",
         "8800 0000 60000000 20010db8000000000000000000000005 0201020000000001", false},
        {"icmpv6 router solicitation", "ICMP6, router solicitation, length 8", "8500 0000 00000000",
         false},
        {"icmpv6 router advertisement", "ICMP6, router advertisement, length 16",
         "8600 0000 40000708 00000000 00000000", false},
        {"icmpv6 redirect", "ICMP6, redirect, 2001:db8::99 to fe80::1, length 40",
         "8900 0000 00000000 fe800000000000000000000000000001 20010db8000000000000000000000099",
         false},
        {"icmpv6 port unreachable",
         "ICMP6, destination unreachable, unreachable port, 2001:db8::99 udp port 7, length 56",
         "0104 0000 00000000", true},
        {"icmpv6 no route",
         "ICMP6, destination unreachable, unreachable route 2001:db8::99, length 56",
         "0100 0000 00000000", true},
        {"icmpv6 prohibited",
         "ICMP6, destination unreachable,  unreachable prohibited 2001:db8::99, length 56",
         "0101 0000 00000000", true},
        {"icmpv6 beyond scope",
         "ICMP6, destination unreachable, beyond scope 2001:db8::99, source address "
         "2001:db8:0:1::2, length 56",
         "0102 0000 00000000", true},
        {"icmpv6 too big", "ICMP6, packet too big, mtu 1280, length 56", "0200 0000 00000500",
         true},
        {"icmpv6 time exceeded", "ICMP6, time exceeded in-transit for 2001:db8::99, length 56",
         "0300 0000 00000000", true},
        {"icmpv6 parameter problem", "ICMP6, parameter problem, next header - octet 40, length 56",
         "0401 0000 00000028", true},
        {"icmpv6 listener query", "ICMP6, multicast listener query v2 [gaddr ff02::fb], length 28",
         "8200 0000 03e80000 ff0200000000000000000000000000fb 0000 0000", false},
        {"icmpv6 first listener query",
         "ICMP6, multicast listener querymax resp delay: 1000 addr: ff02::fb, length 24",
         "8200 0000 03e80000 ff0200000000000000000000000000fb", false},
        {"icmpv6 listener report",
         "ICMP6, multicast listener report v2, 1 group record(s), length 28",
         "8f00 0000 0000 0001 04000000 ff0200000000000000000000000000fb", false},
        {"icmpv6 other type", "ICMP6, unknown icmp6 type (250), length 8", "fa00 0000 00000000",
         false},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        maker m = ethernet(rows[i].name, NULL, "86dd");
        static char lines[sizeof rows / sizeof rows[0]][192];

        snprintf(lines[i], sizeof lines[i], "IP6 2001:db8::1 > 2001:db8:0:1::2: %s", rows[i].line);
        m.packet->line = lines[i];
        ipv6(&m, 58);
        hex(&m, rows[i].bytes);
        if (rows[i].quotes)
            hex(&m, quoted);
        finish(&m);
    }
}

static void add_arp(void)
{
    maker m =
        ethernet("arp request", "ARP, Request who-has 192.0.2.9 tell 192.0.2.1, length 28", "0806");
    hex(&m, "0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000209");

    m = ethernet("arp request to one machine",
                 "ARP, Request who-has 192.0.2.9 (02:00:00:00:00:02) tell 192.0.2.1, length 46",
                 "0806");
    hex(&m, "0001 0800 06 04 0001 020000000001 c0000201 020000000002 c0000209");
    zeros(&m, 18);

    m = ethernet("arp reply", "ARP, Reply 192.0.2.9 is-at 02:00:00:00:00:01, length 28", "0806");
    hex(&m, "0001 0800 06 04 0002 020000000001 c0000209 020000000002 c0000201");

    m = ethernet("arp reverse request",
                 "ARP, Reverse Request who-is 02:00:00:00:00:02 tell 02:00:00:00:00:01, length 28",
                 "0806");
    hex(&m, "0001 0800 06 04 0003 020000000001 c0000209 020000000002 c0000201");

    m = ethernet("arp of another protocol",
                 "ARP, Ethernet (len 6), Unknown Protocol (0x1234) (len 2), length 24", "0806");
    hex(&m, "0001 1234 06 02 0001 020000000001 0102 020000000002 0304");

    m = ethernet("arp of an unknown operation", "ARP, Unknown (77), length 28", "0806");
    hex(&m, "0001 0800 06 04 004d 020000000001 c0000209 020000000002 c0000201");
    m.packet->own_format = true;

    m = ethernet("arp beyond the frame", " [|arp]", "0806");
    hex(&m, "0001 0800 ff ff 0001 020000000001 c0000209 020000000002 c0000201");
    m.packet->malformed = true;
}

static void add_links(void)
{
    maker m =
        ethernet("vlan", "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4", "8100 6005 0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);

    m = ethernet("vlan tags", "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4",
                 "88a8 0064 8100 6005 8100 0006 8100 0007 8100 0008 0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);

    m = ethernet("unknown ether type",
                 "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype Unknown (0x88b5), length 34",
                 "88b5");
    zeros(&m, 20);

    m = ethernet("802.3 with snap and ipv4",
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4",
                 "0028 aaaa03 000000 0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);
    zeros(&m, 6);

    m = ethernet(
        "802.3 spanning tree",
        "02:00:00:00:00:01 > 02:00:00:00:00:02, LLC dsap 0x42 ssap 0x42 ctrl 0x3, length 55",
        "0026 424203");
    zeros(&m, 38);
    m.packet->own_format = true;

    m = ethernet(
        "802.3 length beyond the frame",
        "02:00:00:00:00:01 > 02:00:00:00:00:02, LLC dsap 0x42 ssap 0x42 ctrl 0x3, length 37",
        "0100 424203");
    zeros(&m, 20);
    m.packet->own_format = m.packet->malformed = true;

    m = begin("cooked", PS_LINK_COOKED, "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4");
    hex(&m, "0004 0001 0006 0200000000010000 0800");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);

    m = begin("cooked with an unknown type", PS_LINK_COOKED,
              "Out 02:00:00:00:00:01 ethertype Unknown (0x88b5), length 20");
    hex(&m, "0004 0001 0006 0200000000010000 88b5 00000000");

    m = begin("cooked 2", PS_LINK_COOKED2,
              "IP6 2001:db8::1.50000 > 2001:db8:0:1::2.8081: UDP, length 4");
    hex(&m, "86dd 0000 00000003 0001 00 06 0200000000010000");
    ipv6(&m, 17);
    udp(&m, 4);
    finish(&m);

    m = begin("null, little-endian", PS_LINK_NULL,
              "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4");
    hex(&m, "02000000");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);

    m = begin("null, big-endian", PS_LINK_NULL,
              "IP6 2001:db8::1.50000 > 2001:db8:0:1::2.8081: UDP, length 4");
    hex(&m, "0000001e");
    ipv6(&m, 17);
    udp(&m, 4);
    finish(&m);

    m = begin("null, unknown family", PS_LINK_NULL, "AF 99, length 8");
    hex(&m, "63000000 00000000");
    m.packet->own_format = true;

    m = begin("loop", PS_LINK_LOOP, "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4");
    hex(&m, "00000002");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);

    m = begin("raw ipv4", PS_LINK_RAW, "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 4");
    ipv4(&m, 17, 0, "");
    udp(&m, 4);
    finish(&m);

    m = begin("raw of no version", PS_LINK_RAW, "unknown ip 3");
    hex(&m, "30000000");
    m.packet->malformed = true;

    m = begin("unknown link type", 147, "link-type 147, length 4");
    hex(&m, "01020304");
    m.packet->own_format = true;
}

/* ---- the table ------------------------------------------------------------------------------- */

const test_packet *test_packets(size_t *count)
{
    if (packet_count == 0) {
        add_tcp();
        add_udp();
        add_ipv4();
        add_icmp();
        add_ipv6();
        add_icmpv6();
        add_arp();
        add_links();
    }
    *count = packet_count;
    return packets;
}

const test_packet *test_packet_named(const char *name)
{
    size_t count, i;
    const test_packet *all = test_packets(&count);

    for (i = 0; i < count; i++) {
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    }
    fprintf(stderr, "there is no packet named %s\n", name);
    abort();
}

ps_packet test_packet_cut(const test_packet *packet, size_t length)
{
    ps_packet cut = {0};

    cut.data = packet->data;
    cut.length = length;
    cut.original_length = packet->length;
    cut.link_type = packet->link_type;
    return cut;
}
