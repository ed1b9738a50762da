/*
 * The list of listeners is as long as the machine has listeners, and it may have become longer than
 * the last call said: ERROR_INSUFFICIENT_BUFFER, and the size. A test makes it long
 * (many_listeners.h).
 *
 * Source: Microsoft, GetExtendedTcpTable.
 */
#include "many_listeners.h"

#include "../layer.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static functions next;

static volatile LONG more, last_port, calls;

void add_listeners(int count, int port)
{
    InterlockedExchange(&last_port, htons((u_short)port));
    InterlockedExchange(&more, count);
}

static void put_listener(MIB_TCPTABLE *table, DWORD host, DWORD port)
{
    MIB_TCPROW *row = &table->table[table->dwNumEntries++];

    memset(row, 0, sizeof *row);
    row->dwState = MIB_TCP_STATE_LISTEN;
    row->dwLocalAddr = host;
    row->dwLocalPort = port;
}

/* The list as it is, with space for `count` rows more. */
static MIB_TCPTABLE *read_list(DWORD count)
{
    DWORD size = 1 << 20;
    MIB_TCPTABLE *list = calloc(1, size + count * sizeof list->table[0]);

    if (list == NULL || next.GetExtendedTcpTable(list, &size, FALSE, AF_INET,
                                                 TCP_TABLE_BASIC_LISTENER, 0) != NO_ERROR)
        abort();
    return list;
}

/* Every other time the list has grown by one since the size was asked for. */
static DWORD answer(const MIB_TCPTABLE *list, void *table, DWORD *size)
{
    DWORD needed =
        (DWORD)(offsetof(MIB_TCPTABLE, table) + list->dwNumEntries * sizeof list->table[0]);

    if (*size < needed || InterlockedIncrement(&calls) % 2 == 1) {
        *size = needed + sizeof list->table[0];
        return ERROR_INSUFFICIENT_BUFFER;
    }
    memcpy(table, list, needed);
    return NO_ERROR;
}

static DWORD WINAPI rule_GetExtendedTcpTable(void *table, DWORD *size, BOOL sorted, ULONG family,
                                             TCP_TABLE_CLASS what, ULONG reserved)
{
    LONG count = InterlockedCompareExchange(&more, 0, 0);
    LONG port = InterlockedCompareExchange(&last_port, 0, 0);
    MIB_TCPTABLE *list;
    DWORD error;

    if (count == 0 || family != AF_INET || what != TCP_TABLE_BASIC_LISTENER)
        return next.GetExtendedTcpTable(table, size, sorted, family, what, reserved);
    list = read_list((DWORD)count + 1);
    for (LONG i = 0; i < count; i++)
        put_listener(list, htonl(0xc0000201), htons(1));
    if (port != 0)
        put_listener(list, INADDR_ANY, (DWORD)port);
    error = answer(list, table, size);
    free(list);
    return error;
}

const rule many_listeners_rule = {
    .next = &next,
    .stands_before = {.GetExtendedTcpTable = rule_GetExtendedTcpTable},
};
