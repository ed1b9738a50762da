/* Binding, connecting, accepting (traps CON, OPT-7 to OPT-10). */
#include "raw.h"

#include <stdio.h>

/* A listener whose queue is full: a further connection stays under way. Linux and Wine; Windows
 * itself refuses it. */
static ps_handle full_listener(struct sockaddr_in *a, ps_handle fillers[2])
{
    ps_handle h = raw_bound(SOCK_STREAM, a);

    ck_assert_int_eq(listen(h, 0), 0);
    for (int i = 0; i < 2; i++) {
        fillers[i] = raw_socket(AF_INET, SOCK_STREAM);
        raw_nonblocking(fillers[i], 1);
        (void)raw_connect(fillers[i], a);
        test_sleep(0.1);
    }
    return h;
}

/* CON-1: started, and still under way. */
/* Shows: CON-1 CON-11. */
START_TEST(raw_connect_under_way_has_two_names)
{
    struct sockaddr_in a;
    ps_handle fillers[2], listener, h;

    raw_start();
    listener = full_listener(&a, fillers);
    h = raw_socket(AF_INET, SOCK_STREAM);
    raw_nonblocking(h, 1);
    raw_fails(raw_connect(h, &a), EINPROGRESS, WSAEWOULDBLOCK);
    raw_fails(raw_connect(h, &a), EALREADY, WSAEALREADY);
    raw_close(h);
    raw_close(fillers[0]);
    raw_close(fillers[1]);
    raw_close(listener);
}
END_TEST

/* CON-2: asked again when it is done, Linux says so once. */
/* Shows: CON-2. */
START_TEST(raw_connect_that_is_done)
{
    struct sockaddr_in a;
    ps_handle listener, h;

    raw_start();
    listener = raw_listener(&a);
    h = raw_socket(AF_INET, SOCK_STREAM);
    raw_nonblocking(h, 1);
    ck_assert_int_lt(raw_connect(h, &a), 0);
    ck_assert_int_eq(raw_select(h, 10000) & 2, 2);
#ifdef __linux__
    ck_assert_int_eq(raw_connect(h, &a), 0);
#endif
    raw_fails(raw_connect(h, &a), EISCONN, WSAEISCONN);
    raw_close(h);
    raw_close(listener);
}
END_TEST

static ps_handle refused(void)
{
    struct sockaddr_in a;
    ps_handle holder = raw_bound(SOCK_STREAM, &a), h = raw_socket(AF_INET, SOCK_STREAM);

    raw_nonblocking(h, 1);
    ck_assert_int_lt(raw_connect(h, &a), 0);
    ck_assert_int_ne(raw_select(h, 10000), 0);
    raw_close(holder);
    return h;
}

/* CON-3: a refusal makes a socket readable and writable on Linux, and only exceptional on
 * Windows. */
/* Shows: CON-3. */
START_TEST(raw_refusal_as_select_sees_it)
{
    ps_handle h;

    raw_start();
    h = refused();
    ck_assert_int_eq(raw_select(h, 1000), RAW(1 | 2, 4));
    raw_close(h);
}
END_TEST

/* CON-4: Linux tells SO_ERROR once, Windows again and again. */
/* Shows: CON-4. */
START_TEST(raw_so_error_is_sticky)
{
    ps_handle h;

    raw_start();
    h = refused();
    ck_assert_int_eq(raw_get(h, SOL_SOCKET, SO_ERROR), RAW(ECONNREFUSED, WSAECONNREFUSED));
    ck_assert_int_eq(raw_get(h, SOL_SOCKET, SO_ERROR), RAW(0, WSAECONNREFUSED));
    raw_close(h);
}
END_TEST

/* CON-10: what select says of a socket that is new. */
/* Shows: CON-10. */
START_TEST(raw_new_socket_is_ready_on_linux)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(raw_select(h, 100), RAW(1 | 2, 0));
    raw_close(h);
}
END_TEST

/* CON-12: listening without a bind. */
/* Shows: CON-12. */
START_TEST(raw_listen_without_bind)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    raw_fails(listen(h, 1), 0, WSAEINVAL);
#else
    ck_assert_int_eq(listen(h, 1), 0);
#endif
    raw_close(h);
}
END_TEST

