/* Sending files, and signals: SIGPIPE never comes from it, and what comes from elsewhere is not
 * lost. */
#include "connection.h"
#include "file_sending.h"
#include "long_text.h"
#include "native_file.h"
#include "storm.h"
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 15.0

static const double modes[] = {PS_NO_TIMEOUT, PATIENCE, 0};
enum { MODES = sizeof modes / sizeof modes[0], WAITING_MODES = 2 };

/* ---- helpers --------------------------------------------------------------------------------- */

static atomic_int signals;

static void on_sigpipe(int number)
{
    (void)number;
    signals++;
}

static void set_handler(void (*handler)(int number))
{
    struct sigaction action = {.sa_handler = handler};

    signals = 0;
    ck_assert_int_eq(sigemptyset(&action.sa_mask), 0);
    ck_assert_int_eq(sigaction(SIGPIPE, &action, NULL), 0);
}

static void set_blocked(bool on)
{
    sigset_t set;

    ck_assert_int_eq(sigemptyset(&set), 0);
    ck_assert_int_eq(sigaddset(&set, SIGPIPE), 0);
    ck_assert_int_eq(pthread_sigmask(on ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL), 0);
}

static bool is_blocked(void)
{
    sigset_t set;

    ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, NULL, &set), 0);
    return sigismember(&set, SIGPIPE);
}

static bool is_pending(void)
{
    sigset_t set;

    ck_assert_int_eq(sigpending(&set), 0);
    return sigismember(&set, SIGPIPE);
}

/* A send that raises SIGPIPE, in each mode. */
static void send_in_vain(const native_file *f)
{
    for (int mode = 0; mode < MODES; mode++) {
        connection c = connected(modes[mode]);
        uint64_t sent = 99;
        ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
        ck_assert_code(ps_sendfile(&c.here, f->file, 0, SMALL, &sent), PS_EPIPE);
        ck_assert_uint_eq(sent, 0);
        disconnect(&c);
    }
}

/* What sendfile itself would do there: the tests are about something. */
static bool raises_by_itself(void)
{
    connection c = connected(0);
    bool raised;

    set_blocked(true);
    ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
    ck_assert_int_eq(write(ps_fileno(&c.here), "x", 1), -1);
    raised = is_pending();
    if (raised) {
        sigset_t set;
        int number;
        ck_assert_int_eq(sigemptyset(&set), 0);
        ck_assert_int_eq(sigaddset(&set, SIGPIPE), 0);
        ck_assert_int_eq(sigwait(&set, &number), 0);
    }
    set_blocked(false);
    disconnect(&c);
    return raised;
}

/* ---- SIGPIPE --------------------------------------------------------------------------------- */

START_TEST(sendfile_raises_no_signal)
{
    native_file f = native_file_make(0, SMALL, 0);

    ck_assert(raises_by_itself());
    set_handler(SIG_DFL);
    send_in_vain(&f);
    set_handler(on_sigpipe);
    send_in_vain(&f);
    ck_assert_int_eq(signals, 0);
    ck_assert(!is_blocked());
    ck_assert(!is_pending());
    set_handler(SIG_IGN);
    send_in_vain(&f);
    ck_assert(!is_blocked());
    native_file_close(&f);
}
END_TEST

/* The program has blocked it: it stays blocked, and what is pending is as before. */
START_TEST(sendfile_leaves_a_blocked_signal_alone)
{
    native_file f = native_file_make(0, SMALL, 0);

    for (int handled = 0; handled < 2; handled++) {
        set_handler(handled ? on_sigpipe : SIG_DFL);
        set_blocked(true);
        send_in_vain(&f);
        ck_assert(is_blocked());
        ck_assert(!is_pending());
        set_blocked(false);
    }
    /* One that is pending already stays, of the thread and of the process. */
    for (int of_process = 0; of_process < 2; of_process++) {
        set_handler(on_sigpipe);
        set_blocked(true);
        ck_assert_int_eq(
            of_process ? kill(getpid(), SIGPIPE) : pthread_kill(pthread_self(), SIGPIPE), 0);
        ck_assert(is_pending());
        send_in_vain(&f);
        ck_assert(is_pending());
        ck_assert_int_eq(signals, 0);
        set_blocked(false);
        ck_assert_int_eq(signals, 1);
        ck_assert(!is_pending());
    }
    native_file_close(&f);
}
END_TEST

typedef struct raiser {
    atomic_bool stop;
    int raised;
} raiser;

