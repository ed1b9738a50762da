/* AF_UNIX: its addresses and their text on every system, and streams over a path where the
 * system has the family. */
#include "address_text.h"
#include "test.h"

#include <stdio.h>
#include <unistd.h>

#ifndef _WIN32
#include <sys/un.h>
#endif

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 10.0

enum {
    OFFSET = offsetof(struct sockaddr_un, sun_path),
    ROOM = sizeof(((struct sockaddr_un *)0)->sun_path)
};

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_addr unix_address(const void *path, size_t len)
{
    ps_addr a;

    ck_assert_ok(ps_addr_unix(&a, path, len));
    ck_assert_int_eq(ps_addr_family(&a), AF_UNIX);
    return a;
}

static void assert_path(const ps_addr *a, const void *expected, size_t expected_len)
{
    const void *path = NULL;
    size_t len = 12345;

    ck_assert_ok(ps_addr_get_unix(a, &path, &len));
    ck_assert_uint_eq(len, expected_len);
    ck_assert_ptr_nonnull(path);
    if (len > 0)
        ck_assert_mem_eq(path, expected, len);
}

static unsigned random_state = 20240229;

static unsigned random_below(unsigned limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % limit;
}

/* Windows knows the family from version 10 on; before, and in Wine, it says so in the words of
 * every system. */
static bool has_unix(void)
{
    ps_sock s;
    int code = ps_socket(&s, AF_UNIX, SOCK_STREAM, 0);

    if (test_on_windows() && code == PS_EAFNOSUPPORT) {
        ck_assert(ps_fileno(&s) == PS_INVALID_HANDLE);
        return false;
    }
    ck_assert_ok(code);
    ck_assert_int_eq(s.family, AF_UNIX);
    ck_assert_ok(ps_close(&s));
    return true;
}

static ps_sock unix_stream(void)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_UNIX, SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    return s;
}

/* In the directory of the test, where other programs with these tests may run. */
static const char *own_path(const char *name)
{
    enum { PATHS = 8, SIZE = 64 };
    static char paths[PATHS][SIZE];
    static int next;
    char *path = paths[next++ % PATHS];

    (void)snprintf(path, SIZE, "portsock-%s-%ld.sock", name, (long)getpid());
    return path;
}

