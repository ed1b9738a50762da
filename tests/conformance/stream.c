/* Streams: ps_makefile and the ps_file functions (rows R090 to R097; R182 names the reference's
 * own tests). */
#include "connection.h"
#include "test.h"

#include <limits.h>

#define MESSAGE "Michael Gilfix was here\n"

/* Long enough for loopback to bring what is sent, on a busy machine, too. */
#define PATIENCE 10.0
/* Long enough to see that nothing comes. */
#define MOMENT 0.05

/* ---- helpers --------------------------------------------------------------------------------- */

/* A stream over one end of a TCP connection, and both ends. The peer waits no longer than
 * PATIENCE. */
typedef struct line {
    ps_sock socket;
    ps_sock peer;
    ps_file *file;
} line;

static line line_open(int bufsize)
{
    line l;

    test_tcp_pair(&l.socket, &l.peer);
    ck_assert_ok(ps_settimeout(&l.peer, PATIENCE));
    ck_assert_ok(ps_makefile(&l.file, &l.socket, "rw", bufsize));
    ck_assert_ptr_nonnull(l.file);
    return l;
}

static void line_close(line *l)
{
    ck_assert_ok(ps_file_close(l->file));
    test_close(&l->socket, &l->peer);
}

static void peer_sends(line *l, const char *text)
{
    ck_assert_ok(ps_sendall(&l->peer, text, strlen(text), 0, NULL));
}

static void peer_ends(line *l)
{
    ck_assert_ok(ps_shutdown(&l->peer, SHUT_WR));
}

/* The peer has exactly this text to receive, and nothing behind it. */
static void peer_receives(ps_sock *peer, const char *text)
{
    char buffer[256];
    size_t n = strlen(text);
    size_t count = 0;

    ck_assert_ok(ps_settimeout(peer, PATIENCE));
    while (count < n) {
        ptrdiff_t got = ps_recv(peer, buffer + count, sizeof buffer - count, 0);
        ck_assert_ok(got);
        ck_assert_msg(got > 0, "the connection ended after %zu bytes", count);
        count += (size_t)got;
    }
    ck_assert_uint_eq(count, n);
    ck_assert_mem_eq(buffer, text, n);
}

static void peer_receives_nothing(ps_sock *peer)
{
    char byte;

    ck_assert_ok(ps_settimeout(peer, MOMENT));
    ck_assert_code(ps_recv(peer, &byte, 1, 0), PS_TIMED_OUT);
}

static void peer_receives_end(ps_sock *peer)
{
    char byte;

    ck_assert_ok(ps_settimeout(peer, PATIENCE));
    ck_assert_int_eq(ps_recv(peer, &byte, 1, 0), 0);
}

#define assert_read(file, n, text) assert_bytes(ps_file_read(file, bytes, n), text, __LINE__)
#define assert_readline(file, n, text) \
    assert_bytes(ps_file_readline(file, bytes, n), text, __LINE__)

static char bytes[4096];

/* The call has given exactly this text, in `bytes`. */
static void assert_bytes(ptrdiff_t count, const char *text, int at)
{
    if (count < 0)
        ck_abort_msg("line %d: %s", at, ps_error_name((int)count));
    if ((size_t)count != strlen(text) || memcmp(bytes, text, (size_t)count) != 0)
        ck_abort_msg("line %d: \"%.*s\", expected \"%s\"", at, (int)count, bytes, text);
}

/* The buffer sizes that make a difference. */
static const int sizes[] = {-1, 0, 1, 2, 3, 4096};
#define SIZES (sizeof sizes / sizeof sizes[0])

/* Bytes of which none is like its neighbours, and none is a line's end. */
static char *pattern(size_t n)
{
    char *data = malloc(n);
    size_t i;

    ck_assert_ptr_nonnull(data);
    for (i = 0; i < n; i++)
        data[i] = (char)(32 + (i * 31 + i / 90) % 90);
    return data;
}

/* Sends all of it from another thread, and ends the connection's half if asked to. */
typedef struct sender {
    ps_sock *socket;
    const char *data;
    size_t n;
    bool end;
    int code;
} sender;

static void run_sender(void *argument)
{
    sender *s = argument;

    s->code = ps_sendall(s->socket, s->data, s->n, 0, NULL);
    if (s->code == 0 && s->end)
        s->code = ps_shutdown(s->socket, SHUT_WR);
}

/* Receives n bytes, or up to the end, in another thread. */
typedef struct receiver {
    ps_sock *socket;
    char *data;
    size_t n;
    size_t count;
    int code;
} receiver;

static void run_receiver(void *argument)
{
    receiver *r = argument;

    while (r->count < r->n) {
        ptrdiff_t got = ps_recv(r->socket, r->data + r->count, r->n - r->count, 0);
        if (got <= 0) {
            r->code = (int)got;
            return;
        }
        r->count += (size_t)got;
    }
}

/* ---- the reference's own tests (R182) -------------------------------------------------------- */

/* Rows: R065 R097 R182. */
START_TEST(small_read)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        peer_sends(&l, MESSAGE);
        assert_read(l.file, sizeof MESSAGE - 1 - 3, "Michael Gilfix was he");
        assert_read(l.file, 3, "re\n");
        line_close(&l);
    }
}
END_TEST

/* Rows: R094 R182. */
START_TEST(full_read)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        peer_sends(&l, MESSAGE);
        peer_ends(&l);
        assert_read(l.file, sizeof bytes, MESSAGE);
        assert_read(l.file, sizeof bytes, "");
        line_close(&l);
    }
}
END_TEST

/* Rows: R182. */
START_TEST(unbuffered_read)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        char text[64];
        size_t count = 0;
        peer_sends(&l, MESSAGE);
        peer_ends(&l);
        while (count < sizeof text && ps_file_read(l.file, text + count, 1) == 1)
            count++;
        ck_assert_uint_eq(count, strlen(MESSAGE));
        ck_assert_mem_eq(text, MESSAGE, count);
        line_close(&l);
    }
}
END_TEST

