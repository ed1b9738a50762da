/*
 * In a thread that impersonates a client GetAddrInfoExW does not look up in the background: it
 * fails at once, with WSATRY_AGAIN, or WSA_E_CANCELLED on Windows 8 and Server 2012. (8.1 is taken
 * for an 8 here, since there is no profile of that.) Under the profile "impersonation" the thread
 * of main, which runs the tests, impersonates.
 *
 * Source: .NET, NameResolutionPal.Windows.cs, GetAddrInfoAsync; dotnet/runtime, issue 29935.
 */
#include "lookups.h"

#include "../layer.h"

#include <stdlib.h>

static functions next;

static volatile LONG refused;

long lookups_refused_to_clients(void)
{
    return refused;
}

typedef BOOL(WINAPI *begin_function)(int level);
typedef BOOL(WINAPI *end_function)(void);

void impersonate(bool on)
{
    HMODULE module = LoadLibraryA("advapi32.dll");
    FARPROC found = GetProcAddress(module, on ? "ImpersonateSelf" : "RevertToSelf");
    BOOL done;

    if (on)
        done = ((begin_function)(void (*)(void))found)(SecurityImpersonation);
    else
        done = ((end_function)(void (*)(void))found)();
    if (!done)
        abort();
}

static bool is_impersonating(void)
{
    HANDLE token;

    if (!system_functions()->OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return GetLastError() != ERROR_NO_TOKEN;
    system_functions()->CloseHandle(token);
    return true;
}

static INT WSAAPI rule_GetAddrInfoExW(const WCHAR *node, const WCHAR *service, DWORD space,
                                      GUID *provider, const ADDRINFOEXW *hints, ADDRINFOEXW **list,
                                      struct timeval *time, OVERLAPPED *overlapped,
                                      LPLOOKUPSERVICE_COMPLETION_ROUTINE done, HANDLE *handle)
{
    if (overlapped == NULL || !is_impersonating())
        return next.GetAddrInfoExW(node, service, space, provider, hints, list, time, overlapped,
                                   done, handle);
    InterlockedIncrement(&refused);
    return active_profile()->build < WINDOWS_10 ? WSA_E_CANCELLED : WSATRY_AGAIN;
}

const rule lookups_impersonating_rule = {
    .from = WINDOWS_8,
    .next = &next,
    .stands_before = {.GetAddrInfoExW = rule_GetAddrInfoExW},
};

__attribute__((constructor)) static void begin(void)
{
    if (active_profile()->condition == IMPERSONATION)
        impersonate(true);
}
