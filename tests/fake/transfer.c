#include "fake.h"

static char data[100];

START_TEST(sendall_goes_on_after_partial_sends)
{
    ps_sock s;
    size_t sent = 0;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_settimeout(&s, 1));
    expect(SYS_SEND, .size = 100, .result = 40);
    expect(SYS_SEND, .size = 60, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(10),
           .result = PS__WRITABLE);
    expect(SYS_SEND, .size = 60, .result = 60);
    ck_assert_ok(ps_sendall(&s, data, 100, 0, &sent));
    ck_assert_uint_eq(sent, 100);
    ck_assert_ok(ps_close(&s));
    fake_done();
}
END_TEST

void add_transfer_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, sendall_goes_on_after_partial_sends);
}
