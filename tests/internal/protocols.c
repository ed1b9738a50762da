/* The table of protocols: its rows are whole, and found; and the addresses and numbers that are
 * written into lines. */
#include "test.h"

#include "capture/protocol/ipv6_chain.h"
#include "capture/protocol/line_writer.h"
#include "capture/protocol/registry.h"

#include <stdio.h>

START_TEST(protocols_have_whole_rows)
{
    size_t i, j;

    ck_assert_uint_gt(ps__protocol_count, 20);
    for (i = 0; i < ps__protocol_count; i++) {
        const ps__protocol *row = &ps__protocols[i];

        ck_assert_ptr_nonnull(row->name);
        ck_assert_msg(row->name[0] != '\0' && row->decode != NULL && row->text != NULL, "row %zu",
                      i);
        ck_assert(row->decode != ps__payload_decode || row->layer == 0);
        ck_assert_msg((row->layer & (row->layer - 1)) == 0, "%s: more than one layer", row->name);
        for (j = 0; j < i; j++) {
            const ps__protocol *other = &ps__protocols[j];

            ck_assert_str_ne(row->name, other->name);
            ck_assert_msg(row->decode == ps__payload_decode || row->decode != other->decode,
                          "%s, %s", row->name, other->name);
        }
    }
}
END_TEST

static const ps__protocol *find(const ps__protocol *row)
{
    switch (row->found_by) {
    case PS__BY_LINK_TYPE:
        return ps__protocol_of_link_type(row->number);
    case PS__BY_ETHER_TYPE:
        return ps__protocol_of_ether_type(row->number);
    case PS__BY_IP_PROTOCOL:
        return ps__protocol_of_ip(row->flags & PS__IPV6_ONLY ? 6 : 4, (uint8_t)row->number);
    default:
        return row; /* the link header finds it */
    }
}

static int count_found_by(ps__found_by found_by)
{
    int count = 0;
    size_t i;

    for (i = 0; i < ps__protocol_count; i++)
        count += ps__protocols[i].found_by == found_by;
    return count;
}

START_TEST(protocols_are_found_by_their_numbers)
{
    int link_types = 0, ether_types = 0;
    int number;
    size_t i;

    for (i = 0; i < ps__protocol_count; i++)
        ck_assert_ptr_eq(find(&ps__protocols[i]), &ps__protocols[i]);
    /* And by no others. */
    for (number = -70000; number < 70000; number++)
        link_types += ps__protocol_of_link_type(number) != NULL;
    for (number = 0; number <= UINT16_MAX; number++)
        ether_types += ps__protocol_of_ether_type((uint16_t)number) != NULL;
    ck_assert_int_eq(link_types, count_found_by(PS__BY_LINK_TYPE));
    ck_assert_int_eq(ether_types, count_found_by(PS__BY_ETHER_TYPE));
}
END_TEST

START_TEST(protocols_keep_to_a_version_of_ip)
{
    size_t i;
    int number;

    for (i = 0; i < ps__protocol_count; i++) {
        const ps__protocol *row = &ps__protocols[i];
        uint8_t of_ip = (uint8_t)row->number;

        if (row->found_by != PS__BY_IP_PROTOCOL) {
            ck_assert_uint_eq(row->flags, 0);
            continue;
        }
        ck_assert_uint_le(row->number, UINT8_MAX);
        ck_assert_ptr_eq(ps__protocol_of_ip(4, of_ip), row->flags & PS__IPV6_ONLY ? NULL : row);
        ck_assert_ptr_eq(ps__protocol_of_ip(6, of_ip), row->flags & PS__IPV4_ONLY ? NULL : row);
    }
    /* The chain of extension headers calls what it finds here. */
    for (number = 0; number <= UINT8_MAX; number++) {
        const ps__protocol *row = ps__protocol_of_ip(6, (uint8_t)number);

        ck_assert(!ps__is_extension((uint8_t)number) || (row != NULL && row->layer != 0));
    }
}
END_TEST

