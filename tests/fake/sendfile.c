/* Sending files: by the system, by reading and sending, and what ends it. */
#include "fake.h"

#include "common/socket/call.h"

static void timed(ps_sock *s, double timeout)
{
    fake_connected(s, AF_INET, SOCK_STREAM);
    fake_timeout(s, timeout);
}

static int send_hundred(ps_sock *s, uint64_t *sent)
{
    *sent = 99;
    return ps_sendfile(s, fake_file, 1000, 100, sent);
}

/* ---- by the system --------------------------------------------------------------------------- */

START_TEST(sendfile_goes_on_after_partial_transfers)
{
    uint64_t sent;
    ps_sock s;

    timed(&s, 1);
    expect(SYS_SENDFILE, .on = 1, .mode = FAKE_OFF, .offset = 1000, .size = 100, .result = 40);
    expect(SYS_SENDFILE, .offset = 1040, .size = 60, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(10),
           .result = PS__WRITABLE);
    expect(SYS_SENDFILE, .offset = 1040, .size = 60, .result = PS_EINTR);
    expect(SYS_SENDFILE, .offset = 1040, .size = 60, .result = 59);
    expect(SYS_SENDFILE, .offset = 1099, .size = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = MILLISECONDS(990),
           .result = PS__WRITABLE);
    expect(SYS_SENDFILE, .offset = 1099, .size = 1, .result = 1);
    ck_assert_ok(send_hundred(&s, &sent));
    ck_assert_uint_eq(sent, 100);
    fake_end(&s);
}
END_TEST

START_TEST(sendfile_ends_with_the_file)
{
    uint64_t sent;
    ps_sock s;

    timed(&s, 1);
    expect(SYS_SENDFILE, .size = 100, .result = 40);
    expect(SYS_SENDFILE, .size = 60, .result = 0);
    ck_assert_ok(send_hundred(&s, &sent));
    ck_assert_uint_eq(sent, 40);
    expect(SYS_SENDFILE, .size = 100, .result = 0);
    ck_assert_ok(send_hundred(&s, &sent));
    ck_assert_uint_eq(sent, 0);
    fake_end(&s);
}
END_TEST

START_TEST(sendfile_tells_how_far_it_came)
{
    static const int codes[] = {PS_ECONNRESET, PS_ENOBUFS, PS_ETIMEDOUT};
    uint64_t sent;
    ps_sock s;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        timed(&s, 1);
        expect(SYS_SENDFILE, .result = 40);
        expect(SYS_SENDFILE, .result = codes[i]);
        ck_assert_code(send_hundred(&s, &sent), codes[i]);
        ck_assert_uint_eq(sent, 40);
        fake_end(&s);
    }
    timed(&s, 1);
    expect(SYS_SENDFILE, .result = 40);
    expect(SYS_SENDFILE, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1), .result = 0);
    ck_assert_code(send_hundred(&s, &sent), PS_TIMED_OUT);
    ck_assert_uint_eq(sent, 40);

    /* A peer that takes a little at a time never makes the call wait. */
    expect(SYS_SENDFILE, .result = 1);
    expect(SYS_SENDFILE, .advance = SECONDS(1), .result = 1);
    ck_assert_code(send_hundred(&s, &sent), PS_TIMED_OUT);
    ck_assert_uint_eq(sent, 2);

    fake_timeout(&s, 0);
    expect(SYS_SENDFILE, .result = 40);
    expect(SYS_SENDFILE, .result = PS_EWOULDBLOCK);
    ck_assert_code(send_hundred(&s, &sent), PS_EWOULDBLOCK);
    ck_assert_uint_eq(sent, 40);
    fake_end(&s);
}
END_TEST

/* The first that learns why a connection has failed tells all. */
START_TEST(sendfile_remembers_a_failure)
{
    uint64_t sent;
    ps_sock s;
    char byte;

    timed(&s, 1);
    expect(SYS_SENDFILE, .result = PS_ECONNRESET);
    ck_assert_code(send_hundred(&s, &sent), PS_ECONNRESET);
    expect(SYS_SENDFILE, .result = PS_EPIPE);
    ck_assert_code(send_hundred(&s, &sent), PS_ECONNRESET);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_ECONNRESET);
    fake_end(&s);
}
END_TEST

/* A system that sends in parts by itself swallows the reason: what is left of it is that there is
 * no peer any more. */
