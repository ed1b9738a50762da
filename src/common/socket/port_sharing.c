#include "config.h"

#include "common/socket/port_sharing.h"

#include "common/socket/normalize.h"
#include "common/socket/socket.h"
#include "family/family.h"

#include <string.h>

static bool has_port(const ps_sock *s)
{
    return ps__is_inet(s) && (s->type == SOCK_STREAM || s->type == SOCK_DGRAM);
}

static bool is_claimed(const ps_sock *s)
{
    return ps__port_has(s, PS__PORT_CLAIMED);
}

void ps__port_set(ps_sock *s, int bit, bool on)
{
    if (on)
        (void)__atomic_fetch_or(&s->modes, (unsigned char)bit, __ATOMIC_RELAXED);
    else
        (void)__atomic_fetch_and(&s->modes, (unsigned char)~bit, __ATOMIC_RELAXED);
}

void ps__port_claim(ps_sock *s)
{
    if (!has_port(s) || ps__port_has(s, PS__PORT_CLAIMED | PS__PORT_SHARED | PS__PORT_LEFT))
        return;
    if (ps__sys_set_exclusive(s->handle, true) == 0)
        ps__port_set(s, PS__PORT_CLAIMED, true);
}

/* ---- bind ------------------------------------------------------------------------------------ */

/* A datagram socket that may not broadcast is refused the broadcast address, too. */
static bool is_broadcast(const ps_addr *a)
{
    return a->sa.sa_family == AF_INET && a->in.sin_addr.s_addr == ps_htonl(INADDR_BROADCAST);
}

/* "Access denied" is what Winsock says of a port that another socket has exclusively. */
static int try_to_bind(const ps_sock *s, const ps_addr *a)
{
    int code = ps__sys_bind(s->handle, a);

    if (ps__says_no_port(s, code) && ps_addr_port(a) == 0)
        return PS_EADDRNOTAVAIL;
    if (code != PS_EACCES || !ps__port_has(s, PS__PORT_CLAIMED | PS__PORT_SHARED))
        return code;
    return is_broadcast(a) ? code : PS_EADDRINUSE;
}

/* Whether listeners of the other family count, for an address whose bind was refused. A socket of
 * IPv6 has IPv4's addresses, too, unless it is IPV6_V6ONLY. For an address of IPv4 a listener at ::
 * counts, since Windows does not report whether it is IPV6_V6ONLY. For 0.0.0.0 it need not: without
 * exclusive use, too, Windows refuses a second bind to a wildcard that a dual-stack socket has. */
static bool counts_other_family(const ps_sock *s, const ps_addr *a)
{
    int only = 0;
    socklen_t size = sizeof only;

    if (s->family != AF_INET6)
        return !ps_addr_is_wildcard(a);
    return ps__sys_getsockopt(s->handle, IPPROTO_IPV6, IPV6_V6ONLY, &only, &size) != 0 || !only;
}

/* A port that is exclusive stays taken while old connections are there. Without exclusive use it
 * can be bound, but must not be taken from a server that listens. */
static int bind_despite_old_connections(ps_sock *s, const ps_addr *a)
{
    int code;

    if (ps__sys_has_listener(a, counts_other_family(s, a)) != 0 ||
        ps__sys_set_exclusive(s->handle, false) != 0)
        return PS_EADDRINUSE;
    code = try_to_bind(s, a);
    if (code == 0)
        ps__port_set(s, PS__PORT_RESTARTED, true);
    else
        (void)ps__sys_set_exclusive(s->handle, true);
    return code;
}

/* When a server is at the wildcard without exclusive use, Winsock lets even an exclusive socket
 * bind one address of its port, and that address's connections no longer reach the server. A
 * dual-stack server is in Windows' lists of both families, so the address's own list is enough, and
 * a server that is IPV6_V6ONLY does not count for an address of IPv4. */
