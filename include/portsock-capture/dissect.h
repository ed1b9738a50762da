/*
 * Dissection: what is in a captured packet, as one struct and as one line of text.
 *
 * The decoder knows Ethernet (with 802.1Q and QinQ tags, and 802.3 with LLC and SNAP), Linux's cooked headers, the NULL
 * and LOOP headers of BSD, raw IP; ARP; IPv4 with options and fragments; IPv6 with extension headers; TCP with options,
 * UDP, ICMP, ICMPv6 and IGMP. Of any other protocol it gives the number and the payload.
 *
 * No function here reads past packet->length, whatever the headers say, uses the heap, or keeps state between calls.
 * docs/dissect.md describes the line, and where it differs from tcpdump's.
 */
#ifndef PORTSOCK_CAPTURE_DISSECT_H
#define PORTSOCK_CAPTURE_DISSECT_H

#include "capture.h"
#include "export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The layers, one bit each. A layer whose bit is set has its whole fixed header in the packet. */
enum {
    PS_LAYER_ETHERNET = 1 << 0,
    PS_LAYER_COOKED = 1 << 1,   /* Linux cooked, version 1 or 2 */
    PS_LAYER_LOOPBACK = 1 << 2, /* NULL and LOOP: an address family */
    PS_LAYER_VLAN = 1 << 3,
    PS_LAYER_LLC = 1 << 4, /* 802.2; with SNAP when link.snap is set */
    PS_LAYER_ARP = 1 << 5,
    PS_LAYER_IPV4 = 1 << 6,
    PS_LAYER_IPV6 = 1 << 7,
    PS_LAYER_HOP_BY_HOP = 1 << 8, /* from here: extension headers of IPv6 (AH and ESP of IPv4, too) */
    PS_LAYER_ROUTING = 1 << 9,
    PS_LAYER_FRAGMENT = 1 << 10,
    PS_LAYER_DESTINATION = 1 << 11,
    PS_LAYER_AH = 1 << 12,
    PS_LAYER_ESP = 1 << 13,
    PS_LAYER_TCP = 1 << 14,
    PS_LAYER_UDP = 1 << 15,
    PS_LAYER_ICMP = 1 << 16,
    PS_LAYER_ICMPV6 = 1 << 17,
    PS_LAYER_IGMP = 1 << 18,
    PS_LAYER_PAYLOAD = 1 << 19 /* only in truncated_layer: all headers are there, and the payload was cut */
};

/* Marks. Both may be set. */
enum {
    PS_DISSECT_TRUNCATED = 1, /* the capture cut the packet (snap length) within truncated_layer */
    PS_DISSECT_MALFORMED = 2  /* a length or a version in malformed_layer contradicts what is around it */
};

/* ip.flags */
enum { PS_IP_MORE_FRAGMENTS = 1, PS_IP_DONT_FRAGMENT = 2, PS_IP_RESERVED_FLAG = 4 };

/* tcp.flags, as in the header */
enum {
    PS_TCP_FIN = 0x01,
    PS_TCP_SYN = 0x02,
    PS_TCP_RST = 0x04,
    PS_TCP_PSH = 0x08,
    PS_TCP_ACK = 0x10,
    PS_TCP_URG = 0x20,
    PS_TCP_ECE = 0x40,
    PS_TCP_CWR = 0x80,
    PS_TCP_AE = 0x100
};

/* tcp.options: the options that the packet has, each complete */
enum {
    PS_TCP_OPTION_MSS = 1 << 0,
    PS_TCP_OPTION_WINDOW_SCALE = 1 << 1,
    PS_TCP_OPTION_SACK_PERMITTED = 1 << 2,
    PS_TCP_OPTION_SACK = 1 << 3,
    PS_TCP_OPTION_TIMESTAMP = 1 << 4,
    PS_TCP_OPTION_OTHER = 1 << 5
};

/* How many VLAN tags and selective acknowledgements are kept. A TCP header has no room for more than 4 of the latter. */
enum { PS_DISSECT_VLANS = 4, PS_DISSECT_SACKS = 4 };

