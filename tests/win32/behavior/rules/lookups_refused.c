/*
 * Before Windows 8 GetAddrInfoExW does not look up in the background: its parameters for that are
 * reserved, and it returns WSAEINVAL if one of them is not NULL.
 *
 * Source: Microsoft, GetAddrInfoExW.
 */
#include "lookups.h"

#include "../layer.h"

static functions next;

static volatile LONG refused;

long lookups_refused_by_version(void)
{
    return refused;
}

static INT WSAAPI rule_GetAddrInfoExW(const WCHAR *node, const WCHAR *service, DWORD space,
                                      GUID *provider, const ADDRINFOEXW *hints, ADDRINFOEXW **list,
                                      struct timeval *time, OVERLAPPED *overlapped,
                                      LPLOOKUPSERVICE_COMPLETION_ROUTINE done, HANDLE *handle)
{
    if (time == NULL && overlapped == NULL && done == NULL && handle == NULL)
        return next.GetAddrInfoExW(node, service, space, provider, hints, list, NULL, NULL, NULL,
                                   NULL);
    InterlockedIncrement(&refused);
    return WSAEINVAL;
}

const rule lookups_refused_rule = {
    .before = WINDOWS_8,
    .next = &next,
    .stands_before = {.GetAddrInfoExW = rule_GetAddrInfoExW},
};
