/* ps_poll: POSIX's poll with one meaning on both systems (traps TMO-1 to TMO-5, CON-3, CON-10). */
#include "connection.h"
#include "full_listener.h"
#include "test.h"
#include "udp_pair.h"

/* Far more than loopback needs, on a busy machine, too; Windows needs two seconds to refuse a
 * connection. */
#define PATIENCE 15.0

/* ---- helpers --------------------------------------------------------------------------------- */

/* Waits for one socket. */
static int poll_one(ps_sock *s, int events, double timeout)
{
    ps_pollfd entry = {.sock = s, .events = events, .revents = -1};
    int ready = ps_poll(&entry, 1, timeout);

    ck_assert_ok(ready);
    ck_assert_int_eq(ready, entry.revents != 0);
    return entry.revents;
}

#define ASSERT_POLL(s, events, expected) ck_assert_int_eq(poll_one(s, events, PATIENCE), expected)

/* A while passes, and there is nothing. */
static void assert_quiet(ps_sock *s, int events)
{
    double begin = test_clock();

    ck_assert_int_eq(poll_one(s, events, 0.1), 0);
    ck_assert_double_ge(test_clock() - begin, 0.1);
}

/* A socket whose connection is under way, or has failed already. */
static void start_connection(ps_sock *s, const ps_addr *a)
{
    ck_assert_ok(ps_socket(s, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(s, 0));
    ck_assert_code(ps_connect(s, a), PS_EINPROGRESS);
}

/* ---- time ------------------------------------------------------------------------------------ */

/* Traps: TMO-2. */
START_TEST(poll_without_sockets_sleeps)
{
    ps_pollfd none[3] = {{NULL, POLLIN, 7}, {NULL, POLLOUT, 7}, {NULL, 0, 7}};
    double begin = test_clock();

    ck_assert_int_eq(ps_poll(NULL, 0, 0.2), 0);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    begin = test_clock();
    ck_assert_int_eq(ps_poll(none, 3, 0.2), 0);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    ck_assert_int_eq(none[0].revents | none[1].revents | none[2].revents, 0);
    ck_assert_int_eq(ps_poll(NULL, 0, 0), 0);
}
END_TEST

START_TEST(poll_keeps_the_deadline)
{
    ps_sock one, two;
    double begin;

    test_tcp_pair(&one, &two);
    begin = test_clock();
    ck_assert_int_eq(poll_one(&one, POLLIN, 0.25), 0);
    ck_assert_double_ge(test_clock() - begin, 0.25);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    ck_assert_int_eq(poll_one(&one, POLLIN, 0), 0);
    ck_assert_int_eq(poll_one(&one, POLLIN, 1e-9), 0);
    ck_assert_int_eq(poll_one(&one, POLLOUT, 1e300), POLLOUT);
    ck_assert_int_eq(poll_one(&one, POLLOUT, PS_NO_TIMEOUT), POLLOUT);
    test_close(&one, &two);
}
END_TEST

START_TEST(poll_takes_the_default_timeout)
{
    double begin = test_clock();

    ck_assert_ok(ps_setdefaulttimeout(0.2));
    ck_assert_int_eq(ps_poll(NULL, 0, PS_DEFAULT_TIMEOUT), 0);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
}
END_TEST

START_TEST(poll_refuses_bad_arguments)
{
    static const double timeouts[] = {-0.5, -2, -INFINITY, NAN};
    ps_sock closed = PS_SOCK_INIT;
    ps_pollfd entry = {&closed, POLLIN, 7};

    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        entry.revents = 7;
        ck_assert_code(ps_poll(&entry, 1, timeouts[i]), PS_BAD_TIMEOUT);
        ck_assert_int_eq(entry.revents, 0);
    }
    ck_assert_code(ps_poll(NULL, 1, 0), PS_EFAULT);
}
END_TEST

/* ---- what there is --------------------------------------------------------------------------- */

