/* Deadlines: points in time for all that a socket receives and for all that it sends, over many
 * calls. Setting them is in deadline_setting.c, streams are in deadline_stream.c. */
#include "deadlines.h"
#include "full_listener.h"
#include "late.h"
#include "test.h"

#include <float.h>

/* Long enough to see that nothing comes. */
#define MOMENT 0.05

/* ---- the clock ------------------------------------------------------------------------------- */

START_TEST(deadline_clock_goes_on)
{
    double own = ps_monotonic(), other = test_clock();
    double last = own;
    int i;

    ck_assert(own > 0 && own < DBL_MAX);
    for (i = 0; i < 10000; i++) {
        double now = ps_monotonic();
        ck_assert(now >= last);
        last = now;
    }
    test_sleep(0.2);
    other = test_clock() - other;
    own = ps_monotonic() - own;
    ck_assert_msg(own > other - 0.05 && own >= 0.15, "%.6f s, where the system counts %.6f s", own,
                  other);
}
END_TEST

static ptrdiff_t read_clock(ps_sock *s)
{
    (void)s;
    return 0;
}

START_TEST(deadline_clock_is_the_same_in_every_thread)
{
    runner r = {.run = read_clock};
    double before = ps_monotonic();
    test_thread *thread = test_thread_start(run_transfer, &r);

    test_thread_join(thread);
    ck_assert(r.end >= before);
    ck_assert(r.end <= ps_monotonic());
}
END_TEST

/* ---- what a deadline ends -------------------------------------------------------------------- */

START_TEST(deadline_ends_each_receive)
{
    int i;

    for (i = 0; i < RECEIVERS * WAITING_MODES; i++) {
        connection c = connected(modes[i / RECEIVERS]);
        double deadline = after(0.1);
        ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
        ck_assert_code(receivers[i % RECEIVERS](&c.here), PS_TIMED_OUT);
        assert_reached(deadline);
        /* It is over for those that come later, and for those alone that receive. */
        assert_receives(&c.here, PS_TIMED_OUT);
        assert_sends(&c.here, 1);
        ck_assert_double_eq(ps_gettimeout(&c.here), modes[i / RECEIVERS]);
        disconnect(&c);
    }
}
END_TEST

static ptrdiff_t fill_by_sendmsg(ps_sock *s)
{
    char *data = calloc(1, PLENTY);
    ps_buffer buffers[2] = {{.data = data, .size = 1}, {.data = data, .size = PLENTY}};
    ptrdiff_t count;

    do {
        count = ps_sendmsg(s, buffers, 2, NULL, 0, 0, NULL);
    } while (count >= 0);
    free(data);
    return count;
}

START_TEST(deadline_ends_each_send)
{
    static const transfer fillers[] = {fill_by_send, fill_by_sendall, fill_by_sendmsg};
    int i;

    for (i = 0; i < 3 * WAITING_MODES; i++) {
        connection c = connected(modes[i / 3]);
        double deadline = after(SOON);
        ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, deadline));
        ck_assert_code(fillers[i % 3](&c.here), PS_TIMED_OUT);
        assert_reached(deadline);
        assert_sends(&c.here, PS_TIMED_OUT);
        give(&c, "abc");
        assert_takes(&c.here, "abc");
        disconnect(&c);
    }
}
END_TEST

START_TEST(deadline_ends_accept)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        ps_sock listener, conn;
        ps_addr a;
        double deadline = after(SOON);
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_settimeout(&listener, modes[i]));
        ck_assert_ok(ps_setdeadline(&listener, deadline, PS_NO_TIMEOUT));
        ck_assert_code(ps_accept(&listener, &conn, NULL), PS_TIMED_OUT);
        assert_reached(deadline);
        ck_assert_code(ps_accept(&listener, &conn, NULL), PS_TIMED_OUT);
        ck_assert(conn.handle == PS_INVALID_HANDLE);
        ck_assert_double_eq(ps_gettimeout(&listener), modes[i]);
        ck_assert_ok(ps_close(&listener));
    }
}
END_TEST

