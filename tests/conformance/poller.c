/* Pollers: what a wait reports of sockets that stay registered, the same as ps_poll does; changes
 * and closes while threads wait; deadlines, wakes and tokens. */
#include "connection.h"
#include "full_listener.h"
#include "late.h"
#include "poller_events.h"
#include "test.h"

#include <stdatomic.h>

/* Far more than loopback needs, on a busy machine, too; Windows needs two seconds to refuse a
 * connection. */
#define PATIENCE 15.0
/* A thread waits by then, mostly; where it does not, the test shows less and does not fail. */
#define A_MOMENT 0.05

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_poller *open_poller(void)
{
    ps_poller *p;

    ck_assert_ok(ps_poller_open(&p));
    return p;
}

static void close_poller(ps_poller *p)
{
    ck_assert_ok(ps_poller_close(p));
}

/* A wait in a thread of its own. */
typedef struct waiter {
    ps_poller *poller;
    ps_cancel *token;
    double timeout;
    ps_event events[4];
    int result;
} waiter;

static void run_wait(void *argument)
{
    waiter *w = argument;

    w->result = ps_poller_wait(w->poller, w->events, 4, w->timeout, w->token);
}

static test_thread *start_wait(waiter *w, ps_poller *p)
{
    test_thread *thread;

    w->poller = p;
    if (w->timeout == 0)
        w->timeout = PATIENCE;
    thread = test_thread_start(run_wait, w);
    test_sleep(A_MOMENT);
    return thread;
}

static void assert_found(const waiter *w, const ps_sock *s, int events)
{
    ck_assert_int_eq(w->result, 1);
    ck_assert_ptr_eq(w->events[0].sock, s);
    ck_assert_int_eq(w->events[0].events, events);
}

/* ---- arguments ------------------------------------------------------------------------------- */

START_TEST(poller_refuses_bad_arguments)
{
    static const double timeouts[] = {-0.5, -2, -INFINITY, NAN};
    ps_poller *p = open_poller();
    ps_sock closed = PS_SOCK_INIT;
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    ps_event event;

    ck_assert_code(ps_poller_open(NULL), PS_EFAULT);
    ck_assert_ok(ps_poller_close(NULL));
    ps_poller_wake(NULL);
    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++)
        ck_assert_code(ps_poller_wait(p, &event, 1, timeouts[i], NULL), PS_BAD_TIMEOUT);
    ck_assert_code(ps_poller_wait(NULL, &event, 1, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_poller_wait(p, NULL, 1, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_poller_wait(p, &event, 0, 0, NULL), PS_EINVAL);
    ck_assert_code(ps_poller_add(NULL, &s, POLLIN, NULL), PS_EFAULT);
    ck_assert_code(ps_poller_add(p, NULL, POLLIN, NULL), PS_EFAULT);
    ck_assert_code(ps_poller_add(p, &closed, POLLIN, NULL), PS_EBADF);
    ck_assert_code(ps_poller_add(p, &s, POLLIN | PS_POLL_WOKEN, NULL), PS_EINVAL);
    ck_assert_code(ps_poller_modify(p, &s, POLLIN | PS_POLL_TIMEOUT, NULL), PS_EINVAL);
    ck_assert_code(ps_poller_modify(p, &s, POLLIN, NULL), PS_ENOENT);
    ck_assert_code(ps_poller_setdeadline(p, &s, 1), PS_ENOENT);
    ck_assert_code(ps_poller_setdeadline(p, &s, NAN), PS_BAD_TIMEOUT);
    ck_assert_code(ps_poller_remove(p, &s), PS_ENOENT);
    ck_assert_code(ps_poller_remove(p, &closed), PS_EBADF);
    ck_assert_ok(ps_poller_add(p, &s, POLLIN, NULL));
    ck_assert_code(ps_poller_add(p, &s, POLLIN, NULL), PS_EEXIST);
    ck_assert_ok(ps_poller_remove(p, &s));
    ck_assert_code(ps_poller_remove(p, &s), PS_ENOENT);
    ck_assert_ok(ps_setdefaulttimeout(0));
    ck_assert_int_eq(ps_poller_wait(p, &event, 1, PS_DEFAULT_TIMEOUT, NULL), 0);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    test_close(&s);
    close_poller(p);
}
END_TEST

START_TEST(poller_keeps_the_time)
{
    ps_poller *p = open_poller();
    double begin = test_clock();
    ps_event event;

    ck_assert_int_eq(ps_poller_wait(p, &event, 1, 0, NULL), 0);
    ck_assert_int_eq(ps_poller_wait(p, &event, 1, 1e-9, NULL), 0);
    ck_assert_int_eq(ps_poller_wait(p, &event, 1, 0.2, NULL), 0);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    close_poller(p);
}
END_TEST

/* ---- what there is: the same as in ps_poll --------------------------------------------------- */

static int polled(ps_sock *s, int events)
{
    ps_pollfd entry = {.sock = s, .events = events};

    ck_assert_ok(ps_poll(&entry, 1, 0));
    return entry.revents;
}

/* What a wait reports of the one socket; 0: nothing. */
static int waited(ps_poller *p, const ps_sock *s, double timeout)
{
    ps_event found[2];
    int count = ps_poller_wait(p, found, 2, timeout, NULL);

    ck_assert_ok(count);
    ck_assert_int_le(count, 1);
    ck_assert_ptr_eq(count > 0 ? found[0].sock : s, s);
    return count > 0 ? found[0].events : 0;
}

/* The socket's state does not change meanwhile. Each wait reports it, one after the other. */
static void assert_as_poll(ps_sock *s)
{
    static const int events[] = {POLLIN | POLLOUT | POLLPRI, POLLIN, POLLOUT, POLLPRI, 0};
    ps_poller *p = open_poller();

    ck_assert_ok(ps_poller_add(p, s, 0, NULL));
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        int expected = polled(s, events[i]);

        ck_assert_ok(ps_poller_modify(p, s, events[i], NULL));
        for (int k = 0; k < 3; k++)
            ck_assert_int_eq(waited(p, s, expected ? PATIENCE : 0), expected);
    }
    close_poller(p);
}

