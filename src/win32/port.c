#include "config.h"

#include "win32/handle.h"

#include <iphlpapi.h>
#include <stdlib.h>
#include <string.h>

int ps__sys_set_exclusive(ps_handle h, bool on)
{
    DWORD value = on;

    return setsockopt(h, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&value, sizeof value) != 0
               ? ps__last_error(h)
               : 0;
}

/* ---- who listens ----------------------------------------------------------------------------- */

/* An address in IPv6 form, so that those of both families compare: 127.0.0.1 is
 * ::ffff:127.0.0.1. */
typedef struct endpoint {
    IN6_ADDR host;
    u_short port;
} endpoint;

static endpoint inet_endpoint(DWORD host, DWORD port)
{
    endpoint e = {.host.s6_bytes = {[10] = 0xff, [11] = 0xff}, .port = (u_short)port};

    memcpy(&e.host.s6_bytes[12], &host, sizeof host);
    return e;
}

static endpoint inet6_endpoint(const void *host, DWORD port)
{
    endpoint e = {.port = (u_short)port};

    memcpy(&e.host, host, sizeof e.host);
    return e;
}

static endpoint endpoint_of(const ps_addr *a)
{
    return a->sa.sa_family == AF_INET6 ? inet6_endpoint(&a->in6.sin6_addr, a->in6.sin6_port)
                                       : inet_endpoint(a->in.sin_addr.s_addr, a->in.sin_port);
}

static bool is_inet_wildcard(const IN6_ADDR *host)
{
    return IN6_IS_ADDR_V4MAPPED(host) && host->s6_words[6] == 0 && host->s6_words[7] == 0;
}

/* Whether a socket bound to `one` gets everything that is sent to `other`. */
static bool covers(const IN6_ADDR *one, const IN6_ADDR *other, bool dual)
{
    if (IN6_IS_ADDR_UNSPECIFIED(one))
        return dual || !IN6_IS_ADDR_V4MAPPED(other);
    if (is_inet_wildcard(one))
        return IN6_IS_ADDR_V4MAPPED(other);
    return memcmp(one, other, sizeof *one) == 0;
}

static bool overlap(const endpoint *one, const endpoint *other, bool dual)
{
    return one->port == other->port &&
           (covers(&one->host, &other->host, dual) || covers(&other->host, &one->host, dual));
}

/* The listeners of a family, which the caller frees. The list may grow between the call that
 * reports its size and the one that reads it. */
static int read_listeners(ULONG family, TCP_TABLE_CLASS what, void **listeners)
{
    DWORD size = 16384, error = ERROR_INSUFFICIENT_BUFFER;
    void *table = NULL;

    while (error == ERROR_INSUFFICIENT_BUFFER) {
        free(table);
        table = calloc(1, size);
        if (!table)
            return PS_ENOMEM;
        error = GetExtendedTcpTable(table, &size, FALSE, family, what, 0);
    }
    /* A machine without IPv6 has no list of its listeners. */
    if (error != NO_ERROR && error != ERROR_NOT_SUPPORTED && error != ERROR_NO_DATA) {
        free(table);
        return ps__from_os((int)error);
    }
    *listeners = table;
    return 0;
}

static int inet_listens(const endpoint *e, bool dual)
{
    void *listeners = NULL;
    int found = read_listeners(AF_INET, TCP_TABLE_BASIC_LISTENER, &listeners);
    const MIB_TCPTABLE *table = listeners;

    if (found != 0)
        return found;
    for (DWORD i = 0; i < table->dwNumEntries && !found; i++) {
        endpoint listener = inet_endpoint(table->table[i].dwLocalAddr, table->table[i].dwLocalPort);
        found = overlap(&listener, e, dual);
    }
    free(listeners);
    return found;
}

static int inet6_listens(const endpoint *e, bool dual)
{
    void *listeners = NULL;
    int found = read_listeners(AF_INET6, TCP_TABLE_OWNER_PID_LISTENER, &listeners);
    const MIB_TCP6TABLE_OWNER_PID *table = listeners;

    if (found != 0)
        return found;
    for (DWORD i = 0; i < table->dwNumEntries && !found; i++) {
        endpoint listener =
            inet6_endpoint(table->table[i].ucLocalAddr, table->table[i].dwLocalPort);
        found = overlap(&listener, e, dual);
    }
    free(listeners);
    return found;
}

int ps__sys_has_listener(const ps_addr *a, bool dual)
{
    endpoint e = endpoint_of(a);
    int found = inet_listens(&e, dual);

    return found != 0 ? found : inet6_listens(&e, dual);
}
