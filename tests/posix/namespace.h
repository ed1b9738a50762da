/* A network namespace of the test's own: what a test does to interfaces there nobody sees, and
 * it is gone with the test. */
#ifndef TESTS_POSIX_NAMESPACE_H
#define TESTS_POSIX_NAMESPACE_H

#include "test.h"

#include <sched.h>

/* From here on the process, and what it starts, is in a namespace that has nothing but `lo`,
 * which is down. */
static inline void namespace_enter(void)
{
    if (unshare(CLONE_NEWNET) != 0)
        test_skip("this process may make no network namespace");
}

/* Runs a line of shell, "ip link set lo up". */
static inline void namespace_run(const char *command)
{
    int status = system(command);

    ck_assert_msg(status == 0, "%s: status %d", command, status);
}

#endif