/* Waits until ps_poll reports something for `events`, and then compares. */
static void assert_as_poll_when(ps_sock *s, int events)
{
    ps_pollfd entry = {.sock = s, .events = events};

    ck_assert_int_eq(ps_poll(&entry, 1, PATIENCE), 1);
    assert_as_poll(s);
}

START_TEST(poller_of_streams_is_as_poll)
{
    ps_sock one, two, listener, client;
    ps_addr a;

    test_tcp_pair(&one, &two);
    assert_as_poll(&two);
    send_byte(&one);
    assert_as_poll_when(&two, POLLIN);
    receive_byte(&two);
    assert_as_poll(&two);
    ck_assert_int_eq(ps_send(&one, "!", 1, MSG_OOB), 1);
    assert_as_poll_when(&two, POLLPRI);
    ck_assert_ok(ps_shutdown(&one, SHUT_WR));
    assert_as_poll_when(&two, POLLIN);
    ck_assert_ok(ps_shutdown(&two, SHUT_WR));
    assert_as_poll_when(&two, POLLIN);
    test_close(&one, &two);

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_shutdown(&two, SHUT_RD));
    assert_as_poll_when(&two, POLLIN);
    test_close(&one, &two);

    test_tcp_pair(&one, &two);
    close_with_reset(&one);
    assert_as_poll_when(&two, POLLIN);
    ck_assert_code(ps_recv(&two, &a, 1, 0), PS_ECONNRESET);
    assert_as_poll_when(&two, POLLIN);
    test_close(&two);

    test_listener(&listener, AF_INET, &a);
    assert_as_poll(&listener);
    client = tcp_socket(PATIENCE);
    assert_as_poll(&client);
    ck_assert_ok(ps_connect(&client, &a));
    assert_as_poll_when(&listener, POLLIN);
    test_close(&client, &listener);
}
END_TEST

START_TEST(poller_of_datagrams_is_as_poll)
{
    ps_sock one, two;
    ps_addr one_address, two_address;

    test_udp_pair(&one, &one_address, &two, &two_address);
    assert_as_poll(&two);
    ck_assert_int_eq(ps_sendto(&one, "", 0, 0, &two_address), 0);
    assert_as_poll_when(&two, POLLIN);
    test_close(&one, &two);
}
END_TEST

START_TEST(poller_of_connections_is_as_poll)
{
    ps_sock holder, listener, s;
    ps_addr a;

    test_refusing_address(&holder, AF_INET, &a);
    s = tcp_socket(0);
    ck_assert_code(ps_connect(&s, &a), PS_EINPROGRESS);
    assert_as_poll_when(&s, POLLOUT);
    ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
    assert_as_poll(&s);
    test_close(&s, &holder);

    test_listener(&listener, AF_INET, &a);
    s = tcp_socket(0);
    ck_assert_code(ps_connect(&s, &a), PS_EINPROGRESS);
    assert_as_poll_when(&s, POLLOUT);
    ck_assert_ok(ps_connect(&s, &a));
    assert_as_poll(&s);
    test_close(&s, &listener);
}
END_TEST

/* Registered before something happens. */
START_TEST(poller_sees_what_happens)
{
    ps_poller *p = open_poller();
    ps_sock holder, listener, client, server, refused;
    ps_addr a, refusing;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_poller_add(p, &listener, POLLIN, NULL));
    assert_nothing(p);
    client = tcp_socket(PATIENCE);
    ck_assert_ok(ps_poller_add(p, &client, POLLIN, NULL));
    assert_event(p, &client, POLLIN | POLLHUP);
    ck_assert_ok(ps_connect(&client, &a));
    assert_event(p, &listener, POLLIN);
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    assert_nothing(p);
    send_byte(&server);
    assert_event(p, &client, POLLIN);
    assert_event(p, &client, POLLIN);
    receive_byte(&client);
    assert_nothing(p);
    ck_assert_ok(ps_close(&server));
    assert_event(p, &client, POLLIN);
    ck_assert_ok(ps_close(&client));
    assert_nothing(p);

    test_refusing_address(&holder, AF_INET, &refusing);
    refused = tcp_socket(0);
    ck_assert_code(ps_connect(&refused, &refusing), PS_EINPROGRESS);
    ck_assert_ok(ps_poller_add(p, &refused, POLLOUT, NULL));
    assert_event(p, &refused, POLLOUT | POLLERR | POLLHUP);
    ck_assert_code(ps_connect(&refused, &refusing), PS_ECONNREFUSED);
    assert_event(p, &refused, POLLOUT | POLLHUP);
    test_close(&refused, &holder, &listener);
    close_poller(p);
}
END_TEST

START_TEST(poller_sees_a_failure_that_a_call_has_found)
{
    ps_poller *p = open_poller();
    ps_sock one, two;
    char byte;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_poller_add(p, &two, 0, NULL));
    close_with_reset(&one);
    await_readable(&two);
    ck_assert_code(ps_recv(&two, &byte, 1, 0), PS_ECONNRESET);
    ck_assert_int_eq(waited(p, &two, PATIENCE), polled(&two, 0));
    ck_assert_int_eq(polled(&two, 0), POLLERR | POLLHUP);
    test_close(&two);
    close_poller(p);
}
END_TEST