/*
 * The contents of a packet. Numbers are in host byte order, and offsets count from packet->data. Members of a layer whose bit is
 * not set are 0.
 */
typedef struct ps_dissection {
    uint32_t layers;          /* PS_LAYER_* */
    uint32_t marks;           /* PS_DISSECT_* */
    uint32_t truncated_layer; /* the PS_LAYER_* in which the captured bytes ended, or 0 */
    uint32_t malformed_layer; /* the first PS_LAYER_* that contradicts itself or what is around it, or 0 */

    uint32_t network_offset;      /* where ARP or IP begins, or what else the link header carries */
    uint32_t transport_offset;    /* where what IP carries begins, behind options and extension headers; or 0 */
    uint32_t transport_length;    /* its length on the wire, by IP */
    uint32_t payload_offset;      /* behind the last header that was decoded */
    uint32_t payload_length;      /* bytes of it in the packet, without Ethernet's padding */
    uint32_t payload_wire_length; /* bytes of it on the wire; more than payload_length when the capture cut it */

    uint16_t ether_type;                    /* what the link header carries: 0x0800, 0x0806, 0x86dd, ...; 0: unknown */
    uint8_t protocol;                       /* what IP carries, behind extension headers: 6, 17, 1, 58, ... */
    uint16_t source_port, destination_port; /* of TCP and UDP */

    struct {
        unsigned char source[8], destination[8]; /* hardware addresses; a cooked header has a source only */
        uint8_t source_length, destination_length;
        uint8_t vlan_count;               /* how many tags there are; the first PS_DISSECT_VLANS are kept */
        uint16_t vlans[PS_DISSECT_VLANS]; /* priority 3 bits, drop eligible 1 bit, VLAN 12 bits */
        uint16_t packet_type;             /* cooked: 0 to us, 1 broadcast, 2 multicast, 3 to others, 4 from us */
        uint16_t hardware_type;           /* cooked: ARPHRD_*, 1 is Ethernet */
        uint32_t interface_index;         /* cooked version 2 */
        uint32_t family;                  /* NULL, LOOP: the address family, by the numbers of the system it is from */
        uint8_t dsap, ssap;               /* LLC */
        uint16_t control;                 /* LLC */
        bool snap;                        /* LLC with SNAP: oui is set, and ether_type when oui is 0 */
        uint32_t oui;
    } link;

    struct {
        uint16_t hardware_type, protocol_type, operation; /* 1 request, 2 reply */
        uint8_t hardware_length, protocol_length;
        unsigned char sender_hardware[6], sender[4]; /* set when the lengths are 6 and 4 */
        unsigned char target_hardware[6], target[4];
    } arp;

    struct {
        unsigned char source[16], destination[16]; /* the first 4 bytes with IPv4 */
        uint8_t version;                           /* 4 or 6 */
        uint8_t traffic_class;                     /* the type of service */
        uint8_t hop_limit;                         /* the time to live */
        uint8_t flags;                             /* PS_IP_* */
        uint8_t extension_count;                   /* IPv6 extension headers */
        uint16_t header_length;                    /* with options; 40 with IPv6 */
        uint16_t checksum;                         /* IPv4 */
        uint32_t total_length;                     /* header and payload on the wire, as the header says */
        uint32_t flow_label;                       /* IPv6 */
        uint32_t id;                               /* IPv4's, or that of IPv6's fragment header */
        uint32_t fragment_offset;                  /* in bytes; above 0 there is no transport header */
    } ip;

    struct {
        uint32_t sequence, acknowledgement;
        uint16_t flags; /* PS_TCP_* */
        uint16_t window, checksum, urgent;
        uint8_t header_length; /* with options */
        uint8_t options;       /* PS_TCP_OPTION_* */
        uint8_t window_scale;
        uint8_t sack_count;
        uint16_t mss;
        uint32_t timestamp, timestamp_echo;
        uint32_t sacks[PS_DISSECT_SACKS][2]; /* first byte, and the byte behind the last */
    } tcp;

    struct {
        uint16_t length, checksum;
    } udp;

    struct {
        uint8_t type, code;
        uint16_t checksum;
        uint16_t id, sequence;    /* of echo messages */
        uint32_t value;           /* the 4 bytes behind the checksum: MTU, gateway, pointer, ... */
        unsigned char target[16]; /* neighbour solicitation, advertisement and redirect */
    } icmp;                       /* ICMP and ICMPv6; of IGMP type, code, checksum and value, the group */
} ps_dissection;