START_TEST(poll_of_a_closed_socket)
{
    ps_sock closed = PS_SOCK_INIT;

    ck_assert_int_eq(poll_one(&closed, POLLIN | POLLOUT, PS_NO_TIMEOUT), POLLNVAL);
    ck_assert_int_eq(poll_one(&closed, 0, PS_NO_TIMEOUT), POLLNVAL);
}
END_TEST

/* One bad socket does not spoil the answer for the others. */
/* Traps: TMO-4. */
START_TEST(poll_of_a_closed_socket_among_others)
{
    ps_sock closed = PS_SOCK_INIT;
    ps_sock one, two;
    ps_pollfd entries[4];

    test_tcp_pair(&one, &two);
    entries[0] = (ps_pollfd){&one, POLLOUT, 0};
    entries[1] = (ps_pollfd){&closed, POLLIN, 0};
    entries[2] = (ps_pollfd){NULL, POLLIN, 7};
    entries[3] = (ps_pollfd){&two, POLLIN, 7};
    ck_assert_int_eq(ps_poll(entries, 4, PS_NO_TIMEOUT), 2);
    ck_assert_int_eq(entries[0].revents, POLLOUT);
    ck_assert_int_eq(entries[1].revents, POLLNVAL);
    ck_assert_int_eq(entries[2].revents, 0);
    ck_assert_int_eq(entries[3].revents, 0);
    test_close(&one, &two);
}
END_TEST

START_TEST(poll_of_datagrams)
{
    ps_sock one, two;
    ps_addr one_address, two_address;

    test_udp_pair(&one, &one_address, &two, &two_address);
    assert_quiet(&two, POLLIN);
    ASSERT_POLL(&two, POLLIN | POLLOUT, POLLOUT);
    ck_assert_int_eq(ps_sendto(&one, "", 0, 0, &two_address), 0);
    ASSERT_POLL(&two, POLLIN, POLLIN);
    ASSERT_POLL(&two, POLLIN | POLLOUT, POLLIN | POLLOUT);
    test_close(&one, &two);
}
END_TEST

START_TEST(poll_of_a_stream_and_datagrams)
{
    ps_sock stream[2], one, other;
    ps_addr of_one, of_other;
    ps_pollfd entries[2] = {{.sock = &stream[0], .events = POLLIN},
                            {.sock = &one, .events = POLLIN}};

    test_tcp_pair(&stream[1], &stream[0]);
    test_udp_pair(&one, &of_one, &other, &of_other);
    ck_assert_int_eq(ps_poll(entries, 2, 0.05), 0);
    ck_assert_int_eq(ps_sendto(&other, "x", 1, 0, &of_one), 1);
    ck_assert_int_eq(ps_poll(entries, 2, PATIENCE), 1);
    ck_assert_int_eq(entries[1].revents, POLLIN);
    receive_byte(&one);
    send_byte(&stream[1]);
    ck_assert_int_eq(ps_poll(entries, 2, PATIENCE), 1);
    ck_assert_int_eq(entries[0].revents, POLLIN);
    ck_assert_ok(ps_close(&stream[0]));
    ck_assert_ok(ps_close(&stream[1]));
    ck_assert_ok(ps_close(&one));
    ck_assert_ok(ps_close(&other));
}
END_TEST

START_TEST(poll_of_a_listener)
{
    ps_sock listener, client, server;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    assert_quiet(&listener, POLLIN | POLLOUT);
    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(&client, &a));
    ASSERT_POLL(&listener, POLLIN | POLLOUT, POLLIN);
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    assert_quiet(&listener, POLLIN);
    test_close(&server, &client, &listener);
}
END_TEST

START_TEST(poll_of_a_stream)
{
    ps_sock one, two;

    test_tcp_pair(&one, &two);
    assert_quiet(&two, POLLIN | POLLPRI);
    send_byte(&one);
    ASSERT_POLL(&two, POLLIN | POLLPRI, POLLIN);
    ck_assert_int_eq(poll_one(&two, 0, 0), 0);
    receive_byte(&two);
    assert_quiet(&two, POLLIN);
    test_close(&one, &two);
}
END_TEST

