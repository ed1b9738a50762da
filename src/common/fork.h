/* What a fork changes. A process that fork has made has this library's state as it was, and none
 * of the threads that were in calls. */
#ifndef PS_FORK_H
#define PS_FORK_H

#include "common/compiler.h"

#include <stdatomic.h>

/* 0 until it is first asked for; then it changes in each process that is made by fork. */
extern HIDDEN _Atomic(unsigned short) ps__current_generation;

unsigned short ps__first_generation(void);

/* The same as ps__generation, where it has been asked for before: some socket is there. */
static inline unsigned short ps__known_generation(void)
{
    return atomic_load_explicit(&ps__current_generation, memory_order_relaxed);
}

/* Distinguishes a process from the one that forked it: the numbers differ, and are not 0. */
static inline unsigned short ps__generation(void)
{
    unsigned short generation = ps__known_generation();

    return UNLIKELY(generation == 0) ? ps__first_generation() : generation;
}

#endif
