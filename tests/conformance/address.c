/* Addresses: made from parts, from text and from the system, taken apart, compared, written
 * (rows R020 to R043, R119, R120). Those of AF_UNIX, AF_NETLINK, AF_TIPC and AF_PACKET alone
 * have tests of their own. */
#include "test.h"

#include <stdio.h>

/* ---- helpers --------------------------------------------------------------------------------- */

#define CANARY 0xa5

enum { ROUNDS = 200000, GUARD = 8 };

/* A name that no resolver must be asked for: what is wrong with the arguments is told first. */
#define ANY_NAME "host.invalid"

/* A family that no system has. */
#define UNKNOWN_FAMILY 251

/* The same numbers in every run. */
static uint32_t next_random(void)
{
    static uint64_t state = 0x853c49e6748fea9bu;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 24);
}

/* An address full of what must not stay in it. */
static ps_addr dirty(void)
{
    ps_addr a;

    memset(&a, CANARY, sizeof a);
    return a;
}

static ps_addr inet(const char *host, int port)
{
    ps_addr a = dirty();

    ck_assert_ok(ps_addr_inet(&a, host, port));
    return a;
}

static ps_addr inet6(const char *host, int port, unsigned flowinfo, unsigned scopeid)
{
    ps_addr a = dirty();

    ck_assert_ok(ps_addr_inet6(&a, host, port, flowinfo, scopeid));
    return a;
}

static ps_addr no_address(void)
{
    ps_addr a = dirty();

    ck_assert_ok(ps_addr_from_native(&a, NULL, 0));
    return a;
}

static void check_text(const ps_addr *a, const char *expected)
{
    char text[PS_ADDR_TEXT_MAX];

    ck_assert_ok(ps_addr_format(a, text, sizeof text));
    ck_assert_str_eq(text, expected);
}

/* "No address", in every way that shows. */
static void check_none(const ps_addr *a)
{
    ck_assert_int_eq((int)a->len, 0);
    ck_assert_int_eq(ps_addr_family(a), AF_UNSPEC);
    check_text(a, "");
}

static void check_parse(int family, const char *text, int expected)
{
    ps_addr a = dirty();
    int code = ps_addr_parse(&a, family, text);

    ck_assert_msg(code == expected, "'%s' gives %s, not %s", text, ps_error_name(code),
                  ps_error_name(expected));
    if (expected < 0)
        check_none(&a);
}

/* Number and name of an interface that is there. */
static unsigned some_interface(char name[257])
{
    unsigned index = 1;

    while (index < 1000 && ps_if_indextoname(index, name, 257) != 0)
        index++;
    ck_assert_uint_lt(index, 1000);
    return index;
}

/* ---- inet ------------------------------------------------------------------------------------ */

/* Rows: R020. Traps: ADR-3. */
START_TEST(address_inet_is_the_systems_own)
{
    ps_addr a = inet("192.0.2.1", 0x1234);
    static const unsigned char zeros[sizeof a.storage];

    ck_assert_int_eq(a.sa.sa_family, AF_INET);
    ck_assert_uint_eq((size_t)a.len, sizeof(struct sockaddr_in));
    ck_assert_mem_eq(&a.in.sin_port, "\x12\x34", 2);
    ck_assert_mem_eq(&a.in.sin_addr, "\300\0\2\1", 4);
    /* Padding, and all behind it, is zero. */
    ck_assert_mem_eq((char *)&a.storage + 8, zeros, sizeof a.storage - 8);
}
END_TEST

/* Rows: R022 R023. Traps: ADR-8. */
START_TEST(address_inet_takes_special_hosts)
{
    static const struct {
        const char *host, *numeric;
    } rows[] = {
        {"", "0.0.0.0"},
        {"<broadcast>", "255.255.255.255"},
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"10.20.30.40", "10.20.30.40"},
        /* Decimal, also with fewer parts (row R025). */
        {"127.1", "127.0.0.1"},
        {"192.168.258", "192.168.1.2"},
        {"0", "0.0.0.0"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ps_addr a = inet(rows[i].host, 7);
        char host[PS_HOST_MAX];

        ck_assert_ok(ps_addr_get_host(&a, host, sizeof host));
        ck_assert_str_eq(host, rows[i].numeric);
        ck_assert_int_eq(ps_addr_port(&a), 7);
    }
}
END_TEST

/* Rows: R026. Traps: ADR-7. */
START_TEST(address_inet_looks_names_up)
{
    ps_addr a = inet("localhost", 80);

    ck_assert_int_eq(ps_addr_family(&a), AF_INET);
    ck_assert_int_eq(ps_addr_port(&a), 80);
    ck_assert_int_eq(*(const unsigned char *)&a.in.sin_addr, 127);
}
END_TEST

