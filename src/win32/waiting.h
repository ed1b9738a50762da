/* The waits of this process that are in progress, and how one of them is woken. */
#ifndef PS_WAITING_H
#define PS_WAITING_H

#include "common/backend.h"

typedef struct ps__waiting {
    HANDLE event; /* what the wait sleeps on */
    const ps__wait_entry *entries;
    size_t count;
    struct ps__waiting *next, **link;
} ps__waiting;

/* A wait gets an event, whose state is not known. It may not move until its end. */
int ps__waiting_begin(ps__waiting *w, const ps__wait_entry *entries, size_t count);
void ps__waiting_end(ps__waiting *w);

/* From now on, and until its end, the wait is woken. */
void ps__waiting_enlist(ps__waiting *w);

static inline bool ps__is_notified(const ps__wait_entry *e)
{
    return e->events == PS__NOTIFIED && e->handle != PS_INVALID_HANDLE &&
           InterlockedOr(&((ps__notifier *)(uintptr_t)e->handle)->notified, 0) != 0;
}

/* Whether a notifier of the wait is notified. */
bool ps__waiting_is_notified(const ps__waiting *w);

/* Sets the event of each wait that has the handle, of a notifier or of a socket. */
void ps__waiting_wake(ps_handle h, bool is_notifier);

#endif
