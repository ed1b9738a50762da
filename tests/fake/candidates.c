/* ps_create_connection while the addresses become known: RFC 8305, section 3, step by step on a
 * clock that the script moves. */
#include "fake.h"

#define ENTRIES(...)                              \
    .entries = (const fake_entry[]){__VA_ARGS__}, \
    .entry_count = sizeof((const fake_entry[]){__VA_ARGS__}) / sizeof(fake_entry)

#define DELAY MILLISECONDS(50)
#define QUARTER MILLISECONDS(250)

static const char *const both[] = {"[2001:db8::1]:0", "192.0.2.1:0", NULL};
static const char *const inet6[] = {"[2001:db8::1]:0", NULL};
static const char *const inet[] = {"192.0.2.1:0", NULL};

static ps_connect_attempt attempts[8];
static size_t attempt_count;

static int race(ps_sock *s, double timeout, const ps_addr *source)
{
    ps_connect_options options = PS_CONNECT_OPTIONS_INIT;

    options.timeout = timeout;
    options.source = source;
    options.attempts = attempts;
    options.attempts_capacity = sizeof attempts / sizeof attempts[0];
    options.attempts_count = &attempt_count;
    return ps_create_connection_with(s, "a.example", 80, &options);
}

/* A look-up that goes on, its notifier, what it will give. */
static void look_up(int family, const char *const *addresses, int code)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .text = "a.example",
           .family = family == AF_UNSPEC ? FAKE_ZERO : family, .later = true,
           .addresses = addresses, .code = code);
}

/* The system is silent for both families, handle 1; so each is asked for, handles 2 (IPv6) and 3
 * (IPv4). */
static void silence(const char *const *found, int code, const char *const *found6, int code6,
                    const char *const *found4, int code4)
{
    look_up(AF_UNSPEC, found, code);
    expect(SYS_WAIT, .on = 1, .events = PS__NOTIFIED, .nanoseconds = DELAY, .advance = DELAY);
    look_up(AF_INET6, found6, code6);
    look_up(AF_INET, found4, code4);
}

static void attempt(int family, const char *to, int result)
{
    expect(SYS_SOCKET, .family = family, .type = SOCK_STREAM, .mode = FAKE_ON);
    expect(SYS_CONNECT, .to = to, .result = result);
    if (result == 0) {
        expect(SYS_GETSOCKNAME, .from = "198.51.100.1:1000");
    }
}

static void end_first(void *nothing)
{
    (void)nothing;
    fake_end_lookup_number(1);
}

static void end_second(void *nothing)
{
    (void)nothing;
    fake_end_lookup_number(2);
}

static void end_third(void *nothing)
{
    (void)nothing;
    fake_end_lookup_number(3);
}

/* The look-ups that the call has left end alone. */
static void end_all(ps_sock *s, int left)
{
    while (left-- > 0)
        fake_end_lookup(NULL);
    if (s)
        ck_assert_ok(ps_close(s));
    fake_done();
}

/* The call connects, and has left so many look-ups. */
static void assert_race_connects(int left)
{
    ps_sock s;

    ck_assert_ok(race(&s, 10, NULL));
    end_all(&s, left);
}

static void assert_race_fails(int code, int left)
{
    ps_sock s;

    ck_assert_code(race(&s, 10, NULL), code);
    end_all(NULL, left);
}

/* A system that does not know localhost need not be waited for. */
START_TEST(race_to_localhost)
{
    ps_connect_options options = PS_CONNECT_OPTIONS_INIT;
    ps_sock s;

    options.timeout = 10;
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .text = "localhost", .later = true);
    expect(SYS_WAIT, .on = 1, .nanoseconds = DELAY, .advance = DELAY);
    attempt(AF_INET6, "[::1]:80", PS_ECONNREFUSED);
    attempt(AF_INET, "127.0.0.1:80", 0);
    ck_assert_ok(ps_create_connection_with(&s, "localhost", 80, &options));
    end_all(&s, 1);
}
END_TEST

/* ---- silent for one family ------------------------------------------------------------------- */

