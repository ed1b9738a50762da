/* A peer that resets, half-closes, stalls, or sends one byte at a time, at every point of a
 * sendall, a stream and an accept. */
#include "heavy.h"

/* ---- sendall: the peer reads so many bytes, then does it ------------------------------------- */

enum { BULK = 4 << 20 };

typedef enum misdeed { RESETS, CLOSES, HALF_CLOSES, STALLS } misdeed;

typedef struct reader {
    ps_sock sock;
    misdeed what;
    size_t before; /* bytes it reads before the misdeed */
    size_t total;
} reader;

static bool read_some(reader *r, size_t most)
{
    static unsigned char rest[65536];
    ptrdiff_t n = ps_recv(&r->sock, rest, most < sizeof rest ? most : sizeof rest, 0);

    r->total += n > 0 ? (size_t)n : 0;
    return n > 0;
}

static void read_and_misbehave(void *argument)
{
    reader *r = argument;

    while (r->total < r->before && read_some(r, r->before - r->total))
        ;
    if (r->what == RESETS)
        heavy_reset(&r->sock);
    else if (r->what == CLOSES)
        ps_close(&r->sock);
    else if (r->what == HALF_CLOSES) {
        (void)ps_shutdown(&r->sock, SHUT_WR);
        while (r->total < BULK && read_some(r, BULK))
            ;
    }
}

