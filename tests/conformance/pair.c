/* Pairs of connected sockets (row R117; traps DSC-6 to DSC-8): what the system makes, and what
 * is made over loopback. */
#include "handles.h"
#include "test.h"

#include <limits.h>
#include <stdatomic.h>

/* Long enough for loopback to bring a byte, on a busy machine, too. */
#define PATIENCE 10.0
/* Long enough to see that nothing comes. */
#define MOMENT 0.1

/* ---- helpers --------------------------------------------------------------------------------- */

static void need(int family)
{
    if (family == AF_INET6)
        test_need_ipv6();
}

static void pair_open(ps_sock pair[2], int family, int type)
{
    need(family);
    ck_assert_ok(ps_socketpair(pair, family, type, 0));
}

static void pair_close(ps_sock pair[2])
{
    test_close(&pair[0], &pair[1]);
}

static void goes(ps_sock *from, ps_sock *to, const char *text)
{
    char room[64];
    size_t n = strlen(text), count = 0;

    ck_assert_ok(ps_settimeout(to, PATIENCE));
    ck_assert_ok(ps_sendall(from, text, n, 0, NULL));
    while (count < n) {
        ptrdiff_t got = ps_recv(to, room + count, sizeof room - count, 0);
        ck_assert_ok(got);
        ck_assert_int_gt(got, 0);
        count += (size_t)got;
    }
    ck_assert_uint_eq(count, n);
    ck_assert_mem_eq(room, text, n);
}

static void goes_both_ways(ps_sock pair[2])
{
    goes(&pair[0], &pair[1], "there");
    goes(&pair[1], &pair[0], "and back");
}

static void nothing_comes(ps_sock *s)
{
    char byte;

    ck_assert_ok(ps_settimeout(s, MOMENT));
    ck_assert_code(ps_recv(s, &byte, 1, 0), PS_TIMED_OUT);
}

static void assert_closed(const ps_sock pair[2])
{
    for (int i = 0; i < 2; i++)
        ck_assert(ps_fileno(&pair[i]) == PS_INVALID_HANDLE);
}

/* ---- pairs ----------------------------------------------------------------------------------- */

static void default_pair(int type)
{
    ps_sock pair[2];

    pair_open(pair, PS_DEFAULT_PAIR_FAMILY, type);
    for (int i = 0; i < 2; i++) {
        ck_assert(ps_fileno(&pair[i]) != PS_INVALID_HANDLE);
        ck_assert_int_eq(pair[i].type, type);
        ck_assert_int_eq(pair[i].family, test_on_windows() ? AF_INET : AF_UNIX);
        ck_assert_double_eq(ps_gettimeout(&pair[i]), PS_NO_TIMEOUT);
    }
    goes_both_ways(pair);
    nothing_comes(&pair[0]);
    nothing_comes(&pair[1]);
    pair_close(pair);
}

/* Rows: R117. Traps: DSC-8 UNX-1. */
START_TEST(pair_of_the_default_family)
{
    default_pair(SOCK_STREAM);
}
END_TEST

START_TEST(pair_of_the_default_family_for_datagrams)
{
    default_pair(SOCK_DGRAM);
}
END_TEST

static void assert_name(const ps_addr *a, const char *expected)
{
    char host[PS_HOST_MAX];

    ck_assert_ok(ps_addr_get_host(a, host, sizeof host));
    ck_assert_str_eq(host, expected);
    ck_assert_int_gt(ps_addr_port(a), 0);
}

