/* AF_CAN over a virtual bus, vcan0 (tests/guest/init). */
#include "test.h"

#include <linux/can.h>
#include <linux/can/raw.h>
#include <net/if.h>

#define PATIENCE 10.0

static void bound_to(ps_sock *s, const char *ifname)
{
    ps_addr a;

    ck_assert_ok(ps_socket(s, AF_CAN, SOCK_RAW, CAN_RAW));
    ck_assert_ok(ps_settimeout(s, PATIENCE));
    ck_assert_ok(ps_addr_can(&a, ifname, 0, 0));
    ck_assert_ok(ps_bind(s, &a));
}

START_TEST(can_frames_over_a_bus)
{
    struct can_frame frame = {.can_id = 0x123, .can_dlc = 3, .data = {1, 2, 3}}, got;
    char ifname[IF_NAMESIZE];
    ps_sock one, other;
    ps_addr own, from;

    bound_to(&one, "vcan0");
    bound_to(&other, "");
    ck_assert_ok(ps_getsockname(&one, &own));
    ck_assert_ok(ps_addr_get_can(&own, ifname, sizeof ifname, NULL, NULL));
    ck_assert_str_eq(ifname, "vcan0");
    ck_assert_int_eq(ps_send(&one, &frame, sizeof frame, 0), sizeof frame);
    ck_assert_int_eq(ps_recvfrom(&other, &got, sizeof got, 0, &from), sizeof got);
    ck_assert_uint_eq(got.can_id, 0x123);
    ck_assert_mem_eq(got.data, frame.data, 3);
    ck_assert_ok(ps_addr_get_can(&from, ifname, sizeof ifname, NULL, NULL));
    ck_assert_str_eq(ifname, "vcan0");
    ck_assert_int_eq(ps_sendto(&other, &frame, sizeof frame, 0, &from), sizeof frame);
    ck_assert_int_eq(ps_recv(&one, &got, sizeof got, 0), sizeof got);
    ps_close(&one);
    ps_close(&other);
}
END_TEST

START_TEST(can_filter_and_timeout)
{
    struct can_filter filter = {.can_id = 0x7f, .can_mask = CAN_SFF_MASK};
    struct can_frame frame = {.can_id = 0x123, .can_dlc = 0}, got;
    ps_sock one, other;

    bound_to(&one, "vcan0");
    bound_to(&other, "vcan0");
    ck_assert_ok(ps_setsockopt(&other, SOL_CAN_RAW, CAN_RAW_FILTER, &filter, sizeof filter));
    ck_assert_int_eq(ps_send(&one, &frame, sizeof frame, 0), sizeof frame);
    ck_assert_ok(ps_settimeout(&other, 0.1));
    ck_assert_code(ps_recv(&other, &got, sizeof got, 0), PS_TIMED_OUT);
    frame.can_id = 0x7f;
    ck_assert_ok(ps_settimeout(&other, PATIENCE));
    ck_assert_int_eq(ps_send(&one, &frame, sizeof frame, 0), sizeof frame);
    ck_assert_int_eq(ps_recv(&other, &got, sizeof got, 0), sizeof got);
    ps_close(&one);
    ps_close(&other);
}
END_TEST

void add_can_guest_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, can_frames_over_a_bus);
    ADD_TEST_CASE(suite, can_filter_and_timeout);
}
