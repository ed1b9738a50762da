/* The failure record: what is written into it, from what the system says of names; and its
 * texts. */
#include "fake.h"

#include "common/error/explain.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"

#include <stdio.h>

static char buffer[100];

static void is_text(const ps_failure *f, const char *expected)
{
    char text[PS_FAILURE_TEXT_MAX];

    ck_assert_ok(ps_failure_format(f, text, sizeof text));
    ck_assert_str_eq(text, expected);
}

/* The names that a record asks for. */
static void names(const char *own, const char *peer)
{
    if (own)
        expect(SYS_GETSOCKNAME, .from = own);
    else
        expect(SYS_GETSOCKNAME, .result = PS_ENOBUFS);
    if (peer)
        expect(SYS_GETPEERNAME, .from = peer);
    else
        expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
}

/* ---- what is recorded ------------------------------------------------------------------------ */

START_TEST(failure_of_each_operation)
{
    ps_addr a = fake_address("192.0.2.1:80");
    ps_failure f = PS_FAILURE_INIT;
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    names("0.0.0.0:0", NULL);
    ck_assert_ok(ps_setfailure(&s, &f));
    is_text(&f, "no error");

    expect(SYS_BIND, .result = PS_EADDRINUSE);
    names("0.0.0.0:0", NULL);
    ck_assert_code(ps_bind(&s, &a), PS_EADDRINUSE);
    is_text(&f, "bind to 192.0.2.1:80: EADDRINUSE, address already in use (number 98)");

    names("0.0.0.0:0", NULL);
    ck_assert_code(ps_bind(&s, NULL), PS_EFAULT);
    is_text(&f, "bind: EFAULT, bad pointer (number 14)");

    /* The peer is known. */
    expect(SYS_CONNECT, .result = PS_ECONNREFUSED);
    expect(SYS_GETSOCKNAME, .from = "192.0.2.9:1000");
    ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
    is_text(&f, "connect to 192.0.2.1:80: ECONNREFUSED, connection refused (number 111)");
    ck_assert_int_eq(f.operation, PS_OPERATION_CONNECT);
    fake_end(&s);
    /* What the record says stays when the socket goes. */
    ck_assert_code(f.code, PS_ECONNREFUSED);
    ck_assert_code(ps_setfailure(&s, &f), PS_EBADF);
    ck_assert_code(ps_setfailure(NULL, &f), PS_EFAULT);
}
END_TEST

/* A peer that the system has forgotten stays; "would block" asks for nothing. */
START_TEST(failure_of_a_connection)
{
    ps_addr a = fake_address("192.0.2.1:80");
    ps_failure f = PS_FAILURE_INIT;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    names("192.0.2.9:1000", "192.0.2.1:80");
    ck_assert_ok(ps_setfailure(&s, &f));
    expect(SYS_RECV, .result = PS_ECONNRESET);
    names("192.0.2.9:1000", NULL);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_ECONNRESET);
    is_text(&f, "receive from 192.0.2.1:80: ECONNRESET, connection reset by peer (number 104)");

    fake_timeout(&s, 0);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_send(&s, buffer, 1, 0), PS_EWOULDBLOCK);
    is_text(&f, "send to 192.0.2.1:80: EWOULDBLOCK, the operation would block (number 11)");
    expect(SYS_SENDTO, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_sendto(&s, buffer, 1, 0, &a), PS_EWOULDBLOCK);

    /* Success is not recorded, nor is a call that is ended by a close. */
    expect(SYS_SEND, .result = 1);
    ck_assert_int_eq(ps_send(&s, buffer, 1, 0), 1);
    fake_begin_closing(&s);
    ck_assert_code(ps_send(&s, buffer, 1, 0), PS_EBADF);
    ck_assert_code(ps_setfailure(&s, NULL), PS_EBADF);
    s.calls = 0;
    ck_assert_int_eq(f.operation, PS_OPERATION_SEND);
    ck_assert_code(f.code, PS_EWOULDBLOCK);

    ck_assert_ok(ps_setfailure(&s, NULL));
    expect(SYS_SEND, .result = PS_EPIPE);
    ck_assert_code(ps_send(&s, buffer, 1, 0), PS_ECONNRESET);
    ck_assert_code(f.code, PS_EWOULDBLOCK);
    fake_end(&s);
}
END_TEST

