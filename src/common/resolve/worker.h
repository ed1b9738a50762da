/* The library's own threads. One of them that has done its work waits two seconds for more, and
 * then ends, so that a lookup seldom has to start a thread, and a program does not keep one. Work
 * never waits for other work: while no thread is idle a further one is started. */
#ifndef PS_WORKER_H
#define PS_WORKER_H

#include <stdbool.h>

typedef struct ps__worker {
    bool is_offered;
} ps__worker;

/* Runs `work` in a thread of the library. PS_EAGAIN when there is none to be had; PS_ENOMEM. */
int ps__worker_start(void (*work)(void *context, ps__worker *self), void *context);

/* Called by the work before its last steps, which take no time and may make another thread go on:
 * that one's next work already finds this thread idle. */
void ps__worker_is_free(ps__worker *self);

#endif
