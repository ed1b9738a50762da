/* ps_create_connection (row R100; R183 names the reference's own tests). */
#include "connect_record.h"
#include "connection.h"
#include "full_listener.h"
#include "late.h"
#include "test.h"

#include <limits.h>

/* Long enough for what loopback does, on a busy machine, too; Windows needs two seconds to
 * refuse a connection. */
#define PATIENCE 15.0

/* ---- helpers --------------------------------------------------------------------------------- */

/* What a failed call must have overwritten. */
static ps_sock garbage(void)
{
    ps_sock s;

    memset(&s, 0x5a, sizeof s);
    return s;
}

static void assert_fails(const char *host, int port, double timeout, const ps_addr *source,
                         int expected)
{
    ps_sock s = garbage();

    ck_assert_code(ps_create_connection(&s, host, port, timeout, source), expected);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close(&s));
}

static int listen_on(ps_sock *listener, int family)
{
    ps_addr a;

    test_listener(listener, family, &a);
    return ps_addr_port(&a);
}

static int refusing_port(ps_sock *holder)
{
    ps_addr a;

    test_refusing_address(holder, AF_INET, &a);
    return ps_addr_port(&a);
}

static ps_addr source_at(const char *host)
{
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, host, 0));
    return a;
}

/* ---- connections ----------------------------------------------------------------------------- */

static void create_and_talk(const char *host, int family, double timeout)
{
    ps_sock listener, s;
    int port = listen_on(&listener, family);

    ck_assert_ok(ps_create_connection(&s, host, port, timeout, NULL));
    ck_assert_int_eq(s.family, family);
    ck_assert_int_eq(s.type, SOCK_STREAM);
    assert_served(&listener, &s);
}

START_TEST(create_connection_to_ipv4)
{
    create_and_talk("127.0.0.1", AF_INET, PS_DEFAULT_TIMEOUT);
}
END_TEST

START_TEST(create_connection_to_ipv6)
{
    create_and_talk("::1", AF_INET6, PS_DEFAULT_TIMEOUT);
}
END_TEST

/* It may have an IPv6 address, too, and that first; nobody listens there. */
/* Rows: R100. */
START_TEST(create_connection_to_a_name)
{
    create_and_talk("localhost", AF_INET, PATIENCE);
}
END_TEST

/* Traps: LIF-9. */
START_TEST(create_connection_is_not_inheritable)
{
    ps_sock listener, s;
    int port = listen_on(&listener, AF_INET);
    bool on = true;

    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", port, PATIENCE, NULL));
    ck_assert_ok(ps_get_inheritable(&s, &on));
    ck_assert(!on);
    assert_served(&listener, &s);
}
END_TEST

/* ---- the source address ---------------------------------------------------------------------- */

/* Rows: R100. */
START_TEST(create_connection_from_an_address)
{
    ps_sock listener, s;
    ps_addr source = source_at("127.0.0.2");
    ps_addr name;
    char host[PS_HOST_MAX];
    int port = listen_on(&listener, AF_INET);

    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", port, PATIENCE, &source));
    ck_assert_ok(ps_getsockname(&s, &name));
    ck_assert_ok(ps_addr_get_host(&name, host, sizeof host));
    ck_assert_str_eq(host, "127.0.0.2");
    assert_served(&listener, &s);
}
END_TEST

START_TEST(create_connection_from_any_address)
{
    ps_sock listener, s;
    ps_addr source = source_at("");
    int port = listen_on(&listener, AF_INET);

    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", port, PATIENCE, &source));
    assert_served(&listener, &s);

    port = listen_on(&listener, AF_INET);
    memset(&source, 0, sizeof source);
    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", port, PATIENCE, &source));
    assert_served(&listener, &s);
}
END_TEST

/* A name with addresses of both families is reached over the source's. */
START_TEST(create_connection_from_an_address_to_a_name)
{
    ps_sock listener, s;
    ps_addr source = source_at("127.0.0.1");
    int port = listen_on(&listener, AF_INET);

    ck_assert_ok(ps_create_connection(&s, "localhost", port, PATIENCE, &source));
    ck_assert_int_eq(s.family, AF_INET);
    assert_served(&listener, &s);
}
END_TEST

