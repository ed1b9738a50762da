/* Sending and receiving (rows R066 to R072, R076, R083 to R086; R181 names the reference's own
 * tests). */
#include "connection.h"
#include "long_text.h"
#include "test.h"

#define MESSAGE "Michael Gilfix was here\n"
enum { LENGTH = sizeof MESSAGE - 1 };

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 15.0
/* Long enough to see that nothing comes. */
#define MOMENT 0.1
/* More than any system takes when nobody reads. */
enum { PLENTY = 24 * 1024 * 1024 };

/* ---- helpers --------------------------------------------------------------------------------- */

typedef struct writer {
    ps_sock *socket;
    const unsigned char *text;
    size_t n;
    size_t sent;
    int code;
} writer;

static void send_and_end(void *argument)
{
    writer *w = argument;

    w->code = ps_sendall(w->socket, w->text, w->n, 0, &w->sent);
    if (w->code == 0)
        w->code = ps_shutdown(w->socket, SHUT_WR);
}

static void assert_receives(ps_sock *s, const char *text)
{
    char buffer[64];
    size_t n = strlen(text);

    ck_assert_uint_le(n, sizeof buffer);
    ck_assert_int_eq(ps_recv(s, buffer, n, MSG_WAITALL), (ptrdiff_t)n);
    ck_assert_mem_eq(buffer, text, n);
}

static void assert_end(ps_sock *s)
{
    char byte;

    ck_assert_int_eq(ps_recv(s, &byte, 1, 0), 0);
}

static void assert_nothing_comes(ps_sock *s)
{
    double before = ps_gettimeout(s);
    char byte;

    ck_assert_ok(ps_settimeout(s, MOMENT));
    ck_assert_code(ps_recv(s, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(s, before));
}

static ps_addr some_address(void)
{
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "192.0.2.1", 7));
    return a;
}

/* ---- the reference's own tests of streams (R181) --------------------------------------------- */

/* Rows: R019 R066 R176 R181. */
START_TEST(transfer_recv)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char text[1024];

    ck_assert_int_eq(ps_send(&p.client, MESSAGE, LENGTH, 0), LENGTH);
    ck_assert_int_eq(ps_recv(&p.server, text, sizeof text, 0), LENGTH);
    ck_assert_mem_eq(text, MESSAGE, LENGTH);
    tcp_pair_close(&p);
}
END_TEST

/* Rows: R085 R181. */
START_TEST(transfer_recv_in_chunks)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char text[1024];

    ck_assert_int_eq(ps_send(&p.client, MESSAGE, LENGTH, 0), LENGTH);
    ck_assert_int_eq(ps_recv(&p.server, text, LENGTH - 3, 0), LENGTH - 3);
    ck_assert_int_eq(ps_recv(&p.server, text + LENGTH - 3, 1024, 0), 3);
    ck_assert_mem_eq(text, MESSAGE, LENGTH);
    tcp_pair_close(&p);
}
END_TEST

/* On a stream nobody's address is told. */
/* Rows: R067 R181. Traps: ADR-17. */
START_TEST(transfer_recvfrom)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    ps_addr from = some_address();
    char text[1024];

    ck_assert_int_eq(ps_send(&p.client, MESSAGE, LENGTH, 0), LENGTH);
    ck_assert_int_eq(ps_recvfrom(&p.server, text, LENGTH - 3, 0, &from), LENGTH - 3);
    ck_assert_int_eq(from.len, 0);
    from = some_address();
    ck_assert_int_eq(ps_recvfrom(&p.server, text + LENGTH - 3, 1024, 0, &from), 3);
    ck_assert_int_eq(from.len, 0);
    ck_assert_mem_eq(text, MESSAGE, LENGTH);

    ck_assert_int_eq(ps_send(&p.client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recvfrom(&p.server, text, sizeof text, 0, NULL), 1);

    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    from = some_address();
    ck_assert_int_eq(ps_recvfrom(&p.server, text, sizeof text, 0, &from), 0);
    ck_assert_int_eq(from.len, 0);
    tcp_pair_close(&p);
}
END_TEST

/* Rows: R071 R181. */
START_TEST(transfer_sendall)
{
    enum { COUNT = 2048 };
    tcp_pair p = tcp_pair_open(PATIENCE);
    char text[COUNT], expected[COUNT];
    size_t sent = 99;

    memset(expected, 'f', sizeof expected);
    ck_assert_ok(ps_sendall(&p.server, expected, COUNT, 0, &sent));
    ck_assert_uint_eq(sent, COUNT);
    ck_assert_int_eq(ps_recv(&p.client, text, COUNT, MSG_WAITALL), COUNT);
    ck_assert_mem_eq(text, expected, COUNT);
    ck_assert_ok(ps_sendall(&p.server, "x", 1, 0, NULL));
    assert_receives(&p.client, "x");
    tcp_pair_close(&p);
}
END_TEST

/* Rows: R181. */
START_TEST(transfer_shutdown)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char byte;

    ck_assert_int_eq(ps_send(&p.client, MESSAGE, LENGTH, 0), LENGTH);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_RDWR));
    assert_receives(&p.server, MESSAGE);
    assert_end(&p.server);
    ck_assert_int_eq(ps_recv(&p.client, &byte, 1, 0), 0);
    ck_assert_code(ps_send(&p.client, "x", 1, 0), PS_EPIPE);
    tcp_pair_close(&p);
}
END_TEST

