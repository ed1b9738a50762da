/* Messages over AF_TIPC: SOCK_RDM and SOCK_DGRAM, names, multicast, groups, options, pairs. */
#include "tipc.h"

static const int message_types[] = {SOCK_RDM, SOCK_DGRAM};

static void expect(ps_sock *s, const char *text, ps_addr *from)
{
    char data[64];
    size_t length = strlen(text);

    ck_assert_int_eq(ps_recvfrom(s, data, sizeof data, 0, from), (ptrdiff_t)length);
    ck_assert_mem_eq(data, text, length);
}

static void expect_nothing(ps_sock *s)
{
    char data[64];

    ck_assert_ok(ps_settimeout(s, 0));
    ck_assert_code(ps_recv(s, data, sizeof data, 0), PS_EWOULDBLOCK);
    ck_assert_ok(ps_settimeout(s, PATIENCE));
}

/* Rows: R038. */
START_TEST(tipc_messages_by_name_and_back)
{
    for (size_t i = 0; i < 2; i++) {
        ps_sock server, s;
        ps_addr name = tipc_name(15), from, own;

        tipc_bound(&server, message_types[i], 10, 20, TIPC_CLUSTER_SCOPE);
        tipc_socket(&s, message_types[i]);
        ck_assert_int_eq(ps_sendto(&s, "ping", 4, 0, &name), 4);
        expect(&server, "ping", &from);
        tipc_check_identity(&from);
        ck_assert_ok(ps_getsockname(&s, &own));
        ck_assert(ps_addr_equal(&own, &from));
        ck_assert_int_eq(ps_sendto(&server, "pong", 4, 0, &from), 4);
        expect(&s, "pong", NULL);
        ps_close(&s);
        ps_close(&server);
    }
}
END_TEST

START_TEST(tipc_messages_to_a_default_peer)
{
    ps_sock server, s;
    ps_addr name = tipc_name(10);

    tipc_bound(&server, SOCK_RDM, 10, 10, TIPC_NODE_SCOPE);
    tipc_socket(&s, SOCK_RDM);
    ck_assert_code(ps_send(&s, "x", 1, 0), PS_EDESTADDRREQ);
    ck_assert_ok(ps_connect(&s, &name));
    ck_assert_int_eq(ps_send(&s, "x", 1, 0), 1);
    expect(&server, "x", NULL);
    ps_close(&s);
    ps_close(&server);
}
END_TEST

START_TEST(tipc_messages_find_nobody)
{
    for (size_t i = 0; i < 2; i++) {
        ps_sock s;
        ps_addr name = tipc_name(999);

        tipc_socket(&s, message_types[i]);
        ck_assert_code(ps_sendto(&s, "x", 1, 0, &name), PS_EHOSTUNREACH);
        expect_nothing(&s);
        ps_close(&s);
    }
}
END_TEST

/* TIPC_MAX_USER_MSG_SIZE */
enum { LARGEST = 66000 };

START_TEST(tipc_largest_message)
{
    static unsigned char data[LARGEST + 1], got[LARGEST + 1];
    ps_sock server, s;
    ps_addr name = tipc_name(10);
    char part[10];

    memset(data, 'x', sizeof data);
    tipc_bound(&server, SOCK_RDM, 10, 10, TIPC_NODE_SCOPE);
    tipc_socket(&s, SOCK_RDM);
    ck_assert_code(ps_sendto(&s, data, LARGEST + 1, 0, &name), PS_EMSGSIZE);
    ck_assert_int_eq(ps_sendto(&s, data, LARGEST, 0, &name), LARGEST);
    ck_assert_int_eq(ps_recv(&server, got, sizeof got, 0), LARGEST);
    ck_assert_mem_eq(got, data, LARGEST);
    ck_assert_int_eq(ps_sendto(&s, data, LARGEST, 0, &name), LARGEST);
    ck_assert_int_eq(ps_recv(&server, part, sizeof part, 0), sizeof part); /* cut */
    expect_nothing(&server);
    ps_close(&s);
    ps_close(&server);
}
END_TEST

