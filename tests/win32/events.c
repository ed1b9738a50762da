/* Sockets whose events the program has selected by itself. */
#include "test.h"

#include <winsock2.h>

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 15.0

/* A connection has its listener's events, which keep it non-blocking: accepting ends that. */
START_TEST(events_of_a_listener_are_not_the_connections)
{
    ps_sock listener, client, server;
    WSAEVENT event = WSACreateEvent();
    ps_addr address;
    char text[4];

    test_listener(&listener, AF_INET, &address);
    ck_assert_int_eq(WSAEventSelect(ps_fileno(&listener), event, FD_ACCEPT), 0);
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    client = test_socket(AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_ok(ps_settimeout(&server, PS_NO_TIMEOUT));
    ck_assert_int_eq(ps_send(&client, "abc", 3, 0), 3);
    ck_assert_int_eq(ps_recv(&server, text, 3, MSG_WAITALL), 3);
    ck_assert_mem_eq(text, "abc", 3);
    test_close(&client, &server);
    ck_assert_ok(ps_close(&listener));
    WSACloseEvent(event);
}
END_TEST

/* It is not inherited either. */
START_TEST(events_accepted_socket_is_not_inheritable)
{
    ps_sock listener, client, server;
    ps_addr address;
    bool on = true;

    test_listener(&listener, AF_INET, &address);
    client = test_socket(AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_ok(ps_get_inheritable(&server, &on));
    ck_assert(!on);
    test_close(&client, &server);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

void add_events_tests(Suite *suite);
void add_events_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, events_of_a_listener_are_not_the_connections);
    ADD_TEST_CASE(suite, events_accepted_socket_is_not_inheritable);
}
