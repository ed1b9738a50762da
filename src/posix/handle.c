#include "config.h"

#include "posix/handle.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The largest type that has a name; above it systems differ in the error. */
enum { TYPE_MAX = SOCK_SEQPACKET };

int ps__creation_error(int type)
{
    if (errno == EINVAL)
        return type > TYPE_MAX ? PS_ESOCKTNOSUPPORT : PS_EPROTONOSUPPORT;
    return ps__from_os(errno);
}

#if !PS__HAVE_SOCK_CLOEXEC
static int set_up(int h, bool nonblocking)
{
    int code = ps__sys_set_inheritable(h, false);

    if (code == 0 && nonblocking)
        code = ps__sys_set_nonblocking(h, true);
    if (code != 0)
        ps__sys_close(h);
    return code;
}
#endif

int ps__handle_finish(ps_handle h, int family, bool nonblocking)
{
    int code = 0;

    (void)nonblocking;
#if !PS__HAVE_SOCK_CLOEXEC
    code = set_up(h, nonblocking);
    if (code != 0)
        return code;
#endif
#if PS__HAVE_SO_NOSIGPIPE
    {
        int on = 1;
        /* An end that the peer has reset already refuses every option, and raises no signal any
         * more. */
        (void)setsockopt(h, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    }
#endif
    if (family == AF_INET6) {
        int off = 0;
        /* Set in any case: Linux has a system-wide default, and OpenBSD knows only "on". */
        (void)setsockopt(h, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    return code;
}

int ps__sys_socketpair(int family, int type, int proto, bool nonblocking, ps_handle h[2])
{
    int made[2];
    int code;

    if (type <= 0)
        return PS_ESOCKTNOSUPPORT;
    if (socketpair(family, type | ps__creation_flags(nonblocking), proto, made) < 0)
        return ps__creation_error(type);
    code = ps__handle_finish(made[0], family, nonblocking);
    if (code != 0) {
        ps__sys_close(made[1]);
        return code;
    }
    code = ps__handle_finish(made[1], family, nonblocking);
    if (code != 0) {
        ps__sys_close(made[0]);
        return code;
    }
    h[0] = made[0];
    h[1] = made[1];
    return 0;
}

int ps__sys_duplicate(ps_handle h, ps_handle *copy)
{
#if PS__HAVE_DUP_CLOEXEC
    int made = fcntl(h, F_DUPFD_CLOEXEC, 0);
#else
    int made = dup(h);

    if (made >= 0)
        (void)ps__sys_set_inheritable(made, false);
#endif
    if (made < 0)
        return ps__last_error();
    *copy = made;
    return 0;
}

static int int_option(ps_handle h, int name, int *value)
{
    socklen_t size = sizeof *value;

    return getsockopt(h, SOL_SOCKET, name, value, &size) < 0 ? ps__last_error() : 0;
}

#ifdef SO_DOMAIN
static int family_of(ps_handle h, int *family)
{
    return int_option(h, SO_DOMAIN, family);
}
#else
static int family_of(ps_handle h, int *family)
{
    ps_addr a;
    int code = ps__sys_getsockname(h, &a);

    if (code == 0)
        *family = a.sa.sa_family;
    return code;
}
#endif

#ifdef SO_PROTOCOL
static int proto_of(ps_handle h, int *proto)
{
    return int_option(h, SO_PROTOCOL, proto);
}
#else
static int proto_of(ps_handle h, int *proto)
{
    (void)h;
    *proto = 0;
    return 0;
}
#endif

int ps__sys_describe(ps_handle h, int *family, int *type, int *proto)
{
    int kind[3];
    int code = int_option(h, SO_TYPE, &kind[1]);

    if (code == 0)
        code = family_of(h, &kind[0]);
    if (code == 0)
        code = proto_of(h, &kind[2]);
    if (code != 0)
        return code;
    *family = kind[0];
    *type = kind[1];
    *proto = kind[2];
    return 0;
}

int ps__sys_set_nonblocking(ps_handle h, bool on)
{
    int value = on;

    return ioctl(h, FIONBIO, &value) < 0 ? ps__last_error() : 0;
}

int ps__sys_set_inheritable(ps_handle h, bool on)
{
    int flags = fcntl(h, F_GETFD);

    if (flags < 0)
        return ps__last_error();
    flags = on ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
    return fcntl(h, F_SETFD, flags) < 0 ? ps__last_error() : 0;
}

int ps__sys_get_inheritable(ps_handle h, bool *on)
{
    int flags = fcntl(h, F_GETFD);

    if (flags < 0)
        return ps__last_error();
    *on = (flags & FD_CLOEXEC) == 0;
    return 0;
}

void ps__sys_report_refusals(ps_handle h, bool on)
{
    (void)h;
    (void)on;
}
