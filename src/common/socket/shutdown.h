/* The end of a direction of a socket that stays open, and of the receives in flight. */
#ifndef PS_SHUTDOWN_H
#define PS_SHUTDOWN_H

#include "common/socket/socket.h"

/* As ps_shutdown, inside a call. */
int ps__shut_down(ps_sock *s, int how);

/* Whether the socket's SHUT_RD has ended its receives, also those in flight. The system may not
 * know of it (Winsock), or report the end to a wait and then not to the receive (Linux,
 * datagrams). */
bool ps__receives_are_ended(const ps_sock *s);

/* Where ps__sys_cannot_shut_receiving, counts the waits to receive: `change` is 1 before a wait
 * reads the flag of SHUT_RD, and -1 after the wait. ps_shutdown wakes them until none is
 * counted. */
void ps__count_receiving(const ps_sock *s, int change);

#endif