/* Both ends are of loopback, and each is the other's peer. */
static void loopback_pair(int family, int type)
{
    const char *loopback = family == AF_INET ? "127.0.0.1" : "::1";
    ps_sock pair[2];

    pair_open(pair, family, type);
    for (int i = 0; i < 2; i++) {
        ps_addr name, peer;

        ck_assert_int_eq(pair[i].family, family);
        ck_assert_int_eq(pair[i].type, type);
        ck_assert_int_eq(pair[i].proto, 0);
        ck_assert_double_eq(ps_gettimeout(&pair[i]), PS_NO_TIMEOUT);
        ck_assert_ok(ps_getsockname(&pair[i], &name));
        ck_assert_ok(ps_getpeername(&pair[1 - i], &peer));
        ck_assert(ps_addr_equal(&name, &peer));
        assert_name(&name, loopback);
    }
    goes_both_ways(pair);
    nothing_comes(&pair[0]);
    nothing_comes(&pair[1]);
    pair_close(pair);
}

/* Rows: R117. Traps: DSC-6. */
START_TEST(pair_over_ipv4)
{
    loopback_pair(AF_INET, SOCK_STREAM);
}
END_TEST

START_TEST(pair_over_ipv4_for_datagrams)
{
    loopback_pair(AF_INET, SOCK_DGRAM);
}
END_TEST

/* Traps: DSC-8. */
START_TEST(pair_over_ipv6)
{
    loopback_pair(AF_INET6, SOCK_STREAM);
}
END_TEST

START_TEST(pair_over_ipv6_for_datagrams)
{
    loopback_pair(AF_INET6, SOCK_DGRAM);
}
END_TEST

START_TEST(pair_keeps_its_protocol)
{
    ps_sock pair[2];

    ck_assert_ok(ps_socketpair(pair, AF_INET, SOCK_STREAM, IPPROTO_TCP));
    ck_assert_int_eq(pair[0].proto, IPPROTO_TCP);
    ck_assert_int_eq(pair[1].proto, IPPROTO_TCP);
    goes_both_ways(pair);
    pair_close(pair);
    ck_assert_ok(ps_socketpair(pair, AF_INET, SOCK_DGRAM, IPPROTO_UDP));
    ck_assert_int_eq(pair[0].proto, IPPROTO_UDP);
    ck_assert_int_eq(pair[1].proto, IPPROTO_UDP);
    goes_both_ways(pair);
    pair_close(pair);
}
END_TEST

static const int families[] = {PS_DEFAULT_PAIR_FAMILY, AF_INET};
#define FAMILIES (sizeof families / sizeof families[0])

START_TEST(pair_ends_with_either_end)
{
    for (size_t i = 0; i < 2 * FAMILIES; i++) {
        ps_sock pair[2];
        char byte;

        pair_open(pair, families[i / 2], SOCK_STREAM);
        ck_assert_ok(ps_close(&pair[i % 2]));
        ck_assert_ok(ps_settimeout(&pair[1 - i % 2], PATIENCE));
        ck_assert_int_eq(ps_recv(&pair[1 - i % 2], &byte, 1, 0), 0);
        pair_close(pair);
    }
}
END_TEST

START_TEST(pair_is_half_closed)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        ps_sock pair[2];
        char byte;

        pair_open(pair, families[i], SOCK_STREAM);
        ck_assert_ok(ps_shutdown(&pair[0], SHUT_WR));
        ck_assert_ok(ps_settimeout(&pair[1], PATIENCE));
        ck_assert_int_eq(ps_recv(&pair[1], &byte, 1, 0), 0);
        ck_assert_code(ps_send(&pair[0], "x", 1, 0), PS_EPIPE);
        goes(&pair[1], &pair[0], "still open");
        pair_close(pair);
    }
}
END_TEST

START_TEST(pair_of_datagrams_keeps_bounds)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        ps_sock pair[2];
        char room[16];

        pair_open(pair, families[i], SOCK_DGRAM);
        ck_assert_ok(ps_settimeout(&pair[1], PATIENCE));
        ck_assert_int_eq(ps_send(&pair[0], "abc", 3, 0), 3);
        ck_assert_int_eq(ps_send(&pair[0], "", 0, 0), 0);
        ck_assert_int_eq(ps_send(&pair[0], "0123456789", 10, 0), 10);
        ck_assert_int_eq(ps_send(&pair[0], "de", 2, 0), 2);
        ck_assert_int_eq(ps_recv(&pair[1], room, sizeof room, 0), 3);
        ck_assert_int_eq(ps_recv(&pair[1], room, sizeof room, 0), 0);
        ck_assert_int_eq(ps_recv(&pair[1], room, 4, 0), 4);
        ck_assert_int_eq(ps_recv(&pair[1], room, sizeof room, 0), 2);
        pair_close(pair);
    }
}
END_TEST

