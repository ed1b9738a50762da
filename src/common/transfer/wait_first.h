/*
 * Receives that wait before they ask for data. Where a peer answers in turn nothing is there when a
 * receive begins: it would ask in vain, wait, and ask again. So after two receives in a row that
 * waited the next ones wait first. A receive then does not see whether it had to: one in a few
 * asks first all the same, and when that is not in vain the next ones do, too.
 */
#ifndef PS_WAIT_FIRST_H
#define PS_WAIT_FIRST_H

#include "common/compiler.h"
#include "common/socket/call.h"

#include <stdatomic.h>

/* Runs a call that receives, whose step has not run yet, to its end. */
ptrdiff_t ps__receive_to_the_end(ps__call *call);

/* A receive that asked first has received something. */
void ps__note_received(ps_sock *s, bool waited);

/* How many receives may have waited first. */
extern HIDDEN atomic_uint ps__first_waits;

#endif
