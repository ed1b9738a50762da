/*
 * windows_check [--heavy] [PREFIX...]
 *   PREFIX   runs only the tests whose names begin with one of these: "close." or "raw_"
 *   --heavy  the long runs of the tests that are bounded otherwise
 * Runs the tests that tests.txt lists, which is beside it, and writes the file of results into the
 * directory above. Exit status: 0 no test failed, 1 some did, 2 they cannot be run.
 */
#include "windows_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cuts the last name off a path. */
static void go_up(wchar_t *path)
{
    wchar_t *end = wcsrchr(path, L'\\');
    if (end)
        *end = L'\0';
}

/* Where the programs are, and the directory above. */
static void find_directories(wchar_t programs[PATH_MAX_WIDE], wchar_t top[PATH_MAX_WIDE])
{
    DWORD length = GetModuleFileNameW(NULL, programs, PATH_MAX_WIDE);
    if (length == 0 || length >= PATH_MAX_WIDE - 64) {
        puts("The path of this directory is too long.");
        exit(2);
    }
    go_up(programs);
    wcscpy(top, programs);
    go_up(top);
}

/* Tests write their own files where they run, and remove them. A window with an error would wait
 * for an answer. */
static void prepare_system(const wchar_t *programs)
{
    SetCurrentDirectoryW(programs);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED);
}

static void introduce(const test_list *list)
{
    char title[128];
    machine_title(title, sizeof title);
    printf("%zu tests of portsock on %s. They use this machine's loopback only.\n",
           list->test_count, title);
    if (!machine_elevated())
        puts("Not started as administrator: tests of raw sockets will be skipped. To run them, too,"
             "\nclose this window, right-click check.cmd, and choose \"Run as administrator\".");
    puts("");
    fflush(stdout);
}

static void write_head(const test_list *list, char *const *prefixes, int prefix_count)
{
    char text[256];
    machine_title(text, sizeof text);
    results_remark(text);
    machine_describe();
    for (size_t i = 0; i < list->fact_count; i++)
        results_remark(list->facts[i]);
    snprintf(text, sizeof text, "tests: %zu", list->test_count);
    for (int i = 0; i < prefix_count; i++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s %s", i == 0 ? ", only" : "", prefixes[i]);
    }
    results_remark(text);
    results_remark(getenv("PORTSOCK_HEAVY") ? "heavy tests: in full" : "heavy tests: bounded");
}

/* For whoever started this by a double click, and would see the window close. */
static void wait_for_reader(void)
{
    DWORD mode;
    if (!GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &mode))
        return;
    puts("\nPress Enter to close this window.");
    fflush(stdout);
    getchar();
}

static int run(wchar_t *programs, wchar_t *top, char **prefixes, int prefix_count)
{
    wchar_t path[PATH_MAX_WIDE];
    char build[32];
    swprintf(path, PATH_MAX_WIDE, L"%ls\\tests.txt", programs);
    test_list list = read_list(path, prefixes, (size_t)prefix_count);
    if (list.test_count == 0) {
        puts("No test has such a name.");
        return 2;
    }
    machine_build(build, sizeof build);
    swprintf(path, PATH_MAX_WIDE, L"%ls\\portsock-results-%hs.txt", top, build);
    redact_open(top);
    results_open(path, list.test_count);
    introduce(&list);
    write_head(&list, prefixes, prefix_count);
    for (size_t i = 0; i < list.group_count; i++)
        run_group(&list.groups[i], programs);
    size_t failed = results_close();
    puts("\nThe results are in");
    results_print_path(path);
    puts("Please send this file to the person who gave you this check. It has no name of you or of"
         "\nyour computer in it. Developers add it to the table of results:"
         "\n    sh tests/run.sh --add-results FILE");
    return failed > 0;
}

int main(int argc, char **argv)
{
    wchar_t programs[PATH_MAX_WIDE], top[PATH_MAX_WIDE];
    int first = 1;
    atexit(wait_for_reader);
    if (argc > 1 && strcmp(argv[1], "--heavy") == 0) {
        _putenv("PORTSOCK_HEAVY=1");
        first = 2;
    }
    if (argc > first && argv[first][0] == '-') {
        puts("usage: check.cmd [--heavy] [PREFIX...]");
        return 2;
    }
    find_directories(programs, top);
    prepare_system(programs);
    return run(programs, top, argv + first, argc - first);
}
