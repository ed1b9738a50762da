/* The address forms of Linux's own families: netlink, TIPC and packet. No socket is needed for
 * them, and no TIPC in the kernel. */
#include "address_text.h"
#include "test.h"

#include <limits.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>

static void assert_bad_texts(int family, const char *const *texts, int expected)
{
    ps_addr a;

    for (; *texts; texts++) {
        assert_no_address(ps_addr_parse(&a, family, *texts), expected, &a);
        assert_no_address(ps_addr_parse(&a, AF_UNSPEC, *texts), expected, &a);
    }
}

/* ---- netlink --------------------------------------------------------------------------------- */

/* Rows: R037. Traps: NTL-5. */
START_TEST(families_netlink_parts)
{
    static const unsigned values[] = {0, 1, 0x7fffffff, 0x80000000u, 0xffffffffu};
    ps_addr a;
    unsigned pid, groups;

    for (size_t i = 0; i < 5; i++) {
        ck_assert_ok(ps_addr_netlink(&a, values[i], values[4 - i]));
        ck_assert_int_eq(ps_addr_family(&a), AF_NETLINK);
        ck_assert_int_eq(a.len, sizeof(struct sockaddr_nl));
        ck_assert_ok(ps_addr_get_netlink(&a, &pid, &groups));
        ck_assert_uint_eq(pid, values[i]);
        ck_assert_uint_eq(groups, values[4 - i]);
        ck_assert_ok(ps_addr_get_netlink(&a, NULL, NULL));
        assert_address_text(&a, NULL);
    }
    ck_assert_ok(ps_addr_netlink(&a, 4294967295u, 1));
    assert_address_text(&a, "netlink:4294967295:1");
    ck_assert_code(ps_addr_netlink(NULL, 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_netlink(NULL, &pid, NULL), PS_EFAULT);
    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 1));
    ck_assert_code(ps_addr_get_netlink(&a, &pid, &groups), PS_BAD_FAMILY);
    ck_assert_uint_eq(pid, 0);
    ck_assert_uint_eq(groups, 0);
}
END_TEST

START_TEST(families_netlink_text_that_is_none)
{
    static const char *const texts[] = {"netlink:",
                                        "netlink:1",
                                        "netlink:1:",
                                        "netlink::1",
                                        "netlink:1:2:3",
                                        "netlink:-1:0",
                                        "netlink:+1:0",
                                        "netlink: 1:0",
                                        "netlink:1:0 ",
                                        "netlink:0x1:0",
                                        "netlink:4294967296:0",
                                        "netlink:1:4294967296",
                                        "netlink:99999999999999999999:0",
                                        "netlink",
                                        NULL};

    assert_bad_texts(AF_NETLINK, texts, PS_BAD_ADDRESS);
}
END_TEST

/* ---- TIPC ------------------------------------------------------------------------------------ */

static void assert_tipc(const ps_addr *a, int type, unsigned v1, unsigned v2, unsigned v3,
                        int scope)
{
    int got_type = -1, got_scope = -99;
    unsigned got[3] = {1, 1, 1};

    ck_assert_ok(ps_addr_get_tipc(a, &got_type, &got[0], &got[1], &got[2], &got_scope));
    ck_assert_int_eq(got_type, type);
    ck_assert_uint_eq(got[0], v1);
    ck_assert_uint_eq(got[1], v2);
    ck_assert_uint_eq(got[2], v3);
    ck_assert_int_eq(got_scope, scope);
    ck_assert_ok(ps_addr_get_tipc(a, NULL, NULL, NULL, NULL, NULL));
}

