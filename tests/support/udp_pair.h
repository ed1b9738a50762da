/* Two UDP sockets over loopback that know each other's address. */
#ifndef TESTS_SUPPORT_UDP_PAIR_H
#define TESTS_SUPPORT_UDP_PAIR_H

#include "test.h"

typedef struct udp_pair {
    ps_sock one;
    ps_sock two;
    ps_addr one_address;
    ps_addr two_address;
} udp_pair;

/* They wait as long as it takes, and not for ever. */
udp_pair udp_pair_open(int family);
void udp_pair_close(udp_pair *p);

#endif
