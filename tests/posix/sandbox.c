/* Sandboxes: a seccomp filter that refuses a call of the system. The older call takes its place,
 * or the program is told. */
/* All skipped: linux-s390x: it knows no filters of system calls */
#include "connection.h"
#include "udp_pair.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long enough for what one machine does, on a busy machine, too; and more than any call here may
 * wait for nothing. */
#define PATIENCE 5.0

static const int refusals[] = {ENOSYS, EPERM};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

/* From here on a call of the system fails with this errno in this process. */
static void refuse(long call, int error)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};

    ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        test_skip("this system has no filters of system calls");
}

static bool is_refused(long call, int error)
{
    errno = 0;
    return syscall(call, -1, 0, 0, 0, 0) == -1 && errno == error;
}

/* Runs a check in a process of its own for each errno. */
static void in_sandboxes(long call, void (*check)(int error))
{
    for (int i = 0; i < REFUSALS; i++) {
        pid_t child = fork();
        int status;

        ck_assert_int_ge(child, 0);
        if (child == 0) {
            refuse(call, refusals[i]);
            if (!is_refused(call, refusals[i]))
                test_skip("the filter does not refuse here");
            check(refusals[i]);
            _exit(0);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
            test_skip("this system has no filters of system calls");
        ck_assert_msg(status == 0, "errno %d: status %d", refusals[i], status);
    }
}

/* In both modes, since what accept4 sets at once is set step by step then. */
static void accepts(int error)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0};

    (void)error;
    for (int i = 0; i < 2; i++) {
        ps_sock listener, client, server;
        bool inheritable = true;
        ps_addr a, peer;
        char byte;

        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
        ck_assert_ok(ps_connect(&client, &a));
        ck_assert_ok(ps_setdefaulttimeout(modes[i]));
        ck_assert_ok(ps_accept(&listener, &server, &peer));
        ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
        ck_assert_int_eq(ps_addr_family(&peer), AF_INET);
        ck_assert_ok(ps_get_inheritable(&server, &inheritable));
        ck_assert(!inheritable);
        if (modes[i] == 0)
            ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_EWOULDBLOCK);
        assert_reaches(&client, &server);
        test_close(&client, &server, &listener);
    }
}

START_TEST(sandbox_without_accept4)
{
    in_sandboxes(SYS_accept4, accepts);
}
END_TEST

/* Neither of equal sizes, which would go as one message, nor all to be received at once. */
static void batches_go(int error)
{
    enum { COUNT = 5 };
    ps_datagram messages[COUNT] = {{.data = NULL}};
    char bytes[COUNT][COUNT];
    udp_pair p = udp_pair_open(AF_INET);
    ptrdiff_t came = 0;

    (void)error;
    ck_assert_ok(ps_connect(&p.one, &p.two_address));
    for (int i = 0; i < COUNT; i++)
        messages[i] = (ps_datagram){.data = bytes[i], .size = (size_t)i + 1};
    ck_assert_int_eq((int)ps_sendmany(&p.one, messages, COUNT, 0), COUNT);
    for (int i = 0; i < COUNT; i++)
        messages[i].size = sizeof bytes[i];
    while (came < COUNT) {
        ptrdiff_t n = ps_recvmany(&p.two, messages + came, (size_t)(COUNT - came), 0);

        ck_assert_int_gt((int)n, 0);
        came += n;
    }
    for (int i = 0; i < COUNT; i++)
        ck_assert_int_eq((int)messages[i].count, i + 1);
    udp_pair_close(&p);
}

START_TEST(sandbox_without_calls_of_many_datagrams)
{
    in_sandboxes(SYS_sendmmsg, batches_go);
    in_sandboxes(SYS_recvmmsg, batches_go);
}
END_TEST

static void fire(void *token)
{
    test_sleep(0.1);
    ps_cancel_fire(token);
}

static void token_ends_a_wait(int error)
{
    test_thread *thread;
    ps_sock client, server;
    ps_cancel *token;
    char byte;

    (void)error;
    ck_assert_ok(ps_cancel_open(&token));
    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_setcancel(&client, token));
    thread = test_thread_start(fire, token);
    ck_assert_code(ps_recv(&client, &byte, 1, 0), PS_ECANCELED);
    test_thread_join(thread);
    ck_assert_ok(ps_cancel_reset(token));
    assert_reaches(&server, &client);
    test_close(&client, &server);
    ps_cancel_close(token);
}

START_TEST(sandbox_without_eventfd)
{
    in_sandboxes(SYS_eventfd2, token_ends_a_wait);
}
END_TEST

