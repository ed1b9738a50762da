/* The topology server, which tells who publishes a name, on this node and on another one. */
#include "tipc.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* The guest's second node: a network namespace with a bearer to the first (tests/guest/init). */
static const char second_node[] = "/run/netns/node2";

static void subscribe(ps_sock *s, unsigned type, int timeout_ms, unsigned filter)
{
    struct tipc_subscr request = {.seq = {.type = type, .lower = 0, .upper = 0xffffffffu},
                                  .timeout = (unsigned)timeout_ms,
                                  .filter = filter};
    ps_addr server;

    tipc_socket(s, SOCK_SEQPACKET);
    ck_assert_ok(
        ps_addr_tipc(&server, TIPC_ADDR_NAME, TIPC_TOP_SRV, TIPC_TOP_SRV, 0, TIPC_CLUSTER_SCOPE));
    ck_assert_ok(ps_connect(s, &server));
    ck_assert_ok(ps_sendall(s, &request, sizeof request, 0, NULL));
}

static struct tipc_event next_event(ps_sock *s)
{
    struct tipc_event event;

    ck_assert_int_eq(ps_recv(s, &event, sizeof event, 0), sizeof event);
    return event;
}

static void expect_event(ps_sock *s, unsigned event, unsigned lower, unsigned upper)
{
    struct tipc_event got = next_event(s);

    ck_assert_uint_eq(got.event, event);
    ck_assert_uint_eq(got.found_lower, lower);
    ck_assert_uint_eq(got.found_upper, upper);
}

START_TEST(tipc_topology_sees_a_name_come_and_go)
{
    ps_sock watcher, s;

    subscribe(&watcher, SERVICE, TIPC_WAIT_FOREVER, TIPC_SUB_SERVICE);
    tipc_bound(&s, SOCK_RDM, 7, 9, TIPC_NODE_SCOPE);
    expect_event(&watcher, TIPC_PUBLISHED, 7, 9);
    ps_close(&s);
    expect_event(&watcher, TIPC_WITHDRAWN, 7, 9);
    ps_close(&watcher);
}
END_TEST

START_TEST(tipc_topology_counts_ports)
{
    ps_sock watcher, one, other;

    subscribe(&watcher, SERVICE, TIPC_WAIT_FOREVER, TIPC_SUB_PORTS);
    tipc_bound(&one, SOCK_RDM, 1, 1, TIPC_NODE_SCOPE);
    tipc_bound(&other, SOCK_RDM, 1, 1, TIPC_NODE_SCOPE);
    expect_event(&watcher, TIPC_PUBLISHED, 1, 1);
    expect_event(&watcher, TIPC_PUBLISHED, 1, 1);
    ps_close(&one);
    ps_close(&other);
    ps_close(&watcher);
}
END_TEST

START_TEST(tipc_topology_subscription_times_out)
{
    ps_sock watcher;
    struct tipc_event event;

    subscribe(&watcher, SERVICE + 1, 100, TIPC_SUB_SERVICE);
    event = next_event(&watcher);
    ck_assert_uint_eq(event.event, TIPC_SUBSCR_TIMEOUT);
    ps_close(&watcher);
}
END_TEST

/* ---- two nodes ------------------------------------------------------------------------------- */

