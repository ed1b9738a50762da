#include "config.h"

#include "common/socket/attached.h"

#include "common/backend.h"
#include "common/connect/judge.h"
#include "common/socket/socket.h"

#include <stdlib.h>

static struct ps__attached *make(const ps_sock *s)
{
    struct ps__attached *a = malloc(sizeof *a);

    if (!a)
        return NULL;
    atomic_init(&a->owners, 1);
    atomic_init(&a->owned, true);
    a->handle = s->handle;
    atomic_init(&a->deadlines[PS__FOR_RECEIVING], PS__FOREVER);
    atomic_init(&a->deadlines[PS__FOR_SENDING], PS__FOREVER);
    atomic_init(&a->cancel, NULL);
    atomic_init(&a->failure, NULL);
    atomic_init(&a->coalescing, NULL);
    atomic_init(&a->calls, 0);
    atomic_init(&a->judging, 0);
    atomic_init(&a->failed, 0);
    atomic_init(&a->receiving, 0);
    a->updates = 0;
    atomic_init(&a->timeout, PS_NO_TIMEOUT);
    atomic_init(&a->connection, 0);
    atomic_init(&a->flags, 0);
    atomic_init(&a->ending, 0);
    return a;
}

/* Two threads may be the first at the same time: one of the blocks becomes the socket's. */
struct ps__attached *ps__attach(ps_sock *s)
{
    struct ps__attached *there = ps__attached(s);
    struct ps__attached *made;

    if (there)
        return there;
    made = make(s);
    if (!made)
        return NULL;
    if (__atomic_compare_exchange(&s->attached, &there, &made, false, __ATOMIC_SEQ_CST,
                                  __ATOMIC_SEQ_CST))
        return made;
    free(made);
    return there;
}

/* Two threads may do this at the same time, after changes of their own: a thread that was
 * overtaken repeats it, so that the last write has seen both changes. */
void ps__attached_copy(struct ps__attached *a, ps_sock *s)
{
    unsigned number = __atomic_load_n(&a->updates, __ATOMIC_SEQ_CST);

    ps__share_failure(s, a);
    do {
        atomic_store(&a->timeout, ps__timeout(s));
        atomic_store(&a->connection, (unsigned char)ps__connection(s));
        atomic_store(&a->flags, ps__flags(s));
        (void)atomic_fetch_or(&a->ending, ps__ending(s));
    } while (!__atomic_compare_exchange_n(&a->updates, &number, number + 1, false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST));
}

void ps__attached_drop(struct ps__attached *a)
{
    if (atomic_fetch_sub(&a->owners, 1) != 1)
        return;
    if (atomic_load(&a->owned))
        ps__sys_close(a->handle);
    free(atomic_load(&a->coalescing));
    free(a);
}
