#include "config.h"

#include "common/backend.h"
#include "family/family.h"
#include "posix/last_error.h"

#include <string.h>
#include <time.h>

#if PS__HAVE_AF_LINK
#include <net/if_dl.h>
#endif

/* ---- what comes with a datagram -------------------------------------------------------------- */

/* Linux, NetBSD and macOS have address and interface in one item; FreeBSD and OpenBSD one for
 * each. */
#if defined IP_RECVPKTINFO
enum { REPORT_DESTINATION = IP_RECVPKTINFO };
#elif defined IP_PKTINFO
enum { REPORT_DESTINATION = IP_PKTINFO };
#elif defined IP_RECVDSTADDR
enum { REPORT_DESTINATION = IP_RECVDSTADDR };
#else
enum { REPORT_DESTINATION = -1 };
#endif

#if defined IP_RECVIF && !defined IP_PKTINFO
#define INTERFACE_IS_APART 1
#else
#define INTERFACE_IS_APART 0
#endif

#ifdef SO_TIMESTAMPNS
enum { REPORT_TIME = SO_TIMESTAMPNS };
#else
enum { REPORT_TIME = SO_TIMESTAMP };
#endif

static int option_of(int family, unsigned field)
{
    bool is_inet6 = family == AF_INET6;

    switch (field) {
    case PS_INFO_DESTINATION:
        return is_inet6 ? IPV6_RECVPKTINFO : REPORT_DESTINATION;
    case PS_INFO_TTL:
        return is_inet6 ? IPV6_RECVHOPLIMIT : IP_RECVTTL;
    default:
        return is_inet6 ? IPV6_RECVTCLASS : IP_RECVTOS;
    }
}

static int set(ps_handle h, int level, int option, bool on)
{
    int value = on;

    return setsockopt(h, level, option, &value, sizeof value) < 0 ? ps__last_error() : 0;
}

int ps__sys_report_info(ps_handle h, int family, unsigned field, bool on)
{
    int level = family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
    int code;

    if (field == PS_INFO_TIME)
        return set(h, SOL_SOCKET, REPORT_TIME, on);
    if (family != AF_INET && family != AF_INET6)
        return PS_EOPNOTSUPP;
    code = set(h, level, option_of(family, field), on);
#if INTERFACE_IS_APART
    if (code == 0 && family == AF_INET && field == PS_INFO_DESTINATION)
        code = set(h, IPPROTO_IP, IP_RECVIF, on);
#endif
    return code;
}

/* An int, or on some systems for some items a byte. */
static int number_in(const ps_control *item)
{
    int number = 0;
    unsigned char byte;

    if (item->size >= sizeof number) {
        memcpy(&number, item->data, sizeof number);
        return number;
    }
    if (item->size == 0)
        return 0;
    memcpy(&byte, item->data, sizeof byte);
    return byte;
}

static void set_ttl(ps_receive_info *info, const ps_control *item)
{
    info->ttl = number_in(item);
    info->fields |= PS_INFO_TTL;
}

static void set_tos(ps_receive_info *info, const ps_control *item)
{
    info->tos = number_in(item);
    info->fields |= PS_INFO_TOS;
}

static void set_inet(ps_receive_info *info, struct in_addr host)
{
    ps__addr_wildcard(&info->destination, AF_INET);
    info->destination.in.sin_addr = host;
    info->fields |= PS_INFO_DESTINATION;
}

static void set_interface(ps_receive_info *info, unsigned index)
{
    info->interface_index = index;
    info->fields |= PS_INFO_INTERFACE;
}

#if INTERFACE_IS_APART
/* A sockaddr_dl, which is as long as the interface's name. */
static void read_interface(const ps_control *item, ps_receive_info *info)
{
    struct sockaddr_dl link;

    if (item->size < offsetof(struct sockaddr_dl, sdl_data))
        return;
    memcpy(&link, item->data, offsetof(struct sockaddr_dl, sdl_data));
    if (link.sdl_family == AF_LINK && link.sdl_index != 0)
        set_interface(info, link.sdl_index);
}
#endif

static void read_inet(const ps_control *item, ps_receive_info *info)
{
    /* Linux names the items as what is sent; other systems as the options. */
#if defined IP_PKTINFO
    if (item->type == IP_PKTINFO && item->size >= sizeof(struct in_pktinfo)) {
        struct in_pktinfo both;

        memcpy(&both, item->data, sizeof both);
        set_inet(info, both.ipi_addr);
        set_interface(info, (unsigned)both.ipi_ifindex);
        return;
    }
#elif defined IP_RECVDSTADDR
    if (item->type == IP_RECVDSTADDR && item->size >= sizeof(struct in_addr)) {
        struct in_addr host;

        memcpy(&host, item->data, sizeof host);
        set_inet(info, host);
        return;
    }
#endif
#if INTERFACE_IS_APART
    if (item->type == IP_RECVIF) {
        read_interface(item, info);
        return;
    }
#endif
    if (item->type == IP_TTL || item->type == IP_RECVTTL)
        set_ttl(info, item);
    else if (item->type == IP_TOS || item->type == IP_RECVTOS)
        set_tos(info, item);
}

