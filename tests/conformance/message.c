/* Messages that are gathered and scattered, their ancillary data, and sockets shared between
 * processes, on every system. Descriptors in messages are POSIX's own: tests/posix/ancillary.c. */
#include "test.h"
#include "udp_pair.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0
/* Long enough to see that nothing comes. */
#define MOMENT 0.1

/* ---- helpers --------------------------------------------------------------------------------- */

static void tcp_pair(ps_sock *client, ps_sock *server)
{
    test_tcp_pair(client, server);
    ck_assert_ok(ps_settimeout(client, PATIENCE));
    ck_assert_ok(ps_settimeout(server, PATIENCE));
}

/* Sending does not write to it. */
static ps_buffer piece(const char *text)
{
    ps_buffer b = {.size = strlen(text)};

    memcpy(&b.data, &text, sizeof b.data);
    return b;
}

#ifdef _WIN32
static unsigned long own_pid(void)
{
    return GetCurrentProcessId();
}
#else
static unsigned long own_pid(void)
{
    return 1;
}
#endif

/* ---- data ------------------------------------------------------------------------------------ */

/* Traps: SND-20. */
START_TEST(message_is_gathered_and_scattered_on_a_stream)
{
    ps_sock client, server;
    ps_buffer out[] = {piece("ab"), piece(""), piece("cdefg"), piece("h")};
    char first[3], second[1], third[8];
    ps_buffer in[] = {
        {first, sizeof first}, {NULL, 0}, {second, sizeof second}, {third, sizeof third}};
    ps_addr from;
    int flags = 0;

    tcp_pair(&client, &server);
    ck_assert_int_eq(ps_sendmsg(&client, out, 4, NULL, 0, 0, NULL), 8);
    ck_assert_ok(ps_shutdown(&client, SHUT_WR));
    /* The end makes sure that all of it is there. */
    ck_assert_int_eq(ps_recv(&server, third, 8, MSG_PEEK | MSG_WAITALL), 8);
    memset(third, '.', sizeof third);
    ck_assert_ok(ps_getpeername(&server, &from));
    ck_assert_int_eq(ps_recvmsg(&server, in, 4, NULL, NULL, NULL, 0, &flags, &from), 8);
    ck_assert_mem_eq(first, "abc", 3);
    ck_assert_mem_eq(second, "d", 1);
    ck_assert_mem_eq(third, "efgh....", 8);
    ck_assert_int_eq(flags & (MSG_TRUNC | MSG_CTRUNC), 0);
    ck_assert_int_eq(from.len, 0);
    ck_assert_int_eq(ps_recvmsg(&server, in, 4, NULL, NULL, NULL, 0, &flags, &from), 0);
    test_close(&client, &server);
}
END_TEST

/* Traps: SND-20. */
START_TEST(message_is_gathered_and_scattered_as_a_datagram)
{
    udp_pair u = udp_pair_open(AF_INET);
    ps_buffer out[] = {piece("ab"), piece("cdefg"), piece("h")};
    char first[3], second[1], third[8];
    ps_buffer in[] = {{first, sizeof first}, {second, sizeof second}, {third, sizeof third}};
    ps_addr from;
    int flags = 0;

    ck_assert_int_eq(ps_sendmsg(&u.one, out, 3, NULL, 0, 0, &u.two_address), 8);
    memset(third, '.', sizeof third);
    ck_assert_int_eq(ps_recvmsg(&u.two, in, 3, NULL, NULL, NULL, 0, &flags, &from), 8);
    ck_assert_mem_eq(first, "abc", 3);
    ck_assert_mem_eq(second, "d", 1);
    ck_assert_mem_eq(third, "efgh....", 8);
    ck_assert_int_eq(flags & (MSG_TRUNC | MSG_CTRUNC), 0);
    ck_assert(ps_addr_equal(&from, &u.one_address));
    /* Connected, and without anything that tells more. */
    ck_assert_ok(ps_connect(&u.two, &u.one_address));
    ck_assert_int_eq(ps_sendmsg(&u.two, out, 2, NULL, 0, 0, NULL), 7);
    ck_assert_int_eq(ps_recvmsg(&u.one, in, 3, NULL, NULL, NULL, 0, NULL, NULL), 7);
    ck_assert_mem_eq(third, "efgh", 3);
    udp_pair_close(&u);
}
END_TEST

