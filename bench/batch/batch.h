/* Ways to send and to receive batches of datagrams, on plain handles and on a ps_sock. */
#ifndef BENCH_BATCH_H
#define BENCH_BATCH_H

#include <portsock.h>

/* A batch: as many datagrams of one size as one system call may send or receive at once. */
enum { DATAGRAM = 64, BATCH = 64 };

typedef struct endpoints {
    ps_sock near;
    ps_sock far;
    ps_addr to; /* far's */
    char data[BATCH][DATAGRAM];
} endpoints;

struct way {
    const char *name;
    void (*prepare)(endpoints *e); /* NULL: nothing to do */
    void (*run)(endpoints *e);     /* a whole batch */
};

/* The ways of each kind, up to one without a name. */
extern const struct way sending_ways[];
extern const struct way receiving_ways[];

/* One call of the system: UDP_SEGMENT. */
void send_segments(endpoints *e);

#endif
