/*
 * The emulation's own tests: whether rcvall.dll keeps Windows' documented rules. It is a plain
 * Winsock program, which knows nothing of the emulation; tests/win32/rcvall/run.sh runs each
 * test under it.
 */
#include "test.h"

#include <mstcpip.h>
#include <mswsock.h>
#include <stdio.h>

enum { SECONDS = 20 };

/* ---- what the tests share -------------------------------------------------------------------- */

static void start_winsock(void)
{
    WSADATA data;

    ck_assert_int_eq(WSAStartup(MAKEWORD(2, 2), &data), 0);
}

/* 0 for success, or the error. At once: Check's own writing changes what WSAGetLastError says. */
static int error_of(int result)
{
    return result == SOCKET_ERROR ? WSAGetLastError() : 0;
}

static struct sockaddr_in four(const char *host, int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((u_short)port)};

    ck_assert_int_eq(inet_pton(AF_INET, host, &a.sin_addr), 1);
    return a;
}

static struct sockaddr_in6 six(const char *host, int port)
{
    struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_port = htons((u_short)port)};

    ck_assert_int_eq(inet_pton(AF_INET6, host, &a.sin6_addr), 1);
    return a;
}

static SOCKET raw_socket(int family, int protocol)
{
    SOCKET s;

    start_winsock();
    s = socket(family, SOCK_RAW, protocol);
    ck_assert_msg(s != INVALID_SOCKET, "socket: error %d", WSAGetLastError());
    return s;
}

static void bind_to(SOCKET s, const char *host)
{
    struct sockaddr_in a = four(host, 0);

    ck_assert_msg(bind(s, (struct sockaddr *)&a, sizeof a) == 0, "bind: error %d",
                  WSAGetLastError());
}

/* 0, or the error. */
static int control(SOCKET s, DWORD code, DWORD value)
{
    DWORD returned = 99;

    if (WSAIoctl(s, code, &value, sizeof value, NULL, 0, &returned, NULL, NULL) != 0)
        return WSAGetLastError();
    ck_assert_uint_eq(returned, 0);
    return 0;
}

/* A raw socket on loopback, with SIO_RCVALL on. */
static SOCKET sniffer(void)
{
    SOCKET s = raw_socket(AF_INET, IPPROTO_IP);
    DWORD limit = SECONDS * 1000;

    bind_to(s, "127.0.0.1");
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&limit, sizeof limit);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_ON), 0);
    return s;
}

/* A bound UDP socket, which a datagram can be sent to without an ICMP message in answer. */
static SOCKET receiver(struct sockaddr_in *address)
{
    SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    int size = sizeof *address;

    *address = four("127.0.0.1", 0);
    ck_assert_int_eq(bind(s, (struct sockaddr *)address, sizeof *address), 0);
    ck_assert_int_eq(getsockname(s, (struct sockaddr *)address, &size), 0);
    return s;
}

/* Sends itself a datagram. */
static void say(const char *text)
{
    struct sockaddr_in to;
    SOCKET s = receiver(&to);

    ck_assert_int_eq(sendto(s, text, (int)strlen(text), 0, (struct sockaddr *)&to, sizeof to),
                     (int)strlen(text));
    closesocket(s);
}

/* The next packet is an IPv4 packet with that datagram. */
static void expect(SOCKET s, const char *text)
{
    unsigned char packet[2048];
    struct sockaddr_in from = {0};
    int from_size = sizeof from;
    int size = recvfrom(s, (char *)packet, sizeof packet, 0, (struct sockaddr *)&from, &from_size);

    ck_assert_msg(size >= 0, "recvfrom: error %d", WSAGetLastError());
    ck_assert_int_eq(size, 28 + (int)strlen(text));
    ck_assert_uint_eq(packet[0], 0x45);
    ck_assert_int_eq(packet[2] << 8 | packet[3], size);
    ck_assert_uint_eq(packet[9], IPPROTO_UDP);
    ck_assert_mem_eq(packet + 28, text, strlen(text));
    ck_assert_int_eq(from_size, sizeof from);
    ck_assert_int_eq(from.sin_family, AF_INET);
    ck_assert_uint_eq(from.sin_port, 0);
    ck_assert_mem_eq(&from.sin_addr, packet + 12, 4);
}

/* Nothing is there, and nothing comes for a while. */
static void expect_nothing(SOCKET s)
{
    char packet[2048];
    DWORD limit = 300, before;
    int size = sizeof before;

    getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&before, &size);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&limit, sizeof limit);
    ck_assert_int_eq(error_of(recv(s, packet, sizeof packet, 0)), WSAETIMEDOUT);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&before, sizeof before);
}

