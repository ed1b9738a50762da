/*
 * One workload, done by the raw system calls or by portsock, N times: bench/run.py counts its
 * system calls and instructions, and compares the two in one run.
 *
 *   transfer WORKLOAD raw|portsock TIMEOUT N      TIMEOUT: seconds, 0 non-blocking, "none"
 *   blocking
 *
 * The far end is in the same process, so that nothing ever has to wait:
 *   stream    send 64 bytes and receive them, over TCP
 *   datagram  sendto and recvfrom of 64 bytes, over UDP
 *   empty     a non-blocking receive with nothing there
 *   connect   socket, connect, accept, close, close
 *   create    socket and close
 *   sendall   send 64 KiB and receive them raw
 *   literal   create_connection to the text of an address, accept, close, close
 *   addresses getaddrinfo of such a text, and freeaddrinfo; raw: no more than a call of a function
 *   names     getaddrinfo of a name within the timeout; raw: without one
 *   sendmany  send 50 datagrams of 1,200 bytes to a socket that coalesces; raw: one by one
 *   sendplain the same to one that does not
 *   recvmany  receive 50 such datagrams on a socket that coalesces; raw: one by one
 */
#define _GNU_SOURCE
#include <portsock.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { SMALL = 64, LARGE = 65536 };

typedef struct endpoints {
    ps_sock near;
    ps_sock far;
    ps_sock listener;
    ps_addr address;
} endpoints;

static char buffer[LARGE];

static void check(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "transfer: %s failed (errno %d)\n", what, errno);
        exit(1);
    }
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void listen_on_loopback(endpoints *e)
{
    check(ps_socket(&e->listener, AF_INET, SOCK_STREAM, 0) == 0, "socket");
    check(ps_addr_inet(&e->address, "127.0.0.1", 0) == 0, "address");
    check(ps_bind(&e->listener, &e->address) == 0, "bind");
    check(ps_listen(&e->listener, 128) == 0, "listen");
    check(ps_getsockname(&e->listener, &e->address) == 0, "getsockname");
}

static void connect_streams(endpoints *e)
{
    listen_on_loopback(e);
    check(ps_socket(&e->near, AF_INET, SOCK_STREAM, 0) == 0, "socket");
    check(ps_connect(&e->near, &e->address) == 0, "connect");
    check(ps_accept(&e->listener, &e->far, NULL) == 0, "accept");
}

static void bind_datagrams(endpoints *e)
{
    check(ps_socket(&e->near, AF_INET, SOCK_DGRAM, 0) == 0, "socket");
    check(ps_addr_inet(&e->address, "127.0.0.1", 0) == 0, "address");
    check(ps_bind(&e->near, &e->address) == 0, "bind");
    check(ps_getsockname(&e->near, &e->address) == 0, "getsockname");
}

static void stream_raw(endpoints *e, long n)
{
    int near = ps_fileno(&e->near), far = ps_fileno(&e->far);

    while (n-- > 0) {
        check(send(near, buffer, SMALL, MSG_NOSIGNAL) == SMALL, "send");
        check(recv(far, buffer, SMALL, 0) == SMALL, "recv");
    }
}

static void stream_portsock(endpoints *e, long n)
{
    while (n-- > 0) {
        check(ps_send(&e->near, buffer, SMALL, 0) == SMALL, "ps_send");
        check(ps_recv(&e->far, buffer, SMALL, 0) == SMALL, "ps_recv");
    }
}

static void datagram_raw(endpoints *e, long n)
{
    int near = ps_fileno(&e->near);

    while (n-- > 0) {
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        check(sendto(near, buffer, SMALL, MSG_NOSIGNAL, &e->address.sa, e->address.len) == SMALL,
              "sendto");
        check(recvfrom(near, buffer, SMALL, 0, (struct sockaddr *)&from, &length) == SMALL,
              "recvfrom");
    }
}

static void datagram_portsock(endpoints *e, long n)
{
    while (n-- > 0) {
        ps_addr from;
        check(ps_sendto(&e->near, buffer, SMALL, 0, &e->address) == SMALL, "ps_sendto");
        check(ps_recvfrom(&e->near, buffer, SMALL, 0, &from) == SMALL, "ps_recvfrom");
    }
}

static void empty_raw(endpoints *e, long n)
{
    int far = ps_fileno(&e->far);

    while (n-- > 0)
        check(recv(far, buffer, SMALL, MSG_DONTWAIT) < 0 && errno == EWOULDBLOCK, "recv");
}

static void empty_portsock(endpoints *e, long n)
{
    while (n-- > 0)
        check(ps_recv(&e->far, buffer, SMALL, 0) == PS_EWOULDBLOCK, "ps_recv");
}

/* With a timeout raw C needs a non-blocking socket and one poll, too. */
static int connect_raw_once(const endpoints *e, bool nonblocking)
{
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);

    if (connect(s, &e->address.sa, e->address.len) < 0) {
        struct pollfd entry = {.fd = s, .events = POLLOUT};
        check(errno == EINPROGRESS && poll(&entry, 1, 5000) == 1 && entry.revents == POLLOUT,
              "connect");
    }
    return s;
}

