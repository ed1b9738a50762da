#include "config.h"

#include "common/wait/spare.h"

#include "common/backend.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Enough for 100,000 sockets, in each kind of list. */
enum { KEPT_AT_MOST = 8 << 20 };

typedef struct block {
    size_t size;
    max_align_t memory[];
} block;

static _Atomic(block *) kept[PS__SPARES];
static atomic_bool is_watched;

static void free_kept(void)
{
    for (int kind = 0; kind < PS__SPARES; kind++)
        free(atomic_exchange(&kept[kind], NULL));
}

/* Who comes second, in another thread, finds none. */
void *ps__spare_take(int kind, size_t size)
{
    block *b = atomic_exchange(&kept[kind], NULL);

    if (b && b->size >= size)
        return b->memory;
    free(b);
    b = malloc(sizeof *b + size);
    if (!b)
        return NULL;
    b->size = size;
    if (!atomic_exchange(&is_watched, true))
        ps__sys_at_unload(free_kept);
    return b->memory;
}

void ps__spare_give(int kind, void *memory)
{
    block *b = (block *)(void *)((char *)memory - offsetof(block, memory));

    if (b->size <= KEPT_AT_MOST)
        b = atomic_exchange(&kept[kind], b);
    free(b);
}
