/* AF_UNIX sockets beyond what Windows has: datagrams, packets, abstract names, names that the
 * system chooses, a full backlog. */
#include "folder.h"
#include "full_listener.h"
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <sys/un.h>
#include <unistd.h>

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 10.0
/* Long enough to see that nothing happens. */
#define MOMENT 0.2

enum { ROOM = sizeof(((struct sockaddr_un *)0)->sun_path) };

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_addr unix_address(const void *path, size_t len)
{
    ps_addr a;

    ck_assert_ok(ps_addr_unix(&a, path, len));
    return a;
}

static ps_sock unix_socket(int type)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_UNIX, type, 0));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    return s;
}

static ps_sock unix_bound(int type, const ps_addr *address)
{
    ps_sock s = unix_socket(type);
    ps_addr name;

    ck_assert_ok(ps_bind(&s, address));
    ck_assert_ok(ps_getsockname(&s, &name));
    ck_assert(ps_addr_equal(&name, address));
    return s;
}

static void send_text(ps_sock *s, const char *text, const ps_addr *to)
{
    ptrdiff_t count =
        to ? ps_sendto(s, text, strlen(text), 0, to) : ps_send(s, text, strlen(text), 0);

    ck_assert_int_eq(count, (ptrdiff_t)strlen(text));
}

static void receive_text(ps_sock *s, const char *text, ps_addr *from)
{
    char room[64];

    ck_assert_int_eq(ps_recvfrom(s, room, sizeof room, 0, from), (ptrdiff_t)strlen(text));
    ck_assert_mem_eq(room, text, strlen(text));
}

/* An abstract name of this process, with NULs at both ends of the number. */
static ps_addr abstract_address(int number)
{
    char name[40];
    int length;

    memset(name, 0, sizeof name);
    length = snprintf(name + 1, sizeof name - 1, "portsock-%ld", (long)getpid());
    ck_assert_int_gt(length, 0);
    name[length + 2] = (char)('0' + number);
    return unix_address(name, (size_t)length + 4);
}

/* ---- kinds ----------------------------------------------------------------------------------- */

static void exchange_connections(int type, const ps_addr *address)
{
    ps_sock listener = unix_bound(type, address), client = unix_socket(type), server;
    ps_addr peer;
    char room[64];

    ck_assert_ok(ps_listen(&listener, 1));
    ck_assert_ok(ps_connect(&client, address));
    ck_assert_ok(ps_accept(&listener, &server, &peer));
    ck_assert_int_eq(server.type, type);
    ck_assert_ok(ps_settimeout(&server, PATIENCE));
    ck_assert_ok(ps_getpeername(&client, &peer));
    ck_assert(ps_addr_equal(&peer, address));
    send_text(&client, "one", NULL);
    send_text(&client, "two", NULL);
    if (type == SOCK_SEQPACKET) {
        /* Packets keep their bounds. */
        ck_assert_int_eq(ps_recv(&server, room, 2, 0), 2);
        ck_assert_mem_eq(room, "on", 2);
        receive_text(&server, "two", NULL);
    } else {
        ck_assert_int_eq(ps_recv(&server, room, 6, MSG_WAITALL), 6);
        ck_assert_mem_eq(room, "onetwo", 6);
    }
    ck_assert_ok(ps_close(&client));
    ck_assert_int_eq(ps_recv(&server, room, sizeof room, 0), 0);
    test_close(&server, &listener);
}

static void exchange_datagrams(const ps_addr *one_address, const ps_addr *other_address)
{
    ps_sock one = unix_bound(SOCK_DGRAM, one_address),
            other = unix_bound(SOCK_DGRAM, other_address);
    ps_addr from;

    send_text(&one, "hello", other_address);
    receive_text(&other, "hello", &from);
    ck_assert(ps_addr_equal(&from, one_address));
    ck_assert_int_eq(from.len, one_address->len);
    ck_assert_ok(ps_connect(&other, &from));
    send_text(&other, "there", NULL);
    receive_text(&one, "there", &from);
    ck_assert(ps_addr_equal(&from, other_address));
    ck_assert_int_eq(ps_send(&other, "", 0, 0), 0);
    receive_text(&one, "", &from);
    ck_assert(ps_addr_equal(&from, other_address));
    ck_assert_ok(ps_close(&one));
    ck_assert_code(ps_send(&other, "x", 1, 0), PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&other));
}