/* POLLIN, and not POLLHUP, which is what WSAPoll says: this end can send still. */
/* Traps: TMO-5. */
START_TEST(poll_at_the_end_of_a_stream)
{
    ps_sock one, two;
    char byte;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_shutdown(&one, SHUT_WR));
    ASSERT_POLL(&two, POLLIN, POLLIN);
    ASSERT_POLL(&two, POLLIN | POLLOUT, POLLIN | POLLOUT);
    ck_assert_int_eq(ps_recv(&two, &byte, 1, 0), 0);
    ASSERT_POLL(&two, POLLIN, POLLIN);
    send_byte(&two);
    ASSERT_POLL(&one, POLLIN, POLLIN);
    test_close(&one, &two);
}
END_TEST

START_TEST(poll_after_ones_own_shutdown)
{
    ps_sock one, two;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_shutdown(&one, SHUT_RD));
    ASSERT_POLL(&one, POLLIN, POLLIN);
    test_close(&one, &two);
}
END_TEST

START_TEST(poll_of_a_full_stream)
{
    static char block[65536];
    ps_sock one, two;
    ptrdiff_t sent = 0, count;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_settimeout(&one, 0.3));
    while ((count = ps_send(&one, block, sizeof block, 0)) > 0)
        sent += count;
    ck_assert_code(count, PS_TIMED_OUT);
    assert_quiet(&one, POLLOUT);
    ck_assert_ok(ps_settimeout(&two, PATIENCE));
    while (sent > 0) {
        count = ps_recv(&two, block, sizeof block, 0);
        ck_assert_int_gt(count, 0);
        sent -= count;
    }
    ASSERT_POLL(&one, POLLOUT, POLLOUT);
    test_close(&one, &two);
}
END_TEST

START_TEST(poll_of_urgent_data)
{
    ps_sock one, two;

    test_tcp_pair(&one, &two);
    assert_quiet(&two, POLLPRI);
    ck_assert_int_eq(ps_send(&one, "!", 1, MSG_OOB), 1);
    ck_assert_int_eq(poll_one(&two, POLLPRI, PATIENCE), POLLPRI);
    test_close(&one, &two);
}
END_TEST

/* ---- connections ----------------------------------------------------------------------------- */

START_TEST(poll_of_an_unconnected_stream)
{
    ps_sock s;
    ps_addr a;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ASSERT_POLL(&s, POLLOUT, POLLHUP | POLLOUT);
    ASSERT_POLL(&s, 0, POLLHUP);
    ck_assert_ok(ps_close(&s));
    test_refusing_address(&s, AF_INET, &a);
    ASSERT_POLL(&s, POLLOUT, POLLHUP | POLLOUT);
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(poll_of_a_connection)
{
    ps_sock listener, s;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    start_connection(&s, &a);
    ASSERT_POLL(&s, POLLOUT, POLLOUT);
    assert_quiet(&s, POLLIN);
    ck_assert_ok(ps_connect(&s, &a));
    ASSERT_POLL(&s, POLLIN | POLLOUT, POLLOUT);
    test_close(&s, &listener);
}
END_TEST

/* Before Windows 10 2004 WSAPoll never told of this. */
/* Traps: TMO-5. */
START_TEST(poll_of_a_refused_connection)
{
    static const int events[] = {POLLIN | POLLOUT, POLLOUT, POLLIN, 0};
    ps_sock holder, s;
    ps_addr a;

    test_refusing_address(&holder, AF_INET, &a);
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        start_connection(&s, &a);
        ASSERT_POLL(&s, events[i], POLLERR | POLLHUP | events[i]);
        ASSERT_POLL(&s, events[i], POLLERR | POLLHUP | events[i]);
        ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
        ck_assert_ok(ps_close(&s));
    }
    ck_assert_ok(ps_close(&holder));
}
END_TEST

