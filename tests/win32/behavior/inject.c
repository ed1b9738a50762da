/*
 * behavior.dll: the layer for what is not linked with it, DLLs and programs. ../inject/launch.c
 * loads it into an unchanged program before the program begins.
 */
#include "../inject/imports.h"
#include "layer.h"

#include <string.h>

/* What Windows' own DLLs call of each other is their business. */
static bool is_of_system(const MODULEENTRY32 *module)
{
    char directory[MAX_PATH];
    UINT length = GetSystemDirectoryA(directory, sizeof directory);

    return length > 0 && _strnicmp(module->szExePath, directory, length) == 0;
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        replace_imports(self, is_of_system, stand_in_of);
    return TRUE;
}
