/* Functions of Windows' DLLs that not every version has, or that no library to link has. */
#ifndef PS_SYSTEM_FUNCTION_H
#define PS_SYSTEM_FUNCTION_H

#include "config.h"

#include "portsock.h"

/* To be converted to the function's own type. */
typedef void (*ps__system_function)(void);

/* NULL: the module, or this version of it, has no such function. */
static inline ps__system_function ps__function_of(HMODULE module, const char *name)
{
    return module ? (ps__system_function)GetProcAddress(module, name) : NULL;
}

/* Of a DLL that every program has loaded. */
static inline ps__system_function ps__find_function(const wchar_t *module, const char *name)
{
    return ps__function_of(GetModuleHandleW(module), name);
}

#endif
