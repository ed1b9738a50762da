#include "config.h"

#include "common/backend.h"
#include "family/family.h"
#include "family/inet.h"
#include "win32/handle.h"

#include <string.h>

/* Of headers that are newer than some compilers'. */
#ifndef IP_ECN
#define IP_ECN 50
#endif
#ifndef IPV6_ECN
#define IPV6_ECN 50
#endif

/* ---- what comes with a datagram -------------------------------------------------------------- */

static int option_of(int family, unsigned field)
{
    bool is_inet6 = family == AF_INET6;

    switch (field) {
    case PS_INFO_DESTINATION:
        return is_inet6 ? IPV6_PKTINFO : IP_PKTINFO;
    case PS_INFO_TTL:
        return is_inet6 ? IPV6_HOPLIMIT : IP_RECVTTL;
    default:
        return is_inet6 ? IPV6_RECVTCLASS : IP_RECVTOS;
    }
}

int ps__sys_report_info(ps_handle h, int family, unsigned field, bool on)
{
    DWORD value = on;
    int level = family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;

    if ((family != AF_INET && family != AF_INET6) || field == PS_INFO_TIME)
        return PS_EOPNOTSUPP;
    /* Datagrams of IPv4 on a socket of IPv6 have the item of IPv4. */
    if (field == PS_INFO_DESTINATION && family == AF_INET6)
        (void)setsockopt(h, IPPROTO_IP, IP_PKTINFO, (const char *)&value, sizeof value);
    return setsockopt(h, level, option_of(family, field), (const char *)&value, sizeof value) == 0
               ? 0
               : ps__last_error(h);
}

static int number_in(const ps_control *item)
{
    int number = 0;

    memcpy(&number, item->data, item->size < sizeof number ? item->size : sizeof number);
    return number;
}

static void set_interface(ps_receive_info *info, unsigned index)
{
    info->interface_index = index;
    info->fields |= PS_INFO_DESTINATION | PS_INFO_INTERFACE;
}

static void map(ps_addr *a, const IN_ADDR *host)
{
    ps__addr_wildcard(a, AF_INET6);
    memcpy(&a->in6.sin6_addr, ps__inet6_mapped, sizeof ps__inet6_mapped);
    memcpy(a->in6.sin6_addr.s6_addr + sizeof ps__inet6_mapped, host, sizeof *host);
}

static void read_inet_source(const ps_control *item, ps_receive_info *info)
{
    IN_PKTINFO both;

    if (item->size < sizeof both)
        return;
    memcpy(&both, item->data, sizeof both);
    if (info->sender.len > 0 && info->sender.sa.sa_family == AF_INET6) {
        map(&info->destination, &both.ipi_addr);
    } else {
        ps__addr_wildcard(&info->destination, AF_INET);
        info->destination.in.sin_addr = both.ipi_addr;
    }
    set_interface(info, both.ipi_ifindex);
}

static void read_inet6_source(const ps_control *item, ps_receive_info *info)
{
    IN6_PKTINFO both;

    if (item->size < sizeof both)
        return;
    memcpy(&both, item->data, sizeof both);
    ps__addr_wildcard(&info->destination, AF_INET6);
    info->destination.in6.sin6_addr = both.ipi6_addr;
    if (IN6_IS_ADDR_LINKLOCAL(&both.ipi6_addr))
        info->destination.in6.sin6_scope_id = both.ipi6_ifindex;
    set_interface(info, both.ipi6_ifindex);
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

static void read_inet(const ps_control *item, ps_receive_info *info)
{
    if (item->type == IP_PKTINFO)
        read_inet_source(item, info);
    else if (item->type == IP_TTL || item->type == IP_RECVTTL)
        set_ttl(info, item);
    else if (item->type == IP_TOS || item->type == IP_RECVTOS)
        set_tos(info, item);
}

static void read_inet6(const ps_control *item, ps_receive_info *info)
{
    if (item->type == IPV6_PKTINFO)
        read_inet6_source(item, info);
    else if (item->type == IPV6_HOPLIMIT)
        set_ttl(info, item);
    else if (item->type == IPV6_TCLASS || item->type == IPV6_RECVTCLASS)
        set_tos(info, item);
}

void ps__sys_read_info(const ps_control *item, ps_receive_info *info)
{
    if (item->level == IPPROTO_IP)
        read_inet(item, info);
    else if (item->level == IPPROTO_IPV6)
        read_inet6(item, info);
}

/* ---- what is sent with a datagram ------------------------------------------------------------ */

static void make_item(ps_control *item, int level, int type, ps__control_data *data,
                      const void *value, size_t size)
{
    memcpy(data->bytes, value, size);
    *item = (ps_control){level, type, data->bytes, size};
}

static bool is_mapped(const ps_addr *a)
{
    return a->len > 0 && a->sa.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr);
}

/* A socket of IPv6 takes this item, too, for datagrams of IPv4. */
static void make_inet_source(const ps_receive_info *info, ps__control_data *data, ps_control *item)
{
    IN_PKTINFO both = {.ipi_ifindex = info->interface_index};

    if (is_mapped(&info->destination))
        memcpy(&both.ipi_addr, info->destination.in6.sin6_addr.s6_addr + sizeof ps__inet6_mapped,
               sizeof both.ipi_addr);
    else if (info->destination.len > 0)
        both.ipi_addr = info->destination.in.sin_addr;
    make_item(item, IPPROTO_IP, IP_PKTINFO, data, &both, sizeof both);
}

static void make_inet6_source(const ps_receive_info *info, ps__control_data *data, ps_control *item)
{
    IN6_PKTINFO both = {.ipi6_ifindex = info->interface_index};

    if (info->destination.len > 0)
        both.ipi6_addr = info->destination.in6.sin6_addr;
    make_item(item, IPPROTO_IPV6, IPV6_PKTINFO, data, &both, sizeof both);
}

/* Only ECN, the two lowest bits, is documented for a single datagram. */
static void make_tos(bool is_inet6, int tos, ps__control_data *data, ps_control *item)
{
    bool is_ecn = tos >= 0 && tos <= 3;

    if (is_inet6)
        make_item(item, IPPROTO_IPV6, is_ecn ? IPV6_ECN : IPV6_TCLASS, data, &tos, sizeof tos);
    else
        make_item(item, IPPROTO_IP, is_ecn ? IP_ECN : IP_TOS, data, &tos, sizeof tos);
}

static bool is_inet6(int family, const ps_addr *a)
{
    return family == AF_INET6 && !is_mapped(a);
}

bool ps__sys_info_item(int family, unsigned field, const ps_receive_info *info,
                       ps__control_data *data, ps_control *item)
{
    bool six = is_inet6(family, &info->sender);

    if (field == PS_INFO_DESTINATION && is_inet6(family, &info->destination))
        make_inet6_source(info, data, item);
    else if (field == PS_INFO_DESTINATION)
        make_inet_source(info, data, item);
    else if (field == PS_INFO_TOS)
        make_tos(six, info->tos, data, item);
    else
        make_item(item, six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_HOPLIMIT : IP_TTL, data,
                  &info->ttl, sizeof info->ttl);
    return true;
}
