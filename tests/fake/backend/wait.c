#include "script.h"

int ps__sys_wait(ps_handle h, int events, ps_handle wake, int64_t nanoseconds)
{
    const fake_step *step = fake_take(SYS_WAIT, h);
    int64_t expected = step->nanoseconds == FAKE_AT_ONCE ? 0 : step->nanoseconds;

    fake_same_int(step, "events", step->events, events);
    fake_same_handle(step, "woken by", step->wake, wake);
    if (nanoseconds < 0)
        fake_fail(step, "waits for %lld nanoseconds", (long long)nanoseconds);
    if (step->nanoseconds != 0 && nanoseconds != expected)
        fake_fail(step, "waits for %lld nanoseconds, expected %lld", (long long)nanoseconds, (long long)expected);
    return (int)step->result;
}

int64_t ps__sys_own_timeout(ps_handle h, int events)
{
    const fake_step *step = fake_take(SYS_OWN_TIMEOUT, h);

    fake_same_int(step, "events", step->events, events);
    return step->limit > 0 ? step->limit : PS__FOREVER;
}