START_TEST(poller_sees_ones_own_shutdown)
{
    ps_poller *p = open_poller();
    waiter w = {0};
    test_thread *thread;
    ps_sock one, two;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_poller_add(p, &one, POLLIN, NULL));
    thread = start_wait(&w, p);
    ck_assert_ok(ps_shutdown(&one, SHUT_RD));
    test_thread_join(thread);
    assert_found(&w, &one, POLLIN);
    test_close(&one, &two);
    close_poller(p);
}
END_TEST

/* ---- registrations --------------------------------------------------------------------------- */

/* Datagrams that have come together are reported until the last one is received. */
START_TEST(poller_sees_datagrams_that_came_together)
{
    ps_poller *p = open_poller();
    ps_datagram messages[3];
    ps_sock one, two;
    ps_addr one_address, two_address;
    char bytes[30] = {0};
    int code;

    test_udp_pair(&one, &one_address, &two, &two_address);
    code = ps_coalesce(&two);
    if (code != PS_EOPNOTSUPP)
        ck_assert_ok(code);
    ck_assert_ok(ps_settimeout(&two, PATIENCE));
    for (size_t i = 0; i < 3; i++)
        messages[i] = (ps_datagram){.data = bytes + 10 * i, .size = 10};
    ck_assert_ok(ps_connect(&one, &two_address));
    for (int once = 0; once < 2; once++) {
        int shot = once ? PS_POLL_ONESHOT : 0;

        ck_assert_int_eq((int)ps_sendmany(&one, messages, 3, 0), 3);
        ck_assert_ok(ps_poller_add(p, &two, POLLIN | shot, NULL));
        for (int i = 0; i < 3; i++) {
            assert_event(p, &two, POLLIN);
            ck_assert_int_eq((int)ps_recv(&two, bytes, 10, 0), 10);
            ck_assert_ok(ps_poller_modify(p, &two, POLLIN | shot, NULL));
        }
        assert_nothing(p);
        ck_assert_ok(ps_poller_remove(p, &two));
    }
    test_close(&one, &two);
    close_poller(p);
}
END_TEST

START_TEST(poller_returns_the_programs_data)
{
    ps_poller *p = open_poller();
    ps_sock one, two;
    ps_event event;
    int first, second;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_poller_add(p, &one, POLLOUT, &first));
    ck_assert_int_eq(ps_poller_wait(p, &event, 1, PATIENCE, NULL), 1);
    ck_assert_ptr_eq(event.data, &first);
    ck_assert_ok(ps_poller_modify(p, &one, POLLIN, &second));
    assert_nothing(p);
    send_byte(&two);
    ck_assert_int_eq(ps_poller_wait(p, &event, 1, PATIENCE, NULL), 1);
    ck_assert_ptr_eq(event.data, &second);
    ck_assert_int_eq(event.events, POLLIN);
    ck_assert_ok(ps_poller_modify(p, &one, 0, &first));
    assert_nothing(p);
    test_close(&one, &two);
    close_poller(p);
}
END_TEST

START_TEST(poller_reports_once)
{
    ps_poller *p = open_poller();
    ps_sock one, two, alone;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_poller_add(p, &one, POLLIN | PS_POLL_ONESHOT, NULL));
    send_byte(&two);
    for (int i = 0; i < 3; i++) {
        assert_event(p, &one, POLLIN);
        assert_nothing(p);
        ck_assert_ok(ps_poller_modify(p, &one, POLLIN | PS_POLL_ONESHOT, NULL));
    }
    ck_assert_ok(ps_poller_modify(p, &one, POLLIN, NULL));
    assert_event(p, &one, POLLIN);
    assert_event(p, &one, POLLIN);
    ck_assert_ok(ps_poller_remove(p, &one));
    alone = tcp_socket(0);
    ck_assert_ok(ps_poller_add(p, &alone, PS_POLL_ONESHOT, NULL));
    for (int i = 0; i < 3; i++) {
        assert_event(p, &alone, POLLHUP);
        assert_nothing(p);
        ck_assert_ok(ps_poller_modify(p, &alone, PS_POLL_ONESHOT, NULL));
    }
    test_close(&one, &two, &alone);
    close_poller(p);
}
END_TEST

START_TEST(poller_reports_edges_or_refuses)
{
    ps_poller *p = open_poller();
    ps_sock one, two, alone;
    int code;

    test_tcp_pair(&one, &two);
    code = ps_poller_add(p, &one, POLLIN | PS_POLL_EDGE, NULL);
    if (code == PS_EOPNOTSUPP) {
        ck_assert_ok(ps_poller_add(p, &one, POLLIN, NULL));
        ck_assert_code(ps_poller_modify(p, &one, POLLIN | PS_POLL_EDGE, NULL), PS_EOPNOTSUPP);
        send_byte(&two);
        assert_event(p, &one, POLLIN);
        assert_event(p, &one, POLLIN);
        test_close(&one, &two);
        close_poller(p);
        return;
    }
    ck_assert_ok(code);
    for (int i = 0; i < 3; i++) {
        assert_nothing(p);
        send_byte(&two);
        assert_event(p, &one, POLLIN);
    }
    assert_nothing(p);
    ck_assert_ok(ps_poller_modify(p, &one, POLLIN | PS_POLL_EDGE, NULL));
    assert_event(p, &one, POLLIN);
    assert_nothing(p);
    alone = tcp_socket(0);
    ck_assert_ok(ps_poller_add(p, &alone, PS_POLL_EDGE, NULL));
    assert_event(p, &alone, POLLHUP);
    assert_nothing(p);
    test_close(&one, &two, &alone);
    close_poller(p);
}
END_TEST

