#include "config.h"

#include "common/poller/poller.h"

#include <stdlib.h>

/* ---- handles --------------------------------------------------------------------------------- */

static uint32_t *bucket_of(const ps_poller *p, ps_handle h)
{
    uint64_t hash = (uint64_t)h * UINT64_C(0x9e3779b97f4a7c15);

    return &p->buckets[(uint32_t)(hash >> 32) & (p->capacity - 1)];
}

static void chain(ps_poller *p, ps__registration *r)
{
    uint32_t *bucket = bucket_of(p, r->sock->handle);

    r->chain = *bucket;
    *bucket = ps__place_of(p, r);
}

static void unchain(ps_poller *p, const ps__registration *r)
{
    uint32_t *link = bucket_of(p, r->sock->handle);

    while (*link != ps__place_of(p, r))
        link = &p->table[*link].chain;
    *link = r->chain;
}

ps__registration *ps__find_registration(const ps_poller *p, ps_handle h)
{
    uint32_t place = p->capacity > 0 ? *bucket_of(p, h) : PS__NOWHERE;

    while (place != PS__NOWHERE && p->table[place].sock->handle != h)
        place = p->table[place].chain;
    return place != PS__NOWHERE ? &p->table[place] : NULL;
}

/* ---- the table ------------------------------------------------------------------------------- */

/* All places are used, so the chains are made of all of them. */
static void chain_again(ps_poller *p)
{
    for (uint32_t i = 0; i < p->capacity; i++)
        p->buckets[i] = PS__NOWHERE;
    for (uint32_t i = 0; i < p->used; i++)
        chain(p, &p->table[i]);
}

static bool grow(ps_poller *p)
{
    enum { FIRST_CAPACITY = 16 };
    uint32_t capacity = p->capacity > 0 ? 2 * p->capacity : FIRST_CAPACITY;
    ps__registration *table = realloc(p->table, capacity * sizeof *table);
    uint32_t *buckets;

    if (!table)
        return false;
    p->table = table;
    buckets = realloc(p->buckets, capacity * sizeof *buckets);
    if (!buckets)
        return false;
    p->buckets = buckets;
    p->capacity = capacity;
    chain_again(p);
    return true;
}

static ps__registration *take_place(ps_poller *p)
{
    ps__registration *r;

    if (p->unused != PS__NOWHERE) {
        r = &p->table[p->unused];
        p->unused = r->chain;
        return r;
    }
    if (p->used == p->capacity && !grow(p))
        return NULL;
    r = &p->table[p->used++];
    r->number = 0;
    return r;
}

ps__registration *ps__add_registration(ps_poller *p, ps_sock *s)
{
    ps__registration *r = take_place(p);
    uint32_t number;

    if (!r)
        return NULL;
    number = r->number + 1;
    *r = (ps__registration){.sock = s, .deadline = PS__FOREVER, .number = number, .added = number};
    chain(p, r);
    return r;
}

void ps__drop_registration(ps_poller *p, ps__registration *r)
{
    ps__unqueue(p, r);
    ps__stop_timer(p, r);
    unchain(p, r);
    r->sock = NULL;
    r->number++;
    r->chain = p->unused;
    p->unused = ps__place_of(p, r);
}

/* ---- the queue ------------------------------------------------------------------------------- */

void ps__queue(ps_poller *p, ps__registration *r)
{
    uint32_t place = ps__place_of(p, r);

    if (r->flags & PS__IS_QUEUED)
        return;
    r->flags |= PS__IS_QUEUED;
    r->next = PS__NOWHERE;
    r->previous = p->last;
    if (p->last != PS__NOWHERE)
        p->table[p->last].next = place;
    else
        p->first = place;
    p->last = place;
}

void ps__unqueue(ps_poller *p, ps__registration *r)
{
    if (!(r->flags & PS__IS_QUEUED))
        return;
    r->flags &= (unsigned char)~PS__IS_QUEUED;
    if (r->previous != PS__NOWHERE)
        p->table[r->previous].next = r->next;
    else
        p->first = r->next;
    if (r->next != PS__NOWHERE)
        p->table[r->next].previous = r->previous;
    else
        p->last = r->previous;
}
