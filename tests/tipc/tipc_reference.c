/* AF_TIPC as the reference has it: its constants, and the exchanges of its own tests. */
#include "tipc.h"

/* Rows: R157. */
START_TEST(tipc_constants_are_those_of_the_header)
{
    static const struct {
        const char *name;
        long long value;
    } rows[] = {
#define ROW(name) {#name, name},
        ROW(TIPC_ADDR_NAMESEQ) ROW(TIPC_ADDR_NAME) ROW(TIPC_ADDR_ID) ROW(TIPC_ZONE_SCOPE)
            ROW(TIPC_CLUSTER_SCOPE) ROW(TIPC_NODE_SCOPE) ROW(TIPC_IMPORTANCE)
                ROW(TIPC_SRC_DROPPABLE) ROW(TIPC_DEST_DROPPABLE) ROW(TIPC_CONN_TIMEOUT)
                    ROW(TIPC_LOW_IMPORTANCE) ROW(TIPC_MEDIUM_IMPORTANCE) ROW(TIPC_HIGH_IMPORTANCE)
                        ROW(TIPC_CRITICAL_IMPORTANCE) ROW(TIPC_SUB_PORTS) ROW(TIPC_SUB_SERVICE)
                            ROW(TIPC_SUB_CANCEL) ROW(TIPC_WAIT_FOREVER) ROW(TIPC_PUBLISHED)
                                ROW(TIPC_WITHDRAWN) ROW(TIPC_SUBSCR_TIMEOUT) ROW(TIPC_CFG_SRV)
                                    ROW(TIPC_TOP_SRV)
#undef ROW
    };

    ck_assert_uint_eq(sizeof rows / sizeof rows[0], 23);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        long long value = -1;
        ck_assert_ok(ps_constant(rows[i].name, &value));
        ck_assert_msg(value == rows[i].value || value == (long long)(unsigned)rows[i].value,
                      "%s is %lld", rows[i].name, value);
    }
}
END_TEST

enum { TYPE = 2000, LOWER = 200, UPPER = 210 };

/* testRDM */
/* Rows: R038. */
START_TEST(tipc_reference_rdm)
{
    ps_sock server, s;
    ps_addr bound, to, from, own;
    char data[1024];

    tipc_socket(&server, SOCK_RDM);
    tipc_socket(&s, SOCK_RDM);
    ck_assert_ok(ps_setsockopt_int(&server, SOL_SOCKET, SO_REUSEADDR, 1));
    ck_assert_ok(ps_addr_tipc(&bound, TIPC_ADDR_NAMESEQ, TYPE, LOWER, UPPER, TIPC_CLUSTER_SCOPE));
    ck_assert_ok(ps_bind(&server, &bound));
    ck_assert_ok(ps_addr_tipc(&to, TIPC_ADDR_NAME, TYPE, LOWER + (UPPER - LOWER) / 2, 0,
                              TIPC_CLUSTER_SCOPE));
    ck_assert_int_eq(ps_sendto(&s, "Hello, world", 12, 0, &to), 12);
    ck_assert_int_eq(ps_recvfrom(&server, data, sizeof data, 0, &from), 12);
    ck_assert_ok(ps_getsockname(&s, &own));
    ck_assert(ps_addr_equal(&from, &own));
    ck_assert_mem_eq(data, "Hello, world", 12);
    ps_close(&s);
    ps_close(&server);
}
END_TEST

static void connect_to_reference(void *argument)
{
    ps_addr to;

    ck_assert_ok(ps_addr_tipc(&to, TIPC_ADDR_NAME, TYPE, LOWER + (UPPER - LOWER) / 2, 0,
                              TIPC_CLUSTER_SCOPE));
    ck_assert_ok(ps_connect(argument, &to));
}

/* testStream */
/* Rows: R038. */
START_TEST(tipc_reference_stream)
{
    ps_sock server, s, connection;
    ps_addr bound;
    test_thread *thread;
    char data[1024];

    tipc_socket(&server, SOCK_STREAM);
    tipc_socket(&s, SOCK_STREAM);
    ck_assert_ok(ps_addr_tipc(&bound, TIPC_ADDR_NAMESEQ, TYPE, LOWER, UPPER, TIPC_CLUSTER_SCOPE));
    ck_assert_ok(ps_bind(&server, &bound));
    ck_assert_ok(ps_listen(&server, 5));
    thread = test_thread_start(connect_to_reference, &s);
    ck_assert_ok(ps_accept(&server, &connection, NULL));
    test_thread_join(thread);
    ck_assert_int_eq(ps_send(&s, "Hello, world", 12, 0), 12);
    ck_assert_int_eq(ps_recv(&connection, data, sizeof data, 0), 12);
    ck_assert_mem_eq(data, "Hello, world", 12);
    ps_close(&connection);
    ps_close(&s);
    ps_close(&server);
}
END_TEST

void add_tipc_reference_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, tipc_constants_are_those_of_the_header);
    ADD_TEST_CASE(suite, tipc_reference_rdm);
    ADD_TEST_CASE(suite, tipc_reference_stream);
}