/* Rows: R021. Traps: ADR-9. */
START_TEST(address_ports_are_0_to_65535)
{
    static const int ports[] = {0, 1, 80, 255, 256, 65535};
    static const int bad[] = {-1, 65536, 65616, -65536, 2147483647, -2147483647 - 1};

    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        ps_addr a = inet("127.0.0.1", ports[i]), b = inet6("::1", ports[i], 0, 0);

        ck_assert_int_eq(ps_addr_port(&a), ports[i]);
        ck_assert_int_eq(ps_addr_port(&b), ports[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ps_addr a = dirty(), b = dirty();

        /* Before the name is looked up, and whatever else is wrong. */
        ck_assert_code(ps_addr_inet(&a, ANY_NAME, bad[i]), PS_BAD_PORT);
        check_none(&a);
        ck_assert_code(ps_addr_inet6(&b, ANY_NAME, bad[i], 0x100000, 0), PS_BAD_PORT);
        check_none(&b);
    }
}
END_TEST

/* Rows: R025. Traps: ADR-7. */
START_TEST(address_inet_refuses_bad_hosts)
{
    /* None of them is a possible name either, so no resolver is asked. */
    static const char *const hosts[] = {"1.2.3.4 ",   " 1.2.3.4",  "1.2. 3.4",
                                        "1..2.3",     ".1.2.3.4",  "[1.2.3.4]",
                                        "1.2.3.4:80", "1.2.3.4%1", "."};
    ps_addr a = dirty();

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        a = dirty();
        ck_assert_int_eq(ps_error_kind(ps_addr_inet(&a, hosts[i], 80)), PS_KIND_GAI);
        check_none(&a);
    }
    a = dirty();
    ck_assert_code(ps_addr_inet(&a, "::1", 80), PS_EAI_ADDRFAMILY);
    check_none(&a);
    a = dirty();
    ck_assert_code(ps_addr_inet(&a, NULL, 80), PS_BAD_ADDRESS);
    check_none(&a);
    a = dirty();
    ck_assert_code(ps_addr_inet(&a, "caf\xe9", 80), PS_BAD_ADDRESS);
    check_none(&a);
    ck_assert_code(ps_addr_inet(NULL, "127.0.0.1", 80), PS_EFAULT);
}
END_TEST

/* ---- inet6 ----------------------------------------------------------------------------------- */

