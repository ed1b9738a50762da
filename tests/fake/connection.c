/* ps_create_connection: the race of RFC 8305, step by step on a clock that the script moves. */
#include "fake.h"

#include <stdio.h>

#define ENTRIES(...)                              \
    .entries = (const fake_entry[]){__VA_ARGS__}, \
    .entry_count = sizeof((const fake_entry[]){__VA_ARGS__}) / sizeof(fake_entry)

#define QUARTER MILLISECONDS(250)

static const char *const hosts[] = {"[2001:db8::1]:0", "[2001:db8::2]:0", "192.0.2.1:0",
                                    "192.0.2.2:0", NULL};

static ps_connect_attempt attempts[8];
static size_t attempt_count;

static ps_connect_options recorded(double timeout)
{
    ps_connect_options options = PS_CONNECT_OPTIONS_INIT;

    options.timeout = timeout;
    options.attempts = attempts;
    options.attempts_capacity = sizeof attempts / sizeof attempts[0];
    options.attempts_count = &attempt_count;
    return options;
}

static int race(ps_sock *s, const ps_connect_options *options)
{
    return ps_create_connection_with(s, "a.example", 80, options);
}

/* The names are found at once, apart from the call. */
static void find(const char *const *addresses)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .text = "a.example", .family = FAKE_ZERO, .addresses = addresses);
    expect(SYS_WAIT, .events = PS__NOTIFIED, .result = PS__NOTIFIED);
}

/* A connection is there; has it two ends? */
static void win(int on)
{
    expect(SYS_GETSOCKNAME, .on = on, .from = "198.51.100.1:1000");
}

static void attempt(int family, const char *to, int result)
{
    expect(SYS_SOCKET, .family = family, .type = SOCK_STREAM, .mode = FAKE_ON);
    expect(SYS_CONNECT, .to = to, .result = result);
    if (result == 0)
        win(0);
}

/* ---- the order ------------------------------------------------------------------------------- */

/* The families in turn, a quarter of a second apart; the first connection wins, and the others
 * are closed. */
