#include "config.h"

#include "common/poller/pollers.h"

#include "common/poller/poller.h"

static ps_poller *pollers; /* under the lock of all pollers */

/* Does something to each registration of the socket, until one returns a failure. */
static int for_each_registration(const ps_sock *s, int (*work)(ps_poller *p, ps__registration *r))
{
    int code = 0;

    ps__sys_lock(NULL);
    for (ps_poller *p = pollers; p && code == 0; p = p->next) {
        ps__registration *r;

        ps__sys_lock(p->lock);
        r = ps__find_registration(p, s->handle);
        if (r)
            code = work(p, r);
        ps__sys_unlock(p->lock);
    }
    ps__sys_unlock(NULL);
    return code;
}

/* Returns a poller that has the socket, with its lock, or NULL. */
static ps_poller *lock_one_with(const ps_sock *s)
{
    ps_poller *p;

    ps__sys_lock(NULL);
    for (p = pollers; p; p = p->next) {
        ps__sys_lock(p->lock);
        if (ps__find_registration(p, s->handle))
            break;
        ps__sys_unlock(p->lock);
    }
    ps__sys_unlock(NULL);
    return p;
}

/* The lock of the list is not kept meanwhile: the system may take its time, and threads that close
 * sockets of other pollers would wait for it. */
static int forget_all(const ps_sock *s)
{
    ps_poller *p;

    while ((p = lock_one_with(s))) {
        ps__remove(p, ps__find_registration(p, s->handle));
        ps__sys_unlock(p->lock);
    }
    return 0;
}

/* A child of fork does not change what it shares with its parent: it renews the poller first. */
static int follow_token(ps_poller *p, ps__registration *r)
{
    int code = ps__is_own(p) ? 0 : ps__renew(p);

    if (code == 0)
        code = ps__follow_token(p, r);
    if (code == 0)
        ps__queue_if_known(p, r);
    return code;
}

static int follow_token_in_all(const ps_sock *s)
{
    return for_each_registration(s, follow_token);
}

static int look(ps_poller *p, ps__registration *r)
{
    ps__queue_if_known(p, r);
    return 0;
}

static int look_in_all(const ps_sock *s)
{
    return for_each_registration(s, look);
}

static const ps__poller_calls calls = {forget_all, follow_token_in_all, look_in_all};

/* ---- the list -------------------------------------------------------------------------------- */

void ps__list_poller(ps_poller *p)
{
    ps__sys_lock(NULL);
    atomic_store_explicit(&ps__pollers, &calls, memory_order_relaxed);
    p->next = pollers;
    p->link = &pollers;
    if (pollers)
        pollers->link = &p->next;
    pollers = p;
    ps__sys_unlock(NULL);
}

void ps__unlist_poller(ps_poller *p)
{
    ps__sys_lock(NULL);
    *p->link = p->next;
    if (p->next)
        p->next->link = p->link;
    ps__sys_unlock(NULL);
    ps__sys_lock(p->lock); /* a thread that closes a socket of it may have found it before */
    ps__sys_unlock(p->lock);
}