/* Rows: R024 R029. Traps: ADR-3 RAW-11. */
START_TEST(address_inet6_is_the_systems_own)
{
    ps_addr a = inet6("2001:db8::1", 0x1234, 0xabcde, 0x01020304);
    static const unsigned char zeros[sizeof a.storage];

    ck_assert_int_eq(a.sa.sa_family, AF_INET6);
    ck_assert_uint_eq((size_t)a.len, sizeof(struct sockaddr_in6));
    ck_assert_mem_eq(&a.in6.sin6_port, "\x12\x34", 2);
    ck_assert_mem_eq(&a.in6.sin6_flowinfo, "\x00\x0a\xbc\xde", 4);
    ck_assert_mem_eq(&a.in6.sin6_addr, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    ck_assert_uint_eq(a.in6.sin6_scope_id, 0x01020304);
    ck_assert_mem_eq((char *)&a.storage + sizeof a.in6, zeros, sizeof a.storage - sizeof a.in6);
}
END_TEST

/* Rows: R024. Traps: ADR-8. */
START_TEST(address_inet6_takes_literals)
{
    static const struct {
        const char *host, *numeric;
    } rows[] = {
        {"", "::"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:DB8:0:0::1", "2001:db8::1"},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
        {"fe80::1%2", "fe80::1%2"},
        {"::1%1", "::1%1"},
        {"fe80::1%0", "fe80::1"},
        {"fe80::1%007", "fe80::1%7"},
        {"fe80::1%4294967295", "fe80::1%4294967295"},
        {"0000:0000:0000:0000:0000:ffff:255.255.255.255%4294967295",
         "::ffff:255.255.255.255%4294967295"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ps_addr a = inet6(rows[i].host, 7, 0, 0);
        char host[PS_HOST_MAX];

        ck_assert_ok(ps_addr_get_host(&a, host, sizeof host));
        ck_assert_str_eq(host, rows[i].numeric);
        ck_assert_int_eq(ps_addr_port(&a), 7);
    }
}
END_TEST

/* Rows: R026. */
START_TEST(address_inet6_looks_names_up)
{
    /* localhost need not have an IPv6 address. */
    ps_addr a = dirty();
    int code = ps_addr_inet6(&a, "localhost", 80, 0xfffff, 0);

    if (code == 0) {
        ck_assert_int_eq(ps_addr_family(&a), AF_INET6);
        ck_assert_int_eq(ps_addr_port(&a), 80);
        ck_assert_mem_eq(&a.in6.sin6_flowinfo, "\x00\x0f\xff\xff", 4);
    } else {
        ck_assert_int_eq(ps_error_kind(code), PS_KIND_GAI);
        check_none(&a);
    }
}
END_TEST

/* Rows: R030. Traps: ADR-9. */
START_TEST(address_flowinfo_has_20_bits)
{
    static const unsigned good[] = {0, 1, 0x12345, 0xfffff};
    static const unsigned bad[] = {0x100000, 0x80000000, 0xffffffff};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ps_addr a = inet6("::1", 80, good[i], 0);
        unsigned flowinfo = 7, scopeid = 7;

        ck_assert_ok(ps_addr_get_inet6(&a, &flowinfo, &scopeid));
        ck_assert_uint_eq(flowinfo, good[i]);
        ck_assert_uint_eq(scopeid, 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ps_addr a = dirty();

        ck_assert_code(ps_addr_inet6(&a, ANY_NAME, 80, bad[i], 0), PS_BAD_FLOWINFO);
        check_none(&a);
    }
}
END_TEST

/* Rows: R032. Traps: ADR-10. */
START_TEST(address_scope_is_a_number_or_an_interface)
{
    char name[257], host[300];
    unsigned index = some_interface(name), scopeid;
    ps_addr a;

    snprintf(host, sizeof host, "fe80::1%%%s", name);
    a = inet6(host, 80, 0, 0);
    ck_assert_uint_eq(a.in6.sin6_scope_id, index);
    snprintf(host, sizeof host, "fe80::1%%%u", index);
    a = inet6(host, 80, 0, 0);
    ck_assert_uint_eq(a.in6.sin6_scope_id, index);
    ck_assert_ok(ps_addr_get_inet6(&a, NULL, &scopeid));
    ck_assert_uint_eq(scopeid, index);

    /* In the text form, too. */
    snprintf(host, sizeof host, "[fe80::1%%%s]:80", name);
    ck_assert_ok(ps_addr_parse(&a, AF_UNSPEC, host));
    ck_assert_uint_eq(a.in6.sin6_scope_id, index);
}
END_TEST

/* Rows: R032. */
START_TEST(address_scope_given_apart_replaces_the_hosts)
{
    ps_addr a = inet6("fe80::1%2", 80, 0, 0);

    ck_assert_uint_eq(a.in6.sin6_scope_id, 2);
    a = inet6("fe80::1%2", 80, 0, 9);
    ck_assert_uint_eq(a.in6.sin6_scope_id, 9);
    a = inet6("fe80::1", 80, 0, 0xffffffff);
    ck_assert_uint_eq(a.in6.sin6_scope_id, 0xffffffff);
    a = inet6("", 80, 0, 3);
    ck_assert_uint_eq(a.in6.sin6_scope_id, 3);
}
END_TEST

START_TEST(address_scope_must_be_known)
{
    static const char *const hosts[] = {"fe80::1%",           "fe80::1%no-such-interface",
                                        "fe80::1%4294967296", "fe80::1%-1",
                                        "fe80::1%+1",         "fe80::1% 1",
                                        "fe80::1%1%1",        "::%"};

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        ps_addr a = dirty();
        char text[64];
        int code = ps_addr_inet6(&a, hosts[i], 80, 0, 0);

        ck_assert_msg(code == PS_BAD_SCOPE, "'%s' gives %s", hosts[i], ps_error_name(code));
        check_none(&a);
        snprintf(text, sizeof text, "[%s]:80", hosts[i]);
        check_parse(AF_INET6, text, PS_BAD_SCOPE);
    }
}
END_TEST

/* Rows: R023. */
START_TEST(address_inet6_refuses_bad_hosts)
{
    static const char *const hosts[] = {":::",  "1:2:3",  "::1::",   "[::1]",
                                        "::1 ", "::1/64", "12345::", "fe80::g%1"};
    ps_addr a;

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        a = dirty();
        ck_assert_int_eq(ps_error_kind(ps_addr_inet6(&a, hosts[i], 80, 0, 0)), PS_KIND_GAI);
        check_none(&a);
    }
    a = dirty();
    ck_assert_code(ps_addr_inet6(&a, "192.0.2.1", 80, 0, 0), PS_EAI_ADDRFAMILY);
    check_none(&a);
    a = dirty();
    ck_assert_code(ps_addr_inet6(&a, "<broadcast>", 80, 0, 0), PS_BAD_ADDRESS);
    check_none(&a);
    a = dirty();
    ck_assert_code(ps_addr_inet6(&a, NULL, 80, 0, 0), PS_BAD_ADDRESS);
    check_none(&a);
    a = dirty();
    ck_assert_code(ps_addr_inet6(&a, "\xc0\x80", 80, 0, 0), PS_BAD_ADDRESS);
    check_none(&a);
    ck_assert_code(ps_addr_inet6(NULL, "::1", 80, 0, 0), PS_EFAULT);
}
END_TEST

/* Rows: R028. Traps: RES-9. */
START_TEST(address_hosts_are_utf8)
{
    static const char *const bad[] = {
        "\x80", /* no first byte */
        "a\xbf",
        "\xc3", /* cut short */
        "\xe2\x82",
        "\xf0\x9f\x98",
        "\xe2\x82z",
        "\xc0\x80", /* longer than need be */
        "\xc1\xbf",
        "\xe0\x9f\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80", /* surrogates */
        "\xed\xbf\xbf",
        "\xf4\x90\x80\x80", /* above 10FFFF */
        "\xf5\x80\x80\x80",
        "\xff",
    };
    /* The blank makes each an impossible name, so that no resolver is asked. */
    static const char *const good[] = {"\xc2\x80 ",        "\xdf\xbf ",     "\xe0\xa0\x80 ",
                                       "\xed\x9f\xbf ",    "\xee\x80\x80 ", "\xf0\x90\x80\x80 ",
                                       "\xf4\x8f\xbf\xbf "};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ps_addr a = dirty(), b = dirty();

        ck_assert_code(ps_addr_inet(&a, bad[i], 80), PS_BAD_ADDRESS);
        check_none(&a);
        ck_assert_code(ps_addr_inet6(&b, bad[i], 80, 0, 0), PS_BAD_ADDRESS);
        check_none(&b);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ps_addr a = dirty();

        ck_assert_code(ps_addr_inet(&a, good[i], 80), PS_EAI_NONAME);
        ck_assert_code(ps_addr_inet6(&a, good[i], 80, 0, 0), PS_EAI_NONAME);
    }
}
END_TEST

/* ---- text forms ------------------------------------------------------------------------------ */

