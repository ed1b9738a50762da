#include "list.h"

#include <stdlib.h>

#ifdef _WIN32
#define poll WSAPoll
typedef ULONG list_size;
#else
#include <poll.h>
#include <sys/socket.h>
typedef nfds_t list_size;
#endif

static struct pollfd *entries;
static int entry_count;

void receive_one(ps_handle handle)
{
    char byte;

    require(recv(handle, &byte, 1, 0) == 1, "recv");
}

void add_to_list(ps_sock *sockets, int count)
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

int step_through_list(void)
{
    int ready = poll(entries, (list_size)entry_count, 10000), left = ready, i;

    require(ready > 0, "poll");
    for (i = 0; left > 0; i++) {
        if (entries[i].revents != 0) {
            receive_one(entries[i].fd);
            left--;
        }
    }
    return ready;
}
