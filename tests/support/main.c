/*
 * The program of a suite:
 *   NAME                  runs one test in this process: exit status 0 passed, 1 failed,
 *                         77 skipped, 2 no such test
 *   --together NAME...    runs these in this order, with a line before and after each, until one
 *                         does not pass. What such a test leaves behind must not meet the next:
 *                         the process ends, as it does for NAME (together.sh)
 *   --list                prints the names of all tests
 *   --count N             exit status 0 if the suite has N tests
 */
#include "suite.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>

/* What test_add does with the tests that the files hand it. */
static struct {
    const char *wanted; /* the only test to add; NULL: none */
    bool print;
    unsigned long count;
    bool found;
} request;

/* Check handles these signals by ending the group of the process, which here is that of whoever
 * runs the tests. They end a test, or a child of it, alone. */
static void let_signals_end_the_process(void)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
#ifdef SIGALRM
    signal(SIGALRM, SIG_DFL);
#endif
}

void test_add(Suite *suite, const char *name, const TTest *test)
{
    request.count++;
    if (request.print)
        puts(name);
    if (request.wanted == NULL || strcmp(name, request.wanted) != 0)
        return;
    request.found = true;
    TCase *test_case = tcase_create(name);
    tcase_add_checked_fixture(test_case, let_signals_end_the_process, NULL);
    tcase_add_test(test_case, test);
    suite_add_tcase(suite, test_case);
}

/* The next test must find the process as it would find a new one. */
static void put_back(void)
{
    ps_setdefaulttimeout(PS_NO_TIMEOUT);
    ps_set_interrupt(NULL, NULL);
}

static int run(const char *name)
{
    Suite *suite = suite_create(suite_name);
    SRunner *runner = srunner_create(suite);
    request.wanted = name;
    request.found = false;
    suite_add_all(suite);
    int status = 2;
    if (request.found) {
        srunner_set_fork_status(runner, CK_NOFORK);
        srunner_run_all(runner, CK_NORMAL);
        status = srunner_ntests_failed(runner) == 0 ? 0 : 1;
    } else {
        fprintf(stderr, "%s: no test named %s\n", suite_name, name);
    }
    srunner_free(runner);
    const char *wrong = status == 0 ? suite_after_test() : NULL;
    if (wrong == NULL)
        return status;
    fprintf(stderr, "at the end of the test: %s\n", wrong);
    return 1;
}

static int run_together(char **names)
{
    int status = 0;
    for (; status == 0 && *names != NULL; names++) {
        printf("begin %s\n", *names);
        status = run(*names);
        if (status == 0)
            printf("passed %s\n", *names);
        put_back();
    }
    return status;
}

/* Only counts and prints: no test is wanted. */
static void look_at_all(void)
{
    Suite *suite = suite_create(suite_name);
    SRunner *runner = srunner_create(suite);
    suite_add_all(suite);
    srunner_free(runner);
}

static int check_count(const char *expected)
{
    if (request.count == strtoul(expected, NULL, 10))
        return 0;
    fprintf(stderr,
            "%s: has %lu tests, but the build found %s ADD_TEST_CASE lines: one test a line\n",
            suite_name, request.count, expected);
    return 1;
}

static int usage(void)
{
    fprintf(stderr, "usage: %s NAME | --together NAME... | --list | --count N\n", suite_name);
    return 2;
}

int main(int argc, char **argv)
{
    bool list = argc == 2 && strcmp(argv[1], "--list") == 0;
    bool count = argc == 3 && strcmp(argv[1], "--count") == 0;
    bool together = argc > 2 && strcmp(argv[1], "--together") == 0;
    bool one = argc == 2 && argv[1][0] != '-';
    if (!list && !count && !together && !one)
        return usage();

    /* A test that crashes must not take with it what it has said. */
    setvbuf(stdout, NULL, _IONBF, 0);
    if (together)
        return run_together(argv + 2);
    if (one)
        return run(argv[1]);
    request.print = list;
    look_at_all();
    return count ? check_count(argv[2]) : 0;
}
