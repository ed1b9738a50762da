/* Setting deadlines: what ps_setdeadline changes, also while calls are in flight, what it
 * refuses, and which sockets and handles keep to themselves. */
#include "config.h"

#include "deadlines.h"
#include "late.h"
#include "test.h"

#include <float.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { A_BIT = 4 * 1024 * 1024 };

/* For a call that would not end by itself if it had lost its deadline. */
static void join_in_time(test_thread *thread, const runner *r, double deadline)
{
    while (!r->over && ps_monotonic() < deadline + PATIENCE)
        test_sleep(0.01);
    ck_assert_msg(r->over, "the call has not ended at its deadline");
    ck_assert_msg(r->end >= deadline - ROUNDING, "%.9f s before the deadline", deadline - r->end);
    test_thread_join(thread);
}

/* ---- changes --------------------------------------------------------------------------------- */

/* The call is under way once it has taken the byte that was there. */
static test_thread *begin_to_take(connection *c, runner *r)
{
    double end = test_clock() + PATIENCE;
    test_thread *thread;

    give(c, "x");
    thread = test_thread_start(run_transfer, r);
    while (is_readable(&c->here, 0) && test_clock() < end)
        test_sleep(0.002);
    ck_assert(!is_readable(&c->here, 0));
    return thread;
}

static ptrdiff_t take_three(ps_sock *s)
{
    char room[3];

    return ps_recv(s, room, sizeof room, MSG_WAITALL);
}

/* The call ends in time with two of the three, and the next one waits. */
static void assert_ends_with_two(connection *c, test_thread *thread, const runner *r,
                                 double deadline)
{
    join_in_time(thread, r, deadline);
    ck_assert_code(r->result, 2);
    assert_waits_for_what_comes_late(&c->here, &c->peer);
    disconnect(c);
}

START_TEST(deadline_of_a_call_in_flight_does_not_come_nearer)
{
    static const double values[] = {PATIENCE * 10, PS_NO_TIMEOUT};
    int i;

    for (i = 0; i < 2 * WAITING_MODES; i++) {
        connection c = connected(modes[i / 2]);
        runner r = {.socket = &c.here, .run = take_three};
        test_thread *thread;
        ck_assert_ok(ps_setdeadline(&c.here, after(values[i % 2]), PS_NO_TIMEOUT));
        thread = begin_to_take(&c, &r);
        ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
        test_sleep(0.1);
        ck_assert_int_eq(ps_send(&c.peer, "yz", 2, 0), 2);
        test_thread_join(thread);
        ck_assert_code(r.result, 3);
        ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
        disconnect(&c);
    }
}
END_TEST

/* Nor does the handle's mode change under it: it still waits, and tries again, within its
 * deadline. */
START_TEST(deadline_of_a_call_in_flight_does_not_go_away)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        connection c = connected(modes[i]);
        runner r = {.socket = &c.here, .run = take_three};
        double deadline = after(3);
        test_thread *thread;
        ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
        thread = begin_to_take(&c, &r);
        no_deadline(&c.here);
        ck_assert_int_eq(ps_send(&c.peer, "y", 1, 0), 1);
        assert_ends_with_two(&c, thread, &r, deadline);
    }
}
END_TEST

/* The same with a timeout that is taken away. */
START_TEST(deadline_of_a_timeout_in_flight_does_not_go_away)
{
    connection c = connected(2);
    runner r = {.socket = &c.here, .run = take_three};
    double deadline = after(2);
    test_thread *thread = begin_to_take(&c, &r);

    ck_assert_ok(ps_settimeout(&c.here, PS_NO_TIMEOUT));
    ck_assert_int_eq(ps_send(&c.peer, "y", 1, 0), 1);
    assert_ends_with_two(&c, thread, &r, deadline);
}
END_TEST

/* And with a token, which the call in flight keeps, too. */
START_TEST(deadline_gone_leaves_a_call_in_flight_its_token)
{
    connection c = connected(PS_NO_TIMEOUT);
    runner r = {.socket = &c.here, .run = take_three};
    test_thread *thread;
    ps_cancel *token;

    ck_assert_ok(ps_cancel_open(&token));
    ck_assert_ok(ps_setcancel(&c.here, token));
    ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE * 10), PS_NO_TIMEOUT));
    thread = begin_to_take(&c, &r);
    no_deadline(&c.here);
    ck_assert_ok(ps_setcancel(&c.here, NULL));
    ck_assert_int_eq(ps_send(&c.peer, "y", 1, 0), 1);
    test_sleep(0.1);
    ps_cancel_fire(token);
    join_in_time(thread, &r, ps_monotonic() - 1);
    ck_assert_code(r.result, 2);
    ps_cancel_close(token);
    assert_waits_for_what_comes_late(&c.here, &c.peer);
    disconnect(&c);
}
END_TEST

