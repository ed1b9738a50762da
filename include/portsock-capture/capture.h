/*
 * Captures: the packets that pass through an interface, on every system.
 *
 * Linux: an AF_PACKET socket with a ring that the kernel fills (TPACKET_V3), or without one. BSD and macOS: /dev/bpf.
 * Windows: a raw socket with SIO_RCVALL, without a driver; packets begin with the IP header, and there is nothing of Ethernet, ARP
 * or other protocols. docs/capture.md says what each system shows and what it does not.
 *
 * A capture needs rights: CAP_NET_RAW on Linux, an administrator on Windows, a readable /dev/bpf on BSD and macOS.
 * ps_capture_preflight explains in plain English what prevents a capture.
 *
 * Promiscuous mode belongs to the capture's handle, so it is off again when the capture is closed, and when the process ends,
 * however it ends, since the system closes its handles then.
 *
 * A capture belongs to the process that opened it: a child of fork may only close it, which the parent does not notice.
 *
 * Threads: ps_capture_stop may be called at any time until ps_capture_close, from any thread and from a signal handler, and
 * ps_capture_setcancel from any thread. The other functions must not run at the same time on one capture.
 */
#ifndef PORTSOCK_CAPTURE_CAPTURE_H
#define PORTSOCK_CAPTURE_CAPTURE_H

#include "export.h"
#include "filter.h"

#include "portsock/cancel.h"
#include "portsock/socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Link types: what a packet begins with, by the LINKTYPE_* numbers of capture files. */
enum {
    PS_LINK_NULL = 0,     /* BSD loopback: the address family as 4 bytes in the machine's order */
    PS_LINK_ETHERNET = 1, /* an Ethernet header */
    PS_LINK_RAW = 101,    /* an IPv4 or IPv6 header */
    PS_LINK_LOOP = 108,   /* OpenBSD loopback: the address family as 4 bytes in network order */
    PS_LINK_COOKED = 113, /* Linux cooked, first version: 16 bytes */
    PS_LINK_IPV4 = 228,   /* an IPv4 header */
    PS_LINK_IPV6 = 229,   /* an IPv6 header */
    PS_LINK_COOKED2 = 276 /* Linux cooked, second version: 20 bytes, with the interface's number */
};

/* The direction of a packet, and the directions that a capture gives. */
enum { PS_DIRECTION_UNKNOWN = 0, PS_DIRECTION_IN = 1, PS_DIRECTION_OUT = 2 };

/* A packet. */
typedef struct ps_packet {
    const unsigned char *data; /* valid until the next call on the capture or reader that it came from */
    size_t length;             /* bytes captured, at data */
    size_t original_length;    /* bytes on the wire; more than `length` when the packet was cut */
    int64_t time_ns;           /* nanoseconds since 1970-01-01 00:00 UTC */
    int link_type;             /* PS_LINK_* */
    int direction;             /* PS_DIRECTION_* */
    unsigned interface_index;  /* 0: not known */
} ps_packet;

/* A capture: an object on the heap. */
typedef struct ps_capture ps_capture;

/* The longest snap_length, and the default. */
#define PS_SNAP_LENGTH_MAX 262144

/* What to capture. Initialize with PS_CAPTURE_OPTIONS_INIT. */
typedef struct ps_capture_options {
    const char *interface_name; /* a name, else an index ("2"), else an address of it ("192.0.2.1"); NULL: the one that
                                   the default route leads through; "any" on Linux: all of them (PS_LINK_COOKED2) */
    bool promiscuous;           /* packets to other machines, too; without effect on "any" and loopback */
    size_t snap_length;         /* bytes of a packet to keep; 0: PS_SNAP_LENGTH_MAX */
    size_t buffer_size;  /* bytes for packets that wait to be read, rounded to what the system can do; 0: 8 MiB */
    double timeout;      /* seconds for ps_capture_next; PS_NO_TIMEOUT; 0: non-blocking */
    bool immediate;      /* every packet at once, at a higher cost a packet; else up to 10 ms later */
    unsigned directions; /* PS_DIRECTION_IN | PS_DIRECTION_OUT; 0: both */
    const ps_filter_instruction *filter; /* for the link type of the capture; copied; NULL: every packet */
    size_t filter_count;
} ps_capture_options;

/* The default interface, not promiscuous, whole packets of both directions, no timeout, no filter. */
#define PS_CAPTURE_OPTIONS_INIT                       \
    {                                                 \
        0, false, 0, 0, PS_NO_TIMEOUT, false, 0, 0, 0 \
    }

/* Counts since the capture was opened. */
typedef struct ps_capture_statistics {
    uint64_t received;          /* packets that passed the filter, those dropped later among them */
    uint64_t dropped;           /* those of them that were lost because the buffer was full */
    uint64_t interface_dropped; /* lost before, by the interface or its driver; 0 where the system does not tell */
    bool dropped_known;         /* false: this system does not count what it drops (Windows), dropped is 0 */
} ps_capture_statistics;