static void begin_closing(void *s)
{
    fake_begin_closing(s);
}

START_TEST(failure_of_a_call_that_a_close_ends)
{
    ps_failure f = PS_FAILURE_INIT;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    names("192.0.2.9:1000", "192.0.2.1:80");
    ck_assert_ok(ps_setfailure(&s, &f));
    expect(SYS_RECV, .during = begin_closing, .context = &s, .result = PS_EINVAL);
    ck_assert_code(ps_recv(&s, buffer, 1, 0), PS_EBADF);
    s.calls = 0;
    is_text(&f, "no error");
    fake_end(&s);
}
END_TEST

START_TEST(failure_of_other_families)
{
    ps_failure f = PS_FAILURE_INIT;
    ps_addr peer;
    ps_sock s;

    fake_socket(&s, AF_UNIX, SOCK_STREAM);
    names("unix:/own", NULL);
    ck_assert_ok(ps_setfailure(&s, &f));
    expect(SYS_LISTEN, .result = PS_EOPNOTSUPP);
    names("unix:/own", NULL);
    ck_assert_code(ps_listen(&s, 1), PS_EOPNOTSUPP);
    is_text(&f, "listen on unix:/own: EOPNOTSUPP, operation not supported (number 95)");
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    names(NULL, NULL);
    ck_assert_code(ps_getpeername(&s, &peer), PS_ENOTCONN);
    ck_assert(f.own.len == 0);
    fake_end(&s);
}
END_TEST

/* A stream's record is its own. */
START_TEST(failure_of_a_stream)
{
    ps_failure f = PS_FAILURE_INIT;
    ps_file *file;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_makefile(&file, &s, "r", -1));
    ck_assert_code(ps_file_setfailure(NULL, &f), PS_EFAULT);
    names("192.0.2.9:1000", "192.0.2.1:80");
    ck_assert_ok(ps_file_setfailure(file, &f));
    expect(SYS_RECV, .result = PS_ECONNRESET);
    names("192.0.2.9:1000", NULL);
    ck_assert_code(ps_file_read(file, buffer, 1), PS_ECONNRESET);
    is_text(&f, "receive from 192.0.2.1:80: ECONNRESET, connection reset by peer (number 104)");
    ck_assert_ok(ps_file_setfailure(file, NULL));
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_file_close(file));
    fake_done();
}
END_TEST

/* ---- records without a socket ---------------------------------------------------------------- */

START_TEST(failure_that_is_set)
{
    static char long_name[2 * PS_FAILURE_NAME_MAX];
    ps_addr a = fake_address("192.0.2.1:80");
    ps_failure f = PS_FAILURE_INIT;

    ck_assert_code(ps_failure_fill(NULL, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, "a"), PS_EFAULT);
    ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, "a.example"));
    is_text(&f, "look up \"a.example\": EAI_NONAME, name or service not known (resolver 202)");
    ck_assert_ok(
        ps_failure_fill(&f, PS_TIMED_OUT, PS_OPERATION_CREATE_CONNECTION, &a, "a.example"));
    is_text(&f, "create a connection to \"a.example\" at 192.0.2.1:80: TIMED_OUT, timed out");
    ck_assert_ok(ps_failure_fill(&f, PS_HOST_NOT_FOUND, PS_OPERATION_REVERSE_LOOKUP, NULL, NULL));
    is_text(&f, "look up the name: HOST_NOT_FOUND, unknown host (host 301)");
    ck_assert_ok(ps_failure_fill(&f, ps__from_os(9999), 12345, &a, NULL));
    is_text(&f, "operation with 192.0.2.1:80: OS_ERROR, failed for a reason of this system's own "
                "(number 9999)");
    ck_assert_ok(ps_failure_fill(&f, ps__from_os(-9999), PS_OPERATION_SOCKET, NULL, NULL));
    is_text(&f, "make a socket: OS_ERROR, failed for a reason of this system's own (number -9999)");

    /* A name is cut between characters. */
    for (size_t i = 0; i + 1 < sizeof long_name; i++)
        long_name[i] = i % 2 ? '\xa4' : '\xc3';
    ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, long_name));
    ck_assert_uint_eq(strlen(f.name), 254);
    memset(long_name, '\xa4', sizeof long_name - 1);
    ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, long_name));
    ck_assert_str_eq(f.name, "");
    memset(long_name, 'a', sizeof long_name - 1);
    ck_assert_ok(ps_failure_fill(&f, PS_EAI_NONAME, PS_OPERATION_LOOKUP, NULL, long_name));
    ck_assert_uint_eq(strlen(f.name), PS_FAILURE_NAME_MAX - 1);
}
END_TEST

