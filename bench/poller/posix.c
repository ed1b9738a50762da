/* poll and epoll. */
#include "poller.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static struct pollfd *entries;
static int entry_count, epoll_handle;

static void receive_one(int handle)
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
        entries[i].events = POLLIN;
    }
    entry_count = count;
}

static int step_through_list(void)
{
    int ready = poll(entries, (nfds_t)entry_count, 10000), left = ready, i;

    require(ready > 0, "poll");
    for (i = 0; left > 0; i++) {
        if (entries[i].revents != 0) {
            receive_one(entries[i].fd);
            left--;
        }
    }
    return ready;
}

static void add_to_epoll(ps_sock *sockets, int count)
{
    int i;

    epoll_handle = epoll_create1(EPOLL_CLOEXEC);
    for (i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data = {.fd = ps_fileno(&sockets[i])}};
        require(epoll_ctl(epoll_handle, EPOLL_CTL_ADD, event.data.fd, &event) == 0, "epoll_ctl");
    }
}

static int step_of_epoll(void)
{
    static struct epoll_event events[MOST_EVENTS];
    int ready = epoll_wait(epoll_handle, events, MOST_EVENTS, 10000), i;

    require(ready > 0, "epoll_wait");
    for (i = 0; i < ready; i++)
        receive_one(events[i].data.fd);
    return ready;
}

const struct way system_ways[] = {
    {"poll", add_to_list, step_through_list},
    {"epoll", add_to_epoll, step_of_epoll},
    {NULL, NULL, NULL},
};
