/* The failure record: operation, addresses and code of the last operation that failed, and its
 * text. */
#include "connection.h"
#include "test.h"

#include <stdio.h>

/* What stands in brackets is each system's own; all else is the same. */
static void assert_text(const ps_failure *f, const char *expected)
{
    char text[PS_FAILURE_TEXT_MAX];
    char whole[PS_FAILURE_TEXT_MAX];
    int native = ps_error_native(f->code);
    const char *label = test_on_windows() ? "WSA" : "errno";

    ck_assert_ok(ps_failure_format(f, text, sizeof text));
    snprintf(whole, sizeof whole, "%s (%s %d)", expected, label, native);
    ck_assert_str_eq(text, native != 0 ? whole : expected);
}

static const char *address_text(const ps_addr *a)
{
    static char text[PS_ADDR_TEXT_MAX];

    ck_assert_ok(ps_addr_format(a, text, sizeof text));
    return text;
}

START_TEST(failure_of_connect)
{
    ps_failure f = {.operation = 99, .code = 99};
    ps_sock holder, s;
    ps_addr a;
    char expected[PS_FAILURE_TEXT_MAX];

    test_refusing_address(&holder, AF_INET, &a);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_setfailure(&s, &f));
    /* Attaching empties it. */
    ck_assert_int_eq(f.operation, PS_OPERATION_NONE);
    ck_assert_int_eq(f.code, 0);
    ck_assert_int_eq(f.own.len, 0);
    ck_assert_int_eq(f.peer.len, 0);
    ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
    ck_assert_int_eq(f.operation, PS_OPERATION_CONNECT);
    ck_assert_code(f.code, PS_ECONNREFUSED);
    ck_assert(ps_addr_equal(&f.peer, &a));
    ck_assert_str_eq(f.name, "");
    snprintf(expected, sizeof expected, "connect to %s: ECONNREFUSED, connection refused",
             address_text(&a));
    assert_text(&f, expected);
    ck_assert_ok(ps_close(&s));
    /* What it says outlives the socket. */
    assert_text(&f, expected);
    ck_assert_ok(ps_close(&holder));
}
END_TEST

START_TEST(failure_of_bind_names_the_address_asked_for)
{
    ps_failure f = PS_FAILURE_INIT;
    ps_sock one, two;
    ps_addr a;
    char expected[PS_FAILURE_TEXT_MAX];

    test_listener(&one, AF_INET, &a);
    ck_assert_ok(ps_socket(&two, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_setfailure(&two, &f));
    ck_assert_code(ps_bind(&two, &a), PS_EADDRINUSE);
    ck_assert_int_eq(f.operation, PS_OPERATION_BIND);
    ck_assert(ps_addr_equal(&f.own, &a));
    ck_assert_int_eq(f.peer.len, 0);
    snprintf(expected, sizeof expected, "bind to %s: EADDRINUSE, address already in use",
             address_text(&a));
    assert_text(&f, expected);
    test_close(&one, &two);
}
END_TEST

/* Waits until a reset has come; the peer's address is what the system has forgotten by then.
 * Wine receives the end of the stream, and learns of the reset when it sends. */
START_TEST(failure_remembers_the_peer)
{
    char text[PS_FAILURE_TEXT_MAX], start[PS_FAILURE_TEXT_MAX];
    ps_sock client, server;
    ps_addr client_address;
    ps_failure f = PS_FAILURE_INIT;
    char byte = 0;
    int code;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_getsockname(&client, &client_address));
    ck_assert_ok(ps_setfailure(&server, &f));
    ck_assert(ps_addr_equal(&f.peer, &client_address));
    close_with_reset(&client);
    code = (int)ps_recv(&server, &byte, 1, 0);
    while (code == 0) {
        test_sleep(0.005);
        code = ps_sendall(&server, &byte, 1, 0, NULL);
    }
    ck_assert_code(f.code, code);
    ck_assert(ps_addr_equal(&f.peer, &client_address));
    snprintf(start, sizeof start, "%s %s: %s, ",
             f.operation == PS_OPERATION_SEND ? "send to" : "receive from",
             address_text(&client_address), ps_error_name(code));
    ck_assert_ok(ps_failure_format(&f, text, sizeof text));
    ck_assert_msg(strncmp(text, start, strlen(start)) == 0, "\"%s\", not \"%s\"", text, start);
    ck_assert_ok(ps_close(&server));
}
END_TEST

START_TEST(failure_remembers_whom_it_connected_to)
{
    ps_sock listener, client, server;
    ps_failure f = PS_FAILURE_INIT;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_socket(&client, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_setfailure(&client, &f));
    ck_assert_ok(ps_connect(&client, &a));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_int_eq(f.operation, PS_OPERATION_NONE);
    ck_assert(ps_addr_equal(&f.peer, &a));
    /* A connection that is accepted has no record. */
    ck_assert_ok(ps_setfailure(&listener, &f));
    test_close(&server, &client);
    ck_assert_code(f.code, 0);
    ck_assert_ok(ps_close(&listener));
}
END_TEST

