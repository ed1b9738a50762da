/**
 * @file
 * Dissection: what is in a captured packet, as one struct and as one line of text.
 *
 * The decoder knows Ethernet (with 802.1Q and QinQ tags, and 802.3 with LLC and SNAP), Linux's
 * cooked headers, the NULL and LOOP headers of BSD, raw IP; ARP; IPv4 with options and fragments;
 * IPv6 with extension headers; TCP with options, UDP, ICMP, ICMPv6 and IGMP. Of any other
 * protocol it reports the number and the payload.
 *
 * No function here reads past packet->length, whatever the headers say, uses the heap, or keeps
 * state between calls. docs/dissect.md describes the line, and where it differs from tcpdump's.
 */
#ifndef PORTSOCK_CAPTURE_DISSECT_H
#define PORTSOCK_CAPTURE_DISSECT_H

#include "capture.h"
#include "export.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The layers, one bit each. A layer whose bit is set has its whole fixed header in the packet. */
enum {
    PS_LAYER_ETHERNET = 1 << 0,     /**< Ethernet */
    PS_LAYER_COOKED = 1 << 1,       /**< Linux cooked, version 1 or 2 */
    PS_LAYER_LOOPBACK = 1 << 2,     /**< NULL and LOOP: an address family */
    PS_LAYER_VLAN = 1 << 3,         /**< 802.1Q and QinQ */
    PS_LAYER_LLC = 1 << 4,          /**< 802.2; with SNAP when link.snap is set */
    PS_LAYER_ARP = 1 << 5,          /**< ARP */
    PS_LAYER_IPV4 = 1 << 6,         /**< IPv4 */
    PS_LAYER_IPV6 = 1 << 7,         /**< IPv6 */
    PS_LAYER_HOP_BY_HOP = 1 << 8,   /**< IPv6's hop-by-hop options */
    PS_LAYER_ROUTING = 1 << 9,      /**< IPv6's routing header */
    PS_LAYER_FRAGMENT = 1 << 10,    /**< IPv6's fragment header */
    PS_LAYER_DESTINATION = 1 << 11, /**< IPv6's destination options */
    PS_LAYER_AH = 1 << 12,          /**< the authentication header of IPv6 and IPv4 */
    PS_LAYER_ESP = 1 << 13,         /**< the encrypted payload of IPv6 and IPv4 */
    PS_LAYER_TCP = 1 << 14,         /**< TCP */
    PS_LAYER_UDP = 1 << 15,         /**< UDP */
    PS_LAYER_ICMP = 1 << 16,        /**< ICMP of IPv4 */
    PS_LAYER_ICMPV6 = 1 << 17,      /**< ICMP of IPv6 */
    PS_LAYER_IGMP = 1 << 18,        /**< IGMP */
    PS_LAYER_PAYLOAD = 1 << 19      /**< only in truncated_layer: the payload was cut */
};

/** ps_dissection.flags. Both may be set. */
enum {
    PS_DISSECT_TRUNCATED = 1, /**< the capture cut the packet within truncated_layer */
    PS_DISSECT_MALFORMED = 2  /**< malformed_layer contradicts itself or what is around it */
};

/** ps_dissection.ip.flags */
enum {
    PS_IP_MORE_FRAGMENTS = 1, /**< more fragments follow */
    PS_IP_DONT_FRAGMENT = 2,  /**< do not fragment */
    PS_IP_RESERVED_FLAG = 4   /**< the reserved bit */
};

/** ps_dissection.tcp.flags, as in the header. */
enum {
    PS_TCP_FIN = 0x01, /**< no more data */
    PS_TCP_SYN = 0x02, /**< synchronize sequence numbers */
    PS_TCP_RST = 0x04, /**< reset */
    PS_TCP_PSH = 0x08, /**< push */
    PS_TCP_ACK = 0x10, /**< the acknowledgement is valid */
    PS_TCP_URG = 0x20, /**< the urgent pointer is valid */
    PS_TCP_ECE = 0x40, /**< congestion was reported */
    PS_TCP_CWR = 0x80, /**< the congestion window was reduced */
    PS_TCP_AE = 0x100  /**< accurate ECN */
};

/** ps_dissection.tcp.options: the options that the packet has, each complete. */
enum {
    PS_TCP_OPTION_MSS = 1 << 0,            /**< the maximum segment size */
    PS_TCP_OPTION_WINDOW_SCALE = 1 << 1,   /**< the window scale */
    PS_TCP_OPTION_SACK_PERMITTED = 1 << 2, /**< selective acknowledgements are permitted */
    PS_TCP_OPTION_SACK = 1 << 3,           /**< selective acknowledgements */
    PS_TCP_OPTION_TIMESTAMP = 1 << 4,      /**< time stamps */
    PS_TCP_OPTION_OTHER = 1 << 5           /**< another option */
};

/** How many of some things are kept. */
enum {
    PS_DISSECT_VLANS = 4, /**< VLAN tags */
    PS_DISSECT_SACKS = 4  /**< selective acknowledgements; a TCP header has space for no more */
};

