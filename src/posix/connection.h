/* What ps__sys_wake ends, for common/backend.h: inline, since each new socket asks for it. */
#ifndef PS_CONNECTION_H
#define PS_CONNECTION_H

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

#endif
