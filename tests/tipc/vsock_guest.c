/* AF_VSOCK in a machine that has its loopback. */
#include "test.h"

#define PATIENCE 10.0

static void exchange(int type)
{
    ps_sock listener, s, server;
    ps_addr any, to, own, peer;
    unsigned cid, port;
    char data[16];

    ck_assert_ok(ps_socket(&listener, AF_VSOCK, type, 0));
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    ck_assert_ok(ps_addr_vsock(&any, VMADDR_CID_ANY, VMADDR_PORT_ANY));
    ck_assert_ok(ps_bind(&listener, &any));
    ck_assert_ok(ps_listen(&listener, 5));
    ck_assert_ok(ps_getsockname(&listener, &own));
    ck_assert_ok(ps_addr_get_vsock(&own, NULL, &port));
    ck_assert_uint_ne(port, 0);

    ck_assert_ok(ps_socket(&s, AF_VSOCK, type, 0));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_addr_vsock(&to, VMADDR_CID_LOCAL, port));
    ck_assert_ok(ps_connect(&s, &to));
    ck_assert_ok(ps_accept(&listener, &server, &peer));
    ck_assert_ok(ps_settimeout(&server, PATIENCE));
    ck_assert_ok(ps_addr_get_vsock(&peer, &cid, NULL));
    ck_assert_uint_eq(cid, VMADDR_CID_LOCAL);
    ck_assert_ok(ps_getsockname(&s, &own));
    ck_assert(ps_addr_port(&own) == PS_BAD_FAMILY);

    ck_assert_int_eq(ps_send(&s, "hello", 5, 0), 5);
    ck_assert_int_eq(ps_recv(&server, data, sizeof data, 0), 5);
    ck_assert_ok(ps_sendall(&server, "yo", 2, 0, NULL));
    ck_assert_int_eq(ps_recv(&s, data, sizeof data, 0), 2);
    ck_assert_ok(ps_shutdown(&s, SHUT_WR));
    ck_assert_int_eq(ps_recv(&server, data, sizeof data, 0), 0);
    ps_close(&server);
    ps_close(&s);
    ps_close(&listener);
}

START_TEST(vsock_stream_exchange)
{
    exchange(SOCK_STREAM);
}
END_TEST

START_TEST(vsock_seqpacket_exchange)
{
    exchange(SOCK_SEQPACKET);
}
END_TEST

START_TEST(vsock_connect_is_refused)
{
    ps_sock s;
    ps_addr to;

    ck_assert_ok(ps_socket(&s, AF_VSOCK, SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_addr_vsock(&to, VMADDR_CID_LOCAL, 9999));
    ck_assert_code(ps_connect(&s, &to), PS_ECONNRESET); /* vsock's word for it */
    ps_close(&s);
}
END_TEST

START_TEST(vsock_accept_times_out)
{
    ps_sock listener, server;
    ps_addr any;

    ck_assert_ok(ps_socket(&listener, AF_VSOCK, SOCK_STREAM, 0));
    ck_assert_ok(ps_addr_vsock(&any, VMADDR_CID_ANY, VMADDR_PORT_ANY));
    ck_assert_ok(ps_bind(&listener, &any));
    ck_assert_ok(ps_listen(&listener, 5));
    ck_assert_ok(ps_settimeout(&listener, 0.1));
    ck_assert_code(ps_accept(&listener, &server, NULL), PS_TIMED_OUT);
    ps_close(&listener);
}
END_TEST

void add_vsock_guest_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, vsock_stream_exchange);
    ADD_TEST_CASE(suite, vsock_seqpacket_exchange);
    ADD_TEST_CASE(suite, vsock_connect_is_refused);
    ADD_TEST_CASE(suite, vsock_accept_times_out);
}
