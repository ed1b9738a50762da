/* Datagrams over UDP, IPv4 and IPv6 (rows R023, R067 to R072; R181's testSendtoAndRecv; traps
 * SND-5 to SND-8, SND-12, SND-19). */
#include "test.h"
#include "transfers.h"
#include "udp_pair.h"

/* Long enough for loopback to bring a datagram, on a busy machine, too. */
#define PATIENCE 10.0
/* Long enough to see that nothing comes. */
#define MOMENT 0.1

/* ---- helpers --------------------------------------------------------------------------------- */

static void loopback(ps_addr *a, int family, int port)
{
    ck_assert_ok(family == AF_INET ? ps_addr_inet(a, "127.0.0.1", port)
                                   : ps_addr_inet6(a, "::1", port, 0, 0));
}

/* A socket bound to loopback that waits for datagrams as long as it takes, and its address. */
static ps_sock bound(int family, ps_addr *address)
{
    ps_sock s;

    test_bound(&s, family, SOCK_DGRAM, address);
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    return s;
}

static void send_text(ps_sock *s, const char *text, const ps_addr *to)
{
    ck_assert_int_eq(ps_sendto(s, text, strlen(text), 0, to), (ptrdiff_t)strlen(text));
}

/* The next datagram is this text, whole, and comes from there (NULL: from anywhere). */
static void receive_text(ps_sock *s, const char *text, const ps_addr *expected)
{
    char room[256];
    ps_addr from;

    ck_assert_int_eq(ps_recvfrom(s, room, sizeof room, 0, &from), (ptrdiff_t)strlen(text));
    ck_assert_mem_eq(room, text, strlen(text));
    ck_assert(expected == NULL || ps_addr_equal(&from, expected));
}

static void receive_nothing(ps_sock *s)
{
    double timeout = ps_gettimeout(s);
    char byte;

    ck_assert_ok(ps_settimeout(s, MOMENT));
    ck_assert_code(ps_recv(s, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(s, timeout));
}

/* ---- there and back -------------------------------------------------------------------------- */

static void there_and_back(int family)
{
    udp_pair p = udp_pair_open(family);

    send_text(&p.one, "there", &p.two_address);
    receive_text(&p.two, "there", &p.one_address);
    send_text(&p.two, "and back", &p.one_address);
    receive_text(&p.one, "and back", &p.two_address);
    receive_nothing(&p.two);
    udp_pair_close(&p);
}

/* Rows: R067. */
START_TEST(datagram_there_and_back)
{
    there_and_back(AF_INET);
}
END_TEST

START_TEST(datagram_there_and_back_over_ipv6)
{
    there_and_back(AF_INET6);
}
END_TEST

/* Each is received as it was sent: one at a time, in order, never joined. */
START_TEST(datagram_keeps_its_bounds)
{
    udp_pair p = udp_pair_open(AF_INET);

    send_text(&p.one, "a", &p.two_address);
    send_text(&p.one, "bc", &p.two_address);
    send_text(&p.one, "def", &p.two_address);
    receive_text(&p.two, "a", &p.one_address);
    receive_text(&p.two, "bc", &p.one_address);
    receive_text(&p.two, "def", &p.one_address);
    udp_pair_close(&p);
}
END_TEST

START_TEST(datagram_sender_need_not_be_asked_for)
{
    udp_pair p = udp_pair_open(AF_INET);
    char room[8];

    send_text(&p.one, "abc", &p.two_address);
    ck_assert_int_eq(ps_recvfrom(&p.two, room, sizeof room, 0, NULL), 3);
    ck_assert_mem_eq(room, "abc", 3);
    udp_pair_close(&p);
}
END_TEST

/* A socket that sends gets a port; the answer finds it. */
START_TEST(datagram_sender_is_bound_by_sending)
{
    ps_addr address, from;
    ps_sock server = bound(AF_INET, &address), client;
    char room[8];

    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_DGRAM, 0));
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    send_text(&client, "abc", &address);
    ck_assert_int_eq(ps_recvfrom(&server, room, sizeof room, 0, &from), 3);
    ck_assert_int_gt(ps_addr_port(&from), 0);
    send_text(&server, "def", &from);
    receive_text(&client, "def", &address);
    test_close(&client, &server);
}
END_TEST