/* CON-14: what accept makes is non-blocking with its listener everywhere but on Linux. */
/* Shows: CON-14. */
START_TEST(raw_accepted_has_the_listeners_mode)
{
    struct sockaddr_in a;
    ps_handle listener, client, server;
    char byte;

    raw_start();
    listener = raw_listener(&a);
    raw_nonblocking(listener, 1);
    client = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(raw_connect(client, &a), 0);
    ck_assert_int_eq(raw_select(listener, 10000) & 1, 1);
    server = accept(listener, NULL, NULL);
    ck_assert(server != PS_INVALID_HANDLE);
#ifdef _WIN32
    raw_fails(raw_recv(server, &byte, 1, 0), 0, WSAEWOULDBLOCK);
#else
    (void)byte;
#ifdef __linux__
    ck_assert_int_eq(fcntl(server, F_GETFL) & O_NONBLOCK, 0);
#endif
#endif
    raw_close(client);
    raw_close(server);
    raw_close(listener);
}
END_TEST

/* CON-15: what accept makes has the listener's options. */
/* Shows: CON-15. */
START_TEST(raw_accepted_has_the_listeners_options)
{
    struct sockaddr_in a;
    struct linger linger = {.l_onoff = 1, .l_linger = 5}, given = {0};
    socklen_t length = sizeof given;
    ps_handle listener, client, server;

    raw_start();
    listener = raw_listener(&a);
    ck_assert_int_eq(
        setsockopt(listener, SOL_SOCKET, SO_LINGER, (const char *)&linger, sizeof linger), 0);
    client = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(raw_connect(client, &a), 0);
    server = accept(listener, NULL, NULL);
    ck_assert_int_eq(getsockopt(server, SOL_SOCKET, SO_LINGER, (char *)&given, &length), 0);
    ck_assert_int_eq(given.l_onoff != 0, 1);
    raw_close(client);
    raw_close(server);
    raw_close(listener);
}
END_TEST

/* CON-16: a queued connection that its client has reset is an error of accept on Windows. */
/* Shows: CON-16. */
START_TEST(raw_accept_of_a_reset_connection)
{
    struct sockaddr_in a;
    socklen_t length = sizeof a;
    struct linger reset = {.l_onoff = 1};
    ps_handle listener, client, server;

    raw_start();
    listener = raw_listener(&a);
    client = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(raw_connect(client, &a), 0);
    ck_assert_int_eq(setsockopt(client, SOL_SOCKET, SO_LINGER, (const char *)&reset, sizeof reset),
                     0);
    raw_close(client);
    test_sleep(0.2);
    server = accept(listener, (struct sockaddr *)&a, &length);
    ck_assert_int_eq(server != PS_INVALID_HANDLE, RAW(1, 0));
    if (server != PS_INVALID_HANDLE)
        raw_close(server);
    raw_close(listener);
}
END_TEST

/* CON-19: a socket that connects to its own port finds itself. */
/* Shows: CON-19. */
START_TEST(raw_connect_to_itself)
{
    struct sockaddr_in a;
    ps_handle h;
    char byte = 0;

    raw_start();
    h = raw_bound(SOCK_STREAM, &a);
#if defined __linux__ || defined _WIN32
    ck_assert_int_eq(raw_connect(h, &a), 0);
    ck_assert_int_eq(raw_send(h, "x", 1, 0), 1);
    ck_assert_int_eq(raw_recv(h, &byte, 1, 0), 1);
#else
    (void)byte;
#endif
    raw_close(h);
}
END_TEST

/* CON-20: a port that is exclusive is "access denied" to others. */
/* Shows: CON-20. */
START_TEST(raw_exclusive_port_is_denied)
{
    struct sockaddr_in any = raw_loopback(0);
    socklen_t length = sizeof any;
    ps_handle one, two;

    raw_start();
    any.sin_addr.s_addr = htonl(INADDR_ANY);
    one = raw_socket(AF_INET, SOCK_STREAM);
    two = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    ck_assert_int_eq(raw_set(one, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1), 0);
#endif
    ck_assert_int_eq(bind(one, (struct sockaddr *)&any, sizeof any), 0);
    ck_assert_int_eq(getsockname(one, (struct sockaddr *)&any, &length), 0);
    ck_assert_int_eq(listen(one, 1), 0);
    raw_fails(bind(two, (struct sockaddr *)&any, sizeof any), EADDRINUSE, WSAEACCES);
    raw_close(one);
    raw_close(two);
}
END_TEST