/* A send in flight: the peer sees it by what comes. */
START_TEST(deadline_of_a_send_in_flight_does_not_come_nearer)
{
    connection c = connected(PS_NO_TIMEOUT);
    runner r = {.socket = &c.here, .run = fill_by_sendall};
    test_thread *thread = test_thread_start(run_transfer, &r);
    char *room = malloc(PLENTY);

    ck_assert_ptr_nonnull(room);
    await_readable(&c.peer);
    ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
    test_sleep(0.1);
    /* All of it comes, though no further call may send. */
    ck_assert_int_eq(ps_recv(&c.peer, room, PLENTY, MSG_WAITALL), PLENTY);
    test_thread_join(thread);
    ck_assert_code(r.result, PLENTY);
    ck_assert_code(by_send(&c.here), PS_TIMED_OUT);
    free(room);
    disconnect(&c);
}
END_TEST

/* There is room for a bit more, and never for all. */
START_TEST(deadline_of_a_send_in_flight_does_not_go_away)
{
    connection c = connected(PS_NO_TIMEOUT);
    runner r = {.socket = &c.here, .run = fill_by_sendall_of_more};
    double deadline = after(3);
    test_thread *thread;
    char *room = malloc(A_BIT);

    ck_assert_ptr_nonnull(room);
    ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, deadline));
    thread = test_thread_start(run_transfer, &r);
    await_readable(&c.peer);
    test_sleep(0.1);
    no_deadline(&c.here);
    ck_assert_int_eq(ps_recv(&c.peer, room, A_BIT, MSG_WAITALL), A_BIT);
    join_in_time(thread, &r, deadline);
    ck_assert_code(r.result, PS_TIMED_OUT);
    free(room);
    disconnect(&c);
}
END_TEST

START_TEST(deadline_is_taken_away)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        connection c = connected(modes[i]);
        ck_assert_ok(ps_setdeadline(&c.here, after(0.05), after(0.05)));
        ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
        no_deadline(&c.here);
        assert_waits_for_what_comes_late(&c.here, &c.peer);
        assert_sends(&c.here, 1);
        /* One of them, and not the other. */
        ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
        ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, after(-1)));
        assert_waits_for_what_comes_late(&c.here, &c.peer);
        assert_sends(&c.here, PS_TIMED_OUT);
        no_deadline(&c.here);
        no_deadline(&c.here);
        assert_sends(&c.here, 1);
        disconnect(&c);
    }
}
END_TEST

START_TEST(deadline_is_put_off)
{
    connection c = connected(PS_NO_TIMEOUT);
    double deadline;
    int i;

    for (i = 0; i < 5; i++) {
        deadline = after(0.05);
        ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
        ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
        assert_reached(deadline);
    }
    ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE), PS_NO_TIMEOUT));
    assert_waits_for_what_comes_late(&c.here, &c.peer);
    disconnect(&c);
}
END_TEST

/* ---- values ---------------------------------------------------------------------------------- */

START_TEST(deadline_may_be_huge)
{
    static const double huge[] = {1e9, 9.2e9, 9.3e9, 1e10, 1.9e10, 1e19, 1e300, DBL_MAX, INFINITY};
    connection c = connected(PS_NO_TIMEOUT);
    size_t i;

    for (i = 0; i < sizeof huge / sizeof huge[0]; i++) {
        ck_assert_ok(ps_setdeadline(&c.here, huge[i], huge[i]));
        assert_waits_for_what_comes_late(&c.here, &c.peer);
        assert_sends(&c.here, 1);
    }
    ck_assert_ok(ps_settimeout(&c.here, 0.05));
    ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
    disconnect(&c);
}
END_TEST

