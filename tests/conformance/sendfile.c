/* Sending files. */
#include "connection.h"
#include "file_sending.h"
#include "long_text.h"
#include "native_file.h"
#include "test.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 15.0
/* Long enough to see that nothing goes on. */
#define MOMENT 0.2

/* Blocking mode is where Windows' own call is used. */
static const double modes[] = {PS_NO_TIMEOUT, PATIENCE};
enum { MODES = sizeof modes / sizeof modes[0] };

/* ---- helpers --------------------------------------------------------------------------------- */

/* So many bytes of the long text from `offset` on come next. */
static void assert_comes(ps_sock *s, size_t offset, size_t size)
{
    unsigned char bytes[SMALL];

    ck_assert_uint_le(size, sizeof bytes);
    ck_assert_int_eq(ps_recv(s, bytes, size, MSG_WAITALL), (ptrdiff_t)size);
    for (size_t i = 0; i < size; i++)
        ck_assert_uint_eq(bytes[i], byte_at(offset + i));
}

static void assert_sends(ps_sock *s, const native_file *f, uint64_t offset, uint64_t count,
                         uint64_t expected)
{
    uint64_t sent = 99;

    ck_assert_ok(ps_sendfile(s, f->file, offset, count, &sent));
    ck_assert_uint_eq(sent, expected);
}

/* ---- what is sent ---------------------------------------------------------------------------- */

static void assert_sends_all(double mode, int way)
{
    connection c = small_connection(mode);
    native_file f = native_file_make(0, LARGE, way);
    reader r = reader_of(&c.peer, 0.01);
    test_thread *thread = test_thread_start(read_to_the_end, &r);

    assert_sends(&c.here, &f, 0, PS_TO_END_OF_FILE, LARGE);
    ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
    test_thread_join(thread);
    assert_read(&r, LARGE);
    native_file_close(&f);
    disconnect(&c);
}

START_TEST(sendfile_sends_a_whole_file)
{
    for (int mode = 0; mode < MODES; mode++) {
        for (int way = 0; way < WAYS_TO_OPEN; way++)
            assert_sends_all(modes[mode], way);
    }
}
END_TEST

static void assert_sends_parts(connection *c, const native_file *f)
{
    assert_sends(&c->here, f, 0, 10, 10);
    assert_comes(&c->peer, 0, 10);
    assert_sends(&c->here, f, 1000, 1500, 1500);
    assert_comes(&c->peer, 1000, 1500);
    assert_sends(&c->here, f, SMALL - 1, 1, 1);
    assert_comes(&c->peer, SMALL - 1, 1);
    ck_assert_ok(ps_sendfile(&c->here, f->file, 5, 7, NULL));
    assert_comes(&c->peer, 5, 7);
    /* The file ends before. */
    assert_sends(&c->here, f, SMALL - 20, 100, 20);
    assert_comes(&c->peer, SMALL - 20, 20);
    assert_sends(&c->here, f, SMALL, 1, 0);
    assert_sends(&c->here, f, SMALL, PS_TO_END_OF_FILE, 0);
    assert_sends(&c->here, f, (uint64_t)1 << 40, 1, 0);
    assert_sends(&c->here, f, INT64_MAX, 1, 0);
    assert_sends(&c->here, f, 0, 0, 0);
    /* Nothing more comes than that. */
    assert_sends(&c->here, f, 0, PS_TO_END_OF_FILE, SMALL);
    assert_comes(&c->peer, 0, SMALL);
}

START_TEST(sendfile_sends_a_part_of_a_file)
{
    for (int mode = 0; mode < MODES; mode++) {
        for (int way = 0; way < WAYS_TO_OPEN; way++) {
            connection c = connected(modes[mode]);
            native_file f = native_file_make(0, SMALL, way);
            assert_sends_parts(&c, &f);
            native_file_close(&f);
            disconnect(&c);
        }
    }
}
END_TEST

