/*
 * What every test uses. A test is a Check test (START_TEST ... END_TEST) that its file adds to
 * the suite with ADD_TEST_CASE; each runs with its own time limit, in a process of its own, or
 * in one that those before it in the file leave as they found it (see tests/CMakeLists.txt,
 * which reads these lines).
 */
#ifndef TESTS_SUPPORT_TEST_H
#define TESTS_SUPPORT_TEST_H

#include <portsock.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Adds a test under its own name. One line each: the build reads them to know which tests there
 * are. */
#define ADD_TEST_CASE(suite, name) test_add(suite, #name, name)
void test_add(Suite *suite, const char *name, const TTest *test);

/* Ends the test as skipped. Only for what this system truly lacks: a tag at the test says where
 * (tests/parity/tags.py), and a skip without one is a failure. */
_Noreturn void test_skip(const char *reason);

/* Ends the test as skipped when its system calls go through QEMU's user emulation, which gets
 * this one wrong. */
void test_skip_under_qemu(const char *reason);

/* The code is `expected`; prints both names when it is not. */
#define ck_assert_code(expression, expected) \
    test_assert_code((int)(expression), expected, #expression, __FILE__, __LINE__)
void test_assert_code(int code, int expected, const char *text, const char *file, int line);

/* The call succeeded: 0 or a count. */
#define ck_assert_ok(expression) \
    test_assert_ok((ptrdiff_t)(expression), #expression, __FILE__, __LINE__)
void test_assert_ok(ptrdiff_t result, const char *text, const char *file, int line);

/* Whether this is the system named: "posix" or "windows". Tests ask this only where the
 * reference itself differs. */
bool test_on_windows(void);

/* Ends the test as skipped where there is no IPv6. */
void test_need_ipv6(void);

/* A new socket. One of IPv6 ends the test as skipped where there is none. */
ps_sock test_socket(int family, int type);

/* What an option of numbers says. */
int test_option(ps_sock *s, int level, int name);

/* A socket bound to a free port of the loopback address of a family, and its address. */
void test_bound(ps_sock *s, int family, int type, ps_addr *address);

/* Binds a socket to the host of *address, at a port that the system gives to nobody who asks for
 * any, and that no other test has; *address gets it. For ports that are bound again after they were
 * closed, or that others must leave alone at every address. */
void test_bind_own_port(ps_sock *s, ps_addr *address);

/* Closes each of the sockets: test_close(&client, &server). */
#define test_close(...) test_close_all((ps_sock *const[]){__VA_ARGS__, NULL}, __FILE__, __LINE__)
void test_close_all(ps_sock *const *sockets, const char *file, int line);

/* A listening TCP socket on the loopback address of a family, and its address. */
void test_listener(ps_sock *listener, int family, ps_addr *address);

/* Two TCP sockets connected over loopback. */
void test_tcp_pair(ps_sock *client, ps_sock *server);

/* Two UDP sockets bound to loopback, not connected; their addresses. */
void test_udp_pair(ps_sock *one, ps_addr *one_address, ps_sock *two, ps_addr *two_address);

/* A loopback address of a family that refuses TCP connections: bound by *holder, which does not
 * listen. */
void test_refusing_address(ps_sock *holder, int family, ps_addr *address);

/* Starts a thread and waits for its end. */
typedef struct test_thread test_thread;
test_thread *test_thread_start(void (*run)(void *argument), void *argument);
void test_thread_join(test_thread *thread);

/* Sleeps; seconds since some point, on a clock that never jumps. */
void test_sleep(double seconds);
double test_clock(void);

/* A small number that tells this process from those that run beside it. */
unsigned test_process_number(void);

#endif
