/* ps_close while another thread is in a call that blocks in Winsock. CancelIoEx ends the call with
 * WSAEINTR, as on Windows: see rules/cancel_interrupts.c. An interruption by itself does not end a
 * call of the library, which therefore has to see that its socket is being closed. */

/* All skipped: layered-provider: no call blocks in the system there */

#include "full_listener.h"
#include "layer.h"
#include "rules/cancel_interrupts.h"
#include "test.h"
#include "thread_call.h"

#include <stdio.h>

/* The whole of a test. One that hangs must not look like a machine that is slow. */
#define PATIENCE 20.0
/* From the begin of a call of the system until it blocks. */
#define A_WHILE 0.05
/* Far more than a closed call needs, also on a busy machine. */
#define BOUND 10.0

static void give_up(void *argument)
{
    (void)argument;
    test_sleep(PATIENCE);
    fprintf(stderr, "this test hangs: a call or ps_close has not ended\n");
    fflush(stderr);
    _Exit(1);
}

/* The process's end ends this thread, too. */
static void begin_test(void)
{
    if (active_profile()->condition == LAYERED_PROVIDER)
        test_skip("with a layered provider no call blocks in the system");
    test_thread_start(give_up, NULL);
}

/* ---- more calls than support/thread_call.h has ----------------------------------------------- */

static ptrdiff_t run_peek(call *c)
{
    return ps_recv(&c->socket, c->text, 1, MSG_PEEK);
}

static ptrdiff_t run_sendmsg(call *c)
{
    ps_buffer buffers[2] = {{.data = c->data, .size = 1}, {.data = c->data, .size = PLENTY}};
    ptrdiff_t count;

    do {
        count = ps_sendmsg(&c->socket, buffers, 2, NULL, 0, 0, NULL);
    } while (count >= 0);
    return count;
}

static ptrdiff_t run_send_datagram(call *c)
{
    return ps_send(&c->socket, "x", 1, 0);
}

static ptrdiff_t run_sendto(call *c)
{
    return ps_sendto(&c->socket, "x", 1, 0, &c->address);
}

static ptrdiff_t run_sendmsg_to(call *c)
{
    ps_buffer buffer = {.data = c->text, .size = 1};

    return ps_sendmsg(&c->socket, &buffer, 1, NULL, 0, 0, &c->address);
}

static ptrdiff_t run_sendmsg_with_control(call *c)
{
    ps_buffer buffer = {.data = c->text, .size = 1};
    int ttl = 9;
    ps_control control = {.level = IPPROTO_IP, .type = IP_TTL, .data = &ttl, .size = sizeof ttl};

    return ps_sendmsg(&c->socket, &buffer, 1, &control, 1, 0, &c->address);
}

static ptrdiff_t run_file_readline(call *c)
{
    return ps_file_readline(c->file, c->text, sizeof c->text);
}

/* A stream of the library's own never blocks in the system; one whose handle the program brought
 * does. */
static void bring(ps_sock *s)
{
    ps_handle h = ps_detach(s);

    ck_assert_ok(ps_adopt(s, h));
}

/* Until that many threads are inside the system's call, and long enough for them to block there. */
static void await_inside(blocking_call in, long threads)
{
    while (calls_inside(in) < threads)
        test_sleep(0.002);
    test_sleep(A_WHILE);
}

/* Closes the socket of a call that blocks in the system, and sees it end, by an interruption. */
static void close_beside(call *c, blocking_call in)
{
    long before = calls_interrupted(in);
    test_thread *thread = test_thread_start(run_call, c);
    double begin;

    await_inside(in, 1);
    begin = test_clock();
    ck_assert_code(ps_close(&c->socket), 0);
    test_thread_join(thread);
    ck_assert_double_lt(test_clock() - begin, BOUND);
    ck_assert_code(c->result, PS_EBADF);
    ck_assert_int_gt(calls_interrupted(in), before);
    ck_assert_int_eq(calls_inside(in), 0);
}

