/* The chain of IPv6 extension headers: fields, line, checksum and what ICMPv6 quotes are of one
 * reading of it. */
#include "packets.h"
#include "test.h"

#include <stdio.h>

enum {
    IPV6_LENGTH = 40,
    UDP_LENGTH = 8,
    PAYLOAD = 5,
    ICMPV6_LENGTH = 8,
    HEADERS_MAX = 6,
    UDP = 17,
    ICMPV6 = 58,
    PORT = 53
};

/* An extension header. The first byte, the number of what follows, is filled in. */
typedef struct header {
    uint8_t number;
    uint32_t layer;
    const char *text; /* what a line has where this header is */
    size_t length;
    unsigned char bytes[24];
    bool last_hop; /* the last 16 bytes are the address that the checksum is for */
    bool ends;     /* a later fragment: nothing is decoded behind it */
} header;

static const header hop_by_hop = {0, PS_LAYER_HOP_BY_HOP, "HBH ", 8, {0, 0, 1, 4}, false, false};
static const header long_hop_by_hop = {0,    PS_LAYER_HOP_BY_HOP, "HBH ", 16, {0, 1, 1, 12}, false,
                                       false};
static const header options = {60, PS_LAYER_DESTINATION, "DSTOPT ", 8, {0, 0, 1, 4}, false, false};
static const header long_options = {60,   PS_LAYER_DESTINATION, "DSTOPT ", 24, {0, 2, 1, 20}, false,
                                    false};
static const header route = {
    43,   PS_LAYER_ROUTING, "RT6 (", 24, {0, 2, 0, 1, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, 9}, true,
    false};
static const header used_route = {
    43, PS_LAYER_ROUTING, "RT6 (", 24, {0, 2, 2, 0, 0, 0, 0, 0, 0x20, 1, 7}, false, false};
static const header segments = {
    43, PS_LAYER_ROUTING, "RT6 (", 24, {0, 2, 4, 1, 0, 0, 0, 0, 0xfd, 3}, true, false};
static const header whole_fragment = {
    44, PS_LAYER_FRAGMENT, "frag (", 8, {0, 0, 0, 0, 1, 2, 3, 4}, false, false};
static const header later_fragment = {
    44, PS_LAYER_FRAGMENT, "frag (", 8, {0, 0, 0, 8, 1, 2, 3, 4}, false, true};
static const header ah = {51,    PS_LAYER_AH, "AH(", 24, {0, 4, 0, 0, 1, 2, 3, 4, 0, 0, 0, 5},
                          false, false};
static const header short_ah = {51,    PS_LAYER_AH, "AH(", 16, {0, 2, 0, 0, 1, 2, 3, 4, 0, 0, 0, 5},
                                false, false};

static const header *const chains[][HEADERS_MAX + 1] = {
    {NULL},
    {&hop_by_hop},
    {&options},
    {&route},
    {&segments},
    {&whole_fragment},
    {&ah},
    {&later_fragment},
    {&long_hop_by_hop, &used_route, &options},
    {&hop_by_hop, &options, &route, &whole_fragment, &ah, &long_options},
    {&short_ah, &ah, &short_ah},
    {&options, &long_options, &whole_fragment, &whole_fragment, &options},
    {&used_route, &segments, &long_options},
    {&ah, &later_fragment},
    {&long_hop_by_hop, &whole_fragment, &options, &later_fragment},
};
enum { CHAINS = sizeof chains / sizeof chains[0] };

/* A packet with a chain in it, and what is to be read of it. */
typedef struct chained {
    unsigned char data[320];
    size_t length;
    size_t ends[HEADERS_MAX]; /* where each header ends */
    size_t count;
    size_t transport;
    bool carries; /* the transport header is decoded */
} chained;

static void append(chained *c, const void *bytes, size_t length)
{
    ck_assert_uint_le(c->length + length, sizeof c->data);
    memcpy(c->data + c->length, bytes, length);
    c->length += length;
}

static void append_ipv6(chained *c, uint8_t next)
{
    unsigned char ipv6[IPV6_LENGTH] = {0x60, 0, 0, 0, 0, 0, next, 64, 0x20, 1, 0xd, 0xb8};

    ipv6[23] = 1;
    memcpy(ipv6 + 24, ipv6 + 8, 16);
    ipv6[39] = 2;
    append(c, ipv6, sizeof ipv6);
}

