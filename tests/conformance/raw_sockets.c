/* Raw sockets, and Windows' controls of them (rows R063, R156, R174; traps RAW-2, RAW-3, RAW-4,
 * RAW-9). */
#include "test.h"

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 15.0

/* A raw socket; without the right to make one the test is skipped. */
static ps_sock raw_socket(int family, int proto)
{
    ps_sock s;
    int code = ps_socket(&s, family, SOCK_RAW, proto);

    if (code == PS_EPERM || code == PS_EACCES)
        test_skip("raw sockets need an administrator's rights");
    ck_assert_ok(code);
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    return s;
}

/* An ICMP echo request with a valid checksum. */
static const unsigned char echo[] = {8, 0, 0xf7, 0xa9, 0, 0x55, 0, 1};

static uint16_t checksum(const unsigned char *data, size_t size)
{
    uint32_t sum = 0;

    for (size_t i = 0; i + 1 < size; i += 2)
        sum += (uint32_t)data[i] << 8 | data[i + 1];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

/* What comes has its IPv4 header. The request comes, too, on some systems; the reply is what all
 * show. */
/* Skipped: linux unless net_raw */
START_TEST(raw_ipv4_comes_with_its_header)
{
    ps_sock s = raw_socket(AF_INET, IPPROTO_ICMP);
    unsigned char packet[2048];
    ptrdiff_t length;
    ps_addr to, from;

    ck_assert_uint_eq(checksum(echo, sizeof echo), 0xffff);
    ck_assert_ok(ps_addr_inet(&to, "127.0.0.1", 0));
    ck_assert_int_eq(ps_sendto(&s, echo, sizeof echo, 0, &to), sizeof echo);
    do {
        length = ps_recvfrom(&s, packet, sizeof packet, 0, &from);
        ck_assert_ok(length);
    } while (length != 20 + sizeof echo || packet[20] != 0 || packet[25] != 0x55);
    ck_assert_uint_eq(packet[0], 0x45);
    ck_assert_uint_eq(packet[9], IPPROTO_ICMP);
    ck_assert(ps_addr_equal(&from, &to));
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* What comes has no IPv6 header. */
/* Skipped: linux unless net_raw */
START_TEST(raw_ipv6_comes_without_its_header)
{
    static const char text[] = "portsock's raw test";
    ps_sock s = raw_socket(AF_INET6, IPPROTO_IPV6);
    char data[2048];
    ps_addr to, from;
    ptrdiff_t length;

    test_need_ipv6();
    ck_assert_ok(ps_addr_inet6(&to, "::1", 0, 0, 0));
    ck_assert_ok(ps_bind(&s, &to));
    ck_assert_int_eq(ps_sendto(&s, text, sizeof text, 0, &to), sizeof text);
    do {
        length = ps_recvfrom(&s, data, sizeof data, 0, &from);
        ck_assert_ok(length);
    } while (length != sizeof text || memcmp(data, text, sizeof text) != 0);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Skipped: linux unless net_raw */
START_TEST(raw_header_included_can_be_set)
{
    ps_sock s = raw_socket(AF_INET, IPPROTO_ICMP);
    int value = -1;

    ck_assert_ok(ps_setsockopt_int(&s, IPPROTO_IP, IP_HDRINCL, 1));
    ck_assert_ok(ps_getsockopt_int(&s, IPPROTO_IP, IP_HDRINCL, &value));
    ck_assert_int_eq(value, 1);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Not bound, there is no interface to receive from: Windows says EINVAL; what knows no such
 * control says so. */
/* Skipped: linux unless net_raw */
START_TEST(raw_receive_all_wants_an_interface)
{
#ifdef SIO_RCVALL
    static const unsigned long controls[] = {SIO_RCVALL, SIO_RCVALL_MCAST, SIO_RCVALL_IGMPMCAST};
    static const unsigned long values[] = {RCVALL_ON, RCVALL_SOCKETLEVELONLY, RCVALL_IPLEVEL};
#else
    static const unsigned long controls[] = {0x98000001}, values[] = {1};
#endif
    ps_sock s = raw_socket(AF_INET, IPPROTO_ICMP);

    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++) {
        for (size_t n = 0; n < sizeof values / sizeof values[0]; n++) {
            int code = ps_ioctl(&s, controls[i], values[n]);
            if (test_on_windows())
                ck_assert_msg(code == PS_EINVAL || code == PS_EOPNOTSUPP, "%s",
                              ps_error_name(code));
            else
                ck_assert_code(code, PS_EOPNOTSUPP);
        }
    }
    ck_assert_ok(ps_close(&s));
}
END_TEST

#ifdef SIO_RCVALL

/* Each value is let through to the system, and its number is Microsoft's. */
START_TEST(raw_controls_of_windows)
{
    ps_sock udp, tcp;
    int code;

    ck_assert_uint_eq(RCVALL_OFF, 0);
    ck_assert_uint_eq(RCVALL_ON, 1);
    ck_assert_uint_eq(RCVALL_SOCKETLEVELONLY, 2);
    ck_assert_uint_eq(RCVALL_IPLEVEL, 3);
    ck_assert_uint_eq((unsigned long)SIO_RCVALL, 0x98000001);
    ck_assert_uint_eq((unsigned long)SIO_RCVALL_MCAST, 0x98000002);
    ck_assert_uint_eq((unsigned long)SIO_RCVALL_IGMPMCAST, 0x98000003);
    ck_assert_ok(ps_socket(&udp, AF_INET, SOCK_DGRAM, 0));
    ck_assert_ok(ps_ioctl(&udp, SIO_UDP_CONNRESET, 0));
    ck_assert_ok(ps_ioctl(&udp, SIO_UDP_CONNRESET, 1));
    ck_assert_ok(ps_close(&udp));
    ck_assert_ok(ps_socket(&tcp, AF_INET, SOCK_STREAM, 0));
    code = ps_ioctl(&tcp, SIO_LOOPBACK_FAST_PATH, 1);
    ck_assert_msg(code == 0 || code == PS_EOPNOTSUPP, "%s", ps_error_name(code));
    ck_assert_ok(ps_ioctl_keepalive(&tcp, true, 10000, 1000));
    ck_assert_ok(ps_close(&tcp));
}
END_TEST

#else

START_TEST(raw_controls_of_windows)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    ck_assert_code(ps_ioctl(&s, 0x9800000c, 0), PS_EOPNOTSUPP);
    ck_assert_ok(ps_close(&s));
}
END_TEST

#endif

void add_raw_sockets_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, raw_ipv4_comes_with_its_header);
    ADD_TEST_CASE(suite, raw_ipv6_comes_without_its_header);
    ADD_TEST_CASE(suite, raw_header_included_can_be_set);
    ADD_TEST_CASE(suite, raw_receive_all_wants_an_interface);
    ADD_TEST_CASE(suite, raw_controls_of_windows);
}
