/*
 * The interface that an IPv4 socket sends multicasts from, or is a member of a group at. Systems
 * read the same bytes in different ways: Windows takes the address 0.0.0.N for the interface
 * with the index N, Linux has an index in a longer struct. Here both forms mean the same on
 * every system.
 */
#ifndef PS_MULTICAST_H
#define PS_MULTICAST_H

#include "common/option/table.h"

/* IP_MULTICAST_IF, IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP. Values of another size are passed
 * on to the system. */
int ps__multicast_set(ps_sock *s, const ps__option *option, const void *value, socklen_t size);

#endif
