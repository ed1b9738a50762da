/**
 * @file
 * Captures: the packets that pass through an interface, on every system.
 *
 * Linux: an AF_PACKET socket with a ring that the kernel fills (TPACKET_V3), or without one. BSD
 * and macOS: /dev/bpf. Windows: a raw socket with SIO_RCVALL, without a driver; packets begin
 * with the IP header, and there is nothing of Ethernet, ARP or other protocols. docs/capture.md
 * says what each system shows and what it does not.
 *
 * A capture needs rights: CAP_NET_RAW on Linux, an administrator on Windows, a readable /dev/bpf
 * on BSD and macOS. ps_capture_preflight explains in plain English what prevents a capture.
 *
 * Promiscuous mode belongs to the capture's handle, so it is off again when the capture is
 * closed, and when the process ends, however it ends, since the system closes its handles then.
 *
 * A capture belongs to the process that opened it: a child of fork may only close it, which the
 * parent does not notice.
 *
 * Threads: ps_capture_stop may be called at any time until ps_capture_close, from any thread and
 * from a signal handler, and ps_capture_setcancel from any thread. The other functions must not
 * run at the same time on one capture.
 */
#ifndef PORTSOCK_CAPTURE_CAPTURE_H
#define PORTSOCK_CAPTURE_CAPTURE_H

#include "export.h"
#include "filter.h"

#include "portsock/cancel.h"
#include "portsock/poller.h"
#include "portsock/socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Link types: what a packet begins with, by the LINKTYPE_* numbers of capture files. */
enum {
    PS_LINK_NULL = 0,     /**< BSD loopback: the address family as 4 bytes in the machine's order */
    PS_LINK_ETHERNET = 1, /**< an Ethernet header */
    PS_LINK_RAW = 101,    /**< an IPv4 or IPv6 header */
    PS_LINK_LOOP = 108,   /**< OpenBSD loopback: the address family as 4 bytes in network order */
    PS_LINK_COOKED = 113, /**< Linux cooked, first version: 16 bytes */
    PS_LINK_IPV4 = 228,   /**< an IPv4 header */
    PS_LINK_IPV6 = 229,   /**< an IPv6 header */
    PS_LINK_COOKED2 =
        276 /**< Linux cooked, second version: 20 bytes, with the interface's number */
};

/** The direction of a packet, and the directions that a capture shows. */
enum {
    PS_DIRECTION_UNKNOWN = 0, /**< not known */
    PS_DIRECTION_IN = 1,      /**< to this machine */
    PS_DIRECTION_OUT = 2      /**< from this machine */
};

/** A packet. Frozen: packets stand in arrays. */
typedef struct ps_packet {
    const unsigned char *data; /**< valid until the next call on its capture or reader */
    size_t length;             /**< bytes captured, at data */
    size_t original_length;    /**< bytes on the wire; more than length when the packet was cut */
    int64_t time_ns;           /**< nanoseconds since 1970-01-01 00:00 UTC */
    int link_type;             /**< PS_LINK_* */
    int direction;             /**< PS_DIRECTION_* */
    unsigned interface_index;  /**< the interface's number; 0: not known */
} ps_packet;

/** A capture: an object on the heap. */
typedef struct ps_capture ps_capture;

/** The longest snap_length, and the default. */
#define PS_SNAP_LENGTH_MAX 262144

