/*
 * Sends or receives datagrams of 64 bytes to and from one peer, N batches of 64.
 *
 *   batch WAY N
 *
 * Prints the nanoseconds of one datagram, and the processor's time of it. What is sent is discarded
 * by the system; what is received was sent before, all by one call, whose time does not count. Exit
 * status 77: the library or the system has no such way.
 */
#include "batch.h"

#include "../workload/workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static endpoints e;

static const struct way *find(const struct way *ways, const char *name)
{
    for (; ways->name; ways++)
        if (strcmp(ways->name, name) == 0)
            return ways;
    return NULL;
}

static void open_endpoints(int receive_buffer)
{
    require(ps_socket(&e.near, AF_INET, SOCK_DGRAM, 0) == 0, "socket");
    require(ps_socket(&e.far, AF_INET, SOCK_DGRAM, 0) == 0, "socket");
    require(ps_setsockopt_int(&e.far, SOL_SOCKET, SO_RCVBUF, receive_buffer) == 0, "buffer");
    require(ps_addr_inet(&e.to, "127.0.0.1", 0) == 0, "address");
    require(ps_bind(&e.far, &e.to) == 0 && ps_getsockname(&e.far, &e.to) == 0, "bind");
}

static void run_sending(const struct way *way, long n)
{
    long i;

    begin();
    for (i = 0; i < n; i++)
        way->run(&e);
    end(n * BATCH);
}

static void run_receiving(const struct way *way, long n)
{
    double time = 0, processor = 0;
    long i;

    for (i = 0; i < n; i++) {
        double start, processor_start;
        send_segments(&e);
        processor_start = processor_now();
        start = clock_now();
        way->run(&e);
        time += clock_now() - start;
        processor += processor_now() - processor_start;
    }
    printf("%.2f %.2f\n", time / (double)(n * BATCH), processor / (double)(n * BATCH));
}

int main(int argc, char **argv)
{
    const struct way *sending, *receiving;

    require(argc == 3, "usage: batch WAY N:");
    sending = find(sending_ways, argv[1]);
    receiving = find(receiving_ways, argv[1]);
    if (!sending && !receiving)
        not_offered();
    open_endpoints(sending ? 2048 : 1 << 20);
    if (receiving && receiving->prepare)
        receiving->prepare(&e);
    if (sending)
        run_sending(sending, atol(argv[2]));
    else
        run_receiving(receiving, atol(argv[2]));
    return 0;
}
