/* Waiting, errors and options (traps TMO, ERR, OPT). */
#include "raw.h"

#include <errno.h>

/* TMO-1: Linux writes what is left of the time into the caller's timeval. */
/* Shows: TMO-1. */
START_TEST(raw_select_rewrites_the_time)
{
    struct sockaddr_in a;
    struct timeval time = {.tv_sec = 0, .tv_usec = 50000};
    fd_set set;
    ps_handle h;

    raw_start();
    h = raw_bound(SOCK_DGRAM, &a);
    FD_ZERO(&set);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
    FD_SET(h, &set);
#pragma GCC diagnostic pop
    ck_assert_int_eq(select((int)h + 1, &set, NULL, NULL, &time), 0);
#ifdef __linux__
    ck_assert_int_eq((int)time.tv_usec, 0);
#elif defined _WIN32
    ck_assert_int_eq((int)time.tv_usec, 50000);
#endif
    raw_close(h);
}
END_TEST

/* TMO-2: without a socket POSIX sleeps, and Winsock refuses. */
/* Shows: TMO-2. */
START_TEST(raw_select_of_nothing)
{
    struct timeval time = {.tv_sec = 0, .tv_usec = 50000};
    double start;

    raw_start();
    start = test_clock();
#ifdef _WIN32
    raw_fails(select(0, NULL, NULL, NULL, &time), 0, WSAEINVAL);
    (void)start;
#else
    ck_assert_int_eq(select(0, NULL, NULL, NULL, &time), 0);
    ck_assert_double_ge(test_clock() - start, 0.049);
#endif
}
END_TEST

/* TMO-3: a set has room for 64 sockets on Windows, and the next is dropped without a word. */
/* Shows: TMO-3. */
START_TEST(raw_set_of_sockets_is_small)
{
    ck_assert_int_eq(FD_SETSIZE, RAW(1024, 64));
#ifdef _WIN32
    {
        fd_set set;
        FD_ZERO(&set);
        for (SOCKET h = 4; h <= 4 * 65; h += 4)
            FD_SET(h, &set);
        ck_assert_uint_eq(set.fd_count, 64);
    }
#endif
}
END_TEST

/* TMO-5: the peer's end is something to read on POSIX, and only a hang-up on Windows. */
/* Shows: TMO-5. */
START_TEST(raw_poll_of_the_end)
{
    ps_handle client, server;
    struct pollfd entry;

    raw_start();
    raw_pair(&client, &server);
    raw_close(client);
    entry.fd = server;
    entry.events = POLLIN;
    entry.revents = 0;
    ck_assert_int_eq(raw_poll(&entry, 1, 10000), 1);
    ck_assert_int_eq((entry.revents & POLLIN) != 0, RAW(1, 0));
    ck_assert_int_eq((entry.revents & POLLHUP) != 0, RAW(0, 1));
    raw_close(server);
}
END_TEST

/* TMO-6: the system's own timeout is a timeval on POSIX; Windows reads milliseconds from it, and
 * nothing of the rest. */
/* Shows: TMO-6. */
START_TEST(raw_timeout_option_has_two_forms)
{
    struct timeval two_seconds = {.tv_sec = 2, .tv_usec = 0};
    int number = 2000;
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_DGRAM);
    ck_assert_int_eq(
        setsockopt(h, SOL_SOCKET, SO_RCVTIMEO, (const char *)&two_seconds, sizeof two_seconds), 0);
#ifdef _WIN32
    ck_assert_int_eq(raw_get(h, SOL_SOCKET, SO_RCVTIMEO), 2);
    ck_assert_int_eq(raw_set(h, SOL_SOCKET, SO_RCVTIMEO, number), 0);
#else
    raw_fails(raw_set(h, SOL_SOCKET, SO_RCVTIMEO, number), EINVAL, 0);
#endif
    raw_close(h);
}
END_TEST

/* ERR-1: Windows has two numbers for one name. */
/* Shows: ERR-1 ERR-2. */
START_TEST(raw_errors_have_two_numbers)
{
#ifdef _WIN32
    ck_assert_int_eq(WSAEWOULDBLOCK, 10035);
    ck_assert_int_ne(EWOULDBLOCK, WSAEWOULDBLOCK);
    ck_assert_int_ne(ECONNRESET, WSAECONNRESET);
    ck_assert_ptr_nonnull(strstr(strerror(WSAECONNRESET), "nknown"));
#else
    ck_assert_int_eq(EWOULDBLOCK, EAGAIN);
#endif
}
END_TEST

/* ERR-4: the last error is anybody's. */
/* Shows: ERR-4. */
START_TEST(raw_last_error_is_overwritten)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    ck_assert_int_eq(raw_code(listen(INVALID_SOCKET, 1) < 0), WSAENOTSOCK);
    ck_assert_int_eq(raw_code(listen(INVALID_SOCKET, 1) < 0 && !CloseHandle(NULL)),
                     ERROR_INVALID_HANDLE);
