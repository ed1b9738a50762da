/* ps_poll: many sockets, what each system says of them, and the deadline. */
#include "fake.h"

#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/wait/cancel.h"

#define ENTRIES(...)                              \
    .entries = (const fake_entry[]){__VA_ARGS__}, \
    .entry_count = sizeof((const fake_entry[]){__VA_ARGS__}) / sizeof(fake_entry)

/* A connected TCP socket (handle 1) and a datagram socket (handle 2). */
static void make_two(ps_sock *s, ps_sock *d)
{
    fake_connected(s, AF_INET, SOCK_STREAM);
    fake_socket(d, AF_INET, SOCK_DGRAM);
}

static void close_two(ps_sock *s, ps_sock *d)
{
    ck_assert_ok(ps_close(s));
    fake_end(d);
}

/* Another thread begins to close a socket. */
static void begin_closing(void *s)
{
    fake_begin_closing(s);
}

static void fire(void *token)
{
    ps_cancel_fire(token);
}

/* As in a child of fork that had no handle for it. */
START_TEST(poll_looks_at_a_token_without_a_notifier)
{
    ps_pollfd p = {.events = POLLIN};
    ps_handle notifier;
    ps_cancel *token = fake_token();
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_setcancel(&s, token));
    notifier = token->notifier.wait_handle;
    token->notifier.wait_handle = PS_INVALID_HANDLE;
    p.sock = &s;
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50),
           ENTRIES({2, PS__READABLE, 0}, {FAKE_NO_HANDLE, PS__NOTIFIED, 0}));
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50), .during = fire,
           .context = token, ENTRIES({2, PS__READABLE, 0}, {FAKE_NO_HANDLE, PS__NOTIFIED, 0}));
    ck_assert_int_eq(ps_poll(&p, 1, 5), 1);
    ck_assert_int_eq(p.revents, POLLIN | POLLERR);
    token->notifier.wait_handle = notifier;
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_setcancel(&s, NULL));
    ps_cancel_close(token);
    fake_end(&s);
}
END_TEST

/* TMO-5: an error or a lost peer ends what was asked for, since no call would block; and comes
 * unasked. */
/* Traps: TMO-5. */
START_TEST(poll_tells_what_is_there)
{
    static const struct {
        int ready;
        int revents;
    } rows[] = {
        {PS__READABLE, POLLIN},
        {PS__WRITABLE, POLLOUT},
        {PS__READABLE | PS__WRITABLE, POLLIN | POLLOUT},
        {PS__URGENT, POLLPRI},
        {PS__FAILED, POLLIN | POLLOUT | POLLERR},
        {PS__HUNG_UP, POLLIN | POLLOUT | POLLHUP},
        {PS__INVALID, POLLNVAL},
    };
    ps_sock s, d;

    make_two(&s, &d);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_pollfd p[] = {
            {&s, POLLIN | POLLOUT | POLLPRI, 77}, {NULL, POLLIN, 77}, {&d, POLLOUT, 77}};

        expect(SYS_WAIT, .nanoseconds = SECONDS(1),
               ENTRIES({1, PS__READABLE | PS__WRITABLE | PS__URGENT, rows[i].ready},
                       {FAKE_NO_HANDLE, FAKE_ZERO, 0}, {2, PS__WRITABLE, 0}));
        ck_assert_int_eq(ps_poll(p, 3, 1), 1);
        ck_assert_int_eq(p[0].revents, rows[i].revents);
        ck_assert_int_eq(p[1].revents, 0);
        ck_assert_int_eq(p[2].revents, 0);

        p[0].events = 0;
        expect(SYS_WAIT, ENTRIES({1, FAKE_ZERO, rows[i].ready}, {0, 0, 0}, {2, 0, PS__WRITABLE}));
        ck_assert_int_eq(ps_poll(p, 3, 1),
                         1 + ((rows[i].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0));
        ck_assert_int_eq(p[0].revents, rows[i].revents & (POLLERR | POLLHUP | POLLNVAL));
    }
    close_two(&s, &d);
}
END_TEST

