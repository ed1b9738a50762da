/*
 * What the files of the pollers share.
 *
 * A registration is a place in a table, which the poller's lock protects like everything here. The
 * system knows it by a key: its place, and a number that changes with each registration and each
 * change of one. So an event that a wait has taken from the system before a change is recognized
 * after it, and dropped.
 *
 * The lock of the list of pollers (NULL) is taken before that of a poller.
 */
#ifndef PS_POLLER_H
#define PS_POLLER_H

#include "common/backend.h"
#include "common/wait/cancel.h"

#include "portsock/poller.h"

#include <stdatomic.h>

/* No place. */
#define PS__NOWHERE UINT32_MAX

/* ps__registration.flags */
enum {
    PS__IS_ONE_SHOT = 1,
    PS__IS_EDGE = 2,
    PS__IS_SPENT = 4, /* a one-shot registration that has been reported, and not modified since */
    PS__IS_QUEUED = 8 /* to be looked at before the next wait */
};

/* One for each socket, of which there may be many. */
typedef struct ps__registration {
    ps_sock *sock; /* NULL: a free place */
    void *data;
    int64_t deadline;        /* PS__FOREVER: none */
    uint32_t number;         /* changes with each change */
    uint32_t chain;          /* the next with the same hash, or the next free place */
    uint32_t next, previous; /* in the queue */
    uint32_t timer;          /* the place in the heap of timers, from 1 on; 0: it is not there */
    uint32_t token;          /* the place of its token, from 1 on; 0: none */
    uint32_t added;          /* its number when it was added */
    uint16_t block;          /* of the table, in which it is */
    unsigned char events;    /* in the contract's terms */
    unsigned char flags;
} ps__registration;

/* The table is in blocks of so many places, so that it grows without a copy and little is unused.
 * The first one begins small, and moves while it grows. */
enum { PS__BLOCK_PLACES = 256, PS__BLOCKS_MAX = 65536 };

/* A token that sockets have, and how many. */
typedef struct ps__watched_token {
    ps_cancel *token; /* held; NULL: a free place */
    uint32_t users;   /* 0: waits of the fallback still have it */
    unsigned seen; /* its changes when last looked at: after a fire its sockets were queued then */
    bool watched;  /* the system's object knows it */
} ps__watched_token;

/* What a wait of the fallback passes to ps__sys_wait. */
typedef struct ps__fallback {
    /* the sockets, the tokens, the poller's notifier, and the token of the wait if it has one */
    ps__wait_entry *entries;
    uint64_t *keys; /* of the sockets */
    size_t sockets, count, capacity;
    unsigned epoch; /* in which the wait has begun */
} ps__fallback;

struct ps_poller {
    ps__lock *lock;
    ps__sys_poller *system;    /* NULL: the system has none, see fallback.c */
    ps__notifier interrupt;    /* ends a wait in progress */
    atomic_bool woken;         /* by ps_poller_wake */
    unsigned short generation; /* of the process whose object `system` is */
    bool own_turn;             /* of the only space: the last turn was that of own events */
    unsigned char next_kind;   /* of own events: of which the next wait takes some first */
    ps_poller *next, **link;   /* in the list of pollers */

    ps__registration **blocks; /* the table; NULL: not there yet */
    uint32_t block_capacity;
    uint32_t capacity;     /* of the blocks that are there, in places */
    uint32_t *buckets;     /* by hash of the handle: the first place of a chain */
    uint32_t bucket_count; /* a power of 2, half of the capacity or more; 0 at first */
    uint32_t used;         /* places from here on have never been used */
    uint32_t unused;       /* the first free place of those before */
    uint32_t first, last;  /* of the queue of those to be looked at before the next wait */

    uint32_t *timers; /* a binary heap of places, the earliest deadline first */
    uint32_t timer_count, timer_capacity;

    ps__watched_token *tokens;
    uint32_t token_count;

    unsigned sleepers;  /* waits that are in the system */
    const void *keeper; /* the one of them that ends at the earliest deadline; NULL: none */
    int64_t kept;       /* that deadline */

    /* The fallback's. A notifier ends all waits; it is cleared when those have ended that were in
     * progress when it was notified. */
    ps__fallback spare; /* of the last wait, for the next */
    size_t start;       /* the socket with which it begins to look for what is ready */
    unsigned epoch;     /* counts the interrupts */
    unsigned old;       /* the waits that the last one has to end, and have not ended yet */
};

/* ---- registrations.c ------------------------------------------------------------------------- */

/* NULL: there is none. */
ps__registration *ps__find_registration(const ps_poller *p, ps_handle h);

/* A new one, which waits for nothing yet; NULL: no memory. Those that there are may move. */
ps__registration *ps__add_registration(ps_poller *p, ps_sock *s);

/* Also out of the queue, and of the timers. */
void ps__drop_registration(ps_poller *p, ps__registration *r);