static void waits(int error)
{
    ps_sock client, server;
    ps_pollfd entry = {.sock = &client, .events = POLLIN};
    double begin = test_clock();
    char byte;

    token_ends_a_wait(error);
    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&client, 0.1));
    ck_assert_code(ps_recv(&client, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_int_eq(ps_poll(&entry, 1, 0.1), 0);
    ck_assert_double_ge(test_clock() - begin, 0.2);
    assert_reaches(&client, &server);
    assert_reaches(&server, &client);
    test_close(&client, &server);
}

START_TEST(sandbox_without_ppoll)
{
    in_sandboxes(SYS_ppoll, waits);
}
END_TEST

/* Without the names nobody can tell whether the ends are each other's: an error at once. AF_UNIX
 * needs no names. */
static void pair_is_refused(int error)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};
    double begin = test_clock();
    ps_sock pair[2];

    for (int i = 0; i < 2; i++) {
        ck_assert_code(ps_socketpair(pair, AF_INET, types[i], 0),
                       ps_error_from_native(PS_KIND_OS, error));
        ck_assert(pair[0].handle == PS_INVALID_HANDLE);
        ck_assert(pair[1].handle == PS_INVALID_HANDLE);
    }
    ck_assert_double_lt(test_clock() - begin, PATIENCE);
    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_STREAM, 0));
    assert_reaches(&pair[0], &pair[1]);
    test_close(&pair[0], &pair[1]);
}

/* A look-up with a limit needs a thread. */
static void looks_up_without_threads(int error)
{
    ps_addrinfo *list;
    ps_addr a;

    refuse(SYS_clone3, error);
    ck_assert_code(
        ps_getaddrinfo_within("localhost", "80", AF_INET, SOCK_STREAM, 0, 0, PATIENCE, NULL, &list),
        PS_EAI_AGAIN);
    ck_assert_code(ps_addr_inet_within(&a, "localhost", 80, PATIENCE, NULL), PS_EAI_AGAIN);
    ck_assert_ok(ps_getaddrinfo("localhost", "80", AF_INET, SOCK_STREAM, 0, 0, &list));
    ps_freeaddrinfo(list);
}

START_TEST(sandbox_without_threads)
{
    in_sandboxes(SYS_clone, looks_up_without_threads);
}
END_TEST

START_TEST(sandbox_without_getpeername)
{
    in_sandboxes(SYS_getpeername, pair_is_refused);
}
END_TEST

START_TEST(sandbox_without_getsockname)
{
    in_sandboxes(SYS_getsockname, pair_is_refused);
}
END_TEST

static void connection_goes_on(int error)
{
    ps_sock client, server;

    (void)error;
    test_tcp_pair(&client, &server);
    assert_reaches(&client, &server);
    test_close(&client, &server);
}

START_TEST(sandbox_without_the_peers_name_connects)
{
    in_sandboxes(SYS_getpeername, connection_goes_on);
}
END_TEST

typedef struct receiver {
    ps_sock socket;
    atomic_bool owns;
    ptrdiff_t result;
} receiver;

static void receive_twice(void *argument)
{
    receiver *r = argument;
    char byte;

    if (ps_recv(&r->socket, &byte, 1, 0) != 1)
        return;
    atomic_store(&r->owns, true);
    r->result = ps_recv(&r->socket, &byte, 1, 0);
}

/* What counts the calls of the thread that is the first to use a socket. */
static void close_beside_the_first_user(int error_now)
{
    receiver r = {.result = 0};
    test_thread *thread;
    ps_sock peer;

    test_tcp_pair(&peer, &r.socket);
    ck_assert_int_eq(ps_send(&peer, "x", 1, 0), 1);
    thread = test_thread_start(receive_twice, &r);
    while (!atomic_load(&r.owns))
        test_sleep(0.001);
    if (error_now != 0)
        refuse(SYS_membarrier, error_now);
    ck_assert_ok(ps_close(&r.socket));
    test_thread_join(thread);
    ck_assert_code(r.result, PS_EBADF);
    ck_assert_ok(ps_close(&peer));
}

static void closes_without_membarrier(int error)
{
    (void)error;
    close_beside_the_first_user(0);
}

START_TEST(sandbox_without_membarrier)
{
    in_sandboxes(SYS_membarrier, closes_without_membarrier);
}
END_TEST

/* Also when it is refused to a process that has found it to work. */
START_TEST(sandbox_that_takes_membarrier_away)
{
    close_beside_the_first_user(0);
    close_beside_the_first_user(ENOSYS);
}
END_TEST

void add_sandbox_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, sandbox_without_accept4);
    ADD_TEST_CASE(suite, sandbox_without_calls_of_many_datagrams);
    ADD_TEST_CASE(suite, sandbox_without_eventfd);
    ADD_TEST_CASE(suite, sandbox_without_ppoll);
    ADD_TEST_CASE(suite, sandbox_without_threads);
    ADD_TEST_CASE(suite, sandbox_without_getpeername);
    ADD_TEST_CASE(suite, sandbox_without_getsockname);
    ADD_TEST_CASE(suite, sandbox_without_the_peers_name_connects);
    ADD_TEST_CASE(suite, sandbox_without_membarrier);
    ADD_TEST_CASE(suite, sandbox_that_takes_membarrier_away);
}
