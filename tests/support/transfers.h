/* Every way to receive and to send on a connected socket, one call each. */
#ifndef TESTS_SUPPORT_TRANSFERS_H
#define TESTS_SUPPORT_TRANSFERS_H

#include "test.h"

#include <stdatomic.h>

/* More than any system takes when nobody reads. */
enum { PLENTY = 24 * 1024 * 1024 };

/* What the call gives: a count or a code. */
typedef ptrdiff_t (*transfer)(ps_sock *s);

ptrdiff_t by_recv(ps_sock *s);
ptrdiff_t by_recvfrom(ps_sock *s);
ptrdiff_t by_recvmsg(ps_sock *s);
ptrdiff_t by_waitall(ps_sock *s);
ptrdiff_t by_peek(ps_sock *s);
/* Each sends one byte. */
ptrdiff_t by_send(ps_sock *s);
ptrdiff_t by_sendall(ps_sock *s);
ptrdiff_t by_sendmsg(ps_sock *s);

enum { RECEIVERS = 5, SENDERS = 3 };
extern const transfer receivers[RECEIVERS];
extern const transfer senders[SENDERS];

/* Each of them gives this, as often as it is asked. */
void assert_receives(ps_sock *s, int code);
void assert_sends(ps_sock *s, int code);

/* A transfer in a thread of its own. */
typedef struct runner {
    ps_sock *socket;
    transfer run;
    ptrdiff_t result;
    double end; /* on the clock of ps_monotonic */
    atomic_bool over;
} runner;

void run_transfer(void *argument);

#endif
