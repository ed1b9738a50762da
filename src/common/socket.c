#include "socket.h"

#include "family.h"
#include "port.h"
#include "stream_hold.h"

static const ps_sock closed = PS_SOCK_INIT;

void ps__sock_clear(ps_sock *s)
{
    *s = closed;
}

bool ps__must_not_block(const ps_sock *s, double timeout, const ps_cancel *token)
{
    if (timeout != PS_NO_TIMEOUT || token)
        return true;
    return ps__connection(s) != PS__STATE_UNKNOWN && !(ps__sys_wake_reach(s->family, s->type) & PS__WAKES_CALLS);
}

int ps__sock_set_mode(ps_sock *s, double timeout, const ps_cancel *token)
{
    bool nonblocking = ps__must_not_block(s, timeout, token);

    if (nonblocking != ps__nonblocking(s) || ps__connection(s) == PS__STATE_UNKNOWN) {
        int code = ps__sys_set_nonblocking(s->handle, nonblocking);
        if (code != 0)
            return code;
    }
    ps__set_nonblocking(s, nonblocking);
    return 0;
}

int ps__sock_adopt(ps_sock *s, ps_handle h, int family, int type, int proto, int connection, bool nonblocking,
                   double timeout)
{
    bool wanted;

    s->family = family;
    s->type = type;
    s->proto = proto;
    ps__set_connection(s, connection);
    s->timeout = timeout;
    wanted = ps__must_not_block(s, timeout, NULL);
    if (wanted != nonblocking) {
        int code = ps__sys_set_nonblocking(h, wanted);
        if (code != 0) {
            ps__sys_close(h);
            *s = closed;
            return code;
        }
    }
    s->handle = h;
    s->nonblocking = wanted;
    return 0;
}

bool ps__new_must_not_block(int family, int type, double timeout)
{
    return timeout != PS_NO_TIMEOUT || !(ps__sys_wake_reach(family, type) & PS__WAKES_CALLS);
}

bool ps__strip_type(int *type)
{
    bool nonblocking = false;

    (void)type;
#ifdef SOCK_NONBLOCK
    nonblocking = (*type & SOCK_NONBLOCK) != 0;
    *type &= ~SOCK_NONBLOCK;
#endif
#ifdef SOCK_CLOEXEC
    *type &= ~SOCK_CLOEXEC;
#endif
    return nonblocking;
}

int ps_socket(ps_sock *s, int family, int type, int proto)
{
    double timeout = ps__strip_type(&type) ? 0 : ps__default_timeout();
    bool nonblocking = ps__new_must_not_block(family, type, timeout);
    ps_handle h = PS_INVALID_HANDLE;
    int code;

    if (!s)
        return PS_EFAULT;
    *s = closed;
    code = ps__sys_socket(family, type, proto, nonblocking, &h);
    if (code == 0)
        code = ps__sock_adopt(s, h, family, type, proto, PS__UNCONNECTED, nonblocking, timeout);
    /* A datagram socket gets its port without a bind, by sending. */
    if (code == 0 && type == SOCK_DGRAM)
        ps__port_claim(s);
    return code;
}

int ps_fromfd(ps_sock *s, ps_handle fd, int family, int type, int proto)
{
    ps_handle h = PS_INVALID_HANDLE;
    int code;

    if (!s)
        return PS_EFAULT;
    *s = closed;
    code = ps__sys_duplicate(fd, &h);
    if (code != 0)
        return code;
    code = ps__sock_adopt(s, h, family, type, proto, PS__STATE_UNKNOWN, false, ps__default_timeout());
    if (code == 0)
        s->port = PS__PORT_LEFT;
    return code;
}

int ps_set_inheritable(ps_sock *s, bool on)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_INHERITANCE, NULL, ps__sys_set_inheritable(s->handle, on));
}

int ps_get_inheritable(const ps_sock *s, bool *on)
{
    return s && on ? ps__sys_get_inheritable(ps_fileno(s), on) : PS_EFAULT;
}

int ps__check_address(const ps_sock *s, const ps_addr *a)
{
    if (!a)
        return PS_EFAULT;
    if (a->len == 0)
        return PS_EDESTADDRREQ;
    return a->sa.sa_family == s->family ? 0 : PS_EAFNOSUPPORT;
}

