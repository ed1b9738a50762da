/* GLib: a source for each socket in the main context. */
#include "poller.h"

#include <glib-unix.h>

#include <sys/socket.h>

static int received;

static gboolean when_ready(gint handle, GIOCondition condition, gpointer data)
{
    char byte;

    (void)condition;
    (void)data;
    require(recv(handle, &byte, 1, 0) == 1, "recv");
    received++;
    return TRUE;
}

static void add_to_context(ps_sock *sockets, int count)
{
    int i;

    for (i = 0; i < count; i++)
        g_unix_fd_add(ps_fileno(&sockets[i]), G_IO_IN, when_ready, NULL);
}

static int step_of_context(void)
{
    received = 0;
    g_main_context_iteration(NULL, TRUE);
    return received;
}

const struct way system_ways[] = {
    {"GLib", add_to_context, step_of_context},
    {NULL, NULL, NULL},
};
