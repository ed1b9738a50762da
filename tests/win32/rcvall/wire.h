/*
 * What the two halves of the emulation say to each other: rcvall.dll in the Windows program, and
 * the relay on the Linux side. Both run on one machine, so that numbers are in its own byte
 * order.
 *
 * Each emulated socket has a TCP connection to the relay, which takes orders and answers all but
 * ORDER_TAKEN; and a UDP socket, on which a packet is one datagram, a packet_head first. Both
 * use RELAY_ADDRESS, which is no address of other traffic, so that the emulation's own packets
 * are never taken for the program's.
 */
#ifndef RCVALL_WIRE_H
#define RCVALL_WIRE_H

#include <stdint.h>

/* 127.82.67.86 in the machine's byte order. */
#define RELAY_ADDRESS 0x7f524356u
#define RELAY_ADDRESS_TEXT "127.82.67.86"

/* Documented for raw sockets: the longest message. With its head it just fits a UDP datagram. */
#define PACKET_MAX 65467

enum order_kind {
    ORDER_SOCKET, /* a socket was made: family, protocol, port of its UDP socket; value 1: IPv6
                   * packets come with their header */
    ORDER_BIND,   /* it was bound: address, scope */
    ORDER_SET,    /* a control was put to it: control, value; the relay does it */
    ORDER_REFUSED /* a control was put to it, which its rules refuse: control, value, error */,
    ORDER_TAKEN, /* the program has taken packets: value of them */
    ORDER_CLOSE  /* it is being closed */
};

typedef struct order {
    uint32_t kind;
    uint32_t family; /* 4 or 6 */
    uint32_t protocol;
    uint32_t port;
    uint32_t scope;
    uint32_t control;
    uint32_t value;
    uint32_t error;
    uint8_t address[16];
} order;

/* The answer: 0, or the error that Winsock gives. */
typedef uint32_t answer;

enum { ERROR_INVALID = 10022, ERROR_NO_BUFFERS = 10055 };

/* SIO_RCVALL, SIO_RCVALL_MCAST, SIO_RCVALL_IGMPMCAST. */
#define CONTROL_ALL 0x98000001u
#define CONTROL_MULTICAST 0x98000002u
#define CONTROL_IGMP 0x98000003u

enum { MODE_OFF, MODE_ON, MODE_SOCKET_LEVEL_ONLY, MODE_IP_LEVEL, MODE_COUNT };

/* In front of each packet; `source` and `destination` hold 4 or 16 bytes. */
typedef struct packet_head {
    uint8_t family;
    uint8_t outgoing;
    uint8_t hop_limit;
    uint8_t protocol;
    uint32_t interface_index;
    uint8_t source[16];
    uint8_t destination[16];
} packet_head;

/* The relay sends no more than this ahead of what the program has taken, so that nothing is lost
 * between the two. */
enum {
    WINDOW_PACKETS = 128,
    WINDOW_BYTES = 128 * 1024,
    TAKEN_PACKETS = 16,
    TAKEN_BYTES = 32 * 1024
};

#endif
