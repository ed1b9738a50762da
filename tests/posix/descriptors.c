/* Descriptors: which a program that is started gets, what happens when there are no more, and
 * how they are set (rows R016, R052, R053, R078, R118). */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where ps_close could not end a call that blocks in the system, handles do not block in
 * blocking mode either. */
#if PS__HAVE_SHUTDOWN_WAKES
enum { BLOCKING_MODE_BLOCKS = 1 };
#else
enum { BLOCKING_MODE_BLOCKS = 0 };
#endif

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 10.0

/* ---- helpers --------------------------------------------------------------------------------- */

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static bool closes_on_exec(const ps_sock *s)
{
    int flags = fcntl(ps_fileno(s), F_GETFD);

    ck_assert_int_ge(flags, 0);
    return (flags & FD_CLOEXEC) != 0;
}

static bool is_nonblocking(const ps_sock *s)
{
    int flags = fcntl(ps_fileno(s), F_GETFL);

    ck_assert_int_ge(flags, 0);
    return (flags & O_NONBLOCK) != 0;
}

enum { COUNTED = 1024 };

static int count_open(void)
{
    int count = 0;
    int fd;

    for (fd = 0; fd < COUNTED; fd++)
        count += is_open(fd);
    return count;
}

/* Lets the process have `more` descriptors than now, and no further ones. Gives the limit that
 * was. */
static struct rlimit allow_only(int more)
{
    struct rlimit before, now;
    int fd = 0;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    /* The limit is on the number of a new descriptor, and the lowest free one is taken. */
    while (more > 0 || is_open(fd)) {
        more -= !is_open(fd);
        fd++;
    }
    now = before;
    now.rlim_cur = (rlim_t)fd;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &now), 0);
    return before;
}

static void allow(const struct rlimit *limit)
{
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, limit), 0);
}

static void assert_talk(ps_sock *one, ps_sock *other)
{
    char byte = 0;

    ck_assert_ok(ps_settimeout(one, PATIENCE));
    ck_assert_ok(ps_settimeout(other, PATIENCE));
    ck_assert_int_eq(ps_send(one, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(other, &byte, 1, 0), 1);
    ck_assert_int_eq(byte, 'x');
    ck_assert_int_eq(ps_send(other, "y", 1, 0), 1);
    ck_assert_int_eq(ps_recv(one, &byte, 1, 0), 1);
    ck_assert_int_eq(byte, 'y');
}

/* ---- programs that are started --------------------------------------------------------------- */

/* Whether a program started now gets the socket: its descriptor there is the same socket. */
static bool is_given_to_programs(const ps_sock *s)
{
    char script[128];
    struct stat information;
    pid_t child;
    int status;

    ck_assert_int_eq(fstat(ps_fileno(s), &information), 0);
    snprintf(script, sizeof script, "test \"$(readlink /proc/self/fd/%d)\" = 'socket:[%lu]'",
             ps_fileno(s), (unsigned long)information.st_ino);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", script, (char *)NULL);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_msg(WEXITSTATUS(status) <= 1, "the shell ended with %d", WEXITSTATUS(status));
    return WEXITSTATUS(status) == 0;
}

static void assert_private(ps_sock *s)
{
    ck_assert(closes_on_exec(s));
    ck_assert(!is_given_to_programs(s));
    ck_assert_ok(ps_close(s));
}

/* Traps: LIF-9 DSC-9. */
START_TEST(descriptors_are_not_given_to_programs)
{
    static const int families[] = {AF_INET, AF_UNIX};
    ps_sock s, listener, pair[2];
    ps_addr a;
    size_t i;

    for (i = 0; i < sizeof families / sizeof families[0]; i++) {
        s = test_socket(families[i], SOCK_STREAM);
        assert_private(&s);
        s = test_socket(families[i], SOCK_DGRAM);
        assert_private(&s);
        ck_assert_ok(ps_socketpair(pair, families[i], SOCK_STREAM, 0));
        assert_private(&pair[0]);
        assert_private(&pair[1]);
    }
    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_set_inheritable(&listener, true));
    ck_assert_ok(ps_create_connection(&pair[0], "127.0.0.1", ps_addr_port(&a), PATIENCE, NULL));
    ck_assert_ok(ps_accept(&listener, &pair[1], NULL));
    assert_private(&pair[0]);
    assert_private(&pair[1]);
    ck_assert_ok(ps_fromfd(&s, ps_fileno(&listener), AF_INET, SOCK_STREAM, 0));
    assert_private(&s);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* Traps: DSC-9. */
START_TEST(descriptors_are_given_to_programs_when_told)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);

    ck_assert_ok(ps_set_inheritable(&s, true));
    ck_assert(!closes_on_exec(&s));
    ck_assert(is_given_to_programs(&s));
    ck_assert_ok(ps_set_inheritable(&s, false));
    ck_assert(!is_given_to_programs(&s));
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(descriptors_with_a_default_timeout_are_not_given_to_programs)
{
    ps_sock s, pair[2];

    ck_assert_ok(ps_setdefaulttimeout(1));
    s = test_socket(AF_INET, SOCK_STREAM);
    ck_assert(closes_on_exec(&s));
    ck_assert(is_nonblocking(&s));
    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_STREAM, 0));
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    ck_assert(closes_on_exec(&pair[0]) && closes_on_exec(&pair[1]));
    ck_assert(is_nonblocking(&pair[0]) && is_nonblocking(&pair[1]));
    test_close(&s, &pair[0], &pair[1]);
}
END_TEST