/* 192.0.2.1 is nobody's: RFC 5737. */
START_TEST(create_connection_from_an_address_of_elsewhere)
{
    ps_sock listener;
    ps_addr source = source_at("192.0.2.1");
    int port = listen_on(&listener, AF_INET);

    assert_fails("127.0.0.1", port, PATIENCE, &source, PS_EADDRNOTAVAIL);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

START_TEST(create_connection_from_another_family)
{
    ps_sock listener;
    ps_sock s = garbage();
    ps_addr source;
    int port = listen_on(&listener, AF_INET);
    int code;

    ck_assert_ok(ps_addr_inet6(&source, "::1", 0, 0, 0));
    code = ps_create_connection(&s, "127.0.0.1", port, PATIENCE, &source);
    ck_assert_msg(ps_error_kind(code) == PS_KIND_GAI, "%s", ps_error_name(code));
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* ---- refusal --------------------------------------------------------------------------------- */

/* Rows: R100 R183. Traps: ERR-4. */
START_TEST(create_connection_refused)
{
    ps_sock holder;
    int port = refusing_port(&holder);

    assert_fails("127.0.0.1", port, PS_DEFAULT_TIMEOUT, NULL, PS_ECONNREFUSED);
    assert_fails("127.0.0.1", port, PS_NO_TIMEOUT, NULL, PS_ECONNREFUSED);
    assert_fails("127.0.0.1", port, PATIENCE, NULL, PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&holder));
}
END_TEST

/* Whatever addresses it has, nobody listens at any: the last error is told. */
/* Traps: CON-5. */
START_TEST(create_connection_refused_by_a_name)
{
    ps_sock holder;
    int port = refusing_port(&holder);

    assert_fails("localhost", port, PATIENCE, NULL, PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&holder));
}
END_TEST

/* ---- arguments ------------------------------------------------------------------------------- */

/* The name is not looked up: the answer would be another. */
START_TEST(create_connection_checks_the_port_first)
{
    static const int ports[] = {-1, 65536, INT_MAX, INT_MIN};
    size_t i;

    for (i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        assert_fails("127.0.0.1", ports[i], 1, NULL, PS_BAD_PORT);
        assert_fails("name.invalid", ports[i], 1, NULL, PS_BAD_PORT);
        assert_fails("", ports[i], 1, NULL, PS_BAD_PORT);
    }
}
END_TEST

START_TEST(create_connection_checks_the_timeout_first)
{
    static const double timeouts[] = {-0.5, -2, -1e300, -INFINITY, NAN};
    size_t i;

    for (i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        assert_fails("127.0.0.1", 1, timeouts[i], NULL, PS_BAD_TIMEOUT);
        assert_fails("name.invalid", 1, timeouts[i], NULL, PS_BAD_TIMEOUT);
    }
}
END_TEST

START_TEST(create_connection_needs_a_socket)
{
    ck_assert_code(ps_create_connection(NULL, "127.0.0.1", 1, 1, NULL), PS_EFAULT);
}
END_TEST

START_TEST(create_connection_to_what_is_no_host)
{
    ps_sock s = garbage();
    int code = ps_create_connection(&s, "\xff\xfe", 1, PATIENCE, NULL);

    ck_assert_int_lt(code, 0);
    ck_assert(ps_error_kind(code) == PS_KIND_ARGUMENT || ps_error_kind(code) == PS_KIND_GAI);
    ck_assert(s.handle == PS_INVALID_HANDLE);
}
END_TEST

/* ---- the timeout ----------------------------------------------------------------------------- */

static void assert_timeout_becomes(double timeout, double expected)
{
    ps_sock listener, s;
    int port = listen_on(&listener, AF_INET);

    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", port, timeout, NULL));
    ck_assert_double_eq(ps_gettimeout(&s), expected);
    assert_served(&listener, &s);
}

START_TEST(create_connection_takes_a_timeout)
{
    assert_timeout_becomes(30, 30);
    assert_timeout_becomes(7.345, 7.345);
    assert_timeout_becomes(1e300, 1e300);
    assert_timeout_becomes(PS_NO_TIMEOUT, PS_NO_TIMEOUT);
    assert_timeout_becomes(PS_DEFAULT_TIMEOUT, PS_NO_TIMEOUT);
}
END_TEST

/* Rows: R183. */
START_TEST(create_connection_takes_the_default_timeout)
{
    ck_assert_ok(ps_setdefaulttimeout(30));
    assert_timeout_becomes(PS_DEFAULT_TIMEOUT, 30);
    assert_timeout_becomes(20, 20);
    assert_timeout_becomes(PS_NO_TIMEOUT, PS_NO_TIMEOUT);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
}
END_TEST

