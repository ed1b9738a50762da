/*
 * Look-ups and connections in a network where name servers are silent and addresses do not
 * answer. Each test runs in a network of its own, which in_network.sh makes and describes. The
 * name server is the test itself.
 */
/* All skipped: linux, windows unless sys_admin */
#include "test.h"

#include "connect_record.h"
#include "connection.h"
#include "name_server.h"

#include <stdio.h>

/* Far more than anything here needs, on a busy machine, too. */
#define PATIENCE 15.0

/* The pause between attempts (RFC 8305). */
#define DELAY 0.25

/* 10.9.1.1 and 2001:db8:1::1 are this machine; neighbours 77 to 79 do not answer; the others
 * cannot be reached. */
static const zone names[] = {
    {"good4", {"10.9.1.1"}, {NULL}, 0, 0},
    {"good6", {NULL}, {"2001:db8:1::1"}, 0, 0},
    {"good", {"10.9.1.1"}, {"2001:db8:1::1"}, 0, 0},
    {"slow", {"10.9.1.1"}, {"2001:db8:1::1"}, 0.3, 0},
    {"silent6.good4", {"10.9.1.1"}, {"2001:db8::77"}, 0, 0},
    {"silent6.refuse4", {"10.9.1.1"}, {"2001:db8::77"}, 0, 0},
    {"silent",
     {"10.9.0.77", "10.9.0.78", "10.9.0.79"},
     {"2001:db8::77", "2001:db8::78", "2001:db8::79"},
     0,
     0},
    {"last",
     {"10.9.0.77", "10.9.0.78", "10.9.1.1"},
     {"2001:db8::77", "2001:db8::78", "2001:db8::79"},
     0,
     0},
    {"noway6", {"10.9.1.1"}, {"2001:db8:ffff::1"}, 0, 0},
    {"noway", {"10.9.9.9"}, {"2001:db8:ffff::1"}, 0, 0},
    {"empty", {NULL}, {NULL}, 0, 0},
    {"late", {"10.9.1.1"}, {NULL}, 1, 0},
    {"drops6", {"10.9.1.1"}, {"2001:db8:1::1"}, 0, AF_INET6},
    {"drops4", {"10.9.1.1"}, {"2001:db8:1::1"}, 0, AF_INET},
    {NULL, {NULL}, {NULL}, 0, 0},
};

/* ---- helpers --------------------------------------------------------------------------------- */

static void assert_attempt(const record *r, size_t number, int family, int code)
{
    ck_assert_uint_lt(number, r->count);
    ck_assert_int_eq(ps_addr_family(&r->attempts[number].address), family);
    ck_assert_code(r->attempts[number].code, code);
}

/* No attempt began before its time. */
static void assert_staggered(const record *r, double delay)
{
    size_t i;

    for (i = 1; i < r->count; i++)
        ck_assert_double_ge(r->attempts[i].started - r->attempts[i - 1].started, delay);
}

