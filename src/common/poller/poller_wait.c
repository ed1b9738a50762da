#include "config.h"

#include "common/compiler.h"
#include "common/connect/judge.h"
#include "common/poller/poller.h"
#include "common/wait/readiness.h"
#include "common/wait/wait.h"

/* At most so many events in one wait. */
enum { EVENTS_MAX = 256 };

/* A call of ps_poller_wait. Its own events are those that the system does not report. */
typedef struct wait_call {
    ps_poller *p;
    ps_event *events;
    /* What the system finds, from the first on; and the identities of its own events, from the last
     * on in reverse order: there are as many as the program's array has space for. */
    ps__poller_event *found;
    size_t size;
    size_t count;
    size_t own;        /* the first of them */
    bool own_are_left; /* they were not looked at: it is the turn of the system's */
    ps__limit limit;
    int64_t now;         /* when it looked at the deadlines */
    int64_t nanoseconds; /* to wait */
    ps__fallback fallback;
} wait_call;

/* ---- events ---------------------------------------------------------------------------------- */

/* One event for a socket: the program may close it after the first. */
static ps_event *own_event_of(const wait_call *c, const ps_sock *s)
{
    for (size_t i = 0; i < c->own; i++) {
        if (c->events[i].sock == s)
            return &c->events[i];
    }
    return NULL;
}

static inline void spend(ps_poller *p, ps__registration *r)
{
    r->flags |= PS__IS_SPENT;
    ps__unqueue(p, r);
    ps__fallback_changed(p);
}

static inline void report(wait_call *c, ps__registration *r, int events)
{
    ps_event *own = UNLIKELY(c->own > 0) ? own_event_of(c, r->sock) : NULL;

    if (own)
        *own = (ps_event){.sock = r->sock, .data = r->data, .events = own->events | events};
    else
        c->events[c->count++] = (ps_event){.sock = r->sock, .data = r->data, .events = events};
    if (r->flags & PS__IS_ONE_SHOT)
        spend(c->p, r);
}

static void report_own(wait_call *c, ps__registration *r, int events)
{
    report(c, r, events);
    if (c->count == c->own)
        return;
    c->own = c->count;
    c->found[c->size - c->own].key = ps__identity_of(c->p, r);
}

static bool is_current(const wait_call *c, size_t i)
{
    const ps_sock *s = c->events[i].sock;
    uint64_t identity;
    const ps__registration *r;

    if (!s)
        return true;
    identity = c->found[c->size - 1 - i].key;
    r = ps__at(c->p, (uint32_t)identity);
    return r->sock == s && ps__identity_of(c->p, r) == identity;
}

/* While the wait was in the system sockets may have been removed, and registered anew. */
static NOINLINE void drop_what_is_removed(wait_call *c)
{
    size_t own = 0;

    for (size_t i = 0; i < c->own; i++) {
        if (is_current(c, i))
            c->events[own++] = c->events[i];
    }
    c->count = c->own = own;
}

/* ---- what the system does not report --------------------------------------------------------- */

static bool has_own(const ps_poller *p)
{
    return atomic_load_explicit(&p->woken, memory_order_relaxed) || p->first != PS__NOWHERE ||
           p->timer_count > 0 || p->token_count > 0;
}

/* The last space is the system's; if there is only one, they take turns. */
static size_t space_for_own(wait_call *c)
{
    if (c->size > 1)
        return c->size - 1;
    c->p->own_turn = !c->p->own_turn;
    return c->p->own_turn ? 1 : 0;
}

static void take_wake(wait_call *c, size_t space)
{
    (void)space;
    if (!atomic_exchange(&c->p->woken, false))
        return;
    c->events[c->count++] = (ps_event){.events = PS_POLL_WOKEN};
    c->own = c->count;
}

/* What is known of a socket, and what the system reports of it. */
static int with_found(const ps__registration *r, int known)
{
    int found = ps__look(r->sock->handle, ps__wanted_events(r->sock, ps__events_of(r)));

    return found > 0 ? known | found : known;
}

/* What a program asked for of what is there. */
static inline int events_of(const ps__registration *r, int ready)
{
    if (ready & PS__WRITABLE)
        ps__judge_ready(r->sock, ready | PS__CONNECTED);
    return ps__revents(ps__events_of(r), ready);
}

/* The deadline of a one-shot registration that is spent waits, too, until it is modified. A
 * deadline hides nothing that has come before it was looked at: the system would no longer be asked
 * for a one-shot registration, and may have no space for another. */
