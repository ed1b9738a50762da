#include "config.h"

#include "win32/afd.h"
#include "win32/waiting.h"

#include <stdlib.h>

/*
 * Each socket has one request to AFD in progress, which completes on the poller's completion port.
 * The frontend sets the socket again after the program has used it, so that it is reported as long
 * as it is ready. wepoll does the same.
 */

/* The driver looks through all requests of a handle to cancel one. */
enum { REQUESTS_PER_HANDLE = 32 };

typedef struct driver_handle {
    HANDLE handle;
    unsigned users;
    struct driver_handle *next, **link; /* those with space */
} driver_handle;

typedef struct request {
    ps__afd_request afd; /* first: the port reports its address */
    uint64_t key;
    ps_handle socket;
    driver_handle *driver;
    int events; /* as set last */
    bool in_progress;
    bool again;   /* in progress with other events: it begins again when it has completed */
    bool removed; /* it is freed when it has completed */
} request;

/* A notifier whose notification posts a packet. */
typedef struct watched_notifier {
    ps__waiting waiting;
    ps__wait_entry entry;
    struct watched_notifier *next;
} watched_notifier;

struct ps__sys_poller {
    HANDLE port;
    request **requests; /* by the low half of the key */
    uint32_t capacity;
    size_t in_progress;
    driver_handle *with_space;
    watched_notifier *notifiers;
};

/* ---- handles of the driver ------------------------------------------------------------------- */

static void list_driver(ps__sys_poller *p, driver_handle *d)
{
    d->next = p->with_space;
    d->link = &p->with_space;
    if (d->next)
        d->next->link = &d->next;
    p->with_space = d;
}

static void unlist_driver(driver_handle *d)
{
    *d->link = d->next;
    if (d->next)
        d->next->link = d->link;
}

static int open_driver(ps__sys_poller *p)
{
    driver_handle *d = malloc(sizeof *d);

    if (!d)
        return PS_ENOMEM;
    d->users = 0;
    d->handle = ps__afd_open();
    if (!d->handle) {
        free(d);
        return PS_EOPNOTSUPP;
    }
    if (!CreateIoCompletionPort(d->handle, p->port, 0, 0)) {
        (void)CloseHandle(d->handle);
        free(d);
        return PS_EOPNOTSUPP;
    }
    list_driver(p, d);
    return 0;
}

static int take_driver(ps__sys_poller *p, driver_handle **d)
{
    int code = p->with_space ? 0 : open_driver(p);

    if (code != 0)
        return code;
    *d = p->with_space;
    if (++(*d)->users == REQUESTS_PER_HANDLE)
        unlist_driver(*d);
    return 0;
}

/* One without requests is kept for the next: closing and opening them would take time. */
static void put_driver_back(ps__sys_poller *p, driver_handle *d)
{
    if (d->users-- == REQUESTS_PER_HANDLE)
        list_driver(p, d);
    if (d->users > 0 || (p->with_space == d && !d->next))
        return;
    unlist_driver(d);
    (void)CloseHandle(d->handle);
    free(d);
}

/* ---- requests -------------------------------------------------------------------------------- */

static int reserve(ps__sys_poller *p, uint32_t place)
{
    uint32_t capacity = p->capacity > 0 ? p->capacity : 16;
    request **requests;

    if (place < p->capacity)
        return 0;
    while (capacity <= place)
        capacity *= 2;
    requests = realloc(p->requests, capacity * sizeof(request *));
    if (!requests)
        return PS_ENOMEM;
    for (uint32_t i = p->capacity; i < capacity; i++)
        requests[i] = NULL;
    p->requests = requests;
    p->capacity = capacity;
    return 0;
}

static int make_request(ps__sys_poller *p, uint32_t place, ps_handle h)
{
    request *r;
    int code = reserve(p, place);

    if (code != 0)
        return code;
    r = calloc(1, sizeof *r);
    if (!r)
        return PS_ENOMEM;
    code = take_driver(p, &r->driver);
    if (code != 0) {
        free(r);
        return code;
    }
    r->socket = h;
    p->requests[place] = r;
    return 0;
}