/* Rows: R094 R182. Traps: LIF-12. */
START_TEST(readline)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        peer_sends(&l, MESSAGE);
        assert_readline(l.file, sizeof bytes, MESSAGE);
        line_close(&l);
    }
}
END_TEST

/* Rows: R094 R182. */
START_TEST(readline_after_read)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        peer_sends(&l, "A baloo is a bear\nA BALOO IS A BEAR.\n" MESSAGE);
        assert_read(l.file, strlen("A baloo is"), "A baloo is");
        assert_read(l.file, strlen(" a bear"), " a bear");
        assert_readline(l.file, sizeof bytes, "\n");
        assert_readline(l.file, sizeof bytes, "A BALOO IS A BEAR.\n");
        assert_readline(l.file, sizeof bytes, MESSAGE);
        line_close(&l);
    }
}
END_TEST

/* Rows: R182. */
START_TEST(readline_after_read_no_newline)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        peer_sends(&l, "End Of Line");
        peer_ends(&l);
        assert_read(l.file, strlen("End Of "), "End Of ");
        assert_readline(l.file, sizeof bytes, "Line");
        assert_readline(l.file, sizeof bytes, "");
        line_close(&l);
    }
}
END_TEST

/* Rows: R095 R182. */
START_TEST(linebuffered_write)
{
    line l = line_open(1);
    int i;

    for (i = 0; i < 3; i++)
        ck_assert_int_eq(ps_file_write(l.file, MESSAGE, strlen(MESSAGE)), (int)strlen(MESSAGE));
    peer_receives(&l.peer, MESSAGE MESSAGE MESSAGE);
    line_close(&l);
}
END_TEST

/* Without a buffer a stream takes nothing ahead, so that the next one, or the socket itself,
 * goes on behind the line. */
START_TEST(unbuffered_readline_takes_no_more_than_the_line)
{
    line l = line_open(0);

    peer_sends(&l, "A. " MESSAGE "B. " MESSAGE "rest");
    assert_readline(l.file, sizeof bytes, "A. " MESSAGE);
    ck_assert_ok(ps_file_close(l.file));
    ck_assert_ok(ps_makefile(&l.file, &l.socket, "rb", 0));
    assert_readline(l.file, sizeof bytes, "B. " MESSAGE);
    ck_assert_int_eq(ps_recv(&l.socket, bytes, sizeof bytes, 0), 4);
    ck_assert_mem_eq(bytes, "rest", 4);
    line_close(&l);
}
END_TEST

START_TEST(unbuffered_read_takes_no_more_than_asked_for)
{
    line l = line_open(0);

    peer_sends(&l, MESSAGE);
    assert_read(l.file, 7, "Michael");
    ck_assert_int_eq(ps_recv(&l.socket, bytes, 7, 0), 7);
    ck_assert_mem_eq(bytes, " Gilfix", 7);
    line_close(&l);
}
END_TEST

/* With a buffer it takes what is there, and the socket has nothing left. */
START_TEST(buffered_stream_takes_ahead)
{
    line l = line_open(-1);

    peer_sends(&l, MESSAGE MESSAGE);
    peer_ends(&l);
    ck_assert_ok(ps_settimeout(&l.socket, PATIENCE));
    test_sleep(MOMENT);
    assert_read(l.file, 7, "Michael");
    ck_assert_int_eq(ps_recv(&l.socket, bytes, sizeof bytes, 0), 0);
    assert_readline(l.file, sizeof bytes, " Gilfix was here\n");
    assert_readline(l.file, sizeof bytes, MESSAGE);
    line_close(&l);
}
END_TEST

/* ---- making ---------------------------------------------------------------------------------- */

/* Rows: R065 R090. */
START_TEST(any_mode_is_taken)
{
    static const char *const modes[] = {
        NULL, "", "r", "w", "rw", "rb", "wb", "r+", "no mode at all"};
    ps_sock client, server;
    size_t i;

    test_tcp_pair(&client, &server);
    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_file *one, *other;
        ck_assert_ok(ps_makefile(&one, &client, modes[i], 0));
        ck_assert_ok(ps_makefile(&other, &server, modes[i], 0));
        ck_assert_int_eq(ps_file_write(one, "x", 1), 1);
        assert_read(other, 1, "x");
        ck_assert_ok(ps_file_close(one));
        ck_assert_ok(ps_file_close(other));
    }
    test_close(&client, &server);
}
END_TEST

/* Rows: R090. */
START_TEST(any_bufsize_is_taken)
{
    static const int all[] = {INT_MIN, -2, 5, INT_MAX};
    size_t i;

    for (i = 0; i < sizeof all / sizeof all[0]; i++) {
        line l = line_open(all[i]);
        ck_assert_int_eq(ps_file_write(l.file, "abc", 3), 3);
        peer_receives_nothing(&l.peer);
        ck_assert_ok(ps_file_flush(l.file));
        peer_receives(&l.peer, "abc");
        line_close(&l);
    }
}
END_TEST

START_TEST(stream_bad_arguments)
{
    line l = line_open(-1);
    ps_sock closed = PS_SOCK_INIT;
    ps_file *f = l.file;

    ck_assert_code(ps_makefile(NULL, &l.socket, "r", -1), PS_EFAULT);
    ck_assert_code(ps_makefile(&f, NULL, "r", -1), PS_EFAULT);
    ck_assert_ptr_null(f);
    f = l.file;
    ck_assert_code(ps_makefile(&f, &closed, "r", -1), PS_EBADF);
    ck_assert_ptr_null(f);

    ck_assert_code(ps_file_read(NULL, bytes, 1), PS_EFAULT);
    ck_assert_code(ps_file_readline(NULL, bytes, 1), PS_EFAULT);
    ck_assert_code(ps_file_write(NULL, bytes, 1), PS_EFAULT);
    ck_assert_code(ps_file_flush(NULL), PS_EFAULT);
    ck_assert_code(ps_file_eof(NULL), PS_EFAULT);
    ck_assert_code(ps_file_close(NULL), 0);

    ck_assert_code(ps_file_read(l.file, NULL, 1), PS_EFAULT);
    ck_assert_code(ps_file_readline(l.file, NULL, 1), PS_EFAULT);
    ck_assert_code(ps_file_write(l.file, NULL, 1), PS_EFAULT);
    line_close(&l);
}
END_TEST

