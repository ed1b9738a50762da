/* Captures of the library over the emulation, in a poller beside a socket. */
#include "test.h"

#include <portsock-capture.h>

enum { PATIENCE = 20 };

/* What a poller reports of a registration; 0: nothing. */
static int events_of(ps_poller *p, const void *data, double timeout)
{
    ps_event event;
    int count = ps_poller_wait(p, &event, 1, timeout, NULL);

    ck_assert_ok(count);
    if (count == 0)
        return 0;
    ck_assert_ptr_eq(event.data, data);
    return event.events;
}

static void receive_all(ps_capture *c)
{
    ps_packet packet;
    int code;

    do {
        code = ps_capture_next(c, &packet);
    } while (code == 1);
    ck_assert_code(code, PS_EWOULDBLOCK);
}

START_TEST(rules_capture_in_a_poller)
{
    ps_capture_options o = PS_CAPTURE_OPTIONS_INIT;
    ps_capture *c;
    ps_poller *p;
    ps_packet packet;
    ps_addr address;
    ps_sock s = PS_SOCK_INIT, idle = test_socket(AF_INET, SOCK_DGRAM);

    o.interface_name = "127.0.0.1";
    o.timeout = 0;
    test_bound(&s, AF_INET, SOCK_DGRAM, &address);
    ck_assert_ok(ps_poller_open(&p));
    ck_assert_ok(ps_poller_add(p, &idle, POLLIN, &idle));
    ck_assert_ok(ps_capture_open(&c, &o));
    ck_assert_ok(ps_poller_add_capture(p, c, &o));
    ck_assert_code(ps_poller_add_capture(p, c, &o), PS_EEXIST);
    ck_assert_int_eq(events_of(p, &o, 0.05), 0);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &address), 1);
        ck_assert_int_eq(events_of(p, &o, PATIENCE), POLLIN);
        ck_assert_int_eq(ps_capture_next(c, &packet), 1);
        receive_all(c);
        ck_assert_int_eq(events_of(p, &o, 0.05), 0);
    }
    ps_capture_stop(c);
    ck_assert_int_eq(events_of(p, &o, PATIENCE), POLLIN | POLLERR);
    ck_assert_code(ps_capture_next(c, &packet), PS_EINTR);
    receive_all(c);
    ck_assert_int_eq(events_of(p, &o, 0.05), 0);
    ck_assert_ok(ps_poller_remove_capture(p, c));
    ck_assert_code(ps_poller_remove_capture(p, c), PS_ENOENT);
    ck_assert_ok(ps_poller_add_capture(p, c, &o));
    ps_capture_close(c);
    ck_assert_int_eq(events_of(p, &o, 0), 0);
    ck_assert_ok(ps_poller_close(p));
    test_close(&s, &idle);
}
END_TEST

void add_captures_tests(Suite *suite);

void add_captures_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, rules_capture_in_a_poller);
}