START_TEST(deadline_ends_connect)
{
    full_listener f = full_listener_open();
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        ps_sock client = tcp_socket(modes[i]);
        double deadline = after(SOON);
        ck_assert_ok(ps_setdeadline(&client, PS_NO_TIMEOUT, deadline));
        ck_assert_code(ps_connect(&client, &f.address), PS_TIMED_OUT);
        assert_reached(deadline);
        ck_assert_code(ps_connect(&client, &f.address), PS_TIMED_OUT);
        ck_assert_ok(ps_close(&client));
    }
    full_listener_close(&f);
}
END_TEST

/* The attempt goes on, and a further ps_connect waits for it again. */
START_TEST(deadline_of_connect_is_put_off)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(PS_NO_TIMEOUT);
    int i;

    for (i = 0; i < 2; i++) {
        double deadline = after(SOON);
        ck_assert_ok(ps_setdeadline(&client, PS_NO_TIMEOUT, deadline));
        ck_assert_code(ps_connect(&client, &f.address), PS_TIMED_OUT);
        assert_reached(deadline);
    }
    full_listener_accept_all(&f);
    ck_assert_ok(ps_setdeadline(&client, PS_NO_TIMEOUT, after(PATIENCE)));
    ck_assert_code(ps_connect(&client, &f.address), 0);
    ck_assert_ok(ps_close(&client));
    full_listener_close(&f);
}
END_TEST

START_TEST(deadline_ends_connect_ex)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(PS_NO_TIMEOUT);
    double deadline = after(SOON);

    ck_assert_ok(ps_setdeadline(&client, PS_NO_TIMEOUT, deadline));
    ck_assert_int_eq(ps_connect_ex(&client, &f.address), ps_error_native(PS_EWOULDBLOCK));
    assert_reached(deadline);
    ck_assert_ok(ps_close(&client));
    full_listener_close(&f);
}
END_TEST

/* A transfer waits for a connection under way, within its own deadline. */
START_TEST(deadline_ends_a_transfer_on_a_connection_under_way)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0);
    double deadline;

    ck_assert_code(ps_connect(&client, &f.address), PS_EINPROGRESS);
    ck_assert_ok(ps_settimeout(&client, PS_NO_TIMEOUT));
    deadline = after(SOON);
    ck_assert_ok(ps_setdeadline(&client, deadline, PS_NO_TIMEOUT));
    ck_assert_code(by_recv(&client), PS_TIMED_OUT);
    assert_reached(deadline);
    deadline = after(SOON);
    ck_assert_ok(ps_setdeadline(&client, PS_NO_TIMEOUT, deadline));
    ck_assert_code(by_sendall(&client), PS_TIMED_OUT);
    assert_reached(deadline);
    ck_assert_ok(ps_close(&client));
    full_listener_close(&f);
}
END_TEST

START_TEST(deadline_ends_datagrams)
{
    ps_sock one, two;
    ps_addr one_address, two_address, from;
    ps_buffer buffer;
    char byte = 'x';
    double deadline = after(0.1);
    int i;

    buffer = (ps_buffer){.data = &byte, .size = 1};
    test_udp_pair(&one, &one_address, &two, &two_address);
    for (i = 0; i < MODES; i++) {
        ck_assert_ok(ps_settimeout(&one, modes[i]));
        ck_assert_ok(ps_setdeadline(&one, deadline, PS_NO_TIMEOUT));
        if (modes[i] == 0)
            test_sleep(0.1);
        ck_assert_code(ps_recvfrom(&one, &byte, 1, 0, &from), PS_TIMED_OUT);
        ck_assert_int_eq(from.len, 0);
        assert_reached(deadline);
        ck_assert_int_eq(ps_sendto(&two, "x", 1, 0, &one_address), 1);
        await_readable(&one);
        ck_assert_code(by_recv(&one), PS_TIMED_OUT);
        ck_assert_code(by_recvmsg(&one), PS_TIMED_OUT);
        ck_assert_ok(ps_setdeadline(&one, PS_NO_TIMEOUT, deadline));
        ck_assert_code(ps_sendto(&one, "x", 1, 0, &two_address), PS_TIMED_OUT);
        ck_assert_code(ps_sendmsg(&one, &buffer, 1, NULL, 0, 0, &two_address), PS_TIMED_OUT);
        ck_assert_int_eq(ps_recvfrom(&one, &byte, 1, 0, &from), 1);
        ck_assert(!is_readable(&two, 0));
        deadline = after(0.1);
    }
    test_close(&one, &two);
}
END_TEST

