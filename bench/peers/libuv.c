/*
 * libuv. It has no blocking calls: each operation turns the loop until its callback has run. Reads
 * stay started, sends try uv_try_write first, and a timeout is a timer for each wait.
 */
#include "peer.h"

#include <uv.h>

#include <stdlib.h>
#include <string.h>

struct peer {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_udp_t udp;
    } u;
    uv_timer_t timer;
    uv_connect_t connecting;
    uv_write_t writing;
    struct sockaddr_in to;
    char *data; /* where a receive in progress puts what comes; NULL: there is none */
    size_t size;
    long got;
    int waiting_connections;
    int open_handles;
    bool done;
    bool waits;
};

static uv_loop_t *loop;
static double seconds;

static void require_ok(int code)
{
    if (code < 0)
        exit(1);
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in a;

    require_ok(uv_ip4_addr("127.0.0.1", port, &a));
    return a;
}

void peer_start(double timeout)
{
    loop = uv_default_loop();
    seconds = timeout;
}

static peer *made(void)
{
    peer *s = calloc(1, sizeof *s);

    if (!s)
        exit(1);
    s->waits = true;
    if (seconds >= 0) {
        require_ok(uv_timer_init(loop, &s->timer));
        s->timer.data = s;
    }
    return s;
}

static void when_time_is_over(uv_timer_t *timer)
{
    (void)timer;
    exit(1);
}

static void wait_until_done(peer *s)
{
    s->done = false;
    if (seconds >= 0)
        uv_timer_start(&s->timer, when_time_is_over, (uint64_t)(seconds * 1000), 0);
    while (!s->done)
        uv_run(loop, UV_RUN_ONCE);
    if (seconds >= 0)
        uv_timer_stop(&s->timer);
}

static void when_connection_waits(uv_stream_t *listener, int status)
{
    peer *s = listener->data;

    require_ok(status);
    s->waiting_connections++;
    s->done = true;
}

static void when_connected(uv_connect_t *request, int status)
{
    peer *s = request->data;

    s->got = status;
    s->done = true;
}

static void when_written(uv_write_t *request, int status)
{
    peer *s = request->data;

    require_ok(status);
    s->done = true;
}

static void give_buffer(uv_handle_t *handle, size_t size, uv_buf_t *where)
{
    peer *s = handle->data;

    (void)size;
    *where = uv_buf_init(s->data, s->data ? (unsigned)s->size : 0);
}

static void received(peer *s, long n)
{
    s->got = n;
    s->data = NULL;
    s->done = true;
}

static void when_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *where)
{
    (void)where;
    if (n != 0 && n != UV_ENOBUFS)
        received(stream->data, n);
}

static void when_datagram(uv_udp_t *udp, ssize_t n, const uv_buf_t *where,
                          const struct sockaddr *from, unsigned flags)
{
    (void)where;
    (void)flags;
    if (from)
        received(udp->data, n);
}

static peer *opened_stream(void)
{
    peer *s = made();

    require_ok(uv_tcp_init(loop, &s->u.tcp));
    s->u.handle.data = s;
    return s;
}

peer *peer_listen(int *port)
{
    peer *s = opened_stream();
    struct sockaddr_in a = loopback(*port);
    int length = sizeof a;

    require_ok(uv_tcp_bind(&s->u.tcp, (const struct sockaddr *)&a, 0));
    require_ok(uv_listen(&s->u.stream, 128, when_connection_waits));
    require_ok(uv_tcp_getsockname(&s->u.tcp, (struct sockaddr *)&a, &length));
    *port = ntohs(a.sin_port);
    return s;
}

peer *peer_accept(peer *listener)
{
    peer *s = opened_stream();

    while (listener->waiting_connections == 0)
        wait_until_done(listener);
    listener->waiting_connections--;
    require_ok(uv_accept(&listener->u.stream, &s->u.stream));
    return s;
}

static peer *connected(const struct sockaddr *address)
{
    peer *s = opened_stream();

    s->connecting.data = s;
    require_ok(uv_tcp_connect(&s->connecting, &s->u.tcp, address, when_connected));
    wait_until_done(s);
    if (s->got == 0) {
        require_ok(uv_read_start(&s->u.stream, give_buffer, when_read));
        return s;
    }
    peer_close(s);
    return NULL;
}

