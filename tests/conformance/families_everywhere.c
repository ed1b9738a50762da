/* Every family's functions are there on every system, and say so where the system has no such
 * family. The build tells the tests which it has: PS__HAVE_X, as it tells the library. */
#include "config.h"

#include "test.h"

#if PS__HAVE_NETLINK
enum { NETLINK_CODE = 0 };
#else
enum { NETLINK_CODE = PS_BAD_FAMILY };
#endif
#if PS__HAVE_TIPC
enum { TIPC_CODE = 0 };
#else
enum { TIPC_CODE = PS_BAD_FAMILY };
#endif
#if PS__HAVE_PACKET
enum { PACKET_CODE = 0 };
#else
enum { PACKET_CODE = PS_BAD_FAMILY };
#endif

#if PS__HAVE_VSOCK
enum { VSOCK_CODE = 0 };
#else
enum { VSOCK_CODE = PS_BAD_FAMILY };
#endif
#if PS__HAVE_CAN
enum { CAN_CODE = 0 };
#else
enum { CAN_CODE = PS_BAD_FAMILY };
#endif

/* linux/tipc.h's TIPC_ADDR_NAMESEQ, which Windows has no name for. */
enum { NAME_SEQUENCE = 1 };

/* The address is made, or is none, like the text of the family. */
static void assert_made(int code, int expected, const ps_addr *a, const char *text)
{
    ps_addr parsed;
    char again[PS_ADDR_TEXT_MAX];

    ck_assert_code(code, expected);
    ck_assert_int_eq(a->len == 0, expected < 0);
    ck_assert_code(ps_addr_parse(&parsed, AF_UNSPEC, text), expected);
    ck_assert_int_eq(parsed.len == 0, expected < 0);
    if (expected < 0)
        return;
    ck_assert(ps_addr_equal(a, &parsed));
    ck_assert_ok(ps_addr_format(&parsed, again, sizeof again));
    ck_assert_str_eq(again, text);
}

