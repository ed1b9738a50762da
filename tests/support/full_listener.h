/* A listener whose queue is full, so that a further attempt stays under way (AF_UNIX: would
 * block) until there is room. */
#ifndef TESTS_SUPPORT_FULL_LISTENER_H
#define TESTS_SUPPORT_FULL_LISTENER_H

#include "test.h"

enum { QUEUED_MAX = 64 };

typedef struct full_listener {
    ps_sock socket;
    ps_addr address;
    ps_sock queued[QUEUED_MAX];
    int count;
} full_listener;

/* On loopback. Ends the test as skipped where the system refuses further attempts. */
full_listener full_listener_open(void);

/* At an address of AF_INET or AF_UNIX. False: the system refuses further attempts, as real
 * Windows does. */
bool full_listener_open_at(full_listener *f, const ps_addr *address);

/* Makes room for one attempt more, or for as many as the queue takes. */
void full_listener_accept(full_listener *f);
void full_listener_accept_all(full_listener *f);

void full_listener_close(full_listener *f);

#endif