/* ---- over many calls ------------------------------------------------------------------------- */

START_TEST(deadline_of_a_dialogue)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        connection c = connected(modes[i]);
        runner r = {.socket = &c.peer, .run = answer};
        test_thread *thread = test_thread_start(run_transfer, &r);
        double deadline = after(0.5);
        ptrdiff_t result;
        int turns = -1;
        char byte = 0;
        ck_assert_ok(ps_setdeadline(&c.here, deadline, deadline));
        do {
            turns++;
            result = ps_send(&c.here, &byte, 1, 0);
            if (result == 1)
                result = ps_recv(&c.here, &byte, 1, 0);
            ck_assert(result < 0 || byte == (char)turns);
            byte++;
        } while (result == 1);
        ck_assert_code(result, PS_TIMED_OUT);
        assert_reached(deadline);
        ck_assert_int_gt(turns, 0);
        assert_receives(&c.here, PS_TIMED_OUT);
        assert_sends(&c.here, PS_TIMED_OUT);
        /* The connection is none the worse. */
        no_deadline(&c.here);
        ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
        test_thread_join(thread);
        ck_assert_code(r.result, 0);
        disconnect(&c);
    }
}
END_TEST

/* The timeout alone would be for each part, and never end this. */
START_TEST(deadline_of_many_receives)
{
    connection c = connected(PATIENCE);
    double deadline = after(0.5);
    int count = 0;
    ptrdiff_t result;

    ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
    do {
        ck_assert_int_eq(ps_send(&c.peer, "x", 1, 0), 1);
        test_sleep(0.01);
        result = by_recv(&c.here);
        count++;
    } while (result > 0);
    ck_assert_code(result, PS_TIMED_OUT);
    assert_reached(deadline);
    ck_assert_int_gt(count, 1);
    disconnect(&c);
}
END_TEST

/* Reads a little at a time, so that there is always a bit of room soon. */
static ptrdiff_t read_in_a_trickle(ps_sock *s)
{
    static char room[64 * 1024];
    double end = test_clock() + PATIENCE;
    ptrdiff_t count = 1;

    while (test_clock() < end && count > 0) {
        count = ps_recv(s, room, sizeof room, 0);
        test_sleep(0.02);
    }
    return count;
}

START_TEST(deadline_of_sendall_is_for_all_of_it)
{
    connection c = connected(PS_NO_TIMEOUT);
    runner r = {.socket = &c.peer, .run = read_in_a_trickle};
    test_thread *thread = test_thread_start(run_transfer, &r);
    double deadline = after(0.5);

    ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, deadline));
    ck_assert_code(fill_by_sendall_of_more(&c.here), PS_TIMED_OUT);
    assert_reached(deadline);
    close_with_reset(&c.here);
    test_thread_join(thread);
    ck_assert_ok(ps_close(&c.peer));
}
END_TEST

START_TEST(deadline_of_waitall_is_for_all_of_it)
{
    connection c = connected(PATIENCE);
    runner r = {.socket = &c.peer, .run = send_in_drips};
    test_thread *thread = test_thread_start(run_transfer, &r);
    double deadline;
    char room[2000];
    ptrdiff_t count;

    await_readable(&c.here);
    deadline = after(0.5);
    ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
    count = ps_recv(&c.here, room, sizeof room, MSG_WAITALL);
    assert_reached(deadline);
    ck_assert_msg(count > 0 && count < (ptrdiff_t)sizeof room, "%d", (int)count);
    ck_assert_code(by_waitall(&c.here), PS_TIMED_OUT);
    ck_assert_ok(ps_close(&c.here));
    test_thread_join(thread);
    ck_assert_ok(ps_close(&c.peer));
}
END_TEST