/* ---- making and binding ---------------------------------------------------------------------- */

START_TEST(rules_sockets_are_raw)
{
    SOCKET s = raw_socket(AF_INET, IPPROTO_IP);
    WSAPROTOCOL_INFOW info;
    DWORD type;
    int size = sizeof type;

    ck_assert_int_eq(getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&type, &size), 0);
    ck_assert_uint_eq(type, SOCK_RAW);
    size = sizeof info;
    ck_assert_int_eq(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size), 0);
    ck_assert_int_eq(info.iSocketType, SOCK_RAW);
    ck_assert_int_eq(info.iProtocol, IPPROTO_IP);
    ck_assert_int_eq(closesocket(s), 0);
    ck_assert_int_eq(error_of(closesocket(s)), WSAENOTSOCK);
}
END_TEST

START_TEST(rules_name_is_known_once_bound)
{
    SOCKET s = raw_socket(AF_INET, IPPROTO_IP);
    struct sockaddr_in name;
    int size = sizeof name;

    ck_assert_int_eq(error_of(getsockname(s, (struct sockaddr *)&name, &size)), WSAEINVAL);
    bind_to(s, "127.0.0.1");
    size = sizeof name - 1;
    ck_assert_int_eq(error_of(getsockname(s, (struct sockaddr *)&name, &size)), WSAEFAULT);
    size = sizeof name;
    ck_assert_int_eq(getsockname(s, (struct sockaddr *)&name, &size), 0);
    ck_assert_uint_eq(name.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    ck_assert_uint_eq(name.sin_port, 0);
}
END_TEST

START_TEST(rules_bind_refuses_bad_addresses)
{
    SOCKET s = raw_socket(AF_INET, IPPROTO_IP);
    struct sockaddr_in foreign = four("192.0.2.1", 0), here = four("127.0.0.1", 0);
    struct sockaddr_in6 other = six("::1", 0);

    ck_assert_int_eq(error_of(bind(s, (struct sockaddr *)&foreign, sizeof foreign)),
                     WSAEADDRNOTAVAIL);
    ck_assert_int_eq(error_of(bind(s, (struct sockaddr *)&here, sizeof here - 1)), WSAEFAULT);
    ck_assert_int_eq(error_of(bind(s, (struct sockaddr *)&other, sizeof other)), WSAEFAULT);
    ck_assert_int_eq(error_of(bind(s, NULL, sizeof here)), WSAEFAULT);
    bind_to(s, "127.0.0.1");
    ck_assert_int_eq(error_of(bind(s, (struct sockaddr *)&here, sizeof here)), WSAEINVAL);
}
END_TEST

/* Run with PORTSOCK_RCVALL_NO_ADMINISTRATOR set. */
START_TEST(rules_without_administrator)
{
    start_winsock();
    ck_assert_int_eq(
        error_of(socket(AF_INET, SOCK_RAW, IPPROTO_IP) == INVALID_SOCKET ? SOCKET_ERROR : 0),
        WSAEACCES);
    ck_assert_int_eq(
        error_of(WSASocketW(AF_INET6, SOCK_RAW, IPPROTO_IPV6, NULL, 0, 0) == INVALID_SOCKET
                     ? SOCKET_ERROR
                     : 0),
        WSAEACCES);
}
END_TEST

/* ---- the controls ---------------------------------------------------------------------------- */

START_TEST(rules_rcvall_needs_an_interface)
{
    SOCKET unbound = raw_socket(AF_INET, IPPROTO_IP), any = raw_socket(AF_INET, IPPROTO_IP);
    SOCKET any_six = raw_socket(AF_INET6, IPPROTO_IPV6);
    struct sockaddr_in6 wildcard = six("::", 0);

    ck_assert_int_eq(control(unbound, SIO_RCVALL, RCVALL_ON), WSAEINVAL);
    bind_to(any, "0.0.0.0");
    ck_assert_int_eq(control(any, SIO_RCVALL, RCVALL_ON), WSAEINVAL);
    ck_assert_int_eq(bind(any_six, (struct sockaddr *)&wildcard, sizeof wildcard), 0);
    ck_assert_int_eq(control(any_six, SIO_RCVALL, RCVALL_ON), WSAEINVAL);
    /* binding afterwards makes up for it */
    bind_to(unbound, "127.0.0.1");
    ck_assert_int_eq(control(unbound, SIO_RCVALL, RCVALL_ON), 0);
    ck_assert_int_eq(control(unbound, SIO_RCVALL, RCVALL_OFF), 0);
}
END_TEST

START_TEST(rules_rcvall_is_for_raw_ip)
{
    struct sockaddr_in a;
    SOCKET igmp = raw_socket(AF_INET, IPPROTO_IGMP), udp = receiver(&a),
           icmp = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);

    bind_to(igmp, "127.0.0.1");
    ck_assert_int_eq(control(igmp, SIO_RCVALL, RCVALL_ON), WSAEINVAL);
    ck_assert_int_eq(control(udp, SIO_RCVALL, RCVALL_ON), WSAEINVAL);
    ck_assert_int_eq(control(icmp, SIO_RCVALL, RCVALL_ON), WSAEINVAL);
    closesocket(udp);
    ck_assert_int_eq(control(udp, SIO_RCVALL, RCVALL_ON), WSAENOTSOCK);
}
END_TEST