/* Listens at an address of this machine, at the port given, or at any. Returns the port. */
static int listen_at(ps_sock *listener, const char *host, int port)
{
    ps_addr a;
    bool is_inet6 = strchr(host, ':') != NULL;

    ck_assert_ok(is_inet6 ? ps_addr_inet6(&a, host, port, 0, 0) : ps_addr_inet(&a, host, port));
    ck_assert_ok(ps_socket(listener, is_inet6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_bind(listener, &a));
    ck_assert_ok(ps_listen(listener, 8));
    ck_assert_ok(ps_getsockname(listener, &a));
    return ps_addr_port(&a);
}

/* The listener has one connection, which is s, and no other. */
static void assert_connected(ps_sock *listener, ps_sock *s)
{
    ps_sock server = accept_client(listener, s);
    ps_addr peer;

    ck_assert_ok(ps_settimeout(listener, 0));
    ck_assert_int_eq(ps_send(&server, "x", 1, 0), 1);
    ck_assert_ok(ps_close(&server));
    ck_assert_code(ps_accept(listener, &server, &peer), PS_EWOULDBLOCK);
    ck_assert_ok(ps_close(listener));
}

static void look_up_fails(const char *host, double timeout, ps_cancel *token, int expected)
{
    ps_addrinfo *list;

    ck_assert_code(ps_getaddrinfo_within(host, "80", 0, SOCK_STREAM, 0, 0, timeout, token, &list),
                   expected);
    ck_assert_ptr_null(list);
}

static void fire_later(void *argument)
{
    test_sleep(0.3);
    ps_cancel_fire(argument);
}

/* ---- a silent name server -------------------------------------------------------------------- */

/* Traps: RES-19. Ends: lookup-deadline. */
START_TEST(net_lookup_ends_at_its_deadline)
{
    name_server *server = name_server_start(NULL);
    double begin = test_clock();

    look_up_fails("host.test", 0.5, NULL, PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.5);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    /* The system's own would go on for ten seconds; the process ends with the look-up still
     * under way. */
    ck_assert_int_gt(name_server_questions(server), 0);
    name_server_stop(server);
}
END_TEST

/* Traps: RES-19. Ends: lookup-token. */
START_TEST(net_lookup_is_canceled)
{
    name_server *server;
    static const double timeouts[] = {PS_NO_TIMEOUT, PATIENCE};
    ps_cancel *token;
    int i;

    server = name_server_start(NULL);
    ck_assert_ok(ps_cancel_open(&token));
    for (i = 0; i < 2; i++) {
        test_thread *thread = test_thread_start(fire_later, token);
        double begin = test_clock();

        look_up_fails("host.test", timeouts[i], token, PS_ECANCELED);
        ck_assert_double_ge(test_clock() - begin, 0.2);
        test_thread_join(thread);
        ck_assert_ok(ps_cancel_reset(token));
    }
    /* The look-ups that were abandoned know nothing of the token. */
    ps_cancel_close(token);
    name_server_stop(server);
}
END_TEST

START_TEST(net_connection_ends_during_the_lookup)
{
    name_server *server;
    ps_cancel *token;
    test_thread *thread;
    ps_sock s;
    record r;
    double begin = test_clock();

    server = name_server_start(NULL);
    ck_assert_code(ps_create_connection(&s, "host.test", 80, 0.5, NULL), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.5);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    ck_assert(s.handle == PS_INVALID_HANDLE);

    ck_assert_ok(ps_cancel_open(&token));
    thread = test_thread_start(fire_later, token);
    record_init(&r, PS_NO_TIMEOUT);
    r.options.token = token;
    ck_assert_code(ps_create_connection_with(&s, "host.test", 80, &r.options), PS_ECANCELED);
    ck_assert_uint_eq(r.count, 0);
    test_thread_join(thread);
    ps_cancel_close(token);
    name_server_stop(server);
}
END_TEST

/* It finishes alone: its answer comes when nobody waits any more, and all that it held is given
 * back. */
/* Traps: RES-19. */
START_TEST(net_abandoned_lookup_finishes_alone)
{
    name_server *server = name_server_start(names);
    int i;

    for (i = 0; i < 8; i++)
        look_up_fails("late.test", 0.1, NULL, PS_TIMED_OUT);
    while (name_server_answers(server) < 8)
        test_sleep(0.1);
    test_sleep(0.5);
    look_up_fails("late.test", 0.1, NULL, PS_TIMED_OUT);
    name_server_stop(server);
}
END_TEST

/* They are bounded, and the bound is no end: the name server comes back. */
START_TEST(net_abandoned_lookups_are_bounded)
{
    enum { BOUND = 64 };
    name_server *server = name_server_start(NULL);
    ps_addrinfo *list = NULL;
    int i = 0, code;

    /* One whose time is over before it has begun leaves nothing. */
    while ((code = ps_getaddrinfo_within("good4.test", "80", 0, SOCK_STREAM, 0, 0, 0.01, NULL,
                                         &list)) == PS_TIMED_OUT)
        i++;
    ck_assert_code(code, PS_EAI_AGAIN);
    ck_assert_int_ge(i, BOUND);
    /* With time enough the system would say the same in the end. */
    look_up_fails("good4.test", 1, NULL, PS_EAI_AGAIN);
    ck_assert_ok(ps_getaddrinfo_within("127.0.0.1", "80", 0, 0, 0, 0, 0.01, NULL, &list));
    ps_freeaddrinfo(list);
    name_server_answer(server, names);
    do {
        test_sleep(0.1);
        code =
            ps_getaddrinfo_within("good4.test", "80", 0, SOCK_STREAM, 0, 0, PATIENCE, NULL, &list);
    } while (code == PS_EAI_AGAIN);
    ck_assert_ok(code);
    ps_freeaddrinfo(list);
    name_server_stop(server);
}
END_TEST

START_TEST(net_lookup_waits_for_a_slow_answer)
{
    name_server *server;
    ps_addrinfo *list;
    double begin;

    server = name_server_start(names);
    begin = test_clock();
    ck_assert_ok(
        ps_getaddrinfo_within("slow.test", "80", 0, SOCK_STREAM, 0, 0, PATIENCE, NULL, &list));
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_int_eq(list->family, AF_INET6);
    ck_assert_ptr_nonnull(list->next);
    ck_assert_int_eq(list->next->family, AF_INET);
    ck_assert_ptr_null(list->next->next);
    ps_freeaddrinfo(list);
    look_up_fails("nobody.test", PATIENCE, NULL, PS_EAI_NONAME);
    name_server_stop(server);
}
END_TEST

/* Every function for names: what the reverse look-up of an address takes, too. */
static int look_up_by(int which, double timeout, ps_cancel *token)
{
    char text[PS_HOST_MAX], quad[16];
    ps_hostent *h;
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "10.9.1.1", 80));
    switch (which) {
    case 0:
        return ps_getnameinfo_within(&a, 0, timeout, token, text, sizeof text, NULL, 0);
    case 1:
        return ps_getfqdn_within("10.9.1.1", timeout, token, text, sizeof text);
    case 2:
        return ps_gethostbyname_within("host.test", timeout, token, quad);
    case 3:
        return ps_gethostbyname_ex_within("host.test", timeout, token, &h);
    case 4:
        return ps_gethostbyaddr_within("10.9.1.1", timeout, token, &h);
    case 5:
        return ps_addr_inet_within(&a, "host.test", 80, timeout, token);
    default:
        return ps_addr_inet6_within(&a, "host.test", 80, 0, 0, timeout, token);
    }
}

