/* Deadlines: points in time for all that a socket receives and for all that it sends, over many calls. */
#include "connection.h"
#include "full_listener.h"
#include "late.h"
#include "test.h"
#include "transfers.h"

#include <float.h>
#include <stdio.h>

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0
/* Soon, and yet far enough for what has to happen before. */
#define SOON 0.3
/* Long enough to see that nothing comes. */
#define MOMENT 0.05
/* More than any system takes when nobody reads. */
enum { PLENTY = 24 * 1024 * 1024, A_BIT = 4 * 1024 * 1024 };

static const double modes[] = {PS_NO_TIMEOUT, PATIENCE * 4, 0};
enum { MODES = sizeof modes / sizeof modes[0], WAITING_MODES = 2 };

/* ---- helpers ------------------------------------------------------------------------------------------- */

static double after(double seconds)
{
    return ps_monotonic() + seconds;
}

/* A double does not count nanoseconds since the machine's start. */
#define ROUNDING 1e-6

static void assert_reached(double deadline)
{
    double now = ps_monotonic();

    ck_assert_msg(now >= deadline - ROUNDING, "%.9f s before the deadline", deadline - now);
    ck_assert_msg(now < deadline + PATIENCE, "%.3f s after the deadline", now - deadline);
}

static void no_deadline(ps_sock *s)
{
    ck_assert_ok(ps_setdeadline(s, PS_NO_TIMEOUT, PS_NO_TIMEOUT));
}

static bool is_readable(ps_sock *s, double timeout)
{
    ps_pollfd p = {.sock = s, .events = POLLIN};
    int count = ps_poll(&p, 1, timeout);

    ck_assert_ok(count);
    return count != 0;
}

/* Sends a text from the peer, and waits until it is there. */
static void give(connection *c, const char *text)
{
    ck_assert_ok(ps_sendall(&c->peer, text, strlen(text), 0, NULL));
    await_readable(&c->here);
}

static void assert_takes(ps_sock *s, const char *text)
{
    char room[16];

    ck_assert_int_eq(ps_recv(s, room, strlen(text), MSG_WAITALL), (ptrdiff_t)strlen(text));
    ck_assert_mem_eq(room, text, strlen(text));
}

/* For a call that would not end by itself if it had lost its deadline. */
static void join_in_time(test_thread *thread, const runner *r, double deadline)
{
    while (!r->over && ps_monotonic() < deadline + PATIENCE)
        test_sleep(0.01);
    ck_assert_msg(r->over, "the call has not ended at its deadline");
    ck_assert_msg(r->end >= deadline - ROUNDING, "%.9f s before the deadline", deadline - r->end);
    test_thread_join(thread);
}

/* ---- the clock ----------------------------------------------------------------------------------------- */

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
    ck_assert_msg(own > other - 0.05 && own >= 0.15, "%.6f s, where the system counts %.6f s", own, other);
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

/* ---- what a deadline ends ------------------------------------------------------------------------------ */

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

static ptrdiff_t fill_by_send(ps_sock *s)
{
    char *data = calloc(1, PLENTY);
    ptrdiff_t count;

    do {
        count = ps_send(s, data, PLENTY, 0);
    } while (count >= 0);
    free(data);
    return count;
}

static ptrdiff_t sendall(ps_sock *s, size_t size)
{
    char *data = calloc(1, size);
    size_t sent = 0;
    int code = ps_sendall(s, data, size, 0, &sent);

    free(data);
    return code == 0 ? (ptrdiff_t)sent : sent > 0 && sent < size ? code : PS_BAD_LENGTH;
}

static ptrdiff_t fill_by_sendall(ps_sock *s)
{
    return sendall(s, PLENTY);
}

/* More than any system takes when somebody reads a bit. */
static ptrdiff_t fill_by_sendall_of_more(ps_sock *s)
{
    return sendall(s, (size_t)PLENTY * 4);
}

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

/* ---- over many calls ----------------------------------------------------------------------------------- */

/* Answers each byte after a while, until its peer closes the connection. */
static ptrdiff_t answer(ps_sock *s)
{
    ptrdiff_t count;
    char room[16];

    while ((count = ps_recv(s, room, sizeof room, 0)) > 0) {
        test_sleep(0.01);
        if (ps_sendall(s, room, (size_t)count, 0, NULL) != 0)
            break;
    }
    return count;
}

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

