/*
 * The system is of the profile's version: it says so, and has no function that came later.
 *
 * Sources: Microsoft, "Minimum supported client" of each function's page; GetAddrInfoExCancel and
 * GetSystemTimePreciseAsFileTime: Windows 8. IdnToAscii: its page has Normaliz.dll before Windows
 * 8, and kernel32 since then.
 */
#include "../layer.h"

#include <string.h>

static functions next;

static const struct {
    const char *module, *name;
    unsigned since;
} latecomers[] = {
    {"kernel32.dll", "GetSystemTimePreciseAsFileTime", WINDOWS_8},
    {"kernel32.dll", "IdnToAscii", WINDOWS_8},
    {"ntdll.dll", "RtlGetSystemTimePrecise", WINDOWS_8},
    {"ws2_32.dll", "GetAddrInfoExCancel", WINDOWS_8},
    {"ws2_32.dll", "GetAddrInfoExOverlappedResult", WINDOWS_8},
    {"ws2_32.dll", "GetHostNameW", WINDOWS_8},
    {"ws2_32.dll", "ProcessSocketNotifications", WINDOWS_11},
};

static bool is_missing(HMODULE module, const char *name)
{
    for (size_t i = 0; i < sizeof latecomers / sizeof latecomers[0]; i++) {
        if (active_profile()->build < latecomers[i].since &&
            module == next.GetModuleHandleA(latecomers[i].module) &&
            strcmp(name, latecomers[i].name) == 0)
            return true;
    }
    return false;
}

static FARPROC WINAPI rule_GetProcAddress(HMODULE module, const char *name)
{
    if ((ULONG_PTR)name > 0xffff && is_missing(module, name)) {
        SetLastError(ERROR_PROC_NOT_FOUND);
        return NULL;
    }
    return next.GetProcAddress(module, name);
}

static NTSTATUS NTAPI rule_RtlGetVersion(RTL_OSVERSIONINFOW *version)
{
    const profile *p = active_profile();
    NTSTATUS status = next.RtlGetVersion(version);

    version->dwMajorVersion = p->major;
    version->dwMinorVersion = p->minor;
    version->dwBuildNumber = p->build;
    version->szCSDVersion[0] = L'\0';
    if (version->dwOSVersionInfoSize >= sizeof(RTL_OSVERSIONINFOEXW)) {
        RTL_OSVERSIONINFOEXW *more = (RTL_OSVERSIONINFOEXW *)version;
        more->wServicePackMajor = p->build == WINDOWS_7_SP1;
        more->wProductType = p->server ? VER_NT_SERVER : VER_NT_WORKSTATION;
    }
    return status;
}

const rule version_rule = {
    .next = &next,
    .stands_before = {.GetProcAddress = rule_GetProcAddress, .RtlGetVersion = rule_RtlGetVersion},
};