START_TEST(stream_lengths_above_ptrdiff_max)
{
    static const size_t lengths[] = {(size_t)PTRDIFF_MAX + 1, SIZE_MAX};
    line l = line_open(-1);
    size_t i;

    peer_sends(&l, "kept\n");
    ck_assert_int_eq(ps_file_write(l.file, "kept", 4), 4);
    for (i = 0; i < 2; i++) {
        ck_assert_code(ps_file_read(l.file, bytes, lengths[i]), PS_BAD_LENGTH);
        ck_assert_code(ps_file_readline(l.file, bytes, lengths[i]), PS_BAD_LENGTH);
        ck_assert_code(ps_file_write(l.file, bytes, lengths[i]), PS_BAD_LENGTH);
    }
    assert_readline(l.file, sizeof bytes, "kept\n");
    ck_assert_ok(ps_file_flush(l.file));
    peer_receives(&l.peer, "kept");
    line_close(&l);
}
END_TEST

START_TEST(stream_length_zero)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        ck_assert_int_eq(ps_file_read(l.file, NULL, 0), 0);
        ck_assert_int_eq(ps_file_readline(l.file, NULL, 0), 0);
        ck_assert_int_eq(ps_file_write(l.file, NULL, 0), 0);
        ck_assert_int_eq(ps_file_eof(l.file), 0);
        peer_sends(&l, "ab");
        assert_read(l.file, 1, "a");
        ck_assert_int_eq(ps_file_read(l.file, bytes, 0), 0);
        ck_assert_int_eq(ps_file_readline(l.file, bytes, 0), 0);
        assert_read(l.file, 1, "b");
        ck_assert_ok(ps_file_flush(l.file));
        peer_receives_nothing(&l.peer);
        line_close(&l);
    }
}
END_TEST

/* In the reference a file may be made before the connection, since it shares the socket. */
START_TEST(made_before_the_connection)
{
    ps_sock listener, client, server;
    ps_addr address;
    ps_file *f;

    test_listener(&listener, AF_INET, &address);
    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_makefile(&f, &client, "rw", 0));
    ck_assert_code(ps_file_write(f, "in", 2), PS_ENOTCONN);
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_int_eq(ps_file_write(f, "to", 2), 2);
    peer_receives(&server, "into");
    ck_assert_ok(ps_sendall(&server, "fro", 3, 0, NULL));
    assert_read(f, 3, "fro");
    ck_assert_ok(ps_file_close(f));
    test_close(&client, &server, &listener);
}
END_TEST

/* Rows: R097. Traps: LIF-12. */
START_TEST(stream_over_a_socketpair)
{
    ps_sock pair[2];
    ps_file *one, *other;

    ck_assert_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
    ck_assert_ok(ps_makefile(&one, &pair[0], "rw", -1));
    ck_assert_ok(ps_makefile(&other, &pair[1], "rw", -1));
    ck_assert_int_eq(ps_file_write(one, MESSAGE, strlen(MESSAGE)), (int)strlen(MESSAGE));
    ck_assert_ok(ps_file_flush(one));
    assert_readline(other, sizeof bytes, MESSAGE);
    ck_assert_ok(ps_file_close(one));
    ck_assert_ok(ps_close(&pair[0]));
    assert_read(other, sizeof bytes, "");
    ck_assert_ok(ps_file_close(other));
    ck_assert_ok(ps_close(&pair[1]));
}
END_TEST

/* ---- reading --------------------------------------------------------------------------------- */

START_TEST(read_of_less_than_the_rest_is_the_end)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        peer_sends(&l, "abcdef");
        peer_ends(&l);
        ck_assert_int_eq(ps_file_eof(l.file), 0);
        assert_read(l.file, 4, "abcd");
        ck_assert_int_eq(ps_file_eof(l.file), 0);
        assert_read(l.file, 4, "ef");
        ck_assert_int_eq(ps_file_eof(l.file), 1);
        assert_read(l.file, 4, "");
        ck_assert_int_eq(ps_file_eof(l.file), 1);
        line_close(&l);
    }
}
END_TEST

/* All of it may be in the buffer before the end is found; the end counts when all of it is
 * given. */
START_TEST(eof_comes_after_the_last_byte)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        peer_sends(&l, "one\ntwo");
        peer_ends(&l);
        assert_readline(l.file, sizeof bytes, "one\n");
        ck_assert_int_eq(ps_file_eof(l.file), 0);
        assert_readline(l.file, 2, "tw");
        ck_assert_int_eq(ps_file_eof(l.file), 0);
        assert_readline(l.file, sizeof bytes, "o");
        ck_assert_int_eq(ps_file_eof(l.file), 1);
        line_close(&l);
    }
}
END_TEST

/* Rows: R094. */
START_TEST(readline_gives_at_most_n_bytes)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        peer_sends(&l, "abc\ndefg\n\n\nx");
        peer_ends(&l);
        assert_readline(l.file, 1, "a");
        assert_readline(l.file, 2, "bc");
        assert_readline(l.file, 1, "\n");
        assert_readline(l.file, 5, "defg\n");
        assert_readline(l.file, 1, "\n");
        assert_readline(l.file, 7, "\n");
        assert_readline(l.file, 7, "x");
        assert_readline(l.file, 7, "");
        line_close(&l);
    }
}
END_TEST

