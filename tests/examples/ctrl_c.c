/*
 * Runs a program in a console of its own, and presses Ctrl-C there when standard input ends:
 *   ctrl_c PROGRAM ARGUMENT...
 * The exit status is the program's. Without a terminal, Wine has no other way to press it.
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

/* The program may not have begun to use its console when it is to be interrupted. */
static BOOL press_ctrl_c(DWORD pid)
{
    FreeConsole();
    for (int tries = 0; tries < 500 && !AttachConsole(pid); tries++)
        Sleep(20);
    return SetConsoleCtrlHandler(NULL, TRUE) && GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
}

/* Every argument in quotes; none of those of the tests has a quote or ends with a backslash. */
static int write_line(int argc, char **argv, char *line, size_t n)
{
    size_t length = 0;

    for (int i = 1; i < argc; i++) {
        int written = snprintf(line + length, n - length, "\"%s\" ", argv[i]);

        if (written < 0 || (size_t)written >= n - length)
            return -1;
        length += (size_t)written;
    }
    return 0;
}

static BOOL start(char *line, PROCESS_INFORMATION *process)
{
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    DWORD flags = CREATE_NO_WINDOW; /* a console that is not seen */

    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    return CreateProcessA(NULL, line, NULL, NULL, TRUE, flags, NULL, NULL, &startup, process);
}

int main(int argc, char **argv)
{
    PROCESS_INFORMATION process;
    char line[4096];
    DWORD status = 1;

    if (argc < 2 || write_line(argc, argv, line, sizeof line) != 0)
        return 2;
    if (!start(line, &process)) {
        fprintf(stderr, "%s does not start: %lu\n", line, (unsigned long)GetLastError());
        return 2;
    }
    while (getchar() != EOF)
        ;
    if (!press_ctrl_c(process.dwProcessId))
        fprintf(stderr, "Ctrl-C cannot be pressed: %lu\n", (unsigned long)GetLastError());
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return (int)status;
}
