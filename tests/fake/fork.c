/* What a process that fork has made does with what it has inherited. Its parent's calls in
 * flight are a number here. */
#include "fake.h"

#include "common/fork.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"

/* A connection that this process has from its parent, which was in so many calls on it. */
static void inherit(ps_sock *s, int calls)
{
    fake_connected(s, AF_INET, SOCK_STREAM);
    for (int i = 0; i < calls; i++)
        ck_assert(ps__enter(s));
    fake_fork();
}

static void close_inherited(ps_sock *s)
{
    expect(SYS_CLOSE, .on = 1);
    ck_assert_ok(ps_close(s));
    ck_assert_int_eq(s->calls, 0);
    ck_assert_ok(ps_close(s));
    fake_done();
}

/* They belong to threads that this process does not have, and what would end them would reach
 * the parent. */
START_TEST(inherited_calls_are_not_waited_for)
{
    ps_sock s, own;

    inherit(&s, 2);
    close_inherited(&s);

    /* What it has made itself is closed as ever. */
    fake_connected(&own, AF_INET, SOCK_STREAM);
    ck_assert(ps__enter(&own));
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .result = 0);
    expect(SYS_WAKE, .on = 1);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = SECONDS(10), .result = 0);
    ck_assert_code(ps_close(&own), PS_TIMED_OUT);
    (void)ps__leave(&own);
    fake_end(&own);
}
END_TEST

/* A thread of the parent was closing the socket. */
START_TEST(inherited_close_goes_on)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert(ps__enter(&s));
    fake_begin_closing(&s);
    ck_assert_ok(ps_close(&s));
    ck_assert_int_eq(s.calls, 1 - PS__CLOSING);
    fake_fork();
    ck_assert_code(ps_send(&s, "x", 1, 0), PS_EBADF);
    close_inherited(&s);

    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_begin_closing(&s);
    fake_fork();
    expect(SYS_CLOSE, .on = 1);
    ck_assert_ok(ps_close_gracefully(&s, 1));
    fake_done();

    /* Two threads of the child: one closes it. */
    inherit(&s, 0);
    fake_begin_closing(&s);
    ck_assert_ok(ps_close(&s));
    ck_assert_int_eq(s.calls, -PS__CLOSING);
    s.calls = 0;
    fake_end(&s);
}
END_TEST

/* So the end of a connection is not looked for with them for longer than a moment. */
START_TEST(inherited_calls_report_no_failure)
{
    ps_sock s;

    inherit(&s, 1);
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = MILLISECONDS(1));
    ck_assert_code(ps_recv(&s, (char[1]){0}, 1, 0), 0);
    close_inherited(&s);
}
END_TEST

START_TEST(inherited_calls_beside_a_graceful_close)
{
    ps_sock s;

    inherit(&s, 1);
    expect(SYS_SHUTDOWN);
    expect(SYS_SET_NONBLOCKING);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    expect(SYS_CLOSE, .on = 1);
    ck_assert_code(ps_close_gracefully(&s, 2), PS_ECONNRESET);
    ck_assert_int_eq(s.calls, 0);
    fake_done();
}
END_TEST

/* As many as an unsigned short counts, and never 0, which says that nobody has asked. */
START_TEST(generations_go_round)
{
    unsigned short before;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    before = ps__generation();
    for (int i = 0; i < 65535; i++) {
        fake_fork();
        ck_assert_int_ne(ps__generation(), 0);
        ck_assert(ps__generation() != before || i == 65534);
    }
    ck_assert_int_eq(ps__generation(), before);
    fake_end(&s);
}
END_TEST

void add_fork_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, inherited_calls_are_not_waited_for);
    ADD_TEST_CASE(suite, inherited_close_goes_on);
    ADD_TEST_CASE(suite, inherited_calls_report_no_failure);
    ADD_TEST_CASE(suite, inherited_calls_beside_a_graceful_close);
    ADD_TEST_CASE(suite, generations_go_round);
}
