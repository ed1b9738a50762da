/* Messages, descriptors in them, who the peer is, and sockets shared between processes. */
#include "fake.h"

#include "common/transfer/ancillary.h"

#include <stdint.h>

static char buffer[100];
static const ps_buffer one[] = {{buffer, 100}};

/* ---- sending --------------------------------------------------------------------------------- */

/* Traps: SND-2. */
START_TEST(sendmsg_waits_and_tells)
{
    ps_addr to = fake_address("127.0.0.1:7");
    ps_control item = {1, 2, "abc", 3};
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 1);
    expect(SYS_SENDMSG, .size = 100, .controls = &item, .control_count = 1,
           .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = SECONDS(1), .result = PS__WRITABLE);
    expect(SYS_SENDMSG, .size = 100, .controls = &item, .control_count = 1, .result = 30);
    ck_assert_int_eq(ps_sendmsg(&s, one, 1, &item, 1, 0, NULL), 30);
    expect(SYS_SENDMSG, .to = "127.0.0.1:7", .result = PS_EISCONN);
    ck_assert_code(ps_sendmsg(&s, one, 1, NULL, 0, 0, &to), PS_EISCONN);
    ck_assert_ok(ps_close(&s));

    /* SND-2: as ps_send without a connection. */
    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SENDMSG, .result = PS_EPIPE);
    ck_assert_code(ps_sendmsg(&s, one, 1, NULL, 0, 0, NULL), PS_ENOTCONN);
    fake_end(&s);
    ck_assert_code(ps_sendmsg(&s, one, 1, NULL, 0, 0, NULL), PS_EBADF);
}
END_TEST

START_TEST(sendmsg_of_what_has_no_room)
{
    static char large[PS_CONTROL_SIZE_MAX];
    ps_control empty = {1, 2, NULL, 0};
    ps_control null = {1, 2, NULL, 1};
    ps_control whole = {1, 2, large, sizeof large};
    ps_control too_large = {1, 2, large, sizeof large + 1};
    ps_buffer buffers[2] = {{buffer, PTRDIFF_MAX}, {buffer, 1}};
    ps_buffer nothing = {NULL, 1};
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_code(ps_sendmsg(&s, one, 1, &null, 1, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_sendmsg(&s, one, 1, &whole, 1, 0, NULL), PS_BAD_LENGTH);
    ck_assert_code(ps_sendmsg(&s, one, 1, &too_large, 1, 0, NULL), PS_BAD_LENGTH);
    ck_assert_code(ps_sendmsg(&s, buffers, 2, NULL, 0, 0, NULL), PS_BAD_LENGTH);
    ck_assert_code(ps_sendmsg(&s, &nothing, 1, NULL, 0, 0, NULL), PS_EFAULT);
    expect(SYS_SENDMSG, .controls = &empty, .control_count = 1, .result = 100);
    ck_assert_int_eq(ps_sendmsg(&s, one, 1, &empty, 1, 0, NULL), 100);
    fake_end(&s);
}
END_TEST

/* ---- receiving ------------------------------------------------------------------------------- */

/* What the system changed in a call that failed does not reach the next try. */
START_TEST(recvmsg_tries_again_as_at_first)
{
    ps_control item = {1, 2, "abc", 3};
    ps_control items[2];
    size_t count = 2;
    char room[200];
    int flags = MSG_PEEK;
    ps_addr from;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_DGRAM);
    fake_timeout(&s, 1);
    expect(SYS_RECVMSG, .size = 100, .flags = MSG_PEEK, .says = MSG_OOB, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__READABLE, .nanoseconds = SECONDS(1), .result = PS__READABLE);
    expect(SYS_RECVMSG, .flags = MSG_PEEK, .result = PS_EINTR);
    expect(SYS_RECVMSG, .flags = MSG_PEEK, .says = MSG_TRUNC, .controls = &item, .control_count = 1,
           .from = "127.0.0.1:7", .data = "hello", .result = 5);
    ck_assert_int_eq(ps_recvmsg(&s, one, 1, items, &count, room, sizeof room, &flags, &from), 5);
    ck_assert_mem_eq(buffer, "hello", 5);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(items[0].size, 3);
    ck_assert_mem_eq(items[0].data, "abc", 3);
    ck_assert(flags & MSG_TRUNC);
    ck_assert_int_eq(ps_addr_port(&from), 7);

    count = 2;
    flags = 0;
    expect(SYS_RECVMSG, .result = PS_ECONNREFUSED);
    ck_assert_code(ps_recvmsg(&s, one, 1, items, &count, room, sizeof room, &flags, &from),
                   PS_ECONNREFUSED);
    ck_assert_uint_eq(count, 0);
    ck_assert(from.len == 0);
    fake_end(&s);
}
END_TEST

