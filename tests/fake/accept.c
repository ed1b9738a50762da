/* ps_accept: connections that are gone, false readiness, and what other systems answer. */
#include "fake.h"

static void make_listener(ps_sock *s, double timeout)
{
    fake_socket(s, AF_INET, SOCK_STREAM);
    expect(SYS_LISTEN, .result = 0);
    ck_assert_ok(ps_listen(s, 1));
    if (timeout != PS_NO_TIMEOUT) {
        expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
        ck_assert_ok(ps_settimeout(s, timeout));
    }
}

static void close_both(ps_sock *listener, ps_sock *connection)
{
    ck_assert_ok(ps_close(connection));
    ck_assert_ok(ps_close(listener));
    fake_done();
}

/* CON-16: a connection that its peer has reset in the queue is nobody's failure, on any of the systems. */
START_TEST(accept_passes_over_connections_that_are_gone)
{
    ps_sock s, c;
    ps_addr peer;

    make_listener(&s, PS_NO_TIMEOUT);
    expect(SYS_ACCEPT, .on = 1, .result = PS_ECONNABORTED);
    expect(SYS_ACCEPT, .on = 1, .result = PS_EPROTO);
    expect(SYS_ACCEPT, .on = 1, .result = PS_ECONNABORTED);
    expect(SYS_ACCEPT, .on = 1, .from = "127.0.0.1:4000");
    ck_assert_ok(ps_accept(&s, &c, &peer));
    ck_assert_int_eq(ps_addr_port(&peer), 4000);
    close_both(&s, &c);
}
END_TEST

void add_accept_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, accept_passes_over_connections_that_are_gone);
}
