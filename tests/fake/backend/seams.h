/* Included before everything else in each file of src/common that the fake is linked with: its heap is the fake's. */
#ifndef TESTS_FAKE_SEAMS_H
#define TESTS_FAKE_SEAMS_H

#include <stdlib.h>

void *fake_malloc(size_t size);
void *fake_calloc(size_t count, size_t size);
void *fake_realloc(void *memory, size_t size);
void fake_free(void *memory);

#define malloc fake_malloc
#define calloc fake_calloc
#define realloc fake_realloc
#define free fake_free

#endif