/* Rows: R052 R066. Traps: TMO-5. */
START_TEST(transfer_peer_closes)
{
    tcp_pair p = tcp_pair_open(PATIENCE);

    ck_assert_int_eq(ps_send(&p.client, "bye", 3, 0), 3);
    ck_assert_ok(ps_close(&p.client));
    assert_receives(&p.server, "bye");
    assert_end(&p.server);
    assert_end(&p.server);
    tcp_pair_close(&p);
}
END_TEST

/* The reference's negative sizes. */
/* Rows: R066. Traps: SND-10. */
START_TEST(transfer_sizes_out_of_range)
{
    static const size_t sizes[] = {(size_t)PTRDIFF_MAX + 1, SIZE_MAX};
    tcp_pair p = tcp_pair_open(PATIENCE);
    ps_addr a = some_address();
    char byte;
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t sent = 99;
        ck_assert_code(ps_recv(&p.client, &byte, sizes[i], 0), PS_BAD_LENGTH);
        ck_assert_code(ps_recv(&p.client, &byte, sizes[i], MSG_PEEK), PS_BAD_LENGTH);
        ck_assert_code(ps_recvfrom(&p.client, &byte, sizes[i], 0, &a), PS_BAD_LENGTH);
        ck_assert_code(ps_send(&p.client, &byte, sizes[i], 0), PS_BAD_LENGTH);
        ck_assert_code(ps_sendall(&p.client, &byte, sizes[i], 0, &sent), PS_BAD_LENGTH);
        ck_assert_uint_eq(sent, 0);
        a = some_address();
        ck_assert_code(ps_sendto(&p.client, &byte, sizes[i], 0, &a), PS_BAD_LENGTH);
    }
    ck_assert_int_eq(ps_send(&p.client, "x", 1, 0), 1);
    assert_receives(&p.server, "x");
    tcp_pair_close(&p);
}
END_TEST

/* ---- little ---------------------------------------------------------------------------------- */

START_TEST(transfer_a_byte_at_a_time)
{
    enum { COUNT = 3000 };
    tcp_pair p = tcp_pair_open(PATIENCE);
    size_t i;

    for (i = 0; i < COUNT; i++) {
        unsigned char byte = byte_at(i);
        ck_assert_int_eq(ps_send(&p.client, &byte, 1, 0), 1);
    }
    for (i = 0; i < COUNT; i++) {
        unsigned char byte = 0;
        ck_assert_int_eq(ps_recv(&p.server, &byte, 1, 0), 1);
        ck_assert_uint_eq(byte, byte_at(i));
    }
    tcp_pair_close(&p);
}
END_TEST

/* On a stream that is an answer at once, whether anything is there or not, and it takes nothing. */
/* Rows: R068. Traps: SND-5. */
START_TEST(transfer_recv_of_no_bytes)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        ps_addr from = some_address();
        char byte = 'n';
        ck_assert_ok(ps_settimeout(&p.server, modes[i]));
        ck_assert_int_eq(ps_recv(&p.server, &byte, 0, 0), 0);
        ck_assert_int_eq(ps_recv(&p.server, NULL, 0, 0), 0);
        ck_assert_int_eq(ps_recv(&p.server, &byte, 0, MSG_PEEK), 0);
        ck_assert_int_eq(ps_recvfrom(&p.server, &byte, 0, 0, &from), 0);
        ck_assert_int_eq(from.len, 0);

        ck_assert_int_eq(ps_send(&p.client, "x", 1, 0), 1);
        ck_assert_ok(ps_settimeout(&p.server, PATIENCE));
        ck_assert_int_eq(ps_recv(&p.server, &byte, 1, MSG_PEEK), 1);
        byte = 'n';
        ck_assert_int_eq(ps_recv(&p.server, &byte, 0, 0), 0);
        ck_assert_int_eq(byte, 'n');
        assert_receives(&p.server, "x");
        tcp_pair_close(&p);
    }
}
END_TEST

/* Traps: SND-6. */
START_TEST(transfer_send_of_no_bytes)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    size_t sent = 99;

    ck_assert_int_eq(ps_send(&p.client, "x", 0, 0), 0);
    ck_assert_int_eq(ps_send(&p.client, NULL, 0, 0), 0);
    ck_assert_ok(ps_sendall(&p.client, "x", 0, 0, &sent));
    ck_assert_uint_eq(sent, 0);
    ck_assert_ok(ps_sendall(&p.client, NULL, 0, 0, NULL));
    /* To the peer it is nothing; least of all the end. */
    assert_nothing_comes(&p.server);
    ck_assert_int_eq(ps_send(&p.client, "y", 1, 0), 1);
    assert_receives(&p.server, "y");
    tcp_pair_close(&p);
}
END_TEST

/* Rows: R068. */
START_TEST(transfer_recv_writes_no_more_than_it_says)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char text[8];
    ptrdiff_t i;

    memset(text, '#', sizeof text);
    ck_assert_int_eq(ps_send(&p.client, "abcdef", 6, 0), 6);
    ck_assert_int_eq(ps_recv(&p.server, text, 3, MSG_WAITALL), 3);
    ck_assert_mem_eq(text, "abc#####", sizeof text);
    i = ps_recv(&p.server, text, sizeof text, 0);
    ck_assert_int_eq(i, 3);
    ck_assert_mem_eq(text, "def#####", sizeof text);
    tcp_pair_close(&p);
}
END_TEST

