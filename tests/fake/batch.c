/* Batches of datagrams, and those that come together: what a real system does only at times. */
#include "fake.h"

#include "common/socket/call.h"
#include "common/transfer/coalescing.h"

enum { COUNT = 4, LENGTH = 100 };

static char bytes[COUNT][LENGTH];
static ps_datagram messages[130];

/* Datagrams of one size to one address, all of one buffer. */
static void fill(size_t count, size_t size)
{
    memset(messages, 0, sizeof messages);
    for (size_t i = 0; i < count; i++) {
        messages[i] = (ps_datagram){
            .data = bytes[i % COUNT],
            .size = size,
            .info = {.fields = PS_INFO_SENDER, .sender = fake_address("127.0.0.1:7")}};
    }
}

static void udp(ps_sock *s, double timeout)
{
    fake_socket(s, AF_INET, SOCK_DGRAM);
    fake_timeout(s, timeout);
}

static ptrdiff_t send_all(ps_sock *s, size_t count)
{
    return ps_sendmany(s, messages, count, 0);
}

/* ---- sending --------------------------------------------------------------------------------- */

/* Runs of equal sizes are one message each; the system takes the messages in parts. */
START_TEST(batch_goes_in_parts)
{
    ps_sock s;

    udp(&s, 1);
    fill(6, 100);
    messages[2].size = 50;
    messages[5].info.sender = fake_address("127.0.0.1:8");
    expect(SYS_CAN_SEGMENT, .result = 1);
    expect(SYS_SENDMANY, .value = 3, .size = 550, .result = 1);
    expect(SYS_SENDMANY, .value = 2, .size = 300, .result = PS_EWOULDBLOCK);
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:9");
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = SECONDS(1), .result = PS__WRITABLE);
    expect(SYS_SENDMANY, .value = 2, .size = 300, .result = PS_EINTR);
    expect(SYS_SENDMANY, .value = 2, .size = 300, .result = 2);
    ck_assert_int_eq((int)send_all(&s, 6), 6);

    /* What one call takes. */
    fill(130, 10);
    expect(SYS_CAN_SEGMENT, .result = 1);
    expect(SYS_SENDMSG, .size = 640, .result = 640);
    expect(SYS_SENDMSG, .size = 640, .result = 640);
    expect(SYS_SENDMSG, .size = 20, .result = 20);
    ck_assert_int_eq((int)send_all(&s, 130), 130);
    ck_assert_int_eq((int)messages[129].count, 10);
    fake_end(&s);
}
END_TEST

START_TEST(batch_ends_with_the_time)
{
    ps_sock s;

    udp(&s, 1);
    fill(3, 100);
    messages[0].size = 10;
    messages[1].size = 20;
    expect(SYS_SENDMANY, .value = 3, .result = 1);
    expect(SYS_SENDMANY, .value = 2, .result = PS_EWOULDBLOCK);
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:9");
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    ck_assert_int_eq((int)send_all(&s, 3), 1);
    ck_assert_code(messages[1].count, PS_TIMED_OUT);
    ck_assert_code(messages[2].count, PS_ECANCELED);
    fake_timeout(&s, 0);
    expect(SYS_SENDMANY, .value = 3, .result = PS_EWOULDBLOCK);
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:9");
    ck_assert_code(send_all(&s, 3), PS_EWOULDBLOCK);
    ck_assert_code(messages[0].count, PS_EWOULDBLOCK);
    fake_end(&s);
}
END_TEST

/* An error is that of the first that it is about; the run it is in did not go. */
START_TEST(batch_with_an_error_in_the_middle)
{
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_DGRAM);
    fake_timeout(&s, 1);
    fill(4, 100);
    for (int i = 0; i < 4; i++)
        messages[i].info.fields = 0;
    messages[0].size = 10;
    expect(SYS_CAN_SEGMENT, .result = 1);
    expect(SYS_SENDMANY, .value = 2, .result = 1);
    expect(SYS_SENDMSG, .size = 300, .result = PS_ECONNREFUSED);
    ck_assert_int_eq((int)send_all(&s, 4), 1);
    ck_assert_code(messages[1].count, PS_ECONNREFUSED);
    ck_assert_code(messages[2].count, PS_ECANCELED);
    fake_end(&s);
}
END_TEST

