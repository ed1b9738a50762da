/* Where a program wants to connect or send to, as Winsock takes it. */
#ifndef PS_DESTINATION_H
#define PS_DESTINATION_H

#include "portsock.h"

/* Winsock refuses 0.0.0.0 and :: as a destination, and a datagram socket that connects there loses
 * its peer; POSIX takes them as this machine. Returns the address to pass to Winsock: *to, or the
 * loopback address of its family, written to *loopback. */
const ps_addr *ps__destination(const ps_addr *to, ps_addr *loopback);

#endif