/* Offsets that 32 bits do not hold, signed or not. */
START_TEST(sendfile_sends_what_is_beyond_four_gibibytes)
{
    static const uint64_t offsets[] = {((uint64_t)2 << 30) + 7, ((uint64_t)4 << 30) + 7};

    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        native_file f = native_file_make(offsets[i], SMALL, 0);
        for (int mode = 0; mode < MODES; mode++) {
            connection c = connected(modes[mode]);
            assert_sends(&c.here, &f, offsets[i] + 10, 100, 100);
            assert_comes(&c.peer, 10, 100);
            assert_sends(&c.here, &f, offsets[i] + SMALL - 10, PS_TO_END_OF_FILE, 10);
            assert_comes(&c.peer, SMALL - 10, 10);
            disconnect(&c);
        }
        native_file_close(&f);
    }
}
END_TEST

START_TEST(sendfile_of_an_empty_file)
{
    native_file f = native_file_make(0, 0, 0);

    for (int mode = 0; mode < MODES; mode++) {
        connection c = connected(modes[mode]);
        assert_sends(&c.here, &f, 0, PS_TO_END_OF_FILE, 0);
        assert_sends(&c.here, &f, 0, 10, 0);
        assert_reaches(&c.here, &c.peer);
        disconnect(&c);
    }
    native_file_close(&f);
}
END_TEST

/* Bytes of before and after stay in their order. */
START_TEST(sendfile_between_other_sends)
{
    native_file f = native_file_make(0, SMALL, 0);

    for (int mode = 0; mode < MODES; mode++) {
        connection c = connected(modes[mode]);
        char text[4];
        ck_assert_ok(ps_sendall(&c.here, "head", 4, 0, NULL));
        assert_sends(&c.here, &f, 0, SMALL, SMALL);
        ck_assert_ok(ps_sendall(&c.here, "tail", 4, 0, NULL));
        ck_assert_int_eq(ps_recv(&c.peer, text, 4, MSG_WAITALL), 4);
        ck_assert_mem_eq(text, "head", 4);
        assert_comes(&c.peer, 0, SMALL);
        ck_assert_int_eq(ps_recv(&c.peer, text, 4, MSG_WAITALL), 4);
        ck_assert_mem_eq(text, "tail", 4);
        disconnect(&c);
    }
    native_file_close(&f);
}
END_TEST

/* ---- what ends it ---------------------------------------------------------------------------- */

/* Sends the rest of the file to a peer that reads now; what comes is the whole file. */
static void assert_goes_on(connection *c, const native_file *f, uint64_t sent)
{
    reader r = reader_of(&c->peer, 0);
    test_thread *thread = test_thread_start(read_to_the_end, &r);

    ck_assert_uint_lt(sent, LARGE);
    ck_assert_ok(ps_settimeout(&c->here, PATIENCE));
    assert_sends(&c->here, f, sent, PS_TO_END_OF_FILE, LARGE - sent);
    ck_assert_ok(ps_shutdown(&c->here, SHUT_WR));
    test_thread_join(thread);
    assert_read(&r, LARGE);
}

START_TEST(sendfile_goes_on_after_a_timeout)
{
    for (int way = 0; way < WAYS_TO_OPEN; way++) {
        connection c = small_connection(MOMENT);
        native_file f = native_file_make(0, LARGE, way);
        uint64_t sent = 99;
        ck_assert_code(ps_sendfile(&c.here, f.file, 0, LARGE, &sent), PS_TIMED_OUT);
        ck_assert_uint_gt(sent, 0);
        assert_goes_on(&c, &f, sent);
        native_file_close(&f);
        disconnect(&c);
    }
}
END_TEST

START_TEST(sendfile_goes_on_after_a_deadline)
{
    connection c = small_connection(PS_NO_TIMEOUT);
    native_file f = native_file_make(0, LARGE, 0);
    uint64_t sent = 99;

    ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, ps_monotonic() + MOMENT));
    ck_assert_code(ps_sendfile(&c.here, f.file, 0, LARGE, &sent), PS_TIMED_OUT);
    ck_assert_ok(ps_setdeadline(&c.here, PS_NO_TIMEOUT, PS_NO_TIMEOUT));
    assert_goes_on(&c, &f, sent);
    native_file_close(&f);
    disconnect(&c);
}
END_TEST