static void take_timers(wait_call *c, size_t space)
{
    ps_poller *p = c->p;

    c->now = p->timer_count > 0 ? ps__sys_clock() : 0;
    while (c->count < space && p->timer_count > 0 && ps__earliest(p) <= c->now) {
        ps__registration *r = ps__at(p, p->timers[0]);

        ps__stop_timer(p, r);
        if (r->flags & PS__IS_SPENT)
            continue;
        r->deadline = PS__FOREVER;
        report_own(c, r, PS_POLL_TIMEOUT | events_of(r, with_found(r, ps__known_of(p, r))));
    }
}

/* Of a socket in the queue nothing is known any more: it is the system that reports it. */
static int arm_again(ps_poller *p, const ps__registration *r)
{
    return ps__arm(p, r, 0) == 0 ? 0 : PS__INVALID;
}

static void look_at(wait_call *c, ps__registration *r)
{
    int ready;

    if (r->flags & PS__IS_SPENT)
        return;
    ready = ps__known_of(c->p, r);
    ready = ready != 0 ? with_found(r, ready) : arm_again(c->p, r);
    if (ready == 0)
        return;
    if (!(r->flags & PS__IS_EDGE))
        ps__queue(c->p, r);
    report_own(c, r, ps__revents(ps__events_of(r), ready));
}

/* Each that was in the queue at the beginning, once. */
static void take_queue(wait_call *c, size_t space)
{
    ps_poller *p = c->p;
    uint32_t last = p->last;
    bool more = last != PS__NOWHERE;

    while (more && c->count < space) {
        ps__registration *r = ps__at(p, p->first);

        more = p->first != last;
        ps__unqueue(p, r);
        look_at(c, r);
    }
}

/* The next wait begins behind the kind that has taken the last space, so that each has its turn. */
static void take_kinds(wait_call *c, size_t space)
{
    static void (*const kinds[])(wait_call * c, size_t space) = {take_wake, take_timers,
                                                                 take_queue};
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    unsigned first = c->p->next_kind;

    c->p->next_kind = 0;
    for (unsigned i = first; i < first + KINDS && c->count < space; i++) {
        kinds[i % KINDS](c, space);
        if (c->count == space)
            c->p->next_kind = (unsigned char)((i + 1) % KINDS);
    }
}

static void take_own(wait_call *c)
{
    size_t space = space_for_own(c);

    c->own_are_left = space == 0;
    if (space == 0)
        return;
    ps__look_at_tokens(c->p);
    take_kinds(c, space);
}

/* ---- how long to wait ------------------------------------------------------------------------ */