/* Rows: R038. Traps: NTL-6 NTL-7. */
START_TEST(families_tipc_parts)
{
    const struct sockaddr_tipc *native;
    ps_addr a;

    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAME, 18888, 17, 5, TIPC_NODE_SCOPE));
    ck_assert_int_eq(ps_addr_family(&a), AF_TIPC);
    ck_assert_int_eq(a.len, sizeof *native);
    native = (const struct sockaddr_tipc *)&a.storage;
    ck_assert_int_eq(native->addrtype, TIPC_ADDR_NAME);
    ck_assert_int_eq(native->scope, TIPC_NODE_SCOPE);
    ck_assert_uint_eq(native->addr.name.name.type, 18888);
    ck_assert_uint_eq(native->addr.name.name.instance, 17);
    ck_assert_uint_eq(native->addr.name.domain, 5);
    /* As in the reference, the instance comes twice. */
    assert_tipc(&a, TIPC_ADDR_NAME, 18888, 17, 17, TIPC_NODE_SCOPE);

    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAMESEQ, 18888, 0, 0xffffffffu, -TIPC_ZONE_SCOPE));
    ck_assert_uint_eq(native->addr.nameseq.type, 18888);
    ck_assert_uint_eq(native->addr.nameseq.lower, 0);
    ck_assert_uint_eq(native->addr.nameseq.upper, 0xffffffffu);
    assert_tipc(&a, TIPC_ADDR_NAMESEQ, 18888, 0, 0xffffffffu, -TIPC_ZONE_SCOPE);

    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_ID, 0x01001001u, 0xfedcba98u, 0, TIPC_CLUSTER_SCOPE));
    ck_assert_uint_eq(native->addr.id.node, 0x01001001u);
    ck_assert_uint_eq(native->addr.id.ref, 0xfedcba98u);
    assert_tipc(&a, TIPC_ADDR_ID, 0x01001001u, 0xfedcba98u, 0, TIPC_CLUSTER_SCOPE);
}
END_TEST

/* Rows: R038. Traps: NTL-7. */
START_TEST(families_tipc_bad_parts)
{
    static const int types[] = {0, 4, -1, 255, 256 + TIPC_ADDR_NAME, INT_MAX, INT_MIN};
    ps_addr a;
    int type = 9;
    unsigned v1 = 9;

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        assert_no_address(ps_addr_tipc(&a, types[i], 1, 2, 3, 0), PS_BAD_ADDR_TYPE, &a);
    assert_no_address(ps_addr_tipc(&a, TIPC_ADDR_NAME, 1, 2, 3, 128), PS_BAD_SCOPE, &a);
    assert_no_address(ps_addr_tipc(&a, TIPC_ADDR_NAME, 1, 2, 3, INT_MIN), PS_BAD_SCOPE, &a);
    ck_assert_code(ps_addr_tipc(NULL, TIPC_ADDR_NAME, 1, 2, 3, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_tipc(NULL, &type, &v1, NULL, NULL, NULL), PS_EFAULT);
    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 1));
    type = 9;
    ck_assert_code(ps_addr_get_tipc(&a, &type, &v1, NULL, NULL, NULL), PS_BAD_FAMILY);
    ck_assert_int_eq(type, 0);
    ck_assert_uint_eq(v1, 0);
}
END_TEST

/* Traps: NTL-6. */
START_TEST(families_tipc_text)
{
    ps_addr a;

    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAME, 18888, 17, 0, TIPC_CLUSTER_SCOPE));
    assert_address_text(&a, "tipc:name:18888:17:0");
    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAME, 18888, 17, 7, TIPC_NODE_SCOPE));
    assert_address_text(&a, "tipc:name:18888:17:7:3");
    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAMESEQ, 1, 2, 4294967295u, -TIPC_CLUSTER_SCOPE));
    assert_address_text(&a, "tipc:nameseq:1:2:4294967295:-2");
    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAMESEQ, 1, 2, 3, -127));
    assert_address_text(&a, "tipc:nameseq:1:2:3:-127");
    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_ID, 1, 2, 0, 0));
    assert_address_text(&a, "tipc:id:1:2:0:0");
}
END_TEST

START_TEST(families_tipc_text_that_is_none)
{
    static const char *const texts[] = {"tipc:name",
                                        "tipc:name:1",
                                        "tipc:name:1:2",
                                        "tipc:name:1:2:",
                                        "tipc:name:1:2:-3",
                                        "tipc:name:1:2:3:--2",
                                        "tipc:name:1:2:3:4:5",
                                        "tipc:name:1:2:3:-",
                                        "tipc:name:1:2:3:",
                                        "tipc:name:1:-2:3:2",
                                        "tipc:name:1:2:3:2:-2",
                                        "tipc:name:4294967296:2:3",
                                        "tipc:id::1:0",
                                        NULL};
    static const char *const types[] = {"tipc:",          "tipc::1:2:3", "tipc:names:1:2:3",
                                        "tipc:nam:1:2:3", "tipc:1:2:3",  NULL};
    static const char *const scopes[] = {"tipc:name:1:2:3:128", "tipc:name:1:2:3:-128", NULL};

    assert_bad_texts(AF_TIPC, texts, PS_BAD_ADDRESS);
    assert_bad_texts(AF_TIPC, types, PS_BAD_ADDR_TYPE);
    assert_bad_texts(AF_TIPC, scopes, PS_BAD_SCOPE);
}
END_TEST

