#include "config.h"

#include "win32/handle.h"

#include <stdlib.h>

/*
 * select, not WSAPoll: before Windows 10 2004 WSAPoll never reports that a connection has failed,
 * and it has other words for the end of a stream. FD_SETSIZE is no limit: select takes a set of
 * any size, which is a count and the handles.
 */

/* As many fit on the stack: what ps_poll has on its own. */
enum { ENTRIES_ON_STACK = 260 };

/* The longest single wait: what every version of Windows can count. The frontend waits again. */
#define LONGEST_WAIT (INT64_C(24) * 60 * 60 * 1000000000)

/* ---- time ------------------------------------------------------------------------------------ */

static int64_t rounded_up(int64_t nanoseconds, int64_t unit)
{
    return nanoseconds / unit + (nanoseconds % unit != 0);
}

static int64_t at_most_longest(int64_t nanoseconds)
{
    return nanoseconds < LONGEST_WAIT ? nanoseconds : LONGEST_WAIT;
}

static struct timeval select_time(int64_t nanoseconds)
{
    int64_t microseconds = rounded_up(at_most_longest(nanoseconds), 1000);
    struct timeval time = {.tv_sec = (long)(microseconds / 1000000),
                           .tv_usec = (long)(microseconds % 1000000)};

    return time;
}

/* select refuses to wait for nothing. */
static int sleep_only(int64_t nanoseconds)
{
    Sleep((DWORD)rounded_up(at_most_longest(nanoseconds), 1000000));
    return 0;
}

/* ---- the sets -------------------------------------------------------------------------------- */

typedef struct handle_set {
    u_int count;
    SOCKET handles[];
} handle_set;

typedef struct handle_set_space {
    u_int count;
    SOCKET handles[ENTRIES_ON_STACK];
} handle_set_space;

/* The sets of a call. */
typedef struct handle_sets {
    handle_set *readable, *writable, *failed;
} handle_sets;

static int readable_events(int events)
{
    return events & PS__READABLE;
}

static int writable_events(int events)
{
    return events & (PS__WRITABLE | PS__CONNECTED);
}

static int failed_events(int events)
{
    return events & (PS__CONNECTED | PS__FAILED | PS__URGENT);
}

static void fill(handle_set *set, const ps__wait_entry *entries, size_t count,
                 int (*wanted)(int events))
{
    set->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].handle != PS_INVALID_HANDLE && wanted(entries[i].events))
            set->handles[set->count++] = entries[i].handle;
    }
}

/* Whether the set that select left has the handle. select keeps the order, so that it is the
 * next one mostly. */
static bool has(const handle_set *set, u_int *next, SOCKET handle)
{
    if (*next < set->count && set->handles[*next] == handle) {
        ++*next;
        return true;
    }
    for (u_int i = 0; i < set->count; i++) {
        if (set->handles[i] == handle)
            return true;
    }
    return false;
}

static int failed_ready(int events)
{
    if (events & (PS__CONNECTED | PS__FAILED))
        return (events & PS__CONNECTED) | PS__FAILED | PS__HUNG_UP;
    return events & PS__URGENT;
}

static int read_sets(const handle_sets *sets, ps__wait_entry *entries, size_t count)
{
    u_int readable = 0, writable = 0, failed = 0;
    int ready = 0;

    for (size_t i = 0; i < count; i++) {
        ps__wait_entry *e = &entries[i];
        int found = 0;

        e->ready = 0;
        if (e->handle == PS_INVALID_HANDLE)
            continue;
        if (readable_events(e->events) && has(sets->readable, &readable, e->handle))
            found |= PS__READABLE;
        if (writable_events(e->events) && has(sets->writable, &writable, e->handle))
            found |= writable_events(e->events);
        if (failed_events(e->events) && has(sets->failed, &failed, e->handle))
            found |= failed_ready(e->events);
        e->ready = (short)found;
        ready += found != 0;
    }
    return ready;
}

/* One handle that is no socket makes select fail for all. */
static int find_invalid(ps__wait_entry *entries, size_t count)
{
    int found = 0;

    for (size_t i = 0; i < count; i++) {
        int type, size = sizeof type;
        SOCKET h = entries[i].handle;

        entries[i].ready = 0;
        if (h != PS_INVALID_HANDLE &&
            getsockopt(h, SOL_SOCKET, SO_TYPE, (char *)&type, &size) != 0) {
            entries[i].ready = PS__INVALID;
            found++;
        }
    }
    return found;
}

/* ---- the wait -------------------------------------------------------------------------------- */

static int wait_with(const handle_sets *sets, ps__wait_entry *entries, size_t count,
                     int64_t nanoseconds)
{
    struct timeval time = select_time(nanoseconds);
    int native, found;

    fill(sets->readable, entries, count, readable_events);
    fill(sets->writable, entries, count, writable_events);
    fill(sets->failed, entries, count, failed_events);
    if (sets->readable->count + sets->writable->count + sets->failed->count == 0) {
        for (size_t i = 0; i < count; i++)
            entries[i].ready = 0;
        return sleep_only(nanoseconds);
    }
    if (select(0, (fd_set *)sets->readable, (fd_set *)sets->writable, (fd_set *)sets->failed,
               nanoseconds == PS__FOREVER ? NULL : &time) >= 0)
        return read_sets(sets, entries, count);
    native = WSAGetLastError();
    found = native == WSAENOTSOCK ? find_invalid(entries, count) : 0;
    return found > 0 ? found : ps__from_os(native);
}

static int wait_on_heap(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    size_t size = sizeof(handle_set) + count * sizeof(SOCKET);
    char *memory = malloc(3 * size);
    int ready;

    if (!memory)
        return PS_ENOMEM;
    {
        const handle_sets sets = {(handle_set *)memory, (handle_set *)(memory + size),
                                  (handle_set *)(memory + 2 * size)};
        ready = wait_with(&sets, entries, count, nanoseconds);
    }
    free(memory);
    return ready;
}

int ps__sys_wait(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    handle_set_space spaces[3];
    const handle_sets sets = {(handle_set *)&spaces[0], (handle_set *)&spaces[1],
                              (handle_set *)&spaces[2]};

    return count > ENTRIES_ON_STACK ? wait_on_heap(entries, count, nanoseconds)
                                    : wait_with(&sets, entries, count, nanoseconds);
}

static int so_timeout_name(int events)
{
    return events == PS__READABLE ? SO_RCVTIMEO : SO_SNDTIMEO;
}

int64_t ps__sys_so_timeout(ps_handle h, int events)
{
    DWORD milliseconds = 0;
    int size = sizeof milliseconds;

    if (getsockopt(h, SOL_SOCKET, so_timeout_name(events), (char *)&milliseconds, &size) != 0)
        return ps__last_error(h);
    return milliseconds != 0 ? (int64_t)milliseconds * 1000000 : PS__FOREVER;
}

int ps__sys_set_so_timeout(ps_handle h, int events, int64_t nanoseconds)
{
    int64_t whole = nanoseconds == PS__FOREVER ? 0 : rounded_up(nanoseconds, 1000000);
    DWORD milliseconds = whole < MAXDWORD ? (DWORD)whole : MAXDWORD;

    if (setsockopt(h, SOL_SOCKET, so_timeout_name(events), (const char *)&milliseconds,
                   sizeof milliseconds) != 0)
        return ps__last_error(h);
    return 0;
}

bool ps__sys_blocks(ps_handle h)
{
    (void)h;
    return false;
}