START_TEST(poller_forgets_what_is_removed_or_closed)
{
    ps_poller *p = open_poller();
    ps_poller *other = open_poller();
    ps_sock s[3];
    ps_handle h;

    for (int i = 0; i < 3; i++) {
        s[i] = test_socket(AF_INET, SOCK_DGRAM);
        ck_assert_ok(ps_poller_add(p, &s[i], POLLOUT, NULL));
        ck_assert_ok(ps_poller_add(other, &s[i], POLLOUT, NULL));
    }
    ck_assert_ok(ps_poller_remove(p, &s[0]));
    ck_assert_ok(ps_close(&s[1]));
    h = ps_detach(&s[2]);
    assert_nothing(p);
    assert_event(other, &s[0], POLLOUT);
    test_close(&s[0]);
    assert_nothing(other);
    ck_assert_ok(ps_adopt(&s[2], h));
    ck_assert_code(ps_poller_modify(p, &s[2], POLLOUT, NULL), PS_ENOENT);
    ck_assert_ok(ps_poller_add(p, &s[2], POLLOUT, NULL));
    assert_event(p, &s[2], POLLOUT);
    close_poller(p);
    close_poller(other);
    test_close(&s[2]);
}
END_TEST

/* The next socket mostly has the same handle, and a stream keeps the handle of a closed one. */
START_TEST(poller_does_not_mistake_a_handle)
{
    ps_poller *p = open_poller();
    connection c = connected(PATIENCE);
    ps_file *stream;

    for (int i = 0; i < 20; i++) {
        ps_sock s = test_socket(AF_INET, SOCK_DGRAM);

        ck_assert_ok(ps_poller_add(p, &s, i % 2 ? POLLIN : POLLOUT, NULL));
        if (i % 4 == 0)
            assert_event(p, &s, POLLOUT);
        ck_assert_ok(ps_close(&s));
        assert_nothing(p);
    }
    ck_assert_ok(ps_poller_add(p, &c.here, POLLOUT, NULL));
    ck_assert_ok(ps_makefile(&stream, &c.here, "rb", -1));
    ck_assert_ok(ps_close(&c.here));
    assert_nothing(p);
    ck_assert_ok(ps_file_close(stream));
    test_close(&c.peer);
    close_poller(p);
}
END_TEST

START_TEST(poller_is_closed_with_sockets_in_it)
{
    ps_poller *p = open_poller();
    ps_sock one, two;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_poller_add(p, &one, POLLIN, NULL));
    ck_assert_ok(ps_poller_add(p, &two, POLLIN | POLLOUT, NULL));
    ck_assert_ok(ps_poller_setdeadline(p, &two, ps_monotonic() + 100));
    close_poller(p);
    assert_talk(&one, &two);
}
END_TEST

enum { CLOSED = 4 };

static void close_all(void *sockets)
{
    for (ps_sock *s = sockets; s < (ps_sock *)sockets + CLOSED; s++)
        ck_assert_ok(ps_close(s));
}

START_TEST(poller_is_closed_while_its_sockets_are)
{
    ps_poller *other = open_poller();

    for (int i = 0; i < 50; i++) {
        ps_poller *p = open_poller();
        ps_sock s[CLOSED];
        test_thread *thread;

        for (int k = 0; k < CLOSED; k++) {
            s[k] = test_socket(AF_INET, SOCK_DGRAM);
            ck_assert_ok(ps_poller_add(p, &s[k], POLLIN, NULL));
            ck_assert_ok(ps_poller_add(other, &s[k], POLLOUT, NULL));
        }
        thread = test_thread_start(close_all, s);
        close_poller(p);
        test_thread_join(thread);
        ck_assert_int_eq(waited(other, NULL, 0), 0);
    }
    close_poller(other);
}
END_TEST

/* ---- while another thread waits -------------------------------------------------------------- */

START_TEST(poller_changes_while_another_waits)
{
    ps_poller *p = open_poller();
    waiter w[3] = {{0}};
    test_thread *thread;
    ps_sock one, two;

    test_tcp_pair(&one, &two);
    thread = start_wait(&w[0], p);
    ck_assert_ok(ps_poller_add(p, &one, POLLIN, NULL));
    test_sleep(A_MOMENT);
    send_byte(&two);
    test_thread_join(thread);
    assert_found(&w[0], &one, POLLIN);
    receive_byte(&one);
    thread = start_wait(&w[1], p);
    ck_assert_ok(ps_poller_modify(p, &one, POLLIN | POLLOUT, NULL));
    test_thread_join(thread);
    assert_found(&w[1], &one, POLLOUT);
    ck_assert_ok(ps_poller_modify(p, &one, POLLIN, NULL));
    w[2].timeout = 0.3;
    thread = start_wait(&w[2], p);
    ck_assert_ok(ps_poller_remove(p, &one));
    send_byte(&two);
    test_thread_join(thread);
    ck_assert_int_eq(w[2].result, 0);
    test_close(&one, &two);
    close_poller(p);
}
END_TEST

START_TEST(poller_forgets_what_is_closed_while_another_waits)
{
    ps_poller *p = open_poller();
    connection c = connected(PATIENCE), d = connected(PATIENCE);
    waiter w = {0};
    test_thread *thread;

    ck_assert_ok(ps_poller_add(p, &c.here, POLLIN, NULL));
    ck_assert_ok(ps_poller_add(p, &d.here, POLLIN, NULL));
    thread = start_wait(&w, p);
    ck_assert_ok(ps_close(&c.here));
    test_sleep(A_MOMENT);
    send_byte(&d.peer);
    test_thread_join(thread);
    assert_found(&w, &d.here, POLLIN);
    test_close(&c.peer);
    disconnect(&d);
    close_poller(p);
}
END_TEST

