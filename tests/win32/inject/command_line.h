#ifndef TESTS_WIN32_COMMAND_LINE_H
#define TESTS_WIN32_COMMAND_LINE_H

#include <wchar.h>
#include <windows.h>

/* The command line without its first word, as it was written: what a program that starts another
 * one passes on. */
static inline wchar_t *rest_of_command_line(void)
{
    wchar_t *p = GetCommandLineW();
    BOOL quoted = FALSE;

    for (; *p != L'\0' && (quoted || (*p != L' ' && *p != L'\t')); p++) {
        if (*p == L'"')
            quoted = !quoted;
    }
    return p + wcsspn(p, L" \t");
}

#endif