/* IPv4 waits for IPv6 a little, and then goes on alone. What comes later is tried in its turn. */
START_TEST(race_begins_with_ipv4_when_ipv6_is_late)
{
    silence(NULL, PS_EAI_AGAIN, inet6, 0, inet, 0);
    expect(SYS_WAIT, .nanoseconds = SECONDS(10) - DELAY, .advance = MILLISECONDS(10),
           .during = end_third,
           ENTRIES({1, PS__NOTIFIED, 0}, {2, PS__NOTIFIED, 0}, {3, PS__NOTIFIED, PS__NOTIFIED}));
    expect(SYS_WAIT, .nanoseconds = DELAY, .advance = DELAY,
           ENTRIES({1, PS__NOTIFIED, 0}, {2, PS__NOTIFIED, 0}));
    attempt(AF_INET, "192.0.2.1:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = SECONDS(10) - MILLISECONDS(110), .advance = MILLISECONDS(50),
           .during = end_second,
           ENTRIES({4, PS__CONNECTED, 0}, {1, PS__NOTIFIED, 0}, {2, PS__NOTIFIED, PS__NOTIFIED}));
    expect(SYS_WAIT, .nanoseconds = QUARTER - MILLISECONDS(50),
           .advance = QUARTER - MILLISECONDS(50), ENTRIES({4, PS__CONNECTED, 0}));
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    assert_race_connects(1);
    ck_assert_uint_eq(attempt_count, 2);
    ck_assert_double_eq_tol(attempts[0].started, 0.11, 1e-9);
}
END_TEST

/* Nobody waits for IPv4; its answer is used when IPv6 fails. */
START_TEST(race_begins_with_ipv6_at_once)
{
    silence(NULL, 0, inet6, 0, inet, 0);
    expect(SYS_WAIT, .during = end_second,
           ENTRIES({1, PS__NOTIFIED, 0}, {2, PS__NOTIFIED, PS__NOTIFIED}, {3, PS__NOTIFIED, 0}));
    attempt(AF_INET6, "[2001:db8::1]:80", PS_ENETUNREACH);
    /* All have failed, and more may come. */
    expect(SYS_WAIT, .during = end_third,
           ENTRIES({1, PS__NOTIFIED, 0}, {3, PS__NOTIFIED, PS__NOTIFIED}));
    attempt(AF_INET, "192.0.2.1:80", 0);
    assert_race_connects(1);
}
END_TEST

/* IPv6 comes while IPv4 waits for it, and goes first. */
START_TEST(race_whose_families_come_soon_after_another)
{
    silence(NULL, 0, inet6, 0, inet, 0);
    expect(SYS_WAIT, .during = end_third, ENTRIES({1, 0, 0}, {2, 0, 0}, {3, 0, PS__NOTIFIED}));
    expect(SYS_WAIT, .nanoseconds = DELAY, .during = end_second,
           ENTRIES({1, 0, 0}, {2, 0, PS__NOTIFIED}));
    attempt(AF_INET6, "[2001:db8::1]:80", PS_ECONNREFUSED);
    attempt(AF_INET, "192.0.2.1:80", PS_ECONNREFUSED);
    /* Both families have answered: the system's own answer would say nothing more. */
    assert_race_fails(PS_ECONNREFUSED, 1);
}
END_TEST

/* A host without IPv6: IPv4 is all there is. */
START_TEST(race_of_one_family_alone)
{
    silence(NULL, 0, NULL, PS_EAI_NONAME, inet, 0);
    expect(SYS_WAIT, .during = end_second, ENTRIES({1, 0, 0}, {2, 0, PS__NOTIFIED}, {3, 0, 0}));
    expect(SYS_WAIT, .during = end_third, ENTRIES({1, 0, 0}, {3, 0, PS__NOTIFIED}));
    attempt(AF_INET, "192.0.2.1:80", PS_ECONNREFUSED);
    assert_race_fails(PS_ECONNREFUSED, 1);

    silence(NULL, 0, NULL, PS_EAI_NONAME, inet, 0);
    expect(SYS_WAIT, .during = end_third, ENTRIES({1, 0, 0}, {2, 0, 0}, {3, 0, PS__NOTIFIED}));
    expect(SYS_WAIT, .during = end_second, ENTRIES({1, 0, 0}, {2, 0, PS__NOTIFIED}));
    attempt(AF_INET, "192.0.2.1:80", 0);
    assert_race_connects(1);
}
END_TEST

/* ---- the system's own answer ----------------------------------------------------------------- */

/* The answer for both comes after all, in the system's order; what was asked apart is left. */
START_TEST(race_whose_answer_for_both_is_late)
{
    silence(both, 0, NULL, 0, NULL, 0);
    expect(SYS_WAIT, .during = end_first, ENTRIES({1, 0, PS__NOTIFIED}, {2, 0, 0}, {3, 0, 0}));
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    assert_race_connects(2);
}
END_TEST