/* A slow reader's small room, so that a sendall of BULK bytes cannot end before it is read. */
static void connect_to_reader(ps_sock *s, reader *r)
{
    ps_sock listener;
    ps_addr address;

    test_listener(&listener, AF_INET, &address);
    ck_assert_ok(ps_setsockopt_int(&listener, SOL_SOCKET, SO_RCVBUF, 8192));
    ck_assert_ok(ps_socket(s, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_setsockopt_int(s, SOL_SOCKET, SO_SNDBUF, 8192));
    ck_assert_ok(ps_connect(s, &address));
    ck_assert_ok(ps_accept(&listener, &r->sock, NULL));
    ck_assert_ok(ps_settimeout(&r->sock, PATIENCE));
    ps_close(&listener);
}

static void send_to(misdeed what, size_t before)
{
    static unsigned char data[BULK];
    reader r = {.what = what, .before = before};
    ps_sock s;
    size_t sent = 12345;
    test_thread *thread;
    int code;

    connect_to_reader(&s, &r);
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    thread = test_thread_start(read_and_misbehave, &r);
    code = ps_sendall(&s, data, BULK, 0, &sent);
    test_thread_join(thread);
    switch (what) {
    case RESETS:
    case CLOSES:
        ck_assert_msg(code == PS_ECONNRESET || code == PS_EPIPE, "after %zu bytes: %s", before,
                      ps_error_name(code));
        ck_assert_uint_ge(sent, before);
        ck_assert_uint_lt(sent, BULK);
        break;
    default:
        ck_assert_code(code, 0);
        ck_assert_uint_eq(sent, BULK);
        ck_assert_uint_eq(r.total, BULK);
        break;
    }
    ps_close(&s);
    ps_close(&r.sock);
}

static void send_to_each(misdeed what)
{
    static const size_t points[] = {0, 1, 2, 100, 4095, 4096, 65535, 65536, 1000000, 2000000};
    size_t step = (size_t)heavy_count(3, 1);

    for (size_t i = 0; i < sizeof points / sizeof points[0]; i += step)
        send_to(what, points[i]);
}

START_TEST(heavy_sendall_to_a_peer_that_resets)
{
    send_to_each(RESETS);
}
END_TEST

START_TEST(heavy_sendall_to_a_peer_that_closes)
{
    send_to_each(CLOSES);
}
END_TEST

START_TEST(heavy_sendall_to_a_peer_that_half_closes)
{
    send_to_each(HALF_CLOSES);
}
END_TEST

/* The peer stalls, reads so many bytes, and stalls again. What was taken arrives, all of it and
 * no more. */
START_TEST(heavy_sendall_to_a_peer_that_stalls)
{
    static const size_t points[] = {0, 1, 4095, 65536, 300000};
    static unsigned char data[BULK];
    size_t count = sizeof points / sizeof points[0];

    for (size_t i = 0; i < count; i++) {
        reader r = {.what = STALLS};
        size_t first, second;
        ps_sock s;

        connect_to_reader(&s, &r);
        ck_assert_ok(ps_settimeout(&s, 0.05));
        ck_assert_code(ps_sendall(&s, data, BULK, 0, &first), PS_TIMED_OUT);
        ck_assert_uint_lt(first, BULK);
        while (r.total < points[i] && r.total < first && read_some(&r, points[i] - r.total))
            ;
        ck_assert_code(ps_sendall(&s, data + first, BULK - first, 0, &second), PS_TIMED_OUT);
        ck_assert_uint_lt(first + second, BULK);
        ps_close(&s);
        while (read_some(&r, BULK))
            ;
        ck_assert_uint_eq(r.total, first + second);
        ps_close(&r.sock);
    }
}
END_TEST

/* ---- a stream: the peer has sent so many bytes of two lines, then does it -------------------- */

static const char two_lines[] = "first line\nsecond line\n";
enum { TWO_LINES = sizeof two_lines - 1, FIRST_LINE = 11 };

/* Reads lines until something else than a whole or last line comes; the bytes are put together. */
static ptrdiff_t read_lines(ps_file *f, char *text, size_t *length)
{
    ptrdiff_t n;

    while ((n = ps_file_readline(f, text + *length, TWO_LINES - *length + 1)) > 0)
        *length += (size_t)n;
    return n;
}

/* The lines that came whole, with a timeout that a busy machine keeps. */
static void read_whole_lines(ps_file *f, size_t before, char *text, size_t *length)
{
    int lines = (before >= FIRST_LINE) + (before >= TWO_LINES);

    for (; lines > 0; lines--) {
        ptrdiff_t n = ps_file_readline(f, text + *length, TWO_LINES - *length + 1);
        ck_assert_int_gt(n, 0);
        *length += (size_t)n;
    }
}

/* A busy machine may take longer than the reader's timeout for it. */
static void wait_for_bytes(ps_sock *s, size_t count)
{
    char room[TWO_LINES];

    while (count > 0 && ps_recv(s, room, sizeof room, MSG_PEEK) < (ptrdiff_t)count)
        test_sleep(0.002);
}

static void read_from(misdeed what, size_t before, int bufsize)
{
    ps_sock client, server;
    ps_file *f;
    char text[TWO_LINES + 1];
    size_t length = 0;
    ptrdiff_t end;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_makefile(&f, &client, "rw", bufsize));
    for (size_t i = 0; i < before; i++)
        ck_assert_int_eq(ps_send(&server, two_lines + i, 1, 0), 1);
    wait_for_bytes(&client, before);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    if (what == RESETS)
        heavy_reset(&server);
    else if (what == CLOSES)
        ps_close(&server);
    else if (what == HALF_CLOSES)
        ck_assert_ok(ps_shutdown(&server, SHUT_WR));

    if (what == STALLS) {
        read_whole_lines(f, before, text, &length);
        ck_assert_ok(ps_settimeout(&client, 0.02));
    }
    end = read_lines(f, text, &length);
    ck_assert_mem_eq(text, two_lines, length);
    switch (what) {
    case RESETS: /* a reset may take with it what was not read; Wine tells it as the end */
        ck_assert(end == 0 || end == PS_ECONNRESET);
        ck_assert_uint_le(length, before);
        break;
    case CLOSES:
    case HALF_CLOSES:
        ck_assert_int_eq(end, 0);
        ck_assert_uint_eq(length, before);
        ck_assert_int_eq(ps_file_eof(f), 1);
        break;
    case STALLS: /* the part of a line that came is kept for the time when the rest has come */
        ck_assert_int_eq(end, PS_TIMED_OUT);
        ck_assert_uint_eq(length, before < FIRST_LINE  ? 0
                                  : before < TWO_LINES ? FIRST_LINE
                                                       : TWO_LINES);
        ck_assert_ok(ps_settimeout(&client, PATIENCE));
        ck_assert_ok(ps_sendall(&server, two_lines + before, TWO_LINES - before, 0, NULL));
        ps_close(&server);
        ck_assert_int_eq(read_lines(f, text, &length), 0);
        ck_assert_uint_eq(length, TWO_LINES);
        ck_assert_mem_eq(text, two_lines, TWO_LINES);
        break;
    }
    (void)ps_file_close(f);
    ps_close(&client);
    ps_close(&server);
}

static void read_from_each(misdeed what)
{
    for (size_t before = 0; before <= TWO_LINES; before++) {
        read_from(what, before, -1);
        read_from(what, before, 0);
    }
}

START_TEST(heavy_stream_from_a_peer_that_resets)
{
    read_from_each(RESETS);
}
END_TEST

START_TEST(heavy_stream_from_a_peer_that_closes)
{
    read_from_each(CLOSES);
}
END_TEST

START_TEST(heavy_stream_from_a_peer_that_half_closes)
{
    read_from_each(HALF_CLOSES);
}
END_TEST

START_TEST(heavy_stream_from_a_peer_that_stalls)
{
    read_from_each(STALLS);
}
END_TEST

