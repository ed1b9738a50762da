/* Sending and receiving (traps SND). */
#include "raw.h"

#include <signal.h>

#ifndef _WIN32
static volatile sig_atomic_t pipes;

static void count_pipe(int number)
{
    (void)number;
    pipes++;
}
#endif

/* SND-1: a send to a peer that is gone kills the program on POSIX. */
/* Shows: SND-1 SND-2. */
START_TEST(raw_send_raises_sigpipe)
{
    ps_handle client, server;

    raw_start();
    raw_pair(&client, &server);
#ifndef _WIN32
    signal(SIGPIPE, count_pipe);
#endif
    ck_assert_int_eq(shutdown(client, SHUT_WR), 0);
    raw_fails(raw_send(client, "x", 1, 0), EPIPE, WSAESHUTDOWN);
#ifndef _WIN32
    ck_assert_int_eq(pipes, 1);
#endif
    raw_close(client);
    raw_close(server);
}
END_TEST

/* SND-3: after one's own SHUT_RD Linux gives what still comes, and Winsock an error. */
/* Shows: SND-3. */
START_TEST(raw_receive_after_shut_rd)
{
    ps_handle client, server;
    char byte = 0;

    raw_start();
    raw_pair(&client, &server);
    ck_assert_int_eq(shutdown(server, SHUT_RD), 0);
    ck_assert_int_eq(raw_send(client, "x", 1, 0), 1);
    test_sleep(0.2);
#ifdef _WIN32
    raw_fails(raw_recv(server, &byte, 1, 0), 0, WSAESHUTDOWN);
#elif defined __linux__
    ck_assert_int_eq(raw_recv(server, &byte, 1, 0), 1);
#endif
    (void)byte;
    raw_close(client);
    raw_close(server);
}
END_TEST

/* SND-5: a receive of no bytes waits for some on a stream. */
/* Shows: SND-5. */
START_TEST(raw_receive_of_no_bytes_would_wait)
{
    ps_handle client, server;
    char byte;

    raw_start();
    raw_pair(&client, &server);
    raw_nonblocking(server, 1);
    raw_fails(raw_recv(server, &byte, 0, 0), EAGAIN, WSAEWOULDBLOCK);
    raw_close(client);
    raw_close(server);
}
END_TEST

/* SND-7: a datagram that is longer than the buffer is cut without a word, or an error that has
 * filled the buffer. */
/* Shows: SND-7. */
START_TEST(raw_datagram_longer_than_the_buffer)
{
    struct sockaddr_in a;
    ps_handle h;
    char buffer[4] = {0};

    raw_start();
    h = raw_bound(SOCK_DGRAM, &a);
    ck_assert_int_eq((int)sendto(h, "abcdefgh", 8, 0, (struct sockaddr *)&a, sizeof a), 8);
#ifdef _WIN32
    raw_fails(raw_recv(h, buffer, sizeof buffer, 0), 0, WSAEMSGSIZE);
#else
    ck_assert_int_eq(raw_recv(h, buffer, sizeof buffer, 0), 4);
#endif
    ck_assert_int_eq(memcmp(buffer, "abcd", 4), 0);
    raw_close(h);
}
END_TEST

/* SND-8: the refusal of one datagram comes to a later call on a connected socket. */
/* Shows: SND-8. */
START_TEST(raw_closed_port_fails_a_later_call)
{
    struct sockaddr_in gone, own;
    ps_handle holder, h;
    int code = 0;

    raw_start();
    holder = raw_bound(SOCK_DGRAM, &gone);
    raw_close(holder);
    h = raw_bound(SOCK_DGRAM, &own);
    ck_assert_int_eq(raw_connect(h, &gone), 0);
    raw_nonblocking(h, 1);
    for (int i = 0; i < 20 && code == 0; i++) {
        code = raw_code(raw_send(h, "x", 1, 0) < 0);
        test_sleep(0.1);
    }
#ifdef _WIN32
    ck_assert(code == WSAECONNRESET || code == WSAECONNREFUSED);
#else
    ck_assert_int_eq(code, ECONNREFUSED);
#endif
    raw_close(h);
}
END_TEST