/* ADR-17: a stream tells no sender here either. */
/* Traps: ADR-17. */
START_TEST(recvmsg_on_a_stream)
{
    ps_addr from;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECVMSG, .from = "127.0.0.1:7", .result = 5);
    ck_assert_int_eq(ps_recvmsg(&s, one, 1, NULL, NULL, NULL, 0, NULL, &from), 5);
    ck_assert(from.len == 0);
    ck_assert_int_eq(ps_recvmsg(&s, NULL, 0, NULL, NULL, NULL, 0, NULL, &from), 0);
    fake_end(&s);
    ck_assert_code(ps_recvmsg(&s, one, 1, NULL, NULL, NULL, 0, NULL, &from), PS_EBADF);
}
END_TEST

/* Handles that come in items for which there is no room are closed; other items are only left
 * out. */
START_TEST(recvmsg_lets_go_of_handles_without_room)
{
    ps_control other = {1, 2, "abc", 3};
    ps_control same_level = {1000, 2, "abc", 3};
    ps_control sent[2];
    ps_control items[1];
    size_t count = 0;
    char room[400];
    int flags = 0;
    ps_sock s;

    fake_connected(&s, AF_UNIX, SOCK_STREAM);
    sent[0] = other;
    sent[1] = same_level;
    expect(SYS_RECVMSG, .controls = sent, .control_count = 2, .rights = 3, .result = 5);
    ck_assert_int_eq(ps_recvmsg(&s, one, 1, items, &count, room, sizeof room, &flags, NULL), 5);
    ck_assert_uint_eq(count, 0);
    ck_assert(flags & MSG_CTRUNC);

    /* Nobody wants items at all. */
    expect(SYS_RECVMSG, .rights = 2, .result = 5);
    ck_assert_int_eq(ps_recvmsg(&s, one, 1, NULL, &count, room, sizeof room, NULL, NULL), 5);
    expect(SYS_RECVMSG, .rights = 2, .result = 5);
    ck_assert_int_eq(ps_recvmsg(&s, one, 1, items, NULL, room, sizeof room, NULL, NULL), 5);

    /* A system without rights has no handles to close. */
    fake_set_rights(false);
    expect(SYS_RECVMSG, .controls = sent, .control_count = 2, .result = 5);
    ck_assert_int_eq(ps_recvmsg(&s, one, 1, NULL, NULL, room, sizeof room, NULL, NULL), 5);
    fake_end(&s);
}
END_TEST

/* ---- descriptors ----------------------------------------------------------------------------- */

START_TEST(recv_fds_takes_what_has_room)
{
    ps_control other = {1, 2, "abc", 3};
    ps_handle fds[4];
    size_t count = 4;
    int flags = 0;
    ps_sock s;

    fake_connected(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_RECVMSG, .controls = &other, .control_count = 1, .rights = 3, .result = 1);
    ck_assert_int_eq(ps_recv_fds(&s, buffer, 1, fds, &count, &flags), 1);
    ck_assert_uint_eq(count, 3);
    ck_assert_int_eq(flags, 0);
    for (size_t i = 0; i < count; i++)
        ps__sys_close(fds[i]);

    /* Those beyond the room are closed. */
    count = 2;
    expect(SYS_RECVMSG, .rights = 3, .result = 1);
    ck_assert_int_eq(ps_recv_fds(&s, buffer, 1, fds, &count, &flags), 1);
    ck_assert_uint_eq(count, 2);
    ck_assert(flags & MSG_CTRUNC);
    ps__sys_close(fds[0]);
    ps__sys_close(fds[1]);

    count = 0;
    expect(SYS_RECVMSG, .rights = 3, .result = 1);
    ck_assert_int_eq(ps_recv_fds(&s, buffer, 1, NULL, &count, NULL), 1);
    ck_assert_uint_eq(count, 0);

    count = 2;
    expect(SYS_RECVMSG, .result = PS_ECONNRESET);
    ck_assert_code(ps_recv_fds(&s, buffer, 1, fds, &count, NULL), PS_ECONNRESET);
    ck_assert_uint_eq(count, 0);
    fake_end(&s);
}
END_TEST