static void free_request(ps__sys_poller *p, request *r)
{
    put_driver_back(p, r->driver);
    free(r);
}

static int begin(ps__sys_poller *p, request *r)
{
    int code = ps__afd_begin(r->driver->handle, &r->afd, r->socket, r->events);

    r->again = false;
    if (code != 0)
        return code;
    r->in_progress = true;
    p->in_progress++;
    return 0;
}

/* What is in progress for the same events finds what is set now. */
static int begin_or_change(ps__sys_poller *p, request *r, int events)
{
    r->events = events;
    if (!r->in_progress)
        return begin(p, r);
    if (r->afd.events == events)
        return 0;
    r->again = true;
    ps__afd_cancel(r->driver->handle, &r->afd);
    return 0;
}

int ps__sys_poller_set(ps__sys_poller *p, uint64_t key, ps_handle h, int events, int how)
{
    uint32_t place = (uint32_t)key;
    int code;

    if (how & PS__POLLER_EDGE)
        return PS_EOPNOTSUPP;
    code = how & PS__POLLER_NEW ? make_request(p, place, h) : 0;
    if (code != 0)
        return code;
    code = begin_or_change(p, p->requests[place], events);
    if (code == 0)
        p->requests[place]->key = key;
    else if (how & PS__POLLER_NEW)
        ps__sys_poller_remove(p, key, h);
    return code;
}

void ps__sys_poller_remove(ps__sys_poller *p, uint64_t key, ps_handle h)
{
    request *r = p->requests[(uint32_t)key];

    (void)h;
    p->requests[(uint32_t)key] = NULL;
    if (!r->in_progress) {
        free_request(p, r);
        return;
    }
    r->removed = true;
    ps__afd_cancel(r->driver->handle, &r->afd);
}

/* ---- notifiers ------------------------------------------------------------------------------- */

int ps__sys_poller_watch(ps__sys_poller *p, const ps__notifier *notifier)
{
    watched_notifier *w = malloc(sizeof *w);

    if (!w)
        return PS_ENOMEM;
    w->entry = (ps__wait_entry){.handle = notifier->wait_handle, .events = PS__NOTIFIED};
    w->next = p->notifiers;
    p->notifiers = w;
    ps__waiting_begin_at(&w->waiting, p->port, &w->entry, false);
    return 0;
}

static void drop_notifier(watched_notifier **link)
{
    watched_notifier *w = *link;

    *link = w->next;
    ps__waiting_end_at(&w->waiting);
    free(w);
}

void ps__sys_poller_unwatch(ps__sys_poller *p, const ps__notifier *notifier)
{
    watched_notifier **link = &p->notifiers;

    while ((*link)->entry.handle != notifier->wait_handle)
        link = &(*link)->next;
    drop_notifier(link);
}

/* ---- the poller ------------------------------------------------------------------------------ */

int ps__sys_poller_open(ps__sys_poller **poller)
{
    /* So many threads may run: a packet goes to one that waits, and not to the one that posts it
     * and waits next. */
    enum { THREADS_MAX = 0x7fffffff };
    ps__sys_poller *p = calloc(1, sizeof *p);
    int code;

    if (!p)
        return PS_ENOMEM;
    p->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, THREADS_MAX);
    code = p->port ? open_driver(p) : ps__from_os((int)GetLastError());
    if (code == 0) {
        *poller = p;
        return 0;
    }
    if (p->port)
        (void)CloseHandle(p->port);
    free(p);
    return code;
}

static request *request_of(const OVERLAPPED *block)
{
    return (request *)(uintptr_t)block;
}

