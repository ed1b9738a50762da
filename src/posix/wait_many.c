#include "wait.h"

#include <errno.h>
#include <stdlib.h>

/* As many fit on the stack. */
enum { ROOM = 256 };

static short native_events(int events)
{
    short native = 0;

    if (events & PS__READABLE)
        native |= POLLIN;
    if (events & (PS__WRITABLE | PS__CONNECTED))
        native |= POLLOUT;
    if (events & PS__URGENT)
        native |= POLLPRI;
    return native;
}

/* An error or a hang-up ends every wait: the call that follows tells what it is. */
static int ready_events(int events, short native)
{
    int ended = native & (POLLERR | POLLHUP);
    int ready = 0;

    if (native & POLLNVAL)
        return PS__INVALID;
    if (native & POLLIN || ended)
        ready |= events & PS__READABLE;
    if (native & POLLOUT || ended)
        ready |= events & (PS__WRITABLE | PS__CONNECTED);
    if (native & POLLPRI)
        ready |= events & PS__URGENT;
    if (native & POLLERR)
        ready |= PS__FAILED;
    if (native & POLLHUP)
        ready |= PS__HUNG_UP;
    return ready;
}

static int wait_with(struct pollfd *native, ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    int ready;

    for (size_t i = 0; i < count; i++) {
        native[i].fd = entries[i].handle; /* poll passes over PS_INVALID_HANDLE */
        native[i].events = native_events(entries[i].events);
        native[i].revents = 0;
    }
    ready = ps__poll_once(native, (nfds_t)count, nanoseconds);
    if (ready < 0)
        return ps__from_os(errno);
    for (size_t i = 0; i < count; i++)
        entries[i].ready = ready_events(entries[i].events, native[i].revents);
    return ready;
}

int ps__sys_wait_many(ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    struct pollfd room[ROOM];
    struct pollfd *native = room;
    int ready;

    if (count > ROOM) {
        native = calloc(count, sizeof *native);
        if (native == NULL)
            return PS_ENOMEM;
    }
    ready = wait_with(native, entries, count, nanoseconds);
    if (native != room)
        free(native);
    return ready;
}