START_TEST(deadline_may_be_long_ago)
{
    static const double past[] = {0,     -0.0,   -1e-9,    -1,        -9.3e9, -1e10,
                                  -1e19, -1e300, -DBL_MAX, -INFINITY, DBL_MIN};
    size_t i;
    int k;

    for (k = 0; k < MODES; k++) {
        connection c = connected(modes[k]);
        give(&c, "a");
        for (i = 0; i < sizeof past / sizeof past[0]; i++) {
            ck_assert_ok(ps_setdeadline(&c.here, past[i], past[i]));
            assert_receives(&c.here, PS_TIMED_OUT);
            assert_sends(&c.here, PS_TIMED_OUT);
        }
        disconnect(&c);
    }
}
END_TEST

START_TEST(deadline_that_is_no_number_changes_nothing)
{
    connection c = connected(PATIENCE);
    ps_failure failure = PS_FAILURE_INIT;

    ck_assert_code(ps_setdeadline(&c.here, NAN, PS_NO_TIMEOUT), PS_BAD_TIMEOUT);
    ck_assert_code(ps_setdeadline(&c.here, PS_NO_TIMEOUT, NAN), PS_BAD_TIMEOUT);
    ck_assert_code(ps_setdeadline(&c.here, NAN, NAN), PS_BAD_TIMEOUT);
    assert_waits_for_what_comes_late(&c.here, &c.peer);
    assert_sends(&c.here, 1);

    ck_assert_ok(ps_setdeadline(&c.here, after(-1), PS_NO_TIMEOUT));
    ck_assert_ok(ps_setfailure(&c.here, &failure));
    ck_assert_code(ps_setdeadline(&c.here, PS_NO_TIMEOUT, NAN), PS_BAD_TIMEOUT);
    ck_assert_int_eq(failure.operation, PS_OPERATION_SETDEADLINE);
    ck_assert_code(failure.code, PS_BAD_TIMEOUT);
    assert_receives(&c.here, PS_TIMED_OUT);
    assert_sends(&c.here, 1);
    ck_assert_code(ps_setdeadline(&c.here, NAN, after(-1)), PS_BAD_TIMEOUT);
    assert_sends(&c.here, 1);
    disconnect(&c);
}
END_TEST

START_TEST(deadline_of_nothing)
{
    ps_sock closed = PS_SOCK_INIT;
    connection c = connected(PATIENCE);

    ck_assert_code(ps_setdeadline(NULL, 1, 1), PS_EFAULT);
    ck_assert_code(ps_setdeadline(&closed, 1, 1), PS_EBADF);
    ck_assert_code(ps_setdeadline(&closed, PS_NO_TIMEOUT, PS_NO_TIMEOUT), PS_EBADF);
    ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
    ck_assert_ok(ps_close(&c.here));
    ck_assert_code(ps_setdeadline(&c.here, 1, 1), PS_EBADF);
    /* On a closed socket that comes first. */
    assert_receives(&c.here, PS_EBADF);
    assert_sends(&c.here, PS_EBADF);
    /* What comes into its place has none. */
    ck_assert_ok(ps_close(&c.peer));
    test_tcp_pair(&c.here, &c.peer);
    assert_waits_for_what_comes_late(&c.here, &c.peer);
    assert_sends(&c.here, 1);
    disconnect(&c);
}
END_TEST

/* ---- other sockets --------------------------------------------------------------------------- */

START_TEST(deadline_is_not_for_connections_that_are_accepted)
{
    ps_sock listener;
    ps_addr a;
    int i;

    test_listener(&listener, AF_INET, &a);
    for (i = 0; i < 2; i++) {
        connection c = {.peer = tcp_socket(PATIENCE)};
        /* One that is over when the connection is used, and both. */
        ck_assert_ok(
            ps_setdeadline(&listener, after(PATIENCE), i == 0 ? PS_NO_TIMEOUT : after(-1)));
        ck_assert_ok(ps_connect(&c.peer, &a));
        ck_assert_ok(ps_accept(&listener, &c.here, NULL));
        ck_assert_ok(ps_setdeadline(&listener, after(-1), after(-1)));
        assert_waits_for_what_comes_late(&c.here, &c.peer);
        assert_sends(&c.here, 1);
        disconnect(&c);
    }
    ck_assert_ok(ps_close(&listener));
}
END_TEST

START_TEST(deadline_is_not_for_duplicates)
{
    connection c = connected(PS_NO_TIMEOUT), duplicate;

    ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
    ck_assert_ok(ps_fromfd(&duplicate.here, ps_fileno(&c.here), AF_INET, SOCK_STREAM, 0));
    duplicate.peer = c.peer;
    assert_waits_for_what_comes_late(&duplicate.here, &duplicate.peer);
    assert_sends(&duplicate.here, 1);
    assert_receives(&c.here, PS_TIMED_OUT);
    ck_assert_ok(ps_close(&duplicate.here));
    disconnect(&c);
}
END_TEST

