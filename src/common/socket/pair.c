#include "config.h"

#include "common/socket/accept.h"
#include "common/socket/normalize.h"
#include "common/socket/socket.h"
#include "family/family.h"

/*
 * Pairs. Where the system cannot pair a family, inet and inet6 are paired over loopback, and
 * both ends make sure that they talk to each other: any program of the machine can connect to
 * the listener first (CVE-2024-3219).
 */

/* Another program can block the listener by connecting to it; after that long the pair fails. */
#define PAIR_SECONDS 10.0
/* The client queues behind those connections: Windows refuses it when the queue is full. */
enum { PAIR_BACKLOG = 128 };

static int system_pair(ps_sock pair[2], int family, int type, int proto)
{
    double timeout = ps__strip_type(&type) ? 0 : ps__default_timeout();
    bool nonblocking = ps__new_must_not_block(family, type, timeout);
    ps_handle h[2];
    int code = ps__sys_socketpair(family, type, proto, nonblocking, h);

    if (code != 0)
        return code;
    for (int i = 0; i < 2; i++)
        ps__sock_init(&pair[i], h[i], family, type, proto, PS__ESTABLISHED, nonblocking, timeout);
    return 0;
}

static int bound_to_loopback(ps_sock *s, int family, int type, int proto, ps_addr *name)
{
    int code = ps_socket(s, family, type, proto);
    ps_addr loopback;

    ps__addr_loopback(&loopback, family);
    if (code == 0)
        code = ps_bind(s, &loopback);
    if (code == 0)
        code = ps_getsockname(s, name);
    return code;
}

/* 0 when `one` is the peer of `other`, PS_ECONNABORTED when it is not; or the code of a system
 * that does not report the peer. */
static int check_peer(ps_sock *other, ps_sock *one)
{
    ps_addr own, peer;
    int code = ps_getsockname(one, &own);

    if (code == 0)
        code = ps_getpeername(other, &peer);
    if (code == PS_ENOTCONN || code == PS_EINVAL) /* it is gone already */
        return PS_ECONNABORTED;
    if (code == 0 && !ps_addr_equal(&own, &peer))
        code = PS_ECONNABORTED;
    return code;
}

static int check_each_other(ps_sock *one, ps_sock *other)
{
    int code = check_peer(other, one);

    return code != 0 ? code : check_peer(one, other);
}

/* Accepts until our client's connection comes; connections of other programs may be queued before
 * it. */
static int accept_partner(ps_sock *listener, ps_sock *client, ps_sock *server)
{
    ps__limit limit = ps__limit_after(PAIR_SECONDS, NULL);

    while (ps__deadline_left(&limit.deadline) > 0) {
        int code = ps__accept_within(listener, server, NULL, &limit);
        if (code != 0)
            return code == PS_TIMED_OUT ? PS_ECONNABORTED : code;
        code = check_peer(server, client);
        if (code != PS_ECONNABORTED)
            return code;
        ps_close(server);
    }
    return PS_ECONNABORTED;
}

/* The client's connection is in the queue or there already; this waits for the system to report
 * it. */
static int complete(ps_sock *client, const ps_addr *name)
{
    (void)ps_settimeout(client, PAIR_SECONDS); /* it is non-blocking, and stays so */
    return ps__connection(client) == PS__CONNECTING ? ps_connect(client, name) : 0;
}

static int pair_streams(ps_sock pair[2], int family, int proto)
{
    ps_sock listener = PS_SOCK_INIT;
    ps_addr name;
    int code = bound_to_loopback(&listener, family, SOCK_STREAM, proto, &name);

    if (code == 0)
        code = ps_listen(&listener, PAIR_BACKLOG);
    if (code == 0)
        code = ps_settimeout(&listener, PAIR_SECONDS);
    if (code == 0)
        code = ps_socket(&pair[0], family, SOCK_STREAM, proto);
    if (code == 0)
        code = ps_setblocking(&pair[0], 0);
    if (code == 0)
        code = ps_connect(&pair[0], &name);
    if (code == 0 || code == PS_EINPROGRESS)
        code = accept_partner(&listener, &pair[0], &pair[1]);
    if (code == 0)
        code = complete(&pair[0], &name);
    if (code == 0)
        code = check_each_other(&pair[0], &pair[1]);
    if (code == 0)
        code = ps_settimeout(&pair[0], ps__default_timeout());
    ps_close(&listener);
    return code;
}

/* Datagrams that other programs sent before the ends were connected remain queued. */
static int discard_queued(ps_sock *s)
{
    char byte;
    ptrdiff_t count;

    do {
        count = ps_recv(s, &byte, 1, 0);
    } while (count >= 0);
    return count == PS_EWOULDBLOCK ? 0 : (int)count;
}

static int pair_datagrams(ps_sock pair[2], int family, int proto)
{
    ps_addr names[2];
    int code = 0;
    int i;

    for (i = 0; i < 2 && code == 0; i++)
        code = bound_to_loopback(&pair[i], family, SOCK_DGRAM, proto, &names[i]);
    for (i = 0; i < 2 && code == 0; i++)
        code = ps_connect(&pair[i], &names[1 - i]);
    if (code == 0)
        code = check_each_other(&pair[0], &pair[1]);
    for (i = 0; i < 2 && code == 0; i++) {
        code = ps_setblocking(&pair[i], 0);
        if (code == 0)
            code = discard_queued(&pair[i]);
        if (code == 0)
            code = ps_settimeout(&pair[i], ps__default_timeout());
    }
    return code;
}

static int loopback_pair(ps_sock pair[2], int family, int type, int proto)
{
    bool asked = ps__strip_type(&type);
    int code = PS_ESOCKTNOSUPPORT;

    if (type == SOCK_STREAM)
        code = pair_streams(pair, family, proto);
    else if (type == SOCK_DGRAM)
        code = pair_datagrams(pair, family, proto);
    if (code == 0 && asked)
        code = ps_setblocking(&pair[0], 0);
    if (code == 0 && asked)
        code = ps_setblocking(&pair[1], 0);
    if (code != 0) {
        ps_close(&pair[0]);
        ps_close(&pair[1]);
    }
    return code;
}

int ps_socketpair(ps_sock pair[2], int family, int type, int proto)
{
    int code;

    if (!pair)
        return PS_EFAULT;
    ps__sock_clear(&pair[0]);
    ps__sock_clear(&pair[1]);
    if (family == AF_INET || family == AF_INET6)
        return loopback_pair(pair, family, type, proto);
#ifdef AF_UNIX
    code = system_pair(pair, family == PS_DEFAULT_PAIR_FAMILY ? AF_UNIX : family, type, proto);
#else
    code =
        family == PS_DEFAULT_PAIR_FAMILY ? PS_EOPNOTSUPP : system_pair(pair, family, type, proto);
#endif
    if (family == PS_DEFAULT_PAIR_FAMILY && (code == PS_EOPNOTSUPP || code == PS_EAFNOSUPPORT))
        return loopback_pair(pair, AF_INET, type, proto);
    return code;
}