/* Rows: R037 R042. */
START_TEST(families_everywhere_netlink)
{
    unsigned pid = 9, groups = 9;
    ps_addr a;

    assert_made(ps_addr_netlink(&a, 4000000000u, 1), NETLINK_CODE, &a, "netlink:4000000000:1");
    ck_assert_code(ps_addr_get_netlink(&a, &pid, &groups), NETLINK_CODE);
    ck_assert_uint_eq(pid, NETLINK_CODE == 0 ? 4000000000u : 0);
    ck_assert_uint_eq(groups, NETLINK_CODE == 0 ? 1 : 0);
    ck_assert_code(ps_addr_get_netlink(&a, NULL, NULL), NETLINK_CODE);
    ck_assert_code(ps_addr_netlink(NULL, 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_netlink(NULL, &pid, &groups), PS_EFAULT);
}
END_TEST

/* Rows: R038 R042. */
START_TEST(families_everywhere_tipc)
{
    unsigned v[3] = {9, 9, 9};
    int type = 9, scope = 9;
    ps_addr a;

    assert_made(ps_addr_tipc(&a, NAME_SEQUENCE, 18888, 3, 4, 2), TIPC_CODE, &a,
                "tipc:nameseq:18888:3:4");
    ck_assert_code(ps_addr_get_tipc(&a, &type, &v[0], &v[1], &v[2], &scope), TIPC_CODE);
    ck_assert_int_eq(type, TIPC_CODE == 0 ? NAME_SEQUENCE : 0);
    ck_assert_uint_eq(v[0], TIPC_CODE == 0 ? 18888 : 0);
    ck_assert_uint_eq(v[1], TIPC_CODE == 0 ? 3 : 0);
    ck_assert_uint_eq(v[2], TIPC_CODE == 0 ? 4 : 0);
    ck_assert_int_eq(scope, TIPC_CODE == 0 ? 2 : 0);
    ck_assert_code(ps_addr_get_tipc(&a, NULL, NULL, NULL, NULL, NULL), TIPC_CODE);
    ck_assert_code(ps_addr_tipc(NULL, NAME_SEQUENCE, 0, 0, 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_tipc(NULL, &type, NULL, NULL, NULL, NULL), PS_EFAULT);
}
END_TEST

/* Rows: R039 R042. */
START_TEST(families_everywhere_packet)
{
    static const unsigned char hardware[6] = {2, 0, 0, 0, 0, 0x7f};
    int proto = 9, packet_type = 9, hardware_type = 9;
    unsigned char told[8] = {9};
    size_t told_length = sizeof told;
    char name[64] = "x";
    ps_addr a;

    assert_made(ps_addr_packet(&a, "", 0x0800, 3, 1, hardware, sizeof hardware), PACKET_CODE, &a,
                "packet::2048:3:1:02000000007f");
    ck_assert_code(ps_addr_get_packet(&a, name, sizeof name, &proto, &packet_type, &hardware_type,
                                      told, &told_length),
                   PACKET_CODE);
    ck_assert_str_eq(name, "");
    ck_assert_int_eq(proto, PACKET_CODE == 0 ? 0x0800 : 0);
    ck_assert_int_eq(packet_type, PACKET_CODE == 0 ? 3 : 0);
    ck_assert_int_eq(hardware_type, PACKET_CODE == 0 ? 1 : 0);
    ck_assert_uint_eq(told_length, PACKET_CODE == 0 ? 6 : 0);
    if (PACKET_CODE == 0)
        ck_assert_mem_eq(told, hardware, sizeof hardware);
    ck_assert_code(ps_addr_packet(NULL, "", 0, 0, 0, NULL, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_packet(NULL, name, sizeof name, &proto, NULL, NULL, NULL, NULL),
                   PS_EFAULT);
}
END_TEST

START_TEST(families_everywhere_vsock)
{
    unsigned cid = 9, port = 9;
    ps_addr a;

    assert_made(ps_addr_vsock(&a, 2, 4000000000u), VSOCK_CODE, &a, "vsock:2:4000000000");
    ck_assert_code(ps_addr_get_vsock(&a, &cid, &port), VSOCK_CODE);
    ck_assert_uint_eq(cid, VSOCK_CODE == 0 ? 2 : 0);
    ck_assert_uint_eq(port, VSOCK_CODE == 0 ? 4000000000u : 0);
    ck_assert_code(ps_addr_vsock(NULL, 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_vsock(NULL, &cid, &port), PS_EFAULT);
}
END_TEST

START_TEST(families_everywhere_can)
{
    unsigned receive_id = 9, send_id = 9;
    char name[64] = "x";
    ps_addr a;

    assert_made(ps_addr_can(&a, "", 3, 4), CAN_CODE, &a, "can::3:4");
    ck_assert_code(ps_addr_get_can(&a, name, sizeof name, &receive_id, &send_id), CAN_CODE);
    ck_assert_str_eq(name, "");
    ck_assert_uint_eq(receive_id, CAN_CODE == 0 ? 3 : 0);
    ck_assert_uint_eq(send_id, CAN_CODE == 0 ? 4 : 0);
    ck_assert_code(ps_addr_can(NULL, "", 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_can(NULL, name, sizeof name, &receive_id, &send_id), PS_EFAULT);
}
END_TEST

/* A number that no system has a family for, and so a socket of one that is missing. */
/* Rows: R042. */
START_TEST(families_everywhere_no_socket_of_none)
{
    ps_sock s, pair[2];

    ck_assert_code(ps_socket(&s, 251, SOCK_STREAM, 0), PS_EAFNOSUPPORT);
    ck_assert(ps_fileno(&s) == PS_INVALID_HANDLE);
    ck_assert_code(ps_socketpair(pair, 251, SOCK_STREAM, 0),
                   test_on_windows() ? PS_EOPNOTSUPP : PS_EAFNOSUPPORT);
    ck_assert(ps_fileno(&pair[0]) == PS_INVALID_HANDLE && ps_fileno(&pair[1]) == PS_INVALID_HANDLE);
}
END_TEST

void add_families_everywhere_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, families_everywhere_netlink);
    ADD_TEST_CASE(suite, families_everywhere_tipc);
    ADD_TEST_CASE(suite, families_everywhere_packet);
    ADD_TEST_CASE(suite, families_everywhere_vsock);
    ADD_TEST_CASE(suite, families_everywhere_can);
    ADD_TEST_CASE(suite, families_everywhere_no_socket_of_none);
}
