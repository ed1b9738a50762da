#include "script.h"

#define START SECONDS(1000)

static int64_t now = START;
static unsigned reads;

int64_t ps__sys_clock(void)
{
    reads++;
    return now;
}

int64_t fake_clock(void)
{
    return now;
}

void fake_set_clock(int64_t nanoseconds)
{
    now = nanoseconds;
}

void fake_move_clock(int64_t nanoseconds)
{
    now += nanoseconds;
}

unsigned fake_clock_reads(void)
{
    return reads;
}

void fake_reset_clock(void)
{
    now = START;
    reads = 0;
}
