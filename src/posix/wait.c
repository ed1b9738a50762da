#include "config.h"

#include "common/backend.h"
#include "common/compiler.h"
#include "common/wait/spare.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/time.h>
#include <time.h>

/* As many fit on the stack: what ps_poll has on its own. */
enum { ENTRIES_ON_STACK = 260 };

/* Whether poll's numbers are the contract's. */
enum { SAME_NUMBERS = POLLIN == PS__READABLE && POLLPRI == PS__URGENT && POLLOUT == PS__WRITABLE };

static inline short native_events(int events)
{
    int native;

    if (SAME_NUMBERS && LIKELY((events & ~(PS__READABLE | PS__URGENT | PS__WRITABLE)) == 0))
        return (short)events;
    native = (events & (PS__READABLE | PS__NOTIFIED) ? POLLIN : 0) |
             (events & PS__URGENT ? POLLPRI : 0) | (events & PS__WRITABLE ? POLLOUT : 0);

    return (short)(events & PS__CONNECTED ? native | POLLOUT : native);
}

/* How poll reports that an attempt to connect has failed. */
#if PS__HAVE_POLL_REPORTS_CONNECT_ERRORS
enum { CONNECT_FAILED = POLLERR | POLLHUP };

static bool failed_silently(ps_handle h)
{
    (void)h;
    return false;
}
#else
enum { CONNECT_FAILED = POLLERR };

/* It reports that the attempt has ended; only an established connection has a peer. */
static bool failed_silently(ps_handle h)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;

    return getpeername(h, (struct sockaddr *)&peer, &size) != 0;
}
#endif

/* An error or a hang-up ends every wait: the call that follows returns what it is. */
static int ended_events(const ps__wait_entry *e, short native)
{
    int ready = e->events & (PS__READABLE | PS__WRITABLE | PS__CONNECTED);

    if (native & POLLNVAL)
        return PS__INVALID;
    if (native & (e->events & PS__CONNECTED ? CONNECT_FAILED : POLLERR))
        ready |= PS__FAILED;
    if (native & POLLHUP)
        ready |= PS__HUNG_UP;
    return ready;
}

static int ready_events(const ps__wait_entry *e, short native)
{
    int ready = (native & POLLIN ? PS__READABLE | PS__NOTIFIED : 0) |
                (native & POLLPRI ? PS__URGENT : 0) |
                (native & POLLOUT ? PS__WRITABLE | PS__CONNECTED : 0);

    ready &= e->events;
    if (UNLIKELY(native & (POLLERR | POLLHUP | POLLNVAL)))
        ready |= ended_events(e, native);
    if (ready & PS__CONNECTED && failed_silently(e->handle))
        ready |= PS__FAILED;
    return ready;
}

static int poll_milliseconds(struct pollfd *entries, nfds_t count, int64_t nanoseconds)
{
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);

    if (nanoseconds == PS__FOREVER)
        milliseconds = -1;
    return poll(entries, count, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

/* poll, once, with a time in nanoseconds, rounded up to what the system can count. A sandbox may
 * allow poll only; without a mask of signals ppoll does the same. */
static int poll_once(struct pollfd *entries, nfds_t count, int64_t nanoseconds)
{
#if PS__HAVE_PPOLL
    uint64_t span = (uint64_t)nanoseconds;
    struct timespec time = {.tv_sec = (time_t)(span / 1000000000),
                            .tv_nsec = (long)(span % 1000000000)};
    int ready = ppoll(entries, count, nanoseconds == PS__FOREVER ? NULL : &time, NULL);

    if (ready >= 0 || (errno != ENOSYS && errno != EPERM))
        return ready;
#endif
    return poll_milliseconds(entries, count, nanoseconds);
}

/* poll passes over PS_INVALID_HANDLE. */
static void fill(struct pollfd *native, const ps__wait_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        native[i].fd = entries[i].handle;
        native[i].events = native_events(entries[i].events);
    }
}

static void read_answers(const struct pollfd *native, ps__wait_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        entries[i].ready =
            (short)(native[i].revents != 0 ? ready_events(&entries[i], native[i].revents) : 0);
}

int ps__sys_wait(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    struct pollfd on_stack[ENTRIES_ON_STACK];
    struct pollfd *native = on_stack;
    int ready;

    if (UNLIKELY(count > ENTRIES_ON_STACK))
        native = ps__spare_take(PS__SPARE_OF_BACKEND, count * sizeof *native);
    if (UNLIKELY(!native))
        return PS_ENOMEM;
    fill(native, entries, count);
    ready = poll_once(native, (nfds_t)count, nanoseconds);
    if (ready < 0)
        /* More entries than RLIMIT_NOFILE. */
        ready = errno == EINVAL ? PS_EMFILE : ps__from_os(errno);
    else
        read_answers(native, entries, count);
    if (UNLIKELY(native != on_stack))
        ps__spare_give(PS__SPARE_OF_BACKEND, native);
    return ready;
}

static int so_timeout_name(int events)
{
    return events == PS__READABLE ? SO_RCVTIMEO : SO_SNDTIMEO;
}

int64_t ps__sys_so_timeout(ps_handle h, int events)
{
    struct timeval time = {0, 0};
    socklen_t size = sizeof time;

    if (getsockopt(h, SOL_SOCKET, so_timeout_name(events), &time, &size) < 0)
        return ps__from_os(errno);
    if ((time.tv_sec == 0 && time.tv_usec == 0) || time.tv_sec > 9000000000)
        return PS__FOREVER;
    return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

int ps__sys_set_so_timeout(ps_handle h, int events, int64_t nanoseconds)
{
    int64_t microseconds = nanoseconds / 1000 + (nanoseconds % 1000 != 0);
    struct timeval time = {.tv_sec = (time_t)(microseconds / 1000000),
                           .tv_usec = (suseconds_t)(microseconds % 1000000)};

    if (nanoseconds == PS__FOREVER)
        time = (struct timeval){0, 0};
    return setsockopt(h, SOL_SOCKET, so_timeout_name(events), &time, sizeof time) < 0
               ? ps__from_os(errno)
               : 0;
}

bool ps__sys_blocks(ps_handle h)
{
    int flags = fcntl(h, F_GETFL);

    return flags >= 0 && !(flags & O_NONBLOCK);
}
