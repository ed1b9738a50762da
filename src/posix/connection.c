#include "config.h"

#include "common/compiler.h"
#include "posix/address_length.h"
#include "posix/handle.h"

#include <string.h>

#if PS__HAVE_PACKET
#include <linux/if_packet.h>
#endif

int ps__sys_bind(ps_handle h, const ps_addr *a)
{
    return bind(h, &a->sa, a->len) < 0 ? ps__last_error() : 0;
}

int ps__sys_listen(ps_handle h, int backlog)
{
    return listen(h, backlog) < 0 ? ps__last_error() : 0;
}

/* BSD's connections inherit the listener's mode. */
int ps__accept_and_set_up(ps_handle h, bool nonblocking, ps_handle *connection, ps_addr *peer)
{
    socklen_t length = sizeof peer->storage;
    int made = accept(h, peer ? &peer->sa : NULL, &length);
    int code;

    if (made < 0)
        return ps__last_error();
    code = ps__handle_finish(made, AF_UNSPEC, nonblocking);
    if (code != 0)
        return code;
    code = ps__sys_set_nonblocking(made, nonblocking);
    if (code == 0)
        code = ps__sys_set_inheritable(made, false);
    if (code == 0)
        return ps__take_connection(made, length, connection, peer);
    ps__sys_close(made);
    return code;
}

/* What is used of Linux's tcp_info (linux/tcp.h, which excludes netinet/tcp.h): the state, and from
 * Linux 4.2 on how many segments have come. */
#if PS__HAVE_TCP_SEGMENTS
enum { TCP_INFO_SEGMENTS = 140, TCP_INFO_SIZE = 144, STATE_ESTABLISHED = 1 };

/* There is a connection after a single segment from the other end, the answer to the first of this
 * one. A socket that has connected to itself has got its own first segment, and then the answer. */
bool ps__sys_has_reached_another(ps_handle h)
{
    unsigned char info[TCP_INFO_SIZE];
    socklen_t size = sizeof info;
    uint32_t segments;

    if (getsockopt(h, IPPROTO_TCP, TCP_INFO, info, &size) < 0)
        return false;
    memcpy(&segments, info + TCP_INFO_SEGMENTS, sizeof segments);
    return size == sizeof info && info[0] == STATE_ESTABLISHED && segments == 1;
}
#else
bool ps__sys_has_reached_another(ps_handle h)
{
    (void)h;
    return false;
}
#endif

int ps__sys_connect_result(ps_handle h)
{
    int error = 0;
    socklen_t size = sizeof error;

    if (getsockopt(h, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return ps__last_error();
    return error != 0 ? ps__from_os(error) : 0;
}

int ps__sys_shutdown(ps_handle h, int how)
{
    return shutdown(h, how) < 0 ? ps__last_error() : 0;
}

bool ps__sys_cannot_shut_receiving(void)
{
    return false;
}

/* Never called: shutdown ends waits. */
void ps__sys_wake_waits(ps_handle h)
{
    (void)h;
}

void ps__sys_wake(ps_handle h)
{
    (void)shutdown(h, SHUT_RDWR);
}

/* Linux returns an AF_PACKET name up to the end of its hardware address, and takes none that is
 * not whole. */
static void complete_name(ps_addr *a)
{
#if PS__HAVE_PACKET
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
        return ps__last_error();
    ps__set_length(a, length);
    complete_name(a);
    return 0;
}

int ps__sys_getpeername(ps_handle h, ps_addr *a)
{
    socklen_t length = sizeof a->storage;

    if (getpeername(h, &a->sa, &length) < 0)
        return ps__last_error();
    ps__set_length(a, length);
    return 0;
}