/* ---- what every new socket has --------------------------------------------------------------- */

START_TEST(pair_takes_on_the_default_timeout)
{
    static const double seconds[] = {0, 0.05, 7.345, 1e300, INFINITY};
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        ck_assert_ok(ps_setdefaulttimeout(seconds[i]));
        for (size_t j = 0; j < 2 * FAMILIES; j++) {
            ps_sock pair[2];
            char byte;

            pair_open(pair, families[j / 2], types[j % 2]);
            for (int end = 0; end < 2; end++) {
                ck_assert_double_eq(ps_gettimeout(&pair[end]), seconds[i]);
                if (seconds[i] < 1)
                    ck_assert_code(ps_recv(&pair[end], &byte, 1, 0),
                                   seconds[i] > 0 ? PS_TIMED_OUT : PS_EWOULDBLOCK);
            }
            goes_both_ways(pair);
            pair_close(pair);
        }
    }
}
END_TEST

#ifdef SOCK_NONBLOCK
#define ASKED_NONBLOCKING SOCK_NONBLOCK
#else
#define ASKED_NONBLOCKING 0 /* a system without it: setblocking is the way */
#endif

/* Traps: LIF-10. */
START_TEST(pair_may_be_asked_to_be_nonblocking)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

    for (size_t j = 0; j < 2 * FAMILIES; j++) {
        ps_sock pair[2];
        char byte;

        pair_open(pair, families[j / 2], types[j % 2] | ASKED_NONBLOCKING);
        for (int end = 0; end < 2; end++) {
            ck_assert_int_eq(pair[end].type, types[j % 2]);
            if (ASKED_NONBLOCKING == 0)
                ck_assert_ok(ps_setblocking(&pair[end], 0));
            ck_assert_double_eq(ps_gettimeout(&pair[end]), 0);
            ck_assert_code(ps_recv(&pair[end], &byte, 1, 0), PS_EWOULDBLOCK);
        }
        goes_both_ways(pair);
        pair_close(pair);
    }
}
END_TEST

/* Rows: R117. Traps: LIF-9. */
START_TEST(pair_is_not_inheritable)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

    for (size_t j = 0; j < 2 * FAMILIES; j++) {
        ps_sock pair[2];

        pair_open(pair, families[j / 2], types[j % 2]);
        for (int end = 0; end < 2; end++) {
            bool inheritable = true;
            ck_assert_ok(ps_get_inheritable(&pair[end], &inheritable));
            ck_assert(!inheritable);
        }
        pair_close(pair);
    }
}
END_TEST

/* ---- strangers ------------------------------------------------------------------------------- */

/* The listener at which the two ends met is closed. */
/* Rows: R117. */
START_TEST(pair_listens_no_more)
{
    ps_sock pair[2], stranger;

    pair_open(pair, AF_INET, SOCK_STREAM);
    for (int end = 0; end < 2; end++) {
        ps_addr name;
        ck_assert_ok(ps_getsockname(&pair[end], &name));
        ck_assert_ok(ps_socket(&stranger, AF_INET, SOCK_STREAM, 0));
        ck_assert_code(ps_connect(&stranger, &name), PS_ECONNREFUSED);
        ck_assert_ok(ps_close(&stranger));
    }
    goes_both_ways(pair);
    pair_close(pair);
}
END_TEST

