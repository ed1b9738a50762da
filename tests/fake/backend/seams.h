/* Included before everything else in each file of src/common that the fake is linked with: its
 * heap is the fake's, and its exchanges can be disturbed, which no single thread could bring
 * about. */
#ifndef TESTS_FAKE_SEAMS_H
#define TESTS_FAKE_SEAMS_H

#include "config.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

void *fake_malloc(size_t size);
void *fake_calloc(size_t count, size_t size);
void *fake_realloc(void *memory, size_t size);
void fake_free(void *memory);

#define malloc fake_malloc
#define calloc fake_calloc
#define realloc fake_realloc
#define free fake_free

bool fake_finds_taken(void);

/* An exchange that is disturbed finds another number than is expected, of whatever size. It has no
 * branch that the sources do not have. */
static inline void fake_disturb(void *expected)
{
    unsigned char *byte = expected;

    *byte = (unsigned char)(*byte + fake_finds_taken());
}

#define __atomic_compare_exchange_n(at, expected, wanted, weak, success, failure)                \
    __atomic_compare_exchange_n(at, (fake_disturb(expected), (expected)), wanted, weak, success, \
                                failure)

#endif
