/* AF_NETLINK groups: what the kernel tells everybody who wants to know of links and addresses,
 * and what it does when somebody does not listen. */
/* All skipped: linux unless sys_admin */
#include "namespace.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 10.0

typedef union answer {
    struct nlmsghdr header;
    unsigned char bytes[16384];
} answer;

/* ---- helpers --------------------------------------------------------------------------------- */

/* A socket in some of the groups RTMGRP_*. */
static ps_sock route_socket(unsigned groups, ps_addr *name)
{
    unsigned told = ~0u;
    ps_addr any;
    ps_sock s;

    ck_assert_ok(ps_addr_netlink(&any, 0, groups));
    ck_assert_ok(ps_socket(&s, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_bind(&s, &any));
    ck_assert_ok(ps_getsockname(&s, name));
    ck_assert_ok(ps_addr_get_netlink(name, NULL, &told));
    ck_assert_uint_eq(told, groups);
    return s;
}

/* The next message, which the kernel has sent to a group. */
static void receive(ps_sock *s, unsigned group, answer *a)
{
    unsigned pid = 1, told = 0;
    ps_addr from;
    ptrdiff_t count = ps_recvfrom(s, a->bytes, sizeof a->bytes, 0, &from);

    ck_assert_int_ge(count, NLMSG_HDRLEN);
    ck_assert_uint_le(a->header.nlmsg_len, (size_t)count);
    ck_assert_ok(ps_addr_get_netlink(&from, &pid, &told));
    ck_assert_uint_eq(pid, 0);
    ck_assert_uint_eq(told, group);
}

/* Waits for the news that an interface is up, or is down. */
static void await_link(ps_sock *s, int index, bool up)
{
    for (;;) {
        struct ifinfomsg link;
        answer a;

        receive(s, RTMGRP_LINK, &a);
        if (a.header.nlmsg_type != RTM_NEWLINK)
            continue;
        memcpy(&link, a.bytes + NLMSG_HDRLEN, sizeof link);
        if (link.ifi_index == index && ((link.ifi_flags & IFF_UP) != 0) == up)
            return;
    }
}

/* Whether a message is of that IPv4 address. */
static bool is_of(const answer *a, const char *text)
{
    size_t at = NLMSG_SPACE(sizeof(struct ifaddrmsg));
    struct rtattr attribute;

    for (; at + sizeof attribute <= a->header.nlmsg_len; at += RTA_ALIGN(attribute.rta_len)) {
        char told[PS_HOST_MAX];

        memcpy(&attribute, a->bytes + at, sizeof attribute);
        ck_assert_uint_ge(attribute.rta_len, sizeof attribute);
        if (attribute.rta_type != IFA_LOCAL)
            continue;
        ck_assert_ok(ps_inet_ntop(AF_INET, a->bytes + at + RTA_LENGTH(0), 4, told, sizeof told));
        return strcmp(told, text) == 0;
    }
    return false;
}

/* Waits for the news of an IPv4 address; a type of RTM_NEWADDR or RTM_DELADDR. */
static void await_address(ps_sock *s, int type, const char *text)
{
    answer a;

    do {
        receive(s, RTMGRP_IPV4_IFADDR, &a);
    } while (a.header.nlmsg_type != type || !is_of(&a, text));
}

static unsigned index_of(const char *name)
{
    unsigned index = 0;

    ck_assert_ok(ps_if_nametoindex(name, &index));
    return index;
}

/* ---- news ------------------------------------------------------------------------------------ */

/* Rows: R037. */
START_TEST(netlink_group_tells_of_links)
{
    ps_addr name;
    ps_sock s;
    answer a;
    int index;

    namespace_enter();
    s = route_socket(RTMGRP_LINK, &name);
    namespace_run("ip link set lo up");
    await_link(&s, 1, true);
    namespace_run("ip link add left type veth peer name right");
    index = (int)index_of("left");
    await_link(&s, index, false);
    namespace_run("ip link set left up");
    await_link(&s, index, true);
    namespace_run("ip link set left down");
    await_link(&s, index, false);
    namespace_run("ip link del left");
    do {
        receive(&s, RTMGRP_LINK, &a);
    } while (a.header.nlmsg_type != RTM_DELLINK);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R037. */
START_TEST(netlink_group_tells_of_addresses)
{
    ps_addr name;
    ps_sock s;

    namespace_enter();
    s = route_socket(RTMGRP_IPV4_IFADDR, &name);
    namespace_run("ip link set lo up && ip addr add 192.0.2.77/32 dev lo");
    await_address(&s, RTM_NEWADDR, "192.0.2.77");
    namespace_run("ip addr del 192.0.2.77/32 dev lo");
    await_address(&s, RTM_DELADDR, "192.0.2.77");
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(netlink_other_groups_are_not_heard)
{
    ps_addr name;
    ps_sock s;
    char byte;

    namespace_enter();
    s = route_socket(RTMGRP_IPV4_IFADDR, &name);
    namespace_run("ip link add left type veth peer name right && ip link set left up");
    ck_assert_ok(ps_settimeout(&s, 0));
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- what can go wrong ----------------------------------------------------------------------- */

/* Any process that may can send to a socket as the kernel does: the address tells who it was. */
START_TEST(netlink_sender_that_is_not_the_kernel)
{
    struct nlmsghdr lie = {.nlmsg_len = sizeof lie, .nlmsg_type = RTM_DELLINK};
    ps_addr honest_name, liar_name, from;
    unsigned pid = 0, told = 0;
    ps_sock honest, liar;
    answer a;

    namespace_enter();
    honest = route_socket(RTMGRP_LINK, &honest_name);
    liar = route_socket(0, &liar_name);
    ck_assert_ok(ps_addr_get_netlink(&honest_name, &pid, NULL));
    ck_assert_ok(ps_addr_netlink(&from, pid, 0));
    ck_assert_int_eq(ps_sendto(&liar, &lie, sizeof lie, 0, &from), (ptrdiff_t)sizeof lie);
    ck_assert_int_eq(ps_recvfrom(&honest, a.bytes, sizeof a.bytes, 0, &from),
                     (ptrdiff_t)sizeof lie);
    ck_assert_ok(ps_addr_get_netlink(&from, &pid, NULL));
    ck_assert_uint_ne(pid, 0);
    ck_assert_ok(ps_addr_get_netlink(&liar_name, &told, NULL));
    ck_assert_uint_eq(pid, told);
    ck_assert(ps_addr_equal(&from, &liar_name));
    test_close(&honest, &liar);
}
END_TEST

static void set_loopback(int control, bool up)
{
    struct ifreq request = {.ifr_name = "lo"};

    request.ifr_flags = up ? IFF_UP : 0;
    ck_assert_int_eq(ioctl(control, SIOCSIFFLAGS, &request), 0);
}

/* News that find no room are lost; the socket says so once, and goes on. */
START_TEST(netlink_news_that_find_no_room)
{
    ps_sock s, control;
    ps_addr name;
    answer a;
    ptrdiff_t count;

    namespace_enter();
    s = route_socket(RTMGRP_LINK, &name);
    ck_assert_ok(ps_socket(&control, AF_INET, SOCK_DGRAM, 0));
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_RCVBUF, 1));
    for (int i = 0; i < 100; i++)
        set_loopback(ps_fileno(&control), i % 2 == 0);
    ck_assert_code(ps_recv(&s, a.bytes, sizeof a.bytes, 0), PS_ENOBUFS);
    ck_assert_ok(ps_settimeout(&s, 0));
    do {
        count = ps_recv(&s, a.bytes, sizeof a.bytes, 0);
    } while (count >= 0);
    ck_assert_code(count, PS_EWOULDBLOCK);
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_RCVBUF, 65536));
    set_loopback(ps_fileno(&control), true);
    await_link(&s, 1, true);
    test_close(&s, &control);
}
END_TEST

void add_netlink_namespace_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, netlink_group_tells_of_links);
    ADD_TEST_CASE(suite, netlink_group_tells_of_addresses);
    ADD_TEST_CASE(suite, netlink_other_groups_are_not_heard);
    ADD_TEST_CASE(suite, netlink_sender_that_is_not_the_kernel);
    ADD_TEST_CASE(suite, netlink_news_that_find_no_room);
}