/* Traps: DSC-7. */
START_TEST(pair_of_datagrams_hears_no_stranger)
{
    ps_sock pair[2], stranger;

    pair_open(pair, AF_INET, SOCK_DGRAM);
    ck_assert_ok(ps_socket(&stranger, AF_INET, SOCK_DGRAM, 0));
    for (int end = 0; end < 2; end++) {
        ps_addr name;
        ck_assert_ok(ps_getsockname(&pair[end], &name));
        ck_assert_int_eq(ps_sendto(&stranger, "stranger", 8, 0, &name), 8);
    }
    goes_both_ways(pair);
    nothing_comes(&pair[0]);
    nothing_comes(&pair[1]);
    ck_assert_ok(ps_close(&stranger));
    pair_close(pair);
}
END_TEST

/*
 * A stranger that knows the ports of this process as soon as they are there: it asks the handles
 * that new sockets will have. (Another program would try all ports; that would hit other
 * programs, too.)
 */
enum { GUESSES = 12, VISITS = 4 };

typedef struct stranger {
    int type;
    ps_handle first;
    ps_handle step;
    atomic_bool ready;
    atomic_bool stop;
    atomic_int count; /* connections made, datagrams sent */
    ps_sock visits[VISITS];
} stranger;

static bool is_its_own(const stranger *self, ps_handle handle)
{
    for (int i = 0; i < VISITS; i++) {
        if (ps_fileno(&self->visits[i]) == handle)
            return true;
    }
    return false;
}

/* Whether that handle is now another's socket that is bound to loopback. */
static bool find_victim(const stranger *self, int guess, ps_addr *name)
{
    ps_sock s = PS_SOCK_INIT;
    char host[PS_HOST_MAX];

    s.handle = self->first + (ps_handle)guess * self->step;
    return !is_its_own(self, s.handle) && ps_getsockname(&s, name) == 0 && ps_addr_port(name) > 0 &&
           ps_addr_get_host(name, host, sizeof host) == 0 && strcmp(host, "127.0.0.1") == 0;
}

/* Connects, and stays for some more visits. */
static void visit(stranger *self, const ps_addr *name)
{
    ps_sock *s = &self->visits[atomic_load(&self->count) % VISITS];

    ps_close(s);
    if (ps_socket(s, AF_INET, SOCK_STREAM, 0) == 0 && ps_settimeout(s, 0.05) == 0 &&
        ps_connect(s, name) == 0)
        atomic_fetch_add(&self->count, 1);
    else
        ps_close(s);
}

static void run_stranger(void *argument)
{
    stranger *self = argument;

    if (self->type == SOCK_DGRAM && ps_socket(&self->visits[0], AF_INET, SOCK_DGRAM, 0) != 0)
        return;
    atomic_store(&self->ready, true);
    for (int guess = 0; !atomic_load(&self->stop); guess = (guess + 1) % GUESSES) {
        ps_addr name;

        if (!find_victim(self, guess, &name))
            continue;
        if (self->type == SOCK_STREAM)
            visit(self, &name);
        else if (ps_sendto(&self->visits[0], "stranger", 8, 0, &name) == 8)
            atomic_fetch_add(&self->count, 1);
    }
    for (int i = 0; i < VISITS; i++)
        ps_close(&self->visits[i]);
}

/* Whether nothing comes to either end but what the other sends. */
static bool is_undisturbed(ps_sock pair[2])
{
    bool undisturbed = true;

    for (int end = 0; end < 2; end++) {
        char room[64];
        ptrdiff_t count;

        ck_assert_ok(ps_sendall(&pair[1 - end], "there", 5, 0, NULL));
        ck_assert_ok(ps_settimeout(&pair[end], PATIENCE));
        count = ps_recv(&pair[end], room, sizeof room, 0);
        ck_assert_ok(count);
        undisturbed = undisturbed && count == 5 && memcmp(room, "there", 5) == 0;
        ck_assert_ok(ps_setblocking(&pair[end], 0));
        undisturbed = ps_recv(&pair[end], room, sizeof room, 0) == PS_EWOULDBLOCK && undisturbed;
    }
    return undisturbed;
}