START_TEST(fds_where_there_is_no_such_thing)
{
    ps_handle fds[1] = {5};
    size_t count = 1;
    ps_sock s;

    fake_connected(&s, AF_UNIX, SOCK_STREAM);
    fake_set_rights(false);
    ck_assert_code(ps_send_fds(&s, buffer, 1, fds, 1, 0), PS_EOPNOTSUPP);
    ck_assert_code(ps_recv_fds(&s, buffer, 1, fds, &count, NULL), PS_EOPNOTSUPP);
    fake_set_rights(true);
    expect(SYS_SENDMSG, .size = 1, .result = 1);
    ck_assert_int_eq(ps_send_fds(&s, buffer, 1, fds, 1, 0), 1);
    count = 1;
    ck_assert_code(ps_recv_fds(&s, NULL, 1, fds, &count, NULL), PS_EFAULT);
    count = 1;
    ck_assert_code(ps_recv_fds(&s, buffer, 1, NULL, &count, NULL), PS_EFAULT);
    ck_assert_code(ps_recv_fds(&s, buffer, 1, fds, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_send_fds(&s, NULL, 1, fds, 1, 0), PS_EFAULT);
    ck_assert_code(ps_send_fds(&s, buffer, 1, NULL, 1, 0), PS_EFAULT);
    expect(SYS_SENDMSG, .size = FAKE_NO_BYTES, .result = 0);
    ck_assert_int_eq(ps_send_fds(&s, NULL, 0, NULL, 0, 0), 0);
    count = 0;
    expect(SYS_RECVMSG, .size = 100, .result = 0);
    ck_assert_int_eq(ps_recv_fds(&s, buffer, 100, NULL, &count, NULL), 0);
    ck_assert_int_eq(ps_recv_fds(&s, NULL, 0, NULL, &count, NULL), 0);
    fake_end(&s);
}
END_TEST

/* ---- who and where --------------------------------------------------------------------------- */

START_TEST(credentials_of_the_peer)
{
    ps_credentials who;
    ps_sock s;

    fake_connected(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_PEER_CREDENTIALS, .credentials = {1, 2, 3});
    ck_assert_ok(ps_getpeercred(&s, &who));
    ck_assert_int_eq(who.gid, 3);
    expect(SYS_PEER_CREDENTIALS, .result = PS_EOPNOTSUPP);
    ck_assert_code(ps_getpeercred(&s, &who), PS_EOPNOTSUPP);
    ck_assert_int_eq(who.pid, -1);
    fake_end(&s);
}
END_TEST

/* DSC-1, DSC-2: sharing is Windows' own. */
/* Traps: DSC-1 DSC-2. */
START_TEST(share_between_processes)
{
    unsigned char blob[PS_SHARE_SIZE];
    size_t size = sizeof blob;
    ps_sock s, t;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHARE, .value = 77, .size = 628);
    ck_assert_ok(ps_share(&s, 77, blob, &size));
    ck_assert_uint_eq(size, 628);
    expect(SYS_FROM_SHARE, .size = 628, .family = AF_INET, .type = SOCK_STREAM,
           .proto = IPPROTO_TCP);
    ck_assert_ok(ps_fromshare(&t, blob, size));
    ck_assert_int_eq(t.proto, IPPROTO_TCP);
    ck_assert_ok(ps_close(&t));

    size = sizeof blob;
    expect(SYS_SHARE, .result = PS_EINVAL);
    ck_assert_code(ps_share(&s, 77, blob, &size), PS_EINVAL);
    ck_assert_uint_eq(size, 0);
    expect(SYS_FROM_SHARE, .result = PS_EINVAL);
    ck_assert_code(ps_fromshare(&t, blob, 628), PS_EINVAL);
    ck_assert(t.handle == PS_INVALID_HANDLE);
    fake_end(&s);
}
END_TEST

/* A last item that was cut has what fitted; a length that is less than a header's is the end. */
START_TEST(ancillary_data_that_is_cut)
{
    unsigned char room[64];
    ps_control item = {1, 2, "abcdefgh", 8};
    size_t header = ps_cmsg_len(0);
    size_t end = ps__control_write(room, sizeof room, 0, &item);

    ck_assert_uint_eq(end, ps_cmsg_space(8));
    ck_assert_uint_ne(ps__control_read(room, header + 3, 0, &item), 0);
    ck_assert_uint_eq(item.size, 3);
    ck_assert_uint_eq(ps__control_read(room, header - 1, 0, &item), 0);
    ck_assert_uint_eq(ps__control_read(room, header + 3, end, &item), 0);
    memset(room, 0, sizeof room);
    ck_assert_uint_eq(ps__control_read(room, sizeof room, 0, &item), 0);
    item.size = SIZE_MAX;
    ck_assert_uint_eq(ps__control_write(room, sizeof room, 0, &item), 0);
}
END_TEST

void add_message_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, sendmsg_waits_and_tells);
    ADD_TEST_CASE(suite, sendmsg_of_what_has_no_room);
    ADD_TEST_CASE(suite, recvmsg_tries_again_as_at_first);
    ADD_TEST_CASE(suite, recvmsg_on_a_stream);
    ADD_TEST_CASE(suite, recvmsg_lets_go_of_handles_without_room);
    ADD_TEST_CASE(suite, recv_fds_takes_what_has_room);
    ADD_TEST_CASE(suite, fds_where_there_is_no_such_thing);
    ADD_TEST_CASE(suite, credentials_of_the_peer);
    ADD_TEST_CASE(suite, share_between_processes);
    ADD_TEST_CASE(suite, ancillary_data_that_is_cut);
}