/* Ends: lookup-deadline. */
START_TEST(net_names_end_in_time)
{
    enum { FUNCTIONS = 7 };
    name_server *server = name_server_start(NULL);
    ps_cancel *token;
    int i;

    ck_assert_ok(ps_cancel_open(&token));
    for (i = 0; i < FUNCTIONS; i++) {
        test_thread *thread = test_thread_start(fire_later, token);

        ck_assert_code(look_up_by(i, 0.2, NULL), PS_TIMED_OUT);
        ck_assert_code(look_up_by(i, 2 * PATIENCE, token), PS_ECANCELED);
        test_thread_join(thread);
        ck_assert_ok(ps_cancel_reset(token));
    }
    ps_cancel_close(token);
    name_server_stop(server);
}
END_TEST

/* No hosts file, and a name server that is silent for all but this: the system does not know
 * localhost. */
START_TEST(net_localhost_without_a_hosts_file)
{
    static const zone none[] = {{NULL, {NULL}, {NULL}, 0, 0}};
    name_server *server;
    FILE *hosts = fopen("/etc/hosts", "w");
    ps_addrinfo *list;
    char text[16];
    ps_hostent *h;

    ck_assert_ptr_nonnull(hosts);
    fclose(hosts);
    server = name_server_start(none);
    ck_assert_ok(ps_getaddrinfo("localhost", "80", 0, SOCK_STREAM, 0, 0, &list));
    ps_freeaddrinfo(list);
    ck_assert_ok(ps_gethostbyname("localhost", text));
    ck_assert_str_eq(text, "127.0.0.1");
    ck_assert_ok(ps_gethostbyname_ex("localhost", &h));
    ck_assert_str_eq(h->addresses[0], "127.0.0.1");
    ps_freehostent(h);
    name_server_stop(server);
}
END_TEST

/* Names below it are not asked for: the server is silent, and is not asked. */
START_TEST(net_names_below_localhost)
{
    name_server *server = name_server_start(NULL);
    ps_addrinfo *list;

    ck_assert_ok(ps_getaddrinfo_within("a.localhost", "80", 0, SOCK_STREAM, 0, 0, 0, NULL, &list));
    ck_assert_int_eq(list->family, AF_INET6);
    ps_freeaddrinfo(list);
    ck_assert_int_eq(name_server_questions(server), 0);
    name_server_stop(server);
}
END_TEST