START_TEST(sendfile_after_a_part_whose_failure_was_swallowed)
{
    uint64_t sent;
    ps_sock s;
    char byte;

    timed(&s, 1);
    expect(SYS_SENDFILE, .result = 40);
    expect(SYS_SENDFILE, .result = PS_EPIPE);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(send_hundred(&s, &sent), PS_ECONNRESET);
    ck_assert_uint_eq(sent, 40);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_ECONNRESET);
    fake_end(&s);

    /* The peer has closed its side, and is still there. */
    timed(&s, 1);
    expect(SYS_SENDFILE, .result = 40);
    expect(SYS_SENDFILE, .result = PS_EPIPE);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    ck_assert_code(send_hundred(&s, &sent), PS_EPIPE);
    fake_end(&s);

    /* One's own end. */
    timed(&s, 1);
    expect(SYS_SHUTDOWN, .value = SHUT_WR, .result = 0);
    ck_assert_ok(ps_shutdown(&s, SHUT_WR));
    expect(SYS_SENDFILE, .result = 40);
    expect(SYS_SENDFILE, .result = PS_EPIPE);
    ck_assert_code(send_hundred(&s, &sent), PS_EPIPE);
    fake_end(&s);

    fake_connected(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_SENDFILE, .result = 40);
    expect(SYS_SENDFILE, .result = PS_EPIPE);
    ck_assert_code(send_hundred(&s, &sent), PS_EPIPE);
    fake_end(&s);
}
END_TEST

/* Whether the system may block until all is sent: only where nothing else is to end the call. */
START_TEST(sendfile_says_what_may_end_it)
{
    ps_cancel *token;
    uint64_t sent;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SENDFILE, .mode = FAKE_ON, .result = 100);
    ck_assert_ok(send_hundred(&s, &sent));
    fake_timeout(&s, 5);
    expect(SYS_SENDFILE, .mode = FAKE_OFF, .result = 100);
    ck_assert_ok(send_hundred(&s, &sent));
    fake_timeout(&s, 0);
    expect(SYS_SENDFILE, .mode = FAKE_OFF, .result = 100);
    ck_assert_ok(send_hundred(&s, &sent));
    fake_end(&s);

    token = fake_with_token(&s, PS_NO_TIMEOUT);
    expect(SYS_SENDFILE, .mode = FAKE_OFF, .result = 100);
    ck_assert_ok(send_hundred(&s, &sent));
    ps_cancel_fire(token);
    ck_assert_code(send_hundred(&s, &sent), PS_ECANCELED);
    ck_assert_uint_eq(sent, 0);
    ck_assert_ok(ps_close(&s));
    ps_cancel_close(token);
    fake_done();
}
END_TEST

/* ---- by reading and sending ------------------------------------------------------------------ */

START_TEST(sendfile_copies_what_the_system_does_not_send)
{
    uint64_t sent;
    ps_sock s;

    timed(&s, 1);
    expect(SYS_SENDFILE, .size = 100, .result = 10);
    expect(SYS_SENDFILE, .size = 90, .result = PS_EOPNOTSUPP);
    expect(SYS_READ_FILE, .offset = 1010, .size = 90, .data = "abcdef", .result = 6);
    expect(SYS_SEND, .size = 6, .flags = FAKE_ZERO, .data = "abcdef", .result = 4);
    expect(SYS_SEND, .size = 2, .data = "ef", .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = SECONDS(1), .result = PS__WRITABLE);
    expect(SYS_SEND, .size = 2, .data = "ef", .result = 2);
    expect(SYS_READ_FILE, .offset = 1016, .size = 84, .result = PS_EINTR);
    expect(SYS_READ_FILE, .offset = 1016, .size = 84, .result = 84);
    expect(SYS_SEND, .size = 84, .result = 84);
    ck_assert_ok(send_hundred(&s, &sent));
    ck_assert_uint_eq(sent, 100);

    expect(SYS_SENDFILE, .result = PS_EOPNOTSUPP);
    expect(SYS_READ_FILE, .result = 40);
    expect(SYS_SEND, .size = 40, .result = 40);
    expect(SYS_READ_FILE, .result = 0);
    ck_assert_ok(send_hundred(&s, &sent));
    ck_assert_uint_eq(sent, 40);
    fake_end(&s);
}
END_TEST