/* ---- two directions -------------------------------------------------------------------------- */

START_TEST(deadline_of_each_direction_in_two_threads)
{
    int i;

    for (i = 0; i < 2; i++) {
        connection c = connected(PS_NO_TIMEOUT);
        runner receiver = {.socket = &c.here, .run = by_recv};
        runner sender = {.socket = &c.here, .run = fill_by_send};
        double receive = after(i == 0 ? 0.2 : 0.6), send = after(i == 0 ? 0.6 : 0.2);
        test_thread *threads[2];
        ck_assert_ok(ps_setdeadline(&c.here, receive, send));
        threads[0] = test_thread_start(run_transfer, &receiver);
        threads[1] = test_thread_start(run_transfer, &sender);
        test_thread_join(threads[0]);
        test_thread_join(threads[1]);
        ck_assert_code(receiver.result, PS_TIMED_OUT);
        ck_assert_code(sender.result, PS_TIMED_OUT);
        ck_assert(receiver.end >= receive - ROUNDING);
        ck_assert(sender.end >= send - ROUNDING);
        disconnect(&c);
    }
}
END_TEST

START_TEST(deadline_of_the_other_direction_does_not_count)
{
    int i;

    for (i = 0; i < MODES; i++) {
        connection c = connected(modes[i]);
        ck_assert_ok(ps_setdeadline(&c.here, after(-1), PS_NO_TIMEOUT));
        assert_sends(&c.here, 1);
        ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, after(-1)));
        give(&c, "a");
        ck_assert_code(by_recv(&c.here), 1);
        disconnect(&c);
    }
}
END_TEST

START_TEST(deadline_of_accept_is_for_receiving_and_that_of_connect_for_sending)
{
    ps_sock listener, conn;
    ps_sock client = tcp_socket(PATIENCE);
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_setdeadline(&listener, PS_NO_TIMEOUT, after(-1)));
    ck_assert_ok(ps_setdeadline(&client, after(-1), PS_NO_TIMEOUT));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert_ok(ps_accept(&listener, &conn, NULL));
    test_close(&client, &conn, &listener);
}
END_TEST

/* ---- beside the timeout ---------------------------------------------------------------------- */

START_TEST(deadline_and_timeout_the_earlier_counts)
{
    connection c = connected(0.2);
    double begin = ps_monotonic(), deadline;

    ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE * 10), after(PATIENCE * 10)));
    ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
    ck_assert(ps_monotonic() - begin >= 0.2 - ROUNDING);
    ck_assert(ps_monotonic() - begin < PATIENCE);
    /* The timeout is for each call, as always. */
    begin = ps_monotonic();
    ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
    ck_assert(ps_monotonic() - begin >= 0.2 - ROUNDING);
    begin = ps_monotonic();
    ck_assert_code(fill_by_send(&c.here), PS_TIMED_OUT);
    ck_assert(ps_monotonic() - begin >= 0.2 - ROUNDING);
    ck_assert(ps_monotonic() - begin < PATIENCE);

    ck_assert_ok(ps_settimeout(&c.here, PATIENCE * 10));
    deadline = after(0.2);
    ck_assert_ok(ps_setdeadline(&c.here, deadline, deadline));
    ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
    assert_reached(deadline);
    ck_assert_code(by_send(&c.here), PS_TIMED_OUT);
    disconnect(&c);
}
END_TEST