/* Traps: SND-20. */
START_TEST(message_with_the_most_pieces)
{
    udp_pair u = udp_pair_open(AF_INET);
    char out[PS_BUFFERS_MAX], in[PS_BUFFERS_MAX];
    ps_buffer to[PS_BUFFERS_MAX], from[PS_BUFFERS_MAX];

    for (int i = 0; i < PS_BUFFERS_MAX; i++) {
        out[i] = (char)('0' + i);
        to[i] = (ps_buffer){&out[i], 1};
        from[i] = (ps_buffer){&in[PS_BUFFERS_MAX - 1 - i], 1};
    }
    ck_assert_int_eq(ps_sendmsg(&u.one, to, PS_BUFFERS_MAX, NULL, 0, 0, &u.two_address),
                     PS_BUFFERS_MAX);
    ck_assert_int_eq(ps_recvmsg(&u.two, from, PS_BUFFERS_MAX, NULL, NULL, NULL, 0, NULL, NULL),
                     PS_BUFFERS_MAX);
    for (int i = 0; i < PS_BUFFERS_MAX; i++)
        ck_assert_int_eq(in[PS_BUFFERS_MAX - 1 - i], out[i]);
    udp_pair_close(&u);
}
END_TEST

START_TEST(message_without_data)
{
    udp_pair u = udp_pair_open(AF_INET);
    char byte = '.';
    ps_buffer in = {&byte, 1};
    ps_addr from;
    int flags = 0;

    ck_assert_int_eq(ps_sendmsg(&u.one, NULL, 0, NULL, 0, 0, &u.two_address), 0);
    ck_assert_int_eq(ps_recvmsg(&u.two, &in, 1, NULL, NULL, NULL, 0, &flags, &from), 0);
    ck_assert(ps_addr_equal(&from, &u.one_address));
    ck_assert_int_eq(flags & MSG_TRUNC, 0);
    /* No room at all: the datagram is gone, and is said to be cut. */
    ck_assert_int_eq(ps_sendto(&u.one, "abc", 3, 0, &u.two_address), 3);
    flags = 0;
    ck_assert_int_eq(ps_recvmsg(&u.two, NULL, 0, NULL, NULL, NULL, 0, &flags, &from), 0);
    ck_assert_int_ne(flags & MSG_TRUNC, 0);
    ck_assert(ps_addr_equal(&from, &u.one_address));
    ck_assert_ok(ps_settimeout(&u.two, 0));
    ck_assert_code(ps_recv(&u.two, &byte, 1, 0), PS_EWOULDBLOCK);
    udp_pair_close(&u);
}
END_TEST

/* Traps: SND-7. */
START_TEST(message_that_is_cut_is_said_to_be)
{
    udp_pair u = udp_pair_open(AF_INET);
    char first[2], second[3];
    ps_buffer in[] = {{first, sizeof first}, {second, sizeof second}};
    ps_addr from;
    int flags = 0;

    ck_assert_int_eq(ps_sendto(&u.one, "abcdef", 6, 0, &u.two_address), 6);
    ck_assert_int_eq(ps_recvmsg(&u.two, in, 2, NULL, NULL, NULL, 0, &flags, &from), 5);
    ck_assert_int_ne(flags & MSG_TRUNC, 0);
    ck_assert_mem_eq(first, "ab", 2);
    ck_assert_mem_eq(second, "cde", 3);
    ck_assert(ps_addr_equal(&from, &u.one_address));
    /* One that just fits is not. */
    ck_assert_int_eq(ps_sendto(&u.one, "ghijk", 5, 0, &u.two_address), 5);
    flags = 0;
    ck_assert_int_eq(ps_recvmsg(&u.two, in, 2, NULL, NULL, NULL, 0, &flags, NULL), 5);
    ck_assert_int_eq(flags & MSG_TRUNC, 0);
    ck_assert_mem_eq(second, "ijk", 3);
    udp_pair_close(&u);
}
END_TEST

/* ---- flags as in ps_recv --------------------------------------------------------------------- */

START_TEST(message_can_be_looked_at)
{
    udp_pair u = udp_pair_open(AF_INET);
    char room[4];
    ps_buffer in = {room, sizeof room};
    int flags = MSG_PEEK;

    ck_assert_int_eq(ps_sendto(&u.one, "abc", 3, 0, &u.two_address), 3);
    ck_assert_int_eq(ps_recvmsg(&u.two, &in, 1, NULL, NULL, NULL, 0, &flags, NULL), 3);
    memset(room, '.', sizeof room);
    flags = 0;
    ck_assert_int_eq(ps_recvmsg(&u.two, &in, 1, NULL, NULL, NULL, 0, &flags, NULL), 3);
    ck_assert_mem_eq(room, "abc.", 4);
    udp_pair_close(&u);
}
END_TEST

