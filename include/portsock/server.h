/**
 * @file
 * A listening socket in one call.
 */
#ifndef PORTSOCK_SERVER_H
#define PORTSOCK_SERVER_H

#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a stream socket that listens. On Windows a server that starts programs while it accepts has
 * to prevent that they inherit its connections: see ps_set_inheritable.
 *
 * @param s           the result, with the default timeout; closed on failure. It is overwritten,
 *                    not closed first.
 * @param a           the address to bind to; its family is that of the socket
 * @param backlog     as for ps_listen; below 0: 128
 * @param reuse_port  several servers share the port, and the system distributes the connections
 *                    among them (SO_REUSEPORT)
 * @param dual_stack  an AF_INET6 server accepts IPv4 connections, too; when false it does not, so
 *                    that another server can
 * @retval 0              the socket listens
 * @retval PS_EADDRINUSE  another server listens there
 * @retval PS_EOPNOTSUPP  reuse_port or dual_stack where the system has none
 * @retval PS_BAD_FAMILY  dual_stack with another family than AF_INET6
 * @return any other code as ps_socket, ps_bind and ps_listen.
 * @threadsafety Any thread.
 * @normalizes A server can restart at once while connections of its last run are ending
 * (SO_REUSEADDR on POSIX), and on no system can another program take its port
 * (SO_EXCLUSIVEADDRUSE on Windows; see ps_setsockopt_int for what remains of that after such a
 * restart); IPV6_V6ONLY is set from dual_stack, whatever the system's default.
 * @since 0.1
 * @source Python 3, create_server.
 */
PS_API int ps_create_server(ps_sock *s, const ps_addr *a, int backlog, bool reuse_port,
                            bool dual_stack);

/**
 * Returns whether one AF_INET6 socket can accept IPv4 connections, too.
 *
 * @return whether it can.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, has_dualstack_ipv6.
 */
PS_API bool ps_has_dualstack_ipv6(void);

#ifdef __cplusplus
}
#endif

#endif
