/*
 * The contract between the frontend of captures (src/capture) and a backend (src/posix, src/win32): the part of
 * src/common/backend.h that is about packets. The same rules hold, but that a capture of the system is an
 * object on the heap.
 *
 * CMake picks one file for the captures of a system: src/posix/capture_linux.c (AF_PACKET), src/posix/capture_bpf.c
 * (/dev/bpf), src/win32/capture.c (SIO_RCVALL), or src/common/absent/capture.c.
 */
#ifndef PS_CAPTURE_BACKEND_H
#define PS_CAPTURE_BACKEND_H

#include "common/backend.h"

/* ---- captures ------------------------------------------------------------------------------------------ */

/* What to capture, checked and complete. */
typedef struct ps__capture_setup {
    const char *name;       /* the interface; "any" for all */
    unsigned index;         /* 0: all */
    const ps_addr *address; /* of the interface, for a system that captures by address; NULL: it has none */
    bool loopback;
    bool promiscuous;
    bool immediate;
    size_t snap_length;
    size_t buffer_size;
    unsigned
        directions; /* PS_DIRECTION_*: what is wanted; a hint, since the frontend looks at each packet's direction */
} ps__capture_setup;

typedef struct ps__sys_capture ps__sys_capture;

/* Makes a capture that receives nothing yet, and says its link type. PS_EOPNOTSUPP where there are no captures, or none
 * of all interfaces; PS_EADDRNOTAVAIL where one captures by address and there is none. */
int ps__sys_capture_open(ps__sys_capture **c, const ps__capture_setup *setup, int *link_type);

/* Replaces the kernel's filter; `program` has passed ps_filter_check, and count 0 takes the filter away. Packets that came
 * before must not get past a new filter. PS_EOPNOTSUPP: the kernel cannot, has no filter now, and the frontend looks at
 * each packet itself. */
int ps__sys_capture_filter(ps__sys_capture *c, const ps_filter_instruction *program, size_t count);

/* Lets packets in. Called once. */
int ps__sys_capture_start(ps__sys_capture *c);

/* Gives the next packet if there is one: 0, PS_EWOULDBLOCK, PS_EINTR, or an error. After the packets that came before it, the end
 * of the interface: PS_ENODEV, it is gone; PS_ENETDOWN, it was switched off. The packet's data is valid until the next call on
 * the capture. */
int ps__sys_capture_next(ps__sys_capture *c, ps_packet *packet);

/* What the frontend waits for (ps__sys_wait): readable when there may be packets, or the interface has ended. */
ps_handle ps__sys_capture_handle(const ps__sys_capture *c);

/* How long such a wait may take, in nanoseconds, before ps__sys_capture_look must be asked, since the handle does not tell of
 * everything. PS__FOREVER: it does. */
int64_t ps__sys_capture_pause(const ps__sys_capture *c);

/* After a wait that found `ready` (PS__*) at the handle, or nothing: looks at the interface. 0: ps__sys_capture_next tells. */
int ps__sys_capture_look(ps__sys_capture *c, int ready);

/* The counts since the start. */
int ps__sys_capture_statistics(ps__sys_capture *c, ps_capture_statistics *statistics);

/* Ends a capture; promiscuous mode is off again. */
void ps__sys_capture_close(ps__sys_capture *c);

/* ---- what stands in the way ---------------------------------------------------------------------------- */

enum {
    PS__NEEDS_RAW_CAPABILITY = 1 << 0,  /* Linux: CAP_NET_RAW is not there */
    PS__CONTAINER_WITHOUT_RAW = 1 << 1, /* Linux: and cannot be had, since it is not in the bounding set */
    PS__NEEDS_ADMINISTRATOR = 1 << 2,   /* Windows: raw sockets are refused */
    PS__NEEDS_BPF_RIGHTS = 1 << 3,      /* BSD, macOS: /dev/bpf may not be opened */
    PS__NO_CAPTURES = 1 << 4,           /* the system has none: no AF_PACKET, no /dev/bpf, Wine */
    PS__NO_CAPTURE_OF_ALL = 1 << 5,     /* "any" is Linux' own */
    PS__NEEDS_ADDRESS = 1 << 6,         /* Windows: the interface has no address to bind to */
    PS__LOOPBACK_IS_PARTIAL = 1 << 7,   /* Windows: loopback shows only what is sent to the address bound to */
    PS__FIREWALL_IS_ON = 1 << 8,        /* Windows: it keeps packets from raw sockets */
    PS__WIRELESS_MAY_REFUSE = 1 << 9    /* Windows: drivers that refuse promiscuous mode */
};

/* Which of these hold; `i` is the interface, NULL for all of them (`any`) or an unknown one. */
unsigned ps__sys_capture_obstacles(const ps_interface *i, bool any, bool promiscuous);

#endif