START_TEST(deadline_of_a_pair)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};
    int i, k;

    for (i = 0; i < 2; i++) {
        for (k = 0; k < MODES; k++) {
            double deadline = after(0.1);
            ps_sock pair[2];
            ck_assert_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, types[i], 0));
            ck_assert_ok(ps_settimeout(&pair[0], modes[k]));
            ck_assert_ok(ps_setdeadline(&pair[0], deadline, deadline));
            if (modes[k] == 0) {
                ck_assert_code(by_recv(&pair[0]), PS_EWOULDBLOCK);
                test_sleep(0.1);
            }
            ck_assert_code(by_recv(&pair[0]), PS_TIMED_OUT);
            assert_reached(deadline);
            assert_sends(&pair[0], PS_TIMED_OUT);
            assert_sends(&pair[1], 1);
            await_readable(&pair[0]);
            assert_receives(&pair[0], PS_TIMED_OUT);
            test_close(&pair[0], &pair[1]);
        }
    }
}
END_TEST

/* ---- the system's handle --------------------------------------------------------------------- */

/* Whether the handle waits in the system's own call. Nothing has come; what comes late is taken. */
static bool handle_waits(ps_handle h, ps_sock *peer)
{
    late_sender l = {.socket = peer};
    test_thread *thread = test_thread_start(send_late, &l);
    char byte;
    bool waits = recv(h, &byte, 1, 0) == 1;

    test_thread_join(thread);
    ck_assert_int_eq(l.count, 1);
    return waits;
}

/* Where ps_close or ps_shutdown could not end a call that blocks in the system, handles do not
 * block in blocking mode either. */
enum { BLOCKING_MODE_BLOCKS = PS__HAVE_SHUTDOWN_WAKES };

static void assert_blocking_mode(connection *c)
{
    bool waits = handle_waits(ps_fileno(&c->here), &c->peer);

    ck_assert_int_eq(waits, BLOCKING_MODE_BLOCKS);
    if (!waits)
        assert_takes(&c->here, "x");
}

START_TEST(deadline_makes_the_handle_nonblocking_meanwhile)
{
    connection c = connected(PS_NO_TIMEOUT);

    assert_blocking_mode(&c);
    ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE), PS_NO_TIMEOUT));
    ck_assert(!handle_waits(ps_fileno(&c.here), &c.peer));
    assert_takes(&c.here, "x");
    ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, after(PATIENCE)));
    ck_assert(!handle_waits(ps_fileno(&c.here), &c.peer));
    assert_takes(&c.here, "x");
    no_deadline(&c.here);
    assert_blocking_mode(&c);
    ck_assert_ok(ps_settimeout(&c.here, PATIENCE));
    no_deadline(&c.here);
    ck_assert(!handle_waits(ps_fileno(&c.here), &c.peer));
    assert_takes(&c.here, "x");
    disconnect(&c);
}
END_TEST

START_TEST(deadline_stays_behind_when_the_handle_goes)
{
    int i;

    for (i = 0; i < MODES; i++) {
        connection c = connected(modes[i]);
        connection again;
        ps_handle h;
        ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
        h = ps_detach(&c.here);
        ck_assert_int_eq(handle_waits(h, &c.peer), modes[i] == PS_NO_TIMEOUT);
        ck_assert_ok(ps_fromfd(&again.here, h, AF_INET, SOCK_STREAM, 0));
        again.peer = c.peer;
        if (modes[i] != PS_NO_TIMEOUT)
            assert_takes(&again.here, "x");
        assert_waits_for_what_comes_late(&again.here, &again.peer);
        c.here.handle = h; /* to give it back */
        ck_assert_ok(ps_close(&c.here));
        disconnect(&again);
    }
}
END_TEST

/* ---- many threads ---------------------------------------------------------------------------- */

static atomic_bool dialogue_over;

static ptrdiff_t set_deadlines_all_the_time(ps_sock *s)
{
    int code = 0, i;

    for (i = 0; code == 0 && !dialogue_over; i++) {
        code = ps_setdeadline(s, i % 3 ? after(PATIENCE * 10) : PS_NO_TIMEOUT,
                              i % 2 ? after(PATIENCE * 10) : PS_NO_TIMEOUT);
        if (i % 16 == 0)
            test_sleep(0.001);
    }
    return code;
}

