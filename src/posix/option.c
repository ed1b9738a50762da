#include "backend.h"

#include <errno.h>
#include <string.h>

/* The idle time before the first probe has two names. */
#if defined TCP_KEEPIDLE
enum { IDLE_TIME = TCP_KEEPIDLE };
#elif defined TCP_KEEPALIVE
enum { IDLE_TIME = TCP_KEEPALIVE };
#endif

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
        return ps__sys_setsockopt(h, IPPROTO_IP, name, &by_address.imr_interface, sizeof by_address.imr_interface);
    return ps__sys_setsockopt(h, IPPROTO_IP, name, &by_address, sizeof by_address);
}

int ps__sys_ioctl(ps_handle h, unsigned long control, unsigned long option)
{
    (void)h;
    (void)control;
    (void)option;
    return PS_EOPNOTSUPP;
}

static int set_int(ps_handle h, int level, int name, int value)
{
    return ps__sys_setsockopt(h, level, name, &value, sizeof value);
}

static int seconds_rounded_up(unsigned milliseconds)
{
    return (int)(milliseconds / 1000 + (milliseconds % 1000 != 0));
}

int ps__sys_keepalive(ps_handle h, bool on, unsigned time_ms, unsigned interval_ms)
{
    int code = 0;

    if (on) {
#if defined TCP_KEEPIDLE || defined TCP_KEEPALIVE
        code = set_int(h, IPPROTO_TCP, IDLE_TIME, seconds_rounded_up(time_ms));
#endif
#ifdef TCP_KEEPINTVL
        if (code == 0)
            code = set_int(h, IPPROTO_TCP, TCP_KEEPINTVL, seconds_rounded_up(interval_ms));
#endif
    }
    return code != 0 ? code : set_int(h, SOL_SOCKET, SO_KEEPALIVE, on);
}
