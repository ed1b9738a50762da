/*
 * Who may have a port. On POSIX one socket has a port, and SO_REUSEADDR lets a server bind while
 * its old connections are in TIME_WAIT. Winsock lets a socket with SO_REUSEADDR take the port of a
 * live one, unless that is exclusive; old connections do not prevent a bind by default. Here a
 * port is exclusive everywhere, and SO_REUSEADDR of a stream means what it means on POSIX.
 */
#ifndef PS_PORT_H
#define PS_PORT_H

#include "common/option/table.h"

/* ps_sock.modes: what this library does about a socket's port. Nothing where the system's
 * ports are exclusive anyway. */
enum {
    PS__PORT_CLAIMED = 1, /* it asks for the port exclusively */
    /* The program set SO_REUSEADDR of a stream: bind despite old connections. */
    PS__PORT_RESTART = 2,
    /* The program set SO_EXCLUSIVEADDRUSE itself, or brought the handle: leave it alone. */
    PS__PORT_LEFT = 4,
    PS__PORT_SHARED = 16, /* the program set SO_REUSEADDR of a datagram socket: not exclusive */
    /* The program wants a datagram socket without a peer to report closed ports. */
    PS__PORT_REFUSALS = 8,
    /* It was bound despite old connections, so that the port is not exclusive; and it does not
     * listen yet. */
    PS__PORT_RESTARTED = 32
};

static inline bool ps__port_has(const ps_sock *s, int bit)
{
    return (__atomic_load_n(&s->modes, __ATOMIC_RELAXED) & bit) != 0;
}

void ps__port_set(ps_sock *s, int bit, bool on);

/* Before a socket gets a port in any way. */
void ps__port_claim(ps_sock *s);

/* ps_bind, when the address fits the socket. */
int ps__port_bind(ps_sock *s, const ps_addr *a);

/* Before a socket listens: 0 or PS_EADDRINUSE. */
int ps__port_check_listen(const ps_sock *s);

/* The options SO_REUSEADDR and SO_EXCLUSIVEADDRUSE. */
int ps__port_get_reuse(ps_sock *s, const ps__option *option, void *value, socklen_t *size);
int ps__port_set_reuse(ps_sock *s, const ps__option *option, const void *value, socklen_t size);
int ps__port_set_exclusive(ps_sock *s, const ps__option *option, const void *value, socklen_t size);

#endif
