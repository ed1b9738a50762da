/* What is known about the machine: which Windows it is, and what this process may do. */
#include "windows_check.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A function that not every Windows has. */
static void (*find(const wchar_t *library, const char *name))(void)
{
    HMODULE module = GetModuleHandleW(library);
    return module ? (void (*)(void))GetProcAddress(module, name) : NULL;
}

/* GetVersionEx says what the program's manifest asks for; this is the version itself. */
static OSVERSIONINFOEXW version(void)
{
    typedef LONG(WINAPI * function)(OSVERSIONINFOEXW *);
    OSVERSIONINFOEXW v = {.dwOSVersionInfoSize = sizeof v};
    function get = (function)find(L"ntdll.dll", "RtlGetVersion");
    if (get)
        get(&v);
    return v;
}

/* NULL on Windows itself. */
static const char *wine_version(void)
{
    typedef const char *(CDECL * function)(void);
    function get = (function)find(L"ntdll.dll", "wine_get_version");
    return get ? get() : NULL;
}

static const char *machine_name(USHORT machine)
{
    switch (machine) {
    case IMAGE_FILE_MACHINE_AMD64:
        return "x86_64";
    case 0xaa64: /* IMAGE_FILE_MACHINE_ARM64, which older headers lack */
        return "ARM64";
    case IMAGE_FILE_MACHINE_I386:
        return "x86";
    default:
        return "unknown";
    }
}

/* The processor's own architecture: a program for another one may run on it. */
static const char *processor(void)
{
    typedef BOOL(WINAPI * function)(HANDLE, USHORT *, USHORT *);
    function get = (function)find(L"kernel32.dll", "IsWow64Process2"); /* since Windows 10 1511 */
    USHORT process, native;
    SYSTEM_INFO info;
    if (get && get(GetCurrentProcess(), &process, &native))
        return machine_name(native);
    GetNativeSystemInfo(&info);
    return info.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_AMD64 ? "x86_64" : "x86";
}

void machine_build(char *text, size_t size)
{
    OSVERSIONINFOEXW v = version();
    snprintf(text, size, "%lu.%lu.%lu", v.dwMajorVersion, v.dwMinorVersion, v.dwBuildNumber);
}

void machine_title(char *text, size_t size)
{
    char build[32];
    const char *wine = wine_version();
    machine_build(build, sizeof build);
    if (wine)
        snprintf(text, size, "Wine %s as %s %s", wine, build, processor());
    else
        snprintf(text, size, "Windows %s %s", build, processor());
}

bool machine_elevated(void)
{
    HANDLE token;
    TOKEN_ELEVATION elevation = {0};
    DWORD size;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return false;
    GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &size);
    CloseHandle(token);
    return elevation.TokenIsElevated != 0;
}

/* ---- the registry ---------------------------------------------------------------------------- */

static const char version_key[] = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";

/* Empty where this version of Windows has no such value. */
static void read_text(const char *value, char *text, DWORD size)
{
    text[0] = '\0';
    RegGetValueA(HKEY_LOCAL_MACHINE, version_key, value, RRF_RT_REG_SZ, NULL, text, &size);
}

static DWORD read_number(const char *value)
{
    DWORD number = 0, size = sizeof number;
    RegGetValueA(HKEY_LOCAL_MACHINE, version_key, value, RRF_RT_REG_DWORD, NULL, &number, &size);
    return number;
}

/* "10.0.19045.3324, service pack 0, 22H2, Professional" */
static void describe_build(void)
{
    char text[256], build[32], release[32], edition[64];
    machine_build(build, sizeof build);
    read_text("DisplayVersion", release, sizeof release);
    if (!*release)
        read_text("ReleaseId", release, sizeof release);
    read_text("EditionID", edition, sizeof edition);
    OSVERSIONINFOEXW v = version();
    snprintf(text, sizeof text, "build: %s.%lu, service pack %u, %s, %s%s", build,
             read_number("UBR"), v.wServicePackMajor, *release ? release : "no release name",
             *edition ? edition : "unknown edition",
             v.wProductType == VER_NT_WORKSTATION ? "" : ", a server");
    results_remark(text);
}

void machine_describe(void)
{
    char text[256];
    time_t now = time(NULL);
    describe_build();
    snprintf(text, sizeof text, "processor: %s", processor());
    results_remark(text);
    results_remark(machine_elevated() ? "administrator: yes" : "administrator: no");
    strftime(text, sizeof text, "date: %Y-%m-%d %H:%M UTC", gmtime(&now));
    results_remark(text);
}
