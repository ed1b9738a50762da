/* A connection whose peer has fallen silent, as behind a cable that was pulled, stays failed
 * like one that was reset . A socket filter that takes nothing makes the peer deaf, and
 * TCP_USER_TIMEOUT saves the wait. */
/* All skipped: linux unless filters: some systems let only an administrator attach filters */
#include "connection.h"
#include "test.h"
#include "transfers.h"

#include <linux/filter.h>
#include <netinet/tcp.h>

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0
#define HALF_LINE "half a line"
enum { HALF_LENGTH = sizeof HALF_LINE - 1, GIVE_UP_MS = 300 };

static void deafen(ps_sock *s)
{
    struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog program = {.len = 1, .filter = &nothing};

    int code = ps_setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);

    if (code == PS_EPERM)
        test_skip("this process may attach no filter");
    ck_assert_ok(code);
}

/* The peer has sent the text, and hears nothing any more. */
static connection silenced(double timeout, const char *text)
{
    connection c = connected(timeout);

    ck_assert_ok(ps_sendall(&c.peer, text, strlen(text), 0, NULL));
    ck_assert_ok(ps_setsockopt_int(&c.here, IPPROTO_TCP, TCP_USER_TIMEOUT, GIVE_UP_MS));
    deafen(&c.peer);
    return c;
}

static ptrdiff_t by_sending(ps_sock *s)
{
    int code;

    while ((code = ps_sendall(s, "x", 1, 0, NULL)) == 0)
        test_sleep(0.02);
    return code;
}

static ptrdiff_t by_geterror(ps_sock *s)
{
    ps_pollfd p = {.sock = s};

    (void)ps_poll(&p, 1, PATIENCE);
    return ps_geterror(s);
}

static void assert_failed(connection *c)
{
    ps_pollfd p = {.sock = &c->here, .events = POLLIN};
    int i;

    for (i = 0; i < 3; i++) {
        ck_assert_code(by_recv(&c->here), PS_ETIMEDOUT);
        ck_assert_code(by_recvmsg(&c->here), PS_ETIMEDOUT);
        ck_assert_code(by_waitall(&c->here), PS_ETIMEDOUT);
        ck_assert_code(by_sending(&c->here), PS_ETIMEDOUT);
        ck_assert_int_eq(ps_poll(&p, 1, 0), 1);
        ck_assert_int_eq(p.revents, POLLIN | POLLERR | POLLHUP);
        ck_assert_code(ps_geterror(&c->here), 0);
    }
    ck_assert_code(ps_close_gracefully(&c->here, PATIENCE), PS_ETIMEDOUT);
    ck_assert_ok(ps_close(&c->peer));
}

START_TEST(broken_link_is_told_again_and_again)
{
    static const transfer first[] = {by_recv, by_recvmsg, by_waitall, by_sending, by_geterror};
    size_t i;

    for (i = 0; i < sizeof first / sizeof first[0]; i++) {
        connection c = silenced(i % 2 ? PS_NO_TIMEOUT : PATIENCE, "");
        ck_assert_int_eq(ps_send(&c.here, "x", 1, 0), 1);
        ck_assert_code(first[i](&c.here), PS_ETIMEDOUT);
        assert_failed(&c);
    }
}
END_TEST

START_TEST(broken_link_gives_what_had_come_first)
{
    connection c = silenced(PATIENCE, HALF_LINE);

    ck_assert_code(by_sending(&c.here), PS_ETIMEDOUT);
    ck_assert_code(by_waitall(&c.here), HALF_LENGTH);
    assert_failed(&c);
}
END_TEST

START_TEST(broken_link_gives_a_stream_no_half_line)
{
    connection c = silenced(PATIENCE, HALF_LINE);
    ps_file *f;
    char room[64];
    int i;

    ck_assert_ok(ps_makefile(&f, &c.here, "r", -1));
    ck_assert_int_eq(ps_send(&c.here, "x", 1, 0), 1);
    for (i = 0; i < 3; i++) {
        ck_assert_code(ps_file_readline(f, room, sizeof room), PS_ETIMEDOUT);
        ck_assert_code(ps_file_eof(f), 0);
    }
    ck_assert_code(ps_file_read(f, room, HALF_LENGTH), HALF_LENGTH);
    ck_assert_mem_eq(room, HALF_LINE, HALF_LENGTH);
    ck_assert_code(ps_file_read(f, room, 1), PS_ETIMEDOUT);
    ck_assert_ok(ps_file_close(f));
    assert_failed(&c);
}
END_TEST

START_TEST(broken_link_is_told_to_every_thread)
{
    static const transfer calls[] = {by_recv, by_sending, by_waitall};
    connection c = silenced(PS_NO_TIMEOUT, "");
    runner runners[3];
    test_thread *threads[3];
    int i;

    for (i = 0; i < 3; i++) {
        runners[i] = (runner){.socket = &c.here, .run = calls[i]};
        threads[i] = test_thread_start(run_transfer, &runners[i]);
    }
    for (i = 0; i < 3; i++) {
        test_thread_join(threads[i]);
        ck_assert_code(runners[i].result, PS_ETIMEDOUT);
    }
    assert_failed(&c);
}
END_TEST

void add_broken_link_tests(Suite *suite);
void add_broken_link_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, broken_link_is_told_again_and_again);
    ADD_TEST_CASE(suite, broken_link_gives_what_had_come_first);
    ADD_TEST_CASE(suite, broken_link_gives_a_stream_no_half_line);
    ADD_TEST_CASE(suite, broken_link_is_told_to_every_thread);
}
