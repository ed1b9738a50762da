/*
 * The program of a suite:
 *   NAME           runs one test in this process: exit status 0 passed, 1 failed, 77 skipped, 2 no such test
 *   --list         prints the names of all tests
 *   --count N      exit status 0 if the suite has N tests
 */
#include "suite.h"
#include "test.h"

#include <stdio.h>

/* What test_add does with the tests that the files hand it. */
static struct {
    const char *wanted; /* the only test to add; NULL: none */
    bool print;
    unsigned long count;
    bool found;
} request;

void test_add(Suite *suite, const char *name, const TTest *test)
{
    request.count++;
    if (request.print)
        puts(name);
    if (request.wanted == NULL || strcmp(name, request.wanted) != 0)
        return;
    request.found = true;
    TCase *test_case = tcase_create(name);
    tcase_add_test(test_case, test);
    suite_add_tcase(suite, test_case);
}

static int run(SRunner *runner, const char *name)
{
    if (!request.found) {
        fprintf(stderr, "%s: no test named %s\n", suite_name, name);
        return 2;
    }
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    return srunner_ntests_failed(runner) == 0 ? 0 : 1;
}

static int check_count(const char *expected)
{
    if (request.count == strtoul(expected, NULL, 10))
        return 0;
    fprintf(stderr, "%s: has %lu tests, but the build found %s ADD_TEST_CASE lines: one test a line\n", suite_name,
            request.count, expected);
    return 1;
}

static int usage(void)
{
    fprintf(stderr, "usage: %s NAME | --list | --count N\n", suite_name);
    return 2;
}

int main(int argc, char **argv)
{
    bool list = argc == 2 && strcmp(argv[1], "--list") == 0;
    bool count = argc == 3 && strcmp(argv[1], "--count") == 0;
    bool one = argc == 2 && argv[1][0] != '-';
    if (!list && !count && !one)
        return usage();

    /* A test that crashes must not take with it what it has said. */
    setvbuf(stdout, NULL, _IONBF, 0);
    request.print = list;
    request.wanted = one ? argv[1] : NULL;
    Suite *suite = suite_create(suite_name);
    SRunner *runner = srunner_create(suite);
    suite_add_all(suite);
    int status = 0;
    if (one)
        status = run(runner, argv[1]);
    else if (count)
        status = check_count(argv[2]);
    srunner_free(runner);
    return status;
}
