/*
 * The functions of iphlpapi.dll that a program is led away from: what becomes of its interface, and
 * a name for people with letters that no code page has together.
 *
 *   PORTSOCK_RCVALL_ALIAS   the name of every interface but loopback
 */
#include "hooks.h"

#include "conditions.h"

#include <iphlpapi.h>
#include <netioapi.h>
#include <stdlib.h>
#include <wchar.h>

static const wchar_t *alias(void)
{
    static wchar_t name[NDIS_IF_MAX_STRING_SIZE + 1];
    DWORD length = GetEnvironmentVariableW(L"PORTSOCK_RCVALL_ALIAS", name, NDIS_IF_MAX_STRING_SIZE);

    return length > 0 ? name : NULL;
}

DWORD WINAPI hook_GetIfEntry2(MIB_IF_ROW2 *row)
{
    DWORD error = is_condition(INTERFACE_REMOVED) ? ERROR_FILE_NOT_FOUND : GetIfEntry2(row);

    if (error == NO_ERROR && is_condition(INTERFACE_OFF))
        row->AdminStatus = NET_IF_ADMIN_STATUS_DOWN;
    if (error == NO_ERROR && is_condition(INTERFACE_NOT_PRESENT))
        row->OperStatus = IfOperStatusNotPresent;
    return error;
}

ULONG WINAPI hook_GetAdaptersAddresses(ULONG family, ULONG flags, void *reserved,
                                       IP_ADAPTER_ADDRESSES *adapters, ULONG *size)
{
    ULONG error = GetAdaptersAddresses(family, flags, reserved, adapters, size);
    wchar_t *name = (wchar_t *)alias();

    if (error != NO_ERROR || name == NULL)
        return error;
    for (IP_ADAPTER_ADDRESSES *a = adapters; a != NULL; a = a->Next) {
        if (a->IfType != IF_TYPE_SOFTWARE_LOOPBACK)
            a->FriendlyName = name;
    }
    return error;
}

/* The first that is not loopback. */
static bool find_renamed(NET_LUID *luid)
{
    MIB_IF_TABLE2 *table;
    bool found = false;

    if (GetIfTable2(&table) != NO_ERROR)
        return false;
    for (ULONG i = 0; i < table->NumEntries && !found; i++) {
        found = table->Table[i].Type != IF_TYPE_SOFTWARE_LOOPBACK;
        if (found)
            *luid = table->Table[i].InterfaceLuid;
    }
    FreeMibTable(table);
    return found;
}

NETIO_STATUS WINAPI hook_ConvertInterfaceAliasToLuid(const WCHAR *name, NET_LUID *luid)
{
    const wchar_t *wanted = alias();

    if (wanted != NULL && wcscmp(name, wanted) == 0)
        return find_renamed(luid) ? NO_ERROR : ERROR_INVALID_PARAMETER;
    return ConvertInterfaceAliasToLuid(name, luid);
}
