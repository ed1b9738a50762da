/* WSAPoll, and select, with more sockets than FD_SETSIZE is by default. */
#define FD_SETSIZE 16384
#include "poller.h"

#include <stdlib.h>

static WSAPOLLFD *entries;
static fd_set all, ready_ones;
static int entry_count;

static void receive_one(SOCKET handle)
{
    char byte;

    require(recv(handle, &byte, 1, 0) == 1, "recv");
}

static void add_to_list(ps_sock *sockets, int count)
{
    int i;

    entries = calloc((size_t)count, sizeof *entries);
    require(entries, "memory");
    for (i = 0; i < count; i++) {
        entries[i].fd = ps_fileno(&sockets[i]);
        entries[i].events = POLLRDNORM;
    }
    entry_count = count;
}

static int step_through_list(void)
{
    int ready = WSAPoll(entries, (ULONG)entry_count, 10000), left = ready, i;

    require(ready > 0, "WSAPoll");
    for (i = 0; left > 0; i++) {
        if (entries[i].revents != 0) {
            receive_one(entries[i].fd);
            left--;
        }
    }
    return ready;
}

static void add_to_set(ps_sock *sockets, int count)
{
    int i;

    require(count <= FD_SETSIZE, "space in the set");
    for (i = 0; i < count; i++)
        all.fd_array[i] = ps_fileno(&sockets[i]);
    all.fd_count = (u_int)count;
}

static int step_of_set(void)
{
    struct timeval limit = {.tv_sec = 10};
    int ready, i;

    ready_ones.fd_count = all.fd_count;
    for (i = 0; i < (int)all.fd_count; i++)
        ready_ones.fd_array[i] = all.fd_array[i];
    ready = select(0, &ready_ones, NULL, NULL, &limit);
    require(ready > 0, "select");
    for (i = 0; i < ready; i++)
        receive_one(ready_ones.fd_array[i]);
    return ready;
}

const struct way system_ways[] = {
    {"wsapoll", add_to_list, step_through_list},
    {"select", add_to_set, step_of_set},
    {NULL, NULL, NULL},
};
