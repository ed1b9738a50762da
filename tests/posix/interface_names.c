/* Interfaces whose names are numbers, or no text, in a network namespace of the test's own. */
/* All skipped: linux unless sys_admin */
#include "namespace.h"

#include <portsock-capture.h>

#include <stdio.h>

/* "7" is not the interface with the number 7, which is "right". */
static void enter(void)
{
    namespace_enter();
    namespace_run("ip link add 7 index 5 type veth peer name right index 7");
    namespace_run("ip link set 7 up && ip link set right up");
}

static unsigned scope_of(const ps_addr *a)
{
    unsigned scope = 0;

    ck_assert_ok(ps_addr_get_inet6(a, NULL, &scope));
    return scope;
}

START_TEST(interface_named_by_a_number_is_meant_by_its_name)
{
    static const struct {
        const char *host;
        unsigned scope;
    } rows[] = {{"fe80::1%7", 5},
                {"fe80::1%right", 7},
                {"fe80::1%5", 5},
                {"fe80::1%07", 7},
                {"fe80::1%8", 8}};

    enter();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        ps_addrinfo *list;
        ps_addr a;

        ck_assert_ok(ps_addr_inet6(&a, rows[i].host, 80, 0, 0));
        ck_assert_uint_eq(scope_of(&a), rows[i].scope);
        ck_assert_ok(ps_addr_literal(&a, rows[i].host, 80));
        ck_assert_uint_eq(scope_of(&a), rows[i].scope);
        snprintf(text, sizeof text, "[%s]:80", rows[i].host);
        ck_assert_ok(ps_addr_parse(&a, AF_INET6, text));
        ck_assert_uint_eq(scope_of(&a), rows[i].scope);
        ck_assert_ok(ps_getaddrinfo(rows[i].host, "80", AF_UNSPEC, SOCK_STREAM, 0, 0, &list));
        ck_assert_uint_eq(scope_of(&list->addr), rows[i].scope);
        ps_freeaddrinfo(list);
    }
}
END_TEST

/* The number is written so that it is not read as the name. */
START_TEST(interface_named_by_a_number_leaves_texts_what_they_mean)
{
    ps_addr a, b;

    enter();
    for (unsigned scope = 1; scope < 10; scope++) {
        char text[PS_ADDR_TEXT_MAX], host[PS_HOST_MAX];

        ck_assert_ok(ps_addr_inet6(&a, "fe80::1", 80, 0, scope));
        ck_assert_ok(ps_addr_format(&a, text, sizeof text));
        ck_assert_ok(ps_addr_parse(&b, AF_UNSPEC, text));
        ck_assert(ps_addr_equal(&a, &b));
        ck_assert_ok(ps_addr_get_host(&a, host, sizeof host));
        ck_assert_ok(ps_addr_literal(&b, host, 80));
        ck_assert(ps_addr_equal(&a, &b));
    }
}
END_TEST

/* Skipped: linux-s390x: it knows no packet sockets for captures */
START_TEST(interface_named_by_a_number_is_captured_by_its_name)
{
    static const char *const rows[][2] = {
        {"7", "7"}, {"5", "7"}, {"07", "right"}, {"right", "right"}};

    test_skip_under_qemu("it knows no packet sockets for captures");
    enter();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_capture_options options = PS_CAPTURE_OPTIONS_INIT;
        ps_capture *c;

        options.interface_name = rows[i][0];
        ck_assert_ok(ps_capture_open(&c, &options));
        ck_assert_str_eq(ps_capture_getinterface(c), rows[i][1]);
        ck_assert_ok(ps_capture_close(c));
    }
}
END_TEST

/* The kernel takes control characters in a name, but no white space. */
START_TEST(interface_whose_name_is_no_text_has_a_number_in_texts)
{
    static const unsigned char hardware[6] = {2, 0, 0, 0, 0, 1};
    char text[PS_ADDR_TEXT_MAX];
    ps_addr a, b;

    namespace_enter();
    namespace_run(
        "ip link add name \"$(printf 'a\\033[2J')\" index 5 type veth peer name other index 6");
    ck_assert_ok(ps_addr_packet(&a, "a\033[2J", 0x800, 0, 1, hardware, sizeof hardware));
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert_str_eq(text, "packet:#5:2048:0:1:020000000001");
    ck_assert_ok(ps_addr_parse(&b, AF_PACKET, text));
    ck_assert(ps_addr_equal(&a, &b));
    ck_assert_ok(ps_addr_literal(&a, "fe80::1%a\033[2J", 80));
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert_str_eq(text, "[fe80::1%5]:80");
}
END_TEST

void add_interface_names_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, interface_named_by_a_number_is_meant_by_its_name);
    ADD_TEST_CASE(suite, interface_named_by_a_number_leaves_texts_what_they_mean);
    ADD_TEST_CASE(suite, interface_named_by_a_number_is_captured_by_its_name);
    ADD_TEST_CASE(suite, interface_whose_name_is_no_text_has_a_number_in_texts);
}
