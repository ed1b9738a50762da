/* Lookups in the background: as the version and the calling thread have them, ended early, at once
 * or later, and canceled. See rules/lookups_*.c. */
#include "common/backend.h"
#include "layer.h"
#include "rules/lookups.h"
#include "test.h"

#define PATIENCE 15.0

/* ---- helpers --------------------------------------------------------------------------------- */

/* Whether the system's threads look up, or else one of the library. */
static bool is_overlapped(void)
{
    const profile *p = active_profile();

    return p->build >= WINDOWS_8 && p->condition != IMPERSONATION;
}

static void look_up(void)
{
    ps_addrinfo *list = NULL;

    ck_assert_ok(
        ps_getaddrinfo_within("localhost", "80", 0, SOCK_STREAM, 0, 0, PATIENCE, NULL, &list));
    ck_assert_ptr_nonnull(list);
    ps_freeaddrinfo(list);
}

typedef struct outcome {
    volatile LONG addresses, ends;
    int code;
} outcome;

static int count_address(void *context, const ps_addr *a, const char *canonname)
{
    outcome *o = context;

    (void)canonname;
    ck_assert_int_eq(ps_addr_port(a), 0);
    ck_assert_int_eq(o->ends, 0);
    InterlockedIncrement(&o->addresses);
    return 0;
}

static void count_end(void *context, int code)
{
    outcome *o = context;

    o->code = code;
    InterlockedIncrement(&o->ends);
}

static void start(outcome *o, void **resolving)
{
    *o = (outcome){0};
    ck_assert_ok(
        ps__sys_resolve_start("localhost", AF_UNSPEC, 0, count_address, count_end, o, resolving));
}

static void await_end(const outcome *o)
{
    double begin = test_clock();

    while (o->ends == 0 && test_clock() - begin < PATIENCE)
        test_sleep(0.001);
    ck_assert_int_eq(o->ends, 1);
}

/* ---- who looks up ---------------------------------------------------------------------------- */

START_TEST(lookup_in_background_asks_nothing_in_vain)
{
    for (int i = 0; i < 6; i++)
        look_up();
    impersonate(true);
    for (int i = 0; i < 6; i++)
        look_up();
    ck_assert_int_eq(lookups_refused_by_version(), 0);
    ck_assert_int_eq(lookups_refused_to_clients(), 0);
    ck_assert_int_eq(lookups_begun(), is_overlapped() ? 6 : 0);
}
END_TEST

/* What the thread's token does not show. */
START_TEST(lookup_in_background_that_is_refused)
{
    static const int numbers[] = {WSAEINVAL, WSATRY_AGAIN, WSA_E_CANCELLED};

    for (int i = 0; i < 3; i++) {
        outcome o;
        void *resolving;

        set_lookup_refusal(numbers[i]);
        start(&o, &resolving);
        await_end(&o);
        ps__sys_resolve_leave(resolving);
        ck_assert_int_eq(o.ends, 1);
        ck_assert_code(o.code, 0);
        ck_assert_int_gt(o.addresses, 0);
        ck_assert_int_eq(lookups_begun(), is_overlapped() ? i + 1 : 0);
    }
    ck_assert_int_eq(lookups_ended(), 0);
}
END_TEST

/* Another refusal is about the name. */
START_TEST(lookup_in_background_that_fails_at_once)
{
    outcome o;
    void *resolving;

    set_lookup_refusal(WSANO_RECOVERY);
    start(&o, &resolving);
    await_end(&o);
    ps__sys_resolve_leave(resolving);
    ck_assert_int_eq(o.ends, 1);
    ck_assert_code(o.code, is_overlapped() ? PS_EAI_FAIL : 0);
}
END_TEST

/* ---- how it ends ----------------------------------------------------------------------------- */