/* What the system does not take as one message goes one by one. */
START_TEST(batch_is_not_cut_up)
{
    static const int refusals[] = {PS_EINVAL,  PS_EMSGSIZE,   PS_EIO,
                                   PS_ENOBUFS, PS_EOPNOTSUPP, PS_ENOPROTOOPT};
    ps_sock s;

    udp(&s, 1);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        fill(3, 100);
        expect(SYS_CAN_SEGMENT, .result = 1);
        expect(SYS_SENDMSG, .size = 300, .result = refusals[i]);
        expect(SYS_SENDMANY, .value = 3, .size = 300, .result = 2);
        expect(SYS_SENDMSG, .size = 100, .result = refusals[i]);
        if (refusals[i] == PS_ENOBUFS)
            expect(SYS_GETSOCKNAME, .from = "127.0.0.1:9");
        ck_assert_int_eq((int)send_all(&s, 3), 2);
        ck_assert_code(messages[2].count, refusals[i]);
    }
    fill(3, 100);
    expect(SYS_CAN_SEGMENT, .result = 0);
    expect(SYS_SENDMANY, .value = 3, .result = 3);
    ck_assert_int_eq((int)send_all(&s, 3), 3);
    /* Flags may be about one message. */
    expect(SYS_SENDMANY, .value = 3, .flags = MSG_DONTROUTE, .result = 3);
    ck_assert_int_eq((int)ps_sendmany(&s, messages, 3, MSG_DONTROUTE), 3);
    fake_end(&s);

    fake_socket(&s, AF_INET, SOCK_RAW);
    expect(SYS_SENDMANY, .value = 3, .result = 3);
    ck_assert_int_eq((int)send_all(&s, 3), 3);
    fake_end(&s);
    expect(SYS_SOCKET, .proto = 136);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 136));
    expect(SYS_SENDMANY, .value = 3, .result = 3);
    ck_assert_int_eq((int)send_all(&s, 3), 3);
    ck_assert_code(ps_coalesce(&s), PS_EOPNOTSUPP);
    fake_end(&s);
    expect(SYS_SOCKET, .proto = IPPROTO_UDP);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, IPPROTO_UDP));
    expect(SYS_CAN_SEGMENT, .result = 1);
    expect(SYS_SENDMSG, .result = 300);
    ck_assert_int_eq((int)send_all(&s, 3), 3);
    fake_timeout(&s, 1);
    expect(SYS_COALESCE, .result = PS_EOPNOTSUPP);
    ck_assert_code(ps_coalesce(&s), PS_EOPNOTSUPP);
    fake_end(&s);
}
END_TEST

/* Where no call takes several: with messages of many datagrams, and without. */
START_TEST(batch_one_message_at_a_time)
{
    ps_sock s;

    udp(&s, 1);
    fill(5, 100);
    messages[3].size = messages[4].size = 10;
    expect(SYS_CAN_SEGMENT, .result = 1);
    expect(SYS_SENDMANY, .value = 2, .result = PS_EOPNOTSUPP);
    expect(SYS_SENDMSG, .size = 310, .result = 310);
    expect(SYS_SENDMSG, .size = 10, .result = 10);
    ck_assert_int_eq((int)send_all(&s, 5), 5);

    fake_timeout(&s, PS_NO_TIMEOUT);
    expect(SYS_CAN_SEGMENT, .result = 0);
    expect(SYS_SENDMANY, .value = 5, .result = PS_EOPNOTSUPP);
    expect(SYS_SENDMSG, .times = 5, .result = 100);
    ck_assert_int_eq((int)send_all(&s, 5), 5);
    fake_end(&s);
}
END_TEST

/* No wait reports when an AF_UNIX socket has space. */
START_TEST(batch_waits_for_another_socket)
{
    ps_sock s;

    fake_socket(&s, AF_UNIX, SOCK_DGRAM);
    fake_timeout(&s, 1);
    fill(2, 100);
    messages[0].info.sender = messages[1].info.sender = fake_address("unix:/peer");
    messages[1].info.fields |= PS_INFO_TTL; /* not of this family */
    expect(SYS_SENDMANY, .value = 2, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = MILLISECONDS(2));
    expect(SYS_SENDMANY, .value = 2, .result = 2);
    ck_assert_int_eq((int)send_all(&s, 2), 2);
    fake_end(&s);
}
END_TEST

static void expect_fields(const ps_control *items, size_t count, const ps_sock *s)
{
    ps_sock *sock = (ps_sock *)(uintptr_t)s;

    expect(SYS_SENDMSG, .controls = items, .control_count = count, .result = 100);
    ck_assert_int_eq((int)send_all(sock, 1), 1);
}