/* Rows: R033. */
START_TEST(unix_sockets_over_paths)
{
    folder f = folder_enter();
    ps_addr one = unix_address("one", 3), other = unix_address("\xff\xfe@\n", 4);

    exchange_connections(SOCK_STREAM, &one);
    ck_assert_int_eq(unlink("one"), 0);
    exchange_connections(SOCK_SEQPACKET, &one);
    ck_assert_int_eq(unlink("one"), 0);
    exchange_datagrams(&one, &other);
    ck_assert_int_eq(unlink("one"), 0);
    ck_assert_int_eq(unlink("\xff\xfe@\n"), 0);
    folder_leave(&f);
}
END_TEST

/* Rows: R033. Traps: CON-17 UNX-3. */
START_TEST(unix_sockets_over_the_longest_path)
{
    folder f = folder_enter();
    char path[ROOM] = "";
    ps_addr address;

    memset(path, 'p', ROOM - 1);
    address = unix_address(path, ROOM - 1);
    exchange_connections(SOCK_STREAM, &address);
    ck_assert_int_eq(unlink(path), 0);
    folder_leave(&f);
}
END_TEST

/* Rows: R034. Traps: UNX-6. Shows: UNX-6. */
START_TEST(unix_sockets_over_abstract_names)
{
    ps_addr one = abstract_address(1), other = abstract_address(2);
    ps_sock listener;

    exchange_connections(SOCK_STREAM, &one);
    exchange_connections(SOCK_SEQPACKET, &one);
    exchange_datagrams(&one, &other);
    /* Names that differ behind a NUL are two names, and so are names of different length. */
    listener = unix_bound(SOCK_STREAM, &one);
    ck_assert_ok(ps_listen(&listener, 1));
    {
        ps_sock client = unix_socket(SOCK_STREAM);
        ps_addr shorter = one;

        shorter.len--;
        ck_assert_code(ps_connect(&client, &other), PS_ECONNREFUSED);
        ck_assert_code(ps_connect(&client, &shorter), PS_ECONNREFUSED);
        ck_assert_ok(ps_connect(&client, &one));
        ck_assert_ok(ps_close(&client));
    }
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* Rows: R034 R183. Traps: UNX-6. */
START_TEST(unix_longest_abstract_name_works)
{
    char name[ROOM];
    ps_addr address;

    memset(name, '-', sizeof name);
    name[0] = '\0';
    ck_assert_int_gt(snprintf(name + 1, 30, "portsock-%ld", (long)getpid()), 0);
    address = unix_address(name, sizeof name);
    ck_assert_int_eq(address.len, 110);
    exchange_connections(SOCK_STREAM, &address);
}
END_TEST

/* Rows: R035. Traps: UNX-6. */
START_TEST(unix_empty_address_lets_the_system_choose)
{
    ps_addr unnamed = unix_address("", 0), names[2];
    ps_sock s[2], client;

    for (int i = 0; i < 2; i++) {
        const void *path;
        size_t len;

        s[i] = unix_socket(SOCK_STREAM);
        ck_assert_ok(ps_bind(&s[i], &unnamed));
        ck_assert_ok(ps_getsockname(&s[i], &names[i]));
        ck_assert_ok(ps_addr_get_unix(&names[i], &path, &len));
        ck_assert_uint_eq(len, 6);
        ck_assert_int_eq(((const char *)path)[0], 0);
        for (size_t digit = 1; digit < len; digit++)
            ck_assert_ptr_nonnull(memchr("0123456789abcdef", ((const char *)path)[digit], 16));
    }
    ck_assert(!ps_addr_equal(&names[0], &names[1]));
    ck_assert_ok(ps_listen(&s[0], 1));
    client = unix_socket(SOCK_STREAM);
    ck_assert_ok(ps_connect(&client, &names[0]));
    test_close(&client, &s[0], &s[1]);
}
END_TEST

/* The kernel's name of a path of 108 bytes is 111 bytes long: family, path, and a NUL that is
 * not in sun_path. */
/* Traps: UNX-4. Shows: UNX-4. */
START_TEST(unix_path_of_the_whole_room)
{
    folder f = folder_enter();
    char path[ROOM + 1] = "", text[PS_ADDR_TEXT_MAX];
    struct sockaddr_un native = {.sun_family = AF_UNIX};
    ps_sock listener = unix_socket(SOCK_STREAM), client = unix_socket(SOCK_STREAM),
            second = unix_socket(SOCK_STREAM);
    const void *told;
    ps_addr name, again;
    size_t len;

    memset(path, 'p', ROOM);
    memcpy(native.sun_path, path, ROOM);
    ck_assert_int_eq(bind(ps_fileno(&listener), (struct sockaddr *)&native, sizeof native), 0);
    ck_assert_ok(ps_listen(&listener, 2));
    ck_assert_ok(ps_getsockname(&listener, &name));
    ck_assert_ok(ps_addr_get_unix(&name, &told, &len));
    ck_assert_uint_eq(len, ROOM);
    ck_assert_mem_eq(told, path, ROOM);
    ck_assert_ok(ps_addr_format(&name, text, sizeof text));
    ck_assert_uint_eq(strlen(text), strlen("unix:") + ROOM);
    ck_assert_ok(ps_addr_parse(&again, AF_UNIX, text));
    ck_assert(ps_addr_equal(&name, &again));
    ck_assert_uint_eq((size_t)again.len, (size_t)name.len);
    /* What the system told can be given back to it, and so can what its text says. */
    ck_assert_ok(ps_connect(&client, &name));
    ck_assert_ok(ps_connect(&second, &again));
    test_close(&client, &second, &listener);
    ck_assert_int_eq(unlink(path), 0);
    folder_leave(&f);
}
END_TEST

static void receive_message(ps_sock *s, ps_addr *from)
{
    char room[8];
    ps_buffer piece = {room, sizeof room};

    ck_assert_int_eq(ps_recvmsg(s, &piece, 1, NULL, 0, NULL, 0, NULL, from), 1);
}

/* Whoever receives from such a path can answer, however it has received. */
START_TEST(unix_sender_with_a_path_of_the_whole_room)
{
    folder f = folder_enter();
    char path[ROOM + 1] = "";
    struct sockaddr_un native = {.sun_family = AF_UNIX};
    ps_sock sender = unix_socket(SOCK_DGRAM), receiver;
    ps_addr name = unix_address("receiver", 8), from[2];

    memset(path, 'p', ROOM);
    memcpy(native.sun_path, path, ROOM);
    ck_assert_int_eq(bind(ps_fileno(&sender), (struct sockaddr *)&native, sizeof native), 0);
    receiver = unix_bound(SOCK_DGRAM, &name);
    send_text(&sender, "1", &name);
    receive_text(&receiver, "1", &from[0]);
    send_text(&sender, "2", &name);
    receive_message(&receiver, &from[1]);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq((size_t)from[i].len, sizeof native);
        send_text(&receiver, "3", &from[i]);
        receive_text(&sender, "3", NULL);
    }
    test_close(&sender, &receiver);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(unlink("receiver"), 0);
    folder_leave(&f);
}
END_TEST

