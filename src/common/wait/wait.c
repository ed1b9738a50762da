#include "config.h"

#include "common/wait/wait.h"

#include "common/socket/gate.h"
#include "common/socket/shutdown.h"
#include "common/transfer/coalescing.h"
#include "common/wait/cancel.h"

ps__limit ps__limit_after(double seconds, ps_cancel *token)
{
    ps__limit limit = {.deadline = ps__deadline_after(seconds), .token = token, .waits = true};

    return limit;
}

bool ps__limit_never(const ps__limit *limit)
{
    return !limit || (ps__deadline_never(&limit->deadline) && !limit->token);
}

int ps__limit_over(ps__limit *limit)
{
    if (ps__limit_never(limit))
        return 0;
    if (ps__is_fired(limit->token))
        return PS_ECANCELED;
    return ps__deadline_left(&limit->deadline) == 0 ? PS_TIMED_OUT : 0;
}

bool ps__any_closing(const ps__wait_entry *entries, size_t count)
{
    for (const ps__wait_entry *e = entries; e < entries + count; e++) {
        if (e->sock && ps__closing(e->sock))
            return true;
    }
    return false;
}

/* Its datagrams may have come together in a call of another thread: then the system has none that
 * would wake this wait. */
static bool is_coalescing(const ps__wait_entry *e)
{
    return e->sock && e->events & PS__READABLE && ps__flags(e->sock) & PS__COALESCES;
}

static bool has_slices(const ps__wait_entry *e)
{
    return ps__is_token_silent(e->token) || is_coalescing(e) ||
           (e->sock && !(ps__sys_wake_reach(e->sock->family, e->sock->type) & PS__WAKES_WAITS));
}

static int64_t longest_wait(const ps__wait_entry *entries, size_t count, const ps__limit *limit)
{
    if (ps__is_token_silent(limit->token))
        return PS__SLICE_NANOSECONDS;
    if (limit->wakes)
        return PS__FOREVER;
    for (const ps__wait_entry *e = entries; e < entries + count; e++) {
        if (has_slices(e))
            return PS__SLICE_NANOSECONDS;
    }
    return PS__FOREVER;
}

static bool any_is_fired(const ps__wait_entry *entries, size_t count)
{
    for (const ps__wait_entry *e = entries; e < entries + count; e++) {
        if (ps__is_token_silent(e->token) && ps__is_fired(e->token))
            return true;
    }
    return false;
}

/* Nothing is ready: time or a slice of it is over, a signal has come, or the system's wait has
 * failed, as it may do for all of them when one is closed. How to go on? */
static int check_end(const ps__wait_entry *entries, size_t count, const ps__limit *limit, int code)
{
    if (ps__any_closing(entries, count))
        return PS_EBADF;
    if (ps__is_fired(limit->token))
        return PS_ECANCELED;
    return code == PS_EINTR ? ps__interrupted() : code;
}

/* The token's notifier was notified. */
static int take_token(ps_cancel *token)
{
    ps__cancel_seen(token);
    return PS_ECANCELED;
}

static size_t add_token(ps__wait_entry *entries, size_t count, ps_cancel *token)
{
    entries[count] = ps__wait_entry_of_token(token);
    return count + 1;
}

static bool is_to_receive(const ps__wait_entry *e)
{
    return e->sock && e->events & PS__READABLE;
}

static bool any_is_ended(const ps__wait_entry *entries, size_t count)
{
    for (const ps__wait_entry *e = entries; e < entries + count; e++) {
        if (is_to_receive(e) && ps__receives_are_ended(e->sock))
            return true;
    }
    return false;
}

static void count_receiving(const ps__wait_entry *entries, size_t count, int change)
{
    for (const ps__wait_entry *e = entries; e < entries + count; e++) {
        if (is_to_receive(e))
            ps__count_receiving(e->sock, change);
    }
}