START_TEST(race_staggers_and_closes_the_losers)
{
    ps_connect_options options = recorded(PS_NO_TIMEOUT);
    ps_sock s;

    find(hosts);
    attempt(AF_INET6, "[2001:db8::1]:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = QUARTER, .advance = QUARTER, ENTRIES({2, PS__CONNECTED, 0}));
    attempt(AF_INET, "192.0.2.1:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = QUARTER, .advance = MILLISECONDS(100), .result = PS_EINTR);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(150), .advance = MILLISECONDS(150));
    attempt(AF_INET6, "[2001:db8::2]:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = QUARTER, .advance = MILLISECONDS(50),
           ENTRIES({2, PS__CONNECTED, 0}, {3, PS__CONNECTED, PS__CONNECTED},
                   {4, PS__CONNECTED, PS__CONNECTED}));
    expect(SYS_WAIT, .on = 3, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED);
    win(3);
    expect(SYS_CLOSE, .on = 2);
    expect(SYS_CLOSE, .on = 4);
    expect(SYS_SET_NONBLOCKING, .on = 3, .mode = FAKE_OFF);
    ck_assert_ok(race(&s, &options));
    ck_assert(s.handle == fake_handle(3));
    ck_assert_double_eq(ps_gettimeout(&s), PS_NO_TIMEOUT);

    ck_assert_uint_eq(attempt_count, 3);
    ck_assert_code(attempts[0].code, PS_ECANCELED);
    ck_assert_code(attempts[1].code, 0);
    ck_assert_double_eq_tol(attempts[1].started, 0.25, 1e-9);
    ck_assert_double_eq_tol(attempts[1].ended, 0.55, 1e-9);
    ck_assert_code(attempts[2].code, PS_ECANCELED);
    ck_assert_double_eq_tol(attempts[2].started, 0.5, 1e-9);
    fake_end(&s);
}
END_TEST

/* A failure starts the next at once; when one family is through the other goes on alone. */
START_TEST(race_goes_on_at_once_after_a_failure)
{
    static const char *const three[] = {"192.0.2.1:0", "[2001:db8::1]:0", "192.0.2.2:0", NULL};
    ps_connect_options options = recorded(10);
    ps_sock s;

    find(three);
    attempt(AF_INET, "192.0.2.1:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = QUARTER, .advance = MILLISECONDS(10),
           ENTRIES({2, PS__CONNECTED, PS__CONNECTED | PS__FAILED}));
    expect(SYS_WAIT, .on = 2, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .on = 2, .result = PS_ECONNREFUSED);
    expect(SYS_CLOSE, .on = 2);
    attempt(AF_INET6, "[2001:db8::1]:80", PS_ENETUNREACH);
    attempt(AF_INET, "192.0.2.2:80", PS_EINPROGRESS);
    /* The last: nothing but the deadline is left to wait for. A false alarm changes nothing. */
    expect(SYS_WAIT, .nanoseconds = SECONDS(10) - MILLISECONDS(10), .advance = SECONDS(1),
           ENTRIES({4, PS__CONNECTED, PS__CONNECTED}));
    expect(SYS_WAIT, .on = 4, .result = 0);
    expect(SYS_WAIT, .nanoseconds = SECONDS(9) - MILLISECONDS(10),
           ENTRIES({4, PS__CONNECTED, PS__CONNECTED}));
    expect(SYS_WAIT, .on = 4, .result = PS__CONNECTED);
    win(4);
    ck_assert_ok(race(&s, &options));
    ck_assert_double_eq(ps_gettimeout(&s), 10);
    ck_assert_uint_eq(attempt_count, 3);
    ck_assert_code(attempts[0].code, PS_ECONNREFUSED);
    ck_assert_code(attempts[1].code, PS_ENETUNREACH);
    ck_assert_code(attempts[2].code, 0);
    fake_end(&s);
}
END_TEST

/* What this machine says by itself, for want of a way, counts only when nobody says more. */
START_TEST(race_tells_the_failure_that_says_most)
{
    static const struct {
        int codes[4];
        int told;
    } rows[] = {
        {{PS_ENETUNREACH, PS_ECONNREFUSED, PS_EADDRNOTAVAIL, PS_EAFNOSUPPORT}, PS_ECONNREFUSED},
        {{PS_ECONNREFUSED, PS_ETIMEDOUT, PS_ENETUNREACH, PS_ENETUNREACH}, PS_ETIMEDOUT},
        {{PS_ENETUNREACH, PS_EADDRNOTAVAIL, PS_ENETUNREACH, PS_EADDRNOTAVAIL}, PS_EADDRNOTAVAIL},
        {{PS_EACCES, PS_ENETUNREACH, PS_ECONNREFUSED, PS_EHOSTUNREACH}, PS_EHOSTUNREACH},
    };
    ps_sock s;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_connect_options options = recorded(10);

        find(hosts);
        attempt(AF_INET6, "[2001:db8::1]:80", rows[i].codes[0]);
        attempt(AF_INET, "192.0.2.1:80", rows[i].codes[1]);
        attempt(AF_INET6, "[2001:db8::2]:80", rows[i].codes[2]);
        attempt(AF_INET, "192.0.2.2:80", rows[i].codes[3]);
        ck_assert_code(race(&s, &options), rows[i].told);
        ck_assert(s.handle == PS_INVALID_HANDLE);
        fake_done();
    }
}
END_TEST

/* Of two failures the later address's is told, also when it came first. */
START_TEST(race_tells_the_later_address_first)
{
    static const char *const two[] = {"192.0.2.1:0", "192.0.2.2:0", NULL};
    ps_connect_options options = recorded(10);
    ps_sock s;

    find(two);
    attempt(AF_INET, "192.0.2.1:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = QUARTER, .advance = QUARTER);
    attempt(AF_INET, "192.0.2.2:80", PS_ECONNREFUSED);
    expect(SYS_WAIT, ENTRIES({2, 0, PS__CONNECTED | PS__FAILED}));
    expect(SYS_WAIT, .on = 2, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = PS_ETIMEDOUT);
    ck_assert_code(race(&s, &options), PS_ECONNREFUSED);
    fake_done();
}
END_TEST

START_TEST(race_connects_at_once)
{
    ps_connect_options options = recorded(10);
    ps_sock s;

    find(hosts);
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    ck_assert_ok(race(&s, &options));
    fake_end(&s);

    /* A timeout of 0: the first that is under way is handed over. */
    options = recorded(0);
    find(hosts);
    attempt(AF_INET6, "[2001:db8::1]:80", PS_ENETUNREACH);
    attempt(AF_INET, "192.0.2.1:80", PS_EINPROGRESS);
    ck_assert_code(race(&s, &options), PS_EINPROGRESS);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    fake_done();
}
END_TEST

/* CON-19: the system gave the client, by chance, the very port that it connects to, where nobody
 * listens. */
/* Traps: CON-19. */
START_TEST(race_against_oneself)
{
    static const char *const two[] = {"192.0.2.1:0", "192.0.2.2:0", NULL};
    ps_connect_options options = recorded(10);
    ps_sock s;

    find(two);
    expect(SYS_SOCKET);
    expect(SYS_CONNECT, .to = "192.0.2.1:80", .result = 0);
    expect(SYS_GETSOCKNAME, .from = "192.0.2.1:80");
    expect(SYS_GETPEERNAME, .from = "192.0.2.1:80");
    expect(SYS_CLOSE, .on = 2);
    attempt(AF_INET, "192.0.2.2:80", PS_EINPROGRESS);
    expect(SYS_WAIT, ENTRIES({3, 0, PS__CONNECTED}));
    expect(SYS_WAIT, .on = 3, .result = PS__CONNECTED);
    expect(SYS_GETSOCKNAME, .on = 3, .result = PS_ENOBUFS);
    ck_assert_ok(race(&s, &options));
    ck_assert_code(attempts[0].code, PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&s));
    fake_done();

    find(two);
    expect(SYS_SOCKET);
    expect(SYS_CONNECT, .result = 0);
    expect(SYS_GETSOCKNAME, .from = "192.0.2.1:80");
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_ok(race(&s, &options));
    fake_end(&s);

    /* The same port of another host. */
    find(two);
    expect(SYS_SOCKET);
    expect(SYS_CONNECT, .result = 0);
    expect(SYS_GETSOCKNAME, .from = "192.0.2.9:80");
    expect(SYS_GETPEERNAME, .from = "192.0.2.1:80");
    ck_assert_ok(race(&s, &options));
    fake_end(&s);
}
END_TEST

/* ---- the end --------------------------------------------------------------------------------- */

START_TEST(race_runs_out_of_time)
{
    ps_connect_options options = recorded(0.3);
    ps_sock s;

    find(hosts);
    attempt(AF_INET6, "[2001:db8::1]:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = QUARTER, .advance = QUARTER);
    attempt(AF_INET, "192.0.2.1:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(50));
    ck_assert_code(race(&s, &options), PS_TIMED_OUT);
    ck_assert_uint_eq(attempt_count, 2);
    ck_assert_code(attempts[0].code, PS_TIMED_OUT);
    ck_assert_double_eq_tol(attempts[1].ended, 0.3, 1e-9);
    fake_done();

    /* The look-up uses time up, too. */
    options = recorded(1);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .later = true, .addresses = hosts);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(50), .advance = MILLISECONDS(900),
           .during = fake_end_lookup, .result = PS__NOTIFIED);
    attempt(AF_INET6, "[2001:db8::1]:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(100), .result = PS_ENOMEM);
    ck_assert_code(race(&s, &options), PS_ENOMEM);
    fake_done();
}
END_TEST

/* Attempts that fail at once take their time, too, and there may be thousands. */
START_TEST(race_of_attempts_that_fail_at_once)
{
    ps_connect_options options = recorded(0.3);
    ps_sock s;

    find(hosts);
    expect(SYS_SOCKET, .family = AF_INET6, .type = SOCK_STREAM, .mode = FAKE_ON,
           .advance = MILLISECONDS(300), .result = PS_EMFILE);
    ck_assert_code(race(&s, &options), PS_TIMED_OUT);
    ck_assert_uint_eq(attempt_count, 1);
    fake_done();
}
END_TEST

static void fire(void *token)
{
    ps_cancel_fire(token);
}

START_TEST(race_ended_by_a_token)
{
    ps_connect_options options = recorded(10);
    ps_sock s;

    expect(SYS_NOTIFIER_OPEN);
    ck_assert_ok(ps_cancel_open(&options.token));
    find(hosts);
    attempt(AF_INET6, "[2001:db8::1]:80", PS_EINPROGRESS);
    expect(SYS_WAIT, .during = fire, .context = options.token,
           ENTRIES({3, PS__CONNECTED, 0}, {1, PS__NOTIFIED, PS__NOTIFIED}));
    ck_assert_code(race(&s, &options), PS_ECANCELED);
    ck_assert_code(attempts[0].code, PS_ECANCELED);
    ck_assert_code(race(&s, &options), PS_ECANCELED);
    ck_assert_uint_eq(attempt_count, 0);

    /* Fired while an attempt starts. */
    ck_assert_ok(ps_cancel_reset(options.token));
    find(hosts);
    expect(SYS_SOCKET);
    expect(SYS_CONNECT, .during = fire, .context = options.token, .result = PS_EINPROGRESS);
    ck_assert_code(race(&s, &options), PS_ECANCELED);
    ps_cancel_close(options.token);
    fake_done();
}
END_TEST

/* ---- each step failing ----------------------------------------------------------------------- */

START_TEST(race_whose_steps_fail)
{
    ps_addr source = fake_address("192.0.2.9:0");
    ps_connect_options options = recorded(10);
    ps_sock s;

    options.source = &source;
    find(hosts);
    expect(SYS_SOCKET, .family = AF_INET, .result = PS_EMFILE);
    expect(SYS_SOCKET, .family = AF_INET);
    expect(SYS_BIND, .to = "192.0.2.9:0", .result = PS_EADDRINUSE);
    ck_assert_code(race(&s, &options), PS_EMFILE);
    ck_assert_uint_eq(attempt_count, 2);
    fake_done();

    /* No address is of the source's family. */
    find((const char *const[]){"[2001:db8::1]:0", NULL});
    ck_assert_code(race(&s, &options), PS_EAI_ADDRFAMILY);
    ck_assert_uint_eq(attempt_count, 0);
    fake_done();

    /* "No address" is no source, and no room is no record. */
    source.len = 0;
    options.attempts = NULL;
    find(hosts);
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    ck_assert_ok(race(&s, &options));
    fake_end(&s);

    options = recorded(10);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .code = PS_EAI_NONAME);
    expect(SYS_WAIT, .result = PS__NOTIFIED);
    ck_assert_code(race(&s, &options), PS_EAI_NONAME);
    fake_done();
}
END_TEST

/* The winner's mode cannot be set back: it is closed. */
START_TEST(race_whose_winner_fails_late)
{
    ps_connect_options options = recorded(PS_NO_TIMEOUT);
    ps_sock s;

    find(hosts);
    attempt(AF_INET6, "[2001:db8::1]:80", 0);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF, .result = PS_ENOBUFS);
    ck_assert_code(race(&s, &options), PS_ENOBUFS);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    fake_done();
}
END_TEST

