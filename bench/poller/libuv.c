/* libuv: a uv_poll_t for each socket. */
#include "poller.h"

#include <uv.h>

#include <stdlib.h>
#include <sys/socket.h>

static int received;

static void when_ready(uv_poll_t *handle, int status, int events)
{
    const ps_sock *s = handle->data;
    char byte;

    (void)events;
    require(status == 0 && recv(ps_fileno(s), &byte, 1, 0) == 1, "recv");
    received++;
}

static void add_to_loop(ps_sock *sockets, int count)
{
    uv_poll_t *handles = calloc((size_t)count, sizeof *handles);
    int i;

    require(handles, "memory");
    for (i = 0; i < count; i++) {
        require(uv_poll_init(uv_default_loop(), &handles[i], ps_fileno(&sockets[i])) == 0,
                "uv_poll_init");
        handles[i].data = &sockets[i];
        require(uv_poll_start(&handles[i], UV_READABLE, when_ready) == 0, "uv_poll_start");
    }
}

static int step_of_loop(void)
{
    received = 0;
    uv_run(uv_default_loop(), UV_RUN_ONCE);
    return received;
}

const struct way system_ways[] = {
    {"libuv", add_to_loop, step_of_loop},
    {NULL, NULL, NULL},
};