/* A listener at a path in the folder of the test, which is not there yet. */
static ps_sock unix_listener(const char *path, ps_addr *address)
{
    ps_sock s = unix_stream();

    (void)remove(path);
    *address = unix_address(path, strlen(path));
    ck_assert_ok(ps_bind(&s, address));
    ck_assert_ok(ps_listen(&s, 4));
    return s;
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* Rows: R033. Traps: UNX-3. */
START_TEST(unix_path_may_be_as_long_as_the_system_takes)
{
    char path[ROOM + 2];
    ps_addr a;

    memset(path, 'p', sizeof path);
    a = unix_address(path, ROOM - 1);
    assert_path(&a, path, ROOM - 1);
    ck_assert_int_eq(a.len, OFFSET + ROOM);
    assert_no_address(ps_addr_unix(&a, path, ROOM), PS_PATH_TOO_LONG, &a);
    assert_no_address(ps_addr_unix(&a, path, ROOM + 1), PS_PATH_TOO_LONG, &a);
    assert_no_address(ps_addr_unix(&a, path, (size_t)-1), PS_PATH_TOO_LONG, &a);
#ifdef __linux__
    ck_assert_int_eq(ROOM, 108);
#endif
}
END_TEST

/* Rows: R034. */
START_TEST(unix_abstract_name_needs_no_nul)
{
    char name[ROOM + 1];
    ps_addr a;

    memset(name, 'n', sizeof name);
    name[0] = '\0';
    a = unix_address(name, ROOM);
    assert_path(&a, name, ROOM);
    ck_assert_int_eq(a.len, OFFSET + ROOM);
    assert_no_address(ps_addr_unix(&a, name, ROOM + 1), PS_PATH_TOO_LONG, &a);
    a = unix_address(name, 1);
    assert_path(&a, name, 1);
    ck_assert_int_eq(a.len, OFFSET + 1);
}
END_TEST

/* Rows: R033. */
START_TEST(unix_path_without_nul_inside)
{
    ps_addr a;

    assert_no_address(ps_addr_unix(&a, "a\0b", 3), PS_BAD_ADDRESS, &a);
    assert_no_address(ps_addr_unix(&a, "a\0", 2), PS_BAD_ADDRESS, &a);
    a = unix_address("\0a\0b\0", 5);
    assert_path(&a, "\0a\0b\0", 5);
    a = unix_address("abc", 2);
    assert_path(&a, "ab", 2);
}
END_TEST

START_TEST(unix_path_may_be_empty)
{
    ps_addr a = unix_address("", 0);

    assert_path(&a, "", 0);
    ck_assert_int_eq(a.len, OFFSET);
    a = unix_address(NULL, 0);
    assert_path(&a, "", 0);
    assert_address_text(&a, "unix:");
}
END_TEST

START_TEST(unix_address_of_missing_pointers)
{
    ps_addr a = unix_address("x", 1);
    const void *path = "";
    size_t len = 7;

    ck_assert_code(ps_addr_unix(NULL, "x", 1), PS_EFAULT);
    assert_no_address(ps_addr_unix(&a, NULL, 1), PS_BAD_ADDRESS, &a);
    a = unix_address("x", 1);
    ck_assert_code(ps_addr_get_unix(&a, NULL, &len), PS_EFAULT);
    ck_assert_uint_eq(len, 0);
    ck_assert_code(ps_addr_get_unix(&a, &path, NULL), PS_EFAULT);
    ck_assert_ptr_null(path);
    ck_assert_code(ps_addr_get_unix(NULL, &path, &len), PS_EFAULT);
}
END_TEST

START_TEST(unix_parts_of_another_family)
{
    const void *path = "";
    size_t len = 7;
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 80));
    ck_assert_code(ps_addr_get_unix(&a, &path, &len), PS_BAD_FAMILY);
    ck_assert_ptr_null(path);
    ck_assert_uint_eq(len, 0);
    a.len = 0;
    ck_assert_code(ps_addr_get_unix(&a, &path, &len), PS_BAD_FAMILY);
    a = unix_address("/x", 2);
    ck_assert_code(ps_addr_port(&a), PS_BAD_FAMILY);
}
END_TEST

START_TEST(unix_addresses_are_equal_when_their_names_are)
{
    ps_addr path = unix_address("/a", 2), abstract = unix_address("\0a", 2),
            other = unix_address("/b", 2);
    ps_addr longer = unix_address("/ab", 3), padded = path, unnamed = unix_address("", 0),
            longer_abstract, inet;

    ck_assert(ps_addr_equal(&path, &path));
    ck_assert(!ps_addr_equal(&path, &other));
    ck_assert(!ps_addr_equal(&path, &longer));
    ck_assert(!ps_addr_equal(&path, &abstract));
    ck_assert(!ps_addr_equal(&unnamed, &path));
    ck_assert(ps_addr_equal(&unnamed, &unnamed));
    /* What stands behind a path's NUL does not count, and the NUL itself need not be counted. */
    padded.len = (socklen_t)(OFFSET + ROOM);
    ck_assert(ps_addr_equal(&path, &padded));
    padded.len = (socklen_t)(OFFSET + 2);
    ck_assert(ps_addr_equal(&path, &padded));
    /* In an abstract name every byte counts. */
    longer_abstract = abstract;
    longer_abstract.len++;
    ck_assert(!ps_addr_equal(&abstract, &longer_abstract));
    ck_assert_ok(ps_addr_inet(&inet, "127.0.0.1", 80));
    ck_assert(!ps_addr_equal(&path, &inet));
}
END_TEST

START_TEST(unix_address_from_the_system)
{
    union {
        struct sockaddr sa;
        unsigned char bytes[sizeof(struct sockaddr_storage) + 1];
    } native;
    ps_addr a;

    memset(&native, 0, sizeof native);
    native.sa.sa_family = AF_UNIX;
    ck_assert_ok(ps_addr_from_native(&a, &native.sa, OFFSET));
    assert_path(&a, "", 0);
    memset(native.bytes + OFFSET, 'p', ROOM);
    ck_assert_ok(ps_addr_from_native(&a, &native.sa, OFFSET + 3));
    assert_path(&a, "ppp", 3);
    /* A path of the whole length has no NUL; Linux counts one all the same. */
    ck_assert_ok(ps_addr_from_native(&a, &native.sa, OFFSET + ROOM));
    assert_path(&a, native.bytes + OFFSET, ROOM);
    ck_assert_ok(ps_addr_from_native(&a, &native.sa, OFFSET + ROOM + 1));
    assert_path(&a, native.bytes + OFFSET, ROOM);
    assert_no_address(ps_addr_from_native(&a, &native.sa, OFFSET + ROOM + 2), PS_BAD_LENGTH, &a);
    assert_no_address(ps_addr_from_native(&a, &native.sa, OFFSET - 1), PS_BAD_LENGTH, &a);
}
END_TEST

