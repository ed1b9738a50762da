/* Connecting and accepting, for common/backend.h: inline, since each new connection does it. */
#ifndef PS_CONNECTION_H
#define PS_CONNECTION_H

#include "common/compiler.h"
#include "posix/address_length.h"
#include "posix/creation.h"
#include "posix/last_error.h"

#include <poll.h>

#if PS__HAVE_SHUTDOWN_WAKES
/* Linux wakes even when it says that there is no connection. Not: an AF_UNIX call that waits for
 * another socket's queue. */
static inline int ps__sys_wake_reach(int family, int type)
{
    switch (family) {
    case AF_INET:
    case AF_INET6:
        return PS__WAKES_CALLS | PS__WAKES_CONNECT | PS__WAKES_WAITS;
    case AF_UNIX:
        return type == SOCK_DGRAM ? PS__WAKES_WAITS : PS__WAKES_CALLS | PS__WAKES_WAITS;
#if PS__HAVE_TIPC
    case AF_TIPC: /* TIPC_CONN_TIMEOUT, 8 seconds, which is for connects that block only */
        return PS__WAKES_CONNECT;
#endif
    default:
        return 0;
    }
}
#else
static inline int ps__sys_wake_reach(int family, int type)
{
    (void)family;
    (void)type;
    return 0;
}
#endif

/* ---- accepting ------------------------------------------------------------------------------- */

/* Where the system cannot do all of it in one step. */
int ps__accept_and_set_up(ps_handle h, bool nonblocking, ps_handle *connection, ps_addr *peer);

static inline int ps__take_connection(int made, socklen_t length, ps_handle *connection,
                                      ps_addr *peer)
{
    if (peer)
        ps__set_length(peer, length);
    *connection = made;
    return 0;
}

#if PS__HAVE_ACCEPT4
/* A sandbox may allow accept only. */
static inline int ps__sys_accept(ps_handle h, bool nonblocking, ps_handle *connection,
                                 ps_addr *peer)
{
    socklen_t length = sizeof peer->storage;
    int made = accept4(h, peer ? &peer->sa : NULL, &length, ps__creation_flags(nonblocking));

    if (made >= 0)
        return ps__take_connection(made, length, connection, peer);
    return errno == ENOSYS || errno == EPERM
               ? ps__accept_and_set_up(h, nonblocking, connection, peer)
               : ps__last_error();
}
#else
static inline int ps__sys_accept(ps_handle h, bool nonblocking, ps_handle *connection,
                                 ps_addr *peer)
{
    return ps__accept_and_set_up(h, nonblocking, connection, peer);
}
#endif

/* ---- connecting ------------------------------------------------------------------------------ */

static ALWAYS_INLINE int ps__sys_connect(ps_handle h, const ps_addr *a)
{
    if (connect(h, &a->sa, a->len) == 0)
        return 0;
    return errno == EINPROGRESS ? PS_EINPROGRESS : ps__last_error();
}

/* Only where poll says of a failed attempt that it has failed. */
static ALWAYS_INLINE bool ps__sys_is_connected_at_once(ps_handle h)
{
#if PS__HAVE_POLL_REPORTS_CONNECT_ERRORS
    struct pollfd entry = {.fd = h, .events = POLLOUT};

    return poll(&entry, 1, 0) == 1 && entry.revents == POLLOUT;
#else
    (void)h;
    return false;
#endif
}

#endif
