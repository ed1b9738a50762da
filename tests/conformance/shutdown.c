/* SHUT_RD: receives end, also those in flight, and the connection stays as it is, whatever the peer
 * goes on to send. */
#include "connection.h"
#include "test.h"
#include "udp_pair.h"

#include <stdatomic.h>

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 15.0
/* How long a call is left alone, so that it waits when it is to be ended. */
#define A_WHILE 0.2
/* More than any system takes when nobody reads. */
enum { PLENTY = 24 * 1024 * 1024, PIECE = 64 * 1024 };

static char piece[PIECE];

/* ---- the peer -------------------------------------------------------------------------------- */

/* Sends until the system takes no more. Returns how many bytes that were. */
static size_t fill(ps_sock *s)
{
    size_t sent = 0;
    ptrdiff_t count;

    ck_assert_ok(ps_settimeout(s, 0.3));
    while ((count = ps_send(s, piece, sizeof piece, 0)) > 0)
        sent += (size_t)count;
    ck_assert_code(count, PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(s, PATIENCE));
    return sent;
}

static void assert_receives(ps_sock *s, const char *text)
{
    char buffer[16];
    size_t n = strlen(text);

    ck_assert_int_eq(ps_recv(s, buffer, n, MSG_WAITALL), (ptrdiff_t)n);
    ck_assert_mem_eq(buffer, text, n);
}

static void assert_no_error(ps_sock *s)
{
    ck_assert_int_eq(ps_geterror(s), 0);
}

/* Its sends wait for space in the end, as before a reader that is slow, and fail no more than
 * that. */
/* Traps: SND-3. */
START_TEST(shutdown_of_receiving_does_not_reset_a_peer_that_sends)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char byte;

    ck_assert_int_eq(ps_send(&p.server, "unread", 6, 0), 6);
    ck_assert_int_eq(ps_recv(&p.client, &byte, 1, MSG_PEEK), 1);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_RD));
    ck_assert_int_eq(ps_send(&p.server, "more", 4, 0), 4);
    test_sleep(0.05);
    ck_assert_uint_gt(fill(&p.server), 0);
    assert_no_error(&p.server);
    ck_assert_int_eq(ps_recv(&p.client, &byte, 1, 0), 0);
    ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
    assert_receives(&p.server, "abc");
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    ck_assert_int_eq(ps_recv(&p.server, &byte, 1, 0), 0);
    tcp_pair_close(&p);
}
END_TEST

/* What was sent before arrives, and so does the end. */
START_TEST(shutdown_of_both_sides_with_unread_data_loses_nothing)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char byte;

    ck_assert_int_eq(ps_send(&p.server, "unread", 6, 0), 6);
    ck_assert_int_eq(ps_recv(&p.client, &byte, 1, MSG_PEEK), 1);
    ck_assert_int_eq(ps_send(&p.client, "tail", 4, 0), 4);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_RDWR));
    test_sleep(0.05);
    assert_receives(&p.server, "tail");
    ck_assert_int_eq(ps_recv(&p.server, &byte, 1, 0), 0);
    assert_no_error(&p.server);
    tcp_pair_close(&p);
}
END_TEST

/* ---- receives in flight ---------------------------------------------------------------------- */

typedef struct receiver {
    ps_sock *socket;
    ptrdiff_t (*receive)(ps_sock *s);
    atomic_bool begun;
    ptrdiff_t result;
} receiver;

static void run_receiver(void *argument)
{
    receiver *r = argument;

    atomic_store(&r->begun, true);
    r->result = r->receive(r->socket);
}

static test_thread *start_receiver(receiver *r, ps_sock *s, ptrdiff_t (*receive)(ps_sock *s))
{
    test_thread *thread;

    *r = (receiver){.socket = s, .receive = receive};
    thread = test_thread_start(run_receiver, r);
    while (!atomic_load(&r->begun))
        test_sleep(0.001);
    return thread;
}

static ptrdiff_t by_recv(ps_sock *s)
{
    char byte;

    return ps_recv(s, &byte, 1, 0);
}

static ptrdiff_t by_recvfrom(ps_sock *s)
{
    ps_addr from;
    char byte;
    ptrdiff_t count = ps_recvfrom(s, &byte, 1, 0, &from);

    return count == 0 && from.len != 0 ? PS_EBADMSG : count;
}

