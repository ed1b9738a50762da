/* The thread in which a look-up runs that a limit may end: it does the next one, too, and ends when
 * there is none. Linux tells which threads a process has, in /proc. */
#include "config.h"

#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long enough for anything here, on a busy machine, too. */
#define PATIENCE 30.0

/* A child that hangs ends by SIGALRM. */
enum { CHILD_SECONDS = 60 };

static void look_up(void)
{
    ps_addrinfo *list;

    ck_assert_ok(ps_getaddrinfo_within("localhost", "80", AF_INET, SOCK_STREAM, 0, 0, PATIENCE,
                                       NULL, &list));
    ps_freeaddrinfo(list);
}

/* How many entries a directory has, and the largest of them that is a number. */
static int entries_of(const char *path, int *largest)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;
    int count = 0;

    ck_assert_ptr_nonnull(directory);
    *largest = 0;
    while ((entry = readdir(directory))) {
        int number = atoi(entry->d_name);

        count += entry->d_name[0] != '.';
        if (number > *largest)
            *largest = number;
    }
    closedir(directory);
    return count;
}

static int threads(int *last)
{
    return entries_of("/proc/self/task", last);
}

/* How many there are without the library's: a sanitizer has its own, which begins with the first
 * other one. */
static int others;

static void do_nothing(void *nothing)
{
    (void)nothing;
}

static void count_others(void)
{
    int last;

    test_thread_join(test_thread_start(do_nothing, NULL));
    others = threads(&last);
}

static bool is_alone(void)
{
    int last;

    return threads(&last) == others;
}

/* Whether one thread has done five look-ups. It may have ended between two of them, if this one was
 * stopped for seconds. */
static bool one_thread_looks_up(void)
{
    int first, last;

    look_up();
    (void)threads(&first);
    for (int i = 0; i < 4; i++) {
        look_up();
        if (threads(&last) != others + 1 || last != first)
            return false;
    }
    return true;
}

START_TEST(idle_thread_does_the_next_lookup)
{
    bool does = false;

    count_others();
    for (int i = 0; i < 5 && !does; i++)
        does = one_thread_looks_up();
    ck_assert(does);
}
END_TEST

START_TEST(idle_thread_ends)
{
    double end;

    count_others();
    look_up();
    end = ps_monotonic() + PATIENCE;
    while (!is_alone() && ps_monotonic() < end)
        test_sleep(0.05);
    ck_assert(is_alone());
    look_up();
}
END_TEST

/* It has no descriptor. */
START_TEST(idle_thread_keeps_nothing_open)
{
    int before, after, last;

    before = entries_of("/proc/self/fd", &last);
    look_up();
    after = entries_of("/proc/self/fd", &last);
    ck_assert_int_eq(after, before);
}
END_TEST

/* The thread is the parent's: its child starts one. */
START_TEST(idle_thread_is_not_a_childs)
{
    pid_t child;
    int status;

    look_up();
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        alarm(CHILD_SECONDS);
        count_others();
        look_up();
        _exit(one_thread_looks_up() ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    look_up();
}
END_TEST

void add_idle_thread_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, idle_thread_does_the_next_lookup);
    ADD_TEST_CASE(suite, idle_thread_ends);
    ADD_TEST_CASE(suite, idle_thread_keeps_nothing_open);
    ADD_TEST_CASE(suite, idle_thread_is_not_a_childs);
}