/* Rows: R070 R079. */
START_TEST(transfer_would_block)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    ps_addr from = some_address();
    char byte;

    ck_assert_ok(ps_setblocking(&p.client, 0));
    ck_assert_code(ps_recv(&p.client, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_code(ps_recv(&p.client, &byte, 1, MSG_PEEK), PS_EWOULDBLOCK);
    ck_assert_code(ps_recvfrom(&p.client, &byte, 1, 0, &from), PS_EWOULDBLOCK);
    ck_assert_int_eq(from.len, 0);
    ck_assert_int_eq(ps_send(&p.client, "x", 1, 0), 1);
    assert_receives(&p.server, "x");
    tcp_pair_close(&p);
}
END_TEST

/* ---- much ------------------------------------------------------------------------------------ */

/* Rows: R019 R070. Traps: SND-11. */
START_TEST(transfer_send_takes_a_part)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    unsigned char *text = long_text(PLENTY);
    reader r = reader_of(&p.server, 0);
    size_t sent = 0;
    ptrdiff_t count = 0;

    ck_assert_ok(ps_setblocking(&p.client, 0));
    while (sent < PLENTY) {
        count = ps_send(&p.client, text + sent, PLENTY - sent, 0);
        if (count < 0)
            break;
        ck_assert_int_gt(count, 0);
        ck_assert_uint_le((size_t)count, PLENTY - sent);
        sent += (size_t)count;
    }
    ck_assert_code(count, PS_EWOULDBLOCK);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    read_to_the_end(&r);
    assert_read(&r, sent);
    free(text);
    tcp_pair_close(&p);
}
END_TEST

static void sendall_to_a_slow_reader(double timeout)
{
    enum { COUNT = 16 * 1024 * 1024 };
    tcp_pair p = tcp_pair_open(PATIENCE);
    unsigned char *text = long_text(COUNT);
    reader r = reader_of(&p.server, 0.005);
    test_thread *thread = test_thread_start(read_to_the_end, &r);
    size_t sent = 99;

    ck_assert_ok(ps_settimeout(&p.client, timeout));
    ck_assert_ok(ps_sendall(&p.client, text, COUNT, 0, &sent));
    ck_assert_uint_eq(sent, COUNT);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    test_thread_join(thread);
    assert_read(&r, COUNT);
    free(text);
    tcp_pair_close(&p);
}

START_TEST(transfer_sendall_blocking_to_a_slow_reader)
{
    sendall_to_a_slow_reader(PS_NO_TIMEOUT);
}
END_TEST

START_TEST(transfer_sendall_with_timeout_to_a_slow_reader)
{
    sendall_to_a_slow_reader(PATIENCE);
}
END_TEST

/* Rows: R071. Traps: SND-22. */
START_TEST(transfer_sendall_timed_out_tells_how_much)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    unsigned char *text = long_text(PLENTY);
    reader r = reader_of(&p.server, 0);
    size_t sent = 0;
    double begin;

    ck_assert_ok(ps_settimeout(&p.client, 0.3));
    begin = test_clock();
    ck_assert_code(ps_sendall(&p.client, text, PLENTY, 0, &sent), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_double_le(test_clock() - begin, PATIENCE);
    ck_assert_uint_gt(sent, 0);
    ck_assert_uint_lt(sent, PLENTY);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    read_to_the_end(&r);
    assert_read(&r, sent);
    free(text);
    tcp_pair_close(&p);
}
END_TEST

/* The rest is sent when the reader has made room, and nothing is sent twice. */
/* Traps: SND-11. */
START_TEST(transfer_sendall_nonblocking_tells_how_much)
{
    static unsigned char buffer[256 * 1024];
    tcp_pair p = tcp_pair_open(PATIENCE);
    unsigned char *text = long_text(PLENTY);
    size_t sent = 0, received = 0, i;
    bool blocked = false;
    bool right = true;

    ck_assert_ok(ps_setblocking(&p.client, 0));
    while (received < PLENTY) {
        size_t part = 99;
        ptrdiff_t count;
        if (sent < PLENTY) {
            int code = ps_sendall(&p.client, text + sent, PLENTY - sent, 0, &part);
            ck_assert_msg(code == 0 || code == PS_EWOULDBLOCK, "%s", ps_error_name(code));
            ck_assert_uint_le(part, PLENTY - sent);
            ck_assert((part == PLENTY - sent) == (code == 0));
            blocked = blocked || code != 0;
            sent += part;
        }
        count = ps_recv(&p.server, buffer, sizeof buffer, 0);
        ck_assert_int_gt(count, 0);
        for (i = 0; i < (size_t)count; i++)
            right = right && buffer[i] == byte_at(received + i);
        received += (size_t)count;
        ck_assert_uint_le(received, sent);
    }
    ck_assert(blocked);
    ck_assert(right);
    ck_assert_uint_eq(sent, PLENTY);
    assert_nothing_comes(&p.server);
    free(text);
    tcp_pair_close(&p);
}
END_TEST

/* Two threads use one socket, one to send and one to receive; at both ends. */
START_TEST(transfer_both_ways_at_once)
{
    enum { COUNT = 4 * 1024 * 1024 };
    tcp_pair p = tcp_pair_open(PATIENCE);
    unsigned char *text = long_text(COUNT);
    reader readers[2] = {reader_of(&p.client, 0), reader_of(&p.server, 0)};
    writer writers[2] = {{.socket = &p.client, .text = text, .n = COUNT},
                         {.socket = &p.server, .text = text, .n = COUNT}};
    test_thread *threads[4];
    int i;

    for (i = 0; i < 2; i++) {
        threads[i] = test_thread_start(read_to_the_end, &readers[i]);
        threads[2 + i] = test_thread_start(send_and_end, &writers[i]);
    }
    for (i = 0; i < 4; i++)
        test_thread_join(threads[i]);
    for (i = 0; i < 2; i++) {
        ck_assert_code(writers[i].code, 0);
        ck_assert_uint_eq(writers[i].sent, COUNT);
        assert_read(&readers[i], COUNT);
    }
    free(text);
    tcp_pair_close(&p);
}
END_TEST