/* ---- receiving ------------------------------------------------------------------------------- */

static void close_beside_receive(ptrdiff_t (*run)(call *c), blocking_call in)
{
    call c = {.run = run};
    ps_sock peer;

    test_tcp_pair(&peer, &c.socket);
    bring(&c.socket);
    close_beside(&c, in);
    ck_assert_ok(ps_close(&peer));
}

static void close_beside_datagrams(ptrdiff_t (*run)(call *c), blocking_call in)
{
    call c = {.run = run};
    ps_sock other;
    ps_addr own;

    test_udp_pair(&c.socket, &own, &other, &c.address);
    close_beside(&c, in);
    ck_assert_ok(ps_close(&other));
}

START_TEST(close_interrupts_recv)
{
    begin_test();
    close_beside_receive(run_recv, CALL_recv);
    close_beside_receive(run_peek, CALL_recv);
    close_beside_receive(run_waitall, CALL_recv);
    close_beside_datagrams(run_recv, CALL_recv);
}
END_TEST

START_TEST(close_interrupts_recvfrom)
{
    begin_test();
    close_beside_receive(run_recvfrom, CALL_recvfrom);
    close_beside_datagrams(run_recvfrom, CALL_recvfrom);
}
END_TEST

START_TEST(close_interrupts_recvmsg)
{
    begin_test();
    close_beside_receive(run_recvmsg, CALL_WSARecv);
    close_beside_datagrams(run_recvmsg, CALL_WSARecvMsg);
}
END_TEST

/* What has come by then is counted. */
START_TEST(close_interrupts_waitall_after_a_part)
{
    call c = {.run = run_waitall};
    test_thread *thread;
    ps_sock peer;

    begin_test();
    test_tcp_pair(&peer, &c.socket);
    bring(&c.socket);
    thread = test_thread_start(run_call, &c);
    await_inside(CALL_recv, 1);
    ck_assert_int_eq(ps_send(&peer, "abc", 3, 0), 3);
    test_sleep(A_WHILE);
    await_inside(CALL_recv, 1);
    ck_assert_code(ps_close(&c.socket), 0);
    test_thread_join(thread);
    ck_assert_msg(c.result == 3 || c.result == PS_EBADF, "%d", (int)c.result);
    ck_assert_int_gt(calls_interrupted(CALL_recv), 0);
    ck_assert_ok(ps_close(&peer));
}
END_TEST

/* ---- accepting, connecting ------------------------------------------------------------------- */

START_TEST(close_interrupts_accept)
{
    call c = {.run = run_accept};

    begin_test();
    test_listener(&c.socket, AF_INET, &c.address);
    bring(&c.socket);
    close_beside(&c, CALL_accept);
}
END_TEST

START_TEST(close_interrupts_connect)
{
    call c = {.run = run_connect};
    full_listener f;

    begin_test();
    f = full_listener_open();
    c.address = f.address;
    c.socket = test_socket(AF_INET, SOCK_STREAM);
    bring(&c.socket);
    close_beside(&c, CALL_connect);
    full_listener_close(&f);
}
END_TEST

/* ---- sending --------------------------------------------------------------------------------- */

static void close_beside_sending(ptrdiff_t (*run)(call *c), blocking_call in)
{
    call c = {.run = run, .data = calloc(1, PLENTY)};
    ps_sock peer;

    ck_assert_ptr_nonnull(c.data);
    test_tcp_pair(&peer, &c.socket);
    bring(&c.socket);
    close_beside(&c, in);
    ck_assert_ok(ps_close(&peer));
    free(c.data);
}

START_TEST(close_interrupts_send)
{
    begin_test();
    close_beside_sending(run_send, CALL_send);
}
END_TEST

START_TEST(close_interrupts_sendall)
{
    begin_test();
    close_beside_sending(run_sendall, CALL_send);
}
END_TEST

