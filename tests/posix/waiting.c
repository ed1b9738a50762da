/* What signals and large handles do to ps_poll, look-ups and ps_create_connection (traps TMO-3,
 * TMO-9). */
#include "full_listener.h"
#include "storm.h"
#include "test.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#define PATIENCE 15.0

static int end_the_call(void *context)
{
    ++*(int *)context;
    return 1;
}

/* ---- a storm of signals ---------------------------------------------------------------------- */

START_TEST(waiting_poll_keeps_its_deadline_in_a_storm)
{
    ps_sock one, two;
    ps_pollfd entry;
    double begin;

    test_tcp_pair(&one, &two);
    entry = (ps_pollfd){&one, POLLIN, 0};
    storm_begin();
    begin = test_clock();
    ck_assert_int_eq(ps_poll(&entry, 1, 0.4), 0);
    ck_assert_double_ge(test_clock() - begin, 0.4);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    begin = test_clock();
    ck_assert_int_eq(ps_poll(NULL, 0, 0.2), 0);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    ck_assert_int_eq(ps_send(&two, "x", 1, 0), 1);
    ck_assert_int_eq(ps_poll(&entry, 1, PATIENCE), 1);
    storm_end();
    test_close(&one, &two);
}
END_TEST

START_TEST(waiting_poll_is_ended_by_the_hook)
{
    int asked = 0;
    double begin = test_clock();

    ps_set_interrupt(end_the_call, &asked);
    storm_begin();
    ck_assert_code(ps_poll(NULL, 0, PATIENCE), PS_EINTR);
    storm_end();
    ck_assert_int_eq(asked, 1);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
}
END_TEST

/* The look-up's thread takes none of the program's signals, and the call that waits for it goes
 * on after each. */
START_TEST(waiting_lookup_in_a_storm)
{
    storm_begin();
    for (int i = 0; i < 20; i++) {
        ps_addrinfo *list;

        ck_assert_ok(
            ps_getaddrinfo_within("localhost", "80", 0, SOCK_STREAM, 0, 0, PATIENCE, NULL, &list));
        ps_freeaddrinfo(list);
    }
    storm_end();
}
END_TEST

START_TEST(waiting_connection_keeps_its_deadline_in_a_storm)
{
    full_listener f = full_listener_open();
    ps_sock s;
    double begin;

    storm_begin();
    begin = test_clock();
    ck_assert_code(ps_create_connection(&s, "127.0.0.1", ps_addr_port(&f.address), 0.5, NULL),
                   PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.5);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    storm_end();
    full_listener_close(&f);
}
END_TEST

START_TEST(waiting_connection_is_ended_by_the_hook)
{
    full_listener f = full_listener_open();
    ps_sock s;
    int asked = 0;

    ps_set_interrupt(end_the_call, &asked);
    storm_begin();
    ck_assert_code(
        ps_create_connection(&s, "127.0.0.1", ps_addr_port(&f.address), PS_NO_TIMEOUT, NULL),
        PS_EINTR);
    storm_end();
    ck_assert_int_eq(asked, 1);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    full_listener_close(&f);
}
END_TEST

/* ---- handles above what select can take ------------------------------------------------------ */

enum { HIGH = 1500 };

START_TEST(waiting_for_a_high_handle)
{
    struct rlimit limit;
    ps_sock one, two, high;
    ps_pollfd entry = {&high, POLLIN, 0};

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur <= HIGH) {
        limit.rlim_cur = HIGH + 1;
        if (limit.rlim_max < limit.rlim_cur)
            limit.rlim_max = limit.rlim_cur;
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    }
    test_tcp_pair(&one, &two);
    ck_assert_int_eq(dup2(one.handle, HIGH), HIGH);
    high = one;
    high.handle = HIGH;
    ck_assert_int_eq(ps_poll(&entry, 1, 0.1), 0);
    ck_assert_int_eq(ps_send(&two, "x", 1, 0), 1);
    ck_assert_int_eq(ps_poll(&entry, 1, PATIENCE), 1);
    ck_assert_int_eq(entry.revents, POLLIN);
    test_close(&high, &one, &two);
}
END_TEST

/* poll takes no more entries than the process may have descriptors. */
START_TEST(waiting_with_a_limit_of_no_handles)
{
    struct rlimit limit, none;
    ps_sock one, two;
    ps_pollfd entry = {&one, POLLIN, 0};
    char byte;

    test_tcp_pair(&one, &two);
    ck_assert_ok(ps_settimeout(&one, PATIENCE));
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    ck_assert_code(ps_recv(&one, &byte, 1, 0), PS_EMFILE);
    ck_assert_code(ps_poll(&entry, 1, PATIENCE), PS_EMFILE);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    test_close(&one, &two);
}
END_TEST

void add_waiting_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, waiting_poll_keeps_its_deadline_in_a_storm);
    ADD_TEST_CASE(suite, waiting_poll_is_ended_by_the_hook);
    ADD_TEST_CASE(suite, waiting_lookup_in_a_storm);
    ADD_TEST_CASE(suite, waiting_connection_keeps_its_deadline_in_a_storm);
    ADD_TEST_CASE(suite, waiting_connection_is_ended_by_the_hook);
    ADD_TEST_CASE(suite, waiting_for_a_high_handle);
    ADD_TEST_CASE(suite, waiting_with_a_limit_of_no_handles);
}