START_TEST(poll_of_a_connection_under_way)
{
    full_listener f = full_listener_open();
    ps_sock s;

    start_connection(&s, &f.address);
    ck_assert_int_eq(poll_one(&s, POLLOUT, 0.3), 0);
    assert_quiet(&s, POLLIN | POLLOUT);
    ck_assert_ok(ps_close(&s));
    full_listener_close(&f);
}
END_TEST

/* Traps: TMO-5. */
START_TEST(poll_after_a_reset)
{
    ps_sock one, two;
    int revents;

    test_tcp_pair(&one, &two);
    close_with_reset(&one);
    revents = poll_one(&two, POLLIN, PATIENCE);
    ck_assert_int_eq(revents & ~(POLLERR | POLLHUP), POLLIN);
    ck_assert_ok(ps_close(&two));
}
END_TEST

/* ---- many ------------------------------------------------------------------------------------ */

/* Above the room on the stack, and above select's 64. */
enum { MANY = 300 };

typedef struct crowd {
    ps_sock socks[MANY];
    ps_addr addresses[MANY];
    ps_pollfd entries[MANY];
} crowd;

static crowd *open_crowd(void)
{
    crowd *c = calloc(1, sizeof *c);

    ck_assert_ptr_nonnull(c);
    for (size_t i = 0; i < MANY; i++) {
        test_bound(&c->socks[i], AF_INET, SOCK_DGRAM, &c->addresses[i]);
        c->entries[i] = (ps_pollfd){&c->socks[i], POLLIN, 0};
    }
    return c;
}

static void close_crowd(crowd *c)
{
    for (size_t i = 0; i < MANY; i++)
        ck_assert_ok(ps_close(&c->socks[i]));
    free(c);
}

/* Traps: TMO-3. */
START_TEST(poll_of_many_sockets)
{
    crowd *c = open_crowd();
    double begin = test_clock();
    size_t i;

    ck_assert_int_eq(ps_poll(c->entries, MANY, 0.1), 0);
    ck_assert_double_ge(test_clock() - begin, 0.1);
    ck_assert_int_eq(ps_sendto(&c->socks[0], "x", 1, 0, &c->addresses[MANY - 1]), 1);
    ck_assert_int_eq(ps_poll(c->entries, MANY, PATIENCE), 1);
    ck_assert_int_eq(c->entries[MANY - 1].revents, POLLIN);
    ck_assert_int_eq(ps_sendto(&c->socks[0], "x", 1, 0, &c->addresses[7]), 1);
    while (ps_poll(c->entries, MANY, PATIENCE) == 1)
        ;
    for (i = 0; i < MANY; i++) {
        ck_assert_int_eq(c->entries[i].revents, i == 7 || i == MANY - 1 ? POLLIN : 0);
        c->entries[i].events = POLLIN | POLLOUT;
    }
    ck_assert_int_eq(ps_poll(c->entries, MANY, PATIENCE), MANY);
    for (i = 0; i < MANY; i++)
        ck_assert_int_eq(c->entries[i].revents, POLLOUT | (i == 7 || i == MANY - 1 ? POLLIN : 0));
    close_crowd(c);
}
END_TEST

/* Traps: TMO-4. */
START_TEST(poll_of_many_sockets_one_closed)
{
    crowd *c = open_crowd();

    ck_assert_ok(ps_close(&c->socks[200]));
    ck_assert_int_eq(ps_poll(c->entries, MANY, PS_NO_TIMEOUT), 1);
    ck_assert_int_eq(c->entries[200].revents, POLLNVAL);
    close_crowd(c);
}
END_TEST

