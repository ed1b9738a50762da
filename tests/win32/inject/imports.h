/* Puts other functions in the place of those that the modules of this process import. */
#ifndef TESTS_WIN32_IMPORTS_H
#define TESTS_WIN32_IMPORTS_H

#include <stdbool.h>
#include <winsock2.h>

#include <windows.h>

#include <tlhelp32.h>

typedef void (*any_function)(void);

/* What takes the place of an imported function; NULL: nothing. */
typedef any_function (*stand_in)(any_function imported);

/* In every module that is loaded, but `self` and those that are left alone. */
void replace_imports(HMODULE self, bool (*is_left_alone)(const MODULEENTRY32 *module),
                     stand_in stand_in_of);

#endif
