/*
 * The owner of a socket: the thread that is the first to transfer on it. Its transfers are counted
 * apart from the other calls, without a locked instruction, which would be most of what a call
 * costs above the system's.
 *
 * The owner adds to its count and then looks whether the socket is being closed; who closes the
 * socket sets that first and then looks at the count. For one of them to see the other there must
 * be a full memory barrier in both. The owner has none: the thread that closes the socket brings
 * it about in every thread of the process (ps__sys_barrier), if it is not the owner itself.
 *
 * A socket keeps its owner until it is made anew. Without the backend's barrier it has none.
 */
#ifndef PS_OWNER_H
#define PS_OWNER_H

#include "common/backend.h"
#include "common/compiler.h"

#if PS__HAVE_OWNERS

/* ps_sock.owner is 0, or the number of a thread; and this, while a transfer of that thread is in
 * flight. Any further ones, of a signal handler, are counted in ps_sock.owned. */
#define PS__OWNER_CALLS (1U << 31)

/* The number of this thread, which no other thread of the process gets. */
#define PS__NO_THREAD (PS__OWNER_CALLS - 1) /* it has asked for none yet, or there is none left */
extern HIDDEN THREAD_LOCAL unsigned ps__thread;
extern HIDDEN unsigned ps__last_thread; /* the last that was given */

static inline unsigned ps__owner(const ps_sock *s)
{
    return __atomic_load_n(&s->owner, __ATOMIC_RELAXED);
}

/* Only for the owner. */
static inline void ps__set_owner(ps_sock *s, unsigned owner)
{
    __atomic_store_n(&s->owner, owner, __ATOMIC_RELEASE);
}

static inline int ps__owned(const ps_sock *s)
{
    return __atomic_load_n(&s->owned, __ATOMIC_RELAXED);
}

/* Whether the owner has calls in flight; certain for the owner only. */
static inline bool ps__owner_is_calling(const ps_sock *s)
{
    return ps__owner(s) & PS__OWNER_CALLS || ps__owned(s) != 0;
}

static inline bool ps__is_owner(const ps_sock *s)
{
    return (ps__owner(s) & ~PS__OWNER_CALLS) == ps__thread;
}

/* Whether this thread is the owner or there is none. */
static inline bool ps__may_be_owner(const ps_sock *s)
{
    return ps__owner(s) == 0 || ps__is_owner(s);
}

/* Only for the owner, whose signal handlers may come in between: they leave what they found. */
static inline void ps__count_owned(ps_sock *s, int change)
{
    __atomic_store_n(&s->owned, (unsigned short)(ps__owned(s) + change), __ATOMIC_RELEASE);
}

/* ps__enter_transfer where this thread may be the owner. */
bool ps__enter_slowly(ps_sock *s);

/* For ps__owner_calls, where the owner is another thread or calls. */
int ps__count_owner_calls(const ps_sock *s);

/* Whether it is certain without a barrier that the owner has no calls in flight: there is none, or
 * it is this thread. */
static inline bool ps__owner_is_idle(const ps_sock *s)
{
    unsigned owner = __atomic_load_n(&s->owner, __ATOMIC_SEQ_CST);

    return LIKELY(owner == 0 || (owner == ps__thread && ps__owned(s) == 0));
}

/* How many calls the owner has in flight. One that this does not see yet will see what this thread
 * has written before. */
static inline int ps__owner_calls(const ps_sock *s)
{
    return ps__owner_is_idle(s) ? 0 : ps__count_owner_calls(s);
}

#else

static inline bool ps__owner_is_calling(const ps_sock *s)
{
    (void)s;
    return false;
}

static inline bool ps__owner_is_idle(const ps_sock *s)
{
    (void)s;
    return true;
}

static inline int ps__owner_calls(const ps_sock *s)
{
    (void)s;
    return 0;
}

#endif

#endif
