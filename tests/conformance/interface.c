/* The interfaces of this machine. What there is differs from machine to machine; that loopback
 * is there does not. */
#include "test.h"

static const ps_interface *loopback(const ps_interface *list)
{
    while (list && !list->loopback)
        list = list->next;
    return list;
}

START_TEST(interfaces_have_names_and_numbers)
{
    ps_interface *list;
    unsigned before = 0;

    ck_assert_ok(ps_getinterfaces(&list));
    ck_assert_ptr_nonnull(list);
    for (const ps_interface *i = list; i; i = i->next) {
        unsigned index = 0;
        ck_assert_str_ne(i->name, "");
        ck_assert_ptr_nonnull(i->description);
        ck_assert_uint_gt(i->index, before);
        before = i->index;
        ck_assert_uint_le(i->hardware_length, sizeof i->hardware);
        /* Another process may take one away at any time. */
        if (ps_if_nametoindex(i->name, &index) == 0)
            ck_assert_uint_eq(index, i->index);
    }
    ps_freeinterfaces(list);
}
END_TEST

/* Rows: R178. */
START_TEST(interfaces_loopback_has_its_address)
{
    static const unsigned char expected[] = {127, 0, 0, 1};
    const ps_interface *lo;
    ps_interface *list;
    bool found = false;

    ck_assert_ok(ps_getinterfaces(&list));
    lo = loopback(list);
    ck_assert_ptr_nonnull(lo);
    ck_assert(lo->up);
    ck_assert(!lo->wireless);
    for (size_t n = 0; n < lo->address_count; n++) {
        const ps_addr *a = &lo->addresses[n];
        ck_assert(ps_addr_family(a) == AF_INET || ps_addr_family(a) == AF_INET6);
        ck_assert_int_eq(ps_addr_port(a), 0);
        ck_assert_uint_le(lo->prefix_lengths[n], ps_addr_family(a) == AF_INET ? 32 : 128);
        if (ps_addr_family(a) == AF_INET && memcmp(&a->in.sin_addr, expected, 4) == 0) {
            found = true;
            ck_assert_uint_eq(lo->prefix_lengths[n], 8);
        }
    }
    ck_assert(found);
    ps_freeinterfaces(list);
}
END_TEST

/* Every address can be bound to: scopes are right. */
/* Rows: R178. */
START_TEST(interfaces_addresses_are_this_machines)
{
    ps_interface *list;

    ck_assert_ok(ps_getinterfaces(&list));
    for (const ps_interface *i = list; i; i = i->next) {
        for (size_t n = 0; n < i->address_count && i->up; n++) {
            ps_sock s;
            int code;
            ck_assert_ok(ps_socket(&s, ps_addr_family(&i->addresses[n]), SOCK_DGRAM, 0));
            code = ps_bind(&s, &i->addresses[n]);
            /* An address that is still being looked for on its link cannot. */
            ck_assert(code == 0 || code == PS_EADDRNOTAVAIL);
            if (ps_addr_family(&i->addresses[n]) == AF_INET)
                ck_assert_code(code, 0);
            ck_assert_ok(ps_close(&s));
        }
    }
    ps_freeinterfaces(list);
}
END_TEST

START_TEST(interfaces_bad_input)
{
    ck_assert_code(ps_getinterfaces(NULL), PS_EFAULT);
    ps_freeinterfaces(NULL);
}
END_TEST

void add_interface_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, interfaces_have_names_and_numbers);
    ADD_TEST_CASE(suite, interfaces_loopback_has_its_address);
    ADD_TEST_CASE(suite, interfaces_addresses_are_this_machines);
    ADD_TEST_CASE(suite, interfaces_bad_input);
}