START_TEST(protocols_name_every_layer)
{
    uint32_t layer;
    size_t i;

    for (layer = PS_LAYER_ETHERNET; layer < PS_LAYER_PAYLOAD; layer <<= 1) {
        for (i = 0; i < ps__protocol_count && ps__protocols[i].layer != layer; i++)
            ;
        ck_assert_msg(i < ps__protocol_count, "no row has layer 0x%x", (unsigned)layer);
        ck_assert_ptr_eq(ps_layer_name(layer), ps__protocols[i].name);
    }
    ck_assert_str_eq(ps_layer_name(PS_LAYER_PAYLOAD), "payload");
    ck_assert_str_eq(ps_layer_name(PS_LAYER_PAYLOAD << 1), "unknown");
    ck_assert_str_eq(ps_layer_name(PS_LAYER_TCP | PS_LAYER_UDP), "unknown");
    ck_assert_str_eq(ps_layer_name(0), "unknown");
}
END_TEST

/* ---- what stands in lines */

enum { LONGEST = 48 };

/* Writes into a line of every size: it has the text's beginning, and is cut when that is not all.
 */
static void check_line(void (*write)(ps__line *line, const void *value), const void *value,
                       const char *expected)
{
    size_t length = strlen(expected);
    size_t size;

    for (size = 0; size <= LONGEST; size++) {
        char text[LONGEST + 1];
        ps__line line = {text, text + size, false};

        memset(text, '#', sizeof text);
        write(&line, value);
        ck_assert_msg((size_t)(line.at - text) == (size < length ? size : length) &&
                          line.cut == (size < length) &&
                          memcmp(text, expected, (size_t)(line.at - text)) == 0 &&
                          text[size] == '#',
                      "%s in %zu bytes", expected, size);
    }
}

static void write_inet(ps__line *line, const void *value)
{
    ps__line_inet(line, value);
}

static void write_inet6(ps__line *line, const void *value)
{
    ps__line_inet6(line, value);
}

static void write_number(ps__line *line, const void *value)
{
    ps__line_number(line, *(const uint32_t *)value);
}

START_TEST(protocols_write_addresses_as_inet_ntop_does)
{
    unsigned char address[16];
    char text[LONGEST];
    unsigned groups, part, i;

    for (part = 0; part <= UINT8_MAX; part++) {
        for (i = 0; i < 4; i++)
            address[i] = (unsigned char)(part * (i + 1));
        ck_assert_ok(ps_inet_ntop(AF_INET, address, 4, text, sizeof text));
        check_line(write_inet, address, text);
    }
    /* Each set of groups that are zero, with groups of one to four digits between them. */
    for (groups = 0; groups <= UINT8_MAX; groups++) {
        for (part = 0; part < 4; part++) {
            for (i = 0; i < 8; i++) {
                unsigned group = groups >> i & 1 ? 0 : 0xfedcu >> (part + i) % 4 * 4;

                address[2 * i] = (unsigned char)(group >> 8);
                address[2 * i + 1] = (unsigned char)group;
            }
            ck_assert_ok(ps_inet_ntop(AF_INET6, address, 16, text, sizeof text));
            check_line(write_inet6, address, text);
        }
        /* And IPv4 in IPv6. */
        address[10] = address[11] = (unsigned char)groups;
        memset(address, 0, 10);
        ck_assert_ok(ps_inet_ntop(AF_INET6, address, 16, text, sizeof text));
        check_line(write_inet6, address, text);
    }
}
END_TEST

START_TEST(protocols_write_numbers)
{
    uint32_t power, number;
    char text[LONGEST];
    int i, k;

    for (i = 0, power = 1; i < 10; i++, power *= 10) {
        const uint32_t rows[] = {power - 1,         power, power + 1, power * 4, 123456789 % power,
                                 UINT32_MAX / power};

        for (k = 0; k < (int)(sizeof rows / sizeof rows[0]); k++) {
            number = rows[k];
            snprintf(text, sizeof text, "%lu", (unsigned long)number);
            check_line(write_number, &number, text);
        }
    }
}
END_TEST

void add_protocols_tests(Suite *suite);
void add_protocols_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, protocols_have_whole_rows);
    ADD_TEST_CASE(suite, protocols_are_found_by_their_numbers);
    ADD_TEST_CASE(suite, protocols_keep_to_a_version_of_ip);
    ADD_TEST_CASE(suite, protocols_name_every_layer);
    ADD_TEST_CASE(suite, protocols_write_addresses_as_inet_ntop_does);
    ADD_TEST_CASE(suite, protocols_write_numbers);
}
