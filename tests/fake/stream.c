/* Streams: what happens to their bytes when the system or the heap fails. */
#include "fake.h"

static char buffer[1000];

static void open_stream(ps_sock *s, ps_file **f, double timeout, int bufsize)
{
    fake_connected(s, AF_INET, SOCK_STREAM);
    fake_timeout(s, timeout);
    ck_assert_ok(ps_makefile(f, s, "r+", bufsize));
}

static void close_stream(ps_sock *s, ps_file *f)
{
    ck_assert_ok(ps_close(s));
    ck_assert_int_eq(ps_file_close(f), 0);
    fake_done();
}

static void refuse_next_allocation(void)
{
    fake_fail_allocation(1);
}

/* ---- reading --------------------------------------------------------------------------------- */

START_TEST(readline_collects_pieces)
{
    ps_sock s;
    ps_file *f;

    open_stream(&s, &f, PS_NO_TIMEOUT, -1);
    expect(SYS_RECV, .size = 8192, .result = 3, .data = "one");
    expect(SYS_RECV, .size = 8192, .result = PS_EINTR);
    expect(SYS_RECV, .size = 8192, .result = 6, .data = " two\nx");
    ck_assert_int_eq(ps_file_readline(f, buffer, 100), 8);
    ck_assert_mem_eq(buffer, "one two\n", 8);
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME);
    expect(SYS_WAIT, .on = 1, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(ps_file_readline(f, buffer, 100), 1);
    ck_assert_int_eq(ps_file_eof(f), 1);
    close_stream(&s, f);
}
END_TEST

/* The first receive has the whole timeout, those after it what is left; nothing that came is
 * lost. */
START_TEST(read_keeps_one_deadline)
{
    ps_sock s;
    ps_file *f;

    open_stream(&s, &f, 1, -1);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(750),
           .result = PS__READABLE);
    expect(SYS_RECV, .result = 2, .data = "ab");
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(250), .advance = MILLISECONDS(250), .result = 0);
    ck_assert_code(ps_file_read(f, buffer, 4), PS_TIMED_OUT);
    expect(SYS_RECV, .result = 2, .data = "cd");
    ck_assert_int_eq(ps_file_read(f, buffer, 4), 4);
    ck_assert_mem_eq(buffer, "abcd", 4);

    /* A peer that sends a byte at a time, so that no receive ever waits. */
    expect(SYS_RECV, .advance = MILLISECONDS(500), .result = 1, .data = "e");
    expect(SYS_RECV, .advance = MILLISECONDS(500), .result = 1, .data = "f");
    ck_assert_code(ps_file_readline(f, buffer, 100), PS_TIMED_OUT);
    expect(SYS_RECV, .result = 1, .data = "\n");
    ck_assert_int_eq(ps_file_readline(f, buffer, 100), 3);
    close_stream(&s, f);
}
END_TEST

START_TEST(read_directly_into_its_place)
{
    ps_sock s;
    ps_file *f;

    open_stream(&s, &f, PS_NO_TIMEOUT, 4);
    expect(SYS_RECV, .size = 4, .result = 4, .data = "abcd");
    ck_assert_int_eq(ps_file_read(f, buffer, 2), 2);
    expect(SYS_RECV, .size = 8, .result = 5, .data = "efghi");
    expect(SYS_RECV, .size = 3, .result = PS_ECONNRESET);
    ck_assert_code(ps_file_read(f, buffer, 10), PS_ECONNRESET);
    /* All that came before the error is there. */
    ck_assert_int_eq(ps_file_read(f, buffer, 7), 7);
    ck_assert_mem_eq(buffer, "cdefghi", 7);
    close_stream(&s, f);
}
END_TEST

/* No memory to keep the bytes in: they are given now, and the error with the next read. */
START_TEST(read_directly_without_memory)
{
    ps_sock s;
    ps_file *f;

    open_stream(&s, &f, PS_NO_TIMEOUT, 4);
    expect(SYS_RECV, .size = 100, .result = 50);
    expect(SYS_RECV, .size = 50, .result = PS_ECONNRESET);
    refuse_next_allocation();
    ck_assert_int_eq(ps_file_read(f, buffer, 100), 50);
    ck_assert(fake_allocation_failed());
    ck_assert_code(ps_file_read(f, buffer, 100), PS_ECONNRESET);
    expect(SYS_RECV, .size = 100, .result = 0);
    ck_assert_code(ps_file_read(f, buffer, 100), PS_ECONNRESET);
    close_stream(&s, f);
}
END_TEST

START_TEST(read_without_memory)
{
    ps_sock s;
    ps_file *f;

    open_stream(&s, &f, PS_NO_TIMEOUT, -1);
    refuse_next_allocation();
    ck_assert_code(ps_file_read(f, buffer, 10), PS_ENOMEM);
    refuse_next_allocation();
    ck_assert_code(ps_file_readline(f, buffer, 10), PS_ENOMEM);

    /* A line that outgrows the buffer: what has come stays. */
    expect(SYS_RECV, .size = 8192, .result = 8192);
    refuse_next_allocation();
    ck_assert_code(ps_file_readline(f, buffer, 10000), PS_ENOMEM);
    ck_assert_int_eq(ps_file_read(f, buffer, 1000), 1000);
    close_stream(&s, f);
}
END_TEST

