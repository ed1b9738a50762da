/*
 * behavior.dll: the layer for what is not linked with it, DLLs and programs. rcvall/launch.c loads
 * it into an unchanged program before the program begins.
 */
#include "layer.h"

#include <string.h>
#include <tlhelp32.h>

static void replace(ULONG_PTR *slot, ULONG_PTR by)
{
    DWORD before;

    if (VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &before)) {
        *slot = by;
        VirtualProtect(slot, sizeof *slot, before, &before);
    }
}

/* Every slot of the import table, whatever it was imported by: name or ordinal. */
static void patch_module(HMODULE module)
{
    BYTE *base = (BYTE *)module;
    IMAGE_NT_HEADERS *headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    DWORD imports =
        headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;

    if (imports == 0)
        return;
    for (IMAGE_IMPORT_DESCRIPTOR *from = (IMAGE_IMPORT_DESCRIPTOR *)(base + imports);
         from->Name != 0; from++) {
        for (ULONG_PTR *slot = (ULONG_PTR *)(base + from->FirstThunk); *slot != 0; slot++) {
            ULONG_PTR by = (ULONG_PTR)stand_in_of((void (*)(void)) * slot);

            if (by != 0)
                replace(slot, by);
        }
    }
}

/* What Windows' own DLLs call of each other is their business. */
static bool is_of_system(const MODULEENTRY32 *module)
{
    char directory[MAX_PATH];
    UINT length = GetSystemDirectoryA(directory, sizeof directory);

    return length > 0 && _strnicmp(module->szExePath, directory, length) == 0;
}

static void patch_all(HMODULE self)
{
    MODULEENTRY32 module = {.dwSize = sizeof module};
    HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, 0);

    for (BOOL more = Module32First(list, &module); more; more = Module32Next(list, &module)) {
        if (module.hModule != self && !is_of_system(&module))
            patch_module(module.hModule);
    }
    CloseHandle(list);
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        patch_all(self);
    return TRUE;
}
