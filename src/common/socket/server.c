#include "config.h"

#include "common/socket/socket.h"

/* Python 3's default backlog. */
enum { DEFAULT_BACKLOG = 128 };

static int set_reuse_port(ps_sock *s)
{
#ifdef SO_REUSEPORT
    return ps_setsockopt_int(s, SOL_SOCKET, SO_REUSEPORT, 1);
#else
    (void)s;
    return PS_EOPNOTSUPP;
#endif
}

static int set_options(ps_sock *s, bool reuse_port, bool dual_stack)
{
    int code = 0;

    if (ps__is_inet(s))
        code = ps_setsockopt_int(s, SOL_SOCKET, SO_REUSEADDR, 1);
    if (code == 0 && reuse_port)
        code = set_reuse_port(s);
    if (code == 0 && s->family == AF_INET6)
        code = ps_setsockopt_int(s, IPPROTO_IPV6, IPV6_V6ONLY, !dual_stack);
    return code;
}

int ps_create_server(ps_sock *s, const ps_addr *a, int backlog, bool reuse_port, bool dual_stack)
{
    int code;

    if (!s)
        return PS_EFAULT;
    ps__sock_clear(s);
    if (!a)
        return PS_EFAULT;
    if (a->len == 0)
        return PS_EDESTADDRREQ;
    if (dual_stack && a->sa.sa_family != AF_INET6)
        return PS_BAD_FAMILY;
    if (dual_stack && !ps_has_dualstack_ipv6())
        return PS_EOPNOTSUPP;
    code = ps_socket(s, a->sa.sa_family, SOCK_STREAM, 0);
    if (code == 0)
        code = set_options(s, reuse_port, dual_stack);
    if (code == 0)
        code = ps_bind(s, a);
    if (code == 0)
        code = ps_listen(s, backlog < 0 ? DEFAULT_BACKLOG : backlog);
    if (code != 0)
        (void)ps_close(s);
    return code;
}

bool ps_has_dualstack_ipv6(void)
{
    ps_sock s;
    bool has;

    if (ps_socket(&s, AF_INET6, SOCK_STREAM, 0) != 0)
        return false;
    has = ps_setsockopt_int(&s, IPPROTO_IPV6, IPV6_V6ONLY, 0) == 0;
    (void)ps_close(&s);
    return has;
}