/* Windows has no abstract names: what it returns so is a socket without a name. */
/* Traps: UNX-5. */
START_TEST(unix_address_of_nuls_from_the_system)
{
    struct sockaddr_un native;
    unsigned char nuls[ROOM] = {0};
    ps_addr a, none = unix_address("", 0);

    memset(&native, 0, sizeof native);
    native.sun_family = AF_UNIX;
    for (size_t len = 1; len <= ROOM; len += ROOM - 1) {
        ck_assert_ok(ps_addr_from_native(&a, (struct sockaddr *)&native, OFFSET + len));
        assert_path(&a, nuls, test_on_windows() ? 0 : len);
        ck_assert_int_eq(ps_addr_equal(&a, &none), test_on_windows());
    }
}
END_TEST

/* ---- text ------------------------------------------------------------------------------------ */

START_TEST(unix_text_of_plain_and_odd_paths)
{
    static const struct {
        const char *path;
        size_t len;
        const char *text;
    } forms[] = {
        {"/run/x", 6, "unix:/run/x"},
        {"x", 1, "unix:x"},
        {" ", 1, "unix: "},
        {"a:b", 3, "unix:a:b"},
        {"@x", 2, "unix:\\x40x"},
        {"x@", 2, "unix:x@"},
        {"\0x", 2, "unix:@x"},
        {"\0", 1, "unix:@"},
        {"\0@", 2, "unix:@@"},
        {"\0a\0b", 4, "unix:@a\\x00b"},
        {"\0a\0", 3, "unix:@a\\x00"},
        {"\\", 1, "unix:\\x5c"},
        {"\\x41", 4, "unix:\\x5cx41"},
        {"\n\t\x7f\x1f", 4, "unix:\\x0a\\x09\\x7f\\x1f"},
        {"/\xc3\xa9", 3, "unix:/\xc3\xa9"},
        {"/\xc2\x9b", 3, "unix:/\\xc2\\x9b"},
        {"/\xc3", 2, "unix:/\\xc3"},
        {"/\xff\xc3\xa9", 4, "unix:/\\xff\\xc3\\xa9"},
        {"\0\xc3\xa9\0", 4, "unix:@\\xc3\\xa9\\x00"},
        {"\xc2\x80\xc2\x9f\xc2\xa0", 6, "unix:\\xc2\\x80\\xc2\\x9f\xc2\xa0"},
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        ps_addr a = unix_address(forms[i].path, forms[i].len);
        assert_address_text(&a, forms[i].text);
        assert_path(&a, forms[i].path, forms[i].len);
    }
}
END_TEST

/* Rows: R033. */
START_TEST(unix_text_of_any_bytes_comes_back)
{
    static const unsigned char tricky[] = {'@', '\\', 'x',  '0',  'a', 'f',
                                           '/', 0x80, 0xc3, 0xa9, '\n'};

    for (int round = 0; round < 2000; round++) {
        unsigned char path[ROOM];
        bool abstract = random_below(2) == 0;
        unsigned kind = random_below(3);
        size_t len = random_below(abstract ? ROOM : ROOM - 1) + 1;
        char text[PS_ADDR_TEXT_MAX];
        ps_addr a, again;

        for (size_t i = 0; i < len; i++) {
            path[i] =
                kind == 0 ? (unsigned char)random_below(256) : tricky[random_below(sizeof tricky)];
            if (kind == 2)
                path[i] = random_below(4) == 0 ? 0 : path[i];
            if (!abstract && path[i] == 0)
                path[i] = 1;
        }
        if (abstract)
            path[0] = 0;
        a = unix_address(path, len);
        assert_path(&a, path, len);
        ck_assert_ok(ps_addr_format(&a, text, sizeof text));
        ck_assert_ptr_null(strpbrk(text, "\n\x01\x1f\x7f"));
        ck_assert_ok(ps_addr_parse(&again, AF_UNSPEC, text));
        assert_path(&again, path, len);
        ck_assert(ps_addr_equal(&a, &again));
        ck_assert_int_eq(a.len, again.len);
    }
}
END_TEST

