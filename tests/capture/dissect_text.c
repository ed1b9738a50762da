/* The line of text of a packet. */
#include "packets.h"
#include "test.h"

#include <stdio.h>

static void format(const ps_packet *packet, char *text, size_t size)
{
    ps_dissection d;

    ck_assert_ok(ps_dissect(packet, &d));
    ck_assert_ok(ps_dissection_format(packet, &d, text, size));
}

START_TEST(text_of_every_packet)
{
    size_t count, i;
    const test_packet *packets = test_packets(&count);

    for (i = 0; i < count; i++) {
        ps_packet packet = test_packet_cut(&packets[i], packets[i].length);
        char text[PS_DISSECTION_TEXT_MAX];

        format(&packet, text, sizeof text);
        ck_assert_msg(strcmp(text, packets[i].line) == 0, "%s:\n  %s\nis not\n  %s",
                      packets[i].name, text, packets[i].line);
    }
}
END_TEST

/* What is cut within a header says so, unless only what has no text is missing, and the text is
 * printable always. */
START_TEST(text_of_every_cut)
{
    size_t count, i, length, k;
    const test_packet *packets = test_packets(&count);

    for (i = 0; i < count; i++) {
        for (length = 0; length <= packets[i].length; length++) {
            ps_packet packet = test_packet_cut(&packets[i], length);
            char text[PS_DISSECTION_TEXT_MAX];
            ps_dissection d;

            format(&packet, text, sizeof text);
            for (k = 0; text[k] >= ' ' && text[k] <= '~'; k++)
                ;
            ck_assert_msg(k > 0 && text[k] == '\0', "%s cut at %zu: %s", packets[i].name, length,
                          text);
            ck_assert_ok(ps_dissect(&packet, &d));
            if (d.truncated_layer != 0 && d.truncated_layer != PS_LAYER_PAYLOAD &&
                d.malformed_layer == 0)
                ck_assert_msg(strstr(text, "[|") != NULL || strcmp(text, packets[i].line) == 0,
                              "%s cut at %zu: %s", packets[i].name, length, text);
        }
    }
}
END_TEST

START_TEST(text_of_cut_headers)
{
    static const struct {
        const char *name;
        size_t length;
        const char *text;
    } rows[] = {{"tcp syn", 13, " [|ether]"},
                {"tcp syn", 14, " [|ip]"},
                {"tcp syn", 33, "IP  [|ip]"},
                {"tcp syn", 34, "IP 192.0.2.1 > 198.51.100.2: [|tcp]"},
                {"tcp syn", 53, "IP 192.0.2.1.50000 > 198.51.100.2.8081:  [|tcp]"},
                {"tcp syn", 58,
                 "IP 192.0.2.1.50000 > 198.51.100.2.8081: Flags [S], seq 1, win 64240, options "
                 "[mss 1460, [|tcp]"},
                {"udp", 41, "IP 192.0.2.1.50000 > 198.51.100.2.8081:  [|udp]"},
                {"udp", 42, "IP 192.0.2.1.50000 > 198.51.100.2.8081: UDP, length 32"},
                {"ipv6 udp", 53, " [|ip6]"},
                {"ipv6 chain of headers", 60, "IP6 2001:db8::1 > 2001:db8:0:1::2:  [|hbhopt]"},
                {"arp request", 41, " [|arp]"},
                {"vlan", 17, "02:00:00:00:00:01 > 02:00:00:00:00:02,  [|vlan]"}};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_packet packet = test_packet_cut(test_packet_named(rows[i].name), rows[i].length);
        char text[PS_DISSECTION_TEXT_MAX];

        format(&packet, text, sizeof text);
        ck_assert_str_eq(text, rows[i].text);
    }
}
END_TEST

/* Any room will do: nothing is written behind it, and what is missing is told. */
START_TEST(text_in_every_room)
{
    size_t count, i, size;
    const test_packet *packets = test_packets(&count);

    for (i = 0; i < count; i++) {
        ps_packet packet = test_packet_cut(&packets[i], packets[i].length);

        for (size = 1; size <= strlen(packets[i].line) + 2; size++) {
            char *text = malloc(size);
            size_t length;
            bool good;

            ck_assert_ptr_nonnull(text);
            format(&packet, text, size);
            length = strlen(text);
            if (size > strlen(packets[i].line))
                good = strcmp(text, packets[i].line) == 0;
            else
                good = length == size - 1 && (size <= 3 || strcmp(text + length - 3, "...") == 0) &&
                       strncmp(text, packets[i].line, size > 3 ? length - 3 : length) == 0;
            ck_assert_msg(good, "%s in %zu bytes: %s", packets[i].name, size, text);
            free(text);
        }
    }
}
END_TEST

