#include "config.h"

#include "win32/select.h"

#include "common/wait/spare.h"
#include "win32/waiting.h"

/*
 * The fallback for a process that may not open the driver (afd.c). select cannot be ended early,
 * and refuses sets that mix sockets of several providers. FD_SETSIZE is no limit: a set is a count
 * and so many handles.
 */

/* The longest single wait: notifiers, ps_close and ps_shutdown do not end select, so the frontend
 * has to check for them between two waits. */
enum { SLICE_NANOSECONDS = 10000000 };

static struct timeval select_time(int64_t nanoseconds)
{
    int64_t at_most = nanoseconds < SLICE_NANOSECONDS ? nanoseconds : SLICE_NANOSECONDS;
    struct timeval time = {.tv_usec = (long)(at_most / 1000 + (at_most % 1000 != 0))};

    return time;
}

/* ---- the sets -------------------------------------------------------------------------------- */

typedef struct handle_set {
    u_int count;
    SOCKET handles[];
} handle_set;

typedef struct handle_set_space {
    u_int count;
    SOCKET handles[PS__ENTRIES_ON_STACK];
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
        if (ps__is_socket_entry(&entries[i]) && wanted(entries[i].events))
            set->handles[set->count++] = entries[i].handle;
    }
}

/* Whether the set that select returned has the handle. select keeps the order, so that it is mostly
 * the next one. */
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
        if (!ps__is_socket_entry(e))
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

/* ---- the wait -------------------------------------------------------------------------------- */

/* One select for all of the entries. */
static int select_from(const handle_sets *sets, ps__wait_entry *entries, size_t count,
                       int64_t nanoseconds)
{
    struct timeval time = select_time(nanoseconds);

    fill(sets->readable, entries, count, readable_events);
    fill(sets->writable, entries, count, writable_events);
    fill(sets->failed, entries, count, failed_events);
    if (sets->readable->count + sets->writable->count + sets->failed->count == 0)
        return 0;
    if (select(0, (fd_set *)sets->readable, (fd_set *)sets->writable, (fd_set *)sets->failed,
               &time) >= 0)
        return read_sets(sets, entries, count);
    return ps__from_os(WSAGetLastError());
}

/* Each socket by itself, after select has refused to mix several providers. */
static int look_at_each(const handle_sets *sets, ps__wait_entry *entries, size_t count)
{
    int ready = 0;

    for (size_t i = 0; i < count; i++) {
        int code = select_from(sets, &entries[i], 1, 0);

        if (code < 0)
            return code;
        ready += code;
    }
    return ready;
}

static void pause_for(int64_t nanoseconds)
{
    struct timeval time = select_time(nanoseconds);

    Sleep((DWORD)(time.tv_usec / 1000));
}

static int wait_with(const handle_sets *sets, ps__wait_entry *entries, size_t count,
                     int64_t nanoseconds)
{
    int ready = select_from(sets, entries, count, nanoseconds);

    if (ready == PS_ENOTSOCK)
        ready = ps__find_invalid(entries, count);
    else
        return ready;
    if (ready == 0)
        ready = look_at_each(sets, entries, count);
    if (ready == 0 && nanoseconds > 0)
        pause_for(nanoseconds);
    return ready;
}

static int wait_on_heap(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    size_t size = sizeof(handle_set) + count * sizeof(SOCKET);
    char *memory = ps__spare_take(PS__SPARE_OF_BACKEND, 3 * size);
    int ready;

    if (!memory)
        return PS_ENOMEM;
    {
        const handle_sets sets = {(handle_set *)memory, (handle_set *)(memory + size),
                                  (handle_set *)(memory + 2 * size)};
        ready = wait_with(&sets, entries, count, nanoseconds);
    }
    ps__spare_give(PS__SPARE_OF_BACKEND, memory);
    return ready;
}

int ps__select_wait(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    handle_set_space spaces[3];
    const handle_sets sets = {(handle_set *)&spaces[0], (handle_set *)&spaces[1],
                              (handle_set *)&spaces[2]};

    for (size_t i = 0; i < count; i++)
        entries[i].ready = 0;
    return count > PS__ENTRIES_ON_STACK ? wait_on_heap(entries, count, nanoseconds)
                                        : wait_with(&sets, entries, count, nanoseconds);
}