/* ---- the end of one half --------------------------------------------------------------------- */

/* Rows: R076. */
START_TEST(transfer_half_closed_both_ways)
{
    tcp_pair p = tcp_pair_open(PATIENCE);

    ck_assert_int_eq(ps_send(&p.client, "question", 8, 0), 8);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    assert_receives(&p.server, "question");
    assert_end(&p.server);
    ck_assert_int_eq(ps_send(&p.server, "answer", 6, 0), 6);
    assert_receives(&p.client, "answer");
    assert_nothing_comes(&p.client);
    ck_assert_ok(ps_shutdown(&p.server, SHUT_WR));
    assert_end(&p.client);
    assert_end(&p.server);
    tcp_pair_close(&p);
}
END_TEST

/* Traps: SND-17. */
START_TEST(transfer_shutdown_twice)
{
    tcp_pair p = tcp_pair_open(PATIENCE);

    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    ck_assert_ok(ps_shutdown(&p.client, SHUT_RD));
    ck_assert_ok(ps_shutdown(&p.client, SHUT_RD));
    assert_end(&p.server);
    assert_end(&p.client);
    tcp_pair_close(&p);
}
END_TEST

/* What was there, and what comes later, is not given any more. */
/* Traps: SND-3. */
START_TEST(transfer_after_shut_rd_nothing_is_received)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        ps_addr from = some_address();
        char text[4];
        ck_assert_ok(ps_settimeout(&p.client, modes[i]));
        ck_assert_ok(ps_shutdown(&p.client, SHUT_RD));
        ck_assert_int_eq(ps_recv(&p.client, text, sizeof text, 0), 0);
        /* The other half lives. */
        ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
        assert_receives(&p.server, "abc");

        ck_assert_int_eq(ps_send(&p.server, "def", 3, 0), 3);
        test_sleep(0.05);
        ck_assert_int_eq(ps_recv(&p.client, text, sizeof text, 0), 0);
        ck_assert_int_eq(ps_recv(&p.client, text, sizeof text, MSG_PEEK), 0);
        ck_assert_int_eq(ps_recv(&p.client, text, sizeof text, MSG_WAITALL), 0);
        ck_assert_int_eq(ps_recvfrom(&p.client, text, sizeof text, 0, &from), 0);
        ck_assert_int_eq(from.len, 0);
        tcp_pair_close(&p);
    }
}
END_TEST

/* Traps: SND-3. */
START_TEST(transfer_after_shut_rd_what_was_there_is_gone)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char text[4];

    ck_assert_int_eq(ps_send(&p.server, "abc", 3, 0), 3);
    ck_assert_int_eq(ps_recv(&p.client, text, 1, MSG_PEEK), 1);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_RD));
    ck_assert_int_eq(ps_recv(&p.client, text, sizeof text, 0), 0);
    tcp_pair_close(&p);
}
END_TEST

/* Rows: R076. Traps: SND-2. */
START_TEST(transfer_after_shut_wr_nothing_is_sent)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        size_t sent = 99;
        ck_assert_ok(ps_settimeout(&p.client, modes[i]));
        ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
        ck_assert_code(ps_send(&p.client, "abc", 3, 0), PS_EPIPE);
        ck_assert_code(ps_sendall(&p.client, "abc", 3, 0, &sent), PS_EPIPE);
        ck_assert_uint_eq(sent, 0);
        ck_assert_code(ps_send(&p.client, "abc", 3, 0), PS_EPIPE);
        assert_end(&p.server);
        tcp_pair_close(&p);
    }
}
END_TEST

/* ---- the end of the connection --------------------------------------------------------------- */

/* What ps_recv may say of a reset: Wine shows it as a plain end. */
static void assert_reset(ptrdiff_t code)
{
    ck_assert_msg(code == PS_ECONNRESET || (code == 0 && test_on_windows()), "%s",
                  ps_error_name((int)code));
}

/* Sending to a peer that is gone fails, at the latest when its system has said so. */
static void assert_send_fails_soon(ps_sock *s)
{
    double end = test_clock() + PATIENCE;
    int code;

    while ((code = ps_sendall(s, "x", 1, 0, NULL)) == 0 && test_clock() < end)
        test_sleep(0.005);
    ck_assert_msg(code == PS_EPIPE || code == PS_ECONNRESET, "%s", ps_error_name(code));
    code = ps_sendall(s, "x", 1, 0, NULL);
    ck_assert_msg(code == PS_EPIPE || code == PS_ECONNRESET, "%s", ps_error_name(code));
}

/* Traps: SND-4. */
START_TEST(transfer_reset_by_peer)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        char byte;
        ck_assert_ok(ps_settimeout(&p.server, modes[i]));
        close_with_reset(&p.client);
        assert_reset(ps_recv(&p.server, &byte, 1, 0));
        assert_send_fails_soon(&p.server);
        tcp_pair_close(&p);
    }
}
END_TEST

