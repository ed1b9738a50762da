/* Pollers and what only POSIX has: forks, signal handlers, and a process without descriptors. */
#include "config.h"

#include "connection.h"
#include "poller_events.h"
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 15.0

/* A child that hangs ends by SIGALRM. */
enum { CHILD_SECONDS = 20 };

typedef struct scene {
    ps_poller *poller;
    connection c, d;
    ps_cancel *token;
    atomic_bool forked;
    struct rlimit before;
} scene;

/* In place: registered sockets are not moved. */
static void open_scene(scene *s)
{
    atomic_init(&s->forked, false);
    s->c = connected(PATIENCE);
    s->d = connected(PATIENCE);
    ck_assert_ok(ps_poller_open(&s->poller));
    ck_assert_ok(ps_cancel_open(&s->token));
    ck_assert_ok(ps_setcancel(&s->d.here, s->token));
    ck_assert_ok(ps_poller_add(s->poller, &s->c.here, POLLIN, NULL));
    ck_assert_ok(ps_poller_add(s->poller, &s->d.here, POLLIN | PS_POLL_ONESHOT, NULL));
}

static void close_scene(scene *s)
{
    disconnect(&s->c);
    disconnect(&s->d);
    ck_assert_ok(ps_poller_close(s->poller));
    ps_cancel_close(s->token);
}

static void in_child(void (*work)(scene *s), scene *s)
{
    pid_t child = fork();
    int status;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        alarm(CHILD_SECONDS);
        work(s);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child has failed");
}

/* ---- forks ----------------------------------------------------------------------------------- */

static void changes_its_copy(scene *s)
{
    ps_sock more = test_socket(AF_INET, SOCK_DGRAM);

    assert_event(s->poller, &s->c.here, POLLIN);
    ck_assert_ok(ps_poller_modify(s->poller, &s->d.here, 0, NULL));
    ck_assert_ok(ps_poller_add(s->poller, &more, POLLOUT, NULL));
    ck_assert_ok(ps_close(&s->c.here));
    assert_event(s->poller, &more, POLLOUT);
    ck_assert_ok(ps_poller_remove(s->poller, &more));
    ps_cancel_fire(s->token);
    assert_event(s->poller, &s->d.here, POLLERR);
    ck_assert_ok(ps_setcancel(&s->d.here, NULL));
    ps_poller_wake(s->poller);
    assert_event(s->poller, NULL, PS_POLL_WOKEN);
    ck_assert_ok(ps_poller_remove(s->poller, &s->d.here));
    assert_nothing(s->poller);
    ck_assert_ok(ps_poller_close(s->poller));
}

static void only_closes(scene *s)
{
    ck_assert_ok(ps_close(&s->d.here));
    ck_assert_ok(ps_poller_remove(s->poller, &s->c.here));
    ck_assert_ok(ps_poller_close(s->poller));
}

static void only_changes_tokens(scene *s)
{
    ck_assert_ok(ps_setcancel(&s->c.here, s->token));
    ck_assert_ok(ps_setcancel(&s->d.here, NULL));
    ck_assert_ok(ps_close(&s->c.here));
}

/* The parent's poller is as it was. */
static void assert_is_unchanged(scene *s)
{
    assert_event(s->poller, &s->c.here, POLLIN);
    send_byte(&s->d.peer);
    {
        ps_event found[4];

        ck_assert_int_eq(ps_poller_wait(s->poller, found, 4, PATIENCE, NULL), 2);
    }
    assert_event(s->poller, &s->c.here, POLLIN);
}

START_TEST(poller_of_a_child_is_its_own)
{
    static void (*const works[])(scene *) = {changes_its_copy, only_closes, only_changes_tokens};

    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) {
        scene s;

        open_scene(&s);
        send_byte(&s.c.peer);
        in_child(works[i], &s);
        assert_is_unchanged(&s);
        close_scene(&s);
    }
}
END_TEST

/* The lock is not one that the child finds locked. */
static void wait_and_change(void *argument)
{
    scene *s = argument;

    for (int i = 0; !atomic_load(&s->forked); i++) {
        ck_assert_ok(ps_poller_modify(s->poller, &s->c.here, i % 2 ? POLLIN : POLLOUT, NULL));
        ck_assert_ok(ps_poller_setdeadline(s->poller, &s->c.here, ps_monotonic() + 100));
    }
}

static void uses_it(scene *s)
{
    ck_assert_ok(ps_poller_modify(s->poller, &s->c.here, POLLOUT, NULL));
    assert_event(s->poller, &s->c.here, POLLOUT);
}

START_TEST(poller_is_forked_while_others_use_it)
{
    scene s;
    test_thread *thread;

    open_scene(&s);
    thread = test_thread_start(wait_and_change, &s);
    for (int i = 0; i < 20; i++)
        in_child(uses_it, &s);
    atomic_store(&s.forked, true);
    test_thread_join(thread);
    close_scene(&s);
}
END_TEST

/* ---- signals --------------------------------------------------------------------------------- */

static ps_poller *of_handler;

static void wake(int number)
{
    (void)number;
    ps_poller_wake(of_handler);
}

static void be_quiet(int number)
{
    (void)number;
}

