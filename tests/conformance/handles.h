/* What this process has open, so that a test sees whether a call left something behind. */
#ifndef TESTS_CONFORMANCE_HANDLES_H
#define TESTS_CONFORMANCE_HANDLES_H

#include "test.h"

/* Systems number handles from the lowest free number on. */
#define HANDLES_LOOKED_AT 4096

/* A handle is open when the system can tell of its inheritance. Windows counts in fours. */
static inline size_t open_handles(void)
{
    ps_sock s = PS_SOCK_INIT;
    size_t count = 0;
    bool inheritable;

    for (s.handle = 0; s.handle < HANDLES_LOOKED_AT; s.handle += test_on_windows() ? 4 : 1) {
        if (ps_get_inheritable(&s, &inheritable) == 0)
            count++;
    }
    return count;
}

/* Whoever leaves a handle behind has as many after as many rounds. What the first round opens
 * for good (Winsock, the resolver's), and what the system opens for itself, does not count. */
static inline void assert_leaves_no_handle(void (*round)(void))
{
    enum { ROUNDS = 8 };
    size_t before;

    round();
    before = open_handles();
    for (int i = 0; i < ROUNDS; i++)
        round();
    ck_assert_uint_lt(open_handles(), before + ROUNDS);
}

#endif