/* Each is reported to one thread, although all of them wait. */
enum { THREADS = 4, SHOTS = 40 };

typedef struct shared_poller {
    ps_poller *poller;
    atomic_int reported[SHOTS];
    atomic_int count;
} shared_poller;

static void take_shots(void *argument)
{
    shared_poller *p = argument;
    ps_event events[3];
    int count;

    while ((count = ps_poller_wait(p->poller, events, 3, PATIENCE, NULL)) > 0) {
        for (int i = 0; i < count; i++) {
            atomic_int *reported = events[i].data;

            if (events[i].events & PS_POLL_WOKEN) {
                ps_poller_wake(p->poller); /* and the next */
                return;
            }
            atomic_fetch_add(reported, 1);
            atomic_fetch_add(&p->count, 1);
        }
    }
}

START_TEST(poller_gives_a_shot_to_one_of_many_threads)
{
    shared_poller p = {.poller = open_poller()};
    test_thread *threads[THREADS];
    ps_sock s[SHOTS];
    double end = test_clock() + PATIENCE;

    for (int i = 0; i < THREADS; i++)
        threads[i] = test_thread_start(take_shots, &p);
    for (int i = 0; i < SHOTS; i++) {
        s[i] = test_socket(AF_INET, SOCK_DGRAM);
        ck_assert_ok(ps_poller_add(p.poller, &s[i], POLLOUT | PS_POLL_ONESHOT, &p.reported[i]));
    }
    while (atomic_load(&p.count) < SHOTS && test_clock() < end)
        test_sleep(0.01);
    test_sleep(A_MOMENT);
    ps_poller_wake(p.poller);
    for (int i = 0; i < THREADS; i++)
        test_thread_join(threads[i]);
    for (int i = 0; i < SHOTS; i++) {
        ck_assert_int_eq(atomic_load(&p.reported[i]), 1);
        test_close(&s[i]);
    }
    close_poller(p.poller);
}
END_TEST

/* ---- deadlines ------------------------------------------------------------------------------- */

static void set_deadline(ps_poller *p, ps_sock *s, double seconds)
{
    ck_assert_ok(ps_poller_setdeadline(p, s, ps_monotonic() + seconds));
}

START_TEST(poller_reports_a_deadline_once)
{
    ps_poller *p = open_poller();
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    double begin = test_clock();

    ck_assert_ok(ps_poller_add(p, &s, POLLIN, NULL));
    set_deadline(p, &s, 0.1);
    assert_event(p, &s, PS_POLL_TIMEOUT);
    ck_assert_double_ge(test_clock() - begin, 0.1 - 1e-6);
    assert_nothing(p);
    ck_assert_ok(ps_poller_setdeadline(p, &s, -1));
    assert_event(p, &s, PS_POLL_TIMEOUT);
    set_deadline(p, &s, 0.01);
    ck_assert_ok(ps_poller_setdeadline(p, &s, PS_NO_TIMEOUT));
    assert_nothing(p);
    set_deadline(p, &s, 0.01);
    ck_assert_ok(ps_poller_remove(p, &s));
    assert_nothing(p);
    ck_assert_ok(ps_poller_add(p, &s, POLLIN, NULL));
    set_deadline(p, &s, 1000);
    assert_nothing(p);
    set_deadline(p, &s, 0.01);
    assert_event(p, &s, PS_POLL_TIMEOUT);
    test_close(&s);
    close_poller(p);
}
END_TEST

/* One event with both, or two waits. */
START_TEST(poller_reports_a_deadline_and_what_is_ready)
{
    ps_poller *p = open_poller();
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    ps_sock alone = tcp_socket(0);

    ck_assert_ok(ps_poller_add(p, &s, POLLOUT, NULL));
    ck_assert_ok(ps_poller_setdeadline(p, &s, 0));
    assert_event(p, &s, POLLOUT | PS_POLL_TIMEOUT);
    assert_event(p, &s, POLLOUT);
    ck_assert_ok(ps_poller_remove(p, &s));
    ck_assert_ok(ps_poller_add(p, &alone, 0, NULL));
    ck_assert_ok(ps_poller_setdeadline(p, &alone, 0));
    assert_event(p, &alone, POLLHUP | PS_POLL_TIMEOUT);
    ck_assert_ok(ps_poller_modify(p, &alone, PS_POLL_ONESHOT, NULL));
    ck_assert_ok(ps_poller_setdeadline(p, &alone, 0));
    assert_event(p, &alone, POLLHUP | PS_POLL_TIMEOUT);
    assert_nothing(p);
    /* A deadline hides nothing, also where it is the one report. POLLERR and POLLHUP are ignored.
     */
    ck_assert_ok(ps_poller_add(p, &s, POLLOUT | POLLERR | POLLHUP | PS_POLL_ONESHOT, NULL));
    ck_assert_ok(ps_poller_setdeadline(p, &s, 0));
    assert_event(p, &s, POLLOUT | PS_POLL_TIMEOUT);
    assert_nothing(p);
    test_close(&s, &alone);
    close_poller(p);
}
END_TEST

START_TEST(poller_keeps_the_deadline_of_a_shot)
{
    ps_poller *p = open_poller();
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);

    ck_assert_ok(ps_poller_add(p, &s, POLLOUT | PS_POLL_ONESHOT, NULL));
    assert_event(p, &s, POLLOUT);
    ck_assert_ok(ps_poller_setdeadline(p, &s, 0));
    assert_nothing(p);
    ck_assert_ok(ps_poller_modify(p, &s, PS_POLL_ONESHOT, NULL));
    assert_event(p, &s, PS_POLL_TIMEOUT);
    assert_nothing(p);
    test_close(&s);
    close_poller(p);
}
END_TEST