START_TEST(close_interrupts_sendmsg)
{
    begin_test();
    close_beside_sending(run_sendmsg, CALL_WSASend);
}
END_TEST

static void close_beside_held(ptrdiff_t (*run)(call *c), blocking_call in, bool connected)
{
    call c = {.run = run};
    ps_sock other;
    ps_addr own;

    test_udp_pair(&c.socket, &own, &other, &c.address);
    if (connected)
        ck_assert_ok(ps_connect(&c.socket, &c.address));
    hold_call(in, true);
    close_beside(&c, in);
    hold_call(in, false);
    ck_assert_ok(ps_close(&other));
}

START_TEST(close_interrupts_datagrams_without_room)
{
    begin_test();
    close_beside_held(run_send_datagram, CALL_send, true);
    close_beside_held(run_sendto, CALL_sendto, false);
    close_beside_held(run_sendmsg_to, CALL_WSASendTo, false);
    close_beside_held(run_sendmsg_with_control, CALL_WSASendMsg, false);
}
END_TEST

/* ---- many, and streams ----------------------------------------------------------------------- */

typedef struct neighbor {
    call *call;
    ptrdiff_t (*run)(call *c);
    ptrdiff_t result;
} neighbor;

static void run_neighbor(void *argument)
{
    neighbor *n = argument;

    n->result = n->run(n->call);
}

START_TEST(close_interrupts_many_calls)
{
    enum { RECEIVING = 6 };
    call c = {.data = calloc(1, PLENTY)};
    neighbor neighbors[RECEIVING + 1];
    test_thread *threads[RECEIVING + 1];
    ps_sock peer;
    int i;

    begin_test();
    ck_assert_ptr_nonnull(c.data);
    test_tcp_pair(&peer, &c.socket);
    bring(&c.socket);
    for (i = 0; i <= RECEIVING; i++) {
        neighbors[i] = (neighbor){.call = &c, .run = i < RECEIVING ? run_peek : run_sendall};
        threads[i] = test_thread_start(run_neighbor, &neighbors[i]);
    }
    await_inside(CALL_recv, RECEIVING);
    await_inside(CALL_send, 1);
    ck_assert_code(ps_close(&c.socket), 0);
    for (i = 0; i <= RECEIVING; i++) {
        test_thread_join(threads[i]);
        ck_assert_code(neighbors[i].result, PS_EBADF);
    }
    ck_assert_int_ge(calls_interrupted(CALL_recv), RECEIVING);
    ck_assert_int_ge(calls_interrupted(CALL_send), 1);
    ck_assert_ok(ps_close(&peer));
    free(c.data);
}
END_TEST

/* CancelIoEx ends what every thread does with the handle. The stream's call is interrupted, too,
 * and goes on. */
START_TEST(close_interrupts_no_stream_for_good)
{
    call c = {.run = run_recv}, reading = {.run = run_file_readline};
    test_thread *receiver, *reader;
    ps_sock peer;

    begin_test();
    test_tcp_pair(&peer, &c.socket);
    bring(&c.socket);
    ck_assert_ok(ps_makefile(&reading.file, &c.socket, "r", -1));
    receiver = test_thread_start(run_call, &c);
    reader = test_thread_start(run_call, &reading);
    await_inside(CALL_recv, 2);
    ck_assert_code(ps_close(&c.socket), 0);
    test_thread_join(receiver);
    ck_assert_code(c.result, PS_EBADF);
    await_inside(CALL_recv, 1);
    ck_assert_int_ge(calls_interrupted(CALL_recv), 1);
    ck_assert_int_eq(ps_send(&peer, "abc\n", 4, 0), 4);
    test_thread_join(reader);
    ck_assert_code(reading.result, 4);
    ck_assert_mem_eq(reading.text, "abc\n", 4);
    ck_assert_ok(ps_file_close(reading.file));
    ck_assert_ok(ps_close(&peer));
}
END_TEST

