/* Deadlines of streams, and of closing a connection gracefully. */
#include "deadlines.h"
#include "test.h"

#include <stdio.h>

/* ---- streams --------------------------------------------------------------------------------- */

static ps_file *new_stream(ps_sock *s, int bufsize)
{
    ps_file *f;

    ck_assert_ok(ps_makefile(&f, s, "rw", bufsize));
    return f;
}

START_TEST(deadline_ends_a_stream_read_and_loses_nothing)
{
    static const int buffered[] = {-1, 0};
    int i;

    for (i = 0; i < 2 * WAITING_MODES; i++) {
        connection c = connected(modes[i / 2]);
        ps_file *f = new_stream(&c.here, buffered[i % 2]);
        double deadline;
        char room[16];
        give(&c, "abc");
        deadline = after(0.1);
        ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
        ck_assert_code(ps_file_readline(f, room, sizeof room), PS_TIMED_OUT);
        assert_reached(deadline);
        ck_assert_code(ps_file_read(f, room, 10), PS_TIMED_OUT);
        ck_assert_code(ps_file_eof(f), 0);
        /* What it has is given without asking the system. */
        ck_assert_code(ps_file_read(f, room, 1), 1);
        ck_assert_ok(ps_sendall(&c.peer, "d\nefgh", 6, 0, NULL));
        deadline = after(PATIENCE);
        ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
        ck_assert_code(ps_file_readline(f, room, sizeof room), 4);
        ck_assert_mem_eq(room, "bcd\n", 4);
        deadline = after(0.1);
        ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
        ck_assert_code(ps_file_read(f, room, 10), PS_TIMED_OUT);
        assert_reached(deadline);
        no_deadline(&c.here);
        ck_assert_code(ps_file_read(f, room, 4), 4);
        ck_assert_mem_eq(room, "efgh", 4);
        ck_assert_ok(ps_file_close(f));
        disconnect(&c);
    }
}
END_TEST

static char *all_that_came;

static ptrdiff_t receive_plenty(ps_sock *s)
{
    return ps_recv(s, all_that_came, PLENTY, MSG_WAITALL);
}

START_TEST(deadline_ends_a_stream_write_and_loses_nothing)
{
    char *data = malloc(PLENTY);
    int i;

    all_that_came = malloc(PLENTY);
    ck_assert(data != NULL && all_that_came != NULL);
    for (i = 0; i < PLENTY; i++)
        data[i] = (char)(i * 7 + i / 1000);
    for (i = 0; i < 2; i++) {
        connection c = connected(modes[i]);
        ps_file *f = new_stream(&c.here, i == 0 ? -1 : 0);
        runner r = {.socket = &c.peer, .run = receive_plenty};
        test_thread *thread;
        double deadline = after(SOON);
        ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, deadline));
        ck_assert_code(ps_file_write(f, data, PLENTY), PS_TIMED_OUT);
        assert_reached(deadline);
        ck_assert_code(ps_file_flush(f), PS_TIMED_OUT);
        deadline = after(0.1);
        ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, deadline));
        ck_assert_code(ps_file_flush(f), PS_TIMED_OUT);
        assert_reached(deadline);
        no_deadline(&c.here);
        thread = test_thread_start(run_transfer, &r);
        ck_assert_ok(ps_file_flush(f));
        test_thread_join(thread);
        ck_assert_code(r.result, PLENTY);
        ck_assert_mem_eq(all_that_came, data, PLENTY);
        ck_assert_ok(ps_file_close(f));
        disconnect(&c);
    }
    free(data);
    free(all_that_came);
}
END_TEST