START_TEST(unix_longest_text_has_room)
{
    unsigned char name[ROOM];
    char text[PS_ADDR_TEXT_MAX];
    ps_addr a;

    memset(name, 0, sizeof name);
    a = unix_address(name, sizeof name);
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert_uint_eq(strlen(text), strlen("unix:@") + 4 * (ROOM - 1));
    ck_assert_code(ps_addr_format(&a, text, strlen("unix:@") + 4 * (ROOM - 1)), PS_BAD_LENGTH);
    ck_assert_str_eq(text, "");
    ck_assert_ok(ps_addr_format(&a, text, strlen("unix:@") + 4 * (ROOM - 1) + 1));
}
END_TEST

START_TEST(unix_text_that_is_none)
{
    static const struct {
        const char *text;
        int code;
    } forms[] = {
        {"unix:\\", PS_BAD_ADDRESS},     {"unix:\\x", PS_BAD_ADDRESS},
        {"unix:\\x4", PS_BAD_ADDRESS},   {"unix:\\x4g", PS_BAD_ADDRESS},
        {"unix:\\n", PS_BAD_ADDRESS},    {"unix:\\\\", PS_BAD_ADDRESS},
        {"unix:\\X41", PS_BAD_ADDRESS},  {"unix:a\\x00b", PS_BAD_ADDRESS},
        {"unix:a\\x00", PS_BAD_ADDRESS}, {"unix:@\\x4", PS_BAD_ADDRESS},
        {"unix", PS_BAD_ADDRESS},        {"UNIX:/x", PS_BAD_ADDRESS},
        {" unix:/x", PS_BAD_ADDRESS},    {"/run/x", PS_BAD_ADDRESS},
    };
    ps_addr a;

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        assert_no_address(ps_addr_parse(&a, AF_UNIX, forms[i].text), forms[i].code, &a);
    assert_no_address(ps_addr_parse(&a, AF_INET, "unix:/x"), PS_BAD_ADDRESS, &a);
    /* Either case of hexadecimal digits is read. */
    ck_assert_ok(ps_addr_parse(&a, AF_UNIX, "unix:\\x4A\\x4a"));
    assert_path(&a, "JJ", 2);
}
END_TEST

/* A path of ROOM times 'p': an address where the system takes one without a NUL. */
static void check_parse_without_nul(const char *text)
{
    char path[ROOM];
    ps_addr a;

    if (test_on_windows()) {
        assert_no_address(ps_addr_parse(&a, AF_UNIX, text), PS_PATH_TOO_LONG, &a);
        return;
    }
    ck_assert_ok(ps_addr_parse(&a, AF_UNIX, text));
    ck_assert_uint_eq((size_t)a.len, sizeof(struct sockaddr_un));
    memset(path, 'p', ROOM);
    assert_path(&a, path, ROOM);
    assert_no_address(ps_addr_unix(&a, path, ROOM), PS_PATH_TOO_LONG, &a);
}

START_TEST(unix_text_of_a_path_that_is_too_long)
{
    char text[sizeof "unix:" + 4 * (ROOM + 2)] = "unix:";
    char *path = text + strlen(text);
    ps_addr a;

    memset(path, 'p', ROOM - 1);
    ck_assert_ok(ps_addr_parse(&a, AF_UNIX, text));
    path[ROOM - 1] = 'p';
    check_parse_without_nul(text);
    path[ROOM] = 'p';
    path[ROOM + 1] = 'p';
    assert_no_address(ps_addr_parse(&a, AF_UNIX, text), PS_PATH_TOO_LONG, &a);
    assert_no_address(ps_addr_parse(&a, AF_UNSPEC, text), PS_PATH_TOO_LONG, &a);
    path[0] = '@';
    path[ROOM] = '\0';
    ck_assert_ok(ps_addr_parse(&a, AF_UNIX, text));
    path[ROOM] = 'p';
    assert_no_address(ps_addr_parse(&a, AF_UNIX, text), PS_PATH_TOO_LONG, &a);
    for (size_t i = 0; i < ROOM; i++)
        memcpy(path + 4 * i, "\\x70", 5);
    check_parse_without_nul(text);
    path[4 * (ROOM - 1)] = '\0';
    ck_assert_ok(ps_addr_parse(&a, AF_UNIX, text));
}
END_TEST

