/* A connection that ps_connect left under way, and whose first transfers succeed: it is there
 * from then on, for the calls that come after them, too. */
#include "connection.h"
#include "transfers.h"

#define PATIENCE 10.0

/* Nothing has told the library of `here` that the connection is there, when this returns. */
static connection begun(void)
{
    connection c;
    ps_sock listener;
    ps_addr address, peer;
    int code;

    test_listener(&listener, AF_INET, &address);
    ck_assert_ok(ps_socket(&c.here, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_setblocking(&c.here, 0));
    code = ps_connect(&c.here, &address);
    if (code != 0)
        ck_assert_code(code, PS_EINPROGRESS);
    ck_assert_ok(ps_accept(&listener, &c.peer, NULL));
    ck_assert_ok(ps_settimeout(&c.peer, PATIENCE));
    while (ps_getpeername(&c.here, &peer) != 0)
        test_sleep(0.001);
    ck_assert_ok(ps_close(&listener));
    return c;
}

static ptrdiff_t receive_when_there(ps_sock *s)
{
    double end = test_clock() + PATIENCE;
    ptrdiff_t result;

    while ((result = by_recv(s)) == PS_EWOULDBLOCK && test_clock() < end)
        test_sleep(0.001);
    return result;
}

/* ---- the first transfers --------------------------------------------------------------------- */

static ptrdiff_t by_stream(ps_sock *s)
{
    ps_file *f;
    ptrdiff_t result;

    ck_assert_ok(ps_makefile(&f, s, "w", 0));
    result = ps_file_write(f, "x", 1);
    ck_assert_ok(ps_file_close(f));
    return result;
}

static const transfer first[] = {by_send, by_sendall, by_sendmsg, by_stream};
enum { FIRST = sizeof first / sizeof first[0] };

/* ---- what comes after ------------------------------------------------------------------------ */

START_TEST(under_way_then_sent_and_reset)
{
    for (int i = 0; i < FIRST; i++) {
        connection c = begun();

        ck_assert_code(first[i](&c.here), 1);
        close_with_reset(&c.peer);
        ck_assert_code(receive_when_there(&c.here), PS_ECONNRESET);
        ck_assert_code(by_recv(&c.here), PS_ECONNRESET);
        ck_assert_code(by_send(&c.here), PS_ECONNRESET);
        disconnect(&c);
    }
}
END_TEST

START_TEST(under_way_then_sent_and_reset_as_the_option_says)
{
    for (int i = 0; i < FIRST; i++) {
        connection c = begun();
        double end = test_clock() + PATIENCE;
        int error;

        ck_assert_code(first[i](&c.here), 1);
        close_with_reset(&c.peer);
        while ((error = ps_geterror(&c.here)) == 0 && test_clock() < end && !test_on_windows())
            test_sleep(0.001);
        if (!test_on_windows()) /* which does not tell of a reset by SO_ERROR */
            ck_assert_code(error, PS_ECONNRESET);
        ck_assert_code(receive_when_there(&c.here), PS_ECONNRESET);
        ck_assert_code(ps_geterror(&c.here), 0);
        ck_assert_code(by_recv(&c.here), PS_ECONNRESET);
        disconnect(&c);
    }
}
END_TEST

/* The peer has closed its side in order, and what is sent on makes it reset the connection: that
 * stays the end. */
START_TEST(under_way_then_sent_and_ended)
{
    for (int i = 0; i < FIRST; i++) {
        connection c = begun();

        ck_assert_code(first[i](&c.here), 1);
        ck_assert_code(ps_recv(&c.peer, (char[1]){0}, 1, 0), 1);
        ck_assert_ok(ps_sendall(&c.peer, "last words", strlen("last words"), 0, NULL));
        ck_assert_ok(ps_close(&c.peer));
        ck_assert_code(receive_when_there(&c.here), 10);
        ck_assert_code(receive_when_there(&c.here), 0);
        ck_assert_code(by_recv(&c.here), 0);
        disconnect(&c);
    }
}
END_TEST

START_TEST(under_way_then_received_and_reset)
{
    connection c = begun();

    ck_assert_ok(ps_sendall(&c.peer, "text", strlen("text"), 0, NULL));
    ck_assert_code(receive_when_there(&c.here), 4);
    close_with_reset(&c.peer);
    ck_assert_code(receive_when_there(&c.here), PS_ECONNRESET);
    ck_assert_code(by_recv(&c.here), PS_ECONNRESET);
    disconnect(&c);
}
END_TEST

/* What has come is given; the reset behind it is kept for the next call. */
START_TEST(under_way_then_received_by_waitall)
{
    connection c = begun();
    char room[64];
    ptrdiff_t count;

    ck_assert_ok(ps_settimeout(&c.here, PATIENCE));
    ck_assert_ok(ps_sendall(&c.peer, "text", strlen("text"), 0, NULL));
    test_sleep(0.05);
    close_with_reset(&c.peer);
    test_sleep(0.05);
    count = ps_recv(&c.here, room, sizeof room, MSG_WAITALL);
    if (count != PS_ECONNRESET) /* Windows drops what nobody has read */
        ck_assert_int_eq(count, 4);
    ck_assert_code(by_recv(&c.here), PS_ECONNRESET);
    ck_assert_code(by_recv(&c.here), PS_ECONNRESET);
    disconnect(&c);
}
END_TEST

START_TEST(under_way_until_connect_says_that_it_is_there)
{
    for (int i = 0; i < FIRST; i++) {
        connection c = begun();
        ps_addr address;

        ck_assert_ok(ps_getpeername(&c.here, &address));
        ck_assert_code(first[i](&c.here), 1);
        ck_assert_code(ps_connect(&c.here, &address), 0);
        ck_assert_code(ps_connect(&c.here, &address), PS_EISCONN);
        ck_assert_code(first[i](&c.here), 1);
        disconnect(&c);
    }
}
END_TEST

void add_under_way_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, under_way_then_sent_and_reset);
    ADD_TEST_CASE(suite, under_way_then_sent_and_reset_as_the_option_says);
    ADD_TEST_CASE(suite, under_way_then_sent_and_ended);
    ADD_TEST_CASE(suite, under_way_then_received_and_reset);
    ADD_TEST_CASE(suite, under_way_then_received_by_waitall);
    ADD_TEST_CASE(suite, under_way_until_connect_says_that_it_is_there);
}