static int64_t earlier(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* One of the waits in progress ends at the earliest deadline of all. */
static int64_t until_deadline(wait_call *c)
{
    ps_poller *p = c->p;
    int64_t earliest = ps__earliest(p);

    if (earliest == PS__FOREVER || (p->keeper && p->kept <= earliest))
        return PS__FOREVER;
    p->keeper = c;
    p->kept = earliest;
    return earliest - c->now; /* those that were over have been taken */
}

static int64_t time_to_wait(wait_call *c, int64_t left)
{
    if (c->own > 0 || c->own_are_left)
        return 0;
    if (ps__is_token_silent(c->limit.token) || ps__any_token_is_silent(c->p))
        left = earlier(left, PS__SLICE_NANOSECONDS);
    return earlier(left, until_deadline(c));
}

/* ---- what the system reports ----------------------------------------------------------------- */

/* The rest is as in ps_poll. */
static NOINLINE int unusual(const ps_poller *p, const ps__registration *r, int ready)
{
    return ready | ps__known_of(p, r);
}

static inline void take_one(wait_call *c, ps__registration *r, uint32_t found)
{
    int ready = (int)(found & ~(uint32_t)PS__SPENT);
    int events;

    if (UNLIKELY(ready & ~(PS__READABLE | PS__WRITABLE | PS__URGENT)))
        ready = unusual(c->p, r, ready);
    events = events_of(r, ready);
    if (found & PS__SPENT)
        ps__queue(c->p, r);
    if (events != 0)
        report(c, r, events);
}

static void take_found(wait_call *c, int count)
{
    ps_poller *p = c->p;

    for (ps__poller_event *e = c->found; e < c->found + count; e++) {
        ps__registration *r;

        if (p->system && !ps__sys_poller_take(p->system, e))
            continue;
        if (UNLIKELY(e->key == PS__POLLER_NOTIFIED)) {
            ps__sys_notifier_clear(&p->interrupt);
            continue;
        }
        r = ps__by_key(p, e->key);
        if (r && !(r->flags & PS__IS_SPENT))
            take_one(c, r, e->ready);
    }
}

/* What a wait that is in the system does not see. */
static bool is_anything_left(const ps_poller *p)
{
    bool woken = atomic_load(&p->woken);
    bool queued = p->first != PS__NOWHERE;
    bool unkept = p->timer_count > 0 && !p->keeper;

    return woken | queued | unkept;
}

/* This wait is over, and may have taken what would have ended that of another. */
static void pass_on(ps_poller *p)
{
    ps__look_at_tokens(p);
    if (is_anything_left(p))
        ps__interrupt(p);
}

static int end_without_events(ps_poller *p, int code)
{
    ps__sys_lock(p->lock);
    pass_on(p);
    ps__sys_unlock(p->lock);
    return code;
}

/* ---- the wait -------------------------------------------------------------------------------- */

static int begin_with_lock(wait_call *c, int64_t left)
{
    ps_poller *p = c->p;
    int code = ps__is_own(p) ? 0 : ps__renew(p);

    if (code != 0)
        return code;
    c->own_are_left = false;
    if (UNLIKELY(has_own(p)))
        take_own(c);
    if (!p->system)
        code = ps__fallback_begin(p, &c->fallback, c->limit.token);
    if (code != 0)
        return code;
    c->nanoseconds =
        UNLIKELY(c->own > 0 || has_own(p) || c->limit.token) ? time_to_wait(c, left) : left;
    p->sleepers++;
    return 0;
}

static int begin(wait_call *c, int64_t left)
{
    int code;

    ps__sys_lock(c->p->lock);
    code = begin_with_lock(c, left);
    ps__sys_unlock(c->p->lock);
    return code;
}

static int wait_in_system(const wait_call *c)
{
    const ps_cancel *token = c->limit.token;
    const ps__notifier *notifier = token && !ps__is_token_silent(token) ? &token->notifier : NULL;

    if (!c->p->system)
        return ps__fallback_wait(&c->fallback, c->nanoseconds);
    if (c->own == c->size)
        return 0;
    return ps__sys_poller_wait(c->p->system, c->found, c->size - c->own, c->nanoseconds, notifier);
}

static int end(wait_call *c, int code)
{
    ps_poller *p = c->p;

    ps__sys_lock(p->lock);
    p->sleepers--;
    if (p->keeper == c)
        p->keeper = NULL;
    if (!p->system)
        code = ps__fallback_end(p, &c->fallback, code, c->found, c->size - c->own);
    if (UNLIKELY(c->own > 0))
        drop_what_is_removed(c);
    take_found(c, code);
    if (UNLIKELY(p->sleepers > 0 && c->count > 0))
        pass_on(p);
    ps__sys_unlock(p->lock);
    if (c->count > 0)
        return (int)c->count;
    return code < 0 ? code : 0;
}

static int wait_once(wait_call *c, int64_t left)
{
    ps__poller_event found[EVENTS_MAX];
    int code;

    c->found = found;
    code = begin(c, left);
    if (code != 0)
        return c->count > 0 ? (int)c->count : code;
    return end(c, wait_in_system(c));
}

/* Nothing is there. How to go on? */
static int check_end(const wait_call *c, int code)
{
    if (code == PS_EINTR)
        return ps__interrupted();
    if (code == PS_ECANCELED)
        ps__cancel_seen(c->limit.token);
    else if (code == 0 && ps__is_fired(c->limit.token))
        code = PS_ECANCELED;
    return code;
}

static int wait_for_events(wait_call *c)
{
    int64_t left = ps__deadline_left(&c->limit.deadline);

    for (;;) {
        int code = wait_once(c, left);

        if (code > 0)
            return code;
        code = check_end(c, code);
        left = ps__deadline_left(&c->limit.deadline);
        if (code != 0 || (left == 0 && !c->own_are_left))
            return end_without_events(c->p, code);
    }
}

int ps_poller_wait(ps_poller *p, ps_event *events, size_t n, double timeout, ps_cancel *token)
{
    wait_call c;

    if (!p || !events)
        return PS_EFAULT;
    if (n == 0)
        return PS_EINVAL;
    if (timeout == PS_DEFAULT_TIMEOUT)
        timeout = ps_getdefaulttimeout();
    if (!ps__timeout_valid(timeout))
        return PS_BAD_TIMEOUT;
    if (ps__is_fired(token))
        return PS_ECANCELED;
    c.p = p;
    c.events = events;
    c.size = n < EVENTS_MAX ? n : EVENTS_MAX;
    c.count = c.own = 0;
    c.limit = ps__limit_after(timeout, token);
    return wait_for_events(&c);
}