START_TEST(address_text_of_inet)
{
    static const char *const texts[] = {"0.0.0.0:0", "192.0.2.1:80", "127.0.0.1:65535",
                                        "255.255.255.255:65535"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ps_addr a = dirty();

        ck_assert_ok(ps_addr_parse(&a, AF_INET, texts[i]));
        ck_assert_int_eq(ps_addr_family(&a), AF_INET);
        check_text(&a, texts[i]);
        a = dirty();
        ck_assert_ok(ps_addr_parse(&a, AF_UNSPEC, texts[i]));
        ck_assert_uint_eq((size_t)a.len, sizeof a.in);
        check_text(&a, texts[i]);
        check_parse(AF_INET6, texts[i], PS_BAD_ADDRESS);
        check_parse(UNKNOWN_FAMILY, texts[i], PS_BAD_FAMILY);
    }
}
END_TEST

START_TEST(address_text_of_inet6)
{
    static const char *const texts[] = {
        "[::]:0", "[::1]:80", "[fe80::1%2]:65535", "[::ffff:192.0.2.1]:1",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ps_addr a = dirty();

        ck_assert_ok(ps_addr_parse(&a, AF_INET6, texts[i]));
        ck_assert_int_eq(ps_addr_family(&a), AF_INET6);
        check_text(&a, texts[i]);
        a = dirty();
        ck_assert_ok(ps_addr_parse(&a, AF_UNSPEC, texts[i]));
        ck_assert_uint_eq((size_t)a.len, sizeof a.in6);
        check_text(&a, texts[i]);
        check_parse(AF_INET, texts[i], PS_BAD_ADDRESS);
        check_parse(UNKNOWN_FAMILY, texts[i], PS_BAD_FAMILY);
    }
}
END_TEST

START_TEST(address_text_of_other_forms_is_refused)
{
    static const char *const texts[] = {
        "",
        " ",
        ":",
        ":80",
        "80",
        "192.0.2.1",
        "192.0.2.1:",
        "192.0.2.1:x",
        "192.0.2.1:80x",
        "192.0.2.1:80 ",
        "192.0.2.1: 80",
        "192.0.2.1:+80",
        "192.0.2.1:0x50",
        "192.0.2.1:80:80",
        "192.0.2.1:-",
        "192.0.2.1 :80",
        " 192.0.2.1:80",
        "010.0.0.1:80",
        "192.0.2:80",
        "256.0.2.1:80",
        "localhost:80",
        "<broadcast>:80",
        "::1",
        "::1:80",
        "[::1]",
        "[::1]:",
        "[::1]80",
        "[::1]:http",
        "[::1:80",
        "::1]:80",
        "[]:80",
        "[192.0.2.1]:80",
        "[::1 ]:80",
        " [::1]:80",
        "[[::1]]:80",
        "[localhost]:80",
        "unix",
        "netlink",
        "family",
        "UNIX:/x",
        "nosuchfamily:1:2",
        "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:"
        "0000:0000:0000:0000:0000"
        ":0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:"
        "0000:0000:0000:0000:0000"
        ":0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:"
        "0000:0000:0000]:80",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_parse(AF_UNSPEC, texts[i], PS_BAD_ADDRESS);
        check_parse(AF_INET, texts[i], PS_BAD_ADDRESS);
        check_parse(AF_INET6, texts[i], PS_BAD_ADDRESS);
        check_parse(UNKNOWN_FAMILY, texts[i], PS_BAD_FAMILY);
    }
    check_parse(AF_UNSPEC, NULL, PS_BAD_ADDRESS);
    check_parse(AF_INET, NULL, PS_BAD_ADDRESS);
    ck_assert_code(ps_addr_parse(NULL, AF_UNSPEC, "192.0.2.1:80"), PS_EFAULT);
}
END_TEST

START_TEST(address_text_has_a_port_in_range)
{
    static const char *const ports[] = {"65536", "99999", "4294967296", "18446744073709551696",
                                        "-1",    "-80"};

    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        char text[64];

        snprintf(text, sizeof text, "192.0.2.1:%s", ports[i]);
        check_parse(AF_INET, text, PS_BAD_PORT);
        check_parse(AF_UNSPEC, text, PS_BAD_PORT);
        snprintf(text, sizeof text, "[::1]:%s", ports[i]);
        check_parse(AF_INET6, text, PS_BAD_PORT);
        check_parse(AF_UNSPEC, text, PS_BAD_PORT);
    }
}
END_TEST

/* A text of a family of some other system is told apart from a bad text. */
/* Traps: NTL-5. */
START_TEST(address_text_of_a_family_of_another_system)
{
    static const char *const texts[] = {"unix:/run/x", "netlink:0:1", "tipc:name:18888:17:0"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ps_addr a = dirty();
        int code = ps_addr_parse(&a, AF_UNSPEC, texts[i]);

        if (code == 0) {
            int family = ps_addr_family(&a);

            check_text(&a, texts[i]);
            ck_assert_int_ne(family, AF_UNSPEC);
            check_parse(family, texts[i], 0);
        } else {
            ck_assert_code(code, PS_BAD_FAMILY);
            check_none(&a);
        }
        check_parse(AF_INET, texts[i], PS_BAD_ADDRESS);
        check_parse(UNKNOWN_FAMILY, texts[i], PS_BAD_FAMILY);
        check_parse(-1, texts[i], PS_BAD_FAMILY);
    }
}
END_TEST

