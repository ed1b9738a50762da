#include "config.h"

#include "common/socket/shortage.h"

static bool gets_its_port(const ps_sock *s)
{
    return ps__is_inet(s) && (s->type == SOCK_DGRAM || s->type == SOCK_STREAM);
}

bool ps__says_no_port(const ps_sock *s, ptrdiff_t code)
{
    switch (code) {
    case PS_EWOULDBLOCK:
    case PS_EADDRINUSE:
    case PS_ENOBUFS:
        return gets_its_port(s);
    default:
        return false;
    }
}

bool ps__has_no_port(const ps_sock *s)
{
    ps_addr name;
    int code = ps__sys_getsockname(s->handle, &name);

    return code == PS_EINVAL || (code == 0 && ps_addr_port(&name) == 0);
}
