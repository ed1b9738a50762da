/* ps_socketpair: what the system pairs, what is paired over loopback, and each step of that
 * failing. */
#include "fake.h"

static void close_pair(ps_sock pair[2])
{
    ck_assert_ok(ps_close(&pair[0]));
    ck_assert_ok(ps_close(&pair[1]));
    fake_done();
}

/* The test is over early, with everything closed. */
static void is_closed(const ps_sock pair[2])
{
    ck_assert(pair[0].handle == PS_INVALID_HANDLE);
    ck_assert(pair[1].handle == PS_INVALID_HANDLE);
    fake_done();
}

/* ---- the system's pairs ---------------------------------------------------------------------- */

START_TEST(pair_of_the_system)
{
    ps_sock pair[2];

    expect(SYS_SOCKETPAIR, .family = AF_UNIX, .type = SOCK_STREAM, .mode = FAKE_OFF);
    ck_assert_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
    ck_assert_int_eq(pair[0].family, AF_UNIX);
    close_pair(pair);

    ck_assert_ok(ps_setdefaulttimeout(1));
    expect(SYS_SOCKETPAIR, .family = AF_UNIX, .type = SOCK_DGRAM, .mode = FAKE_ON);
    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_DGRAM, 0));
    ck_assert_double_eq(ps_gettimeout(&pair[1]), 1);
    close_pair(pair);

    expect(SYS_SOCKETPAIR, .result = PS_EMFILE);
    ck_assert_code(ps_socketpair(pair, AF_UNIX, SOCK_DGRAM, 0), PS_EMFILE);
    is_closed(pair);
    ck_assert_code(ps_socketpair(NULL, AF_UNIX, SOCK_DGRAM, 0), PS_EFAULT);
}
END_TEST

/* DSC-6, DSC-8: Windows pairs nothing, and may not know AF_UNIX at all. */
/* Traps: DSC-8. */
START_TEST(pair_of_a_family_that_the_system_cannot_pair)
{
    static const int refusals[] = {PS_EOPNOTSUPP, PS_EAFNOSUPPORT};
    ps_sock pair[2];

    for (int i = 0; i < 2; i++) {
        expect(SYS_SOCKETPAIR, .family = AF_UNIX, .result = refusals[i]);
        ck_assert_code(ps_socketpair(pair, AF_UNIX, SOCK_STREAM, 0), refusals[i]);
        is_closed(pair);
        /* The default family is inet then. */
        expect(SYS_SOCKETPAIR, .family = AF_UNIX, .result = refusals[i]);
        expect(SYS_SOCKET, .family = AF_INET, .type = SOCK_STREAM, .result = PS_EMFILE);
        ck_assert_code(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0), PS_EMFILE);
        is_closed(pair);
    }
    expect(SYS_SOCKETPAIR, .family = AF_UNIX, .result = PS_EPROTONOSUPPORT);
    ck_assert_code(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 77),
                   PS_EPROTONOSUPPORT);
    is_closed(pair);
    ck_assert_code(ps_socketpair(pair, AF_INET, SOCK_RAW, 0), PS_ESOCKTNOSUPPORT);
    is_closed(pair);
}
END_TEST

/* ---- streams over loopback ------------------------------------------------------------------- */

enum { LISTENER = 1, CLIENT = 2, SERVER = 3 };

/* The steps of a pair, of which the one numbered `failing` gives `code`, and no other follows.
 * Returns how many there are. */