static ptrdiff_t talk(ps_sock *s)
{
    ptrdiff_t result = 1;
    char byte = 0;
    int i;

    for (i = 0; result == 1 && i < 2000; i++) {
        result = ps_send(s, &byte, 1, 0);
        if (result == 1)
            result = ps_recv(s, &byte, 1, 0);
    }
    return result;
}

static ptrdiff_t echo(ps_sock *s)
{
    ptrdiff_t count;
    char byte;

    while ((count = ps_recv(s, &byte, 1, 0)) > 0)
        (void)ps_send(s, &byte, 1, 0);
    return count;
}

START_TEST(deadline_is_set_beside_calls)
{
    connection c = connected(PATIENCE);
    runner runners[] = {{.socket = &c.here, .run = talk},
                        {.socket = &c.peer, .run = echo},
                        {.socket = &c.here, .run = set_deadlines_all_the_time},
                        {.socket = &c.here, .run = set_deadlines_all_the_time}};
    test_thread *threads[4];
    int i;

    for (i = 0; i < 4; i++)
        threads[i] = test_thread_start(run_transfer, &runners[i]);
    test_thread_join(threads[0]);
    dialogue_over = true;
    ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
    for (i = 1; i < 4; i++)
        test_thread_join(threads[i]);
    ck_assert_code(runners[0].result, 1);
    for (i = 1; i < 4; i++)
        ck_assert_code(runners[i].result, 0);
    disconnect(&c);
}
END_TEST

/* The deadline for all workers of a server that stops. */
START_TEST(deadline_ends_the_calls_of_many_threads)
{
    enum { COUNT = 8 };
    connection c = connected(PS_NO_TIMEOUT);
    runner runners[COUNT];
    test_thread *threads[COUNT];
    double deadline = after(SOON);
    int i;

    ck_assert_ok(ps_setdeadline(&c.here, deadline, deadline));
    for (i = 0; i < COUNT; i++) {
        runners[i] =
            (runner){.socket = &c.here, .run = i % 4 ? receivers[i % RECEIVERS] : fill_by_send};
        threads[i] = test_thread_start(run_transfer, &runners[i]);
    }
    for (i = 0; i < COUNT; i++) {
        test_thread_join(threads[i]);
        ck_assert_code(runners[i].result, PS_TIMED_OUT);
        ck_assert(runners[i].end >= deadline - ROUNDING);
    }
    disconnect(&c);
}
END_TEST

void add_deadline_setting_tests(Suite *suite);
void add_deadline_setting_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, deadline_of_a_call_in_flight_does_not_come_nearer);
    ADD_TEST_CASE(suite, deadline_of_a_call_in_flight_does_not_go_away);
    ADD_TEST_CASE(suite, deadline_of_a_timeout_in_flight_does_not_go_away);
    ADD_TEST_CASE(suite, deadline_gone_leaves_a_call_in_flight_its_token);
    ADD_TEST_CASE(suite, deadline_of_a_send_in_flight_does_not_come_nearer);
    ADD_TEST_CASE(suite, deadline_of_a_send_in_flight_does_not_go_away);
    ADD_TEST_CASE(suite, deadline_is_taken_away);
    ADD_TEST_CASE(suite, deadline_is_put_off);
    ADD_TEST_CASE(suite, deadline_may_be_huge);
    ADD_TEST_CASE(suite, deadline_may_be_long_ago);
    ADD_TEST_CASE(suite, deadline_that_is_no_number_changes_nothing);
    ADD_TEST_CASE(suite, deadline_of_nothing);
    ADD_TEST_CASE(suite, deadline_is_not_for_connections_that_are_accepted);
    ADD_TEST_CASE(suite, deadline_is_not_for_duplicates);
    ADD_TEST_CASE(suite, deadline_of_a_pair);
    ADD_TEST_CASE(suite, deadline_makes_the_handle_nonblocking_meanwhile);
    ADD_TEST_CASE(suite, deadline_stays_behind_when_the_handle_goes);
    ADD_TEST_CASE(suite, deadline_is_set_beside_calls);
    ADD_TEST_CASE(suite, deadline_ends_the_calls_of_many_threads);
}