static void set_length(chained *c, size_t ipv6)
{
    c->data[ipv6 + 5] = (unsigned char)(c->length - ipv6 - IPV6_LENGTH);
    ck_assert_uint_lt(c->length - ipv6 - IPV6_LENGTH, 256);
}

/* The checksum of UDP, made as RFC 8200 says: for the address where the route ends. */
static void set_checksum(chained *c, size_t ipv6, const unsigned char *destination)
{
    unsigned char covered[40 + UDP_LENGTH + PAYLOAD] = {0};
    unsigned char *udp = c->data + c->transport;
    uint16_t sum;

    memcpy(covered, c->data + ipv6 + 8, 16);
    memcpy(covered + 16, destination, 16);
    covered[35] = UDP_LENGTH + PAYLOAD;
    covered[39] = UDP;
    memcpy(covered + 40, udp, UDP_LENGTH + PAYLOAD);
    sum = ps_checksum(covered, sizeof covered);
    udp[6] = (unsigned char)(sum >> 8);
    udp[7] = (unsigned char)sum;
}

/* Appends an IPv6 packet with the chain and UDP. */
static void append_chain(chained *c, const header *const *chain)
{
    static const unsigned char udp[UDP_LENGTH + PAYLOAD] = {0, 7, 0, PORT, 0, UDP_LENGTH + PAYLOAD};
    size_t ipv6 = c->length;
    size_t last_hop = ipv6 + 24;
    size_t i;

    append_ipv6(c, chain[0] != NULL ? chain[0]->number : UDP);
    c->carries = true;
    for (i = 0; chain[i] != NULL; i++) {
        size_t begin = c->length;

        append(c, chain[i]->bytes, chain[i]->length);
        c->data[begin] = chain[i + 1] != NULL ? chain[i + 1]->number : UDP;
        c->ends[i] = c->length;
        c->carries = c->carries && !chain[i]->ends;
        if (chain[i]->last_hop)
            last_hop = c->length - 16;
    }
    c->count = i;
    c->transport = c->length;
    append(c, udp, sizeof udp);
    set_length(c, ipv6);
    set_checksum(c, ipv6, c->data + last_hop);
}

static ps_packet cut(const chained *c, size_t length)
{
    ps_packet packet = {0};

    packet.data = c->data;
    packet.length = length;
    packet.original_length = c->length;
    packet.link_type = PS_LINK_IPV6;
    return packet;
}

/* How many headers of the chain the first `length` bytes have whole. */
static size_t whole_headers(const chained *c, size_t length)
{
    size_t count = 0;

    while (count < c->count && c->ends[count] <= length)
        count++;
    return count;
}

