#include "config.h"

#include "win32/version.h"

#include "win32/system_function.h"

#include <stdatomic.h>

typedef LONG(WINAPI *rtl_get_version)(RTL_OSVERSIONINFOW *version);

/* Not GetVersionEx, which returns at most the version that the program's manifest names. */
static unsigned long ask_build(void)
{
    rtl_get_version ask = (rtl_get_version)ps__find_function(L"ntdll.dll", "RtlGetVersion");
    RTL_OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};

    return ask && ask(&version) == 0 ? version.dwBuildNumber : 0;
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
