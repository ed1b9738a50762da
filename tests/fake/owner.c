/* Transfers of a socket's owner, which are counted apart from other calls. Another thread has
 * another number. */
#include "fake.h"

#include "common/socket/gate.h"
#include "common/socket/owner.h"
#include "common/socket/socket.h"

#if PS__HAVE_OWNERS

static char buffer[8];

static void be_thread(unsigned number)
{
    ps__thread = number;
}

/* The first thread owns the socket. */
static void connect_owned(ps_sock *s)
{
    fake_have_barrier();
    fake_connected(s, AF_INET, SOCK_STREAM);
    expect(SYS_SEND, .result = 1);
    ck_assert_int_eq(ps_send(s, "x", 1, 0), 1);
    ck_assert_uint_eq(s->owner, 1);
}

static void count_one(void *sock)
{
    ps_sock *s = sock;

    ck_assert_int_eq(s->calls, 0);
    ck_assert_int_eq(ps__calls_in_flight(s), 1);
}

static void count_two(void *sock)
{
    ps_sock *s = sock;

    ck_assert_int_eq(s->calls, 0);
    ck_assert_int_eq(ps__calls_in_flight(s), 2);
}

static void receive_within(void *sock)
{
    ck_assert_int_eq(ps_recv(sock, buffer, 1, 0), 1);
    ck_assert_code(ps_recv(sock, buffer, 1, 0), PS_ECONNRESET);
    count_one(sock);
}

START_TEST(owner_is_counted_apart)
{
    ps_sock s;

    fake_contend(1); /* another thread takes a number, too */
    connect_owned(&s);
    expect(SYS_RECV, .during = count_one, .context = &s, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 1, 0), 1);
    ck_assert_int_eq(ps__calls_in_flight(&s), 0);

    /* In a signal handler. */
    expect(SYS_RECV, .during = receive_within, .context = &s, .result = 1);
    expect(SYS_RECV, .during = count_two, .context = &s, .result = 1);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR);
    ck_assert_int_eq(ps_recv(&s, buffer, 1, 0), 1);
    ck_assert_int_eq(ps__calls_in_flight(&s), 0);
    fake_end(&s);
}
END_TEST

static void count_other(void *sock)
{
    ps_sock *s = sock;

    ck_assert_int_eq(s->calls, 1);
    ck_assert_int_eq(ps__calls_in_flight(s), 1);
}

START_TEST(owner_is_one_thread)
{
    ps_sock s;

    connect_owned(&s);
    be_thread(PS__NO_THREAD);
    expect(SYS_RECV, .during = count_other, .context = &s, .result = 1);
    expect(SYS_BARRIER);
    ck_assert_int_eq(ps_recv(&s, buffer, 1, 0), 1);
    ck_assert_int_eq(s.calls, 0);
    ck_assert_uint_eq(s.owner, 1);
    be_thread(1);
    fake_end(&s);
}
END_TEST

static void own_it(void *sock)
{
    expect(SYS_SEND, .result = 1);
    ck_assert_int_eq(ps_send(sock, "x", 1, 0), 1);
}

static void count_one_of_the_gate(void *sock)
{
    ps_sock *s = sock;

    own_it(s);
    ck_assert_uint_eq(s->owner, 1);
    ck_assert_int_eq(s->calls, 1);
    ck_assert_int_eq(ps__calls_in_flight(s), 1);
}

/* Other calls are counted as ever, also when the socket gets an owner meanwhile. */
START_TEST(owner_of_a_call_in_flight)
{
    ps_sock s;

    fake_have_barrier();
    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN, .during = count_one_of_the_gate, .context = &s);
    ck_assert_ok(ps_shutdown(&s, SHUT_WR));
    ck_assert_int_eq(ps__calls_in_flight(&s), 0);
    fake_end(&s);
}
END_TEST

START_TEST(owner_without_a_number)
{
    ps_sock s;

    fake_have_barrier();
    ps__last_thread = PS__NO_THREAD - 1;
    fake_connected(&s, AF_INET, SOCK_STREAM);
    own_it(&s);
    ck_assert_uint_eq(s.owner, 0);
    ck_assert_uint_eq(ps__thread, PS__NO_THREAD);
    fake_end(&s);
}
END_TEST

START_TEST(owner_where_there_is_no_barrier)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    own_it(&s);
    fake_have_barrier(); /* too late */
    own_it(&s);
    ck_assert_uint_eq(s.owner, 0);
    ck_assert_int_eq(s.calls, 0);
    fake_end(&s);
}
END_TEST