/* A group's or a broadcast's address is nobody's source. */
START_TEST(batch_with_what_belongs_to_each)
{
    enum { LEVEL = FAKE_INFO_LEVEL };
    const ps_control all[] = {{LEVEL, PS_INFO_DESTINATION, NULL, 4},
                              {LEVEL, PS_INFO_TTL, NULL, 4},
                              {LEVEL, PS_INFO_TOS, NULL, 4}};
    const ps_control six = {LEVEL, PS_INFO_DESTINATION, NULL, 16};
    static const char *const nobodies[] = {"224.0.0.1:0", "255.255.255.255:0"};
    ps_receive_info *info = &messages[0].info;
    ps_sock s;

    udp(&s, 1);
    fill(1, 100);
    info->destination = fake_address("127.0.0.1:0");
    info->fields |=
        PS_INFO_DESTINATION | PS_INFO_INTERFACE | PS_INFO_TTL | PS_INFO_TOS | PS_INFO_TIME;
    expect_fields(all, 3, &s);
    info->fields = PS_INFO_SENDER | PS_INFO_DESTINATION;
    expect_fields(all, 1, &s);
    info->fields = PS_INFO_SENDER | PS_INFO_INTERFACE;
    expect_fields(all, 1, &s);
    info->fields = PS_INFO_SENDER | PS_INFO_TTL;
    expect_fields(all + 1, 1, &s);
    for (int i = 0; i < 2; i++) {
        info->fields = PS_INFO_SENDER | PS_INFO_DESTINATION | PS_INFO_TOS;
        info->destination = fake_address(nobodies[i]);
        expect_fields(all + 2, 1, &s);
    }
    info->destination.len = 0;
    expect_fields(all + 2, 1, &s);
    /* Nor is the interface used then, where it cannot be set without a source. */
    info->interface_index = (unsigned)-1;
    info->fields |= PS_INFO_INTERFACE;
    expect_fields(all + 2, 1, &s);
    info->fields = PS_INFO_SENDER | PS_INFO_INTERFACE;
    ck_assert_code(send_all(&s, 1), PS_EOPNOTSUPP);
    info->fields = PS_INFO_SENDER | PS_INFO_DESTINATION | PS_INFO_TOS;
    info->tos = -1;
    ck_assert_code(send_all(&s, 1), PS_EOPNOTSUPP);
    fake_end(&s);

    fake_connected(&s, AF_INET6, SOCK_DGRAM);
    info->tos = 1;
    info->fields = PS_INFO_TOS | PS_INFO_DESTINATION;
    info->destination = fake_address("[::1]:0");
    expect(SYS_SENDMSG, .controls = &six, .control_count = 1, .result = 100);
    ck_assert_int_eq((int)send_all(&s, 1), 1);
    fake_end(&s);
}
END_TEST

/* Of IPv4 on a socket of IPv6: the interface stays, and the source that cannot be one is left open
 * by the mapped address that says so. */
START_TEST(batch_with_mapped_sources)
{
    static const char *const nobodies[] = {"[::ffff:224.0.0.1]:0", "[::ffff:255.255.255.255]:0"};
    unsigned char open[16] = {[10] = 0xff, 0xff}, one[16] = {[10] = 0xff, 0xff, 127, 0, 0, 1};
    ps_control item = {FAKE_INFO_LEVEL, PS_INFO_DESTINATION, open, sizeof open};
    ps_receive_info *info = &messages[0].info;
    ps_sock s;

    fake_socket(&s, AF_INET6, SOCK_DGRAM);
    fill(1, 100);
    info->sender = fake_address("[::ffff:127.0.0.1]:7");
    for (int i = 0; i < 2; i++) {
        info->fields = PS_INFO_SENDER | PS_INFO_DESTINATION | PS_INFO_INTERFACE;
        info->destination = fake_address(nobodies[i]);
        expect_fields(&item, 1, &s);
        info->fields = PS_INFO_SENDER | PS_INFO_INTERFACE;
        expect_fields(&item, 1, &s);
        info->fields = PS_INFO_SENDER | PS_INFO_DESTINATION;
        expect_fields(NULL, 0, &s);
    }
    item.data = one;
    info->fields = PS_INFO_SENDER | PS_INFO_DESTINATION | PS_INFO_INTERFACE;
    info->destination = fake_address("[::ffff:127.0.0.1]:0");
    expect_fields(&item, 1, &s);
    info->sender = fake_address("[::1]:7");
    info->fields = PS_INFO_SENDER | PS_INFO_INTERFACE;
    item.size = 4;
    item.data = NULL;
    expect_fields(&item, 1, &s);
    fake_end(&s);

    fake_connected(&s, AF_INET6, SOCK_DGRAM);
    info->fields = PS_INFO_DESTINATION | PS_INFO_INTERFACE;
    info->destination = fake_address(nobodies[0]);
    item.size = sizeof open;
    item.data = open;
    expect_fields(&item, 1, &s);
    fake_end(&s);
}
END_TEST

