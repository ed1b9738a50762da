/* Waits rely on nothing in the driver's answers that it does not promise: see
 * rules/driver_answers.c. */
#include "rules/driver_answers.h"
#include "test.h"

enum { PAIRS = 3 };

typedef struct pairs {
    ps_sock ours[PAIRS], theirs[PAIRS];
    ps_pollfd entries[PAIRS + 1]; /* the last is the first socket again */
} pairs;

static void open_pairs(pairs *p)
{
    for (int i = 0; i < PAIRS; i++) {
        test_tcp_pair(&p->ours[i], &p->theirs[i]);
        p->entries[i] = (ps_pollfd){.sock = &p->ours[i], .events = POLLIN};
    }
    p->entries[PAIRS] = (ps_pollfd){.sock = &p->ours[0], .events = POLLOUT};
}

static void close_pairs(pairs *p)
{
    for (int i = 0; i < PAIRS; i++)
        test_close(&p->ours[i], &p->theirs[i]);
}

/* Sends a byte, and waits until it is there. */
static void send_to(pairs *p, int i)
{
    ps_pollfd entry = {.sock = &p->ours[i], .events = POLLIN};

    ck_assert_int_eq(ps_send(&p->theirs[i], "x", 1, 0), 1);
    ck_assert_int_eq(ps_poll(&entry, 1, 20), 1);
}

START_TEST(driver_answers_in_any_order)
{
    pairs p;

    open_pairs(&p);
    send_to(&p, 0);
    send_to(&p, 2);
    ck_assert_int_eq(ps_poll(p.entries, PAIRS + 1, 0), 3);
    ck_assert_int_eq(p.entries[0].revents, POLLIN);
    ck_assert_int_eq(p.entries[1].revents, 0);
    ck_assert_int_eq(p.entries[2].revents, POLLIN);
    ck_assert_int_eq(p.entries[PAIRS].revents, POLLOUT);
    close_pairs(&p);
}
END_TEST

START_TEST(driver_answers_a_timeout_with_the_request)
{
    pairs p;

    open_pairs(&p);
    ck_assert_int_eq(ps_poll(p.entries, PAIRS, 0), 0);
    for (int i = 0; i < PAIRS; i++)
        ck_assert_int_eq(p.entries[i].revents, 0);
    close_pairs(&p);
}
END_TEST

START_TEST(driver_refuses_to_poll)
{
    static const long refusals[] = {
        (long)0xC0000002, /* STATUS_NOT_IMPLEMENTED */
        (long)0xC000000D, /* STATUS_INVALID_PARAMETER */
        (long)0xC0000010, /* STATUS_INVALID_DEVICE_REQUEST */
        (long)0xC0000022, /* STATUS_ACCESS_DENIED */
        (long)0xC00000BB, /* STATUS_NOT_SUPPORTED */
    };
    pairs p;

    open_pairs(&p);
    send_to(&p, 1);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        refuse_polls(refusals[i]);
        ck_assert_int_eq(ps_poll(p.entries, PAIRS, 20), 1);
        ck_assert_int_eq(p.entries[1].revents, POLLIN);
    }
    refuse_polls(0);
    close_pairs(&p);
}
END_TEST

void add_driver_answers_tests(Suite *suite);
void add_driver_answers_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, driver_answers_in_any_order);
    ADD_TEST_CASE(suite, driver_answers_a_timeout_with_the_request);
    ADD_TEST_CASE(suite, driver_refuses_to_poll);
}
