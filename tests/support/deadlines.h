/* What the tests of deadlines share: points in time, and transfers that take their time. */
#ifndef TESTS_SUPPORT_DEADLINES_H
#define TESTS_SUPPORT_DEADLINES_H

#include "connection.h"
#include "transfers.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0
/* Soon, and yet far enough for what has to happen before. */
#define SOON 0.3
/* A double does not count nanoseconds since the machine's start. */
#define ROUNDING 1e-6

/* The timeouts that a socket may have; with the first ones calls wait. */
enum { MODES = 3, WAITING_MODES = 2 };
extern const double modes[MODES];

double after(double seconds);
void assert_reached(double deadline);
void no_deadline(ps_sock *s);

bool is_readable(ps_sock *s, double timeout);

/* Sends a text from the peer, and waits until it is there. */
void give(connection *c, const char *text);
void assert_takes(ps_sock *s, const char *text);

/* Transfers: they send until there is no more room. */
ptrdiff_t fill_by_send(ps_sock *s);
ptrdiff_t fill_by_sendall(ps_sock *s);
/* More than any system takes when somebody reads a bit. */
ptrdiff_t fill_by_sendall_of_more(ps_sock *s);

/* Answers each byte after a while, until its peer closes the connection. */
ptrdiff_t answer(ps_sock *s);
/* Sends a byte now and then, as long as that goes well. */
ptrdiff_t send_in_drips(ps_sock *s);

#endif
