/*
 * Runs a program in a console of its own, which nobody sees, and writes in UTF-8 what is on its
 * screen when the program has ended:
 *   screen PROGRAM ARGUMENT...
 * The exit status is the program's; 125: it could not be started.
 */
#include "inject/command_line.h"

#include <stdio.h>
#include <stdlib.h>

enum { CANNOT = 125 };

/* Set in the process that has the console. */
static const wchar_t in_console[] = L"PORTSOCK_SCREEN";

static int complain(const char *what)
{
    fprintf(stderr, "screen: %s: error %lu\n", what, GetLastError());
    return CANNOT;
}

static int run(wchar_t *line, DWORD flags, STARTUPINFOW *start)
{
    PROCESS_INFORMATION process;
    DWORD status = CANNOT;

    start->cb = sizeof *start;
    start->dwFlags = STARTF_USESTDHANDLES;
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, flags, NULL, NULL, start, &process))
        return complain("CreateProcessW");
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return (int)status;
}

/* ---- outside --------------------------------------------------------------------------------- */

static int run_in_console(void)
{
    STARTUPINFOW start = {.hStdInput = GetStdHandle(STD_INPUT_HANDLE),
                          .hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE),
                          .hStdError = GetStdHandle(STD_ERROR_HANDLE)};
    wchar_t line[4096];

    swprintf(line, sizeof line / sizeof line[0], L"%ls", GetCommandLineW());
    SetEnvironmentVariableW(in_console, L"1");
    return run(line, CREATE_NO_WINDOW, &start);
}

/* ---- inside ---------------------------------------------------------------------------------- */

static void write_utf8(const wchar_t *text, int units)
{
    char bytes[4096];
    int length = WideCharToMultiByte(CP_UTF8, 0, text, units, bytes, sizeof bytes - 1, NULL, NULL);

    bytes[length] = '\n';
    fwrite(bytes, 1, (size_t)length + 1, stdout);
}

/* Every row down to the cursor, without the spaces at its end. */
static BOOL write_screen(HANDLE screen)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    wchar_t row[1024];
    COORD at = {0, 0};

    if (!GetConsoleScreenBufferInfo(screen, &info))
        return FALSE;
    for (; at.Y <= info.dwCursorPosition.Y; at.Y++) {
        DWORD units;

        if (!ReadConsoleOutputCharacterW(
                screen, row, 1024 < info.dwSize.X ? 1024u : (DWORD)info.dwSize.X, at, &units))
            return FALSE;
        while (units > 0 && row[units - 1] == L' ')
            units--;
        write_utf8(row, (int)units);
    }
    return TRUE;
}

static int run_on_screen(void)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    HANDLE screen =
        CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                    &inherited, OPEN_EXISTING, 0, NULL);
    STARTUPINFOW start = {
        .hStdInput = GetStdHandle(STD_INPUT_HANDLE), .hStdOutput = screen, .hStdError = screen};
    int status;

    if (screen == INVALID_HANDLE_VALUE)
        return complain("CONOUT$");
    status = run(rest_of_command_line(), 0, &start);
    return write_screen(screen) ? status : complain("the screen");
}

int main(void)
{
    return GetEnvironmentVariableW(in_console, NULL, 0) > 0 ? run_on_screen() : run_in_console();
}