/* ---- streams --------------------------------------------------------------------------------- */

/* Traps: UNX-1. */
START_TEST(unix_stream_over_a_path)
{
    ps_sock listener, client, server;
    ps_addr address, name, peer;
    char room[8];

    if (!has_unix())
        return;
    listener = unix_listener(own_path("stream"), &address);
    ck_assert_ok(ps_getsockname(&listener, &name));
    ck_assert(ps_addr_equal(&name, &address));
    client = unix_stream();
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_code(ps_connect(&client, &address), PS_EISCONN);
    ck_assert_ok(ps_accept(&listener, &server, &peer));
    ck_assert_int_eq(server.family, AF_UNIX);
    ck_assert_ok(ps_settimeout(&server, PATIENCE));
    ck_assert_ok(ps_getpeername(&client, &peer));
    ck_assert(ps_addr_equal(&peer, &address));
    ck_assert_ok(ps_sendall(&client, "ping", 4, 0, NULL));
    ck_assert_int_eq(ps_recv(&server, room, sizeof room, 0), 4);
    ck_assert_mem_eq(room, "ping", 4);
    ck_assert_ok(ps_sendall(&server, "pong", 4, 0, NULL));
    ck_assert_ok(ps_close(&server));
    ck_assert_int_eq(ps_recv(&client, room, sizeof room, MSG_WAITALL), 4);
    ck_assert_mem_eq(room, "pong", 4);
    ck_assert_int_eq(ps_recv(&client, room, sizeof room, 0), 0);
    test_close(&client, &listener);
    ck_assert_int_eq(remove(own_path("stream")), 0);
}
END_TEST

/* Neither a socket that is not bound nor a peer that is not has a name. */
/* Traps: UNX-5. */
START_TEST(unix_socket_without_a_name)
{
    ps_addr other = unix_address(own_path("second"), strlen(own_path("second")));
    ps_addr address, name, peer, none = unix_address("", 0);
    ps_sock listener, client, server;

    if (!has_unix())
        return;
    client = unix_stream();
    ck_assert_ok(ps_getsockname(&client, &name));
    ck_assert(ps_addr_equal(&name, &none));
    ck_assert_code(ps_getpeername(&client, &peer), PS_ENOTCONN);
    listener = unix_listener(own_path("nameless"), &address);
    ck_assert_code(ps_bind(&listener, &other), PS_EINVAL);
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_ok(ps_getsockname(&client, &name));
    ck_assert(ps_addr_equal(&name, &none));
    ck_assert_ok(ps_accept(&listener, &server, &peer));
    ck_assert(ps_addr_equal(&peer, &none));
    assert_path(&peer, "", 0);
    ck_assert_ok(ps_getpeername(&server, &peer));
    ck_assert(ps_addr_equal(&peer, &none));
    ck_assert_ok(ps_getsockname(&server, &name));
    ck_assert(ps_addr_equal(&name, &address));
    test_close(&client, &server, &listener);
    ck_assert_int_eq(remove(own_path("nameless")), 0);
    (void)remove(own_path("second"));
}
END_TEST

/* Rows: R036. */
START_TEST(unix_recvfrom_on_a_stream_tells_no_address)
{
    ps_sock listener, client, server;
    ps_addr address, from;
    char room[8];

    if (!has_unix())
        return;
    listener = unix_listener(own_path("recvfrom"), &address);
    client = unix_stream();
    ck_assert_ok(ps_connect(&client, &address));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_ok(ps_settimeout(&server, PATIENCE));
    ck_assert_ok(ps_sendall(&client, "a", 1, 0, NULL));
    ck_assert_ok(ps_sendall(&server, "b", 1, 0, NULL));
    from = address;
    ck_assert_int_eq(ps_recvfrom(&server, room, sizeof room, 0, &from), 1);
    ck_assert_int_eq(from.len, 0);
    /* The listener's end has a name, and does not tell it either. */
    from = address;
    ck_assert_int_eq(ps_recvfrom(&client, room, sizeof room, 0, &from), 1);
    ck_assert_int_eq(from.len, 0);
    ck_assert_ok(ps_close(&client));
    from = address;
    ck_assert_int_eq(ps_recvfrom(&server, room, sizeof room, 0, &from), 0);
    ck_assert_int_eq(from.len, 0);
    test_close(&server, &listener);
    (void)remove(own_path("recvfrom"));
}
END_TEST

