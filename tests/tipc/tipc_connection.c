/* Connections over AF_TIPC: SOCK_STREAM and SOCK_SEQPACKET. A connect ends only when the server
 * has accepted. */
#include "tipc.h"

typedef struct client {
    ps_sock sock;
    ps_addr address;
    int code;
} client;

static void connect_client(void *argument)
{
    client *c = argument;

    c->code = ps_connect(&c->sock, &c->address);
}

/* A connection of a type: `c` has connected by name, `server` was accepted. */
static void make_connection(int type, client *c, ps_sock *server, ps_addr *peer)
{
    ps_sock listener;
    test_thread *thread;

    tipc_bound(&listener, type, 0, 99, TIPC_CLUSTER_SCOPE);
    ck_assert_ok(ps_listen(&listener, 5));
    tipc_socket(&c->sock, type);
    c->address = tipc_name(42);
    thread = test_thread_start(connect_client, c);
    ck_assert_ok(ps_accept(&listener, server, peer));
    test_thread_join(thread);
    ck_assert_code(c->code, 0);
    ck_assert_ok(ps_settimeout(server, PATIENCE));
    ck_assert_ok(ps_close(&listener));
}

static void exchange(int type)
{
    client c;
    ps_sock server;
    ps_addr peer, own, seen;
    char data[16];

    make_connection(type, &c, &server, &peer);
    ck_assert_int_eq(server.family, AF_TIPC);
    ck_assert_int_eq(server.type, type);
    tipc_check_identity(&peer);
    ck_assert_ok(ps_getsockname(&c.sock, &own));
    ck_assert(ps_addr_equal(&own, &peer));
    ck_assert_ok(ps_getpeername(&server, &seen));
    ck_assert(ps_addr_equal(&own, &seen));

    ck_assert_int_eq(ps_send(&c.sock, "hello", 5, 0), 5);
    ck_assert_int_eq(ps_recv(&server, data, sizeof data, 0), 5);
    ck_assert_mem_eq(data, "hello", 5);
    ck_assert_ok(ps_sendall(&server, "yo", 2, 0, NULL));
    ck_assert_int_eq(ps_recv(&c.sock, data, sizeof data, 0), 2);
    ck_assert_mem_eq(data, "yo", 2);
    ps_close(&c.sock);
    ps_close(&server);
}

START_TEST(tipc_stream_exchange)
{
    exchange(SOCK_STREAM);
}
END_TEST

/* Rows: R038. */
START_TEST(tipc_seqpacket_exchange)
{
    exchange(SOCK_SEQPACKET);
}
END_TEST

START_TEST(tipc_stream_has_no_borders)
{
    client c;
    ps_sock server;
    char data[16];

    make_connection(SOCK_STREAM, &c, &server, NULL);
    ck_assert_ok(ps_sendall(&c.sock, "12345678", 8, 0, NULL));
    ck_assert_int_eq(ps_recv(&server, data, 3, 0), 3);
    ck_assert_int_eq(ps_recv(&server, data + 3, sizeof data - 3, 0), 5);
    ck_assert_mem_eq(data, "12345678", 8);
    ps_close(&c.sock);
    ps_close(&server);
}
END_TEST

START_TEST(tipc_seqpacket_cuts_a_longer_packet)
{
    client c;
    ps_sock server;
    char data[16];

    make_connection(SOCK_SEQPACKET, &c, &server, NULL);
    ck_assert_int_eq(ps_send(&c.sock, "12345678", 8, 0), 8);
    ck_assert_int_eq(ps_send(&c.sock, "next", 4, 0), 4);
    ck_assert_int_eq(ps_recv(&server, data, 3, 0), 3);
    ck_assert_mem_eq(data, "123", 3);
    ck_assert_int_eq(ps_recv(&server, data, sizeof data, 0), 4);
    ck_assert_mem_eq(data, "next", 4);
    ps_close(&c.sock);
    ps_close(&server);
}
END_TEST

enum { MUCH = 1 << 20 };

typedef struct much {
    ps_sock sock;
    unsigned char data[MUCH];
    size_t total;
} much;

