/* The system's list of sockets that are waited for: poll, or WSAPoll. */
#ifndef BENCH_LIST_H
#define BENCH_LIST_H

#include "poller.h"

void add_to_list(ps_sock *sockets, int count);
int step_through_list(void);

/* What each step does with a socket that is ready. */
void receive_one(ps_handle handle);

#endif
