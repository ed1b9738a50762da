#include "config.h"

#include "common/socket/owner.h"

#if PS__HAVE_OWNERS

#include "common/socket/gate.h"
#include "common/wait/wait.h"

#include <stdatomic.h>

THREAD_LOCAL unsigned ps__thread = PS__NO_THREAD;

unsigned ps__last_thread;

/* Whether sockets have owners: asked for once, so that a call leaves as it has entered. */
static bool there_are_owners(void)
{
    enum { UNKNOWN, YES, NO };
    static atomic_int answer;
    int known;

    while ((known = atomic_load(&answer)) == UNKNOWN)
        (void)atomic_compare_exchange_strong(&answer, &known, ps__sys_has_barrier() ? YES : NO);
    return known == YES;
}

/* PS__NO_THREAD: none is left. */
static unsigned next_number(void)
{
    unsigned last = __atomic_load_n(&ps__last_thread, __ATOMIC_RELAXED);

    do {
        if (last == PS__NO_THREAD - 1)
            return PS__NO_THREAD;
    } while (!__atomic_compare_exchange_n(&ps__last_thread, &last, last + 1, true, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST));
    return last + 1;
}

/* A signal handler of this thread may come in between, and give it one. */
static void take_number(void)
{
    unsigned none = PS__NO_THREAD;
    unsigned number = next_number();

    (void)__atomic_compare_exchange_n(&ps__thread, &none, number, false, __ATOMIC_SEQ_CST,
                                      __ATOMIC_SEQ_CST);
}

static bool has_number(void)
{
    if (ps__thread == PS__NO_THREAD && there_are_owners())
        take_number();
    return ps__thread != PS__NO_THREAD;
}

/* Makes this thread the owner of a socket that has none. A signal handler may come in between, and
 * do that. */
static void claim(ps_sock *s)
{
    unsigned none = 0;

    if (ps__owner(s) == 0 && has_number())
        (void)__atomic_compare_exchange_n(&s->owner, &none, ps__thread, false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST);
}

bool ps__enter_slowly(ps_sock *s)
{
    claim(s);
    if (!ps__is_owner(s)) /* nor will it be, while the call is in flight */
        return ps__enter(s);
    ps__count_owned(s, 1);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&s->calls, __ATOMIC_SEQ_CST) >= 0)
        return true;
    ps__count_owned(s, -1);
    return false;
}

/* A sandbox may have forbidden the barrier since it was found to work. What a thread has written
 * is visible to the others within microseconds anyway, or when another thread runs in its place. */
static void pass_barrier(void)
{
    enum { LONG_ENOUGH_NANOSECONDS = 10000000 };

    if (ps__sys_barrier() != 0)
        ps__sleep(LONG_ENOUGH_NANOSECONDS);
}

int ps__count_owner_calls(const ps_sock *s)
{
    unsigned owner;

    if (!ps__is_owner(s))
        pass_barrier();
    owner = __atomic_load_n(&s->owner, __ATOMIC_ACQUIRE);
    return (owner & PS__OWNER_CALLS ? 1 : 0) + __atomic_load_n(&s->owned, __ATOMIC_ACQUIRE);
}

#endif
