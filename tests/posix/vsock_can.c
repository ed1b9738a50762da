/* The address forms of AF_VSOCK and AF_CAN. No socket is needed for them. What a kernel does
 * with them: tests/tipc. */
#include "address_text.h"
#include "test.h"

#include <net/if.h>

START_TEST(vsock_parts_and_text)
{
    unsigned cid = 7, port = 7;
    ps_addr a;

    ck_assert_ok(ps_addr_vsock(&a, VMADDR_CID_HOST, 1024));
    ck_assert_int_eq(ps_addr_family(&a), AF_VSOCK);
    ck_assert_int_eq(a.len, sizeof(struct sockaddr_vm));
    ck_assert_ok(ps_addr_get_vsock(&a, &cid, &port));
    ck_assert_uint_eq(cid, VMADDR_CID_HOST);
    ck_assert_uint_eq(port, 1024);
    assert_address_text(&a, "vsock:2:1024");
    ck_assert_ok(ps_addr_vsock(&a, VMADDR_CID_ANY, VMADDR_PORT_ANY));
    assert_address_text(&a, "vsock:4294967295:4294967295");
    ck_assert_ok(ps_addr_get_vsock(&a, NULL, NULL));
}
END_TEST

START_TEST(vsock_bad_input)
{
    static const char *const texts[] = {
        "vsock:", "vsock:1", "vsock:1:", "vsock:1:2:3", "vsock:-1:1", "vsock:4294967296:1"};
    unsigned cid = 7, port = 7;
    ps_addr a;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_no_address(ps_addr_parse(&a, AF_VSOCK, texts[i]), PS_BAD_ADDRESS, &a);
        assert_no_address(ps_addr_parse(&a, AF_UNSPEC, texts[i]), PS_BAD_ADDRESS, &a);
    }
    ck_assert_code(ps_addr_vsock(NULL, 1, 1), PS_EFAULT);
    ck_assert_code(ps_addr_get_vsock(NULL, &cid, &port), PS_EFAULT);
    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 1));
    ck_assert_code(ps_addr_get_vsock(&a, &cid, &port), PS_BAD_FAMILY);
    ck_assert_uint_eq(cid, 0);
    ck_assert_uint_eq(port, 0);
}
END_TEST

START_TEST(can_parts_and_text)
{
    char ifname[IF_NAMESIZE];
    unsigned rx = 1, tx = 1;
    ps_addr a;

    ck_assert_ok(ps_addr_can(&a, "lo", 0x123, 0x80000456u));
    ck_assert_int_eq(ps_addr_family(&a), AF_CAN);
    ck_assert_ok(ps_addr_get_can(&a, ifname, sizeof ifname, &rx, &tx));
    ck_assert_str_eq(ifname, "lo");
    ck_assert_uint_eq(rx, 0x123);
    ck_assert_uint_eq(tx, 0x80000456u);
    assert_address_text(&a, "can:lo:291:2147484758");
    ck_assert_ok(ps_addr_can(&a, "", 0, 0));
    assert_address_text(&a, "can::0:0");
    ck_assert_ok(ps_addr_parse(&a, AF_CAN, "can:#2000000000:0:0"));
    assert_address_text(&a, "can:#2000000000:0:0");
    ck_assert_ok(ps_addr_get_can(&a, ifname, sizeof ifname, NULL, NULL));
    ck_assert_str_eq(ifname, "");
}
END_TEST

/* CAN_RAW's own addresses are as short as this. */
START_TEST(can_short_address)
{
    struct sockaddr_can native = {.can_family = AF_CAN};
    unsigned rx = 1, tx = 1;
    ps_addr a;

    memset(&native.can_addr, 0xff, sizeof native.can_addr);
    ck_assert_ok(ps_addr_from_native(&a, (struct sockaddr *)&native,
                                     offsetof(struct sockaddr_can, can_addr)));
    ck_assert_ok(ps_addr_get_can(&a, NULL, 0, &rx, &tx));
    ck_assert_uint_eq(rx, 0);
    ck_assert_uint_eq(tx, 0);
    assert_address_text(&a, "can::0:0");
    ck_assert_code(ps_addr_from_native(&a, (struct sockaddr *)&native,
                                       offsetof(struct sockaddr_can, can_addr) - 1),
                   PS_BAD_LENGTH);
}
END_TEST

START_TEST(can_bad_input)
{
    static const char *const texts[] = {"can:",         "can:lo",     "can:lo:1",
                                        "can:lo:1:2:3", "can:#x:0:0", "can:lo:4294967296:0"};
    char ifname[2], small[1];
    unsigned rx = 7;
    ps_addr a;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_no_address(ps_addr_parse(&a, AF_UNSPEC, texts[i]), PS_BAD_ADDRESS, &a);
    assert_no_address(ps_addr_parse(&a, AF_CAN, "can:nosuchinterface:0:0"), PS_ENODEV, &a);
    assert_no_address(ps_addr_can(&a, "nosuchinterface", 0, 0), PS_ENODEV, &a);
    assert_no_address(ps_addr_can(&a, NULL, 0, 0), PS_BAD_ADDRESS, &a);
    ck_assert_code(ps_addr_can(NULL, "lo", 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_can(NULL, NULL, 0, NULL, NULL), PS_EFAULT);
    ck_assert_ok(ps_addr_can(&a, "lo", 0, 0));
    ck_assert_code(ps_addr_get_can(&a, ifname, sizeof ifname, &rx, NULL), PS_BAD_LENGTH);
    ck_assert_code(ps_addr_get_can(&a, small, 0, &rx, NULL), PS_BAD_LENGTH);
    ck_assert_ok(ps_addr_netlink(&a, 0, 0));
    ck_assert_code(ps_addr_get_can(&a, ifname, sizeof ifname, &rx, NULL), PS_BAD_FAMILY);
    ck_assert_uint_eq(rx, 0);
    ck_assert_str_eq(ifname, "");
}
END_TEST

void add_vsock_can_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, vsock_parts_and_text);
    ADD_TEST_CASE(suite, vsock_bad_input);
    ADD_TEST_CASE(suite, can_parts_and_text);
    ADD_TEST_CASE(suite, can_short_address);
    ADD_TEST_CASE(suite, can_bad_input);
}
