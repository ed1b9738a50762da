/* What the files of captures on Linux share. */
#ifndef PS_CAPTURE_LINUX_H
#define PS_CAPTURE_LINUX_H

#include "capture/backend.h"

#include <linux/if_packet.h>
#include <net/if.h>

/* The ring: memory in blocks, each filled by the kernel with packets, then this side's until it
 * is released. */
typedef struct ps__ring {
    unsigned char *memory; /* NULL: no ring */
    size_t block_size;
    unsigned block_count;
    unsigned current; /* the block that is read, or will be next */
    bool owned;       /* whether it is this side's */
    unsigned left;    /* packets of it that were not returned so far */
    unsigned char *next;
} ps__ring;

/* Without a ring: memory for one packet and what is put before it. */
typedef struct ps__plain {
    unsigned char *memory;
    size_t size;
} ps__plain;

struct ps__sys_capture {
    ps_sock socket;
    ps__ring ring;
    ps__plain plain;
    unsigned index;
    bool cooked;
    int link_type;
    size_t snap_length;
    bool bound;
    int failure;       /* the interface's end, reported after the packets before it, */
    double failure_at; /* and not before this time on ps_monotonic */
    bool down;         /* it was reported that the interface is switched off */

    ps_filter_instruction *program; /* the kernel's, for packets that came before it; NULL: none */
    size_t program_count;
    /* that may contain packets which did not pass it; without a ring 1 or 0 */
    unsigned stale_blocks;

    uint64_t received;
    uint64_t dropped;
    uint64_t interface_dropped_before;
    /* packets or blocks until the kernel's counts must be summed up, before they overflow */
    uint64_t until_sum;
    char name[IF_NAMESIZE];
};

/* A packet as it came, with space for a header in front. */
typedef struct ps__arrival {
    unsigned char *data;
    size_t length;
    size_t original_length;
    const struct sockaddr_ll *from;
    int64_t time_ns;
    bool tagged; /* the kernel took a VLAN tag off */
    uint16_t tag;
    uint16_t tag_protocol;
} ps__arrival;

enum {
    PS__HEADROOM = 32,     /* above a cooked header and a VLAN tag */
    PS__BLOCK_TIMEOUT = 10 /* milliseconds after which a block that is not full is handed over */
};

/* Makes a packet of an arrival. Returns false for one to pass over: loopback's second copy, or
 * refused by the filter. */
bool ps__arrival_to_packet(ps__sys_capture *c, ps__arrival *a, ps_packet *packet);

/* Sets an option of the socket. */
int ps__set_option(const ps__sys_capture *c, int level, int name, const void *value,
                   socklen_t size);

/* Adds the kernel's counts, which it resets, to the capture's. */
int ps__sum_statistics(ps__sys_capture *c);

/* The ring (linux_ring.c). ps__ring_open fails where the kernel has no such ring. */
int ps__ring_open(ps__sys_capture *c, size_t buffer_size);
int ps__ring_next(ps__sys_capture *c, ps_packet *packet);
void ps__ring_close(ps__ring *r);

/* Without a ring (linux_plain.c). */
int ps__plain_open(ps__sys_capture *c, size_t buffer_size);
int ps__plain_next(ps__sys_capture *c, ps_packet *packet);
void ps__plain_close(ps__plain *p);

#endif
