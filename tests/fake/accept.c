/* ps_accept: connections that are gone, false readiness, descriptors that run out, and what
 * other systems answer. */
#include "fake.h"

static void make_listener(ps_sock *s, double timeout)
{
    fake_socket(s, AF_INET, SOCK_STREAM);
    expect(SYS_LISTEN, .result = 0);
    ck_assert_ok(ps_listen(s, 1));
    fake_timeout(s, timeout);
}

static void close_both(ps_sock *listener, ps_sock *connection)
{
    ck_assert_ok(ps_close(connection));
    fake_end(listener);
}

/* CON-16: a connection that its peer has reset in the queue is nobody's failure, on any of the
 * systems. */
/* Traps: CON-16. */
START_TEST(accept_passes_over_connections_that_are_gone)
{
    ps_sock s, c;
    ps_addr peer;

    make_listener(&s, PS_NO_TIMEOUT);
    expect(SYS_ACCEPT, .on = 1, .times = 1000, .result = PS_ECONNABORTED);
    expect(SYS_ACCEPT, .on = 1, .result = PS_EPROTO);
    expect(SYS_ACCEPT, .on = 1, .result = PS_EINTR);
    expect(SYS_ACCEPT, .on = 1, .from = "127.0.0.1:4000");
    ck_assert_ok(ps_accept(&s, &c, &peer));
    ck_assert_int_eq(ps_addr_port(&peer), 4000);
    ck_assert_uint_eq(fake_clock_reads(), 0);
    close_both(&s, &c);
}
END_TEST

/* The listener is no place for a connection. */
START_TEST(accept_into_the_listener)
{
    ps_handle h;
    ps_sock s;

    make_listener(&s, PS_NO_TIMEOUT);
    h = s.handle;
    ck_assert_code(ps_accept(&s, &s, NULL), PS_EBADF);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ps__sys_close(h);
    fake_done();
}
END_TEST

/* In few steps, with the default timeout; and when that has to wait. */
START_TEST(accept_with_a_timeout)
{
    ps_sock s, c;

    make_listener(&s, 5);
    ck_assert_ok(ps_setdefaulttimeout(7));
    expect(SYS_ACCEPT, .on = 1, .mode = FAKE_ON);
    ck_assert_ok(ps_accept(&s, &c, NULL));
    ck_assert_double_eq(ps_gettimeout(&c), 7);
    ck_assert_ok(ps_close(&c));

    expect(SYS_ACCEPT, .on = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 1, .nanoseconds = SECONDS(5), .result = PS__READABLE);
    expect(SYS_ACCEPT, .on = 1, .mode = FAKE_ON);
    ck_assert_ok(ps_accept(&s, &c, NULL));
    close_both(&s, &c);
}
END_TEST

/* CON-16: clients that connect and reset, over and over, do not hold the call up for ever. */
/* Traps: CON-16. */
START_TEST(accept_of_connections_that_are_gone_keeps_the_deadline)
{
    ps_sock s, c;

    make_listener(&s, 1);
    expect(SYS_ACCEPT, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__READABLE, .nanoseconds = SECONDS(1),
           .advance = MILLISECONDS(400), .result = PS__READABLE);
    expect(SYS_ACCEPT, .advance = MILLISECONDS(300), .result = PS_ECONNABORTED);
    expect(SYS_ACCEPT, .advance = MILLISECONDS(300), .result = PS_ECONNABORTED);
    ck_assert_code(ps_accept(&s, &c, NULL), PS_TIMED_OUT);
    ck_assert(c.handle == PS_INVALID_HANDLE);

    /* In non-blocking mode the queue is emptied of them. */
    fake_timeout(&s, 0);
    expect(SYS_ACCEPT, .times = 3, .result = PS_ECONNABORTED);
    expect(SYS_ACCEPT, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_accept(&s, &c, NULL), PS_EWOULDBLOCK);
    fake_end(&s);
}
END_TEST

