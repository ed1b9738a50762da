/* ps_fromfd's use: a server that its parent starts with a socket as standard input (row R118).
 * The parent is this test, as inetd does it; the server is the example inetd_echo. */
#include "test.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 10.0

/* ---- helpers --------------------------------------------------------------------------------- */

/* The server beside this program; another machine's under the emulator that this one is under. */
static void become_server(const char *seconds)
{
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - sizeof "inetd_echo");
    const char *emulator = getenv("TEST_UNDER_QEMU");
    char *name;

    if (length <= 0)
        return;
    program[length] = '\0';
    name = strrchr(program, '/') + 1;
    memcpy(name, "inetd_echo", sizeof "inetd_echo");
    if (emulator != NULL)
        execl(emulator, emulator, program, seconds, (char *)NULL);
    else
        execl(program, program, seconds, (char *)NULL);
}

/* Starts the server with `s` as standard input, output and error, and nothing else open, as
 * inetd(8) does. */
static pid_t start_server(const ps_sock *s, const char *seconds)
{
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        for (int i = 0; i < 3; i++)
            dup2(ps_fileno(s), i);
        become_server(seconds);
        _exit(99);
    }
    return child;
}

static void await_server(pid_t child)
{
    int status;

    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the server's status is %d",
                  status);
}

static ps_sock connected_to(const ps_addr *address)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, ps_addr_family(address), SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_connect(&s, address));
    return s;
}

static void assert_echo(ps_sock *s, const char *text)
{
    char back[64];

    ck_assert_ok(ps_sendall(s, text, strlen(text), 0, NULL));
    ck_assert_int_eq(ps_recv(s, back, strlen(text), MSG_WAITALL), (ptrdiff_t)strlen(text));
    ck_assert_mem_eq(back, text, strlen(text));
}

/* Says that no more comes, and hears that nothing else does. */
static void end_client(ps_sock *s)
{
    char byte;

    ck_assert_ok(ps_shutdown(s, SHUT_WR));
    ck_assert_int_eq(ps_recv(s, &byte, 1, 0), 0);
    ck_assert_ok(ps_close(s));
}

static void open_listener(ps_sock *listener, int family, ps_addr *address)
{
    if (family == AF_UNIX) {
        ck_assert_ok(ps_addr_unix(address, "", 0));
        ck_assert_ok(ps_socket(listener, AF_UNIX, SOCK_STREAM, 0));
        ck_assert_ok(ps_bind(listener, address));
        ck_assert_ok(ps_listen(listener, 8));
        ck_assert_ok(ps_getsockname(listener, address));
    } else {
        test_listener(listener, family, address);
    }
    ck_assert_ok(ps_settimeout(listener, PATIENCE));
}

/* ---- stream nowait: the parent accepts ------------------------------------------------------- */

static void serve_without_wait(int family)
{
    ps_sock listener, connection, clients[2];
    pid_t servers[2];
    ps_addr address;

    open_listener(&listener, family, &address);
    for (int i = 0; i < 2; i++) {
        clients[i] = connected_to(&address);
        ck_assert_ok(ps_accept(&listener, &connection, NULL));
        servers[i] = start_server(&connection, "10");
        ck_assert_ok(ps_close(&connection));
    }
    assert_echo(&clients[1], "second");
    assert_echo(&clients[0], "first");
    for (int i = 0; i < 2; i++) {
        end_client(&clients[i]);
        await_server(servers[i]);
    }
    ck_assert_ok(ps_close(&listener));
}

/* Rows: R118. */
START_TEST(inetd_starts_a_server_for_a_connection)
{
    serve_without_wait(AF_INET);
    serve_without_wait(AF_UNIX);
}
END_TEST

/* Skipped: linux unless ipv6 */
START_TEST(inetd_starts_a_server_for_an_ipv6_connection)
{
    serve_without_wait(AF_INET6);
}
END_TEST

/* ---- stream wait and dgram wait: the server has the listener until nobody comes -------------- */

/* All that the server gets to do is there before it starts: it goes as soon as nothing comes. */
/* Rows: R118. */
START_TEST(inetd_starts_a_server_for_a_listener)
{
    ps_sock listener, clients[2], connection;
    ps_addr address;
    pid_t server;

    open_listener(&listener, AF_INET, &address);
    for (int i = 0; i < 2; i++)
        clients[i] = connected_to(&address);
    server = start_server(&listener, "0.3");
    for (int i = 0; i < 2; i++) {
        assert_echo(&clients[i], "hello");
        end_client(&clients[i]);
    }
    await_server(server);
    /* The parent listens again. */
    clients[0] = connected_to(&address);
    ck_assert_ok(ps_accept(&listener, &connection, NULL));
    test_close(&connection, &clients[0], &listener);
}
END_TEST

/* Rows: R118. */
START_TEST(inetd_starts_a_server_for_datagrams)
{
    ps_sock client, service;
    ps_addr client_address, address, from;
    char room[64];
    pid_t server;

    test_udp_pair(&client, &client_address, &service, &address);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_int_eq(ps_sendto(&client, "question", 8, 0, &address), 8);
    ck_assert_int_eq(ps_sendto(&client, "", 0, 0, &address), 0);
    server = start_server(&service, "0.3");
    ck_assert_int_eq(ps_recvfrom(&client, room, sizeof room, 0, &from), 8);
    ck_assert_mem_eq(room, "question", 8);
    ck_assert(ps_addr_equal(&from, &address));
    ck_assert_int_eq(ps_recvfrom(&client, room, sizeof room, 0, &from), 0);
    await_server(server);
    test_close(&client, &service);
}
END_TEST

/* A terminal, a file: no socket. */
START_TEST(inetd_server_without_a_socket)
{
    pid_t child = fork();
    int status;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        ck_assert_ptr_nonnull(freopen("/dev/null", "r", stdin));
        become_server("1");
        _exit(99);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 1);
}
END_TEST

void add_inetd_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, inetd_starts_a_server_for_a_connection);
    ADD_TEST_CASE(suite, inetd_starts_a_server_for_an_ipv6_connection);
    ADD_TEST_CASE(suite, inetd_starts_a_server_for_a_listener);
    ADD_TEST_CASE(suite, inetd_starts_a_server_for_datagrams);
    ADD_TEST_CASE(suite, inetd_server_without_a_socket);
}