/* Traps: SND-4. */
START_TEST(transfer_peer_reset_while_receiving_all)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char text[8];

    close_with_reset(&p.client);
    assert_reset(ps_recv(&p.server, text, sizeof text, MSG_WAITALL));
    tcp_pair_close(&p);
}
END_TEST

/* Traps: SND-2 ERR-7. */
START_TEST(transfer_sends_to_a_closed_peer)
{
    tcp_pair p = tcp_pair_open(PATIENCE);

    ck_assert_ok(ps_close(&p.client));
    assert_send_fails_soon(&p.server);
    tcp_pair_close(&p);
}
END_TEST

/* The peer goes while ps_sendall waits for it. */
START_TEST(transfer_sendall_and_the_peer_goes)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        unsigned char *text = long_text(PLENTY);
        writer w = {.socket = &p.client, .text = text, .n = PLENTY};
        test_thread *thread;
        ck_assert_ok(ps_settimeout(&p.client, modes[i]));
        thread = test_thread_start(send_and_end, &w);
        test_sleep(0.1);
        close_with_reset(&p.server);
        test_thread_join(thread);
        ck_assert_msg(w.code == PS_ECONNRESET || w.code == PS_EPIPE, "%s", ps_error_name(w.code));
        ck_assert_uint_lt(w.sent, PLENTY);
        free(text);
        tcp_pair_close(&p);
    }
}
END_TEST

/* ---- flags ----------------------------------------------------------------------------------- */

/* Rows: R084. Traps: SND-14 SND-21. */
START_TEST(transfer_peek)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    ps_addr from = some_address();
    char text[8];

    ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
    ck_assert_int_eq(ps_recv(&p.server, text, sizeof text, MSG_PEEK), 3);
    ck_assert_mem_eq(text, "abc", 3);
    ck_assert_int_eq(ps_recv(&p.server, text, 2, MSG_PEEK), 2);
    ck_assert_mem_eq(text, "ab", 2);
    ck_assert_int_eq(ps_recvfrom(&p.server, text, sizeof text, MSG_PEEK, &from), 3);
    ck_assert_int_eq(from.len, 0);
    assert_receives(&p.server, "abc");
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    ck_assert_int_eq(ps_recv(&p.server, text, sizeof text, MSG_PEEK), 0);
    assert_end(&p.server);
    tcp_pair_close(&p);
}
END_TEST

typedef struct slow_writer {
    ps_sock *socket;
    ptrdiff_t first;
    ptrdiff_t second;
} slow_writer;

static void send_in_two_parts(void *argument)
{
    slow_writer *w = argument;

    w->first = ps_send(w->socket, "abc", 3, 0);
    test_sleep(0.15);
    w->second = ps_send(w->socket, "def", 3, 0);
}

/* Traps: SND-15. */
START_TEST(transfer_waitall_waits_for_all)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;
    int with_from;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        for (with_from = 0; with_from < 2; with_from++) {
            tcp_pair p = tcp_pair_open(PATIENCE);
            slow_writer w = {.socket = &p.client};
            ps_addr from = some_address();
            char text[6];
            test_thread *thread;
            ptrdiff_t count;
            ck_assert_ok(ps_settimeout(&p.server, modes[i]));
            thread = test_thread_start(send_in_two_parts, &w);
            count = with_from ? ps_recvfrom(&p.server, text, 6, MSG_WAITALL, &from)
                              : ps_recv(&p.server, text, 6, MSG_WAITALL);
            test_thread_join(thread);
            ck_assert_int_eq(count, 6);
            ck_assert_mem_eq(text, "abcdef", 6);
            ck_assert_int_eq(w.first, 3);
            ck_assert_int_eq(w.second, 3);
            if (with_from)
                ck_assert_int_eq(from.len, 0);
            tcp_pair_close(&p);
        }
    }
}
END_TEST

START_TEST(transfer_waitall_of_much)
{
    enum { COUNT = 4 * 1024 * 1024 };
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        unsigned char *text = long_text(COUNT);
        unsigned char *received = malloc(COUNT);
        writer w = {.socket = &p.client, .text = text, .n = COUNT};
        test_thread *thread = test_thread_start(send_and_end, &w);
        ck_assert_ptr_nonnull(received);
        ck_assert_ok(ps_settimeout(&p.server, modes[i]));
        ck_assert_int_eq(ps_recv(&p.server, received, COUNT, MSG_WAITALL), COUNT);
        test_thread_join(thread);
        ck_assert_code(w.code, 0);
        ck_assert(memcmp(text, received, COUNT) == 0);
        assert_end(&p.server);
        free(text);
        free(received);
        tcp_pair_close(&p);
    }
}
END_TEST

/* Time is over: what has come is given, and nothing is lost. */
/* Traps: SND-15. */
START_TEST(transfer_waitall_timed_out_gives_what_came)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char text[6];
    double begin;

    ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
    ck_assert_ok(ps_settimeout(&p.server, 0.3));
    begin = test_clock();
    ck_assert_int_eq(ps_recv(&p.server, text, 6, MSG_WAITALL), 3);
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_mem_eq(text, "abc", 3);

    begin = test_clock();
    ck_assert_code(ps_recv(&p.server, text, 6, MSG_WAITALL), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.3);
    ck_assert_double_le(test_clock() - begin, PATIENCE);

    ck_assert_int_eq(ps_send(&p.client, "defghi", 6, 0), 6);
    ck_assert_ok(ps_settimeout(&p.server, PATIENCE));
    ck_assert_int_eq(ps_recv(&p.server, text, 6, MSG_WAITALL), 6);
    ck_assert_mem_eq(text, "defghi", 6);
    tcp_pair_close(&p);
}
END_TEST

