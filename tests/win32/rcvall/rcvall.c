/*
 * rcvall.dll: an emulation of raw sockets of all of IP, and of SIO_RCVALL, which Wine lacks.
 * Test code: no part of the library, and never needed on Windows.
 *
 * It is loaded into an unchanged program before the program begins (launch.c), and puts the
 * functions of hooks.c and interfaces.c in the place of the system's in the import tables of all
 * that is loaded; and where a program asks GetProcAddress. Packets come from relay.c, which must
 * run in the same network namespace as Wine's server.
 *
 *   PORTSOCK_RCVALL_RELAY             the relay's port
 *   PORTSOCK_RCVALL_NO_ADMINISTRATOR  set: no raw socket can be made, as on Windows without
 *                                     administrator's rights
 *   PORTSOCK_RCVALL_CONDITIONS        a file: conditions.h
 *   PORTSOCK_RCVALL_ALIAS             a name: interfaces.c
 */
#include "hooks.h"

#include <stdbool.h>
#include <string.h>
#include <tlhelp32.h>

static FARPROC(WINAPI *system_get_address)(HMODULE, LPCSTR);

static any_function replacement_of(any_function original)
{
    for (size_t i = 0; i < hook_count; i++) {
        HMODULE module = GetModuleHandleA(hooks[i].module);

        if ((any_function)system_get_address(module, hooks[i].name) == original)
            return hooks[i].replacement;
    }
    return NULL;
}

static FARPROC WINAPI hook_get_address(HMODULE module, LPCSTR name)
{
    FARPROC found = system_get_address(module, name);
    any_function replacement = found != NULL ? replacement_of((any_function)found) : NULL;

    return replacement != NULL ? (FARPROC)replacement : found;
}

static void replace(ULONG_PTR *slot, any_function by)
{
    DWORD before;

    if (VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &before)) {
        *slot = (ULONG_PTR)by;
        VirtualProtect(slot, sizeof *slot, before, &before);
    }
}

static void patch_slot(ULONG_PTR *slot)
{
    any_function imported = (any_function)*slot;
    any_function by = imported == (any_function)system_get_address ? (any_function)hook_get_address
                                                                   : replacement_of(imported);

    if (by != NULL)
        replace(slot, by);
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
        for (ULONG_PTR *slot = (ULONG_PTR *)(base + from->FirstThunk); *slot != 0; slot++)
            patch_slot(slot);
    }
}

/* What a DLL calls of itself, or of the other, is the system's business. */
static bool is_hooked(HMODULE module)
{
    return module == GetModuleHandleA("ws2_32.dll") || module == GetModuleHandleA("iphlpapi.dll");
}

static void patch_all(HMODULE self)
{
    MODULEENTRY32 module = {.dwSize = sizeof module};
    HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, 0);

    for (BOOL more = Module32First(list, &module); more; more = Module32Next(list, &module)) {
        if (module.hModule != self && !is_hooked(module.hModule))
            patch_module(module.hModule);
    }
    CloseHandle(list);
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason != DLL_PROCESS_ATTACH)
        return TRUE;
    system_get_address = GetProcAddress;
    patch_all(self);
    return TRUE;
}
