/* Starting, making, handing on and closing sockets (traps LIF-1 to LIF-13, DSC, THR). */
#include "raw.h"

/* LIF-1: nothing works before WSAStartup. */
/* Shows: LIF-1. */
START_TEST(raw_winsock_wants_to_be_started)
{
    ps_handle h = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(raw_code(h == PS_INVALID_HANDLE), RAW(0, WSANOTINITIALISED));
    if (h != PS_INVALID_HANDLE)
        raw_close(h);
}
END_TEST

/* LIF-2: starts are counted, and the last WSACleanup closes everybody's sockets. */
/* Shows: LIF-2. */
START_TEST(raw_cleanup_ends_every_socket)
{
    struct sockaddr_in a;
    ps_handle h;

    raw_start();
    raw_start();
    h = raw_bound(SOCK_DGRAM, &a);
#ifdef _WIN32
    ck_assert_int_eq(WSACleanup(), 0);
    ck_assert_int_eq(sendto(h, "x", 1, 0, (struct sockaddr *)&a, sizeof a), 1);
    ck_assert_int_eq(WSACleanup(), 0);
    ck_assert_int_lt(sendto(h, "x", 1, 0, (struct sockaddr *)&a, sizeof a), 0);
    ck_assert_int_eq(raw_code(WSACleanup() != 0), WSANOTINITIALISED);
#else
    ck_assert_int_eq(sendto(h, "x", 1, 0, (struct sockaddr *)&a, sizeof a), 1);
    raw_close(h);
#endif
}
END_TEST

/* LIF-4: a handle is a pointer's width, without sign, and a multiple of 4 on Windows. */
/* Shows: LIF-4. */
START_TEST(raw_handles_are_not_small_ints)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_uint_eq(sizeof h, RAW(sizeof(int), sizeof(void *)));
    ck_assert_int_eq(PS_INVALID_HANDLE > 0, RAW(0, 1));
#ifdef _WIN32
    ck_assert_uint_eq(h % 4, 0);
#endif
    raw_close(h);
}
END_TEST

/* LIF-5: closed twice. */
/* Shows: LIF-5. */
START_TEST(raw_second_close_has_two_names)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(raw_close(h), 0);
    raw_fails(raw_close(h), EBADF, WSAENOTSOCK);
}
END_TEST

static bool is_inheritable(ps_handle h)
{
#ifdef _WIN32
    DWORD flags;
    ck_assert(GetHandleInformation((HANDLE)h, &flags));
    return (flags & HANDLE_FLAG_INHERIT) != 0;
#else
    return (fcntl(h, F_GETFD) & FD_CLOEXEC) == 0;
#endif
}

/* LIF-9, DSC-9: a program that is started gets every socket, and what accept makes. */
/* Shows: LIF-9 DSC-9. */
START_TEST(raw_sockets_are_inherited)
{
    ps_handle h, client, server;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert(is_inheritable(h));
    raw_pair(&client, &server);
    ck_assert(is_inheritable(server));
    raw_close(client);
    raw_close(server);
    raw_close(h);
}
END_TEST

/* LIF-11: names of a refusal. */
/* Shows: LIF-11. */
START_TEST(raw_refusals_have_two_names)
{
    raw_start();
    raw_fails((int)(intptr_t)socket(77, SOCK_STREAM, 0), EAFNOSUPPORT, WSAEAFNOSUPPORT);
    raw_fails((int)(intptr_t)socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT,
              WSAEPROTONOSUPPORT);
    raw_fails((int)(intptr_t)socket(AF_INET, 77, 0), EINVAL, WSAESOCKTNOSUPPORT);
}
END_TEST

/* LIF-13: WSAEventSelect makes a socket non-blocking, and it cannot be made blocking again. */
/* Shows: LIF-13. */
START_TEST(raw_event_select_sticks)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    {
        WSAEVENT event = WSACreateEvent();
        u_long off = 0;
        ck_assert_int_eq(WSAEventSelect(h, event, FD_READ), 0);
        ck_assert_int_eq(raw_code(ioctlsocket(h, (long)FIONBIO, &off) != 0), WSAEINVAL);
        ck_assert_int_eq(WSAEventSelect(h, NULL, 0), 0);
        ck_assert_int_eq(ioctlsocket(h, (long)FIONBIO, &off), 0);
        WSACloseEvent(event);
    }
#else
    raw_nonblocking(h, 1);
    raw_nonblocking(h, 0);
#endif
    raw_close(h);
}
END_TEST

typedef struct receiver {
    ps_handle h;
    int count;
    double ended;
} receiver;

