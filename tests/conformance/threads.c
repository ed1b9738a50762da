/* Many threads: the library's first use, one socket in two threads, and what another thread may
 * change meanwhile (row R012; include/portsock/socket.h, "Threads"). */
#include "test.h"

#include <stdatomic.h>

/* Long enough for loopback to bring what is sent, on a busy machine, too. */
#define PATIENCE 10.0

/* ---- helpers --------------------------------------------------------------------------------- */

/* Where threads wait for each other, so that they begin at once. */
typedef struct gate {
    atomic_int waiting;
    int wanted;
} gate;

static void gate_pass(gate *g)
{
    atomic_fetch_add(&g->waiting, 1);
    while (atomic_load(&g->waiting) < g->wanted)
        test_sleep(0);
}

/* Bytes by their place, other ones for each seed. */
static unsigned char byte_at(size_t place, unsigned seed)
{
    return (unsigned char)((place * 2654435761u >> 13) + place / 4093 + seed);
}

/* ---- first use ------------------------------------------------------------------------------- */

static int use_socket(void)
{
    ps_sock s;
    ps_addr a;
    int code = ps_socket(&s, AF_INET, SOCK_STREAM, 0);

    if (code == 0)
        code = ps_addr_inet(&a, "127.0.0.1", 0);
    if (code == 0)
        code = ps_bind(&s, &a);
    if (code == 0)
        code = ps_listen(&s, 1);
    if (code == 0)
        code = ps_getsockname(&s, &a);
    if (code == 0 && ps_addr_port(&a) == 0)
        code = PS_EADDRNOTAVAIL;
    ps_close(&s);
    return code;
}

static int use_getaddrinfo(void)
{
    ps_addrinfo *list;
    int code = ps_getaddrinfo("localhost", "80", AF_UNSPEC, SOCK_STREAM, 0, 0, &list);

    ps_freeaddrinfo(list);
    return code;
}

static int use_gethostname(void)
{
    char name[PS_HOST_MAX];

    return ps_gethostname(name, sizeof name);
}

static int use_socketpair(void)
{
    ps_sock pair[2];
    char byte;
    int code = ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0);

    if (code == 0)
        code = ps_sendall(&pair[0], "x", 1, 0, NULL);
    if (code == 0)
        code = ps_recv(&pair[1], &byte, 1, 0) == 1 ? 0 : PS_EIO;
    ps_close(&pair[0]);
    ps_close(&pair[1]);
    return code;
}

static int use_names(void)
{
    char address[16];
    int port, proto;
    int code = ps_gethostbyname("127.0.0.1", address);

    if (code == 0)
        code = ps_getservbyname("http", "tcp", &port);
    if (code == 0)
        code = ps_getprotobyname("tcp", &proto);
    return code;
}

static int use_getnameinfo(void)
{
    char host[PS_HOST_MAX], service[PS_SERVICE_MAX];
    ps_addr a;
    int code = ps_addr_parse(&a, AF_UNSPEC, "127.0.0.1:80");

    return code == 0 ? ps_getnameinfo(&a, 0, host, sizeof host, service, sizeof service) : code;
}

static int use_hostent(void)
{
    ps_hostent *entry;
    int code = ps_gethostbyname_ex("127.0.0.1", &entry);

    ps_freehostent(entry);
    return code;
}

static int use_datagram(void)
{
    ps_sock s;
    char byte;
    int code = ps_socket(&s, AF_INET, SOCK_DGRAM, 0);

    if (code == 0)
        code = ps_setblocking(&s, 0);
    if (code == 0)
        code = ps_recv(&s, &byte, 1, 0) == PS_EWOULDBLOCK ? 0 : PS_EIO;
    ps_close(&s);
    return code;
}

static int (*const uses[])(void) = {
    use_socket, use_getaddrinfo, use_gethostname, use_socketpair,
    use_names,  use_getnameinfo, use_hostent,     use_datagram,
};
#define USES (sizeof uses / sizeof uses[0])

typedef struct user {
    gate *gate;
    int (*use)(void);
    int code;
} user;

static void run_user(void *argument)
{
    user *u = argument;

    gate_pass(u->gate);
    u->code = u->use();
}

/* Rows: R011. Traps: LIF-1 THR-7. */
START_TEST(threads_use_the_library_first_all_at_once)
{
    enum { USERS = 2 * USES };
    static gate g = {.wanted = USERS};
    static user users[USERS];
    test_thread *threads[USERS];

    for (size_t i = 0; i < USERS; i++) {
        users[i].gate = &g;
        users[i].use = uses[i % USES];
        users[i].code = PS_EIO;
        threads[i] = test_thread_start(run_user, &users[i]);
    }
    for (size_t i = 0; i < USERS; i++)
        test_thread_join(threads[i]);
    for (size_t i = 0; i < USERS; i++)
        ck_assert_msg(users[i].code == 0, "use %zu: %s", i % USES, ps_error_name(users[i].code));
}
END_TEST