static int stream_steps(int failing, int code)
{
    const fake_step steps[] = {
        {.call = SYS_SOCKET, .family = AF_INET, .type = SOCK_STREAM},
        {.call = SYS_BIND, .on = LISTENER, .to = "127.0.0.1:0"},
        {.call = SYS_GETSOCKNAME, .on = LISTENER, .from = "127.0.0.1:1000"},
        {.call = SYS_LISTEN, .on = LISTENER, .value = 128},
        {.call = SYS_SET_NONBLOCKING, .on = LISTENER, .mode = FAKE_ON},
        {.call = SYS_SOCKET, .family = AF_INET, .type = SOCK_STREAM},
        {.call = SYS_SET_NONBLOCKING, .on = CLIENT, .mode = FAKE_ON},
        {.call = SYS_CONNECT, .on = CLIENT, .to = "127.0.0.1:1000"},
        {.call = SYS_ACCEPT, .on = LISTENER},
        {.call = SYS_GETSOCKNAME, .on = CLIENT, .from = "127.0.0.1:2000"},
        {.call = SYS_GETPEERNAME, .on = SERVER, .from = "127.0.0.1:2000"},
        {.call = SYS_GETSOCKNAME, .on = CLIENT, .from = "127.0.0.1:2000"},
        {.call = SYS_GETPEERNAME, .on = SERVER, .from = "127.0.0.1:2000"},
        {.call = SYS_GETSOCKNAME, .on = SERVER, .from = "127.0.0.1:1000"},
        {.call = SYS_GETPEERNAME, .on = CLIENT, .from = "127.0.0.1:1000"},
        {.call = SYS_SET_NONBLOCKING, .on = CLIENT, .mode = FAKE_OFF},
    };
    const int count = sizeof steps / sizeof steps[0];

    for (int i = 0; i < count && i <= failing; i++) {
        fake_step step = steps[i];

        step.file = __FILE__;
        step.line = i + 1;
        if (i == failing)
            step.result = code;
        fake_expect(&step);
    }
    return count;
}

START_TEST(stream_pair_over_loopback)
{
    ps_sock pair[2];

    stream_steps(INT_MAX, 0);
    ck_assert_ok(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0));
    ck_assert_double_eq(ps_gettimeout(&pair[0]), PS_NO_TIMEOUT);
    ck_assert_double_eq(ps_gettimeout(&pair[1]), PS_NO_TIMEOUT);
    close_pair(pair);
}
END_TEST

/* Whatever step fails: its code is told, and nothing stays open. */
START_TEST(stream_pair_of_which_a_step_fails)
{
    const int count = stream_steps(-1, 0);
    ps_sock pair[2];

    for (int i = 0; i < count; i++) {
        stream_steps(i, PS_ENOMEM);
        ck_assert_code(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0), PS_ENOMEM);
        is_closed(pair);
    }
}
END_TEST

/* Where the connection is under way when the listener has it, its end is waited for. */
START_TEST(stream_pair_whose_connection_is_under_way)
{
    ps_sock pair[2];

    for (int end = 0; end < 2; end++) {
        stream_steps(6, 0);
        expect(SYS_CONNECT, .on = CLIENT, .result = PS_EINPROGRESS);
        expect(SYS_ACCEPT, .on = LISTENER, .result = PS_EWOULDBLOCK);
        expect(SYS_WAIT, .on = LISTENER, .events = PS__READABLE, .nanoseconds = SECONDS(10),
               .result = PS__READABLE);
        expect(SYS_ACCEPT, .on = LISTENER);
        expect(SYS_GETSOCKNAME, .on = CLIENT, .from = "127.0.0.1:2000");
        expect(SYS_GETPEERNAME, .on = SERVER, .from = "127.0.0.1:2000");
        expect(SYS_WAIT, .on = CLIENT, .events = PS__CONNECTED, .nanoseconds = FAKE_AT_ONCE,
               .result = 0);
        expect(SYS_WAIT, .on = CLIENT, .nanoseconds = SECONDS(10),
               .result = PS__CONNECTED | (end ? PS__FAILED : 0));
        if (end) {
            expect(SYS_CONNECT_RESULT, .result = PS_ECONNRESET);
            ck_assert_code(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0), PS_ECONNRESET);
            is_closed(pair);
            continue;
        }
        expect(SYS_GETSOCKNAME, .on = CLIENT, .from = "127.0.0.1:2000");
        expect(SYS_GETPEERNAME, .on = SERVER, .from = "127.0.0.1:2000");
        expect(SYS_GETSOCKNAME, .on = SERVER, .from = "127.0.0.1:1000");
        expect(SYS_GETPEERNAME, .on = CLIENT, .from = "127.0.0.1:1000");
        expect(SYS_SET_NONBLOCKING, .on = CLIENT, .mode = FAKE_OFF);
        ck_assert_ok(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0));
        close_pair(pair);
    }
}
END_TEST