/* ---- peers without a name -------------------------------------------------------------------- */

/* Rows: R036 R117. Traps: UNX-5. Shows: UNX-5. */
START_TEST(unix_pair_has_no_names)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        ps_sock pair[2];
        ps_addr a;
        const void *path;
        size_t len;

        ck_assert_ok(ps_socketpair(pair, AF_UNIX, types[i], 0));
        ck_assert_ok(ps_getsockname(&pair[0], &a));
        ck_assert_ok(ps_addr_get_unix(&a, &path, &len));
        ck_assert_uint_eq(len, 0);
        ck_assert_ok(ps_getpeername(&pair[0], &a));
        ck_assert_ok(ps_addr_get_unix(&a, &path, &len));
        ck_assert_uint_eq(len, 0);
        send_text(&pair[0], "x", NULL);
        receive_text(&pair[1], "x", &a);
        ck_assert_int_eq(a.len, 0);
        test_close(&pair[0], &pair[1]);
    }
}
END_TEST

/* Rows: R036. Traps: ADR-17 UNX-5. */
START_TEST(unix_sender_without_a_name)
{
    folder f = folder_enter();
    ps_addr address = unix_address("d", 1), from = address;
    ps_sock receiver = unix_bound(SOCK_DGRAM, &address), sender = unix_socket(SOCK_DGRAM);

    send_text(&sender, "who", &address);
    receive_text(&receiver, "who", &from);
    ck_assert_int_eq(from.len, 0);
    ck_assert_code(ps_sendto(&receiver, "you", 3, 0, &from), PS_EDESTADDRREQ);
    test_close(&sender, &receiver);
    ck_assert_int_eq(unlink("d"), 0);
    folder_leave(&f);
}
END_TEST

