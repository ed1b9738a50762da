#include "config.h"

#include "capture/file/reader.h"

enum { BILLION = 1000000000 };

/* A time as seconds and nanoseconds. */
typedef struct moment {
    uint64_t seconds;
    uint64_t nanoseconds;
} moment;

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* Units of 10 to the minus N seconds. From N = 20 on there is not one second in 64 bits. */
static moment from_decimal(uint64_t units, unsigned exponent)
{
    moment m = {0, 0};
    uint64_t fraction = units;

    if (exponent < 20) {
        m.seconds = units / power_of_ten(exponent);
        fraction = units % power_of_ten(exponent);
    }
    if (exponent <= 9)
        m.nanoseconds = fraction * power_of_ten(9 - exponent);
    else if (exponent - 9 < 20)
        m.nanoseconds = fraction / power_of_ten(exponent - 9);
    return m;
}

/* Units of 2 to the minus N seconds. More than 32 bits of a fraction are below a nanosecond, and
 * would not fit. */
static moment from_binary(uint64_t units, unsigned exponent)
{
    moment m = {exponent < 64 ? units >> exponent : 0, 0};
    uint64_t fraction = exponent < 64 ? units & ((UINT64_C(1) << exponent) - 1) : units;

    if (exponent > 32) {
        fraction = exponent - 32 < 64 ? fraction >> (exponent - 32) : 0;
        exponent = 32;
    }
    m.nanoseconds = fraction * BILLION >> exponent;
    return m;
}

int64_t ps__pcapng_time(uint64_t units, uint8_t resolution, int64_t offset_seconds)
{
    moment m =
        resolution & 0x80 ? from_binary(units, resolution & 0x7f) : from_decimal(units, resolution);
    const int64_t most = INT64_MAX / BILLION - 1;
    int64_t seconds = m.seconds < (uint64_t)most ? (int64_t)m.seconds : most;

    if (offset_seconds > most - seconds)
        return INT64_MAX;
    if (offset_seconds < -most - seconds)
        return INT64_MIN;
    seconds += offset_seconds;
    return seconds * BILLION + (int64_t)m.nanoseconds;
}
