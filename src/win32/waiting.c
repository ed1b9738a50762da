#include "config.h"

#include "win32/waiting.h"

/* ---- entries --------------------------------------------------------------------------------- */

int ps__find_invalid(ps__wait_entry *entries, size_t count)
{
    int found = 0;

    for (size_t i = 0; i < count; i++) {
        int type, size = sizeof type;

        if (ps__is_socket_entry(&entries[i]) &&
            getsockopt(entries[i].handle, SOL_SOCKET, SO_TYPE, (char *)&type, &size) != 0) {
            entries[i].ready = PS__INVALID;
            found++;
        }
    }
    return found;
}

/* ---- events ---------------------------------------------------------------------------------- */

/* Auto-reset events of waits that have ended, for the next ones: a wait makes an event of its
 * own only while more threads than this wait at the same time. */
enum { SPARE_EVENTS_MAX = 32 };

static PVOID volatile spare_events[SPARE_EVENTS_MAX];

static void close_spare_events(void)
{
    for (int i = 0; i < SPARE_EVENTS_MAX; i++) {
        HANDLE event = InterlockedExchangePointer(&spare_events[i], NULL);

        if (event)
            (void)CloseHandle(event);
    }
}

static HANDLE make_event(void)
{
    static LONG volatile is_watched;

    if (!InterlockedExchange(&is_watched, 1))
        ps__sys_at_unload(close_spare_events);
    return CreateEventW(NULL, FALSE, FALSE, NULL);
}

static HANDLE take_event(void)
{
    for (int i = 0; i < SPARE_EVENTS_MAX; i++) {
        HANDLE event = spare_events[i] ? InterlockedExchangePointer(&spare_events[i], NULL) : NULL;

        if (event)
            return event;
    }
    return make_event();
}

static void put_event_back(HANDLE event)
{
    for (int i = 0; i < SPARE_EVENTS_MAX; i++) {
        if (!spare_events[i] && !InterlockedCompareExchangePointer(&spare_events[i], event, NULL))
            return;
    }
    (void)CloseHandle(event);
}

/* ---- the list -------------------------------------------------------------------------------- */

static SRWLOCK lock = SRWLOCK_INIT;
static ps__waiting *first;

int ps__waiting_begin(ps__waiting *w, const ps__wait_entry *entries, size_t count)
{
    *w = (ps__waiting){.event = take_event(), .entries = entries, .count = count};
    return w->event ? 0 : ps__from_os((int)GetLastError());
}

void ps__waiting_enlist(ps__waiting *w)
{
    AcquireSRWLockExclusive(&lock);
    w->next = first;
    w->link = &first;
    if (first)
        first->link = &w->next;
    first = w;
    ReleaseSRWLockExclusive(&lock);
}

static void remove_from_list(ps__waiting *w)
{
    AcquireSRWLockExclusive(&lock);
    *w->link = w->next;
    if (w->next)
        w->next->link = w->link;
    ReleaseSRWLockExclusive(&lock);
}

void ps__waiting_end(ps__waiting *w)
{
    if (w->link)
        remove_from_list(w);
    put_event_back(w->event);
}

void ps__waiting_begin_at(ps__waiting *w, HANDLE port, const ps__wait_entry *entry, bool is_call)
{
    *w = (ps__waiting){.port = port, .is_call = is_call, .entries = entry, .count = 1};
    ps__waiting_enlist(w);
}

void ps__waiting_end_at(ps__waiting *w)
{
    remove_from_list(w);
}

bool ps__waiting_any_is_notified_at(HANDLE port)
{
    bool notified = false;

    AcquireSRWLockShared(&lock);
    for (const ps__waiting *w = first; w && !notified; w = w->next)
        notified = w->is_call && w->port == port && ps__waiting_is_notified(w);
    ReleaseSRWLockShared(&lock);
    return notified;
}

/* From the end, where the notifiers are: ps__wait and ps_poll add them behind the sockets. */
bool ps__waiting_is_notified(const ps__waiting *w)
{
    for (size_t i = w->count; i > 0; i--) {
        if (ps__is_notified(&w->entries[i - 1]))
            return true;
    }
    return false;
}

static bool has(const ps__waiting *w, ps_handle h, bool is_notifier)
{
    for (size_t i = w->count; i > 0; i--) {
        const ps__wait_entry *e = &w->entries[i - 1];

        if (e->handle == h && (e->events == PS__NOTIFIED) == is_notifier)
            return true;
    }
    return false;
}

void ps__waiting_wake(ps_handle h, bool is_notifier)
{
    AcquireSRWLockShared(&lock);
    for (const ps__waiting *w = first; w; w = w->next) {
        if (!has(w, h, is_notifier))
            continue;
        if (w->port)
            (void)PostQueuedCompletionStatus(w->port, 0, 0, NULL);
        else
            (void)SetEvent(w->event);
    }
    ReleaseSRWLockShared(&lock);
}