/* Rows: R036. Traps: UNX-5. */
START_TEST(unix_accepted_peer_without_a_name)
{
    folder f = folder_enter();
    ps_addr address = unix_address("s", 1), peer;
    ps_sock listener = unix_bound(SOCK_STREAM, &address), client = unix_socket(SOCK_STREAM), server;
    const void *path;
    size_t len;

    ck_assert_ok(ps_listen(&listener, 1));
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_ok(ps_accept(&listener, &server, &peer));
    ck_assert_ok(ps_addr_get_unix(&peer, &path, &len));
    ck_assert_uint_eq(len, 0);
    test_close(&server, &client, &listener);
    ck_assert_int_eq(unlink("s"), 0);
    folder_leave(&f);
}
END_TEST

/* ---- a full backlog -------------------------------------------------------------------------- */

/* In a folder of its own. */
typedef struct crowd {
    folder f;
    full_listener listener;
} crowd;

static void crowd_open(crowd *c)
{
    ps_addr address = unix_address("full", 4);

    c->f = folder_enter();
    ck_assert(full_listener_open_at(&c->listener, &address));
}

static void crowd_close(crowd *c)
{
    full_listener_close(&c->listener);
    ck_assert_int_eq(unlink("full"), 0);
    folder_leave(&c->f);
}

static void assert_not_connected(ps_sock *s)
{
    ps_addr peer;

    ck_assert_code(ps_getpeername(s, &peer), PS_ENOTCONN);
    ck_assert_code(ps_send(s, "x", 1, 0), PS_ENOTCONN);
}

/* Traps: CON-8. */
START_TEST(unix_full_backlog_times_out)
{
    crowd c;
    ps_sock late = unix_socket(SOCK_STREAM);
    double start;

    crowd_open(&c);
    ck_assert_ok(ps_settimeout(&late, MOMENT));
    start = test_clock();
    ck_assert_code(ps_connect(&late, &c.listener.address), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - start, MOMENT);
    assert_not_connected(&late);
    ck_assert_int_eq(ps_connect_ex(&late, &c.listener.address), EWOULDBLOCK);
    assert_not_connected(&late);
    /* And it is not spoilt. */
    full_listener_accept(&c.listener);
    ck_assert_ok(ps_settimeout(&late, PATIENCE));
    ck_assert_ok(ps_connect(&late, &c.listener.address));
    send_text(&late, "x", NULL);
    ck_assert_ok(ps_close(&late));
    crowd_close(&c);
}
END_TEST

/* Traps: CON-8 UNX-8. Shows: CON-8 UNX-8. */
START_TEST(unix_full_backlog_would_block)
{
    crowd c;
    ps_sock late = unix_socket(SOCK_STREAM);

    crowd_open(&c);
    ck_assert_ok(ps_settimeout(&late, 0));
    for (int i = 0; i < 3; i++) {
        ck_assert_code(ps_connect(&late, &c.listener.address), PS_EWOULDBLOCK);
        assert_not_connected(&late);
    }
    ck_assert_int_eq(ps_connect_ex(&late, &c.listener.address), EWOULDBLOCK);
    full_listener_accept(&c.listener);
    ck_assert_ok(ps_connect(&late, &c.listener.address));
    ck_assert_code(ps_connect(&late, &c.listener.address), PS_EISCONN);
    ck_assert_ok(ps_close(&late));
    crowd_close(&c);
}
END_TEST