/* As the reference: a connection that is only started is a failure here, and is given up. */
START_TEST(create_connection_nonblocking)
{
    ps_sock listener;
    int port = listen_on(&listener, AF_INET);

    assert_fails("127.0.0.1", port, 0, NULL, PS_EINPROGRESS);
    ck_assert_ok(ps_setdefaulttimeout(0));
    assert_fails("127.0.0.1", port, PS_DEFAULT_TIMEOUT, NULL, PS_EINPROGRESS);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* Rows: R100. Traps: CON-11. */
START_TEST(create_connection_times_out)
{
    full_listener f = full_listener_open();
    double begin = test_clock();

    assert_fails("127.0.0.1", ps_addr_port(&f.address), 0.3, NULL, PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_double_le(test_clock() - begin, PATIENCE);

    ck_assert_ok(ps_setdefaulttimeout(0.3));
    begin = test_clock();
    assert_fails("127.0.0.1", ps_addr_port(&f.address), PS_DEFAULT_TIMEOUT, NULL, PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));

    full_listener_close(&f);
}
END_TEST

/* ---- the record, and the token --------------------------------------------------------------- */

static void assert_times(const record *r, double begin)
{
    double now = test_clock() - begin;
    size_t i;

    for (i = 0; i < r->count && i < ATTEMPTS_MAX; i++) {
        ck_assert_double_ge(r->attempts[i].started, i == 0 ? 0 : r->attempts[i - 1].started);
        ck_assert_double_ge(r->attempts[i].ended, r->attempts[i].started);
        ck_assert_double_le(r->attempts[i].ended, now);
    }
}

static void assert_recorded_address(const ps_connect_attempt *attempt, const char *expected,
                                    int port)
{
    char host[PS_HOST_MAX];

    ck_assert_ok(ps_addr_get_host(&attempt->address, host, sizeof host));
    ck_assert_str_eq(host, expected);
    ck_assert_int_eq(ps_addr_port(&attempt->address), port);
}

START_TEST(create_connection_records_success)
{
    ps_sock listener, s;
    int port = listen_on(&listener, AF_INET);
    double begin = test_clock();
    record r;

    record_init(&r, PATIENCE);
    ck_assert_ok(ps_create_connection_with(&s, "127.0.0.1", port, &r.options));
    ck_assert_double_eq(ps_gettimeout(&s), PATIENCE);
    ck_assert_uint_eq(r.count, 1);
    ck_assert_int_eq(r.attempts[0].code, 0);
    assert_recorded_address(&r.attempts[0], "127.0.0.1", port);
    assert_times(&r, begin);
    assert_served(&listener, &s);
}
END_TEST

START_TEST(create_connection_without_options)
{
    ps_sock listener, s;
    int port = listen_on(&listener, AF_INET);

    ck_assert_ok(ps_create_connection_with(&s, "127.0.0.1", port, NULL));
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    assert_served(&listener, &s);
    ck_assert_code(ps_create_connection_with(NULL, "127.0.0.1", 1, NULL), PS_EFAULT);
}
END_TEST

/* Each address of the name is refused, at once after the one before. */
START_TEST(create_connection_records_failures)
{
    ps_sock holder, s;
    int port = refusing_port(&holder);
    double begin = test_clock();
    record r;
    size_t i;

    record_init(&r, PS_NO_TIMEOUT);
    r.options.attempt_delay = PS_NO_TIMEOUT;
    ck_assert_code(ps_create_connection_with(&s, "localhost", port, &r.options), PS_ECONNREFUSED);
    ck_assert_uint_ge(r.count, 1);
    for (i = 0; i < r.count; i++) {
        int code = r.attempts[i].code;

        ck_assert_msg(code == PS_ECONNREFUSED || code == PS_EADDRNOTAVAIL || code == PS_ENETUNREACH,
                      "%s", ps_error_name(code));
        ck_assert_int_eq(ps_addr_port(&r.attempts[i].address), port);
    }
    assert_times(&r, begin);
    ck_assert_ok(ps_close(&holder));
}
END_TEST

/* How many there were is told also when they do not fit. */
START_TEST(create_connection_records_in_little_room)
{
    ps_sock holder, s;
    int port = refusing_port(&holder);
    record r;

    record_init(&r, PATIENCE);
    r.options.attempts_capacity = 0;
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", port, &r.options), PS_ECONNREFUSED);
    ck_assert_uint_eq(r.count, 1);
    ck_assert_int_eq(r.attempts[0].code, 0x5a5a5a5a);

    record_init(&r, PATIENCE);
    r.options.attempts = NULL;
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", port, &r.options), PS_ECONNREFUSED);
    ck_assert_uint_eq(r.count, 1);

    record_init(&r, PATIENCE);
    r.options.attempts_count = NULL;
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", port, &r.options), PS_ECONNREFUSED);
    ck_assert_code(r.attempts[0].code, PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&holder));
}
END_TEST

