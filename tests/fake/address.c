/* Addresses, texts and codes on a system without netlink, TIPC and packet, whose native numbers
 * are the portable ones. */
#include "fake.h"

#include "common/address/number_fields.h"
#include "common/error/error.h"
#include "common/interface/text.h"
#include "common/text.h"

/* ---- families that this system lacks --------------------------------------------------------- */

START_TEST(netlink_where_there_is_none)
{
    ps_addr a = fake_address("1.2.3.4:5");
    unsigned pid = 7, groups = 7;

    ck_assert_code(ps_addr_netlink(&a, 1, 2), PS_BAD_FAMILY);
    ck_assert(a.len == 0);
    ck_assert_code(ps_addr_netlink(NULL, 1, 2), PS_EFAULT);
    ck_assert_code(ps_addr_get_netlink(&a, &pid, &groups), PS_BAD_FAMILY);
    ck_assert_uint_eq(pid + groups, 0);
    ck_assert_code(ps_addr_get_netlink(NULL, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "netlink:0:0"), PS_BAD_FAMILY);
}
END_TEST

START_TEST(tipc_where_there_is_none)
{
    ps_addr a = fake_address("1.2.3.4:5");
    int type = 7, scope = 7;
    unsigned v1 = 7, v2 = 7, v3 = 7;

    ck_assert_code(ps_addr_tipc(&a, 1, 2, 3, 4, 5), PS_BAD_FAMILY);
    ck_assert(a.len == 0);
    ck_assert_code(ps_addr_tipc(NULL, 1, 2, 3, 4, 5), PS_EFAULT);
    ck_assert_code(ps_addr_get_tipc(&a, &type, &v1, &v2, &v3, &scope), PS_BAD_FAMILY);
    ck_assert_int_eq(type + scope, 0);
    ck_assert_uint_eq(v1 + v2 + v3, 0);
    ck_assert_code(ps_addr_get_tipc(NULL, NULL, NULL, NULL, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "tipc:name:1:2:3"), PS_BAD_FAMILY);
    /* The rows of absent families have this number. */
    ck_assert_code(ps_addr_parse(&a, -1, "tipc:name:1:2:3"), PS_BAD_FAMILY);
}
END_TEST

START_TEST(packet_where_there_is_none)
{
    ps_addr a = fake_address("1.2.3.4:5");
    char name[8] = "x";
    int proto = 7, pkttype = 7, hatype = 7;
    size_t size = 7;

    ck_assert_code(ps_addr_packet(&a, "lo", 1, 2, 3, NULL, 0), PS_BAD_FAMILY);
    ck_assert(a.len == 0);
    ck_assert_code(ps_addr_packet(NULL, "lo", 1, 2, 3, NULL, 0), PS_EFAULT);
    ck_assert_code(
        ps_addr_get_packet(&a, name, sizeof name, &proto, &pkttype, &hatype, NULL, &size),
        PS_BAD_FAMILY);
    ck_assert_str_eq(name, "");
    ck_assert_int_eq(proto + pkttype + hatype, 0);
    ck_assert_uint_eq(size, 0);
    ck_assert_code(ps_addr_get_packet(NULL, name, 0, NULL, NULL, NULL, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_addr_get_packet(NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "packet:lo:1"), PS_BAD_FAMILY);
}
END_TEST

START_TEST(can_where_there_is_none)
{
    ps_addr a = fake_address("1.2.3.4:5");
    char name[8] = "x";
    unsigned rx = 7, tx = 7;

    ck_assert_code(ps_addr_can(&a, "can0", 1, 2), PS_BAD_FAMILY);
    ck_assert(a.len == 0);
    ck_assert_code(ps_addr_can(NULL, "can0", 1, 2), PS_EFAULT);
    ck_assert_code(ps_addr_get_can(&a, name, sizeof name, &rx, &tx), PS_BAD_FAMILY);
    ck_assert_str_eq(name, "");
    ck_assert_uint_eq(rx + tx, 0);
    ck_assert_code(ps_addr_get_can(NULL, name, 0, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_addr_get_can(NULL, NULL, 0, NULL, NULL), PS_EFAULT);
}
END_TEST

START_TEST(vsock_where_there_is_none)
{
    ps_addr a = fake_address("1.2.3.4:5");
    unsigned cid = 7, port = 7;

    ck_assert_code(ps_addr_vsock(&a, 1, 2), PS_BAD_FAMILY);
    ck_assert(a.len == 0);
    ck_assert_code(ps_addr_vsock(NULL, 1, 2), PS_EFAULT);
    ck_assert_code(ps_addr_get_vsock(&a, &cid, &port), PS_BAD_FAMILY);
    ck_assert_uint_eq(cid + port, 0);
    ck_assert_code(ps_addr_get_vsock(NULL, NULL, NULL), PS_EFAULT);
}
END_TEST

/* A text of a family that this system has is a bad text, not of an unknown family. */
START_TEST(texts_of_known_and_unknown_families)
{
    ps_addr a;

    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "unix:\\y"), PS_BAD_ADDRESS);
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "ipx:1"), PS_BAD_ADDRESS);
    ck_assert_code(ps_addr_parse(&a, AF_INET, "1.2.3:4"), PS_BAD_ADDRESS);
    expect(SYS_INTERFACE_INDEX, .text = "1%2", .result = PS_BAD_SCOPE);
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "[::1%1%2]:4"), PS_BAD_SCOPE);
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "[x%1]:4"), PS_BAD_ADDRESS);
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "1111111111111111:4"), PS_BAD_ADDRESS);
    ck_assert_code(
        ps_addr_parse(&a, AF_UNSPEC, "[1111111111222222222233333333334444444444555555555%1]:4"),
        PS_BAD_ADDRESS);
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, "plain:"), PS_BAD_ADDRESS);
}
END_TEST