/* The driver writes into requests until they have completed. */
static void free_requests(ps__sys_poller *p)
{
    for (uint32_t i = 0; i < p->capacity; i++) {
        if (p->requests[i])
            ps__sys_poller_remove(p, i, PS_INVALID_HANDLE);
    }
    while (p->in_progress > 0) {
        OVERLAPPED *block = NULL;
        ULONG_PTR unused;
        DWORD size;

        (void)GetQueuedCompletionStatus(p->port, &size, &unused, &block, INFINITE);
        if (!block)
            continue;
        p->in_progress--;
        free_request(p, request_of(block));
    }
}

void ps__sys_poller_close(ps__sys_poller *p)
{
    while (p->notifiers)
        drop_notifier(&p->notifiers);
    free_requests(p);
    while (p->with_space) {
        driver_handle *d = p->with_space;

        unlist_driver(d);
        (void)CloseHandle(d->handle);
        free(d);
    }
    (void)CloseHandle(p->port);
    free(p->requests);
    free(p);
}

/* ---- the wait -------------------------------------------------------------------------------- */

enum { ENTRIES_MAX = 256 };

static DWORD milliseconds(int64_t nanoseconds)
{
    int64_t whole = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);

    if (nanoseconds == PS__FOREVER)
        return INFINITE;
    return whole < INFINITE - 1 ? (DWORD)whole : INFINITE - 1;
}

/* A packet for a call with a token may have come to another thread. This one stays out of the port
 * until that call has got one. */
static void pass_on(const ps__sys_poller *p)
{
    while (ps__waiting_any_is_notified_at(p->port)) {
        (void)PostQueuedCompletionStatus(p->port, 0, 0, NULL);
        Sleep(1);
    }
}

static int wait_once(const ps__sys_poller *p, ps__poller_event *events, size_t count,
                     int64_t nanoseconds, bool *packets)
{
    OVERLAPPED_ENTRY entries[ENTRIES_MAX];
    ULONG found = 0;

    if (!GetQueuedCompletionStatusEx(p->port, entries,
                                     (ULONG)(count < ENTRIES_MAX ? count : ENTRIES_MAX), &found,
                                     milliseconds(nanoseconds), FALSE))
        return 0;
    for (ULONG i = 0; i < found; i++) {
        *packets |= !entries[i].lpOverlapped;
        events[i] = (ps__poller_event){.key = (uintptr_t)entries[i].lpOverlapped};
    }
    return (int)found;
}

static int wait_with(const ps__sys_poller *p, ps__poller_event *events, size_t count,
                     int64_t nanoseconds, const ps__notifier *token, bool *packets)
{
    ps__wait_entry entry = {.handle = token->wait_handle, .events = PS__NOTIFIED};
    ps__waiting waiting;
    int found;

    ps__waiting_begin_at(&waiting, p->port, &entry, true);
    found = wait_once(p, events, count, ps__is_notified(&entry) ? 0 : nanoseconds, packets);
    ps__waiting_end_at(&waiting);
    return found == 0 && ps__is_notified(&entry) ? PS_ECANCELED : found;
}

int ps__sys_poller_wait(ps__sys_poller *p, ps__poller_event *events, size_t count,
                        int64_t nanoseconds, const ps__notifier *token)
{
    bool packets = false;
    int found = token ? wait_with(p, events, count, nanoseconds, token, &packets)
                      : wait_once(p, events, count, nanoseconds, &packets);

    if (packets)
        pass_on(p);
    return found;
}

/* A request that was changed meanwhile has looked for something else. */
bool ps__sys_poller_take(ps__sys_poller *p, ps__poller_event *event)
{
    request *r = request_of((const OVERLAPPED *)(uintptr_t)event->key);
    int ready;

    if (!r) {
        event->key = PS__POLLER_NOTIFIED;
        return true;
    }
    r->in_progress = false;
    p->in_progress--;
    if (r->removed) {
        free_request(p, r);
        return false;
    }
    ready = r->again ? 0 : ps__afd_ready(&r->afd);
    if (ready == 0) {
        if (begin(p, r) == 0)
            return false;
        ready = PS__INVALID;
    }
    event->key = r->key;
    event->ready = (uint32_t)ready | PS__SPENT;
    return true;
}
