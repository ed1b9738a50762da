/*
 * windows_check runs the tests of this library on a Windows that has no compiler and no shell, and
 * writes one file of results (README.txt is for the person who starts it).
 */
#ifndef TESTS_WIN32_CHECK_WINDOWS_CHECK_H
#define TESTS_WIN32_CHECK_WINDOWS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

enum { PATH_MAX_WIDE = 1024 };

/* ---- list.c: which tests there are ----------------------------------------------------------- */

/* Tests that one process may run one after the other. A test is named FILE.TEST, as in ctest. */
typedef struct group {
    const char *program;
    unsigned seconds; /* that each test may take */
    const char **tests;
    size_t count;
} group;

typedef struct test_list {
    char *text; /* what the strings below are parts of */
    const char **facts;
    size_t fact_count; /* lines about the build, which begin with '#' */
    group *groups;
    size_t group_count;
    size_t test_count;
} test_list;

/* Reads the list that the build made, and keeps the tests whose names begin with one of `prefixes`;
 * without prefixes all. Exits when there is no list. */
test_list read_list(const wchar_t *path, char *const *prefixes, size_t prefix_count);

/* ---- child.c: a program with a time limit ---------------------------------------------------- */

typedef struct child {
    HANDLE process;
    HANDLE job; /* ends with it whatever the program has started */
    HANDLE pipe;
    char *output; /* ends with a zero byte */
    size_t size;
    size_t capacity;
} child;

/* Starts a program with its output into the child. Returns 0 or the error of Windows. */
DWORD child_start(child *c, const wchar_t *program, wchar_t *command_line);

/* Waits a moment, and reads what the program has printed. Returns whether the program has ended. */
bool child_step(child *c);

void child_kill(child *c);

/* Returns the exit status of a program that has ended. */
DWORD child_status(child *c);

/* Ends what the program left running, and frees everything. */
void child_free(child *c);

/* ---- group.c --------------------------------------------------------------------------------- */

/* Runs the tests of a group, and reports each of them to results.c. */
void run_group(const group *g, const wchar_t *directory);

/* ---- results.c: the file, and the line of progress ------------------------------------------- */

typedef enum outcome { PASSED, FAILED, SKIPPED } outcome;

/* Creates the file; exits when that fails. `tests` is how many results there will be. */
void results_open(const wchar_t *path, size_t tests);

/* A line of the file that is no result. */
void results_remark(const char *text);

/* Prints a path, which the console may show in any script. */
void results_print_path(const wchar_t *path);

/* Shows which test runs: the one that is `ahead` of those that have a result. */
void results_progress(const char *test, size_t ahead);

/* A result; `reason` is why a test was skipped or failed, `output` what a failed one printed. */
void results_add(outcome result, const char *test, const char *reason, const char *output);

/* Writes and prints the counts. Returns how many tests failed. */
size_t results_close(void);

/* ---- redact.c: what does not go into the file ------------------------------------------------ */

/* Collects the names of the user, of the computer and of their directories. */
void redact_open(const wchar_t *directory);

/* Copies a line without them, and without bytes that are not printable ASCII. */
void redact(const char *line, char *to, size_t size);

/* ---- machine.c ------------------------------------------------------------------------------- */

/* "10.0.19045", and what identifies the system in the table of results: "Windows 10.0.19045
 * x86_64". */
void machine_build(char *text, size_t size);
void machine_title(char *text, size_t size);

/* Whether this process has the rights of an administrator, and not only its user. */
bool machine_elevated(void);

/* Writes what is known about the machine into the file of results. */
void machine_describe(void);

#endif