/* Puts the calling thread, and the sockets that it makes, on the second node. */
static void enter_second_node(void)
{
    int fd = open(second_node, O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(setns(fd, CLONE_NEWNET), 0);
    close(fd);
}

static void serve_on_second_node(void *argument)
{
    ps_sock *listener = argument;

    enter_second_node();
    tipc_bound(listener, SOCK_SEQPACKET, 77, 77, TIPC_CLUSTER_SCOPE);
    ck_assert_ok(ps_listen(listener, 5));
}

static unsigned node_of(const ps_addr *a)
{
    unsigned node;

    ck_assert_ok(ps_addr_get_tipc(a, NULL, &node, NULL, NULL, NULL));
    return node;
}

static void connect_from_first_node(void *argument)
{
    ps_sock *s = argument;
    ps_addr name = tipc_name(77);

    ck_assert_ok(ps_connect(s, &name));
}

/* Rows: R038. */
START_TEST(tipc_nodes_exchange_messages)
{
    ps_sock watcher, listener, s, server;
    ps_addr here, there;
    test_thread *thread;
    char data[8];

    subscribe(&watcher, SERVICE, TIPC_WAIT_FOREVER, TIPC_SUB_SERVICE);
    thread = test_thread_start(serve_on_second_node, &listener);
    test_thread_join(thread);
    expect_event(&watcher, TIPC_PUBLISHED, 77, 77); /* the name has come over */

    tipc_socket(&s, SOCK_SEQPACKET);
    thread = test_thread_start(connect_from_first_node, &s);
    ck_assert_ok(ps_accept(&listener, &server, &here));
    test_thread_join(thread);
    ck_assert_ok(ps_settimeout(&server, PATIENCE));
    ck_assert_ok(ps_getpeername(&s, &there));
    ck_assert_uint_ne(node_of(&here), 0);
    ck_assert_uint_ne(node_of(&there), 0);
    ck_assert_uint_ne(node_of(&here), node_of(&there));

    ck_assert_int_eq(ps_send(&s, "ping", 4, 0), 4);
    ck_assert_int_eq(ps_recv(&server, data, sizeof data, 0), 4);
    ck_assert_int_eq(ps_send(&server, "pong!", 5, 0), 5);
    ck_assert_int_eq(ps_recv(&s, data, sizeof data, 0), 5);

    ps_close(&listener);
    expect_event(&watcher, TIPC_WITHDRAWN, 77, 77);
    ps_close(&server);
    ps_close(&s);
    ps_close(&watcher);
}
END_TEST

static void publish_on_second_node(void *argument)
{
    enter_second_node();
    tipc_bound(argument, SOCK_RDM, 78, 78, TIPC_CLUSTER_SCOPE);
}

START_TEST(tipc_nodes_exchange_datagrams)
{
    ps_sock watcher, far, s;
    ps_addr name = tipc_name(78), from;
    test_thread *thread;
    char data[8];

    subscribe(&watcher, SERVICE, TIPC_WAIT_FOREVER, TIPC_SUB_SERVICE);
    thread = test_thread_start(publish_on_second_node, &far);
    test_thread_join(thread);
    expect_event(&watcher, TIPC_PUBLISHED, 78, 78);
    tipc_socket(&s, SOCK_RDM);
    ck_assert_int_eq(ps_sendto(&s, "over", 4, 0, &name), 4);
    ck_assert_int_eq(ps_recvfrom(&far, data, sizeof data, 0, &from), 4);
    ck_assert_int_eq(ps_sendto(&far, "back", 4, 0, &from), 4);
    ck_assert_int_eq(ps_recv(&s, data, sizeof data, 0), 4);
    ps_close(&s);
    ps_close(&far);
    ps_close(&watcher);
}
END_TEST

/* A name of node scope stays on its node. */
static void publish_locally_on_second_node(void *argument)
{
    enter_second_node();
    tipc_bound(argument, SOCK_RDM, 79, 79, TIPC_NODE_SCOPE);
}

START_TEST(tipc_nodes_do_not_share_local_names)
{
    ps_sock far, s;
    ps_addr name = tipc_name(79);
    test_thread *thread = test_thread_start(publish_locally_on_second_node, &far);

    test_thread_join(thread);
    tipc_socket(&s, SOCK_RDM);
    ck_assert_code(ps_sendto(&s, "x", 1, 0, &name), PS_EHOSTUNREACH);
    ps_close(&s);
    ps_close(&far);
}
END_TEST

void add_tipc_topology_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, tipc_topology_sees_a_name_come_and_go);
    ADD_TEST_CASE(suite, tipc_topology_counts_ports);
    ADD_TEST_CASE(suite, tipc_topology_subscription_times_out);
    ADD_TEST_CASE(suite, tipc_nodes_exchange_messages);
    ADD_TEST_CASE(suite, tipc_nodes_exchange_datagrams);
    ADD_TEST_CASE(suite, tipc_nodes_do_not_share_local_names);
}