/* Every operation fills it, and success leaves it alone. */
START_TEST(failure_of_each_operation)
{
    ps_failure f = PS_FAILURE_INIT;
    ps_sock s, conn;
    ps_addr a, name;
    ps_buffer buffer;
    char bytes[4] = "abc";
    int value;

    buffer = (ps_buffer){bytes, sizeof bytes};
    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 0));
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_setfailure(&s, &f));
#define ASSERT_RECORDED(call, what)          \
    do {                                     \
        int code = (int)(call);              \
        ck_assert_int_lt(code, 0);           \
        ck_assert_int_eq(f.operation, what); \
        ck_assert_code(f.code, code);        \
    } while (0)
    ASSERT_RECORDED(ps_getpeername(&s, &name), PS_OPERATION_GETPEERNAME);
    ASSERT_RECORDED(ps_shutdown(&s, SHUT_RDWR), PS_OPERATION_SHUTDOWN);
    ASSERT_RECORDED(ps_accept(&s, &conn, NULL), PS_OPERATION_ACCEPT);
    ASSERT_RECORDED(ps_recv(&s, bytes, sizeof bytes, 0), PS_OPERATION_RECEIVE);
    ASSERT_RECORDED(ps_send(&s, bytes, sizeof bytes, 0), PS_OPERATION_SEND);
    ASSERT_RECORDED(ps_recvfrom(&s, bytes, sizeof bytes, 0, &name), PS_OPERATION_RECEIVE);
    ASSERT_RECORDED(ps_sendto(&s, bytes, sizeof bytes, 0, NULL), PS_OPERATION_SEND);
    ASSERT_RECORDED(ps_recvmsg(&s, &buffer, 1, NULL, NULL, NULL, 0, NULL, NULL),
                    PS_OPERATION_RECEIVE);
    ASSERT_RECORDED(ps_sendmsg(&s, &buffer, 1, NULL, 0, 0, NULL), PS_OPERATION_SEND);
    ASSERT_RECORDED(ps_sendall(&s, bytes, sizeof bytes, 0, NULL), PS_OPERATION_SEND);
    ASSERT_RECORDED(ps_getsockopt_int(&s, SOL_SOCKET, 0x7777, &value), PS_OPERATION_GETSOCKOPT);
    ASSERT_RECORDED(ps_setsockopt_int(&s, SOL_SOCKET, 0x7777, 1), PS_OPERATION_SETSOCKOPT);
    ASSERT_RECORDED(ps_ioctl(&s, 1, 1), PS_OPERATION_IOCTL);
    ASSERT_RECORDED(ps_settimeout(&s, -1), PS_OPERATION_SETTIMEOUT);
    ASSERT_RECORDED(ps_getpeercred(&s, &(ps_credentials){0, 0, 0}), PS_OPERATION_GETPEERCRED);
    ck_assert_ok(ps_bind(&s, &a));
    ck_assert_ok(ps_getsockname(&s, &name));
    ck_assert_int_eq(f.operation, PS_OPERATION_GETPEERCRED);
    ASSERT_RECORDED(ps_bind(&s, &a), PS_OPERATION_BIND);
    ASSERT_RECORDED(ps_connect(&s, NULL), PS_OPERATION_CONNECT);
    ck_assert(ps_addr_equal(&f.own, &name));
    /* None is none. */
    ck_assert_ok(ps_setfailure(&s, NULL));
    ck_assert_int_lt(ps_settimeout(&s, -1), 0);
    ck_assert_int_eq(f.operation, PS_OPERATION_CONNECT);
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(failure_of_what_would_block)
{
    ps_sock client, server;
    ps_failure f = PS_FAILURE_INIT;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_setblocking(&server, 0));
    ck_assert_ok(ps_setfailure(&server, &f));
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_EWOULDBLOCK);
    ck_assert_int_eq(f.operation, PS_OPERATION_RECEIVE);
    ck_assert_code(f.code, PS_EWOULDBLOCK);
    ck_assert_ok(ps_settimeout(&server, 0.01));
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_code(f.code, PS_TIMED_OUT);
    test_close(&client, &server);
}
END_TEST

START_TEST(failure_of_a_stream)
{
    ps_sock client, server;
    ps_failure f = PS_FAILURE_INIT;
    ps_file *file;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&server, 0.01));
    ck_assert_ok(ps_makefile(&file, &server, "r", -1));
    ck_assert_ok(ps_file_setfailure(file, &f));
    ck_assert_code(ps_file_read(file, &byte, 1), PS_TIMED_OUT);
    ck_assert_int_eq(f.operation, PS_OPERATION_RECEIVE);
    ck_assert_code(f.code, PS_TIMED_OUT);
    ck_assert_code(ps_file_setfailure(NULL, &f), PS_EFAULT);
    ck_assert_ok(ps_file_close(file));
    test_close(&client, &server);
}
END_TEST

