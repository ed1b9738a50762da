/* The one file of the program that asks which system it is on. */
#include "sniff.h"

enum { USUAL_ROWS = 24 };

#ifdef _WIN32

#include <io.h>

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#endif

bool terminal_is_there(int *rows)
{
    HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    CONSOLE_SCREEN_BUFFER_INFO screen;
    DWORD mode;

    if (!_isatty(_fileno(stdout)) || !GetConsoleMode(output, &mode))
        return false;
    *rows = USUAL_ROWS;
    if (GetConsoleScreenBufferInfo(output, &screen))
        *rows = screen.srWindow.Bottom - screen.srWindow.Top + 1;
    return SetConsoleMode(output, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

double terminal_clock(void)
{
    LARGE_INTEGER count, frequency;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart / (double)frequency.QuadPart;
}

#else

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

bool terminal_is_there(int *rows)
{
    const char *kind = getenv("TERM");
    struct winsize size;

    if (!isatty(STDOUT_FILENO) || !kind || strcmp(kind, "dumb") == 0)
        return false;
    *rows =
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : USUAL_ROWS;
    return true;
}

double terminal_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#endif
