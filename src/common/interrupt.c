#include "call.h"

#include <stdatomic.h>

/* The hook and its context change together; the lock is held for two loads or stores only. */
static atomic_flag busy = ATOMIC_FLAG_INIT;
static int (*current_hook)(void *context);
static void *current_context;

static void lock(void)
{
    while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire))
        ;
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&busy, memory_order_release);
}

void ps_set_interrupt(int (*hook)(void *context), void *context)
{
    lock();
    current_hook = hook;
    current_context = context;
    unlock();
}

int ps__interrupted(void)
{
    int (*hook)(void *context);
    void *context;

    lock();
    hook = current_hook;
    context = current_context;
    unlock();
    return hook && hook(context) != 0 ? PS_EINTR : 0;
}