static void accept_later(void *argument)
{
    test_sleep(MOMENT);
    full_listener_accept(argument);
}

static void connect_when_there_is_room(double timeout)
{
    crowd c;
    ps_sock late = unix_socket(SOCK_STREAM);
    test_thread *thread;
    double start;

    crowd_open(&c);
    ck_assert_ok(ps_settimeout(&late, timeout));
    start = test_clock();
    thread = test_thread_start(accept_later, &c.listener);
    ck_assert_ok(ps_connect(&late, &c.listener.address));
    ck_assert_double_ge(test_clock() - start, MOMENT);
    test_thread_join(thread);
    send_text(&late, "x", NULL);
    ck_assert_ok(ps_close(&late));
    crowd_close(&c);
}

/* Traps: CON-8. */
START_TEST(unix_full_backlog_connects_within_the_timeout)
{
    connect_when_there_is_room(PATIENCE);
}
END_TEST

/* Traps: UNX-8. */
START_TEST(unix_full_backlog_connects_in_blocking_mode)
{
    connect_when_there_is_room(PS_NO_TIMEOUT);
}
END_TEST

START_TEST(unix_full_backlog_and_the_listener_goes)
{
    crowd c;
    ps_sock late = unix_socket(SOCK_STREAM);

    crowd_open(&c);
    ck_assert_ok(ps_settimeout(&late, 0));
    ck_assert_code(ps_connect(&late, &c.listener.address), PS_EWOULDBLOCK);
    ck_assert_ok(ps_close(&c.listener.socket));
    ck_assert_ok(ps_settimeout(&late, PATIENCE));
    ck_assert_code(ps_connect(&late, &c.listener.address), PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&late));
    crowd_close(&c);
}
END_TEST

START_TEST(unix_pair_of_records_closes_gracefully)
{
    ps_sock pair[2];
    double begin;

    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_SEQPACKET, 0));
    begin = test_clock();
    ck_assert_code(ps_close_gracefully(&pair[0], 0.1), PS_TIMED_OUT);
    ck_assert_double_ge(test_clock() - begin, 0.1);
    ck_assert_ok(ps_close(&pair[1]));

    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_SEQPACKET, 0));
    send_text(&pair[1], "x", NULL);
    ck_assert_ok(ps_close(&pair[1]));
    ck_assert_ok(ps_close_gracefully(&pair[0], PATIENCE));

    /* The peer has left something unread, which resets the connection. */
    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_SEQPACKET, 0));
    send_text(&pair[0], "x", NULL);
    ck_assert_ok(ps_close(&pair[1]));
    ck_assert_code(ps_recv(&pair[0], (char[1]){0}, 1, 0), PS_ECONNRESET);
    ck_assert_code(ps_close_gracefully(&pair[0], PATIENCE), PS_ECONNRESET);
}
END_TEST

void add_unix_sockets_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, unix_sockets_over_paths);
    ADD_TEST_CASE(suite, unix_sockets_over_the_longest_path);
    ADD_TEST_CASE(suite, unix_sockets_over_abstract_names);
    ADD_TEST_CASE(suite, unix_longest_abstract_name_works);
    ADD_TEST_CASE(suite, unix_empty_address_lets_the_system_choose);
    ADD_TEST_CASE(suite, unix_path_of_the_whole_room);
    ADD_TEST_CASE(suite, unix_sender_with_a_path_of_the_whole_room);
    ADD_TEST_CASE(suite, unix_pair_has_no_names);
    ADD_TEST_CASE(suite, unix_sender_without_a_name);
    ADD_TEST_CASE(suite, unix_accepted_peer_without_a_name);
    ADD_TEST_CASE(suite, unix_full_backlog_times_out);
    ADD_TEST_CASE(suite, unix_full_backlog_would_block);
    ADD_TEST_CASE(suite, unix_full_backlog_connects_within_the_timeout);
    ADD_TEST_CASE(suite, unix_full_backlog_connects_in_blocking_mode);
    ADD_TEST_CASE(suite, unix_full_backlog_and_the_listener_goes);
    ADD_TEST_CASE(suite, unix_pair_of_records_closes_gracefully);
}
