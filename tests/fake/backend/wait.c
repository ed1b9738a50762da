#include "script.h"

static void same_time(const fake_step *step, int64_t given)
{
    int64_t expected = step->nanoseconds == FAKE_AT_ONCE ? 0 : step->nanoseconds;

    if (given < 0)
        fake_fail(step, "waits for %lld nanoseconds", (long long)given);
    if (step->nanoseconds != 0 && given != expected)
        fake_fail(step, "waits for %lld nanoseconds, expected %lld", (long long)given, (long long)expected);
}

int ps__sys_wait(ps_handle h, int events, ps_handle wake, int64_t nanoseconds)
{
    const fake_step *step = fake_take(SYS_WAIT, h);

    fake_same_int(step, "events", step->events, events);
    fake_same_handle(step, "woken by", step->wake, wake);
    same_time(step, nanoseconds);
    return (int)step->result;
}

/* The result is the step's, or else the number of entries that are ready. */
int ps__sys_wait_many(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    const fake_step *step = fake_take_free(SYS_WAIT_MANY);
    int ready = 0;

    same_time(step, nanoseconds);
    if (step->entries && count != step->entry_count)
        fake_fail(step, "waits for %d handles, expected %d", (int)count, (int)step->entry_count);
    for (size_t i = 0; i < count; i++) {
        fake_entry expected = step->entries ? step->entries[i] : (fake_entry){0, 0, 0};

        fake_same_handle(step, "on", expected.on, entries[i].handle);
        fake_same_int(step, "events", expected.events, entries[i].events);
        entries[i].ready = expected.ready;
        ready += expected.ready != 0;
    }
    return step->result != 0 ? (int)step->result : ready;
}

int64_t ps__sys_own_timeout(ps_handle h, int events)
{
    const fake_step *step = fake_take(SYS_OWN_TIMEOUT, h);

    fake_same_int(step, "events", step->events, events);
    return step->limit > 0 ? step->limit : PS__FOREVER;
}
