/* Which ranges and networks an address is in, whether two have the same host, and mapped IPv4
 * addresses. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#ifndef _WIN32
#include <sys/un.h>
#endif

static ps_addr literal(const char *host, int port)
{
    ps_addr a;

    ck_assert_msg(ps_addr_literal(&a, host, port) == 0, "%s", host);
    return a;
}

static ps_addr unix_address(const char *path)
{
    ps_addr a;

    ck_assert_ok(ps_addr_unix(&a, path, strlen(path)));
    return a;
}

static ps_addr no_address(void)
{
    ps_addr a;

    ck_assert_ok(ps_addr_from_native(&a, NULL, 0));
    return a;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

typedef struct range_row {
    const char *first, *last;   /* are in it */
    const char *before, *after; /* are not */
} range_row;

static void check_range(bool (*is_in)(const ps_addr *), const range_row *rows, size_t count)
{
    ps_addr others[] = {no_address(), unix_address("/x"), literal("192.0.2.1", 1),
                        literal("2001:db8::1", 1)};

    for (size_t i = 0; i < count; i++) {
        const char *in[] = {rows[i].first, rows[i].last}, *out[] = {rows[i].before, rows[i].after};

        for (size_t k = 0; k < 2; k++) {
            char mapped[64];
            ps_addr a = literal(in[k], 80), b = literal(out[k], 80);

            ck_assert_msg(is_in(&a), "%s", in[k]);
            ck_assert_msg(!is_in(&b), "%s", out[k]);
            if (strchr(in[k], ':') != NULL)
                continue;
            snprintf(mapped, sizeof mapped, "::ffff:%s", in[k]);
            a = literal(mapped, 80);
            ck_assert_msg(is_in(&a), "%s", mapped);
            snprintf(mapped, sizeof mapped, "::ffff:%s", out[k]);
            b = literal(mapped, 80);
            ck_assert_msg(!is_in(&b), "%s", mapped);
            /* An IPv4-compatible address is no mapped one. */
            snprintf(mapped, sizeof mapped, "::1:%s", in[k]);
            b = literal(mapped, 80);
            ck_assert_msg(!is_in(&b), "%s", mapped);
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        ck_assert(!is_in(&others[i]));
    ck_assert(!is_in(NULL));
    others[0] = literal(rows[0].first, 80);
    others[0].len--;
    ck_assert(!is_in(&others[0]));
}

START_TEST(range_loopback)
{
    static const range_row rows[] = {
        {"127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"},
        {"::1", "::1%5", "::", "::2"}};

    check_range(ps_addr_is_loopback, rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(range_multicast)
{
    static const range_row rows[] = {
        {"224.0.0.0", "239.255.255.255", "223.255.255.255", "240.0.0.0"},
        {"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::"}};

    check_range(ps_addr_is_multicast, rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(range_link_local)
{
    static const range_row rows[] = {
        {"169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"},
        {"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::"},
        {"fe80::1%7", "fe80::1", "fec0::1%7", "ff02::1"}};

    check_range(ps_addr_is_link_local, rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(range_private)
{
    static const range_row rows[] = {
        {"10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"},
        {"172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"},
        {"192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"},
        {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"}};

    check_range(ps_addr_is_private, rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(range_wildcard)
{
    static const range_row rows[] = {{"0.0.0.0", "0.0.0.0", "255.255.255.255", "0.0.0.1"},
                                     {"::", "::", "::1", "8000::"}};

    check_range(ps_addr_is_wildcard, rows, sizeof rows / sizeof rows[0]);
}
END_TEST

/* ---- networks -------------------------------------------------------------------------------- */

START_TEST(range_network)
{
    static const struct {
        const char *host, *prefix;
        int in;
    } rows[] = {
        {"10.0.0.0", "10.0.0.0/8", 1},
        {"10.255.255.255", "10.0.0.0/8", 1},
        {"11.0.0.0", "10.0.0.0/8", 0},
        {"9.255.255.255", "10.0.0.0/8", 0},
        {"172.31.255.255", "172.16.0.0/12", 1},
        {"172.32.0.0", "172.16.0.0/12", 0},
        {"192.0.2.1", "192.0.2.0/31", 1},
        {"192.0.2.2", "192.0.2.0/31", 0},
        {"192.0.2.1", "192.0.2.1", 1},
        {"192.0.2.1", "192.0.2.1/32", 1},
        {"192.0.2.1", "192.0.2.2", 0},
        {"192.0.2.1", "0.0.0.0/0", 1},
        {"192.0.2.1", "128.0.0.0/1", 1},
        {"64.0.2.1", "128.0.0.0/1", 0},
        {"::1", "::1", 1},
        {"::1%3", "::1", 1},
        {"::2", "::1", 0},
        {"fe80::1%3", "fe80::/10", 1},
        {"febf::1", "fe80::/10", 1},
        {"fec0::1", "fe80::/10", 0},
        {"2001:db8::1", "::/0", 1},
        {"2001:db8::1", "2001:db8::/127", 1},
        {"2001:db8::2", "2001:db8::/127", 0},
        {"2001:db8::1", "2001:DB8:0:0:0:0:0:1/128", 1},
        /* The families are apart... */
        {"192.0.2.1", "::/0", 0},
        {"2001:db8::1", "0.0.0.0/0", 0},
        {"::1", "127.0.0.0/8", 0},
        /* ... and a mapped address is of inet, on either side. */
        {"::ffff:10.1.2.3", "10.0.0.0/8", 1},
        {"::ffff:11.1.2.3", "10.0.0.0/8", 0},
        {"::ffff:10.1.2.3", "::/0", 0},
        {"::ffff:10.1.2.3", "::ffff:0.0.0.0/96", 1},
        {"10.1.2.3", "::ffff:0.0.0.0/96", 1},
        {"10.1.2.3", "::ffff:10.0.0.0/104", 1},
        {"11.1.2.3", "::ffff:10.0.0.0/104", 0},
        {"10.1.2.3", "::ffff:10.1.2.3", 1},
        {"::fffe:0:1", "::fffe:0:0/95", 1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_addr a = literal(rows[i].host, 80);
        int in = ps_addr_in(&a, rows[i].prefix);

        ck_assert_msg(in == rows[i].in, "%s in %s: %d", rows[i].host, rows[i].prefix, in);
    }
}
END_TEST

START_TEST(range_network_refuses)
{
    static const char *const bad[] = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.0/00",
        "10.0.0.0/8 ",
        "10.0.0.0 /8",
        "10.0.0.0/8/8",
        "10.0.0.0/0x8",
        "10.0.0.1/8",
        "10.0.0.0/6",
        "10/8",
        "010.0.0.0/8",
        "10.0.0.0/4294967304",
        "::/129",
        "::1/127",
        "fe80::1/10",
        "fe80::%1/10",
        "fe80::/10%1",
        "[::]/0",
        "::ffff:10.0.0.1/104",
        "::ffff:0:0/90",
        "localhost",
        "localhost/8",
        "10.0.0.0/255.0.0.0",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/8",
    };
    ps_addr a = literal("10.0.0.1", 80), others[] = {no_address(), unix_address("/x")};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(ps_addr_in(&a, bad[i]) == PS_BAD_ADDRESS, "%s", bad[i]);
        ck_assert_code(ps_addr_in(&others[0], bad[i]), PS_BAD_ADDRESS);
    }
    ck_assert_code(ps_addr_in(&a, NULL), PS_BAD_ADDRESS);
    ck_assert_code(ps_addr_in(NULL, "::/0"), PS_EFAULT);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ck_assert_int_eq(ps_addr_in(&others[i], "0.0.0.0/0"), 0);
        ck_assert_int_eq(ps_addr_in(&others[i], "::/0"), 0);
    }
}
END_TEST

/* Every length of a prefix, against every bit. */
START_TEST(range_network_of_every_length)
{
    for (unsigned size = 4; size <= 16; size += 12) {
        for (unsigned bits = 0; bits <= size * 8; bits++) {
            unsigned char network[16] = {0};
            char text[64], prefix[80];
            int family = size == 4 ? AF_INET : AF_INET6;

            for (unsigned i = 0; i < bits; i++)
                network[i / 8] |= (unsigned char)(0x80 >> i % 8);
            ck_assert_ok(ps_inet_ntop(family, network, size, text, sizeof text));
            snprintf(prefix, sizeof prefix, "%s/%u", text, bits);
            for (unsigned i = 0; i < size * 8; i++) {
                unsigned char changed[16];
                ps_addr a;

                memcpy(changed, network, sizeof changed);
                changed[i / 8] ^= (unsigned char)(0x80 >> i % 8);
                ck_assert_ok(ps_inet_ntop(family, changed, size, text, sizeof text));
                a = literal(text, 0);
                ck_assert_msg(ps_addr_in(&a, prefix) == (i >= bits), "%s in %s", text, prefix);
            }
        }
    }
}
END_TEST

/* ---- mapped addresses, hosts, ports ---------------------------------------------------------- */

START_TEST(range_unmap)
{
    static const char *const stay[] = {"1.2.3.4",         "::1",      "::1.2.3.4", "::fffe:1.2.3.4",
                                       "1::ffff:1.2.3.4", "fe80::1%3"};
    ps_addr a, before;

    ck_assert_ok(ps_addr_inet6(&a, "::ffff:1.2.3.4", 8080, 7, 3));
    ps_addr_unmap(&a);
    before = literal("1.2.3.4", 8080);
    ck_assert_int_eq(a.len, before.len);
    ck_assert_mem_eq(&a.storage, &before.storage, sizeof a.storage);
    for (size_t i = 0; i < sizeof stay / sizeof stay[0]; i++) {
        before = a = literal(stay[i], 80);
        ps_addr_unmap(&a);
        ck_assert_mem_eq(&a, &before, sizeof a);
    }
    before = a = unix_address("/x");
    ps_addr_unmap(&a);
    ck_assert_mem_eq(&a, &before, sizeof a);
    before = a = no_address();
    ps_addr_unmap(&a);
    ck_assert_mem_eq(&a, &before, sizeof a);
    ps_addr_unmap(NULL);
}
END_TEST

START_TEST(range_same_host)
{
    static const struct {
        const char *one, *other;
        bool same;
    } rows[] = {
        {"1.2.3.4", "1.2.3.4", true},          {"1.2.3.4", "1.2.3.5", false},
        {"1.2.3.4", "::ffff:1.2.3.4", true},   {"::ffff:1.2.3.4", "::ffff:102:304", true},
        {"::ffff:1.2.3.4%3", "1.2.3.4", true}, {"1.2.3.4", "::1.2.3.4", false},
        {"::1", "127.0.0.1", false},           {"2001:db8::1", "2001:db8:0::1", true},
        {"2001:db8::1", "2001:db8::2", false}, {"fe80::1%3", "fe80::1%3", true},
        {"fe80::1%3", "fe80::1%4", false},     {"fe80::1%3", "fe80::1", false},
    };
    ps_addr path = unix_address("/x"), none = no_address(), a = literal("1.2.3.4", 1), b;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_addr one = literal(rows[i].one, 1), other = literal(rows[i].other, 2);

        ck_assert_msg(ps_addr_same_host(&one, &other) == rows[i].same, "%s, %s", rows[i].one,
                      rows[i].other);
        ck_assert_msg(ps_addr_same_host(&other, &one) == rows[i].same, "%s, %s", rows[i].other,
                      rows[i].one);
    }
    ck_assert_ok(ps_addr_inet6(&a, "2001:db8::1", 1, 5, 0));
    b = literal("2001:db8::1", 2);
    ck_assert(ps_addr_same_host(&a, &b));
    ck_assert(!ps_addr_same_host(&path, &path));
    ck_assert(!ps_addr_same_host(&none, &none));
    ck_assert(!ps_addr_same_host(&none, &a));
    ck_assert(!ps_addr_same_host(NULL, NULL));
    ck_assert(!ps_addr_same_host(&a, NULL));
}
END_TEST

/* Not the padding behind the length, which a copy need not keep. */
static void assert_same_bytes(const ps_addr *a, const ps_addr *b)
{
    ck_assert_int_eq(a->len, b->len);
    ck_assert_mem_eq(&a->storage, &b->storage, sizeof a->storage);
}

START_TEST(range_set_port)
{
    static const char *const hosts[] = {"1.2.3.4", "fe80::1%3"};
    ps_addr path = unix_address("/x"), none = no_address();

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        ps_addr a = literal(hosts[i], 80), wanted = literal(hosts[i], 65535), before = wanted;

        ck_assert_ok(ps_addr_set_port(&a, 65535));
        assert_same_bytes(&a, &wanted);
        ck_assert_code(ps_addr_set_port(&a, 65536), PS_BAD_PORT);
        ck_assert_code(ps_addr_set_port(&a, -1), PS_BAD_PORT);
        assert_same_bytes(&a, &before);
        ck_assert_ok(ps_addr_set_port(&a, 0));
        ck_assert_int_eq(ps_addr_port(&a), 0);
    }
    ck_assert_code(ps_addr_set_port(&path, 80), PS_BAD_FAMILY);
    ck_assert_code(ps_addr_set_port(&none, 80), PS_BAD_FAMILY);
    ck_assert_code(ps_addr_set_port(&none, 65536), PS_BAD_PORT);
    ck_assert_code(ps_addr_set_port(NULL, 80), PS_EFAULT);
}
END_TEST

START_TEST(range_nobody)
{
    ps_addr none, again, empty = no_address();
    char text[PS_ADDR_TEXT_MAX];

    memset(&none, 0xa5, sizeof none);
    ps_addr_none(&none);
    ck_assert_int_eq(ps_addr_family(&none), AF_UNSPEC);
    ck_assert_int_gt((int)none.len, 0);
    ck_assert(!ps_addr_equal(&none, &empty));
    ck_assert_ok(ps_addr_format(&none, text, sizeof text));
    ck_assert_ok(ps_addr_parse(&again, AF_UNSPEC, text));
    ck_assert(ps_addr_equal(&none, &again));
    ps_addr_none(NULL);
}
END_TEST

/* What docs/manual.md says of a server for both families: an IPv4 client is known by its IPv4
 * address. */
START_TEST(range_ipv4_client_of_a_server_for_both_families)
{
    ps_sock server, client, connection;
    ps_addr a, peer, own;

    if (!ps_has_dualstack_ipv6())
        test_skip("this system has no server for both families");
    ck_assert_ok(ps_addr_inet6(&a, "", 0, 0, 0));
    ck_assert_ok(ps_create_server(&server, &a, 5, false, true));
    ck_assert_ok(ps_settimeout(&server, 15));
    ck_assert_ok(ps_getsockname(&server, &a));
    ck_assert_ok(ps_create_connection(&client, "127.0.0.1", ps_addr_port(&a), 15, NULL));
    ck_assert_ok(ps_getsockname(&client, &own));
    ck_assert_ok(ps_accept(&server, &connection, &peer));
    ck_assert_int_eq(ps_addr_family(&peer), AF_INET6);
    ck_assert(!ps_addr_equal(&peer, &own));
    ck_assert(ps_addr_same_host(&peer, &own));
    ck_assert_uint_eq(ps_addr_hash(&peer), ps_addr_hash(&own));
    ck_assert_int_eq(ps_addr_in(&peer, "127.0.0.0/8"), 1);
    ck_assert(ps_addr_is_loopback(&peer));
    ps_addr_unmap(&peer);
    ck_assert(ps_addr_equal(&peer, &own));
    ck_assert_ok(ps_close(&connection));
    ck_assert_ok(ps_close(&client));
    ck_assert_ok(ps_close(&server));
}
END_TEST

/* ---- hashes ---------------------------------------------------------------------------------- */

static void same_hash(const ps_addr *a, const ps_addr *b)
{
    ck_assert_uint_eq(ps_addr_hash(a), ps_addr_hash(b));
}

START_TEST(range_equal_addresses_have_equal_hashes)
{
    static const char path[] = "/tmp/x";
    ps_addr a, b;

    a = b = literal("1.2.3.4", 80);
    memset((char *)&b.storage + 8, 0xa5,
           sizeof b.storage - 8); /* padding, and what is behind the address */
    ck_assert(ps_addr_equal(&a, &b));
    same_hash(&a, &b);
    b = literal("::ffff:1.2.3.4", 80);
    same_hash(&a, &b);

    ck_assert_ok(ps_addr_inet6(&a, "fe80::1", 80, 5, 3));
    ck_assert_ok(ps_addr_inet6(&b, "fe80::1", 80, 6, 3)); /* flowinfo does not count */
    ck_assert(ps_addr_equal(&a, &b));
    same_hash(&a, &b);

    a = b = unix_address(path);
    b.len = (socklen_t)((char *)&b.storage + sizeof(struct sockaddr_un) -
                        (char *)&b.sa); /* as some systems tell it */
    ck_assert(ps_addr_equal(&a, &b));
    same_hash(&a, &b);

    a = b = no_address();
    memset(&b.storage, 0xa5, sizeof b.storage);
    ck_assert(ps_addr_equal(&a, &b));
    same_hash(&a, &b);
    ck_assert_uint_eq(ps_addr_hash(NULL), ps_addr_hash(NULL));
}
END_TEST

/* None of these are equal; with 64 bits no two of so few share a hash by chance. */
START_TEST(range_other_addresses_have_other_hashes)
{
    enum { MOST = 600 };
    static ps_addr list[MOST];
    size_t count = 0;

    for (int i = 0; i < 200; i++) {
        char text[64];

        list[count++] = literal("10.0.0.1", i);
        snprintf(text, sizeof text, "10.0.%d.7", i);
        list[count++] = literal(text, 80);
    }
    for (int i = 0; i < 50; i++) {
        char text[64];

        snprintf(text, sizeof text, "fe80::1%%%d", 100000 + i);
        list[count++] = literal(text, 80);
        snprintf(text, sizeof text, "2001:db8::%x", i);
        list[count++] = literal(text, 80);
        snprintf(text, sizeof text, "/tmp/%d", i);
        list[count++] = unix_address(text);
    }
    list[count++] = unix_address("");
    list[count++] = no_address();
    ps_addr_none(&list[count++]);
    ck_assert_ok(ps_addr_parse(&list[count++], AF_UNSPEC, "family:77:00"));
    ck_assert_ok(ps_addr_parse(&list[count++], AF_UNSPEC, "family:77:0000"));
    ck_assert_ok(ps_addr_parse(&list[count++], AF_UNSPEC, "family:78:00"));
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            ck_assert(!ps_addr_equal(&list[i], &list[k]));
            ck_assert_uint_ne(ps_addr_hash(&list[i]), ps_addr_hash(&list[k]));
        }
    }
}
END_TEST

/* A table takes the lowest bits. */
START_TEST(range_hashes_spread)
{
    unsigned buckets[64] = {0};

    for (int port = 0; port < 6400; port++) {
        ps_addr a = literal("192.0.2.1", port);

        buckets[ps_addr_hash(&a) % 64]++;
    }
    for (size_t i = 0; i < 64; i++) {
        ck_assert_uint_gt(buckets[i], 40);
        ck_assert_uint_lt(buckets[i], 180);
    }
}
END_TEST

void add_address_range_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, range_loopback);
    ADD_TEST_CASE(suite, range_multicast);
    ADD_TEST_CASE(suite, range_link_local);
    ADD_TEST_CASE(suite, range_private);
    ADD_TEST_CASE(suite, range_wildcard);
    ADD_TEST_CASE(suite, range_network);
    ADD_TEST_CASE(suite, range_network_refuses);
    ADD_TEST_CASE(suite, range_network_of_every_length);
    ADD_TEST_CASE(suite, range_unmap);
    ADD_TEST_CASE(suite, range_same_host);
    ADD_TEST_CASE(suite, range_set_port);
    ADD_TEST_CASE(suite, range_nobody);
    ADD_TEST_CASE(suite, range_ipv4_client_of_a_server_for_both_families);
    ADD_TEST_CASE(suite, range_equal_addresses_have_equal_hashes);
    ADD_TEST_CASE(suite, range_other_addresses_have_other_hashes);
    ADD_TEST_CASE(suite, range_hashes_spread);
}