/* ---- writing --------------------------------------------------------------------------------- */

/* What the system has not taken stays, and goes out with the next write or flush. */
START_TEST(write_keeps_what_was_not_sent)
{
    ps_sock s;
    ps_file *f;

    open_stream(&s, &f, PS_NO_TIMEOUT, 4);
    expect(SYS_SEND, .data = "abcdefgh", .size = 8, .result = 3);
    expect(SYS_SEND, .data = "defgh", .size = 5, .result = PS_ENOBUFS);
    ck_assert_code(ps_file_write(f, "abcdefgh", 8), PS_ENOBUFS);
    expect(SYS_SEND, .data = "defghij", .size = 7, .result = 1);
    expect(SYS_SEND, .data = "efghij", .size = 6, .result = PS_ENOBUFS);
    ck_assert_code(ps_file_write(f, "ij", 2), PS_ENOBUFS);
    expect(SYS_SEND, .data = "efghij", .size = 6, .result = 6);
    ck_assert_ok(ps_file_flush(f));
    ck_assert_ok(ps_file_flush(f));
    close_stream(&s, f);
}
END_TEST

START_TEST(write_without_memory)
{
    ps_sock s;
    ps_file *f;

    open_stream(&s, &f, PS_NO_TIMEOUT, -1);
    refuse_next_allocation();
    ck_assert_code(ps_file_write(f, "abc", 3), PS_ENOMEM);
    /* Nothing of it was taken. */
    ck_assert_int_eq(ps_file_write(f, "de", 2), 2);
    refuse_next_allocation();
    ck_assert_code(ps_file_write(f, buffer, 1000), PS_ENOMEM);
    ck_assert_code(ps_file_write(f, buffer, PTRDIFF_MAX), PS_ENOMEM);
    ck_assert_code(ps_file_write(f, buffer, SIZE_MAX), PS_BAD_LENGTH);
    expect(SYS_SEND, .data = "de", .size = 2, .result = 2);
    close_stream(&s, f);
}
END_TEST

/* The last bytes cannot be sent: the stream is gone all the same, and its memory and connection
 * with it. */
START_TEST(close_of_a_stream_that_cannot_send)
{
    ps_sock s;
    ps_file *f;

    open_stream(&s, &f, 1, -1);
    ck_assert_int_eq(ps_file_write(f, "abc", 3), 3);
    ck_assert_ok(ps_close(&s));
    expect(SYS_SEND, .on = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 1, .nanoseconds = SECONDS(1), .advance = SECONDS(1), .result = 0);
    expect(SYS_CLOSE, .on = 1);
    ck_assert_code(ps_file_close(f), PS_TIMED_OUT);
    fake_done();
}
END_TEST

/* ---- the connection -------------------------------------------------------------------------- */

START_TEST(makefile_without_memory)
{
    ps_sock s;
    ps_file *f;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    for (unsigned n = 1; n <= 2; n++) {
        fake_fail_allocation(n);
        ck_assert_code(ps_makefile(&f, &s, "r", -1), PS_ENOMEM);
        ck_assert(fake_allocation_failed());
        ck_assert_ptr_null(f);
    }
    fake_fail_allocation(0);
    ck_assert_ok(ps_makefile(&f, &s, "r", -1));
    close_stream(&s, f);
}
END_TEST

/* The last owner closes the connection, once; a detached one stays the program's. */
START_TEST(connection_outlives_its_socket)
{
    ps_sock s;
    ps_file *f, *g;

    open_stream(&s, &f, PS_NO_TIMEOUT, -1);
    ck_assert_ok(ps_makefile(&g, &s, "r", -1));
    ck_assert_ok(ps_close(&s));
    expect(SYS_RECV, .on = 1, .result = 1, .data = "x");
    ck_assert_int_eq(ps_file_read(g, buffer, 1), 1);
    ck_assert_ok(ps_file_close(f));
    expect(SYS_CLOSE, .on = 1);
    ck_assert_ok(ps_file_close(g));
    fake_done();

    open_stream(&s, &f, PS_NO_TIMEOUT, -1);
    ck_assert(ps_detach(&s) == fake_handle(1));
    ck_assert_ok(ps_file_close(f));
    ps__sys_close(fake_handle(1));
    fake_done();
}
END_TEST

void add_stream_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, readline_collects_pieces);
    ADD_TEST_CASE(suite, read_keeps_one_deadline);
    ADD_TEST_CASE(suite, read_directly_into_its_place);
    ADD_TEST_CASE(suite, read_directly_without_memory);
    ADD_TEST_CASE(suite, read_without_memory);
    ADD_TEST_CASE(suite, write_keeps_what_was_not_sent);
    ADD_TEST_CASE(suite, write_without_memory);
    ADD_TEST_CASE(suite, close_of_a_stream_that_cannot_send);
    ADD_TEST_CASE(suite, makefile_without_memory);
    ADD_TEST_CASE(suite, connection_outlives_its_socket);
}