/* After SHUT_RD a receive returns at once, so its socket is ready, whatever the system reported. */
static int add_ended(ps__wait_entry *entries, size_t count, size_t all, int ready)
{
    if (!any_is_ended(entries, count))
        return ready;
    for (ps__wait_entry *e = entries; ready < 0 && e < entries + all; e++)
        e->ready = 0;
    if (ready < 0)
        ready = 0;
    for (ps__wait_entry *e = entries; e < entries + count; e++) {
        if (!is_to_receive(e) || !ps__receives_are_ended(e->sock))
            continue;
        ready += e->ready == 0;
        e->ready |= PS__READABLE;
    }
    return ready;
}

/* ps_shutdown sets its flag, and then wakes waits until none is counted. So a wait is counted
 * before it reads the flag: either it sees the flag, or ps_shutdown sees the wait. */
static int wait_for_shutdown_too(ps__wait_entry *entries, size_t count, size_t all,
                                 int64_t nanoseconds)
{
    int ready;

    count_receiving(entries, count, 1);
    ready = ps__sys_wait(entries, all, any_is_ended(entries, count) ? 0 : nanoseconds);
    count_receiving(entries, count, -1);
    return add_ended(entries, count, all, ready);
}

static int wait_in_system(ps__wait_entry *entries, size_t count, size_t all, int64_t nanoseconds)
{
    return ps__sys_cannot_shut_receiving() ? wait_for_shutdown_too(entries, count, all, nanoseconds)
                                           : ps__sys_wait(entries, all, nanoseconds);
}

static bool is_buffered(const ps__wait_entry *e)
{
    return is_coalescing(e) && ps__has_buffered_datagrams(e->sock);
}

static bool any_is_buffered(const ps__wait_entry *entries, size_t count)
{
    for (const ps__wait_entry *e = entries; e < entries + count; e++) {
        if (is_buffered(e))
            return true;
    }
    return false;
}

static int add_buffered(ps__wait_entry *entries, size_t count, int ready)
{
    for (ps__wait_entry *e = entries; ready >= 0 && e < entries + count; e++) {
        if (!is_buffered(e))
            continue;
        ready += e->ready == 0;
        e->ready |= PS__READABLE;
    }
    return ready;
}

/* Where no wait has slices, no socket has datagrams that have come together. */
static int wait_once(ps__wait_entry *entries, size_t count, size_t all, int64_t nanoseconds,
                     bool in_slices)
{
    if (!in_slices)
        return wait_in_system(entries, count, all, nanoseconds);
    if (any_is_buffered(entries, count))
        nanoseconds = 0;
    return add_buffered(entries, count, wait_in_system(entries, count, all, nanoseconds));
}

/* Where ps_close wakes the wait it does so until the call has left, so that it need not be
 * looked for beforehand. */
int ps__wait(ps__wait_entry *entries, size_t count, ps__limit *limit)
{
    ps_cancel *token = limit->token;
    int64_t longest = longest_wait(entries, count, limit);
    size_t all = token ? add_token(entries, count, token) : count;
    int64_t left = ps__deadline_left(&limit->deadline);

    if (ps__is_fired(token))
        return PS_ECANCELED;
    for (;;) {
        int ready =
            wait_once(entries, count, all, left < longest ? left : longest, longest != PS__FOREVER);
        int code;

        if (ready > 0)
            return token && entries[count].ready ? take_token(token) : ready;
        code = check_end(entries, count, limit, ready);
        if (code != 0)
            return code;
        left = ps__deadline_left(&limit->deadline);
        if (left == 0 || any_is_fired(entries, count))
            return 0;
    }
}

int ps__look(ps_handle h, int events)
{
    ps__wait_entry entry = {.handle = h, .events = (short)events};
    int ready;

    do {
        ready = ps__sys_wait(&entry, 1, 0);
    } while (ready == PS_EINTR); /* a look waits for nothing, so there is nothing to interrupt */
    return ready > 0 ? entry.ready : ready;
}

void ps__sleep(int64_t nanoseconds)
{
    (void)ps__sys_wait(NULL, 0, nanoseconds);
}

void ps__sleep_longer(int64_t *pause)
{
    enum { FIRST_NANOSECONDS = 100000, LONG_ENOUGH_NANOSECONDS = 10000000 };

    if (*pause == 0)
        *pause = FIRST_NANOSECONDS;
    else if (*pause < LONG_ENOUGH_NANOSECONDS)
        *pause *= 2;
    ps__sleep(*pause);
}
