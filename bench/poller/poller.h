/* Ways to learn which of many sockets have something to receive. */
#ifndef BENCH_POLLER_H
#define BENCH_POLLER_H

#include <portsock.h>

#include <stdbool.h>

enum { MOST_EVENTS = 1024 };

struct way {
    const char *name;
    /* Registers all sockets. The arrays stay where they are. */
    void (*add)(ps_sock *sockets, int count);
    /* Waits, and receives one byte from each socket that has something: how many. */
    int (*step)(void);
};

/* The ways of portsock, and those of the system or of a peer, up to one without a name. */
extern const struct way portsock_ways[];
extern const struct way system_ways[];

void require(bool good, const char *what);

#endif