/* Traps: UNX-2 UNX-7. Shows: UNX-7. */
START_TEST(unix_path_stays_behind_and_refuses)
{
    ps_sock listener, client, second;
    ps_addr address;

    if (!has_unix())
        return;
    listener = unix_listener(own_path("stale"), &address);
    second = unix_stream();
    ck_assert_code(ps_bind(&second, &address), PS_EADDRINUSE);
    ck_assert_ok(ps_close(&listener));
    ck_assert_code(ps_bind(&second, &address), PS_EADDRINUSE);
    client = unix_stream();
    ck_assert_code(ps_connect(&client, &address), PS_ECONNREFUSED);
    /* Refused is not spoilt. */
    ck_assert_int_eq(remove(own_path("stale")), 0);
    ck_assert_ok(ps_bind(&second, &address));
    ck_assert_ok(ps_listen(&second, 1));
    ck_assert_ok(ps_connect(&client, &address));
    test_close(&client, &second);
    ck_assert_int_eq(remove(own_path("stale")), 0);
}
END_TEST

/* Traps: UNX-7. */
START_TEST(unix_path_that_is_not_there)
{
    ps_addr address = unix_address(own_path("missing"), strlen(own_path("missing")));
    ps_sock client;

    if (!has_unix())
        return;
    (void)remove(own_path("missing"));
    client = unix_stream();
    /* Winsock says that it was refused. */
    ck_assert_code(ps_connect(&client, &address), test_on_windows() ? PS_ECONNREFUSED : PS_ENOENT);
    ck_assert_ok(ps_close(&client));
}
END_TEST

/* Rows: R043. */
START_TEST(unix_address_and_a_socket_of_another_family)
{
    ps_addr address = unix_address(own_path("other"), strlen(own_path("other")));
    ps_addr inet;
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ck_assert_code(ps_bind(&s, &address), PS_EAFNOSUPPORT);
    ck_assert_code(ps_connect(&s, &address), PS_EAFNOSUPPORT);
    ck_assert_ok(ps_close(&s));
    if (!has_unix())
        return;
    s = unix_stream();
    ck_assert_ok(ps_addr_inet(&inet, "127.0.0.1", 9));
    ck_assert_code(ps_bind(&s, &inet), PS_EAFNOSUPPORT);
    ck_assert_code(ps_connect(&s, &inet), PS_EAFNOSUPPORT);
    ck_assert_ok(ps_close(&s));
}
END_TEST

void add_unix_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, unix_path_may_be_as_long_as_the_system_takes);
    ADD_TEST_CASE(suite, unix_abstract_name_needs_no_nul);
    ADD_TEST_CASE(suite, unix_path_without_nul_inside);
    ADD_TEST_CASE(suite, unix_path_may_be_empty);
    ADD_TEST_CASE(suite, unix_address_of_missing_pointers);
    ADD_TEST_CASE(suite, unix_parts_of_another_family);
    ADD_TEST_CASE(suite, unix_addresses_are_equal_when_their_names_are);
    ADD_TEST_CASE(suite, unix_address_from_the_system);
    ADD_TEST_CASE(suite, unix_address_of_nuls_from_the_system);
    ADD_TEST_CASE(suite, unix_text_of_plain_and_odd_paths);
    ADD_TEST_CASE(suite, unix_text_of_any_bytes_comes_back);
    ADD_TEST_CASE(suite, unix_longest_text_has_room);
    ADD_TEST_CASE(suite, unix_text_that_is_none);
    ADD_TEST_CASE(suite, unix_text_of_a_path_that_is_too_long);
    ADD_TEST_CASE(suite, unix_stream_over_a_path);
    ADD_TEST_CASE(suite, unix_socket_without_a_name);
    ADD_TEST_CASE(suite, unix_recvfrom_on_a_stream_tells_no_address);
    ADD_TEST_CASE(suite, unix_path_stays_behind_and_refuses);
    ADD_TEST_CASE(suite, unix_path_that_is_not_there);
    ADD_TEST_CASE(suite, unix_address_and_a_socket_of_another_family);
}
