/* AF_NETLINK sockets: the kernel as a peer (rows of the reference's AF_NETLINK; netlink(7)). */
#include "test.h"

#include <linux/rtnetlink.h>
#include <net/if.h>

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 10.0

static ps_sock route_socket(ps_addr *name)
{
    ps_addr any;
    ps_sock s;

    ck_assert_ok(ps_addr_netlink(&any, 0, 0));
    ck_assert_ok(ps_socket(&s, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_bind(&s, &any));
    ck_assert_ok(ps_getsockname(&s, name));
    return s;
}

/* Asks for all interfaces. */
static void ask(ps_sock *s)
{
    struct {
        struct nlmsghdr header;
        struct ifinfomsg body;
    } request;
    ps_addr kernel;

    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_GETLINK;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.header.nlmsg_seq = 77;
    ck_assert_ok(ps_addr_netlink(&kernel, 0, 0));
    ck_assert_int_eq(ps_sendto(s, &request, sizeof request, 0, &kernel), (ptrdiff_t)sizeof request);
}

static void assert_kernel(const ps_addr *from)
{
    unsigned pid = 1, groups = 1;

    ck_assert_ok(ps_addr_get_netlink(from, &pid, &groups));
    ck_assert_uint_eq(pid, 0);
    ck_assert_uint_eq(groups, 0);
}

/* Rows: R037. Traps: NTL-1 NTL-2. Shows: NTL-2. */
START_TEST(netlink_system_chooses_a_pid)
{
    ps_addr names[2];
    ps_sock one = route_socket(&names[0]), other = route_socket(&names[1]);
    unsigned pids[2], groups = 1;
    char text[PS_ADDR_TEXT_MAX];
    ps_addr again;

    for (int i = 0; i < 2; i++) {
        ck_assert_ok(ps_addr_get_netlink(&names[i], &pids[i], &groups));
        ck_assert_uint_ne(pids[i], 0);
        ck_assert_uint_eq(groups, 0);
        ck_assert_ok(ps_addr_format(&names[i], text, sizeof text));
        ck_assert_ptr_null(strchr(text, '-'));
        ck_assert_ok(ps_addr_parse(&again, AF_NETLINK, text));
        ck_assert(ps_addr_equal(&again, &names[i]));
    }
    ck_assert_uint_ne(pids[0], pids[1]);
    /* A pid that is taken cannot be had. */
    ck_assert_ok(ps_close(&one));
    ck_assert_ok(ps_socket(&one, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
    ck_assert_code(ps_bind(&one, &names[1]), PS_EADDRINUSE);
    test_close(&one, &other);
}
END_TEST

/* Rows: R037. Traps: NTL-1. Shows: NTL-1. */
START_TEST(netlink_pid_above_the_signed_numbers)
{
    ps_addr a, name;
    unsigned pid = 0;
    ps_sock s;

    ck_assert_ok(ps_addr_netlink(&a, 0xfffffff5u, 0));
    ck_assert_ok(ps_socket(&s, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
    ck_assert_ok(ps_bind(&s, &a));
    ck_assert_ok(ps_getsockname(&s, &name));
    ck_assert_ok(ps_addr_get_netlink(&name, &pid, NULL));
    ck_assert_uint_eq(pid, 0xfffffff5u);
    ck_assert(ps_addr_equal(&a, &name));
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R037. Traps: NTL-4. Shows: NTL-4. */
START_TEST(netlink_kernel_tells_the_interfaces)
{
    static union {
        struct nlmsghdr header;
        unsigned char bytes[65536];
    } room;
    ps_addr name, from;
    ps_sock s = route_socket(&name);
    bool done = false, loopback = false;
    unsigned pid;

    ck_assert_ok(ps_addr_get_netlink(&name, &pid, NULL));
    ask(&s);
    while (!done) {
        ptrdiff_t count = ps_recvfrom(&s, room.bytes, sizeof room, 0, &from);
        size_t left, at = 0;

        ck_assert_int_gt(count, 0);
        assert_kernel(&from);
        for (left = (size_t)count; left >= sizeof room.header;) {
            struct nlmsghdr header;
            struct ifinfomsg body;
            size_t step;

            memcpy(&header, room.bytes + at, sizeof header);
            ck_assert_uint_ge(header.nlmsg_len, sizeof header);
            ck_assert_uint_le(header.nlmsg_len, left);
            ck_assert_uint_eq(header.nlmsg_seq, 77);
            ck_assert_uint_eq(header.nlmsg_pid, pid);
            if (header.nlmsg_type == NLMSG_DONE) {
                done = true;
                break;
            }
            ck_assert_uint_eq(header.nlmsg_type, RTM_NEWLINK);
            memcpy(&body, room.bytes + at + NLMSG_HDRLEN, sizeof body);
            loopback = loopback || (body.ifi_flags & IFF_LOOPBACK);
            step = NLMSG_ALIGN(header.nlmsg_len);
            step = step < left ? step : left;
            at += step;
            left -= step;
        }
    }
    ck_assert(loopback);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: NTL-3. Shows: NTL-3. */
START_TEST(netlink_short_room_is_told)
{
    char room[8];
    ps_buffer in = {room, sizeof room};
    ps_addr name, from;
    ps_sock s = route_socket(&name);
    int flags = 0;

    ask(&s);
    ck_assert_int_eq(ps_recvmsg(&s, &in, 1, NULL, NULL, NULL, 0, &flags, &from), 8);
    ck_assert_int_ne(flags & MSG_TRUNC, 0);
    assert_kernel(&from);
    ck_assert_ok(ps_close(&s));
    s = route_socket(&name);
    ask(&s);
    ck_assert_int_gt(ps_recv(&s, room, sizeof room, MSG_PEEK | MSG_TRUNC), 8);
    ck_assert_int_eq(ps_recv(&s, room, sizeof room, 0), 8);
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(netlink_nothing_asked_nothing_told)
{
    ps_addr name;
    ps_sock s = route_socket(&name);
    char byte;

    ck_assert_ok(ps_settimeout(&s, 0.1));
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(&s, 0));
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_ok(ps_close(&s));
}
END_TEST

void add_netlink_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, netlink_system_chooses_a_pid);
    ADD_TEST_CASE(suite, netlink_pid_above_the_signed_numbers);
    ADD_TEST_CASE(suite, netlink_kernel_tells_the_interfaces);
    ADD_TEST_CASE(suite, netlink_short_room_is_told);
    ADD_TEST_CASE(suite, netlink_nothing_asked_nothing_told);
}
