#include "script.h"

enum { NOTIFIERS_MAX = 256 };

static bool notified[NOTIFIERS_MAX];

bool fake_is_notified(int n)
{
    return notified[n];
}

/* One handle for both ends. */
int ps__sys_notifier_open(ps__notifier *notifier, bool outlives_fork)
{
    const fake_step *step = fake_take_free(SYS_NOTIFIER_OPEN);

    (void)outlives_fork;
    if (step->result != 0)
        return (int)step->result;
    notifier->wait_handle = fake_open();
    notifier->notify_handle = notifier->wait_handle;
    ck_assert_int_lt(fake_number(notifier->wait_handle), NOTIFIERS_MAX);
    notified[fake_number(notifier->wait_handle)] = false;
    return 0;
}

/* In a script only where it matters. */
int ps__sys_notifier_renew(ps__notifier *notifier)
{
    return fake_is_next(SYS_NOTIFIER_RENEW)
               ? (int)fake_take(SYS_NOTIFIER_RENEW, notifier->wait_handle)->result
               : 0;
}

void ps__sys_notify(const ps__notifier *notifier)
{
    notified[fake_number(notifier->notify_handle)] = true;
}

void ps__sys_notifier_clear(const ps__notifier *notifier)
{
    notified[fake_number(notifier->wait_handle)] = false;
}

void ps__sys_notifier_close(ps__notifier *notifier)
{
    ps__sys_close(notifier->wait_handle);
}