START_TEST(stream_keeps_nul_bytes)
{
    static const char text[] = "\0a\0\n\0\n\n\0";
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        ck_assert_ok(ps_sendall(&l.peer, text, 8, 0, NULL));
        peer_ends(&l);
        ck_assert_int_eq(ps_file_readline(l.file, bytes, sizeof bytes), 4);
        ck_assert_mem_eq(bytes, text, 4);
        ck_assert_int_eq(ps_file_read(l.file, bytes, 1), 1);
        ck_assert_mem_eq(bytes, text + 4, 1);
        ck_assert_int_eq(ps_file_readline(l.file, bytes, sizeof bytes), 1);
        ck_assert_int_eq(ps_file_readline(l.file, bytes, sizeof bytes), 1);
        ck_assert_int_eq(ps_file_readline(l.file, bytes, sizeof bytes), 1);
        ck_assert_mem_eq(bytes, text + 7, 1);

        ck_assert_int_eq(ps_file_write(l.file, text, 8), 8);
        ck_assert_ok(ps_file_flush(l.file));
        ck_assert_int_eq(ps_recv(&l.peer, bytes, 8, MSG_WAITALL), 8);
        ck_assert_mem_eq(bytes, text, 8);
        line_close(&l);
    }
}
END_TEST

/* No byte behind what is given is touched: no NUL is added. */
START_TEST(only_the_bytes_given_are_written)
{
    char text[8] = "########";
    line l = line_open(-1);

    peer_sends(&l, "ab\ncd");
    ck_assert_int_eq(ps_file_readline(l.file, text, sizeof text), 3);
    ck_assert_mem_eq(text, "ab\n#####", 8);
    ck_assert_int_eq(ps_file_read(l.file, text, 2), 2);
    ck_assert_mem_eq(text, "cd\n#####", 8);
    line_close(&l);
}
END_TEST

START_TEST(line_longer_than_the_buffer)
{
    size_t length = 12000;
    char *data = pattern(length);
    char *text = malloc(length + 100);
    size_t i;

    ck_assert_ptr_nonnull(text);
    data[length - 1] = '\n';
    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        sender all = {&l.peer, data, length, false, 0};
        test_thread *thread = test_thread_start(run_sender, &all);
        ck_assert_int_eq(ps_file_readline(l.file, text, 9000), 9000);
        ck_assert_mem_eq(text, data, 9000);
        ck_assert_int_eq(ps_file_readline(l.file, text, length + 100), (int)length - 9000);
        ck_assert_mem_eq(text, data + 9000, length - 9000);
        test_thread_join(thread);
        ck_assert_ok(all.code);
        line_close(&l);
    }
    free(text);
    free(data);
}
END_TEST

/* A read larger than the buffer gives first what an earlier call left there. */
START_TEST(large_read_behind_buffered_bytes)
{
    size_t length = 300000;
    char *data = pattern(length);
    char *text = malloc(length * 2);
    size_t i;

    ck_assert_ptr_nonnull(text);
    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        sender all = {&l.peer, data, length, true, 0};
        test_thread *thread = test_thread_start(run_sender, &all);
        ck_assert_int_eq(ps_file_read(l.file, text, 1), 1);
        ck_assert_int_eq(ps_file_read(l.file, text + 1, 200000), 200000);
        ck_assert_int_eq(ps_file_read(l.file, text + 200001, 10), 10);
        ck_assert_int_eq(ps_file_read(l.file, text + 200011, length), (int)length - 200011);
        ck_assert_mem_eq(text, data, length);
        ck_assert_int_eq(ps_file_eof(l.file), 1);
        test_thread_join(thread);
        ck_assert_ok(all.code);
        line_close(&l);
    }
    free(text);
    free(data);
}
END_TEST

START_TEST(read_after_shutdown_of_receiving_is_the_end)
{
    line l = line_open(-1);

    peer_sends(&l, "ab\nc");
    assert_readline(l.file, sizeof bytes, "ab\n");
    ck_assert_ok(ps_shutdown(&l.socket, SHUT_RD));
    peer_sends(&l, "d");
    assert_read(l.file, 5, "c");
    ck_assert_int_eq(ps_file_eof(l.file), 1);
    ck_assert_ok(ps_file_close(l.file));
    ck_assert_ok(ps_makefile(&l.file, &l.socket, "r", -1));
    assert_read(l.file, 5, "");
    line_close(&l);
}
END_TEST

/* ---- errors lose nothing --------------------------------------------------------------------- */

static void read_in_three_parts(double timeout, int code)
{
    size_t i, n;

    for (i = 0; i < SIZES; i++) {
        for (n = 9; n < sizeof bytes; n *= 400) {
            line l = line_open(sizes[i]);
            ck_assert_ok(ps_settimeout(&l.socket, timeout));
            ck_assert_code(ps_file_read(l.file, bytes, n), code);
            peer_sends(&l, "abc");
            test_sleep(MOMENT);
            ck_assert_code(ps_file_read(l.file, bytes, n), code);
            ck_assert_int_eq(ps_file_eof(l.file), 0);
            peer_sends(&l, "def");
            test_sleep(MOMENT);
            ck_assert_code(ps_file_read(l.file, bytes, n), code);
            ck_assert_ok(ps_settimeout(&l.socket, PATIENCE));
            assert_read(l.file, 1, "a");
            peer_sends(&l, "ghi");
            peer_ends(&l);
            assert_read(l.file, n, "bcdefghi");
            line_close(&l);
        }
    }
}

/* Rows: R093. */
START_TEST(timeout_inside_a_stream_read)
{
    read_in_three_parts(0.01, PS_TIMED_OUT);
}
END_TEST

/* Rows: R093. */
START_TEST(stream_nonblocking_read)
{
    read_in_three_parts(0, PS_EWOULDBLOCK);
}
END_TEST

static void readline_in_three_parts(double timeout, int code)
{
    size_t i;

    for (i = 0; i < SIZES; i++) {
        line l = line_open(sizes[i]);
        ck_assert_ok(ps_settimeout(&l.socket, timeout));
        ck_assert_code(ps_file_readline(l.file, bytes, sizeof bytes), code);
        peer_sends(&l, "abc");
        test_sleep(MOMENT);
        ck_assert_code(ps_file_readline(l.file, bytes, sizeof bytes), code);
        ck_assert_int_eq(ps_file_eof(l.file), 0);
        peer_sends(&l, "def");
        test_sleep(MOMENT);
        ck_assert_code(ps_file_readline(l.file, bytes, sizeof bytes), code);
        ck_assert_ok(ps_settimeout(&l.socket, PATIENCE));
        assert_readline(l.file, 2, "ab");
        peer_sends(&l, "g\nh");
        assert_readline(l.file, sizeof bytes, "cdefg\n");
        assert_read(l.file, 1, "h");
        line_close(&l);
    }
}

