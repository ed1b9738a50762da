#include "config.h"

#include "common/wait/deadline.h"

#include "common/backend.h"

bool ps__timeout_valid(double seconds)
{
    return seconds >= 0;
}

ps__deadline ps__deadline_at(int64_t at)
{
    ps__deadline deadline = {at, PS__FOREVER};

    return deadline;
}

int64_t ps__deadline_point(double seconds)
{
    if (seconds < -9.2e9)
        return -PS__FOREVER;
    return ps__to_nanoseconds(seconds);
}

static void start_at(ps__deadline *deadline, int64_t now)
{
    deadline->at = now < PS__FOREVER - deadline->span ? now + deadline->span : PS__FOREVER;
}

void ps__deadline_start(ps__deadline *deadline)
{
    if (deadline->at == PS__NOT_STARTED)
        start_at(deadline, ps__sys_clock());
}

int64_t ps__deadline_left(ps__deadline *deadline)
{
    int64_t now;

    if (deadline->span == 0)
        return 0;
    if (deadline->at == PS__NOT_STARTED) {
        start_at(deadline, ps__sys_clock());
        return deadline->span;
    }
    if (deadline->at == PS__FOREVER)
        return PS__FOREVER;
    now = ps__sys_clock();
    return now < deadline->at ? deadline->at - now : 0;
}

ps__deadline ps__deadline_earlier(ps__deadline deadline, int64_t at)
{
    if (at == PS__FOREVER)
        return deadline;
    ps__deadline_start(&deadline);
    return deadline.at < at ? deadline : ps__deadline_at(at);
}

double ps_monotonic(void)
{
    return (double)ps__sys_clock() * 1e-9;
}
