/* Runs the tests of a group: in one process until one does not pass, then in another. What a
 * process prints is described in tests/support/main.c; results are judged as together.sh does. */
#include "windows_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED_STATUS = 77, COMMAND_MAX = 32768, STARTS_MAX = 3 };

/* The part of "FILE.TEST" that the program knows. */
static const char *name_in_program(const char *test)
{
    const char *point = strrchr(test, '.');
    return point ? point + 1 : test;
}

/* ---- one process ----------------------------------------------------------------------------- */

/* How many lines begin with "begin ": tests that have been started. */
static size_t count_begun(const child *c)
{
    size_t count = 0;
    for (const char *line = c->output; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        count += strncmp(line, "begin ", 6) == 0;
    }
    return count;
}

/* Writes the command that runs tests from `first` on. Tests that do not fit in it are left for
 * the next process. */
static void write_command(const group *g, size_t first, wchar_t command[COMMAND_MAX])
{
    int length = swprintf(command, COMMAND_MAX, L"\"%hs\" --together", g->program);
    for (size_t i = first; i < g->count; i++) {
        const char *name = name_in_program(g->tests[i]);
        if (length < 0 || (size_t)length + strlen(name) + 2 > COMMAND_MAX)
            return;
        length += swprintf(command + length, COMMAND_MAX - (size_t)length, L" %hs", name);
    }
}

/* Waits for the end of the process. A test has its time from its beginning, the first one from
 * that of the process. Returns false if one took longer. */
static bool await_end(child *c, const group *g, size_t first)
{
    size_t begun = 0;
    ULONGLONG since = GetTickCount64();
    while (!child_step(c)) {
        size_t now_begun = count_begun(c);
        if (now_begun != begun) {
            begun = now_begun;
            since = GetTickCount64();
            if (first + begun <= g->count)
                results_progress(g->tests[first + begun - 1], begun);
        }
        if (GetTickCount64() - since > g->seconds * 1000ULL) {
            child_kill(c);
            return false;
        }
    }
    return true;
}

/* ---- what it printed ------------------------------------------------------------------------- */

/* The line "WORD NAME" in `text`; NULL if there is none. */
static char *find_line(char *text, const char *word, const char *name)
{
    size_t word_length = strlen(word), name_length = strlen(name);
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        char *rest = line + word_length;
        if (strncmp(line, word, word_length) == 0 && strncmp(rest, name, name_length) == 0 &&
            strcspn(rest, "\r\n") == name_length)
            return line;
    }
    return NULL;
}

/* Cuts out the line "skipped: WHY", and copies WHY. */
static void read_reason(char *output, char *reason, size_t size)
{
    char *line = strstr(output, "skipped: ");
    reason[0] = '\0';
    if (line)
        snprintf(reason, size, "%.*s", (int)strcspn(line + 9, "\r\n"), line + 9);
}

static void describe_status(DWORD status, bool in_time, unsigned seconds, char *text, size_t size)
{
    if (!in_time)
        snprintf(text, size, "ended after %u s", seconds);
    else
        snprintf(text, size, status > 255 ? "exit status 0x%lx" : "exit status %lu", status);
}

/* What a test printed: from `begin` to the next test's line, which is cut off for it. */
static void report(const char *test, char *begin, bool is_last, DWORD status, const char *ending)
{
    const char *name = name_in_program(test);
    char reason[256];
    bool passed = find_line(begin, "passed ", name);
    if (passed && (!is_last || status == 0)) {
        results_add(PASSED, test, "", "");
    } else if (passed) {
        snprintf(reason, sizeof reason, "passed, and then: %s", ending);
        results_add(FAILED, test, reason, begin);
    } else if (status == SKIPPED_STATUS) {
        read_reason(begin, reason, sizeof reason);
        results_add(SKIPPED, test, reason, "");
    } else {
        results_add(FAILED, test, ending, begin);
    }
}

/* Reports the tests that began, at least one of them. Returns how many. */
static size_t report_begun(const group *g, size_t first, char *output, DWORD status,
                           const char *ending)
{
    size_t count = 0;
    char *begin = find_line(output, "begin ", name_in_program(g->tests[first]));
    if (!begin) {
        /* Something went wrong before the first test: it has to answer for it. */
        results_add(FAILED, g->tests[first], ending, output);
        return 1;
    }
    while (begin) {
        const char *test = g->tests[first + count++];
        char *next = first + count == g->count
                         ? NULL
                         : find_line(begin, "begin ", name_in_program(g->tests[first + count]));
        if (next)
            next[-1] = '\0';
        report(test, begin, !next, status, ending);
        begin = next;
    }
    return count;
}

/* ---- the group ------------------------------------------------------------------------------- */

static size_t cannot_start(const group *g, size_t first, DWORD error)
{
    char reason[64];
    snprintf(reason, sizeof reason, "the program cannot be started: error %lu", error);
    results_add(FAILED, g->tests[first], reason, "");
    return 1;
}

/* A process that ended without a word before its first test may be started again: virus scanners
 * and Wine do that to processes now and then. */
static bool may_start_again(const child *c, bool in_time, int starts, const char *program)
{
    char remark[128];
    if (!in_time || c->size > 0 || starts == STARTS_MAX)
        return false;
    snprintf(remark, sizeof remark, "%s ended before its first test, and is started again",
             program);
    results_remark(remark);
    return true;
}

/* Runs tests from `first` on in one process. Returns how many have got a result. */
static size_t run_process(const group *g, size_t first, const wchar_t *program)
{
    static wchar_t command[COMMAND_MAX];
    char ending[64], nothing[] = "";
    for (int starts = 1;; starts++) {
        child c;
        write_command(g, first, command);
        DWORD error = child_start(&c, program, command);
        if (error != 0)
            return cannot_start(g, first, error);
        bool in_time = await_end(&c, g, first);
        DWORD status = child_status(&c);
        if (may_start_again(&c, in_time, starts, g->program)) {
            child_free(&c);
            continue;
        }
        describe_status(status, in_time, g->seconds, ending, sizeof ending);
        size_t count = report_begun(g, first, c.output ? c.output : nothing, status, ending);
        child_free(&c);
        return count;
    }
}

void run_group(const group *g, const wchar_t *directory)
{
    wchar_t program[PATH_MAX_WIDE];
    swprintf(program, PATH_MAX_WIDE, L"%ls\\%hs.exe", directory, g->program);
    for (size_t next = 0; next < g->count;) {
        results_progress(g->tests[next], 1);
        next += run_process(g, next, program);
    }
}
