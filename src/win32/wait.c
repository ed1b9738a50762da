#include "config.h"

#include "win32/afd.h"
#include "win32/handle.h"
#include "win32/select.h"
#include "win32/waiting.h"

/* ---- time ------------------------------------------------------------------------------------ */

/* The longest single sleep, which fits into the milliseconds of a DWORD. The frontend waits again
 * until its deadline. */
#define LONGEST_SLEEP (INT64_C(24) * 60 * 60 * 1000000000)

static int64_t rounded_up(int64_t nanoseconds, int64_t unit)
{
    return nanoseconds / unit + (nanoseconds % unit != 0);
}

static DWORD sleep_milliseconds(int64_t nanoseconds)
{
    return (DWORD)rounded_up(nanoseconds < LONGEST_SLEEP ? nanoseconds : LONGEST_SLEEP, 1000000);
}

/* ---- entries --------------------------------------------------------------------------------- */

static bool any_is_socket(const ps__wait_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ps__is_socket_entry(&entries[i]))
            return true;
    }
    return false;
}

static int mark_notified(ps__wait_entry *entries, size_t count)
{
    int notified = 0;

    for (size_t i = 0; i < count; i++) {
        if (!ps__is_notified(&entries[i]))
            continue;
        entries[i].ready = PS__NOTIFIED;
        notified++;
    }
    return notified;
}

/* ---- the wait -------------------------------------------------------------------------------- */

static int wait_for_sockets(const ps__waiting *w, ps__wait_entry *entries, size_t count,
                            int64_t nanoseconds)
{
    int ready = ps__afd_wait(w, entries, count, nanoseconds);

    return ready == PS__NO_AFD ? ps__select_wait(entries, count, nanoseconds) : ready;
}

static void wait_for_event(ps__wait_entry *entries, size_t count, int64_t nanoseconds, HANDLE event)
{
    for (size_t i = 0; i < count; i++)
        entries[i].ready = 0;
    if (nanoseconds > 0)
        (void)WaitForSingleObject(
            event, nanoseconds == PS__FOREVER ? INFINITE : sleep_milliseconds(nanoseconds));
}

/* A notifier that is notified already must not hide sockets that are ready: it only takes the time
 * from the wait for them. */
static int wait_with(const ps__waiting *w, ps__wait_entry *entries, size_t count,
                     int64_t nanoseconds)
{
    int ready = 0;

    if (ps__waiting_is_notified(w))
        nanoseconds = 0;
    if (any_is_socket(entries, count))
        ready = wait_for_sockets(w, entries, count, nanoseconds);
    else
        wait_for_event(entries, count, nanoseconds, w->event);
    return ready < 0 ? ready : ready + mark_notified(entries, count);
}

int ps__sys_wait(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    ps__waiting w;
    int ready;

    if (count == 0) {
        Sleep(sleep_milliseconds(nanoseconds));
        return 0;
    }
    ready = ps__waiting_begin(&w, entries, count);
    if (ready != 0)
        return ready;
    if (nanoseconds > 0)
        ps__waiting_enlist(&w);
    ready = wait_with(&w, entries, count, nanoseconds);
    ps__waiting_end(&w);
    return ready;
}

/* ---- the system's own timeouts --------------------------------------------------------------- */

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
