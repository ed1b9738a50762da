/**
 * @file
 * Addresses: a value that contains an address of any family, made from the parts that Python
 * 2.7's tuples have, from text, or from a sockaddr of the system; and the packed and text forms
 * of IPv4 and IPv6 addresses without a port.
 *
 * No function here allocates. Only ps_addr_inet and ps_addr_inet6 may look a name up, and only
 * when the host is neither a literal nor one of the special forms.
 */
#ifndef PORTSOCK_ADDRESS_H
#define PORTSOCK_ADDRESS_H

#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * An address of any family: a value, copied by assignment. len is the number of bytes of the
 * sockaddr at &a.sa that are in use; len 0 is "no address" (Python 2.7's None or ''), which is
 * what ps_recvfrom returns on a connected stream. Pass &a.sa and a.len to a system call;
 * ps_addr_from_native makes an address from the system's. Frozen: addresses stand in arrays.
 */
typedef struct ps_addr {
    union {
        struct sockaddr sa;              /**< the start of every address */
        struct sockaddr_in in;           /**< AF_INET */
        struct sockaddr_in6 in6;         /**< AF_INET6 */
        struct sockaddr_storage storage; /**< the size of every address */
    };
    socklen_t len; /**< bytes in use; 0: "no address" */
} ps_addr;

/** The size of a buffer that every text of ps_addr_format fits into, its NUL included. */
#define PS_ADDR_TEXT_MAX 512

/**
 * Makes an IPv4 address: Python 2.7's pair (host, port).
 *
 * A host of numbers of which one has a leading 0 or 0x is no name: "010.0.0.1" is 8.0.0.1
 * for some and 10.0.0.1 for others, so no function but ps_inet_aton takes it, not even spelled
 * with digits beyond ASCII. Nor is a host of nothing but numbers that is no address ("256.1",
 * "4294967296", "1.2.3.4.5", "1.2.3.4."). No function looks these up.
 *
 * @param a     the result; on failure "no address"
 * @param host  "" for every interface (0.0.0.0), "<broadcast>" for 255.255.255.255, a dotted quad
 *              or a shorter decimal form ("127.1"), "::ffff:1.2.3.4", which is taken as 1.2.3.4,
 *              or a name, whose first IPv4 address is taken; UTF-8
 * @param port  0 to 65535
 * @retval 0               *a is the address
 * @retval PS_BAD_PORT     port out of range, before any name is looked up
 * @retval PS_BAD_ADDRESS  host is NULL or not UTF-8
 * @retval PS_EAI_NONAME   there is no such name, or it has no IPv4 address; without a lookup for
 *                         the hosts above
 * @retval PS_EAI_AGAIN    the lookup has failed; other codes PS_EAI_* likewise
 * @threadsafety Any thread. A name blocks for as long as the system's resolver does.
 * @normalizes inet_addr takes octal parts and text after the address; Windows takes "" for the
 * machine's own addresses.
 * @since 0.1
 * @source Python 2.7, "A pair (host, port)".
 */
PS_API int ps_addr_inet(ps_addr *a, const char *host, int port);

/**
 * Makes an IPv6 address: Python 2.7's four-tuple (host, port, flowinfo, scopeid).
 *
 * @param a         the result; on failure "no address"
 * @param host      "" for every interface (::), a literal with or without "%scope" (an
 *                  interface's name or, where none has it, number: an interface may be named
 *                  "1"), or a name, whose first IPv6 address is taken; UTF-8
 * @param port      0 to 65535
 * @param flowinfo  0 to 0xfffff, in host byte order
 * @param scopeid   an interface's number, or 0; one other than 0 replaces the scope in host
 * @retval 0                *a is the address
 * @retval PS_BAD_PORT      port out of range, before any name is looked up
 * @retval PS_BAD_FLOWINFO  flowinfo out of range, before any name is looked up
 * @retval PS_BAD_SCOPE     an unknown interface
 * @retval PS_BAD_ADDRESS   host is NULL, "<broadcast>" or not UTF-8
 * @retval PS_EAI_NONAME    there is no such name, or it has no IPv6 address
 * @retval PS_EAI_AGAIN     the lookup has failed; other codes PS_EAI_* likewise
 * @retval PS_EMFILE        the system cannot be asked for the interface: see ps_if_nametoindex
 *                          (names.h), with its other codes
 * @threadsafety Any thread. A name blocks for as long as the system's resolver does.
 * @since 0.1
 * @source Python 2.7; RFC 3493, RFC 4007 (scopes).
 */
PS_API int ps_addr_inet6(ps_addr *a, const char *host, int port, unsigned flowinfo,
                         unsigned scopeid);

/**
 * Makes an IPv4 or IPv6 address of a host that is one, for programs that must not look names up.
 *
 * @param a     the result; on failure "no address"
 * @param host  what ps_getaddrinfo takes with AI_NUMERICHOST: a dotted quad or a shorter decimal
 *              form ("127.1"), or an IPv6 literal with or without "%scope"; neither "" nor
 *              "<broadcast>". "::ffff:1.2.3.4" stays an IPv6 address (ps_addr_unmap)
 * @param port  0 to 65535
 * @retval 0               *a is the address
 * @retval PS_BAD_PORT     port out of range
 * @retval PS_BAD_ADDRESS  everything else, names and numbers in octal or hexadecimal included
 * @retval PS_BAD_SCOPE    an unknown interface
 * @retval PS_EMFILE       the system cannot be asked for the interface: see ps_if_nametoindex
 *                         (names.h), with its other codes
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 4291, RFC 4007.
 */
PS_API int ps_addr_literal(ps_addr *a, const char *host, int port);

/**
 * Makes the address that stands for no peer, of the family AF_UNSPEC: a datagram socket that
 * connects to it (ps_connect) no longer has a peer. It is not "no address", which ps_connect
 * refuses.
 *
 * @param a  the result; may be NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source POSIX, connect.
 */
PS_API void ps_addr_none(ps_addr *a);

/**
 * Makes an AF_UNIX address from a path.
 *
 * @param a     the result; on failure "no address"
 * @param path  bytes; on Linux a leading NUL makes an abstract name, in which every byte counts
 * @param len   number of bytes at path, without a final NUL; 0 is the unnamed address
 * @retval 0                 *a is the address
 * @retval PS_PATH_TOO_LONG  the path and its NUL do not fit sun_path (abstract names need no NUL;
 *                           POSIX systems take a path without one, too, which ps_addr_parse and
 *                           ps_addr_from_native make an address of)
 * @retval PS_BAD_ADDRESS    a NUL inside a path that is not abstract
 * @retval PS_BAD_FAMILY     there is no AF_UNIX
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, "A single string is used for the AF_UNIX address family"; unix(7).
 */
PS_API int ps_addr_unix(ps_addr *a, const void *path, size_t len);

/**
 * Makes an AF_NETLINK address: Python 2.7's pair (pid, groups).
 *
 * @param a       the result; on failure "no address"
 * @param pid     0 is the kernel, or on bind "choose one"
 * @param groups  a bit for each multicast group
 * @retval 0              *a is the address
 * @retval PS_BAD_FAMILY  there is no AF_NETLINK
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7; netlink(7).
 */
PS_API int ps_addr_netlink(ps_addr *a, unsigned pid, unsigned groups);

/**
 * Makes an AF_TIPC address: Python 2.7's (addr_type, v1, v2, v3 [, scope]).
 *
 * @param a          the result; on failure "no address"
 * @param addr_type  TIPC_ADDR_NAME: v1 type, v2 instance, v3 the domain of a lookup, usually 0;
 *                   TIPC_ADDR_NAMESEQ: v1 type, v2 lower, v3 upper; TIPC_ADDR_ID: v1 node, v2
 *                   reference, v3 0
 * @param v1         as addr_type says
 * @param v2         as addr_type says
 * @param v3         as addr_type says
 * @param scope      TIPC_ZONE_SCOPE, TIPC_CLUSTER_SCOPE or TIPC_NODE_SCOPE; negative: a bind
 *                   withdraws the name
 * @retval 0                 *a is the address
 * @retval PS_BAD_ADDR_TYPE  another addr_type
 * @retval PS_BAD_FAMILY     there is no AF_TIPC
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7; linux/tipc.h.
 */
PS_API int ps_addr_tipc(ps_addr *a, int addr_type, unsigned v1, unsigned v2, unsigned v3,
                        int scope);

/**
 * Makes an AF_PACKET address.
 *
 * @param a        the result; on failure "no address"
 * @param ifname   name of an interface, or "" for every one
 * @param proto    Ethernet protocol number, 0 to 65535, in host byte order
 * @param pkttype  a PACKET_* number, usually 0
 * @param hatype   an ARPHRD_* number, usually 0
 * @param hw       hardware address, or NULL for none
 * @param hwlen    its bytes, at most 8
 * @retval 0              *a is the address
 * @retval PS_BAD_PORT    the protocol number is out of range
 * @retval PS_BAD_LENGTH  the hardware address is too long
 * @retval PS_ENODEV      an unknown interface
 * @retval PS_BAD_FAMILY  there is no AF_PACKET
 * @threadsafety Any thread.
 * @since 0.1
 * @source packet(7).
 */
PS_API int ps_addr_packet(ps_addr *a, const char *ifname, int proto, int pkttype, int hatype,
                          const void *hw, size_t hwlen);

/**
 * Makes an AF_VSOCK address: a virtual machine, or its host, and a port there.
 *
 * @param a     the result; on failure "no address"
 * @param cid   VMADDR_CID_LOCAL, VMADDR_CID_HOST, VMADDR_CID_ANY or a machine's number
 * @param port  a number; VMADDR_PORT_ANY on bind: the system chooses one
 * @retval 0              *a is the address
 * @retval PS_BAD_FAMILY  there is no AF_VSOCK
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, "AF_VSOCK"; vsock(7).
 */
PS_API int ps_addr_vsock(ps_addr *a, unsigned cid, unsigned port);

/**
 * Makes an AF_CAN address.
 *
 * @param a       the result; on failure "no address"
 * @param ifname  name of a CAN interface, or "" for every one
 * @param rx_id   CAN_ISOTP's identifier for receiving, with CAN_EFF_FLAG for one of 29 bits; 0
 *                for CAN_RAW and CAN_BCM
 * @param tx_id   the same for sending
 * @retval 0               *a is the address
 * @retval PS_BAD_ADDRESS  ifname is NULL
 * @retval PS_ENODEV       an unknown interface
 * @retval PS_BAD_FAMILY   there is no AF_CAN
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, "AF_CAN"; Linux, Documentation/networking/can.
 */
PS_API int ps_addr_can(ps_addr *a, const char *ifname, unsigned rx_id, unsigned tx_id);

/**
 * Reads the text form of an address, as ps_addr_format writes it. Names are not looked up.
 *
 * @param a       the result; on failure "no address"
 * @param family  the family the text must be of, or AF_UNSPEC for any
 * @param text    "192.0.2.1:80", "[fe80::1%2]:80", "unix:/run/x", "netlink:0:1",
 *                "tipc:name:18888:17:0", "packet:eth0:2048:0:1:", "vsock:2:1024", "can:can0:0:0"
 * @retval 0                 *a is the address
 * @retval PS_BAD_ADDRESS    the text is not of that form
 * @retval PS_BAD_PORT       the port is out of range
 * @retval PS_BAD_SCOPE      an unknown interface
 * @retval PS_PATH_TOO_LONG  an AF_UNIX path that is too long
 * @retval PS_BAD_ADDR_TYPE  an unknown TIPC address type
 * @retval PS_BAD_FAMILY     a family that this platform does not have
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; the text form is of this library.
 */
PS_API int ps_addr_parse(ps_addr *a, int family, const char *text);

/**
 * Writes the text form of an address; ps_addr_parse makes an equal address from it. An address of
 * an unknown family becomes "family:NUMBER:" and its bytes in hexadecimal; "no address" becomes
 * "".
 *
 * @param a    the address
 * @param buf  the text and its NUL
 * @param n    the size of buf; PS_ADDR_TEXT_MAX is always enough
 * @retval 0                 the text is in buf
 * @retval PS_BAD_LENGTH     n is too small; buf is then "" if n is not 0
 * @retval PS_BAD_ADDR_TYPE  a TIPC type that is not known; buf is then "" if n is not 0
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; the text form is of this library.
 */
PS_API int ps_addr_format(const ps_addr *a, char *buf, size_t n);

/**
 * Gets the host of an inet or inet6 address as a numeric text: "192.0.2.1", "fe80::1%2" (the
 * scope is a number, since interface names differ between systems; ps_if_indextoname returns the
 * name). Where another interface is named "2", it is "%02", which is read as the number.
 *
 * @param a     the address
 * @param host  the text and its NUL
 * @param n     the size of host; PS_HOST_MAX is always enough
 * @retval 0              the text is in host
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @retval PS_BAD_LENGTH  n is too small
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, the host in its address tuples.
 */
PS_API int ps_addr_get_host(const ps_addr *a, char *host, size_t n);

/**
 * Gets flowinfo and scope of an inet6 address.
 *
 * @param a         the address
 * @param flowinfo  becomes flowinfo, in host byte order; may be NULL
 * @param scopeid   becomes the scope; may be NULL
 * @retval 0              the values are set
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, the four-tuple of AF_INET6.
 */
PS_API int ps_addr_get_inet6(const ps_addr *a, unsigned *flowinfo, unsigned *scopeid);

/**
 * Gets the path of an AF_UNIX address. An abstract name has its leading NUL.
 *
 * @param a     the address
 * @param path  *path points into *a
 * @param len   *len is its length in bytes, 0 for the unnamed address
 * @retval 0              *path and *len are set
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, the string of AF_UNIX; unix(7).
 */
PS_API int ps_addr_get_unix(const ps_addr *a, const void **path, size_t *len);

/**
 * Gets the parts of an AF_NETLINK address.
 *
 * @param a       the address
 * @param pid     becomes the pid; may be NULL
 * @param groups  becomes the groups; may be NULL
 * @retval 0              the values are set
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, the pair of AF_NETLINK.
 */
PS_API int ps_addr_get_netlink(const ps_addr *a, unsigned *pid, unsigned *groups);

/**
 * Gets the parts of an AF_TIPC address, as ps_addr_tipc takes them; any pointer may be NULL. As
 * in Python 2.7 a TIPC_ADDR_NAME has its instance in v2 and v3.
 *
 * @param a          the address
 * @param addr_type  becomes TIPC_ADDR_*
 * @param v1         becomes the first number
 * @param v2         becomes the second number
 * @param v3         becomes the third number
 * @param scope      becomes the scope
 * @retval 0                 the values are set
 * @retval PS_BAD_FAMILY     another family, or "no address"
 * @retval PS_BAD_ADDR_TYPE  a type that is not known
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, the tuple of AF_TIPC.
 */
PS_API int ps_addr_get_tipc(const ps_addr *a, int *addr_type, unsigned *v1, unsigned *v2,
                            unsigned *v3, int *scope);

/**
 * Gets the parts of an AF_PACKET address; any pointer may be NULL.
 *
 * @param a        the address
 * @param ifname   becomes the interface's name, "" for no interface or one that no longer exists
 * @param n        the size of ifname
 * @param proto    becomes the protocol number
 * @param pkttype  becomes the PACKET_* number
 * @param hatype   becomes the ARPHRD_* number
 * @param hw       becomes the hardware address
 * @param hwlen    *hwlen is the size of hw, then the number of bytes of the hardware address
 * @retval 0              the values are set
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @retval PS_BAD_LENGTH  a buffer is too small
 * @threadsafety Any thread.
 * @since 0.1
 * @source packet(7).
 */
PS_API int ps_addr_get_packet(const ps_addr *a, char *ifname, size_t n, int *proto, int *pkttype,
                              int *hatype, void *hw, size_t *hwlen);

/**
 * Gets the parts of an AF_VSOCK address.
 *
 * @param a     the address
 * @param cid   becomes the machine; may be NULL
 * @param port  becomes the port; may be NULL
 * @retval 0              the values are set
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, "AF_VSOCK"; vsock(7).
 */
PS_API int ps_addr_get_vsock(const ps_addr *a, unsigned *cid, unsigned *port);

/**
 * Gets the parts of an AF_CAN address; any pointer may be NULL.
 *
 * @param a       the address
 * @param ifname  becomes the interface's name, "" for every interface or one that no longer
 *                exists
 * @param n       the size of ifname
 * @param rx_id   becomes CAN_ISOTP's identifier for receiving
 * @param tx_id   becomes CAN_ISOTP's identifier for sending
 * @retval 0              the values are set
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @retval PS_BAD_LENGTH  n is too small
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, "AF_CAN".
 */
PS_API int ps_addr_get_can(const ps_addr *a, char *ifname, size_t n, unsigned *rx_id,
                           unsigned *tx_id);

/**
 * Returns the family of an address.
 *
 * @param a  the address, or NULL
 * @return AF_*; AF_UNSPEC for "no address" and for NULL.
 * @threadsafety Any thread.
 * @since 0.1
 * @source POSIX, sa_family.
 */
PS_API int ps_addr_family(const ps_addr *a);

/**
 * Returns the port of an inet or inet6 address.
 *
 * @param a  the address
 * @return 0 to 65535, or:
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, the port in its address tuples.
 */
PS_API int ps_addr_port(const ps_addr *a);

/**
 * Changes the port of an inet or inet6 address. On failure *a is as it was.
 *
 * @param a     the address
 * @param port  0 to 65535
 * @retval 0              changed
 * @retval PS_BAD_PORT    port out of range
 * @retval PS_BAD_FAMILY  another family, or "no address"
 * @threadsafety Any thread; the address is the caller's.
 * @since 0.1
 * @source none.
 */
PS_API int ps_addr_set_port(ps_addr *a, int port);

/**
 * Returns whether two addresses name the same endpoint: they have the same family, address, port
 * and scope; of other families, the same parts, or the same bytes. Padding and flowinfo are
 * ignored. Two "no address" are equal.
 *
 * @param a  an address
 * @param b  another address
 * @return whether they are equal.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none.
 */
PS_API bool ps_addr_equal(const ps_addr *a, const ps_addr *b);

/**
 * Returns a hash of what ps_addr_equal compares: equal addresses have equal hashes. So have
 * "::ffff:1.2.3.4" and 1.2.3.4 with the same port, which are not equal. The hash is for a table
 * in this process: it differs between systems and versions, and whoever may choose addresses can
 * choose them with equal hashes.
 *
 * @param a  the address; NULL has a hash, too
 * @return the hash.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none.
 */
PS_API uint64_t ps_addr_hash(const ps_addr *a);

/**
 * Makes the IPv4 address of an IPv6 address that stands for one: "::ffff:1.2.3.4" becomes
 * 1.2.3.4, with the same port, without scope and flowinfo. All other addresses stay as they are.
 * A server for both families sees its IPv4 clients under such addresses. The functions below need
 * no ps_addr_unmap: to them "::ffff:1.2.3.4" is 1.2.3.4.
 *
 * @param a  the address; may be NULL
 * @threadsafety Any thread; the address is the caller's.
 * @since 0.1
 * @source RFC 4291, 2.5.5.2.
 */
PS_API void ps_addr_unmap(ps_addr *a);

/**
 * Returns whether two inet or inet6 addresses have the same host: address and scope; ports and
 * flowinfo are ignored.
 *
 * @param a  an address
 * @param b  another address
 * @return whether the hosts are the same; false for other families, "no address" and NULL.
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 4291, 2.5.5.2.
 */
PS_API bool ps_addr_same_host(const ps_addr *a, const ps_addr *b);

/**
 * Returns whether an inet or inet6 address is in a network; port and scope are ignored.
 *
 * @param a       the address
 * @param prefix  "10.0.0.0/8", "fe80::/10", or one address, "::1": a dotted quad or an IPv6
 *                literal without scope, and the number of bits that count, decimal without
 *                leading zeros; no netmask. Bits behind them must be zero, as for Python 3's
 *                ip_network: "10.0.0.1/8" is refused. "::ffff:10.0.0.0/104" is 10.0.0.0/8
 * @retval 1               the address is in the network
 * @retval 0               it is not; also for an address of the other family or of neither, and
 *                         for "no address"
 * @retval PS_BAD_ADDRESS  a prefix that is none, whatever the address
 * @retval PS_EFAULT       a is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 4632, RFC 4291; Python 3, ipaddress.ip_network.
 */
PS_API int ps_addr_in(const ps_addr *a, const char *prefix);

/**
 * Returns whether an address is of loopback: 127.0.0.0/8, ::1.
 *
 * @param a  the address
 * @return whether it is; false for other families, "no address" and NULL.
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 1122, RFC 4291.
 */
PS_API bool ps_addr_is_loopback(const ps_addr *a);

/**
 * Returns whether an address is of a multicast group: 224.0.0.0/4, ff00::/8.
 *
 * @param a  the address
 * @return whether it is; false for other families, "no address" and NULL.
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 1112, RFC 4291.
 */
PS_API bool ps_addr_is_multicast(const ps_addr *a);

/**
 * Returns whether an address is link-local: 169.254.0.0/16, fe80::/10.
 *
 * @param a  the address
 * @return whether it is; false for other families, "no address" and NULL.
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 3927, RFC 4291.
 */
PS_API bool ps_addr_is_link_local(const ps_addr *a);

/**
 * Returns whether an address is private: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7.
 *
 * @param a  the address
 * @return whether it is; false for other families, "no address" and NULL.
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 1918, RFC 4193.
 */
PS_API bool ps_addr_is_private(const ps_addr *a);

/**
 * Returns whether an address is the wildcard: 0.0.0.0, ::.
 *
 * @param a  the address
 * @return whether it is; false for other families, "no address" and NULL.
 * @threadsafety Any thread.
 * @since 0.1
 * @source POSIX, INADDR_ANY, in6addr_any.
 */
PS_API bool ps_addr_is_wildcard(const ps_addr *a);

/**
 * Makes an address from one that a system call has written. An address of an unknown family is
 * kept as its bytes and never refused, as in Python 2.7.
 *
 * @param a    the result; on failure "no address"
 * @param sa   a sockaddr of any family
 * @param len  its bytes; 0 makes "no address"
 * @retval 0              *a is the address
 * @retval PS_BAD_LENGTH  len is shorter than the family's sockaddr, or larger than the largest
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, its addresses of unknown families.
 */
PS_API int ps_addr_from_native(ps_addr *a, const struct sockaddr *sa, size_t len);

/**
 * Packs an IPv4 address in inet(3)'s forms: one to four parts, decimal, octal (leading 0) or
 * hexadecimal (leading 0x); the last part fills the remaining bytes: "127.1", "0x7f000001",
 * "192.0.2.1".
 *
 * @param text    the address
 * @param packed  4 bytes in network order; unchanged on failure
 * @retval 0               packed
 * @retval PS_BAD_ADDRESS  the text is no such address
 * @threadsafety Any thread.
 * @normalizes Windows has no inet_aton, and the C libraries accept text after the address, which
 * is refused here.
 * @since 0.1
 * @source Python 2.7, inet_aton; POSIX, inet_addr.
 */
PS_API int ps_inet_aton(const char *text, unsigned char packed[4]);

/**
 * Writes a packed IPv4 address as a dotted quad.
 *
 * @param packed  4 bytes in network order
 * @param len     must be 4
 * @param text    the text and its NUL
 * @retval 0              the text is written
 * @retval PS_BAD_LENGTH  another len; text is then ""
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, inet_ntoa.
 */
PS_API int ps_inet_ntoa(const void *packed, size_t len, char text[16]);

/**
 * Packs an address of AF_INET (4 bytes; a dotted quad of decimal parts without leading zeros) or
 * AF_INET6 (16 bytes; RFC 4291, no scope).
 *
 * @param family  AF_INET or AF_INET6
 * @param text    the address
 * @param packed  4 or 16 bytes in network order; unchanged on failure
 * @retval 0                packed
 * @retval PS_BAD_ADDRESS   the text is no such address
 * @retval PS_EAFNOSUPPORT  another family, as in Python 2.7
 * @threadsafety Any thread.
 * @normalizes Windows writes part of the result on failure and takes "1::001.2.3.4".
 * @since 0.1
 * @source Python 2.7, inet_pton; POSIX.
 */
PS_API int ps_inet_pton(int family, const char *text, void *packed);

/**
 * Writes a packed address of AF_INET or AF_INET6 as text: a dotted quad, or RFC 5952's form.
 *
 * @param family  AF_INET or AF_INET6
 * @param packed  the bytes in network order
 * @param len     4 for AF_INET, 16 for AF_INET6
 * @param text    the text and its NUL
 * @param n       the size of text; 16 and 46 are always enough
 * @retval 0              the text is written
 * @retval PS_BAD_LENGTH  another len, or an n that is too small; text is then "" if n is not 0
 * @retval PS_BAD_FAMILY  another family
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, inet_ntop; POSIX; RFC 5952.
 */
PS_API int ps_inet_ntop(int family, const void *packed, size_t len, char *text, size_t n);

/**
 * Converts 32 bits from host to network byte order. The type makes Python 2.7's errors (negative,
 * too large) impossible.
 *
 * @param x  the number in host byte order
 * @return the number in network byte order.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, htonl.
 */
PS_API uint32_t ps_htonl(uint32_t x);

/**
 * Converts 32 bits from network to host byte order.
 *
 * @param x  the number in network byte order
 * @return the number in host byte order.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, ntohl.
 */
PS_API uint32_t ps_ntohl(uint32_t x);

/**
 * Converts 16 bits from host to network byte order. The type makes Python 2.7's errors (negative,
 * too large) impossible.
 *
 * @param x  the number in host byte order
 * @return the number in network byte order.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, htons.
 */
PS_API uint16_t ps_htons(uint16_t x);

/**
 * Converts 16 bits from network to host byte order.
 *
 * @param x  the number in network byte order
 * @return the number in host byte order.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, ntohs.
 */
PS_API uint16_t ps_ntohs(uint16_t x);

#ifdef __cplusplus
}
#endif

#endif
