#include "deadline.h"

#include "backend.h"

bool ps__timeout_valid(double seconds)
{
    return seconds >= 0;
}

int64_t ps__timeout_nanoseconds(double seconds)
{
    double exact = seconds * 1e9;
    int64_t whole;

    if (!(exact < 9.2e18))
        return PS__FOREVER;
    whole = (int64_t)exact;
    return (double)whole < exact ? whole + 1 : whole;
}

ps__deadline ps__deadline_after(double seconds)
{
    ps__deadline deadline = {ps__timeout_nanoseconds(seconds)};
    int64_t now;

    if (deadline.at != PS__FOREVER) {
        now = ps__sys_clock();
        deadline.at = now < PS__FOREVER - deadline.at ? now + deadline.at : PS__FOREVER;
    }
    return deadline;
}

int64_t ps__deadline_left(const ps__deadline *deadline)
{
    int64_t now;

    if (deadline->at == PS__FOREVER)
        return PS__FOREVER;
    now = ps__sys_clock();
    return now < deadline->at ? deadline->at - now : 0;
}