static bool has_server_at_wildcard(const ps_sock *s, const ps_addr *a)
{
    return s->type == SOCK_STREAM && is_claimed(s) && ps_addr_port(a) != 0 &&
           !ps_addr_is_wildcard(a) && ps__sys_has_listener(a, false) > 0;
}

int ps__port_bind(ps_sock *s, const ps_addr *a)
{
    int code;

    ps__port_claim(s);
    if (has_server_at_wildcard(s, a))
        return PS_EADDRINUSE;
    code = try_to_bind(s, a);
    if (code == PS_EADDRINUSE && is_claimed(s) && ps__port_has(s, PS__PORT_RESTART))
        code = bind_despite_old_connections(s, a);
    return code;
}

/* ---- listen ---------------------------------------------------------------------------------- */

/* Since the bind, another server may have begun to listen where the port is not exclusive. */
int ps__port_check_listen(const ps_sock *s)
{
    ps_addr own;

    if (!ps__port_has(s, PS__PORT_RESTARTED) || ps__sys_getsockname(s->handle, &own) != 0)
        return 0;
    return ps__sys_has_listener(&own, counts_other_family(s, &own)) > 0 ? PS_EADDRINUSE : 0;
}

/* ---- the options ----------------------------------------------------------------------------- */

static int set_switch(const ps_sock *s, int name, int value)
{
    return ps__sys_setsockopt(s->handle, SOL_SOCKET, name, &value, sizeof value);
}

/* Datagram sockets set it to share a port, as for multicast: an exclusive one cannot. */
static int share(ps_sock *s, int value)
{
    bool shared = value != 0;
    int code;

    if (shared && ps__sys_set_exclusive(s->handle, false) == 0) {
        ps__port_set(s, PS__PORT_CLAIMED, false);
        ps__port_set(s, PS__PORT_SHARED, true);
    }
    code = set_switch(s, SO_REUSEADDR, value);
    if (code != 0 || !shared) {
        ps__port_set(s, PS__PORT_SHARED, false);
        ps__port_claim(s);
    }
    return code;
}

/* A stream's SO_REUSEADDR is not passed to the system where its port is claimed. */
static int reuse(ps_sock *s, int value)
{
    if (s->type == SOCK_DGRAM)
        return share(s, value);
    ps__port_claim(s);
    if (!is_claimed(s))
        return set_switch(s, SO_REUSEADDR, value);
    ps__port_set(s, PS__PORT_RESTART, value != 0);
    return 0;
}

static bool is_switch_of_a_port(const ps_sock *s, socklen_t size)
{
    return has_port(s) && size == (socklen_t)sizeof(int);
}

int ps__port_set_reuse(ps_sock *s, const ps__option *option, const void *value, socklen_t size)
{
    int number;

    if (!is_switch_of_a_port(s, size) || ps__port_has(s, PS__PORT_LEFT))
        return ps__sys_setsockopt(s->handle, option->level, option->name, value, size);
    memcpy(&number, value, sizeof number);
    return reuse(s, number);
}

#ifdef SO_EXCLUSIVEADDRUSE
/* From now on it is the program that decides. */
int ps__port_set_exclusive(ps_sock *s, const ps__option *option, const void *value, socklen_t size)
{
    int code = ps__sys_setsockopt(s->handle, option->level, option->name, value, size);
    int number;

    if (code != 0 || !is_switch_of_a_port(s, size))
        return code;
    memcpy(&number, value, sizeof number);
    ps__port_set(s, PS__PORT_CLAIMED, number != 0);
    ps__port_set(s, PS__PORT_LEFT, number == 0);
    return 0;
}
#endif

int ps__port_get_reuse(ps_sock *s, const ps__option *option, void *value, socklen_t *size)
{
    int restart = ps__port_has(s, PS__PORT_RESTART);

    if (s->type != SOCK_STREAM || !is_claimed(s) || *size < (socklen_t)sizeof restart)
        return ps__sys_getsockopt(s->handle, option->level, option->name, value, size);
    memcpy(value, &restart, sizeof restart);
    *size = sizeof restart;
    return 0;
}