/* TMO-9, TMO-7: one deadline, whatever interrupts it. */
/* Traps: TMO-2. */
START_TEST(poll_keeps_the_deadline)
{
    ps_sock s, d;
    ps_pollfd p[1];

    make_two(&s, &d);
    p[0] = (ps_pollfd){&s, POLLIN, 0};
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(600), .result = PS_EINTR);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(400), .advance = MILLISECONDS(399));
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(1), .advance = MILLISECONDS(1));
    ck_assert_int_eq(ps_poll(p, 1, 1), 0);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(ps_poll(p, 1, 0), 0);
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .result = PS_ENOMEM);
    ck_assert_code(ps_poll(p, 1, PS_NO_TIMEOUT), PS_ENOMEM);
    ck_assert_int_eq(p[0].revents, 0);
    ck_assert_ok(ps_setdefaulttimeout(3));
    expect(SYS_WAIT, .nanoseconds = SECONDS(3), .result = PS_EBADF);
    ck_assert_code(ps_poll(p, 1, PS_DEFAULT_TIMEOUT), PS_EBADF);
    ck_assert_code(ps_poll(p, 1, -2), PS_BAD_TIMEOUT);
    ck_assert_code(ps_poll(NULL, 1, 1), PS_EFAULT);
    /* TMO-2: without any socket it sleeps. */
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_int_eq(ps_poll(NULL, 0, 1), 0);
    close_two(&s, &d);
}
END_TEST

static int end_it(void *context)
{
    (void)context;
    return 1;
}

START_TEST(poll_ended_by_the_hook)
{
    ps_set_interrupt(end_it, NULL);
    expect(SYS_WAIT, .result = PS_EINTR);
    ck_assert_code(ps_poll(NULL, 0, 1), PS_EINTR);
    fake_done();
}
END_TEST

/* CON-10: of a stream that nobody has connected Linux says "writable" and Winsock nothing; it
 * hangs up everywhere. */
/* Traps: CON-10. */
START_TEST(poll_of_what_is_known_without_the_system)
{
    ps_sock s, t, closed = PS_SOCK_INIT;
    ps_pollfd p[3];

    fake_socket(&s, AF_INET, SOCK_STREAM);
    fake_connected(&t, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN);
    ck_assert_ok(ps_shutdown(&t, SHUT_RD));
    p[0] = (ps_pollfd){&s, POLLIN | POLLOUT, 0};
    p[1] = (ps_pollfd){&closed, POLLIN, 0};
    p[2] = (ps_pollfd){&t, POLLIN | POLLOUT, 0};

    /* What is there already is not waited for. */
    expect(SYS_GETPEERNAME, .on = 1, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE,
           ENTRIES({1, 0, PS__WRITABLE}, {FAKE_NO_HANDLE, 0, 0}, {2, 0, PS__WRITABLE}));
    expect(SYS_GETPEERNAME, .on = 1, .result = PS_ENOTCONN);
    ck_assert_int_eq(ps_poll(p, 3, 1), 3);
    ck_assert_int_eq(p[0].revents, POLLIN | POLLOUT | POLLHUP);
    ck_assert_int_eq(p[1].revents, POLLNVAL);
    ck_assert_int_eq(p[2].revents, POLLIN | POLLOUT);

    /* Connected behind this library's back; and a receive that is shut, but not asked for. */
    p[1].sock = NULL;
    p[2].events = POLLOUT;
    expect(SYS_GETPEERNAME, .on = 1, .from = "127.0.0.1:1");
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    expect(SYS_GETPEERNAME, .on = 1, .from = "127.0.0.1:1");
    ck_assert_int_eq(ps_poll(p, 3, 1), 0);
    close_two(&s, &t);

    fake_socket(&s, AF_UNIX, SOCK_STREAM);
    p[0].events = POLLIN;
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), ENTRIES({1, PS__READABLE, PS__READABLE}));
    ck_assert_int_eq(ps_poll(p, 1, 1), 1);
    fake_end(&s);
}
END_TEST

/* CON-3: a connection under way is asked for its failure, whatever is waited for. */
/* Traps: CON-3. */
START_TEST(poll_of_a_connection_under_way)
{
    ps_addr a = fake_address("127.0.0.1:80");
    ps_sock s;
    ps_pollfd p[1];

    fake_socket(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 0);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(ps_connect(&s, &a), PS_EINPROGRESS);
    p[0] = (ps_pollfd){&s, POLLOUT, 0};
    expect(SYS_WAIT, ENTRIES({1, PS__WRITABLE | PS__FAILED, PS__FAILED}));
    ck_assert_int_eq(ps_poll(p, 1, 1), 1);
    ck_assert_int_eq(p[0].revents, POLLOUT | POLLERR);

    /* A send has found that it is there, and ps_connect has not. */
    expect(SYS_SEND, .result = 1);
    ck_assert_int_eq(ps_send(&s, "x", 1, 0), 1);
    expect(SYS_WAIT, ENTRIES({1, PS__WRITABLE | PS__FAILED, PS__WRITABLE}));
    ck_assert_int_eq(ps_poll(p, 1, 1), 1);
    ck_assert_int_eq(p[0].revents, POLLOUT);
    fake_end(&s);
}
END_TEST

