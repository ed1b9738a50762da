/* Look-ups apart: within a deadline, ended by a token, given up, and finishing alone. */
#include "fake.h"

#include "common/resolve/host.h"
#include "common/resolve/lookup.h"

#include <stdio.h>

static const char *const hosts[] = {"[2001:db8::1]:0", "192.0.2.1:0", NULL};
static ps_addrinfo *list;

/* So many look-ups that were given up may go on. */
enum { GIVEN_UP_MAX = 64 };

static int look_up(double timeout, ps_cancel *token)
{
    return ps_getaddrinfo_within("a.example", "80", AF_UNSPEC, SOCK_STREAM, 0, AI_CANONNAME,
                                 timeout, token, &list);
}

/* The system answers in this very thread. */
static void assert_answered_at_once(void)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .addresses = hosts);
    expect(SYS_WAIT, .result = PS__NOTIFIED);
    ck_assert_ok(look_up(2, NULL));
    ps_freeaddrinfo(list);
}

static void fire(void *token)
{
    ps_cancel_fire(token);
}

static void end_and_fire(void *token)
{
    fake_end_lookup(NULL);
    ps_cancel_fire(token);
}

/* ---- in time --------------------------------------------------------------------------------- */

START_TEST(lookup_that_ends_in_time)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .text = "a.example", .flags = AI_CANONNAME, .later = true,
           .addresses = hosts, .canonname = "b.example");
    expect(SYS_WAIT, .on = 1, .events = PS__NOTIFIED, .wake = FAKE_NO_HANDLE,
           .nanoseconds = SECONDS(2), .advance = SECONDS(1), .result = PS_EINTR);
    /* The notification is there, and the other thread has not gone on yet. */
    expect(SYS_WAIT, .on = 1, .nanoseconds = SECONDS(1), .result = PS__NOTIFIED);
    expect(SYS_WAIT, .on = 1, .nanoseconds = SECONDS(1), .during = fake_end_lookup,
           .result = PS__NOTIFIED);
    ck_assert_ok(look_up(2, NULL));
    ck_assert_str_eq(list->canonname, "b.example");
    ck_assert_int_eq(list->next->family, AF_INET);
    ps_freeaddrinfo(list);
    fake_done();
}
END_TEST

START_TEST(lookup_that_ends_at_once)
{
    assert_answered_at_once();
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .code = PS_EAI_AGAIN);
    expect(SYS_WAIT, .result = PS__NOTIFIED);
    ck_assert_code(look_up(2, NULL), PS_EAI_AGAIN);
    fake_done();
}
END_TEST

/* Without an end that could come before it the look-up is the system's, in this thread. */
START_TEST(lookup_without_a_limit)
{
    ps_addr a;

    expect(SYS_RESOLVE, .addresses = hosts);
    ck_assert_ok(look_up(PS_NO_TIMEOUT, NULL));
    ps_freeaddrinfo(list);
    expect(SYS_RESOLVE, .addresses = hosts);
    ck_assert_ok(look_up(PS_DEFAULT_TIMEOUT, NULL));
    ps_freeaddrinfo(list);
    ck_assert_code(look_up(-2, NULL), PS_BAD_TIMEOUT);
    ck_assert_code(ps_getaddrinfo_within("a", NULL, 0, 0, 0, 0, 1, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_getaddrinfo("a", NULL, 0, 0, 0, 0, NULL), PS_EFAULT);
    expect(SYS_RESOLVE, .addresses = hosts + 1);
    ck_assert_ok(ps_addr_inet(&a, "a.example", 1));
    fake_done();
}
END_TEST

/* An address that a hosts file has in many lines is given once. */
START_TEST(lookup_of_addresses_that_repeat)
{
    static const char *const again[] = {"192.0.2.1:0", "192.0.2.1:0", "192.0.2.2:0", "192.0.2.1:0",
                                        NULL};

    expect(SYS_RESOLVE, .addresses = again);
    ck_assert_ok(look_up(PS_NO_TIMEOUT, NULL));
    ck_assert_ptr_nonnull(list->next);
    ck_assert_ptr_null(list->next->next);
    ps_freeaddrinfo(list);
    fake_done();
}
END_TEST

/* So many, twice over: each is compared with few others, or this would take the time of a
 * billion comparisons. */
START_TEST(lookup_of_very_many_addresses)
{
    enum { ADDRESSES = 40000 };
    static char texts[ADDRESSES][32];
    static const char *many[2 * ADDRESSES + 1];
    size_t count = 0;

    for (int i = 0; i < ADDRESSES; i++) {
        snprintf(texts[i], sizeof texts[i], i % 2 ? "10.%d.%d.1:0" : "[2001:db8::%x:%x]:0", i / 256,
                 i % 256);
        many[i] = many[ADDRESSES + i] = texts[i];
    }
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .addresses = many);
    expect(SYS_WAIT, .result = PS__NOTIFIED);
    ck_assert_ok(look_up(2, NULL));
    for (const ps_addrinfo *entry = list; entry; entry = entry->next) {
        ps_addr expected = fake_address(texts[count++]), found = entry->addr;

        found.in.sin_port = 0; /* at the same place in both families */
        ck_assert(ps_addr_equal(&found, &expected));
    }
    ck_assert_uint_eq(count, ADDRESSES);
    ps_freeaddrinfo(list);
    fake_done();
}
END_TEST