static void connect_raw(endpoints *e, long n)
{
    bool nonblocking = ps_getdefaulttimeout() != PS_NO_TIMEOUT;

    while (n-- > 0) {
        int near = connect_raw_once(e, nonblocking);
        int far = accept4(ps_fileno(&e->listener), NULL, NULL,
                          SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
        check(far >= 0, "accept4");
        close(near);
        close(far);
    }
}

static void connect_portsock(endpoints *e, long n)
{
    while (n-- > 0) {
        ps_sock near, far;
        check(ps_socket(&near, AF_INET, SOCK_STREAM, 0) == 0, "ps_socket");
        check(ps_connect(&near, &e->address) == 0, "ps_connect");
        check(ps_accept(&e->listener, &far, NULL) == 0, "ps_accept");
        ps_close(&near);
        ps_close(&far);
    }
}

/* What a program writes that needs no more than this: the address as a number. */
static void literal_raw(endpoints *e, long n)
{
    connect_raw(e, n);
}

static void literal_portsock(endpoints *e, long n)
{
    int port = ps_addr_port(&e->address);

    while (n-- > 0) {
        ps_sock near;
        int far;
        check(ps_create_connection(&near, "127.0.0.1", port, PS_DEFAULT_TIMEOUT, NULL) == 0,
              "ps_create_connection");
        far = accept4(ps_fileno(&e->listener), NULL, NULL, SOCK_CLOEXEC);
        check(far >= 0, "accept4");
        ps_close(&near);
        close(far);
    }
}

static void addresses_raw(endpoints *e, long n)
{
    (void)e;
    while (n-- > 0)
        check(ps_htons(80) != 0, "ps_htons");
}

static void addresses_portsock(endpoints *e, long n)
{
    ps_addrinfo *list;

    (void)e;
    while (n-- > 0) {
        check(ps_getaddrinfo("127.0.0.1", "80", AF_UNSPEC, SOCK_STREAM, 0, 0, &list) == 0,
              "ps_getaddrinfo");
        ps_freeaddrinfo(list);
    }
}

static void look_up(double timeout)
{
    ps_addrinfo *list;

    check(ps_getaddrinfo_within("localhost", "80", AF_INET, SOCK_STREAM, 0, 0, timeout, NULL,
                                &list) == 0,
          "ps_getaddrinfo_within");
    ps_freeaddrinfo(list);
}

static void names_raw(endpoints *e, long n)
{
    (void)e;
    while (n-- > 0)
        look_up(PS_NO_TIMEOUT);
}

static void names_portsock(endpoints *e, long n)
{
    (void)e;
    while (n-- > 0)
        look_up(PS_DEFAULT_TIMEOUT);
}

static void create_raw(endpoints *e, long n)
{
    int flags = SOCK_CLOEXEC | (ps_getdefaulttimeout() != PS_NO_TIMEOUT ? SOCK_NONBLOCK : 0);

    (void)e;
    while (n-- > 0) {
        int s = socket(AF_INET, SOCK_STREAM | flags, 0);
        check(s >= 0, "socket");
        close(s);
    }
}

static void create_portsock(endpoints *e, long n)
{
    (void)e;
    while (n-- > 0) {
        ps_sock s;
        check(ps_socket(&s, AF_INET, SOCK_STREAM, 0) == 0, "ps_socket");
        ps_close(&s);
    }
}

static void drain(int far)
{
    size_t got = 0;

    while (got < LARGE) {
        ssize_t count = recv(far, buffer, sizeof buffer, MSG_WAITALL);
        check(count > 0, "recv");
        got += (size_t)count;
    }
}

static void sendall_raw(endpoints *e, long n)
{
    while (n-- > 0) {
        check(send(ps_fileno(&e->near), buffer, LARGE, MSG_NOSIGNAL) == LARGE, "send");
        drain(ps_fileno(&e->far));
    }
}

static void sendall_portsock(endpoints *e, long n)
{
    while (n-- > 0) {
        check(ps_sendall(&e->near, buffer, LARGE, 0, NULL) == 0, "ps_sendall");
        drain(ps_fileno(&e->far));
    }
}

/* ---- batches --------------------------------------------------------------------------------- */

enum { BATCH = 50, DATAGRAM = 1200 };

static ps_datagram batch[BATCH];
static char batch_bytes[BATCH][DATAGRAM];

/* The time of what is not measured. */
static double spared;

static void open_batches(endpoints *e)
{
    check(ps_socket(&e->far, AF_INET, SOCK_DGRAM, 0) == 0, "socket");
    bind_datagrams(e);
    check(ps_addr_set_port(&e->address, 0) == 0, "port"); /* another one than near's */
    check(ps_bind(&e->far, &e->address) == 0, "bind");
    check(ps_getsockname(&e->far, &e->address) == 0, "getsockname");
    for (int i = 0; i < BATCH; i++) {
        batch[i].data = batch_bytes[i];
        batch[i].size = DATAGRAM;
    }
}

static void send_batch(endpoints *e)
{
    for (int i = 0; i < BATCH; i++) {
        batch[i].info.fields = PS_INFO_SENDER;
        batch[i].info.sender = e->address;
    }
    check(ps_sendmany(&e->near, batch, BATCH, 0) == BATCH, "ps_sendmany");
}

static void receive_batch(endpoints *e)
{
    ptrdiff_t done = 0;

    while (done < BATCH) {
        ptrdiff_t count = ps_recvmany(&e->far, batch + done, (size_t)(BATCH - done), 0);
        check(count > 0, "ps_recvmany");
        done += count;
    }
}

static void send_raw_batch(endpoints *e)
{
    for (int i = 0; i < BATCH; i++)
        check(sendto(ps_fileno(&e->near), batch_bytes[i], DATAGRAM, MSG_NOSIGNAL, &e->address.sa,
                     e->address.len) == DATAGRAM,
              "sendto");
}

static void receive_raw_batch(endpoints *e)
{
    for (int i = 0; i < BATCH; i++)
        check(recv(ps_fileno(&e->far), batch_bytes[i], DATAGRAM, 0) == DATAGRAM, "recv");
}

static void measure_first(endpoints *e, long n, void (*first)(endpoints *e),
                          void (*second)(endpoints *e))
{
    while (n-- > 0) {
        double start;

        first(e);
        start = now();
        second(e);
        spared += now() - start;
    }
}

static void measure_second(endpoints *e, long n, void (*first)(endpoints *e),
                           void (*second)(endpoints *e))
{
    while (n-- > 0) {
        double start = now();

        first(e);
        spared += now() - start;
        second(e);
    }
}

static void sendmany_raw(endpoints *e, long n)
{
    measure_first(e, n, send_raw_batch, receive_raw_batch);
}

static void sendmany_portsock(endpoints *e, long n)
{
    check(ps_coalesce(&e->far) == 0, "ps_coalesce");
    measure_first(e, n, send_batch, receive_batch);
}

static void sendplain_portsock(endpoints *e, long n)
{
    measure_first(e, n, send_batch, receive_batch);
}

static void recvmany_raw(endpoints *e, long n)
{
    measure_second(e, n, send_raw_batch, receive_raw_batch);
}

static void recvmany_portsock(endpoints *e, long n)
{
    check(ps_coalesce(&e->far) == 0, "ps_coalesce");
    measure_second(e, n, send_batch, receive_batch);
}

static const struct workload {
    const char *name;
    void (*prepare)(endpoints *e);
    void (*raw)(endpoints *e, long n);
    void (*portsock)(endpoints *e, long n);
} workloads[] = {
    {"stream", connect_streams, stream_raw, stream_portsock},
    {"datagram", bind_datagrams, datagram_raw, datagram_portsock},
    {"empty", connect_streams, empty_raw, empty_portsock},
    {"connect", listen_on_loopback, connect_raw, connect_portsock},
    {"create", listen_on_loopback, create_raw, create_portsock},
    {"sendall", connect_streams, sendall_raw, sendall_portsock},
    {"literal", listen_on_loopback, literal_raw, literal_portsock},
    {"addresses", listen_on_loopback, addresses_raw, addresses_portsock},
    {"names", listen_on_loopback, names_raw, names_portsock},
    {"sendmany", open_batches, sendmany_raw, sendmany_portsock},
    {"sendplain", open_batches, sendmany_raw, sendplain_portsock},
    {"recvmany", open_batches, recvmany_raw, recvmany_portsock},
};

int main(int argc, char **argv)
{
    endpoints e = {PS_SOCK_INIT, PS_SOCK_INIT, PS_SOCK_INIT, {.len = 0}};
    size_t i;

    if (argc != 5) {
        fprintf(stderr, "usage: transfer WORKLOAD raw|portsock TIMEOUT|none N\n");
        return 2;
    }
    for (i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
        if (strcmp(workloads[i].name, argv[1]) == 0) {
            bool raw = strcmp(argv[2], "raw") == 0;
            double timeout = strcmp(argv[3], "none") == 0 ? PS_NO_TIMEOUT : atof(argv[3]);
            long n = atol(argv[4]);
            double start;
            workloads[i].prepare(&e);
            check(ps_setdefaulttimeout(timeout) == 0, "ps_setdefaulttimeout");
            if (e.near.handle != PS_INVALID_HANDLE)
                check(ps_settimeout(&e.near, timeout) == 0, "ps_settimeout");
            if (e.far.handle != PS_INVALID_HANDLE)
                check(ps_settimeout(&e.far, timeout) == 0, "ps_settimeout");
            start = now();
            (raw ? workloads[i].raw : workloads[i].portsock)(&e, n);
            printf("%.1f\n", (now() - start - spared) / (double)n);
            return 0;
        }
    }
    fprintf(stderr, "transfer: no workload \"%s\"\n", argv[1]);
    return 2;
}
