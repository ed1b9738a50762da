#include "config.h"

#include "common/backend.h"

#include <errno.h>
#include <string.h>

int ps__sys_getsockopt(ps_handle h, int level, int name, void *value, socklen_t *size)
{
    return getsockopt(h, level, name, value, size) < 0 ? ps__from_os(errno) : 0;
}

int ps__sys_setsockopt(ps_handle h, int level, int name, const void *value, socklen_t size)
{
    return setsockopt(h, level, name, value, size) < 0 ? ps__from_os(errno) : 0;
}

/* The short forms where they do, since every system has those. */
int ps__sys_multicast(ps_handle h, int name, const ps__multicast_request *request)
{
    struct ip_mreqn by_index = {.imr_ifindex = (int)request->index};
    struct ip_mreq by_address;

    memcpy(&by_index.imr_multiaddr, request->group, sizeof by_index.imr_multiaddr);
    memcpy(&by_address.imr_multiaddr, request->group, sizeof by_address.imr_multiaddr);
    memcpy(&by_address.imr_interface, request->address, sizeof by_address.imr_interface);
    if (request->index != 0)
        return ps__sys_setsockopt(h, IPPROTO_IP, name, &by_index, sizeof by_index);
    if (name == IP_MULTICAST_IF)
        return ps__sys_setsockopt(h, IPPROTO_IP, name, &by_address.imr_interface,
                                  sizeof by_address.imr_interface);
    return ps__sys_setsockopt(h, IPPROTO_IP, name, &by_address, sizeof by_address);
}
