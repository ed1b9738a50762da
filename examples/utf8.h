/*
 * Text in UTF-8 from and to the user, as portsock has it everywhere. Windows passes a program's
 * arguments and the paths of fopen in the ANSI code page, and a console reads what is written to it
 * in another one, so that most letters are lost. What is written to a file or a pipe is UTF-8.
 * On other systems these functions change nothing.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the command line of Windows ------------------------------------------------------------- */

/* The program's name, which has no escapes. Returns what follows it. */
static inline char *utf8_split_program(char *line, char **name)
{
    bool quoted = *line == '"';
    size_t length;

    *name = line + quoted;
    length = strcspn(*name, quoted ? "\"" : " \t");
    line = *name + length;
    if (*line != '\0')
        *line++ = '\0';
    return line + strspn(line, " \t");
}

/* The next argument, unquoted in place, by the rules of Microsoft's "Parsing C command-line
 * arguments": backslashes count only before a quotation mark, where two are one and an odd one
 * makes the mark a letter; two marks within quoted text are one. Returns what follows it. */
static inline char *utf8_split_argument(char *line, char **argument)
{
    char *to = *argument = line;
    bool quoted = false;

    while (*line != '\0' && (quoted || (*line != ' ' && *line != '\t'))) {
        size_t backslashes = strspn(line, "\\");
        bool before_mark = line[backslashes] == '"';
        size_t kept = before_mark ? backslashes / 2 : backslashes;

        memset(to, '\\', kept);
        to += kept;
        line += backslashes;
        if (before_mark && backslashes % 2 == 0 && !(quoted && line[1] == '"')) {
            quoted = !quoted;
            line++;
        } else if (before_mark) {
            line += backslashes % 2 == 0; /* the first of two */
            *to++ = *line++;
        } else if (backslashes == 0) {
            *to++ = *line++;
        }
    }
    if (*line != '\0')
        line++;
    *to = '\0';
    return line + strspn(line, " \t");
}

/* Takes the line apart, in place. `arguments` has space for one more than half its length. */
static inline int utf8_split(char *line, char **arguments)
{
    int count = 1;

    line = utf8_split_program(line, &arguments[0]);
    while (*line != '\0')
        line = utf8_split_argument(line, &arguments[count++]);
    arguments[count] = NULL;
    return count;
}

/* ---- Windows --------------------------------------------------------------------------------- */

#ifdef _WIN32

#include <windows.h>

#include <io.h>

/* Replaces the arguments by those in UTF-8, which stay until the program ends. */
static inline void utf8_arguments(int *count, char ***arguments)
{
    const wchar_t *wide = GetCommandLineW();
    int size = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *line = malloc((size_t)size);
    char **list = malloc(((size_t)size / 2 + 2) * sizeof *list);

    if (!line || !list || WideCharToMultiByte(CP_UTF8, 0, wide, -1, line, size, NULL, NULL) == 0) {
        free(line);
        free(list);
        return;
    }
    *count = utf8_split(line, list);
    *arguments = list;
}

/* Writes text of at most 255 bytes. */
static inline void utf8_print(FILE *to, const char *text, size_t length)
{
    HANDLE console = (HANDLE)_get_osfhandle(_fileno(to));
    wchar_t wide[256];
    DWORD mode, written;
    int units = MultiByteToWideChar(CP_UTF8, 0, text, (int)length, wide, 256);

    if (units == 0 || !GetConsoleMode(console, &mode)) {
        fwrite(text, 1, length, to);
    } else {
        fflush(to);
        WriteConsoleW(console, wide, (DWORD)units, &written, NULL);
    }
}

enum { UTF8_PATH_MAX = 32768 }; /* no path of Windows is longer */

static inline bool utf8_wide(wchar_t *wide, int capacity, const char *text)
{
    return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, capacity) > 0;
}

static inline FILE *utf8_open(const char *path, const char *mode)
{
    wchar_t wide_path[UTF8_PATH_MAX], wide_mode[8];

    if (!utf8_wide(wide_path, UTF8_PATH_MAX, path) || !utf8_wide(wide_mode, 8, mode))
        return NULL;
    return _wfopen(wide_path, wide_mode);
}

static inline int utf8_remove(const char *path)
{
    wchar_t wide_path[UTF8_PATH_MAX];

    return utf8_wide(wide_path, UTF8_PATH_MAX, path) ? _wremove(wide_path) : -1;
}

#else

static inline void utf8_arguments(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
}

static inline void utf8_print(FILE *to, const char *text, size_t length)
{
    fwrite(text, 1, length, to);
}

static inline FILE *utf8_open(const char *path, const char *mode)
{
    return fopen(path, mode);
}

static inline int utf8_remove(const char *path)
{
    return remove(path);
}

#endif

#endif