/* An address of an unknown family with that many bytes, each of another value. */
static ps_addr unknown(size_t len)
{
    struct sockaddr_storage native;
    ps_addr a = dirty();

    for (size_t i = 0; i < sizeof native; i++)
        ((unsigned char *)&native)[i] = (unsigned char)(i * 37);
    native.ss_family = UNKNOWN_FAMILY;
    ck_assert_ok(ps_addr_from_native(&a, (const struct sockaddr *)&native, len));
    return a;
}

/* Rows: R041. */
START_TEST(address_text_of_an_unknown_family)
{
    size_t header = offsetof(struct sockaddr, sa_data);

    for (size_t len = header; len <= sizeof(struct sockaddr_storage); len++) {
        ps_addr a = unknown(len), b = dirty();
        char text[PS_ADDR_TEXT_MAX], expected[PS_ADDR_TEXT_MAX];
        int length = snprintf(expected, sizeof expected, "family:%d:", UNKNOWN_FAMILY);

        for (size_t i = header; i < len; i++)
            length +=
                snprintf(expected + length, 3, "%02x", (unsigned)((unsigned char *)&a.storage)[i]);
        ck_assert_ok(ps_addr_format(&a, text, sizeof text));
        ck_assert_str_eq(text, expected);
        ck_assert_ok(ps_addr_parse(&b, AF_UNSPEC, text));
        ck_assert(ps_addr_equal(&a, &b));
        ck_assert_uint_eq((size_t)b.len, len);
        ck_assert_int_eq(ps_addr_family(&b), UNKNOWN_FAMILY);
        b = dirty();
        ck_assert_ok(ps_addr_parse(&b, UNKNOWN_FAMILY, text));
        ck_assert(ps_addr_equal(&a, &b));
        check_parse(AF_INET, text, PS_BAD_ADDRESS);
        check_parse(UNKNOWN_FAMILY + 1, text, PS_BAD_ADDRESS);
    }
}
END_TEST

/* The text of an unknown family with that many bytes. */
static void unknown_text(char text[PS_ADDR_TEXT_MAX], size_t bytes)
{
    int length = snprintf(text, PS_ADDR_TEXT_MAX, "family:%d:", UNKNOWN_FAMILY);

    memset(text + length, '7', 2 * bytes);
    text[(size_t)length + 2 * bytes] = '\0';
}

START_TEST(address_text_of_an_unknown_family_must_be_whole)
{
    static const char *const texts[] = {
        "family:",       "family:251",          "family::",       "family:251:0",
        "family:251:0g", "family:251:00 ",      "family:251:0 0", "family:251:000",
        "family:-1:00",  "family:65787:00",     "family:x:00",    "family: 251:00",
        "family:251 :",  "family:251:0x00",     "family:251:AB",  "family:00000000251:",
        "Family:251:00", "family:4294967547:00"};
    char text[PS_ADDR_TEXT_MAX];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_parse(AF_UNSPEC, texts[i], PS_BAD_ADDRESS);
    /* A known family has a form of its own. */
    snprintf(text, sizeof text, "family:%d:0050c0000201", AF_INET);
    check_parse(AF_UNSPEC, text, PS_BAD_ADDRESS);
    check_parse(AF_INET, text, PS_BAD_ADDRESS);
    /* As many bytes as there is room for, and one more. */
    unknown_text(text, sizeof(struct sockaddr_storage) - offsetof(struct sockaddr, sa_data));
    check_parse(AF_UNSPEC, text, 0);
    unknown_text(text, sizeof(struct sockaddr_storage) - offsetof(struct sockaddr, sa_data) + 1);
    check_parse(AF_UNSPEC, text, PS_BAD_ADDRESS);
}
END_TEST

/* Into a buffer of every size: the text and nothing behind it, or "" and PS_BAD_LENGTH. */
static void check_sizes(const ps_addr *a, int (*write)(const ps_addr *, char *, size_t),
                        const char *expected)
{
    for (size_t n = 0; n <= strlen(expected) + 20; n++) {
        char text[PS_ADDR_TEXT_MAX + GUARD];
        int code;

        memset(text, CANARY, sizeof text);
        code = write(a, text, n);
        if (n > strlen(expected)) {
            ck_assert_code(code, 0);
            ck_assert_str_eq(text, expected);
        } else {
            ck_assert_code(code, PS_BAD_LENGTH);
            if (n > 0)
                ck_assert_str_eq(text, "");
        }
        for (size_t i = n; i < sizeof text; i++) {
            if ((unsigned char)text[i] != CANARY)
                ck_abort_msg("%s: byte %d written of %d", expected, (int)i, (int)n);
        }
    }
}