/* Two addresses of a family, one of which is not as long as the family's are, are compared by
 * their bytes. */
START_TEST(equality_of_cut_addresses)
{
    ps_addr a = fake_address("1.2.3.4:5");
    ps_addr b = a;

    ck_assert(ps_addr_equal(&a, &b));
    b.len = 8;
    ck_assert(!ps_addr_equal(&a, &b));
    ck_assert(!ps_addr_equal(&b, &a));
    a.len = 8;
    ck_assert(ps_addr_equal(&a, &b));
    ck_assert_uint_eq(ps_addr_hash(&a), ps_addr_hash(&b));

    /* So are those of a family that has no comparison of its own. */
    a = fake_address("plain:a");
    b = fake_address("plain:a");
    ck_assert(ps_addr_equal(&a, &b));
    ck_assert_uint_eq(ps_addr_hash(&a), ps_addr_hash(&b));
    b = fake_address("plain:b");
    ck_assert(!ps_addr_equal(&a, &b));
    ck_assert_uint_ne(ps_addr_hash(&a), ps_addr_hash(&b));
}
END_TEST

/* Interfaces in the texts of families: by name where it can be read back, else by number. */
START_TEST(interfaces_in_texts)
{
    char text[PS__INTERFACE_TEXT_MAX];
    unsigned index = 7;

    ck_assert_ok(ps__interface_parse("", &index));
    ck_assert_uint_eq(index, 0);
    ck_assert_ok(ps__interface_parse("#12", &index));
    ck_assert_uint_eq(index, 12);
    ck_assert_code(ps__interface_parse("#x", &index), PS_BAD_ADDRESS);
    expect(SYS_INTERFACE_INDEX, .text = "can0", .number = 3);
    ck_assert_ok(ps__interface_parse("can0", &index));
    ck_assert_uint_eq(index, 3);
    expect(SYS_INTERFACE_INDEX, .result = PS_BAD_SCOPE);
    ck_assert_code(ps__interface_parse("can1", &index), PS_ENODEV);

    ck_assert_str_eq((ps__interface_format(0, text), text), "");
    expect(SYS_INTERFACE_NAME, .value = 3, .output = "can0");
    ck_assert_str_eq((ps__interface_format(3, text), text), "can0");
    expect(SYS_INTERFACE_NAME, .result = PS_BAD_SCOPE);
    ck_assert_str_eq((ps__interface_format(4, text), text), "#4");
    expect(SYS_INTERFACE_NAME, .output = "a:b");
    ck_assert_str_eq((ps__interface_format(5, text), text), "#5");
    expect(SYS_INTERFACE_NAME, .output = "a\x1b[2J");
    ck_assert_str_eq((ps__interface_format(7, text), text), "#7");
    expect(SYS_INTERFACE_NAME, .output = "#b");
    ck_assert_str_eq((ps__interface_format(6, text), text), "#6");
    fake_done();
}
END_TEST

