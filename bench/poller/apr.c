/* APR: a pollset. */
#include "poller.h"

#include <apr_poll.h>
#include <apr_portable.h>

#include <stdlib.h>
#include <sys/socket.h>

static apr_pollset_t *set;

static void add_to_set(ps_sock *sockets, int count)
{
    apr_pool_t *pool;
    int i;

    require(apr_initialize() == APR_SUCCESS, "apr_initialize");
    require(apr_pool_create(&pool, NULL) == APR_SUCCESS, "apr_pool_create");
    require(apr_pollset_create(&set, (apr_uint32_t)count, pool, 0) == APR_SUCCESS,
            "apr_pollset_create");
    for (i = 0; i < count; i++) {
        apr_os_sock_t handle = ps_fileno(&sockets[i]);
        apr_pollfd_t entry = {.p = pool, .desc_type = APR_POLL_SOCKET, .reqevents = APR_POLLIN};
        entry.client_data = &sockets[i];
        require(apr_os_sock_put(&entry.desc.s, &handle, pool) == APR_SUCCESS, "apr_os_sock_put");
        require(apr_pollset_add(set, &entry) == APR_SUCCESS, "apr_pollset_add");
    }
}

static int step_of_set(void)
{
    const apr_pollfd_t *ready;
    apr_int32_t count, i;

    require(apr_pollset_poll(set, 10000000, &count, &ready) == APR_SUCCESS, "apr_pollset_poll");
    for (i = 0; i < count; i++) {
        char byte;
        require(recv(ps_fileno(ready[i].client_data), &byte, 1, 0) == 1, "recv");
    }
    return count;
}

const struct way system_ways[] = {
    {"APR", add_to_set, step_of_set},
    {NULL, NULL, NULL},
};