/*
 * Decodes a packet, of the link type packet->link_type.
 *   d        the result; every member is written
 * Returns 0, also for a packet that is cut, malformed or of an unknown link type: see the marks and layers.
 * PS_EFAULT for a NULL pointer.
 * Never reads past packet->length. The lengths on the wire come from packet->original_length and the headers. An IPv4
 * length of 0, which segmentation offload leaves in outgoing packets, means the rest of the packet. Packets inside
 * packets (IP in IP, the datagram that an ICMP error quotes) are payload.
 */
PS_CAPTURE_API int ps_dissect(const ps_packet *packet, ps_dissection *d);

/* Room for every usual line of ps_dissection_format. */
#define PS_DISSECTION_TEXT_MAX 512

/*
 * Writes one line of text, without a line end, as `tcpdump -n -S` prints it after its time stamp:
 * "IP 192.0.2.1.1234 > 192.0.2.2.80: Flags [S], seq 1, win 64240, length 0".
 *   packet   the packet that *d was made from
 *   size     room at text, PS_DISSECTION_TEXT_MAX or any other; a line that does not fit ends in "..."
 * Returns 0; PS_EFAULT for a NULL pointer; PS_BAD_LENGTH when size is 0.
 * The text is printable ASCII, and contains nothing of the packet's payload. Sequence numbers are absolute. A header that
 * ends too soon shows as " [|tcp]"; a contradiction is described in words. Source: tcpdump 4.99.
 */
PS_CAPTURE_API int ps_dissection_format(const ps_packet *packet, const ps_dissection *d, char *text, size_t size);

/* The results of ps_dissection_checksum. */
enum {
    PS_CHECKSUM_UNKNOWN =
        0, /* unknown: the layer is missing, or a part of what it covers is (a cut packet, a fragment) */
    PS_CHECKSUM_GOOD = 1,
    PS_CHECKSUM_BAD = 2,   /* also of a packet that this machine sent, where the network card computes it */
    PS_CHECKSUM_ABSENT = 3 /* UDP over IPv4 without one */
};

/*
 * Verifies the checksum of a layer: PS_LAYER_IPV4 (its header), PS_LAYER_TCP, PS_LAYER_UDP, PS_LAYER_ICMP,
 * PS_LAYER_ICMPV6 or PS_LAYER_IGMP.
 *   packet   the packet that *d was made from
 *   right    becomes the correct checksum when the result is PS_CHECKSUM_GOOD or PS_CHECKSUM_BAD; may be NULL
 * Returns PS_CHECKSUM_*; PS_EFAULT for a NULL pointer.
 * Source: RFC 1071, RFC 8200 section 8.1.
 */
PS_CAPTURE_API int ps_dissection_checksum(const ps_packet *packet, const ps_dissection *d, uint32_t layer,
                                          uint16_t *right);

/*
 * Returns the Internet checksum of some bytes, in host byte order, for programs that make packets: the complement of the sum of
 * their 16-bit words. It is 0 for bytes that include a correct checksum.
 * Source: RFC 1071.
 */
PS_CAPTURE_API uint16_t ps_checksum(const void *data, size_t length);

/* Returns the name of one layer, in static storage: "ether", "sll", "null", "vlan", "llc", "arp", "ip", "ip6", "tcp", ... */
PS_CAPTURE_API const char *ps_layer_name(uint32_t layer);

#ifdef __cplusplus
}
#endif

#endif
