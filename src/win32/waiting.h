/* The entries of a wait, and the list of this process's waits in progress, by which other threads
 * wake them. */
#ifndef PS_WAITING_H
#define PS_WAITING_H

#include "common/backend.h"

/* Waits for more use the heap. What ps_poll keeps on its own stack fits. */
enum { PS__ENTRIES_ON_STACK = 260 };

/* Whether an entry of a wait is a socket, not a notifier or nothing. */
static inline bool ps__is_socket_entry(const ps__wait_entry *e)
{
    return e->handle != PS_INVALID_HANDLE && e->events != PS__NOTIFIED;
}

/* Sets PS__INVALID for the entries whose handle is no open socket, any of which makes the system's
 * wait for all of them fail. Returns how many there are. */
int ps__find_invalid(ps__wait_entry *entries, size_t count);

typedef struct ps__waiting {
    HANDLE event; /* ends the wait when it is set */
    HANDLE port;  /* in place of an event: a poller's port, which gets a packet */
    bool is_call; /* with a port: it is the token of one thread's call */
    const ps__wait_entry *entries;
    size_t count;
    struct ps__waiting *next, **link;
} ps__waiting;

/* *w gets an event, and MUST stay where it is until ps__waiting_end. The event may be set already,
 * by a waker that came too late for the wait that had it before: a wait may end early. */
int ps__waiting_begin(ps__waiting *w, const ps__wait_entry *entries, size_t count);
void ps__waiting_end(ps__waiting *w);

/* From now on, and until ps__waiting_end, ps__waiting_wake wakes the wait. */
void ps__waiting_enlist(ps__waiting *w);

static inline bool ps__is_notified(const ps__wait_entry *e)
{
    return e->events == PS__NOTIFIED && e->handle != PS_INVALID_HANDLE &&
           InterlockedOr(&((ps__notifier *)(uintptr_t)e->handle)->notified, 0) != 0;
}

/* Whether a notifier of the wait is notified. */
bool ps__waiting_is_notified(const ps__waiting *w);

/* The same for a notifier that a poller waits for at its port; `is_call`: it is the token of one
 * thread's call. */
void ps__waiting_begin_at(ps__waiting *w, HANDLE port, const ps__wait_entry *entry, bool is_call);
void ps__waiting_end_at(ps__waiting *w);

/* Whether a call at the port, which may be another thread's, has not ended although its token is
 * notified. */
bool ps__waiting_any_is_notified_at(HANDLE port);

/* Sets the event of each wait that has the handle, of a notifier or of a socket. */
void ps__waiting_wake(ps_handle h, bool is_notifier);

#endif