/* SND-12: the longest datagram. */
/* Shows: SND-12. */
START_TEST(raw_datagram_too_long_has_two_names)
{
    static char data[70000];
    struct sockaddr_in a;
    ps_handle h;

    raw_start();
    h = raw_bound(SOCK_DGRAM, &a);
    raw_fails((int)sendto(h, data, sizeof data, 0, (struct sockaddr *)&a, sizeof a), EMSGSIZE,
              WSAEMSGSIZE);
    raw_close(h);
}
END_TEST

/* SND-15: MSG_WAITALL does not wait on a non-blocking socket, which every socket with a timeout
 * is. */
/* Shows: SND-15. */
START_TEST(raw_waitall_does_not_wait_in_nonblocking_mode)
{
    ps_handle client, server;
    char buffer[4];
    int count;

    raw_start();
    raw_pair(&client, &server);
    raw_nonblocking(server, 1);
    ck_assert_int_eq(raw_send(client, "ab", 2, 0), 2);
    ck_assert_int_eq(raw_select(server, 10000) & 1, 1);
    count = raw_recv(server, buffer, sizeof buffer, MSG_WAITALL);
#ifdef _WIN32
    ck_assert_int_ne(count, 4);
#else
    ck_assert_int_eq(count, 2);
#endif
    raw_close(client);
    raw_close(server);
}
END_TEST

/* SND-17: shutdown of what is not connected. */
/* Shows: SND-17. */
START_TEST(raw_shutdown_without_a_connection)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    raw_fails(shutdown(h, SHUT_WR), ENOTCONN, WSAENOTCONN);
    raw_close(h);
    h = raw_socket(AF_INET, SOCK_DGRAM);
#ifdef _WIN32
    ck_assert_int_eq(shutdown(h, SHUT_WR), 0);
#elif defined __linux__
    raw_fails(shutdown(h, SHUT_WR), ENOTCONN, 0);
#endif
    raw_close(h);
}
END_TEST

/* SND-18: a close with bytes unread resets the connection, and the peer loses what it has not
 * read yet. */
/* Shows: SND-4 SND-18. */
START_TEST(raw_close_with_bytes_unread_resets)
{
    ps_handle client, server;
    char byte;

    raw_start();
    raw_pair(&client, &server);
    ck_assert_int_eq(raw_send(client, "unread", 6, 0), 6);
    test_sleep(0.1);
    raw_close(server);
    test_sleep(0.2);
#ifdef __linux__
    raw_fails(raw_recv(client, &byte, 1, 0), ECONNRESET, 0);
#else
    ck_assert_int_le(raw_recv(client, &byte, 1, 0), 0);
#endif
    raw_close(client);
}
END_TEST

/* SND-21: the bytes that are there, of datagrams. */
/* Shows: SND-21. */
START_TEST(raw_bytes_there_are_not_bytes_of_one_datagram)
{
    struct sockaddr_in a;
    ps_handle h;

    raw_start();
    h = raw_bound(SOCK_DGRAM, &a);
    ck_assert_int_eq((int)sendto(h, "abcde", 5, 0, (struct sockaddr *)&a, sizeof a), 5);
    ck_assert_int_eq((int)sendto(h, "abcdefg", 7, 0, (struct sockaddr *)&a, sizeof a), 7);
#ifdef __linux__
    {
        int there = 0;
        ck_assert_int_eq(ioctl(h, FIONREAD, &there), 0);
        ck_assert_int_eq(there, 5);
    }
#elif defined _WIN32
    {
        u_long there = 0;
        ck_assert_int_eq(ioctlsocket(h, FIONREAD, &there), 0);
        ck_assert_uint_ge(there, 5);
    }
#endif
    raw_close(h);
}
END_TEST

void add_raw_transfer_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, raw_send_raises_sigpipe);
    ADD_TEST_CASE(suite, raw_receive_after_shut_rd);
    ADD_TEST_CASE(suite, raw_receive_of_no_bytes_would_wait);
    ADD_TEST_CASE(suite, raw_datagram_longer_than_the_buffer);
    ADD_TEST_CASE(suite, raw_closed_port_fails_a_later_call);
    ADD_TEST_CASE(suite, raw_datagram_too_long_has_two_names);
    ADD_TEST_CASE(suite, raw_waitall_does_not_wait_in_nonblocking_mode);
    ADD_TEST_CASE(suite, raw_shutdown_without_a_connection);
    ADD_TEST_CASE(suite, raw_close_with_bytes_unread_resets);
    ADD_TEST_CASE(suite, raw_bytes_there_are_not_bytes_of_one_datagram);
}