/* That it is a network's broadcast is found when the system refuses it. */
START_TEST(batch_with_sources_that_are_broadcasts)
{
    static const char *const own[] = {"[2001:db8::1]:0", "192.0.2.1:0", NULL};
    static const char *const others[] = {"192.0.3.1:0", NULL};
    static const int refusals[] = {PS_EINVAL, PS_EADDRNOTAVAIL, PS_ENETUNREACH, PS_EHOSTUNREACH};
    const ps_control tos = {FAKE_INFO_LEVEL, PS_INFO_TOS, NULL, 4};
    const ps_control both[] = {{FAKE_INFO_LEVEL, PS_INFO_DESTINATION, NULL, 4}, tos};
    ps_sock s;

    udp(&s, 1);
    for (int i = 0; i < 4; i++) {
        fill(3, 100);
        for (int k = 0; k < 3; k++) {
            messages[k].size = 100 + (size_t)k;
            messages[k].info.fields = PS_INFO_SENDER | PS_INFO_DESTINATION | PS_INFO_TOS;
            messages[k].info.destination = fake_address(k == 1 ? own[1] : "192.0.2.255:0");
        }
        expect(SYS_SENDMANY, .value = 3, .result = refusals[i]);
        expect(SYS_INTERFACES, .number = 1, .addresses = own);
        expect(SYS_SENDMANY, .value = 3, .result = 1);
        expect(SYS_SENDMANY, .value = 2, .result = 1);
        expect(SYS_SENDMSG, .controls = &tos, .control_count = 1, .result = 102);
        ck_assert_int_eq((int)send_all(&s, 3), 3);
    }
    /* Any other is the program's fault, and so is a network of two. */
    expect(SYS_SENDMSG, .controls = both, .control_count = 2, .result = PS_EINVAL);
    expect(SYS_INTERFACES, .number = 1, .addresses = others);
    ck_assert_code(send_all(&s, 1), PS_EINVAL);
    expect(SYS_SENDMSG, .controls = both, .control_count = 2, .result = PS_EINVAL);
    expect(SYS_INTERFACES, .number = 1, .addresses = own, .says = 31);
    ck_assert_code(send_all(&s, 1), PS_EINVAL);
    expect(SYS_SENDMSG, .controls = both, .control_count = 2, .result = PS_EACCES);
    ck_assert_code(send_all(&s, 1), PS_EACCES);
    messages[0].info.fields = PS_INFO_SENDER | PS_INFO_TOS;
    expect(SYS_SENDMSG, .controls = &tos, .control_count = 1, .result = PS_EINVAL);
    ck_assert_code(send_all(&s, 1), PS_EINVAL);
    fake_end(&s);

    fake_socket(&s, AF_INET6, SOCK_DGRAM);
    messages[0].info.fields = PS_INFO_SENDER | PS_INFO_DESTINATION;
    messages[0].info.sender = fake_address("[::1]:7");
    messages[0].info.destination = fake_address("[2001:db8::2]:0");
    expect(SYS_SENDMSG, .result = PS_EINVAL);
    ck_assert_code(send_all(&s, 1), PS_EINVAL);
    messages[0].info.sender = fake_address("[::ffff:127.0.0.1]:7");
    messages[0].info.destination = fake_address("[::ffff:192.0.2.255]:0");
    expect(SYS_SENDMSG, .result = PS_EINVAL);
    expect(SYS_INTERFACES, .number = 1, .addresses = own);
    expect(SYS_SENDMSG, .result = 100);
    ck_assert_int_eq((int)send_all(&s, 1), 1);
    fake_end(&s);
}
END_TEST