START_TEST(sendfile_goes_on_after_a_token)
{
    native_file f = native_file_make(0, LARGE, 0);

    for (int mode = 0; mode < MODES; mode++) {
        connection c = small_connection(modes[mode]);
        sending s = {.c = &c, .f = &f};
        test_thread *thread;
        ps_cancel *token;
        ck_assert_ok(ps_cancel_open(&token));
        ck_assert_ok(ps_setcancel(&c.here, token));
        thread = test_thread_start(send_file, &s);
        await_readable(&c.peer);
        ps_cancel_fire(token);
        test_thread_join(thread);
        ck_assert_code(s.code, PS_ECANCELED);
        ck_assert_uint_gt(s.sent, 0);
        ck_assert_ok(ps_setcancel(&c.here, NULL));
        assert_goes_on(&c, &f, s.sent);
        ps_cancel_close(token);
        disconnect(&c);
    }
    native_file_close(&f);
}
END_TEST

START_TEST(sendfile_without_waiting)
{
    connection c = small_connection(0);
    native_file f = native_file_make(0, LARGE, 0);
    reader r = reader_of(&c.peer, 0);
    uint64_t sent = 99, total = 0;
    test_thread *thread;
    int code;

    ck_assert_code(ps_sendfile(&c.here, f.file, 0, LARGE, &sent), PS_EWOULDBLOCK);
    total = sent;
    ck_assert_uint_gt(sent, 0);
    ck_assert_uint_lt(sent, LARGE);
    ck_assert_code(ps_sendfile(&c.here, f.file, total, LARGE - total, &sent), PS_EWOULDBLOCK);
    total += sent;
    thread = test_thread_start(read_to_the_end, &r);
    do {
        ps_pollfd entry = {&c.here, POLLOUT, 0};
        ck_assert_int_eq(ps_poll(&entry, 1, PATIENCE), 1);
        code = ps_sendfile(&c.here, f.file, total, LARGE - total, &sent);
        total += sent;
    } while (code == PS_EWOULDBLOCK);
    ck_assert_ok(code);
    ck_assert_uint_eq(total, LARGE);
    ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
    test_thread_join(thread);
    assert_read(&r, LARGE);
    native_file_close(&f);
    disconnect(&c);
}
END_TEST

START_TEST(sendfile_is_ended_by_close)
{
    native_file f = native_file_make(0, LARGE, 0);

    for (int mode = 0; mode < MODES; mode++) {
        connection c = small_connection(modes[mode]);
        sending s = {.c = &c, .f = &f};
        test_thread *thread = test_thread_start(send_file, &s);
        test_sleep(MOMENT);
        ck_assert_ok(ps_close(&c.here));
        test_thread_join(thread);
        ck_assert_code(s.code, PS_EBADF);
        ck_assert_uint_lt(s.sent, LARGE);
        test_close(&c.peer);
    }
    native_file_close(&f);
}
END_TEST

/* Also while it waits. */
START_TEST(sendfile_to_a_peer_that_is_gone)
{
    native_file f = native_file_make(0, LARGE, 0);

    for (int mode = 0; mode < MODES; mode++) {
        connection c = small_connection(modes[mode]);
        sending s = {.c = &c, .f = &f};
        test_thread *thread = test_thread_start(send_file, &s);
        uint64_t sent = 99;
        test_sleep(MOMENT);
        close_with_reset(&c.peer);
        test_thread_join(thread);
        ck_assert_code(s.code, PS_ECONNRESET);
        for (int i = 0; i < 2; i++) {
            ck_assert_code(ps_sendfile(&c.here, f.file, 0, LARGE, &sent), PS_ECONNRESET);
            ck_assert_uint_eq(sent, 0);
        }
        test_close(&c.here);
    }
    native_file_close(&f);
}
END_TEST

START_TEST(sendfile_after_ones_own_end)
{
    native_file f = native_file_make(0, SMALL, 0);

    for (int mode = 0; mode < MODES; mode++) {
        connection c = connected(modes[mode]);
        uint64_t sent = 99;
        ck_assert_ok(ps_shutdown(&c.here, SHUT_WR));
        ck_assert_code(ps_sendfile(&c.here, f.file, 0, SMALL, &sent), PS_EPIPE);
        ck_assert_uint_eq(sent, 0);
        disconnect(&c);
    }
    native_file_close(&f);
}
END_TEST

/* ---- what cannot be sent --------------------------------------------------------------------- */