/* ---- interruptions without a close ----------------------------------------------------------- */

/* Some other part of the program cancels what is done with the handle: no call ends by that. */
static void interrupt(const call *c, blocking_call in)
{
    long before = calls_interrupted(in);

    for (int i = 0; i < 3 || calls_interrupted(in) == before; i++) {
        CancelIoEx((HANDLE)ps_fileno(&c->socket), NULL);
        test_sleep(0.01);
    }
}

static void receive_beside_interruptions(ptrdiff_t (*run)(call *c), blocking_call in, size_t size)
{
    call c = {.run = run};
    test_thread *thread;
    ps_sock peer;

    test_tcp_pair(&peer, &c.socket);
    bring(&c.socket);
    thread = test_thread_start(run_call, &c);
    for (size_t i = 0; i < size; i++) {
        await_inside(in, 1);
        interrupt(&c, in);
        ck_assert_int_eq(ps_send(&peer, "x", 1, 0), 1);
    }
    test_thread_join(thread);
    ck_assert_code(c.result, (int)size);
    test_close(&c.socket, &peer);
}

START_TEST(interruption_alone_ends_no_receive)
{
    begin_test();
    receive_beside_interruptions(run_recv, CALL_recv, 1);
    receive_beside_interruptions(run_recvfrom, CALL_recvfrom, 1);
    receive_beside_interruptions(run_recvmsg, CALL_WSARecv, 1);
    receive_beside_interruptions(run_waitall, CALL_recv, 8);
}
END_TEST

START_TEST(interruption_alone_ends_no_accept)
{
    call c = {.run = run_accept};
    test_thread *thread;
    ps_sock client;

    begin_test();
    test_listener(&c.socket, AF_INET, &c.address);
    bring(&c.socket);
    thread = test_thread_start(run_call, &c);
    await_inside(CALL_accept, 1);
    interrupt(&c, CALL_accept);
    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(&client, &c.address));
    test_thread_join(thread);
    ck_assert_code(c.result, 0);
    test_close(&client, &c.socket);
}
END_TEST

/* ---- the hook -------------------------------------------------------------------------------- */

static int refuse_to_go_on(void *context)
{
    (void)context;
    return 1;
}

/* An interruption asks the program's hook, but what closes the socket comes first. */
START_TEST(close_comes_before_the_interrupt_hook)
{
    begin_test();
    ps_set_interrupt(refuse_to_go_on, NULL);
    close_beside_receive(run_recv, CALL_recv);
    close_beside_receive(run_recvmsg, CALL_WSARecv);
    close_beside_datagrams(run_recvfrom, CALL_recvfrom);
    ps_set_interrupt(NULL, NULL);
}
END_TEST

void add_close_interrupted_tests(Suite *suite);
void add_close_interrupted_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, close_interrupts_recv);
    ADD_TEST_CASE(suite, close_interrupts_recvfrom);
    ADD_TEST_CASE(suite, close_interrupts_recvmsg);
    ADD_TEST_CASE(suite, close_interrupts_waitall_after_a_part);
    ADD_TEST_CASE(suite, close_interrupts_accept);
    ADD_TEST_CASE(suite, close_interrupts_connect);
    ADD_TEST_CASE(suite, close_interrupts_send);
    ADD_TEST_CASE(suite, close_interrupts_sendall);
    ADD_TEST_CASE(suite, close_interrupts_sendmsg);
    ADD_TEST_CASE(suite, close_interrupts_datagrams_without_room);
    ADD_TEST_CASE(suite, close_interrupts_many_calls);
    ADD_TEST_CASE(suite, close_interrupts_no_stream_for_good);
    ADD_TEST_CASE(suite, interruption_alone_ends_no_receive);
    ADD_TEST_CASE(suite, interruption_alone_ends_no_accept);
    ADD_TEST_CASE(suite, close_comes_before_the_interrupt_hook);
}