/* Over the largest size that every system sends in one piece. */
START_TEST(datagram_of_many_bytes)
{
    enum { MANY = 9000 };
    static char sent[MANY], received[MANY + 1];
    udp_pair p = udp_pair_open(AF_INET);

    for (size_t i = 0; i < MANY; i++)
        sent[i] = (char)(i * 31 + i / 251);
    ck_assert_int_eq(ps_sendto(&p.one, sent, MANY, 0, &p.two_address), MANY);
    ck_assert_int_eq(ps_recv(&p.two, received, sizeof received, 0), MANY);
    ck_assert_mem_eq(received, sent, MANY);
    udp_pair_close(&p);
}
END_TEST

/* ---- buffers of another size ----------------------------------------------------------------- */

static void cut(int family)
{
    udp_pair p = udp_pair_open(family);
    char room[8];
    ps_addr from;

    send_text(&p.one, "0123456789", &p.two_address);
    send_text(&p.one, "next", &p.two_address);
    memset(room, 'z', sizeof room);
    ck_assert_int_eq(ps_recvfrom(&p.two, room, 4, 0, &from), 4);
    ck_assert_mem_eq(room, "0123zzzz", 8);
    ck_assert(ps_addr_equal(&from, &p.one_address));
    receive_text(&p.two, "next", &p.one_address);

    send_text(&p.one, "0123456789", &p.two_address);
    send_text(&p.one, "next", &p.two_address);
    ck_assert_int_eq(ps_recv(&p.two, room, 4, 0), 4);
    ck_assert_mem_eq(room, "0123zzzz", 8);
    receive_text(&p.two, "next", &p.one_address);
    udp_pair_close(&p);
}

/* Traps: SND-7. */
START_TEST(datagram_longer_than_the_buffer_is_cut)
{
    cut(AF_INET);
}
END_TEST

START_TEST(datagram_longer_than_the_buffer_is_cut_over_ipv6)
{
    cut(AF_INET6);
}
END_TEST