/**
 * The contents of a packet. Numbers are in host byte order, and offsets count from packet->data.
 * Members of a layer whose bit is not set are 0. Frozen.
 */
typedef struct ps_dissection {
    uint32_t layers;          /**< PS_LAYER_* */
    uint32_t flags;           /**< PS_DISSECT_* */
    uint32_t truncated_layer; /**< the PS_LAYER_* in which the captured bytes ended, or 0 */
    uint32_t malformed_layer; /**< the first PS_LAYER_* that is malformed, or 0 */

    uint32_t network_offset;   /**< where ARP or IP begins, or what else the link header carries */
    uint32_t transport_offset; /**< where what IP carries begins, behind all its headers; or 0 */
    uint32_t transport_length; /**< its length on the wire, by IP */
    uint32_t payload_offset;   /**< behind the last header that was decoded */
    uint32_t payload_length;   /**< bytes of it in the packet, without Ethernet's padding */
    uint32_t payload_wire_length; /**< bytes of it on the wire; more when the capture cut it */

    uint16_t ether_type;       /**< what the link header carries: 0x0800, 0x0806, ...; 0: unknown */
    uint8_t protocol;          /**< what IP carries, behind extension headers: 6, 17, 1, 58, ... */
    uint16_t source_port;      /**< of TCP and UDP */
    uint16_t destination_port; /**< of TCP and UDP */

    /** The header of the link. */
    struct {
        unsigned char source[8];          /**< hardware address */
        unsigned char destination[8];     /**< hardware address; a cooked header has none */
        uint8_t source_length;            /**< bytes of source */
        uint8_t destination_length;       /**< bytes of destination */
        uint8_t vlan_count;               /**< tags; the first PS_DISSECT_VLANS are kept */
        uint16_t vlans[PS_DISSECT_VLANS]; /**< priority 3 bits, drop eligible 1 bit, VLAN 12 bits */
        uint16_t packet_type; /**< cooked: 0 to us, 1 broadcast, 2 multicast, 3 others, 4 from us */
        uint16_t hardware_type;   /**< cooked: ARPHRD_*, 1 is Ethernet */
        uint32_t interface_index; /**< cooked version 2 */
        uint32_t family;          /**< NULL, LOOP: as the system it is from numbers it */
        uint8_t dsap;             /**< LLC */
        uint8_t ssap;             /**< LLC */
        uint16_t control;         /**< LLC */
        bool snap;                /**< LLC with SNAP: oui is set; ether_type when oui is 0 */
        uint32_t oui;             /**< SNAP */
    } link;                       /**< the header of the link */

    /** ARP. */
    struct {
        uint16_t hardware_type;           /**< 1 is Ethernet */
        uint16_t protocol_type;           /**< 0x0800 is IPv4 */
        uint16_t operation;               /**< 1 request, 2 reply */
        uint8_t hardware_length;          /**< bytes of a hardware address */
        uint8_t protocol_length;          /**< bytes of a protocol address */
        unsigned char sender_hardware[6]; /**< when the lengths are 6 and 4 */
        unsigned char sender[4];          /**< when the lengths are 6 and 4 */
        unsigned char target_hardware[6]; /**< when the lengths are 6 and 4 */
        unsigned char target[4];          /**< when the lengths are 6 and 4 */
    } arp;                                /**< ARP */

    /** IPv4 and IPv6. */
    struct {
        unsigned char source[16];      /**< the first 4 bytes with IPv4 */
        unsigned char destination[16]; /**< the first 4 bytes with IPv4 */
        uint8_t version;               /**< 4 or 6 */
        uint8_t traffic_class;         /**< the type of service */
        uint8_t hop_limit;             /**< the time to live */
        uint8_t flags;                 /**< PS_IP_* */
        uint8_t extension_count;       /**< IPv6 extension headers */
        uint16_t header_length;        /**< with options; 40 with IPv6 */
        uint16_t checksum;             /**< IPv4 */
        uint32_t total_length;         /**< header and payload on the wire, as the header says */
        uint32_t flow_label;           /**< IPv6 */
        uint32_t id;                   /**< IPv4's, or that of IPv6's fragment header */
        uint32_t fragment_offset;      /**< in bytes; above 0 there is no transport header */
    } ip;                              /**< IPv4 and IPv6 */

    /** TCP. */
    struct {
        uint32_t sequence;                   /**< sequence number */
        uint32_t acknowledgement;            /**< acknowledgement number */
        uint16_t flags;                      /**< PS_TCP_* */
        uint16_t window;                     /**< as in the header, not scaled */
        uint16_t checksum;                   /**< checksum */
        uint16_t urgent;                     /**< urgent pointer */
        uint8_t header_length;               /**< with options */
        uint8_t options;                     /**< PS_TCP_OPTION_* */
        uint8_t window_scale;                /**< of the option */
        uint8_t sack_count;                  /**< how many selective acknowledgements there are */
        uint16_t mss;                        /**< of the option */
        uint32_t timestamp;                  /**< of the option */
        uint32_t timestamp_echo;             /**< of the option */
        uint32_t sacks[PS_DISSECT_SACKS][2]; /**< first byte, and the byte behind the last */
    } tcp;                                   /**< TCP */

    /** UDP. */
    struct {
        uint16_t length;   /**< header and payload */
        uint16_t checksum; /**< 0: none */
    } udp;                 /**< UDP */

    /** ICMP and ICMPv6; of IGMP type, code, checksum and value, the group. */
    struct {
        uint8_t type;      /**< type */
        uint8_t code;      /**< code */
        uint16_t checksum; /**< checksum */
        uint16_t id;       /**< of echo messages */
        uint16_t sequence; /**< of echo messages */
        uint32_t value;    /**< the 4 bytes behind the checksum: MTU, gateway, pointer, ... */
        unsigned char target[16]; /**< neighbor solicitation, advertisement and redirect */
    } icmp;                       /**< ICMP, ICMPv6 and IGMP */
} ps_dissection;

