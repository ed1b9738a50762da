/* What comes with a datagram on FreeBSD: address and interface are apart. The backend's file is
 * compiled with the names that this system has; the numbers have no meaning. */
#include "config.h"

#include "common/backend.h"
#include "test.h"

#if !PS__HAVE_AF_LINK
#include "bpf/net/if_dl.h"
#endif

#undef IP_PKTINFO
#undef IP_RECVPKTINFO
#undef IP_RECVDSTADDR
#undef IP_SENDSRCADDR
#undef IP_RECVIF
#define IP_RECVDSTADDR 1007
#define IP_SENDSRCADDR IP_RECVDSTADDR
#define IP_RECVIF 1020
#define setsockopt note_option
#define ps__sys_report_info bsd_report_info
#define ps__sys_read_info bsd_read_info
#define ps__sys_info_item bsd_info_item

static int options[4];
static int option_count, refused;

static int note_option(int h, int level, int name, const void *value, socklen_t size)
{
    (void)h;
    (void)level;
    (void)value;
    (void)size;
    options[option_count++] = name;
    errno = ENOPROTOOPT;
    return name == refused ? -1 : 0;
}

#include "posix/datagram_info.c"

START_TEST(bsd_info_asks_for_both)
{
    for (int on = 0; on < 2; on++) {
        option_count = 0;
        ck_assert_ok(bsd_report_info(1, AF_INET, PS_INFO_DESTINATION, on));
        ck_assert_int_eq(option_count, 2);
        ck_assert_int_eq(options[0], IP_RECVDSTADDR);
        ck_assert_int_eq(options[1], IP_RECVIF);
    }
    option_count = 0;
    ck_assert_ok(bsd_report_info(1, AF_INET6, PS_INFO_DESTINATION, true));
    ck_assert_ok(bsd_report_info(1, AF_INET, PS_INFO_TTL, true));
    ck_assert_ok(bsd_report_info(1, AF_INET, PS_INFO_TIME, true));
    ck_assert_int_eq(option_count, 3);
    ck_assert_code(bsd_report_info(1, AF_UNIX, PS_INFO_TTL, true), PS_EOPNOTSUPP);
    /* Neither is promised when one is missing. */
    option_count = 0;
    refused = IP_RECVIF;
    ck_assert_code(bsd_report_info(1, AF_INET, PS_INFO_DESTINATION, true), PS_ENOPROTOOPT);
    refused = 0;
}
END_TEST

START_TEST(bsd_info_reads_both)
{
    struct sockaddr_dl link = {
        .sdl_len = sizeof link, .sdl_family = AF_LINK, .sdl_index = 3, .sdl_data = "em0"};
    struct in_addr host = {ps_htonl(0x7f000001)};
    ps_control both[] = {
        {IPPROTO_IP, IP_RECVDSTADDR, &host, sizeof host},
        {IPPROTO_IP, IP_RECVIF, &link, offsetof(struct sockaddr_dl, sdl_data) + 3}};
    ps_receive_info info = {.fields = 0};

    for (int i = 0; i < 2; i++)
        bsd_read_info(&both[i], &info);
    ck_assert_uint_eq(info.fields, PS_INFO_DESTINATION | PS_INFO_INTERFACE);
    ck_assert(ps_addr_is_loopback(&info.destination));
    ck_assert_uint_eq(info.interface_index, 3);
    /* Of no interface, and cut. */
    info.fields = 0;
    link.sdl_index = 0;
    bsd_read_info(&both[1], &info);
    link.sdl_index = 3;
    both[1].size = 4;
    bsd_read_info(&both[1], &info);
    ck_assert_uint_eq(info.fields, 0);
}
END_TEST

void add_bsd_info_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, bsd_info_asks_for_both);
    ADD_TEST_CASE(suite, bsd_info_reads_both);
}
