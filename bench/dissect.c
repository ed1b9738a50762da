/*
 * What it costs to decode a packet into the struct, and to write its line: nanoseconds, over the
 * packets of the tests that are usual ones. With "--instructions COUNT NAME WHAT" it does one
 * thing COUNT times and prints nothing, for callgrind. bench/dissect.py runs both.
 */
#define _GNU_SOURCE
#include "packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5000, TRIES = 101 };

static const char *const usual[] = {"udp",
                                    "tcp data",
                                    "tcp syn",
                                    "tcp sack",
                                    "vlan",
                                    "ipv6 tcp",
                                    "ipv6 udp",
                                    "icmp echo request",
                                    "icmpv6 echo request",
                                    "arp request",
                                    "icmpv6 port unreachable",
                                    "ipv6 chain of headers"};

/* Processor time of this process. */
static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void decode(const ps_packet *packet, long rounds)
{
    ps_dissection d;
    long i;

    for (i = 0; i < rounds; i++)
        ps_dissect(packet, &d);
}

static void write_line(const ps_packet *packet, long rounds)
{
    char text[PS_DISSECTION_TEXT_MAX];
    ps_dissection d;
    long i;

    ps_dissect(packet, &d);
    for (i = 0; i < rounds; i++)
        ps_dissection_format(packet, &d, text, sizeof text);
}

/* The best of some tries, which other work of the machine disturbs least. */
static double measure(void (*work)(const ps_packet *packet, long rounds), const ps_packet *packet)
{
    double best = 1e18;
    int i;

    for (i = 0; i < TRIES; i++) {
        double begin = now();
        double each;

        work(packet, ROUNDS);
        each = (now() - begin) / ROUNDS;
        if (each < best)
            best = each;
    }
    return best;
}

static ps_packet whole(const char *name)
{
    const test_packet *packet = test_packet_named(name);

    return test_packet_cut(packet, packet->length);
}

int main(int count, char **arguments)
{
    size_t i;

    if (count == 5 && strcmp(arguments[1], "--instructions") == 0) {
        ps_packet packet = whole(arguments[3]);

        (strcmp(arguments[4], "decode") == 0 ? decode : write_line)(&packet, atol(arguments[2]));
        return 0;
    }
    for (i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        ps_packet packet = whole(usual[i]);

        printf("%s,%.1f,%.1f\n", usual[i], measure(decode, &packet), measure(write_line, &packet));
    }
    return 0;
}