/* The scope of an address counts, and its port does not. */
START_TEST(lookup_of_addresses_that_differ_in_scope)
{
    static const char *const scopes[] = {"[fe80::1%1]:0", "[fe80::1%2]:0", "[fe80::1%1]:0", NULL};

    expect(SYS_RESOLVE, .addresses = scopes);
    for (int i = 0; i < 3; i++)
        expect(SYS_INTERFACE_INDEX,
               .result = PS_BAD_SCOPE); /* no interface has a number for its name */
    ck_assert_ok(look_up(PS_NO_TIMEOUT, NULL));
    ck_assert_uint_eq(list->next->addr.in6.sin6_scope_id, 2);
    ck_assert_ptr_null(list->next->next);
    ps_freeaddrinfo(list);
    fake_done();
}
END_TEST

/* ---- given up -------------------------------------------------------------------------------- */

/* A silent name server: the call returns on time, and the look-up ends in memory of its own. */
/* Traps: RES-19. */
START_TEST(lookup_that_takes_too_long)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .later = true, .addresses = hosts, .canonname = "b.example");
    expect(SYS_WAIT, .nanoseconds = SECONDS(2), .advance = SECONDS(2), .result = 0);
    ck_assert_code(look_up(2, NULL), PS_TIMED_OUT);
    fake_end_lookup(NULL);
    fake_done();

    ck_assert_code(look_up(0, NULL), PS_TIMED_OUT);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .later = true);
    expect(SYS_WAIT, .result = PS_ENOMEM);
    ck_assert_code(look_up(2, NULL), PS_ENOMEM);
    fake_end_lookup(NULL);
    fake_done();
}
END_TEST

/* Traps: RES-19. */
START_TEST(lookup_ended_by_a_token)
{
    ps_cancel *token = fake_token();

    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .later = true, .addresses = hosts);
    expect(SYS_WAIT, .on = 2, .wake = 1, .nanoseconds = PS__FOREVER, .during = fire,
           .context = token, .result = FAKE_WOKEN);
    ck_assert_code(look_up(PS_NO_TIMEOUT, token), PS_ECANCELED);
    ck_assert_code(look_up(PS_NO_TIMEOUT, token), PS_ECANCELED);
    fake_end_lookup(NULL);

    /* Fired before the first wait. */
    ck_assert_ok(ps_cancel_reset(token));
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .later = true, .during = fire, .context = token);
    ck_assert_code(look_up(1, token), PS_ECANCELED);
    fake_end_lookup(NULL);

    /* Fired beside the end. */
    ck_assert_ok(ps_cancel_reset(token));
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .later = true, .addresses = hosts);
    expect(SYS_WAIT, .during = end_and_fire, .context = token, .result = PS__NOTIFIED | FAKE_WOKEN);
    ck_assert_code(look_up(1, token), PS_ECANCELED);
    ck_assert_code(
        ps__look_up("a.example", AF_UNSPEC, 0,
                    &(ps__limit){.deadline = {PS__FOREVER, 0}, .token = token, .waits = true}, NULL,
                    NULL),
        PS_ECANCELED);
    ps_cancel_close(token);
    fake_done();
}
END_TEST

