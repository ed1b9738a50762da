/*
 * Addresses: a value that holds an address of any family, made from the parts that the reference's tuples have, from text, or
 * from a sockaddr of the system; and the packed and text forms of IPv4 and IPv6 addresses without a port.
 *
 * No function here allocates. Only ps_addr_inet and ps_addr_inet6 may look a name up, and only when the
 * host is neither a literal nor one of the special forms.
 */
#ifndef PORTSOCK_ADDRESS_H
#define PORTSOCK_ADDRESS_H

#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An address of any family: a value, copied by assignment. len is the number of bytes of the sockaddr at
 * &a.sa that are in use; len 0 is "no address" (the reference's None or ''), which is what ps_recvfrom gives on a
 * connected stream. Pass &a.sa and a.len to a system call; ps_addr_from_native makes an address from the system's.
 */
typedef struct ps_addr {
    union {
        struct sockaddr sa;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
    };
    socklen_t len;
} ps_addr;

/* Room for every text that ps_addr_format makes, its NUL included. */
#define PS_ADDR_TEXT_MAX 512

/*
 * Makes an IPv4 address: the reference's pair (host, port).
 *   a        the result; on failure "no address"
 *   host     "" for every interface (0.0.0.0), "<broadcast>" for 255.255.255.255, a dotted quad or a shorter decimal form
 *            ("127.1"), "::ffff:1.2.3.4", which is taken as 1.2.3.4, or a name, whose first IPv4 address is taken; UTF-8
 *   port     0 to 65535
 * Returns 0; PS_BAD_PORT, before any name is looked up; PS_BAD_ADDRESS when host is NULL or not UTF-8;
 * PS_EAI_* when the look-up fails or the name has no IPv4 address; PS_EAI_NONAME, without a look-up, for a host of numbers of
 * which one has a leading 0 or 0x: "010.0.0.1" is 8.0.0.1 for some and 10.0.0.1 for others, so no function but ps_inet_aton
 * takes it, not even spelled with digits beyond ASCII; and for a host of nothing but numbers that is no address ("256.1",
 * "4294967296", "1.2.3.4.5", "1.2.3.4."), which is nobody's name: no function looks it up.
 * Normalizes: inet_addr takes octal parts and text after the address; Windows takes "" for the machine's own addresses.
 * A name blocks for as long as the system's resolver does. Source: the reference, "A pair (host, port)".
 */
PS_API int ps_addr_inet(ps_addr *a, const char *host, int port);

/*
 * Makes an IPv6 address: the reference's four-tuple (host, port, flowinfo, scopeid).
 *   a        the result; on failure "no address"
 *   host     "" for every interface (::), a literal with or without "%scope" (an interface's name or, where none has it,
 *            number: an interface may be named "1"), or a name, whose first IPv6 address is taken; UTF-8
 *   port     0 to 65535
 *   flowinfo 0 to 0xfffff, in host byte order
 *   scopeid  an interface's number, or 0; one other than 0 replaces the scope in host
 * Returns 0; PS_BAD_PORT and PS_BAD_FLOWINFO, before any name is looked up; PS_BAD_SCOPE for an unknown
 * interface; PS_BAD_ADDRESS when host is NULL, "<broadcast>" or not UTF-8; PS_EAI_*. Where the system cannot be asked for the interface,
 * since the process has no descriptor left, as ps_if_nametoindex (names.h).
 * Source: the reference; RFC 3493, RFC 4007 (scopes).
 */
PS_API int ps_addr_inet6(ps_addr *a, const char *host, int port, unsigned flowinfo, unsigned scopeid);

/*
 * Makes an IPv4 or IPv6 address of a host that is one, for programs that must not look names up.
 *   a        the result; on failure "no address"
 *   host     what ps_getaddrinfo takes with AI_NUMERICHOST: a dotted quad or a shorter decimal form ("127.1"), or an IPv6 literal with
 *            or without "%scope"; neither "" nor "<broadcast>". ::ffff:1.2.3.4 stays an IPv6 address (ps_addr_unmap)
 *   port     0 to 65535
 * Returns 0; PS_BAD_PORT; PS_BAD_ADDRESS for everything else, names and numbers in octal or hexadecimal included; PS_BAD_SCOPE for an
 * unknown interface, and where the system cannot be asked for it, as ps_if_nametoindex (names.h). Source: none; RFC 4291, RFC 4007.
 */
PS_API int ps_addr_literal(ps_addr *a, const char *host, int port);

/*
 * Makes the address of nobody, of the family AF_UNSPEC: a datagram socket that connects to it (ps_connect) lets its peer go. It is
 * not "no address", which ps_connect refuses. a may be NULL. Source: POSIX, connect.
 */
PS_API void ps_addr_none(ps_addr *a);

/*
 * Makes an AF_UNIX address from a path.
 *   path     bytes; on Linux a leading NUL makes an abstract name, in which every byte counts
 *   len      number of bytes at path, without a final NUL; 0 is the unnamed address
 * Returns 0; PS_PATH_TOO_LONG when the path and its NUL do not fit sun_path (abstract names need no NUL; POSIX systems take a path
 * without one, too, which ps_addr_parse and ps_addr_from_native make an address of);
 * PS_BAD_ADDRESS for a NUL inside a path that is not abstract; PS_BAD_FAMILY where there is no AF_UNIX.
 * Source: the reference, "A single string is used for the AF_UNIX address family"; unix(7).
 */
PS_API int ps_addr_unix(ps_addr *a, const void *path, size_t len);

/*
 * Makes an AF_NETLINK address: the reference's pair (pid, groups). pid 0 is the kernel, or on bind "choose one".
 * Returns 0, or PS_BAD_FAMILY where there is no AF_NETLINK. Source: the reference; netlink(7).
 */
PS_API int ps_addr_netlink(ps_addr *a, unsigned pid, unsigned groups);

/*
 * Makes an AF_TIPC address: the reference's (addr_type, v1, v2, v3 [, scope]).
 *   addr_type TIPC_ADDR_NAME: v1 type, v2 instance, v3 the domain of a look-up, usually 0;
 *             TIPC_ADDR_NAMESEQ: v1 type, v2 lower, v3 upper; TIPC_ADDR_ID: v1 node, v2 reference, v3 0
 *   scope     TIPC_ZONE_SCOPE, TIPC_CLUSTER_SCOPE or TIPC_NODE_SCOPE; negative: a bind withdraws the name
 * Returns 0; PS_BAD_ADDR_TYPE; PS_BAD_FAMILY where there is no AF_TIPC. Source: the reference; linux/tipc.h.
 */
PS_API int ps_addr_tipc(ps_addr *a, int addr_type, unsigned v1, unsigned v2, unsigned v3, int scope);

/*
 * Makes an AF_PACKET address.
 *   ifname    name of an interface, or "" for every one
 *   proto     Ethernet protocol number, 0 to 65535, in host byte order
 *   pkttype, hatype  PACKET_* and ARPHRD_* numbers, usually 0
 *   hw, hwlen hardware address of at most 8 bytes; NULL and 0 for none
 * Returns 0; PS_BAD_PORT for the protocol number; PS_BAD_LENGTH for the hardware address; PS_ENODEV for an
 * unknown interface; PS_BAD_FAMILY where there is no AF_PACKET. Source: packet(7).
 */
PS_API int ps_addr_packet(ps_addr *a, const char *ifname, int proto, int pkttype, int hatype, const void *hw,
                          size_t hwlen);

/*
 * Makes an AF_VSOCK address: a virtual machine, or its host, and a port there.
 *   cid      VMADDR_CID_LOCAL, VMADDR_CID_HOST, VMADDR_CID_ANY or a machine's number
 *   port     a number; VMADDR_PORT_ANY on bind: the system chooses one
 * Returns 0, or PS_BAD_FAMILY where there is no AF_VSOCK. Source: Python 3, "AF_VSOCK"; vsock(7).
 */
PS_API int ps_addr_vsock(ps_addr *a, unsigned cid, unsigned port);

/*
 * Makes an AF_CAN address.
 *   ifname    name of a CAN interface, or "" for every one
 *   rx_id, tx_id  CAN_ISOTP's identifiers, with CAN_EFF_FLAG for 29-bit ones; 0 for CAN_RAW and CAN_BCM
 * Returns 0; PS_BAD_ADDRESS when ifname is NULL; PS_ENODEV for an unknown interface; PS_BAD_FAMILY where there is no AF_CAN.
 * Source: Python 3, "AF_CAN"; Linux, Documentation/networking/can.
 */
PS_API int ps_addr_can(ps_addr *a, const char *ifname, unsigned rx_id, unsigned tx_id);

/*
 * Reads the text form of an address, as ps_addr_format writes it. Names are not looked up.
 *   family   the family the text must be of, or AF_UNSPEC for any: "192.0.2.1:80", "[fe80::1%2]:80",
 *            "unix:/run/x", "netlink:0:1", "tipc:name:18888:17:0", "packet:eth0:2048:0:1:", "vsock:2:1024", "can:can0:0:0"
 * Returns 0; PS_BAD_ADDRESS when the text is not of that form; PS_BAD_PORT; PS_BAD_SCOPE; PS_PATH_TOO_LONG;
 * PS_BAD_ADDR_TYPE; PS_BAD_FAMILY for a family that this platform does not have. On failure *a is "no address".
 */
PS_API int ps_addr_parse(ps_addr *a, int family, const char *text);

/*
 * Writes the text form of an address; ps_addr_parse makes an equal address from it.
 *   buf, n   the text and its NUL; PS_ADDR_TEXT_MAX bytes are always enough
 * An address of an unknown family becomes "family:NUMBER:" and its bytes in hexadecimal; "no address" becomes "".
 * Returns 0; PS_BAD_LENGTH when n is too small, PS_BAD_ADDR_TYPE for a TIPC type that is not known (buf is then "" if n is
 * not 0).
 */
PS_API int ps_addr_format(const ps_addr *a, char *buf, size_t n);

/*
 * Gives the host of an inet or inet6 address as a numeric text: "192.0.2.1", "fe80::1%2" (the scope is a
 * number, since interface names differ between systems; ps_if_indextoname gives the name). Where another interface is named "2", it
 * is "%02", which is read as the number.
 *   host, n  the text and its NUL; PS_HOST_MAX bytes are always enough
 * Returns 0; PS_BAD_FAMILY for another family or "no address"; PS_BAD_LENGTH when n is too small.
 */
PS_API int ps_addr_get_host(const ps_addr *a, char *host, size_t n);

/* Gives flowinfo (host byte order) and scope of an inet6 address; either pointer may be NULL. Returns 0 or PS_BAD_FAMILY. */
PS_API int ps_addr_get_inet6(const ps_addr *a, unsigned *flowinfo, unsigned *scopeid);

/*
 * Gives the path of an AF_UNIX address: *path points into *a, *len is its length in bytes, 0 for the unnamed address.
 * An abstract name has its leading NUL. Returns 0 or PS_BAD_FAMILY.
 */
PS_API int ps_addr_get_unix(const ps_addr *a, const void **path, size_t *len);

/* Gives pid and groups of an AF_NETLINK address; either pointer may be NULL. Returns 0 or PS_BAD_FAMILY. */
PS_API int ps_addr_get_netlink(const ps_addr *a, unsigned *pid, unsigned *groups);

/*
 * Gives the parts of an AF_TIPC address, as ps_addr_tipc takes them; any pointer may be NULL. As in the
 * reference a TIPC_ADDR_NAME gives its instance in v2 and v3. Returns 0; PS_BAD_FAMILY; PS_BAD_ADDR_TYPE.
 */
PS_API int ps_addr_get_tipc(const ps_addr *a, int *addr_type, unsigned *v1, unsigned *v2, unsigned *v3, int *scope);

/*
 * Gives the parts of an AF_PACKET address; any pointer may be NULL.
 *   ifname, n     the name, "" for no interface or one that no longer exists
 *   hw, hwlen     *hwlen is the room at hw, then the number of bytes of the hardware address
 * Returns 0; PS_BAD_FAMILY; PS_BAD_LENGTH when a buffer is too small.
 */
PS_API int ps_addr_get_packet(const ps_addr *a, char *ifname, size_t n, int *proto, int *pkttype, int *hatype, void *hw,
                              size_t *hwlen);

/* Gives cid and port of an AF_VSOCK address; either pointer may be NULL. Returns 0 or PS_BAD_FAMILY. */
PS_API int ps_addr_get_vsock(const ps_addr *a, unsigned *cid, unsigned *port);

/*
 * Gives the parts of an AF_CAN address; any pointer may be NULL.
 *   ifname, n     the name, "" for every interface or one that no longer exists
 * Returns 0; PS_BAD_FAMILY; PS_BAD_LENGTH when the buffer is too small.
 */
PS_API int ps_addr_get_can(const ps_addr *a, char *ifname, size_t n, unsigned *rx_id, unsigned *tx_id);

/* Returns the family, AF_*; AF_UNSPEC for "no address" and for NULL. */
PS_API int ps_addr_family(const ps_addr *a);

/* Returns the port of an inet or inet6 address, 0 to 65535; PS_BAD_FAMILY for another family. */
PS_API int ps_addr_port(const ps_addr *a);

/* Changes the port of an inet or inet6 address. Returns 0; PS_BAD_PORT outside 0 to 65535; PS_BAD_FAMILY for another family and "no
 * address". On failure *a is as it was. */
PS_API int ps_addr_set_port(ps_addr *a, int port);

/*
 * Returns whether two addresses name the same endpoint: they have the same family, address, port and scope; of other families, the
 * same parts, or the same bytes. Padding and flowinfo are ignored. Two "no address" are equal.
 */
PS_API bool ps_addr_equal(const ps_addr *a, const ps_addr *b);

/*
 * Returns a hash of what ps_addr_equal compares: equal addresses have equal hashes. So have ::ffff:1.2.3.4 and 1.2.3.4 with the same
 * port, which are not equal. NULL has one, too. The hash is for a table in this process: it differs between systems and versions,
 * and whoever may choose addresses can choose them with equal hashes.
 */
PS_API uint64_t ps_addr_hash(const ps_addr *a);

/*
 * Makes the IPv4 address of an IPv6 address that stands for one: ::ffff:1.2.3.4 becomes 1.2.3.4, with the same port, without scope and
 * flowinfo. All other addresses stay as they are. a may be NULL. A server for both families sees its IPv4 clients under such
 * addresses. The functions below need no ps_addr_unmap: to them ::ffff:1.2.3.4 is 1.2.3.4. Source: RFC 4291, 2.5.5.2.
 */
PS_API void ps_addr_unmap(ps_addr *a);

/* Returns whether two inet or inet6 addresses have the same host: address and scope; ports and flowinfo are ignored. False for other
 * families, "no address" and NULL. */
PS_API bool ps_addr_same_host(const ps_addr *a, const ps_addr *b);

/*
 * Returns whether an inet or inet6 address is in a network; port and scope are ignored.
 *   prefix   "10.0.0.0/8", "fe80::/10", or one address, "::1": a dotted quad or an IPv6 literal without scope, and the number of bits
 *            that count, decimal without leading zeros; no netmask. Bits behind them must be zero, as for Python 3's ip_network:
 *            "10.0.0.1/8" is refused. "::ffff:10.0.0.0/104" is 10.0.0.0/8
 * Returns 1 or 0; 0 also for an address of the other family or of neither, and for "no address"; PS_BAD_ADDRESS for a prefix that is
 * none, whatever the address; PS_EFAULT when a is NULL. Source: RFC 4632, RFC 4291; Python 3, ipaddress.ip_network.
 */
PS_API int ps_addr_in(const ps_addr *a, const char *prefix);

/* Return whether an inet or inet6 address is in a range that has a meaning of its own; false for other families, "no address" and
 * NULL. Loopback: 127.0.0.0/8, ::1. Multicast: 224.0.0.0/4, ff00::/8. Link-local: 169.254.0.0/16, fe80::/10 (RFC 3927,
 * RFC 4291). Private: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918), fc00::/7 (RFC 4193). Wildcard: 0.0.0.0, ::. */
PS_API bool ps_addr_is_loopback(const ps_addr *a);
PS_API bool ps_addr_is_multicast(const ps_addr *a);
PS_API bool ps_addr_is_link_local(const ps_addr *a);
PS_API bool ps_addr_is_private(const ps_addr *a);
PS_API bool ps_addr_is_wildcard(const ps_addr *a);

/*
 * Makes an address from one that a system call has given.
 *   sa, len  a sockaddr of any family, len bytes of it; len 0 makes "no address"
 * Returns 0; PS_BAD_LENGTH when len is shorter than the family's sockaddr, or larger than the largest.
 * An address of an unknown family is kept as its bytes and never refused, as in the reference.
 */
PS_API int ps_addr_from_native(ps_addr *a, const struct sockaddr *sa, size_t len);

/*
 * Packs an IPv4 address in inet(3)'s forms: one to four parts, decimal, octal (leading 0) or hexadecimal
 * (leading 0x); the last part fills the remaining bytes: "127.1", "0x7f000001", "192.0.2.1".
 *   packed   4 bytes in network order; unchanged on failure
 * Returns 0 or PS_BAD_ADDRESS.
 * Normalizes: Windows has no inet_aton, and the C libraries accept text after the address, which is refused here.
 * Source: the reference, inet_aton; POSIX, inet_addr.
 */
PS_API int ps_inet_aton(const char *text, unsigned char packed[4]);

/*
 * Writes a packed IPv4 address as a dotted quad. len must be 4, and text must have room for 16 bytes.
 * Returns 0; PS_BAD_LENGTH (text is then ""). Source: the reference, inet_ntoa.
 */
PS_API int ps_inet_ntoa(const void *packed, size_t len, char text[16]);

/*
 * Packs an address of AF_INET (4 bytes; a dotted quad of decimal parts without leading zeros) or AF_INET6
 * (16 bytes; RFC 4291, no scope).
 *   packed   unchanged on failure
 * Returns 0; PS_BAD_ADDRESS; PS_EAFNOSUPPORT for another family, as the reference.
 * Normalizes: Windows writes part of the result on failure and takes "1::001.2.3.4". Source: POSIX, inet_pton.
 */
PS_API int ps_inet_pton(int family, const char *text, void *packed);

/*
 * Writes a packed address of AF_INET or AF_INET6 as text: a dotted quad, or RFC 5952's form.
 *   len      4 for AF_INET, 16 for AF_INET6
 *   text, n  the text and its NUL; 16 and 46 bytes are always enough
 * Returns 0; PS_BAD_LENGTH for another len, or an n that is too small (text is then "" if n is not 0);
 * PS_BAD_FAMILY for another family. Source: the reference, inet_ntop; POSIX; RFC 5952.
 */
PS_API int ps_inet_ntop(int family, const void *packed, size_t len, char *text, size_t n);

/*
 * Convert between host and network byte order. The types make the reference's errors (negative, larger than 32 or
 * 16 bits) impossible. Source: the reference, ntohl, ntohs, htonl, htons.
 */
PS_API uint32_t ps_htonl(uint32_t x);
PS_API uint32_t ps_ntohl(uint32_t x);
PS_API uint16_t ps_htons(uint16_t x);
PS_API uint16_t ps_ntohs(uint16_t x);

#ifdef __cplusplus
}
#endif

#endif