/* It adds what is new to what was there. */
START_TEST(race_whose_answer_for_both_adds)
{
    silence(both, 0, NULL, 0, inet, 0);
    expect(SYS_WAIT, .during = end_third, ENTRIES({1, 0, 0}, {2, 0, 0}, {3, 0, PS__NOTIFIED}));
    expect(SYS_WAIT, .nanoseconds = DELAY, .advance = DELAY, ENTRIES({1, 0, 0}, {2, 0, 0}));
    attempt(AF_INET, "192.0.2.1:80", PS_ECONNREFUSED);
    expect(SYS_WAIT, .during = end_first, ENTRIES({1, 0, PS__NOTIFIED}, {2, 0, 0}));
    attempt(AF_INET6, "[2001:db8::1]:80", PS_EHOSTUNREACH);
    assert_race_fails(PS_EHOSTUNREACH, 1);
    ck_assert_uint_eq(attempt_count, 2);
}
END_TEST

/* It fails: that counts where nothing was found apart. */
START_TEST(race_whose_answer_for_both_fails)
{
    silence(NULL, PS_EAI_NONAME, NULL, PS_EAI_NONAME, NULL, PS_EAI_AGAIN);
    expect(SYS_WAIT, .during = end_third, ENTRIES({1, 0, 0}, {2, 0, 0}, {3, 0, PS__NOTIFIED}));
    expect(SYS_WAIT, .during = end_second, ENTRIES({1, 0, 0}, {2, 0, PS__NOTIFIED}));
    expect(SYS_WAIT, .during = end_first, ENTRIES({1, 0, PS__NOTIFIED}));
    assert_race_fails(PS_EAI_NONAME, 0);

    silence(NULL, PS_EAI_AGAIN, NULL, 0, inet, 0);
    expect(SYS_WAIT, .during = end_third, ENTRIES({1, 0, 0}, {2, 0, 0}, {3, 0, PS__NOTIFIED}));
    expect(SYS_WAIT, .during = end_first, ENTRIES({1, 0, PS__NOTIFIED}, {2, 0, 0}));
    attempt(AF_INET, "192.0.2.1:80", 0);
    assert_race_connects(1);

    /* Success, and nothing in it. */
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START);
    expect(SYS_WAIT, .result = PS__READABLE);
    assert_race_fails(PS_EAI_NONAME, 0);
}
END_TEST

static void end_first_and_second(void *nothing)
{
    end_first(nothing);
    end_second(nothing);
}

/* Two end at the same time: the first leaves the other, which is not looked at. */
START_TEST(race_whose_answers_come_together)
{
    silence(both, 0, inet6, 0, NULL, 0);
    expect(SYS_WAIT, .during = end_first_and_second,
           ENTRIES({1, 0, PS__NOTIFIED}, {2, 0, PS__NOTIFIED}, {3, 0, 0}));
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    assert_race_connects(1);
}
END_TEST

/* A notifier that is readable without an end is waited for again. */
START_TEST(race_with_a_false_notification)
{
    look_up(AF_UNSPEC, both, 0);
    expect(SYS_WAIT, .on = 1, .result = PS__NOTIFIED);
    expect(SYS_WAIT, .on = 1, .during = end_first, .result = PS__NOTIFIED);
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    assert_race_connects(0);
}
END_TEST

/* ---- limits, means --------------------------------------------------------------------------- */

/* Only the source's family is asked for apart. */
START_TEST(race_of_the_family_of_a_source)
{
    ps_addr source = fake_address("[2001:db8::9]:0");
    ps_sock s;

    look_up(AF_UNSPEC, both, 0);
    expect(SYS_WAIT, .advance = DELAY);
    look_up(AF_INET6, inet6, 0);
    expect(SYS_WAIT, .during = end_second, ENTRIES({1, 0, 0}, {2, 0, PS__NOTIFIED}));
    expect(SYS_SOCKET, .family = AF_INET6);
    expect(SYS_BIND, .to = "[2001:db8::9]:0");
    expect(SYS_CONNECT, .to = "[2001:db8::1]:80", .result = 0);
    expect(SYS_GETSOCKNAME, .from = "198.51.100.1:1000");
    ck_assert_ok(race(&s, 10, &source));
    end_all(&s, 1);
}
END_TEST

START_TEST(race_that_ends_before_any_address)
{
    ps_sock s;

    silence(NULL, 0, NULL, 0, NULL, 0);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(450), .advance = MILLISECONDS(450));
    ck_assert_code(race(&s, 0.5, NULL), PS_TIMED_OUT);
    ck_assert_uint_eq(attempt_count, 0);
    end_all(NULL, 3);
}
END_TEST

/* A timeout of 0 waits for the name, and not for the connection. */
START_TEST(race_without_time_waits_for_the_name)
{
    ps_sock s;

    silence(NULL, 0, inet6, 0, NULL, 0);
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .advance = SECONDS(7), .during = end_second,
           ENTRIES({1, 0, 0}, {2, 0, PS__NOTIFIED}, {3, 0, 0}));
    attempt(AF_INET6, "[2001:db8::1]:80", PS_EINPROGRESS);
    ck_assert_code(race(&s, 0, NULL), PS_EINPROGRESS);
    end_all(NULL, 2);
}
END_TEST

