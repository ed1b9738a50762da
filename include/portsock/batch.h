/**
 * @file
 * Many datagrams in one call, and what comes with each: who sent it and to which address, the
 * interface, TTL, TOS with ECN, and the time. These functions are for datagram and raw sockets.
 */
#ifndef PORTSOCK_BATCH_H
#define PORTSOCK_BATCH_H

#include "address.h"
#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is known of a datagram, or is to be set in one. */
enum {
    PS_INFO_SENDER = 1,      /**< sender */
    PS_INFO_DESTINATION = 2, /**< destination */
    PS_INFO_INTERFACE = 4,   /**< interface_index */
    PS_INFO_TTL = 8,         /**< ttl */
    PS_INFO_TOS = 16,        /**< tos */
    PS_INFO_TIME = 32        /**< time_ns */
};

/** What comes with a datagram, or is to be set in one. Start from {0}: what is not initialized is
 * read when a datagram is sent. Frozen: it stands in arrays.
 *
 * The sender is always the other machine, and the destination this one. Of a datagram that came the
 * sender is whom it is from, and the destination to which address; of one to send the sender is
 * whom it is for, and the destination from which address it goes. */
typedef struct ps_receive_info {
    unsigned fields;          /**< which of the others are known, or to be used: PS_INFO_* */
    ps_addr sender;           /**< where it is from, or is to go */
    ps_addr destination;      /**< this machine's address, or a group; port 0, and ignored */
    unsigned interface_index; /**< the interface that it came by, or is to leave by */
    int ttl;                  /**< its TTL or hop limit; of one that came: as it was then */
    int tos;                  /**< its TOS byte or traffic class; the two lowest bits are ECN */
    int flags;                /**< MSG_TRUNC: it was longer than the buffer and is cut */
    int64_t time_ns;          /**< when it came: nanoseconds since 1970 */
} ps_receive_info;

/** A datagram of a batch. Start from {0}. It has about 330 bytes, mostly for its two addresses: an
 * array of 32 takes 10 KiB of the stack. One system call takes 64 at most, so that longer arrays
 * save no more. Frozen: it stands in arrays. */
typedef struct ps_datagram {
    void *data;           /**< its bytes; sending does not write to them */
    size_t size;          /**< how many, or the size of the buffer; read, never written */
    ptrdiff_t count;      /**< the result: how many bytes, or this datagram's code */
    ps_receive_info info; /**< who and how */
} ps_datagram;

/**
 * Sends many datagrams, in their order, as one ps_send for each would, with as few system calls as
 * the system allows. Waits as ps_send does, until the last was taken. One timeout or deadline is
 * for the whole call.
 *
 * `info.fields` says what of a datagram's info is used: the sender is where it goes (without it, to
 * the peer of a connected socket), the destination is the address it is from, and the interface,
 * TTL and TOS are its own; PS_INFO_TIME is ignored. A multicast or broadcast address
 * (255.255.255.255, or that of a subnet) is not used as a source: the system chooses one. For
 * AF_INET, FreeBSD and OpenBSD choose the interface by the source, and ignore the one that is set
 * with it; without a source it is PS_EOPNOTSUPP. Fields other than the sender are ignored on
 * sockets that are not inet or inet6.
 *
 * So what ps_recvmany has returned can be sent back: set each `size` to its `count`, and clear the
 * fields that an answer is not to repeat, mostly PS_INFO_TTL and PS_INFO_TOS. `size` is then no
 * longer that of the buffer: restore it before the next ps_recvmany.
 *
 * The first that fails ends the batch: its `count` is its code, and that of each behind it is
 * PS_ECANCELED, which was not tried. To go on after PS_EWOULDBLOCK, PS_TIMED_OUT, PS_ECANCELED or
 * PS_EINTR, begin with the one that failed, which was not sent, either. After another code begin
 * with the one behind it, if the socket is still usable.
 *
 * @param s         a datagram or raw socket
 * @param messages  the datagrams; `count` is written, data and info are only read
 * @param count     how many; 0 is not an error
 * @param flags     as for ps_send
 * @return how many went, from the first on; or the code of the first datagram, when none has:
 * codes as ps_send and ps_sendto; and:
 * @retval PS_EFAULT        messages, or the data of a datagram that has a size, are NULL
 * @retval PS_BAD_LENGTH    a size is above PTRDIFF_MAX
 * @retval PS_EAFNOSUPPORT  a sender or a destination of another family than the socket's
 * @retval PS_EINVAL        other bits in info.fields; a TTL or TOS that the system does not take,
 *                          on Linux a TTL of 0 (inet) or above 255, and a TOS above 255; on Linux a
 *                          destination of inet6 that is no address of this machine
 * @retval PS_ENETUNREACH   no route; on Linux also a destination of inet that is no address of this
 *                          machine
 * @retval PS_ENODEV        there is no such interface (Linux)
 * @retval PS_EOPNOTSUPP    a stream, or a field of info that this system cannot set
 * @threadsafety Any thread; the datagrams of two batches may mix.
 * @normalizes UDP_SEGMENT, sendmmsg, UDP_SEND_MSG_SIZE, or a send for each: the results are those
 * of a send for each.
 * @since 0.1
 * @source sendmmsg(2); udp(7); Microsoft, WSASendMsg and IPPROTO_UDP socket options.
 */