/** What to capture. Initialize with PS_CAPTURE_OPTIONS_INIT. */
typedef struct ps_capture_options {
    /** sizeof(ps_capture_options), set by PS_CAPTURE_OPTIONS_INIT */
    size_t size;
    /**
     * a name, else an index ("2"), else an address of it ("192.0.2.1"); NULL: the one that the
     * default route leads through; "any" on Linux: all of them (PS_LINK_COOKED2)
     */
    const char *interface_name;
    /** packets to other machines, too; without effect on "any" and loopback */
    bool promiscuous;
    /** bytes of a packet to keep; 0: PS_SNAP_LENGTH_MAX */
    size_t snap_length;
    /** bytes for packets that wait to be read, rounded to what the system can do; 0: 8 MiB */
    size_t buffer_size;
    /** seconds for ps_capture_next; PS_NO_TIMEOUT; 0: non-blocking */
    double timeout;
    /** every packet at once, at a higher cost a packet; else up to 10 ms later */
    bool immediate;
    /** PS_DIRECTION_IN | PS_DIRECTION_OUT; 0: both */
    unsigned directions;
    /** for the link type of the capture; copied; NULL: every packet */
    const ps_filter_instruction *filter;
    /** how many instructions the filter has */
    size_t filter_count;
} ps_capture_options;

/** The default interface, not promiscuous, whole packets, no timeout, no filter. */
#define PS_CAPTURE_OPTIONS_INIT                                                   \
    {                                                                             \
        sizeof(ps_capture_options), 0, false, 0, 0, PS_NO_TIMEOUT, false, 0, 0, 0 \
    }

/** Counts since the capture was opened. Frozen: no version adds members. */
typedef struct ps_capture_statistics {
    uint64_t received; /**< packets that passed the filter, those dropped later among them */
    uint64_t dropped;  /**< those of them that were lost because the buffer was full */
    uint64_t interface_dropped; /**< lost before, by the interface or its driver; 0: not reported */
    bool dropped_known;         /**< false: this system does not count dropped packets (Windows) */
} ps_capture_statistics;

/**
 * Opens a capture, which receives packets from then on.
 *
 * @param c        the result, to be closed with ps_capture_close; NULL on failure
 * @param options  what to capture; NULL for PS_CAPTURE_OPTIONS_INIT
 * @retval 0                   *c is open
 * @retval PS_EPERM            the rights are missing
 * @retval PS_ENODEV           an unknown interface, or there is none
 * @retval PS_ENETDOWN         the interface is switched off
 * @retval PS_BAD_FILTER       the filter cannot be run
 * @retval PS_BAD_TIMEOUT      a negative number or NaN
 * @retval PS_BAD_LENGTH       a snap_length above PS_SNAP_LENGTH_MAX, a buffer_size above 2 GiB,
 *                             or the options' size is not that of options, or of those of a later
 *                             version
 * @retval PS_EINVAL           unknown directions
 * @retval PS_EADDRNOTAVAIL    an interface without an address (Windows)
 * @retval PS_EPROTONOSUPPORT  Windows has no raw sockets, as under Wine
 * @retval PS_EOPNOTSUPP       a system without captures
 * @retval PS_ENOMEM           no memory
 * @retval PS_EMFILE           the process has no handle left
 * @retval PS_ENFILE           the system has no handle left
 * @retval PS_EFAULT           c is NULL, or the filter is NULL with a count
 * @threadsafety Any thread.
 * @normalizes EACCES on Windows and BSD for missing rights; loopback on Linux, which shows each
 * packet twice, going out and coming in (it is returned once, as coming in); a VLAN tag that
 * Linux has removed from the packet (it is put back in its place). On Windows: IPv4 unless
 * interface_name is an IPv6 address; promiscuous is RCVALL_ON, else RCVALL_IPLEVEL.
 * @since 0.1
 * @source packet(7); bpf(4); Microsoft, SIO_RCVALL, TCP/IP Raw Sockets.
 */
PS_CAPTURE_API int ps_capture_open(ps_capture **c, const ps_capture_options *options);

/**
 * Returns the next packet. It waits as the capture's timeout says: one deadline for the whole
 * call. Packets that arrived before the interface went away or was switched off are returned
 * first.
 *
 * @param c       the capture
 * @param packet  the result; packet->data belongs to the capture and is valid until the next call
 *                on it
 * @retval 1               there is one. (0, the end, is for files: a capture has no end.)
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_EWOULDBLOCK  non-blocking mode, and there is none
 * @retval PS_EINTR        after ps_capture_stop, or when the interrupt hook of ps_set_interrupt
 *                         says so
 * @retval PS_ECANCELED    the capture's cancel token was fired (ps_capture_setcancel)
 * @retval PS_ENODEV       the interface is gone, from then on
 * @retval PS_ENETDOWN     the interface was switched off; further calls wait for it to come back
 * @retval PS_EFAULT       c or packet is NULL
 * @threadsafety One thread at a time; ps_capture_stop and ps_capture_setcancel may be called
 * meanwhile.
 * @since 0.1
 * @source libpcap, pcap_next_ex.
 */
