/* Calls that a thread has left without returning from them: by its end (pthread_cancel), or by a
 * jump out of a signal handler. That is not allowed, and ps_close says so after a while, where
 * it waited for ever otherwise. */
#include "connection.h"
#include "transfers.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

static void *receive_for_ever(void *sock)
{
    (void)by_recv(sock);
    return NULL;
}

static void leave_by_cancellation(ps_sock *s)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, receive_for_ever, s), 0);
    test_sleep(0.1);
    ck_assert_int_eq(pthread_cancel(thread), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
}

static sigjmp_buf before_the_call;

static void jump(int number)
{
    (void)number;
    siglongjmp(before_the_call, 1);
}

static void leave_by_a_jump(ps_sock *s)
{
    ck_assert(signal(SIGALRM, jump) != SIG_ERR);
    if (sigsetjmp(before_the_call, 1) == 0) {
        ualarm(100000, 0);
        (void)by_recv(s);
        ck_abort_msg("nothing ended the call");
    }
    ck_assert(signal(SIGALRM, SIG_DFL) != SIG_ERR);
}

static ptrdiff_t close_socket(ps_sock *s)
{
    return ps_close(s);
}

/* The handle is still there, and the program's when it wants it. */
static void assert_can_be_detached(ps_sock *s)
{
    ps_handle h;

    ck_assert_int_ne(ps_fileno(s), PS_INVALID_HANDLE);
    h = ps_detach(s);
    ck_assert_int_eq(close(h), 0);
    ck_assert_ok(ps_close(s));
}

START_TEST(left_calls_do_not_hold_up_close_for_ever)
{
    connection one = connected(PS_NO_TIMEOUT), other = connected(PS_NO_TIMEOUT);
    runner r = {.socket = &one.here, .run = close_socket};
    ps_failure records[2] = {PS_FAILURE_INIT, PS_FAILURE_INIT};
    test_thread *thread;

    leave_by_cancellation(&one.here);
    leave_by_a_jump(&other.here);
    ck_assert_ok(ps_setfailure(&one.here, &records[0]));
    ck_assert_ok(ps_setfailure(&other.here, &records[1]));
    thread = test_thread_start(run_transfer, &r);
    ck_assert_code(ps_close_gracefully(&other.here, 0.1), PS_TIMED_OUT);
    test_thread_join(thread);
    ck_assert_code(r.result, PS_TIMED_OUT);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(records[i].operation, PS_OPERATION_CLOSE);
        ck_assert_code(records[i].code, PS_TIMED_OUT);
    }
    assert_can_be_detached(&one.here);
    assert_can_be_detached(&other.here);
    test_close(&one.peer, &other.peer);
}
END_TEST

void add_left_calls_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, left_calls_do_not_hold_up_close_for_ever);
}
