/* The list of interfaces, as it is made of what a system hands over. */
#include "fake.h"

static const char *const two_addresses[] = {"192.0.2.1:0", "192.0.2.2:0", NULL};

START_TEST(interface_list_is_in_order)
{
    ps_interface *list;

    expect(SYS_INTERFACES, .number = 3, .addresses = two_addresses);
    ck_assert_ok(ps_getinterfaces(&list));
    ck_assert_uint_eq(list->index, 1);
    ck_assert_uint_eq(list->next->index, 2);
    ck_assert_uint_eq(list->next->next->index, 3);
    ck_assert(list->next->next->next == NULL);
    ck_assert_str_eq(list->name, "fake");
    ck_assert_str_eq(list->description, "of the script");
    ck_assert_uint_eq(list->address_count, 2);
    ck_assert_int_eq(list->prefix_lengths[1], 24);
    ps_freeinterfaces(list);
    fake_done();
}
END_TEST

START_TEST(interface_list_of_none)
{
    ps_interface *list;

    expect(SYS_INTERFACES);
    ck_assert_ok(ps_getinterfaces(&list));
    ck_assert(list == NULL);
    ck_assert_int_eq(ps_getinterfaces(NULL), PS_EFAULT);
    fake_done();
}
END_TEST

/* Those that were handed over before the failure are given back. */
START_TEST(interface_list_that_fails)
{
    ps_interface *list;

    expect(SYS_INTERFACES, .number = 2, .addresses = two_addresses, .result = PS_EMFILE);
    ck_assert_int_eq(ps_getinterfaces(&list), PS_EMFILE);
    ck_assert(list == NULL);
    fake_done();
}
END_TEST

START_TEST(interface_list_without_memory)
{
    enum { ALLOCATIONS = 2 * (1 + 2 * 2) };

    for (unsigned n = 1; n <= ALLOCATIONS; n++) {
        ps_interface *list;

        expect(SYS_INTERFACES, .number = 2, .addresses = two_addresses);
        fake_fail_allocation(n);
        ck_assert_int_eq(ps_getinterfaces(&list), PS_ENOMEM);
        ck_assert(fake_allocation_failed());
        ck_assert(list == NULL);
        fake_done();
    }
}
END_TEST

void add_interface_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, interface_list_is_in_order);
    ADD_TEST_CASE(suite, interface_list_of_none);
    ADD_TEST_CASE(suite, interface_list_that_fails);
    ADD_TEST_CASE(suite, interface_list_without_memory);
}