PS_CAPTURE_API int ps_capture_next(ps_capture *c, ps_packet *packet);

/**
 * Ends a ps_capture_next: the one in progress, or else the following one, returns PS_EINTR. The
 * capture goes on: further calls return what has come since.
 *
 * @param c  the capture; NULL is allowed
 * @threadsafety Any thread, and signal handlers.
 * @since 0.1
 * @source libpcap, pcap_breakloop.
 */
PS_CAPTURE_API void ps_capture_stop(ps_capture *c);

/**
 * Sets the timeout of later calls, as in the options.
 *
 * @param c        the capture
 * @param seconds  seconds for ps_capture_next; PS_NO_TIMEOUT; 0: non-blocking
 * @retval 0               set
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EFAULT       c is NULL
 * @threadsafety One thread at a time.
 * @since 0.1
 * @source none; ps_settimeout for captures.
 */
PS_CAPTURE_API int ps_capture_settimeout(ps_capture *c, double seconds);

/**
 * Sets the cancel token (cancel.h) that ends ps_capture_next with PS_ECANCELED, also when packets
 * wait to be read; they stay.
 *
 * @param c      the capture
 * @param token  The caller owns it and must keep it until the capture is closed, or until it has
 *               another token and the call in progress has ended. NULL: none, as at the start.
 * @retval 0          set
 * @retval PS_EFAULT  c is NULL
 * @threadsafety Any thread; a call in progress keeps the token that it began with.
 * @since 0.1
 * @source none; libpcap's pcap_breakloop ends one call only, as ps_capture_stop does.
 */
PS_CAPTURE_API int ps_capture_setcancel(ps_capture *c, ps_cancel *token);

/**
 * Gets the counts.
 *
 * @param c           the capture
 * @param statistics  the result; zeros on failure
 * @retval 0              *statistics is set
 * @retval PS_EFAULT      c or statistics is NULL
 * @threadsafety One thread at a time.
 * @normalizes Linux resets its counts when they are read; these go on.
 * @since 0.1
 * @source libpcap, pcap_stats; packet(7), PACKET_STATISTICS; bpf(4), BIOCGSTATS.
 */
PS_CAPTURE_API int ps_capture_getstatistics(ps_capture *c, ps_capture_statistics *statistics);

/**
 * Replaces the filter. Packets that have arrived and were not read yet pass through the new
 * filter, too.
 *
 * @param c        the capture
 * @param program  the instructions, copied; NULL: no filter
 * @param count    how many; 0: no filter
 * @retval 0              replaced
 * @retval PS_BAD_FILTER  the program cannot be run; the old one stays
 * @retval PS_EFAULT      c is NULL, or program is NULL with a count
 * @retval PS_ENOMEM      no memory; the old one stays
 * @threadsafety One thread at a time.
 * @since 0.1
 * @source libpcap, pcap_setfilter.
 */
PS_CAPTURE_API int ps_capture_setfilter(ps_capture *c, const ps_filter_instruction *program,
                                        size_t count);

/**
 * Gets the link type: what the packets begin with.
 *
 * @param c  the capture
 * @return PS_LINK_*, or:
 * @retval PS_EFAULT  c is NULL
 * @threadsafety One thread at a time.
 * @since 0.1
 * @source libpcap, pcap_datalink.
 */
PS_CAPTURE_API int ps_capture_getlinktype(const ps_capture *c);

