#include "port.h"
#include "socket.h"

#include <limits.h>
#include <string.h>

/* ---- what is the library's, not the system's ----------------------------------------------------------- */

/* POSIX tells SO_ERROR once and forgets it; Winsock keeps it until the next connection. */
static void tell_error_once(ps_sock *s, int *error)
{
    int again = 0;
    socklen_t size = sizeof again;
    unsigned short told = s->error_told;

    s->error_told = 0;
    if (*error == 0 || ps__sys_getsockopt(s->handle, SOL_SOCKET, SO_ERROR, &again, &size) != 0 || again != *error)
        return;
    s->error_told = (unsigned short)again;
    if (told == s->error_told)
        *error = 0;
}

void ps__error_was_told(ps_sock *s)
{
    int error = 0;
    socklen_t size = sizeof error;

    if (ps__sys_getsockopt(s->handle, SOL_SOCKET, SO_ERROR, &error, &size) == 0)
        s->error_told = (unsigned short)error;
}

static int get_option(ps_sock *s, int level, int name, void *value, socklen_t *size)
{
    int code, port;

    if (level == SOL_SOCKET && *size >= (socklen_t)sizeof port && ps__port_get(s, name, &port, &code)) {
        memcpy(value, &port, sizeof port);
        *size = sizeof port;
        return code;
    }
    code = ps__sys_getsockopt(s->handle, level, name, value, size);
    if (code == 0 && level == SOL_SOCKET && name == SO_ERROR && *size == (socklen_t)sizeof port) {
        memcpy(&port, value, sizeof port);
        tell_error_once(s, &port);
        memcpy(value, &port, sizeof port);
    }
    return code;
}

/* BSD and Solaris take these as one byte. */
static bool may_be_a_byte(int level, int name, socklen_t size)
{
    return level == IPPROTO_IP && (name == IP_MULTICAST_TTL || name == IP_MULTICAST_LOOP) && size == sizeof(int);
}

static int set_option(ps_sock *s, int level, int name, const void *value, socklen_t size)
{
    int code, number;

    if (size == (socklen_t)sizeof number) {
        memcpy(&number, value, sizeof number);
        if (level == SOL_SOCKET && ps__port_set(s, name, number, &code))
            return code;
    }
    code = ps__sys_setsockopt(s->handle, level, name, value, size);
    if (code == PS_EINVAL && may_be_a_byte(level, name, size) && number >= 0 && number <= UCHAR_MAX) {
        unsigned char byte = (unsigned char)number;
        code = ps__sys_setsockopt(s->handle, level, name, &byte, sizeof byte);
    }
    return code;
}

/* ---- the calls ----------------------------------------------------------------------------------------- */

static int getsockopt_entered(ps_sock *s, int level, int name, void *buf, size_t room, size_t *len)
{
    socklen_t size = (socklen_t)room;
    int code;

    if (!buf || !len)
        return PS_EFAULT;
    if (room == 0 || room > INT_MAX)
        return PS_BAD_LENGTH;
    code = get_option(s, level, name, buf, &size);
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
    return set_option(s, level, name, buf, (socklen_t)len);
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
    code = get_option(s, level, name, bytes, &size);
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

static int setsockopt_int_entered(ps_sock *s, int level, int name, int value)
{
    if (is_switch(level, name))
        value = value != 0;
    /* Linux takes a negative size of a buffer for the largest one. */
    if (level == SOL_SOCKET && (name == SO_SNDBUF || name == SO_RCVBUF) && value < 0)
        return s->handle == PS_INVALID_HANDLE ? PS_EBADF : PS_EINVAL;
    return set_option(s, level, name, &value, sizeof value);
}

int ps_setsockopt_int(ps_sock *s, int level, int name, int value)
{
    int code = ps__begin(s);

    if (code != 0)
        return code;
    return ps__end(s, PS_OPERATION_SETSOCKOPT, NULL, setsockopt_int_entered(s, level, name, value));
}

static int ioctl_entered(ps_sock *s, unsigned long control, unsigned long option)
{
    int code;

    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    code = ps__sys_ioctl(s->handle, control, option);
#ifdef SIO_UDP_CONNRESET
    if (code == 0 && control == SIO_UDP_CONNRESET)
        s->port = (unsigned char)(option ? s->port | PS__PORT_REFUSALS : s->port & ~PS__PORT_REFUSALS);
#endif
    return code;
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
