/* Receives that wait before they ask, after others that had to wait. */
#include "fake.h"

#include "common/transfer/wait_first.h"

static char buffer[100];

static void timed(ps_sock *s, double timeout)
{
    atomic_store(&ps__first_waits, 0);
    fake_connected(s, AF_INET, SOCK_STREAM);
    fake_timeout(s, timeout);
}

static void expect_to_ask_first(void)
{
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__READABLE, .result = PS__READABLE);
    expect(SYS_RECV, .result = 5);
}

static void expect_to_wait_first(void)
{
    expect(SYS_WAIT, .events = PS__READABLE, .result = PS__READABLE);
    expect(SYS_RECV, .result = 5);
}

static void receive(ps_sock *s)
{
    ck_assert_int_eq(ps_recv(s, buffer, sizeof buffer, 0), 5);
}

static void receive_and_wait(ps_sock *s, int times)
{
    for (int i = 0; i < times; i++) {
        expect_to_ask_first();
        receive(s);
    }
}

static void wait_and_receive(ps_sock *s, int times)
{
    for (int i = 0; i < times; i++) {
        expect_to_wait_first();
        receive(s);
    }
}

/* One in eleven asks first, and when that is in vain the next ones wait first again. */
START_TEST(receives_that_wait_in_turn)
{
    ps_sock s;

    timed(&s, 1);
    receive_and_wait(&s, 2);
    wait_and_receive(&s, 10);
    receive_and_wait(&s, 1);
    wait_and_receive(&s, 10);
    fake_end(&s);
}
END_TEST

START_TEST(receives_that_wait_no_more)
{
    ps_sock s;

    timed(&s, 1);
    receive_and_wait(&s, 2);
    wait_and_receive(&s, 10);
    expect(SYS_RECV, .times = 3, .result = 5);
    for (int i = 0; i < 3; i++)
        receive(&s);
    receive_and_wait(&s, 2);
    wait_and_receive(&s, 1);
    fake_end(&s);
}
END_TEST

START_TEST(receives_that_wait_now_and_then)
{
    ps_sock s;

    timed(&s, 1);
    for (int i = 0; i < 5; i++) {
        receive_and_wait(&s, 1);
        expect(SYS_RECV, .result = 5);
        receive(&s);
    }
    fake_end(&s);
}
END_TEST

START_TEST(receives_that_may_not_wait)
{
    ps_sock s;

    timed(&s, 1);
    receive_and_wait(&s, 2);
#ifdef MSG_DONTWAIT
    expect(SYS_RECV, .result = 5);
    ck_assert_int_eq(ps_recv(&s, buffer, sizeof buffer, MSG_DONTWAIT), 5);
    receive_and_wait(&s, 2);
#endif
    fake_timeout(&s, 0);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_recv(&s, buffer, sizeof buffer, 0), PS_EWOULDBLOCK);
    fake_timeout(&s, PS_NO_TIMEOUT); /* the system's call waits */
    expect(SYS_RECV, .result = 5);
    receive(&s);
    fake_end(&s);
}
END_TEST

/* A wait that ends without data ends the call as ever. */
START_TEST(receive_that_waits_first_in_vain)
{
    ps_sock s;

    timed(&s, 1);
    receive_and_wait(&s, 2);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1), .result = 0);
    ck_assert_code(ps_recv(&s, buffer, sizeof buffer, 0), PS_TIMED_OUT);
    expect(SYS_WAIT, .result = PS__READABLE);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(ps_recv(&s, buffer, sizeof buffer, 0), PS_ECONNRESET);
    fake_end(&s);
}
END_TEST

START_TEST(messages_that_wait_in_turn)
{
    ps_buffer into = {buffer, sizeof buffer};
    ps_sock s;

    timed(&s, 1);
    receive_and_wait(&s, 2);
    expect(SYS_WAIT, .events = PS__READABLE, .result = PS__READABLE);
    expect(SYS_RECVMSG, .result = 5);
    ck_assert_int_eq(ps_recvmsg(&s, &into, 1, NULL, NULL, NULL, 0, NULL, NULL), 5);
    fake_end(&s);
}
END_TEST

START_TEST(streams_that_wait_in_turn)
{
    ps_sock s;
    ps_file *f;

    timed(&s, 1);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    for (int i = 0; i < 4; i++) {
        if (i < 2)
            expect(SYS_RECV, .size = 1, .result = PS_EWOULDBLOCK);
        expect(SYS_WAIT, .events = PS__READABLE, .result = PS__READABLE);
        expect(SYS_RECV, .size = 1, .result = 1, .data = "x");
        ck_assert_int_eq(ps_file_read(f, buffer, 1), 1);
    }
    ck_assert_ok(ps_close(&s));
    ck_assert_int_eq(ps_file_close(f), 0);
    fake_done();
}
END_TEST

void add_wait_first_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, receives_that_wait_in_turn);
    ADD_TEST_CASE(suite, receives_that_wait_no_more);
    ADD_TEST_CASE(suite, receives_that_wait_now_and_then);
    ADD_TEST_CASE(suite, receives_that_may_not_wait);
    ADD_TEST_CASE(suite, receive_that_waits_first_in_vain);
    ADD_TEST_CASE(suite, messages_that_wait_in_turn);
    ADD_TEST_CASE(suite, streams_that_wait_in_turn);
}