static void raise_often(void *argument)
{
    raiser *r = argument;

    set_blocked(true);
    while (!r->stop) {
        int before = signals;
        ck_assert_int_eq(kill(getpid(), SIGPIPE), 0);
        r->raised++;
        while (signals == before) /* or two become one */
            test_sleep(0.0001);
    }
}

/* One for the process that comes meanwhile is delivered. */
START_TEST(sendfile_loses_no_signal_of_others)
{
    native_file f = native_file_make(0, SMALL, 0);
    raiser r = {.stop = false};
    test_thread *thread;

    set_handler(on_sigpipe);
    thread = test_thread_start(raise_often, &r);
    while (signals < 100)
        send_in_vain(&f);
    r.stop = true;
    test_thread_join(thread);
    ck_assert_int_eq(signals, r.raised);
    native_file_close(&f);
}
END_TEST

/* Sends a file to its end, which the system reaches with less than it was asked for. */
typedef struct whole_sending {
    connection *c;
    const native_file *f;
    bool blocked;
    _Atomic(pthread_t) thread;
    uint64_t sent;
    int code;
    bool pending; /* behind it, where the thread has the signal blocked */
} whole_sending;

static void send_whole_file(void *argument)
{
    whole_sending *s = argument;

    s->thread = pthread_self();
    set_blocked(s->blocked);
    s->code = ps_sendfile(&s->c->here, s->f->file, 0, PS_TO_END_OF_FILE, &s->sent);
    s->pending = is_pending();
    set_blocked(false);
}

