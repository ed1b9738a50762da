/* What a system says when it lacks something: whether the call waits or fails, by what each
 * system says. */
#include "fake.h"

static char buffer[100];

/* What the systems say of a socket for which there is no port, which they say for other reasons,
 * too. */
static const int answers[] = {PS_EWOULDBLOCK, PS_EADDRINUSE, PS_ENOBUFS};

enum { ANSWER_COUNT = sizeof answers / sizeof answers[0] };

/* The call is refused, and the socket has no port, which POSIX and Winsock say in two ways. */
static void expect_refusal(fake_call call, int i)
{
    expect(call, .result = answers[i]);
    if (i % 2 == 0)
        expect(SYS_GETSOCKNAME, .from = "0.0.0.0:0");
    else
        expect(SYS_GETSOCKNAME, .result = PS_EINVAL);
}

START_TEST(datagrams_without_a_port_fail_at_once)
{
    static const double timeouts[] = {PS_NO_TIMEOUT, 1, 0};
    ps_addr to = fake_address("192.0.2.1:7");
    ps_buffer text = {buffer, 1};
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    for (int t = 0; t < 3; t++) {
        fake_timeout(&s, timeouts[t]);
        for (int i = 0; i < ANSWER_COUNT; i++) {
            expect_refusal(SYS_SENDTO, i);
            ck_assert_code(ps_sendto(&s, buffer, 1, 0, &to), PS_EADDRNOTAVAIL);
            expect_refusal(SYS_SEND, i);
            ck_assert_code(ps_send(&s, buffer, 1, 0), PS_EADDRNOTAVAIL);
            expect_refusal(SYS_SEND, i);
            ck_assert_code(ps_sendall(&s, buffer, 1, 0, NULL), PS_EADDRNOTAVAIL);
            expect_refusal(SYS_SENDMSG, i);
            ck_assert_code(ps_sendmsg(&s, &text, 1, NULL, 0, 0, &to), PS_EADDRNOTAVAIL);
            expect_refusal(SYS_CONNECT, i);
            ck_assert_code(ps_connect(&s, &to), PS_EADDRNOTAVAIL);
        }
    }
    fake_end(&s);
}
END_TEST

START_TEST(streams_without_a_port_fail_at_once)
{
    ps_addr to = fake_address("192.0.2.1:7");
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    for (int i = 1; i < ANSWER_COUNT; i++) {
        expect_refusal(SYS_CONNECT, i);
        ck_assert_code(ps_connect(&s, &to), PS_EADDRNOTAVAIL);
        expect_refusal(SYS_LISTEN, i);
        ck_assert_code(ps_listen(&s, 1), PS_EADDRNOTAVAIL);
        /* Winsock refuses to listen, and the library binds. */
        expect(SYS_LISTEN, .result = PS_EINVAL);
        expect(SYS_BIND, .to = "0.0.0.0:0", .result = answers[i]);
        ck_assert_code(ps_listen(&s, 1), PS_EADDRNOTAVAIL);
    }
    fake_end(&s);
}
END_TEST

START_TEST(bind_to_any_port_when_none_is_left)
{
    ps_addr any = fake_address("127.0.0.1:0");
    ps_addr one = fake_address("127.0.0.1:80");
    ps_sock s;

    for (int type = 0; type < 2; type++) {
        fake_socket(&s, AF_INET, type == 0 ? SOCK_STREAM : SOCK_DGRAM);
        for (int i = 1; i < ANSWER_COUNT; i++) {
            expect(SYS_BIND, .result = answers[i]);
            ck_assert_code(ps_bind(&s, &any), PS_EADDRNOTAVAIL);
            expect(SYS_BIND, .result = answers[i]);
            ck_assert_code(ps_bind(&s, &one), answers[i]);
        }
        fake_end(&s);
    }
}
END_TEST

/* Winsock receives only on a bound socket, and the library binds it. */
START_TEST(receive_binds_when_no_port_is_left)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    expect(SYS_RECV, .result = PS_EINVAL);
    expect(SYS_BIND, .result = PS_ENOBUFS);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EADDRNOTAVAIL);
    expect(SYS_RECV, .result = PS_EINVAL);
    expect(SYS_BIND, .result = PS_EACCES);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EINVAL);
    fake_end(&s);
}
END_TEST

/* A socket with a port has room again later; what the system lacks otherwise, no wait tells of. */
START_TEST(shortage_of_something_else)
{
    ps_addr to = fake_address("192.0.2.1:7");
    ps_sock d, s, u;

    fake_socket(&d, AF_INET, SOCK_DGRAM);
    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_socket(&u, AF_UNIX, SOCK_DGRAM);
    expect(SYS_SENDTO, .on = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_GETSOCKNAME, .from = "0.0.0.0:5000");
    expect(SYS_SO_TIMEOUT, .events = PS__WRITABLE);
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .result = PS__WRITABLE);
    expect(SYS_SENDTO, .on = 1, .result = 1);
    ck_assert_int_eq(ps_sendto(&d, buffer, 1, 0, &to), 1);
    expect(SYS_SENDTO, .on = 1, .result = PS_ENOBUFS);
    expect(SYS_GETSOCKNAME, .from = "0.0.0.0:5000");
    ck_assert_code(ps_sendto(&d, buffer, 1, 0, &to), PS_ENOBUFS);
    expect(SYS_SENDTO, .on = 1, .result = PS_ENOBUFS);
    expect(SYS_GETSOCKNAME, .result = PS_ENOTSOCK);
    ck_assert_code(ps_sendto(&d, buffer, 1, 0, &to), PS_ENOBUFS);
    expect(SYS_SENDTO, .on = 1, .result = PS_ENOMEM);
    ck_assert_code(ps_sendto(&d, buffer, 1, 0, &to), PS_ENOMEM);
    expect(SYS_SEND, .on = 2, .result = PS_ENOBUFS);
    ck_assert_code(ps_send(&s, buffer, 1, 0), PS_ENOBUFS);
    expect(SYS_SEND, .on = 3, .result = PS_ENOBUFS);
    ck_assert_code(ps_send(&u, buffer, 1, 0), PS_ENOBUFS);
    ck_assert_ok(ps_close(&d));
    ck_assert_ok(ps_close(&s));
    fake_end(&u);
}
END_TEST

/* A raw socket has no port, and needs none. */
START_TEST(raw_sockets_need_no_port)
{
    ps_addr to = fake_address("192.0.2.1:0");
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_RAW);
    expect(SYS_CONNECT, .result = PS_ENOBUFS);
    ck_assert_code(ps_connect(&s, &to), PS_ENOBUFS);
    fake_end(&s);
}
END_TEST

void add_normalize_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, datagrams_without_a_port_fail_at_once);
    ADD_TEST_CASE(suite, streams_without_a_port_fail_at_once);
    ADD_TEST_CASE(suite, bind_to_any_port_when_none_is_left);
    ADD_TEST_CASE(suite, receive_binds_when_no_port_is_left);
    ADD_TEST_CASE(suite, raw_sockets_need_no_port);
    ADD_TEST_CASE(suite, shortage_of_something_else);
}
