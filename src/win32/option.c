#include "config.h"

#include "win32/handle.h"

#include <string.h>

int ps__sys_getsockopt(ps_handle h, int level, int name, void *value, socklen_t *size)
{
    return getsockopt(h, level, name, value, size) != 0 ? ps__last_error(h) : 0;
}

int ps__sys_setsockopt(ps_handle h, int level, int name, const void *value, socklen_t size)
{
    return setsockopt(h, level, name, value, size) != 0 ? ps__last_error(h) : 0;
}

int ps__sys_multicast(ps_handle h, int name, const ps__multicast_request *request)
{
    struct ip_mreq native;

    memcpy(&native.imr_multiaddr, request->group, sizeof native.imr_multiaddr);
    memcpy(&native.imr_interface, request->address, sizeof native.imr_interface);
    if (request->index != 0)
        native.imr_interface.s_addr = htonl(request->index);
    if (name == IP_MULTICAST_IF)
        return ps__sys_setsockopt(h, IPPROTO_IP, name, &native.imr_interface,
                                  sizeof native.imr_interface);
    return ps__sys_setsockopt(h, IPPROTO_IP, name, &native, sizeof native);
}
