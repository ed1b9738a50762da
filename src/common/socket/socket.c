#include "config.h"

#include "common/socket/socket.h"

#include "common/compiler.h"
#include "common/connect/judge.h"
#include "common/socket/gate.h"
#include "common/socket/normalize.h"
#include "common/socket/port_sharing.h"
#include "common/wait/wait.h"
#include "family/family.h"

static bool cannot_be_ended(const ps_sock *s)
{
    return ps__connection(s) != PS__STATE_UNKNOWN &&
           !(ps__sys_wake_reach(s->family, s->type) & PS__WAKES_CALLS);
}

bool ps__must_not_block(const ps_sock *s)
{
    int flags = ps__flags(s) & (PS__IS_GUARDED | PS__HAS_SO_TIMEOUT | PS__COALESCES);

    return ps__timeout(s) != PS_NO_TIMEOUT || (flags | ps__receives_many(s)) != 0 ||
           cannot_be_ended(s);
}

/* A call in flight may count on a handle that does not block: it keeps the limit that it began
 * with. */
static bool is_needed_by_calls(const ps_sock *s)
{
    const struct ps__attached *a = ps__attached(s);

    return ps__nonblocking(s) && (ps__calls_in_flight(s) > 1 || (a && atomic_load(&a->calls) > 0));
}

int ps__sock_set_mode(ps_sock *s)
{
    bool wanted;

    ps__publish(s);
    wanted = ps__must_not_block(s);
    if (!wanted && is_needed_by_calls(s))
        return 0;
    if (wanted == ps__nonblocking(s) && ps__connection(s) != PS__STATE_UNKNOWN)
        return 0;
    do {
        int code;

        wanted = ps__must_not_block(s);
        code = ps__sys_set_nonblocking(s->handle, wanted);
        if (code != 0)
            return code;
        ps__set_nonblocking(s, wanted);
        ps__publish(s);
    } while (wanted != ps__must_not_block(s));
    return 0;
}

static void init_from_elsewhere(ps_sock *s, ps_handle h, int family, int type, int proto,
                                bool nonblocking, double timeout)
{
    ps__sock_init(s, h, family, type, proto, PS__STATE_UNKNOWN, nonblocking, timeout);
    ps__port_set(s, PS__PORT_LEFT, true);
    if (type == SOCK_STREAM)
        ps__set_flags(s, PS__IN_PROGRESS);
}

int ps__sock_take_over(ps_sock *s, ps_handle h, int family, int type, int proto)
{
    double timeout = ps__default_timeout();
    bool nonblocking = timeout != PS_NO_TIMEOUT;
    /* The handle's mode is unknown. It may be shared, so without a timeout the mode is not
     * changed. */
    int code = nonblocking ? ps__sys_set_nonblocking(h, true) : 0;

    if (code != 0) {
        ps__sys_close(h);
        return code;
    }
    init_from_elsewhere(s, h, family, type, proto, nonblocking, timeout);
    return 0;
}

static NOINLINE int make_socket(ps_sock *s, int family, int type, int proto)
{
    double timeout = ps__strip_type(&type) ? 0 : ps__default_timeout();
    bool nonblocking = ps__new_must_not_block(family, type, timeout);
    int code;

    ps__sock_init(s, PS_INVALID_HANDLE, family, type, proto, PS__UNCONNECTED, nonblocking, timeout);
    code = ps__sys_socket(family, type, proto, nonblocking, &s->handle);
    if (code != 0) {
        ps__sock_clear(s);
        return code;
    }
    /* A datagram socket gets its port without a bind, by sending. */
    if (type == SOCK_DGRAM)
        ps__port_claim(s);
    return 0;
}

/* What make_socket does, in fewer steps: most sockets are streams, and most of these have a
 * timeout. */
static ALWAYS_INLINE int make_stream(ps_sock *s, int family, int proto, double timeout)
{
    int code;

    ps__sock_init(s, PS_INVALID_HANDLE, family, SOCK_STREAM, proto, PS__UNCONNECTED, true, timeout);
    code = ps__sys_socket(family, SOCK_STREAM, proto, true, &s->handle);
    if (UNLIKELY(code != 0))
        ps__sock_clear(s);
    return code;
}

int ps_socket(ps_sock *s, int family, int type, int proto)
{
    double timeout = ps__default_timeout();

    if (!s)
        return PS_EFAULT;
    if (LIKELY(type == SOCK_STREAM && timeout < PS_NO_TIMEOUT))
        return make_stream(s, family, proto, timeout);
    return make_socket(s, family, type, proto);
}

int ps_fromfd(ps_sock *s, ps_handle fd, int family, int type, int proto)
{
    ps_handle h = PS_INVALID_HANDLE;
    int code;

    if (!s)
        return PS_EFAULT;
    ps__sock_clear(s);
    code = ps__sys_duplicate(fd, &h);
    return code != 0 ? code : ps__sock_take_over(s, h, family, type, proto);
}

