#include "backend.h"
#include "compiler.h"
#include "told_length.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifdef PS__HAVE_PACKET
#include <linux/if_packet.h>
#endif

#ifdef PS__HAVE_MSG_NOSIGNAL
enum { NO_SIGNAL = MSG_NOSIGNAL };
#else
enum { NO_SIGNAL = 0 };
#endif

/* "Would block" is the one error that comes all the time. */
static int os_error(void)
{
    return errno == EWOULDBLOCK ? PS_EWOULDBLOCK : ps__from_os(errno);
}

/* ---- making handles ------------------------------------------------------------------------------------ */

/* The largest type that has a name; above it systems differ in what they call the mistake. */
enum { TYPE_MAX = SOCK_SEQPACKET };

static int creation_error(int type)
{
    if (errno == EINVAL)
        return type > TYPE_MAX ? PS_ESOCKTNOSUPPORT : PS_EPROTONOSUPPORT;
    return ps__from_os(errno);
}

#ifdef PS__HAVE_SOCK_CLOEXEC
static int creation_flags(bool nonblocking)
{
    return SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0);
}
#else
static int creation_flags(bool nonblocking)
{
    (void)nonblocking;
    return 0;
}
#endif

#ifndef PS__HAVE_SOCK_CLOEXEC
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