START_TEST(tipc_receive_in_three_modes)
{
    ps_sock s;
    char data[4];
    double begin;

    tipc_bound(&s, SOCK_DGRAM, 1, 1, TIPC_NODE_SCOPE);
    expect_nothing(&s);
    ck_assert_ok(ps_settimeout(&s, 0.1));
    begin = test_clock();
    ck_assert_code(ps_recv(&s, data, sizeof data, 0), PS_TIMED_OUT);
    ck_assert(test_clock() - begin >= 0.1);
    ps_close(&s);
}
END_TEST

/* A sequence of names as the destination is every socket that has one of them. */
START_TEST(tipc_multicast)
{
    ps_sock one, other, s;
    ps_addr all;

    tipc_bound(&one, SOCK_RDM, 10, 20, TIPC_NODE_SCOPE);
    tipc_bound(&other, SOCK_RDM, 18, 30, TIPC_NODE_SCOPE);
    tipc_socket(&s, SOCK_RDM);
    ck_assert_ok(ps_addr_tipc(&all, TIPC_ADDR_NAMESEQ, SERVICE, 0, 100, 0));
    ck_assert_int_eq(ps_sendto(&s, "m", 1, 0, &all), 1);
    expect(&one, "m", NULL);
    expect(&other, "m", NULL);
    ps_close(&s);
    ps_close(&other);
    ps_close(&one);
}
END_TEST

/* Binding with a negative scope withdraws a name. */
START_TEST(tipc_withdraw_a_name)
{
    ps_sock server, s;
    ps_addr name = tipc_name(15), withdrawn;

    tipc_bound(&server, SOCK_RDM, 10, 20, TIPC_CLUSTER_SCOPE);
    tipc_socket(&s, SOCK_RDM);
    ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &name), 1);
    ck_assert_ok(ps_addr_parse(&withdrawn, AF_TIPC, "tipc:nameseq:18888:10:20:-2"));
    ck_assert_ok(ps_bind(&server, &withdrawn));
    ck_assert_code(ps_sendto(&s, "x", 1, 0, &name), PS_EHOSTUNREACH);
    ps_close(&s);
    ps_close(&server);
}
END_TEST

START_TEST(tipc_options)
{
    static const struct {
        int option, value;
    } rows[] = {
        {TIPC_IMPORTANCE, TIPC_LOW_IMPORTANCE},
        {TIPC_IMPORTANCE, TIPC_MEDIUM_IMPORTANCE},
        {TIPC_IMPORTANCE, TIPC_HIGH_IMPORTANCE},
        {TIPC_IMPORTANCE, TIPC_CRITICAL_IMPORTANCE},
        {TIPC_SRC_DROPPABLE, 1},
        {TIPC_SRC_DROPPABLE, 0},
        {TIPC_DEST_DROPPABLE, 0},
        {TIPC_DEST_DROPPABLE, 1},
        {TIPC_CONN_TIMEOUT, 1234},
    };
    ps_sock s;

    tipc_socket(&s, SOCK_SEQPACKET);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int value = -1;
        ck_assert_ok(ps_setsockopt_int(&s, SOL_TIPC, rows[i].option, rows[i].value));
        ck_assert_ok(ps_getsockopt_int(&s, SOL_TIPC, rows[i].option, &value));
        ck_assert_int_eq(value, rows[i].value);
    }
    ck_assert_code(ps_setsockopt_int(&s, SOL_TIPC, TIPC_IMPORTANCE, 99), PS_EINVAL);
    ps_close(&s);
}
END_TEST

/* A message that cannot be delivered comes back when it must not be dropped, and says why in its
 * ancillary data. */