START_TEST(failure_without_a_socket)
{
    ps_failure f = PS_FAILURE_INIT;
    ps_addr a;

    ck_assert_ok(ps_addr_inet6(&a, "2001:db8::1", 443, 0, 0));
    ck_assert_ok(ps_failure_fill(&f, PS_ECONNREFUSED, PS_OPERATION_CONNECT, &a, NULL));
    assert_text(&f, "connect to [2001:db8::1]:443: ECONNREFUSED, connection refused");
    ck_assert_ok(
        ps_failure_fill(&f, PS_ETIMEDOUT, PS_OPERATION_CREATE_CONNECTION, &a, "www.example.org"));
    assert_text(&f, "create a connection to \"www.example.org\" at [2001:db8::1]:443: "
                    "ETIMEDOUT, connection timed out in the network");
    ck_assert_ok(ps_failure_fill(&f, PS_EAFNOSUPPORT, PS_OPERATION_SOCKET, NULL, NULL));
    assert_text(&f, "make a socket: EAFNOSUPPORT, address family not supported");
    /* A code without a native number has no brackets. */
    ck_assert_ok(ps_failure_fill(&f, PS_TIMED_OUT, PS_OPERATION_RECEIVE, NULL, NULL));
    assert_text(&f, "receive: TIMED_OUT, timed out");
    ck_assert_ok(ps_failure_fill(&f, PS_BAD_PORT, 12345, NULL, NULL));
    assert_text(&f, "operation: BAD_PORT, port must be 0-65535");
    ck_assert_ok(ps_failure_fill(&f, 0, PS_OPERATION_NONE, NULL, NULL));
    assert_text(&f, "no error");
    ck_assert_code(ps_failure_fill(NULL, PS_EINVAL, PS_OPERATION_BIND, NULL, NULL), PS_EFAULT);
}
END_TEST

START_TEST(failure_of_a_lookup)
{
    char text[PS_FAILURE_TEXT_MAX], expected[PS_FAILURE_TEXT_MAX];
    ps_failure f = PS_FAILURE_INIT;

    ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, "no-such.example"));
    ck_assert_ok(ps_failure_format(&f, text, sizeof text));
    snprintf(expected, sizeof expected,
             "look up \"no-such.example\": EAI_NONAME, name or service not known (%s %d)",
             test_on_windows() ? "WSA" : "EAI", ps_error_native(PS_EAI_NONAME));
    ck_assert_str_eq(text, expected);
    ck_assert_ok(ps_failure_fill(&f, PS_HOST_NOT_FOUND, PS_OPERATION_LOOKUP, NULL, "h"));
    ck_assert_ok(ps_failure_format(&f, text, sizeof text));
    snprintf(expected, sizeof expected, "look up \"h\": HOST_NOT_FOUND, unknown host (%s %d)",
             test_on_windows() ? "WSA" : "h_errno", ps_error_native(PS_HOST_NOT_FOUND));
    ck_assert_str_eq(text, expected);
}
END_TEST

/* A long name is cut between two characters. */
START_TEST(failure_cuts_a_long_name)
{
    char name[600];
    ps_failure f = PS_FAILURE_INIT;
    size_t i;

    for (i = 0; i + 1 < sizeof name; i += 2)
        memcpy(name + i, "\xc3\xa9", 2);
    name[598] = '\0';
    ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, name));
    ck_assert_uint_eq(strlen(f.name), 254);
    name[255] = 'x';
    memset(name, 'x', 255);
    name[256] = '\0';
    ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, name));
    ck_assert_uint_eq(strlen(f.name), 255);
}
END_TEST

