/* Time, and the ends of a program that cannot go on. */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <time.h>
#endif

char buffer[LARGE];

static double started, processor_started;

void require(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "%s failed\n", what);
        exit(1);
    }
}

void not_offered(void)
{
    exit(77);
}

#ifdef _WIN32
double clock_now(void)
{
    LARGE_INTEGER frequency, count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return (double)count.QuadPart * 1e9 / (double)frequency.QuadPart;
}

static double nanoseconds(FILETIME t)
{
    return 100 * ((double)t.dwHighDateTime * 4294967296.0 + (double)t.dwLowDateTime);
}

double processor_now(void)
{
    FILETIME made, ended, kernel, user;

    GetProcessTimes(GetCurrentProcess(), &made, &ended, &kernel, &user);
    return nanoseconds(kernel) + nanoseconds(user);
}
#else
static double read_clock(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

double clock_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double processor_now(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
#endif

void begin(void)
{
    processor_started = processor_now();
    started = clock_now();
}

void end(long operations)
{
    double time = clock_now() - started, processor = processor_now() - processor_started;

    printf("%.2f %.2f\n", time / (double)operations, processor / (double)operations);
}