START_TEST(deadline_in_the_past_stops_streams)
{
    int i;

    for (i = 0; i < MODES; i++) {
        connection c = connected(modes[i]);
        ps_file *f = new_stream(&c.here, -1), *plain = new_stream(&c.here, 0);
        char room[8];
        ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
        give(&c, "a\nb\n");
        ck_assert_code(ps_file_readline(f, room, sizeof room), PS_TIMED_OUT);
        ck_assert_code(ps_file_read(plain, room, 1), PS_TIMED_OUT);
        /* What only goes into a buffer is no sending. */
        ck_assert_code(ps_file_write(f, "x", 1), 1);
        ck_assert_code(ps_file_flush(f), PS_TIMED_OUT);
        ck_assert_code(ps_file_write(plain, "y", 1), PS_TIMED_OUT);
        ck_assert(!is_readable(&c.peer, 0));
        no_deadline(&c.here);
        ck_assert_code(ps_file_readline(f, room, sizeof room), 2);
        ck_assert_ok(ps_file_flush(f));
        ck_assert_ok(ps_file_flush(plain));
        assert_takes(&c.peer, "xy");
        /* Nor is it receiving to give what is in one. */
        ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
        ck_assert_code(ps_file_readline(f, room, sizeof room), 2);
        ck_assert_mem_eq(room, "b\n", 2);
        ck_assert_code(ps_file_close(f), 0);
        ck_assert_code(ps_file_write(plain, "z", 1), PS_TIMED_OUT);
        ck_assert_code(ps_file_close(plain), PS_TIMED_OUT);
        disconnect(&c);
    }
}
END_TEST

/* Many lines, one deadline; the line that did not come in time is the next. */
START_TEST(deadline_of_a_dialogue_by_stream)
{
    connection c = connected(PATIENCE);
    runner r = {.socket = &c.peer, .run = answer};
    test_thread *thread = test_thread_start(run_transfer, &r);
    ps_file *f = new_stream(&c.here, -1);
    double deadline = after(0.5);
    char line[16], got[16];
    ptrdiff_t result;
    int turns = 0, length;

    ck_assert_ok(ps_setdeadline(&c.here, deadline, deadline));
    do {
        length = snprintf(line, sizeof line, "%d\n", turns);
        ck_assert_int_eq(ps_file_write(f, line, (size_t)length), length);
        result = ps_file_flush(f);
        if (result == 0)
            result = ps_file_readline(f, got, sizeof got);
        if (result > 0) {
            ck_assert_int_eq(result, length);
            ck_assert_mem_eq(got, line, (size_t)length);
            turns++;
        }
    } while (result > 0);
    ck_assert_code(result, PS_TIMED_OUT);
    assert_reached(deadline);
    ck_assert_int_gt(turns, 0);
    no_deadline(&c.here);
    ck_assert_ok(ps_file_flush(f));
    ck_assert_int_eq(ps_file_readline(f, got, sizeof got), length);
    ck_assert_mem_eq(got, line, (size_t)length);
    ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
    test_thread_join(thread);
    ck_assert_code(r.result, 0);
    ck_assert_ok(ps_file_close(f));
    disconnect(&c);
}
END_TEST

/* A byte now and then does not prolong a read. */
START_TEST(deadline_of_a_stream_read_is_for_all_of_it)
{
    connection c = connected(PATIENCE);
    runner r = {.socket = &c.peer, .run = send_in_drips};
    test_thread *thread = test_thread_start(run_transfer, &r);
    ps_file *f = new_stream(&c.here, -1);
    double deadline = after(0.5);
    char room[2000];

    ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
    ck_assert_code(ps_file_read(f, room, sizeof room), PS_TIMED_OUT);
    assert_reached(deadline);
    deadline = after(0.2);
    ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
    ck_assert_code(ps_file_readline(f, room, sizeof room), PS_TIMED_OUT);
    assert_reached(deadline);
    no_deadline(&c.here);
    ck_assert_code(ps_file_read(f, room, 1), 1);
    ck_assert_ok(ps_file_close(f));
    ck_assert_ok(ps_close(&c.here));
    test_thread_join(thread);
    ck_assert_ok(ps_close(&c.peer));
}
END_TEST