START_TEST(failure_texts_in_every_room)
{
    ps_addr a = fake_address("192.0.2.1:80");
    char text[PS_FAILURE_TEXT_MAX];
    ps_failure f = PS_FAILURE_INIT;
    size_t length;

    ck_assert_ok(
        ps_failure_fill(&f, PS_ECONNREFUSED, PS_OPERATION_CREATE_CONNECTION, &a, "a.example"));
    ck_assert_ok(ps_failure_format(&f, text, sizeof text));
    length = strlen(text);
    ck_assert_uint_gt(length, 0);
    for (size_t room = 0; room <= length; room++) {
        memset(text, 'x', sizeof text);
        ck_assert_code(ps_failure_format(&f, text, room), PS_BAD_LENGTH);
        ck_assert_int_eq(text[0], room == 0 ? 'x' : '\0');
        ck_assert_int_eq(text[room], 'x');
    }
    ck_assert_ok(ps_failure_format(&f, text, length + 1));
    ck_assert_code(ps_failure_format(&f, NULL, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_failure_format(&f, NULL, 1), PS_EFAULT);
    ck_assert_code(ps_failure_format(NULL, text, 1), PS_EFAULT);

    /* An address that has no text, or none that fits. */
    f.peer.len = 1;
    ck_assert_ok(ps_failure_format(&f, text, sizeof text));
}
END_TEST

/* Every operation has its words, and every code an explanation or none. */
START_TEST(failure_words)
{
    char text[PS_FAILURE_TEXT_MAX];
    size_t count;
    const ps__explanation *rows = ps__explanations(&count);

    for (int operation = -1; operation < 40; operation++) {
        ps_failure f = PS_FAILURE_INIT;
        ps_addr a = fake_address("192.0.2.1:80");

        ck_assert_ok(ps_failure_fill(&f, PS_EBADF, operation, &a, "name"));
        f.own = a;
        ck_assert_ok(ps_failure_format(&f, text, sizeof text));
        f.name[0] = '\0';
        ck_assert_ok(ps_failure_format(&f, text, sizeof text));
    }
    for (size_t i = 0; i < count; i++)
        ck_assert_str_ne(ps_explain(rows[i].code, rows[i].operation), "");
    ck_assert_str_eq(ps_explain(0, PS_OPERATION_SEND), "");
    ck_assert_str_eq(ps_explain(PS_ENOTTY, PS_OPERATION_SEND), "");
}
END_TEST

void add_failure_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, failure_of_each_operation);
    ADD_TEST_CASE(suite, failure_of_a_connection);
    ADD_TEST_CASE(suite, failure_of_a_call_that_a_close_ends);
    ADD_TEST_CASE(suite, failure_of_other_families);
    ADD_TEST_CASE(suite, failure_of_a_stream);
    ADD_TEST_CASE(suite, failure_that_is_set);
    ADD_TEST_CASE(suite, failure_texts_in_every_room);
    ADD_TEST_CASE(suite, failure_words);
}