static void send_byte_by_byte(void *argument)
{
    ps_sock *s = argument;
    long rounds = heavy_count(20, 2000);

    for (long i = 0; i < rounds * TWO_LINES; i++) {
        if (ps_send(s, two_lines + i % TWO_LINES, 1, 0) != 1)
            break;
    }
    ps_close(s);
}

START_TEST(heavy_stream_from_a_peer_that_sends_one_byte_at_a_time)
{
    long rounds = heavy_count(20, 2000);
    ps_sock client, server;
    test_thread *thread;
    ps_file *f;
    char line[64];

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_ok(ps_setsockopt_int(&server, IPPROTO_TCP, TCP_NODELAY, 1));
    ck_assert_ok(ps_makefile(&f, &client, "r", -1));
    thread = test_thread_start(send_byte_by_byte, &server);
    for (long i = 0; i < rounds; i++) {
        ck_assert_int_eq(ps_file_readline(f, line, sizeof line), FIRST_LINE);
        ck_assert_mem_eq(line, two_lines, FIRST_LINE);
        ck_assert_int_eq(ps_file_readline(f, line, sizeof line), TWO_LINES - FIRST_LINE);
        ck_assert_mem_eq(line, two_lines + FIRST_LINE, TWO_LINES - FIRST_LINE);
    }
    ck_assert_int_eq(ps_file_readline(f, line, sizeof line), 0);
    test_thread_join(thread);
    ck_assert_ok(ps_file_close(f));
    ps_close(&client);
}
END_TEST

/* ---- accept: clients that come and go before it, and a good one behind them ------------------ */

static void come_and(misdeed what, const ps_addr *address, ps_sock *s)
{
    ck_assert_ok(ps_socket(s, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(s, address));
    if (what == RESETS)
        heavy_reset(s);
    else if (what == CLOSES)
        ps_close(s);
    else if (what == HALF_CLOSES)
        ck_assert_ok(ps_shutdown(s, SHUT_WR));
}

/* Accepts until the client with this word comes; the others are at their end, or were never
 * there. */
static void accept_the_good_one(ps_sock *listener)
{
    char word[4];
    ps_sock s;

    for (;;) {
        ptrdiff_t n;
        ck_assert_ok(ps_accept(listener, &s, NULL));
        ck_assert_ok(ps_settimeout(&s, 0.3));
        n = ps_recv(&s, word, sizeof word, 0);
        ps_close(&s);
        if (n == 4 && memcmp(word, "good", 4) == 0)
            return;
        ck_assert(n == 0 || n == PS_ECONNRESET || n == PS_TIMED_OUT || n == PS_ENOTCONN);
    }
}

START_TEST(heavy_accept_behind_peers_that_misbehave)
{
    static const misdeed deeds[] = {RESETS, CLOSES, HALF_CLOSES, STALLS};
    ps_sock listener, bad[4], good;
    ps_addr address;

    test_listener(&listener, AF_INET, &address);
    ck_assert_ok(ps_listen(&listener, 16));
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    for (size_t first = 0; first < 4; first++) {
        for (size_t i = 0; i < 4; i++)
            come_and(deeds[(first + i) % 4], &address, &bad[i]);
        ck_assert_ok(ps_socket(&good, AF_INET, SOCK_STREAM, 0));
        ck_assert_ok(ps_connect(&good, &address));
        ck_assert_ok(ps_sendall(&good, "good", 4, 0, NULL));
        accept_the_good_one(&listener);
        ps_close(&good);
        for (size_t i = 0; i < 4; i++)
            ps_close(&bad[i]);
    }
    ps_close(&listener);
}
END_TEST

void add_hostile_peer_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, heavy_sendall_to_a_peer_that_resets);
    ADD_TEST_CASE(suite, heavy_sendall_to_a_peer_that_closes);
    ADD_TEST_CASE(suite, heavy_sendall_to_a_peer_that_half_closes);
    ADD_TEST_CASE(suite, heavy_sendall_to_a_peer_that_stalls);
    ADD_TEST_CASE(suite, heavy_stream_from_a_peer_that_resets);
    ADD_TEST_CASE(suite, heavy_stream_from_a_peer_that_closes);
    ADD_TEST_CASE(suite, heavy_stream_from_a_peer_that_half_closes);
    ADD_TEST_CASE(suite, heavy_stream_from_a_peer_that_stalls);
    ADD_TEST_CASE(suite, heavy_stream_from_a_peer_that_sends_one_byte_at_a_time);
    ADD_TEST_CASE(suite, heavy_accept_behind_peers_that_misbehave);
}