/* Each of the two stays when the other is set. */
START_TEST(deadline_and_timeout_leave_each_other_alone)
{
    connection c = connected(7.345);
    double deadline = after(SOON);

    ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
    ck_assert_double_eq(ps_gettimeout(&c.here), 7.345);
    ck_assert_ok(ps_setblocking(&c.here, 1));
    ck_assert_double_eq(ps_gettimeout(&c.here), PS_NO_TIMEOUT);
    ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
    assert_reached(deadline);
    ck_assert_ok(ps_settimeout(&c.here, 0.001));
    ck_assert_ok(ps_settimeout(&c.here, PATIENCE));
    give(&c, "abc");
    ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
    no_deadline(&c.here);
    ck_assert_double_eq(ps_gettimeout(&c.here), PATIENCE);
    assert_takes(&c.here, "abc");
    ck_assert_ok(ps_settimeout(&c.here, 0));
    ck_assert_code(by_recv(&c.here), PS_EWOULDBLOCK);
    disconnect(&c);
}
END_TEST

/* ---- after the deadline ---------------------------------------------------------------------- */

START_TEST(deadline_in_the_past_comes_before_data)
{
    int i;

    for (i = 0; i < MODES; i++) {
        connection c = connected(modes[i]);
        give(&c, "abc");
        ck_assert_ok(ps_setdeadline(&c.here, after(-0.001), PS_NO_TIMEOUT));
        assert_receives(&c.here, PS_TIMED_OUT);
        assert_receives(&c.here, PS_TIMED_OUT);
        no_deadline(&c.here);
        assert_takes(&c.here, "abc");
        disconnect(&c);
    }
}
END_TEST

/* Not a byte of what was refused is under way. */
START_TEST(deadline_in_the_past_sends_nothing)
{
    int i;

    for (i = 0; i < MODES; i++) {
        connection c = connected(modes[i]);
        ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, after(-0.001)));
        assert_sends(&c.here, PS_TIMED_OUT);
        assert_sends(&c.here, PS_TIMED_OUT);
        no_deadline(&c.here);
        ck_assert_ok(ps_sendall(&c.here, "end", 3, 0, NULL));
        assert_takes(&c.peer, "end");
        ck_assert(!is_readable(&c.peer, 0));
        disconnect(&c);
    }
}
END_TEST

START_TEST(deadline_in_the_past_accepts_nobody)
{
    int i;

    for (i = 0; i < MODES; i++) {
        ps_sock listener, conn;
        ps_sock client = tcp_socket(PATIENCE);
        ps_addr a;
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_connect(&client, &a));
        await_readable(&listener);
        ck_assert_ok(ps_settimeout(&listener, modes[i]));
        ck_assert_ok(ps_setdeadline(&listener, after(-0.001), PS_NO_TIMEOUT));
        ck_assert_code(ps_accept(&listener, &conn, NULL), PS_TIMED_OUT);
        ck_assert(conn.handle == PS_INVALID_HANDLE);
        no_deadline(&listener);
        ck_assert_ok(ps_accept(&listener, &conn, NULL));
        test_close(&conn, &client, &listener);
    }
}
END_TEST

START_TEST(deadline_in_the_past_connects_to_nobody)
{
    int i;

    for (i = 0; i < MODES; i++) {
        ps_sock listener;
        ps_sock client = tcp_socket(modes[i]);
        ps_addr a;
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_setdeadline(&client, PS_NO_TIMEOUT, after(-0.001)));
        ck_assert_code(ps_connect(&client, &a), PS_TIMED_OUT);
        ck_assert_code(ps_connect(&client, &a), PS_TIMED_OUT);
        ck_assert(!is_readable(&listener, MOMENT));
        no_deadline(&client);
        ck_assert_code(ps_connect(&client, &a), modes[i] == 0 ? PS_EINPROGRESS : 0);
        await_readable(&listener);
        test_close(&client, &listener);
    }
}
END_TEST

/* ---- non-blocking mode ----------------------------------------------------------------------- */