START_TEST(address_text_fits_every_buffer)
{
    ps_addr a = inet("192.0.2.1", 80);

    check_sizes(&a, ps_addr_format, "192.0.2.1:80");
    check_sizes(&a, ps_addr_get_host, "192.0.2.1");
    a = inet("255.255.255.255", 65535);
    check_sizes(&a, ps_addr_format, "255.255.255.255:65535");
    check_sizes(&a, ps_addr_get_host, "255.255.255.255");
    a = inet6("::", 0, 0, 0);
    check_sizes(&a, ps_addr_format, "[::]:0");
    check_sizes(&a, ps_addr_get_host, "::");
    a = inet6("fe80::1", 65535, 0, 4294967295);
    check_sizes(&a, ps_addr_format, "[fe80::1%4294967295]:65535");
    check_sizes(&a, ps_addr_get_host, "fe80::1%4294967295");
    a = inet6("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535, 0, 4294967295);
    check_sizes(&a, ps_addr_format, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
    a = no_address();
    check_sizes(&a, ps_addr_format, "");
    a = unknown(offsetof(struct sockaddr, sa_data));
    check_sizes(&a, ps_addr_format, "family:251:");
}
END_TEST

/* PS_ADDR_TEXT_MAX is enough for the longest of every family. */
START_TEST(address_text_max_is_enough)
{
    unsigned char path[108];
    char text[PS_ADDR_TEXT_MAX];
    ps_addr a = unknown(sizeof a.storage), b;

    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    a.sa.sa_family = (unsigned short)~0;
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert_ok(ps_addr_parse(&b, AF_UNSPEC, text));
    ck_assert(ps_addr_equal(&a, &b));

    /* An AF_UNIX path that must be escaped wholly, as long as it may be, abstract where there
     * are such names. */
    memset(path, 1, sizeof path);
    path[0] = 0;
    if (ps_addr_unix(&a, path, sizeof path) == 0) {
        ck_assert_ok(ps_addr_format(&a, text, sizeof text));
        ck_assert_ok(ps_addr_parse(&b, AF_UNSPEC, text));
        ck_assert(ps_addr_equal(&a, &b));
    }
    path[0] = 1;
    if (ps_addr_unix(&a, path, sizeof path - 1) == 0) {
        ck_assert_ok(ps_addr_format(&a, text, sizeof text));
        ck_assert_ok(ps_addr_parse(&b, AF_UNSPEC, text));
        ck_assert(ps_addr_equal(&a, &b));
    }
}
END_TEST

/* A random inet or inet6 address. */
static ps_addr random_address(bool with_inet6)
{
    unsigned char packed[16];
    char host[46];
    uint32_t zeros = next_random();
    int port = (int)(next_random() % 65536);
    /* Few: for each the system is asked whether an interface has that name. */
    unsigned scope = next_random() % 50 == 0 ? next_random() : 0;
    ps_addr a;
    int code;

    for (int i = 0; i < 16; i++)
        packed[i] = zeros >> i & 1 ? 0 : (unsigned char)next_random();
    if (with_inet6) {
        (void)ps_inet_ntop(AF_INET6, packed, 16, host, sizeof host);
        code = ps_addr_inet6(&a, host, port, next_random() & 0xfffff, scope);
    } else {
        (void)ps_inet_ntoa(packed, 4, host);
        code = ps_addr_inet(&a, host, port);
    }
    if (code != 0 || ps_addr_port(&a) != port)
        ck_abort_msg("'%s' gives %s", host, ps_error_name(code));
    return a;
}

/* Rows: R031. */
START_TEST(address_text_comes_back_equal)
{
    for (int round = 0; round < ROUNDS; round++) {
        ps_addr a = random_address(round % 2 == 0), b = dirty(), c = dirty();
        char text[PS_ADDR_TEXT_MAX] = "";

        if (ps_addr_format(&a, text, sizeof text) != 0 || ps_addr_parse(&b, AF_UNSPEC, text) != 0 ||
            ps_addr_parse(&c, ps_addr_family(&a), text) != 0 || !ps_addr_equal(&a, &b) ||
            !ps_addr_equal(&a, &c))
            ck_abort_msg("'%s'", text);
    }
}
END_TEST

START_TEST(address_format_refuses_null)
{
    ps_addr a = inet("192.0.2.1", 80);
    char text[8] = "x";

    ck_assert_code(ps_addr_format(&a, NULL, 10), PS_EFAULT);
    ck_assert_code(ps_addr_format(NULL, text, sizeof text), PS_EFAULT);
    ck_assert_str_eq(text, "");
}
END_TEST

/* ---- parts ----------------------------------------------------------------------------------- */

/* Rows: R031. */
START_TEST(address_parts_of_every_family)
{
    ps_addr a = inet("192.0.2.1", 80), b = inet6("::1", 443, 0, 0), none = no_address(),
            other = unknown(sizeof(struct sockaddr));
    char host[PS_HOST_MAX];
    unsigned flowinfo = 7, scopeid = 7;

    ck_assert_int_eq(ps_addr_family(&a), AF_INET);
    ck_assert_int_eq(ps_addr_family(&b), AF_INET6);
    ck_assert_int_eq(ps_addr_family(&other), UNKNOWN_FAMILY);
    ck_assert_int_eq(ps_addr_family(&none), AF_UNSPEC);
    ck_assert_int_eq(ps_addr_family(NULL), AF_UNSPEC);
    ck_assert_int_eq(ps_addr_port(&a), 80);
    ck_assert_int_eq(ps_addr_port(&b), 443);
    ck_assert_code(ps_addr_port(&other), PS_BAD_FAMILY);
    ck_assert_code(ps_addr_port(&none), PS_BAD_FAMILY);

    ck_assert_ok(ps_addr_get_inet6(&b, NULL, NULL));
    ck_assert_code(ps_addr_get_inet6(&a, &flowinfo, &scopeid), PS_BAD_FAMILY);
    ck_assert_uint_eq(flowinfo, 0);
    ck_assert_uint_eq(scopeid, 0);
    ck_assert_code(ps_addr_get_inet6(&none, NULL, NULL), PS_BAD_FAMILY);

    ck_assert_ok(ps_addr_get_host(&a, host, sizeof host));
    ck_assert_code(ps_addr_get_host(&other, host, sizeof host), PS_BAD_FAMILY);
    ck_assert_str_eq(host, "");
    host[0] = 'x';
    ck_assert_code(ps_addr_get_host(&none, host, sizeof host), PS_BAD_FAMILY);
    ck_assert_str_eq(host, "");
}
END_TEST

START_TEST(address_parts_refuse_null)
{
    ps_addr a = inet("192.0.2.1", 80);
    char host[8] = "x";

    ck_assert_code(ps_addr_get_host(&a, NULL, 10), PS_EFAULT);
    ck_assert_code(ps_addr_get_host(NULL, host, sizeof host), PS_EFAULT);
    ck_assert_str_eq(host, "");
    ck_assert_code(ps_addr_port(NULL), PS_EFAULT);
    ck_assert_code(ps_addr_get_inet6(NULL, NULL, NULL), PS_EFAULT);
}
END_TEST

/* An address that a program spoiled must not be read beyond its end. */
START_TEST(address_with_a_wrong_length_does_no_harm)
{
    ps_addr a = inet("192.0.2.1", 80), b = a;
    char text[PS_ADDR_TEXT_MAX];

    a.len = 3;
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert(!ps_addr_equal(&a, &b));
    a.len = 1;
    ck_assert_int_eq(ps_addr_family(&a), AF_UNSPEC);
    ck_assert(!ps_addr_equal(&a, &b));
    a.len = 30000;
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert(!ps_addr_equal(&a, &b));
    b.len = 30000;
    ck_assert(ps_addr_equal(&a, &b));
}
END_TEST

/* ---- comparison ------------------------------------------------------------------------------ */

static void check_equal(ps_addr a, ps_addr b, bool expected)
{
    ck_assert(ps_addr_equal(&a, &b) == expected);
    ck_assert(ps_addr_equal(&b, &a) == expected);
    ck_assert(ps_addr_equal(&a, &a));
}

START_TEST(address_equal_compares_what_counts)
{
    ps_addr padded = inet("192.0.2.1", 80), none = no_address();

    check_equal(inet("192.0.2.1", 80), inet("192.0.2.1", 80), true);
    check_equal(inet("192.0.2.1", 80), inet("192.0.2.1", 81), false);
    check_equal(inet("192.0.2.1", 80), inet("192.0.2.2", 80), false);
    memset(padded.in.sin_zero, 0xff, sizeof padded.in.sin_zero);
    check_equal(padded, inet("192.0.2.1", 80), true);

    check_equal(inet6("::1", 80, 0, 0), inet6("::1", 80, 0, 0), true);
    check_equal(inet6("::1", 80, 0, 0), inet6("::1", 80, 0xfffff, 0), true);
    check_equal(inet6("::1", 80, 0, 0), inet6("::1", 80, 0, 1), false);
    check_equal(inet6("::1", 80, 0, 0), inet6("::1", 81, 0, 0), false);
    check_equal(inet6("::1", 80, 0, 0), inet6("::2", 80, 0, 0), false);
    check_equal(inet6("::ffff:192.0.2.1", 80, 0, 0), inet("192.0.2.1", 80), false);

    check_equal(none, no_address(), true);
    check_equal(none, inet("0.0.0.0", 0), false);
    ck_assert(ps_addr_equal(NULL, NULL));
    ck_assert(ps_addr_equal(NULL, &none));
    ck_assert(!ps_addr_equal(NULL, &padded));
}
END_TEST

START_TEST(address_equal_compares_all_bytes_of_an_unknown_family)
{
    ps_addr a = unknown(20), b = unknown(20);

    check_equal(a, b, true);
    check_equal(a, unknown(21), false);
    for (size_t i = offsetof(struct sockaddr, sa_data); i < 20; i++) {
        ps_addr changed = a;

        ((unsigned char *)&changed.storage)[i] ^= 1;
        check_equal(a, changed, false);
    }
    /* What does not count may differ. */
    ((unsigned char *)&b.storage)[20] = 1;
    check_equal(a, b, true);
}
END_TEST

/* ---- from the system ------------------------------------------------------------------------- */

START_TEST(address_from_native_checks_the_length)
{
    static const int families[] = {AF_INET, AF_INET6, UNKNOWN_FAMILY};
    static const size_t sizes[] = {sizeof(struct sockaddr_in), sizeof(struct sockaddr_in6), 0};

    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        for (size_t len = 0; len <= sizeof(struct sockaddr_storage) + 1; len++) {
            _Alignas(
                struct sockaddr_storage) unsigned char native[sizeof(struct sockaddr_storage) + 1];
            struct sockaddr header = {0};
            ps_addr a = dirty();
            bool good = len == sizes[f] || (families[f] == UNKNOWN_FAMILY &&
                                            len >= offsetof(struct sockaddr, sa_data));
            int code;

            memset(native, 0x5a, sizeof native);
            header.sa_family = (unsigned short)families[f];
            memcpy(native, &header, offsetof(struct sockaddr, sa_data));
            code = ps_addr_from_native(&a, (const struct sockaddr *)(const void *)native, len);
            if (len > 0 && good && len <= sizeof a.storage) {
                ck_assert_code(code, 0);
                ck_assert_uint_eq((size_t)a.len, len);
                ck_assert_int_eq(ps_addr_family(&a), families[f]);
                ck_assert_mem_eq(&a.storage, native, len);
                for (size_t i = len; i < sizeof a.storage; i++)
                    ck_assert_uint_eq(((unsigned char *)&a.storage)[i], 0);
            } else {
                ck_assert_code(code, len == 0 ? 0 : PS_BAD_LENGTH);
                check_none(&a);
            }
        }
    }
}
END_TEST

/* What goes out through &a.sa and a.len comes back. */
START_TEST(address_from_native_takes_what_it_gives)
{
    ps_addr a = inet6("fe80::1", 80, 0xabcde, 2), b = dirty();
    unsigned flowinfo, scopeid;

    ck_assert_ok(ps_addr_from_native(&b, &a.sa, (size_t)a.len));
    check_equal(a, b, true);
    ck_assert_ok(ps_addr_get_inet6(&b, &flowinfo, &scopeid));
    ck_assert_uint_eq(flowinfo, 0xabcde);
    ck_assert_uint_eq(scopeid, 2);

    /* In place, as after a system call that wrote to &a.sa. */
    ck_assert_ok(ps_addr_from_native(&a, &a.sa, (size_t)a.len));
    check_equal(a, b, true);
}
END_TEST

START_TEST(address_from_native_refuses_null)
{
    ps_addr a = dirty();

    ck_assert_code(ps_addr_from_native(&a, NULL, sizeof(struct sockaddr_in)), PS_EFAULT);
    check_none(&a);
    ck_assert_code(ps_addr_from_native(NULL, &a.sa, 0), PS_EFAULT);
}
END_TEST

/* ---- byte order ------------------------------------------------------------------------------ */

/* Rows: R119. */
START_TEST(byte_order_of_32_bits)
{
    static const uint32_t numbers[] = {0,          1,          0xff,       0x100,
                                       0x01020304, 0x80000000, 0xffff0000, 0xffffffff};
    uint32_t x = ps_htonl(0x01020304);

    ck_assert_mem_eq(&x, "\1\2\3\4", 4);
    memcpy(&x, "\xff\0\0\1", 4);
    ck_assert_uint_eq(ps_ntohl(x), 0xff000001);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        ck_assert_uint_eq(ps_ntohl(ps_htonl(numbers[i])), numbers[i]);
        ck_assert_uint_eq(ps_htonl(ps_ntohl(numbers[i])), numbers[i]);
        ck_assert_uint_eq(ps_htonl(numbers[i]), htonl(numbers[i]));
    }
}
END_TEST