START_TEST(transfer_waitall_nonblocking_takes_what_is_there)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    char text[6];

    ck_assert_ok(ps_setblocking(&p.server, 0));
    ck_assert_code(ps_recv(&p.server, text, 6, MSG_WAITALL), PS_EWOULDBLOCK);
    ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
    ck_assert_ok(ps_settimeout(&p.server, PATIENCE));
    ck_assert_int_eq(ps_recv(&p.server, text, 3, MSG_PEEK), 3);
    ck_assert_ok(ps_setblocking(&p.server, 0));
    ck_assert_int_eq(ps_recv(&p.server, text, 6, MSG_WAITALL), 3);
    ck_assert_mem_eq(text, "abc", 3);
    ck_assert_code(ps_recv(&p.server, text, 6, MSG_WAITALL), PS_EWOULDBLOCK);
    tcp_pair_close(&p);
}
END_TEST

START_TEST(transfer_waitall_ends_with_the_connection)
{
    static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        char text[6];
        ck_assert_ok(ps_settimeout(&p.server, modes[i]));
        ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
        ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
        ck_assert_int_eq(ps_recv(&p.server, text, 6, MSG_WAITALL), 3);
        ck_assert_mem_eq(text, "abc", 3);
        ck_assert_int_eq(ps_recv(&p.server, text, 6, MSG_WAITALL), 0);
        tcp_pair_close(&p);
    }
}
END_TEST

/* The flag says what to do, whatever the timeout is. */
/* Traps: SND-14. */
/* Skipped: windows: Winsock has no MSG_DONTWAIT */
START_TEST(transfer_dontwait_does_not_wait)
{
#ifdef MSG_DONTWAIT
    static const double modes[] = {PS_NO_TIMEOUT, 3, 0};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        ps_addr from = some_address();
        double begin = test_clock();
        char text[4];
        ck_assert_ok(ps_settimeout(&p.server, modes[i]));
        ck_assert_code(ps_recv(&p.server, text, sizeof text, MSG_DONTWAIT), PS_EWOULDBLOCK);
        ck_assert_code(ps_recvfrom(&p.server, text, sizeof text, MSG_DONTWAIT, &from),
                       PS_EWOULDBLOCK);
        ck_assert_double_lt(test_clock() - begin, 3);
        ck_assert_int_eq(ps_send(&p.client, "abc", 3, MSG_DONTWAIT), 3);
        ck_assert_ok(ps_settimeout(&p.server, PATIENCE));
        assert_receives(&p.server, "abc");
        tcp_pair_close(&p);
    }
#else
    test_skip("this system has no MSG_DONTWAIT");
#endif
}
END_TEST

/* Skipped: windows: Winsock has no MSG_DONTWAIT */
START_TEST(transfer_dontwait_sends_what_fits)
{
#ifdef MSG_DONTWAIT
    static const double modes[] = {PS_NO_TIMEOUT, 3};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        tcp_pair p = tcp_pair_open(PATIENCE);
        unsigned char *text = long_text(PLENTY);
        double begin = test_clock();
        reader r = reader_of(&p.server, 0);
        size_t sent = 99;
        ck_assert_ok(ps_settimeout(&p.client, modes[i]));
        ck_assert_code(ps_sendall(&p.client, text, PLENTY, MSG_DONTWAIT, &sent), PS_EWOULDBLOCK);
        ck_assert_code(ps_send(&p.client, text, PLENTY, MSG_DONTWAIT), PS_EWOULDBLOCK);
        ck_assert_double_lt(test_clock() - begin, 3);
        ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
        read_to_the_end(&r);
        assert_read(&r, sent);
        free(text);
        tcp_pair_close(&p);
    }
#else
    test_skip("this system has no MSG_DONTWAIT");
#endif
}
END_TEST

/* Rows: R084. Traps: SND-16. */
START_TEST(transfer_urgent_byte)
{
    tcp_pair p = tcp_pair_open(PATIENCE);
    double end = test_clock() + PATIENCE;
    char byte = 0;
    ptrdiff_t count;

    ck_assert_int_eq(ps_send(&p.client, "a", 1, 0), 1);
    ck_assert_int_eq(ps_send(&p.client, "!", 1, MSG_OOB), 1);
    ck_assert_int_eq(ps_send(&p.client, "b", 1, 0), 1);
    ck_assert_ok(ps_setblocking(&p.server, 0));
    while ((count = ps_recv(&p.server, &byte, 1, MSG_OOB)) < 0 && test_clock() < end)
        test_sleep(0.01);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(byte, '!');
    /* It is not among the others. */
    ck_assert_ok(ps_settimeout(&p.server, PATIENCE));
    assert_receives(&p.server, "ab");
    assert_nothing_comes(&p.server);
    tcp_pair_close(&p);
}
END_TEST

/* ---- datagrams ------------------------------------------------------------------------------- */

typedef struct posts {
    ps_sock one;
    ps_sock two;
    ps_addr one_address;
    ps_addr two_address;
} posts;

static posts posts_open(void)
{
    posts p;

    test_udp_pair(&p.one, &p.one_address, &p.two, &p.two_address);
    ck_assert_ok(ps_settimeout(&p.one, PATIENCE));
    ck_assert_ok(ps_settimeout(&p.two, PATIENCE));
    return p;
}

