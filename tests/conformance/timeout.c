/* Timeouts: their values, the default for new sockets, and the calls that keep them (rows R009,
 * R073 to R075, R078 to R083, R126; R180 and R183 name the reference's own tests). Connecting
 * and accepting in time are in connect.c and accept.c. */
#include "late.h"
#include "test.h"

#include <float.h>
#include <limits.h>

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 15.0
/* More than any system takes when nobody reads. */
enum { PLENTY = 24 * 1024 * 1024 };

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_sock bound_datagram_socket(void)
{
    ps_sock s;
    ps_addr a;

    test_bound(&s, AF_INET, SOCK_DGRAM, &a);
    return s;
}

/* That the call which began then did not end early, nor absurdly late. */
static void assert_took(double begin, double seconds)
{
    double took = test_clock() - begin;

    ck_assert_msg(took >= seconds, "took %.9f s of %.9f s", took, seconds);
    ck_assert_msg(took < seconds + PATIENCE, "took %.3f s instead of %.9f s", took, seconds);
}

static void assert_receives_in_time(ps_sock *s, double timeout)
{
    double begin = test_clock();
    char byte;

    ck_assert_double_eq(ps_gettimeout(s), timeout);
    if (timeout == 0) {
        ck_assert_code(ps_recv(s, &byte, 1, 0), PS_EWOULDBLOCK);
    } else {
        ck_assert_code(ps_recv(s, &byte, 1, 0), PS_TIMED_OUT);
        assert_took(begin, timeout);
    }
}

/* ---- values ---------------------------------------------------------------------------------- */

static const double good_values[] = {7.345,       1e300, 0,         PS_NO_TIMEOUT, 1e-9,
                                     0.0004,      0.1,   1.0 / 3.0, DBL_MIN,       DBL_MAX,
                                     2147483.648, 1e10,  9.3e9,     4294967.296};

static const double bad_values[] = {-1, -0.5, -1e-300, -DBL_MAX, -INFINITY, NAN};

enum {
    GOOD = sizeof good_values / sizeof good_values[0],
    BAD = sizeof bad_values / sizeof bad_values[0]
};

/* Rows: R004 R075. */
START_TEST(timeout_is_given_back_exactly)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);
    size_t i;

    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    for (i = 0; i < GOOD; i++) {
        ck_assert_ok(ps_settimeout(&s, good_values[i]));
        ck_assert_double_eq(ps_gettimeout(&s), good_values[i]);
        ck_assert_ok(ps_setdefaulttimeout(good_values[i]));
        ck_assert_double_eq(ps_getdefaulttimeout(), good_values[i]);
    }
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R074. Traps: TMO-7. */
START_TEST(timeout_out_of_range_changes_nothing)
{
    static const double before[] = {PS_NO_TIMEOUT, 0, 0.1};
    size_t i, k;

    for (i = 0; i < sizeof before / sizeof before[0]; i++) {
        ps_sock s, peer;
        test_tcp_pair(&s, &peer);
        ck_assert_ok(ps_settimeout(&s, before[i]));
        for (k = 0; k < BAD; k++) {
            ck_assert_code(ps_settimeout(&s, bad_values[k]), PS_BAD_TIMEOUT);
            ck_assert_double_eq(ps_gettimeout(&s), before[i]);
        }
        if (before[i] == PS_NO_TIMEOUT)
            assert_waits_for_what_comes_late(&s, &peer);
        else
            assert_receives_in_time(&s, before[i]);
        test_close(&s, &peer);
    }
}
END_TEST

/* Rows: R126. */
START_TEST(timeout_default_out_of_range_changes_nothing)
{
    size_t k;

    ck_assert_ok(ps_setdefaulttimeout(7.5));
    for (k = 0; k < BAD; k++) {
        ck_assert_code(ps_setdefaulttimeout(bad_values[k]), PS_BAD_TIMEOUT);
        ck_assert_double_eq(ps_getdefaulttimeout(), 7.5);
    }
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
}
END_TEST