/* A name that a terminal would obey, or that is no text, is written as its number. */
START_TEST(interfaces_whose_names_are_no_text)
{
    static const char *const hidden[] = {"a\033[2J",  "a\1",   "\177", "a\xc2\x9b",
                                         "\xc2\x80z", "a\xff", "\xc2"};
    static const char *const shown[] = {"a\xc2\xa0", "\xc3\xa9", " ", "0"};
    char text[PS__INTERFACE_TEXT_MAX];

    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        expect(SYS_INTERFACE_NAME, .value = 5, .output = hidden[i]);
        ck_assert_str_eq((ps__interface_format(5, text), text), "#5");
    }
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        expect(SYS_INTERFACE_NAME, .value = 5, .output = shown[i]);
        ck_assert_str_eq((ps__interface_format(5, text), text), shown[i]);
    }
    fake_done();
}
END_TEST

/* An interface may have a number for a name. It is meant by it, and never by the scope that has
 * that number. */
START_TEST(scopes_by_name_and_by_number)
{
    static const int failures[] = {PS_BAD_SCOPE, PS_EMFILE};
    char text[PS_ADDR_TEXT_MAX];
    ps_addr a, b;

    expect(SYS_INTERFACE_INDEX, .text = "1", .number = 3);
    ck_assert_ok(ps_addr_inet6(&a, "fe80::1%1", 80, 0, 0));
    ck_assert_uint_eq(a.in6.sin6_scope_id, 3);
    expect(SYS_INTERFACE_INDEX, .text = "1", .number = 3);
    ck_assert_ok(ps_addr_literal(&b, "fe80::1%1", 80));
    ck_assert(ps_addr_equal(&a, &b));
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        expect(SYS_INTERFACE_INDEX, .text = "1", .result = failures[i]);
        ck_assert_ok(ps_addr_literal(&a, "fe80::1%1", 80));
        ck_assert_uint_eq(a.in6.sin6_scope_id, 1);
        expect(SYS_INTERFACE_INDEX, .text = "x", .result = failures[i]);
        ck_assert_code(ps_addr_literal(&b, "fe80::1%x", 80), failures[i]);
        expect(SYS_INTERFACE_INDEX, .text = "x", .result = failures[i]);
        ck_assert_code(ps_addr_inet6(&b, "fe80::1%x", 80, 0, 0), failures[i]);
    }

    /* The text of scope 1 is not the name of that interface. */
    expect(SYS_INTERFACE_INDEX, .text = "1", .number = 3);
    expect(SYS_INTERFACE_INDEX, .text = "01", .result = PS_BAD_SCOPE);
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert_str_eq(text, "[fe80::1%01]:80");
    expect(SYS_INTERFACE_INDEX, .text = "1", .number = 1);
    ck_assert_ok(ps_addr_get_host(&a, text, sizeof text));
    ck_assert_str_eq(text, "fe80::1%1");

    /* No end of such names. */
    for (int i = 0; i <= 15; i++)
        expect(SYS_INTERFACE_INDEX, .number = 3);
    ck_assert_ok(ps_addr_get_host(&a, text, sizeof text));
    ck_assert_str_eq(text, "fe80::1%0000000000000001");
    fake_done();
}
END_TEST

/* ---- codes ----------------------------------------------------------------------------------- */

/* ERR-5: a number without a portable name keeps its number and its kind; what no code can hold
 * is a plain failure. */
