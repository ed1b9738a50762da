/* Captures on Linux, in a network of the test's own: filters that change, counts and drops,
 * timeouts and stops, the interface's end, and promiscuous mode, which is always off again. */
/* All skipped: linux-s390x: it knows no packet sockets for captures */
/* All skipped: linux unless sys_admin */
#include "capture_network.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>

static const bool ways[] = {false, true};
enum { WAYS = 2 };

/* ---- filters --------------------------------------------------------------------------------- */

/* The tests' own frames with that number in their first byte; the number is at [3]. */
static void make_filter(ps_filter_instruction program[6], unsigned number)
{
    const ps_filter_instruction made[] = {{0x28, 0, 0, 12},     {0x15, 0, 3, OWN_TYPE},
                                          {0x30, 0, 0, 14},     {0x15, 0, 1, number},
                                          {0x06, 0, 0, 262144}, {0x06, 0, 0, 0}};

    memcpy(program, made, sizeof made);
}

START_TEST(capture_filters_in_the_kernel)
{
    ps_filter_instruction program[6];

    namespace_with_pair();
    ps_sock s = frames_from("other");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture_statistics counts = {0};
        ps_capture *c;
        ps_packet p;

        make_filter(program, 7);
        o.filter = program;
        o.filter_count = 6;
        c = open_capture(&o);
        for (unsigned n = 0; n < 20; n++)
            frame_send(&s, 60, n);
        ck_assert_int_eq(ps_capture_next(c, &p), 1);
        ck_assert_uint_eq(p.data[14], 7);
        ck_assert_uint_eq(p.length, 60);
        ck_assert_code(ps_capture_settimeout(c, 0.1), 0);
        ck_assert_code(ps_capture_next(c, &p), PS_TIMED_OUT);
        ck_assert_code(ps_capture_getstatistics(c, &counts), 0);
        ck_assert_uint_eq(counts.received, 1);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

/* What the old filter let through and nobody has read yet goes through the new one. */
START_TEST(capture_new_filter_holds_for_packets_that_wait)
{
    ps_filter_instruction program[6];

    namespace_with_pair();
    ps_sock s = frames_from("other");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c = open_capture(&o);
        ps_packet p;

        for (unsigned n = 0; n < 20; n++)
            frame_send(&s, 60, n);
        make_filter(program, 3);
        ck_assert_code(ps_capture_setfilter(c, program, 6), 0);
        for (unsigned n = 0; n < 20; n++)
            frame_send(&s, 70, n);
        for (int seen = 0; seen < 2; seen++) {
            ck_assert_int_eq(ps_capture_next(c, &p), 1);
            ck_assert_uint_eq(p.data[14], 3);
            ck_assert_uint_eq(p.length, seen == 0 ? 60 : 70);
        }
        ck_assert_code(ps_capture_settimeout(c, 0.1), 0);
        ck_assert_code(ps_capture_next(c, &p), PS_TIMED_OUT);

        /* A wrong one changes nothing; none lets all through. */
        program[5].code = 0;
        ck_assert_code(ps_capture_setfilter(c, program, 6), PS_BAD_FILTER);
        ck_assert_code(ps_capture_setfilter(c, NULL, 6), PS_EFAULT);
        frame_send(&s, 60, 4);
        ck_assert_code(ps_capture_next(c, &p), PS_TIMED_OUT);
        ck_assert_code(ps_capture_setfilter(c, NULL, 0), 0);
        ck_assert_code(ps_capture_settimeout(c, PATIENCE), 0);
        frame_send(&s, 60, 5);
        assert_next_own(c, 5);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

/* ---- counts ---------------------------------------------------------------------------------- */

/* Frames that go out: what comes in passes a queue of the kernel that may be full itself. */
START_TEST(capture_counts_what_it_drops)
{
    enum { SENT = 3000 };
    ps_filter_instruction program[6];

    namespace_with_pair();
    ps_sock s = frames_from("one");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture_statistics counts = {0}, again = {0};
        uint64_t given = 0;
        ps_capture *c;
        ps_packet p;

        make_filter(program, 1);
        o.filter = program;
        o.filter_count = 6;
        o.snap_length = 96;
        o.buffer_size = 1;
        c = open_capture(&o);
        for (unsigned n = 0; n < SENT; n++)
            frame_send(&s, 60, 1);
        ck_assert_code(ps_capture_getstatistics(c, &counts), 0);
        ck_assert(counts.dropped_known);
        ck_assert_uint_eq(counts.received, SENT);
        ck_assert_uint_gt(counts.dropped, 0);
        ck_assert_uint_lt(counts.dropped, SENT);
        ck_assert_uint_eq(counts.interface_dropped, 0);
        ck_assert_code(ps_capture_settimeout(c, 0.1), 0);
        while (ps_capture_next(c, &p) == 1)
            given++;
        ck_assert_code(ps_capture_getstatistics(c, &again), 0);
        ck_assert_uint_eq(again.received, SENT);
        ck_assert_uint_eq(given + again.dropped, SENT);

        /* Counts go on from where they were. */
        frame_send(&s, 60, 1);
        ck_assert_code(ps_capture_settimeout(c, PATIENCE), 0);
        ck_assert_int_eq(ps_capture_next(c, &p), 1);
        ck_assert_code(ps_capture_getstatistics(c, &counts), 0);
        ck_assert_uint_eq(counts.received, SENT + 1);
        ck_assert_uint_eq(counts.dropped, again.dropped);
        ck_assert_code(ps_capture_getstatistics(c, NULL), PS_EFAULT);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

/* A large buffer holds what the small one drops. */
START_TEST(capture_drops_nothing_with_room)
{
    enum { SENT = 1000 };

    namespace_with_pair();
    ps_sock s = frames_from("one");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture_statistics counts = {0};
        ps_capture *c;
        o.snap_length = 1024;
        c = open_capture(&o);
        for (unsigned n = 0; n < SENT; n++)
            frame_send(&s, 60, n);
        for (unsigned n = 0; n < SENT; n++)
            assert_next_own(c, n & 255);
        ck_assert_code(ps_capture_getstatistics(c, &counts), 0);
        ck_assert_uint_eq(counts.dropped, 0);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

/* ---- timeouts and stops ---------------------------------------------------------------------- */

START_TEST(capture_timeouts)
{
    static const double timeouts[] = {0.001, 0.05, 0.25};

    quiet_namespace_enter();
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("lo", ways[way]);
        ps_capture *c;
        ps_packet p;
        o.timeout = 0;
        c = open_capture(&o);
        ck_assert_code(ps_capture_next(c, &p), PS_EWOULDBLOCK);
        for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
            double begin, passed;
            ck_assert_code(ps_capture_settimeout(c, timeouts[i]), 0);
            begin = test_clock();
            ck_assert_code(ps_capture_next(c, &p), PS_TIMED_OUT);
            passed = test_clock() - begin;
            ck_assert_double_ge(passed, timeouts[i]);
            ck_assert_double_lt(passed, PATIENCE);
        }
        ps_capture_close(c);
    }
}
END_TEST

/* Packets that are not wanted do not prolong the wait. */
START_TEST(capture_timeout_amid_unwanted_packets)
{
    namespace_with_pair();
    ps_sock s = frames_from("one");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        double begin = test_clock();
        ps_capture *c;
        ps_packet p;
        o.directions = PS_DIRECTION_IN;
        o.timeout = 0.05;
        c = open_capture(&o);
        do
            frame_send(&s, 60, 1);
        while (next_own(c, &p) == PS_TIMED_OUT && test_clock() - begin < 0.5);
        ck_assert_code(next_own(c, &p), PS_TIMED_OUT);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

static ps_capture *to_stop;
static atomic_int signals;

static void stop_on_signal(int number)
{
    (void)number;
    signals++;
    ps_capture_stop(to_stop);
}

static void signal_after(int number, void (*handler)(int), long microseconds)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct itimerval once = {.it_value = {0, microseconds}};

    ck_assert_int_eq(sigaction(number, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &once, NULL), 0);
}

START_TEST(capture_stops_from_a_signal_handler)
{
    quiet_namespace_enter();
    for (int round = 0; round < 2 * WAYS; round++) {
        ps_capture_options o = options_for("lo", ways[round % WAYS]);
        ps_packet p;
        o.timeout = round / WAYS ? PATIENCE : PS_NO_TIMEOUT;
        to_stop = open_capture(&o);
        signals = 0;
        signal_after(SIGALRM, stop_on_signal, 50000);
        ck_assert_code(ps_capture_next(to_stop, &p), PS_EINTR);
        ck_assert_int_eq(signals, 1);
        /* Once. */
        ck_assert_code(ps_capture_settimeout(to_stop, 0.05), 0);
        ck_assert_code(ps_capture_next(to_stop, &p), PS_TIMED_OUT);
        ps_capture_close(to_stop);
    }
}
END_TEST

static void count_signal(int number)
{
    (void)number;
    signals++;
}

/* A signal that asks for nothing does not end the call. */
START_TEST(capture_goes_on_after_a_signal)
{
    quiet_namespace_enter();
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("lo", ways[way]);
        double begin = test_clock();
        ps_capture *c;
        ps_packet p;
        o.timeout = 0.3;
        c = open_capture(&o);
        signals = 0;
        signal_after(SIGALRM, count_signal, 50000);
        ck_assert_code(ps_capture_next(c, &p), PS_TIMED_OUT);
        ck_assert_int_eq(signals, 1);
        ck_assert_double_ge(test_clock() - begin, 0.3);
        ps_capture_close(c);
    }
}
END_TEST

static void stop_later(void *argument)
{
    test_sleep(0.05);
    ps_capture_stop(argument);
}

START_TEST(capture_stops_from_another_thread_and_beforehand)
{
    namespace_with_pair();
    ps_sock s = frames_from("other");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c = open_capture(&o);
        test_thread *thread = test_thread_start(stop_later, c);
        ps_packet p;
        ck_assert_code(next_own(c, &p), PS_EINTR);
        test_thread_join(thread);

        /* The following call, even when there are packets; they are still there afterwards.
         * Twice is once. */
        frame_send(&s, 60, 9);
        ps_capture_stop(c);
        ps_capture_stop(c);
        ck_assert_code(ps_capture_next(c, &p), PS_EINTR);
        assert_next_own(c, 9);
        /* Without a wait, too. */
        ck_assert_code(ps_capture_settimeout(c, 0), 0);
        ps_capture_stop(c);
        ck_assert_code(ps_capture_next(c, &p), PS_EINTR);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

/* A child may only close it: neither that nor a stop reaches its parent's. */
START_TEST(capture_goes_on_without_a_child)
{
    namespace_with_pair();
    ps_sock s = frames_from("other");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c = open_capture(&o);
        pid_t child = fork();
        int status;

        ck_assert_int_ge(child, 0);
        if (child == 0) {
            ps_capture_stop(c);
            _exit(ps_capture_close(c));
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_int_eq(status, 0);
        frame_send(&s, 60, 7);
        assert_next_own(c, 7);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

START_TEST(capture_handle_can_be_waited_for)
{
    namespace_with_pair();
    ps_sock s = frames_from("other");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        struct timeval patience = {(time_t)PATIENCE, 0};
        ps_capture *c;
        fd_set set;
        ps_packet p;
        o.timeout = 0;
        c = open_capture(&o);
        frame_send(&s, 60, 2);
        FD_ZERO(&set);
        FD_SET(ps_capture_fileno(c), &set);
        ck_assert_int_eq(select(ps_capture_fileno(c) + 1, &set, NULL, NULL, &patience), 1);
        ck_assert_int_eq(ps_capture_next(c, &p), 1);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

/* What a poller reports of the capture; 0: nothing. */
static int events_of(ps_poller *poller, void *data, double timeout)
{
    ps_event event;
    int count = ps_poller_wait(poller, &event, 1, timeout, NULL);

    ck_assert_ok(count);
    if (count == 0)
        return 0;
    ck_assert_ptr_eq(event.data, data);
    return event.events;
}

START_TEST(capture_in_a_poller)
{
    ps_poller *poller;

    namespace_with_pair();
    ps_sock s = frames_from("other");
    ck_assert_ok(ps_poller_open(&poller));
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c;
        ps_packet p;
        o.timeout = 0;
        c = open_capture(&o);
        ck_assert_ok(ps_poller_add_capture(poller, c, &o));
        ck_assert_code(ps_poller_add_capture(poller, c, &o), PS_EEXIST);
        ck_assert_int_eq(events_of(poller, &o, 0.02), 0);
        frame_send(&s, 60, 2);
        ck_assert_int_eq(events_of(poller, &o, PATIENCE), POLLIN);
        ck_assert_int_eq(ps_capture_next(c, &p), 1);
        ck_assert_code(ps_capture_next(c, &p), PS_EWOULDBLOCK);
        ck_assert_int_eq(events_of(poller, &o, 0.02), 0);
        ps_capture_stop(c);
        ck_assert_int_eq(events_of(poller, &o, PATIENCE), POLLIN | POLLERR);
        ck_assert_code(ps_capture_next(c, &p), PS_EINTR);
        ck_assert_code(ps_capture_next(c, &p), PS_EWOULDBLOCK);
        ck_assert_int_eq(events_of(poller, &o, 0.02), 0);
        ck_assert_ok(ps_poller_remove_capture(poller, c));
        ck_assert_code(ps_poller_remove_capture(poller, c), PS_ENOENT);
        ck_assert_ok(ps_poller_add_capture(poller, c, &o));
        ps_capture_close(c);
        ck_assert_int_eq(events_of(poller, &o, 0), 0);
    }
    ps_close(&s);
    ps_poller_close(poller);
}
END_TEST

/* ---- the interface's end --------------------------------------------------------------------- */

static void remove_later(void *argument)
{
    (void)argument;
    test_sleep(0.1);
    namespace_run("ip link del one");
}

/* The packets before it come first; then it is told, and told again. */
START_TEST(capture_of_an_interface_that_vanishes)
{
    for (int way = 0; way < WAYS; way++) {
        namespace_with_pair();
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c;
        ps_packet p;
        o.timeout = PS_NO_TIMEOUT;
        c = open_capture(&o);
        ps_sock s = frames_from("other");
        test_thread *thread = test_thread_start(remove_later, NULL);
        frame_send(&s, 60, 1);
        ck_assert_int_eq(next_own(c, &p), 1);
        /* It is switched off first: whether that is seen is a matter of chance. */
        int code = next_own(c, &p);
        if (code == PS_ENETDOWN)
            code = next_own(c, &p);
        ck_assert_code(code, PS_ENODEV);
        ck_assert_code(ps_capture_next(c, &p), PS_ENODEV);
        ck_assert_code(ps_capture_settimeout(c, 0), 0);
        ck_assert_code(ps_capture_next(c, &p), PS_ENODEV);
        test_thread_join(thread);
        ps_close(&s);
        ck_assert_code(ps_capture_close(c), 0);
    }
}
END_TEST

/* The kernel wakes nobody when what was switched off goes away. */
START_TEST(capture_of_an_interface_that_vanishes_when_down)
{
    for (int way = 0; way < WAYS; way++) {
        namespace_with_pair();
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c;
        ps_packet p;
        o.timeout = PS_NO_TIMEOUT;
        c = open_capture(&o);
        namespace_run("ip link set one down");
        ck_assert_code(next_own(c, &p), PS_ENETDOWN);
        test_thread *thread = test_thread_start(remove_later, NULL);
        ck_assert_code(next_own(c, &p), PS_ENODEV);
        ck_assert_code(ps_capture_next(c, &p), PS_ENODEV);
        test_thread_join(thread);
        ck_assert_code(ps_capture_close(c), 0);
    }
}
END_TEST

START_TEST(capture_tells_of_the_end_without_a_wait)
{
    for (int way = 0; way < WAYS; way++) {
        namespace_with_pair();
        ps_capture_options o = options_for("one", ways[way]);
        double begin = test_clock();
        ps_capture *c;
        ps_packet p;
        int code;
        o.timeout = 0;
        c = open_capture(&o);
        ps_sock s = frames_from("other");
        frame_send(&s, 60, 1);
        namespace_run("ip link del one");
        do
            code = next_own(c, &p);
        while (code == PS_EWOULDBLOCK && test_clock() - begin < PATIENCE);
        ck_assert_int_eq(code, 1);
        do
            code = next_own(c, &p);
        while (code == PS_EWOULDBLOCK && test_clock() - begin < PATIENCE);
        ck_assert_code(code, PS_ENODEV);
        ps_close(&s);
        ps_capture_close(c);
    }
}
END_TEST

START_TEST(capture_of_an_interface_that_goes_down)
{
    namespace_with_pair();
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c = open_capture(&o), *none;
        ps_packet p;

        namespace_run("ip link set one down");
        ck_assert_code(next_own(c, &p), PS_ENETDOWN);
        ck_assert_code(ps_capture_open(&none, &o), PS_ENETDOWN);
        ck_assert_ptr_null(none);
        namespace_run("ip link set one up");
        await_pair();
        ps_sock s = frames_from("other");
        frame_send(&s, 60, 6);
        assert_next_own(c, 6);
        ps_close(&s);
        ps_capture_close(c);
    }
}
END_TEST

/* ---- promiscuous mode ------------------------------------------------------------------------ */

static int promiscuity(void)
{
    FILE *told = popen("ip -d link show one", "r");
    char text[4096];
    size_t length;
    char *at;

    ck_assert_ptr_nonnull(told);
    length = fread(text, 1, sizeof text - 1, told);
    text[length] = '\0';
    ck_assert_int_eq(pclose(told), 0);
    at = strstr(text, "promiscuity ");
    ck_assert_ptr_nonnull(at);
    return atoi(at + strlen("promiscuity "));
}

/* Traps: RAW-6. */
START_TEST(capture_promiscuous_mode_ends_with_it)
{
    namespace_with_pair();
    ck_assert_int_eq(promiscuity(), 0);
    for (int round = 0; round < 2 * WAYS; round++) {
        ps_capture_options o = options_for("one", ways[round % WAYS]);
        ps_capture *c;
        o.promiscuous = round / WAYS != 0;
        c = open_capture(&o);
        ck_assert_int_eq(promiscuity(), round / WAYS);
        ps_capture_close(c);
        ck_assert_int_eq(promiscuity(), 0);
    }
}
END_TEST

/* A failure after it was switched on leaves nothing behind: the filter has a load that no kernel
 * knows. */
START_TEST(capture_promiscuous_mode_ends_on_failure)
{
    static const ps_filter_instruction unknown[] = {{0x20, 0, 0, 0xfffff800}, {0x16, 0, 0, 0}};
    ps_capture *c;

    namespace_with_pair();
    ps_capture_options o = options_for("one", false);
    o.promiscuous = true;
    o.filter = unknown;
    o.filter_count = 2;
    ck_assert_code(ps_capture_open(&c, &o), PS_BAD_FILTER);
    ck_assert_int_eq(promiscuity(), 0);
}
END_TEST

/* A process that captures, and waits for its end. */
static pid_t start_capturing(void)
{
    int ready[2];
    char byte;
    pid_t child;

    ck_assert_int_eq(pipe(ready), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        ps_capture_options o = options_for("one", false);
        ps_capture *c;
        ps_packet p;
        o.promiscuous = true;
        o.timeout = PS_NO_TIMEOUT;
        signal(SIGINT, SIG_DFL);
        if (ps_capture_open(&c, &o) == 0 && write(ready[1], "", 1) == 1) {
            while (ps_capture_next(c, &p) == 1)
                ;
        }
        _exit(1);
    }
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

/* Traps: RAW-6. */
START_TEST(capture_promiscuous_mode_ends_with_the_process)
{
    static const int ends[] = {SIGINT, SIGKILL};

    namespace_with_pair();
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        pid_t child = start_capturing();
        double begin = test_clock();
        ck_assert_int_eq(promiscuity(), 1);
        ck_assert_int_eq(kill(child, ends[i]), 0);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        while (promiscuity() != 0 && test_clock() - begin < PATIENCE)
            test_sleep(0.02);
        ck_assert_int_eq(promiscuity(), 0);
    }
}
END_TEST

/* ---- rights ---------------------------------------------------------------------------------- */

/* Traps: RAW-2. */
/* Runs: linux-s390x */
START_TEST(capture_without_rights)
{
    char text[PS_PREFLIGHT_TEXT_MAX];
    size_t count;
    ps_capture *c;

    quiet_namespace_enter();
    ck_assert_ok(ps_capture_preflight("lo", true, text, sizeof text, &count));
    ck_assert_uint_eq(count, 0);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(setuid(65534), 0);
    ps_capture_options o = options_for("lo", false);
    ck_assert_code(ps_capture_open(&c, &o), PS_EPERM);
    ck_assert_ptr_null(c);
    ck_assert_ok(ps_capture_preflight("lo", true, text, sizeof text, &count));
    ck_assert_uint_eq(count, 1);
    ck_assert_msg(strstr(text, "CAP_NET_RAW") != NULL, "%s", text);
}
END_TEST

START_TEST(capture_preflight_sees_the_link)
{
    char text[PS_PREFLIGHT_TEXT_MAX];
    size_t count;

    namespace_with_pair();
    ck_assert_ok(ps_capture_preflight("one", true, text, sizeof text, &count));
    ck_assert_uint_eq(count, 0);
    namespace_run(
        "ip link set other down; while ip link show one | grep -q 'state UP'; do sleep 0.02; done");
    ck_assert_ok(ps_capture_preflight("one", true, text, sizeof text, &count));
    ck_assert_uint_eq(count, 1);
    ck_assert_msg(strstr(text, "link") != NULL, "%s", text);
    namespace_run("ip link set one down");
    ck_assert_ok(ps_capture_preflight("one", true, text, sizeof text, &count));
    ck_assert_uint_eq(count, 1);
    ck_assert_msg(strstr(text, "switched off") != NULL, "%s", text);
}
END_TEST

void add_capture_ends_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, capture_filters_in_the_kernel);
    ADD_TEST_CASE(suite, capture_new_filter_holds_for_packets_that_wait);
    ADD_TEST_CASE(suite, capture_counts_what_it_drops);
    ADD_TEST_CASE(suite, capture_drops_nothing_with_room);
    ADD_TEST_CASE(suite, capture_timeouts);
    ADD_TEST_CASE(suite, capture_timeout_amid_unwanted_packets);
    ADD_TEST_CASE(suite, capture_stops_from_a_signal_handler);
    ADD_TEST_CASE(suite, capture_goes_on_after_a_signal);
    ADD_TEST_CASE(suite, capture_stops_from_another_thread_and_beforehand);
    ADD_TEST_CASE(suite, capture_goes_on_without_a_child);
    ADD_TEST_CASE(suite, capture_handle_can_be_waited_for);
    ADD_TEST_CASE(suite, capture_in_a_poller);
    ADD_TEST_CASE(suite, capture_of_an_interface_that_vanishes);
    ADD_TEST_CASE(suite, capture_of_an_interface_that_vanishes_when_down);
    ADD_TEST_CASE(suite, capture_tells_of_the_end_without_a_wait);
    ADD_TEST_CASE(suite, capture_of_an_interface_that_goes_down);
    ADD_TEST_CASE(suite, capture_promiscuous_mode_ends_with_it);
    ADD_TEST_CASE(suite, capture_promiscuous_mode_ends_on_failure);
    ADD_TEST_CASE(suite, capture_promiscuous_mode_ends_with_the_process);
    ADD_TEST_CASE(suite, capture_without_rights);
    ADD_TEST_CASE(suite, capture_preflight_sees_the_link);
}