static ptrdiff_t send_in_drips(ps_sock *s)
{
    double end = test_clock() + PATIENCE;
    ptrdiff_t count = 0;

    while (test_clock() < end && ps_send(s, "x", 1, 0) == 1) {
        count++;
        test_sleep(0.02);
    }
    return count;
}

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

/* ---- two directions ------------------------------------------------------------------------------------ */

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

/* ---- beside the timeout -------------------------------------------------------------------------------- */

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

/* ---- after the deadline -------------------------------------------------------------------------------- */

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

/* ---- non-blocking mode --------------------------------------------------------------------------------- */

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

/* ---- changes ------------------------------------------------------------------------------------------- */

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

/* Nor does the handle's mode change under it: it still waits, and tries again, within its deadline. */
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
        join_in_time(thread, &r, deadline);
        ck_assert_code(r.result, 2);
        assert_waits_for_what_comes_late(&c.here, &c.peer);
        disconnect(&c);
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
    join_in_time(thread, &r, deadline);
    ck_assert_code(r.result, 2);
    assert_waits_for_what_comes_late(&c.here, &c.peer);
    disconnect(&c);
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

/* ---- values -------------------------------------------------------------------------------------------- */

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
    static const double past[] = {0, -0.0, -1e-9, -1, -9.3e9, -1e10, -1e19, -1e300, -DBL_MAX, -INFINITY, DBL_MIN};
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
    ps_failure failure;

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

/* ---- other sockets ------------------------------------------------------------------------------------- */

START_TEST(deadline_is_not_for_connections_that_are_accepted)
{
    ps_sock listener;
    ps_addr a;
    int i;

    test_listener(&listener, AF_INET, &a);
    for (i = 0; i < 2; i++) {
        connection c = {.peer = tcp_socket(PATIENCE)};
        /* One that is over when the connection is used, and both. */
        ck_assert_ok(ps_setdeadline(&listener, after(PATIENCE), i == 0 ? PS_NO_TIMEOUT : after(-1)));
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

/* ---- poll and tokens ----------------------------------------------------------------------------------- */

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

/* ---- streams ------------------------------------------------------------------------------------------- */

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

/* ---- the system's handle ------------------------------------------------------------------------------- */

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

/* Where ps_close could not end a call that blocks in the system, handles do not block in blocking mode either. */
#if defined PS__SHUTDOWN_WAKES || defined _WIN32
enum { BLOCKING_MODE_BLOCKS = 1 };
#else
enum { BLOCKING_MODE_BLOCKS = 0 };
#endif

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

/* ---- a graceful close ---------------------------------------------------------------------------------- */

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

/* ---- many threads -------------------------------------------------------------------------------------- */

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
        runners[i] = (runner){.socket = &c.here, .run = i % 4 ? receivers[i % RECEIVERS] : fill_by_send};
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
    ADD_TEST_CASE(suite, deadline_is_not_for_poll);
    ADD_TEST_CASE(suite, deadline_beside_a_token);
    ADD_TEST_CASE(suite, deadline_ends_a_stream_read_and_loses_nothing);
    ADD_TEST_CASE(suite, deadline_ends_a_stream_write_and_loses_nothing);
    ADD_TEST_CASE(suite, deadline_in_the_past_stops_streams);
    ADD_TEST_CASE(suite, deadline_of_a_dialogue_by_stream);
    ADD_TEST_CASE(suite, deadline_of_a_stream_read_is_for_all_of_it);
    ADD_TEST_CASE(suite, deadline_outlives_the_socket_in_its_streams);
    ADD_TEST_CASE(suite, deadline_makes_the_handle_nonblocking_meanwhile);
    ADD_TEST_CASE(suite, deadline_stays_behind_when_the_handle_goes);
    ADD_TEST_CASE(suite, deadline_ends_a_graceful_close);
    ADD_TEST_CASE(suite, deadline_in_the_past_ends_a_graceful_close);
    ADD_TEST_CASE(suite, deadline_that_does_not_end_a_graceful_close);
    ADD_TEST_CASE(suite, deadline_is_set_beside_calls);
    ADD_TEST_CASE(suite, deadline_ends_the_calls_of_many_threads);
}
