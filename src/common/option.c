#include "socket.h"

#include <limits.h>
#include <string.h>

static int getsockopt_entered(ps_sock *s, int level, int name, void *buf, size_t room, size_t *len)
{
    socklen_t size = (socklen_t)room;
    int code;

    if (!buf || !len)
        return PS_EFAULT;
    if (room == 0 || room > INT_MAX)
        return PS_BAD_LENGTH;
    code = ps__sys_getsockopt(s->handle, level, name, buf, &size);
    *len = code == 0 ? (size_t)size : 0;
    return code;
}

int ps_getsockopt(ps_sock *s, int level, int name, void *buf, size_t *len)
{
    size_t room = len ? *len : 0;
    int code;

    if (len)
        *len = 0;
    code = ps__begin(s);
    return code != 0 ? code
                     : ps__end(s, PS_OPERATION_GETSOCKOPT, NULL, getsockopt_entered(s, level, name, buf, room, len));
}

static int setsockopt_entered(ps_sock *s, int level, int name, const void *buf, size_t len)
{
    if (!buf && len > 0)
        return PS_EFAULT;
    if (len > INT_MAX)
        return PS_BAD_LENGTH;
    return ps__sys_setsockopt(s->handle, level, name, buf, (socklen_t)len);
}

int ps_setsockopt(ps_sock *s, int level, int name, const void *buf, size_t len)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_SETSOCKOPT, NULL, setsockopt_entered(s, level, name, buf, len));
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

static int getsockopt_int_entered(ps_sock *s, int level, int name, int *value)
{
    unsigned char bytes[sizeof(int)] = {0};
    socklen_t size = sizeof bytes;
    int code;

    if (!value)
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

int ps_getsockopt_int(ps_sock *s, int level, int name, int *value)
{
    int code;

    if (value)
        *value = 0;
    code = ps__begin(s);
    return code != 0 ? code : ps__end(s, PS_OPERATION_GETSOCKOPT, NULL, getsockopt_int_entered(s, level, name, value));
}

int ps_setsockopt_int(ps_sock *s, int level, int name, int value)
{
    int code = ps__begin(s);

    if (code != 0)
        return code;
    if (is_switch(level, name))
        value = value != 0;
    return ps__end(s, PS_OPERATION_SETSOCKOPT, NULL, ps__sys_setsockopt(s->handle, level, name, &value, sizeof value));
}

static int ioctl_entered(ps_sock *s, unsigned long control, unsigned long option)
{
    return s->handle == PS_INVALID_HANDLE ? PS_EBADF : ps__sys_ioctl(s->handle, control, option);
}

int ps_ioctl(ps_sock *s, unsigned long control, unsigned long option)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_IOCTL, NULL, ioctl_entered(s, control, option));
}

static int keepalive_entered(ps_sock *s, bool on, unsigned time_ms, unsigned interval_ms)
{
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    if (!ps__is_stream(s) || !ps__is_inet(s))
        return PS_ENOPROTOOPT;
    return ps__sys_keepalive(s->handle, on, time_ms, interval_ms);
}

int ps_ioctl_keepalive(ps_sock *s, bool on, unsigned time_ms, unsigned interval_ms)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_IOCTL, NULL, keepalive_entered(s, on, time_ms, interval_ms));
}