/* Rows: R073. Traps: TMO-12. */
START_TEST(timeout_setblocking)
{
    static const int on[] = {1, -1, 2, INT_MAX, INT_MIN};
    ps_sock s = bound_datagram_socket();
    size_t i;

    for (i = 0; i < sizeof on / sizeof on[0]; i++) {
        ck_assert_ok(ps_setblocking(&s, 0));
        ck_assert_double_eq(ps_gettimeout(&s), 0);
        assert_receives_in_time(&s, 0);
        ck_assert_ok(ps_setblocking(&s, on[i]));
        ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    }
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R078. Traps: LIF-13 TMO-8. */
START_TEST(timeout_then_blocking_and_back)
{
    ps_sock s, peer;

    test_tcp_pair(&s, &peer);
    ck_assert_ok(ps_settimeout(&s, 10));
    ck_assert_ok(ps_setblocking(&s, 1));
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    assert_waits_for_what_comes_late(&s, &peer);
    ck_assert_ok(ps_settimeout(&s, 0.1));
    assert_receives_in_time(&s, 0.1);
    ck_assert_ok(ps_setblocking(&s, 0));
    assert_receives_in_time(&s, 0);
    ck_assert_ok(ps_settimeout(&s, 0.1));
    assert_receives_in_time(&s, 0.1);
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    assert_waits_for_what_comes_late(&s, &peer);
    test_close(&s, &peer);
}
END_TEST

/* ---- the default ----------------------------------------------------------------------------- */

/* Rows: R009 R180. */
START_TEST(timeout_default_is_none_at_first)
{
    ps_sock s;

    ck_assert_double_eq(ps_getdefaulttimeout(), PS_NO_TIMEOUT);
    s = test_socket(AF_INET, SOCK_STREAM);
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    ck_assert_ok(ps_close(&s));

    ck_assert_ok(ps_setdefaulttimeout(10));
    ck_assert_double_eq(ps_getdefaulttimeout(), 10);
    s = test_socket(AF_INET, SOCK_STREAM);
    ck_assert_double_eq(ps_gettimeout(&s), 10);
    /* It is for sockets made from now on. */
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    ck_assert_double_eq(ps_gettimeout(&s), 10);
    ck_assert_ok(ps_close(&s));
    s = test_socket(AF_INET, SOCK_STREAM);
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R126. */
START_TEST(timeout_default_is_not_for_what_is_there)
{
    ps_sock s, peer;

    test_tcp_pair(&s, &peer);
    ck_assert_ok(ps_setdefaulttimeout(0));
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);
    assert_waits_for_what_comes_late(&s, &peer);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    test_close(&s, &peer);
}
END_TEST

typedef struct made {
    double timeout;
    int code;
} made;

static void make_socket(void *argument)
{
    made *m = argument;
    ps_sock s;

    m->code = ps_socket(&s, AF_INET, SOCK_STREAM, 0);
    m->timeout = ps_gettimeout(&s);
    ps_close(&s);
}

/* Rows: R126. */
START_TEST(timeout_default_is_for_every_thread)
{
    made m = {0, 99};
    test_thread *thread;

    ck_assert_ok(ps_setdefaulttimeout(7.345));
    thread = test_thread_start(make_socket, &m);
    test_thread_join(thread);
    ck_assert_code(m.code, 0);
    ck_assert_double_eq(m.timeout, 7.345);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
}
END_TEST

static void assert_pair_has(int family, int type, double timeout)
{
    ps_sock pair[2];
    int i;

    ck_assert_ok(ps_setdefaulttimeout(timeout));
    ck_assert_ok(ps_socketpair(pair, family, type, 0));
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    for (i = 0; i < 2; i++)
        assert_receives_in_time(&pair[i], timeout);
    for (i = 0; i < 2; i++)
        ck_assert_ok(ps_close(&pair[i]));
}

START_TEST(timeout_default_is_taken_on_by_pairs)
{
    static const double defaults[] = {0, 0.1};
    size_t i;

    for (i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        /* Windows has no default pair of datagrams other than AF_INET's. */
        assert_pair_has(PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, defaults[i]);
        assert_pair_has(PS_DEFAULT_PAIR_FAMILY, SOCK_DGRAM, defaults[i]);
        assert_pair_has(AF_INET, SOCK_STREAM, defaults[i]);
        assert_pair_has(AF_INET, SOCK_DGRAM, defaults[i]);
    }
}
END_TEST

/* Rows: R009. */
START_TEST(timeout_default_is_taken_on_by_every_socket)
{
    static const double defaults[] = {0, 0.1};
    size_t i;

    for (i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        ps_sock listener, client, server, datagrams, copy;
        ps_addr a;
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(
            ps_create_connection(&client, "127.0.0.1", ps_addr_port(&a), PS_NO_TIMEOUT, NULL));

        ck_assert_ok(ps_setdefaulttimeout(defaults[i]));
        ck_assert_ok(ps_accept(&listener, &server, NULL));
        datagrams = bound_datagram_socket();
        ck_assert_ok(ps_fromfd(&copy, ps_fileno(&client), AF_INET, SOCK_STREAM, 0));
        ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));

        assert_receives_in_time(&server, defaults[i]);
        assert_receives_in_time(&datagrams, defaults[i]);
        assert_receives_in_time(&copy, defaults[i]);
        test_close(&copy, &datagrams, &server, &client);

        if (defaults[i] > 0) {
            ck_assert_ok(ps_setdefaulttimeout(defaults[i]));
            ck_assert_ok(ps_create_connection(&client, "127.0.0.1", ps_addr_port(&a),
                                              PS_DEFAULT_TIMEOUT, NULL));
            ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
            assert_receives_in_time(&client, defaults[i]);
            ck_assert_ok(ps_close(&client));
        }
        ck_assert_ok(ps_close(&listener));
    }
}
END_TEST

