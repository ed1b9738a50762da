/* poll and epoll. */
#include "list.h"

#include <sys/epoll.h>

static int epoll_handle;

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
