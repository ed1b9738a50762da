#include "config.h"

#include "common/poller/poller.h"

#include "common/fork.h"
#include "common/poller/pollers.h"
#include "common/socket/gate.h"
#include "common/wait/deadline.h"
#include "common/wait/readiness.h"

#include <stdlib.h>

/* ---- the system's object --------------------------------------------------------------------- */

bool ps__is_own(const ps_poller *p)
{
    return p->generation == ps__generation();
}

void ps__interrupt(ps_poller *p)
{
    if (p->sleepers == 0)
        return;
    p->epoch++;
    p->old = p->sleepers;
    ps__sys_notify(&p->interrupt);
}

int ps__arm(ps_poller *p, const ps__registration *r, int how)
{
    if (r->flags & PS__IS_ONE_SHOT)
        how |= PS__POLLER_ONCE;
    if (r->flags & PS__IS_EDGE)
        how |= PS__POLLER_EDGE;
    if (p->system)
        return ps__sys_poller_set(p->system, ps__key_of(p, r), r->sock->handle,
                                  ps__wanted_events(r->sock, ps__events_of(r)), how);
    ps__fallback_changed(p);
    return how & PS__POLLER_EDGE ? PS_EOPNOTSUPP : 0;
}

static void disarm(ps_poller *p, const ps__registration *r)
{
    if (!p->system)
        ps__fallback_changed(p);
    else if (ps__is_own(p))
        ps__sys_poller_remove(p->system, ps__key_of(p, r), r->sock->handle);
}

static int arm_all(ps_poller *p)
{
    for (uint32_t i = 0; i < p->used; i++) {
        int code = ps__at(p, i)->sock ? ps__arm(p, ps__at(p, i), PS__POLLER_NEW) : 0;

        if (code != 0)
            return code;
    }
    return ps__watch_tokens(p);
}

static int open_system(ps_poller *p)
{
    int code = ps__sys_poller_open(&p->system);

    if (code == PS_EOPNOTSUPP) {
        p->system = NULL;
        return 0;
    }
    if (code == 0)
        code = ps__sys_poller_watch(p->system, &p->interrupt);
    return code;
}

static void close_system(ps__sys_poller *system)
{
    if (system)
        ps__sys_poller_close(system);
}

int ps__renew(ps_poller *p)
{
    ps__sys_poller *inherited = p->system;
    int code;

    ps__release_unused_tokens(p); /* the waits that had them are the parent's */
    p->system = NULL;
    code = ps__sys_notifier_renew(&p->interrupt);
    if (code == 0)
        code = open_system(p);
    if (code == 0)
        code = arm_all(p);
    if (code != 0) {
        close_system(p->system);
        p->system = inherited;
        return code;
    }
    close_system(inherited);
    p->generation = ps__generation();
    p->sleepers = p->old = 0;
    p->keeper = NULL;
    return 0;
}

/* ---- the poller ------------------------------------------------------------------------------ */

static int open_parts(ps_poller *p)
{
    int code = ps__sys_notifier_open(&p->interrupt, true);

    if (code != 0)
        return code;
    code = ps__sys_lock_open(&p->lock);
    if (code == 0)
        code = open_system(p);
    if (code == 0)
        return 0;
    close_system(p->system);
    if (p->lock)
        ps__sys_lock_close(p->lock);
    ps__sys_notifier_close(&p->interrupt);
    return code;
}

int ps_poller_open(ps_poller **poller)
{
    ps_poller *p;
    int code;

    if (!poller)
        return PS_EFAULT;
    *poller = NULL;
    p = calloc(1, sizeof *p);
    if (!p)
        return PS_ENOMEM;
    p->unused = p->first = p->last = PS__NOWHERE;
    p->generation = ps__generation();
    atomic_init(&p->woken, false);
    code = open_parts(p);
    if (code != 0) {
        free(p);
        return code;
    }
    ps__list_poller(p);
    *poller = p;
    return 0;
}

int ps_poller_close(ps_poller *p)
{
    if (!p)
        return 0;
    ps__unlist_poller(p);
    close_system(p->system);
    ps__sys_notifier_close(&p->interrupt);
    ps__sys_lock_close(p->lock);
    ps__free_registrations(p);
    free(p->timers);
    ps__release_tokens(p);
    free(p->spare.entries);
    free(p->spare.keys);
    free(p);
    return 0;
}

void ps_poller_wake(ps_poller *p)
{
    if (p && !atomic_exchange(&p->woken, true))
        ps__sys_notify(&p->interrupt);
}

/* ---- registrations --------------------------------------------------------------------------- */

int ps__known_of(const ps_poller *p, const ps__registration *r)
{
    int known = ps__known_events(r->sock, ps__events_of(r));

    return ps__is_token_fired(p, r) ? known | PS__FAILED : known;
}

void ps__queue_if_known(ps_poller *p, ps__registration *r)
{
    if (ps__known_of(p, r) == 0)
        return;
    ps__queue(p, r);
    ps__interrupt(p);
}

