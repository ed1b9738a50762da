/* Transfers inside a call that has entered the socket: they record nothing, and share a limit with
 * the call around them. */
#ifndef PS_TRANSFER_H
#define PS_TRANSFER_H

#include "common/wait/wait.h"

/* Receives up to n bytes, above 0. Returns their count, 0 at the end, or a code. */
ptrdiff_t ps__receive_within(ps_sock *s, void *buf, size_t n, ps__limit *limit);

/* Sends n bytes, and returns in *sent how many were taken, on failure too. Returns 0 or a code. */
int ps__send_all_within(ps_sock *s, const void *buf, size_t n, size_t *sent, ps__limit *limit);

#endif