/* ---- the handle itself ----------------------------------------------------------------------- */

START_TEST(descriptors_detached_are_the_callers)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);
    int fd = ps_fileno(&s);

    ck_assert_int_eq(ps_detach(&s), fd);
    ck_assert_ok(ps_close(&s));
    ck_assert(is_open(fd));
    ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(descriptors_are_closed)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);
    int fd = ps_fileno(&s);

    ck_assert(is_open(fd));
    ck_assert_ok(ps_close(&s));
    ck_assert(!is_open(fd));
}
END_TEST

/* A server that closed its standard streams gets sockets with their numbers. */
/* Traps: DSC-10. Shows: DSC-10. */
START_TEST(descriptors_may_be_zero)
{
    int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    ps_sock client, server, copy;

    if (input >= 0)
        ck_assert_int_eq(close(STDIN_FILENO), 0);
    client = test_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(ps_fileno(&client), 0);
    ck_assert(closes_on_exec(&client));
    ck_assert_ok(ps_close(&client));
    ck_assert(!is_open(0));

    test_tcp_pair(&client, &server);
    ck_assert_int_gt(ps_fileno(&client), 0);
    ck_assert_ok(ps_fromfd(&copy, ps_fileno(&client), AF_INET, SOCK_STREAM, 0));
    ck_assert_int_eq(ps_fileno(&copy), 0);
    assert_talk(&copy, &server);
    ck_assert_ok(ps_close(&copy));
    ck_assert(!is_open(0));
    test_close(&client, &server);
    if (input >= 0) {
        ck_assert_int_eq(dup2(input, STDIN_FILENO), STDIN_FILENO);
        ck_assert_int_eq(close(input), 0);
    }
}
END_TEST

/* Above what an fd_set has room for. */
/* Rows: R016. Traps: TMO-3. */
START_TEST(descriptors_may_be_large)
{
    enum { LARGE = 1500 };
    struct rlimit before, now;
    ps_sock listener, client, server;
    ps_addr a;
    char byte;
    int low[LARGE];
    int count = 0;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    now = before;
    if (now.rlim_cur < LARGE + 100)
        now.rlim_cur = LARGE + 100;
    if (now.rlim_cur > now.rlim_max)
        test_skip("this process may not have so many descriptors");
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &now), 0);
    do {
        low[count] = open("/dev/null", O_RDONLY | O_CLOEXEC);
        ck_assert_int_ge(low[count], 0);
    } while (low[count++] < LARGE && count < LARGE);

    test_listener(&listener, AF_INET, &a);
    client = test_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_gt(ps_fileno(&client), FD_SETSIZE);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    assert_talk(&client, &server);
    ck_assert_ok(ps_settimeout(&server, 0.05));
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_TIMED_OUT);
    test_close(&client, &server, &listener);
    while (count > 0)
        ck_assert_int_eq(close(low[--count]), 0);
    allow(&before);
}
END_TEST