/* Systems tell this from a name that is not there, or do not. */
START_TEST(net_name_without_addresses)
{
    name_server *server = name_server_start(names);

    look_up_fails("empty.test", PATIENCE, NULL, PS_EAI_NONAME);
    look_up_fails("empty.test", PS_NO_TIMEOUT, NULL, PS_EAI_NONAME);
    name_server_stop(server);
}
END_TEST

/* A host that the hosts file has in very many lines, each twice: both kinds of look-up give each
 * address once, in time. */
START_TEST(net_lookup_of_very_many_addresses)
{
    enum { MANY = 40000, MANY_UNDER_WINE = 4000 }; /* Wine's own look-up takes minutes for more */
    int addresses = test_on_windows() ? MANY_UNDER_WINE : MANY;
    FILE *hosts = fopen("/etc/hosts", "a");
    ps_addrinfo *list;
    size_t count = 0;
    int i;

    ck_assert_ptr_nonnull(hosts);
    for (i = 0; i < 2 * addresses; i++)
        fprintf(hosts, "127.%d.%d.1 many.test\n", i % addresses / 256 + 1, i % addresses % 256);
    fclose(hosts);
    ck_assert_ok(
        ps_getaddrinfo_within("many.test", "80", 0, SOCK_STREAM, 0, 0, 3 * PATIENCE, NULL, &list));
    for (const ps_addrinfo *entry = list; entry; entry = entry->next)
        count++;
    ck_assert_uint_eq(count, (size_t)addresses);
    ps_freeaddrinfo(list);
}
END_TEST

/* ---- addresses that do not answer ------------------------------------------------------------ */

START_TEST(net_connection_leaves_a_silent_address_behind)
{
    name_server *server;
    ps_sock listener, s;
    int port = listen_at(&listener, "10.9.1.1", 0);
    record r;

    server = name_server_start(names);
    record_init(&r, PATIENCE);
    ck_assert_ok(ps_create_connection_with(&s, "silent6.good4.test", port, &r.options));
    ck_assert_int_eq(s.family, AF_INET);
    ck_assert_double_eq(ps_gettimeout(&s), PATIENCE);
    ck_assert_uint_eq(r.count, 2);
    assert_attempt(&r, 0, AF_INET6, PS_ECANCELED);
    assert_attempt(&r, 1, AF_INET, 0);
    assert_staggered(&r, DELAY);
    ck_assert_double_ge(r.attempts[0].ended, r.attempts[1].ended);
    assert_connected(&listener, &s);
    ck_assert_ok(ps_close(&s));
    name_server_stop(server);
}
END_TEST

/* A name server that says nothing of one family costs neither the timeout nor what the system
 * waits for it. */
START_TEST(net_connection_without_one_family_of_answers)
{
    static const char *const hosts[] = {"10.9.1.1", "2001:db8:1::1"};
    static const char *const zones[] = {"drops6.test", "drops4.test"};
    name_server *server = name_server_start(names);
    double begin = test_clock();
    int i;

    for (i = 0; i < 4; i++) {
        ps_sock listener, s;
        int port = listen_at(&listener, hosts[i % 2], 0);
        record r;

        record_init(&r, i < 2 ? 2 * PATIENCE : PS_NO_TIMEOUT);
        ck_assert_ok(ps_create_connection_with(&s, zones[i % 2], port, &r.options));
        ck_assert_uint_eq(r.count, 1);
        assert_connected(&listener, &s);
        ck_assert_ok(ps_close(&s));
    }
    /* The system asks for ten seconds each. */
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    name_server_stop(server);
}
END_TEST

/* Also without any timeout, where each address has the system's two minutes otherwise; the
 * socket is blocking then. */
START_TEST(net_connection_without_timeout)
{
    name_server *server;
    ps_sock listener, s;
    int port = listen_at(&listener, "10.9.1.1", 0);
    char byte;

    server = name_server_start(names);
    ck_assert_ok(ps_create_connection(&s, "silent6.good4.test", port, PS_NO_TIMEOUT, NULL));
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    assert_connected(&listener, &s);
    ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 1);
    ck_assert_ok(ps_close(&s));
    name_server_stop(server);
}
END_TEST