/* Rows: R120. */
START_TEST(byte_order_of_16_bits)
{
    uint16_t x = ps_htons(0x0102);

    ck_assert_mem_eq(&x, "\1\2", 2);
    for (unsigned i = 0; i <= 0xffff; i++) {
        uint16_t number = (uint16_t)i;

        if (ps_ntohs(ps_htons(number)) != number || ps_htons(number) != htons(number) ||
            ps_ntohs(number) != ntohs(number))
            ck_abort_msg("%u", i);
    }
}
END_TEST

void add_address_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, address_inet_is_the_systems_own);
    ADD_TEST_CASE(suite, address_inet_takes_special_hosts);
    ADD_TEST_CASE(suite, address_inet_looks_names_up);
    ADD_TEST_CASE(suite, address_ports_are_0_to_65535);
    ADD_TEST_CASE(suite, address_inet_refuses_bad_hosts);
    ADD_TEST_CASE(suite, address_inet6_is_the_systems_own);
    ADD_TEST_CASE(suite, address_inet6_takes_literals);
    ADD_TEST_CASE(suite, address_inet6_looks_names_up);
    ADD_TEST_CASE(suite, address_flowinfo_has_20_bits);
    ADD_TEST_CASE(suite, address_scope_is_a_number_or_an_interface);
    ADD_TEST_CASE(suite, address_scope_given_apart_replaces_the_hosts);
    ADD_TEST_CASE(suite, address_scope_must_be_known);
    ADD_TEST_CASE(suite, address_inet6_refuses_bad_hosts);
    ADD_TEST_CASE(suite, address_hosts_are_utf8);
    ADD_TEST_CASE(suite, address_text_of_inet);
    ADD_TEST_CASE(suite, address_text_of_inet6);
    ADD_TEST_CASE(suite, address_text_of_other_forms_is_refused);
    ADD_TEST_CASE(suite, address_text_has_a_port_in_range);
    ADD_TEST_CASE(suite, address_text_of_a_family_of_another_system);
    ADD_TEST_CASE(suite, address_text_of_an_unknown_family);
    ADD_TEST_CASE(suite, address_text_of_an_unknown_family_must_be_whole);
    ADD_TEST_CASE(suite, address_text_fits_every_buffer);
    ADD_TEST_CASE(suite, address_text_max_is_enough);
    ADD_TEST_CASE(suite, address_text_comes_back_equal);
    ADD_TEST_CASE(suite, address_format_refuses_null);
    ADD_TEST_CASE(suite, address_parts_of_every_family);
    ADD_TEST_CASE(suite, address_parts_refuse_null);
    ADD_TEST_CASE(suite, address_with_a_wrong_length_does_no_harm);
    ADD_TEST_CASE(suite, address_equal_compares_what_counts);
    ADD_TEST_CASE(suite, address_equal_compares_all_bytes_of_an_unknown_family);
    ADD_TEST_CASE(suite, address_from_native_checks_the_length);
    ADD_TEST_CASE(suite, address_from_native_takes_what_it_gives);
    ADD_TEST_CASE(suite, address_from_native_refuses_null);
    ADD_TEST_CASE(suite, byte_order_of_32_bits);
    ADD_TEST_CASE(suite, byte_order_of_16_bits);
}
