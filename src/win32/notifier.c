#include "config.h"

#include "win32/waiting.h"

/* A notifier is no object of the system, so that a token costs no handle. Its handle is its own
 * address, and to notify sets the events of the waits that contain it (waiting.h). */

int ps__sys_notifier_open(ps__notifier *notifier, bool outlives_fork)
{
    (void)outlives_fork; /* there is no fork */
    notifier->wait_handle = notifier->notify_handle = (ps_handle)(uintptr_t)notifier;
    notifier->notified = 0;
    return 0;
}

int ps__sys_notifier_renew(ps__notifier *notifier)
{
    (void)notifier;
    return 0;
}

/* A wait that sees `notified` may free the notifier at once, so it is not read after that. */
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
