/*
 * LoadLibraryExW refuses the LOAD_LIBRARY_SEARCH flags.
 *
 * Sources: Microsoft, LoadLibraryEx: on Windows 7 the flags require the update KB2533623. Without
 * it the call fails (thpatch/thcrap commit 30c4bca).
 */
#include "../layer.h"

static functions next;

enum {
    SEARCH_FLAGS = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_APPLICATION_DIR |
                   LOAD_LIBRARY_SEARCH_USER_DIRS | LOAD_LIBRARY_SEARCH_SYSTEM32 |
                   LOAD_LIBRARY_SEARCH_DEFAULT_DIRS
};

static HMODULE WINAPI rule_LoadLibraryExW(const WCHAR *name, HANDLE file, DWORD flags)
{
    if (flags & SEARCH_FLAGS) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return next.LoadLibraryExW(name, file, flags);
}

const rule search_flags_rule = {
    .before = WINDOWS_8,
    .next = &next,
    .stands_before = {.LoadLibraryExW = rule_LoadLibraryExW},
};