/* The connection does not fail with the file. */
START_TEST(sendfile_tells_the_file_from_the_socket)
{
    static const int codes[] = {PS_EBADF, PS_EIO, PS_EISDIR, PS_ESPIPE};
    uint64_t sent;
    ps_sock s;

    timed(&s, 1);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        expect(SYS_SENDFILE, .result = PS_EOPNOTSUPP);
        expect(SYS_READ_FILE, .result = codes[i]);
        ck_assert_code(send_hundred(&s, &sent), codes[i]);
        ck_assert_uint_eq(sent, 0);
    }
    expect(SYS_SENDFILE, .result = PS_EOPNOTSUPP);
    expect(SYS_READ_FILE, .result = 100);
    expect(SYS_SEND, .size = 100, .result = 30);
    expect(SYS_SEND, .size = 70, .result = PS_ECONNRESET);
    ck_assert_code(send_hundred(&s, &sent), PS_ECONNRESET);
    ck_assert_uint_eq(sent, 30);
    fake_end(&s);

    /* Closed before anything was copied. */
    timed(&s, 1);
    expect(SYS_SENDFILE, .result = PS_EOPNOTSUPP, .during = fake_begin_closing, .context = &s);
    ck_assert_code(send_hundred(&s, &sent), PS_EBADF);
    s.calls = 0;
    fake_end(&s);
}
END_TEST

/* ---- arguments ------------------------------------------------------------------------------- */

START_TEST(sendfile_of_any_size)
{
    const uint64_t huge = (uint64_t)PS__TRANSFER_MAX + 7;
    uint64_t sent;
    ps_sock s;

    timed(&s, 1);
    expect(SYS_SENDFILE, .offset = 5, .size = PS__TRANSFER_MAX, .result = PS__TRANSFER_MAX);
    expect(SYS_SENDFILE, .offset = huge - 2, .size = 7, .result = 7);
    ck_assert_ok(ps_sendfile(&s, fake_file, 5, huge, &sent));
    ck_assert_uint_eq(sent, huge);
    expect(SYS_SENDFILE, .offset = 5, .size = PS__TRANSFER_MAX, .result = 0);
    ck_assert_ok(ps_sendfile(&s, fake_file, 5, PS_TO_END_OF_FILE, NULL));
    /* Nothing is behind the last offset that a system counts. */
    expect(SYS_SENDFILE, .offset = (uint64_t)INT64_MAX - 3, .size = 3, .result = 0);
    ck_assert_ok(ps_sendfile(&s, fake_file, (uint64_t)INT64_MAX - 3, 10, &sent));
    ck_assert_ok(ps_sendfile(&s, fake_file, INT64_MAX, 10, &sent));
    ck_assert_ok(ps_sendfile(&s, fake_file, 5, 0, &sent));
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_sendfile(&s, fake_file, (uint64_t)INT64_MAX + 1, 10, &sent), PS_BAD_LENGTH);
    fake_end(&s);
}
END_TEST

START_TEST(sendfile_on_other_sockets)
{
    uint64_t sent = 99;
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    ck_assert_code(ps_sendfile(&s, fake_file, 0, 1, &sent), PS_EOPNOTSUPP);
    ck_assert_uint_eq(sent, 0);
    ck_assert_ok(ps_close(&s));
    sent = 99;
    ck_assert_code(ps_sendfile(&s, fake_file, 0, 1, &sent), PS_EBADF);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_sendfile(NULL, fake_file, 0, 1, &sent), PS_EFAULT);
    fake_done();
}
END_TEST

void add_sendfile_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, sendfile_goes_on_after_partial_transfers);
    ADD_TEST_CASE(suite, sendfile_ends_with_the_file);
    ADD_TEST_CASE(suite, sendfile_tells_how_far_it_came);
    ADD_TEST_CASE(suite, sendfile_remembers_a_failure);
    ADD_TEST_CASE(suite, sendfile_after_a_part_whose_failure_was_swallowed);
    ADD_TEST_CASE(suite, sendfile_says_what_may_end_it);
    ADD_TEST_CASE(suite, sendfile_copies_what_the_system_does_not_send);
    ADD_TEST_CASE(suite, sendfile_tells_the_file_from_the_socket);
    ADD_TEST_CASE(suite, sendfile_of_any_size);
    ADD_TEST_CASE(suite, sendfile_on_other_sockets);
}