/* Streams that go on without their socket go on with the deadlines that it had. */
START_TEST(deadline_outlives_the_socket_in_its_streams)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        connection c = connected(modes[i]);
        ps_file *reading = new_stream(&c.here, -1), *writing = new_stream(&c.here, 0);
        double deadline = after(SOON);
        char room[8];
        ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
        ck_assert_ok(ps_close(&c.here));
        ck_assert_code(ps_file_readline(reading, room, sizeof room), PS_TIMED_OUT);
        assert_reached(deadline);
        ck_assert_ok(ps_sendall(&c.peer, "a\n", 2, 0, NULL));
        ck_assert_code(ps_file_readline(reading, room, sizeof room), PS_TIMED_OUT);
        ck_assert_code(ps_file_write(writing, "x", 1), 1);
        assert_takes(&c.peer, "x");
        ck_assert_ok(ps_file_close(reading));
        ck_assert_ok(ps_file_close(writing));
        ck_assert_ok(ps_close(&c.peer));
    }
}
END_TEST

/* ---- a graceful close ------------------------------------------------------------------------ */

START_TEST(deadline_ends_a_graceful_close)
{
    static const double timeouts[] = {PS_NO_TIMEOUT, PATIENCE * 4};
    int i;

    for (i = 0; i < 2 * MODES; i++) {
        connection c = connected(modes[i / 2]);
        double deadline = after(0.1);
        ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
        ck_assert_code(ps_close_gracefully(&c.here, timeouts[i % 2]), PS_TIMED_OUT);
        assert_reached(deadline);
        ck_assert(c.here.handle == PS_INVALID_HANDLE);
        ck_assert_ok(ps_close(&c.peer));
    }
}
END_TEST

START_TEST(deadline_in_the_past_ends_a_graceful_close)
{
    connection c = connected(PATIENCE);

    give(&c, "abc");
    ck_assert_ok(ps_setdeadline(&c.here, after(-1), PS_NO_TIMEOUT));
    ck_assert_code(ps_close_gracefully(&c.here, PATIENCE), PS_TIMED_OUT);
    ck_assert(c.here.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close(&c.peer));
}
END_TEST

/* To close is not to send; and the timeout of the close may be the earlier. */
START_TEST(deadline_that_does_not_end_a_graceful_close)
{
    connection c = connected(PATIENCE);
    double begin;

    ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE * 10), after(-1)));
    ck_assert_ok(ps_shutdown(&c.peer, SHUT_WR));
    ck_assert_code(ps_close_gracefully(&c.here, PATIENCE), 0);
    ck_assert_ok(ps_close(&c.peer));

    c = connected(PATIENCE);
    ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE * 10), PS_NO_TIMEOUT));
    begin = ps_monotonic();
    ck_assert_code(ps_close_gracefully(&c.here, 0.1), PS_TIMED_OUT);
    ck_assert(ps_monotonic() - begin >= 0.1 - ROUNDING);
    ck_assert(ps_monotonic() - begin < PATIENCE);
    ck_assert_ok(ps_close(&c.peer));
}
END_TEST

void add_deadline_stream_tests(Suite *suite);
void add_deadline_stream_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, deadline_ends_a_stream_read_and_loses_nothing);
    ADD_TEST_CASE(suite, deadline_ends_a_stream_write_and_loses_nothing);
    ADD_TEST_CASE(suite, deadline_in_the_past_stops_streams);
    ADD_TEST_CASE(suite, deadline_of_a_dialogue_by_stream);
    ADD_TEST_CASE(suite, deadline_of_a_stream_read_is_for_all_of_it);
    ADD_TEST_CASE(suite, deadline_outlives_the_socket_in_its_streams);
    ADD_TEST_CASE(suite, deadline_ends_a_graceful_close);
    ADD_TEST_CASE(suite, deadline_in_the_past_ends_a_graceful_close);
    ADD_TEST_CASE(suite, deadline_that_does_not_end_a_graceful_close);
}
