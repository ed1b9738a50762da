/* Datagrams that Windows sends and receives together: see rules/datagrams_together.c. */
#include "layer.h"
#include "test.h"
#include "udp_pair.h"

START_TEST(datagrams_together_by_the_version)
{
    bool together = active_profile()->build >= WINDOWS_10_2004;
    udp_pair p = udp_pair_open(AF_INET);
    static char bytes[21][500];
    ps_datagram messages[21];

    ck_assert_code(ps_coalesce(&p.two), together ? 0 : PS_EOPNOTSUPP);
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < 21; i++) {
        messages[i].data = bytes[i];
        messages[i].size = i == 19 ? 7 : 500;
        messages[i].info.fields = PS_INFO_SENDER;
        messages[i].info.sender = p.two_address;
        memset(bytes[i], i, sizeof bytes[i]);
    }
    ck_assert_int_eq((int)ps_sendmany(&p.one, messages, 20, 0), 20);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq((int)ps_recv(&p.two, bytes[20], 500, 0), i == 19 ? 7 : 500);
        ck_assert_int_eq(bytes[20][6], i);
    }
    udp_pair_close(&p);
}
END_TEST

void add_datagrams_together_tests(Suite *suite);
void add_datagrams_together_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, datagrams_together_by_the_version);
}