/* inetd gives a socket as standard input, and a mistake may give anything: the calls say so. */
/* Traps: DSC-4. */
START_TEST(descriptors_of_no_socket)
{
    int ends[2];
    ps_sock s;
    ps_addr a;
    char byte;
    int value;

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_ok(ps_fromfd(&s, ends[0], AF_INET, SOCK_STREAM, 0));
    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_ENOTSOCK);
    ck_assert_code(ps_send(&s, "x", 1, 0), PS_ENOTSOCK);
    ck_assert_code(ps_getsockname(&s, &a), PS_ENOTSOCK);
    ck_assert_code(ps_getpeername(&s, &a), PS_ENOTSOCK);
    ck_assert_code(ps_listen(&s, 1), PS_ENOTSOCK);
    ck_assert_code(ps_shutdown(&s, SHUT_RDWR), PS_ENOTSOCK);
    ck_assert_code(ps_getsockopt_int(&s, SOL_SOCKET, SO_TYPE, &value), PS_ENOTSOCK);
    ck_assert_ok(ps_close(&s));
    ck_assert(is_open(ends[0]));
    ck_assert_int_eq(close(ends[0]), 0);
    ck_assert_int_eq(close(ends[1]), 0);
}
END_TEST

/* Somebody else closed it: an error, and ps_close still ends well. */
START_TEST(descriptors_closed_behind_our_back)
{
    ps_sock client, server;
    ps_addr a;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_int_eq(close(ps_fileno(&client)), 0);
    ck_assert_code(ps_send(&client, "x", 1, 0), PS_EBADF);
    ck_assert_code(ps_recv(&client, &byte, 1, 0), PS_EBADF);
    ck_assert_code(ps_getpeername(&client, &a), PS_EBADF);
    if (BLOCKING_MODE_BLOCKS) { /* else the mode need not change */
        ck_assert_code(ps_settimeout(&client, 1), PS_EBADF);
        ck_assert_double_eq(ps_gettimeout(&client), PS_NO_TIMEOUT);
    }
    test_close(&client, &server);
}
END_TEST

/* ---- their modes ----------------------------------------------------------------------------- */

START_TEST(descriptors_are_in_the_mode_of_the_timeout)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);

    ck_assert(is_nonblocking(&s) == !BLOCKING_MODE_BLOCKS);
    ck_assert_ok(ps_settimeout(&s, 5));
    ck_assert(is_nonblocking(&s));
    ck_assert_ok(ps_setblocking(&s, 1));
    ck_assert(is_nonblocking(&s) == !BLOCKING_MODE_BLOCKS);
    ck_assert_ok(ps_setblocking(&s, 0));
    ck_assert(is_nonblocking(&s));
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    ck_assert(is_nonblocking(&s) == !BLOCKING_MODE_BLOCKS);
    ck_assert_code(ps_settimeout(&s, -1), PS_BAD_TIMEOUT);
    ck_assert(is_nonblocking(&s) == !BLOCKING_MODE_BLOCKS);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: CON-14. */
START_TEST(descriptors_accepted_are_in_the_default_mode)
{
    static const double defaults[] = {PS_NO_TIMEOUT, 0, 5};
    ps_sock listener, client, server;
    ps_addr a;
    size_t i;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_settimeout(&listener, PATIENCE));
    for (i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        ck_assert_ok(ps_create_connection(&client, "127.0.0.1", ps_addr_port(&a), PATIENCE, NULL));
        ck_assert_ok(ps_setdefaulttimeout(defaults[i]));
        ck_assert_ok(ps_accept(&listener, &server, NULL));
        ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
        ck_assert(is_nonblocking(&server) ==
                  (!BLOCKING_MODE_BLOCKS || defaults[i] != PS_NO_TIMEOUT));
        test_close(&client, &server);
    }
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* A timeout of ours is not the system's: nothing of it leaks to duplicates or programs. */
/* Traps: CON-15 TMO-6. */
START_TEST(descriptors_have_no_timeout_of_the_systems)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);
    static const int names[] = {SO_RCVTIMEO, SO_SNDTIMEO};
    size_t i;

    ck_assert_ok(ps_settimeout(&s, 5));
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct timeval time = {1, 1};
        size_t size = sizeof time;
        ck_assert_ok(ps_getsockopt(&s, SOL_SOCKET, names[i], &time, &size));
        ck_assert_int_eq(time.tv_sec, 0);
        ck_assert_int_eq(time.tv_usec, 0);
    }
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- no more descriptors --------------------------------------------------------------------- */