static ptrdiff_t by_recvmsg(ps_sock *s)
{
    char byte;
    ps_buffer buffer = {&byte, 1};
    int flags = 0;
    ptrdiff_t count = ps_recvmsg(s, &buffer, 1, NULL, NULL, NULL, 0, &flags, NULL);

    return count == 0 && flags != 0 ? PS_EBADMSG : count;
}

static ptrdiff_t by_waitall(ps_sock *s)
{
    char text[8];

    return ps_recv(s, text, sizeof text, MSG_WAITALL);
}

static ptrdiff_t by_poll(ps_sock *s)
{
    ps_pollfd entry = {s, POLLIN, 0};
    int ready = ps_poll(&entry, 1, PATIENCE);

    return ready == 1 && entry.revents & POLLIN ? 0 : PS_TIMED_OUT;
}

static ptrdiff_t by_stream(ps_sock *s)
{
    ps_file *file;
    char text[8];
    ptrdiff_t count;

    ck_assert_ok(ps_makefile(&file, s, "r", -1));
    count = ps_file_read(file, text, sizeof text);
    ck_assert_ok(ps_file_close(file));
    return count;
}

static const struct {
    ptrdiff_t (*receive)(ps_sock *s);
    const char *before; /* what comes before */
    ptrdiff_t expected;
} receives[] = {{by_recv, "", 0},       {by_recvfrom, "", 0}, {by_recvmsg, "", 0},
                {by_waitall, "", 0},    {by_poll, "", 0},     {by_stream, "", 0},
                {by_waitall, "abc", 3}, {by_stream, "ab", 2}};
enum { RECEIVES = sizeof receives / sizeof receives[0] };

static const double modes[] = {PS_NO_TIMEOUT, 10 * PATIENCE};
enum { MODES = sizeof modes / sizeof modes[0] };

static void end_receive(size_t i, double timeout, int how)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    size_t n = strlen(receives[i].before);
    receiver r;
    test_thread *thread;

    ck_assert_ok(ps_settimeout(&p.client, timeout));
    ck_assert_int_eq(ps_send(&p.server, receives[i].before, n, 0), (ptrdiff_t)n);
    thread = start_receiver(&r, &p.client, receives[i].receive);
    test_sleep(A_WHILE);
    ck_assert_ok(ps_shutdown(&p.client, how));
    test_thread_join(thread);
    ck_assert_msg(r.result == receives[i].expected, "receive %u: %ld, %s", (unsigned)i,
                  (long)r.result, ps_error_name((int)r.result));
    tcp_pair_close(&p);
}

/* Traps: THR-2. */
START_TEST(shutdown_ends_each_receive_in_flight)
{
    for (size_t i = 0; i < RECEIVES; i++) {
        for (size_t j = 0; j < MODES; j++) {
            end_receive(i, modes[j], SHUT_RD);
            end_receive(i, modes[j], SHUT_RDWR);
        }
    }
}
END_TEST

/* One may be on its way into the system, or out of it. */
START_TEST(shutdown_ends_a_receive_that_is_about_to_wait)
{
    for (int i = 0; i < 60; i++) {
        tcp_pair p = tcp_pair_open(PS_NO_TIMEOUT);
        receiver r;
        test_thread *thread = start_receiver(&r, &p.client, by_recv);

        for (int spin = 0; spin < i * 500; spin++)
            atomic_load(&r.begun);
        ck_assert_ok(ps_shutdown(&p.client, SHUT_RD));
        test_thread_join(thread);
        ck_assert_code(r.result, 0);
        tcp_pair_close(&p);
    }
}
END_TEST

/* ---- a send in flight ------------------------------------------------------------------------ */

static unsigned char byte_at(size_t place)
{
    return (unsigned char)((place * 2654435761u >> 13) + place / 4093);
}

typedef struct sender {
    ps_sock *socket;
    const unsigned char *bytes;
    size_t sent;
    int code;
} sender;

static void run_sender(void *argument)
{
    sender *s = argument;

    s->code = ps_sendall(s->socket, s->bytes, PLENTY, 0, &s->sent);
    if (s->code == 0)
        s->code = ps_shutdown(s->socket, SHUT_WR);
}