/* There is no "last error" that threads could take from each other. */

static int fail_to_make(void)
{
    ps_sock s;

    return ps_socket(&s, -1, SOCK_STREAM, 0);
}

static int fail_to_use(void)
{
    ps_sock closed = PS_SOCK_INIT;
    char byte;

    return (int)ps_recv(&closed, &byte, 1, 0);
}

static int fail_to_receive(void)
{
    ps_sock s;
    char byte;
    int code = ps_socket(&s, AF_INET, SOCK_DGRAM, 0);

    if (code == 0)
        code = ps_setblocking(&s, 0);
    if (code == 0)
        code = (int)ps_recv(&s, &byte, 1, 0);
    ps_close(&s);
    return code;
}

static int fail_to_accept(void)
{
    ps_sock s, connection;
    int code = ps_socket(&s, AF_INET, SOCK_STREAM, 0);

    if (code == 0)
        code = ps_accept(&s, &connection, NULL);
    ps_close(&s);
    return code;
}

typedef struct failing {
    int (*attempt)(void);
    int expected;
    int code;
} failing;

static void run_failing(void *argument)
{
    failing *f = argument;

    f->code = f->expected;
    for (int i = 0; i < 200 && f->code == f->expected; i++)
        f->code = f->attempt();
}

/* Traps: ERR-3 THR-4. */
START_TEST(threads_have_errors_of_their_own)
{
    static failing all[] = {
        {fail_to_make, PS_EAFNOSUPPORT, 0},
        {fail_to_use, PS_EBADF, 0},
        {fail_to_receive, PS_EWOULDBLOCK, 0},
        {fail_to_accept, PS_EINVAL, 0},
    };
    enum { THREADS = sizeof all / sizeof all[0] };
    test_thread *threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        threads[i] = test_thread_start(run_failing, &all[i]);
    for (int i = 0; i < THREADS; i++)
        test_thread_join(threads[i]);
    for (int i = 0; i < THREADS; i++)
        ck_assert_code(all[i].code, all[i].expected);
}
END_TEST

/* ---- one socket, one thread that sends and one that receives --------------------------------- */

#define MUCH ((size_t)8 * 1024 * 1024)

typedef struct half {
    ps_sock *socket;
    unsigned seed;
    int code;
    size_t count;
} half;

/* Sends in pieces of many sizes. */
static void run_sender(void *argument)
{
    half *h = argument;
    unsigned char piece[40000];
    size_t size = 1;

    while (h->count < MUCH && h->code == 0) {
        size_t n = MUCH - h->count < size ? MUCH - h->count : size;
        size_t sent;

        for (size_t i = 0; i < n; i++)
            piece[i] = byte_at(h->count + i, h->seed);
        h->code = ps_sendall(h->socket, piece, n, 0, &sent);
        h->count += sent;
        size = size * 3 % (sizeof piece - 1) + 1;
    }
    if (h->code == 0)
        h->code = ps_shutdown(h->socket, SHUT_WR);
}

/* Receives up to the end, and checks each byte. */
static void run_receiver(void *argument)
{
    half *h = argument;
    unsigned char piece[30000];

    for (;;) {
        ptrdiff_t got = ps_recv(h->socket, piece, sizeof piece, 0);

        if (got <= 0) {
            h->code = (int)got;
            return;
        }
        for (ptrdiff_t i = 0; i < got; i++, h->count++) {
            if (piece[i] != byte_at(h->count, h->seed)) {
                h->code = PS_EBADMSG;
                return;
            }
        }
    }
}

/* Both ends send and receive at the same time. */
static void transfer_both_ways(ps_sock *one, ps_sock *other, double timeout)
{
    static half senders[2], receivers[2];
    ps_sock *ends[2] = {one, other};
    test_thread *threads[4];

    for (unsigned i = 0; i < 2; i++) {
        ck_assert_ok(ps_settimeout(ends[i], timeout));
        senders[i] = (half){.socket = ends[i], .seed = i * 7 + 1};
        receivers[i] = (half){.socket = ends[1 - i], .seed = i * 7 + 1};
    }
    for (int i = 0; i < 2; i++) {
        threads[i] = test_thread_start(run_sender, &senders[i]);
        threads[2 + i] = test_thread_start(run_receiver, &receivers[i]);
    }
    for (int i = 0; i < 4; i++)
        test_thread_join(threads[i]);
    for (int i = 0; i < 2; i++) {
        ck_assert_code(senders[i].code, 0);
        ck_assert_uint_eq(senders[i].count, MUCH);
        ck_assert_code(receivers[i].code, 0);
        ck_assert_uint_eq(receivers[i].count, MUCH);
    }
    ck_assert_ok(ps_close(one));
    ck_assert_ok(ps_close(other));
}

