/* APR. Each socket has a pool of its own, which is destroyed with it. */
#include "peer.h"

#include <apr_network_io.h>
#include <apr_pools.h>
#include <apr_portable.h>

#include <stdlib.h>

struct peer {
    apr_socket_t *socket;
    apr_pool_t *pool;
    apr_sockaddr_t *to;
    apr_sockaddr_t from;
};

static apr_pool_t *root;
static apr_interval_time_t microseconds;

static void require_ok(apr_status_t status)
{
    if (status != APR_SUCCESS)
        exit(1);
}

void peer_start(double timeout)
{
    require_ok(apr_initialize());
    require_ok(apr_pool_create(&root, NULL));
    microseconds = timeout < 0 ? -1 : (apr_interval_time_t)(timeout * 1e6);
}

static peer *made(void)
{
    apr_pool_t *pool;
    peer *s;

    require_ok(apr_pool_create(&pool, root));
    s = apr_pcalloc(pool, sizeof *s);
    s->pool = pool;
    s->from.pool = pool;
    return s;
}

static void open_socket(peer *s, int family, int type)
{
    require_ok(apr_socket_create(&s->socket, family, type, 0, s->pool));
    if (microseconds >= 0)
        require_ok(apr_socket_timeout_set(s->socket, microseconds));
}

static apr_sockaddr_t *loopback(peer *s, int port)
{
    apr_sockaddr_t *a;

    require_ok(apr_sockaddr_info_get(&a, "127.0.0.1", APR_INET, (apr_port_t)port, 0, s->pool));
    return a;
}

peer *peer_listen(int *port)
{
    peer *s = made();
    apr_sockaddr_t *a;

    open_socket(s, APR_INET, SOCK_STREAM);
    require_ok(apr_socket_bind(s->socket, loopback(s, *port)));
    require_ok(apr_socket_listen(s->socket, 128));
    require_ok(apr_socket_addr_get(&a, APR_LOCAL, s->socket));
    *port = a->port;
    return s;
}

peer *peer_accept(peer *listener)
{
    peer *s = made();

    require_ok(apr_socket_accept(&s->socket, listener->socket, s->pool));
    if (microseconds >= 0)
        require_ok(apr_socket_timeout_set(s->socket, microseconds));
    return s;
}

peer *peer_connect(int port)
{
    peer *s = made();

    open_socket(s, APR_INET, SOCK_STREAM);
    require_ok(apr_socket_connect(s->socket, loopback(s, port)));
    return s;
}

peer *peer_connect_to(const char *host, int port)
{
    peer *s = made();
    apr_sockaddr_t *a;

    require_ok(apr_sockaddr_info_get(&a, host, APR_UNSPEC, (apr_port_t)port, 0, s->pool));
    for (; a; a = a->next) {
        open_socket(s, a->family, SOCK_STREAM);
        if (apr_socket_connect(s->socket, a) == APR_SUCCESS)
            return s;
        apr_socket_close(s->socket);
    }
    exit(1);
}

peer *peer_datagrams(int to)
{
    peer *s = made();

    open_socket(s, APR_INET, SOCK_DGRAM);
    require_ok(apr_socket_bind(s->socket, loopback(s, 0)));
    s->to = loopback(s, to);
    return s;
}

void peer_close(peer *s)
{
    apr_socket_close(s->socket);
    apr_pool_destroy(s->pool);
}

static long counted(apr_status_t status, apr_size_t n)
{
    return status == APR_SUCCESS ? (long)n : -1;
}

long peer_receive(peer *s, void *data, size_t size)
{
    apr_size_t n = size;
    apr_status_t status = apr_socket_recv(s->socket, data, &n);

    return counted(status, n);
}

long peer_send(peer *s, const void *data, size_t size)
{
    apr_size_t n = size;
    apr_status_t status = apr_socket_send(s->socket, data, &n);

    return counted(status, n);
}

long peer_receive_from(peer *s, void *data, size_t size)
{
    apr_size_t n = size;
    apr_status_t status = apr_socket_recvfrom(&s->from, s->socket, 0, data, &n);

    return counted(status, n);
}

long peer_send_to(peer *s, const void *data, size_t size)
{
    apr_size_t n = size;
    apr_status_t status = apr_socket_sendto(s->socket, s->to, 0, data, &n);

    return counted(status, n);
}

void peer_dont_wait(peer *s)
{
    require_ok(apr_socket_timeout_set(s->socket, 0));
}

peer_handle peer_handle_of(peer *s)
{
    apr_os_sock_t handle;

    require_ok(apr_os_sock_get(&handle, s->socket));
    return handle;
}

bool peer_look_up(const char *host)
{
    apr_pool_t *pool;
    apr_sockaddr_t *a;

    require_ok(apr_pool_create(&pool, root));
    require_ok(apr_sockaddr_info_get(&a, host, APR_INET, 80, 0, pool));
    apr_pool_destroy(pool);
    return true;
}
