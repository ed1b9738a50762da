#include "config.h"

#include "common/poller/poller.h"

#include <stdlib.h>

/* A binary heap: the deadline of each place is not after those of the two places behind it, from 1
 * on at twice its number and one more. */

static ps__registration *timer_at(const ps_poller *p, uint32_t at)
{
    return ps__at(p, p->timers[at - 1]);
}

static void put(ps_poller *p, uint32_t at, ps__registration *r)
{
    p->timers[at - 1] = ps__place_of(p, r);
    r->timer = at;
}

static void move_up(ps_poller *p, uint32_t at, ps__registration *r)
{
    for (; at > 1 && timer_at(p, at / 2)->deadline > r->deadline; at /= 2)
        put(p, at, timer_at(p, at / 2));
    put(p, at, r);
}

static void move_down(ps_poller *p, uint32_t at, ps__registration *r)
{
    for (uint32_t below; (below = 2 * at) <= p->timer_count; at = below) {
        if (below < p->timer_count &&
            timer_at(p, below + 1)->deadline < timer_at(p, below)->deadline)
            below++;
        if (timer_at(p, below)->deadline >= r->deadline)
            break;
        put(p, at, timer_at(p, below));
    }
    put(p, at, r);
}

int ps__reserve_timers(ps_poller *p)
{
    uint32_t capacity = p->capacity + p->capacity / 4;
    uint32_t *timers;

    if (p->timer_capacity >= p->capacity)
        return 0;
    timers = realloc(p->timers, capacity * sizeof *timers);
    if (!timers)
        return PS_ENOMEM;
    p->timers = timers;
    p->timer_capacity = capacity;
    return 0;
}

void ps__start_timer(ps_poller *p, ps__registration *r)
{
    if (r->timer == 0 && r->deadline != PS__FOREVER)
        move_up(p, ++p->timer_count, r);
}

void ps__stop_timer(ps_poller *p, ps__registration *r)
{
    uint32_t at = r->timer;
    ps__registration *last;

    if (at == 0)
        return;
    r->timer = 0;
    last = timer_at(p, p->timer_count--);
    if (last == r)
        return;
    move_down(p, at, last);
    move_up(p, last->timer, last);
}

void ps__set_timer(ps_poller *p, ps__registration *r, int64_t deadline)
{
    ps__stop_timer(p, r);
    r->deadline = deadline;
    ps__start_timer(p, r);
}