/* Makes pairs beside a stranger until it was there many times, or for as long as a test may
 * take. `on_their_way` is for datagrams that the system was delivering at that moment. */
static void pairs_beside_a_stranger(int type, int on_their_way)
{
    enum { MANY = 300, AT_LEAST = 3 };
    static stranger self; /* it must be there as long as the thread is, when a test fails, too */
    double end = test_clock() + 2;
    int disturbed = 0;
    test_thread *thread;
    ps_sock next;

    ck_assert_ok(ps_socket(&next, AF_INET, type, 0));
    self.type = type;
    self.first = ps_fileno(&next);
    self.step = test_on_windows() ? 4 : 1;
    ck_assert_ok(ps_close(&next));
    for (int i = 0; i < VISITS; i++)
        self.visits[i] = next; /* closed */
    atomic_init(&self.ready, false);
    atomic_init(&self.stop, false);
    atomic_init(&self.count, 0);
    thread = test_thread_start(run_stranger, &self);
    while (!atomic_load(&self.ready))
        test_sleep(0.001);

    for (int i = 0; i < AT_LEAST || (atomic_load(&self.count) < MANY && test_clock() < end); i++) {
        ps_sock pair[2];

        pair_open(pair, AF_INET, type);
        disturbed += is_undisturbed(pair) ? 0 : 1;
        pair_close(pair);
    }
    atomic_store(&self.stop, true);
    test_thread_join(thread);
    ck_assert_int_le(disturbed, on_their_way);
}

/* Rows: R117. Traps: DSC-6. Shows: DSC-6. */
START_TEST(pair_beside_a_stranger_that_connects)
{
    pairs_beside_a_stranger(SOCK_STREAM, 0);
}
END_TEST

/* Rows: R117. Traps: DSC-7. Shows: DSC-7. */
START_TEST(pair_beside_a_stranger_that_sends)
{
    pairs_beside_a_stranger(SOCK_DGRAM, 2);
}
END_TEST

/* Many threads make pairs at once; none gets another's end. */
static void make_pairs(void *argument)
{
    int *code = argument;

    for (int i = 0; i < 20 && *code == 0; i++) {
        ps_sock pair[2];
        void *token = &pair;
        void *given = NULL;

        *code = ps_socketpair(pair, AF_INET, i % 2 ? SOCK_STREAM : SOCK_DGRAM, 0);
        if (*code == 0)
            *code =
                (int)ps_send(&pair[0], &token, sizeof token, 0) == (int)sizeof token ? 0 : PS_EIO;
        if (*code == 0)
            *code = ps_settimeout(&pair[1], PATIENCE);
        if (*code == 0)
            *code = (int)ps_recv(&pair[1], &given, sizeof given, MSG_WAITALL) == (int)sizeof given
                        ? 0
                        : PS_EIO;
        if (*code == 0 && given != token)
            *code = PS_EBADMSG;
        ps_close(&pair[0]);
        ps_close(&pair[1]);
    }
}

/* Traps: DSC-6. */
START_TEST(pair_made_by_many_threads)
{
    enum { THREADS = 8 };
    int codes[THREADS] = {0};
    test_thread *threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        threads[i] = test_thread_start(make_pairs, &codes[i]);
    for (int i = 0; i < THREADS; i++)
        test_thread_join(threads[i]);
    for (int i = 0; i < THREADS; i++)
        ck_assert_code(codes[i], 0);
}
END_TEST

/* ---- what cannot be paired ------------------------------------------------------------------- */

static void refuse(int family, int type, int proto, int expected, int or_expected)
{
    ps_sock pair[2] = {PS_SOCK_INIT, PS_SOCK_INIT};
    int code;

    pair[0].handle = pair[1].handle = 4711;
    code = ps_socketpair(pair, family, type, proto);
    ck_assert_msg(code == expected || code == or_expected,
                  "ps_socketpair(%d, %d, %d) is %s (%d), expected %s", family, type, proto,
                  ps_error_name(code), code, ps_error_name(expected));
    assert_closed(pair);
}

