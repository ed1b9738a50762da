#include "wait.h"
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

struct timeval ps__select_time(int64_t nanoseconds)
{
    int64_t microseconds = rounded_up(at_most_longest(nanoseconds), 1000);
    struct timeval time = {.tv_sec = (long)(microseconds / 1000000), .tv_usec = (long)(microseconds % 1000000)};

    return time;
}

/* A set of at most two sockets. FD_ZERO and FD_SET would go through the whole set. */
static void add(fd_set *set, ps_handle h)
{
    set->fd_array[set->fd_count++] = h;
}

static bool has(const fd_set *set, ps_handle h)
{
    return (set->fd_count > 0 && set->fd_array[0] == h) || (set->fd_count > 1 && set->fd_array[1] == h);
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

static int sleep_only(int64_t nanoseconds)
{
    Sleep((DWORD)rounded_up(at_most_longest(nanoseconds), 1000000));
    return 0;
}

int ps__sys_wait(ps_handle h, int events, ps_handle wake, int64_t nanoseconds)
{
    fd_set readable, writable, failed;
    struct timeval time = ps__select_time(nanoseconds);
    int ready;

    if (h == PS_INVALID_HANDLE && wake == PS_INVALID_HANDLE)
        return sleep_only(nanoseconds);
    readable.fd_count = writable.fd_count = failed.fd_count = 0;
    if (h != PS_INVALID_HANDLE && events & PS__READABLE)
        add(&readable, h);
    if (h != PS_INVALID_HANDLE && events & (PS__WRITABLE | PS__CONNECTED))
        add(&writable, h);
    if (h != PS_INVALID_HANDLE && events & PS__CONNECTED)
        add(&failed, h);
    if (wake != PS_INVALID_HANDLE)
        add(&readable, wake);
    if (select(0, &readable, &writable, &failed, nanoseconds == PS__FOREVER ? NULL : &time) < 0)
        return ps__last_error(h);
    ready = ready_events(events, has(&readable, h), writable.fd_count != 0, failed.fd_count != 0);
    if (wake != PS_INVALID_HANDLE && has(&readable, wake))
        ready |= PS__WOKEN;
    return ready;
}

int64_t ps__sys_own_timeout(ps_handle h, int events)
{
    DWORD milliseconds = 0;
    int size = sizeof milliseconds;
    int name = events == PS__READABLE ? SO_RCVTIMEO : SO_SNDTIMEO;

    if (getsockopt(h, SOL_SOCKET, name, (char *)&milliseconds, &size) != 0 || milliseconds == 0)
        return PS__FOREVER;
    return (int64_t)milliseconds * 1000000;
}