/* Options of an earlier version have the defaults of what they lack; those of a later one, or of
 * none, are refused. */
START_TEST(create_connection_options_have_a_size)
{
    static const size_t bad[] = {
        0,
        sizeof(size_t) - 1,
        offsetof(ps_connect_options, source) + 1,
        sizeof(ps_connect_options) - 1,
        sizeof(ps_connect_options) + 1,
        SIZE_MAX,
    };
    ps_sock holder, s;
    int port = refusing_port(&holder);
    record r;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        record_init(&r, PATIENCE);
        r.options.size = bad[i];
        ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", port, &r.options), PS_BAD_LENGTH);
        ck_assert(ps_fileno(&s) == PS_INVALID_HANDLE);
    }
    record_init(&r, PATIENCE);
    r.count = 99;
    r.options.size = offsetof(ps_connect_options, attempts);
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", port, &r.options), PS_ECONNREFUSED);
    ck_assert_uint_eq(r.count, 99);
    ck_assert_int_eq(r.attempts[0].code, 0x5a5a5a5a);
    /* A timeout that the size does not cover is the default one. */
    record_init(&r, -5);
    r.options.size = offsetof(ps_connect_options, timeout);
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", port, &r.options), PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&holder));
}
END_TEST

START_TEST(create_connection_records_nothing)
{
    ps_sock s = garbage();
    ps_addr source;
    record r;

    ck_assert_ok(ps_addr_inet6(&source, "::1", 0, 0, 0));
    record_init(&r, PATIENCE);
    r.options.source = &source;
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", 1, &r.options), PS_EAI_ADDRFAMILY);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_uint_eq(r.count, 0);

    record_init(&r, PATIENCE);
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", 65536, &r.options), PS_BAD_PORT);
    ck_assert_uint_eq(r.count, 0);
}
END_TEST

START_TEST(create_connection_refuses_bad_delays)
{
    static const double delays[] = {-0.25, -INFINITY, NAN};
    ps_sock s = garbage();
    record r;
    size_t i;

    for (i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        record_init(&r, PATIENCE);
        r.options.attempt_delay = delays[i];
        ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", 1, &r.options), PS_BAD_TIMEOUT);
    }
}
END_TEST

START_TEST(create_connection_records_time_over)
{
    full_listener f = full_listener_open();
    ps_sock s;
    double begin = test_clock();
    record r;

    record_init(&r, 0.3);
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", ps_addr_port(&f.address), &r.options),
                   PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_uint_eq(r.count, 1);
    ck_assert_code(r.attempts[0].code, PS_TIMED_OUT);
    ck_assert_double_ge(r.attempts[0].ended, 0.3);
    assert_times(&r, begin);
    full_listener_close(&f);
}
END_TEST

START_TEST(create_connection_is_canceled)
{
    static const double timeouts[] = {PS_NO_TIMEOUT, PATIENCE * 4};
    full_listener f = full_listener_open();
    ps_sock s;
    ps_cancel *token;
    size_t i;

    ck_assert_ok(ps_cancel_open(&token));
    for (i = 0; i < 2; i++) {
        test_thread *thread = test_thread_start(fire_late, token);
        double begin = test_clock();
        record r;

        record_init(&r, timeouts[i]);
        r.options.token = token;
        ck_assert_code(
            ps_create_connection_with(&s, "127.0.0.1", ps_addr_port(&f.address), &r.options),
            PS_ECANCELED);
        ck_assert_double_le(test_clock() - begin, PATIENCE);
        ck_assert(s.handle == PS_INVALID_HANDLE);
        test_thread_join(thread);
        ck_assert_uint_eq(r.count, 1);
        ck_assert_code(r.attempts[0].code, PS_ECANCELED);
        ck_assert_code(
            ps_create_connection_with(&s, "127.0.0.1", ps_addr_port(&f.address), &r.options),
            PS_ECANCELED);
        ck_assert_uint_eq(r.count, 0);
        ck_assert_ok(ps_cancel_reset(token));
    }
    ps_cancel_close(token);
    full_listener_close(&f);
}
END_TEST

