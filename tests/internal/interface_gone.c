/* ps_getinterfaces where interfaces go between the system's list and the questions about them.
 * The list and the answer to the question for a number are this file's: its functions stand in
 * front of the C library's. */
#include "test.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>

static struct sockaddr_in addresses[4];
static struct ifaddrs entries[4];
static int gone_error;
static int questions;

int getifaddrs(struct ifaddrs **list)
{
    *list = entries;
    return 0;
}

void freeifaddrs(struct ifaddrs *list)
{
    ck_assert(list == entries);
}

unsigned if_nametoindex(const char *name)
{
    questions++;
    if (name[0] == 'g') {
        errno = gone_error;
        return 0;
    }
    return (unsigned)(name[1] - '0');
}

/* Names of one letter and one digit, the interface's number, which is refused for a g; address
 * 10.0.0.N of the entry N. */
static ps_interface *read_interfaces(const char *const names[4], int error)
{
    ps_interface *list;

    for (int i = 0; i < 4; i++) {
        unsigned char host[4] = {10, 0, 0, (unsigned char)i};

        addresses[i].sin_family = AF_INET;
        memcpy(&addresses[i].sin_addr, host, sizeof host);
        entries[i].ifa_name = (char *)(uintptr_t)names[i];
        entries[i].ifa_addr = (struct sockaddr *)(void *)&addresses[i];
        entries[i].ifa_next = i < 3 ? &entries[i + 1] : NULL;
    }
    gone_error = error;
    ck_assert_ok(ps_getinterfaces(&list));
    return list;
}

static void assert_interface(const ps_interface *i, const char *name, size_t count,
                             const char *last)
{
    char text[PS_ADDR_TEXT_MAX];

    ck_assert_str_eq(i->name, name);
    ck_assert_uint_eq(i->address_count, count);
    ck_assert_ok(ps_addr_format(&i->addresses[count - 1], text, sizeof text));
    ck_assert_str_eq(text, last);
}

START_TEST(interface_that_has_gone_is_left_out_with_its_addresses)
{
    static const char *const names[4] = {"g1", "x2", "g3", "x4"};
    ps_interface *list = read_interfaces(names, ENODEV);

    assert_interface(list, "x2", 1, "10.0.0.1:0");
    assert_interface(list->next, "x4", 1, "10.0.0.3:0");
    ck_assert(list->next->next == NULL);
    ps_freeinterfaces(list);
}
END_TEST

START_TEST(interfaces_may_all_have_gone)
{
    static const char *const names[4] = {"g1", "g1", "g1", "g1"};
    ps_interface *list = read_interfaces(names, ENXIO);

    ck_assert(list == NULL);
}
END_TEST

/* Nothing else tells the number here, so it cannot be given. */
START_TEST(interface_whose_number_is_refused)
{
    static const char *const names[4] = {"g1", "x2", "x2", "x2"};
    ps_interface *list = read_interfaces(names, EPERM);

    assert_interface(list, "x2", 3, "10.0.0.3:0");
    ck_assert(list->next == NULL);
    ps_freeinterfaces(list);
}
END_TEST

START_TEST(interface_is_asked_for_once)
{
    static const char *const names[4] = {"x1", "x2", "x1:0", "x2"};
    ps_interface *list = read_interfaces(names, 0);

    assert_interface(list, "x1", 2, "10.0.0.2:0");
    assert_interface(list->next, "x2", 2, "10.0.0.3:0");
    ck_assert_int_eq(questions, 2);
    ps_freeinterfaces(list);
}
END_TEST

void add_interface_gone_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, interface_that_has_gone_is_left_out_with_its_addresses);
    ADD_TEST_CASE(suite, interfaces_may_all_have_gone);
    ADD_TEST_CASE(suite, interface_whose_number_is_refused);
    ADD_TEST_CASE(suite, interface_is_asked_for_once);
}
