#include "config.h"

#include "common/socket/normalize.h"

#include "common/socket/port_sharing.h"
#include "family/family.h"

bool ps__says_no_port(const ps_sock *s, ptrdiff_t code)
{
    switch (code) {
    case PS_EWOULDBLOCK:
    case PS_EADDRINUSE:
    case PS_ENOBUFS:
        return ps__is_inet(s) && (s->type == SOCK_DGRAM || s->type == SOCK_STREAM);
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

int ps__bind_unbound(ps_sock *s)
{
    ps_addr wildcard;
    int code = PS_EINVAL;

    if (ps__is_inet(s)) {
        ps__addr_wildcard(&wildcard, s->family);
        code = ps__port_bind(s, &wildcard);
    }
    return code == 0 || code == PS_EADDRNOTAVAIL ? code : PS_EINVAL;
}

/* The port alone mostly says that it is not: one question to the system. */
bool ps__is_connected_to_itself(ps_sock *s, const ps_addr *destination)
{
    ps_addr own, peer;

    return ps__sys_getsockname(s->handle, &own) == 0 &&
           own.in.sin_port == destination->in.sin_port && /* at the same place in both families */
           ps__sys_getpeername(s->handle, &peer) == 0 && ps_addr_equal(&own, &peer);
}
