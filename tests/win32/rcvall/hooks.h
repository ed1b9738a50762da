/* The functions of ws2_32.dll and iphlpapi.dll that a program is led away from. */
#ifndef RCVALL_HOOKS_H
#define RCVALL_HOOKS_H

#include "../inject/imports.h"

#include <winsock2.h>
#include <ws2tcpip.h>

#include <iphlpapi.h>
#include <netioapi.h>

typedef struct hook {
    const char *module;
    const char *name;
    any_function replacement;
} hook;

extern const hook hooks[];
extern const size_t hook_count;

/* interfaces.c */
DWORD WINAPI hook_GetIfEntry2(MIB_IF_ROW2 *row);
ULONG WINAPI hook_GetAdaptersAddresses(ULONG family, ULONG flags, void *reserved,
                                       IP_ADAPTER_ADDRESSES *adapters, ULONG *size);
NETIO_STATUS WINAPI hook_ConvertInterfaceAliasToLuid(const WCHAR *name, NET_LUID *luid);

#endif
