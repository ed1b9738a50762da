/* How a connect to this machine is refused, by version: see rules/initial_rto.c. */
#include "layer.h"
#include "rules/initial_rto.h"
#include "test.h"

static bool can_prevent_repeats(void)
{
    return active_profile()->build >= WINDOWS_10_1709;
}

static void be_refused(int family, double timeout)
{
    ps_sock s = test_socket(family, SOCK_STREAM), holder;
    ps_addr a;

    test_refusing_address(&holder, family, &a);
    ck_assert_ok(ps_settimeout(&s, timeout));
    ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
    test_close(&s, &holder);
}

static void be_refused_by(int family)
{
    be_refused(family, PS_NO_TIMEOUT);
    be_refused(family, 30);
    ck_assert_int_eq(rto_values_unknown(), 0);
    ck_assert_int_eq(connects_that_repeat(), can_prevent_repeats() ? 0 : 2);
    ck_assert_int_eq(connects_that_do_not(), can_prevent_repeats() ? 2 : 0);
}

START_TEST(refusal_of_this_machine)
{
    be_refused_by(AF_INET);
}
END_TEST

START_TEST(refusal_of_this_machine_by_ipv6)
{
    be_refused_by(AF_INET6);
}
END_TEST

/* Only a stream has a SYN. */
START_TEST(datagrams_repeat_nothing)
{
    ps_sock one, two;
    ps_addr a, b;

    test_udp_pair(&one, &a, &two, &b);
    ck_assert_ok(ps_connect(&one, &b));
    test_close(&one, &two);
    ck_assert_int_eq(rto_values_unknown(), 0);
}
END_TEST

void add_syn_repeats_tests(Suite *suite);
void add_syn_repeats_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, refusal_of_this_machine);
    ADD_TEST_CASE(suite, refusal_of_this_machine_by_ipv6);
    ADD_TEST_CASE(suite, datagrams_repeat_nothing);
}