/**
 * Decodes a packet, of the link type packet->link_type. Never reads past packet->length. The
 * lengths on the wire come from packet->original_length and the headers. An IPv4 length of 0, and
 * an IPv6 length of 0 in front of TCP, which segmentation offload leaves in outgoing packets, mean
 * the rest of the packet. Packets inside packets (IP in IP, the datagram that an ICMP error quotes)
 * are payload.
 *
 * @param packet  the packet
 * @param d       the result; every member is written
 * @retval 0          decoded; also a packet that is cut, malformed or of an unknown link type:
 *                    see flags and layers
 * @retval PS_EFAULT  a pointer is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source IEEE 802; RFC 791, RFC 792, RFC 826, RFC 3376, RFC 4443, RFC 8200, RFC 9293.
 */
PS_CAPTURE_API int ps_dissect(const ps_packet *packet, ps_dissection *d);

/** The size of a buffer that every usual line of ps_dissection_format fits into. */
#define PS_DISSECTION_TEXT_MAX 512

/**
 * Writes one line of text, without a line end, as `tcpdump -n -S` prints it after its time stamp:
 * "IP 192.0.2.1.1234 > 192.0.2.2.80: Flags [S], seq 1, win 64240, length 0".
 *
 * The text is printable ASCII, and contains nothing of the packet's payload. Sequence numbers are
 * absolute. A header that ends too soon shows as " [|tcp]"; a contradiction is described in
 * words.
 *
 * @param packet  the packet that *d was made from
 * @param d       the dissection
 * @param buf     the text and its NUL; a line that does not fit ends in "..."
 * @param n       the size of buf: PS_DISSECTION_TEXT_MAX or any other
 * @retval 0              the text is in buf
 * @retval PS_EFAULT      a pointer is NULL
 * @retval PS_BAD_LENGTH  n is 0
 * @threadsafety Any thread.
 * @since 0.1
 * @source tcpdump 4.99.
 */
PS_CAPTURE_API int ps_dissection_format(const ps_packet *packet, const ps_dissection *d, char *buf,
                                        size_t n);

/** The results of ps_dissection_checksum. */
enum {
    PS_CHECKSUM_UNKNOWN = 0, /**< the layer is missing, or a part of what it covers is */
    PS_CHECKSUM_GOOD = 1,    /**< it is right */
    PS_CHECKSUM_BAD = 2,     /**< it is wrong; also when this machine's network card computes it */
    PS_CHECKSUM_ABSENT = 3   /**< UDP over IPv4 without one */
};

/**
 * Verifies the checksum of a layer.
 *
 * @param packet  the packet that *d was made from
 * @param d       the dissection
 * @param layer   PS_LAYER_IPV4 (its header), PS_LAYER_TCP, PS_LAYER_UDP, PS_LAYER_ICMP,
 *                PS_LAYER_ICMPV6 or PS_LAYER_IGMP
 * @param right   becomes the correct checksum when the result is PS_CHECKSUM_GOOD or
 *                PS_CHECKSUM_BAD; may be NULL
 * @return PS_CHECKSUM_*; PS_CHECKSUM_UNKNOWN also for a packet that was cut, and for a fragment;
 * or:
 * @retval PS_EFAULT  a pointer is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 1071, RFC 8200 section 8.1.
 */
PS_CAPTURE_API int ps_dissection_checksum(const ps_packet *packet, const ps_dissection *d,
                                          uint32_t layer, uint16_t *right);

/**
 * Returns the Internet checksum of some bytes, for programs that make packets: the complement of
 * the sum of their 16-bit words. It is 0 for bytes that include a correct checksum.
 *
 * @param buf  the bytes
 * @param n    how many
 * @return the checksum, in host byte order.
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 1071.
 */
PS_CAPTURE_API uint16_t ps_checksum(const void *buf, size_t n);

/**
 * Returns the name of one layer: "ether", "sll", "null", "vlan", "llc", "arp", "ip", "ip6",
 * "tcp", ...
 *
 * @param layer  PS_LAYER_*
 * @return static storage; "unknown" for another number.
 * @threadsafety Any thread.
 * @since 0.1
 * @source tcpdump 4.99.
 */
PS_CAPTURE_API const char *ps_layer_name(uint32_t layer);

#ifdef __cplusplus
}
#endif

#endif
