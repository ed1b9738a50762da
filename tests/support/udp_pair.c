#include "udp_pair.h"

/* Long enough for loopback to bring a datagram, on a busy machine, too. */
#define PATIENCE 10.0

udp_pair udp_pair_open(int family)
{
    udp_pair p;

    test_bound(&p.one, family, SOCK_DGRAM, &p.one_address);
    test_bound(&p.two, family, SOCK_DGRAM, &p.two_address);
    ck_assert_ok(ps_settimeout(&p.one, PATIENCE));
    ck_assert_ok(ps_settimeout(&p.two, PATIENCE));
    return p;
}

void udp_pair_close(udp_pair *p)
{
    test_close(&p->one, &p->two);
}