START_TEST(descriptors_run_out_for_a_socket)
{
    struct rlimit before = allow_only(0);
    ps_sock s;

    memset(&s, 0x5a, sizeof s);
    ck_assert_code(ps_socket(&s, AF_INET, SOCK_STREAM, 0), PS_EMFILE);
    ck_assert_int_eq(s.handle, PS_INVALID_HANDLE);
    ck_assert_code(ps_create_connection(&s, "127.0.0.1", 1, 1, NULL), PS_EMFILE);
    ck_assert_int_eq(s.handle, PS_INVALID_HANDLE);
    ck_assert_code(ps_fromfd(&s, STDOUT_FILENO, AF_INET, SOCK_STREAM, 0), PS_EMFILE);
    ck_assert_int_eq(s.handle, PS_INVALID_HANDLE);
    allow(&before);
    s = test_socket(AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* However many there are, a pair is made whole or not at all. */
static void pair_with_few_descriptors(int family, int type)
{
    ps_sock pair[2];
    int open_before = count_open();
    int more;
    int code = PS_EMFILE;

    for (more = 0; more < 8 && code != 0; more++) {
        struct rlimit before = allow_only(more);
        memset(pair, 0x5a, sizeof pair);
        code = ps_socketpair(pair, family, type, 0);
        allow(&before);
        if (code != 0) {
            ck_assert_code(code, PS_EMFILE);
            ck_assert_int_eq(pair[0].handle, PS_INVALID_HANDLE);
            ck_assert_int_eq(pair[1].handle, PS_INVALID_HANDLE);
            ck_assert_int_eq(count_open(), open_before);
        }
    }
    ck_assert_code(code, 0);
    ck_assert_int_gt(more, 2);
    assert_talk(&pair[0], &pair[1]);
    test_close(&pair[0], &pair[1]);
    ck_assert_int_eq(count_open(), open_before);
}

START_TEST(descriptors_run_out_for_a_pair)
{
    pair_with_few_descriptors(AF_UNIX, SOCK_STREAM);
    pair_with_few_descriptors(AF_INET, SOCK_STREAM);
    pair_with_few_descriptors(AF_INET, SOCK_DGRAM);
}
END_TEST

/* The connection stays queued, and the call does not wait. */
/* Traps: CON-18. Shows: CON-18. */
START_TEST(descriptors_run_out_for_accept)
{
    static const double modes[] = {PS_NO_TIMEOUT, 0, PATIENCE};
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ps_sock listener, client, server;
        ps_addr a, peer;
        struct rlimit before;
        double begin;
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_settimeout(&listener, modes[i]));
        ck_assert_ok(ps_create_connection(&client, "127.0.0.1", ps_addr_port(&a), PATIENCE, NULL));
        before = allow_only(0);
        begin = test_clock();
        memset(&server, 0x5a, sizeof server);
        peer = a;
        ck_assert_code(ps_accept(&listener, &server, &peer), PS_EMFILE);
        ck_assert_code(ps_accept(&listener, &server, &peer), PS_EMFILE);
        ck_assert_double_lt(test_clock() - begin, PATIENCE);
        ck_assert_int_eq(server.handle, PS_INVALID_HANDLE);
        ck_assert_int_eq(peer.len, 0);
        allow(&before);
        ck_assert_ok(ps_accept(&listener, &server, &peer));
        assert_talk(&client, &server);
        test_close(&client, &server, &listener);
    }
}
END_TEST

/* ---- nothing stays open ---------------------------------------------------------------------- */

START_TEST(descriptors_do_not_stay_open_after_failures)
{
    ps_sock holder, listener, s, pair[2];
    ps_addr refusing, a, elsewhere;
    int before, i;

    test_refusing_address(&holder, AF_INET, &refusing);
    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_setblocking(&listener, 0));
    ck_assert_ok(ps_addr_inet(&elsewhere, "192.0.2.1", 0));
    before = count_open();
    for (i = 0; i < 20; i++) {
        ck_assert_code(
            ps_create_connection(&s, "127.0.0.1", ps_addr_port(&refusing), PATIENCE, NULL),
            PS_ECONNREFUSED);
        ck_assert_code(
            ps_create_connection(&s, "localhost", ps_addr_port(&refusing), PATIENCE, NULL),
            PS_ECONNREFUSED);
        ck_assert_code(
            ps_create_connection(&s, "127.0.0.1", ps_addr_port(&a), PATIENCE, &elsewhere),
            PS_EADDRNOTAVAIL);
        ck_assert_code(ps_socket(&s, AF_INET, SOCK_STREAM, IPPROTO_UDP), PS_EPROTONOSUPPORT);
        ck_assert_code(ps_socketpair(pair, AF_INET, 77, 0), PS_ESOCKTNOSUPPORT);
        ck_assert_code(ps_socketpair(pair, AF_INET, SOCK_STREAM, IPPROTO_UDP), PS_EPROTONOSUPPORT);
        ck_assert_code(ps_accept(&listener, &s, NULL), PS_EWOULDBLOCK);
        ck_assert_code(ps_fromfd(&s, -1, AF_INET, SOCK_STREAM, 0), PS_EBADF);
    }
    ck_assert_int_eq(count_open(), before);
    test_close(&holder, &listener);
}
END_TEST

