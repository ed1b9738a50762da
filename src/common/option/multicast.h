/*
 * The interface that an IPv4 socket sends multicasts from, or is a member of a group at. Systems read the same bytes in different ways:
 * Windows takes the address 0.0.0.N for the interface with the index N, Linux has an index in a longer struct. Here both forms
 * mean the same on every system.
 */
#ifndef PS_MULTICAST_H
#define PS_MULTICAST_H

#include "common/socket/socket.h"

/* IP_MULTICAST_IF, IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP: sets one, and returns true with the result in *code; false when the bytes
 * are of another option or size, which are the system's affair. */
bool ps__multicast_set(const ps_sock *s, int level, int name, const void *value, socklen_t size, int *code);

#endif