/* ---- waiting --------------------------------------------------------------------------------- */

/* Rows: R133 R183. Traps: TMO-1. */
START_TEST(timeout_of_recv)
{
    ps_sock s, peer;
    ps_addr from;
    double begin;
    char text[4];

    test_tcp_pair(&s, &peer);
    ck_assert_ok(ps_settimeout(&s, 0.25));
    assert_receives_in_time(&s, 0.25);
    begin = test_clock();
    ck_assert_code(ps_recvfrom(&s, text, sizeof text, 0, &from), PS_TIMED_OUT);
    assert_took(begin, 0.25);
    begin = test_clock();
    ck_assert_code(ps_recv(&s, text, sizeof text, MSG_PEEK), PS_TIMED_OUT);
    assert_took(begin, 0.25);
    test_close(&s, &peer);
}
END_TEST

START_TEST(timeout_of_recv_of_datagrams)
{
    ps_sock s = bound_datagram_socket();
    ps_addr from;
    double begin;
    char text[4];

    ck_assert_ok(ps_settimeout(&s, 0.25));
    assert_receives_in_time(&s, 0.25);
    begin = test_clock();
    ck_assert_code(ps_recvfrom(&s, text, sizeof text, 0, &from), PS_TIMED_OUT);
    assert_took(begin, 0.25);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Sends what nobody reads until a call fails. Gives its code, and tells when that call began.
 * The system may take a bit more even after it has said no, so no earlier moment would do. */
static ptrdiff_t send_until_it_fails(ps_sock *s, const char *text, double *begin)
{
    double end = test_clock() + PATIENCE;
    ptrdiff_t count;

    do {
        *begin = test_clock();
        count = ps_send(s, text, PLENTY, 0);
    } while (count > 0 && *begin < end);
    return count;
}

START_TEST(timeout_of_send)
{
    ps_sock s, peer;
    char *text = calloc(PLENTY, 1);
    size_t sent = 99;
    double begin;

    ck_assert_ptr_nonnull(text);
    test_tcp_pair(&s, &peer);
    ck_assert_ok(ps_settimeout(&s, 0.25));
    ck_assert_code(send_until_it_fails(&s, text, &begin), PS_TIMED_OUT);
    assert_took(begin, 0.25);
    begin = test_clock();
    ck_assert_code(ps_sendall(&s, text, PLENTY, 0, &sent), PS_TIMED_OUT);
    assert_took(begin, 0.25);
    ck_assert_uint_lt(sent, PLENTY);
    free(text);
    test_close(&s, &peer);
}
END_TEST

/* Shorter than what the system counts in: rounded up, not down to "do not wait". */
/* Rows: R080. Traps: TMO-7. */
START_TEST(timeout_may_be_tiny)
{
    static const double tiny[] = {1e-9, 1e-7, 0.0004, 0.001, DBL_MIN};
    ps_sock s, peer, listener, conn;
    ps_addr a;
    size_t i;

    test_tcp_pair(&s, &peer);
    test_listener(&listener, AF_INET, &a);
    for (i = 0; i < sizeof tiny / sizeof tiny[0]; i++) {
        double begin;
        ck_assert_ok(ps_settimeout(&s, tiny[i]));
        assert_receives_in_time(&s, tiny[i]);
        ck_assert_ok(ps_settimeout(&listener, tiny[i]));
        begin = test_clock();
        ck_assert_code(ps_accept(&listener, &conn, NULL), PS_TIMED_OUT);
        assert_took(begin, tiny[i]);
    }
    test_close(&s, &peer, &listener);
}
END_TEST

/* Data that is there is given, however short the timeout. */
START_TEST(timeout_tiny_takes_what_is_there)
{
    ps_sock s, peer;
    char byte = 0;

    test_tcp_pair(&s, &peer);
    ck_assert_int_eq(ps_send(&peer, "xy", 2, 0), 2);
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_int_eq(ps_recv(&s, &byte, 1, MSG_PEEK), 1);
    ck_assert_ok(ps_settimeout(&s, 1e-9));
    ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 1);
    ck_assert_int_eq(byte, 'x');
    ck_assert_ok(ps_settimeout(&s, 0));
    ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 1);
    ck_assert_int_eq(byte, 'y');
    test_close(&s, &peer);
}
END_TEST