static void read_much(void *argument)
{
    much *m = argument;
    ptrdiff_t n = 1;

    for (; n > 0 && m->total<MUCH; m->total += n> 0 ? (size_t)n : 0)
        n = ps_recv(&m->sock, m->data + m->total, MUCH - m->total, 0);
}

START_TEST(tipc_stream_sendall_of_a_megabyte)
{
    static unsigned char data[MUCH];
    static much received;
    client c;
    test_thread *reader;
    size_t sent;

    for (size_t i = 0; i < MUCH; i++)
        data[i] = (unsigned char)(i % 251);
    make_connection(SOCK_STREAM, &c, &received.sock, NULL);
    reader = test_thread_start(read_much, &received);
    ck_assert_ok(ps_sendall(&c.sock, data, MUCH, 0, &sent));
    ck_assert_uint_eq(sent, MUCH);
    test_thread_join(reader);
    ck_assert_uint_eq(received.total, MUCH);
    ck_assert_mem_eq(received.data, data, MUCH);
    ps_close(&c.sock);
    ps_close(&received.sock);
}
END_TEST

static void end(int type)
{
    client c;
    ps_sock server;
    char data[4];

    make_connection(type, &c, &server, NULL);
    ck_assert_code(ps_shutdown(&c.sock, SHUT_WR), PS_EINVAL); /* TIPC knows both halves only */
    ck_assert_ok(ps_shutdown(&c.sock, SHUT_RDWR));
    ck_assert_int_eq(ps_recv(&server, data, sizeof data, 0), 0);
    ck_assert_int_eq(ps_recv(&c.sock, data, sizeof data, 0), 0);
    ps_close(&c.sock);
    ck_assert_code(ps_send(&server, "x", 1, 0), PS_EPIPE);
    ps_close(&server);
}

START_TEST(tipc_stream_end)
{
    end(SOCK_STREAM);
}
END_TEST

START_TEST(tipc_seqpacket_end)
{
    end(SOCK_SEQPACKET);
}
END_TEST

START_TEST(tipc_connect_has_four_answers)
{
    ps_sock listener, s, server;
    ps_addr a = tipc_name(42);

    tipc_bound(&listener, SOCK_STREAM, 0, 99, TIPC_NODE_SCOPE);
    ck_assert_ok(ps_listen(&listener, 5));
    tipc_socket(&s, SOCK_STREAM);
    ck_assert_ok(ps_setblocking(&s, 0));
    ck_assert_code(ps_connect(&s, &a), PS_EINPROGRESS);
    ck_assert_code(ps_connect(&s, &a), PS_EALREADY);
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_code(ps_connect(&s, &a), 0);
    ck_assert_code(ps_connect(&s, &a), PS_EISCONN);
    ps_close(&server);
    ps_close(&s);
    ps_close(&listener);
}
END_TEST

/* Our own time is over, and the attempt goes on; TIPC's own time is for blocking mode only. */
START_TEST(tipc_connect_times_out)
{
    ps_sock listener, s, server;
    ps_addr a = tipc_name(42);
    double begin;

    tipc_bound(&listener, SOCK_SEQPACKET, 0, 99, TIPC_NODE_SCOPE);
    ck_assert_ok(ps_listen(&listener, 5));
    tipc_socket(&s, SOCK_SEQPACKET);
    ck_assert_ok(ps_settimeout(&s, 0.2));
    begin = test_clock();
    ck_assert_code(ps_connect(&s, &a), PS_TIMED_OUT);
    ck_assert(test_clock() - begin >= 0.2);
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_connect(&s, &a));
    ps_close(&server);
    ps_close(&s);

    tipc_socket(&s, SOCK_SEQPACKET);
    ck_assert_ok(ps_setblocking(&s, 1));
    ck_assert_ok(ps_setsockopt_int(&s, SOL_TIPC, TIPC_CONN_TIMEOUT, 300));
    ck_assert_code(ps_connect(&s, &a), PS_ETIMEDOUT);
    ps_close(&s);
    ps_close(&listener);
}
END_TEST

