/*
 * A dual-stack socket that listens at :: is in the list of the listeners of IPv4, too, at 0.0.0.0.
 * Wine has Linux' list, where it is in that of IPv6 only.
 *
 * Sources: seen on Windows 7 and since, not documented: nodejs/node#9390, where netstat shows the
 * one socket of a server twice; rapid7/metasploit-payloads#602.
 */
#include "../records.h"

#include <string.h>

static functions next;

/* The port, in network order, if this is a dual-stack socket that listens at ::; otherwise 0. */
static u_short port_of_dual_listener(SOCKET s)
{
    socket_record *record = hold_record(s);
    bool listens = record != NULL && record->listening && record->family == AF_INET6;
    struct sockaddr_in6 name;
    int size = sizeof name, only_size = sizeof(DWORD);
    DWORD only = 1;

    release_record(record);
    if (!listens || next.getsockname(s, (struct sockaddr *)&name, &size) != 0 ||
        !IN6_IS_ADDR_UNSPECIFIED(&name.sin6_addr) ||
        next.getsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, (char *)&only, &only_size) != 0 || only)
        return 0;
    return name.sin6_port;
}

/* As far as there is space; the size that was asked for has some to spare. */
static void add_listener(MIB_TCPTABLE *table, DWORD size, u_short port)
{
    MIB_TCPROW *row = &table->table[table->dwNumEntries];

    if ((char *)(row + 1) > (char *)table + size)
        return;
    memset(row, 0, sizeof *row);
    row->dwState = MIB_TCP_STATE_LISTEN;
    row->dwLocalPort = port;
    table->dwNumEntries++;
}

static DWORD WINAPI rule_GetExtendedTcpTable(void *table, DWORD *size, BOOL sorted, ULONG family,
                                             TCP_TABLE_CLASS what, ULONG reserved)
{
    static SOCKET handles[1 << 16];
    static SRWLOCK lock = SRWLOCK_INIT;
    DWORD capacity = *size;
    DWORD error = next.GetExtendedTcpTable(table, size, sorted, family, what, reserved);
    size_t count;

    if (family != AF_INET || what != TCP_TABLE_BASIC_LISTENER || error != NO_ERROR)
        return error;
    AcquireSRWLockExclusive(&lock);
    count = recorded_handles(handles, sizeof handles / sizeof handles[0]);
    for (size_t i = 0; i < count; i++) {
        u_short port = port_of_dual_listener(handles[i]);
        if (port != 0)
            add_listener(table, capacity, port);
    }
    ReleaseSRWLockExclusive(&lock);
    return NO_ERROR;
}

const rule dual_stack_listed_twice_rule = {
    .next = &next,
    .stands_before = {.GetExtendedTcpTable = rule_GetExtendedTcpTable},
};