START_TEST(deadline_in_the_future_leaves_would_block_alone)
{
    connection c = connected(0);
    ps_sock listener, conn;
    ps_addr a;

    ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE * 10), after(PATIENCE * 10)));
    assert_receives(&c.here, PS_EWOULDBLOCK);
    assert_sends(&c.here, 1);
    ck_assert_code(fill_by_send(&c.here), PS_EWOULDBLOCK);
    give(&c, "a");
    ck_assert_code(by_recv(&c.here), 1);
    disconnect(&c);

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_settimeout(&listener, 0));
    ck_assert_ok(ps_setdeadline(&listener, after(PATIENCE * 10), PS_NO_TIMEOUT));
    ck_assert_code(ps_accept(&listener, &conn, NULL), PS_EWOULDBLOCK);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

START_TEST(deadline_of_a_nonblocking_connect)
{
    full_listener f = full_listener_open();
    ps_sock client = tcp_socket(0);

    ck_assert_ok(ps_setdeadline(&client, PS_NO_TIMEOUT, after(PATIENCE * 10)));
    ck_assert_code(ps_connect(&client, &f.address), PS_EINPROGRESS);
    ck_assert_code(ps_connect(&client, &f.address), PS_EALREADY);
    ck_assert_ok(ps_setdeadline(&client, PS_NO_TIMEOUT, after(-0.001)));
    ck_assert_code(ps_connect(&client, &f.address), PS_TIMED_OUT);
    no_deadline(&client);
    ck_assert_code(ps_connect(&client, &f.address), PS_EALREADY);
    ck_assert_ok(ps_close(&client));
    full_listener_close(&f);
}
END_TEST

/* A call that does not wait on a socket that does. */
#ifdef MSG_DONTWAIT
START_TEST(deadline_of_a_call_that_does_not_wait)
{
    connection c = connected(PATIENCE);
    char byte;

    ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE * 10), PS_NO_TIMEOUT));
    ck_assert_code(ps_recv(&c.here, &byte, 1, MSG_DONTWAIT), PS_EWOULDBLOCK);
    give(&c, "abc");
    ck_assert_code(ps_recv(&c.here, &byte, 1, MSG_DONTWAIT), 1);
    ck_assert_ok(ps_setdeadline(&c.here, after(-0.001), PS_NO_TIMEOUT));
    ck_assert_code(ps_recv(&c.here, &byte, 1, MSG_DONTWAIT), PS_TIMED_OUT);
    no_deadline(&c.here);
    assert_takes(&c.here, "bc");
    disconnect(&c);
}
END_TEST
#else
START_TEST(deadline_of_a_call_that_does_not_wait)
{
    connection c = connected(0);

    ck_assert_ok(ps_setdeadline(&c.here, after(-0.001), PS_NO_TIMEOUT));
    ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
    disconnect(&c);
}
END_TEST
#endif

/* ---- poll and tokens ------------------------------------------------------------------------- */

START_TEST(deadline_is_not_for_poll)
{
    connection c = connected(PATIENCE);
    double begin;

    ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
    begin = ps_monotonic();
    ck_assert(!is_readable(&c.here, 0.2));
    ck_assert(ps_monotonic() - begin >= 0.2 - ROUNDING);
    give(&c, "a");
    ck_assert(is_readable(&c.here, 0));
    assert_receives(&c.here, PS_TIMED_OUT);
    /* A deadline that comes while it waits ends nothing. */
    no_deadline(&c.here);
    ck_assert_code(by_recv(&c.here), 1);
    ck_assert_ok(ps_setdeadline(&c.here, after(0.05), after(0.05)));
    begin = ps_monotonic();
    ck_assert(!is_readable(&c.here, 0.2));
    ck_assert(ps_monotonic() - begin >= 0.2 - ROUNDING);
    disconnect(&c);
}
END_TEST

