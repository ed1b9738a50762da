#include "config.h"

#include "common/poller/poller.h"

#include <stdlib.h>

/* ---- handles --------------------------------------------------------------------------------- */

static uint32_t *bucket_of(const ps_poller *p, ps_handle h)
{
    uint64_t hash = (uint64_t)h * UINT64_C(0x9e3779b97f4a7c15);

    return &p->buckets[(uint32_t)(hash >> 32) & (p->bucket_count - 1)];
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
        link = &ps__at(p, *link)->chain;
    *link = r->chain;
}

ps__registration *ps__find_registration(const ps_poller *p, ps_handle h)
{
    uint32_t place = p->bucket_count > 0 ? *bucket_of(p, h) : PS__NOWHERE;

    while (place != PS__NOWHERE && ps__at(p, place)->sock->handle != h)
        place = ps__at(p, place)->chain;
    return place != PS__NOWHERE ? ps__at(p, place) : NULL;
}

/* ---- the table ------------------------------------------------------------------------------- */

/* All places are used, so the chains are made of all of them. */
static void chain_again(ps_poller *p)
{
    for (uint32_t i = 0; i < p->bucket_count; i++)
        p->buckets[i] = PS__NOWHERE;
    for (uint32_t i = 0; i < p->used; i++)
        chain(p, ps__at(p, i));
}

static bool reserve_buckets(ps_poller *p, uint32_t capacity)
{
    enum { FIRST_BUCKETS = 8 };
    uint32_t count = p->bucket_count > 0 ? 2 * p->bucket_count : FIRST_BUCKETS;
    uint32_t *buckets;

    if (p->bucket_count >= capacity / 2)
        return true;
    buckets = realloc(p->buckets, count * sizeof *buckets);
    if (!buckets)
        return false;
    p->buckets = buckets;
    p->bucket_count = count;
    chain_again(p);
    return true;
}

static bool reserve_blocks(ps_poller *p, uint32_t count)
{
    uint32_t capacity = 2 * count - 1;
    ps__registration **blocks;

    if (count <= p->block_capacity)
        return true;
    blocks = realloc(p->blocks, capacity * sizeof(ps__registration *));
    if (!blocks)
        return false;
    for (uint32_t i = p->block_capacity; i < capacity; i++)
        blocks[i] = NULL;
    p->blocks = blocks;
    p->block_capacity = capacity;
    return true;
}

static uint32_t next_capacity(const ps_poller *p)
{
    enum { FIRST_CAPACITY = 16 };

    if (p->capacity == 0)
        return FIRST_CAPACITY;
    return p->capacity < PS__BLOCK_PLACES ? 2 * p->capacity : p->capacity + PS__BLOCK_PLACES;
}

static bool grow(ps_poller *p)
{
    uint32_t capacity = next_capacity(p);
    uint32_t last = (capacity - 1) / PS__BLOCK_PLACES;
    ps__registration *block;

    if (last == PS__BLOCKS_MAX || !reserve_buckets(p, capacity) || !reserve_blocks(p, last + 1))
        return false;
    block = realloc(p->blocks[last], (capacity - last * PS__BLOCK_PLACES) * sizeof *block);
    if (!block)
        return false;
    p->blocks[last] = block;
    p->capacity = capacity;
    return true;
}

void ps__free_registrations(ps_poller *p)
{
    for (uint32_t i = 0; i < p->block_capacity; i++)
        free(p->blocks[i]);
    free(p->blocks);
    free(p->buckets);
}

static ps__registration *take_place(ps_poller *p)
{
    ps__registration *r;

    if (p->unused != PS__NOWHERE) {
        r = ps__at(p, p->unused);
        p->unused = r->chain;
        return r;
    }
    if (p->used == p->capacity && !grow(p))
        return NULL;
    r = ps__at(p, p->used);
    r->number = 0;
    r->block = (uint16_t)(p->used++ / PS__BLOCK_PLACES);
    return r;
}

ps__registration *ps__add_registration(ps_poller *p, ps_sock *s)
{
    ps__registration *r = take_place(p);
    uint32_t number;

    if (!r)
        return NULL;
    number = r->number + 1;
    *r = (ps__registration){
        .sock = s, .deadline = PS__FOREVER, .number = number, .added = number, .block = r->block};
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
        ps__at(p, p->last)->next = place;
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
        ps__at(p, r->previous)->next = r->next;
    else
        p->first = r->next;
    if (r->next != PS__NOWHERE)
        ps__at(p, r->next)->previous = r->previous;
    else
        p->last = r->previous;
}