static void refuse_all(void)
{
    static const int all[] = {PS_DEFAULT_PAIR_FAMILY, AF_INET, AF_INET6};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i] == AF_INET6 && !ps_has_ipv6())
            continue;
        refuse(all[i], 0, 0, PS_ESOCKTNOSUPPORT, 0);
        refuse(all[i], -1, 0, PS_ESOCKTNOSUPPORT, 0);
        refuse(all[i], 77, 0, PS_ESOCKTNOSUPPORT, 0);
        refuse(all[i], SOCK_STREAM, 254, PS_EPROTONOSUPPORT, 0);
    }
    refuse(AF_INET, SOCK_RAW, 0, PS_ESOCKTNOSUPPORT, 0);
    refuse(AF_INET, SOCK_STREAM, IPPROTO_UDP, PS_EPROTONOSUPPORT, 0);
    refuse(AF_INET, SOCK_DGRAM, IPPROTO_TCP, PS_EPROTONOSUPPORT, 0);
    /* A system may know the family and not be able to pair it. */
    refuse(AF_UNSPEC, SOCK_STREAM, 0, PS_EAFNOSUPPORT, PS_EOPNOTSUPP);
    refuse(77, SOCK_STREAM, 0, PS_EAFNOSUPPORT, PS_EOPNOTSUPP);
    refuse(INT_MAX, SOCK_STREAM, 0, PS_EAFNOSUPPORT, PS_EOPNOTSUPP);
}

/* Traps: DSC-8. */
START_TEST(pair_refuses_what_cannot_be_paired)
{
    refuse_all();
}
END_TEST

static void pairs_of_every_kind(void)
{
    ps_sock pair[2];

    for (size_t i = 0; i < FAMILIES; i++) {
        ck_assert_ok(ps_socketpair(pair, families[i], SOCK_STREAM, 0));
        pair_close(pair);
        ck_assert_ok(ps_socketpair(pair, families[i], SOCK_DGRAM, 0));
        pair_close(pair);
    }
}

START_TEST(pair_leaves_no_handle)
{
    assert_leaves_no_handle(refuse_all);
    assert_leaves_no_handle(pairs_of_every_kind);
}
END_TEST

void add_pair_tests(Suite *suite);
void add_pair_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, pair_of_the_default_family);
    ADD_TEST_CASE(suite, pair_of_the_default_family_for_datagrams);
    ADD_TEST_CASE(suite, pair_over_ipv4);
    ADD_TEST_CASE(suite, pair_over_ipv4_for_datagrams);
    ADD_TEST_CASE(suite, pair_over_ipv6);
    ADD_TEST_CASE(suite, pair_over_ipv6_for_datagrams);
    ADD_TEST_CASE(suite, pair_keeps_its_protocol);
    ADD_TEST_CASE(suite, pair_ends_with_either_end);
    ADD_TEST_CASE(suite, pair_is_half_closed);
    ADD_TEST_CASE(suite, pair_of_datagrams_keeps_bounds);
    ADD_TEST_CASE(suite, pair_takes_on_the_default_timeout);
    ADD_TEST_CASE(suite, pair_may_be_asked_to_be_nonblocking);
    ADD_TEST_CASE(suite, pair_is_not_inheritable);
    ADD_TEST_CASE(suite, pair_listens_no_more);
    ADD_TEST_CASE(suite, pair_of_datagrams_hears_no_stranger);
    ADD_TEST_CASE(suite, pair_beside_a_stranger_that_connects);
    ADD_TEST_CASE(suite, pair_beside_a_stranger_that_sends);
    ADD_TEST_CASE(suite, pair_made_by_many_threads);
    ADD_TEST_CASE(suite, pair_refuses_what_cannot_be_paired);
    ADD_TEST_CASE(suite, pair_leaves_no_handle);
}