void ps__free_registrations(ps_poller *p);

static inline ps__registration *ps__at(const ps_poller *p, uint32_t place)
{
    return &p->blocks[place / PS__BLOCK_PLACES][place % PS__BLOCK_PLACES];
}

static inline uint32_t ps__place_of(const ps_poller *p, const ps__registration *r)
{
    return (uint32_t)r->block * PS__BLOCK_PLACES + (uint32_t)(r - p->blocks[r->block]);
}

static inline uint64_t ps__key_of(const ps_poller *p, const ps__registration *r)
{
    return (uint64_t)r->number << 32 | ps__place_of(p, r);
}

/* Unlike the key it stays as it is until the registration is removed. */
static inline uint64_t ps__identity_of(const ps_poller *p, const ps__registration *r)
{
    return (uint64_t)r->added << 32 | ps__place_of(p, r);
}

/* What it is waited for, in the program's terms. */
static inline int ps__events_of(const ps__registration *r)
{
    int in = r->events & PS__READABLE ? POLLIN : 0;
    int out = r->events & PS__WRITABLE ? POLLOUT : 0;
    int urgent = r->events & PS__URGENT ? POLLPRI : 0;

    return in | out | urgent;
}

/* NULL: it has been removed or changed since. */
static inline ps__registration *ps__by_key(const ps_poller *p, uint64_t key)
{
    ps__registration *r = ps__at(p, (uint32_t)key);

    return r->number == key >> 32 ? r : NULL;
}

void ps__queue(ps_poller *p, ps__registration *r);
void ps__unqueue(ps_poller *p, ps__registration *r);

/* ---- timer_heap.c ---------------------------------------------------------------------------- */

/* Makes space for the timers of all registrations. PS_ENOMEM. */
int ps__reserve_timers(ps_poller *p);

/* `deadline` may be PS__FOREVER. */
void ps__set_timer(ps_poller *p, ps__registration *r, int64_t deadline);
void ps__start_timer(ps_poller *p, ps__registration *r);
void ps__stop_timer(ps_poller *p, ps__registration *r);

/* PS__FOREVER: none. */
static inline int64_t ps__earliest(const ps_poller *p)
{
    return p->timer_count > 0 ? ps__at(p, p->timers[0])->deadline : PS__FOREVER;
}

/* ---- watched_tokens.c ------------------------------------------------------------------------ */

/* The registration's token becomes that of its socket. */
int ps__follow_token(ps_poller *p, ps__registration *r);
void ps__unfollow_token(ps_poller *p, ps__registration *r);

/* Those that no socket has any more: no wait of the fallback has them either. */
void ps__release_unused_tokens(ps_poller *p);

/* The poller is closed. */
void ps__release_tokens(ps_poller *p);

/* All of them, in a new object of the system. */
int ps__watch_tokens(ps_poller *p);

/* Queues the sockets of each token that has been fired since. */
void ps__look_at_tokens(ps_poller *p);

/* Whether there is one without a notifier, which the system cannot wait for (cancel.h). */
bool ps__any_token_is_silent(const ps_poller *p);

static inline bool ps__is_token_fired(const ps_poller *p, const ps__registration *r)
{
    return r->token != 0 && ps__is_fired(p->tokens[r->token - 1].token);
}

/* ---- poller.c -------------------------------------------------------------------------------- */

/* Whether the system's object is this process's: not before ps__renew in a child of fork. */
bool ps__is_own(const ps_poller *p);

/* In a child of fork: makes an object of its own, with all registrations. */
int ps__renew(ps_poller *p);

/* The system, or the fallback, waits for the registration from now on, as it is now. */
int ps__arm(ps_poller *p, const ps__registration *r, int how);

/* What is known of its socket, as in ps_poll: in the contract's terms. */
int ps__known_of(const ps_poller *p, const ps__registration *r);

/* Queues the registration if its socket is ready in a way that the system does not report. */
void ps__queue_if_known(ps_poller *p, ps__registration *r);

/* Takes it out of the poller. */
void ps__remove(ps_poller *p, ps__registration *r);

/* Ends a wait in progress, so that a thread sees what has changed; in the fallback all of them. */
void ps__interrupt(ps_poller *p);

/* ---- fallback.c: where the system has no object that keeps sockets --------------------------- */

/* The registrations have changed. */
void ps__fallback_changed(ps_poller *p);

/* What to wait for; with `token`, which may be NULL. PS_ENOMEM. */
int ps__fallback_begin(ps_poller *p, ps__fallback *f, ps_cancel *token);

/* Waits once, without the lock. */
int ps__fallback_wait(const ps__fallback *f, int64_t nanoseconds);

/* What the wait, which has returned `ready`, has found: as ps__sys_poller_wait. */
int ps__fallback_end(ps_poller *p, ps__fallback *f, int ready, ps__poller_event *events,
                     size_t size);

#endif
