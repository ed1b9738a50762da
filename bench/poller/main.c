/*
 * Waits for one or some of many sockets, N times, and receives a byte from each that has one.
 *
 *   poller WAY SOCKETS READY N      N: how many bytes in all
 *
 * Prints the nanoseconds of one byte, which includes its send, the processor's time of it, and the
 * bytes of the heap that a registered socket takes. The sockets are ends of pairs; the last hundred
 * of them are those that are sent to, in turn. Where a process may not have both ends of so many,
 * children have the others of the idle ones. Exit status 77: this system has no such way, or does
 * not allow so many sockets.
 */
#include "poller.h"

#include "../workload/workload.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifndef _WIN32
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

enum { ACTIVE = 100, OWN_HANDLES = 50, MOST_CHILDREN = 200 };

static ps_sock *near_ends, *far_ends;

static const struct way *find(const struct way *ways, const char *name)
{
    for (; ways->name; ways++)
        if (strcmp(ways->name, name) == 0)
            return ways;
    return NULL;
}

/* How many handles the process may have besides those of the sockets that it waits for. */
static int spare_handles(int sockets)
{
#ifdef _WIN32
    (void)sockets;
    return INT_MAX;
#else
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_max > INT_MAX ? sockets : (int)limit.rlim_max - sockets - OWN_HANDLES;
#endif
}

#ifdef _WIN32
static void give_to_child(ps_sock *sockets, int count)
{
    (void)sockets;
    (void)count;
}

static void end_children(void)
{
}
#else
static pid_t children[MOST_CHILDREN];
static int child_count;

/* A child keeps these sockets open, and they are closed here. */
static void give_to_child(ps_sock *sockets, int count)
{
    pid_t child = fork();
    int i;

    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    require(child > 0 && child_count < MOST_CHILDREN, "fork");
    children[child_count++] = child;
    for (i = 0; i < count; i++)
        ps_close(&sockets[i]);
}

static void end_children(void)
{
    while (child_count > 0) {
        child_count--;
        kill(children[child_count], SIGKILL);
        waitpid(children[child_count], NULL, 0);
    }
}
#endif

static double heap_bytes(void)
{
#ifdef __GLIBC__
    struct mallinfo2 info = mallinfo2();

    return (double)(info.uordblks + info.hblkhd);
#else
    return 0;
#endif
}

static void open_pairs(int count, int spare)
{
    int i, kept = 0;

    near_ends = calloc((size_t)count, sizeof *near_ends);
    far_ends = calloc((size_t)count, sizeof *far_ends);
    require(near_ends && far_ends, "memory");
    for (i = 0; i < count; i++) {
        ps_sock pair[2];
        require(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0) == 0, "pair");
        near_ends[i] = pair[0];
        far_ends[i] = pair[1];
        kept++;
        if (kept == spare - ACTIVE && i < count - ACTIVE) {
            give_to_child(&far_ends[i + 1 - kept], kept);
            kept = 0;
        }
    }
}

static void run(const struct way *way, int sockets, int ready, long n)
{
    int active = sockets < ACTIVE ? sockets : ACTIVE, next = 0;
    long bytes;

    for (bytes = 0; bytes < n; bytes += ready) {
        int i, got = 0;
        for (i = 0; i < ready; i++) {
            far_send((peer_handle)ps_fileno(&far_ends[sockets - 1 - next]), "x", 1);
            next = (next + 1) % active;
        }
        while (got < ready)
            got += way->step();
    }
}

int main(int argc, char **argv)
{
    const struct way *way;
    int sockets, ready, spare;
    long n;
    double heap, time, processor;

    require(argc == 5, "usage: poller WAY SOCKETS READY N:");
    way = find(portsock_ways, argv[1]);
    if (!way)
        way = find(system_ways, argv[1]);
    sockets = atoi(argv[2]);
    ready = atoi(argv[3]);
    n = atol(argv[4]);
    spare = spare_handles(sockets);
    if (!way || spare <= ACTIVE)
        not_offered();
    open_pairs(sockets, spare);
    heap = heap_bytes();
    way->add(near_ends, sockets);
    heap = heap_bytes() - heap;
    run(way, sockets, ready, n / 20 + ready);
    time = clock_now();
    processor = processor_now();
    run(way, sockets, ready, n);
    printf("%.2f %.2f %.1f\n", (clock_now() - time) / (double)n,
           (processor_now() - processor) / (double)n, heap / sockets);
    fflush(stdout);
    end_children();
    _Exit(0);
}