/* Traps: SND-14. */
START_TEST(message_does_not_know_waitall)
{
    ps_sock client, server;
    char room[4];
    ps_buffer in = {room, sizeof room};
    int flags = MSG_WAITALL;

    tcp_pair(&client, &server);
    ck_assert_ok(ps_sendall(&client, "abc", 3, 0, NULL));
    ck_assert_code(ps_recvmsg(&server, &in, 1, NULL, NULL, NULL, 0, &flags, NULL), PS_EOPNOTSUPP);
    ck_assert_int_eq(ps_recvmsg(&server, &in, 1, NULL, NULL, NULL, 0, NULL, NULL), 3);
    ck_assert_mem_eq(room, "abc", 3);
    test_close(&client, &server);
}
END_TEST

/* Traps: SND-5. */
START_TEST(message_of_no_bytes_from_a_stream_comes_at_once)
{
    ps_sock client, server;
    char byte;
    ps_buffer in = {&byte, 0};

    tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&server, MOMENT));
    ck_assert_int_eq(ps_recvmsg(&server, NULL, 0, NULL, NULL, NULL, 0, NULL, NULL), 0);
    ck_assert_int_eq(ps_recvmsg(&server, &in, 1, NULL, NULL, NULL, 0, NULL, NULL), 0);
    test_close(&client, &server);
}
END_TEST

/* Traps: SND-14. */
START_TEST(message_does_not_wait_when_told_so)
{
#ifdef MSG_DONTWAIT
    udp_pair u = udp_pair_open(AF_INET);
    char byte;
    ps_buffer in = {&byte, 1};
    int flags = MSG_DONTWAIT;

    ck_assert_code(ps_recvmsg(&u.one, &in, 1, NULL, NULL, NULL, 0, &flags, NULL), PS_EWOULDBLOCK);
    ck_assert_int_eq(flags, 0);
    udp_pair_close(&u);
#else
    /* Winsock has no such flag: none of its receives takes a number that it does not know. */
    udp_pair u = udp_pair_open(AF_INET);
    char byte;
    ps_buffer in = {&byte, 1};
    int flags = 0x40;

    ck_assert_code(ps_recvmsg(&u.one, &in, 1, NULL, NULL, NULL, 0, &flags, NULL), PS_EOPNOTSUPP);
    ck_assert_int_eq(flags, 0);
    udp_pair_close(&u);
#endif
}
END_TEST

/* Traps: SND-3. */
START_TEST(message_after_the_receiving_side_is_shut)
{
    ps_sock client, server;
    char byte;
    ps_buffer in = {&byte, 1};

    tcp_pair(&client, &server);
    ck_assert_ok(ps_shutdown(&server, SHUT_RD));
    ck_assert_int_eq(ps_recvmsg(&server, &in, 1, NULL, NULL, NULL, 0, NULL, NULL), 0);
    ck_assert_ok(ps_shutdown(&client, SHUT_WR));
    in = piece("x");
    ck_assert_code(ps_sendmsg(&client, &in, 1, NULL, 0, 0, NULL), PS_EPIPE);
    test_close(&client, &server);
}
END_TEST

START_TEST(message_on_an_unconnected_socket)
{
    ps_sock s;
    char byte;
    ps_buffer in = {&byte, 1}, out = piece("x");

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(&s, MOMENT));
    ck_assert_code(ps_recvmsg(&s, &in, 1, NULL, NULL, NULL, 0, NULL, NULL), PS_ENOTCONN);
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    ck_assert_code(ps_sendmsg(&s, &out, 1, NULL, 0, 0, NULL), PS_EDESTADDRREQ);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: ADR-14. */
START_TEST(message_to_an_address_of_another_family)
{
    udp_pair u = udp_pair_open(AF_INET);
    ps_buffer out = piece("x");
    ps_addr to;

    ck_assert_ok(ps_addr_inet6(&to, "::1", 9, 0, 0));
    ck_assert_code(ps_sendmsg(&u.one, &out, 1, NULL, 0, 0, &to), PS_EAFNOSUPPORT);
    to.len = 0;
    ck_assert_code(ps_sendmsg(&u.one, &out, 1, NULL, 0, 0, &to), PS_EDESTADDRREQ);
    udp_pair_close(&u);
}
END_TEST