/* Rows: R012. Traps: LIF-8 THR-3. */
START_TEST(threads_send_and_receive_on_one_socket)
{
    static ps_sock one, other;

    test_tcp_pair(&one, &other);
    transfer_both_ways(&one, &other, PS_NO_TIMEOUT);
}
END_TEST

/* Traps: LIF-8. */
START_TEST(threads_send_and_receive_on_one_socket_with_timeout)
{
    static ps_sock one, other;

    test_tcp_pair(&one, &other);
    transfer_both_ways(&one, &other, PATIENCE);
}
END_TEST

START_TEST(threads_send_and_receive_on_one_socket_of_a_pair)
{
    static ps_sock pair[2];

    ck_assert_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
    transfer_both_ways(&pair[0], &pair[1], PATIENCE);
}
END_TEST

/* ---- the default timeout --------------------------------------------------------------------- */

static const double defaults[] = {INFINITY, 0, 0.01, 7.345};
#define DEFAULTS (sizeof defaults / sizeof defaults[0])

static atomic_bool changes_end;

static void run_changer(void *argument)
{
    int *code = argument;

    for (size_t i = 0; !atomic_load(&changes_end) && *code == 0; i++)
        *code = ps_setdefaulttimeout(defaults[i % DEFAULTS]);
}

static bool is_a_default(double seconds)
{
    for (size_t i = 0; i < DEFAULTS; i++) {
        if (seconds == defaults[i])
            return true;
    }
    return false;
}

/* A new socket has one of the timeouts, and is in its mode. */
static int check_new(ps_sock *s)
{
    double timeout = ps_gettimeout(s);
    char byte;
    int code;

    if (!is_a_default(timeout))
        return PS_EBADMSG;
    if (timeout > 1)
        return 0;
    code = (int)ps_recv(s, &byte, 1, 0);
    return code == (timeout > 0 ? PS_TIMED_OUT : PS_EWOULDBLOCK) ? 0 : PS_EIO;
}

static void run_maker(void *argument)
{
    int *code = argument;

    for (int i = 0; i < 60 && *code == 0; i++) {
        ps_sock made[2] = {PS_SOCK_INIT, PS_SOCK_INIT};

        switch (i % 3) {
        case 0:
            *code = ps_socket(&made[0], AF_INET, SOCK_DGRAM, 0);
            break;
        case 1:
            *code = ps_socketpair(made, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0);
            break;
        default:
            *code = ps_socketpair(made, AF_INET, SOCK_STREAM, 0);
            break;
        }
        for (int j = 0; j < 2 && *code == 0; j++) {
            if (ps_fileno(&made[j]) != PS_INVALID_HANDLE)
                *code = check_new(&made[j]);
        }
        ps_close(&made[0]);
        ps_close(&made[1]);
    }
}

