/* Connecting a stream that no other thread uses yet. */
#ifndef PS_CONNECT_H
#define PS_CONNECT_H

#include "common/wait/wait.h"

/* As ps_connect of a new stream of inet or inet6, which a token may end; NULL: none does. No server
 * listens at a port to which a socket has connected itself: PS_ECONNREFUSED. */
int ps__connect_new(ps_sock *s, const ps_addr *a, ps_cancel *token);

#endif