enum { TIMERS = 200 };

START_TEST(poller_reports_deadlines_in_their_order)
{
    ps_poller *p = open_poller();
    static ps_sock s[TIMERS];
    double last = 0, now = ps_monotonic();
    static double deadlines[TIMERS];
    int seen = 0;

    for (int i = 0; i < TIMERS; i++) {
        s[i] = test_socket(AF_INET, SOCK_DGRAM);
        deadlines[i] = now + 1e-4 * (i * 7919 % TIMERS);
        ck_assert_ok(ps_poller_add(p, &s[i], 0, &deadlines[i]));
        ck_assert_ok(ps_poller_setdeadline(p, &s[i], deadlines[i]));
    }
    for (int i = 0; i < TIMERS; i += 3)
        ck_assert_ok(ps_poller_remove(p, &s[i]));
    for (int i = 1; i < TIMERS; i += 3)
        ck_assert_ok(ps_poller_setdeadline(p, &s[i], deadlines[i] += 1e-3));
    while (seen < TIMERS - (TIMERS + 2) / 3) {
        ps_event event;

        ck_assert_int_eq(ps_poller_wait(p, &event, 1, PATIENCE, NULL), 1);
        ck_assert_int_eq(event.events, PS_POLL_TIMEOUT);
        ck_assert_double_ge(*(double *)event.data, last - 1e-6); /* a nanosecond may have two */
        last = *(double *)event.data;
        seen++;
    }
    assert_nothing(p);
    for (int i = 0; i < TIMERS; i++)
        test_close(&s[i]);
    close_poller(p);
}
END_TEST

START_TEST(poller_takes_a_deadline_while_others_wait)
{
    ps_poller *p = open_poller();
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM), t = test_socket(AF_INET, SOCK_DGRAM);
    waiter w[2] = {{0}, {0}};
    test_thread *threads[2];

    ck_assert_ok(ps_poller_add(p, &s, 0, NULL));
    ck_assert_ok(ps_poller_add(p, &t, PS_POLL_ONESHOT, NULL));
    for (int i = 0; i < 2; i++)
        threads[i] = start_wait(&w[i], p);
    set_deadline(p, &s, 0.2);
    set_deadline(p, &t, 0.3);
    ck_assert_ok(ps_poller_modify(p, &t, POLLOUT | PS_POLL_ONESHOT, NULL));
    for (int i = 0; i < 2; i++)
        test_thread_join(threads[i]);
    /* One thread had the socket, the other kept the time: also if it was the first that did so. */
    ck_assert_int_eq(w[0].result, 1);
    ck_assert_int_eq(w[1].result, 1);
    ck_assert_int_eq(w[0].events[0].events | w[1].events[0].events, POLLOUT | PS_POLL_TIMEOUT);
    test_close(&s, &t);
    close_poller(p);
}
END_TEST

/* ---- wakes and tokens ------------------------------------------------------------------------ */

START_TEST(poller_is_woken)
{
    ps_poller *p = open_poller();
    waiter w = {0};
    test_thread *thread;

    ps_poller_wake(p);
    ps_poller_wake(p);
    assert_event(p, NULL, PS_POLL_WOKEN);
    assert_nothing(p);
    thread = start_wait(&w, p);
    ps_poller_wake(p);
    test_thread_join(thread);
    assert_found(&w, NULL, PS_POLL_WOKEN);
    assert_nothing(p);
    close_poller(p);
}
END_TEST

static void wake_often(void *poller)
{
    for (int i = 0; i < 2000; i++)
        ps_poller_wake(poller);
}

START_TEST(poller_is_woken_often)
{
    ps_poller *p = open_poller();
    test_thread *thread = test_thread_start(wake_often, p);
    ps_event event;
    int woken = 0;

    while (ps_poller_wait(p, &event, 1, 0.3, NULL) == 1)
        woken++;
    ck_assert_int_ge(woken, 1);
    test_thread_join(thread);
    close_poller(p);
}
END_TEST

START_TEST(poller_wait_is_canceled)
{
    ps_poller *p = open_poller();
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    ps_cancel *token;
    waiter w[3] = {{0}, {0}, {0}};
    test_thread *threads[3];
    ps_event event;

    ck_assert_ok(ps_cancel_open(&token));
    ck_assert_int_eq(ps_poller_wait(p, &event, 1, 0.02, token), 0);
    /* The other two go on. */
    w[0].token = token;
    for (int i = 0; i < 3; i++)
        threads[i] = start_wait(&w[i], p);
    ps_cancel_fire(token);
    test_thread_join(threads[0]);
    ck_assert_code(w[0].result, PS_ECANCELED);
    ck_assert_ok(ps_poller_add(p, &s, POLLOUT, NULL));
    ck_assert_code(ps_poller_wait(p, &event, 1, 0, token), PS_ECANCELED);
    for (int i = 1; i < 3; i++) {
        test_thread_join(threads[i]);
        assert_found(&w[i], &s, POLLOUT);
    }
    ck_assert_ok(ps_cancel_reset(token));
    ck_assert_int_eq(ps_poller_wait(p, &event, 1, PATIENCE, token), 1);
    ps_cancel_close(token);
    test_close(&s);
    close_poller(p);
}
END_TEST