/* OPT-8: exclusive use and SO_REUSEADDR exclude each other. */
/* Shows: OPT-8. */
START_TEST(raw_exclusive_and_reuse)
{
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    ck_assert_int_eq(raw_set(h, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1), 0);
    raw_fails(raw_set(h, SOL_SOCKET, SO_REUSEADDR, 1), 0, WSAEINVAL);
#else
    ck_assert_int_eq(raw_set(h, SOL_SOCKET, SO_REUSEADDR, 1), 0);
#endif
    raw_close(h);
}
END_TEST

/* OPT-7: over an old connection Linux binds only when both sockets asked for it; Windows without
 * being asked. */
/* Shows: OPT-7. */
START_TEST(raw_bind_over_an_old_connection)
{
    struct sockaddr_in a;
    ps_handle listener, client, server, again;
    char byte;

    raw_start();
    listener = raw_listener(&a);
    client = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(raw_connect(client, &a), 0);
    server = accept(listener, NULL, NULL);
    raw_close(server);
    ck_assert_int_eq(raw_recv(client, &byte, 1, 0), 0);
    raw_close(client);
    raw_close(listener);
    test_sleep(0.1);
    again = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    ck_assert_int_eq(bind(again, (struct sockaddr *)&a, sizeof a), 0);
#else
    raw_fails(bind(again, (struct sockaddr *)&a, sizeof a), EADDRINUSE, 0);
#endif
    raw_close(again);
}
END_TEST

/* OPT-9: two datagram sockets that set SO_REUSEADDR have one port, on every system. */
/* Shows: OPT-9. */
START_TEST(raw_datagrams_share_with_reuseaddr)
{
    struct sockaddr_in a = raw_loopback(0);
    socklen_t length = sizeof a;
    ps_handle one, two;

    raw_start();
    one = raw_socket(AF_INET, SOCK_DGRAM);
    two = raw_socket(AF_INET, SOCK_DGRAM);
    ck_assert_int_eq(raw_set(one, SOL_SOCKET, SO_REUSEADDR, 1), 0);
    ck_assert_int_eq(raw_set(two, SOL_SOCKET, SO_REUSEADDR, 1), 0);
    ck_assert_int_eq(bind(one, (struct sockaddr *)&a, sizeof a), 0);
    ck_assert_int_eq(getsockname(one, (struct sockaddr *)&a, &length), 0);
    ck_assert_int_eq(bind(two, (struct sockaddr *)&a, sizeof a), 0);
    raw_close(one);
    raw_close(two);
}
END_TEST

/* OPT-10: an IPv6 socket is for IPv4, too, on Linux unless the machine is set up otherwise; on
 * Windows it is not. */
/* Shows: OPT-10. */
START_TEST(raw_v6only_at_the_start)
{
    ps_handle h;

    if (!ps_has_ipv6())
        test_skip("this machine has no IPv6");
    h = raw_socket(AF_INET6, SOCK_STREAM);
#ifdef _WIN32
    ck_assert_int_ne(raw_get(h, IPPROTO_IPV6, IPV6_V6ONLY), 0);
#elif defined __linux__
    {
        FILE *setting = fopen("/proc/sys/net/ipv6/bindv6only", "r");
        int on = 0;
        if (setting) {
            ck_assert_int_eq(fscanf(setting, "%d", &on), 1);
            fclose(setting);
        }
        ck_assert_int_eq(raw_get(h, IPPROTO_IPV6, IPV6_V6ONLY), on);
    }
#endif
    raw_close(h);
}
END_TEST

void add_raw_connect_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, raw_connect_under_way_has_two_names);
    ADD_TEST_CASE(suite, raw_connect_that_is_done);
    ADD_TEST_CASE(suite, raw_refusal_as_select_sees_it);
    ADD_TEST_CASE(suite, raw_so_error_is_sticky);
    ADD_TEST_CASE(suite, raw_new_socket_is_ready_on_linux);
    ADD_TEST_CASE(suite, raw_listen_without_bind);
    ADD_TEST_CASE(suite, raw_accepted_has_the_listeners_mode);
    ADD_TEST_CASE(suite, raw_accepted_has_the_listeners_options);
    ADD_TEST_CASE(suite, raw_accept_of_a_reset_connection);
    ADD_TEST_CASE(suite, raw_connect_to_itself);
    ADD_TEST_CASE(suite, raw_exclusive_port_is_denied);
    ADD_TEST_CASE(suite, raw_exclusive_and_reuse);
    ADD_TEST_CASE(suite, raw_bind_over_an_old_connection);
    ADD_TEST_CASE(suite, raw_datagrams_share_with_reuseaddr);
    ADD_TEST_CASE(suite, raw_v6only_at_the_start);
}