/* The mode comes last: a system need not report the old one, which would have to be restored. */
static int set_up_adopted(ps_handle h, bool inheritable, bool nonblocking)
{
    int code = ps__sys_set_inheritable(h, false);

    if (code != 0)
        return code;
    code = ps__sys_set_nonblocking(h, nonblocking);
    if (code != 0 && inheritable)
        (void)ps__sys_set_inheritable(h, true);
    return code;
}

int ps_adopt(ps_sock *s, ps_handle h)
{
    double timeout = ps__default_timeout();
    bool nonblocking = timeout != PS_NO_TIMEOUT;
    bool inheritable = false;
    int family = 0, type = 0, proto = 0;
    int code;

    if (!s)
        return PS_EFAULT;
    ps__sock_clear(s);
    code = ps__sys_get_inheritable(h, &inheritable);
    if (code == 0)
        code = ps__sys_describe(h, &family, &type, &proto);
    if (code == 0)
        code = set_up_adopted(h, inheritable, nonblocking);
    if (code != 0)
        return code;
    init_from_elsewhere(s, h, family, type, proto, nonblocking, timeout);
    return 0;
}

static ptrdiff_t set_inheritable(ps_sock *s, void *on)
{
    return ps__sys_set_inheritable(s->handle, *(const bool *)on);
}

int ps_set_inheritable(ps_sock *s, bool on)
{
    return (int)ps__gate(s, PS_OPERATION_INHERITANCE, NULL, set_inheritable, &on);
}

static ptrdiff_t get_inheritable(ps_sock *s, void *on)
{
    return on ? ps__sys_get_inheritable(s->handle, on) : PS_EFAULT;
}

/* A ps_sock that may not be written to is a closed one (PS_SOCK_INIT), and the gate would write
 * to its count of calls. */
int ps_get_inheritable(const ps_sock *s, bool *on)
{
    if (s && ps_fileno(s) == PS_INVALID_HANDLE)
        return on ? PS_EBADF : PS_EFAULT;
    return (int)ps__gate((ps_sock *)(uintptr_t)s, PS_OPERATION_INHERITANCE, NULL, get_inheritable,
                         on);
}

static ptrdiff_t bind_to(ps_sock *s, void *arguments)
{
    const ps_addr *a = arguments;
    int code = ps__check_address(s, a);

    return code != 0 ? code : ps__port_bind(s, a);
}

int ps_bind(ps_sock *s, const ps_addr *a)
{
    return (int)ps__gate(s, PS_OPERATION_BIND, a, bind_to, (void *)(uintptr_t)a);
}

static ptrdiff_t start_listening(ps_sock *s, void *arguments)
{
    int backlog = *(const int *)arguments;
    int code = ps__port_check_listen(s);

    if (code != 0)
        return code;
    code = ps__sys_listen(s->handle, backlog);
    if (code == PS_EINVAL && ps__is_stream(s)) {
        code = ps__bind_unbound(s);
        if (code == 0)
            code = ps__sys_listen(s->handle, backlog);
    }
    code = (int)ps__judge_shortage(s, code);
    if (code == PS_EINVAL && (s->type == SOCK_DGRAM || s->type == SOCK_RAW))
        code = PS_EOPNOTSUPP;
    if (code == 0) {
        ps__set_connection(s, PS__LISTENING);
        ps__port_set(s, PS__PORT_RESTARTED, false);
    }
    return code;
}

int ps_listen(ps_sock *s, int backlog)
{
    if (backlog < 0)
        backlog = 0;
    if (backlog > SOMAXCONN)
        backlog = SOMAXCONN;
    return (int)ps__gate(s, PS_OPERATION_LISTEN, NULL, start_listening, &backlog);
}

static ptrdiff_t own_name(ps_sock *s, void *arguments)
{
    ps_addr *a = arguments;
    int code;

    if (!a)
        return PS_EFAULT;
    code = ps__sys_getsockname(s->handle, a);
    if (code == PS_EINVAL && ps__is_inet(s)) {
        ps__addr_wildcard(a, s->family);
        code = 0;
    }
    return code == PS_EINVAL && s->family == AF_UNIX ? ps_addr_unix(a, NULL, 0) : code;
}

int ps_getsockname(ps_sock *s, ps_addr *a)
{
    if (a)
        a->len = 0;
    return (int)ps__gate(s, PS_OPERATION_GETSOCKNAME, NULL, own_name, a);
}

/* Windows returns the peer's name while the attempt to connect is in progress. */
static bool is_connecting(const ps_sock *s)
{
    return ps__connection(s) == PS__CONNECTING &&
           ps__look(s->handle, PS__CONNECTED) != PS__CONNECTED;
}

int ps__peer_of(const ps_sock *s, ps_addr *peer)
{
    return is_connecting(s) ? PS_ENOTCONN : ps__sys_getpeername(s->handle, peer);
}

static ptrdiff_t peer_name(ps_sock *s, void *arguments)
{
    return arguments ? ps__peer_of(s, arguments) : PS_EFAULT;
}

int ps_getpeername(ps_sock *s, ps_addr *a)
{
    if (a)
        a->len = 0;
    return (int)ps__gate(s, PS_OPERATION_GETPEERNAME, NULL, peer_name, a);
}