/* Only what is alike goes together. */
START_TEST(batch_of_unlike_datagrams)
{
    const unsigned all =
        PS_INFO_SENDER | PS_INFO_DESTINATION | PS_INFO_INTERFACE | PS_INFO_TTL | PS_INFO_TOS;
    ps_sock s;

    udp(&s, 1);
    for (int difference = 0; difference < 8; difference++) {
        fill(3, 100);
        for (int i = 0; i < 3; i++) {
            messages[i].info.fields = all;
            messages[i].info.destination = fake_address("127.0.0.1:0");
        }
        switch (difference) {
        case 0:
            messages[2].info.fields = all & ~(unsigned)PS_INFO_TTL;
            break;
        case 1:
            messages[2].info.sender = fake_address("127.0.0.2:7");
            break;
        case 2:
            messages[2].info.destination = fake_address("127.0.0.2:0");
            break;
        case 3:
            messages[2].info.interface_index = 1;
            break;
        case 4:
            messages[2].info.ttl = 1;
            break;
        case 5:
            messages[2].info.tos = 1;
            break;
        case 6:
            messages[2].size = 101;
            break;
        default:
            messages[2].size = 0;
            break;
        }
        expect(SYS_CAN_SEGMENT, .result = 1);
        expect(SYS_SENDMANY, .value = 2, .result = 2);
        ck_assert_int_eq((int)send_all(&s, 3), 3);
    }
    /* One that cannot go is not in a run; nor is more than a message may have. */
    fill(3, 100);
    messages[2].data = NULL;
    expect(SYS_CAN_SEGMENT, .result = 1);
    expect(SYS_SENDMSG, .size = 200, .result = 200);
    ck_assert_int_eq((int)send_all(&s, 3), 2);
    ck_assert_code(messages[2].count, PS_EFAULT);
    fill(3, 30000);
    expect(SYS_CAN_SEGMENT, .result = 1);
    expect(SYS_SENDMANY, .value = 2, .result = 2);
    ck_assert_int_eq((int)send_all(&s, 3), 3);
    fake_end(&s);
}
END_TEST

/* ---- receiving ------------------------------------------------------------------------------- */

static ptrdiff_t receive(ps_sock *s, size_t count)
{
    fill(count, LENGTH);
    return ps_recvmany(s, messages, count, 0);
}

START_TEST(batch_comes_in_parts)
{
    ps_sock s;

    udp(&s, 1);
    expect(SYS_RECVMANY, .value = 4, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__READABLE, .nanoseconds = SECONDS(1), .result = PS__READABLE);
    expect(SYS_RECVMANY, .value = 4, .result = PS_EINTR);
    expect(SYS_RECVMANY, .value = 4, .result = 2, .number = 10, .from = "127.0.0.1:7",
           .says = MSG_TRUNC);
    ck_assert_int_eq((int)receive(&s, 4), 2);
    ck_assert_int_eq((int)messages[1].count, 10);
    ck_assert_uint_eq(messages[1].info.fields, PS_INFO_SENDER);
    ck_assert_int_eq(messages[1].info.flags, MSG_TRUNC);
    ck_assert_code(messages[2].count, PS_EWOULDBLOCK);

    /* Without a wait after the first, and an error that the system reports once is not lost. */
    expect(SYS_RECVMANY, .value = 64, .result = 64, .number = 10);
    expect(SYS_RECVMANY, .value = 64, .flags = PS__AT_ONCE ? PS__AT_ONCE : FAKE_ZERO,
           .result = PS_ECONNREFUSED);
    ck_assert_int_eq((int)receive(&s, 130), 64);
    ck_assert_code(messages[64].count, PS_ECONNREFUSED);
    expect(SYS_RECVMANY, .result = PS_ECONNREFUSED);
    ck_assert_code(receive(&s, 2), PS_ECONNREFUSED);
    ck_assert_code(messages[0].count, PS_ECONNREFUSED);
    fill(2, LENGTH);
    expect(SYS_RECVMANY, .result = PS_EWOULDBLOCK);
    if (PS__ERROR_QUEUE == 0)
        expect(SYS_WAIT, .advance = SECONDS(1));
    ck_assert_code(ps_recvmany(&s, messages, 2, PS__ERROR_QUEUE),
                   PS__ERROR_QUEUE ? PS_EWOULDBLOCK : PS_TIMED_OUT);
    fake_end(&s);
}
END_TEST

