#include "config.h"

#include "win32/waiting.h"

/* A notifier is no object of the system: its handle is its address, and it sets the events of the
 * waits that have it. */

int ps__sys_notifier_open(ps__notifier *notifier, bool outlives_fork)
{
    (void)outlives_fork; /* there is no fork */
    notifier->wait_handle = notifier->notify_handle = (ps_handle)(uintptr_t)notifier;
    notifier->notified = 0;
    return 0;
}

/* As soon as it is notified, a wait that sees it may free it. */
void ps__sys_notify(const ps__notifier *notifier)
{
    ps_handle h = notifier->notify_handle;

    (void)InterlockedExchange(&((ps__notifier *)(uintptr_t)h)->notified, 1);
    ps__waiting_wake(h, true);
}

void ps__sys_notifier_clear(const ps__notifier *notifier)
{
    (void)InterlockedExchange(&((ps__notifier *)(uintptr_t)notifier->wait_handle)->notified, 0);
}

void ps__sys_notifier_close(ps__notifier *notifier)
{
    notifier->wait_handle = notifier->notify_handle = PS_INVALID_HANDLE;
}
