/* Filter expressions. tests/posix/filter_oracle.c compares their programs with tcpdump's; here
 * is what needs no tcpdump. */
#include "test.h"

#include <portsock-capture.h>

#include <stdio.h>

static ps_filter_instruction program[PS_FILTER_MAX];

static int compile(const char *expression, int link_type, size_t *count, size_t *offset)
{
    *count = PS_FILTER_MAX;
    *offset = 12345;
    return ps_filter_compile(expression, link_type, program, count, offset);
}

/* It is refused, and the fault is at `where`. */
static void check_fault(const char *expression, int link_type, size_t where)
{
    size_t count, offset;

    ck_assert_code(compile(expression, link_type, &count, &offset), PS_BAD_FILTER);
    ck_assert_uint_eq(count, 0);
    ck_assert_msg(offset == where, "%s: %zu is not %zu", expression, offset, where);
}

static void check_taken(const char *expression, int link_type)
{
    size_t count, offset;

    ck_assert_msg(compile(expression, link_type, &count, &offset) == 0, "%s: refused at %zu",
                  expression, offset);
    ck_assert_uint_gt(count, 0);
    ck_assert_code(ps_filter_check(program, count), 0);
}

/* An IPv4 packet of UDP, 192.0.2.1 port 5353 to 224.0.0.251 port 53. */
static const unsigned char packet[] = {0x45, 0,   0, 32, 0, 0,   0,   0,   1,   17,   0,
                                       0,    192, 0, 2,  1, 224, 0,   0,   251, 0x14, 0xe9,
                                       0,    53,  0, 12, 0, 0,   'x', 'y', 'z', '!'};

static bool keeps(const char *expression)
{
    check_taken(expression, PS_LINK_RAW);
    size_t count = PS_FILTER_MAX;
    ck_assert_code(ps_filter_compile(expression, PS_LINK_RAW, program, &count, NULL), 0);
    return ps_filter_run(program, count, packet, sizeof packet, sizeof packet) > 0;
}

START_TEST(filter_compile_keeps_and_drops)
{
    ck_assert(keeps(""));
    ck_assert(keeps("udp"));
    ck_assert(keeps("udp port 53 and not port 54"));
    ck_assert(keeps("src net 192.0.2.0/24 and dst port domain"));
    ck_assert(keeps("192.0.2.1")); /* tcpdump wants "host" here */
    ck_assert(keeps("multicast"));
    ck_assert(keeps("portrange 5000-6000"));
    ck_assert(!keeps("tcp"));
    ck_assert(!keeps("broadcast"));
    ck_assert(!keeps("ip6"));
    ck_assert(!keeps("udp port 80 or 443"));
    ck_assert(!keeps("greater 33"));
    ck_assert(!keeps("arp or tcp"));
    ck_assert(keeps("less 32"));
}
END_TEST

START_TEST(filter_compile_says_where_the_fault_is)
{
    check_fault("tcp prot 80", PS_LINK_ETHERNET, 4);
    check_fault("host", PS_LINK_ETHERNET, 4);
    check_fault("port 80 and", PS_LINK_ETHERNET, 11);
    check_fault("port 70000", PS_LINK_ETHERNET, 5);
    check_fault("host 192.0.2", PS_LINK_ETHERNET, 5);
    check_fault("host 192.0.2.256", PS_LINK_ETHERNET, 5);
    check_fault("net 192.0.2.1/24", PS_LINK_ETHERNET, 4);
    check_fault("net 192.0.2.0/33", PS_LINK_ETHERNET, 4);
    check_fault("net 010.0.0.0/8", PS_LINK_ETHERNET, 4);
    check_fault("net 10.00", PS_LINK_ETHERNET, 4);
    check_fault("  (tcp or udp", PS_LINK_ETHERNET, 13);
    check_fault("tcp)", PS_LINK_ETHERNET, 3);
    check_fault("tcp or ?", PS_LINK_ETHERNET, 7);
    check_fault("tcp = 1", PS_LINK_ETHERNET, 4);
    check_fault("udp & tcp", PS_LINK_ETHERNET, 4);
    check_fault("port no-such-service", PS_LINK_ETHERNET, 5);
    check_fault("vlan 5000", PS_LINK_ETHERNET, 5);
    check_fault("proto 256", PS_LINK_ETHERNET, 6);
    check_fault("ip broadcast", PS_LINK_ETHERNET, 0); /* would need the netmask */
    check_fault("\xc3\xa4", PS_LINK_ETHERNET, 0);
}
END_TEST