/* Where no call takes several. */
START_TEST(batch_comes_one_by_one)
{
    const int ttl = 7;
    ps_control items[] = {{FAKE_INFO_LEVEL, PS_INFO_TTL, &ttl, sizeof ttl}, {1, 2, &ttl, 4}};
    ps_sock s;

    udp(&s, 1);
    expect(SYS_RECVMANY, .value = 4, .result = PS_EOPNOTSUPP);
    expect(SYS_RECVMSG, .data = "a", .result = 1, .controls = items, .control_count = 2);
    expect(SYS_RECVMSG, .data = "", .result = 0, .from = "127.0.0.1:7", .rights = 1);
    expect(SYS_RECVMSG, .result = PS_EWOULDBLOCK);
    ck_assert_int_eq((int)receive(&s, 4), 2);
    ck_assert_uint_eq(messages[0].info.fields, PS_INFO_TTL);
    ck_assert_int_eq(messages[0].info.ttl, 7);
    ck_assert_uint_eq(messages[1].info.fields, PS_INFO_SENDER);
    ck_assert_code(messages[2].count, PS_EWOULDBLOCK);
    expect(SYS_RECVMSG, .data = "a", .result = 1);
    ck_assert_int_eq((int)receive(&s, 1), 1);
    fake_end(&s);
}
END_TEST

static void shut(void *sock)
{
    ps__set_flags(sock, PS__SHUT_RECEIVE);
}

/* The system returns datagrams without anything then. */
START_TEST(batch_ended_by_another_thread)
{
    ps_sock s;

    udp(&s, 1);
    expect(SYS_RECVMANY, .value = 4, .result = 4, .number = 0, .during = shut, .context = &s);
    ck_assert_int_eq((int)receive(&s, 4), 0);
    ck_assert_int_eq((int)receive(&s, 4), 0);
    fake_end(&s);

    udp(&s, 1);
    expect(SYS_RECVMANY, .value = 4, .result = 3, .number = 1, .during = shut, .context = &s);
    ck_assert_int_eq((int)receive(&s, 4), 3);
    fake_end(&s);

    udp(&s, 1);
    expect(SYS_RECVMANY, .value = 64, .result = 64, .number = 0, .from = "127.0.0.1:7",
           .during = shut, .context = &s);
    ck_assert_int_eq((int)receive(&s, 70), 64);
    fake_end(&s);

    /* One without bytes, from a socket without a name, that has brought a descriptor. */
    fake_socket(&s, AF_UNIX, SOCK_DGRAM);
    fake_timeout(&s, 1);
    expect(SYS_RECVMANY, .value = 4, .result = 3, .number = 0, .rights = 2, .during = shut,
           .context = &s);
    ck_assert_int_eq((int)receive(&s, 4), 3);
    fake_end(&s);

    udp(&s, 1);
    expect(SYS_RECVMANY, .result = PS_ENOTCONN, .during = shut, .context = &s);
    ck_assert_int_eq((int)receive(&s, 4), 0);
    fake_end(&s);

    udp(&s, 1);
    expect(SYS_RECVMANY, .value = 4, .result = 4, .number = 0, .during = fake_begin_closing,
           .context = &s);
    ck_assert_code(receive(&s, 4), PS_EBADF);
    s.calls = 0; /* as if it had not begun */
    fake_end(&s);
}
END_TEST

/* ---- what is to be known --------------------------------------------------------------------- */

START_TEST(batch_info_that_a_system_lacks)
{
    ps_sock s;

    fake_socket(&s, AF_INET6, SOCK_DGRAM);
    expect(SYS_REPORT_INFO, .name = PS_INFO_DESTINATION, .mode = FAKE_ON, .result = PS_EINVAL);
    expect(SYS_REPORT_INFO, .family = AF_INET6, .name = PS_INFO_TTL, .mode = FAKE_ON);
    expect(SYS_REPORT_INFO, .family = AF_INET, .name = PS_INFO_TTL, .mode = FAKE_ON);
    expect(SYS_REPORT_INFO, .family = AF_INET6, .name = PS_INFO_TOS, .mode = FAKE_OFF);
    expect(SYS_REPORT_INFO, .family = AF_INET, .name = PS_INFO_TOS, .mode = FAKE_OFF);
    expect(SYS_REPORT_INFO, .name = PS_INFO_TIME, .mode = FAKE_OFF);
    ck_assert_int_eq(ps_setreceiveinfo(&s, PS_INFO_INTERFACE | PS_INFO_TTL), PS_INFO_TTL);
    fake_end(&s);
}
END_TEST

/* ---- together -------------------------------------------------------------------------------- */