static void send_from_another_process(void)
{
    pid_t parent = getpid();
    pid_t child = fork();
    int status;

    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(kill(parent, SIGPIPE) == 0 ? 0 : 1);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

enum { OF_ANOTHER_PROCESS, OF_THIS_PROCESS, OF_A_THREAD, QUEUED, SENDERS };

static void send_signal(int sender, pthread_t thread)
{
    switch (sender) {
    case OF_ANOTHER_PROCESS:
        send_from_another_process();
        break;
    case OF_THIS_PROCESS:
        ck_assert_int_eq(kill(getpid(), SIGPIPE), 0);
        break;
    case OF_A_THREAD:
        ck_assert_int_eq(pthread_kill(thread, SIGPIPE), 0);
        break;
    default:
        ck_assert_int_eq(sigqueue(getpid(), SIGPIPE, (union sigval){.sival_int = 1}), 0);
        break;
    }
}

/* A signal that comes while the system sends, and has nothing to do with it. Here it is blocked, so
 * that it is for the thread that sends. */
static void signal_while_sending(const native_file *f, int sender, bool blocked, bool broken)
{
    connection c = small_connection(PS_NO_TIMEOUT);
    whole_sending s = {.c = &c, .f = f, .blocked = blocked};
    reader r = reader_of(&c.peer, 0);
    test_thread *thread, *reading = NULL;

    set_handler(on_sigpipe);
    set_blocked(true);
    thread = test_thread_start(send_whole_file, &s);
    await_readable(&c.peer);
    send_signal(sender, s.thread);
    if (broken)
        ck_assert_ok(ps_shutdown(&c.here, SHUT_RDWR));
    else
        reading = test_thread_start(read_to_the_end, &r);
    test_thread_join(thread);
    if (!broken) {
        ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
        test_thread_join(reading);
        assert_read(&r, LARGE);
    }
    ck_assert_code(s.code, broken ? PS_EPIPE : 0);
    ck_assert(s.pending == blocked);
    ck_assert_int_eq(signals, 1);
    ck_assert(!is_pending());
    set_blocked(false);
    disconnect(&c);
}

START_TEST(sendfile_keeps_signals_that_come_meanwhile)
{
    native_file f = native_file_make(0, LARGE, 0);

    for (int sender = 0; sender < SENDERS; sender++) {
        for (int blocked = 0; blocked < 2; blocked++) {
            signal_while_sending(&f, sender, blocked, false);
            signal_while_sending(&f, sender, blocked, true);
        }
    }
    native_file_close(&f);
}
END_TEST

/* The system has sent a part and raises the signal behind it. */
START_TEST(sendfile_raises_no_signal_behind_a_part)
{
    native_file f = native_file_make(0, LARGE, 0);

    set_handler(SIG_DFL);
    for (int mode = 0; mode < WAITING_MODES; mode++) {
        connection c = small_connection(modes[mode]);
        sending s = {.c = &c, .f = &f};
        test_thread *thread = test_thread_start(send_file, &s);
        await_readable(&c.peer);
        test_sleep(0.2);
        ck_assert_ok(ps_shutdown(&c.here, SHUT_RDWR));
        test_thread_join(thread);
        ck_assert_code(s.code, PS_EPIPE);
        ck_assert_uint_gt(s.sent, 0);
        ck_assert_uint_lt(s.sent, LARGE);
        disconnect(&c);
    }
    native_file_close(&f);
}
END_TEST

/* While it waits in the library, a signal is delivered at once. */
START_TEST(sendfile_waits_with_the_programs_signals)
{
    native_file f = native_file_make(0, LARGE, 0);
    connection c = small_connection(PATIENCE);
    sending s = {.c = &c, .f = &f};
    test_thread *thread;
    double end = test_clock() + PATIENCE;

    set_handler(on_sigpipe);
    thread = test_thread_start(send_file, &s);
    set_blocked(true); /* in this thread: it is for the other one */
    while (signals == 0 && test_clock() < end) {
        test_sleep(0.01);
        ck_assert_int_eq(kill(getpid(), SIGPIPE), 0);
    }
    ck_assert_int_gt(signals, 0);
    ck_assert_ok(ps_close(&c.here));
    test_thread_join(thread);
    set_blocked(false);
    ck_assert_code(s.code, PS_EBADF);
    test_close(&c.peer);
    native_file_close(&f);
}
END_TEST

/* ---- other signals --------------------------------------------------------------------------- */

START_TEST(sendfile_goes_on_in_a_storm)
{
    native_file f = native_file_make(0, LARGE, 0);

    for (int mode = 0; mode < WAITING_MODES; mode++) {
        connection c = small_connection(modes[mode]);
        reader r = reader_of(&c.peer, 0.01);
        uint64_t sent = 99;
        test_thread *thread;
        storm_begin();
        thread = test_thread_start(read_to_the_end, &r);
        ck_assert_ok(ps_sendfile(&c.here, f.file, 0, PS_TO_END_OF_FILE, &sent));
        ck_assert_uint_eq(sent, LARGE);
        ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
        test_thread_join(thread);
        storm_end();
        assert_read(&r, LARGE);
        disconnect(&c);
    }
    native_file_close(&f);
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

START_TEST(sendfile_leaves_the_position_alone)
{
    native_file f = native_file_make(0, SMALL, 0);
    connection c = connected(PATIENCE);

    ck_assert_int_eq(lseek(f.file, 7, SEEK_SET), 7);
    ck_assert_ok(ps_sendfile(&c.here, f.file, 20, 100, NULL));
    ck_assert_int_eq(lseek(f.file, 0, SEEK_CUR), 7);
    disconnect(&c);
    native_file_close(&f);
}
END_TEST

/* Files that have no size, and that the system may not send by itself. */
START_TEST(sendfile_of_other_kinds_of_files)
{
    native_file f = native_file_open("/dev/zero", 0);
    connection c = connected(PATIENCE);
    char bytes[100];
    uint64_t sent = 99;

    ck_assert_ok(ps_sendfile(&c.here, f.file, 0, sizeof bytes, &sent));
    ck_assert_uint_eq(sent, sizeof bytes);
    memset(bytes, 'x', sizeof bytes);
    ck_assert_int_eq(ps_recv(&c.peer, bytes, sizeof bytes, MSG_WAITALL), sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        ck_assert_int_eq(bytes[i], 0);
    native_file_close(&f);
    f = native_file_open("/dev/null", 0);
    ck_assert_ok(ps_sendfile(&c.here, f.file, 0, sizeof bytes, &sent));
    ck_assert_uint_eq(sent, 0);
    native_file_close(&f);
    disconnect(&c);
}
END_TEST

void add_sendfile_signals_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, sendfile_raises_no_signal);
    ADD_TEST_CASE(suite, sendfile_leaves_a_blocked_signal_alone);
    ADD_TEST_CASE(suite, sendfile_loses_no_signal_of_others);
    ADD_TEST_CASE(suite, sendfile_keeps_signals_that_come_meanwhile);
    ADD_TEST_CASE(suite, sendfile_raises_no_signal_behind_a_part);
    ADD_TEST_CASE(suite, sendfile_waits_with_the_programs_signals);
    ADD_TEST_CASE(suite, sendfile_goes_on_in_a_storm);
    ADD_TEST_CASE(suite, sendfile_leaves_the_position_alone);
    ADD_TEST_CASE(suite, sendfile_of_other_kinds_of_files);
}