START_TEST(filter_compile_knows_the_link)
{
    check_fault("tcp and vlan 7", PS_LINK_RAW, 8);
    check_fault("ether host 02:00:00:00:00:01", PS_LINK_COOKED2, 11);
    check_fault("broadcast", PS_LINK_COOKED, 0);
    /* nothing could pass */
    check_fault("arp", PS_LINK_RAW, 0);
    check_fault("ip6", PS_LINK_IPV4, 0);
    check_fault("not ip", PS_LINK_IPV4, 0);
    check_taken("ip", PS_LINK_IPV4);
    check_taken("arp or ip", PS_LINK_RAW);
    check_taken("arp", PS_LINK_COOKED2);
    size_t count, offset;
    ck_assert_code(compile("ip", 105, &count, &offset), PS_EOPNOTSUPP);
    ck_assert_code(compile("ip", -1, &count, &offset), PS_EOPNOTSUPP);
}
END_TEST

START_TEST(filter_compile_needs_room)
{
    size_t count, room, needed, offset;

    ck_assert_code(compile("vlan and tcp port 80", PS_LINK_ETHERNET, &needed, &offset), 0);
    for (room = 0; room < needed; room++) {
        count = room;
        ck_assert_code(
            ps_filter_compile("vlan and tcp port 80", PS_LINK_ETHERNET, program, &count, &offset),
            PS_BAD_LENGTH);
        ck_assert_uint_eq(count, 0);
    }
    count = needed;
    ck_assert_code(
        ps_filter_compile("vlan and tcp port 80", PS_LINK_ETHERNET, program, &count, &offset), 0);
    ck_assert_uint_eq(count, needed);
}
END_TEST

START_TEST(filter_compile_refuses_null)
{
    size_t count = PS_FILTER_MAX, offset;

    ck_assert_code(ps_filter_compile("ip", PS_LINK_RAW, NULL, &count, &offset), PS_EFAULT);
    ck_assert_code(ps_filter_compile("ip", PS_LINK_RAW, program, NULL, &offset), PS_EFAULT);
    ck_assert_code(ps_filter_compile("ip", PS_LINK_RAW, program, &count, NULL), 0);
    count = PS_FILTER_MAX;
    ck_assert_code(ps_filter_compile(NULL, PS_LINK_RAW, program, &count, &offset), 0);
    ck_assert_uint_gt(ps_filter_run(program, count, packet, sizeof packet, sizeof packet), 0);
}
END_TEST

/* Appends `part` until the text is as long as it may be. */
static void repeat(char *text, size_t size, const char *part, int times)
{
    text[0] = '\0';
    while (times-- > 0) {
        ck_assert_uint_lt(strlen(text) + strlen(part), size);
        strcat(text, part);
    }
}

START_TEST(filter_compile_limits)
{
    static char text[1 << 16];
    size_t count, offset;

    /* far jumps */
    repeat(text, sizeof text, "port 9 or ", 100);
    strcat(text, "port 53");
    ck_assert(keeps(text));
    repeat(text, sizeof text, "not port 9 and ", 100);
    strcat(text, "port 53");
    ck_assert(keeps(text));
    repeat(text, sizeof text, "not port 9 and ", 100);
    strcat(text, "port 54");
    ck_assert(!keeps(text));
    /* too many parts; too many instructions; too deep; too long a word */
    repeat(text, sizeof text, "udp and ", 1000);
    strcat(text, "udp");
    ck_assert_code(compile(text, PS_LINK_RAW, &count, &offset), PS_BAD_FILTER);
    repeat(text, sizeof text, "host 2001:db8::1 and port 53 or ", 170);
    strcat(text, "udp");
    ck_assert_code(compile(text, PS_LINK_RAW, &count, &offset), PS_BAD_FILTER);
    repeat(text, sizeof text, "port 1 or ", 250);
    strcat(text, "udp");
    ck_assert_code(compile(text, PS_LINK_ETHERNET, &count, &offset), PS_BAD_LENGTH);
    repeat(text, sizeof text, "(", 5000);
    ck_assert_code(compile(text, PS_LINK_RAW, &count, &offset), PS_BAD_FILTER);
    repeat(text, sizeof text, "!", 5000);
    strcat(text, "udp");
    ck_assert_code(compile(text, PS_LINK_RAW, &count, &offset), PS_BAD_FILTER);
    repeat(text, sizeof text, "x", 5000);
    check_fault(text, PS_LINK_RAW, 0);
}
END_TEST

void add_filter_compile_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, filter_compile_keeps_and_drops);
    ADD_TEST_CASE(suite, filter_compile_says_where_the_fault_is);
    ADD_TEST_CASE(suite, filter_compile_knows_the_link);
    ADD_TEST_CASE(suite, filter_compile_needs_room);
    ADD_TEST_CASE(suite, filter_compile_refuses_null);
    ADD_TEST_CASE(suite, filter_compile_limits);
}