void ps__remove(ps_poller *p, ps__registration *r)
{
    disarm(p, r);
    ps__unfollow_token(p, r);
    ps__drop_registration(p, r);
}

/* What a call asks for. */
typedef struct poller_request {
    int events;
    void *data;
    int64_t deadline;
} poller_request;

/* POLLERR and POLLHUP are reported in any case. */
static bool are_events(int events)
{
    return (events & ~(POLLIN | POLLOUT | POLLPRI | POLLERR | POLLHUP | PS_POLL_ONESHOT |
                       PS_POLL_EDGE)) == 0;
}

static void fill(ps__registration *r, const poller_request *q)
{
    r->data = q->data;
    r->events = (unsigned char)ps__plain_events(q->events);
    r->flags &= PS__IS_QUEUED;
    if (q->events & PS_POLL_ONESHOT)
        r->flags |= PS__IS_ONE_SHOT;
    if (q->events & PS_POLL_EDGE)
        r->flags |= PS__IS_EDGE;
}

static int add(ps_poller *p, ps_sock *s, const poller_request *q)
{
    ps__registration *r;
    int code;

    if (ps__find_registration(p, s->handle))
        return PS_EEXIST;
    r = ps__add_registration(p, s);
    if (!r)
        return PS_ENOMEM;
    fill(r, q);
    ps__set_flags(s, PS__IN_POLLER); /* first: a setter either sees this, or is seen */
    code = ps__follow_token(p, r);
    if (code == 0)
        code = ps__arm(p, r, PS__POLLER_NEW);
    if (code != 0) {
        ps__unfollow_token(p, r);
        ps__drop_registration(p, r);
        return code;
    }
    ps__queue_if_known(p, r);
    return 0;
}

/* A wait in progress may end too late. */
static void look_at_timers(ps_poller *p)
{
    if (ps__earliest(p) < (p->keeper ? p->kept : PS__FOREVER))
        ps__interrupt(p);
}

/* The new number makes an event that another thread has taken meanwhile one of the past. The system
 * looks again at what is there, so that nothing is lost. */
static int modify(ps_poller *p, ps_sock *s, const poller_request *q)
{
    ps__registration *r = ps__find_registration(p, s->handle);
    ps__registration before;
    int code;

    if (!r)
        return PS_ENOENT;
    before = *r;
    fill(r, q);
    r->number++;
    code = ps__arm(p, r, 0);
    if (code != 0) {
        *r = before;
        return code;
    }
    ps__start_timer(p, r);
    look_at_timers(p);
    ps__queue_if_known(p, r);
    return 0;
}

static int set_deadline(ps_poller *p, ps_sock *s, const poller_request *q)
{
    ps__registration *r = ps__find_registration(p, s->handle);

    if (!r)
        return PS_ENOENT;
    if (ps__reserve_timers(p) != 0)
        return PS_ENOMEM;
    ps__set_timer(p, r, q->deadline);
    look_at_timers(p);
    return 0;
}

static int drop(ps_poller *p, ps_sock *s, const poller_request *q)
{
    ps__registration *r = ps__find_registration(p, s->handle);

    (void)q;
    if (!r)
        return PS_ENOENT;
    ps__remove(p, r);
    return 0;
}

/* Does the work with the lock, on a socket that stays open meanwhile. Like ps_poll it writes no
 * failure record. */
static int with_socket(ps_poller *p, ps_sock *s, const poller_request *q,
                       int (*work)(ps_poller *p, ps_sock *s, const poller_request *q))
{
    int code = PS_EBADF;

    if (!p || !s)
        return PS_EFAULT;
    if (!ps__enter(s))
        return PS_EBADF;
    if (s->handle != PS_INVALID_HANDLE) {
        ps__sys_lock(p->lock);
        code = ps__is_own(p) ? 0 : ps__renew(p);
        if (code == 0)
            code = work(p, s, q);
        ps__sys_unlock(p->lock);
    }
    (void)ps__leave(s);
    return code;
}

int ps_poller_add(ps_poller *p, ps_sock *s, int events, void *data)
{
    poller_request q = {.events = events, .data = data};

    return are_events(events) ? with_socket(p, s, &q, add) : PS_EINVAL;
}

int ps_poller_modify(ps_poller *p, ps_sock *s, int events, void *data)
{
    poller_request q = {.events = events, .data = data};

    return are_events(events) ? with_socket(p, s, &q, modify) : PS_EINVAL;
}

/* NaN is neither. */
static bool is_number(double x)
{
    return x <= 0 || x >= 0;
}

int ps_poller_setdeadline(ps_poller *p, ps_sock *s, double deadline)
{
    poller_request q = {.deadline = ps__deadline_point(deadline)};

    return is_number(deadline) ? with_socket(p, s, &q, set_deadline) : PS_BAD_TIMEOUT;
}

int ps_poller_remove(ps_poller *p, ps_sock *s)
{
    return with_socket(p, s, NULL, drop);
}
