#include "socket.h"

#include <limits.h>
#include <string.h>

int ps_getsockopt(ps_sock *s, int level, int name, void *buf, size_t *len)
{
    size_t room = len ? *len : 0;
    socklen_t size = (socklen_t)room;
    int code;

    if (len)
        *len = 0;
    if (!s || !buf || !len)
        return PS_EFAULT;
    if (room == 0 || room > INT_MAX)
        return PS_BAD_LENGTH;
    code = ps__sys_getsockopt(s->handle, level, name, buf, &size);
    *len = code == 0 ? (size_t)size : 0;
    return code;
}

int ps_setsockopt(ps_sock *s, int level, int name, const void *buf, size_t len)
{
    if (!s || (!buf && len > 0))
        return PS_EFAULT;
    if (len > INT_MAX)
        return PS_BAD_LENGTH;
    return ps__sys_setsockopt(s->handle, level, name, buf, (socklen_t)len);
}

/* The switches: options of which only "on" and "off" have a meaning. */
static bool is_switch(int level, int name)
{
    static const struct {
        int level;
        int name;
    } switches[] = {
        {SOL_SOCKET, SO_ACCEPTCONN},       {SOL_SOCKET, SO_BROADCAST},  {SOL_SOCKET, SO_DEBUG},
        {SOL_SOCKET, SO_DONTROUTE},        {SOL_SOCKET, SO_KEEPALIVE},  {SOL_SOCKET, SO_OOBINLINE},
        {SOL_SOCKET, SO_REUSEADDR},
#ifdef SO_REUSEPORT
        {SOL_SOCKET, SO_REUSEPORT},
#endif
#ifdef SO_EXCLUSIVEADDRUSE
        {SOL_SOCKET, SO_EXCLUSIVEADDRUSE},
#endif
        {IPPROTO_TCP, TCP_NODELAY},        {IPPROTO_IPV6, IPV6_V6ONLY},
    };
    size_t i;

    for (i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        if (switches[i].level == level && switches[i].name == name)
            return true;
    }
    return false;
}

int ps_getsockopt_int(ps_sock *s, int level, int name, int *value)
{
    unsigned char bytes[sizeof(int)] = {0};
    socklen_t size = sizeof bytes;
    int code;

    if (value)
        *value = 0;
    if (!s || !value)
        return PS_EFAULT;
    code = ps__sys_getsockopt(s->handle, level, name, bytes, &size);
    if (code != 0)
        return code;
    if (size == 1)
        *value = bytes[0];
    else
        memcpy(value, bytes, sizeof bytes);
    if (is_switch(level, name))
        *value = *value != 0;
    return 0;
}

int ps_setsockopt_int(ps_sock *s, int level, int name, int value)
{
    if (!s)
        return PS_EFAULT;
    if (is_switch(level, name))
        value = value != 0;
    return ps__sys_setsockopt(s->handle, level, name, &value, sizeof value);
}

int ps_ioctl(ps_sock *s, unsigned long control, unsigned long option)
{
    if (!s)
        return PS_EFAULT;
    return s->handle == PS_INVALID_HANDLE ? PS_EBADF : ps__sys_ioctl(s->handle, control, option);
}

int ps_ioctl_keepalive(ps_sock *s, bool on, unsigned time_ms, unsigned interval_ms)
{
    if (!s)
        return PS_EFAULT;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    if (!ps__is_stream(s) || !ps__is_inet(s))
        return PS_ENOPROTOOPT;
    return ps__sys_keepalive(s->handle, on, time_ms, interval_ms);
}
