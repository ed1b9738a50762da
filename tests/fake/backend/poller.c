#include "script.h"

/* One at a time, or two in a child of fork. */
enum { POLLERS_MAX = 16, HANDLES_MAX = 512 };

struct ps__sys_poller {
    ps_handle handle;
};

static ps__sys_poller pollers[POLLERS_MAX];
static int poller_count;
static uint64_t keys[HANDLES_MAX];

int ps__sys_poller_open(ps__sys_poller **poller)
{
    const fake_step *step = fake_take_free(SYS_POLLER_OPEN);

    if (step->result != 0)
        return (int)step->result;
    *poller = &pollers[poller_count++ % POLLERS_MAX];
    (*poller)->handle = fake_open();
    return 0;
}

void ps__sys_poller_close(ps__sys_poller *poller)
{
    ps__sys_close(poller->handle);
}

int ps__sys_poller_set(ps__sys_poller *poller, uint64_t key, ps_handle h, int events, int how)
{
    const fake_step *step = fake_take(SYS_POLLER_SET, h);

    (void)poller;
    fake_same_int(step, "events", step->events, events);
    fake_same_int(step, "how", step->flags, how);
    if (step->result == 0)
        keys[fake_number(h)] = key;
    return (int)step->result;
}

void ps__sys_poller_remove(ps__sys_poller *poller, uint64_t key, ps_handle h)
{
    (void)poller;
    (void)fake_take(SYS_POLLER_REMOVE, h);
    ck_assert_uint_eq(keys[fake_number(h)], key);
}

int ps__sys_poller_watch(ps__sys_poller *poller, const ps__notifier *notifier)
{
    (void)poller;
    return (int)fake_take(SYS_POLLER_WATCH, notifier->wait_handle)->result;
}

void ps__sys_poller_unwatch(ps__sys_poller *poller, const ps__notifier *notifier)
{
    (void)poller;
    (void)fake_take(SYS_POLLER_UNWATCH, notifier->wait_handle);
}

static ps__poller_event event_of(const fake_entry *e)
{
    ps__poller_event event = {.ready = (uint32_t)e->ready, .key = keys[e->on]};

    if (e->ready == PS__NOTIFIED)
        event.key = PS__POLLER_NOTIFIED;
    else if (e->events == FAKE_STALE)
        event.key -= UINT64_C(1) << 32;
    else if (e->events == FAKE_NONE)
        event.ready = 0;
    return event;
}

int ps__sys_poller_wait(ps__sys_poller *poller, ps__poller_event *events, size_t count,
                        int64_t nanoseconds, const ps__notifier *token)
{
    const fake_step *step = fake_take_free(SYS_POLLER_WAIT);

    (void)poller;
    fake_same_time(step, nanoseconds);
    fake_same_size(step, count);
    fake_same_handle(step, "token", step->wake, token ? token->wait_handle : PS_INVALID_HANDLE);
    ck_assert_uint_le(step->entry_count, count);
    for (size_t i = 0; i < step->entry_count; i++)
        events[i] = event_of(&step->entries[i]);
    return step->result != 0 ? (int)step->result : (int)step->entry_count;
}

bool ps__sys_poller_take(ps__sys_poller *poller, ps__poller_event *event)
{
    (void)poller;
    return event->ready != 0;
}