#else
    ck_assert_int_eq(raw_code(listen(-1, 1) < 0), EBADF);
    ck_assert_int_eq(raw_code(listen(-1, 1) < 0 && fcntl(h, -1) < 0), EINVAL);
#endif
    raw_close(h);
}
END_TEST

/* OPT-1: a switch is one byte on Windows, and the others keep what was there. */
/* Shows: OPT-1. */
START_TEST(raw_switch_is_read_as_one_byte)
{
    int value = 0x5a5a5a5a;
    socklen_t length = sizeof value;
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(getsockopt(h, IPPROTO_TCP, TCP_NODELAY, (char *)&value, &length), 0);
    ck_assert_int_eq((int)length, RAW(4, 1));
    ck_assert_int_eq(value == 0, RAW(1, 0));
    raw_close(h);
}
END_TEST

/* OPT-2: 256 is on, or off, as its lowest byte is. */
/* Shows: OPT-2. */
START_TEST(raw_switch_of_256)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(raw_set(h, SOL_SOCKET, SO_KEEPALIVE, 256), 0);
    ck_assert_int_eq(raw_get(h, SOL_SOCKET, SO_KEEPALIVE) != 0, RAW(1, 0));
    raw_close(h);
}
END_TEST

/* OPT-3: an int in two bytes. */
/* Shows: OPT-3. */
START_TEST(raw_option_of_two_bytes)
{
    short value = 1;
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    ck_assert_int_eq(setsockopt(h, SOL_SOCKET, SO_KEEPALIVE, (const char *)&value, sizeof value),
                     0);
#else
    raw_fails(setsockopt(h, SOL_SOCKET, SO_KEEPALIVE, (const char *)&value, sizeof value), EINVAL,
              0);
#endif
    raw_close(h);
}
END_TEST

/* OPT-5: Linux tells twice what was set. */
/* Shows: OPT-5. */
START_TEST(raw_buffer_sizes_are_doubled)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_DGRAM);
    ck_assert_int_eq(raw_set(h, SOL_SOCKET, SO_RCVBUF, 32768), 0);
#ifdef __linux__
    ck_assert_int_eq(raw_get(h, SOL_SOCKET, SO_RCVBUF), 65536);
#elif defined _WIN32
    ck_assert_int_ge(raw_get(h, SOL_SOCKET, SO_RCVBUF), 32768);
#endif
    raw_close(h);
}
END_TEST

/* OPT-6: what POSIX keeps in two ints Windows keeps in two shorts: an int of seconds is cut. */
/* Shows: OPT-6. */
START_TEST(raw_linger_has_two_forms)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 7};
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(setsockopt(h, SOL_SOCKET, SO_LINGER, (const char *)&linger, sizeof linger), 0);
    ck_assert_uint_eq(sizeof linger, RAW(2 * sizeof(int), 2 * sizeof(short)));
    raw_close(h);
}
END_TEST

/* OPT-14: options that nobody knows. */
/* Shows: OPT-14. */
START_TEST(raw_unknown_options_have_two_names)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    raw_fails(raw_set(h, SOL_SOCKET, 0x7777, 1), ENOPROTOOPT, WSAENOPROTOOPT);
    raw_close(h);
}
END_TEST

/* OPT-11: keep-alive times by ioctl want a place for a count that they never use. */
/* Shows: OPT-11 DSC-5. */
START_TEST(raw_keepalive_wants_a_place_for_a_count)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    {
        struct tcp_keepalive values = {1, 1000, 1000};
        DWORD count;
        int code = raw_code(WSAIoctl(h, SIO_KEEPALIVE_VALS, &values, sizeof values, NULL, 0, NULL,
                                     NULL, NULL) != 0);
        ck_assert_int_eq(code, WSAEFAULT);
        ck_assert_int_eq(
            WSAIoctl(h, SIO_KEEPALIVE_VALS, &values, sizeof values, NULL, 0, &count, NULL, NULL),
            0);
    }
#else
    ck_assert_int_eq(raw_set(h, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
#endif
    raw_close(h);
}
END_TEST

void add_raw_option_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, raw_select_rewrites_the_time);
    ADD_TEST_CASE(suite, raw_select_of_nothing);
    ADD_TEST_CASE(suite, raw_set_of_sockets_is_small);
    ADD_TEST_CASE(suite, raw_poll_of_the_end);
    ADD_TEST_CASE(suite, raw_timeout_option_has_two_forms);
    ADD_TEST_CASE(suite, raw_errors_have_two_numbers);
    ADD_TEST_CASE(suite, raw_last_error_is_overwritten);
    ADD_TEST_CASE(suite, raw_switch_is_read_as_one_byte);
    ADD_TEST_CASE(suite, raw_switch_of_256);
    ADD_TEST_CASE(suite, raw_option_of_two_bytes);
    ADD_TEST_CASE(suite, raw_buffer_sizes_are_doubled);
    ADD_TEST_CASE(suite, raw_linger_has_two_forms);
    ADD_TEST_CASE(suite, raw_unknown_options_have_two_names);
    ADD_TEST_CASE(suite, raw_keepalive_wants_a_place_for_a_count);
}