/**
 * Gets the name of the interface that the capture was opened on.
 *
 * @param c  the capture
 * @return the name, "any" for all; the text belongs to the capture. NULL for NULL.
 * @threadsafety One thread at a time.
 * @since 0.1
 * @source none.
 */
PS_CAPTURE_API const char *ps_capture_getinterface(const ps_capture *c);

/**
 * Returns the system's handle, for the program's own poll or select: it is readable when there
 * are packets to read. Packets may be left after one ps_capture_next: call that until it returns
 * PS_EWOULDBLOCK.
 *
 * @param c  the capture
 * @return the handle, which stays the capture's; PS_INVALID_HANDLE for NULL.
 * @threadsafety One thread at a time.
 * @since 0.1
 * @source libpcap, pcap_get_selectable_fd.
 */
PS_CAPTURE_API ps_handle ps_capture_fileno(const ps_capture *c);

/**
 * Registers a capture in a poller (portsock/poller.h): it is reported with POLLIN when there may be
 * packets, or ps_capture_stop was called. Then call ps_capture_next with timeout 0 until it returns
 * PS_EWOULDBLOCK: it may have packets left that no wait reports any more.
 *
 * A poller does not look at the capture's token (ps_capture_setcancel), nor does it report the end
 * of an interface on Windows, or of one that is down: ps_capture_next does, when it is called.
 *
 * @param p     the poller
 * @param c     the capture; ps_capture_close takes it out of the poller
 * @param data  reported with its events, whose `sock` is the capture's own
 * @retval 0          the capture is registered
 * @retval PS_EEXIST  it was before
 * @retval PS_ENOMEM  no memory; others as ps_poller_add
 * @retval PS_EFAULT  p or c is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source libpcap, pcap_get_selectable_fd.
 */
PS_CAPTURE_API int ps_poller_add_capture(ps_poller *p, ps_capture *c, void *data);

/**
 * Takes a capture out of a poller. Not needed before ps_capture_close.
 *
 * @param p  the poller
 * @param c  a registered capture
 * @retval 0          no later wait reports the capture
 * @retval PS_ENOENT  the capture is not registered
 * @retval PS_EFAULT  p or c is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source none.
 */
PS_CAPTURE_API int ps_poller_remove_capture(ps_poller *p, ps_capture *c);

/**
 * Closes a capture; promiscuous mode is off again.
 *
 * @param c  the capture; NULL is allowed
 * @retval 0  always
 * @threadsafety No call on the capture may be in progress.
 * @since 0.1
 * @source libpcap, pcap_close.
 */
PS_CAPTURE_API int ps_capture_close(ps_capture *c);

/** The size of a buffer that every text of ps_capture_preflight fits into. */
#define PS_PREFLIGHT_TEXT_MAX 2048

/**
 * Reports why a capture would show nothing, or less than expected: no rights, no such interface,
 * an interface that is switched off or has no cable, a container without the right, a wildcard
 * address; on Windows an interface without an address, the loopback interface, the firewall, a
 * wireless interface in promiscuous mode. It captures nothing and changes nothing.
 *
 * @param interface_name  as in the options
 * @param promiscuous     as in the options
 * @param buf             becomes one line for each reason, ended by a line feed, in plain
 *                        English, with what to do; "" without a reason. NULL with n 0: only the
 *                        count is wanted
 * @param n               the size of buf; PS_PREFLIGHT_TEXT_MAX is always enough
 * @param count           becomes the number of reasons; 0 on failure; may be NULL
 * @retval 0              the reasons were found, or there is none
 * @retval PS_BAD_LENGTH  n is too small; buf is then ""
 * @retval PS_EFAULT      buf is NULL and n is not 0
 * @return other codes as ps_getinterfaces.
 * @threadsafety Any thread.
 * @since 0.1
 * @source capabilities(7); packet(7); bpf(4); Microsoft, SIO_RCVALL.
 */
PS_CAPTURE_API int ps_capture_preflight(const char *interface_name, bool promiscuous, char *buf,
                                        size_t n, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
