/*
 * The network interfaces of this machine, with their addresses.
 *
 * The list is made on the heap and freed with ps_freeinterfaces.
 */
#ifndef PORTSOCK_INTERFACE_H
#define PORTSOCK_INTERFACE_H

#include "address.h"
#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An interface. Everything in it belongs to the list. */
typedef struct ps_interface {
    const char *name;        /* for programs: "eth0", "en0", "ethernet_32768"; ps_if_nametoindex accepts it */
    const char *description; /* for people: "Ethernet"; "" where the system has none */
    unsigned index;          /* the scope of link-local addresses; above 0 */
    bool up;                 /* switched on */
    bool running;            /* has a link (cable, radio); true for an interface that is up and has no link to detect */
    bool loopback;
    bool point_to_point;
    bool broadcast;
    bool multicast;
    bool wireless; /* IEEE 802.11 */
    unsigned mtu;  /* the longest packet in bytes; 0: not known */
    unsigned char hardware[8];
    size_t hardware_length;              /* 6 on an Ethernet; 0: none, or longer than 8 */
    const ps_addr *addresses;            /* inet and inet6, port 0 */
    const unsigned char *prefix_lengths; /* of each address: 24 for a netmask of 255.255.255.0 */
    size_t address_count;
    struct ps_interface *next;
} ps_interface;

/*
 * Makes a list of the interfaces, in the order of their index.
 *   list     the result, to be freed with ps_freeinterfaces; NULL on failure, and where there is no interface at all
 * Returns 0; PS_ENOMEM; PS_EFAULT; PS_EMFILE, PS_ENFILE.
 * Normalizes: getifaddrs gives one entry for each address, also under names of aliases ("eth0:1"); Windows has three kinds of
 * names. Source: getifaddrs(3); Microsoft, GetAdaptersAddresses.
 */
PS_API int ps_getinterfaces(ps_interface **list);

/* Frees a list of ps_getinterfaces; NULL is allowed. */
PS_API void ps_freeinterfaces(ps_interface *list);

#ifdef __cplusplus
}
#endif

#endif