/* ---- time ------------------------------------------------------------------------------------ */

START_TEST(message_that_does_not_come)
{
    udp_pair u = udp_pair_open(AF_INET);
    char byte, room[64];
    ps_buffer in = {&byte, 1};
    ps_control control;
    ps_addr from = u.one_address;
    size_t count = 1;
    int flags = 0;
    double start;

    ck_assert_ok(ps_settimeout(&u.one, MOMENT));
    start = test_clock();
    ck_assert_code(ps_recvmsg(&u.one, &in, 1, &control, &count, room, sizeof room, &flags, &from),
                   PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - start, MOMENT);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(flags, 0);
    ck_assert_int_eq(from.len, 0);
    ck_assert_ok(ps_settimeout(&u.one, 0));
    from = u.one_address;
    count = 1;
    ck_assert_code(ps_recvmsg(&u.one, &in, 1, &control, &count, room, sizeof room, &flags, &from),
                   PS_EWOULDBLOCK);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(from.len, 0);
    udp_pair_close(&u);
}
END_TEST

START_TEST(message_that_nobody_takes)
{
    static char block[65536];
    ps_buffer out[] = {{block, sizeof block}, {block, sizeof block}};
    ps_sock client, server;
    ptrdiff_t count;

    tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&client, MOMENT));
    while ((count = ps_sendmsg(&client, out, 2, NULL, 0, 0, NULL)) > 0)
        continue;
    ck_assert_code(count, PS_TIMED_OUT);
    ck_assert_ok(ps_settimeout(&client, 0));
    while ((count = ps_sendmsg(&client, out, 2, NULL, 0, 0, NULL)) > 0)
        continue;
    ck_assert_code(count, PS_EWOULDBLOCK);
    test_close(&client, &server);
}
END_TEST

/* ---- limits and missing things --------------------------------------------------------------- */

/* Traps: SND-20. */
START_TEST(message_over_the_limits)
{
    udp_pair u = udp_pair_open(AF_INET);
    static ps_buffer many[PS_BUFFERS_MAX + 1];
    static char large[PS_CONTROL_SIZE_MAX + 1];
    char byte = 'x';
    ps_buffer one = {&byte, 1}, huge[] = {{&byte, PTRDIFF_MAX}, {&byte, 1}};
    ps_control control = {.level = SOL_SOCKET, .type = 1, .data = large, .size = sizeof large};
    ps_control controls[3];

    ck_assert_code(ps_sendmsg(&u.one, many, PS_BUFFERS_MAX + 1, NULL, 0, 0, &u.two_address),
                   PS_BAD_LENGTH);
    ck_assert_code(ps_recvmsg(&u.one, many, PS_BUFFERS_MAX + 1, NULL, NULL, NULL, 0, NULL, NULL),
                   PS_BAD_LENGTH);
    ck_assert_code(ps_sendmsg(&u.one, huge, 2, NULL, 0, 0, &u.two_address), PS_BAD_LENGTH);
    ck_assert_code(ps_recvmsg(&u.one, huge, 2, NULL, NULL, NULL, 0, NULL, NULL), PS_BAD_LENGTH);
    ck_assert_code(ps_sendmsg(&u.one, &one, 1, &control, 1, 0, &u.two_address), PS_BAD_LENGTH);
    control.size = PS_CONTROL_SIZE_MAX;
    ck_assert_code(ps_sendmsg(&u.one, &one, 1, &control, 1, 0, &u.two_address), PS_BAD_LENGTH);
    control.size = SIZE_MAX;
    ck_assert_code(ps_sendmsg(&u.one, &one, 1, &control, 1, 0, &u.two_address), PS_BAD_LENGTH);
    control.size = PS_CONTROL_SIZE_MAX / 2;
    for (int i = 0; i < 3; i++)
        controls[i] = control;
    ck_assert_code(ps_sendmsg(&u.one, &one, 1, controls, 3, 0, &u.two_address), PS_BAD_LENGTH);
    udp_pair_close(&u);
}
END_TEST