START_TEST(poller_reports_a_sockets_token)
{
    ps_poller *p = open_poller();
    connection c = connected(PATIENCE), d = connected(PATIENCE);
    ps_cancel *token, *other;
    waiter w = {0};
    test_thread *thread;

    ck_assert_ok(ps_cancel_open(&token));
    ck_assert_ok(ps_cancel_open(&other));
    ck_assert_ok(ps_setcancel(&c.here, token));
    ck_assert_ok(ps_poller_add(p, &c.here, POLLIN, NULL));
    ck_assert_ok(ps_poller_add(p, &d.here, POLLIN, NULL));
    assert_nothing(p);
    thread = start_wait(&w, p);
    ps_cancel_fire(token);
    test_thread_join(thread);
    assert_found(&w, &c.here, POLLIN | POLLERR);
    assert_event(p, &c.here, POLLIN | POLLERR);
    ck_assert_int_eq(polled(&c.here, POLLIN), POLLIN | POLLERR);
    ck_assert_ok(ps_cancel_reset(token));
    assert_nothing(p);
    ps_cancel_fire(token);
    assert_event(p, &c.here, POLLIN | POLLERR);
    ck_assert_ok(ps_setcancel(&c.here, other));
    assert_nothing(p);
    ck_assert_ok(ps_setcancel(&d.here, token));
    assert_event(p, &d.here, POLLIN | POLLERR);
    ck_assert_ok(ps_poller_modify(p, &d.here, PS_POLL_ONESHOT, NULL));
    assert_event(p, &d.here, POLLERR);
    assert_nothing(p);
    ck_assert_ok(ps_poller_remove(p, &d.here));
    ck_assert_ok(ps_poller_add(p, &d.here, 0, NULL));
    assert_event(p, &d.here, POLLERR);
    ck_assert_ok(ps_setcancel(&d.here, NULL));
    ck_assert_ok(ps_setcancel(&c.here, NULL));
    assert_nothing(p);
    ps_cancel_close(token);
    ps_cancel_close(other);
    disconnect(&c);
    disconnect(&d);
    close_poller(p);
}
END_TEST

/* The wait in progress had it, and goes on. */
START_TEST(poller_forgets_a_token_that_is_closed)
{
    ps_poller *p = open_poller();
    connection c = connected(PATIENCE);

    ck_assert_ok(ps_poller_add(p, &c.here, POLLIN, NULL));
    for (int i = 0; i < 5; i++) {
        waiter w = {0};
        test_thread *thread;
        ps_cancel *token;

        ck_assert_ok(ps_cancel_open(&token));
        ck_assert_ok(ps_setcancel(&c.here, token));
        thread = start_wait(&w, p);
        ck_assert_ok(ps_setcancel(&c.here, NULL));
        ps_cancel_close(token);
        send_byte(&c.peer);
        test_thread_join(thread);
        assert_found(&w, &c.here, POLLIN);
        receive_byte(&c.here);
    }
    disconnect(&c);
    close_poller(p);
}
END_TEST

/* No wait has seen that it was reset. */
static void assert_each_fire_is_an_event(ps_poller *p, ps_sock *s, int events, ps_cancel *token)
{
    for (int i = 0; i < 3; i++) {
        ps_cancel_fire(token);
        assert_event(p, s, POLLIN | POLLERR);
        assert_nothing(p);
        ck_assert_ok(ps_cancel_reset(token));
        if (events & PS_POLL_ONESHOT)
            ck_assert_ok(ps_poller_modify(p, s, events, NULL));
    }
}

START_TEST(poller_reports_each_fire_of_a_token)
{
    static const int events[] = {POLLIN | PS_POLL_ONESHOT, POLLIN | PS_POLL_EDGE};
    connection c = connected(PATIENCE);
    ps_cancel *token;

    ck_assert_ok(ps_cancel_open(&token));
    ck_assert_ok(ps_setcancel(&c.here, token));
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        ps_poller *p = open_poller();
        int code = ps_poller_add(p, &c.here, events[i], NULL);

        if (code == 0)
            assert_each_fire_is_an_event(p, &c.here, events[i], token);
        else
            ck_assert_code(code, PS_EOPNOTSUPP);
        close_poller(p);
    }
    ck_assert_ok(ps_setcancel(&c.here, NULL));
    ps_cancel_close(token);
    disconnect(&c);
}
END_TEST

/* ---- many ------------------------------------------------------------------------------------ */

enum { MANY = 1100, SPACE = 64 };

START_TEST(poller_has_many_sockets)
{
    ps_poller *p = open_poller();
    ps_sock *s = calloc(MANY, sizeof *s);
    bool *seen = calloc(MANY, sizeof *seen);
    ps_addr address;
    int count = 0;

    ck_assert(s && seen);
    test_bound(&s[0], AF_INET, SOCK_DGRAM, &address);
    for (int i = 0; i < MANY; i++) {
        if (i > 0)
            s[i] = test_socket(AF_INET, SOCK_DGRAM);
        ck_assert_ok(ps_poller_add(p, &s[i], POLLIN, &seen[i]));
    }
    assert_nothing(p);
    ck_assert_int_eq(ps_sendto(&s[MANY - 1], "x", 1, 0, &address), 1);
    assert_event(p, &s[0], POLLIN);
    /* All are ready, and each has its turn. */
    for (int i = 0; i < MANY; i++)
        ck_assert_ok(ps_poller_modify(p, &s[i], POLLOUT, &seen[i]));
    for (int waits = 0; count < MANY && waits < 4 * MANY / SPACE; waits++) {
        ps_event events[SPACE];
        int found = ps_poller_wait(p, events, SPACE, PATIENCE, NULL);

        ck_assert_int_gt(found, 0);
        for (int i = 0; i < found; i++) {
            bool *one = events[i].data;

            count += !*one;
            *one = true;
        }
    }
    ck_assert_int_eq(count, MANY);
    for (int i = 0; i < MANY; i++)
        ck_assert_ok(ps_close(&s[i]));
    assert_nothing(p);
    free(s);
    free(seen);
    close_poller(p);
}
END_TEST

