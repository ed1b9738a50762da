/* The file of results. Each line is written when it is known, so that a run that was ended has left
 * what it had. Results are lines "passed|failed|skipped TEST (WHY)"; everything else begins with
 * '#'. */
#include "windows_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the output of one test. */
enum { LINE_MAX_SIZE = 512, LINES_MAX = 200 };

static const char *const words[] = {"passed", "failed", "skipped"};

static struct {
    HANDLE file;
    size_t tests;
    size_t counts[3];
    int shown; /* how wide the line of progress is */
} results;

/* ---- the console ----------------------------------------------------------------------------- */

static bool has_console(void)
{
    DWORD mode;
    return GetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), &mode);
}

void results_print_path(const wchar_t *path)
{
    char text[4 * PATH_MAX_WIDE] = "";
    DWORD written;
    fputs("    ", stdout);
    fflush(stdout);
    if (has_console()) {
        WriteConsoleW(GetStdHandle(STD_OUTPUT_HANDLE), path, (DWORD)wcslen(path), &written, NULL);
    } else {
        WideCharToMultiByte(CP_UTF8, 0, path, -1, text, sizeof text, NULL, NULL);
        fputs(text, stdout);
    }
    puts("");
}

/* Replaces the line of progress. */
static void show(const char *text)
{
    if (!has_console())
        return;
    printf("\r%-*.78s", results.shown, text);
    fflush(stdout);
    results.shown = (int)strnlen(text, 78);
}

void results_progress(const char *test, size_t ahead)
{
    char text[256];
    size_t done = results.counts[PASSED] + results.counts[FAILED] + results.counts[SKIPPED];
    snprintf(text, sizeof text, "%zu of %zu, %zu failed  %s", done + ahead, results.tests,
             results.counts[FAILED], test);
    show(text);
}

/* ---- the file -------------------------------------------------------------------------------- */

static void write_text(const char *text)
{
    DWORD written;
    WriteFile(results.file, text, (DWORD)strlen(text), &written, NULL);
}

void results_open(const wchar_t *path, size_t tests)
{
    results.tests = tests;
    results.file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    if (results.file != INVALID_HANDLE_VALUE)
        return;
    printf("The file of results cannot be written (error %lu):\n", GetLastError());
    results_print_path(path);
    puts("Copy the directory to where you may write, and start check.cmd there.");
    exit(2);
}

void results_remark(const char *text)
{
    char line[LINE_MAX_SIZE];
    redact(text, line, sizeof line);
    write_text("# ");
    write_text(line);
    write_text("\r\n");
}

/* Whether a line is what Check and main.c print of every test. */
static bool is_usual(const char *line)
{
    static const char *const usual[] = {"begin ", "passed ",
                                        "Running suite(s): ", "100%: Checks: 1, "};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (strncmp(line, usual[i], strlen(usual[i])) == 0)
            return true;
    return *line == '\0';
}

static void write_output(const char *output)
{
    for (size_t lines = 0; *output && lines < LINES_MAX;) {
        char line[LINE_MAX_SIZE];
        size_t length = strcspn(output, "\r\n");
        snprintf(line, sizeof line, "%.*s", (int)length, output);
        output += length + strspn(output + length, "\r\n");
        if (is_usual(line))
            continue;
        memmove(line + 4, line, sizeof line - 4);
        memcpy(line, "    ", 4);
        line[sizeof line - 1] = '\0';
        results_remark(line);
        lines++;
    }
}

void results_add(outcome result, const char *test, const char *reason, const char *output)
{
    char why[LINE_MAX_SIZE], line[2 * LINE_MAX_SIZE];
    redact(reason, why, sizeof why);
    snprintf(line, sizeof line, *why ? "%s %s (%s)" : "%s %s", words[result], test, why);
    results.counts[result]++;
    write_text(line);
    write_text("\r\n");
    if (result != FAILED)
        return;
    write_output(output);
    show("");
    printf("%s%s\n", has_console() ? "\r" : "", line);
}

size_t results_close(void)
{
    char text[128];
    snprintf(text, sizeof text, "%zu passed, %zu failed, %zu skipped", results.counts[PASSED],
             results.counts[FAILED], results.counts[SKIPPED]);
    results_remark(text);
    CloseHandle(results.file);
    show("");
    printf("%s%s\n", has_console() ? "\r" : "", text);
    return results.counts[FAILED];
}