/* Longer than what the system counts in: it waits, and neither returns at once nor fails. */
/* Traps: TMO-7. */
START_TEST(timeout_may_be_huge)
{
    static const double huge[] = {PATIENCE, 2147483.648, 4294967.296, 9.3e9,
                                  1e10,     1e300,       DBL_MAX,     PS_NO_TIMEOUT};
    size_t i;

    for (i = 0; i < sizeof huge / sizeof huge[0]; i++) {
        ps_sock s, peer;
        test_tcp_pair(&s, &peer);
        ck_assert_ok(ps_settimeout(&s, huge[i]));
        assert_waits_for_what_comes_late(&s, &peer);
        test_close(&s, &peer);
    }
}
END_TEST

/* ---- one deadline ---------------------------------------------------------------------------- */

/* Reads a little at a time, so that there is always a bit of room soon, until it is told to
 * stop. */
typedef struct trickle {
    ps_sock *socket;
    double until;
} trickle;

static void read_in_a_trickle(void *argument)
{
    static char buffer[64 * 1024];
    trickle *t = argument;

    while (test_clock() < t->until && ps_recv(t->socket, buffer, sizeof buffer, 0) > 0)
        test_sleep(0.02);
}

/* Room comes all the time; were the timeout for each part, this would take minutes. */
/* Rows: R071. Traps: SND-22. */
START_TEST(timeout_of_sendall_is_for_all_of_it)
{
    ps_sock s, peer;
    char *text = calloc(PLENTY, 4);
    trickle t = {.socket = &peer, .until = test_clock() + 12};
    test_thread *thread;
    size_t sent = 0;
    double begin, took;

    ck_assert_ptr_nonnull(text);
    test_tcp_pair(&s, &peer);
    thread = test_thread_start(read_in_a_trickle, &t);
    ck_assert_ok(ps_settimeout(&s, 0.5));
    begin = test_clock();
    ck_assert_code(ps_sendall(&s, text, (size_t)PLENTY * 4, 0, &sent), PS_TIMED_OUT);
    took = test_clock() - begin;
    ck_assert_double_ge(took, 0.5);
    ck_assert_msg(took < 8, "took %.3f s", took);
    ck_assert_uint_gt(sent, 0);
    ck_assert_uint_lt(sent, (size_t)PLENTY * 4);
    ck_assert_ok(ps_close(&s));
    test_thread_join(thread);
    free(text);
    ck_assert_ok(ps_close(&peer));
}
END_TEST

/* The same for MSG_WAITALL: a byte now and then does not prolong it. */
typedef struct dripping {
    ps_sock *socket;
    double until;
    size_t count;
} dripping;

static void send_in_drips(void *argument)
{
    dripping *d = argument;

    while (test_clock() < d->until && ps_send(d->socket, "x", 1, 0) == 1) {
        d->count++;
        test_sleep(0.05);
    }
}

