#include "handle.h"

/*
 * select, not WSAPoll: before Windows 10 2004 WSAPoll never tells that a connection has failed.
 */

/* The longest single wait: what every version of Windows can count. The frontend waits again. */
#define LONGEST_WAIT (INT64_C(24) * 60 * 60 * 1000000000)

static int64_t rounded_up(int64_t nanoseconds, int64_t unit)
{
    return nanoseconds / unit + (nanoseconds % unit != 0);
}

static int64_t at_most_longest(int64_t nanoseconds)
{
    return nanoseconds < LONGEST_WAIT ? nanoseconds : LONGEST_WAIT;
}

static struct timeval make_timeval(int64_t nanoseconds)
{
    int64_t microseconds = rounded_up(at_most_longest(nanoseconds), 1000);
    struct timeval time = {.tv_sec = (long)(microseconds / 1000000), .tv_usec = (long)(microseconds % 1000000)};

    return time;
}

/* A set of one socket, or of none. FD_ZERO and FD_SET would go through the whole set. */
static void make_set(fd_set *set, ps_handle h, bool wanted)
{
    set->fd_count = wanted;
    set->fd_array[0] = h;
}

static int ready_events(int events, bool readable, bool writable, bool failed)
{
    int ready = 0;

    if (readable)
        ready |= PS__READABLE;
    if (writable)
        ready |= events & (PS__WRITABLE | PS__CONNECTED);
    if (failed)
        ready |= PS__CONNECTED | PS__FAILED;
    return ready;
}

int ps__sys_wait(ps_handle h, int events, int64_t nanoseconds)
{
    fd_set readable, writable, failed;
    struct timeval time = make_timeval(nanoseconds);

    if (h == PS_INVALID_HANDLE) {
        Sleep((DWORD)rounded_up(at_most_longest(nanoseconds), 1000000));
        return 0;
    }
    make_set(&readable, h, events & PS__READABLE);
    make_set(&writable, h, events & (PS__WRITABLE | PS__CONNECTED));
    make_set(&failed, h, events & PS__CONNECTED);
    if (select(0, &readable, &writable, &failed, nanoseconds == PS__FOREVER ? NULL : &time) < 0)
        return ps__last_error(h);
    return ready_events(events, readable.fd_count != 0, writable.fd_count != 0, failed.fd_count != 0);
}