static int bind_entered(ps_sock *s, const ps_addr *a)
{
    int code;

    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    code = ps__check_address(s, a);
    return code != 0 ? code : ps__port_bind(s, a);
}

int ps_bind(ps_sock *s, const ps_addr *a)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_BIND, a, bind_entered(s, a));
}

bool ps__bind_unbound(ps_sock *s)
{
    ps_addr wildcard;

    if (!ps__is_inet(s) || s->handle == PS_INVALID_HANDLE)
        return false;
    ps__addr_wildcard(&wildcard, s->family);
    return ps__port_bind(s, &wildcard) == 0;
}

static int listen_entered(ps_sock *s, int backlog)
{
    int code;

    if (backlog < 0)
        backlog = 0;
    if (backlog > SOMAXCONN)
        backlog = SOMAXCONN;
    code = ps__sys_listen(s->handle, backlog);
    if (code == PS_EINVAL && ps__is_stream(s) && ps__bind_unbound(s))
        code = ps__sys_listen(s->handle, backlog);
    if (code == PS_EINVAL && (s->type == SOCK_DGRAM || s->type == SOCK_RAW))
        code = PS_EOPNOTSUPP;
    if (code == 0)
        ps__set_connection(s, PS__LISTENING);
    return code;
}

int ps_listen(ps_sock *s, int backlog)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_LISTEN, NULL, listen_entered(s, backlog));
}

/* Linux says "not connected", but remembers the shutdown, and a later connection cannot send. */
static bool is_unconnected_stream(const ps_sock *s)
{
    ps_addr peer;

    return ps__is_stream(s) && ps__connection(s) == PS__UNCONNECTED &&
           ps__sys_getpeername(s->handle, &peer) == PS_ENOTCONN;
}

static int shutdown_entered(ps_sock *s, int how)
{
    int code;

    if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
        return s->handle == PS_INVALID_HANDLE ? PS_EBADF : PS_EINVAL;
    if (is_unconnected_stream(s))
        return PS_ENOTCONN;
    code = ps__sys_shutdown(s->handle, how);
    if (code == 0 && how != SHUT_WR) {
        ps__mark(s, PS__SHUT_RECEIVE);
        if (s->streams)
            ps__stream_hold_mark(s->streams, PS__SHUT_RECEIVE);
    }
    return code;
}

int ps_shutdown(ps_sock *s, int how)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_SHUTDOWN, NULL, shutdown_entered(s, how));
}

static int getsockname_entered(ps_sock *s, ps_addr *a)
{
    int code;

    if (!a)
        return PS_EFAULT;
    code = ps__sys_getsockname(s->handle, a);
    if (code == PS_EINVAL && ps__is_inet(s)) {
        ps__addr_wildcard(a, s->family);
        code = 0;
    }
    return code;
}

int ps_getsockname(ps_sock *s, ps_addr *a)
{
    int code;

    if (a)
        a->len = 0;
    code = ps__begin(s);
    return code != 0 ? code : ps__end(s, PS_OPERATION_GETSOCKNAME, NULL, getsockname_entered(s, a));
}

/* Windows tells the peer's name while the connection is still under way. */
static bool is_under_way(const ps_sock *s)
{
    int ready;

    if (ps__connection(s) != PS__CONNECTING)
        return false;
    do {
        ready = ps__sys_wait(s->handle, PS__CONNECTED, PS_INVALID_HANDLE, 0);
    } while (ready == PS_EINTR);
    return ready != PS__CONNECTED;
}

static int getpeername_entered(ps_sock *s, ps_addr *a)
{
    if (!a)
        return PS_EFAULT;
    if (is_under_way(s))
        return PS_ENOTCONN;
    return ps__sys_getpeername(s->handle, a);
}

int ps_getpeername(ps_sock *s, ps_addr *a)
{
    int code;

    if (a)
        a->len = 0;
    code = ps__begin(s);
    return code != 0 ? code : ps__end(s, PS_OPERATION_GETPEERNAME, NULL, getpeername_entered(s, a));
}
