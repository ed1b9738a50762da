/*
 * WSAPoll never reports that a connection has failed: it waits on. From Windows 10 2004 on it does.
 *
 * Sources: Microsoft, WSAPoll ("As of Windows 10 version 2004, when a TCP socket fails to connect,
 * (POLLHUP | POLLERR | POLLWRNORM) is indicated"); curl, lib/select.c, and libuv, which do not use
 * it for this.
 */
#include "../layer.h"

static functions next;

static bool failed_to_connect(const WSAPOLLFD *entry)
{
    struct sockaddr_storage peer;
    int size = sizeof peer;

    return entry->revents & (POLLERR | POLLHUP) &&
           next.getpeername(entry->fd, (struct sockaddr *)&peer, &size) != 0;
}

static int hide_failures(WSAPOLLFD *entries, ULONG count)
{
    int ready = 0;

    for (ULONG i = 0; i < count; i++) {
        if (failed_to_connect(&entries[i]))
            entries[i].revents = 0;
        ready += entries[i].revents != 0;
    }
    return ready;
}

/* What is hidden stays so: the time has to pass. */
static int WSAAPI rule_WSAPoll(WSAPOLLFD *entries, ULONG count, INT milliseconds)
{
    ULONGLONG end = next.GetTickCount64() + (ULONGLONG)(milliseconds > 0 ? milliseconds : 0);

    for (;;) {
        int ready =
            next.WSAPoll(entries, count, milliseconds < 0 || milliseconds > 1 ? 1 : milliseconds);

        if (ready > 0)
            ready = hide_failures(entries, count);
        if (ready != 0 || (milliseconds >= 0 && next.GetTickCount64() >= end))
            return ready;
        next.Sleep(1);
    }
}

const rule wsapoll_rule = {
    .before = WINDOWS_10_2004,
    .next = &next,
    .stands_before = {.WSAPoll = rule_WSAPoll},
};