START_TEST(net_connection_takes_the_first_that_answers)
{
    name_server *server;
    ps_sock listener4, listener6, s;
    int port = listen_at(&listener4, "10.9.1.1", 0);
    record r;

    listen_at(&listener6, "2001:db8:1::1", port);
    server = name_server_start(names);
    record_init(&r, PATIENCE);
    ck_assert_ok(ps_create_connection_with(&s, "good.test", port, &r.options));
    ck_assert_int_eq(s.family, AF_INET6);
    ck_assert_uint_eq(r.count, 1);
    assert_attempt(&r, 0, AF_INET6, 0);
    assert_connected(&listener6, &s);
    test_close(&s, &listener4);
    name_server_stop(server);
}
END_TEST

/* A refusal is not waited out: the pause here is longer than the patience. */
START_TEST(net_connection_goes_on_at_once_after_a_failure)
{
    name_server *server;
    ps_sock listener, s;
    int port = listen_at(&listener, "10.9.1.1", 0);
    double begin;
    record r;

    server = name_server_start(names);
    record_init(&r, 4 * PATIENCE);
    r.options.attempt_delay = 4 * PATIENCE;
    begin = test_clock();
    ck_assert_ok(ps_create_connection_with(&s, "good.test", port, &r.options));
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    ck_assert_uint_eq(r.count, 2);
    assert_attempt(&r, 0, AF_INET6, PS_ECONNREFUSED);
    assert_attempt(&r, 1, AF_INET, 0);
    assert_connected(&listener, &s);
    ck_assert_ok(ps_close(&s));
    name_server_stop(server);
}
END_TEST

/* The two families in turn, and the one that answers is the last of all. */
START_TEST(net_connection_tries_the_families_in_turn)
{
    name_server *server;
    ps_sock listener, s;
    int port = listen_at(&listener, "10.9.1.1", 0);
    ps_addr peer;
    record r;
    size_t i;

    server = name_server_start(names);
    record_init(&r, 4 * PATIENCE);
    r.options.attempt_delay = 0.05;
    ck_assert_ok(ps_create_connection_with(&s, "last.test", port, &r.options));
    ck_assert_uint_ge(r.count, 2);
    ck_assert_uint_le(r.count, 6);
    for (i = 0; i < r.count; i++)
        ck_assert_int_eq(ps_addr_family(&r.attempts[i].address), i % 2 == 0 ? AF_INET6 : AF_INET);
    assert_staggered(&r, 0.05);
    ck_assert_ok(ps_getpeername(&s, &peer));
    for (i = 0; i < r.count; i++)
        ck_assert_code(r.attempts[i].code,
                       ps_addr_equal(&r.attempts[i].address, &peer) ? 0 : PS_ECANCELED);
    assert_connected(&listener, &s);
    ck_assert_ok(ps_close(&s));
    name_server_stop(server);
}
END_TEST

/* Traps: CON-11. */
START_TEST(net_connection_times_out_over_all_addresses)
{
    name_server *server;
    ps_sock s;
    double begin;
    record r;
    size_t i;

    server = name_server_start(names);
    record_init(&r, 1);
    begin = test_clock();
    ck_assert_code(ps_create_connection_with(&s, "silent.test", 80, &r.options), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 1);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_uint_ge(r.count, 1);
    for (i = 0; i < r.count; i++)
        ck_assert_code(r.attempts[i].code, PS_TIMED_OUT);
    assert_staggered(&r, DELAY);
    name_server_stop(server);
}
END_TEST

START_TEST(net_connection_is_canceled)
{
    name_server *server;
    ps_cancel *token;
    test_thread *thread;
    ps_sock s;
    record r;

    server = name_server_start(names);
    ck_assert_ok(ps_cancel_open(&token));
    record_init(&r, PS_NO_TIMEOUT);
    r.options.token = token;
    r.options.attempt_delay = 0.01;
    thread = test_thread_start(fire_later, token);
    ck_assert_code(ps_create_connection_with(&s, "silent.test", 80, &r.options), PS_ECANCELED);
    test_thread_join(thread);
    ps_cancel_close(token);
    name_server_stop(server);
}
END_TEST

/* ---- which error is told --------------------------------------------------------------------- */