START_TEST(rules_rcvall_values)
{
    SOCKET s = raw_socket(AF_INET, IPPROTO_IP);

    bind_to(s, "127.0.0.1");
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_OFF), 0);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_ON), 0);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_SOCKETLEVELONLY), 0);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_IPLEVEL), 0);
    ck_assert_int_eq(control(s, SIO_RCVALL, 4), WSAEINVAL);
    ck_assert_int_eq(control(s, SIO_RCVALL, 0xffffffff), WSAEINVAL);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_OFF), 0);
}
END_TEST

START_TEST(rules_rcvall_buffers)
{
    SOCKET s = raw_socket(AF_INET, IPPROTO_IP);
    DWORD on = RCVALL_ON, returned, unused;

    bind_to(s, "127.0.0.1");
    ck_assert_int_eq(
        error_of(WSAIoctl(s, SIO_RCVALL, NULL, sizeof on, NULL, 0, &returned, NULL, NULL)),
        WSAEFAULT);
    ck_assert_int_eq(error_of(WSAIoctl(s, SIO_RCVALL, &on, 0, NULL, 0, &returned, NULL, NULL)),
                     WSAEINVAL);
    ck_assert_int_eq(error_of(WSAIoctl(s, SIO_RCVALL, &on, sizeof on, NULL, 0, NULL, NULL, NULL)),
                     WSAEFAULT);
    ck_assert_int_eq(
        WSAIoctl(s, SIO_RCVALL, &on, sizeof on, &unused, sizeof unused, &returned, NULL, NULL), 0);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_OFF), 0);
}
END_TEST

START_TEST(rules_multicast_controls)
{
    SOCKET ip = raw_socket(AF_INET, IPPROTO_IP), udp = raw_socket(AF_INET, IPPROTO_UDP);
    SOCKET igmp = raw_socket(AF_INET, IPPROTO_IGMP);

    ck_assert_int_eq(control(udp, SIO_RCVALL_MCAST, RCVALL_ON), WSAEINVAL);
    bind_to(ip, "127.0.0.1");
    bind_to(udp, "127.0.0.1");
    bind_to(igmp, "127.0.0.1");
    ck_assert_int_eq(control(ip, SIO_RCVALL_MCAST, RCVALL_ON), WSAEINVAL);
    ck_assert_int_eq(control(ip, SIO_RCVALL_IGMPMCAST, RCVALL_ON), WSAEINVAL);
    ck_assert_int_eq(control(udp, SIO_RCVALL_IGMPMCAST, RCVALL_ON), WSAEINVAL);
    ck_assert_int_eq(control(igmp, SIO_RCVALL_MCAST, RCVALL_ON), WSAEINVAL);
    ck_assert_int_eq(control(udp, SIO_RCVALL_MCAST, 4), WSAEINVAL);
    ck_assert_int_eq(control(udp, SIO_RCVALL_MCAST, RCVALL_ON), 0);
    ck_assert_int_eq(control(igmp, SIO_RCVALL_IGMPMCAST, RCVALL_ON), 0);
    /* neither sees what is for one host */
    say("unicast");
    expect_nothing(udp);
    expect_nothing(igmp);
    ck_assert_int_eq(control(udp, SIO_RCVALL_MCAST, RCVALL_OFF), 0);
    ck_assert_int_eq(control(igmp, SIO_RCVALL_IGMPMCAST, RCVALL_OFF), 0);
}
END_TEST

/* ---- packets --------------------------------------------------------------------------------- */

START_TEST(rules_on_gives_packets_with_headers)
{
    SOCKET s = sniffer();

    say("hello");
    expect(s, "hello");
    say("");
    expect(s, "");
}
END_TEST