/* A buffer of no bytes waits for a datagram, and takes it: 0 is all that fits. */
/* Rows: R069. Traps: SND-5. */
START_TEST(datagram_into_a_buffer_of_no_bytes)
{
    udp_pair p = udp_pair_open(AF_INET);
    ps_addr from;

    send_text(&p.one, "taken", &p.two_address);
    send_text(&p.one, "taken, too", &p.two_address);
    send_text(&p.one, "next", &p.two_address);
    ck_assert_int_eq(ps_recv(&p.two, NULL, 0, 0), 0);
    ck_assert_int_eq(ps_recvfrom(&p.two, NULL, 0, 0, &from), 0);
    ck_assert(ps_addr_equal(&from, &p.one_address));
    receive_text(&p.two, "next", &p.one_address);
    ck_assert_ok(ps_settimeout(&p.two, MOMENT));
    ck_assert_code(ps_recv(&p.two, NULL, 0, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_setblocking(&p.two, 0));
    ck_assert_code(ps_recv(&p.two, NULL, 0, 0), PS_EWOULDBLOCK);
    udp_pair_close(&p);
}
END_TEST

/* An empty datagram is a datagram: it arrives, it has a sender, and it is not the end of
 * anything. */
static void empty(int family)
{
    udp_pair p = udp_pair_open(family);
    ps_addr from;
    char byte = 'z';

    ck_assert_int_eq(ps_sendto(&p.one, "", 0, 0, &p.two_address), 0);
    ck_assert_int_eq(ps_sendto(&p.one, NULL, 0, 0, &p.two_address), 0);
    send_text(&p.one, "next", &p.two_address);
    ck_assert_int_eq(ps_recvfrom(&p.two, &byte, 1, 0, &from), 0);
    ck_assert(ps_addr_equal(&from, &p.one_address));
    ck_assert_int_eq(ps_recv(&p.two, &byte, 1, 0), 0);
    ck_assert_int_eq(byte, 'z');
    receive_text(&p.two, "next", &p.one_address);

    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_int_eq(ps_send(&p.one, NULL, 0, 0), 0);
    ck_assert_ok(ps_sendall(&p.one, NULL, 0, 0, NULL));
    ck_assert_int_eq(ps_recv(&p.two, &byte, 1, 0), 0);
    ck_assert_int_eq(ps_recv(&p.two, &byte, 1, 0), 0);
    receive_nothing(&p.two);
    udp_pair_close(&p);
}

/* Traps: SND-6. */
START_TEST(datagram_may_be_empty)
{
    empty(AF_INET);
}
END_TEST

START_TEST(datagram_may_be_empty_over_ipv6)
{
    empty(AF_INET6);
}
END_TEST

/* Looking at a datagram leaves it there, whole, also when only a part was looked at. */
/* Traps: SND-21. */
START_TEST(datagram_peek)
{
    udp_pair p = udp_pair_open(AF_INET);
    char room[16];
    ps_addr from;

    send_text(&p.one, "0123456789", &p.two_address);
    ck_assert_int_eq(ps_recv(&p.two, room, 4, MSG_PEEK), 4);
    ck_assert_mem_eq(room, "0123", 4);
    ck_assert_int_eq(ps_recvfrom(&p.two, room, sizeof room, MSG_PEEK, &from), 10);
    ck_assert_mem_eq(room, "0123456789", 10);
    ck_assert(ps_addr_equal(&from, &p.one_address));
    receive_text(&p.two, "0123456789", &p.one_address);
    receive_nothing(&p.two);
    udp_pair_close(&p);
}
END_TEST

/* 70000 bytes fit no UDP datagram. The socket sends the next as if nothing had been. */
static void too_long(int family)
{
    static char data[70000];
    udp_pair p = udp_pair_open(family);
    size_t sent = 4711;

    ck_assert_code(ps_sendto(&p.one, data, sizeof data, 0, &p.two_address), PS_EMSGSIZE);
    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_code(ps_send(&p.one, data, sizeof data, 0), PS_EMSGSIZE);
    ck_assert_code(ps_sendall(&p.one, data, sizeof data, 0, &sent), PS_EMSGSIZE);
    ck_assert_uint_eq(sent, 0);
    ck_assert_int_eq(ps_send(&p.one, "next", 4, 0), 4);
    receive_text(&p.two, "next", &p.one_address);
    udp_pair_close(&p);
}

/* Traps: SND-12. */
START_TEST(datagram_too_long_to_send)
{
    too_long(AF_INET);
}
END_TEST

START_TEST(datagram_too_long_to_send_over_ipv6)
{
    too_long(AF_INET6);
}
END_TEST

/* ---- a peer ---------------------------------------------------------------------------------- */

static void connected(int family)
{
    udp_pair p = udp_pair_open(family);
    ps_addr stranger_address, peer;
    ps_sock stranger = bound(family, &stranger_address);

    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_ok(ps_getpeername(&p.one, &peer));
    ck_assert(ps_addr_equal(&peer, &p.two_address));
    ck_assert_int_eq(ps_send(&p.one, "abc", 3, 0), 3);
    receive_text(&p.two, "abc", &p.one_address);
    ck_assert_ok(ps_sendall(&p.one, "def", 3, 0, NULL));
    receive_text(&p.two, "def", &p.one_address);

    /* Only the peer is heard. */
    send_text(&stranger, "from a stranger", &p.one_address);
    send_text(&p.two, "from the peer", &p.one_address);
    receive_text(&p.one, "from the peer", &p.two_address);
    receive_nothing(&p.one);

    /* Another peer. */
    ck_assert_ok(ps_connect(&p.one, &stranger_address));
    ck_assert_int_eq(ps_send(&p.one, "to the stranger", 15, 0), 15);
    receive_text(&stranger, "to the stranger", &p.one_address);
    send_text(&stranger, "from the stranger", &p.one_address);
    receive_text(&p.one, "from the stranger", &stranger_address);
    ck_assert_ok(ps_close(&stranger));
    udp_pair_close(&p);
}

START_TEST(datagram_connected)
{
    connected(AF_INET);
}
END_TEST

START_TEST(datagram_connected_over_ipv6)
{
    connected(AF_INET6);
}
END_TEST

static void disconnected(int family)
{
    udp_pair p = udp_pair_open(family);
    ps_addr stranger_address, from, peer, none;
    ps_sock stranger = bound(family, &stranger_address);
    char room[16];

    ps_addr_none(&none);
    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_ok(ps_connect(&p.one, &none));
    ck_assert_code(ps_getpeername(&p.one, &peer), PS_ENOTCONN);
    ck_assert_code(ps_send(&p.one, "abc", 3, 0), PS_EDESTADDRREQ);

    /* Everybody can be written to, and is heard again. (Linux takes a port that it chose itself
     * back.) */
    send_text(&p.one, "to a stranger", &stranger_address);
    ck_assert_int_eq(ps_recvfrom(&stranger, room, sizeof room, 0, &from), 13);
    send_text(&stranger, "from a stranger", &from);
    receive_text(&p.one, "from a stranger", &stranger_address);
    ck_assert_ok(ps_connect(&p.one, &none));
    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_int_eq(ps_send(&p.one, "abc", 3, 0), 3);
    receive_text(&p.two, "abc", NULL);
    ck_assert_ok(ps_close(&stranger));
    udp_pair_close(&p);
}

/* Traps: CON-22. */
START_TEST(datagram_disconnected)
{
    disconnected(AF_INET);
}
END_TEST

/* Traps: CON-22. */
START_TEST(datagram_disconnected_over_ipv6)
{
    disconnected(AF_INET6);
}
END_TEST

/* After one's own SHUT_RD there is nothing to wait for, in any mode. */
START_TEST(datagram_after_shut_rd_nothing_is_received)
{
    udp_pair p = udp_pair_open(AF_INET);
    double begin = test_clock();
    ps_addr from;
    char byte;

    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_ok(ps_shutdown(&p.one, SHUT_RD));
    ck_assert_int_eq(ps_recv(&p.one, &byte, 1, 0), 0);
    ck_assert_int_eq(ps_recvfrom(&p.one, &byte, 1, 0, &from), 0);
    ck_assert_int_eq((int)from.len, 0);
    ck_assert_ok(ps_setblocking(&p.one, 0));
    ck_assert_int_eq(ps_recv(&p.one, &byte, 1, 0), 0);
    ck_assert_ok(ps_setblocking(&p.one, 1));
    ck_assert_int_eq(ps_recv(&p.one, &byte, 1, 0), 0);
    ck_assert_double_lt(test_clock() - begin, PATIENCE);
    ck_assert_int_eq(ps_send(&p.one, "abc", 3, 0), 3);
    receive_text(&p.two, "abc", &p.one_address);
    udp_pair_close(&p);
}
END_TEST

START_TEST(datagram_after_shut_wr_nothing_is_sent)
{
    udp_pair p = udp_pair_open(AF_INET);

    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    ck_assert_ok(ps_shutdown(&p.one, SHUT_WR));
    ck_assert_code(ps_send(&p.one, "abc", 3, 0), PS_EPIPE);
    send_text(&p.two, "abc", &p.one_address);
    receive_text(&p.one, "abc", &p.two_address);
    receive_nothing(&p.two);
    udp_pair_close(&p);
}
END_TEST

/* ---- nobody there ---------------------------------------------------------------------------- */

/* An earlier datagram found a port closed: no reason for a socket without a peer to fail. */
static void closed_port(int family)
{
    udp_pair p = udp_pair_open(family);
    ps_addr gone = p.two_address, from;
    char byte;

    ck_assert_ok(ps_close(&p.two));
    for (int i = 0; i < 3; i++) {
        send_text(&p.one, "is anybody there?", &gone);
        receive_nothing(&p.one);
        ck_assert_ok(ps_setblocking(&p.one, 0));
        ck_assert_code(ps_recvfrom(&p.one, &byte, 1, 0, &from), PS_EWOULDBLOCK);
        ck_assert_ok(ps_settimeout(&p.one, PATIENCE));
    }
    p.two = bound(family, &p.two_address);
    send_text(&p.two, "I am", &p.one_address);
    receive_text(&p.one, "I am", &p.two_address);
    udp_pair_close(&p);
}

/* Traps: SND-8 SND-9 ERR-7. */
START_TEST(datagram_to_a_closed_port)
{
    closed_port(AF_INET);
}
END_TEST

START_TEST(datagram_to_a_closed_port_over_ipv6)
{
    closed_port(AF_INET6);
}
END_TEST

static void unbound(int family)
{
    ps_sock s = test_socket(family, SOCK_DGRAM);
    ps_addr from;
    char byte;

    ck_assert_ok(ps_settimeout(&s, MOMENT));
    ck_assert_ok(ps_addr_inet(&from, "192.0.2.1", 4711));
    ck_assert_code(ps_recvfrom(&s, &byte, 1, 0, &from), PS_TIMED_OUT);
    ck_assert_int_eq((int)from.len, 0);
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_ok(ps_setblocking(&s, 0));
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_ok(ps_close(&s));
}

/* Traps: SND-19. */
START_TEST(datagram_received_unbound)
{
    unbound(AF_INET);
}
END_TEST

/* Traps: SND-19. */
START_TEST(datagram_received_unbound_over_ipv6)
{
    unbound(AF_INET6);
}
END_TEST

START_TEST(datagram_receive_would_block)
{
    udp_pair p = udp_pair_open(AF_INET);
    ps_addr from;
    char byte;

    ck_assert_ok(ps_setblocking(&p.one, 0));
    ck_assert_code(ps_recv(&p.one, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_code(ps_recvfrom(&p.one, &byte, 1, 0, &from), PS_EWOULDBLOCK);
    ck_assert_int_eq((int)from.len, 0);
    udp_pair_close(&p);
}
END_TEST

/* ---- destinations that are refused ----------------------------------------------------------- */

static void no_destination(int family)
{
    static const ps_addr no_address;
    udp_pair p = udp_pair_open(family);
    ps_addr other;
    size_t sent = 4711;

    loopback(&other, family == AF_INET ? AF_INET6 : AF_INET, 4711);
    ck_assert_code(ps_send(&p.one, "abc", 3, 0), PS_EDESTADDRREQ);
    ck_assert_code(ps_send(&p.one, NULL, 0, 0), PS_EDESTADDRREQ);
    ck_assert_code(ps_sendall(&p.one, "abc", 3, 0, &sent), PS_EDESTADDRREQ);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_sendto(&p.one, "abc", 3, 0, NULL), PS_EDESTADDRREQ);
    ck_assert_code(ps_sendto(&p.one, "abc", 3, 0, &no_address), PS_EDESTADDRREQ);
    ck_assert_code(ps_sendto(&p.one, "abc", 3, 0, &other), PS_EAFNOSUPPORT);
    send_text(&p.one, "abc", &p.two_address);
    receive_text(&p.two, "abc", &p.one_address);
    receive_nothing(&p.two);
    udp_pair_close(&p);
}

/* Traps: SND-2. */
START_TEST(datagram_without_a_destination)
{
    no_destination(AF_INET);
}
END_TEST

START_TEST(datagram_without_a_destination_over_ipv6)
{
    no_destination(AF_INET6);
}
END_TEST

/* The broadcast address of loopback, so that no datagram leaves the machine. */
/* Rows: R023. Traps: CON-21. */
START_TEST(datagram_broadcast_needs_the_option)
{
    ps_addr own, broadcast;
    ps_sock s = bound(AF_INET, &own);

    ck_assert_ok(ps_addr_inet(&broadcast, "127.255.255.255", ps_addr_port(&own)));
    ck_assert_code(ps_sendto(&s, "abc", 3, 0, &broadcast), PS_EACCES);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_BROADCAST, 1));
    ck_assert_int_eq(ps_sendto(&s, "abc", 3, 0, &broadcast), 3);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_BROADCAST, 0));
    ck_assert_code(ps_sendto(&s, "abc", 3, 0, &broadcast), PS_EACCES);
    send_text(&s, "to myself", &own);
    receive_text(&s, "to myself", &own);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- two threads ----------------------------------------------------------------------------- */