static void make_coalescing(ps_sock *s, double timeout)
{
    udp(s, timeout);
    if (timeout == PS_NO_TIMEOUT)
        expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_COALESCE);
    ck_assert_ok(ps_coalesce(s));
}

/* Datagrams of two bytes, the last of one, with an item of their own. */
static const int size_of_one = 2, ttl_of_all = 9;
static const ps_control together[] = {{FAKE_SIZE_LEVEL, 2, &size_of_one, sizeof size_of_one},
                                      {FAKE_INFO_LEVEL, PS_INFO_TTL, &ttl_of_all, 4}};
#define EXPECT_TOGETHER(text)                                                     \
    expect(SYS_RECVMSG, .size = 65536, .data = text, .result = (int)strlen(text), \
           .from = "127.0.0.1:7", .controls = together, .control_count = 2)

START_TEST(coalescing_gives_single_datagrams)
{
    ps_pollfd entry = {.events = POLLIN};
    ps_control items[2];
    ps_buffer two[3] = {{bytes[0], 1}, {bytes[2], 0}, {bytes[1], LENGTH}};
    size_t count = 2;
    char room[100];
    int flags = 0;
    ps_addr from;
    ps_sock s;

    make_coalescing(&s, PS_NO_TIMEOUT);
    entry.sock = &s;
    ck_assert_ok(ps_coalesce(&s));
    EXPECT_TOGETHER("aabbccd");
    ck_assert_int_eq((int)ps_recvfrom(&s, bytes[0], LENGTH, MSG_PEEK, &from), 2);
    ck_assert_int_eq(ps_addr_port(&from), 7);
    ck_assert_int_eq((int)ps_recv(&s, bytes[0], 1, MSG_TRUNC), 2);
    ck_assert_int_eq((int)ps_recvmsg(&s, two, 3, items, &count, room, sizeof room, &flags, NULL),
                     2);
    ck_assert_int_eq(bytes[0][0] + bytes[1][0], 'b' + 'b');
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(items[0].type, PS_INFO_TTL);
    ck_assert_int_eq(flags, 0);
    /* No system reports these two, so no wait may go by the system alone. */
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(ps_poll(&entry, 1, 5), 1);
    ck_assert_int_eq(entry.revents, POLLIN);
    count = 2;
    ck_assert_int_eq((int)ps_recvmsg(&s, two, 1, items, &count, room, 8, &flags, NULL), 1);
    ck_assert_int_eq(flags, MSG_TRUNC | MSG_CTRUNC);
    ck_assert_uint_eq(count, 0);
    /* And then what is not there yet: the error belongs to the second of the batch. */
    expect(SYS_RECVMSG, .size = 65536, .result = PS_EWOULDBLOCK);
    ck_assert_int_eq((int)receive(&s, 3), 1);
    ck_assert_int_eq((int)messages[0].count, 1);
    ck_assert_int_eq(messages[0].info.ttl, 9);
    ck_assert_code(messages[1].count, PS_EWOULDBLOCK);
    /* Alone, without bytes, or with a size that it has not. */
    expect(SYS_RECVMSG, .size = 65536, .data = "abc", .result = 3);
    ck_assert_int_eq((int)ps_recv(&s, bytes[0], LENGTH, 0), 3);
    expect(SYS_RECVMSG, .size = 65536, .result = 0);
    ck_assert_int_eq((int)ps_recv(&s, bytes[0], LENGTH, 0), 0);
    EXPECT_TOGETHER("a");
    ck_assert_int_eq((int)ps_recvmsg(&s, two, 0, NULL, NULL, NULL, 0, NULL, NULL), 0);
    EXPECT_TOGETHER("aa");
    ck_assert_int_eq((int)receive(&s, 1), 1);
    /* What is not in the queue of datagrams. */
    expect(SYS_RECVMSG, .flags = MSG_OOB, .size = LENGTH, .result = PS_EOPNOTSUPP);
    ck_assert_code(ps_recvmany(&s, messages, 2, MSG_OOB), PS_EOPNOTSUPP);
    expect(SYS_RECVMSG, .flags = MSG_OOB, .size = LENGTH, .result = PS_EOPNOTSUPP);
    ck_assert_code(ps_recv(&s, bytes[0], LENGTH, MSG_OOB), PS_EOPNOTSUPP);
    fake_end(&s);
}
END_TEST

static void receive_one(void *sock)
{
    ck_assert_int_eq((int)ps_recv(sock, bytes[3], LENGTH, 0), 2);
}