/* ---- the socket is being closed -------------------------------------------------------------- */

START_TEST(owner_comes_too_late)
{
    ps_sock s;

    connect_owned(&s);
    fake_begin_closing(&s);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EBADF);
    ck_assert(!ps__owner_is_calling(&s));
    be_thread(2);
    ck_assert_code(ps_send(&s, "x", 1, 0), PS_EBADF);
    ck_assert_int_eq(s.calls, -PS__CLOSING);
    s.calls = 0;
    be_thread(1);
    fake_end(&s);
}
END_TEST

static void leave_as_owner(void *sock)
{
    be_thread(1);
    ps__leave_transfer(sock);
    be_thread(2);
}

START_TEST(owner_is_waited_for)
{
    ps_sock s;

    connect_owned(&s);
    ck_assert(ps__enter_quickly(&s));
    be_thread(2);
    expect(SYS_BARRIER); /* it closes */
    expect(SYS_BARRIER); /* it looks */
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE);
    expect(SYS_BARRIER);
    expect(SYS_WAKE, .on = 1, .during = leave_as_owner, .context = &s);
    expect(SYS_BARRIER);
    expect(SYS_CLOSE, .on = 1);
    ck_assert_ok(ps_close(&s));
    fake_done();
    be_thread(1);

    /* One's own need no barrier, and are waited for in vain. */
    connect_owned(&s);
    ck_assert(ps__enter_transfer(&s));
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = SECONDS(10));
    ck_assert_code(ps_close(&s), PS_TIMED_OUT);
    ps__leave_transfer(&s);
    fake_end(&s);
}
END_TEST

static void fail_as_other(void *sock)
{
    fake_begin_closing(sock);
}

START_TEST(owner_fails_while_another_closes)
{
    ps_sock s;

    connect_owned(&s);
    fake_timeout(&s, 0);
    expect(SYS_RECV, .during = fail_as_other, .context = &s, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EBADF);
    s.calls = 0;
    fake_end(&s);
}
END_TEST

/* A sandbox may forbid the barrier: a moment is as good. */
START_TEST(owner_where_the_barrier_is_forbidden)
{
    ps_sock s;

    connect_owned(&s);
    be_thread(2);
    expect(SYS_BARRIER, .result = PS_EPERM);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(10));
    expect(SYS_CLOSE, .on = 1);
    ck_assert_ok(ps_close(&s));
    fake_done();
    be_thread(1);
}
END_TEST

/* The parent's owner is no thread of this process. */
START_TEST(owner_stays_in_the_parent)
{
    ps_sock s;

    connect_owned(&s);
    ck_assert(ps__enter_quickly(&s));
    fake_fork();
    be_thread(2);
    expect(SYS_BARRIER);
    expect(SYS_CLOSE, .on = 1);
    ck_assert_ok(ps_close(&s));
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EBADF);
    fake_done();
    be_thread(1);
}
END_TEST

/* A setter that lets the handle block sees the owner's call, which counts on that it does not. */
START_TEST(owner_keeps_the_mode)
{
    ps_sock s;

    connect_owned(&s);
    fake_timeout(&s, 1);
    ck_assert(ps__enter_quickly(&s));
    be_thread(2);
    expect(SYS_BARRIER);
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    be_thread(1);
    ps__leave_transfer(&s);
    fake_end(&s);
}
END_TEST

#endif

void add_owner_tests(Suite *suite);
void add_owner_tests(Suite *suite)
{
#if PS__HAVE_OWNERS
    ADD_TEST_CASE(suite, owner_is_counted_apart);
    ADD_TEST_CASE(suite, owner_is_one_thread);
    ADD_TEST_CASE(suite, owner_of_a_call_in_flight);
    ADD_TEST_CASE(suite, owner_without_a_number);
    ADD_TEST_CASE(suite, owner_where_there_is_no_barrier);
    ADD_TEST_CASE(suite, owner_comes_too_late);
    ADD_TEST_CASE(suite, owner_is_waited_for);
    ADD_TEST_CASE(suite, owner_fails_while_another_closes);
    ADD_TEST_CASE(suite, owner_where_the_barrier_is_forbidden);
    ADD_TEST_CASE(suite, owner_stays_in_the_parent);
    ADD_TEST_CASE(suite, owner_keeps_the_mode);
#else
    (void)suite;
#endif
}
