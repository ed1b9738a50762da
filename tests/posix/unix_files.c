/* AF_UNIX beside the sockets: the file of a path and its permissions, options of another family,
 * a datagram for a socket that has no room. */
#include "folder.h"
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 10.0

/* ---- helpers --------------------------------------------------------------------------------- */

/* A folder, and the address of a path in it. */
typedef struct place {
    folder folder;
    ps_addr address;
} place;

static place place_enter(void)
{
    place p = {.folder = folder_enter()};

    ck_assert_ok(ps_addr_unix(&p.address, "s", 1));
    return p;
}

static void place_leave(const place *p)
{
    ck_assert_int_eq(unlink("s"), 0);
    folder_leave(&p->folder);
}

static ps_sock unix_socket(int type)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_UNIX, type, 0));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    return s;
}

static ps_sock listener_at(const ps_addr *address)
{
    ps_sock s = unix_socket(SOCK_STREAM);

    ck_assert_ok(ps_bind(&s, address));
    ck_assert_ok(ps_listen(&s, 4));
    return s;
}

static int try_to_connect(const ps_addr *address)
{
    ps_sock client = unix_socket(SOCK_STREAM);
    int code = ps_connect(&client, address);

    ck_assert_ok(ps_close(&client));
    return code;
}

/* ---- the file -------------------------------------------------------------------------------- */

START_TEST(unix_file_outlives_the_socket)
{
    place p = place_enter();
    ps_sock listener, second = unix_socket(SOCK_STREAM);

    ck_assert_code(try_to_connect(&p.address), PS_ENOENT);
    listener = listener_at(&p.address);
    ck_assert_ok(try_to_connect(&p.address));
    ck_assert_code(ps_bind(&second, &p.address), PS_EADDRINUSE);
    ck_assert_ok(ps_close(&listener));
    ck_assert_code(try_to_connect(&p.address), PS_ECONNREFUSED);
    ck_assert_code(ps_bind(&second, &p.address), PS_EADDRINUSE);
    ck_assert_int_eq(unlink("s"), 0);
    ck_assert_ok(ps_bind(&second, &p.address));
    ck_assert_ok(ps_close(&second));
    place_leave(&p);
}
END_TEST

START_TEST(unix_file_that_is_no_socket)
{
    place p = place_enter();
    int file = open("s", O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    ps_addr below;

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(close(file), 0);
    ck_assert_code(try_to_connect(&p.address), PS_ECONNREFUSED);
    ck_assert_ok(ps_addr_unix(&below, "s/s", 3));
    ck_assert_code(try_to_connect(&below), PS_ENOTDIR);
    place_leave(&p);
}
END_TEST

/* As somebody whom the file's permissions mean. */
enum { NOT_ANOTHER_USER = 255 };

static int connect_unprivileged(const ps_addr *address)
{
    pid_t child = fork();
    int status;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(NOT_ANOTHER_USER);
        _exit(-try_to_connect(address));
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    if (WEXITSTATUS(status) == NOT_ANOTHER_USER)
        test_skip("this process may not become another user");
    return -WEXITSTATUS(status);
}

/* Traps: UNX-10. */
/* Skipped: linux unless other_user */
START_TEST(unix_file_has_permissions)
{
    place p = place_enter();
    ps_sock listener = listener_at(&p.address);

    ck_assert_int_eq(chmod("s", 0), 0);
    ck_assert_code(connect_unprivileged(&p.address), PS_EACCES);
    ck_assert_int_eq(chmod("s", 0666), 0);
    ck_assert_ok(connect_unprivileged(&p.address));
    ck_assert_ok(ps_close(&listener));
    place_leave(&p);
}
END_TEST

/* Traps: UNX-11. */
START_TEST(unix_socket_has_no_options_of_tcp)
{
    ps_sock s = unix_socket(SOCK_STREAM);
    int value = 1;

    ck_assert_code(ps_setsockopt_int(&s, IPPROTO_TCP, TCP_NODELAY, 1), PS_EOPNOTSUPP);
    ck_assert_code(ps_getsockopt_int(&s, IPPROTO_TCP, TCP_NODELAY, &value), PS_EOPNOTSUPP);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- a datagram for a socket that has no room ------------------------------------------------ */

typedef struct full {
    ps_addr address;
    ps_sock receiver, sender;
} full;

/* A name that the system chose, a receiver that has it and has no room, and a sender that is not
 * connected to it. */
static void full_open(full *f)
{
    ptrdiff_t count;
    ps_addr unnamed;

    ck_assert_ok(ps_addr_unix(&unnamed, "", 0));
    f->receiver = unix_socket(SOCK_DGRAM);
    ck_assert_ok(ps_bind(&f->receiver, &unnamed));
    ck_assert_ok(ps_getsockname(&f->receiver, &f->address));
    f->sender = unix_socket(SOCK_DGRAM);
    ck_assert_ok(ps_settimeout(&f->sender, 0));
    do {
        count = ps_sendto(&f->sender, "x", 1, 0, &f->address);
    } while (count == 1);
    ck_assert_code(count, PS_EWOULDBLOCK);
}

static void full_close(full *f)
{
    test_close(&f->receiver, &f->sender);
}

/* The system says that the sender is writable all the time; that must not keep the processor
 * busy. */
/* Traps: UNX-8. */
START_TEST(unix_datagram_without_room_times_out)
{
    static const double timeout = 0.5;
    full f;
    double start;
    clock_t used;

    full_open(&f);
    ck_assert_ok(ps_settimeout(&f.sender, timeout));
    start = test_clock();
    used = clock();
    ck_assert_code(ps_sendto(&f.sender, "y", 1, 0, &f.address), PS_TIMED_OUT);
    used = clock() - used;
    ck_assert_double_ge(test_clock() - start, timeout);
    ck_assert_double_lt((double)used / CLOCKS_PER_SEC, timeout / 2);
    /* To its own peer as well. */
    ck_assert_ok(ps_connect(&f.sender, &f.address));
    ck_assert_code(ps_send(&f.sender, "y", 1, 0), PS_TIMED_OUT);
    full_close(&f);
}
END_TEST

static void receive_later(void *argument)
{
    char byte;

    test_sleep(0.2);
    ck_assert_int_eq(ps_recv(&((full *)argument)->receiver, &byte, 1, 0), 1);
}

/* Traps: UNX-8. */
START_TEST(unix_datagram_waits_for_room)
{
    static const double timeouts[] = {PATIENCE, PS_NO_TIMEOUT};

    for (int i = 0; i < 2; i++) {
        full f;
        test_thread *thread;

        full_open(&f);
        ck_assert_ok(ps_settimeout(&f.sender, timeouts[i]));
        thread = test_thread_start(receive_later, &f);
        ck_assert_int_eq(ps_sendto(&f.sender, "y", 1, 0, &f.address), 1);
        test_thread_join(thread);
        full_close(&f);
    }
}
END_TEST

void add_unix_files_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, unix_file_outlives_the_socket);
    ADD_TEST_CASE(suite, unix_file_that_is_no_socket);
    ADD_TEST_CASE(suite, unix_file_has_permissions);
    ADD_TEST_CASE(suite, unix_socket_has_no_options_of_tcp);
    ADD_TEST_CASE(suite, unix_datagram_without_room_times_out);
    ADD_TEST_CASE(suite, unix_datagram_waits_for_room);
}