/* Traps: SND-15. */
START_TEST(timeout_of_waitall_is_for_all_of_it)
{
    ps_sock s, peer;
    dripping d = {.socket = &peer, .until = test_clock() + 12};
    test_thread *thread;
    char text[1000];
    double begin, took;
    ptrdiff_t count;

    test_tcp_pair(&s, &peer);
    thread = test_thread_start(send_in_drips, &d);
    ck_assert_ok(ps_settimeout(&s, 0.5));
    begin = test_clock();
    count = ps_recv(&s, text, sizeof text, MSG_WAITALL);
    took = test_clock() - begin;
    ck_assert_int_gt(count, 0);
    ck_assert_int_lt(count, (ptrdiff_t)sizeof text);
    ck_assert_double_ge(took, 0.5);
    ck_assert_msg(took < 8, "took %.3f s", took);
    ck_assert_ok(ps_close(&s));
    test_thread_join(thread);
    ck_assert_uint_le((size_t)count, d.count);
    ck_assert_ok(ps_close(&peer));
}
END_TEST

/* Readiness is a hint: another one took the datagram, so the wait goes on until time is over. */
typedef struct rival {
    ps_sock *socket;
    ptrdiff_t count;
    double took;
} rival;

static void receive_one(void *argument)
{
    rival *r = argument;
    double begin = test_clock();
    char byte;

    r->count = ps_recv(r->socket, &byte, 1, 0);
    r->took = test_clock() - begin;
}

/* Rows: R083. Traps: TMO-10. */
START_TEST(timeout_of_two_rivals)
{
    ps_sock one, two;
    ps_addr one_address, two_address;
    rival rivals[2];
    test_thread *threads[2];
    int winner, i;

    test_udp_pair(&one, &one_address, &two, &two_address);
    ck_assert_ok(ps_settimeout(&one, 2));
    for (i = 0; i < 2; i++) {
        rivals[i] = (rival){.socket = &one};
        threads[i] = test_thread_start(receive_one, &rivals[i]);
    }
    test_sleep(0.1);
    ck_assert_int_eq(ps_sendto(&two, "x", 1, 0, &one_address), 1);
    for (i = 0; i < 2; i++)
        test_thread_join(threads[i]);
    winner = rivals[0].count == 1 ? 0 : 1;
    ck_assert_int_eq(rivals[winner].count, 1);
    ck_assert_code(rivals[1 - winner].count, PS_TIMED_OUT);
    ck_assert_double_ge(rivals[1 - winner].took, 2);
    test_close(&one, &two);
}
END_TEST

/* ---- the system's own timeouts --------------------------------------------------------------- */

/* SO_RCVTIMEO and SO_SNDTIMEO, in either of the forms that they have: seconds and microseconds,
 * or Windows' milliseconds. */
static void set_native_timeout(ps_sock *s, int name, bool as_timeval)
{
    struct timeval time = {0, 200000};

    if (as_timeval)
        ck_assert_ok(ps_setsockopt(s, SOL_SOCKET, name, &time, sizeof time));
    else
        ck_assert_ok(ps_setsockopt_int(s, SOL_SOCKET, name, 200));
}