START_TEST(deadline_beside_a_token)
{
    int i;

    for (i = 0; i < MODES; i++) {
        connection c = connected(modes[i]);
        ps_cancel *token;
        double deadline;
        ck_assert_ok(ps_cancel_open(&token));
        ck_assert_ok(ps_setcancel(&c.here, token));
        give(&c, "a");
        ck_assert_ok(ps_setdeadline(&c.here, after(-1), after(-1)));
        assert_receives(&c.here, PS_TIMED_OUT);
        assert_sends(&c.here, PS_TIMED_OUT);
        /* A fired token comes first. */
        ps_cancel_fire(token);
        assert_receives(&c.here, PS_ECANCELED);
        assert_sends(&c.here, PS_ECANCELED);
        ck_assert_ok(ps_cancel_reset(token));
        no_deadline(&c.here);
        ck_assert_code(by_recv(&c.here), 1);
        if (modes[i] > 0) {
            test_thread *thread;
            deadline = after(0.1);
            ck_assert_ok(ps_setdeadline(&c.here, deadline, PS_NO_TIMEOUT));
            ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
            assert_reached(deadline);
            ck_assert_ok(ps_setdeadline(&c.here, after(PATIENCE * 10), PS_NO_TIMEOUT));
            thread = test_thread_start(fire_late, token);
            ck_assert_code(by_recv(&c.here), PS_ECANCELED);
            test_thread_join(thread);
        }
        /* Without the token the deadline is still there. */
        ck_assert_ok(ps_setcancel(&c.here, NULL));
        ck_assert_ok(ps_setdeadline(&c.here, after(-1), PS_NO_TIMEOUT));
        ck_assert_code(by_recv(&c.here), PS_TIMED_OUT);
        disconnect(&c);
        ps_cancel_close(token);
    }
}
END_TEST

void add_deadline_tests(Suite *suite);
void add_deadline_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, deadline_clock_goes_on);
    ADD_TEST_CASE(suite, deadline_clock_is_the_same_in_every_thread);
    ADD_TEST_CASE(suite, deadline_ends_each_receive);
    ADD_TEST_CASE(suite, deadline_ends_each_send);
    ADD_TEST_CASE(suite, deadline_ends_accept);
    ADD_TEST_CASE(suite, deadline_ends_connect);
    ADD_TEST_CASE(suite, deadline_of_connect_is_put_off);
    ADD_TEST_CASE(suite, deadline_ends_connect_ex);
    ADD_TEST_CASE(suite, deadline_ends_a_transfer_on_a_connection_under_way);
    ADD_TEST_CASE(suite, deadline_ends_datagrams);
    ADD_TEST_CASE(suite, deadline_of_a_dialogue);
    ADD_TEST_CASE(suite, deadline_of_many_receives);
    ADD_TEST_CASE(suite, deadline_of_sendall_is_for_all_of_it);
    ADD_TEST_CASE(suite, deadline_of_waitall_is_for_all_of_it);
    ADD_TEST_CASE(suite, deadline_of_each_direction_in_two_threads);
    ADD_TEST_CASE(suite, deadline_of_the_other_direction_does_not_count);
    ADD_TEST_CASE(suite, deadline_of_accept_is_for_receiving_and_that_of_connect_for_sending);
    ADD_TEST_CASE(suite, deadline_and_timeout_the_earlier_counts);
    ADD_TEST_CASE(suite, deadline_and_timeout_leave_each_other_alone);
    ADD_TEST_CASE(suite, deadline_in_the_past_comes_before_data);
    ADD_TEST_CASE(suite, deadline_in_the_past_sends_nothing);
    ADD_TEST_CASE(suite, deadline_in_the_past_accepts_nobody);
    ADD_TEST_CASE(suite, deadline_in_the_past_connects_to_nobody);
    ADD_TEST_CASE(suite, deadline_in_the_future_leaves_would_block_alone);
    ADD_TEST_CASE(suite, deadline_of_a_nonblocking_connect);
    ADD_TEST_CASE(suite, deadline_of_a_call_that_does_not_wait);
    ADD_TEST_CASE(suite, deadline_is_not_for_poll);
    ADD_TEST_CASE(suite, deadline_beside_a_token);
}
