/* portsock: ps_poll and, where it is in the library, ps_poller. */
#include "poller.h"

#include <stdlib.h>

static ps_pollfd *entries;
static int entry_count;

static void receive_one(ps_sock *s)
{
    char byte;

    require(ps_recv(s, &byte, 1, 0) == 1, "ps_recv");
}

static void add_to_list(ps_sock *sockets, int count)
{
    int i;

    entries = calloc((size_t)count, sizeof *entries);
    require(entries, "memory");
    for (i = 0; i < count; i++) {
        entries[i].sock = &sockets[i];
        entries[i].events = POLLIN;
    }
    entry_count = count;
}

static int step_through_list(void)
{
    int ready = ps_poll(entries, (size_t)entry_count, 10), left = ready, i;

    require(ready > 0, "ps_poll");
    for (i = 0; left > 0; i++) {
        if (entries[i].revents != 0) {
            receive_one(entries[i].sock);
            left--;
        }
    }
    return ready;
}

static ps_poller *poller;

static void add_to_poller(ps_sock *sockets, int count)
{
    int i;

    require(ps_poller_open(&poller) == 0, "ps_poller_open");
    for (i = 0; i < count; i++)
        require(ps_poller_add(poller, &sockets[i], POLLIN, NULL) == 0, "ps_poller_add");
}

static int step_of_poller(void)
{
    static ps_event events[MOST_EVENTS];
    int ready = ps_poller_wait(poller, events, MOST_EVENTS, 10, NULL), i;

    require(ready > 0, "ps_poller_wait");
    for (i = 0; i < ready; i++)
        receive_one(events[i].sock);
    return ready;
}

const struct way portsock_ways[] = {
    {"ps_poll", add_to_list, step_through_list},
    {"ps_poller", add_to_poller, step_of_poller},
    {NULL, NULL, NULL},
};