START_TEST(race_that_may_not_start)
{
    ps_connect_options options = recorded(-2);
    ps_sock s;

    ck_assert_code(ps_create_connection_with(NULL, "a.example", 80, NULL), PS_EFAULT);
    ck_assert_code(race(&s, &options), PS_BAD_TIMEOUT);
    options = recorded(1);
    options.attempt_delay = -1;
    ck_assert_code(race(&s, &options), PS_BAD_TIMEOUT);
    ck_assert_code(ps_create_connection(&s, "a.example", -1, 1, NULL), PS_BAD_PORT);
    ck_assert_code(ps_create_connection(&s, "a.example", 65536, 1, NULL), PS_BAD_PORT);
    ck_assert(s.handle == PS_INVALID_HANDLE);

    ck_assert_ok(ps_setdefaulttimeout(0));
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .code = PS_EAI_AGAIN);
    expect(SYS_WAIT, .result = PS__NOTIFIED);
    ck_assert_code(ps_create_connection_with(&s, "a.example", 80, NULL), PS_EAI_AGAIN);
    fake_done();
}
END_TEST

/* ---- one address ----------------------------------------------------------------------------- */

static void start_literal(int mode, int result)
{
    expect(SYS_SOCKET, .family = AF_INET, .type = SOCK_STREAM, .proto = IPPROTO_TCP, .mode = mode);
    expect(SYS_CONNECT, .to = "192.0.2.1:80", .result = result);
}