static void posts_close(posts *p)
{
    test_close(&p->one, &p->two);
}

/* Rows: R072 R181. */
START_TEST(transfer_datagram_sendto_and_recv)
{
    posts p = posts_open();
    ps_addr from = some_address();
    char text[1024];

    ck_assert_int_eq(ps_sendto(&p.one, MESSAGE, LENGTH, 0, &p.two_address), LENGTH);
    ck_assert_int_eq(ps_recv(&p.two, text, sizeof text, 0), LENGTH);
    ck_assert_mem_eq(text, MESSAGE, LENGTH);
    ck_assert_int_eq(ps_sendto(&p.one, MESSAGE, LENGTH, 0, &p.two_address), LENGTH);
    ck_assert_int_eq(ps_recvfrom(&p.two, text, sizeof text, 0, &from), LENGTH);
    ck_assert(ps_addr_equal(&from, &p.one_address));
    posts_close(&p);
}
END_TEST

/* The rest of a long one is lost, the next is whole. */
/* Traps: SND-7. */
START_TEST(transfer_datagram_too_long_is_cut)
{
    posts p = posts_open();
    ps_addr from = some_address();
    char text[8];

    memset(text, '#', sizeof text);
    ck_assert_int_eq(ps_sendto(&p.one, "0123456789", 10, 0, &p.two_address), 10);
    ck_assert_int_eq(ps_sendto(&p.one, "abcdefghij", 10, 0, &p.two_address), 10);
    ck_assert_int_eq(ps_sendto(&p.one, "next", 4, 0, &p.two_address), 4);
    ck_assert_int_eq(ps_recv(&p.two, text, 4, MSG_PEEK), 4);
    ck_assert_int_eq(ps_recv(&p.two, text, 4, 0), 4);
    ck_assert_mem_eq(text, "0123####", 8);
    ck_assert_int_eq(ps_recvfrom(&p.two, text, 3, 0, &from), 3);
    ck_assert_mem_eq(text, "abc3####", 8);
    ck_assert(ps_addr_equal(&from, &p.one_address));
    ck_assert_int_eq(ps_recv(&p.two, text, sizeof text, 0), 4);
    ck_assert_mem_eq(text, "next", 4);
    posts_close(&p);
}
END_TEST

/* Traps: SND-6. */
START_TEST(transfer_datagram_may_be_empty)
{
    posts p = posts_open();
    ps_addr from = some_address();
    char text[8];

    ck_assert_int_eq(ps_sendto(&p.one, "", 0, 0, &p.two_address), 0);
    ck_assert_int_eq(ps_sendto(&p.one, NULL, 0, 0, &p.two_address), 0);
    ck_assert_int_eq(ps_sendto(&p.one, "x", 1, 0, &p.two_address), 1);
    ck_assert_int_eq(ps_recvfrom(&p.two, text, sizeof text, 0, &from), 0);
    ck_assert(ps_addr_equal(&from, &p.one_address));
    ck_assert_int_eq(ps_recv(&p.two, text, sizeof text, 0), 0);
    ck_assert_int_eq(ps_recv(&p.two, text, sizeof text, 0), 1);
    posts_close(&p);
}
END_TEST

/* An empty buffer waits for a datagram, and takes it. */
/* Rows: R069. */
START_TEST(transfer_datagram_into_no_bytes)
{
    posts p = posts_open();
    ps_addr from = some_address();
    char text[8];

    ck_assert_ok(ps_settimeout(&p.two, MOMENT));
    ck_assert_code(ps_recvfrom(&p.two, text, 0, 0, &from), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(&p.two, PATIENCE));
    ck_assert_int_eq(ps_sendto(&p.one, "abc", 3, 0, &p.two_address), 3);
    ck_assert_int_eq(ps_sendto(&p.one, "def", 3, 0, &p.two_address), 3);
    ck_assert_int_eq(ps_recvfrom(&p.two, text, 0, 0, &from), 0);
    ck_assert(ps_addr_equal(&from, &p.one_address));
    ck_assert_int_eq(ps_recv(&p.two, text, sizeof text, 0), 3);
    ck_assert_mem_eq(text, "def", 3);
    posts_close(&p);
}
END_TEST

/* Traps: SND-12. */
START_TEST(transfer_datagram_too_long_to_send)
{
    static char text[70000];
    posts p = posts_open();
    size_t sent = 99;

    ck_assert_code(ps_sendto(&p.one, text, sizeof text, 0, &p.two_address), PS_EMSGSIZE);
    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_code(ps_send(&p.one, text, sizeof text, 0), PS_EMSGSIZE);
    ck_assert_code(ps_sendall(&p.one, text, sizeof text, 0, &sent), PS_EMSGSIZE);
    ck_assert_uint_eq(sent, 0);
    posts_close(&p);
}
END_TEST

/* Rows: R072. */
START_TEST(transfer_datagram_destinations_refused)
{
    posts p = posts_open();
    ps_addr a;

    ck_assert_code(ps_sendto(&p.one, "x", 1, 0, NULL), PS_EDESTADDRREQ);
    memset(&a, 0, sizeof a);
    ck_assert_code(ps_sendto(&p.one, "x", 1, 0, &a), PS_EDESTADDRREQ);
    ck_assert_ok(ps_addr_inet6(&a, "::1", ps_addr_port(&p.two_address), 0, 0));
    ck_assert_code(ps_sendto(&p.one, "x", 1, 0, &a), PS_EAFNOSUPPORT);
    posts_close(&p);
}
END_TEST