/* A dissection of another packet gives a wrong line, and reads nothing that is not there. */
START_TEST(text_with_another_dissection)
{
    size_t count, i, k;
    const test_packet *packets = test_packets(&count);

    for (i = 0; i < count; i++) {
        ps_packet packet = test_packet_cut(&packets[i], packets[i].length);
        ps_dissection d;

        ck_assert_ok(ps_dissect(&packet, &d));
        for (k = 0; k < count; k++) {
            size_t length = packets[k].length / 2;
            unsigned char *data = malloc(length);
            char text[PS_DISSECTION_TEXT_MAX];
            ps_packet other = test_packet_cut(&packets[k], length);

            ck_assert_ptr_nonnull(data);
            memcpy(data, packets[k].data, length);
            other.data = data;
            ck_assert_ok(ps_dissection_format(&other, &d, text, sizeof text));
            ps_dissection_checksum(&other, &d, PS_LAYER_IPV4, NULL);
            ps_dissection_checksum(&other, &d, PS_LAYER_UDP, NULL);
            free(data);
        }
    }
}
END_TEST

/* The line of a packet without ports begins with its addresses, "IP6 FROM > TO: ", as
 * ps_inet_ntop writes them. */
static void assert_addresses(int family, const unsigned char *bytes, size_t length, size_t source,
                             size_t size)
{
    ps_packet packet = {bytes, length, length, 0, PS_LINK_RAW, PS_DIRECTION_UNKNOWN, 0};
    char text[PS_DISSECTION_TEXT_MAX], from[46], to[46], start[128];

    ck_assert_ok(ps_inet_ntop(family, bytes + source, size, from, sizeof from));
    ck_assert_ok(ps_inet_ntop(family, bytes + source + size, size, to, sizeof to));
    snprintf(start, sizeof start, "%s %s > %s: ", family == AF_INET ? "IP" : "IP6", from, to);
    format(&packet, text, sizeof text);
    ck_assert_msg(strncmp(text, start, strlen(start)) == 0, "%s\nis not\n%s", text, start);
}

/* Bytes of which many are 0, and the groups that stand before an address of IPv4. */
static void make_address(unsigned char *to, size_t size, unsigned *random)
{
    size_t zeros = (*random >> 8) % 13;

    for (size_t i = 0; i < size; i++) {
        *random = *random * 1103515245 + 12345;
        to[i] = (*random >> 16) % 3 == 0 ? (unsigned char)(*random >> 20) : 0;
    }
    if (size == 16 && *random >> 30 == 0) {
        memset(to, 0, zeros);
        if (zeros == 10)
            memset(to + 10, 0xff, 2);
    }
}

START_TEST(text_of_addresses)
{
    enum { ROUNDS = 20000 };
    unsigned char ip6[40] = {0x60, 0, 0, 0, 0, 0, 59, 64},
                  ip[20] = {0x45, 0, 0, 20, 0, 0, 0, 0, 64, 255};
    unsigned random = 1;

    for (int round = 0; round < ROUNDS; round++) {
        make_address(ip6 + 8, 16, &random);
        make_address(ip6 + 24, 16, &random);
        assert_addresses(AF_INET6, ip6, sizeof ip6, 8, 16);
        make_address(ip + 12, 4, &random);
        make_address(ip + 16, 4, &random);
        assert_addresses(AF_INET, ip, sizeof ip, 12, 4);
    }
}
END_TEST

START_TEST(text_arguments)
{
    const test_packet *packet = test_packet_named("udp");
    ps_packet whole = test_packet_cut(packet, packet->length);
    ps_packet empty = {0};
    char text[PS_DISSECTION_TEXT_MAX];
    ps_dissection d;

    ck_assert_ok(ps_dissect(&whole, &d));
    ck_assert_code(ps_dissection_format(NULL, &d, text, sizeof text), PS_EFAULT);
    ck_assert_code(ps_dissection_format(&whole, NULL, text, sizeof text), PS_EFAULT);
    ck_assert_code(ps_dissection_format(&whole, &d, NULL, sizeof text), PS_EFAULT);
    ck_assert_code(ps_dissection_format(&whole, &d, text, 0), PS_BAD_LENGTH);
    whole.data = NULL;
    ck_assert_code(ps_dissection_format(&whole, &d, text, sizeof text), PS_EFAULT);
    empty.link_type = PS_LINK_ETHERNET;
    format(&empty, text, sizeof text);
    ck_assert_str_eq(text, " [|ether]");
}
END_TEST

void add_dissect_text_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, text_of_every_packet);
    ADD_TEST_CASE(suite, text_of_every_cut);
    ADD_TEST_CASE(suite, text_of_cut_headers);
    ADD_TEST_CASE(suite, text_in_every_room);
    ADD_TEST_CASE(suite, text_with_another_dissection);
    ADD_TEST_CASE(suite, text_of_addresses);
    ADD_TEST_CASE(suite, text_arguments);
}