/* On this machine. */
static void start_on_loopback(int mode, int result)
{
    expect(SYS_SOCKET, .family = AF_INET, .mode = mode);
    expect(SYS_CONNECT, .to = "127.0.0.1:80", .result = result);
}

static int to_literal(ps_sock *s, double timeout)
{
    return ps_create_connection(s, "192.0.2.1", 80, timeout, NULL);
}

static int end_the_call(void *context)
{
    (void)context;
    return 1;
}

/* The system says at once that there is a connection: nothing else is asked, nor the clock. */
START_TEST(literal_that_is_reached_at_once)
{
    unsigned reads = fake_clock_reads();
    ps_sock s;

    start_on_loopback(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_REACHED_ANOTHER, .result = 1);
    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", 80, 10, NULL));
    ck_assert_double_eq(ps_gettimeout(&s), 10);
    ck_assert_uint_eq(fake_clock_reads(), reads);
    fake_end(&s);

    /* In blocking mode the system waits, but only on this machine. */
    start_on_loopback(FAKE_OFF, 0);
    expect(SYS_REACHED_ANOTHER, .result = 1);
    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", 80, PS_NO_TIMEOUT, NULL));
    fake_end(&s);

    /* Nor does it where the hook may have to end the call: the system may go on after a signal. */
    ck_assert_ok(ps_set_interrupt(end_the_call, NULL));
    start_on_loopback(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_REACHED_ANOTHER, .result = 0);
    expect(SYS_WAIT, .on = 1, .nanoseconds = PS__FOREVER, .result = PS_EINTR);
    ck_assert_code(ps_create_connection(&s, "127.0.0.1", 80, PS_NO_TIMEOUT, NULL), PS_EINTR);
    start_on_loopback(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_REACHED_ANOTHER, .result = 1);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", 80, PS_NO_TIMEOUT, NULL));
    ck_assert_ok(ps_set_interrupt(NULL, NULL));
    fake_end(&s);

    /* Where no blocking call can be ended the handle never blocks. */
    fake_set_reach(PS__WAKES_WAITS);
    start_on_loopback(FAKE_ON, 0);
    expect(SYS_REACHED_ANOTHER, .result = 1);
    ck_assert_ok(ps_create_connection(&s, "127.0.0.1", 80, PS_NO_TIMEOUT, NULL));
    ck_assert_ok(ps_close(&s));
    fake_set_reach(PS__WAKES_CALLS | PS__WAKES_CONNECT | PS__WAKES_WAITS);

    ck_assert_ok(ps_setdefaulttimeout(7));
    expect(SYS_SOCKET, .family = AF_INET6, .mode = FAKE_ON);
    expect(SYS_CONNECT, .to = "[::1]:80", .result = PS_EINPROGRESS);
    expect(SYS_REACHED_ANOTHER, .result = 1);
    ck_assert_ok(ps_create_connection(&s, "::1", 80, PS_DEFAULT_TIMEOUT, NULL));
    ck_assert_double_eq(ps_gettimeout(&s), 7);
    fake_end(&s);
}
END_TEST

