/*
 * What a call costs in portsock itself: send, recv, sendto and recvfrom are functions of this
 * program that do nothing, which portsock then calls.
 *
 *   call alone|threads|shared   in a process with one thread, or with two; or in one in which
 *                               another thread was the first to use the sockets
 *
 * For each function a line: its name, the nanoseconds of the function that does nothing, and how
 * many more the call of portsock takes. Both are measured in turn, in short parts; the medians.
 */
#define _POSIX_C_SOURCE 200809L
#include <portsock.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 1000, PARTS = 2000, SIZE = 64 };

static ps_sock stream, datagrams;
static ps_addr address;
static char data[SIZE];
static bool is_empty;
static volatile ptrdiff_t result;

static ptrdiff_t answer(size_t n)
{
    if (is_empty) {
        errno = EAGAIN;
        return -1;
    }
    return (ptrdiff_t)n;
}

__attribute__((noinline)) ssize_t send(int s, const void *from, size_t n, int flags)
{
    (void)s;
    (void)from;
    (void)flags;
    return answer(n);
}

__attribute__((noinline)) ssize_t recv(int s, void *to, size_t n, int flags)
{
    (void)s;
    (void)to;
    (void)flags;
    return answer(n);
}

__attribute__((noinline)) ssize_t sendto(int s, const void *from, size_t n, int flags,
                                         const struct sockaddr *to, socklen_t length)
{
    (void)s;
    (void)from;
    (void)flags;
    (void)to;
    (void)length;
    return answer(n);
}

__attribute__((noinline)) ssize_t recvfrom(int s, void *restrict to, size_t n, int flags,
                                           struct sockaddr *restrict from,
                                           socklen_t *restrict length)
{
    (void)s;
    (void)to;
    (void)flags;
    from->sa_family = AF_INET;
    *length = sizeof(struct sockaddr_in);
    return answer(n);
}

static void send_raw(void)
{
    result = send(ps_fileno(&stream), data, SIZE, 0);
}

static void send_portsock(void)
{
    result = ps_send(&stream, data, SIZE, 0);
}

static void receive_raw(void)
{
    result = recv(ps_fileno(&stream), data, SIZE, 0);
}

static void receive_portsock(void)
{
    result = ps_recv(&stream, data, SIZE, 0);
}

static void send_to_raw(void)
{
    result = sendto(ps_fileno(&datagrams), data, SIZE, 0, &address.sa, address.len);
}

static void send_to_portsock(void)
{
    result = ps_sendto(&datagrams, data, SIZE, 0, &address);
}

static void receive_from_raw(void)
{
    struct sockaddr_in from;
    socklen_t length = sizeof from;

    result = recvfrom(ps_fileno(&datagrams), data, SIZE, 0, (struct sockaddr *)&from, &length);
}

static void receive_from_portsock(void)
{
    ps_addr from;

    result = ps_recvfrom(&datagrams, data, SIZE, 0, &from);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, PARTS, sizeof *values, compare);
    return values[PARTS / 2];
}

/* The loops are parts of each measurement, so that no call through a pointer is in them. */
#define TIME_OF(call)                   \
    static double time_of_##call(void)  \
    {                                   \
        double start = now();           \
        int i;                          \
        for (i = 0; i < CALLS; i++)     \
            call();                     \
        return (now() - start) / CALLS; \
    }

TIME_OF(send_raw)
TIME_OF(send_portsock)
TIME_OF(receive_raw)
TIME_OF(receive_portsock)
TIME_OF(send_to_raw)
TIME_OF(send_to_portsock)
TIME_OF(receive_from_raw)
TIME_OF(receive_from_portsock)

static void measure(const char *name, double (*raw)(void), double (*portsock)(void))
{
    static double alone[PARTS], above[PARTS];
    int i;

    for (i = 0; i < PARTS; i++) {
        alone[i] = raw();
        above[i] = portsock() - alone[i];
    }
    printf("%s %.2f %.2f\n", name, median(alone), median(above));
}

static void *wait_forever(void *unused)
{
    (void)unused;
    for (;;)
        pause();
    return NULL;
}

static void *use_first(void *unused)
{
    (void)unused;
    send_portsock();
    receive_portsock();
    send_to_portsock();
    receive_from_portsock();
    return NULL;
}

static bool start_threads(bool shared)
{
    pthread_t thread;

    return (!shared || (pthread_create(&thread, NULL, use_first, NULL) == 0 &&
                        pthread_join(thread, NULL) == 0)) &&
           pthread_create(&thread, NULL, wait_forever, NULL) == 0;
}

static bool prepare(const char *how)
{
    return ps_socket(&stream, AF_INET, SOCK_STREAM, 0) == 0 &&
           ps_socket(&datagrams, AF_INET, SOCK_DGRAM, 0) == 0 && ps_settimeout(&stream, 0) == 0 &&
           ps_settimeout(&datagrams, 0) == 0 && ps_addr_inet(&address, "127.0.0.1", 7006) == 0 &&
           (strcmp(how, "alone") == 0 || start_threads(strcmp(how, "shared") == 0));
}

int main(int argc, char **argv)
{
    if (argc != 2 || !prepare(argv[1])) {
        fprintf(stderr, "usage: call alone|threads|shared\n");
        return 2;
    }
    measure("send", time_of_send_raw, time_of_send_portsock);
    measure("recv", time_of_receive_raw, time_of_receive_portsock);
    measure("sendto", time_of_send_to_raw, time_of_send_to_portsock);
    measure("recvfrom", time_of_receive_from_raw, time_of_receive_from_portsock);
    is_empty = true;
    measure("recv_empty", time_of_receive_raw, time_of_receive_portsock);
    return 0;
}
