#include "wait.h"

#include <errno.h>
#include <limits.h>
#include <sys/time.h>
#include <time.h>

#ifdef PS__POLL_TELLS_CONNECT_ERRORS
static bool connect_failed(ps_handle h, short native)
{
    (void)h;
    return (native & (POLLERR | POLLHUP)) != 0;
}
#else
/* poll tells that the attempt has ended, not how; only a connection that is there has a peer. */
static bool connect_failed(ps_handle h, short native)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;

    (void)native;
    return getpeername(h, (struct sockaddr *)&peer, &size) != 0;
}
#endif

static short native_events(int events)
{
    short native = 0;

    if (events & PS__READABLE)
        native |= POLLIN;
    if (events & (PS__WRITABLE | PS__CONNECTED))
        native |= POLLOUT;
    return native;
}

/* An error or a hang-up ends every wait: the call that follows tells what it is. */
static int ready_events(ps_handle h, int events, short native)
{
    int ready = 0;

    if (native & (POLLIN | POLLERR | POLLHUP | POLLNVAL))
        ready |= events & PS__READABLE;
    if (native & (POLLOUT | POLLERR | POLLHUP | POLLNVAL))
        ready |= events & (PS__WRITABLE | PS__CONNECTED);
    if (ready & PS__CONNECTED && connect_failed(h, native))
        ready |= PS__FAILED;
    return ready;
}

#ifdef PS__HAVE_PPOLL
int ps__poll_once(struct pollfd *entries, nfds_t count, int64_t nanoseconds)
{
    struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};

    return ppoll(entries, count, nanoseconds == PS__FOREVER ? NULL : &time, NULL);
}
#else
int ps__poll_once(struct pollfd *entries, nfds_t count, int64_t nanoseconds)
{
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);

    if (nanoseconds == PS__FOREVER)
        milliseconds = -1;
    return poll(entries, count, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}
#endif

int ps__sys_wait(ps_handle h, int events, ps_handle wake, int64_t nanoseconds)
{
    struct pollfd entries[2] = {{.fd = h, .events = native_events(events)}, {.fd = wake, .events = POLLIN}};
    int count = ps__poll_once(entries, wake == PS_INVALID_HANDLE ? 1 : 2, nanoseconds);
    int ready = 0;

    if (count < 0)
        return ps__from_os(errno);
    if (count == 0)
        return 0;
    if (entries[0].revents != 0)
        ready = ready_events(h, events, entries[0].revents);
    if (wake != PS_INVALID_HANDLE && entries[1].revents != 0)
        ready |= PS__WOKEN;
    return ready;
}

int64_t ps__sys_own_timeout(ps_handle h, int events)
{
    struct timeval time = {0, 0};
    socklen_t size = sizeof time;

    if (getsockopt(h, SOL_SOCKET, events == PS__READABLE ? SO_RCVTIMEO : SO_SNDTIMEO, &time, &size) < 0)
        return PS__FOREVER;
    if ((time.tv_sec == 0 && time.tv_usec == 0) || time.tv_sec > 9000000000)
        return PS__FOREVER;
    return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}