/* What a handle needs that creation flags cannot say, on systems that have it. */
static int finish(int h, int family, bool nonblocking)
{
    int code = 0;

    (void)nonblocking;
#ifndef PS__HAVE_SOCK_CLOEXEC
    code = set_up(h, nonblocking);
    if (code != 0)
        return code;
#endif
#ifdef PS__HAVE_SO_NOSIGPIPE
    {
        int on = 1;
        /* An end that the peer has reset already refuses every option, and raises no signal any more. */
        (void)setsockopt(h, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    }
#endif
    if (family == AF_INET6) {
        int off = 0;
        /* Not a matter of the system: Linux has a setting for it, OpenBSD knows no other than on. */
        (void)setsockopt(h, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    return code;
}

int ps__sys_socket(int family, int type, int proto, bool nonblocking, ps_handle *h)
{
    int made;
    int code;

    if (type <= 0)
        return PS_ESOCKTNOSUPPORT;
    made = socket(family, type | creation_flags(nonblocking), proto);
    if (made < 0)
        return creation_error(type);
    code = finish(made, family, nonblocking);
    if (code == 0)
        *h = made;
    return code;
}

int ps__sys_socketpair(int family, int type, int proto, bool nonblocking, ps_handle h[2])
{
    int made[2];
    int code;

    if (type <= 0)
        return PS_ESOCKTNOSUPPORT;
    if (socketpair(family, type | creation_flags(nonblocking), proto, made) < 0)
        return creation_error(type);
    code = finish(made[0], family, nonblocking);
    if (code != 0) {
        ps__sys_close(made[1]);
        return code;
    }
    code = finish(made[1], family, nonblocking);
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
#ifdef PS__HAVE_DUP_CLOEXEC
    int made = fcntl(h, F_DUPFD_CLOEXEC, 0);
#else
    int made = dup(h);

    if (made >= 0)
        (void)ps__sys_set_inheritable(made, false);
#endif
    if (made < 0)
        return os_error();
    *copy = made;
    return 0;
}

static int int_option(ps_handle h, int name, int *value)
{
    socklen_t size = sizeof *value;

    return getsockopt(h, SOL_SOCKET, name, value, &size) < 0 ? os_error() : 0;
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

void ps__sys_close(ps_handle h)
{
    (void)close(h);
}

int ps__sys_set_nonblocking(ps_handle h, bool on)
{
    int value = on;

    return ioctl(h, FIONBIO, &value) < 0 ? os_error() : 0;
}

int ps__sys_set_inheritable(ps_handle h, bool on)
{
    int flags = fcntl(h, F_GETFD);

    if (flags < 0)
        return os_error();
    flags = on ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
    return fcntl(h, F_SETFD, flags) < 0 ? os_error() : 0;
}

int ps__sys_get_inheritable(ps_handle h, bool *on)
{
    int flags = fcntl(h, F_GETFD);

    if (flags < 0)
        return os_error();
    *on = (flags & FD_CLOEXEC) == 0;
    return 0;
}

/* ---- connections --------------------------------------------------------------------------------------- */

void ps__sys_report_refusals(ps_handle h, bool on)
{
    (void)h;
    (void)on;
}

int ps__sys_bind(ps_handle h, const ps_addr *a)
{
    return bind(h, &a->sa, a->len) < 0 ? os_error() : 0;
}

int ps__sys_listen(ps_handle h, int backlog)
{
    return listen(h, backlog) < 0 ? os_error() : 0;
}

static int take_connection(int made, socklen_t length, ps_handle *connection, ps_addr *peer)
{
    if (peer)
        ps__set_told_length(peer, length);
    *connection = made;
    return 0;
}

/* BSD's connections inherit the listener's mode. */
static NOINLINE int accept_and_set_up(ps_handle h, bool nonblocking, ps_handle *connection, ps_addr *peer)
{
    socklen_t length = sizeof peer->storage;
    int made = accept(h, peer ? &peer->sa : NULL, &length);
    int code;

    if (made < 0)
        return os_error();
    code = finish(made, AF_UNSPEC, nonblocking);
    if (code != 0)
        return code;
    code = ps__sys_set_nonblocking(made, nonblocking);
    if (code == 0)
        code = ps__sys_set_inheritable(made, false);
    if (code == 0)
        return take_connection(made, length, connection, peer);
    ps__sys_close(made);
    return code;
}

#ifdef PS__HAVE_ACCEPT4
/* A sandbox may know accept only. */
int ps__sys_accept(ps_handle h, bool nonblocking, ps_handle *connection, ps_addr *peer)
{
    socklen_t length = sizeof peer->storage;
    int made = accept4(h, peer ? &peer->sa : NULL, &length, creation_flags(nonblocking));

    if (made >= 0)
        return take_connection(made, length, connection, peer);
    return errno == ENOSYS || errno == EPERM ? accept_and_set_up(h, nonblocking, connection, peer) : os_error();
}
#else
int ps__sys_accept(ps_handle h, bool nonblocking, ps_handle *connection, ps_addr *peer)
{
    return accept_and_set_up(h, nonblocking, connection, peer);
}
#endif

int ps__sys_connect(ps_handle h, const ps_addr *a)
{
    return connect(h, &a->sa, a->len) < 0 ? os_error() : 0;
}

int ps__sys_connect_result(ps_handle h)
{
    int error = 0;
    socklen_t size = sizeof error;

    if (getsockopt(h, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return os_error();
    return error != 0 ? ps__from_os(error) : 0;
}

int ps__sys_shutdown(ps_handle h, int how)
{
    return shutdown(h, how) < 0 ? os_error() : 0;
}

#ifdef PS__SHUTDOWN_WAKES
/* Linux wakes even when it says that there is no connection. Not: an AF_UNIX call that waits for another socket's queue. */
int ps__sys_wake_reach(int family, int type)
{
    switch (family) {
    case AF_INET:
    case AF_INET6:
        return PS__WAKES_CALLS | PS__WAKES_CONNECT | PS__WAKES_WAITS;
    case AF_UNIX:
        return type == SOCK_DGRAM ? PS__WAKES_WAITS : PS__WAKES_CALLS | PS__WAKES_WAITS;
#ifdef PS__HAVE_TIPC
    case AF_TIPC: /* TIPC_CONN_TIMEOUT, 8 seconds, which is for connects that block only */
        return PS__WAKES_CONNECT;
#endif
    default:
        return 0;
    }
}
#else
int ps__sys_wake_reach(int family, int type)
{
    (void)family;
    (void)type;
    return 0;
}
#endif

void ps__sys_wake(ps_handle h)
{
    (void)shutdown(h, SHUT_RDWR);
}

/* Linux tells an AF_PACKET name up to the end of its hardware address, and takes none that is not whole. */
static void complete_name(ps_addr *a)
{
#ifdef PS__HAVE_PACKET
    size_t whole = sizeof(struct sockaddr_ll);

    if (a->sa.sa_family != AF_PACKET || (size_t)a->len >= whole)
        return;
    memset((unsigned char *)&a->storage + a->len, 0, whole - (size_t)a->len);
    a->len = (socklen_t)whole;
#else
    (void)a;
#endif
}

int ps__sys_getsockname(ps_handle h, ps_addr *a)
{
    socklen_t length = sizeof a->storage;

    if (getsockname(h, &a->sa, &length) < 0)
        return os_error();
    ps__set_told_length(a, length);
    complete_name(a);
    return 0;
}

int ps__sys_getpeername(ps_handle h, ps_addr *a)
{
    socklen_t length = sizeof a->storage;

    if (getpeername(h, &a->sa, &length) < 0)
        return os_error();
    ps__set_told_length(a, length);
    return 0;
}

/* ---- data ---------------------------------------------------------------------------------------------- */

ptrdiff_t ps__sys_recv(ps_handle h, void *buffer, size_t size, int flags)
{
    ptrdiff_t count = recv(h, buffer, size, flags);

    return count >= 0 ? count : os_error();
}

bool ps__sys_end_is_certain(void)
{
    return true;
}

ptrdiff_t ps__sys_recvfrom(ps_handle h, void *buffer, size_t size, int flags, ps_addr *from)
{
    socklen_t length = sizeof from->storage;
    ptrdiff_t count = recvfrom(h, buffer, size, flags, &from->sa, &length);

    if (count < 0)
        return os_error();
    ps__set_told_length(from, length);
    return count;
}

ptrdiff_t ps__sys_send(ps_handle h, const void *buffer, size_t size, int flags)
{
    ptrdiff_t count = send(h, buffer, size, flags | NO_SIGNAL);

    return count >= 0 ? count : os_error();
}

ptrdiff_t ps__sys_sendto(ps_handle h, const void *buffer, size_t size, int flags, const ps_addr *to)
{
    ptrdiff_t count = sendto(h, buffer, size, flags | NO_SIGNAL, &to->sa, to->len);

    return count >= 0 ? count : os_error();
}