static void assert_refuses(native_file (*make)(void), int code)
{
    native_file f = make();

    for (int mode = 0; mode < MODES; mode++) {
        connection c = connected(modes[mode]);
        uint64_t sent = 99;
        ck_assert_code(ps_sendfile(&c.here, f.file, 0, 10, &sent), code);
        ck_assert_uint_eq(sent, 0);
        assert_reaches(&c.here, &c.peer);
        disconnect(&c);
    }
    if (make != native_file_closed)
        native_file_close(&f);
}

/* The connection is none the worse. */
START_TEST(sendfile_of_what_is_no_file_to_read)
{
    assert_refuses(native_file_closed, PS_EBADF);
    assert_refuses(native_file_for_writing, PS_EBADF);
    assert_refuses(native_file_directory, PS_EISDIR);
    assert_refuses(native_file_pipe, PS_ESPIPE);
}
END_TEST

static void assert_socket_refuses(ps_sock *s, const native_file *f, int code)
{
    uint64_t sent = 99;

    ck_assert_code(ps_sendfile(s, f->file, 0, SMALL, &sent), code);
    ck_assert_uint_eq(sent, 0);
}

START_TEST(sendfile_on_sockets_that_send_no_files)
{
    native_file f = native_file_make(0, SMALL, 0);
    ps_sock d = test_socket(AF_INET, SOCK_DGRAM);
    ps_sock listener, closed = PS_SOCK_INIT;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    for (int mode = 0; mode < MODES; mode++) {
        ps_sock s = tcp_socket(modes[mode]);
        ck_assert_ok(ps_settimeout(&listener, modes[mode]));
        ck_assert_ok(ps_settimeout(&d, modes[mode]));
        assert_socket_refuses(&s, &f, PS_ENOTCONN);
        assert_socket_refuses(&listener, &f, PS_ENOTCONN);
        assert_socket_refuses(&d, &f, PS_EOPNOTSUPP);
        test_close(&s);
    }
    ck_assert_ok(ps_connect(&d, &a));
    assert_socket_refuses(&d, &f, PS_EOPNOTSUPP);
    assert_socket_refuses(&closed, &f, PS_EBADF);
    assert_socket_refuses(NULL, &f, PS_EFAULT);
    test_close(&d, &listener);
    native_file_close(&f);
}
END_TEST

#ifdef AF_UNIX
/* Streams of another family, where it has pairs. */
START_TEST(sendfile_over_af_unix)
{
    native_file f = native_file_make(0, SMALL, 0);
    ps_sock pair[2];
    int code = ps_socketpair(pair, AF_UNIX, SOCK_STREAM, 0);

    for (int mode = 0; mode < MODES && code == 0; mode++) {
        ck_assert_ok(ps_settimeout(&pair[0], modes[mode]));
        assert_sends(&pair[0], &f, 10, PS_TO_END_OF_FILE, SMALL - 10);
        assert_comes(&pair[1], 10, SMALL - 10);
    }
    if (code == 0) {
        ck_assert_ok(ps_close(&pair[1]));
        assert_socket_refuses(&pair[0], &f, PS_EPIPE);
        test_close(&pair[0]);
    } else {
        ck_assert(test_on_windows());
    }
    native_file_close(&f);
}
END_TEST
#endif

void add_sendfile_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, sendfile_sends_a_whole_file);
    ADD_TEST_CASE(suite, sendfile_sends_a_part_of_a_file);
    ADD_TEST_CASE(suite, sendfile_sends_what_is_beyond_four_gibibytes);
    ADD_TEST_CASE(suite, sendfile_of_an_empty_file);
    ADD_TEST_CASE(suite, sendfile_between_other_sends);
    ADD_TEST_CASE(suite, sendfile_goes_on_after_a_timeout);
    ADD_TEST_CASE(suite, sendfile_goes_on_after_a_deadline);
    ADD_TEST_CASE(suite, sendfile_goes_on_after_a_token);
    ADD_TEST_CASE(suite, sendfile_without_waiting);
    ADD_TEST_CASE(suite, sendfile_is_ended_by_close);
    ADD_TEST_CASE(suite, sendfile_to_a_peer_that_is_gone);
    ADD_TEST_CASE(suite, sendfile_after_ones_own_end);
    ADD_TEST_CASE(suite, sendfile_of_what_is_no_file_to_read);
    ADD_TEST_CASE(suite, sendfile_on_sockets_that_send_no_files);
    ADD_TEST_CASE(suite, sendfile_over_af_unix);
}