/* What came from the other end, not that this machine has no way to the other address. */
START_TEST(net_connection_tells_the_useful_error)
{
    name_server *server;
    ps_sock s;
    record r;
    size_t i;

    server = name_server_start(names);
    record_init(&r, PATIENCE);
    ck_assert_code(ps_create_connection_with(&s, "noway6.test", 1, &r.options), PS_ECONNREFUSED);
    ck_assert_uint_eq(r.count, 2);
    for (i = 0; i < 2; i++)
        assert_attempt(&r, i, ps_addr_family(&r.attempts[i].address),
                       ps_addr_family(&r.attempts[i].address) == AF_INET ? PS_ECONNREFUSED
                                                                         : PS_ENETUNREACH);

    ck_assert_code(ps_create_connection_with(&s, "noway.test", 1, &r.options), PS_ENETUNREACH);
    ck_assert_uint_eq(r.count, 2);
    name_server_stop(server);
}
END_TEST

/* Time was over for one, and the other had refused: time was over. */
START_TEST(net_connection_tells_that_time_is_over)
{
    name_server *server;
    ps_sock s;
    record r;

    server = name_server_start(names);
    record_init(&r, 1.5);
    ck_assert_code(ps_create_connection_with(&s, "silent6.refuse4.test", 1, &r.options),
                   PS_TIMED_OUT);
    ck_assert_uint_ge(r.count, 1);
    assert_attempt(&r, 0, AF_INET6, PS_TIMED_OUT);
    if (r.count > 1)
        assert_attempt(&r, 1, AF_INET, PS_ECONNREFUSED);
    name_server_stop(server);
}
END_TEST

START_TEST(net_connection_from_an_address)
{
    name_server *server;
    ps_sock listener, s;
    int port = listen_at(&listener, "10.9.1.1", 0);
    ps_addr source;
    record r;

    server = name_server_start(names);
    ck_assert_ok(ps_addr_inet(&source, "10.9.1.1", 0));
    record_init(&r, PATIENCE);
    r.options.source = &source;
    ck_assert_ok(ps_create_connection_with(&s, "silent6.good4.test", port, &r.options));
    ck_assert_uint_eq(r.count, 1);
    assert_attempt(&r, 0, AF_INET, 0);
    assert_connected(&listener, &s);
    ck_assert_ok(ps_close(&s));
    ck_assert_code(ps_create_connection_with(&s, "good6.test", port, &r.options),
                   PS_EAI_ADDRFAMILY);
    ck_assert_uint_eq(r.count, 0);
    name_server_stop(server);
}
END_TEST

void add_net_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, net_lookup_ends_at_its_deadline);
    ADD_TEST_CASE(suite, net_lookup_is_canceled);
    ADD_TEST_CASE(suite, net_connection_ends_during_the_lookup);
    ADD_TEST_CASE(suite, net_abandoned_lookup_finishes_alone);
    ADD_TEST_CASE(suite, net_abandoned_lookups_are_bounded);
    ADD_TEST_CASE(suite, net_lookup_waits_for_a_slow_answer);
    ADD_TEST_CASE(suite, net_names_end_in_time);
    ADD_TEST_CASE(suite, net_localhost_without_a_hosts_file);
    ADD_TEST_CASE(suite, net_names_below_localhost);
    ADD_TEST_CASE(suite, net_name_without_addresses);
    ADD_TEST_CASE(suite, net_lookup_of_very_many_addresses);
    ADD_TEST_CASE(suite, net_connection_leaves_a_silent_address_behind);
    ADD_TEST_CASE(suite, net_connection_without_one_family_of_answers);
    ADD_TEST_CASE(suite, net_connection_without_timeout);
    ADD_TEST_CASE(suite, net_connection_takes_the_first_that_answers);
    ADD_TEST_CASE(suite, net_connection_goes_on_at_once_after_a_failure);
    ADD_TEST_CASE(suite, net_connection_tries_the_families_in_turn);
    ADD_TEST_CASE(suite, net_connection_times_out_over_all_addresses);
    ADD_TEST_CASE(suite, net_connection_is_canceled);
    ADD_TEST_CASE(suite, net_connection_tells_the_useful_error);
    ADD_TEST_CASE(suite, net_connection_tells_that_time_is_over);
    ADD_TEST_CASE(suite, net_connection_from_an_address);
}
