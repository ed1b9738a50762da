#include "script.h"

void fake_same_time(const fake_step *step, int64_t given)
{
    int64_t expected = step->nanoseconds == FAKE_AT_ONCE ? 0 : step->nanoseconds;

    if (given < 0)
        fake_fail(step, "waits for %lld nanoseconds", (long long)given);
    if (step->nanoseconds != 0 && given != expected)
        fake_fail(step, "waits for %lld nanoseconds, expected %lld", (long long)given,
                  (long long)expected);
}

/* The result is the step's, or else the number of entries that are ready. */
static int wait_for_entries(const fake_step *step, ps__wait_entry *entries, size_t count)
{
    int ready = 0;

    if (step->entries && count != step->entry_count)
        fake_fail(step, "waits for %d handles, expected %d", (int)count, (int)step->entry_count);
    for (size_t i = 0; i < count; i++) {
        fake_entry expected = step->entries ? step->entries[i] : (fake_entry){0, 0, 0};

        fake_same_handle(step, "on", expected.on, entries[i].handle);
        fake_same_int(step, "events", expected.events, entries[i].events);
        entries[i].ready = (short)expected.ready;
        ready += expected.ready != 0;
    }
    return step->result != 0 ? (int)step->result : ready;
}

/* The result is what is ready at the first of them, FAKE_WOKEN for the one behind it, or a code. */
static int wait_for_one(const fake_step *step, ps__wait_entry *entries, size_t count)
{
    int result = (int)step->result;
    int ready = 0;

    fake_same_handle(step, "on", step->on, count > 0 ? entries[0].handle : PS_INVALID_HANDLE);
    fake_same_int(step, "events", step->events, count > 0 ? entries[0].events : 0);
    fake_same_handle(step, "woken by", step->wake,
                     count > 1 ? entries[1].handle : PS_INVALID_HANDLE);
    if (result < 0)
        return result;
    if (count > 0) {
        entries[0].ready = (short)(result & ~FAKE_WOKEN);
        ready += entries[0].ready != 0;
    }
    if (count > 1) {
        entries[1].ready = result & FAKE_WOKEN ? PS__NOTIFIED : 0;
        ready += entries[1].ready != 0;
    }
    return ready;
}

int ps__sys_wait(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    const fake_step *step = fake_take_free(SYS_WAIT);

    fake_same_time(step, nanoseconds);
    return step->entries ? wait_for_entries(step, entries, count)
                         : wait_for_one(step, entries, count);
}

int64_t ps__sys_so_timeout(ps_handle h, int events)
{
    const fake_step *step;

    if (h != PS_INVALID_HANDLE && !fake_is_next(SYS_SO_TIMEOUT))
        return PS__FOREVER;
    step = fake_take(SYS_SO_TIMEOUT, h);
    fake_same_int(step, "events", step->events, events);
    if (step->result != 0)
        return step->result;
    return step->limit > 0 ? step->limit : PS__FOREVER;
}

bool ps__sys_blocks(ps_handle h)
{
    const fake_step *step;

    if (h != PS_INVALID_HANDLE && !fake_is_next(SYS_BLOCKS))
        return true;
    step = fake_take(SYS_BLOCKS, h);
    return step->result != 0;
}

int ps__sys_set_so_timeout(ps_handle h, int events, int64_t nanoseconds)
{
    const fake_step *step = fake_take(SYS_SET_SO_TIMEOUT, h);

    fake_same_int(step, "events", step->events, events);
    fake_same_time(step, nanoseconds);
    return (int)step->result;
}