START_TEST(poll_of_one_socket_twice)
{
    ps_sock one, two;
    ps_pollfd entries[3];

    test_tcp_pair(&one, &two);
    send_byte(&one);
    ASSERT_POLL(&two, POLLIN, POLLIN);
    entries[0] = (ps_pollfd){&two, POLLIN, 0};
    entries[1] = (ps_pollfd){&two, POLLOUT, 0};
    entries[2] = (ps_pollfd){&two, POLLIN | POLLOUT, 0};
    ck_assert_int_eq(ps_poll(entries, 3, PATIENCE), 3);
    ck_assert_int_eq(entries[0].revents, POLLIN);
    ck_assert_int_eq(entries[1].revents, POLLOUT);
    ck_assert_int_eq(entries[2].revents, POLLIN | POLLOUT);
    test_close(&one, &two);
}
END_TEST

static void send_later(void *argument)
{
    test_sleep(0.2);
    send_byte(argument);
}

START_TEST(poll_is_woken)
{
    ps_sock one, two;
    test_thread *thread;

    test_tcp_pair(&one, &two);
    thread = test_thread_start(send_later, &one);
    ck_assert_int_eq(poll_one(&two, POLLIN, PS_NO_TIMEOUT), POLLIN);
    test_thread_join(thread);
    test_close(&one, &two);
}
END_TEST

/* ---- a socket that is closed beside it ------------------------------------------------------- */

static void close_later(void *argument)
{
    test_sleep(0.2);
    ck_assert_ok(ps_close(argument));
}

static void assert_close_ends(ps_sock *s, ps_sock *other)
{
    ps_pollfd entries[2] = {{other, POLLIN, 0}, {s, POLLIN, 0}};
    test_thread *thread = test_thread_start(close_later, s);

    ck_assert_int_eq(ps_poll(entries, 2, PS_NO_TIMEOUT), 1);
    ck_assert_int_eq(entries[0].revents, 0);
    ck_assert_int_eq(entries[1].revents, POLLNVAL);
    test_thread_join(thread);
}

START_TEST(poll_ends_when_a_socket_is_closed)
{
    ps_sock one, two, three, four, listener;
    ps_addr a, b;

    test_udp_pair(&one, &a, &two, &b);
    test_listener(&listener, AF_INET, &a);
    test_tcp_pair(&three, &four);
    assert_close_ends(&two, &one);
    assert_close_ends(&listener, &one);
    assert_close_ends(&three, &one);
    test_close(&four, &one);
}
END_TEST

void add_poll_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, poll_without_sockets_sleeps);
    ADD_TEST_CASE(suite, poll_keeps_the_deadline);
    ADD_TEST_CASE(suite, poll_takes_the_default_timeout);
    ADD_TEST_CASE(suite, poll_refuses_bad_arguments);
    ADD_TEST_CASE(suite, poll_of_a_closed_socket);
    ADD_TEST_CASE(suite, poll_of_a_closed_socket_among_others);
    ADD_TEST_CASE(suite, poll_of_datagrams);
    ADD_TEST_CASE(suite, poll_of_a_stream_and_datagrams);
    ADD_TEST_CASE(suite, poll_of_a_listener);
    ADD_TEST_CASE(suite, poll_of_a_stream);
    ADD_TEST_CASE(suite, poll_at_the_end_of_a_stream);
    ADD_TEST_CASE(suite, poll_after_ones_own_shutdown);
    ADD_TEST_CASE(suite, poll_of_a_full_stream);
    ADD_TEST_CASE(suite, poll_of_urgent_data);
    ADD_TEST_CASE(suite, poll_of_an_unconnected_stream);
    ADD_TEST_CASE(suite, poll_of_a_connection);
    ADD_TEST_CASE(suite, poll_of_a_refused_connection);
    ADD_TEST_CASE(suite, poll_of_a_connection_under_way);
    ADD_TEST_CASE(suite, poll_after_a_reset);
    ADD_TEST_CASE(suite, poll_of_many_sockets);
    ADD_TEST_CASE(suite, poll_of_many_sockets_one_closed);
    ADD_TEST_CASE(suite, poll_of_one_socket_twice);
    ADD_TEST_CASE(suite, poll_is_woken);
    ADD_TEST_CASE(suite, poll_ends_when_a_socket_is_closed);
}
