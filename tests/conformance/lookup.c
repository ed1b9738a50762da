/* ps_getaddrinfo_within where no name server is needed. What is silent is in net/net.c. */
#include "test.h"

/* Far more than a look-up in this machine's own files needs. */
#define PATIENCE 15.0

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_addrinfo *within(const char *host, int family, int flags, double timeout,
                           ps_cancel *token)
{
    ps_addrinfo *list = NULL;

    ck_assert_ok(
        ps_getaddrinfo_within(host, "80", family, SOCK_STREAM, 0, flags, timeout, token, &list));
    ck_assert_ptr_nonnull(list);
    return list;
}

static void fails(const char *host, const char *service, double timeout, ps_cancel *token,
                  int expected)
{
    ps_addrinfo rest;
    ps_addrinfo *list = &rest;

    ck_assert_code(
        ps_getaddrinfo_within(host, service, AF_UNSPEC, SOCK_STREAM, 0, 0, timeout, token, &list),
        expected);
    ck_assert_ptr_null(list);
}

static void assert_same(const ps_addrinfo *one, const ps_addrinfo *two)
{
    while (one && two) {
        ck_assert_int_eq(one->family, two->family);
        ck_assert_int_eq(one->type, two->type);
        ck_assert_int_eq(one->proto, two->proto);
        ck_assert_str_eq(one->canonname, two->canonname);
        ck_assert(ps_addr_equal(&one->addr, &two->addr));
        one = one->next;
        two = two->next;
    }
    ck_assert(!one && !two);
}

static ps_cancel *new_token(void)
{
    ps_cancel *token = NULL;

    ck_assert_ok(ps_cancel_open(&token));
    return token;
}

/* ---- the same as without a limit ------------------------------------------------------------- */

static void assert_same_as_without(const char *host, int family, int flags)
{
    ps_cancel *token = new_token();
    ps_addrinfo *plain, *limited;
    int code = ps_getaddrinfo(host, "80", family, SOCK_STREAM, 0, flags, &plain);
    int limited_code =
        ps_getaddrinfo_within(host, "80", family, SOCK_STREAM, 0, flags, PATIENCE, NULL, &limited);

    ck_assert_code(limited_code, code);
    assert_same(plain, limited);
    ps_freeaddrinfo(limited);
    limited_code = ps_getaddrinfo_within(host, "80", family, SOCK_STREAM, 0, flags, PS_NO_TIMEOUT,
                                         token, &limited);
    ck_assert_code(limited_code, code);
    assert_same(plain, limited);
    ps_freeaddrinfo(limited);
    ps_freeaddrinfo(plain);
    ps_cancel_close(token);
}

START_TEST(lookup_within_a_limit_is_the_same)
{
    static const int families[] = {AF_UNSPEC, AF_INET, AF_INET6};

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        assert_same_as_without("localhost", families[i], 0);
        assert_same_as_without("localhost", families[i], AI_CANONNAME);
        assert_same_as_without("127.0.0.1", families[i], AI_CANONNAME);
        assert_same_as_without("::1", families[i], 0);
        assert_same_as_without("name.invalid", families[i], 0);
        assert_same_as_without("", families[i], AI_PASSIVE);
        assert_same_as_without("b\xc3\xbc"
                               "cher.invalid",
                               families[i], 0);
    }
}
END_TEST

START_TEST(lookup_within_a_limit_checks_as_ever)
{
    fails("localhost", "65536", PATIENCE, NULL, PS_BAD_PORT);
    fails("\xff", "80", PATIENCE, NULL, PS_BAD_ADDRESS);
    fails("[::1]", "80", PATIENCE, NULL, PS_EAI_NONAME);
    fails("", NULL, PATIENCE, NULL, PS_EAI_NONAME);
    fails("localhost", "no-such-service", PATIENCE, NULL, PS_EAI_SERVICE);
    ck_assert_code(ps_getaddrinfo_within("localhost", "80", 0, 0, 0, 0, PATIENCE, NULL, NULL),
                   PS_EFAULT);
}
END_TEST

/* ---- the limit ------------------------------------------------------------------------------- */

START_TEST(lookup_refuses_bad_timeouts)
{
    static const double timeouts[] = {-0.5, -2, -INFINITY, NAN};

    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        fails("127.0.0.1", "80", timeouts[i], NULL, PS_BAD_TIMEOUT);
        fails("name.invalid", "80", timeouts[i], NULL, PS_BAD_TIMEOUT);
    }
}
END_TEST

/* A literal takes no time; a name takes some. */
/* Traps: RES-19. */
START_TEST(lookup_without_time)
{
    ps_addrinfo *list;

    ps_freeaddrinfo(within("127.0.0.1", AF_UNSPEC, 0, 0, NULL));
    ps_freeaddrinfo(within("::1", AF_UNSPEC, 0, 1e-9, NULL));
    ck_assert_ok(ps_getaddrinfo_within(NULL, "80", 0, SOCK_STREAM, 0, 0, 0, NULL, &list));
    ps_freeaddrinfo(list);
    fails("localhost", "80", 0, NULL, PS_TIMED_OUT);
    fails("localhost", "80", 1e-9, NULL, PS_TIMED_OUT);
}
END_TEST

START_TEST(lookup_takes_the_default_timeout)
{
    ck_assert_ok(ps_setdefaulttimeout(0));
    fails("localhost", "80", PS_DEFAULT_TIMEOUT, NULL, PS_TIMED_OUT);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    ps_freeaddrinfo(within("localhost", AF_UNSPEC, 0, PS_DEFAULT_TIMEOUT, NULL));
}
END_TEST

