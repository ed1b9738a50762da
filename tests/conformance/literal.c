/* Which hosts are addresses (row R025): one reading in every function that takes a host. */
#include "test.h"

#include <stdio.h>
#include <string.h>

/* Numbers of which one has a leading 0 or 0x. */
static const char *const other_bases[] = {
    "010.0.0.1",
    "0177.0.0.1",
    "127.0.0.01",
    "10.0.0.08",
    "08.0.0.1",
    "1.02.003.0004",
    "000000000127.0.0.00000000001",
    "00.0.0.0",
    "0.0.0.00",
    "127.01",
    "0177.1",
    "017700000001",
    "00",
    "01",
    "0x7f.1",
    "0X7F.1",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "127.0.0.0x1",
    "1.2.3.0xFF",
    "0x",
    "0x.1",
    "0x100000000",
    "0400.0.0.1",
    "040000000000",
    "1.2.3.4.05",
    "010.0.0.1.",
    "0x7f.1.",
};

static void check_refused(const char *host)
{
    ps_addrinfo *list;
    ps_hostent *entry;
    char text[PS_HOST_MAX];
    ps_sock s;
    ps_addr a;

    ck_assert_code(ps_addr_inet(&a, host, 80), PS_EAI_NONAME);
    ck_assert_code(ps_addr_inet6(&a, host, 80, 0, 0), PS_EAI_NONAME);
    ck_assert_code(ps_gethostbyname(host, text), PS_EAI_NONAME);
    ck_assert_code(ps_gethostbyname_ex(host, &entry), PS_EAI_NONAME);
    ck_assert_code(ps_gethostbyaddr(host, &entry), PS_EAI_NONAME);
    ck_assert_code(ps_getaddrinfo(host, "80", AF_UNSPEC, SOCK_STREAM, 0, 0, &list), PS_EAI_NONAME);
    ck_assert_code(ps_getaddrinfo(host, "80", AF_INET, SOCK_STREAM, 0, AI_NUMERICHOST, &list),
                   PS_EAI_NONAME);
    /* A timeout of 0 allows no look-up, so there is none. */
    ck_assert_code(ps_getaddrinfo_within(host, "80", AF_UNSPEC, SOCK_STREAM, 0, 0, 0, NULL, &list),
                   PS_EAI_NONAME);
    ck_assert_code(ps_create_connection(&s, host, 80, 5, NULL), PS_EAI_NONAME);
    ck_assert_ok(ps_getfqdn(host, text, sizeof text));
    ck_assert_str_eq(text, host);
}

/* Rows: R025. Traps: ADR-7. */
START_TEST(literal_refuses_octal_and_hexadecimal_everywhere)
{
    for (size_t i = 0; i < sizeof other_bases / sizeof other_bases[0]; i++) {
        unsigned char packed[4];
        ps_addr a;

        check_refused(other_bases[i]);
        ck_assert_code(ps_inet_pton(AF_INET, other_bases[i], packed), PS_BAD_ADDRESS);
        ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, other_bases[i]), PS_BAD_ADDRESS);
        ck_assert_code(ps_addr_literal(&a, other_bases[i], 80), PS_BAD_ADDRESS);
    }
}
END_TEST

/* Numbers that are too large, or too many, or with a dot behind them, which only a name may
 * have. */
/* Rows: R025. */
START_TEST(literal_refuses_numbers_that_are_no_address)
{
    static const char *const hosts[] = {
        "256.1",      "1.256.1.1",  "1.2.3.256",
        "1.16777216", "4294967296", "99999999999999999999999999",
        "1.2.3.4.5",  "1.2.3.4.",   "127.1.",
        "1.",
    };

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        unsigned char packed[4];
        ps_addr a;

        check_refused(hosts[i]);
        ck_assert_code(ps_inet_aton(hosts[i], packed), PS_BAD_ADDRESS);
        ck_assert_code(ps_addr_literal(&a, hosts[i], 80), PS_BAD_ADDRESS);
    }
}
END_TEST

/* IDNA makes ASCII of each of these. */
/* Rows: R025. */
START_TEST(literal_refuses_addresses_beyond_ascii)
{
    static const char *const hosts[] = {
        "\xef\xbc\x90x7f.1",          /* fullwidth 0 */
        "0\xef\xbd\x98\x37\x66.1",    /* fullwidth x */
        "0177\xe3\x80\x82\x31",       /* ideographic full stop */
        "\xef\xbc\x91\x32\x37.0.0.1", /* fullwidth 1 */
    };

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        ps_addrinfo *list;
        ps_addr a;

        ck_assert_int_eq(ps_error_kind(ps_addr_inet(&a, hosts[i], 80)), PS_KIND_GAI);
        ck_assert_int_eq(
            ps_error_kind(ps_getaddrinfo(hosts[i], "80", AF_UNSPEC, SOCK_STREAM, 0, 0, &list)),
            PS_KIND_GAI);
        ck_assert_int_eq(
            ps_error_kind(ps_getaddrinfo_within(hosts[i], "80", AF_INET, 0, 0, 0, 30, NULL, &list)),
            PS_KIND_GAI);
    }
}
END_TEST

