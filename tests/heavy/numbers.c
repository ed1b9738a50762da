/* Many sockets at once, many one after the other, many threads: nothing is lost, and nothing is
 * left. */
#include "heavy.h"

#include "handles.h"

/* ---- one after the other --------------------------------------------------------------------- */

static ps_sock cycle_listener;
static ps_addr cycle_address;

static void connect_accept_close(void)
{
    ps_sock client, server;
    char byte = 0;

    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(&client, &cycle_address));
    ck_assert_ok(ps_accept(&cycle_listener, &server, NULL));
    ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    ck_assert_int_eq(byte, 'x');
    /* Who closes first keeps the port for a while; a reset keeps it for nobody. */
    heavy_reset(&client);
    ck_assert_ok(ps_close(&server));
}

/* Rows: R006. */
START_TEST(heavy_connection_cycles)
{
    long count = heavy_count(500, 100000);
    size_t before;

    test_listener(&cycle_listener, AF_INET, &cycle_address);
    connect_accept_close();
    before = open_handles();
    for (long i = 0; i < count; i++)
        connect_accept_close();
    ck_assert_uint_lt(open_handles(), before + 16);
    ps_close(&cycle_listener);
}
END_TEST

static void stream_and_list(void)
{
    ps_sock pair[2];
    ps_addrinfo *list;
    ps_file *f;
    char line[8];

    ck_assert_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
    ck_assert_ok(ps_makefile(&f, &pair[0], "rw", -1));
    ck_assert_ok(ps_sendall(&pair[1], "line\nx", 6, 0, NULL));
    ck_assert_int_eq(ps_file_readline(f, line, sizeof line), 5);
    ps_close(&pair[0]);
    ck_assert_ok(ps_file_close(f));
    ps_close(&pair[1]);
    ck_assert_ok(ps_getaddrinfo("127.0.0.1", "80", AF_UNSPEC, 0, 0, 0, &list));
    ps_freeaddrinfo(list);
}

START_TEST(heavy_stream_cycles)
{
    long count = heavy_count(200, 20000);
    size_t before;

    stream_and_list();
    before = open_handles();
    for (long i = 0; i < count; i++)
        stream_and_list();
    ck_assert_uint_lt(open_handles(), before + 16);
}
END_TEST

/* ---- at once --------------------------------------------------------------------------------- */

enum { MANY = 10000 };

static ps_sock many[MANY];

/* As many datagram sockets as the process may have, up to MANY; what is beyond its limit is an
 * error, and costs nothing. */
static size_t open_many(size_t wanted)
{
    size_t count = 0;

    for (; count < wanted; count++) {
        int code = ps_socket(&many[count], AF_INET, SOCK_DGRAM, 0);
        if (code != 0) {
            ck_assert_msg(code == PS_EMFILE || code == PS_ENFILE, "socket %zu: %s", count,
                          ps_error_name(code));
            ck_assert(ps_fileno(&many[count]) == PS_INVALID_HANDLE);
            break;
        }
    }
    return count;
}

START_TEST(heavy_many_open_sockets)
{
    size_t wanted = (size_t)heavy_count(2000, MANY);
    size_t count = open_many(wanted);
    ps_addr address, from;
    char byte = 0;

    ck_assert_uint_ge(count, 500);
    ck_assert_ok(ps_addr_inet(&address, "127.0.0.1", 0));
    ck_assert_ok(ps_bind(&many[count - 1], &address));
    ck_assert_ok(ps_getsockname(&many[count - 1], &address));
    ck_assert_ok(ps_settimeout(&many[count - 1], PATIENCE));
    for (size_t i = 0; i < count - 1; i += 97) {
        ck_assert_int_eq(ps_sendto(&many[i], "m", 1, 0, &address), 1);
        ck_assert_int_eq(ps_recvfrom(&many[count - 1], &byte, 1, 0, &from), 1);
    }
    for (size_t i = 0; i < count; i++)
        ck_assert_ok(ps_close(&many[i]));
    ck_assert_ok(ps_socket(&many[0], AF_INET, SOCK_STREAM, 0));
    ps_close(&many[0]);
}
END_TEST

/* ---- threads --------------------------------------------------------------------------------- */

enum { THREADS = 64 };

static long rounds_of_a_thread;

/* The first use of the library in the process is all threads' at once. A thread tells its first
 * error. */
static void use_everything(void *argument)
{
    int *error = argument;
    char text[PS_ADDR_TEXT_MAX], data[16];

    for (long i = 0; i < rounds_of_a_thread && *error == 0; i++) {
        ps_sock pair[2] = {PS_SOCK_INIT, PS_SOCK_INIT};
        ps_addrinfo *list = NULL;
        ps_addr a;
        int port = 0;

        *error = ps_socketpair(pair, AF_INET, SOCK_STREAM, 0);
        if (*error == 0)
            *error = ps_sendall(&pair[0], "0123456789", 10, 0, NULL);
        if (*error == 0 && ps_recv(&pair[1], data, 10, MSG_WAITALL) != 10)
            *error = PS_EIO;
        if (*error == 0)
            *error = ps_getaddrinfo("localhost", "80", AF_INET, SOCK_STREAM, 0, 0, &list);
        if (*error == 0)
            *error = ps_addr_format(&list->addr, text, sizeof text);
        if (*error == 0)
            *error = ps_addr_parse(&a, AF_UNSPEC, text);
        if (*error == 0 && !ps_addr_equal(&a, &list->addr))
            *error = PS_EIO;
        if (*error == 0)
            *error = ps_getservbyname("http", "tcp", &port);
        ps_freeaddrinfo(list);
        ps_close(&pair[0]);
        ps_close(&pair[1]);
    }
}

START_TEST(heavy_sixty_four_threads)
{
    static int errors[THREADS];
    test_thread *threads[THREADS];

    rounds_of_a_thread = heavy_count(3, 200);
    for (size_t i = 0; i < THREADS; i++)
        threads[i] = test_thread_start(use_everything, &errors[i]);
    for (size_t i = 0; i < THREADS; i++)
        test_thread_join(threads[i]);
    for (size_t i = 0; i < THREADS; i++)
        ck_assert_code(errors[i], 0);
}
END_TEST

void add_numbers_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, heavy_connection_cycles);
    ADD_TEST_CASE(suite, heavy_stream_cycles);
    ADD_TEST_CASE(suite, heavy_many_open_sockets);
    ADD_TEST_CASE(suite, heavy_sixty_four_threads);
}
