#include "config.h"

#include "common/backend.h"

#if PS__HAVE_EPOLL

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* epoll_wait writes what the frontend reads. */
_Static_assert(sizeof(ps__poller_event) == sizeof(struct epoll_event) &&
                   offsetof(ps__poller_event, ready) == offsetof(struct epoll_event, events) &&
                   offsetof(ps__poller_event, key) == offsetof(struct epoll_event, data),
               "the layout of epoll_event");
_Static_assert(PS__READABLE == EPOLLIN && PS__URGENT == EPOLLPRI && PS__WRITABLE == EPOLLOUT &&
                   PS__FAILED == EPOLLERR && PS__HUNG_UP == EPOLLHUP,
               "the numbers of epoll");

struct ps__sys_poller {
    int epoll;
};

int ps__sys_poller_open(ps__sys_poller **poller)
{
    ps__sys_poller *made = malloc(sizeof *made);
    int code;

    if (!made)
        return PS_ENOMEM;
    made->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (made->epoll >= 0) {
        *poller = made;
        return 0;
    }
    /* A sandbox may allow poll only. */
    code = errno == ENOSYS || errno == EPERM ? PS_EOPNOTSUPP : ps__from_os(errno);
    free(made);
    return code;
}

void ps__sys_poller_close(ps__sys_poller *poller)
{
    ps__sys_close(poller->epoll);
    free(poller);
}

static int control(const ps__sys_poller *poller, int operation, int fd, uint32_t events,
                   uint64_t key)
{
    struct epoll_event event = {.events = events, .data.u64 = key};

    return epoll_ctl(poller->epoll, operation, fd, &event) < 0 ? ps__from_os(errno) : 0;
}

int ps__sys_poller_set(ps__sys_poller *poller, uint64_t key, ps_handle h, int events, int how)
{
    uint32_t native = (uint32_t)events;

    if (how & PS__POLLER_ONCE)
        native |= EPOLLONESHOT;
    if (how & PS__POLLER_EDGE)
        native |= EPOLLET;
    return control(poller, how & PS__POLLER_NEW ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, h, native, key);
}

void ps__sys_poller_remove(ps__sys_poller *poller, uint64_t key, ps_handle h)
{
    (void)control(poller, EPOLL_CTL_DEL, h, 0, key);
}

int ps__sys_poller_watch(ps__sys_poller *poller, const ps__notifier *notifier)
{
    return control(poller, EPOLL_CTL_ADD, notifier->wait_handle, EPOLLIN | EPOLLET,
                   PS__POLLER_NOTIFIED);
}

void ps__sys_poller_unwatch(ps__sys_poller *poller, const ps__notifier *notifier)
{
    (void)control(poller, EPOLL_CTL_DEL, notifier->wait_handle, 0, PS__POLLER_NOTIFIED);
}

static int wait_milliseconds(int epoll, struct epoll_event *events, int count, int64_t nanoseconds)
{
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);

    if (nanoseconds == PS__FOREVER)
        milliseconds = -1;
    return epoll_wait(epoll, events, count, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

#ifdef SYS_epoll_pwait2
/* Linux 5.11. The C library need not have it. */
static int wait_nanoseconds(int epoll, struct epoll_event *events, int count, int64_t nanoseconds)
{
    static atomic_bool is_missing;
    int64_t time[2] = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    long found;

    if (atomic_load_explicit(&is_missing, memory_order_relaxed))
        return wait_milliseconds(epoll, events, count, nanoseconds);
    found = syscall(SYS_epoll_pwait2, epoll, events, count, time, NULL, (size_t)0);
    if (found >= 0 || (errno != ENOSYS && errno != EPERM))
        return (int)found;
    atomic_store(&is_missing, true);
    return wait_milliseconds(epoll, events, count, nanoseconds);
}
#else
#define wait_nanoseconds wait_milliseconds
#endif

/* epoll_pwait2 costs more. */
static int wait_once(int epoll, ps__poller_event *events, size_t count, int64_t nanoseconds)
{
    struct epoll_event *native = (struct epoll_event *)(void *)events;
    int found = nanoseconds == PS__FOREVER || nanoseconds % 1000000 == 0
                    ? wait_milliseconds(epoll, native, (int)count, nanoseconds)
                    : wait_nanoseconds(epoll, native, (int)count, nanoseconds);

    return found < 0 ? ps__from_os(errno) : found;
}

/* The token is not for the other waits of the poller, so it is not in epoll. */
static int wait_with(int epoll, ps__poller_event *events, size_t count, int64_t nanoseconds,
                     const ps__notifier *token)
{
    ps__wait_entry entries[2] = {{.handle = epoll, .events = PS__READABLE},
                                 {.handle = token->wait_handle, .events = PS__NOTIFIED}};
    int ready = ps__sys_wait(entries, 2, nanoseconds);

    if (ready <= 0)
        return ready;
    return entries[1].ready ? PS_ECANCELED : wait_once(epoll, events, count, 0);
}

int ps__sys_poller_wait(ps__sys_poller *poller, ps__poller_event *events, size_t count,
                        int64_t nanoseconds, const ps__notifier *token)
{
    return token ? wait_with(poller->epoll, events, count, nanoseconds, token)
                 : wait_once(poller->epoll, events, count, nanoseconds);
}

bool ps__sys_poller_take(ps__sys_poller *poller, ps__poller_event *event)
{
    (void)poller;
    (void)event;
    return true;
}

#else

/* There is none, so the others are never called. */

int ps__sys_poller_open(ps__sys_poller **poller)
{
    (void)poller;
    return PS_EOPNOTSUPP;
}

void ps__sys_poller_close(ps__sys_poller *poller)
{
    (void)poller;
}

int ps__sys_poller_set(ps__sys_poller *poller, uint64_t key, ps_handle h, int events, int how)
{
    (void)poller, (void)key, (void)h, (void)events, (void)how;
    return PS_EOPNOTSUPP;
}

void ps__sys_poller_remove(ps__sys_poller *poller, uint64_t key, ps_handle h)
{
    (void)poller, (void)key, (void)h;
}

int ps__sys_poller_watch(ps__sys_poller *poller, const ps__notifier *notifier)
{
    (void)poller, (void)notifier;
    return PS_EOPNOTSUPP;
}

void ps__sys_poller_unwatch(ps__sys_poller *poller, const ps__notifier *notifier)
{
    (void)poller, (void)notifier;
}

int ps__sys_poller_wait(ps__sys_poller *poller, ps__poller_event *events, size_t count,
                        int64_t nanoseconds, const ps__notifier *token)
{
    (void)poller, (void)events, (void)count, (void)nanoseconds, (void)token;
    return PS_EOPNOTSUPP;
}

bool ps__sys_poller_take(ps__sys_poller *poller, ps__poller_event *event)
{
    (void)poller, (void)event;
    return false;
}

#endif
