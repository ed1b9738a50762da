/*
 * The contract between the capture library's common part (src/capture) and its backend
 * (src/posix/capture, src/win32/capture): what is asked of the system. Everything else the library
 * has from portsock's public functions.
 *
 *   - A function is one step of the system. It does not wait and does not retry; how long to go on,
 *     and what is reported to the user, is decided by the common part.
 *   - It returns 0 or a count on success, and a negative code (portsock/error.h) on failure. A
 *     native number becomes one by ps_error_from_native.
 *   - Handles that it makes are never inheritable.
 *   - An out-parameter is written on success only.
 *
 * What a system captures by is one file: src/posix/capture/linux.c (AF_PACKET),
 * src/posix/capture/bpf.c (/dev/bpf), or src/posix/capture/none.c, by src/config.h;
 * src/win32/capture/rcvall.c (SIO_RCVALL).
 */
#ifndef PS_CAPTURE_BACKEND_H
#define PS_CAPTURE_BACKEND_H

#include "portsock-capture.h"

/* ---- captures (linux.c, bpf.c, none.c; rcvall.c) --------------------------------------------- */

/* What to capture, checked and complete. */
typedef struct ps__capture_setup {
    const char *name;       /* the interface; "any" for all */
    unsigned index;         /* 0: all */
    const ps_addr *address; /* to capture at, where the system captures by address; NULL: none */
    bool loopback;
    bool promiscuous;
    bool immediate;
    size_t snap_length;
    size_t buffer_size;
    unsigned directions; /* PS_DIRECTION_*: a hint, since the common part checks each packet's */
} ps__capture_setup;

/* A capture of the system: an object on the heap. */
typedef struct ps__sys_capture ps__sys_capture;

/* Makes a capture that receives nothing yet, and reports its link type. PS_EOPNOTSUPP where there
 * are no captures, or none of all interfaces; PS_EADDRNOTAVAIL where the system captures by address
 * and there is none. */
int ps__sys_capture_open(ps__sys_capture **c, const ps__capture_setup *setup, int *link_type);

/* Replaces the kernel's filter; `program` has passed ps_filter_check, and count 0 takes the filter
 * away. Packets that came before must not get past a new filter. PS_EOPNOTSUPP: the kernel cannot,
 * has no filter now, and the common part filters each packet itself. */
int ps__sys_capture_filter(ps__sys_capture *c, const ps_filter_instruction *program, size_t count);

/* Starts to receive packets. Called once. */
int ps__sys_capture_start(ps__sys_capture *c);

/* Takes the next packet if there is one: 0, PS_EWOULDBLOCK, or an error. After the packets that
 * came before it, the end of the interface: PS_ENODEV, it is gone; PS_ENETDOWN, it was switched
 * off. The packet's data is valid until the next call on the capture. */
int ps__sys_capture_next(ps__sys_capture *c, ps_packet *packet);

/* What the common part waits for with ps_poll_with: POLLIN when there may be packets, or the
 * interface has ended. It is the backend's, and non-blocking. The common part sets its cancel
 * token, so that the backend receives from it by the system's own calls, which a token does not
 * end. */
ps_sock *ps__sys_capture_socket(ps__sys_capture *c);

/* How many seconds such a wait may take before ps__sys_capture_look must be called, since the
 * socket does not report everything. PS_NO_TIMEOUT: it does. */
double ps__sys_capture_pause(const ps__sys_capture *c);

/* After a wait that ended with `revents` at the socket, or 0: looks at the interface. A failure
 * that it returns ends the call at once; 0: ps__sys_capture_next reports the rest. */
int ps__sys_capture_look(ps__sys_capture *c, int revents);

/* The counts since the start. */
int ps__sys_capture_statistics(ps__sys_capture *c, ps_capture_statistics *statistics);

/* Ends a capture; promiscuous mode is off again. */
void ps__sys_capture_close(ps__sys_capture *c);

/* ---- what prevents a capture (linux_preflight.c, bpf.c, none.c; preflight.c) ----------------- */

enum {
    PS__NEEDS_RAW_CAPABILITY = 1 << 0, /* Linux: CAP_NET_RAW is not there */
    /* Linux: and cannot be had, since it is not in the bounding set. */
    PS__CONTAINER_WITHOUT_RAW = 1 << 1,
    PS__NEEDS_ADMINISTRATOR = 1 << 2, /* Windows: raw sockets are refused */
    PS__NEEDS_BPF_RIGHTS = 1 << 3,    /* BSD, macOS: /dev/bpf may not be opened */
    PS__NO_CAPTURES = 1 << 4,         /* the system has none: no AF_PACKET, no /dev/bpf, Wine */
    PS__NO_CAPTURE_OF_ALL = 1 << 5,   /* "any" exists on Linux only */
    PS__NEEDS_ADDRESS = 1 << 6,       /* Windows: the interface has no address to bind to */
    /* Windows: loopback shows only what is sent to the address bound to. */
    PS__LOOPBACK_IS_PARTIAL = 1 << 7,
    PS__FIREWALL_IS_ON = 1 << 8,     /* Windows: it keeps packets from raw sockets */
    PS__WIRELESS_MAY_REFUSE = 1 << 9 /* Windows: drivers that refuse promiscuous mode */
};

/* Which of these are true; `i` is the interface, NULL for all of them (`any`) or an unknown one. */
unsigned ps__sys_capture_preflight(const ps_interface *i, bool any, bool promiscuous);

/* ---- files (file.c) -------------------------------------------------------------------------- */

/* A file that bytes go to or come from. */
typedef intptr_t ps__file;
#define PS__NO_FILE ((ps__file)-1)

/* The most bytes of one read or write: every system can count them. */
#define PS__FILE_TRANSFER_MAX 0x7ffff000

/* Opens a file by its UTF-8 path: to read, or to write what becomes its whole content. PS_ENOENT,
 * PS_EACCES, PS_EISDIR and the like are the same on every system. PS_EILSEQ: the path is not UTF-8,
 * where that matters. */
int ps__sys_file_open(const char *path, bool write, ps__file *file);

/* Standard output or input; PS_EBADF when there is none. */
int ps__sys_file_standard(bool write, ps__file *file);

/* One read or write of at most `size` bytes, from 1 to PS__FILE_TRANSFER_MAX; may take less, or be
 * ended by a signal: PS_EINTR. A read of 0 is the end. */
ptrdiff_t ps__sys_file_read(ps__file file, void *buffer, size_t size);
ptrdiff_t ps__sys_file_write(ps__file file, const void *buffer, size_t size);

/* Shortens a file that is open to be written, and goes on writing at its new end; an error for a
 * pipe. */
int ps__sys_file_shorten(ps__file file, uint64_t size);

/* Closes a file; it is gone whatever is returned. Some file systems report only now that a write
 * has failed. */
int ps__sys_file_close(ps__file file);

#endif