/* TMO-10: another process has taken the connection that was announced. */
/* Traps: TMO-10. */
START_TEST(accept_after_false_readiness)
{
    ps_sock s, c;

    make_listener(&s, 1);
    expect(SYS_ACCEPT, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(10),
           .result = PS__READABLE);
    expect(SYS_ACCEPT, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(990), .advance = MILLISECONDS(990), .result = 0);
    ck_assert_code(ps_accept(&s, &c, NULL), PS_TIMED_OUT);
    expect(SYS_ACCEPT, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .result = PS__READABLE);
    expect(SYS_ACCEPT, .mode = FAKE_OFF, .result = 0);
    ck_assert_ok(ps_accept(&s, &c, NULL));
    close_both(&s, &c);
}
END_TEST

/* ADR-17, CON-16: macOS gives a handle without a peer's address when the peer is gone. */
/* Traps: ADR-17. */
START_TEST(accept_without_an_address)
{
    ps_sock s, c;
    ps_addr peer = fake_address("1.2.3.4:5");

    make_listener(&s, PS_NO_TIMEOUT);
    expect(SYS_ACCEPT, .from = NULL, .result = 0);
    ck_assert_ok(ps_accept(&s, &c, &peer));
    ck_assert(peer.len == 0);
    close_both(&s, &c);
}
END_TEST

/* CON-18: no descriptor is left. The error is told, also after a wait; the connection stays
 * queued for the next call. */
/* Traps: CON-18. */
START_TEST(accept_without_a_descriptor)
{
    static const int codes[] = {PS_EMFILE, PS_ENFILE, PS_ENOBUFS, PS_ENOMEM, PS_EPERM};
    ps_sock s, c;

    make_listener(&s, 1);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        expect(SYS_ACCEPT, .result = codes[i]);
        ck_assert_code(ps_accept(&s, &c, NULL), codes[i]);
        expect(SYS_ACCEPT, .result = PS_EWOULDBLOCK);
        expect(SYS_WAIT, .result = PS__READABLE);
        expect(SYS_ACCEPT, .result = codes[i]);
        ck_assert_code(ps_accept(&s, &c, NULL), codes[i]);
    }
    expect(SYS_ACCEPT, .result = 0);
    ck_assert_ok(ps_accept(&s, &c, NULL));
    close_both(&s, &c);
}
END_TEST

/* CON-14: the connection's mode is the default timeout's, whatever the listener's is. */
/* Traps: CON-14. */
START_TEST(accept_takes_the_default_timeout)
{
    ps_sock s, c;

    make_listener(&s, 1);
    ck_assert_ok(ps_setdefaulttimeout(2));
    expect(SYS_ACCEPT, .mode = FAKE_ON, .result = 0);
    ck_assert_ok(ps_accept(&s, &c, NULL));
    ck_assert_double_eq(ps_gettimeout(&c), 2);
    ck_assert_ok(ps_close(&c));
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    expect(SYS_ACCEPT, .mode = FAKE_OFF, .result = 0);
    ck_assert_ok(ps_accept(&s, &c, NULL));
    ck_assert_double_eq(ps_gettimeout(&c), PS_NO_TIMEOUT);
    close_both(&s, &c);
}
END_TEST

START_TEST(accept_of_nothing)
{
    ps_sock s, c;
    ps_addr peer = fake_address("1.2.3.4:5");

    make_listener(&s, PS_NO_TIMEOUT);
    ck_assert_code(ps_accept(NULL, &c, &peer), PS_EFAULT);
    ck_assert(peer.len == 0);
    ck_assert_code(ps_accept(&s, NULL, NULL), PS_EFAULT);
    fake_end(&s);
    ck_assert_code(ps_accept(&s, &c, NULL), PS_EBADF);
}
END_TEST

void add_accept_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, accept_passes_over_connections_that_are_gone);
    ADD_TEST_CASE(suite, accept_into_the_listener);
    ADD_TEST_CASE(suite, accept_with_a_timeout);
    ADD_TEST_CASE(suite, accept_of_connections_that_are_gone_keeps_the_deadline);
    ADD_TEST_CASE(suite, accept_after_false_readiness);
    ADD_TEST_CASE(suite, accept_without_an_address);
    ADD_TEST_CASE(suite, accept_without_a_descriptor);
    ADD_TEST_CASE(suite, accept_takes_the_default_timeout);
    ADD_TEST_CASE(suite, accept_of_nothing);
}