/* Of what the system reports and what it does not, nothing waits for ever. */
START_TEST(poller_with_space_for_one_reports_all)
{
    ps_poller *p = open_poller();
    ps_sock s[3] = {test_socket(AF_INET, SOCK_DGRAM), tcp_socket(0), tcp_socket(0)};
    int seen[4] = {0};

    for (int i = 0; i < 3; i++)
        ck_assert_ok(ps_poller_add(p, &s[i], POLLOUT, &seen[i]));
    for (int i = 0; i < 40; i++) {
        ps_event event;
        int *one;

        ps_poller_wake(p);
        ck_assert_int_eq(ps_poller_wait(p, &event, 1, PATIENCE, NULL), 1);
        one = event.data ? event.data : &seen[3];
        ++*one;
        if (i > 20)
            continue;
        ck_assert_int_eq(ps_poller_wait(p, &event, 1, PATIENCE, NULL), 1);
        one = event.data ? event.data : &seen[3];
        ++*one;
    }
    ck_assert_int_gt(seen[0], 0);
    ck_assert_int_gt(seen[3], 0);
    ck_assert_int_gt(seen[1] + seen[2], 0);
    for (int i = 0; i < 3; i++)
        test_close(&s[i]);
    close_poller(p);
}
END_TEST

/* What the system reports, what it does not, a deadline and wakes are always there. */
static void assert_all_have_a_turn(size_t space)
{
    enum { READY, KNOWN, LATE, WOKEN, KINDS, WAITS = 30 };
    ps_poller *p = open_poller();
    ps_sock s[] = {test_socket(AF_INET, SOCK_DGRAM), tcp_socket(0),
                   test_socket(AF_INET, SOCK_DGRAM)};
    int seen[KINDS] = {0};

    for (int i = 0; i < WOKEN; i++)
        ck_assert_ok(ps_poller_add(p, &s[i], i == LATE ? 0 : POLLOUT, &seen[i]));
    for (int i = 0; i < WAITS; i++) {
        ps_event events[KINDS];
        int count;

        ps_poller_wake(p);
        ck_assert_ok(ps_poller_setdeadline(p, &s[LATE], 0));
        count = ps_poller_wait(p, events, space, PATIENCE, NULL);
        ck_assert_int_gt(count, 0);
        for (int k = 0; k < count; k++)
            ++*(events[k].data ? (int *)events[k].data : &seen[WOKEN]);
    }
    for (int i = 0; i < KINDS; i++)
        ck_assert_msg(seen[i] >= 3, "with space for %zu: %d was reported %d times", space, i,
                      seen[i]);
    for (int i = 0; i < WOKEN; i++)
        test_close(&s[i]);
    close_poller(p);
}

START_TEST(poller_with_little_space_is_fair)
{
    for (size_t space = 1; space <= 4; space++)
        assert_all_have_a_turn(space);
}
END_TEST

void add_poller_tests(Suite *suite);
void add_poller_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, poller_refuses_bad_arguments);
    ADD_TEST_CASE(suite, poller_keeps_the_time);
    ADD_TEST_CASE(suite, poller_of_streams_is_as_poll);
    ADD_TEST_CASE(suite, poller_of_datagrams_is_as_poll);
    ADD_TEST_CASE(suite, poller_of_connections_is_as_poll);
    ADD_TEST_CASE(suite, poller_sees_what_happens);
    ADD_TEST_CASE(suite, poller_sees_a_failure_that_a_call_has_found);
    ADD_TEST_CASE(suite, poller_sees_ones_own_shutdown);
    ADD_TEST_CASE(suite, poller_sees_datagrams_that_came_together);
    ADD_TEST_CASE(suite, poller_returns_the_programs_data);
    ADD_TEST_CASE(suite, poller_reports_once);
    ADD_TEST_CASE(suite, poller_reports_edges_or_refuses);
    ADD_TEST_CASE(suite, poller_forgets_what_is_removed_or_closed);
    ADD_TEST_CASE(suite, poller_does_not_mistake_a_handle);
    ADD_TEST_CASE(suite, poller_is_closed_with_sockets_in_it);
    ADD_TEST_CASE(suite, poller_is_closed_while_its_sockets_are);
    ADD_TEST_CASE(suite, poller_changes_while_another_waits);
    ADD_TEST_CASE(suite, poller_forgets_what_is_closed_while_another_waits);
    ADD_TEST_CASE(suite, poller_gives_a_shot_to_one_of_many_threads);
    ADD_TEST_CASE(suite, poller_reports_a_deadline_once);
    ADD_TEST_CASE(suite, poller_reports_a_deadline_and_what_is_ready);
    ADD_TEST_CASE(suite, poller_keeps_the_deadline_of_a_shot);
    ADD_TEST_CASE(suite, poller_reports_deadlines_in_their_order);
    ADD_TEST_CASE(suite, poller_takes_a_deadline_while_others_wait);
    ADD_TEST_CASE(suite, poller_is_woken);
    ADD_TEST_CASE(suite, poller_is_woken_often);
    ADD_TEST_CASE(suite, poller_wait_is_canceled);
    ADD_TEST_CASE(suite, poller_reports_a_sockets_token);
    ADD_TEST_CASE(suite, poller_forgets_a_token_that_is_closed);
    ADD_TEST_CASE(suite, poller_reports_each_fire_of_a_token);
    ADD_TEST_CASE(suite, poller_has_many_sockets);
    ADD_TEST_CASE(suite, poller_with_space_for_one_reports_all);
    ADD_TEST_CASE(suite, poller_with_little_space_is_fair);
}
