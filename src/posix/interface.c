#include "config.h"

#include "common/backend.h"
#include "common/text.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#if PS__HAVE_PACKET
#include <linux/if_packet.h>
#endif

#if PS__HAVE_AF_LINK
#include <net/if_dl.h>
#endif

/* ---- names ----------------------------------------------------------------------------------- */

/* Linux names some entries after an address's label, "eth0:1"; the interface is what precedes the
 * colon. */
static size_t name_length(const char *name)
{
    return strcspn(name, ":");
}

static bool same_interface(const struct ifaddrs *one, const struct ifaddrs *other)
{
    size_t length = name_length(one->ifa_name);

    return length == name_length(other->ifa_name) &&
           memcmp(one->ifa_name, other->ifa_name, length) == 0;
}

static bool is_first_of_interface(const struct ifaddrs *all, const struct ifaddrs *entry)
{
    while (!same_interface(all, entry))
        all = all->ifa_next;
    return all == entry;
}

/* ---- the interface --------------------------------------------------------------------------- */

/* The link's address among an interface's addresses, NULL when this is another, or a system has
 * none. */
static const void *hardware_of(const struct sockaddr *sa, size_t *length)
{
    *length = 0;
#if PS__HAVE_PACKET
    if (sa->sa_family == AF_PACKET) {
        const struct sockaddr_ll *ll = (const void *)sa;
        *length = ll->sll_halen;
        return ll->sll_addr;
    }
#endif
#if PS__HAVE_AF_LINK
    if (sa->sa_family == AF_LINK) {
        const struct sockaddr_dl *dl = (const void *)sa;
        *length = dl->sdl_alen;
        return LLADDR(dl);
    }
#endif
    (void)sa;
    return NULL;
}

/* Loopback and tunnels have none, or their peer's address in its place. */
static void read_link(ps_interface *i, const struct sockaddr *sa)
{
    size_t length;
    const void *bytes = hardware_of(sa, &length);

    if (!bytes || length > sizeof i->hardware || i->loopback || i->point_to_point)
        return;
    memcpy(i->hardware, bytes, length);
    i->hardware_length = length;
}

static unsigned read_mtu(const char *name)
{
    struct ifreq request;
    ps_handle h = PS_INVALID_HANDLE;
    unsigned mtu = 0;

    memset(&request, 0, sizeof request);
    if (ps__text_copy(request.ifr_name, sizeof request.ifr_name, name, strlen(name)) != 0)
        return 0;
    if (ps__sys_socket(AF_INET, SOCK_DGRAM, 0, false, &h) != 0)
        return 0;
    if (ioctl(h, SIOCGIFMTU, &request) == 0 && request.ifr_mtu > 0)
        mtu = (unsigned)request.ifr_mtu;
    ps__sys_close(h);
    return mtu;
}

/* Linux shows what a wireless driver has, here or there. */
static bool is_wireless(const char *name)
{
    static const char *const names[] = {"/wireless", "/phy80211"};
    char path[64 + IF_NAMESIZE];
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        strcpy(path, "/sys/class/net/");
        strcat(path, name);
        strcat(path, names[i]);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

/* The number that the list itself has for an interface, 0 where it has none. */
static unsigned listed_index(const struct ifaddrs *first)
{
#if PS__HAVE_PACKET
    for (const struct ifaddrs *entry = first; entry; entry = entry->ifa_next) {
        if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_PACKET &&
            same_interface(first, entry))
            return (unsigned)((const struct sockaddr_ll *)(const void *)entry->ifa_addr)
                ->sll_ifindex;
    }
#else
    (void)first;
#endif
    return 0;
}

/* 0: the interface has gone since it was listed. A sandbox may refuse the question. */
static unsigned index_of(const struct ifaddrs *first, const char *name)
{
    unsigned index = if_nametoindex(name);

    return index != 0 || errno == ENODEV || errno == ENXIO ? index : listed_index(first);
}