/*
 * Opens a capture, which receives packets from then on.
 *   c        the result, to be closed with ps_capture_close; NULL on failure
 *   options  what to capture; NULL for PS_CAPTURE_OPTIONS_INIT
 * Returns 0; PS_EPERM without the rights; PS_ENODEV for an unknown interface, and when there is none; PS_ENETDOWN for
 * one that is switched off; PS_BAD_FILTER; PS_BAD_TIMEOUT; PS_BAD_LENGTH for a snap_length above PS_SNAP_LENGTH_MAX or
 * a buffer_size above 2 GiB; PS_EINVAL for unknown directions; PS_EADDRNOTAVAIL on Windows for an interface without an
 * address; PS_EPROTONOSUPPORT where Windows has no raw sockets, as under Wine; PS_EOPNOTSUPP on a system without
 * captures; PS_ENOMEM, PS_EMFILE, PS_ENFILE.
 * Normalizes: EACCES on Windows and BSD for missing rights; loopback on Linux, which shows each packet twice, going out and
 * coming in (it is given once, as coming in); a VLAN tag that Linux has removed from the packet (it is put back in its place).
 * Windows: IPv4 unless interface_name is an IPv6 address; promiscuous is RCVALL_ON, else RCVALL_IPLEVEL.
 * Source: packet(7); bpf(4); Microsoft, SIO_RCVALL, TCP/IP Raw Sockets.
 */
PS_CAPTURE_API int ps_capture_open(ps_capture **c, const ps_capture_options *options);

/*
 * Gives the next packet. It waits as the options' timeout says: one deadline for the whole call.
 *   packet   the result; packet->data belongs to the capture and is valid until the next call on it
 * Returns 0; PS_TIMED_OUT; PS_EWOULDBLOCK in non-blocking mode; PS_EINTR after ps_capture_stop, or when the interrupt hook
 * of ps_set_interrupt says so; PS_ECANCELED (ps_capture_setcancel); PS_ENODEV when the interface is gone, from then on;
 * PS_ENETDOWN when it was switched off (further calls wait for it to come back); PS_EFAULT. Packets that arrived before the interface
 * went away or was switched off are given first. Source: libpcap, pcap_next_ex.
 */
PS_CAPTURE_API int ps_capture_next(ps_capture *c, ps_packet *packet);

/*
 * Ends a ps_capture_next: the one in flight, or else the following one, returns PS_EINTR. The capture goes on: further
 * calls give what has come since. Async-signal-safe; may be called from any thread. NULL is allowed.
 */
PS_CAPTURE_API void ps_capture_stop(ps_capture *c);

/* Sets the timeout of later calls, as in the options. Returns 0; PS_BAD_TIMEOUT; PS_EFAULT. */
PS_CAPTURE_API int ps_capture_settimeout(ps_capture *c, double seconds);

/*
 * Gives a capture the cancel token (cancel.h) that ends ps_capture_next with PS_ECANCELED, also when packets wait to be read; they
 * stay. A call in flight keeps the token that it began with.
 *   token    The caller owns it and must keep it until the capture is closed, or until it has another token and the call in
 *            flight has ended. NULL: none, as at the start.
 * Returns 0; PS_EFAULT for a NULL capture.
 * Source: none; libpcap's pcap_breakloop ends one call only, as ps_capture_stop does.
 */
PS_CAPTURE_API int ps_capture_setcancel(ps_capture *c, ps_cancel *token);

/* Gives the counts. Returns 0; PS_EFAULT. Normalizes: Linux resets its counts when they are read; these go on. */
PS_CAPTURE_API int ps_capture_getstatistics(ps_capture *c, ps_capture_statistics *statistics);

/*
 * Replaces the filter. Packets that have arrived and were not read yet pass through the new filter, too.
 *   program, count  copied; NULL and 0: no filter
 * Returns 0; PS_BAD_FILTER, which leaves the old one; PS_EFAULT; PS_ENOMEM.
 */
PS_CAPTURE_API int ps_capture_setfilter(ps_capture *c, const ps_filter_instruction *program, size_t count);

/* Returns the link type, PS_LINK_*: what the packets begin with; or PS_EFAULT. */
PS_CAPTURE_API int ps_capture_getlinktype(const ps_capture *c);

/* Returns the name of the interface that the capture was opened on, "any" for all; the text belongs to the capture. NULL for
 * NULL. */
PS_CAPTURE_API const char *ps_capture_getinterface(const ps_capture *c);

/*
 * Returns the system's handle, for the program's own poll or select: it is readable when there are packets to read. Packets may be left
 * after one ps_capture_next: call that until it returns PS_EWOULDBLOCK. PS_INVALID_HANDLE for NULL.
 */
PS_CAPTURE_API ps_handle ps_capture_fileno(const ps_capture *c);

/* Closes a capture; promiscuous mode is off again. Returns 0. NULL is allowed. */
PS_CAPTURE_API int ps_capture_close(ps_capture *c);

/*
 * Reports why a capture would show nothing, or less than expected: no rights, no such interface, an interface that is
 * switched off or has no cable, a container without the right, a wildcard address; on Windows an interface without an
 * address, the loopback interface, the firewall, a wireless interface in promiscuous mode.
 *   interface_name, promiscuous  as in the options
 *   text, size   becomes one line for each reason, ended by a line feed, in plain English, with what to do; cut at the end of a
 *                line when it does not fit; NULL and 0: only the number is wanted
 * Returns the number of reasons found, 0 for none; PS_EFAULT for a NULL text with a size; PS_ENOMEM and other errors of
 * ps_getinterfaces. It captures nothing and changes nothing.
 */
PS_CAPTURE_API int ps_capture_preflight(const char *interface_name, bool promiscuous, char *text, size_t size);

/* Room for every text of ps_capture_preflight. */
#define PS_PREFLIGHT_TEXT_MAX 2048

#ifdef __cplusplus
}
#endif

#endif
