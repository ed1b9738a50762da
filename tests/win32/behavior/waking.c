/* What wakes a wait depends on no datagram, which a filter may drop: see
 * rules/loopback_dropped.c. */
#include "rules/loopback_dropped.h"
#include "test.h"

#define PATIENCE 15.0

static void fire(void *token)
{
    test_sleep(0.02);
    ps_cancel_fire(token);
}

static void receive_until_fired(ps_cancel *token)
{
    test_thread *thread = test_thread_start(fire, token);
    ps_sock one, two;
    char byte;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_setcancel(&one, token));
    ck_assert_code(ps_recv(&one, &byte, 1, 0), PS_ECANCELED);
    test_thread_join(thread);
    test_close(&one, &two);
}

static void look_up(ps_cancel *token)
{
    ps_addrinfo *list;
    ps_hostent *h;

    ck_assert_ok(
        ps_getaddrinfo_within("localhost", "80", 0, SOCK_STREAM, 0, 0, PATIENCE, token, &list));
    ps_freeaddrinfo(list);
    ck_assert_ok(ps_gethostbyaddr_within("127.0.0.1", PATIENCE, token, &h));
    ps_freehostent(h);
}

START_TEST(waking_takes_no_datagram)
{
    ps_cancel *token;

    ck_assert_ok(ps_cancel_open(&token));
    look_up(token);
    receive_until_fired(token);
    ck_assert_code(ps_poll_with(NULL, 0, PATIENCE, token), PS_ECANCELED);
    ps_cancel_close(token);
    ck_assert_int_eq(datagram_sockets_made(), 0);
    ck_assert_int_eq(datagrams_dropped(), 0);
}
END_TEST

void add_waking_tests(Suite *suite);
void add_waking_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, waking_takes_no_datagram);
}