/* Traps: ERR-5. */
START_TEST(codes_of_unknown_numbers)
{
    static const struct {
        ps_kind kind;
        int beyond;
        const char *name;
    } kinds[] = {
        {PS_KIND_OS, PS_EIO, "OS_ERROR"},
        {PS_KIND_GAI, PS_EAI_FAIL, "EAI_ERROR"},
        {PS_KIND_HOST, PS_NO_RECOVERY, "HOST_ERROR"},
    };
    static const int numbers[] = {1, -1, 9999, -9999, 0x07ffffff, -0x07ffffff};
    static const int beyond[] = {0, 0x08000000, -0x08000000, INT_MAX, INT_MIN};

    for (int d = 0; d < 3; d++) {
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            int code = ps__code_unknown(kinds[d].kind, numbers[i]);

            ck_assert_int_lt(code, 0);
            ck_assert_int_eq(ps_error_native(code), numbers[i]);
            ck_assert_int_eq(ps_error_kind(code), kinds[d].kind);
            ck_assert_str_eq(ps_error_name(code), kinds[d].name);
            ck_assert_str_ne(ps_strerror(code), "");
        }
        for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++)
            ck_assert_code(ps__code_unknown(kinds[d].kind, beyond[i]), kinds[d].beyond);
    }
    ck_assert_str_eq(ps_error_name(0), "OK");
    ck_assert_str_eq(ps_strerror(5), "no error");
    ck_assert_str_eq(ps_error_name(INT_MIN), "OS_ERROR");
}
END_TEST

/* ERR-1, ERR-2: every named code goes to its native number and back, and has a text. */
/* Traps: ERR-1 ERR-2. */
START_TEST(codes_there_and_back)
{
    for (int number = 1; number < 500; number++) {
        const char *name = ps_error_name(-number);
        int native = ps_error_native(-number);

        ck_assert_str_ne(ps_strerror(-number), "");
        if (strcmp(name, "OS_ERROR") == 0 || strcmp(name, "EAI_ERROR") == 0 ||
            strcmp(name, "HOST_ERROR") == 0)
            continue;
        switch (ps_error_kind(-number)) {
        case PS_KIND_OS:
            ck_assert_code(ps__from_os(native), -number);
            break;
        case PS_KIND_GAI:
            ck_assert_code(ps__from_resolver(native), -number);
            break;
        case PS_KIND_HOST:
            ck_assert_code(ps__from_host(native), -number);
            break;
        default:
            ck_assert_int_eq(native, 0);
        }
    }
    ck_assert_int_eq(ps_error_native(PS_TIMED_OUT), 0);
    ck_assert_str_eq(ps_error_name(PS_TIMED_OUT), "TIMED_OUT");
    ck_assert_str_eq(ps_strerror(PS_TIMED_OUT), "timed out");
}
END_TEST

/* ---- small texts ----------------------------------------------------------------------------- */

START_TEST(numbers_between_colons)
{
    unsigned long fields[2];

    ck_assert_uint_eq(ps__fields_parse("1:2", fields, 2), 2);
    ck_assert_uint_eq(fields[1], 2);
    ck_assert_uint_eq(ps__fields_parse("1:2:3", fields, 2), 0);
    ck_assert_uint_eq(ps__fields_parse("1:x", fields, 2), 0);
    ck_assert_uint_eq(ps__fields_parse("1:4294967296", fields, 2), 0);
    ck_assert_uint_eq(ps__fields_parse("000000000001", fields, 2), 0);
}
END_TEST

START_TEST(numbers_of_small_ranges)
{
    unsigned long number;

    ck_assert(ps__text_to_number("3", 3, &number));
    ck_assert(!ps__text_to_number("4", 3, &number));
    ck_assert(!ps__text_to_number("10", 3, &number));
}
END_TEST

void add_address_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, netlink_where_there_is_none);
    ADD_TEST_CASE(suite, tipc_where_there_is_none);
    ADD_TEST_CASE(suite, packet_where_there_is_none);
    ADD_TEST_CASE(suite, can_where_there_is_none);
    ADD_TEST_CASE(suite, vsock_where_there_is_none);
    ADD_TEST_CASE(suite, interfaces_in_texts);
    ADD_TEST_CASE(suite, interfaces_whose_names_are_no_text);
    ADD_TEST_CASE(suite, scopes_by_name_and_by_number);
    ADD_TEST_CASE(suite, texts_of_known_and_unknown_families);
    ADD_TEST_CASE(suite, equality_of_cut_addresses);
    ADD_TEST_CASE(suite, codes_of_unknown_numbers);
    ADD_TEST_CASE(suite, codes_there_and_back);
    ADD_TEST_CASE(suite, numbers_between_colons);
    ADD_TEST_CASE(suite, numbers_of_small_ranges);
}
