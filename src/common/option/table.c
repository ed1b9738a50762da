#include "config.h"

#include "common/option/table.h"

#include "common/option/multicast.h"
#include "common/option/so_error.h"
#include "common/option/so_timeout.h"
#include "common/socket/port_sharing.h"

#include <limits.h>
#include <string.h>

static const ps__option options[] = {
    {SOL_SOCKET, SO_ACCEPTCONN, PS__OPTION_SWITCH, NULL, NULL},
    {SOL_SOCKET, SO_BROADCAST, PS__OPTION_SWITCH, NULL, NULL},
    {SOL_SOCKET, SO_DEBUG, PS__OPTION_SWITCH, NULL, NULL},
    {SOL_SOCKET, SO_DONTROUTE, PS__OPTION_SWITCH, NULL, NULL},
    {SOL_SOCKET, SO_ERROR, 0, ps__so_error_get, NULL},
    {SOL_SOCKET, SO_KEEPALIVE, PS__OPTION_SWITCH, NULL, NULL},
    {SOL_SOCKET, SO_LINGER, PS__OPTION_STRUCT, NULL, NULL},
    {SOL_SOCKET, SO_OOBINLINE, PS__OPTION_SWITCH, NULL, NULL},
    {SOL_SOCKET, SO_RCVBUF, PS__OPTION_SIZE, NULL, NULL},
    {SOL_SOCKET, SO_RCVTIMEO, PS__OPTION_MILLISECONDS, ps__so_timeout_get, ps__so_timeout_set},
    {SOL_SOCKET, SO_REUSEADDR, PS__OPTION_SWITCH, ps__port_get_reuse, ps__port_set_reuse},
    {SOL_SOCKET, SO_SNDBUF, PS__OPTION_SIZE, NULL, NULL},
    {SOL_SOCKET, SO_SNDTIMEO, PS__OPTION_MILLISECONDS, ps__so_timeout_get, ps__so_timeout_set},
#ifdef SO_BINDTODEVICE
    {SOL_SOCKET, SO_BINDTODEVICE, PS__OPTION_STRUCT, NULL, NULL},
#endif
#ifdef SO_EXCLUSIVEADDRUSE
    {SOL_SOCKET, SO_EXCLUSIVEADDRUSE, PS__OPTION_SWITCH, NULL, ps__port_set_exclusive},
#endif
#ifdef SO_REUSEPORT
    {SOL_SOCKET, SO_REUSEPORT, PS__OPTION_SWITCH, NULL, NULL},
#endif
    {IPPROTO_IP, IP_ADD_MEMBERSHIP, 0, NULL, ps__multicast_set},
    {IPPROTO_IP, IP_DROP_MEMBERSHIP, 0, NULL, ps__multicast_set},
    {IPPROTO_IP, IP_MULTICAST_IF, 0, NULL, ps__multicast_set},
    {IPPROTO_IP, IP_MULTICAST_LOOP, PS__OPTION_BYTE, NULL, NULL},
    {IPPROTO_IP, IP_MULTICAST_TTL, PS__OPTION_BYTE, NULL, NULL},
    {IPPROTO_IPV6, IPV6_V6ONLY, PS__OPTION_SWITCH, NULL, NULL},
    {IPPROTO_TCP, TCP_NODELAY, PS__OPTION_SWITCH, NULL, NULL},
};

ps__option ps__option_find(int level, int name)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (options[i].level == level && options[i].name == name)
            return options[i];
    }
    return (ps__option){.level = level, .name = name};
}

int ps__option_get(ps_sock *s, const ps__option *option, void *value, socklen_t *size)
{
    if (option->get)
        return option->get(s, option, value, size);
    return ps__sys_getsockopt(s->handle, option->level, option->name, value, size);
}

/* For a system that wants the number as one byte. */
static int set_byte(const ps_sock *s, const ps__option *option, const void *value)
{
    unsigned char byte;
    int number;

    memcpy(&number, value, sizeof number);
    if (number < 0 || number > UCHAR_MAX)
        return PS_EINVAL;
    byte = (unsigned char)number;
    return ps__sys_setsockopt(s->handle, option->level, option->name, &byte, sizeof byte);
}

int ps__option_set(ps_sock *s, const ps__option *option, const void *value, socklen_t size)
{
    int code;

    if (option->set)
        return option->set(s, option, value, size);
    code = ps__sys_setsockopt(s->handle, option->level, option->name, value, size);
    if (code == PS_EINVAL && option->kind & PS__OPTION_BYTE && size == (socklen_t)sizeof(int))
        code = set_byte(s, option, value);
    return code;
}