/* Rows: R038. */
START_TEST(families_tipc_type_that_is_not_known)
{
    struct sockaddr_tipc native = {.family = AF_TIPC, .addrtype = 9, .scope = 1};
    ps_addr a, other;
    char text[PS_ADDR_TEXT_MAX] = "before";
    int type = 5;

    ck_assert_ok(ps_addr_from_native(&a, (struct sockaddr *)&native, sizeof native));
    ck_assert_code(ps_addr_get_tipc(&a, &type, NULL, NULL, NULL, NULL), PS_BAD_ADDR_TYPE);
    ck_assert_int_eq(type, 0);
    /* Kept as it is: equal to itself, and no text of something else. */
    ck_assert(ps_addr_equal(&a, &a));
    ck_assert_ok(ps_addr_tipc(&other, TIPC_ADDR_NAME, 0, 0, 0, 1));
    ck_assert(!ps_addr_equal(&a, &other));
    ck_assert_uint_ne(ps_addr_hash(&a), ps_addr_hash(&other));
    ck_assert_code(ps_addr_format(&a, text, sizeof text), PS_BAD_ADDR_TYPE);
    ck_assert_str_eq(text, "");
}
END_TEST

/* Traps: NTL-7. */
START_TEST(families_tipc_addresses_are_equal_when_their_parts_are)
{
    ps_addr a, b;

    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAME, 1, 2, 3, 2));
    ck_assert_ok(ps_addr_tipc(&b, TIPC_ADDR_NAMESEQ, 1, 2, 3, 2));
    ck_assert(ps_addr_equal(&a, &a));
    ck_assert(!ps_addr_equal(&a, &b));
    ck_assert_uint_ne(ps_addr_hash(&a), ps_addr_hash(&b));
    ck_assert_ok(ps_addr_tipc(&b, TIPC_ADDR_NAME, 1, 2, 4, 2));
    ck_assert(!ps_addr_equal(&a, &b));
    ck_assert_uint_ne(ps_addr_hash(&a), ps_addr_hash(&b));
    ck_assert_ok(ps_addr_tipc(&b, TIPC_ADDR_NAME, 1, 2, 3, 3));
    ck_assert(!ps_addr_equal(&a, &b));
    ck_assert_uint_ne(ps_addr_hash(&a), ps_addr_hash(&b));
}
END_TEST

/* ---- packet ---------------------------------------------------------------------------------- */