/* DSC-6: any program of the machine can connect to the listener first. */
/* Traps: DSC-6. */
START_TEST(stream_pair_beside_strangers)
{
    ps_sock pair[2];

    stream_steps(7, 0);
    for (int i = 0; i < 3; i++) {
        expect(SYS_ACCEPT, .on = LISTENER);
        expect(SYS_GETSOCKNAME, .on = CLIENT, .from = "127.0.0.1:2000");
        expect(SYS_GETPEERNAME, .on = SERVER + i, .from = "127.0.0.1:6666");
        expect(SYS_CLOSE, .on = SERVER + i);
    }
    for (int i = 3; i < 5; i++) { /* strangers' that are gone, in two systems' words */
        expect(SYS_ACCEPT, .on = LISTENER);
        expect(SYS_GETSOCKNAME, .on = CLIENT, .from = "127.0.0.1:2000");
        expect(SYS_GETPEERNAME, .on = SERVER + i, .result = i == 3 ? PS_ENOTCONN : PS_EINVAL);
        expect(SYS_CLOSE, .on = SERVER + i);
    }
    expect(SYS_ACCEPT, .on = LISTENER, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = LISTENER, .nanoseconds = SECONDS(10), .advance = SECONDS(10),
           .result = 0);
    ck_assert_code(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0), PS_ECONNABORTED);
    is_closed(pair);

    /* Strangers that come faster than they can be sent away. */
    stream_steps(7, 0);
    for (int i = 0; i < 4; i++) {
        expect(SYS_ACCEPT, .on = LISTENER, .advance = SECONDS(3));
        expect(SYS_GETSOCKNAME, .from = "127.0.0.1:2000");
        expect(SYS_GETPEERNAME, .from = "127.0.0.1:6666");
        expect(SYS_CLOSE, .on = SERVER + i);
    }
    ck_assert_code(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0), PS_ECONNABORTED);
    is_closed(pair);
}
END_TEST

/* The accepted connection is our client's, but our client's is not with it. */
/* Traps: DSC-6. */
START_TEST(stream_pair_whose_ends_do_not_face_each_other)
{
    ps_sock pair[2];

    for (int wrong = 0; wrong < 4; wrong++) {
        stream_steps(10, 0);
        expect(SYS_GETSOCKNAME, .from = wrong == 0 ? "127.0.0.1:2001" : "127.0.0.1:2000");
        expect(SYS_GETPEERNAME, .from = wrong == 1 ? "127.0.0.1:2001" : "127.0.0.1:2000");
        if (wrong > 1) {
            expect(SYS_GETSOCKNAME, .from = wrong == 2 ? "127.0.0.1:1001" : "127.0.0.1:1000");
            expect(SYS_GETPEERNAME, .from = wrong == 3 ? "127.0.0.1:1001" : "127.0.0.1:1000");
        }
        ck_assert_code(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0), PS_ECONNABORTED);
        is_closed(pair);
    }
}
END_TEST

/* ---- datagrams over loopback ----------------------------------------------------------------- */

