#include "config.h"

#include "common/poller/poller.h"

#include "common/wait/readiness.h"

#include <stdlib.h>

/* Each wait passes all sockets to ps__sys_wait. So it costs as much as ps_poll, and a change ends
 * every wait in progress. */

void ps__fallback_changed(ps_poller *p)
{
    if (!p->system)
        ps__interrupt(p);
}

static int reserve(ps__fallback *f, size_t capacity)
{
    ps__wait_entry *entries;
    uint64_t *keys;

    if (capacity <= f->capacity)
        return 0;
    entries = realloc(f->entries, capacity * sizeof *entries);
    if (!entries)
        return PS_ENOMEM;
    f->entries = entries;
    keys = realloc(f->keys, capacity * sizeof *keys);
    if (!keys)
        return PS_ENOMEM;
    f->keys = keys;
    f->capacity = capacity;
    return 0;
}

static void add_sockets(const ps_poller *p, ps__fallback *f)
{
    for (uint32_t i = 0; i < p->used; i++) {
        const ps__registration *r = ps__at(p, i);

        if (!r->sock || r->flags & PS__IS_SPENT)
            continue;
        f->keys[f->count] = ps__key_of(p, r);
        f->entries[f->count++] =
            (ps__wait_entry){.handle = r->sock->handle,
                             .events = (short)ps__wanted_events(r->sock, ps__events_of(r))};
    }
    f->sockets = f->count;
}

/* A fire whose sockets were queued would end every wait. */
static bool is_new(const ps__watched_token *w)
{
    return !ps__is_fire(w->seen) || ps__cancel_changes(w->token) != w->seen;
}

static void add_tokens(const ps_poller *p, ps__fallback *f)
{
    for (uint32_t i = 0; i < p->token_count; i++) {
        if (p->tokens[i].users > 0 && is_new(&p->tokens[i]))
            f->entries[f->count++] = ps__wait_entry_of_token(p->tokens[i].token);
    }
}

static void keep(ps_poller *p, ps__fallback *f)
{
    ps__fallback other = p->spare;

    p->spare = *f;
    free(other.entries);
    free(other.keys);
}

int ps__fallback_begin(ps_poller *p, ps__fallback *f, ps_cancel *token)
{
    *f = p->spare;
    p->spare = (ps__fallback){0};
    if (reserve(f, (size_t)p->used + p->token_count + 2) != 0) {
        keep(p, f);
        return PS_ENOMEM;
    }
    f->count = 0;
    f->epoch = p->epoch;
    add_sockets(p, f);
    add_tokens(p, f);
    f->entries[f->count++] =
        (ps__wait_entry){.handle = p->interrupt.wait_handle, .events = PS__NOTIFIED};
    if (token)
        f->entries[f->count++] = ps__wait_entry_of_token(token);
    return 0;
}

int ps__fallback_wait(const ps__fallback *f, int64_t nanoseconds)
{
    return ps__sys_wait(f->entries, f->count, nanoseconds);
}

static void note_end(ps_poller *p, const ps__fallback *f)
{
    if (f->epoch != p->epoch)
        p->old--;
    if (p->old != 0)
        return;
    ps__sys_notifier_clear(&p->interrupt);
    ps__release_unused_tokens(p);
}

/* Some systems (select on Windows) report a failed attempt until a call has found it, and then
 * nothing of a socket that is not connected: the frontend has to look. */
static uint32_t with_spent(int ready)
{
    bool is_usual = (ready & ~(PS__READABLE | PS__WRITABLE | PS__URGENT)) == 0;

    return (uint32_t)ready | (is_usual ? 0 : PS__SPENT);
}

/* Each wait begins behind the socket with which the last one has ended, so that each has its
 * turn. */
static int read_sockets(ps_poller *p, const ps__fallback *f, ps__poller_event *events, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < f->sockets && count < size; i++) {
        size_t at = (p->start + i) % f->sockets;

        if (f->entries[at].ready == 0)
            continue;
        events[count++] =
            (ps__poller_event){.key = f->keys[at], .ready = with_spent(f->entries[at].ready)};
        if (count == size)
            p->start = at + 1;
    }
    return (int)count;
}

static bool is_canceled(const ps__fallback *f)
{
    const ps__wait_entry *last = &f->entries[f->count - 1];

    return last->token && last->ready != 0;
}

int ps__fallback_end(ps_poller *p, ps__fallback *f, int ready, ps__poller_event *events,
                     size_t size)
{
    note_end(p, f);
    if (ready > 0)
        ready = is_canceled(f) ? PS_ECANCELED : read_sockets(p, f, events, size);
    keep(p, f);
    return ready;
}