/* Traps: ADR-12. */
START_TEST(transfer_datagram_to_the_wildcard)
{
    posts p = posts_open();
    ps_addr a;
    char text[8];

    ck_assert_ok(ps_addr_inet(&a, "", ps_addr_port(&p.two_address)));
    ck_assert_int_eq(ps_sendto(&p.one, "abc", 3, 0, &a), 3);
    ck_assert_int_eq(ps_recv(&p.two, text, sizeof text, 0), 3);
    posts_close(&p);
}
END_TEST

/* That nobody took an earlier datagram is no reason to fail. */
START_TEST(transfer_datagram_to_a_closed_port)
{
    posts p = posts_open();
    char text[8];

    ck_assert_ok(ps_close(&p.two));
    ck_assert_int_eq(ps_sendto(&p.one, "x", 1, 0, &p.two_address), 1);
    assert_nothing_comes(&p.one);
    ck_assert_int_eq(ps_sendto(&p.one, "x", 1, 0, &p.two_address), 1);
    ck_assert_int_eq(ps_sendto(&p.one, "self", 4, 0, &p.one_address), 4);
    ck_assert_int_eq(ps_recv(&p.one, text, sizeof text, 0), 4);
    posts_close(&p);
}
END_TEST

START_TEST(transfer_datagram_received_unbound)
{
    ps_sock s;
    ps_addr from = some_address();
    char byte;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    ck_assert_ok(ps_setblocking(&s, 0));
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_ok(ps_settimeout(&s, MOMENT));
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_code(ps_recvfrom(&s, &byte, 1, 0, &from), PS_TIMED_OUT);
    ck_assert_int_eq(from.len, 0);
    ck_assert_ok(ps_close(&s));
}
END_TEST

void add_transfer_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, transfer_recv);
    ADD_TEST_CASE(suite, transfer_recv_in_chunks);
    ADD_TEST_CASE(suite, transfer_recvfrom);
    ADD_TEST_CASE(suite, transfer_sendall);
    ADD_TEST_CASE(suite, transfer_shutdown);
    ADD_TEST_CASE(suite, transfer_peer_closes);
    ADD_TEST_CASE(suite, transfer_sizes_out_of_range);
    ADD_TEST_CASE(suite, transfer_a_byte_at_a_time);
    ADD_TEST_CASE(suite, transfer_recv_of_no_bytes);
    ADD_TEST_CASE(suite, transfer_send_of_no_bytes);
    ADD_TEST_CASE(suite, transfer_recv_writes_no_more_than_it_says);
    ADD_TEST_CASE(suite, transfer_would_block);
    ADD_TEST_CASE(suite, transfer_send_takes_a_part);
    ADD_TEST_CASE(suite, transfer_sendall_blocking_to_a_slow_reader);
    ADD_TEST_CASE(suite, transfer_sendall_with_timeout_to_a_slow_reader);
    ADD_TEST_CASE(suite, transfer_sendall_timed_out_tells_how_much);
    ADD_TEST_CASE(suite, transfer_sendall_nonblocking_tells_how_much);
    ADD_TEST_CASE(suite, transfer_both_ways_at_once);
    ADD_TEST_CASE(suite, transfer_half_closed_both_ways);
    ADD_TEST_CASE(suite, transfer_shutdown_twice);
    ADD_TEST_CASE(suite, transfer_after_shut_rd_nothing_is_received);
    ADD_TEST_CASE(suite, transfer_after_shut_rd_what_was_there_is_gone);
    ADD_TEST_CASE(suite, transfer_after_shut_wr_nothing_is_sent);
    ADD_TEST_CASE(suite, transfer_reset_by_peer);
    ADD_TEST_CASE(suite, transfer_peer_reset_while_receiving_all);
    ADD_TEST_CASE(suite, transfer_sends_to_a_closed_peer);
    ADD_TEST_CASE(suite, transfer_sendall_and_the_peer_goes);
    ADD_TEST_CASE(suite, transfer_peek);
    ADD_TEST_CASE(suite, transfer_waitall_waits_for_all);
    ADD_TEST_CASE(suite, transfer_waitall_of_much);
    ADD_TEST_CASE(suite, transfer_waitall_timed_out_gives_what_came);
    ADD_TEST_CASE(suite, transfer_waitall_nonblocking_takes_what_is_there);
    ADD_TEST_CASE(suite, transfer_waitall_ends_with_the_connection);
    ADD_TEST_CASE(suite, transfer_dontwait_does_not_wait);
    ADD_TEST_CASE(suite, transfer_dontwait_sends_what_fits);
    ADD_TEST_CASE(suite, transfer_urgent_byte);
    ADD_TEST_CASE(suite, transfer_datagram_sendto_and_recv);
    ADD_TEST_CASE(suite, transfer_datagram_too_long_is_cut);
    ADD_TEST_CASE(suite, transfer_datagram_may_be_empty);
    ADD_TEST_CASE(suite, transfer_datagram_into_no_bytes);
    ADD_TEST_CASE(suite, transfer_datagram_too_long_to_send);
    ADD_TEST_CASE(suite, transfer_datagram_destinations_refused);
    ADD_TEST_CASE(suite, transfer_datagram_to_the_wildcard);
    ADD_TEST_CASE(suite, transfer_datagram_to_a_closed_port);
    ADD_TEST_CASE(suite, transfer_datagram_received_unbound);
}