/* Traps: LIF-7. */
START_TEST(descriptors_do_not_stay_open_after_use)
{
    int before = count_open();
    int i;

    for (i = 0; i < 20; i++) {
        ps_sock one, other, copy;
        test_tcp_pair(&one, &other);
        ck_assert_ok(ps_fromfd(&copy, ps_fileno(&one), AF_INET, SOCK_STREAM, 0));
        test_close(&copy, &one, &other);
    }
    ck_assert_int_eq(count_open(), before);
}
END_TEST

/* ---- more than an int can count -------------------------------------------------------------- */

/* Traps: SND-10. */
START_TEST(descriptors_receive_into_gigabytes)
{
    const size_t size = (size_t)3 << 30;
    void *room = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ps_sock client, server;
    ps_addr from;

    if (room == MAP_FAILED)
        test_skip("this process may not have so much address space");
    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&server, PATIENCE));
    ck_assert_int_eq(ps_send(&client, "abc", 3, 0), 3);
    ck_assert_int_eq(ps_recv(&server, room, size, 0), 3);
    ck_assert_mem_eq(room, "abc", 3);
    ck_assert_int_eq(ps_send(&client, "def", 3, 0), 3);
    ck_assert_int_eq(ps_recvfrom(&server, room, size, 0, &from), 3);
    ck_assert_mem_eq(room, "def", 3);
    ck_assert_int_eq(ps_send(&client, "ghi", 3, 0), 3);
    ck_assert_ok(ps_shutdown(&client, SHUT_WR));
    ck_assert_int_eq(ps_recv(&server, room, size, MSG_WAITALL), 3);
    ck_assert_mem_eq(room, "ghi", 3);
    ck_assert_int_eq(munmap(room, size), 0);
    test_close(&client, &server);
}
END_TEST

/* One call takes at most what the system does, never more nor a negative count. */
/* Traps: SND-10. */
START_TEST(descriptors_send_from_gigabytes)
{
    const size_t size = (size_t)3 << 30;
    void *zeros = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ps_sock client, server;
    ptrdiff_t count;
    size_t sent = 0;

    if (zeros == MAP_FAILED)
        test_skip("this process may not have so much address space");
    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_setblocking(&client, 0));
    count = ps_send(&client, zeros, size, 0);
    ck_assert_int_gt(count, 0);
    ck_assert_uint_lt((size_t)count, size);
    ck_assert_code(ps_sendall(&client, zeros, size, 0, &sent), PS_EWOULDBLOCK);
    ck_assert_uint_lt(sent, size);
    ck_assert_int_eq(munmap(zeros, size), 0);
    test_close(&client, &server);
}
END_TEST

void add_descriptors_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, descriptors_are_not_given_to_programs);
    ADD_TEST_CASE(suite, descriptors_are_given_to_programs_when_told);
    ADD_TEST_CASE(suite, descriptors_with_a_default_timeout_are_not_given_to_programs);
    ADD_TEST_CASE(suite, descriptors_detached_are_the_callers);
    ADD_TEST_CASE(suite, descriptors_are_closed);
    ADD_TEST_CASE(suite, descriptors_may_be_zero);
    ADD_TEST_CASE(suite, descriptors_may_be_large);
    ADD_TEST_CASE(suite, descriptors_of_no_socket);
    ADD_TEST_CASE(suite, descriptors_closed_behind_our_back);
    ADD_TEST_CASE(suite, descriptors_are_in_the_mode_of_the_timeout);
    ADD_TEST_CASE(suite, descriptors_accepted_are_in_the_default_mode);
    ADD_TEST_CASE(suite, descriptors_have_no_timeout_of_the_systems);
    ADD_TEST_CASE(suite, descriptors_run_out_for_a_socket);
    ADD_TEST_CASE(suite, descriptors_run_out_for_a_pair);
    ADD_TEST_CASE(suite, descriptors_run_out_for_accept);
    ADD_TEST_CASE(suite, descriptors_do_not_stay_open_after_failures);
    ADD_TEST_CASE(suite, descriptors_do_not_stay_open_after_use);
    ADD_TEST_CASE(suite, descriptors_receive_into_gigabytes);
    ADD_TEST_CASE(suite, descriptors_send_from_gigabytes);
}
