#include "config.h"

#include "win32/handle.h"

#include <iphlpapi.h>
#include <string.h>

int ps__sys_set_exclusive(ps_handle h, bool on)
{
    DWORD value = on;

    return setsockopt(h, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&value, sizeof value) != 0
               ? ps__last_error(h)
               : 0;
}

/* ---- who listens ----------------------------------------------------------------------------- */

/* Space for the listeners of a whole machine: 400 of IPv4, 290 of IPv6. */
typedef union listeners {
    MIB_TCPTABLE inet;
    MIB_TCP6TABLE_OWNER_PID inet6;
    char space[16384];
} listeners;

static bool is_any(const unsigned char *address, size_t size)
{
    while (size > 0 && address[size - 1] == 0)
        size--;
    return size == 0;
}

/* Whether two addresses of one family are one, or one of them is the other's wildcard. */
static bool overlap(const void *one, const void *other, size_t size)
{
    return memcmp(one, other, size) == 0 || is_any(one, size) || is_any(other, size);
}

static bool inet_listens(const MIB_TCPTABLE *table, const struct sockaddr_in *a)
{
    DWORD i;

    for (i = 0; i < table->dwNumEntries; i++) {
        const MIB_TCPROW *row = &table->table[i];
        if ((u_short)row->dwLocalPort == a->sin_port &&
            overlap(&row->dwLocalAddr, &a->sin_addr, sizeof a->sin_addr))
            return true;
    }
    return false;
}

static bool inet6_listens(const MIB_TCP6TABLE_OWNER_PID *table, const struct sockaddr_in6 *a)
{
    DWORD i;

    for (i = 0; i < table->dwNumEntries; i++) {
        const MIB_TCP6ROW_OWNER_PID *row = &table->table[i];
        if ((u_short)row->dwLocalPort == a->sin6_port &&
            overlap(row->ucLocalAddr, &a->sin6_addr, sizeof a->sin6_addr))
            return true;
    }
    return false;
}

bool ps__sys_has_listener(const ps_addr *a)
{
    bool inet6 = a->sa.sa_family == AF_INET6;
    TCP_TABLE_CLASS what = inet6 ? TCP_TABLE_OWNER_PID_LISTENER : TCP_TABLE_BASIC_LISTENER;
    listeners table;
    DWORD size = sizeof table;

    if (GetExtendedTcpTable(&table, &size, FALSE, inet6 ? AF_INET6 : AF_INET, what, 0) != NO_ERROR)
        return true;
    return inet6 ? inet6_listens(&table.inet6, &a->in6) : inet_listens(&table.inet, &a->in);
}