START_TEST(tipc_rejected_message_comes_back)
{
    ps_sock server, s;
    ps_addr name = tipc_name(5);
    char data[16], room[256];
    ps_buffer buffer = {data, sizeof data};
    ps_control items[4];
    size_t count = 4;
    int flags = 0;

    tipc_bound(&server, SOCK_RDM, 5, 5, TIPC_NODE_SCOPE);
    tipc_socket(&s, SOCK_RDM);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_TIPC, TIPC_DEST_DROPPABLE, 0));
    ck_assert_int_eq(ps_sendto(&s, "lost", 4, 0, &name), 4);
    ps_close(&server); /* with the message unread */
    ck_assert_int_ge(ps_recvmsg(&s, &buffer, 1, items, &count, room, sizeof room, &flags, NULL), 0);
    ck_assert_uint_ge(count, 1);
    ck_assert_int_eq(items[0].level, SOL_TIPC);
    ck_assert_int_eq(items[0].type, TIPC_ERRINFO);
    ps_close(&s);
}
END_TEST

static void join(ps_sock *s, unsigned instance)
{
    struct tipc_group_req group = {.type = SERVICE, .instance = instance, .scope = TIPC_NODE_SCOPE};

    tipc_socket(s, SOCK_RDM);
    ck_assert_ok(ps_setsockopt(s, SOL_TIPC, TIPC_GROUP_JOIN, &group, sizeof group));
}

/* Members learn of each other one by one, so the first message may go to nobody. */
START_TEST(tipc_group)
{
    ps_sock one, other;
    char data[4];
    bool heard = false;
    int tries;

    join(&one, 1);
    join(&other, 2);
    ck_assert_ok(ps_settimeout(&other, 0.1));
    for (tries = 0; tries < 100 && !heard; tries++) {
        (void)ps_send(&one, "g", 1, MSG_DONTWAIT);
        heard = ps_recv(&other, data, sizeof data, 0) == 1 && data[0] == 'g';
    }
    ck_assert(heard);
    ps_close(&one);
    ps_close(&other);
}
END_TEST

START_TEST(tipc_pairs_of_every_type)
{
    static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_RDM, SOCK_DGRAM};

    for (size_t i = 0; i < 4; i++) {
        ps_sock pair[2];
        char data[8];

        ck_assert_ok(ps_socketpair(pair, AF_TIPC, types[i], 0));
        ck_assert_ok(ps_settimeout(&pair[1], PATIENCE));
        ck_assert_int_eq(ps_send(&pair[0], "pair", 4, 0), 4);
        ck_assert_int_eq(ps_recv(&pair[1], data, sizeof data, 0), 4);
        ps_close(&pair[0]);
        ps_close(&pair[1]);
    }
}
END_TEST

START_TEST(tipc_names_of_a_socket)
{
    ps_sock s;
    ps_addr own;

    tipc_bound(&s, SOCK_RDM, 3, 4, TIPC_NODE_SCOPE);
    ck_assert_ok(ps_getsockname(&s, &own)); /* its identity, never the service */
    tipc_check_identity(&own);
    ck_assert_code(ps_getpeername(&s, &own), PS_ENOTCONN);
    ck_assert_int_eq(own.len, 0);
    ps_close(&s);
}
END_TEST

void add_tipc_message_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, tipc_messages_by_name_and_back);
    ADD_TEST_CASE(suite, tipc_messages_to_a_default_peer);
    ADD_TEST_CASE(suite, tipc_messages_find_nobody);
    ADD_TEST_CASE(suite, tipc_largest_message);
    ADD_TEST_CASE(suite, tipc_receive_in_three_modes);
    ADD_TEST_CASE(suite, tipc_multicast);
    ADD_TEST_CASE(suite, tipc_withdraw_a_name);
    ADD_TEST_CASE(suite, tipc_options);
    ADD_TEST_CASE(suite, tipc_rejected_message_comes_back);
    ADD_TEST_CASE(suite, tipc_group);
    ADD_TEST_CASE(suite, tipc_pairs_of_every_type);
    ADD_TEST_CASE(suite, tipc_names_of_a_socket);
}