/* The token ended the wait for the connection; it is not the socket's. */
START_TEST(create_connection_does_not_keep_the_token)
{
    ps_sock listener, s;
    int port = listen_on(&listener, AF_INET);
    ps_cancel *token;
    record r;

    ck_assert_ok(ps_cancel_open(&token));
    record_init(&r, PS_NO_TIMEOUT);
    r.options.token = token;
    ck_assert_ok(ps_create_connection_with(&s, "localhost", port, &r.options));
    ps_cancel_fire(token);
    ps_cancel_close(token);
    assert_served(&listener, &s);
}
END_TEST

/* ---- nothing stays open ---------------------------------------------------------------------- */

static unsigned long long next_handle(void)
{
    ps_sock s;
    unsigned long long handle;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    handle = (unsigned long long)ps_fileno(&s);
    ck_assert_ok(ps_close(&s));
    return handle;
}

/* A system gives the number of a closed handle again; one that had been left open each time
 * would show. */
START_TEST(create_connection_leaves_nothing_open)
{
    enum { COUNT = 100 };
    ps_sock listener;
    ps_addr elsewhere = source_at("192.0.2.1");
    int port = listen_on(&listener, AF_INET);
    unsigned long long before = next_handle();
    int i;

    for (i = 0; i < COUNT; i++) {
        assert_fails("127.0.0.1", port, PATIENCE, &elsewhere, PS_EADDRNOTAVAIL);
        assert_fails("127.0.0.1", port, 0, NULL, PS_EINPROGRESS);
        assert_fails("127.0.0.1", -1, PATIENCE, NULL, PS_BAD_PORT);
    }
    ck_assert_uint_lt(next_handle(), before + COUNT);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

void add_create_connection_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, create_connection_to_ipv4);
    ADD_TEST_CASE(suite, create_connection_to_ipv6);
    ADD_TEST_CASE(suite, create_connection_to_a_name);
    ADD_TEST_CASE(suite, create_connection_is_not_inheritable);
    ADD_TEST_CASE(suite, create_connection_from_an_address);
    ADD_TEST_CASE(suite, create_connection_from_any_address);
    ADD_TEST_CASE(suite, create_connection_from_an_address_to_a_name);
    ADD_TEST_CASE(suite, create_connection_from_an_address_of_elsewhere);
    ADD_TEST_CASE(suite, create_connection_from_another_family);
    ADD_TEST_CASE(suite, create_connection_refused);
    ADD_TEST_CASE(suite, create_connection_refused_by_a_name);
    ADD_TEST_CASE(suite, create_connection_checks_the_port_first);
    ADD_TEST_CASE(suite, create_connection_checks_the_timeout_first);
    ADD_TEST_CASE(suite, create_connection_needs_a_socket);
    ADD_TEST_CASE(suite, create_connection_to_what_is_no_host);
    ADD_TEST_CASE(suite, create_connection_takes_a_timeout);
    ADD_TEST_CASE(suite, create_connection_takes_the_default_timeout);
    ADD_TEST_CASE(suite, create_connection_nonblocking);
    ADD_TEST_CASE(suite, create_connection_times_out);
    ADD_TEST_CASE(suite, create_connection_records_success);
    ADD_TEST_CASE(suite, create_connection_without_options);
    ADD_TEST_CASE(suite, create_connection_records_failures);
    ADD_TEST_CASE(suite, create_connection_records_in_little_room);
    ADD_TEST_CASE(suite, create_connection_options_have_a_size);
    ADD_TEST_CASE(suite, create_connection_records_nothing);
    ADD_TEST_CASE(suite, create_connection_refuses_bad_delays);
    ADD_TEST_CASE(suite, create_connection_records_time_over);
    ADD_TEST_CASE(suite, create_connection_is_canceled);
    ADD_TEST_CASE(suite, create_connection_does_not_keep_the_token);
    ADD_TEST_CASE(suite, create_connection_leaves_nothing_open);
}
