#include "config.h"

#include "common/backend.h"

int64_t ps__sys_clock(void)
{
    LARGE_INTEGER count, frequency;
    int64_t seconds, rest;

    /* Neither can fail since Windows XP, and both only read memory. */
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    seconds = count.QuadPart / frequency.QuadPart;
    rest = count.QuadPart % frequency.QuadPart;
    /* rest is below the frequency, which is below 9.2 GHz: no overflow. */
    return seconds * 1000000000 + rest * 1000000000 / frequency.QuadPart;
}