START_TEST(tipc_connect_finds_nobody)
{
    static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET};
    ps_sock bound, s;
    ps_addr nobody = tipc_name(7), somebody = tipc_name(8);

    for (size_t i = 0; i < 2; i++) {
        tipc_bound(&bound, types[i], 8, 8, TIPC_NODE_SCOPE);
        tipc_socket(&s, types[i]);
        ck_assert_code(ps_connect(&s, &nobody), PS_EHOSTUNREACH);
        ps_close(&s);
        tipc_socket(&s, types[i]);
        ck_assert_code(ps_connect(&s, &somebody), PS_ECONNREFUSED); /* it does not listen */
        ps_close(&s);
        ps_close(&bound);
    }
}
END_TEST

START_TEST(tipc_accept_in_three_modes)
{
    ps_sock listener, server;
    double begin;

    tipc_bound(&listener, SOCK_STREAM, 0, 0, TIPC_NODE_SCOPE);
    ck_assert_ok(ps_listen(&listener, 5));
    ck_assert_ok(ps_setblocking(&listener, 0));
    ck_assert_code(ps_accept(&listener, &server, NULL), PS_EWOULDBLOCK);
    ck_assert_ok(ps_settimeout(&listener, 0.1));
    begin = test_clock();
    ck_assert_code(ps_accept(&listener, &server, NULL), PS_TIMED_OUT);
    ck_assert(test_clock() - begin >= 0.1);
    ps_close(&listener);
}
END_TEST

START_TEST(tipc_address_of_another_family_is_refused)
{
    ps_sock s;
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 80));
    tipc_socket(&s, SOCK_STREAM);
    ck_assert_code(ps_connect(&s, &a), PS_EAFNOSUPPORT);
    ck_assert_code(ps_bind(&s, &a), PS_EAFNOSUPPORT);
    ps_close(&s);
}
END_TEST

/* A stream over a connection, as over any other. */
START_TEST(tipc_makefile)
{
    client c;
    ps_sock server;
    ps_file *reader, *writer;
    char line[32];

    make_connection(SOCK_STREAM, &c, &server, NULL);
    ck_assert_ok(ps_makefile(&writer, &c.sock, "w", -1));
    ck_assert_ok(ps_makefile(&reader, &server, "r", -1));
    ck_assert_int_eq(ps_file_write(writer, "one\ntwo", 7), 7);
    ck_assert_ok(ps_file_close(writer));
    ck_assert_ok(ps_shutdown(&c.sock, SHUT_RDWR)); /* TIPC's close alone may reset the connection */
    ps_close(&c.sock);
    ck_assert_int_eq(ps_file_readline(reader, line, sizeof line), 4);
    ck_assert_mem_eq(line, "one\n", 4);
    ck_assert_int_eq(ps_file_readline(reader, line, sizeof line), 3);
    ck_assert_int_eq(ps_file_eof(reader), 1); /* TIPC tells the end once */
    ps_close(&server);
    ck_assert_ok(ps_file_close(reader));
}
END_TEST

void add_tipc_connection_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, tipc_stream_exchange);
    ADD_TEST_CASE(suite, tipc_seqpacket_exchange);
    ADD_TEST_CASE(suite, tipc_stream_has_no_borders);
    ADD_TEST_CASE(suite, tipc_seqpacket_cuts_a_longer_packet);
    ADD_TEST_CASE(suite, tipc_stream_sendall_of_a_megabyte);
    ADD_TEST_CASE(suite, tipc_stream_end);
    ADD_TEST_CASE(suite, tipc_seqpacket_end);
    ADD_TEST_CASE(suite, tipc_connect_has_four_answers);
    ADD_TEST_CASE(suite, tipc_connect_times_out);
    ADD_TEST_CASE(suite, tipc_connect_finds_nobody);
    ADD_TEST_CASE(suite, tipc_accept_in_three_modes);
    ADD_TEST_CASE(suite, tipc_address_of_another_family_is_refused);
    ADD_TEST_CASE(suite, tipc_makefile);
}
