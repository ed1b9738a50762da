#include "config.h"

#include "common/wait/wait.h"

#include <stdlib.h>

/*
 * The hook and its context change together, and without a lock: a lock that a stopped thread owns,
 * or that is locked at the moment of a fork, would block every other thread. So a pair, once made,
 * never changes and is never freed; the same pair set again is found again.
 */

typedef struct ps__interrupt_pair {
    int (*hook)(void *context);
    void *context;
    _Atomic(struct ps__interrupt_pair *) next;
} interrupt_pair;

/* The first few need no heap. */
enum { POOL_SIZE = 16 };

static interrupt_pair pool[POOL_SIZE];
static atomic_size_t pool_used;
static _Atomic(interrupt_pair *) pairs;
_Atomic(struct ps__interrupt_pair *) ps__current_interrupt;

static interrupt_pair *find(int (*hook)(void *context), const void *context)
{
    interrupt_pair *pair = atomic_load(&pairs);

    while (pair && (pair->hook != hook || pair->context != context))
        pair = atomic_load(&pair->next);
    return pair;
}

static interrupt_pair *make(int (*hook)(void *context), void *context)
{
    size_t used = atomic_fetch_add(&pool_used, 1);
    interrupt_pair *pair = used < POOL_SIZE ? &pool[used] : malloc(sizeof *pair);

    if (!pair)
        return NULL;
    pair->hook = hook;
    pair->context = context;
    atomic_init(&pair->next, NULL);
    /* A thread that searches in between does not see the older pairs and adds a duplicate, which
     * does no harm. */
    atomic_store(&pair->next, atomic_exchange(&pairs, pair));
    return pair;
}

int ps_set_interrupt(int (*hook)(void *context), void *context)
{
    interrupt_pair *pair = NULL;

    if (hook) {
        pair = find(hook, context);
        if (!pair)
            pair = make(hook, context);
        if (!pair)
            return PS_ENOMEM;
    }
    atomic_store(&ps__current_interrupt, pair);
    return 0;
}

int ps__interrupted(void)
{
    const interrupt_pair *pair = atomic_load(&ps__current_interrupt);

    return pair && pair->hook(pair->context) != 0 ? PS_EINTR : 0;
}