START_TEST(literal_that_is_waited_for)
{
    ps_sock s;

    start_literal(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_WAIT, .on = 1, .events = PS__CONNECTED, .nanoseconds = SECONDS(10),
           .advance = SECONDS(1), .result = PS_EINTR);
    expect(SYS_WAIT, .on = 1, .nanoseconds = SECONDS(9), .result = PS__CONNECTED);
    win(1);
    ck_assert_ok(to_literal(&s, 10));
    fake_end(&s);

    start_literal(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_WAIT, .on = 1, .nanoseconds = PS__FOREVER, .result = PS__CONNECTED);
    win(1);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(to_literal(&s, PS_NO_TIMEOUT));
    fake_end(&s);

    start_literal(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_WAIT, .on = 1, .nanoseconds = SECONDS(10), .advance = SECONDS(10));
    ck_assert_code(to_literal(&s, 10), PS_TIMED_OUT);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    fake_done();

    start_literal(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_WAIT, .on = 1, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .on = 1, .result = PS_ECONNREFUSED);
    ck_assert_code(to_literal(&s, 10), PS_ECONNREFUSED);
    fake_done();

    start_literal(FAKE_ON, PS_ENETUNREACH);
    ck_assert_code(to_literal(&s, 10), PS_ENETUNREACH);
    fake_done();

    expect(SYS_SOCKET, .result = PS_EMFILE);
    ck_assert_code(to_literal(&s, 10), PS_EMFILE);
    fake_done();
}
END_TEST

