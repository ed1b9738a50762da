#include "config.h"

#include "common/backend.h"
#include "win32/system_function.h"

#include <stdlib.h>

/* The driver, the events and the lists of waits. */
enum { RELEASES_MAX = 3 };

static struct {
    LONG volatile count;
    void (*releases[RELEASES_MAX])(void);
} unloading;

typedef BOOLEAN(NTAPI *in_shutdown_function)(void);

/* Then the other threads have been ended, whatever they held, such as the lock of the heap; the
 * process's end releases everything. */
static bool process_ends(void)
{
    in_shutdown_function ask =
        (in_shutdown_function)ps__find_function(L"ntdll.dll", "RtlDllShutdownInProgress");

    return ask && ask();
}

static void release_all(void)
{
    if (process_ends())
        return;
    for (int i = 0; i < RELEASES_MAX; i++) {
        if (unloading.releases[i])
            unloading.releases[i]();
    }
}

static bool is_in_program(void)
{
    static const char here;
    HMODULE module;

    return !GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                   GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                               (const wchar_t *)(uintptr_t)&here, &module) ||
           module == GetModuleHandleW(NULL);
}

/* A DLL's atexit is its own: the C library calls what was given to it when the DLL is unloaded. In
 * a program's own code there is no need: threads may wait until the process ends. */
void ps__sys_at_unload(void (*release)(void))
{
    LONG place;

    if (is_in_program())
        return;
    place = InterlockedIncrement(&unloading.count) - 1;
    if (place == 0)
        (void)atexit(release_all);
    if (place < RELEASES_MAX)
        unloading.releases[place] = release;
}
