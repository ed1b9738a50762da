#include "config.h"

#include "win32/version.h"

#include "common/backend.h"

#include <stdatomic.h>

typedef LONG(WINAPI *rtl_get_version)(RTL_OSVERSIONINFOW *version);

/* Not GetVersionEx, which returns at most the version that the program's manifest names. */
static unsigned long ask_build(void)
{
    HMODULE module = GetModuleHandleW(L"ntdll.dll");
    FARPROC found = module ? GetProcAddress(module, "RtlGetVersion") : NULL;
    RTL_OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};

    if (!found || ((rtl_get_version)(void (*)(void))found)(&version) != 0)
        return 0;
    return version.dwBuildNumber;
}

bool ps__windows_has_build(unsigned long build)
{
    static atomic_ulong known; /* threads that ask at the same time write the same */
    unsigned long own = atomic_load(&known);

    if (own == 0) {
        own = ask_build();
        atomic_store(&known, own);
    }
    return own >= build;
}
