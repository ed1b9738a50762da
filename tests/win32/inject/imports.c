#include "imports.h"

static void replace(ULONG_PTR *slot, any_function by)
{
    DWORD before;

    if (VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &before)) {
        *slot = (ULONG_PTR)by;
        VirtualProtect(slot, sizeof *slot, before, &before);
    }
}

/* Every slot of the import table, whatever it was imported by: name or ordinal. */
static void replace_in(HMODULE module, stand_in stand_in_of)
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
            any_function by = stand_in_of((any_function)*slot);

            if (by != NULL)
                replace(slot, by);
        }
    }
}

void replace_imports(HMODULE self, bool (*is_left_alone)(const MODULEENTRY32 *module),
                     stand_in stand_in_of)
{
    MODULEENTRY32 module = {.dwSize = sizeof module};
    HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, 0);

    for (BOOL more = Module32First(list, &module); more; more = Module32Next(list, &module)) {
        if (module.hModule != self && !is_left_alone(&module))
            replace_in(module.hModule, stand_in_of);
    }
    CloseHandle(list);
}
