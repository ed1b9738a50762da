/* Accepting inside a call that has entered the listener. */
#ifndef PS_ACCEPT_H
#define PS_ACCEPT_H

#include "common/wait/wait.h"

/* As ps_accept, with a limit instead of the listener's; NULL: the listener's. *conn is a closed
 * socket. */
int ps__accept_within(ps_sock *s, ps_sock *conn, ps_addr *peer, const ps__limit *limit);

#endif
