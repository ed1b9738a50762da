/* A program with much thread-local storage, which C libraries take from the stack of each
 * thread. */
#include "test.h"

#define PATIENCE 15.0

/* More than the small stack of a thread that looks a name up. */
static _Thread_local volatile char storage[400 * 1024];

START_TEST(lookup_beside_much_thread_storage)
{
    ps_addrinfo *list;
    ps_addr a;
    char text[PS_HOST_MAX];

    storage[sizeof storage - 1] = 1;
    ck_assert_ok(
        ps_getaddrinfo_within("localhost", "80", 0, SOCK_STREAM, 0, 0, PATIENCE, NULL, &list));
    a = list->addr;
    ck_assert_ok(ps_getnameinfo_within(&a, 0, PATIENCE, NULL, text, sizeof text, NULL, 0));
    ps_freeaddrinfo(list);
}
END_TEST

void add_thread_storage_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, lookup_beside_much_thread_storage);
}