static int datagram_steps(int failing, int code)
{
    const fake_step steps[] = {
        {.call = SYS_SOCKET, .family = AF_INET6, .type = SOCK_DGRAM},
        {.call = SYS_BIND, .on = 1, .to = "[::1]:0"},
        {.call = SYS_GETSOCKNAME, .on = 1, .from = "[::1]:1"},
        {.call = SYS_SOCKET, .family = AF_INET6, .type = SOCK_DGRAM},
        {.call = SYS_BIND, .on = 2, .to = "[::1]:0"},
        {.call = SYS_GETSOCKNAME, .on = 2, .from = "[::1]:2"},
        {.call = SYS_CONNECT, .on = 1, .to = "[::1]:2"},
        {.call = SYS_CONNECT, .on = 2, .to = "[::1]:1"},
        {.call = SYS_GETSOCKNAME, .on = 1, .from = "[::1]:1"},
        {.call = SYS_GETPEERNAME, .on = 2, .from = "[::1]:1"},
        {.call = SYS_GETSOCKNAME, .on = 2, .from = "[::1]:2"},
        {.call = SYS_GETPEERNAME, .on = 1, .from = "[::1]:2"},
        {.call = SYS_SET_NONBLOCKING, .on = 1, .mode = FAKE_ON},
        {.call = SYS_RECV, .on = 1, .result = PS_EWOULDBLOCK},
        {.call = SYS_SET_NONBLOCKING, .on = 1, .mode = FAKE_OFF},
        {.call = SYS_SET_NONBLOCKING, .on = 2, .mode = FAKE_ON},
        {.call = SYS_RECV, .on = 2, .result = PS_EWOULDBLOCK},
        {.call = SYS_SET_NONBLOCKING, .on = 2, .mode = FAKE_OFF},
    };
    const int count = sizeof steps / sizeof steps[0];

    for (int i = 0; i < count && i <= failing; i++) {
        fake_step step = steps[i];

        step.file = __FILE__;
        step.line = i + 1;
        if (i == failing)
            step.result = code;
        fake_expect(&step);
    }
    return count;
}

START_TEST(datagram_pair_of_which_a_step_fails)
{
    const int count = datagram_steps(-1, 0);
    ps_sock pair[2];

    for (int i = 0; i < count; i++) {
        datagram_steps(i, PS_ENOMEM);
        ck_assert_code(ps_socketpair(pair, AF_INET6, SOCK_DGRAM, 0), PS_ENOMEM);
        is_closed(pair);
    }
    datagram_steps(INT_MAX, 0);
    ck_assert_ok(ps_socketpair(pair, AF_INET6, SOCK_DGRAM, 0));
    close_pair(pair);
}
END_TEST

/* DSC-7: what strangers sent before the ends were connected is not handed on. */
/* Traps: DSC-7. */
START_TEST(datagram_pair_discards_what_strangers_sent)
{
    ps_sock pair[2];

    datagram_steps(12, 0);
    expect(SYS_RECV, .on = 1, .times = 3, .result = 1);
    expect(SYS_RECV, .on = 1, .result = 0);
    expect(SYS_RECV, .on = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_SET_NONBLOCKING, .on = 1, .mode = FAKE_OFF);
    expect(SYS_SET_NONBLOCKING, .on = 2, .mode = FAKE_ON);
    expect(SYS_RECV, .on = 2, .result = PS_EWOULDBLOCK);
    expect(SYS_SET_NONBLOCKING, .on = 2, .mode = FAKE_OFF);
    ck_assert_ok(ps_socketpair(pair, AF_INET6, SOCK_DGRAM, 0));
    close_pair(pair);
}
END_TEST

void add_pair_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, pair_of_the_system);
    ADD_TEST_CASE(suite, pair_of_a_family_that_the_system_cannot_pair);
    ADD_TEST_CASE(suite, stream_pair_over_loopback);
    ADD_TEST_CASE(suite, stream_pair_of_which_a_step_fails);
    ADD_TEST_CASE(suite, stream_pair_whose_connection_is_under_way);
    ADD_TEST_CASE(suite, stream_pair_beside_strangers);
    ADD_TEST_CASE(suite, stream_pair_whose_ends_do_not_face_each_other);
    ADD_TEST_CASE(suite, datagram_pair_of_which_a_step_fails);
    ADD_TEST_CASE(suite, datagram_pair_discards_what_strangers_sent);
}