/* Without threads for the families apart there is the answer for both. Without any, a call
 * without an end asks by itself. */
START_TEST(race_without_threads)
{
    ps_sock s;

    look_up(AF_UNSPEC, both, 0);
    expect(SYS_WAIT, .advance = DELAY);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .result = PS_EAGAIN);
    expect(SYS_NOTIFIER_OPEN, .result = PS_EMFILE);
    expect(SYS_WAIT, .on = 1, .nanoseconds = SECONDS(10) - DELAY, .during = end_first,
           .result = PS__NOTIFIED);
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    assert_race_connects(0);

    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .result = PS_EAGAIN);
    ck_assert_code(race(&s, 10, NULL), PS_EAI_AGAIN);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .result = PS_EAGAIN);
    expect(SYS_RESOLVE, .text = "a.example", .addresses = both);
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(race(&s, PS_NO_TIMEOUT, NULL));
    ck_assert_ok(ps_close(&s));
    expect(SYS_NOTIFIER_OPEN, .result = PS_EMFILE);
    expect(SYS_RESOLVE, .result = PS_EAI_NONAME);
    ck_assert_code(race(&s, PS_NO_TIMEOUT, NULL), PS_EAI_NONAME);
    fake_done();
}
END_TEST

/* Each allocation fails once, with so many addresses that the room for them grows. */
START_TEST(race_without_memory)
{
    static const char *const many[] = {"192.0.2.1:0", "192.0.2.2:0", "192.0.2.3:0", "192.0.2.4:0",
                                       "192.0.2.5:0", "192.0.2.6:0", "192.0.2.7:0", "192.0.2.8:0",
                                       "192.0.2.9:0", NULL};
    unsigned n = 0;
    ps_sock s;

    do {
        int code;

        fake_fail_allocation(++n);
        if (n > 1) {
            expect(SYS_NOTIFIER_OPEN);
            expect(SYS_RESOLVE_START, .addresses = many);
            expect(SYS_WAIT, .result = PS__NOTIFIED);
        }
        if (n > 6)
            attempt(AF_INET, "192.0.2.1:80", 0);
        code = race(&s, 10, NULL);
        ck_assert_code(code, fake_allocation_failed() ? PS_ENOMEM : 0);
        if (code == 0)
            ck_assert_ok(ps_close(&s));
        fake_done();
    } while (fake_allocation_failed());
    ck_assert_uint_eq(n, 7);
}
END_TEST

/* What needs no look-up. */
START_TEST(race_to_what_is_no_name)
{
    ps_sock s;

    for (int i = 0; i < 2; i++) {
        attempt(AF_INET6, "[::1]:80", PS_ECONNREFUSED);
        attempt(AF_INET, "127.0.0.1:80", PS_ECONNREFUSED);
        ck_assert_code(ps_create_connection(&s, i == 0 ? "" : NULL, 80, 1, NULL), PS_ECONNREFUSED);
    }
    expect(SYS_INTERFACE_INDEX, .text = "eth9", .result = PS_BAD_SCOPE);
    ck_assert_code(ps_create_connection(&s, "fe80::1%eth9", 80, 1, NULL), PS_EAI_NONAME);
    ck_assert_code(ps_create_connection(&s, "\xff", 80, 1, NULL), PS_BAD_ADDRESS);
    fake_done();
}
END_TEST

void add_candidates_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, race_to_localhost);
    ADD_TEST_CASE(suite, race_begins_with_ipv4_when_ipv6_is_late);
    ADD_TEST_CASE(suite, race_begins_with_ipv6_at_once);
    ADD_TEST_CASE(suite, race_whose_families_come_soon_after_another);
    ADD_TEST_CASE(suite, race_of_one_family_alone);
    ADD_TEST_CASE(suite, race_whose_answer_for_both_is_late);
    ADD_TEST_CASE(suite, race_whose_answer_for_both_adds);
    ADD_TEST_CASE(suite, race_whose_answer_for_both_fails);
    ADD_TEST_CASE(suite, race_whose_answers_come_together);
    ADD_TEST_CASE(suite, race_with_a_false_notification);
    ADD_TEST_CASE(suite, race_of_the_family_of_a_source);
    ADD_TEST_CASE(suite, race_that_ends_before_any_address);
    ADD_TEST_CASE(suite, race_without_time_waits_for_the_name);
    ADD_TEST_CASE(suite, race_without_threads);
    ADD_TEST_CASE(suite, race_without_memory);
    ADD_TEST_CASE(suite, race_to_what_is_no_name);
}