START_TEST(lookup_with_a_fired_token)
{
    ps_cancel *token = new_token();

    ps_cancel_fire(token);
    fails("localhost", "80", PATIENCE, token, PS_ECANCELED);
    fails("127.0.0.1", "80", PATIENCE, token, PS_ECANCELED);
    fails("localhost", "80", 0, token, PS_ECANCELED);
    ck_assert_ok(ps_cancel_reset(token));
    ps_freeaddrinfo(within("localhost", AF_UNSPEC, 0, PATIENCE, token));
    ps_cancel_close(token);
}
END_TEST

/* ---- the other functions for names ----------------------------------------------------------- */

START_TEST(lookup_of_names_within_a_limit)
{
    char text[PS_HOST_MAX], plain[PS_HOST_MAX], quad[16];
    ps_hostent *h;
    ps_addr a;

    ck_assert_ok(ps_addr_inet_within(&a, "localhost", 80, PATIENCE, NULL));
    ck_assert_int_eq(ps_addr_port(&a), 80);
    ck_assert_ok(ps_getnameinfo(&a, 0, plain, sizeof plain, NULL, 0));
    ck_assert_ok(ps_getnameinfo_within(&a, 0, PATIENCE, NULL, text, sizeof text, NULL, 0));
    ck_assert_str_eq(text, plain);
    ck_assert_ok(ps_getfqdn("127.0.0.1", plain, sizeof plain));
    ck_assert_ok(ps_getfqdn_within("127.0.0.1", PATIENCE, NULL, text, sizeof text));
    ck_assert_str_eq(text, plain);
    ck_assert_ok(ps_gethostbyname_within("localhost", PATIENCE, NULL, quad));
    ck_assert_str_eq(quad, "127.0.0.1");
    ck_assert_ok(ps_gethostbyname_ex_within("localhost", PATIENCE, NULL, &h));
    ck_assert_str_eq(h->addresses[0], "127.0.0.1");
    ps_freehostent(h);
    ck_assert_ok(ps_gethostbyaddr_within("127.0.0.1", PATIENCE, NULL, &h));
    ck_assert_str_eq(h->addresses[0], "127.0.0.1");
    ps_freehostent(h);
    ck_assert_ok(ps_addr_inet6_within(&a, "::1", 80, 0, 0, 0, NULL));
    ck_assert_code(ps_gethostbyaddr_within("127.0.0.1", 0, NULL, &h), PS_TIMED_OUT);
    ck_assert_ptr_null(h);
}
END_TEST

/* RFC 6761, 6.3. */
START_TEST(lookup_of_names_below_localhost)
{
    ps_addrinfo *list = within("name.LocalHost", AF_UNSPEC, 0, 0, NULL);
    char text[16];

    ck_assert_int_eq(list->family, AF_INET6);
    ck_assert_int_eq(list->next->family, AF_INET);
    ps_freeaddrinfo(list);
    ck_assert_ok(ps_gethostbyname("name.localhost", text));
    ck_assert_str_eq(text, "127.0.0.1");
}
END_TEST

/* ---- many ------------------------------------------------------------------------------------ */

static void look_up_often(void *argument)
{
    ps_cancel *token = argument;

    for (int i = 0; i < 50; i++)
        ps_freeaddrinfo(within("localhost", AF_UNSPEC, 0, PATIENCE, i % 2 ? token : NULL));
}

START_TEST(lookup_by_many_threads)
{
    enum { THREADS = 8 };
    ps_cancel *token = new_token();
    test_thread *threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        threads[i] = test_thread_start(look_up_often, token);
    for (int i = 0; i < THREADS; i++)
        test_thread_join(threads[i]);
    ps_cancel_close(token);
}
END_TEST

/* Ends at any point of the look-up: some are given up, some are not, and none does harm. */
START_TEST(lookup_with_little_time)
{
    int count[2] = {0, 0};

    for (int i = 0; i < 400; i++) {
        ps_addrinfo *list = NULL;
        int code =
            ps_getaddrinfo_within("localhost", "80", 0, SOCK_STREAM, 0, 0, i * 2e-6, NULL, &list);

        ck_assert_msg(code == 0 || code == PS_TIMED_OUT || code == PS_EAI_AGAIN, "%s",
                      ps_error_name(code));
        ck_assert((code == 0) == (list != NULL));
        ps_freeaddrinfo(list);
        count[code == 0]++;
    }
    ck_assert_int_gt(count[0], 0);
}
END_TEST

void add_lookup_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, lookup_within_a_limit_is_the_same);
    ADD_TEST_CASE(suite, lookup_within_a_limit_checks_as_ever);
    ADD_TEST_CASE(suite, lookup_refuses_bad_timeouts);
    ADD_TEST_CASE(suite, lookup_without_time);
    ADD_TEST_CASE(suite, lookup_takes_the_default_timeout);
    ADD_TEST_CASE(suite, lookup_with_a_fired_token);
    ADD_TEST_CASE(suite, lookup_of_names_within_a_limit);
    ADD_TEST_CASE(suite, lookup_of_names_below_localhost);
    ADD_TEST_CASE(suite, lookup_by_many_threads);
    ADD_TEST_CASE(suite, lookup_with_little_time);
}
