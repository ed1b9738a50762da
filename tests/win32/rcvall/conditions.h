/*
 * What Windows does only at times, or only in some versions. A test names these in the file whose
 * path is PORTSOCK_RCVALL_CONDITIONS, one a line (conditions.c has the names), and may change the
 * file while the program runs.
 */
#ifndef RCVALL_CONDITIONS_H
#define RCVALL_CONDITIONS_H

#include "wire.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum condition {
    /* "Before offloading a large TCP packet for segmentation, the TCP/IP transport ... calculates a
     * one's complement sum for the TCP pseudoheader and writes this sum to the Checksum field";
     * with LSOV2 the length of the packet is that of its buffer, and not in its header. (Microsoft,
     * "Offloading the Segmentation of Large TCP Packets".) */
    SEND_OFFLOAD,
    /* The opposite of "the application does not receive any IPv6 headers using a raw socket"
     * ("TCP/IP raw sockets"): "return IPv6 datagrams passing through the given IPv6 interface"
     * ("SIO_RCVALL control code") may be read so. */
    IPV6_HEADERS,
    /* The header is received "regardless of the IP_HDRINCL socket option" ("TCP/IP raw sockets"):
     * a program that only receives can do without. */
    NO_HEADER_OPTION,
    /* "WSAEINVAL ... can also be returned if the network interface associated with the socket
     * cannot be found. This could occur if the network interface associated with the socket is
     * deleted or removed" ("SIO_RCVALL control code"). GetIfEntry2: ERROR_FILE_NOT_FOUND. */
    INTERFACE_REMOVED,
    /* The same, of an interface that is in the list as IfOperStatusNotPresent: "some component,
     * typically a hardware component, is not present" ("MIB_IF_ROW2"). */
    INTERFACE_NOT_PRESENT,
    /* NET_IF_ADMIN_STATUS_DOWN ("MIB_IF_ROW2"). */
    INTERFACE_OFF,
    /* "WSAENETDOWN: the network subsystem has failed" ("recvfrom"), for each receive. */
    RECEIVE_FAILS,
    CONDITION_COUNT
} condition;

bool is_condition(condition asked);

/* What SEND_OFFLOAD leaves of a packet that goes out. */
void change_to_offloaded(const packet_head *head, unsigned char *packet, size_t length);

#endif