peer *peer_connect(int port)
{
    struct sockaddr_in a = loopback(port);

    return connected((const struct sockaddr *)&a);
}

static void set_port(struct sockaddr *address, int port)
{
    if (address->sa_family == AF_INET6)
        ((struct sockaddr_in6 *)address)->sin6_port = htons((uint16_t)port);
    else
        ((struct sockaddr_in *)address)->sin_port = htons((uint16_t)port);
}

/* Without a callback uv_getaddrinfo is a plain call. */
static peer *connect_to_name(const char *host, int port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *each;
    uv_getaddrinfo_t request;
    peer *s = NULL;

    require_ok(uv_getaddrinfo(loop, &request, NULL, host, NULL, &hints));
    for (each = request.addrinfo; each && !s; each = each->ai_next) {
        set_port(each->ai_addr, port);
        s = connected(each->ai_addr);
    }
    uv_freeaddrinfo(request.addrinfo);
    return s;
}

peer *peer_connect_to(const char *host, int port)
{
    struct sockaddr_in a;

    if (uv_ip4_addr(host, port, &a) == 0)
        return connected((const struct sockaddr *)&a);
    return connect_to_name(host, port);
}

peer *peer_datagrams(int to)
{
    peer *s = made();
    struct sockaddr_in a = loopback(0);

    s->to = loopback(to);
    require_ok(uv_udp_init(loop, &s->u.udp));
    s->u.handle.data = s;
    require_ok(uv_udp_bind(&s->u.udp, (const struct sockaddr *)&a, 0));
    require_ok(uv_udp_recv_start(&s->u.udp, give_buffer, when_datagram));
    return s;
}

static void when_closed(uv_handle_t *handle)
{
    ((peer *)handle->data)->open_handles--;
}

void peer_close(peer *s)
{
    s->open_handles = 1;
    uv_close(&s->u.handle, when_closed);
    if (seconds >= 0) {
        s->open_handles++;
        uv_close((uv_handle_t *)&s->timer, when_closed);
    }
    while (s->open_handles > 0)
        uv_run(loop, UV_RUN_NOWAIT);
    free(s);
}

static long receive(peer *s, void *data, size_t size)
{
    s->data = data;
    s->size = size;
    if (s->waits) {
        wait_until_done(s);
        return s->got;
    }
    s->done = false;
    uv_run(loop, UV_RUN_NOWAIT);
    return s->done ? s->got : -1;
}

long peer_receive(peer *s, void *data, size_t size)
{
    return receive(s, data, size);
}

static long write_in_loop(peer *s, const uv_buf_t *what)
{
    s->writing.data = s;
    require_ok(uv_write(&s->writing, &s->u.stream, what, 1, when_written));
    wait_until_done(s);
    return (long)what->len;
}

long peer_send(peer *s, const void *data, size_t size)
{
    uv_buf_t what = uv_buf_init((char *)data, (unsigned)size);
    int n = uv_try_write(&s->u.stream, &what, 1);

    return n == UV_EAGAIN ? write_in_loop(s, &what) : n;
}

long peer_receive_from(peer *s, void *data, size_t size)
{
    return receive(s, data, size);
}

long peer_send_to(peer *s, const void *data, size_t size)
{
    uv_buf_t what = uv_buf_init((char *)data, (unsigned)size);

    return uv_udp_try_send(&s->u.udp, &what, 1, (const struct sockaddr *)&s->to);
}

void peer_dont_wait(peer *s)
{
    s->waits = false;
}

peer_handle peer_handle_of(peer *s)
{
    uv_os_fd_t handle;

    require_ok(uv_fileno(&s->u.handle, &handle));
    return handle;
}

bool peer_parse(const char *text)
{
    unsigned char packed[4];

    return uv_inet_pton(AF_INET, text, packed) == 0;
}

bool peer_format(const unsigned char packed[4], char *text, size_t size)
{
    return uv_inet_ntop(AF_INET, packed, text, size) == 0;
}

bool peer_look_up(const char *host)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    uv_getaddrinfo_t request;

    require_ok(uv_getaddrinfo(loop, &request, NULL, host, "80", &hints));
    uv_freeaddrinfo(request.addrinfo);
    return true;
}
