/*
 * rcvall.dll: an emulation of raw sockets of all of IP, and of SIO_RCVALL, which Wine lacks.
 * Test code: no part of the library, and never needed on Windows.
 *
 * It is loaded into an unchanged program before the program begins (../inject/launch.c), and puts
 * the functions of hooks.c and interfaces.c in the place of the system's in the import tables of
 * all that is loaded; and where a program asks GetProcAddress. Packets come from relay.c, which
 * must run in the same network namespace as Wine's server.
 *
 *   PORTSOCK_RCVALL_RELAY             the relay's port
 *   PORTSOCK_RCVALL_NO_ADMINISTRATOR  set: no raw socket can be made, as on Windows without
 *                                     administrator's rights
 *   PORTSOCK_RCVALL_CONDITIONS        a file: conditions.h
 *   PORTSOCK_RCVALL_ALIAS             a name: interfaces.c
 */
#include "hooks.h"

#include <string.h>

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

static any_function stand_in_for(any_function imported)
{
    return imported == (any_function)system_get_address ? (any_function)hook_get_address
                                                        : replacement_of(imported);
}

/* What a DLL calls of itself, or of the other, is the system's business. */
static bool is_hooked(const MODULEENTRY32 *module)
{
    return module->hModule == GetModuleHandleA("ws2_32.dll") ||
           module->hModule == GetModuleHandleA("iphlpapi.dll");
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason != DLL_PROCESS_ATTACH)
        return TRUE;
    system_get_address = GetProcAddress;
    replace_imports(self, is_hooked, stand_in_for);
    return TRUE;
}