/* Rows: R039. Traps: NTL-10. */
START_TEST(families_packet_parts)
{
    static const unsigned char hardware[8] = {0, 1, 0x2f, 0xff, 4, 5, 6, 7};
    unsigned char got[8];
    char ifname[IF_NAMESIZE], small[2];
    int proto, pkttype, hatype;
    size_t hwlen;
    ps_addr a;

    for (size_t len = 0; len <= 8; len++) {
        ck_assert_ok(ps_addr_packet(&a, "lo", 0x0800, PACKET_OTHERHOST, ARPHRD_ETHER,
                                    len ? hardware : NULL, len));
        ck_assert_int_eq(ps_addr_family(&a), AF_PACKET);
        ck_assert_uint_eq(((const struct sockaddr_ll *)&a.storage)->sll_protocol, ps_htons(0x0800));
        hwlen = sizeof got;
        ck_assert_ok(
            ps_addr_get_packet(&a, ifname, sizeof ifname, &proto, &pkttype, &hatype, got, &hwlen));
        ck_assert_str_eq(ifname, "lo");
        ck_assert_int_eq(proto, 0x0800);
        ck_assert_int_eq(pkttype, PACKET_OTHERHOST);
        ck_assert_int_eq(hatype, ARPHRD_ETHER);
        ck_assert_uint_eq(hwlen, len);
        ck_assert_int_eq(memcmp(got, hardware, len), 0);
        assert_address_text(&a, NULL);
    }
    hwlen = 7;
    ck_assert_code(ps_addr_get_packet(&a, NULL, 0, NULL, NULL, NULL, got, &hwlen), PS_BAD_LENGTH);
    ck_assert_code(ps_addr_get_packet(&a, small, sizeof small, NULL, NULL, NULL, NULL, NULL),
                   PS_BAD_LENGTH);
    ck_assert_str_eq(small, "");
    ck_assert_ok(ps_addr_get_packet(&a, NULL, 0, NULL, NULL, NULL, NULL, NULL));
    ck_assert_ok(ps_addr_packet(&a, "", 65535, 255, 65535, NULL, 0));
    assert_address_text(&a, "packet::65535:255:65535:");
    ck_assert_ok(
        ps_addr_get_packet(&a, ifname, sizeof ifname, &proto, &pkttype, &hatype, NULL, NULL));
    ck_assert_str_eq(ifname, "");
    ck_assert_int_eq(proto, 65535);
    ck_assert_int_eq(hatype, 65535);
}
END_TEST

/* Rows: R039. Traps: NTL-10. */
START_TEST(families_packet_bad_parts)
{
    static const unsigned char hardware[9];
    ps_addr a;

    assert_no_address(ps_addr_packet(&a, "lo", -1, 0, 0, NULL, 0), PS_BAD_PORT, &a);
    assert_no_address(ps_addr_packet(&a, "lo", 65536, 0, 0, NULL, 0), PS_BAD_PORT, &a);
    assert_no_address(ps_addr_packet(&a, "lo", 1, 0, 0, hardware, 9), PS_BAD_LENGTH, &a);
    assert_no_address(ps_addr_packet(&a, "no-such-if0", 1, 0, 0, NULL, 0), PS_ENODEV, &a);
    assert_no_address(ps_addr_packet(&a, "a-name-longer-than-any-interface", 1, 0, 0, NULL, 0),
                      PS_ENODEV, &a);
    assert_no_address(ps_addr_packet(&a, NULL, 1, 0, 0, NULL, 0), PS_BAD_ADDRESS, &a);
    assert_no_address(ps_addr_packet(&a, "lo", 1, 0, 0, NULL, 1), PS_EFAULT, &a);
    ck_assert_code(ps_addr_packet(NULL, "lo", 1, 0, 0, NULL, 0), PS_EFAULT);
    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 1));
    ck_assert_code(ps_addr_get_packet(&a, NULL, 0, NULL, NULL, NULL, NULL, NULL), PS_BAD_FAMILY);
}
END_TEST

START_TEST(families_packet_text)
{
    static const unsigned char hardware[] = {0x02, 0xfc, 0, 0xab};
    struct sockaddr_ll native = {.sll_family = AF_PACKET, .sll_ifindex = INT_MAX};
    char ifname[IF_NAMESIZE] = "x";
    ps_addr a;

    ck_assert_ok(ps_addr_packet(&a, "lo", 2048, 4, 1, hardware, sizeof hardware));
    assert_address_text(&a, "packet:lo:2048:4:1:02fc00ab");
    /* An interface that is gone is its number. */
    ck_assert_ok(ps_addr_from_native(&a, (struct sockaddr *)&native, sizeof native));
    assert_address_text(&a, "packet:#2147483647:0:0:0:");
    ck_assert_ok(ps_addr_get_packet(&a, ifname, sizeof ifname, NULL, NULL, NULL, NULL, NULL));
    ck_assert_str_eq(ifname, "");
    /* The system's shortest, and a length of the hardware address that cannot be. */
    ck_assert_ok(ps_addr_from_native(&a, (struct sockaddr *)&native,
                                     offsetof(struct sockaddr_ll, sll_addr)));
    assert_address_text(&a, NULL);
    native.sll_halen = 255;
    ck_assert_ok(ps_addr_from_native(&a, (struct sockaddr *)&native, sizeof native));
    assert_address_text(&a, "packet:#2147483647:0:0:0:0000000000000000");
}
END_TEST

