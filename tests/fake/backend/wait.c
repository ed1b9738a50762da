#include "script.h"

int ps__sys_wait(ps_handle h, int events, int64_t nanoseconds)
{
    const fake_step *step = fake_take(SYS_WAIT, h);
    int64_t expected = step->nanoseconds == FAKE_AT_ONCE ? 0 : step->nanoseconds;

    fake_same_int(step, "events", step->events, events);
    if (nanoseconds < 0)
        fake_fail(step, "waits for %lld nanoseconds", (long long)nanoseconds);
    if (step->nanoseconds != 0 && nanoseconds != expected)
        fake_fail(step, "waits for %lld nanoseconds, expected %lld", (long long)nanoseconds, (long long)expected);
    return (int)step->result;
}
