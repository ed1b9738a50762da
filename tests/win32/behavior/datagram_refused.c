/* Refusals of datagrams as Windows reports them: see rules/datagram_reports.c. Wine loses them in a
 * wait. */
#include "test.h"
#include "udp_pair.h"

/* The peer's port is closed, and Windows calls that a reset. */
static void peer_is_gone(int family)
{
    udp_pair p = udp_pair_open(family);
    char byte;

    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_ok(ps_close(&p.two));
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(ps_send(&p.one, "is anybody there?", 17, 0), 17);
        ck_assert_code(ps_recv(&p.one, &byte, 1, 0), PS_ECONNREFUSED);
    }
    ck_assert_ok(ps_close(&p.one));
}

START_TEST(datagram_refused_by_the_peer)
{
    peer_is_gone(AF_INET);
}
END_TEST

START_TEST(datagram_refused_by_the_peer_over_ipv6)
{
    test_need_ipv6();
    peer_is_gone(AF_INET6);
}
END_TEST

void add_datagram_refused_tests(Suite *suite);
void add_datagram_refused_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, datagram_refused_by_the_peer);
    ADD_TEST_CASE(suite, datagram_refused_by_the_peer_over_ipv6);
}
