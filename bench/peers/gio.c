/* GLib's GIO, by GSocket; connections by name by GSocketClient. Timeouts are whole seconds. */
#include "peer.h"

#include <gio/gio.h>

#include <stdlib.h>
#include <string.h>

struct peer {
    GSocket *socket;
    GSocketAddress *to;
};

static guint seconds;
static GSocketClient *client;

void peer_start(double timeout)
{
    seconds = timeout < 0 ? 0 : (guint)timeout;
    client = g_socket_client_new();
    g_socket_client_set_timeout(client, seconds);
}

static void require_true(bool good)
{
    if (!good)
        exit(1);
}

static peer *made(GSocket *socket)
{
    peer *s = calloc(1, sizeof *s);

    if (!s || !socket)
        exit(1);
    s->socket = socket;
    g_socket_set_timeout(socket, seconds);
    return s;
}

static peer *opened(GSocketType type)
{
    return made(g_socket_new(G_SOCKET_FAMILY_IPV4, type, 0, NULL));
}

static GSocketAddress *loopback(int port)
{
    return g_inet_socket_address_new_from_string("127.0.0.1", (guint)port);
}

static void bind_to(const peer *s, int port)
{
    GSocketAddress *a = loopback(port);

    require_true(g_socket_bind(s->socket, a, FALSE, NULL));
    g_object_unref(a);
}

peer *peer_listen(int *port)
{
    peer *s = opened(G_SOCKET_TYPE_STREAM);
    GSocketAddress *a;

    bind_to(s, *port);
    g_socket_set_listen_backlog(s->socket, 128);
    require_true(g_socket_listen(s->socket, NULL));
    a = g_socket_get_local_address(s->socket, NULL);
    *port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(a));
    g_object_unref(a);
    return s;
}

peer *peer_accept(peer *listener)
{
    return made(g_socket_accept(listener->socket, NULL, NULL));
}

peer *peer_connect(int port)
{
    peer *s = opened(G_SOCKET_TYPE_STREAM);
    GSocketAddress *a = loopback(port);

    require_true(g_socket_connect(s->socket, a, NULL, NULL));
    g_object_unref(a);
    return s;
}

peer *peer_connect_to(const char *host, int port)
{
    GSocketConnection *connection =
        g_socket_client_connect_to_host(client, host, (guint16)port, NULL, NULL);
    peer *s;

    require_true(connection);
    s = made(g_object_ref(g_socket_connection_get_socket(connection)));
    g_object_unref(connection);
    return s;
}

peer *peer_datagrams(int to)
{
    peer *s = opened(G_SOCKET_TYPE_DATAGRAM);

    bind_to(s, 0);
    s->to = loopback(to);
    return s;
}

void peer_close(peer *s)
{
    g_socket_close(s->socket, NULL);
    g_object_unref(s->socket);
    free(s);
}

/* A program has to know why nothing came: it asks for the error. */
long peer_receive(peer *s, void *data, size_t size)
{
    GError *error = NULL;
    gssize n = g_socket_receive(s->socket, data, size, NULL, &error);

    if (error)
        g_error_free(error);
    return (long)n;
}

long peer_send(peer *s, const void *data, size_t size)
{
    return (long)g_socket_send(s->socket, data, size, NULL, NULL);
}

long peer_receive_from(peer *s, void *data, size_t size)
{
    GSocketAddress *from = NULL;
    gssize n = g_socket_receive_from(s->socket, &from, data, size, NULL, NULL);

    if (from)
        g_object_unref(from);
    return (long)n;
}

long peer_send_to(peer *s, const void *data, size_t size)
{
    return (long)g_socket_send_to(s->socket, s->to, data, size, NULL, NULL);
}

void peer_dont_wait(peer *s)
{
    g_socket_set_blocking(s->socket, FALSE);
}

peer_handle peer_handle_of(peer *s)
{
    return g_socket_get_fd(s->socket);
}

bool peer_parse(const char *text)
{
    GInetAddress *a = g_inet_address_new_from_string(text);
    bool good = a != NULL;

    if (a)
        g_object_unref(a);
    return good;
}

bool peer_format(const unsigned char packed[4], char *text, size_t size)
{
    GInetAddress *a = g_inet_address_new_from_bytes(packed, G_SOCKET_FAMILY_IPV4);
    char *made_text = g_inet_address_to_string(a);
    bool good = g_strlcpy(text, made_text, size) < size;

    g_free(made_text);
    g_object_unref(a);
    return good;
}

bool peer_look_up(const char *host)
{
    GResolver *resolver = g_resolver_get_default();
    GList *list = g_resolver_lookup_by_name(resolver, host, NULL, NULL);

    require_true(list);
    g_resolver_free_addresses(list);
    g_object_unref(resolver);
    return true;
}