/* Nothing comes for the time that was set; the socket is as it was. */
static void assert_native_timeout_of_recv(ps_sock *s)
{
    double begin = test_clock();
    char byte;

    ck_assert_code(ps_recv(s, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_double_ge(test_clock() - begin, 0.2);
}

/* Traps: TMO-6. */
START_TEST(timeout_native_of_recv)
{
    for (int form = 0; form < 2; form++) {
        ps_sock s, peer;
        ps_cancel *token;
        char byte;

        test_tcp_pair(&s, &peer);
        set_native_timeout(&s, SO_RCVTIMEO, form == 0);
        assert_native_timeout_of_recv(&s);
        ck_assert_ok(ps_cancel_open(&token));
        ck_assert_ok(ps_setcancel(&s, token));
        assert_native_timeout_of_recv(&s);
        ck_assert_ok(ps_setcancel(&s, NULL));
        ps_cancel_close(token);
        assert_native_timeout_of_recv(&s);
        ck_assert_int_eq(ps_send(&peer, "x", 1, 0), 1);
        ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 1);
        ck_assert_ok(ps_close(&s));
        ck_assert_ok(ps_close(&peer));

        s = bound_datagram_socket();
        set_native_timeout(&s, SO_RCVTIMEO, form == 0);
        assert_native_timeout_of_recv(&s);
        ck_assert_ok(ps_close(&s));
    }
}
END_TEST

/* A duplicate has the option and the mode of the socket that it was made of. */
START_TEST(timeout_native_of_a_duplicate)
{
    ps_sock s, peer, duplicate;
    char byte;

    test_tcp_pair(&s, &peer);
    set_native_timeout(&s, SO_RCVTIMEO, true);
    ck_assert_ok(ps_fromfd(&duplicate, ps_fileno(&s), AF_INET, SOCK_STREAM, 0));
    assert_native_timeout_of_recv(&duplicate);
    assert_native_timeout_of_recv(&s);
    ck_assert_int_eq(ps_send(&peer, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&duplicate, &byte, 1, 0), 1);
    ck_assert_ok(ps_close(&duplicate));
    test_close(&s, &peer);
}
END_TEST

START_TEST(timeout_native_of_send)
{
    for (int form = 0; form < 2; form++) {
        ps_sock s, peer;
        char *text = calloc(PLENTY, 1);
        double begin;

        ck_assert_ptr_nonnull(text);
        test_tcp_pair(&s, &peer);
        set_native_timeout(&s, SO_SNDTIMEO, form == 0);
        ck_assert_code(send_until_it_fails(&s, text, &begin), PS_EWOULDBLOCK);
        free(text);
        ck_assert_ok(ps_close(&s));
        ck_assert_ok(ps_close(&peer));
    }
}
END_TEST

/* A stream reads the socket's, and has one deadline for a call that receives more than once. */
START_TEST(timeout_native_of_a_stream)
{
    ps_sock s, peer;
    char line[10];
    double begin;
    ps_file *f;

    test_tcp_pair(&s, &peer);
    ck_assert_ok(ps_makefile(&f, &s, "r", -1));
    set_native_timeout(&s, SO_RCVTIMEO, true);
    ck_assert_int_eq(ps_send(&peer, "abc", 3, 0), 3);
    begin = test_clock();
    ck_assert_code(ps_file_readline(f, line, sizeof line), PS_EWOULDBLOCK);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    ck_assert_int_eq(ps_send(&peer, "\n", 1, 0), 1);
    ck_assert_int_eq(ps_file_readline(f, line, sizeof line), 4);
    ck_assert_ok(ps_file_close(f));
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_close(&peer));
}
END_TEST

/* It holds for accept, which Windows' own does not; and a connection has its listener's. */
START_TEST(timeout_native_of_accept)
{
    ps_sock listener, client, server;
    double begin = test_clock();
    ps_addr address;

    test_listener(&listener, AF_INET, &address);
    set_native_timeout(&listener, SO_RCVTIMEO, true);
    ck_assert_code(ps_accept(&listener, &server, NULL), PS_EWOULDBLOCK);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    assert_native_timeout_of_recv(&server);
    ck_assert_ok(ps_close(&client));
    ck_assert_ok(ps_close(&server));
    ck_assert_ok(ps_close(&listener));
}
END_TEST

static void assert_native_timeout_is(ps_sock *s, int name, long seconds, long microseconds,
                                     int milliseconds)
{
    struct timeval time = {-1, -1};
    size_t size = sizeof time;
    uint32_t word = 0x55555555;
    int number = -1;

    ck_assert_ok(ps_getsockopt(s, SOL_SOCKET, name, &time, &size));
    ck_assert_uint_eq(size, sizeof time);
    ck_assert_int_eq((long)time.tv_sec, seconds);
    ck_assert_int_eq((long)time.tv_usec, microseconds);
    size = sizeof word;
    ck_assert_ok(ps_getsockopt(s, SOL_SOCKET, name, &word, &size));
    ck_assert_uint_eq(size, sizeof word);
    ck_assert_uint_eq(word, (uint32_t)milliseconds);
    ck_assert_ok(ps_getsockopt_int(s, SOL_SOCKET, name, &number));
    ck_assert_int_eq(number, milliseconds);
}