/* Two threads wait for one datagram, and both may be woken: one gets it, the other waits on
 * until its time is over. */
/* Traps: TMO-10. */
START_TEST(datagram_for_one_of_two_threads)
{
    udp_pair p = udp_pair_open(AF_INET);
    runner runners[2] = {{.socket = &p.two, .run = by_recv}, {.socket = &p.two, .run = by_recv}};
    test_thread *threads[2];
    double begin = test_clock();

    ck_assert_ok(ps_settimeout(&p.two, 1.0));
    for (int i = 0; i < 2; i++)
        threads[i] = test_thread_start(run_transfer, &runners[i]);
    test_sleep(MOMENT);
    send_text(&p.one, "abc", &p.two_address);
    for (int i = 0; i < 2; i++)
        test_thread_join(threads[i]);
    ck_assert_double_ge(test_clock() - begin, 1.0);
    ck_assert_int_eq(runners[0].result + runners[1].result, 3 + PS_TIMED_OUT);
    ck_assert(runners[0].result == 3 || runners[1].result == 3);
    udp_pair_close(&p);
}
END_TEST

void add_datagram_tests(Suite *suite);
void add_datagram_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, datagram_there_and_back);
    ADD_TEST_CASE(suite, datagram_there_and_back_over_ipv6);
    ADD_TEST_CASE(suite, datagram_keeps_its_bounds);
    ADD_TEST_CASE(suite, datagram_sender_need_not_be_asked_for);
    ADD_TEST_CASE(suite, datagram_sender_is_bound_by_sending);
    ADD_TEST_CASE(suite, datagram_of_many_bytes);
    ADD_TEST_CASE(suite, datagram_longer_than_the_buffer_is_cut);
    ADD_TEST_CASE(suite, datagram_longer_than_the_buffer_is_cut_over_ipv6);
    ADD_TEST_CASE(suite, datagram_into_a_buffer_of_no_bytes);
    ADD_TEST_CASE(suite, datagram_may_be_empty);
    ADD_TEST_CASE(suite, datagram_may_be_empty_over_ipv6);
    ADD_TEST_CASE(suite, datagram_peek);
    ADD_TEST_CASE(suite, datagram_too_long_to_send);
    ADD_TEST_CASE(suite, datagram_too_long_to_send_over_ipv6);
    ADD_TEST_CASE(suite, datagram_connected);
    ADD_TEST_CASE(suite, datagram_connected_over_ipv6);
    ADD_TEST_CASE(suite, datagram_disconnected);
    ADD_TEST_CASE(suite, datagram_disconnected_over_ipv6);
    ADD_TEST_CASE(suite, datagram_after_shut_rd_nothing_is_received);
    ADD_TEST_CASE(suite, datagram_after_shut_wr_nothing_is_sent);
    ADD_TEST_CASE(suite, datagram_to_a_closed_port);
    ADD_TEST_CASE(suite, datagram_to_a_closed_port_over_ipv6);
    ADD_TEST_CASE(suite, datagram_received_unbound);
    ADD_TEST_CASE(suite, datagram_received_unbound_over_ipv6);
    ADD_TEST_CASE(suite, datagram_receive_would_block);
    ADD_TEST_CASE(suite, datagram_without_a_destination);
    ADD_TEST_CASE(suite, datagram_without_a_destination_over_ipv6);
    ADD_TEST_CASE(suite, datagram_broadcast_needs_the_option);
    ADD_TEST_CASE(suite, datagram_for_one_of_two_threads);
}