static int end_it(void *context)
{
    (void)context;
    return 1;
}

/* Ends: lookup-hook. */
START_TEST(lookup_ended_by_the_hook)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .later = true);
    expect(SYS_WAIT, .result = PS_EINTR);
    ps_set_interrupt(end_it, NULL);
    ck_assert_code(look_up(2, NULL), PS_EINTR);
    fake_end_lookup(NULL);
    fake_done();
}
END_TEST

static void give_up_as_many_as_may_go_on(void)
{
    for (int i = 0; i < GIVEN_UP_MAX; i++) {
        expect(SYS_NOTIFIER_OPEN);
        expect(SYS_RESOLVE_START, .later = true, .addresses = hosts);
        expect(SYS_WAIT, .advance = SECONDS(1), .result = 0);
        ck_assert_code(look_up(1, NULL), PS_TIMED_OUT);
    }
}

/* A name server that is silent for long: no more threads than that, and then again as before. */
/* Traps: RES-19. */
START_TEST(lookups_given_up_have_a_limit)
{
    give_up_as_many_as_may_go_on();
    ck_assert_code(look_up(1, NULL), PS_EAI_AGAIN);
    fake_end_lookup(NULL);
    assert_answered_at_once();
    for (int i = 1; i < GIVEN_UP_MAX; i++)
        fake_end_lookup(NULL);
    fake_done();
}
END_TEST

/* A process that fork makes has none of the threads in which they go on. */
START_TEST(lookups_given_up_stay_with_the_parent)
{
    give_up_as_many_as_may_go_on();
    fake_fork();
    assert_answered_at_once();
    for (int i = 0; i < GIVEN_UP_MAX; i++)
        fake_end_lookup(NULL);
    fake_done();
}
END_TEST

/* ---- without means --------------------------------------------------------------------------- */

START_TEST(lookup_that_cannot_start)
{
    expect(SYS_NOTIFIER_OPEN, .result = PS_EMFILE);
    ck_assert_code(look_up(1, NULL), PS_EMFILE);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .result = PS_EAGAIN);
    ck_assert_code(look_up(1, NULL), PS_EAI_AGAIN);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .result = PS_ENOMEM);
    ck_assert_code(look_up(1, NULL), PS_ENOMEM);
    fake_done();
}
END_TEST

/* Each allocation fails once, with so many addresses that the room for them grows. */
START_TEST(lookup_without_memory)
{
    const char *many[21] = {NULL};
    char texts[20][24];
    unsigned n = 0;

    for (int i = 0; i < 20; i++) {
        snprintf(texts[i], sizeof texts[i], "192.0.2.%d:0", i + 1);
        many[i] = texts[i];
    }
    do {
        int code;

        fake_fail_allocation(++n);
        if (n > 1) {
            expect(SYS_NOTIFIER_OPEN);
            expect(SYS_RESOLVE_START, .addresses = many, .canonname = "b.example");
            expect(SYS_WAIT, .result = PS__NOTIFIED);
        }
        code = look_up(1, NULL);
        ck_assert_code(code, fake_allocation_failed() ? PS_ENOMEM : 0);
        ps_freeaddrinfo(list);
        fake_done();
    } while (fake_allocation_failed());
    ck_assert_uint_gt(n, 20 + 6);
}
END_TEST

/* ---- what is no name ------------------------------------------------------------------------- */

static int no_sink(void *context, const ps_addr *a, const char *canonname)
{
    (void)context;
    (void)a;
    (void)canonname;
    ck_abort_msg("there is no address");
    return 0;
}