START_TEST(timeout_native_has_two_forms)
{
    static const int names[] = {SO_RCVTIMEO, SO_SNDTIMEO};
    const struct timeval three = {3, 500000}, none = {0, 0};
    const struct timeval below_zero[] = {{-1, 0}, {0, -1}, {0, 1000000}};
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    for (int i = 0; i < 2; i++) {
        const uint32_t word = 1500;
        char few[3];
        size_t size = sizeof few;

        assert_native_timeout_is(&s, names[i], 0, 0, 0);
        ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, names[i], &three, sizeof three));
        assert_native_timeout_is(&s, names[i], 3, 500000, 3500);
        ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, names[i], &word, sizeof word));
        assert_native_timeout_is(&s, names[i], 1, 500000, 1500);
        ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, names[i], 60000));
        assert_native_timeout_is(&s, names[i], 60, 0, 60000);
        /* What is refused changes nothing. */
        for (int j = 0; j < 3; j++)
            ck_assert_code(
                ps_setsockopt(&s, SOL_SOCKET, names[i], &below_zero[j], sizeof below_zero[j]),
                PS_BAD_TIMEOUT);
        ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, names[i], -1), PS_BAD_TIMEOUT);
        ck_assert_code(ps_setsockopt(&s, SOL_SOCKET, names[i], &three, sizeof three - 1),
                       PS_EINVAL);
        ck_assert_code(ps_setsockopt(&s, SOL_SOCKET, names[i], &three, 0), PS_EINVAL);
        ck_assert_code(ps_getsockopt(&s, SOL_SOCKET, names[i], few, &size), PS_EINVAL);
        assert_native_timeout_is(&s, names[i], 60, 0, 60000);
        ck_assert_ok(ps_setsockopt(&s, SOL_SOCKET, names[i], &none, sizeof none));
        assert_native_timeout_is(&s, names[i], 0, 0, 0);
    }
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Linux copies the option when a client connects, not when it is accepted. */
START_TEST(timeout_native_that_a_listener_has_no_more)
{
    ps_sock listener, client, server;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    set_native_timeout(&listener, SO_RCVTIMEO, true);
    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert_ok(ps_setsockopt_int(&listener, SOL_SOCKET, SO_RCVTIMEO, 0));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    assert_native_timeout_is(&server, SO_RCVTIMEO, 0, 0, 0);
    test_close(&listener, &client, &server);
}
END_TEST

/* In timeout mode ours alone counts. */
/* Traps: CON-15 TMO-6. */
START_TEST(timeout_native_is_not_for_timeout_mode)
{
    ps_sock s, peer;

    test_tcp_pair(&s, &peer);
    set_native_timeout(&s, SO_RCVTIMEO, true);
    ck_assert_ok(ps_settimeout(&s, 0.5));
    assert_receives_in_time(&s, 0.5);
    ck_assert_ok(ps_settimeout(&s, 0.05));
    assert_receives_in_time(&s, 0.05);
    ck_assert_ok(ps_setblocking(&s, 0));
    assert_receives_in_time(&s, 0);
    test_close(&s, &peer);
}
END_TEST

void add_timeout_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, timeout_is_given_back_exactly);
    ADD_TEST_CASE(suite, timeout_out_of_range_changes_nothing);
    ADD_TEST_CASE(suite, timeout_default_out_of_range_changes_nothing);
    ADD_TEST_CASE(suite, timeout_setblocking);
    ADD_TEST_CASE(suite, timeout_then_blocking_and_back);
    ADD_TEST_CASE(suite, timeout_default_is_none_at_first);
    ADD_TEST_CASE(suite, timeout_default_is_not_for_what_is_there);
    ADD_TEST_CASE(suite, timeout_default_is_for_every_thread);
    ADD_TEST_CASE(suite, timeout_default_is_taken_on_by_pairs);
    ADD_TEST_CASE(suite, timeout_default_is_taken_on_by_every_socket);
    ADD_TEST_CASE(suite, timeout_of_recv);
    ADD_TEST_CASE(suite, timeout_of_recv_of_datagrams);
    ADD_TEST_CASE(suite, timeout_of_send);
    ADD_TEST_CASE(suite, timeout_may_be_tiny);
    ADD_TEST_CASE(suite, timeout_tiny_takes_what_is_there);
    ADD_TEST_CASE(suite, timeout_may_be_huge);
    ADD_TEST_CASE(suite, timeout_of_sendall_is_for_all_of_it);
    ADD_TEST_CASE(suite, timeout_of_waitall_is_for_all_of_it);
    ADD_TEST_CASE(suite, timeout_of_two_rivals);
    ADD_TEST_CASE(suite, timeout_native_of_recv);
    ADD_TEST_CASE(suite, timeout_native_that_a_listener_has_no_more);
    ADD_TEST_CASE(suite, timeout_native_of_a_duplicate);
    ADD_TEST_CASE(suite, timeout_native_of_send);
    ADD_TEST_CASE(suite, timeout_native_of_a_stream);
    ADD_TEST_CASE(suite, timeout_native_of_accept);
    ADD_TEST_CASE(suite, timeout_native_has_two_forms);
    ADD_TEST_CASE(suite, timeout_native_is_not_for_timeout_mode);
}