START_TEST(threads_change_the_default_timeout)
{
    enum { MAKERS = 4, CHANGERS = 2 };
    static int codes[MAKERS + CHANGERS];
    test_thread *threads[MAKERS + CHANGERS];
    ps_sock one, other;
    char byte;

    test_tcp_pair(&one, &other);
    ck_assert_ok(ps_settimeout(&one, 0.25));
    atomic_init(&changes_end, false);
    for (int i = 0; i < MAKERS + CHANGERS; i++)
        threads[i] = test_thread_start(i < MAKERS ? run_maker : run_changer, &codes[i]);
    for (int i = 0; i < MAKERS + CHANGERS; i++) {
        if (i == MAKERS)
            atomic_store(&changes_end, true);
        test_thread_join(threads[i]);
    }
    for (int i = 0; i < MAKERS + CHANGERS; i++)
        ck_assert_code(codes[i], 0);

    /* What was there before has kept its own. */
    ck_assert_double_eq(ps_gettimeout(&one), 0.25);
    ck_assert_code(ps_recv(&one, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_double_eq(ps_gettimeout(&other), PS_NO_TIMEOUT);
    ck_assert(is_a_default(ps_getdefaulttimeout()));
    test_close(&one, &other);
}
END_TEST

/* ---- beside a call in flight ----------------------------------------------------------------- */

typedef struct waiter {
    ps_sock *socket;
    atomic_bool begun;
    int result;
    double seconds;
} waiter;

static void run_waiter(void *argument)
{
    waiter *w = argument;
    double begin = test_clock();
    char byte;

    atomic_store(&w->begun, true);
    w->result = (int)ps_recv(w->socket, &byte, 1, 0);
    w->seconds = test_clock() - begin;
}

/* Starts a thread that receives, and gives it time to be in the midst of it. */
static test_thread *start_waiter(waiter *w, ps_sock *s)
{
    test_thread *thread;

    w->socket = s;
    atomic_init(&w->begun, false);
    thread = test_thread_start(run_waiter, w);
    while (!atomic_load(&w->begun))
        test_sleep(0.001);
    test_sleep(0.1);
    return thread;
}

/* On POSIX a shutdown ends the receive; elsewhere at the latest the timeout does. In any case
 * the peer sees the end, and later receives find it. */
static void shut_down_beside_a_receive(double timeout)
{
    static ps_sock one, other;
    static waiter w;
    test_thread *thread;
    char byte;

    if (test_on_windows())
        timeout = 0.5;
    test_tcp_pair(&one, &other);
    ck_assert_ok(ps_settimeout(&one, timeout));
    ck_assert_ok(ps_settimeout(&other, PATIENCE));
    thread = start_waiter(&w, &one);
    ck_assert_ok(ps_shutdown(&one, SHUT_RDWR));
    test_thread_join(thread);
    if (!test_on_windows() || w.result != PS_TIMED_OUT)
        ck_assert_code(w.result, 0);
    ck_assert_double_lt(w.seconds, PATIENCE);
    ck_assert_int_eq(ps_recv(&one, &byte, 1, 0), 0);
    ck_assert_int_eq(ps_recv(&other, &byte, 1, 0), 0);
    test_close(&one, &other);
}

START_TEST(threads_shut_down_beside_a_blocking_receive)
{
    shut_down_beside_a_receive(PS_NO_TIMEOUT);
}
END_TEST

/* Traps: THR-2. */
START_TEST(threads_shut_down_beside_a_receive_with_timeout)
{
    shut_down_beside_a_receive(2 * PATIENCE);
}
END_TEST

/* The call in flight keeps the timeout that it began with; the next has the new one. */
static void change_timeout_beside_a_receive(double new_timeout)
{
    static ps_sock one, other;
    static waiter w;
    test_thread *thread;

    test_tcp_pair(&one, &other);
    ck_assert_ok(ps_settimeout(&one, 0.6));
    thread = start_waiter(&w, &one);
    ck_assert_ok(ps_settimeout(&one, new_timeout));
    ck_assert_double_eq(ps_gettimeout(&one), new_timeout);
    test_thread_join(thread);
    ck_assert_code(w.result, PS_TIMED_OUT);
    ck_assert_double_ge(w.seconds, 0.6);
    ck_assert_double_lt(w.seconds, 0.6 + PATIENCE);
    ck_assert_double_eq(ps_gettimeout(&one), new_timeout);
    test_close(&one, &other);
}

START_TEST(threads_change_the_timeout_beside_a_receive)
{
    change_timeout_beside_a_receive(2 * PATIENCE);
}
END_TEST

START_TEST(threads_take_the_timeout_away_beside_a_receive)
{
    change_timeout_beside_a_receive(PS_NO_TIMEOUT);
}
END_TEST

/* A receive that waits for ever does so, though calls that follow would not wait at all. */
/* Traps: THR-6. */
START_TEST(threads_set_a_timeout_beside_a_blocking_receive)
{
    static ps_sock one, other;
    static waiter w;
    test_thread *thread;
    char byte;

    test_tcp_pair(&one, &other);
    thread = start_waiter(&w, &one);
    ck_assert_ok(ps_settimeout(&one, 0));
    test_sleep(0.1);
    ck_assert_int_eq(ps_send(&other, "x", 1, 0), 1);
    test_thread_join(thread);
    ck_assert_code(w.result, 1);
    ck_assert_code(ps_recv(&one, &byte, 1, 0), PS_EWOULDBLOCK);
    test_close(&one, &other);
}
END_TEST

void add_threads_tests(Suite *suite);
void add_threads_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, threads_use_the_library_first_all_at_once);
    ADD_TEST_CASE(suite, threads_have_errors_of_their_own);
    ADD_TEST_CASE(suite, threads_send_and_receive_on_one_socket);
    ADD_TEST_CASE(suite, threads_send_and_receive_on_one_socket_with_timeout);
    ADD_TEST_CASE(suite, threads_send_and_receive_on_one_socket_of_a_pair);
    ADD_TEST_CASE(suite, threads_change_the_default_timeout);
    ADD_TEST_CASE(suite, threads_shut_down_beside_a_blocking_receive);
    ADD_TEST_CASE(suite, threads_shut_down_beside_a_receive_with_timeout);
    ADD_TEST_CASE(suite, threads_change_the_timeout_beside_a_receive);
    ADD_TEST_CASE(suite, threads_take_the_timeout_away_beside_a_receive);
    ADD_TEST_CASE(suite, threads_set_a_timeout_beside_a_blocking_receive);
}