START_TEST(message_of_missing_pointers)
{
    udp_pair u = udp_pair_open(AF_INET);
    char byte = 'x';
    ps_buffer one = {&byte, 1}, none = {NULL, 1};
    ps_control control = {.level = SOL_SOCKET, .type = 1, .data = NULL, .size = 4};
    size_t count = 3;

    ck_assert_code(ps_sendmsg(NULL, &one, 1, NULL, 0, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_sendmsg(&u.one, NULL, 1, NULL, 0, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_sendmsg(&u.one, &none, 1, NULL, 0, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_sendmsg(&u.one, &one, 1, NULL, 1, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_sendmsg(&u.one, &one, 1, &control, 1, 0, &u.two_address), PS_EFAULT);
    ck_assert_code(ps_recvmsg(NULL, &one, 1, &control, &count, NULL, 0, NULL, NULL), PS_EFAULT);
    ck_assert_uint_eq(count, 0);
    ck_assert_code(ps_recvmsg(&u.one, NULL, 1, NULL, NULL, NULL, 0, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_recvmsg(&u.one, &none, 1, NULL, NULL, NULL, 0, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_recvmsg(&u.one, &one, 1, NULL, NULL, NULL, 1, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_getpeercred(&u.one, NULL), PS_EFAULT);
    ck_assert_code(ps_getpeercred(NULL, NULL), PS_EFAULT);
    udp_pair_close(&u);
}
END_TEST

START_TEST(message_on_a_closed_socket)
{
    ps_sock s = PS_SOCK_INIT;
    char byte = 'x';
    ps_buffer one = {&byte, 1};
    ps_credentials credentials = {1, 1, 1};
    unsigned char blob[PS_SHARE_SIZE];
    size_t size = sizeof blob, count = 3;

    ck_assert_code(ps_sendmsg(&s, &one, 1, NULL, 0, 0, NULL), PS_EBADF);
    ck_assert_code(ps_recvmsg(&s, &one, 1, NULL, NULL, NULL, 0, NULL, NULL), PS_EBADF);
    ck_assert_code(ps_send_fds(&s, &byte, 1, NULL, 0, 0), PS_EBADF);
    ck_assert_code(ps_recv_fds(&s, &byte, 1, (ps_handle[3]){0}, &count, NULL), PS_EBADF);
    ck_assert_uint_eq(count, 0);
    ck_assert_code(ps_getpeercred(&s, &credentials), PS_EBADF);
    ck_assert_int_eq(credentials.pid, -1);
    ck_assert_int_eq(credentials.uid, -1);
    ck_assert_int_eq(credentials.gid, -1);
    ck_assert_code(ps_share(&s, own_pid(), blob, &size), PS_EBADF);
    ck_assert_uint_eq(size, 0);
}
END_TEST

START_TEST(message_room_for_ancillary_data)
{
    ck_assert_uint_gt(ps_cmsg_len(0), 0);
    ck_assert_uint_eq(ps_cmsg_len(1), ps_cmsg_len(0) + 1);
    for (size_t size = 0; size < 100; size++) {
        ck_assert_uint_ge(ps_cmsg_space(size), ps_cmsg_len(size));
        ck_assert_uint_lt(ps_cmsg_space(size), ps_cmsg_len(size) + sizeof(size_t));
        ck_assert_uint_eq(ps_cmsg_space(size) % sizeof(size_t), 0);
    }
    ck_assert_uint_eq(ps_cmsg_space(SIZE_MAX), 0);
    ck_assert_uint_eq(ps_cmsg_len(SIZE_MAX), 0);
    ck_assert_uint_eq(ps_cmsg_space(SIZE_MAX / 2), 0);
}
END_TEST

/* ---- ancillary data -------------------------------------------------------------------------- */

/* Which address a datagram was sent to; both systems call it IP_PKTINFO. */
static void assert_packet_info(const ps_control *control, size_t count)
{
    struct in_pktinfo info;

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(control->level, IPPROTO_IP);
    ck_assert_int_eq(control->type, IP_PKTINFO);
    ck_assert_uint_eq(control->size, sizeof info);
    memcpy(&info, control->data, sizeof info);
    ck_assert_uint_eq(info.ipi_addr.s_addr, ps_htonl(INADDR_LOOPBACK));
}

START_TEST(message_tells_where_it_was_sent)
{
    udp_pair u = udp_pair_open(AF_INET);
    unsigned char room[128];
    char data[4];
    ps_buffer in = {data, sizeof data};
    ps_control controls[2];
    ps_addr from;

    ck_assert_ok(ps_setsockopt_int(&u.two, IPPROTO_IP, IP_PKTINFO, 1));
    /* At any alignment of the room, data that is cut or not. */
    for (size_t shift = 0; shift < 8; shift++) {
        bool cut = shift % 2 == 1;
        size_t count = 2;
        int flags = 0;

        ck_assert_int_eq(ps_sendto(&u.one, "abcde", cut ? 5 : 3, 0, &u.two_address), cut ? 5 : 3);
        ck_assert_int_eq(ps_recvmsg(&u.two, &in, 1, controls, &count, room + shift,
                                    sizeof room - shift, &flags, &from),
                         cut ? 4 : 3);
        ck_assert_int_eq((flags & MSG_TRUNC) != 0, cut);
        ck_assert_int_eq(flags & MSG_CTRUNC, 0);
        ck_assert(ps_addr_equal(&from, &u.one_address));
        assert_packet_info(&controls[0], count);
        ck_assert((const unsigned char *)controls[0].data >= room + shift);
        ck_assert((const unsigned char *)controls[0].data + controls[0].size <= room + sizeof room);
    }
    udp_pair_close(&u);
}
END_TEST

START_TEST(message_with_too_little_room_for_what_it_tells)
{
    udp_pair u = udp_pair_open(AF_INET);
    unsigned char room[128];
    char data[4];
    ps_buffer in = {data, sizeof data};
    ps_control control;
    size_t count;
    int flags;

    ck_assert_ok(ps_setsockopt_int(&u.two, IPPROTO_IP, IP_PKTINFO, 1));
    /* No items. */
    ck_assert_int_eq(ps_sendto(&u.one, "abc", 3, 0, &u.two_address), 3);
    count = 0;
    flags = 0;
    ck_assert_int_eq(ps_recvmsg(&u.two, &in, 1, &control, &count, room, sizeof room, &flags, NULL),
                     3);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_ne(flags & MSG_CTRUNC, 0);
    /* No memory. */
    ck_assert_int_eq(ps_sendto(&u.one, "abc", 3, 0, &u.two_address), 3);
    count = 1;
    flags = 0;
    ck_assert_int_eq(ps_recvmsg(&u.two, &in, 1, &control, &count, NULL, 0, &flags, NULL), 3);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_ne(flags & MSG_CTRUNC, 0);
    ck_assert_int_eq(flags & MSG_TRUNC, 0);
    ck_assert_mem_eq(data, "abc", 3);
    udp_pair_close(&u);
}
END_TEST

START_TEST(message_with_ancillary_data_on_a_stream)
{
    static const int number = 0;
    ps_sock client, server;
    ps_buffer out = piece("x");
    ps_control control = {
        .level = IPPROTO_IP, .type = IP_TTL, .data = &number, .size = sizeof number};
    char byte;

    tcp_pair(&client, &server);
    if (test_on_windows()) {
        ck_assert_code(ps_sendmsg(&client, &out, 1, &control, 1, 0, NULL), PS_EOPNOTSUPP);
    } else {
        /* TCP does not look at what is meant for another layer. */
        ck_assert_int_eq(ps_sendmsg(&client, &out, 1, &control, 1, 0, NULL), 1);
        ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    }
    test_close(&client, &server);
}
END_TEST

/* ---- descriptors and peers ------------------------------------------------------------------- */

START_TEST(message_with_descriptors_where_there_are_none)
{
    ps_sock client, server;
    ps_handle handle;
    char byte = 'x';
    size_t count = 1;
    int flags = 0;

    tcp_pair(&client, &server);
    handle = ps_fileno(&client);
    ck_assert_code(ps_send_fds(&client, &byte, 1, &handle, PS_FDS_MAX + 1, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_send_fds(&client, NULL, 1, &handle, 1, 0), PS_EFAULT);
    ck_assert_code(ps_send_fds(&client, &byte, 1, NULL, 1, 0), PS_EFAULT);
    ck_assert_code(ps_recv_fds(&client, &byte, 1, &handle, NULL, &flags), PS_EFAULT);
    if (test_on_windows()) {
        ck_assert_code(ps_send_fds(&client, &byte, 1, &handle, 1, 0), PS_EOPNOTSUPP);
        ck_assert_code(ps_recv_fds(&server, &byte, 1, &handle, &count, &flags), PS_EOPNOTSUPP);
    } else {
        /* A socket that carries none: the data comes, nothing else. */
        ck_assert_ok(ps_sendall(&client, &byte, 1, 0, NULL));
        ck_assert_int_eq(ps_recv_fds(&server, &byte, 1, &handle, &count, &flags), 1);
    }
    ck_assert_uint_eq(count, 0);
    test_close(&client, &server);
}
END_TEST

/* Traps: ADR-17. */
START_TEST(message_peer_of_a_tcp_socket_is_not_told)
{
    ps_sock client, server;
    ps_credentials credentials = {1, 1, 1};

    tcp_pair(&client, &server);
    ck_assert_code(ps_getpeercred(&client, &credentials), PS_EOPNOTSUPP);
    ck_assert_int_eq(credentials.pid, -1);
    ck_assert_int_eq(credentials.uid, -1);
    ck_assert_int_eq(credentials.gid, -1);
    test_close(&client, &server);
}
END_TEST

/* ---- shared sockets -------------------------------------------------------------------------- */

/* Traps: ADR-16 DSC-2. */
START_TEST(message_socket_is_shared_and_taken_over)
{
    ps_sock client, server, taken = PS_SOCK_INIT;
    unsigned char blob[PS_SHARE_SIZE];
    size_t size = sizeof blob;
    ps_addr name, taken_name;
    char room[8];
    bool inheritable = true;

    memset(blob, 0, sizeof blob);
    tcp_pair(&client, &server);
    if (!test_on_windows()) {
        ck_assert_code(ps_share(&client, own_pid(), blob, &size), PS_EOPNOTSUPP);
        ck_assert_uint_eq(size, 0);
        ck_assert_code(ps_fromshare(&taken, blob, sizeof blob), PS_EOPNOTSUPP);
        ck_assert(ps_fileno(&taken) == PS_INVALID_HANDLE);
        test_close(&client, &server);
        return;
    }
    ck_assert_ok(ps_share(&client, own_pid(), blob, &size));
    ck_assert_uint_gt(size, 0);
    ck_assert_uint_le(size, sizeof blob);
    ck_assert_ok(ps_fromshare(&taken, blob, size));
    ck_assert_int_eq(taken.family, AF_INET);
    ck_assert_int_eq(taken.type, SOCK_STREAM);
    ck_assert_int_eq(taken.proto, IPPROTO_TCP);
    ck_assert(ps_fileno(&taken) != ps_fileno(&client));
    ck_assert_ok(ps_get_inheritable(&taken, &inheritable));
    ck_assert(!inheritable);
    ck_assert_ok(ps_getsockname(&client, &name));
    ck_assert_ok(ps_getsockname(&taken, &taken_name));
    ck_assert(ps_addr_equal(&name, &taken_name));
    /* It lives on when the first is closed. */
    ck_assert_ok(ps_close(&client));
    ck_assert_ok(ps_settimeout(&taken, PATIENCE));
    ck_assert_ok(ps_sendall(&taken, "abc", 3, 0, NULL));
    ck_assert_int_eq(ps_recv(&server, room, 3, MSG_WAITALL), 3);
    ck_assert_mem_eq(room, "abc", 3);
    ck_assert_ok(ps_sendall(&server, "def", 3, 0, NULL));
    ck_assert_int_eq(ps_recv(&taken, room, 3, MSG_WAITALL), 3);
    ck_assert_mem_eq(room, "def", 3);
    test_close(&taken, &server);
}
END_TEST

/* Traps: DSC-2. */
START_TEST(message_shared_socket_with_a_wrong_size)
{
    ps_sock client, server, taken;
    unsigned char blob[PS_SHARE_SIZE + 1];
    size_t size = sizeof blob, small;

    memset(blob, 0, sizeof blob);
    tcp_pair(&client, &server);
    ck_assert_code(ps_share(NULL, own_pid(), blob, &size), PS_EFAULT);
    ck_assert_uint_eq(size, 0);
    ck_assert_code(ps_share(&client, own_pid(), blob, NULL), PS_EFAULT);
    ck_assert_code(ps_fromshare(NULL, blob, sizeof blob), PS_EFAULT);
    ck_assert_code(ps_fromshare(&taken, NULL, sizeof blob), PS_EFAULT);
    ck_assert(ps_fileno(&taken) == PS_INVALID_HANDLE);
    if (test_on_windows()) {
        size = sizeof blob;
        ck_assert_code(ps_share(&client, own_pid(), NULL, &size), PS_EFAULT);
        size = sizeof blob;
        ck_assert_ok(ps_share(&client, own_pid(), blob, &size));
        ck_assert_code(ps_fromshare(&taken, blob, 0), PS_BAD_LENGTH);
        ck_assert_code(ps_fromshare(&taken, blob, size - 1), PS_BAD_LENGTH);
        ck_assert_code(ps_fromshare(&taken, blob, size + 1), PS_BAD_LENGTH);
        ck_assert(ps_fileno(&taken) == PS_INVALID_HANDLE);
        ck_assert_ok(ps_fromshare(&taken, blob, size));
        ck_assert_ok(ps_close(&taken));
        small = size - 1;
        ck_assert_code(ps_share(&client, own_pid(), blob, &small), PS_BAD_LENGTH);
        ck_assert_uint_eq(small, 0);
    }
    test_close(&client, &server);
}
END_TEST

/* Traps: DSC-2. */
START_TEST(message_shared_socket_that_is_spoilt)
{
    ps_sock client, server, taken;
    unsigned char blob[PS_SHARE_SIZE];
    size_t size = sizeof blob;

    if (!test_on_windows()) {
        memset(blob, 0, sizeof blob);
        ck_assert_code(ps_fromshare(&taken, blob, 1), PS_EOPNOTSUPP);
        return;
    }
    tcp_pair(&client, &server);
    ck_assert_ok(ps_share(&client, own_pid(), blob, &size));
    ck_assert_ok(ps_fromshare(&taken, blob, size));
    ck_assert_ok(ps_close(&taken));
    memset(blob, 0, size);
    ck_assert_code(ps_fromshare(&taken, blob, size), PS_EINVAL);
    ck_assert(ps_fileno(&taken) == PS_INVALID_HANDLE);
    memset(blob, 0xff, size);
    ck_assert_code(ps_fromshare(&taken, blob, size), PS_EINVAL);
    ck_assert(ps_fileno(&taken) == PS_INVALID_HANDLE);
    size = sizeof blob;
    ck_assert_code(ps_share(&client, 0xfffffff0, blob, &size), PS_EINVAL);
    ck_assert_uint_eq(size, 0);
    test_close(&client, &server);
}
END_TEST

void add_message_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, message_is_gathered_and_scattered_on_a_stream);
    ADD_TEST_CASE(suite, message_is_gathered_and_scattered_as_a_datagram);
    ADD_TEST_CASE(suite, message_with_the_most_pieces);
    ADD_TEST_CASE(suite, message_without_data);
    ADD_TEST_CASE(suite, message_that_is_cut_is_said_to_be);
    ADD_TEST_CASE(suite, message_can_be_looked_at);
    ADD_TEST_CASE(suite, message_does_not_know_waitall);
    ADD_TEST_CASE(suite, message_of_no_bytes_from_a_stream_comes_at_once);
    ADD_TEST_CASE(suite, message_does_not_wait_when_told_so);
    ADD_TEST_CASE(suite, message_after_the_receiving_side_is_shut);
    ADD_TEST_CASE(suite, message_on_an_unconnected_socket);
    ADD_TEST_CASE(suite, message_to_an_address_of_another_family);
    ADD_TEST_CASE(suite, message_that_does_not_come);
    ADD_TEST_CASE(suite, message_that_nobody_takes);
    ADD_TEST_CASE(suite, message_over_the_limits);
    ADD_TEST_CASE(suite, message_of_missing_pointers);
    ADD_TEST_CASE(suite, message_on_a_closed_socket);
    ADD_TEST_CASE(suite, message_room_for_ancillary_data);
    ADD_TEST_CASE(suite, message_tells_where_it_was_sent);
    ADD_TEST_CASE(suite, message_with_too_little_room_for_what_it_tells);
    ADD_TEST_CASE(suite, message_with_ancillary_data_on_a_stream);
    ADD_TEST_CASE(suite, message_with_descriptors_where_there_are_none);
    ADD_TEST_CASE(suite, message_peer_of_a_tcp_socket_is_not_told);
    ADD_TEST_CASE(suite, message_socket_is_shared_and_taken_over);
    ADD_TEST_CASE(suite, message_shared_socket_with_a_wrong_size);
    ADD_TEST_CASE(suite, message_shared_socket_that_is_spoilt);
}