static bool ends_in(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

/* The line has the headers that are whole, in their order, and ends in what is cut. */
static void check_line(const char *text, const chained *c, const header *const *chain,
                       size_t length)
{
    size_t whole = whole_headers(c, length);
    const char *at = text;
    char end[32] = "UDP, length 5";
    size_t i;

    for (i = 0; i < whole; i++) {
        at = strstr(at, chain[i]->text);
        ck_assert_msg(at != NULL, "cut at %zu: header %zu is missing: %s", length, i, text);
        at += strlen(chain[i]->text);
    }
    if (whole < c->count)
        snprintf(end, sizeof end, " [|%s]", ps_layer_name(chain[whole]->layer));
    else if (length < c->transport + UDP_LENGTH)
        strcpy(end, " [|udp]");
    if (whole == c->count && !c->carries)
        ck_assert_msg(strstr(text, "UDP") == NULL && ends_in(text, ")"), "cut at %zu: %s", length,
                      text);
    else
        ck_assert_msg(ends_in(text, end), "cut at %zu: no \"%s\" at the end: %s", length, end,
                      text);
}

static void check_fields(const ps_dissection *d, const chained *c, const header *const *chain,
                         size_t length)
{
    size_t whole = whole_headers(c, length);
    uint32_t layers = PS_LAYER_IPV6;
    size_t i;

    for (i = 0; i < whole; i++)
        layers |= chain[i]->layer;
    if (c->carries && length >= c->transport + UDP_LENGTH)
        layers |= PS_LAYER_UDP;
    ck_assert_uint_eq(d->layers, layers);
    ck_assert_uint_eq(d->ip.extension_count, whole);
    ck_assert_uint_eq(d->malformed_layer, 0);
    ck_assert_uint_eq(d->transport_offset, whole == c->count ? c->transport : 0);
    if (whole < c->count)
        ck_assert_uint_eq(d->truncated_layer, chain[whole]->layer);
    else if (c->carries && length < c->transport + UDP_LENGTH)
        ck_assert_uint_eq(d->truncated_layer, PS_LAYER_UDP);
    else
        ck_assert_uint_eq(d->truncated_layer, length < c->length ? PS_LAYER_PAYLOAD : 0);
}

START_TEST(chain_is_read_equally_at_each_cut)
{
    size_t i, length;

    for (i = 0; i < CHAINS; i++) {
        chained c = {.length = 0};

        append_chain(&c, chains[i]);
        for (length = IPV6_LENGTH; length <= c.length; length++) {
            ps_packet packet = cut(&c, length);
            char text[PS_DISSECTION_TEXT_MAX];
            ps_dissection d;

            ck_assert_ok(ps_dissect(&packet, &d));
            check_fields(&d, &c, chains[i], length);
            ck_assert_ok(ps_dissection_format(&packet, &d, text, sizeof text));
            check_line(text, &c, chains[i], length);
            ck_assert_int_eq(ps_dissection_checksum(&packet, &d, PS_LAYER_UDP, NULL),
                             c.carries && length == c.length ? PS_CHECKSUM_GOOD
                                                             : PS_CHECKSUM_UNKNOWN);
        }
    }
}
END_TEST

/* An error that quotes the packet names the port as soon as the ports are there. */
START_TEST(chain_is_read_equally_where_it_is_quoted)
{
    static const unsigned char unreachable[ICMPV6_LENGTH] = {1, 4};
    size_t i, length;

    for (i = 0; i < CHAINS; i++) {
        chained c = {.length = 0};

        append_ipv6(&c, ICMPV6);
        append(&c, unreachable, sizeof unreachable);
        append_chain(&c, chains[i]);
        set_length(&c, 0);
        for (length = IPV6_LENGTH + ICMPV6_LENGTH; length <= c.length; length++) {
            ps_packet packet = cut(&c, length);
            char text[PS_DISSECTION_TEXT_MAX];
            bool named = c.carries && length >= c.transport + 4;
            ps_dissection d;

            ck_assert_ok(ps_dissect(&packet, &d));
            ck_assert_ok(ps_dissection_format(&packet, &d, text, sizeof text));
            ck_assert_msg((strstr(text, " udp port 53, length ") != NULL) == named,
                          "cut at %zu: %s", length, text);
            ck_assert_msg(ends_in(text, " [|icmp6]") == !named, "cut at %zu: %s", length, text);
        }
    }
}
END_TEST

/* A chain that contradicts itself stops all of them at the same header. */
START_TEST(chain_stops_where_it_is_malformed)
{
    static const header *const late_hop_by_hop[] = {&options, &hop_by_hop, NULL};
    static const header *const empty_ah[] = {&options, &short_ah, NULL};
    const header *const *rows[] = {late_hop_by_hop, empty_ah};
    static const char *const ends[] = {"DSTOPT HBH [bad hop-by-hop header]", "DSTOPT  [|ah]"};
    size_t i;

    for (i = 0; i < 2; i++) {
        chained c = {.length = 0};
        ps_packet packet;
        char text[PS_DISSECTION_TEXT_MAX];
        ps_dissection d;

        append_chain(&c, rows[i]);
        if (rows[i] == empty_ah)
            c.data[c.ends[0] + 1] = 0;
        packet = cut(&c, c.length);
        ck_assert_ok(ps_dissect(&packet, &d));
        ck_assert_uint_eq(d.malformed_layer, rows[i][1]->layer);
        ck_assert_uint_eq(d.ip.extension_count, 1);
        ck_assert_uint_eq(d.transport_offset, 0);
        ck_assert_ok(ps_dissection_format(&packet, &d, text, sizeof text));
        ck_assert_msg(ends_in(text, ends[i]), "%s", text);
        ck_assert_int_eq(ps_dissection_checksum(&packet, &d, PS_LAYER_UDP, NULL),
                         PS_CHECKSUM_UNKNOWN);
    }
}
END_TEST

void add_dissect_chain_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, chain_is_read_equally_at_each_cut);
    ADD_TEST_CASE(suite, chain_is_read_equally_where_it_is_quoted);
    ADD_TEST_CASE(suite, chain_stops_where_it_is_malformed);
}