START_TEST(lookup_in_background_ends_once)
{
    for (int way = LATER; way < LOOKUP_WAYS; way++) {
        set_lookup_way((lookup_way)way);
        for (int i = 0; i < 5; i++) {
            outcome o;
            void *resolving;

            start(&o, &resolving);
            if (is_overlapped() && way != LATER)
                ck_assert_int_eq(o.ends, 1);
            await_end(&o);
            ps__sys_resolve_leave(resolving);
            ck_assert_int_eq(o.ends, 1);
            ck_assert_code(o.code, 0);
            ck_assert_int_gt(o.addresses, 0);
        }
        look_up();
    }
    ck_assert_int_eq(lookups_begun(), is_overlapped() ? 18 : 0);
    ck_assert_int_eq(lookup_lists(), 0);
    ck_assert_int_eq(lookups_canceled() + lookups_canceled_late(), 0);
}
END_TEST

START_TEST(lookup_in_background_that_is_left)
{
    outcome o;
    void *resolving;

    set_lookup_way(LATER);
    hold_lookups(true);
    start(&o, &resolving);
    ps__sys_resolve_leave(resolving);
    await_end(&o);
    ck_assert_int_eq(lookups_canceled(), is_overlapped() ? 1 : 0);
    ck_assert_code(o.code, is_overlapped() ? PS_EAI_AGAIN : 0);
    ck_assert(is_overlapped() == (o.addresses == 0));
    hold_lookups(false);
    test_sleep(0.05);
    ck_assert_int_eq(o.ends, 1);
    ck_assert_int_eq(lookup_lists(), 0);
}
END_TEST

/* It ends while it is being left: the system refuses to cancel it. */
START_TEST(lookup_in_background_that_ends_while_it_is_left)
{
    outcome o;
    void *resolving;

    set_lookup_way(LATER);
    hold_lookups(true);
    let_cancels_come_too_late(true);
    start(&o, &resolving);
    ps__sys_resolve_leave(resolving);
    await_end(&o);
    ck_assert_int_eq(lookups_canceled_late(), is_overlapped() ? 1 : 0);
    ck_assert_int_eq(lookups_canceled(), 0);
    ck_assert_code(o.code, 0);
    ck_assert_int_gt(o.addresses, 0);
}
END_TEST

static void fire(void *token)
{
    test_sleep(0.02);
    ps_cancel_fire(token);
}

START_TEST(lookup_in_background_that_a_limit_ends)
{
    ps_addrinfo *list;
    test_thread *thread;
    ps_cancel *token;

    if (!is_overlapped())
        return;
    ck_assert_ok(ps_cancel_open(&token));
    set_lookup_way(LATER);
    hold_lookups(true);
    ck_assert_code(
        ps_getaddrinfo_within("a.invalid", "80", 0, SOCK_STREAM, 0, 0, 0.02, token, &list),
        PS_TIMED_OUT);
    ck_assert_int_eq(lookups_canceled(), 1);
    thread = test_thread_start(fire, token);
    ck_assert_code(
        ps_getaddrinfo_within("a.invalid", "80", 0, SOCK_STREAM, 0, 0, PATIENCE, token, &list),
        PS_ECANCELED);
    test_thread_join(thread);
    ck_assert_int_eq(lookups_canceled(), 2);
    hold_lookups(false);
    ps_cancel_close(token);
    look_up();
}
END_TEST

void add_background_lookups_tests(Suite *suite);
void add_background_lookups_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, lookup_in_background_asks_nothing_in_vain);
    ADD_TEST_CASE(suite, lookup_in_background_that_is_refused);
    ADD_TEST_CASE(suite, lookup_in_background_that_fails_at_once);
    ADD_TEST_CASE(suite, lookup_in_background_ends_once);
    ADD_TEST_CASE(suite, lookup_in_background_that_is_left);
    ADD_TEST_CASE(suite, lookup_in_background_that_ends_while_it_is_left);
    ADD_TEST_CASE(suite, lookup_in_background_that_a_limit_ends);
}
