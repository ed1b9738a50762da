/* WSAPoll, and select, with more sockets than FD_SETSIZE is by default. */
#define FD_SETSIZE 16384
#include "list.h"

static fd_set all, ready_ones;

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