PS_API ptrdiff_t ps_sendmany(ps_sock *s, ps_datagram *messages, size_t count, int flags);

/**
 * Receives many datagrams. Waits for the first only, as ps_recv does, and then takes what is there.
 *
 * A datagram's `info.fields` says what is known of it: its sender, and what ps_setreceiveinfo has
 * asked for. Where the batch ends before its array, the `count` of the datagram behind the last is
 * why: PS_EWOULDBLOCK when nothing more was there, or an error, which the system may report only
 * once; those behind that are as they were.
 *
 * @param s         a datagram or raw socket
 * @param messages  data and size are the buffers, and are only read; `count` and `info` are written
 * @param count     how many; 0 is not an error
 * @param flags     as for ps_recv, except MSG_PEEK and MSG_WAITALL
 * @return how many came: at least 1, and 0 only if count is 0 or after SHUT_RD; codes as ps_recv;
 * and:
 * @retval PS_EFAULT      messages, or the data of a datagram that has a size, are NULL
 * @retval PS_BAD_LENGTH  a size is above PTRDIFF_MAX
 * @retval PS_EOPNOTSUPP  a stream; MSG_PEEK, MSG_WAITALL
 * @threadsafety Any thread; each datagram goes to one of the calls.
 * @normalizes recvmmsg, or a receive for each. A longer datagram is cut and MSG_TRUNC set on
 * Windows, too.
 * @since 0.1
 * @source recvmmsg(2); Microsoft, LPFN_WSARECVMSG.
 */
PS_API ptrdiff_t ps_recvmany(ps_sock *s, ps_datagram *messages, size_t count, int flags);

/**
 * Chooses what ps_recvmany is to know of each datagram that comes from now on, besides its sender.
 * Each field costs the system a little for each datagram; without this call there are none. A
 * stream is not refused, but there is no ps_recvmany for it.
 *
 * @param s       a socket
 * @param fields  PS_INFO_DESTINATION (and with it the interface), PS_INFO_INTERFACE (and the
 *                destination), PS_INFO_TTL, PS_INFO_TOS, PS_INFO_TIME; 0: none of them.
 *                PS_INFO_SENDER is allowed and changes nothing, as the sender is always known
 * @return those of the fields that this system reports for this socket: Windows has no
 * PS_INFO_TIME; on other families than inet and inet6 PS_INFO_TIME is the only one, apart from
 * PS_INFO_SENDER; codes:
 * @retval PS_EFAULT  s is NULL
 * @retval PS_EBADF   the socket is closed
 * @retval PS_EINVAL  other bits
 * @threadsafety Any thread.
 * @normalizes IP_PKTINFO, IP_RECVDSTADDR and IP_RECVIF, IPV6_RECVPKTINFO, IP_RECVTTL, IP_RECVTOS
 * and so on.
 * @since 0.1
 * @source ip(7), ipv6(7), RFC 3542; FreeBSD, ip(4); Microsoft, IPPROTO_IP socket options.
 */
PS_API int ps_setreceiveinfo(ps_sock *s, unsigned fields);

/**
 * Lets the system receive datagrams of one sender together (UDP_GRO, URO) for as long as the socket
 * is open, which is several times faster where they have equal sizes and come quickly. Every
 * receive still returns single datagrams, in their order, and ps_poll sees them: those that have
 * come together are kept in a buffer of 64 KiB, which this call allocates.
 *
 * It cannot be undone: the parts of what has come together would no longer be known. It belongs to
 * this ps_sock: receive on no duplicate of the handle (ps_fromfd), nor on the handle after
 * ps_detach, which drops what is in the buffer; receive before that with a timeout of 0 until
 * PS_EWOULDBLOCK. In a child of fork the buffer is empty.
 *
 * @param s  a UDP socket, on which no receive is in flight, nor a ps_poll: one that has begun may
 * miss what another thread's receive leaves in the buffer. Pollers need no such care: they do not
 * miss it
 * @retval 0              it is so from now on
 * @retval PS_EFAULT      s is NULL
 * @retval PS_EBADF       the socket is closed
 * @retval PS_ENOMEM      no memory; nothing has changed
 * @retval PS_EOPNOTSUPP  another type of socket, or a system without it: Linux before 5.0, Windows
 * before 10 version 2004, other systems, Wine. The socket is as it was.
 * @threadsafety Any thread, while no receive and no ps_poll is in flight.
 * @since 0.1
 * @source udp(7), UDP_GRO; Microsoft, UDP_RECV_MAX_COALESCED_SIZE.
 */
PS_API int ps_coalesce(ps_sock *s);

#ifdef __cplusplus
}
#endif

#endif
