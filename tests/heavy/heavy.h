/* What the heavy tests share: how often, and numbers that look random and are the same in every
 * run. */
#ifndef TESTS_HEAVY_H
#define TESTS_HEAVY_H

#include "test.h"

/* Long enough for a slow machine that does many things at once. */
#define PATIENCE 15.0

/* How often a test does its work: `bounded` times, or `whole` times when PORTSOCK_HEAVY is set
 * in the environment. */
long heavy_count(long bounded, long whole);

typedef struct heavy_random {
    uint64_t state;
} heavy_random;

heavy_random heavy_random_from(uint64_t seed);

/* A number from 0 to below - 1. */
size_t heavy_random_below(heavy_random *r, size_t below);

/* Closes a connected socket so that its peer is reset. */
void heavy_reset(ps_sock *s);

#endif