START_TEST(families_packet_text_that_is_none)
{
    static const char *const texts[] = {"packet:",
                                        "packet:lo",
                                        "packet:lo:1:2:3",
                                        "packet:lo:1:2:3:0",
                                        "packet:lo:1:2:3:0g",
                                        "packet:lo:1:2:3:4:00",
                                        "packet:lo::2:3:",
                                        "packet:lo:1:256:3:",
                                        "packet:lo:1:2:65536:",
                                        "packet:#:1:2:3:",
                                        "packet:#-1:1:2:3:",
                                        "packet:#2147483648:1:2:3:",
                                        "packet:lo:-1:2:3:",
                                        NULL};
    ps_addr a;

    assert_bad_texts(AF_PACKET, texts, PS_BAD_ADDRESS);
    assert_no_address(ps_addr_parse(&a, AF_PACKET, "packet:lo:65536:2:3:"), PS_BAD_PORT, &a);
    assert_no_address(ps_addr_parse(&a, AF_PACKET, "packet:no-such-if0:1:2:3:"), PS_ENODEV, &a);
    assert_no_address(ps_addr_parse(&a, AF_PACKET, "packet:lo:1:2:3:000102030405060708"),
                      PS_BAD_LENGTH, &a);
}
END_TEST

/* ---- constants ------------------------------------------------------------------------------- */

typedef struct constant {
    const char *name;
    /* what linux/netlink.h and linux/if_packet.h say; -1: today's headers have no such name */
    long long value;
} constant;

static void assert_constants(const constant *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        long long value = -1;
        int code = ps_constant(all[i].name, &value);

        ck_assert_msg(code == (all[i].value < 0 ? PS_NO_CONSTANT : 0), "%s: %s", all[i].name,
                      ps_error_name(code));
        if (code == 0)
            ck_assert_msg(value == all[i].value, "%s is %lld", all[i].name, value);
    }
}

/* Rows: R158. */
START_TEST(families_netlink_constants)
{
    static const constant all[] = {
        {"NETLINK_ROUTE", 0},    {"NETLINK_SKIP", -1},    {"NETLINK_W1", -1},
        {"NETLINK_USERSOCK", 2}, {"NETLINK_FIREWALL", 3}, {"NETLINK_NFLOG", 5},
        {"NETLINK_TCPDIAG", -1}, {"NETLINK_XFRM", 6},     {"NETLINK_ARPD", -1},
        {"NETLINK_ROUTE6", -1},  {"NETLINK_IP6_FW", 13},  {"NETLINK_DNRTMSG", 14},
        {"NETLINK_TAPBASE", -1},
    };

    assert_constants(all, sizeof all / sizeof all[0]);
}
END_TEST

/* Rows: R159. */
START_TEST(families_packet_constants)
{
    static const constant all[] = {
        {"PACKET_HOST", 0},      {"PACKET_BROADCAST", 1}, {"PACKET_MULTICAST", 2},
        {"PACKET_OTHERHOST", 3}, {"PACKET_OUTGOING", 4},  {"PACKET_LOOPBACK", 5},
        {"PACKET_FASTROUTE", 6},
    };

    assert_constants(all, sizeof all / sizeof all[0]);
}
END_TEST

void add_families_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, families_netlink_constants);
    ADD_TEST_CASE(suite, families_packet_constants);
    ADD_TEST_CASE(suite, families_netlink_parts);
    ADD_TEST_CASE(suite, families_netlink_text_that_is_none);
    ADD_TEST_CASE(suite, families_tipc_parts);
    ADD_TEST_CASE(suite, families_tipc_bad_parts);
    ADD_TEST_CASE(suite, families_tipc_text);
    ADD_TEST_CASE(suite, families_tipc_text_that_is_none);
    ADD_TEST_CASE(suite, families_tipc_type_that_is_not_known);
    ADD_TEST_CASE(suite, families_tipc_addresses_are_equal_when_their_parts_are);
    ADD_TEST_CASE(suite, families_packet_parts);
    ADD_TEST_CASE(suite, families_packet_bad_parts);
    ADD_TEST_CASE(suite, families_packet_text);
    ADD_TEST_CASE(suite, families_packet_text_that_is_none);
}