START_TEST(failure_text_fits_or_is_none)
{
    char text[PS_FAILURE_TEXT_MAX];
    ps_failure f = PS_FAILURE_INIT;
    size_t length, n;

    ck_assert_ok(ps_failure_fill(&f, PS_EADDRINUSE, PS_OPERATION_BIND, NULL, "x"));
    ck_assert_ok(ps_failure_format(&f, text, sizeof text));
    length = strlen(text);
    ck_assert_uint_gt(length, 0);
    for (n = 1; n <= length; n++) {
        memset(text, 'z', sizeof text);
        ck_assert_code(ps_failure_format(&f, text, n), PS_BAD_LENGTH);
        ck_assert_str_eq(text, "");
        ck_assert_int_eq(text[n], 'z');
    }
    ck_assert_ok(ps_failure_format(&f, text, length + 1));
    ck_assert_code(ps_failure_format(&f, text, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_failure_format(&f, NULL, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_failure_format(&f, NULL, 10), PS_EFAULT);
    ck_assert_code(ps_failure_format(NULL, text, sizeof text), PS_EFAULT);
    ck_assert_code(ps_setfailure(NULL, &f), PS_EFAULT);
    ck_assert_code(ps_setfailure(&(ps_sock)PS_SOCK_INIT, &f), PS_EBADF);
}
END_TEST

/* Whatever the name is, of a URL or a file: the text is one line, and moves no cursor. */
START_TEST(failure_text_shows_control_characters)
{
    static const struct {
        const char *name;
        const char *shown;
    } rows[] = {
        {"a\nb\r\tc", "a\\x0ab\\x0d\\x09c"},
        {"\x1b[2J\x7f", "\\x1b[2J\\x7f"},
        {"C:\\dir", "C:\\dir"},
        {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\xc2\x85 \xc2\x9f \xc2\xa0", "\\xc2\\x85 \\xc2\\x9f \xc2\xa0"},
        {"\xe2\x80\xa8 \xe2\x80\xae", "\\xe2\\x80\\xa8 \\xe2\\x80\\xae"},
        {"\xe2\x80\xa7 \xe2\x80\xaf", "\xe2\x80\xa7 \xe2\x80\xaf"},
        {"\xe2\x80\x8e \xe2\x80\x8f", "\\xe2\\x80\\x8e \\xe2\\x80\\x8f"},
        {"\xe2\x80\x8d \xe2\x80\x90", "\xe2\x80\x8d \xe2\x80\x90"},
        {"\xe2\x81\xa6 \xe2\x81\xa9", "\\xe2\\x81\\xa6 \\xe2\\x81\\xa9"},
        {"\xe2\x81\xa5 \xe2\x81\xaa", "\xe2\x81\xa5 \xe2\x81\xaa"},
        {"\xd8\x9b \xd8\x9c \xd8\x9d", "\xd8\x9b \\xd8\\x9c \xd8\x9d"},
        {"a\xff\xc3", "a\\xff\\xc3"},
    };
    char text[PS_FAILURE_TEXT_MAX], expected[PS_FAILURE_TEXT_MAX], longest[2 * PS_FAILURE_NAME_MAX];
    ps_failure f = PS_FAILURE_INIT;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, rows[i].name));
        ck_assert_ok(ps_failure_format(&f, text, sizeof text));
        snprintf(expected, sizeof expected, "\"%s\":", rows[i].shown);
        ck_assert_msg(strstr(text, expected) != NULL, "%s", text);
    }
    memset(longest, 1, sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, longest));
    ck_assert_ok(ps_failure_format(&f, text, sizeof text));
    ck_assert_uint_gt(strlen(text), 4 * (PS_FAILURE_NAME_MAX - 1));
}
END_TEST

/* The text of a record without address and name: "connect: ...". */
static void operation_text(int operation, char text[PS_FAILURE_TEXT_MAX])
{
    ps_failure f = PS_FAILURE_INIT;

    ck_assert_ok(ps_failure_fill(&f, PS_EBADF, operation, NULL, NULL));
    ck_assert_ok(ps_failure_format(&f, text, PS_FAILURE_TEXT_MAX));
}

/* Every operation has a text, none has that of another. */
START_TEST(failure_operations_have_texts)
{
    char one[PS_FAILURE_TEXT_MAX], other[PS_FAILURE_TEXT_MAX];
    int i, j;

    for (i = 0; i <= PS_OPERATION_REVERSE_LOOKUP; i++) {
        operation_text(i, one);
        for (j = 0; j < i; j++) {
            operation_text(j, other);
            ck_assert_str_ne(one, other);
        }
    }
    operation_text(-1, one);
    operation_text(PS_OPERATION_NONE, other);
    ck_assert_str_eq(one, other);
}
END_TEST

void add_failure_tests(Suite *suite);
void add_failure_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, failure_of_connect);
    ADD_TEST_CASE(suite, failure_of_bind_names_the_address_asked_for);
    ADD_TEST_CASE(suite, failure_remembers_the_peer);
    ADD_TEST_CASE(suite, failure_remembers_whom_it_connected_to);
    ADD_TEST_CASE(suite, failure_of_each_operation);
    ADD_TEST_CASE(suite, failure_of_what_would_block);
    ADD_TEST_CASE(suite, failure_of_a_stream);
    ADD_TEST_CASE(suite, failure_without_a_socket);
    ADD_TEST_CASE(suite, failure_of_a_lookup);
    ADD_TEST_CASE(suite, failure_cuts_a_long_name);
    ADD_TEST_CASE(suite, failure_text_fits_or_is_none);
    ADD_TEST_CASE(suite, failure_text_shows_control_characters);
    ADD_TEST_CASE(suite, failure_operations_have_texts);
}