START_TEST(timeout_inside_a_readline)
{
    readline_in_three_parts(0.01, PS_TIMED_OUT);
}
END_TEST

START_TEST(stream_nonblocking_readline)
{
    readline_in_three_parts(0, PS_EWOULDBLOCK);
}
END_TEST

/* Sends a byte every few milliseconds until it is told to stop. */
typedef struct trickle {
    ps_sock *socket;
    int count;
    int code;
    ps_sock *stop; /* readable when it is time to stop */
} trickle;

static void run_trickle(void *argument)
{
    trickle *t = argument;
    char byte;

    while (ps_recv(t->stop, &byte, 1, 0) == PS_TIMED_OUT) {
        t->code = (int)ps_send(t->socket, "x", 1, 0);
        if (t->code != 1)
            return;
        t->count++;
    }
}

/* A peer that sends slowly does not keep a read alive beyond the timeout. */
START_TEST(timeout_is_for_the_whole_stream_read)
{
    static const int few[] = {-1, 0};
    size_t i;
    int use_readline;

    for (i = 0; i < 2; i++) {
        for (use_readline = 0; use_readline < 2; use_readline++) {
            line l = line_open(few[i]);
            ps_sock stop[2];
            trickle t = {&l.peer, 0, 0, &stop[1]};
            test_thread *thread;
            double start;
            ck_assert_ok(ps_socketpair(stop, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
            ck_assert_ok(ps_settimeout(&stop[1], 0.02));
            ck_assert_ok(ps_settimeout(&l.socket, 0.2));
            thread = test_thread_start(run_trickle, &t);
            start = test_clock();
            if (use_readline)
                ck_assert_code(ps_file_readline(l.file, bytes, sizeof bytes), PS_TIMED_OUT);
            else
                ck_assert_code(ps_file_read(l.file, bytes, sizeof bytes), PS_TIMED_OUT);
            ck_assert_double_ge(test_clock() - start, 0.199);
            ck_assert_ok(ps_sendall(&stop[0], "!", 1, 0, NULL));
            test_thread_join(thread);
            ck_assert_int_eq(t.code, t.count > 0);
            peer_ends(&l);
            ck_assert_ok(ps_settimeout(&l.socket, PATIENCE));
            ck_assert_int_eq(ps_file_read(l.file, bytes, sizeof bytes), t.count);
            line_close(&l);
            test_close(&stop[0], &stop[1]);
        }
    }
}
END_TEST

/* What came before the reset is given. Wine tells of a reset as of an end. */
/* Traps: SND-4. */
START_TEST(reset_inside_a_stream_read)
{
    static const int buffered[] = {-1, 1, 4096};
    size_t i;

    for (i = 0; i < 3; i++) {
        line l = line_open(buffered[i]);
        ptrdiff_t got;
        peer_sends(&l, "a\nbc");
        assert_readline(l.file, sizeof bytes, "a\n");
        close_with_reset(&l.peer);
        got = ps_file_read(l.file, bytes, 5);
        if (got < 0) {
            ck_assert_code(got, PS_ECONNRESET);
            got = ps_file_read(l.file, bytes, 2);
        }
        assert_bytes(got, "bc", __LINE__);
        line_close(&l);
    }
}
END_TEST

/* Writing to a peer that is gone ends in an error, which close tells, too, and frees the stream
 * all the same. */
START_TEST(stream_write_to_a_peer_that_is_gone)
{
    line l = line_open(0);
    ptrdiff_t code = 1;
    int i;

    close_with_reset(&l.peer);
    for (i = 0; i < 200 && code > 0; i++) {
        code = ps_file_write(l.file, "x", 1);
        test_sleep(0.01);
    }
    ck_assert_msg(code == PS_ECONNRESET || code == PS_EPIPE, "%s", ps_error_name((int)code));
    code = ps_file_flush(l.file);
    ck_assert_msg(code == PS_ECONNRESET || code == PS_EPIPE, "%s", ps_error_name((int)code));
    code = ps_file_close(l.file);
    ck_assert_msg(code == PS_ECONNRESET || code == PS_EPIPE, "%s", ps_error_name((int)code));
    ck_assert_ok(ps_close(&l.socket));
}
END_TEST

/* ---- writing --------------------------------------------------------------------------------- */

/* Rows: R095. */
START_TEST(unbuffered_write_is_sent_at_once)
{
    line l = line_open(0);

    ck_assert_int_eq(ps_file_write(l.file, "a", 1), 1);
    peer_receives(&l.peer, "a");
    ck_assert_int_eq(ps_file_write(l.file, "bc\n", 3), 3);
    peer_receives(&l.peer, "bc\n");
    line_close(&l);
}
END_TEST

/* Rows: R095. */
START_TEST(write_is_sent_when_the_buffer_is_full)
{
    line l = line_open(4);

    ck_assert_int_eq(ps_file_write(l.file, "ab", 2), 2);
    ck_assert_int_eq(ps_file_write(l.file, "\n", 1), 1);
    peer_receives_nothing(&l.peer);
    ck_assert_int_eq(ps_file_write(l.file, "d", 1), 1);
    peer_receives(&l.peer, "ab\nd");
    ck_assert_int_eq(ps_file_write(l.file, "efg", 3), 3);
    peer_receives_nothing(&l.peer);
    ck_assert_int_eq(ps_file_write(l.file, "hijklmn", 7), 7);
    peer_receives(&l.peer, "efghijklmn");
    ck_assert_int_eq(ps_file_write(l.file, "opqrst", 6), 6);
    peer_receives(&l.peer, "opqrst");
    line_close(&l);
}
END_TEST

/* By line, too: a line that never ends does not fill the memory. */
/* Rows: R090. */
START_TEST(default_buffer_is_8192_bytes)
{
    static const int both[] = {-1, 1};
    char *data = pattern(8192);
    char *text = malloc(8192);
    size_t i;

    ck_assert_ptr_nonnull(text);
    for (i = 0; i < 2; i++) {
        line l = line_open(both[i]);
        ck_assert_int_eq(ps_file_write(l.file, data, 8191), 8191);
        peer_receives_nothing(&l.peer);
        ck_assert_int_eq(ps_file_write(l.file, data + 8191, 1), 1);
        ck_assert_ok(ps_settimeout(&l.peer, PATIENCE));
        ck_assert_int_eq(ps_recv(&l.peer, text, 8192, MSG_WAITALL), 8192);
        ck_assert_mem_eq(text, data, 8192);
        line_close(&l);
    }
    free(text);
    free(data);
}
END_TEST

START_TEST(linebuffered_write_is_sent_at_a_lines_end)
{
    line l = line_open(1);

    ck_assert_int_eq(ps_file_write(l.file, "abc", 3), 3);
    peer_receives_nothing(&l.peer);
    ck_assert_int_eq(ps_file_write(l.file, "d\nef", 4), 4);
    peer_receives(&l.peer, "abcd\nef");
    ck_assert_int_eq(ps_file_write(l.file, "g", 1), 1);
    peer_receives_nothing(&l.peer);
    ck_assert_int_eq(ps_file_write(l.file, "\n", 1), 1);
    peer_receives(&l.peer, "g\n");
    line_close(&l);
}
END_TEST

/* Rows: R092. */
START_TEST(flush_and_close_send_the_rest)
{
    line l = line_open(-1);

    ck_assert_int_eq(ps_file_write(l.file, "abc", 3), 3);
    ck_assert_ok(ps_file_flush(l.file));
    peer_receives(&l.peer, "abc");
    ck_assert_ok(ps_file_flush(l.file));
    ck_assert_int_eq(ps_file_write(l.file, "def", 3), 3);
    peer_receives_nothing(&l.peer);
    ck_assert_ok(ps_file_close(l.file));
    peer_receives(&l.peer, "def");
    ck_assert_ok(ps_close(&l.socket));
    peer_receives_end(&l.peer);
    ck_assert_ok(ps_close(&l.peer));
}
END_TEST

enum { CHUNK = 1 << 20, CHUNKS_MOST = 64, CHUNKS_MORE = 4 };

/* The stream has taken the bytes, whether it could send all that it holds or not. */
static void assert_taken(ptrdiff_t result, size_t n, int code)
{
    if (result != code)
        ck_assert_int_eq(result, (ptrdiff_t)n);
}

/* Writes to a peer that does not read, until the stream says that it cannot send, and some more.
 * Returns how many bytes the stream has taken: all of them. */
static size_t write_beyond(line *l, const char *chunk, int code)
{
    size_t taken = 0;
    int more = 0;

    while (more < CHUNKS_MORE) {
        ptrdiff_t result = ps_file_write(l->file, chunk, CHUNK);
        assert_taken(result, CHUNK, code);
        taken += CHUNK;
        if (result == code || more > 0)
            more++;
        ck_assert_msg(taken < (size_t)CHUNKS_MOST * CHUNK,
                      "the system takes all for a peer that does not read");
    }
    return taken;
}

static void write_more_than_the_system_takes(double timeout, int code)
{
    static const int few[] = {-1, 0, 1};
    char *chunk = pattern(CHUNK);
    size_t i, k;

    for (i = 0; i < 3; i++) {
        line l = line_open(few[i]);
        receiver all = {.socket = &l.peer};
        test_thread *thread;
        ck_assert_ok(ps_settimeout(&l.socket, timeout));
        all.n = write_beyond(&l, chunk, code) + 4;
        assert_taken(ps_file_write(l.file, "end\n", 4), 4, code);
        all.data = malloc(all.n);
        ck_assert_ptr_nonnull(all.data);
        thread = test_thread_start(run_receiver, &all);
        ck_assert_ok(ps_settimeout(&l.socket, PATIENCE));
        ck_assert_ok(ps_file_flush(l.file));
        test_thread_join(thread);
        ck_assert_ok(all.code);
        ck_assert_uint_eq(all.count, all.n);
        for (k = 0; k + 4 < all.n; k += CHUNK)
            ck_assert_mem_eq(all.data + k, chunk, CHUNK);
        ck_assert_mem_eq(all.data + k, "end\n", 4);
        peer_receives_nothing(&l.peer);
        free(all.data);
        line_close(&l);
    }
    free(chunk);
}

START_TEST(timeout_inside_a_stream_write)
{
    write_more_than_the_system_takes(0.05, PS_TIMED_OUT);
}
END_TEST

START_TEST(stream_nonblocking_write)
{
    write_more_than_the_system_takes(0, PS_EWOULDBLOCK);
}
END_TEST

/* Rows: R092. */
START_TEST(close_tells_that_it_could_not_send)
{
    line l = line_open(-1);
    char *chunk = pattern(CHUNK);

    ck_assert_ok(ps_setblocking(&l.socket, 0));
    write_beyond(&l, chunk, PS_EWOULDBLOCK);
    ck_assert_code(ps_file_close(l.file), PS_EWOULDBLOCK);
    test_close(&l.socket, &l.peer);
    free(chunk);
}
END_TEST

/* ---- the connection's end -------------------------------------------------------------------- */

/* The socket and two streams, closed in every order: the connection lives until the last of
 * them. */
/* Rows: R091. Traps: LIF-12. */
START_TEST(connection_ends_with_the_last_close)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    int i, k;

    for (i = 0; i < 6; i++) {
        ps_sock client, server;
        ps_file *files[2];
        test_tcp_pair(&client, &server);
        ck_assert_ok(ps_makefile(&files[0], &client, "r", -1));
        ck_assert_ok(ps_makefile(&files[1], &client, "w", -1));
        for (k = 0; k < 3; k++) {
            peer_receives_nothing(&server);
            if (orders[i][k] == 2)
                ck_assert_ok(ps_close(&client));
            else
                ck_assert_ok(ps_file_close(files[orders[i][k]]));
        }
        ck_assert(client.handle == PS_INVALID_HANDLE);
        peer_receives_end(&server);
        ck_assert_ok(ps_close(&server));
    }
}
END_TEST

/* Rows: R091. */
START_TEST(streams_go_on_without_their_socket)
{
    line l = line_open(-1);

    ck_assert_ok(ps_settimeout(&l.socket, MOMENT));
    ck_assert_ok(ps_close(&l.socket));
    ck_assert_code(ps_recv(&l.socket, bytes, 1, 0), PS_EBADF);
    ck_assert_code(ps_file_read(l.file, bytes, 1), PS_TIMED_OUT);
    peer_sends(&l, "still here\n");
    assert_readline(l.file, sizeof bytes, "still here\n");
    ck_assert_int_eq(ps_file_write(l.file, "so am I", 7), 7);
    line_close(&l);
}
END_TEST

START_TEST(socket_goes_on_without_its_streams)
{
    line l = line_open(-1);

    ck_assert_ok(ps_file_close(l.file));
    peer_sends(&l, "a");
    ck_assert_int_eq(ps_recv(&l.socket, bytes, 1, 0), 1);
    ck_assert_ok(ps_makefile(&l.file, &l.socket, "r", -1));
    peer_sends(&l, "b");
    assert_read(l.file, 1, "b");
    line_close(&l);
}
END_TEST

/* A ps_sock may be moved by assignment, and its streams know nothing of it. */
START_TEST(socket_moves_while_it_has_streams)
{
    line l = line_open(0);
    ps_sock moved = l.socket;
    ps_sock nothing = PS_SOCK_INIT;

    l.socket = nothing;
    ck_assert_ok(ps_settimeout(&moved, MOMENT));
    ck_assert_code(ps_file_read(l.file, bytes, 1), PS_TIMED_OUT);
    ck_assert_ok(ps_file_close(l.file));
    peer_receives_nothing(&l.peer);
    ck_assert_ok(ps_close(&moved));
    peer_receives_end(&l.peer);
    ck_assert_ok(ps_close(&l.peer));
}
END_TEST

/* Makes a ps_sock of a handle that ps_detach gave, to close it. */
static void close_handle(ps_handle handle)
{
    ps_sock s = PS_SOCK_INIT;

    s.handle = handle;
    ck_assert_ok(ps_close(&s));
}

START_TEST(detached_handle_stays_open)
{
    line l = line_open(-1);
    ps_handle handle = ps_fileno(&l.socket);

    ck_assert(ps_detach(&l.socket) == handle);
    ck_assert(ps_fileno(&l.socket) == PS_INVALID_HANDLE);
    peer_sends(&l, "to the stream\n");
    assert_readline(l.file, sizeof bytes, "to the stream\n");
    ck_assert_ok(ps_file_close(l.file));
    peer_receives_nothing(&l.peer);
    close_handle(handle);
    peer_receives_end(&l.peer);
    ck_assert_ok(ps_close(&l.peer));
}
END_TEST

/* ---- what is set on the socket --------------------------------------------------------------- */

START_TEST(stream_follows_the_timeout)
{
    line l = line_open(-1);

    ck_assert_ok(ps_settimeout(&l.socket, MOMENT));
    ck_assert_code(ps_file_read(l.file, bytes, 1), PS_TIMED_OUT);
    ck_assert_ok(ps_setblocking(&l.socket, 0));
    ck_assert_code(ps_file_readline(l.file, bytes, 1), PS_EWOULDBLOCK);
    ck_assert_ok(ps_settimeout(&l.socket, 1e300));
    peer_sends(&l, "ab");
    assert_read(l.file, 1, "a");
    ck_assert_ok(ps_setblocking(&l.socket, 1));
    assert_read(l.file, 1, "b");
    ck_assert_code(ps_settimeout(&l.socket, -1), PS_BAD_TIMEOUT);
    peer_sends(&l, "c");
    assert_read(l.file, 1, "c");
    line_close(&l);
}
END_TEST

START_TEST(buffered_bytes_need_no_wait)
{
    line l = line_open(-1);

    peer_sends(&l, "one\ntwo\nthree");
    assert_readline(l.file, sizeof bytes, "one\n");
    ck_assert_ok(ps_setblocking(&l.socket, 0));
    assert_readline(l.file, sizeof bytes, "two\n");
    assert_read(l.file, 5, "three");
    ck_assert_code(ps_file_read(l.file, bytes, 1), PS_EWOULDBLOCK);
    line_close(&l);
}
END_TEST

/* ---- threads --------------------------------------------------------------------------------- */

typedef struct writer {
    ps_file *file;
    const char *data;
    size_t n;
    int code;
} writer;

static void run_writer(void *argument)
{
    writer *w = argument;
    size_t done;

    for (done = 0; done < w->n && w->code == 0; done += 1000) {
        size_t n = w->n - done < 1000 ? w->n - done : 1000;
        ptrdiff_t taken = ps_file_write(w->file, w->data + done, n);
        w->code = taken == (ptrdiff_t)n ? 0 : (int)taken;
    }
    if (w->code == 0)
        w->code = ps_file_flush(w->file);
}

/* Sends back what it receives, up to the end. */
static void run_echo(void *argument)
{
    ps_sock *s = argument;
    char buffer[4096];
    ptrdiff_t got;

    while ((got = ps_recv(s, buffer, sizeof buffer, 0)) > 0) {
        if (ps_sendall(s, buffer, (size_t)got, 0, NULL) != 0)
            break;
    }
    ps_close(s);
}

/* ps_poll does not see what the stream holds: a loop that waits only when it holds nothing gets
 * both lines of one packet. */
START_TEST(stream_tells_what_it_holds)
{
    ps_sock one, other;
    ps_file *f;
    int lines = 0;

    test_tcp_pair(&one, &other);
    ck_assert_ok(ps_makefile(&f, &one, "r", -1));
    ck_assert_uint_eq(ps_file_buffered(f), 0);
    ck_assert_ok(ps_sendall(&other, "first\nsecond\n", 13, 0, NULL));
    while (lines < 2) {
        ps_pollfd wait = {&one, POLLIN, 0};

        if (ps_file_buffered(f) == 0)
            ck_assert_int_eq(ps_poll(&wait, 1, 15), 1);
        ck_assert_int_eq(ps_file_readline(f, bytes, sizeof bytes), lines == 0 ? 6 : 7);
        lines++;
    }
    ck_assert_uint_eq(ps_file_buffered(f), 0);
    /* What a read has received that failed. */
    ck_assert_ok(ps_settimeout(&one, 0.05));
    ck_assert_ok(ps_sendall(&other, "abc", 3, 0, NULL));
    while (ps_file_buffered(f) < 3)
        ck_assert_code(ps_file_readline(f, bytes, sizeof bytes), PS_TIMED_OUT);
    ck_assert_int_eq(ps_file_read(f, bytes, 1), 1);
    ck_assert_uint_eq(ps_file_buffered(f), 2);
    ck_assert_ok(ps_file_close(f));
    ck_assert_ok(ps_close(&one));
    ck_assert_ok(ps_close(&other));
}
END_TEST

START_TEST(one_thread_reads_a_stream_and_one_writes)
{
    size_t n = 1000000;
    char *data = pattern(n);
    char *text = malloc(n);
    ps_sock client, server;
    ps_file *in, *out;
    writer w = {NULL, data, n, 0};
    test_thread *writing, *echoing;

    ck_assert_ptr_nonnull(text);
    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_ok(ps_makefile(&in, &client, "r", -1));
    ck_assert_ok(ps_makefile(&out, &client, "w", -1));
    w.file = out;
    echoing = test_thread_start(run_echo, &server);
    writing = test_thread_start(run_writer, &w);
    ck_assert_ok(ps_settimeout(&client, PATIENCE + 1));
    ck_assert_ok(ps_close(&client));
    ck_assert_int_eq(ps_file_read(in, text, n), (int)n);
    ck_assert_mem_eq(text, data, n);
    test_thread_join(writing);
    ck_assert_ok(w.code);
    ck_assert_ok(ps_file_close(out));
    ck_assert_ok(ps_file_close(in));
    test_thread_join(echoing);
    free(text);
    free(data);
}
END_TEST

void add_stream_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, small_read);
    ADD_TEST_CASE(suite, full_read);
    ADD_TEST_CASE(suite, unbuffered_read);
    ADD_TEST_CASE(suite, readline);
    ADD_TEST_CASE(suite, readline_after_read);
    ADD_TEST_CASE(suite, readline_after_read_no_newline);
    ADD_TEST_CASE(suite, linebuffered_write);
    ADD_TEST_CASE(suite, unbuffered_readline_takes_no_more_than_the_line);
    ADD_TEST_CASE(suite, unbuffered_read_takes_no_more_than_asked_for);
    ADD_TEST_CASE(suite, buffered_stream_takes_ahead);

    ADD_TEST_CASE(suite, any_mode_is_taken);
    ADD_TEST_CASE(suite, any_bufsize_is_taken);
    ADD_TEST_CASE(suite, stream_bad_arguments);
    ADD_TEST_CASE(suite, stream_lengths_above_ptrdiff_max);
    ADD_TEST_CASE(suite, stream_length_zero);
    ADD_TEST_CASE(suite, made_before_the_connection);
    ADD_TEST_CASE(suite, stream_over_a_socketpair);

    ADD_TEST_CASE(suite, read_of_less_than_the_rest_is_the_end);
    ADD_TEST_CASE(suite, eof_comes_after_the_last_byte);
    ADD_TEST_CASE(suite, readline_gives_at_most_n_bytes);
    ADD_TEST_CASE(suite, stream_keeps_nul_bytes);
    ADD_TEST_CASE(suite, only_the_bytes_given_are_written);
    ADD_TEST_CASE(suite, line_longer_than_the_buffer);
    ADD_TEST_CASE(suite, large_read_behind_buffered_bytes);
    ADD_TEST_CASE(suite, read_after_shutdown_of_receiving_is_the_end);

    ADD_TEST_CASE(suite, timeout_inside_a_stream_read);
    ADD_TEST_CASE(suite, stream_nonblocking_read);
    ADD_TEST_CASE(suite, timeout_inside_a_readline);
    ADD_TEST_CASE(suite, stream_nonblocking_readline);
    ADD_TEST_CASE(suite, timeout_is_for_the_whole_stream_read);
    ADD_TEST_CASE(suite, reset_inside_a_stream_read);
    ADD_TEST_CASE(suite, stream_write_to_a_peer_that_is_gone);

    ADD_TEST_CASE(suite, unbuffered_write_is_sent_at_once);
    ADD_TEST_CASE(suite, write_is_sent_when_the_buffer_is_full);
    ADD_TEST_CASE(suite, default_buffer_is_8192_bytes);
    ADD_TEST_CASE(suite, linebuffered_write_is_sent_at_a_lines_end);
    ADD_TEST_CASE(suite, flush_and_close_send_the_rest);
    ADD_TEST_CASE(suite, timeout_inside_a_stream_write);
    ADD_TEST_CASE(suite, stream_nonblocking_write);
    ADD_TEST_CASE(suite, close_tells_that_it_could_not_send);

    ADD_TEST_CASE(suite, connection_ends_with_the_last_close);
    ADD_TEST_CASE(suite, streams_go_on_without_their_socket);
    ADD_TEST_CASE(suite, socket_goes_on_without_its_streams);
    ADD_TEST_CASE(suite, socket_moves_while_it_has_streams);
    ADD_TEST_CASE(suite, detached_handle_stays_open);

    ADD_TEST_CASE(suite, stream_follows_the_timeout);
    ADD_TEST_CASE(suite, buffered_bytes_need_no_wait);
    ADD_TEST_CASE(suite, stream_tells_what_it_holds);
    ADD_TEST_CASE(suite, one_thread_reads_a_stream_and_one_writes);
}