/* Returns how many bytes came, each in its place, or PS_EBADMSG. */
static ptrdiff_t receive_all(ps_sock *s)
{
    size_t place = 0;
    ptrdiff_t count;

    while ((count = ps_recv(s, piece, sizeof piece, 0)) > 0) {
        for (ptrdiff_t i = 0; i < count; i++, place++) {
            if ((unsigned char)piece[i] != byte_at(place))
                return PS_EBADMSG;
        }
    }
    return count < 0 ? count : (ptrdiff_t)place;
}

/* While both directions wait in other threads only the receive ends, and no byte is sent twice or
 * lost. */
START_TEST(shutdown_of_receiving_leaves_a_send_in_flight_alone)
{
    unsigned char *bytes = malloc(PLENTY);
    tcp_pair p = tcp_pair_open(PS_NO_TIMEOUT);
    sender s = {.socket = &p.client, .bytes = bytes};
    test_thread *sending, *receiving;
    receiver r;

    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < PLENTY; i++)
        bytes[i] = byte_at(i);
    receiving = start_receiver(&r, &p.client, by_recv);
    sending = test_thread_start(run_sender, &s);
    test_sleep(A_WHILE);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_RD));
    test_thread_join(receiving);
    ck_assert_code(r.result, 0);
    ck_assert_int_eq(receive_all(&p.server), PLENTY);
    test_thread_join(sending);
    ck_assert_code(s.code, 0);
    ck_assert_uint_eq(s.sent, PLENTY);
    free(bytes);
    tcp_pair_close(&p);
}
END_TEST

/* ---- datagrams ------------------------------------------------------------------------------- */

/* And it receives as before. */
START_TEST(shutdown_of_datagrams_without_a_peer_is_refused)
{
    static const int hows[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    udp_pair p = udp_pair_open(AF_INET);
    ps_addr from;
    char byte;

    for (size_t i = 0; i < sizeof hows / sizeof hows[0]; i++)
        ck_assert_code(ps_shutdown(&p.one, hows[i]), PS_ENOTCONN);
    ck_assert_int_eq(ps_sendto(&p.two, "x", 1, 0, &p.one_address), 1);
    ck_assert_int_eq(ps_recvfrom(&p.one, &byte, 1, 0, &from), 1);
    ck_assert(ps_addr_equal(&from, &p.two_address));
    ck_assert_int_eq(ps_sendto(&p.one, "y", 1, 0, &p.two_address), 1);
    ck_assert_int_eq(ps_recvfrom(&p.two, &byte, 1, 0, &from), 1);
    udp_pair_close(&p);
}
END_TEST

START_TEST(shutdown_ends_a_receive_of_datagrams_in_flight)
{
    static ptrdiff_t (*const calls[])(ps_sock * s) = {by_recv, by_recvfrom, by_recvmsg, by_poll};

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (size_t j = 0; j < MODES; j++) {
            udp_pair p = udp_pair_open(AF_INET);
            receiver r;
            test_thread *thread;

            ck_assert_ok(ps_settimeout(&p.one, modes[j]));
            ck_assert_ok(ps_connect(&p.one, &p.two_address));
            thread = start_receiver(&r, &p.one, calls[i]);
            test_sleep(A_WHILE);
            ck_assert_ok(ps_shutdown(&p.one, SHUT_RD));
            test_thread_join(thread);
            ck_assert_code(r.result, 0);
            udp_pair_close(&p);
        }
    }
}
END_TEST

void add_shutdown_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, shutdown_of_receiving_does_not_reset_a_peer_that_sends);
    ADD_TEST_CASE(suite, shutdown_of_both_sides_with_unread_data_loses_nothing);
    ADD_TEST_CASE(suite, shutdown_ends_each_receive_in_flight);
    ADD_TEST_CASE(suite, shutdown_ends_a_receive_that_is_about_to_wait);
    ADD_TEST_CASE(suite, shutdown_of_receiving_leaves_a_send_in_flight_alone);
    ADD_TEST_CASE(suite, shutdown_of_datagrams_without_a_peer_is_refused);
    ADD_TEST_CASE(suite, shutdown_ends_a_receive_of_datagrams_in_flight);
}