/* Decimal forms are read as ever, by all in the same way. */
/* Rows: R025. */
START_TEST(literal_reads_decimal_forms)
{
    static const char *const rows[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"127.1", "127.0.0.1"},
        {"192.168.1", "192.168.0.1"},
        {"10.1.258", "10.1.1.2"},
        {"2130706433", "127.0.0.1"},
        {"4294967295", "255.255.255.255"},
        {"0", "0.0.0.0"},
        {"0.0.0.0", "0.0.0.0"},
        {"0.1", "0.0.0.1"},
        {"10.0.0.100", "10.0.0.100"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[PS_HOST_MAX];
        ps_addrinfo *list;
        ps_addr a, b;

        ck_assert_ok(ps_addr_inet(&a, rows[i][0], 80));
        ck_assert_ok(ps_addr_get_host(&a, text, sizeof text));
        ck_assert_str_eq(text, rows[i][1]);
        ck_assert_ok(ps_gethostbyname(rows[i][0], text));
        ck_assert_str_eq(text, rows[i][1]);
        ck_assert_ok(
            ps_getaddrinfo(rows[i][0], "80", AF_UNSPEC, SOCK_STREAM, 0, AI_NUMERICHOST, &list));
        ck_assert(ps_addr_equal(&a, &list->addr));
        ps_freeaddrinfo(list);
        ck_assert_ok(ps_addr_literal(&b, rows[i][0], 80));
        ck_assert(ps_addr_equal(&a, &b));
    }
}
END_TEST

static void check_literal(const char *host, int family, const char *text)
{
    char written[PS_HOST_MAX];
    ps_addr a;

    ck_assert_msg(ps_addr_literal(&a, host, 65535) == 0, "%s", host);
    ck_assert_int_eq(ps_addr_family(&a), family);
    ck_assert_int_eq(ps_addr_port(&a), 65535);
    ck_assert_ok(ps_addr_get_host(&a, written, sizeof written));
    ck_assert_str_eq(written, text);
}

START_TEST(literal_of_either_family)
{
    char name[257], host[300], text[64];
    unsigned index = 0;

    check_literal("192.0.2.1", AF_INET, "192.0.2.1");
    check_literal("127.1", AF_INET, "127.0.0.1");
    check_literal("::", AF_INET6, "::");
    check_literal("2001:DB8::1", AF_INET6, "2001:db8::1");
    check_literal("::ffff:192.0.2.1", AF_INET6, "::ffff:192.0.2.1");
    check_literal("fe80::1%4294967295", AF_INET6, "fe80::1%4294967295");
    while (++index < 1000 && ps_if_indextoname(index, name, sizeof name) != 0)
        continue;
    ck_assert_uint_lt(index, 1000);
    snprintf(host, sizeof host, "fe80::1%%%s", name);
    snprintf(text, sizeof text, "fe80::1%%%u", index);
    check_literal(host, AF_INET6, text);
}
END_TEST

START_TEST(literal_refuses_the_rest)
{
    static const struct {
        const char *host;
        int port, code;
    } rows[] = {
        {NULL, 80, PS_BAD_ADDRESS},
        {"", 80, PS_BAD_ADDRESS},
        {"<broadcast>", 80, PS_BAD_ADDRESS},
        {"localhost", 80, PS_BAD_ADDRESS},
        {"192.0.2.1 ", 80, PS_BAD_ADDRESS},
        {"192.0.2.1:80", 80, PS_BAD_ADDRESS},
        {"192.0.2.1%1", 80, PS_BAD_ADDRESS},
        {"192.0.2.256", 80, PS_BAD_ADDRESS},
        {"[::1]", 80, PS_BAD_ADDRESS},
        {"::ffff:010.0.0.1", 80, PS_BAD_ADDRESS},
        {"::1%", 80, PS_BAD_SCOPE},
        {"fe80::1%no-such-interface", 80, PS_BAD_SCOPE},
        {"fe80::1%4294967296", 80, PS_BAD_SCOPE},
        {"\xff", 80, PS_BAD_ADDRESS},
        {"192.0.2.1", 65536, PS_BAD_PORT},
        {"localhost", -1, PS_BAD_PORT},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_addr a;

        memset(&a, 0xa5, sizeof a);
        ck_assert_code(ps_addr_literal(&a, rows[i].host, rows[i].port), rows[i].code);
        ck_assert_int_eq(a.len, 0);
    }
    ck_assert_code(ps_addr_literal(NULL, "::1", 80), PS_EFAULT);
}
END_TEST

/* ps_addr_inet6 names the scope as what is wrong; for the functions that look hosts up there is
 * no such host. */
START_TEST(literal_of_an_unknown_interface_is_no_host)
{
    static const char host[] = "fe80::1%no-such-interface";
    char text[INET_ADDRSTRLEN];
    ps_addrinfo *list;
    ps_hostent *h;
    ps_addr a;
    ps_sock s;

    ck_assert_code(ps_addr_inet6(&a, host, 80, 0, 0), PS_BAD_SCOPE);
    ck_assert_code(ps_addr_inet(&a, host, 80), PS_EAI_NONAME);
    ck_assert_code(ps_addr_inet_within(&a, host, 80, 10, NULL), PS_EAI_NONAME);
    ck_assert_code(ps_gethostbyname(host, text), PS_EAI_NONAME);
    ck_assert_code(ps_gethostbyname_ex(host, &h), PS_EAI_NONAME);
    ck_assert_code(ps_gethostbyaddr(host, &h), PS_EAI_NONAME);
    ck_assert_code(ps_getaddrinfo(host, "80", AF_UNSPEC, SOCK_STREAM, 0, 0, &list), PS_EAI_NONAME);
    ck_assert_code(ps_create_connection(&s, host, 80, 10, NULL), PS_EAI_NONAME);
}
END_TEST

void add_literal_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, literal_refuses_octal_and_hexadecimal_everywhere);
    ADD_TEST_CASE(suite, literal_refuses_numbers_that_are_no_address);
    ADD_TEST_CASE(suite, literal_refuses_addresses_beyond_ascii);
    ADD_TEST_CASE(suite, literal_reads_decimal_forms);
    ADD_TEST_CASE(suite, literal_of_either_family);
    ADD_TEST_CASE(suite, literal_refuses_the_rest);
    ADD_TEST_CASE(suite, literal_of_an_unknown_interface_is_no_host);
}