START_TEST(rules_nothing_comes_without_rcvall)
{
    SOCKET s = raw_socket(AF_INET, IPPROTO_IP);
    char packet[64];

    ck_assert_int_eq(error_of(recv(s, packet, sizeof packet, 0)), WSAEINVAL); /* not bound */
    bind_to(s, "127.0.0.1");
    say("unseen");
    expect_nothing(s);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_SOCKETLEVELONLY), 0); /* has no effect */
    say("unseen");
    expect_nothing(s);
}
END_TEST

START_TEST(rules_off_ends_it)
{
    SOCKET s = sniffer();

    say("one");
    expect(s, "one");
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_SOCKETLEVELONLY), 0); /* has no effect */
    say("two");
    expect(s, "two");
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_OFF), 0);
    say("three");
    expect_nothing(s);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_IPLEVEL), 0);
    say("four");
    expect(s, "four");
}
END_TEST

START_TEST(rules_sockets_are_independent)
{
    SOCKET one = sniffer(), two = sniffer();

    say("both");
    expect(one, "both");
    expect(two, "both");
    closesocket(one);
    say("the other");
    expect(two, "the other");
}
END_TEST

START_TEST(rules_header_option_changes_nothing_received)
{
    SOCKET s = sniffer();
    DWORD value = 0;
    int size = sizeof value;

    ck_assert_int_eq(getsockopt(s, IPPROTO_IP, IP_HDRINCL, (char *)&value, &size), 0);
    ck_assert_uint_eq(value, 0);
    value = 1;
    ck_assert_int_eq(setsockopt(s, IPPROTO_IP, IP_HDRINCL, (const char *)&value, sizeof value), 0);
    value = 0;
    ck_assert_int_eq(getsockopt(s, IPPROTO_IP, IP_HDRINCL, (char *)&value, &size), 0);
    ck_assert_uint_eq(value, 1);
    say("with a header");
    expect(s, "with a header");
}
END_TEST

START_TEST(rules_short_buffer)
{
    SOCKET s = sniffer();
    unsigned char packet[20];
    struct sockaddr_in from;
    int from_size = sizeof from;

    say("longer than the buffer");
    ck_assert_int_eq(error_of(recvfrom(s, (char *)packet, sizeof packet, 0,
                                       (struct sockaddr *)&from, &from_size)),
                     WSAEMSGSIZE);
    ck_assert_uint_eq(packet[0], 0x45);
    ck_assert_uint_eq(from.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    say("next");
    expect(s, "next"); /* the rest of the other is gone */
}
END_TEST

START_TEST(rules_peek_takes_nothing)
{
    SOCKET s = sniffer();
    char packet[256];
    u_long unread = 0;

    say("look");
    ck_assert_int_eq(recv(s, packet, sizeof packet, MSG_PEEK), 28 + 4);
    ck_assert_int_eq(ioctlsocket(s, FIONREAD, &unread), 0);
    ck_assert_uint_eq(unread, 28 + 4);
    expect(s, "look");
}
END_TEST

START_TEST(rules_waiting)
{
    SOCKET s = sniffer();
    WSAPOLLFD polled = {.fd = s, .events = POLLRDNORM};
    struct timeval none = {0, 0}, long_time = {SECONDS, 0};
    u_long yes = 1;
    char packet[64];
    fd_set set;

    ck_assert_int_eq(ioctlsocket(s, (long)FIONBIO, &yes), 0);
    ck_assert_int_eq(error_of(recv(s, packet, sizeof packet, 0)), WSAEWOULDBLOCK);
    ck_assert_int_eq(WSAPoll(&polled, 1, 0), 0);
    FD_ZERO(&set);
    FD_SET(s, &set);
    ck_assert_int_eq(select(0, &set, NULL, NULL, &none), 0);

    say("ready");
    ck_assert_int_eq(WSAPoll(&polled, 1, SECONDS * 1000), 1);
    FD_ZERO(&set);
    FD_SET(s, &set);
    ck_assert_int_eq(select(0, &set, NULL, NULL, &long_time), 1);
    expect(s, "ready");
}
END_TEST

START_TEST(rules_messages)
{
    SOCKET s = sniffer();
    GUID id = WSAID_WSARECVMSG;
    LPFN_WSARECVMSG receive_message;
    char packet[256];
    WSABUF buffer = {sizeof packet, packet};
    struct sockaddr_in from = {0};
    WSAMSG message = {.name = (struct sockaddr *)&from,
                      .namelen = sizeof from,
                      .lpBuffers = &buffer,
                      .dwBufferCount = 1};
    DWORD got, returned;

    ck_assert_int_eq(WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id,
                              &receive_message, sizeof receive_message, &returned, NULL, NULL),
                     0);
    say("message");
    ck_assert_int_eq(receive_message(s, &message, &got, NULL, NULL), 0);
    ck_assert_uint_eq(got, 28 + 7);
    ck_assert_uint_eq(from.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    ck_assert_mem_eq(packet + 28, "message", 7);
}
END_TEST

/* "The application does not receive any IPv6 headers using a raw socket." */
START_TEST(rules_six_gives_no_headers)
{
    SOCKET s = raw_socket(AF_INET6, IPPROTO_IPV6), udp = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
    struct sockaddr_in6 here = six("::1", 0), from;
    int size = sizeof here;
    unsigned char packet[256];
    DWORD limit = SECONDS * 1000;

    ck_assert_int_eq(bind(s, (struct sockaddr *)&here, sizeof here), 0);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&limit, sizeof limit);
    ck_assert_int_eq(control(s, SIO_RCVALL, RCVALL_ON), 0);
    ck_assert_int_eq(bind(udp, (struct sockaddr *)&here, sizeof here), 0);
    ck_assert_int_eq(getsockname(udp, (struct sockaddr *)&here, &size), 0);
    ck_assert_int_eq(sendto(udp, "six", 3, 0, (struct sockaddr *)&here, sizeof here), 3);
    size = sizeof from;
    ck_assert_int_eq(recvfrom(s, (char *)packet, sizeof packet, 0, (struct sockaddr *)&from, &size),
                     8 + 3);
    ck_assert_mem_eq(packet + 8, "six", 3);
    ck_assert_int_eq(from.sin6_family, AF_INET6);
    ck_assert_uint_eq(from.sin6_port, 0);
    ck_assert_mem_eq(&from.sin6_addr, &here.sin6_addr, 16);
}
END_TEST