static void send_signals(double seconds, void (*handler)(int))
{
    struct itimerval timer = {.it_interval.tv_usec = (suseconds_t)(seconds * 1e6),
                              .it_value.tv_usec = (suseconds_t)(seconds * 1e6)};

    signal(SIGALRM, handler);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void stop_signals(void)
{
    struct itimerval never = {.it_value.tv_sec = 0};

    ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
    signal(SIGALRM, SIG_DFL);
}

START_TEST(poller_is_woken_by_a_signal_handler)
{
    scene s;

    open_scene(&s);
    of_handler = s.poller;
    send_signals(0.002, wake);
    for (int i = 0; i < 50; i++)
        assert_event(s.poller, NULL, PS_POLL_WOKEN);
    stop_signals();
    close_scene(&s);
}
END_TEST

static int refuse(void *times)
{
    return ++*(int *)times > 2;
}

START_TEST(poller_wait_is_interrupted_by_the_hook_only)
{
    scene s;
    double begin = test_clock();
    int times = 0;
    ps_event event;

    open_scene(&s);
    send_signals(0.002, be_quiet);
    ck_assert_int_eq(ps_poller_wait(s.poller, &event, 1, 0.2, NULL), 0);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    ck_assert_int_eq(ps_poller_wait(s.poller, &event, 1, 0.05, s.token), 0);
    ck_assert_ok(ps_set_interrupt(refuse, &times));
    ck_assert_code(ps_poller_wait(s.poller, &event, 1, PATIENCE, NULL), PS_EINTR);
    ck_assert_int_eq(times, 3);
    ck_assert_ok(ps_set_interrupt(NULL, NULL));
    stop_signals();
    close_scene(&s);
}
END_TEST

/* ---- descriptors ----------------------------------------------------------------------------- */

static int first_free(void)
{
    int fd = dup(0);

    ck_assert_int_ge(fd, 0);
    close(fd);
    return fd;
}

START_TEST(poller_without_descriptors)
{
    struct rlimit before, limit;
    bool opened = false;
    int first = first_free();

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    for (int more = 0; !opened && more < 10; more++) {
        ps_poller *p = (ps_poller *)&limit;
        int code;

        limit = before;
        limit.rlim_cur = (rlim_t)(first + more);
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
        code = ps_poller_open(&p);
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
        opened = code == 0;
        if (!opened) {
            ck_assert_code(code, PS_EMFILE);
            ck_assert_ptr_null(p);
        }
        ck_assert_ok(ps_poller_close(p));
        ck_assert_int_eq(first_free(), first);
    }
    ck_assert(opened);
}
END_TEST

static int count_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void limit_descriptors(rlim_t count)
{
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = count;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void wait_for_a_wake(void *argument)
{
    scene *s = argument;

    assert_event(s->poller, NULL, PS_POLL_WOKEN);
}

/* The limit was there when fork had to make another notifier. */
static void has_no_notifier(scene *s)
{
    int first, count, code = PS_EMFILE;
    ps_event event;

    ck_assert_code(ps_poller_wait(s->poller, &event, 1, 0, NULL), PS_EMFILE);
    ck_assert_code(ps_poller_modify(s->poller, &s->c.here, 0, NULL), PS_EMFILE);
    limit_descriptors(s->before.rlim_cur);
    first = first_free();
    count = count_descriptors();
    for (int i = 0; code != 0; i++) {
        limit_descriptors((rlim_t)(first + i / 3));
        code = ps_poller_wait(s->poller, &event, 1, 0, NULL);
        ck_assert(code == 0 || code == PS_EMFILE);
    }
    limit_descriptors(s->before.rlim_cur);
    for (int i = 0; i < 20; i++) {
        test_thread *thread = test_thread_start(wait_for_a_wake, s);

        ps_poller_wake(s->poller);
        test_thread_join(thread);
    }
    send_byte(&s->c.peer);
    assert_event(s->poller, &s->c.here, POLLIN);
    ps_cancel_fire(s->token);
    {
        ps_event found[4];

        ck_assert_int_eq(ps_poller_wait(s->poller, found, 4, PATIENCE, NULL), 2);
    }
    ck_assert_ok(ps_poller_close(s->poller));
    ck_assert_int_le(count_descriptors(), count);
}

START_TEST(poller_of_a_child_without_a_notifier)
{
    scene s;

    open_scene(&s);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &s.before), 0);
    limit_descriptors(3);
    in_child(has_no_notifier, &s);
    limit_descriptors(s.before.rlim_cur);
    close_scene(&s);
}
END_TEST

static void has_no_descriptor(scene *s)
{
    struct rlimit before;
    ps_event event;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit_descriptors(3);
#if PS__HAVE_EPOLL
    ck_assert_code(ps_poller_wait(s->poller, &event, 1, 0, NULL), PS_EMFILE);
    ck_assert_code(ps_poller_modify(s->poller, &s->c.here, 0, NULL), PS_EMFILE);
    ck_assert_code(ps_setcancel(&s->c.here, s->token), PS_ENOMEM);
#endif
    limit_descriptors(before.rlim_cur);
    ck_assert_int_eq(ps_poller_wait(s->poller, &event, 1, 0, NULL), 0);
    send_byte(&s->c.peer);
    assert_event(s->poller, &s->c.here, POLLIN);
}

START_TEST(poller_of_a_child_without_descriptors)
{
    scene s;

    open_scene(&s);
    in_child(has_no_descriptor, &s);
    close_scene(&s);
}
END_TEST

void add_poller_processes_tests(Suite *suite);
void add_poller_processes_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, poller_of_a_child_is_its_own);
    ADD_TEST_CASE(suite, poller_is_forked_while_others_use_it);
    ADD_TEST_CASE(suite, poller_is_woken_by_a_signal_handler);
    ADD_TEST_CASE(suite, poller_wait_is_interrupted_by_the_hook_only);
    ADD_TEST_CASE(suite, poller_without_descriptors);
    ADD_TEST_CASE(suite, poller_of_a_child_without_descriptors);
    ADD_TEST_CASE(suite, poller_of_a_child_without_a_notifier);
}