START_TEST(lookup_of_what_is_no_name)
{
    static const char *const names[] = {"", ".", "a..b", "a\x7fz", "a b", "a:b", "[::1]"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_code(ps__host_addresses(names[i], AF_UNSPEC, 0, NULL, no_sink, NULL),
                       PS_EAI_NONAME);
    ck_assert_code(ps__host_addresses(NULL, AF_UNSPEC, 0, NULL, no_sink, NULL), PS_BAD_ADDRESS);
    ck_assert_code(ps__host_addresses("\xff", AF_UNSPEC, 0, NULL, no_sink, NULL), PS_BAD_ADDRESS);
}
END_TEST

/* Numbers that are no address, or in octal or hexadecimal, are refused before the resolver is
 * asked; what only begins like them is a name. */
START_TEST(lookup_of_what_looks_like_an_address)
{
    static const char *const addresses[] = {"010.0.0.1", "0x7f.1",     "1.2.3.08",  "0X",
                                            "256.1",     "4294967296", "1.2.3.4.5", "1.2.3.4."};
    static const char *const names[] = {"0x7f.example",    "0xg",   "010.a",      "08-15", "a.010",
                                        "0x7f.1.example.", "256.a", "1.2.3.4.5a", "1-2"};

    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        ck_assert_code(ps__host_addresses(addresses[i], AF_UNSPEC, 0, NULL, no_sink, NULL),
                       PS_EAI_NONAME);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        expect(SYS_RESOLVE, .text = names[i], .result = PS_EAI_AGAIN);
        ck_assert_code(ps__host_addresses(names[i], AF_UNSPEC, 0, NULL, no_sink, NULL),
                       PS_EAI_AGAIN);
    }
    fake_done();
}
END_TEST

/* Of a host beyond ASCII the system's IDNA may make an address. */
START_TEST(lookup_of_an_address_in_disguise)
{
    static const char *const found[] = {"127.0.0.1:0", NULL};
    const char *host = "\xef\xbc\x90x7f.1";

    expect(SYS_RESOLVE, .text = host, .family = FAKE_ZERO, .flags = AI_NUMERICHOST,
           .addresses = found);
    ck_assert_code(ps__host_addresses(host, AF_INET, 0, NULL, no_sink, NULL), PS_EAI_NONAME);
    expect(SYS_RESOLVE, .text = host, .flags = AI_NUMERICHOST, .result = PS_EAI_NONAME);
    expect(SYS_RESOLVE, .text = host, .family = AF_INET, .result = PS_EAI_AGAIN);
    ck_assert_code(ps__host_addresses(host, AF_INET, 0, NULL, no_sink, NULL), PS_EAI_AGAIN);
    fake_done();
}
END_TEST

void add_lookup_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, lookup_that_ends_in_time);
    ADD_TEST_CASE(suite, lookup_that_ends_at_once);
    ADD_TEST_CASE(suite, lookup_without_a_limit);
    ADD_TEST_CASE(suite, lookup_of_addresses_that_repeat);
    ADD_TEST_CASE(suite, lookup_of_very_many_addresses);
    ADD_TEST_CASE(suite, lookup_of_addresses_that_differ_in_scope);
    ADD_TEST_CASE(suite, lookup_that_takes_too_long);
    ADD_TEST_CASE(suite, lookup_ended_by_a_token);
    ADD_TEST_CASE(suite, lookup_ended_by_the_hook);
    ADD_TEST_CASE(suite, lookups_given_up_have_a_limit);
    ADD_TEST_CASE(suite, lookups_given_up_stay_with_the_parent);
    ADD_TEST_CASE(suite, lookup_that_cannot_start);
    ADD_TEST_CASE(suite, lookup_without_memory);
    ADD_TEST_CASE(suite, lookup_of_what_is_no_name);
    ADD_TEST_CASE(suite, lookup_of_what_looks_like_an_address);
    ADD_TEST_CASE(suite, lookup_of_an_address_in_disguise);
}