static void receive(void *argument)
{
    receiver *r = argument;
    char byte;

    r->count = raw_recv(r->h, &byte, 1, 0);
    r->ended = test_clock();
}

/* By then it is blocked. */
static test_thread *receive_in_thread(receiver *r, ps_handle *client)
{
    test_thread *thread;

    raw_pair(client, &r->h);
    thread = test_thread_start(receive, r);
    test_sleep(0.3);
    return thread;
}

/* THR-2: shutdown wakes a receive that is blocked in another thread on Linux, and does not on
 * Windows. */
/* Shows: THR-2. */
START_TEST(raw_shutdown_wakes_a_receive)
{
    receiver r = {0};
    ps_handle client;
    test_thread *thread;
    double told;

    raw_start();
    thread = receive_in_thread(&r, &client);
    ck_assert_int_eq(shutdown(r.h, SHUT_RD), 0);
    test_sleep(0.3);
    told = test_clock();
    raw_close(client);
    test_thread_join(thread);
    ck_assert_int_eq(r.count, 0);
#ifdef __linux__
    ck_assert_double_lt(r.ended, told);
#else
    (void)told;
#endif
    raw_close(r.h);
}
END_TEST

/* THR-1: close ends a receive in another thread on Windows; on Linux it goes on with the socket
 * that is gone. */
/* Shows: THR-1. */
START_TEST(raw_close_beside_a_receive)
{
    receiver r = {0};
    ps_handle client;
    test_thread *thread;
    double told;

    raw_start();
    thread = receive_in_thread(&r, &client);
    ck_assert_int_eq(raw_close(r.h), 0);
    test_sleep(0.5);
    told = test_clock();
    raw_close(client);
    test_thread_join(thread);
#ifdef __linux__
    ck_assert_int_eq(r.count, 0);
    ck_assert_double_ge(r.ended, told);
#else
    ck_assert_int_lt(r.count, 0);
    (void)told;
#endif
}
END_TEST

/* DSC-1, TMO-11: the mode belongs to what the duplicates share. */
/* Shows: TMO-11 DSC-1. */
START_TEST(raw_duplicates_share_the_mode)
{
    struct sockaddr_in a;
    ps_handle one, two;
    char byte;

    raw_start();
    one = raw_bound(SOCK_DGRAM, &a);
#ifdef _WIN32
    {
        WSAPROTOCOL_INFOW info;
        ck_assert_int_eq(WSADuplicateSocketW(one, GetCurrentProcessId(), &info), 0);
        two = WSASocketW(-1, -1, -1, &info, 0, WSA_FLAG_OVERLAPPED);
        ck_assert(two != INVALID_SOCKET);
    }
#else
    two = dup(one);
    ck_assert_int_ge(two, 0);
#endif
    raw_nonblocking(one, 1);
    raw_fails(raw_recv(two, &byte, 1, 0), EAGAIN, WSAEWOULDBLOCK);
    raw_close(one);
    raw_fails(raw_recv(two, &byte, 1, 0), EAGAIN, WSAEWOULDBLOCK);
    raw_close(two);
}
END_TEST

/* DSC-4: what is no socket. */
/* Shows: DSC-4. */
START_TEST(raw_no_socket_has_two_names)
{
    raw_start();
#ifdef _WIN32
    {
        HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
        raw_fails(listen((SOCKET)event, 1), 0, WSAENOTSOCK);
        CloseHandle(event);
    }
#else
    {
        int ends[2];
        ck_assert_int_eq(pipe(ends), 0);
        raw_fails(listen(ends[0], 1), ENOTSOCK, 0);
        close(ends[0]);
        close(ends[1]);
    }
#endif
}
END_TEST

void add_raw_lifecycle_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, raw_winsock_wants_to_be_started);
    ADD_TEST_CASE(suite, raw_cleanup_ends_every_socket);
    ADD_TEST_CASE(suite, raw_handles_are_not_small_ints);
    ADD_TEST_CASE(suite, raw_second_close_has_two_names);
    ADD_TEST_CASE(suite, raw_sockets_are_inherited);
    ADD_TEST_CASE(suite, raw_refusals_have_two_names);
    ADD_TEST_CASE(suite, raw_event_select_sticks);
    ADD_TEST_CASE(suite, raw_shutdown_wakes_a_receive);
    ADD_TEST_CASE(suite, raw_close_beside_a_receive);
    ADD_TEST_CASE(suite, raw_duplicates_share_the_mode);
    ADD_TEST_CASE(suite, raw_no_socket_has_two_names);
}