/* Another thread has received what the system would have reported. */
START_TEST(coalescing_wakes_other_threads)
{
    ps_sock s;

    make_coalescing(&s, 1);
    expect(SYS_RECVMSG, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50));
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .during = receive_one, .context = &s);
    EXPECT_TOGETHER("aabb");
    ck_assert_int_eq((int)ps_recv(&s, bytes[0], LENGTH, 0), 2);
    ck_assert_int_eq(bytes[0][0], 'b');
    expect(SYS_RECVMSG, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .result = PS_ENOMEM);
    ck_assert_code(ps_recv(&s, bytes[0], LENGTH, 0), PS_ENOMEM);
    fake_end(&s);
}
END_TEST

static void hold(ps_sock *s, unsigned short holder)
{
    atomic_store(&atomic_load(&ps__attached(s)->coalescing)->holder, holder);
}

static void end_holding(void *sock)
{
    hold(sock, 0);
}

START_TEST(coalescing_with_one_thread_at_a_time)
{
    ps_sock s;

    make_coalescing(&s, 1);
    EXPECT_TOGETHER("aabbcc");
    receive_one(&s);
    hold(&s, ps__generation());
    expect(SYS_WAIT, .nanoseconds = 100000, .during = end_holding, .context = &s);
    receive_one(&s);

    /* A child of fork has neither the thread that held it nor what the parent will return. */
    hold(&s, ps__generation());
    fake_fork();
    ck_assert(!ps__has_buffered_datagrams(&s));
    EXPECT_TOGETHER("xx");
    receive_one(&s);
    ck_assert_int_eq(bytes[3][0], 'x');
    fake_end(&s);
}
END_TEST

static void coalesce_too(void *sock)
{
    ck_assert_ok(ps_coalesce(sock));
}

START_TEST(coalescing_that_is_not_to_be_had)
{
    ps_sock s;

    udp(&s, PS_NO_TIMEOUT);
    fake_fail_allocation(1);
    ck_assert_code(ps_coalesce(&s), PS_ENOMEM);
    fake_fail_allocation(2);
    ck_assert_code(ps_coalesce(&s), PS_ENOMEM);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON, .result = PS_EINVAL);
    ck_assert_code(ps_coalesce(&s), PS_EINVAL);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    expect(SYS_COALESCE, .result = PS_EOPNOTSUPP);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_code(ps_coalesce(&s), PS_EOPNOTSUPP);
    fake_end(&s);
    fake_socket(&s, AF_UNIX, SOCK_DGRAM);
    ck_assert_code(ps_coalesce(&s), PS_EOPNOTSUPP);
    fake_end(&s);

    /* Two threads at a time. */
    udp(&s, 1);
    ck_assert_ok(ps_setdeadline(&s, PS_NO_TIMEOUT, 1000));
    fake_during_allocation(coalesce_too, &s);
    expect(SYS_COALESCE, .times = 2);
    ck_assert_ok(ps_coalesce(&s));
    fake_end(&s);
}
END_TEST

void add_batch_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, batch_goes_in_parts);
    ADD_TEST_CASE(suite, batch_ends_with_the_time);
    ADD_TEST_CASE(suite, batch_with_an_error_in_the_middle);
    ADD_TEST_CASE(suite, batch_is_not_cut_up);
    ADD_TEST_CASE(suite, batch_one_message_at_a_time);
    ADD_TEST_CASE(suite, batch_waits_for_another_socket);
    ADD_TEST_CASE(suite, batch_with_what_belongs_to_each);
    ADD_TEST_CASE(suite, batch_with_mapped_sources);
    ADD_TEST_CASE(suite, batch_with_sources_that_are_broadcasts);
    ADD_TEST_CASE(suite, batch_of_unlike_datagrams);
    ADD_TEST_CASE(suite, batch_comes_in_parts);
    ADD_TEST_CASE(suite, batch_comes_one_by_one);
    ADD_TEST_CASE(suite, batch_ended_by_another_thread);
    ADD_TEST_CASE(suite, batch_info_that_a_system_lacks);
    ADD_TEST_CASE(suite, coalescing_gives_single_datagrams);
    ADD_TEST_CASE(suite, coalescing_wakes_other_threads);
    ADD_TEST_CASE(suite, coalescing_with_one_thread_at_a_time);
    ADD_TEST_CASE(suite, coalescing_that_is_not_to_be_had);
}