/* Traps: CON-19. */
START_TEST(literal_that_is_oneself)
{
    ps_sock s;

    start_literal(FAKE_ON, 0);
    expect(SYS_GETSOCKNAME, .from = "192.0.2.1:80");
    expect(SYS_GETPEERNAME, .from = "192.0.2.1:80");
    ck_assert_code(to_literal(&s, 10), PS_ECONNREFUSED);
    fake_done();
}
END_TEST

/* In non-blocking mode no connection is waited for, so that there is none. */
START_TEST(literal_in_nonblocking_mode)
{
    ps_sock s;

    start_literal(FAKE_ON, PS_EINPROGRESS);
    ck_assert_code(to_literal(&s, 0), PS_EINPROGRESS);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    fake_done();
}
END_TEST

START_TEST(literal_with_options)
{
    ps_addr source = fake_address("192.0.2.9:0");
    ps_connect_options options = recorded(10);
    ps_sock s;

    options.source = &source;
    expect(SYS_SOCKET, .mode = FAKE_ON, .advance = MILLISECONDS(500));
    expect(SYS_BIND, .to = "192.0.2.9:0");
    expect(SYS_CONNECT, .result = PS_EINPROGRESS, .advance = MILLISECONDS(500));
    expect(SYS_REACHED_ANOTHER, .result = 1);
    ck_assert_ok(ps_create_connection_with(&s, "127.0.0.1", 80, &options));
    ck_assert_uint_eq(attempt_count, 1);
    ck_assert_code(attempts[0].code, 0);
    ck_assert_double_eq(attempts[0].started, 0);
    ck_assert_double_eq_tol(attempts[0].ended, 1, 1e-9);
    ck_assert_int_eq(ps_addr_port(&attempts[0].address), 80);
    fake_end(&s);

    expect(SYS_SOCKET);
    expect(SYS_BIND, .result = PS_EACCES);
    ck_assert_code(ps_create_connection(&s, "192.0.2.1", 80, 1, &source), PS_EACCES);
    fake_done();

    ck_assert_code(ps_create_connection_with(&s, "2001:db8::1", 80, &options), PS_EAI_ADDRFAMILY);
    ck_assert_uint_eq(attempt_count, 0);
    ck_assert_code(ps_create_connection(&s, "192.0.2.1", 65536, 1, NULL), PS_BAD_PORT);
    ck_assert_code(ps_create_connection(&s, "192.0.2.1", -1, 1, NULL), PS_BAD_PORT);
    ck_assert_code(ps_create_connection(&s, "192.0.2.1", 80, -2, NULL), PS_BAD_TIMEOUT);
    ck_assert_code(ps_create_connection(NULL, "192.0.2.1", 80, 1, NULL), PS_EFAULT);
    fake_done();
}
END_TEST