/* TMO-3: no limit but the heap. */
/* Traps: TMO-3. */
START_TEST(poll_of_hundreds)
{
    static ps_pollfd p[500];
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    for (int i = 0; i < 500; i++)
        p[i] = (ps_pollfd){&s, POLLIN, 1};
    fake_fail_allocation(1);
    ck_assert_code(ps_poll(p, 500, 1), PS_ENOMEM);
    ck_assert_int_eq(p[499].revents, 0);
    expect(SYS_WAIT, .advance = SECONDS(1));
    ck_assert_int_eq(ps_poll(p, 500, 1), 0);
    fake_unload();
    fake_end(&s);
}
END_TEST

static void poll_without_sockets(size_t count)
{
    static ps_pollfd p[200000];

    expect(SYS_WAIT, .advance = SECONDS(1));
    ck_assert_int_eq(ps_poll(p, count, 1), 0);
}

/* Memory is kept for the next call, but not without bound. */
START_TEST(poll_keeps_memory)
{
    poll_without_sockets(500);
    fake_fail_allocation(1);
    poll_without_sockets(500);
    poll_without_sockets(300);
    ck_assert(!fake_allocation_failed());
    fake_fail_allocation(0);
    poll_without_sockets(600);
    fake_unload();
    fake_done();

    poll_without_sockets(200000);
    fake_done();
}
END_TEST

/* THR-1: a socket that is closed meanwhile, or before; in slices where nothing ends the wait. */
/* Traps: THR-1. */
START_TEST(poll_beside_a_close)
{
    ps_sock s, d;
    ps_pollfd p[3];

    make_two(&s, &d);
    p[0] = (ps_pollfd){&s, POLLIN, 0};
    p[1] = (ps_pollfd){NULL, POLLIN, 0};
    p[2] = (ps_pollfd){&d, POLLIN, 0};
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .during = begin_closing, .context = &s,
           ENTRIES({1, 0, PS__READABLE}, {0, 0, 0}, {2, 0, 0}));
    ck_assert_int_eq(ps_poll(p, 3, 1), 1);
    ck_assert_int_eq(p[0].revents, POLLNVAL);

    /* It is still being closed when the next begins; and when that fails. */
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE,
           ENTRIES({FAKE_NO_HANDLE, 0, 0}, {0, 0, 0}, {2, 0, 0}));
    ck_assert_int_eq(ps_poll(p, 3, 1), 1);
    ck_assert_int_eq(p[0].revents, POLLNVAL);
    expect(SYS_WAIT, .result = PS_ENOMEM);
    ck_assert_code(ps_poll(p, 3, 1), PS_ENOMEM);
    ck_assert_int_eq(p[0].revents, 0);
    s.calls = 0;
    /* On Windows a close may fail the wait for all. */
    expect(SYS_WAIT, .during = begin_closing, .context = &s, .result = PS_ENOTSOCK);
    ck_assert_int_eq(ps_poll(p, 3, 1), 1);
    ck_assert_int_eq(p[0].revents, POLLNVAL);
    ck_assert_int_eq(p[2].revents, 0);
    s.calls = 0;

    fake_set_reach(0);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50));
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(920));
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(30), .during = begin_closing, .context = &d);
    ck_assert_int_eq(ps_poll(p, 3, 1), 1);
    ck_assert_int_eq(p[2].revents, POLLNVAL);
    d.calls = 0;
    fake_set_reach(PS__WAKES_WAITS);
    close_two(&s, &d);
}
END_TEST

void add_poll_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, poll_tells_what_is_there);
    ADD_TEST_CASE(suite, poll_looks_at_a_token_without_a_notifier);
    ADD_TEST_CASE(suite, poll_keeps_the_deadline);
    ADD_TEST_CASE(suite, poll_ended_by_the_hook);
    ADD_TEST_CASE(suite, poll_of_what_is_known_without_the_system);
    ADD_TEST_CASE(suite, poll_of_a_connection_under_way);
    ADD_TEST_CASE(suite, poll_of_hundreds);
    ADD_TEST_CASE(suite, poll_keeps_memory);
    ADD_TEST_CASE(suite, poll_beside_a_close);
}