static void read_inet6(const ps_control *item, ps_receive_info *info)
{
    if (item->type == IPV6_PKTINFO && item->size >= sizeof(struct in6_pktinfo)) {
        struct in6_pktinfo both;

        memcpy(&both, item->data, sizeof both);
        ps__addr_wildcard(&info->destination, AF_INET6);
        info->destination.in6.sin6_addr = both.ipi6_addr;
        if (IN6_IS_ADDR_LINKLOCAL(&both.ipi6_addr))
            info->destination.in6.sin6_scope_id = (uint32_t)both.ipi6_ifindex;
        info->fields |= PS_INFO_DESTINATION;
        set_interface(info, (unsigned)both.ipi6_ifindex);
    } else if (item->type == IPV6_HOPLIMIT) {
        set_ttl(info, item);
    } else if (item->type == IPV6_TCLASS) {
        set_tos(info, item);
    }
}

static void read_time(const ps_control *item, ps_receive_info *info)
{
    int64_t seconds, nanoseconds;
#ifdef SO_TIMESTAMPNS
    struct timespec time;

    if (item->type != SCM_TIMESTAMPNS || item->size < sizeof time)
        return;
    memcpy(&time, item->data, sizeof time);
    seconds = time.tv_sec;
    nanoseconds = time.tv_nsec;
#else
    struct timeval time;

    if (item->type != SCM_TIMESTAMP || item->size < sizeof time)
        return;
    memcpy(&time, item->data, sizeof time);
    seconds = time.tv_sec;
    nanoseconds = (int64_t)time.tv_usec * 1000;
#endif
    info->time_ns = seconds * 1000000000 + nanoseconds;
    info->fields |= PS_INFO_TIME;
}

void ps__sys_read_info(const ps_control *item, ps_receive_info *info)
{
    switch (item->level) {
    case IPPROTO_IP:
        read_inet(item, info);
        break;
    case IPPROTO_IPV6:
        read_inet6(item, info);
        break;
    case SOL_SOCKET:
        read_time(item, info);
        break;
    default:
        break;
    }
}

/* ---- what is sent with a datagram ------------------------------------------------------------ */

static void make_item(ps_control *item, int level, int type, ps__control_data *data,
                      const void *value, size_t size)
{
    memcpy(data->bytes, value, size);
    *item = (ps_control){level, type, data->bytes, size};
}

#if defined IP_PKTINFO
static bool make_inet_source(const ps_receive_info *info, ps__control_data *data, ps_control *item)
{
    struct in_pktinfo both;

    memset(&both, 0, sizeof both);
    both.ipi_ifindex = (int)info->interface_index;
    if (info->destination.len > 0)
        both.ipi_spec_dst = info->destination.in.sin_addr;
    make_item(item, IPPROTO_IP, IP_PKTINFO, data, &both, sizeof both);
    return true;
}
#elif defined IP_SENDSRCADDR
static bool make_inet_source(const ps_receive_info *info, ps__control_data *data, ps_control *item)
{
    if (info->destination.len == 0)
        return false;
    make_item(item, IPPROTO_IP, IP_SENDSRCADDR, data, &info->destination.in.sin_addr,
              sizeof(struct in_addr));
    return true;
}
#else
static bool make_inet_source(const ps_receive_info *info, ps__control_data *data, ps_control *item)
{
    (void)info;
    (void)data;
    (void)item;
    return false;
}
#endif

static void make_inet6_source(const ps_receive_info *info, ps__control_data *data, ps_control *item)
{
    struct in6_pktinfo both;

    memset(&both, 0, sizeof both);
    both.ipi6_ifindex = info->interface_index;
    if (info->destination.len > 0)
        both.ipi6_addr = info->destination.in6.sin6_addr;
    make_item(item, IPPROTO_IPV6, IPV6_PKTINFO, data, &both, sizeof both);
}

static bool is_mapped(const ps_addr *a)
{
    return a->len > 0 && IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr);
}

bool ps__sys_info_item(int family, unsigned field, const ps_receive_info *info,
                       ps__control_data *data, ps_control *item)
{
    if (field == PS_INFO_DESTINATION && family == AF_INET6)
        make_inet6_source(info, data, item);
    else if (field == PS_INFO_DESTINATION)
        return make_inet_source(info, data, item);
    /* A datagram of IPv4, whatever the socket is. */
    else if (family == AF_INET || is_mapped(&info->sender))
        make_item(item, IPPROTO_IP, field == PS_INFO_TTL ? IP_TTL : IP_TOS, data,
                  field == PS_INFO_TTL ? &info->ttl : &info->tos, sizeof(int));
    else
        make_item(item, IPPROTO_IPV6, field == PS_INFO_TTL ? IPV6_HOPLIMIT : IPV6_TCLASS, data,
                  field == PS_INFO_TTL ? &info->ttl : &info->tos, sizeof(int));
    return true;
}