/* A token needs a handle that does not block, also where the socket is to block. */
START_TEST(literal_with_a_token)
{
    ps_connect_options options = recorded(PS_NO_TIMEOUT);
    ps_sock s;

    options.token = fake_token();
    start_on_loopback(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_REACHED_ANOTHER, .result = 1);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_create_connection_with(&s, "127.0.0.1", 80, &options));
    ck_assert_ok(ps_close(&s));

    start_on_loopback(FAKE_ON, 0);
    expect(SYS_REACHED_ANOTHER, .result = 1);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF, .result = PS_ENOBUFS);
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", 80, &options), PS_ENOBUFS);

    start_on_loopback(FAKE_ON, PS_EINPROGRESS);
    expect(SYS_WAIT, .during = fire, .context = options.token, .result = FAKE_WOKEN);
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", 80, &options), PS_ECANCELED);
    ck_assert_code(ps_create_connection_with(&s, "127.0.0.1", 80, &options), PS_ECANCELED);
    ck_assert_uint_eq(attempt_count, 0);
    ps_cancel_close(options.token);
    fake_done();
}
END_TEST

/* ---- many addresses -------------------------------------------------------------------------- */

/* No more than 64 attempts at a time; the next starts when one of them ends. */
START_TEST(race_of_very_many)
{
    static char texts[80][24];
    static const char *many[81];
    ps_connect_options options = recorded(PS_NO_TIMEOUT);
    fake_entry entries[64] = {{0}};
    ps_sock s;

    options.attempt_delay = 1;
    for (int i = 0; i < 80; i++) {
        snprintf(texts[i], sizeof texts[i], "192.0.2.%d:0", i + 1);
        many[i] = texts[i];
    }
    find(many);
    for (int i = 0; i < 64; i++) {
        attempt(AF_INET, NULL, PS_EINPROGRESS);
        if (i < 63)
            expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    }
    entries[5].ready = PS__CONNECTED | PS__FAILED;
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .entries = entries, .entry_count = 64);
    expect(SYS_WAIT, .on = 7, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = PS_ECONNREFUSED);
    attempt(AF_INET, "192.0.2.65:80", 0);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(race(&s, &options));
    ck_assert_uint_eq(attempt_count, 65);
    fake_end(&s);
}
END_TEST

void add_connection_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, race_staggers_and_closes_the_losers);
    ADD_TEST_CASE(suite, race_goes_on_at_once_after_a_failure);
    ADD_TEST_CASE(suite, race_tells_the_failure_that_says_most);
    ADD_TEST_CASE(suite, race_tells_the_later_address_first);
    ADD_TEST_CASE(suite, race_connects_at_once);
    ADD_TEST_CASE(suite, race_against_oneself);
    ADD_TEST_CASE(suite, race_runs_out_of_time);
    ADD_TEST_CASE(suite, race_of_attempts_that_fail_at_once);
    ADD_TEST_CASE(suite, race_ended_by_a_token);
    ADD_TEST_CASE(suite, race_whose_steps_fail);
    ADD_TEST_CASE(suite, race_whose_winner_fails_late);
    ADD_TEST_CASE(suite, race_that_may_not_start);
    ADD_TEST_CASE(suite, literal_that_is_reached_at_once);
    ADD_TEST_CASE(suite, literal_that_is_waited_for);
    ADD_TEST_CASE(suite, literal_that_is_oneself);
    ADD_TEST_CASE(suite, literal_in_nonblocking_mode);
    ADD_TEST_CASE(suite, literal_with_options);
    ADD_TEST_CASE(suite, literal_with_a_token);
    ADD_TEST_CASE(suite, race_of_very_many);
}
