/**
 * @file
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

/**
 * An interface. The library makes it, and a later version may add members at its end. Everything
 * in it belongs to the list.
 */
typedef struct ps_interface {
    const char *name;          /**< for programs: "eth0", "en0", "ethernet_32768" */
    const char *description;   /**< for people: "Ethernet"; "" where the system has none */
    unsigned index;            /**< the scope of link-local addresses; above 0 */
    bool up;                   /**< switched on */
    bool running;              /**< has a link (cable, radio), or is up and cannot detect one */
    bool loopback;             /**< of packets to this machine */
    bool point_to_point;       /**< has one machine at its other end */
    bool broadcast;            /**< can broadcast */
    bool multicast;            /**< can multicast */
    bool wireless;             /**< IEEE 802.11 */
    unsigned mtu;              /**< the longest packet in bytes; 0: not known */
    unsigned char hardware[8]; /**< the hardware address */
    size_t hardware_length;    /**< 6 on an Ethernet; 0: none, or longer than 8 */
    const ps_addr *addresses;  /**< inet and inet6, port 0 */
    const unsigned char *prefix_lengths; /**< of each address: 24 for a netmask of 255.255.255.0 */
    size_t address_count;                /**< how many addresses there are */
    struct ps_interface *next;           /**< the next interface, or NULL */
} ps_interface;

/**
 * Makes a list of the interfaces, in the order of their index. ps_if_nametoindex accepts their
 * names.
 *
 * @param list  the result, to be freed with ps_freeinterfaces; NULL on failure, and where there
 *              is no interface at all
 * @retval 0          *list is made
 * @retval PS_ENOMEM  no memory
 * @retval PS_EMFILE  the process has no handle left
 * @retval PS_ENFILE  the system has no handle left
 * @retval PS_EFAULT  list is NULL
 * @threadsafety Any thread.
 * @normalizes getifaddrs returns one entry for each address, also under names of aliases
 * ("eth0:1"); Windows has three kinds of names.
 * @since 0.1
 * @source getifaddrs(3); Microsoft, GetAdaptersAddresses.
 */
PS_API int ps_getinterfaces(ps_interface **list);

/**
 * Frees a list of ps_getinterfaces.
 *
 * @param list  the list; NULL is allowed
 * @threadsafety Any thread; the list is the caller's.
 * @since 0.1
 * @source getifaddrs(3), freeifaddrs.
 */
PS_API void ps_freeinterfaces(ps_interface *list);

#ifdef __cplusplus
}
#endif

#endif
