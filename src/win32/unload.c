#include "config.h"

#include "win32/unload.h"

#include "common/backend.h"

#include <stdlib.h>

static bool is_in_program(void)
{
    static const char here;
    HMODULE module;

    return !GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                   GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                               (const wchar_t *)(uintptr_t)&here, &module) ||
           module == GetModuleHandleW(NULL);
}

/* A DLL's atexit is its own: the C library calls what was given to it when the DLL is unloaded. */
void ps__at_unload(void (*release)(void))
{
    if (!is_in_program())
        (void)atexit(release);
}