/* PS_ENODEV: it has gone meanwhile, or has no name that can be returned. */
static int report_interface(const ps__interface_sink *sink, const struct ifaddrs *first)
{
    char name[IF_NAMESIZE];
    ps_interface i = {.name = name, .description = ""};
    const struct ifaddrs *entry;

    if (ps__text_copy(name, sizeof name, first->ifa_name, name_length(first->ifa_name)) != 0)
        return PS_ENODEV;
    i.index = index_of(first, name);
    if (i.index == 0)
        return PS_ENODEV;
    i.up = (first->ifa_flags & IFF_UP) != 0;
    i.running = (first->ifa_flags & IFF_RUNNING) != 0;
    i.loopback = (first->ifa_flags & IFF_LOOPBACK) != 0;
    i.point_to_point = (first->ifa_flags & IFF_POINTOPOINT) != 0;
    i.broadcast = (first->ifa_flags & IFF_BROADCAST) != 0;
    i.multicast = (first->ifa_flags & IFF_MULTICAST) != 0;
    i.wireless = is_wireless(name);
    i.mtu = read_mtu(name);
    for (entry = first; entry; entry = entry->ifa_next) {
        if (entry->ifa_addr && same_interface(first, entry))
            read_link(&i, entry->ifa_addr);
    }
    return sink->begin(sink->context, &i);
}

/* ---- its addresses --------------------------------------------------------------------------- */

static unsigned count_bits(const unsigned char *bytes, size_t length)
{
    unsigned bits = 0;
    size_t i;

    for (i = 0; i < length; i++) {
        unsigned char left;
        for (left = bytes[i]; left; left = (unsigned char)(left << 1))
            bits++;
    }
    return bits;
}

/* BSD keeps the scope of a link-local address inside of it. */
static void take_scope_out(struct sockaddr_in6 *in6)
{
    unsigned char *bytes = in6->sin6_addr.s6_addr;

    if (!IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr) || in6->sin6_scope_id != 0)
        return;
    in6->sin6_scope_id = (uint32_t)bytes[2] << 8 | bytes[3];
    bytes[2] = bytes[3] = 0;
}

/* BSD cuts a netmask behind its last byte that is not 0, so that its family may be missing, too. */
static unsigned prefix_length(const struct ifaddrs *entry)
{
    bool inet = entry->ifa_addr->sa_family == AF_INET;
    size_t offset =
        inet ? offsetof(struct sockaddr_in, sin_addr) : offsetof(struct sockaddr_in6, sin6_addr);
    size_t length = inet ? 4 : 16;

    if (!entry->ifa_netmask)
        return (unsigned)length * 8;
#if PS__HAVE_SA_LEN
    if (entry->ifa_netmask->sa_len <= offset)
        return 0;
    if (entry->ifa_netmask->sa_len - offset < length)
        length = entry->ifa_netmask->sa_len - offset;
#endif
    return count_bits((const unsigned char *)entry->ifa_netmask + offset, length);
}

static int report_address(const ps__interface_sink *sink, const struct ifaddrs *entry)
{
    int family = entry->ifa_addr ? entry->ifa_addr->sa_family : AF_UNSPEC;
    ps_addr a;

    if (family != AF_INET && family != AF_INET6)
        return 0;
    if (ps_addr_from_native(&a, entry->ifa_addr, family == AF_INET ? sizeof a.in : sizeof a.in6) !=
        0)
        return 0;
    if (family == AF_INET6)
        take_scope_out(&a.in6);
    return sink->address(sink->context, &a, prefix_length(entry));
}

static int report_addresses(const ps__interface_sink *sink, const struct ifaddrs *first)
{
    const struct ifaddrs *entry;
    int code = 0;

    for (entry = first; entry && code == 0; entry = entry->ifa_next) {
        if (same_interface(first, entry))
            code = report_address(sink, entry);
    }
    return code;
}

int ps__sys_interfaces(const ps__interface_sink *sink)
{
    struct ifaddrs *all, *entry;
    int code = 0;

    if (getifaddrs(&all) != 0)
        return ps__from_os(errno);
    for (entry = all; entry && code == 0; entry = entry->ifa_next) {
        if (!is_first_of_interface(all, entry))
            continue;
        code = report_interface(sink, entry);
        if (code == PS_ENODEV)
            code = 0;
        else if (code == 0)
            code = report_addresses(sink, entry);
    }
    freeifaddrs(all);
    return code;
}
