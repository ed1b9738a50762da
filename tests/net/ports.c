/* No local port is left: every call that needs one fails at once, with one code on every system.
 * The runner leaves four ports. */
/* All skipped: linux, windows unless sys_admin */
#include "test.h"

enum { PORTS = 4 };

/* Long enough to show that a call has not waited for its timeout, on a busy machine, too. */
#define TIMEOUT 20.0

static ps_addr loopback(int port)
{
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", port));
    return a;
}

static ps_sock new_socket(int type, double timeout)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, type, 0));
    ck_assert_ok(ps_settimeout(&s, timeout));
    return s;
}

/* Takes all the ports there are for sockets of a type. */
static void take_all_ports(ps_sock held[PORTS], int type)
{
    ps_addr any = loopback(0);

    for (int i = 0; i < PORTS; i++) {
        held[i] = new_socket(type, PS_NO_TIMEOUT);
        ck_assert_ok(ps_bind(&held[i], &any));
    }
}

static void close_all(ps_sock held[PORTS])
{
    for (int i = 0; i < PORTS; i++)
        ck_assert_ok(ps_close(&held[i]));
}

/* Wine leaves the choice of a port to the Linux below it: its connect says that it has worked,
 * and its send waits. */
static void skip_on_wine(void)
{
    if (test_on_windows())
        test_skip("Wine does not tell that no port is left for datagrams");
}

static const double timeouts[] = {PS_NO_TIMEOUT, TIMEOUT, 0};

/* Linux says "would block", and no wait would ever end. */
/* Skipped: windows: Wine does not report that no port is left */
START_TEST(ports_run_out_for_datagrams)
{
    ps_addr to = loopback(5555);
    ps_buffer text = {"x", 1};
    ps_sock held[PORTS];

    skip_on_wine();
    take_all_ports(held, SOCK_DGRAM);
    for (int i = 0; i < 3; i++) {
        ps_sock s = new_socket(SOCK_DGRAM, timeouts[i]);
        double begin = test_clock();

        ck_assert_code(ps_sendto(&s, "x", 1, 0, &to), PS_EADDRNOTAVAIL);
        ck_assert_code(ps_sendmsg(&s, &text, 1, NULL, 0, 0, &to), PS_EADDRNOTAVAIL);
        ck_assert_code(ps_connect(&s, &to), PS_EADDRNOTAVAIL);
        ck_assert_double_lt(test_clock() - begin, TIMEOUT / 2);
        /* As soon as there is one again, the socket is as good as new. */
        ck_assert_ok(ps_close(&held[0]));
        ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &to), 1);
        ck_assert_ok(ps_close(&s));
        held[0] = new_socket(SOCK_DGRAM, PS_NO_TIMEOUT);
        ck_assert_ok(ps_connect(&held[0], &to));
    }
    close_all(held);
}
END_TEST

/* Skipped: windows: Wine does not report that no port is left */
START_TEST(ports_run_out_for_datagrams_with_a_token)
{
    ps_addr to = loopback(5555);
    ps_sock held[PORTS];
    ps_cancel *token;
    ps_sock s;

    skip_on_wine();
    ck_assert_ok(ps_cancel_open(&token));
    s = new_socket(SOCK_DGRAM, PS_NO_TIMEOUT);
    ck_assert_ok(ps_setcancel(&s, token));
    for (int i = 0; i < PORTS; i++) {
        ps_addr any = loopback(0);

        held[i] = new_socket(SOCK_DGRAM, PS_NO_TIMEOUT);
        if (ps_bind(&held[i], &any) != 0) /* the token may have one of the ports */
            ck_assert_int_ge(i, PORTS - 2);
    }
    ck_assert_code(ps_sendto(&s, "x", 1, 0, &to), PS_EADDRNOTAVAIL);
    ck_assert_code(ps_connect(&s, &to), PS_EADDRNOTAVAIL);
    close_all(held);
    ck_assert_ok(ps_close(&s));
    ps_cancel_close(token);
}
END_TEST

START_TEST(ports_run_out_for_streams)
{
    ps_sock listener, held[PORTS];
    ps_addr at = loopback(5555);
    ps_addr any = loopback(0);

    ck_assert_ok(ps_create_server(&listener, &at, -1, false, false));
    take_all_ports(held, SOCK_STREAM);
    for (int i = 0; i < 3; i++) {
        ps_sock s = new_socket(SOCK_STREAM, timeouts[i]);
        double begin = test_clock();

        ck_assert_code(ps_connect(&s, &at), PS_EADDRNOTAVAIL);
        ck_assert_code(ps_bind(&s, &any), PS_EADDRNOTAVAIL);
        ck_assert_code(ps_listen(&s, 1), PS_EADDRNOTAVAIL);
        ck_assert_double_lt(test_clock() - begin, TIMEOUT / 2);
        ck_assert_ok(ps_close(&s));
    }
    close_all(held);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

void add_ports_tests(Suite *suite);
void add_ports_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, ports_run_out_for_datagrams);
    ADD_TEST_CASE(suite, ports_run_out_for_datagrams_with_a_token);
    ADD_TEST_CASE(suite, ports_run_out_for_streams);
}