/* A burst longer than any socket's buffer. */
START_TEST(rules_nothing_is_lost)
{
    enum { COUNT = 2000 };
    SOCKET s = sniffer(), udp;
    struct sockaddr_in to;
    char text[32], wanted[32];

    udp = receiver(&to);
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, "datagram %d", i);
        ck_assert_int_eq(sendto(udp, text, (int)strlen(text), 0, (struct sockaddr *)&to, sizeof to),
                         (int)strlen(text));
    }
    for (int i = 0; i < COUNT; i++) {
        snprintf(wanted, sizeof wanted, "datagram %d", i);
        expect(s, wanted);
    }
}
END_TEST

/* The longest that a raw socket is said to take. */
START_TEST(rules_long_packets)
{
    enum { LENGTH = 65467 };
    static char data[LENGTH - 28], packet[65536];
    SOCKET s = sniffer(), udp;
    struct sockaddr_in to;

    udp = receiver(&to);
    memset(data, 'x', sizeof data);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(sendto(udp, data, sizeof data, 0, (struct sockaddr *)&to, sizeof to),
                         (int)sizeof data);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(recv(s, packet, sizeof packet, 0), LENGTH);
        ck_assert_mem_eq(packet + 28, data, sizeof data);
    }
}
END_TEST

void add_rules_tests(Suite *suite);

void add_rules_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, rules_sockets_are_raw);
    ADD_TEST_CASE(suite, rules_name_is_known_once_bound);
    ADD_TEST_CASE(suite, rules_bind_refuses_bad_addresses);
    ADD_TEST_CASE(suite, rules_without_administrator);
    ADD_TEST_CASE(suite, rules_rcvall_needs_an_interface);
    ADD_TEST_CASE(suite, rules_rcvall_is_for_raw_ip);
    ADD_TEST_CASE(suite, rules_rcvall_values);
    ADD_TEST_CASE(suite, rules_rcvall_buffers);
    ADD_TEST_CASE(suite, rules_multicast_controls);
    ADD_TEST_CASE(suite, rules_on_gives_packets_with_headers);
    ADD_TEST_CASE(suite, rules_nothing_comes_without_rcvall);
    ADD_TEST_CASE(suite, rules_off_ends_it);
    ADD_TEST_CASE(suite, rules_sockets_are_independent);
    ADD_TEST_CASE(suite, rules_header_option_changes_nothing_received);
    ADD_TEST_CASE(suite, rules_short_buffer);
    ADD_TEST_CASE(suite, rules_peek_takes_nothing);
    ADD_TEST_CASE(suite, rules_waiting);
    ADD_TEST_CASE(suite, rules_messages);
    ADD_TEST_CASE(suite, rules_six_gives_no_headers);
    ADD_TEST_CASE(suite, rules_nothing_is_lost);
    ADD_TEST_CASE(suite, rules_long_packets);
}
