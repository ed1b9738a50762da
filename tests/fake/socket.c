/* A socket from its making to its end: descriptors, names, binding, listening, shutdown. */
#include "fake.h"

#include "common/socket/normalize.h"
#include "common/socket/socket.h"

/* CON-18, LIF-11: what the system refuses is told, and leaves a closed socket. */
/* Traps: LIF-11. */
START_TEST(socket_that_the_system_refuses)
{
    static const int codes[] = {PS_EMFILE,          PS_ENFILE, PS_ENOBUFS,      PS_ENOMEM,
                                PS_EACCES,          PS_EPERM,  PS_EAFNOSUPPORT, PS_EPROTONOSUPPORT,
                                PS_ESOCKTNOSUPPORT, PS_EINVAL};
    ps_sock s;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        expect(SYS_SOCKET, .result = codes[i]);
        ck_assert_code(ps_socket(&s, AF_INET, SOCK_STREAM, 0), codes[i]);
        ck_assert(s.handle == PS_INVALID_HANDLE);
    }
    ck_assert_ok(ps_setdefaulttimeout(1));
    expect(SYS_SOCKET, .mode = FAKE_ON, .result = PS_EMFILE);
    ck_assert_code(ps_socket(&s, AF_INET, SOCK_STREAM, 0), PS_EMFILE);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    expect(SYS_SOCKET, .result = PS_EAFNOSUPPORT);
    ck_assert(!ps_has_ipv6());
    expect(SYS_SOCKET, .family = AF_INET6);
    ck_assert(ps_has_ipv6());
    fake_done();
}
END_TEST

/* The descriptors run out at any point of a program; none is lost, and it goes on when there are
 * some again. */
START_TEST(socket_after_descriptors_ran_out)
{
    ps_sock s[20];

    for (int i = 0; i < 20; i++)
        fake_socket(&s[i], AF_INET, SOCK_STREAM);
    for (int i = 0; i < 20; i++) {
        ps_sock more;

        expect(SYS_SOCKET, .result = PS_EMFILE);
        ck_assert_code(ps_socket(&more, AF_INET, SOCK_STREAM, 0), PS_EMFILE);
        ck_assert_ok(ps_close(&s[i]));
        fake_socket(&more, AF_INET, SOCK_STREAM);
        ck_assert_ok(ps_close(&more));
    }
    fake_done();
}
END_TEST

/* TMO-11, DSC-1: a duplicate takes on the default timeout, and the mode with it. */
/* Traps: TMO-11 DSC-1. */
START_TEST(duplicate_that_the_system_refuses)
{
    ps_sock s;

    expect(SYS_DUPLICATE, .result = PS_EMFILE);
    ck_assert_code(ps_fromfd(&s, 5, AF_INET, SOCK_STREAM, 0), PS_EMFILE);
    ck_assert_code(ps_fromfd(&s, PS_INVALID_HANDLE, AF_INET, SOCK_STREAM, 0), PS_EBADF);

    ck_assert_ok(ps_setdefaulttimeout(1));
    expect(SYS_DUPLICATE);
    expect(SYS_SET_NONBLOCKING, .on = 1, .mode = FAKE_ON, .result = PS_ENOTSOCK);
    expect(SYS_CLOSE, .on = 1);
    ck_assert_code(ps_fromfd(&s, 5, AF_INET, SOCK_STREAM, 0), PS_ENOTSOCK);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));

    expect(SYS_DUPLICATE);
    ck_assert_ok(ps_fromfd(&s, 5, AF_INET, SOCK_STREAM, 0));
    /* The mode of a handle from elsewhere is not known, so it is set also when it would not
     * change. */
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF);
    ck_assert_ok(ps_settimeout(&s, PS_NO_TIMEOUT));
    fake_end(&s);
}
END_TEST

static ps_handle detached(void)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    return ps_detach(&s);
}

/* A handle that is taken over gets the default timeout's mode, whatever mode it is in, and is
 * not inheritable any more. */
START_TEST(adopted_handle_is_described_and_set_up)
{
    ps_handle h = detached();
    ps_sock s;

    expect(SYS_GET_INHERITABLE, .on = 1, .on_now = true);
    expect(SYS_DESCRIBE, .on = 1, .family = AF_INET6, .type = SOCK_DGRAM, .proto = IPPROTO_UDP);
    expect(SYS_SET_INHERITABLE, .on = 1, .mode = FAKE_OFF);
    expect(SYS_SET_NONBLOCKING, .on = 1, .mode = FAKE_OFF);
    ck_assert_ok(ps_adopt(&s, h));
    ck_assert_int_eq(s.family, AF_INET6);
    ck_assert_int_eq(s.type, SOCK_DGRAM);
    ck_assert_int_eq(s.proto, IPPROTO_UDP);
    h = ps_detach(&s);

    ck_assert_ok(ps_setdefaulttimeout(2));
    expect(SYS_GET_INHERITABLE, .on_now = false);
    expect(SYS_DESCRIBE, .family = AF_INET, .type = SOCK_STREAM, .proto = IPPROTO_TCP);
    expect(SYS_SET_INHERITABLE, .mode = FAKE_OFF);
    expect(SYS_SET_NONBLOCKING, .mode = FAKE_ON);
    ck_assert_ok(ps_adopt(&s, h));
    ck_assert_ok(ps_setdefaulttimeout(PS_NO_TIMEOUT));
    ck_assert_double_eq(ps_gettimeout(&s), 2);
    fake_end(&s);
}
END_TEST

static void refuse_adoption(ps_handle h, int expected)
{
    ps_sock s;

    memset(&s, 0x5a, sizeof s);
    ck_assert_code(ps_adopt(&s, h), expected);
    ck_assert(s.handle == PS_INVALID_HANDLE);
    ck_assert_ok(ps_close(&s));
}

/* Whichever step fails: the handle stays the caller's, open, and inheritable if it was. */
START_TEST(adoption_that_the_system_refuses)
{
    ps_handle h = detached();

    expect(SYS_GET_INHERITABLE, .result = PS_EBADF);
    refuse_adoption(h, PS_EBADF);

    expect(SYS_GET_INHERITABLE);
    expect(SYS_DESCRIBE, .result = PS_ENOTSOCK);
    refuse_adoption(h, PS_ENOTSOCK);

    expect(SYS_GET_INHERITABLE, .on_now = true);
    expect(SYS_DESCRIBE, .family = AF_INET, .type = SOCK_STREAM);
    expect(SYS_SET_INHERITABLE, .mode = FAKE_OFF, .result = PS_EPERM);
    refuse_adoption(h, PS_EPERM);

    for (int inheritable = 0; inheritable < 2; inheritable++) {
        expect(SYS_GET_INHERITABLE, .on_now = inheritable);
        expect(SYS_DESCRIBE, .family = AF_INET, .type = SOCK_STREAM);
        expect(SYS_SET_INHERITABLE, .mode = FAKE_OFF);
        expect(SYS_SET_NONBLOCKING, .mode = FAKE_OFF, .result = PS_EINVAL);
        if (inheritable)
            expect(SYS_SET_INHERITABLE, .mode = FAKE_ON);
        refuse_adoption(h, PS_EINVAL);
    }
    ps__sys_close(h);
    fake_done();
}
END_TEST

/* LIF-5, LIF-7: a handle is closed once, whatever the system says of it. */
/* Traps: LIF-5 LIF-7. */
START_TEST(close_is_once)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_CLOSE, .on = 1);
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_close(&s));
    ck_assert(ps_detach(&s) == PS_INVALID_HANDLE);
    fake_done();
}
END_TEST

/* ---- names ----------------------------------------------------------------------------------- */

/* ADR-15: Winsock has no name for a socket that is not bound. */
/* Traps: ADR-15. */
START_TEST(name_of_an_unbound_socket)
{
    ps_sock s;
    ps_addr a;
    char text[64];

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETSOCKNAME, .result = PS_EINVAL);
    ck_assert_ok(ps_getsockname(&s, &a));
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert_str_eq(text, "0.0.0.0:0");
    expect(SYS_GETSOCKNAME, .result = PS_ENOBUFS);
    ck_assert_code(ps_getsockname(&s, &a), PS_ENOBUFS);
    ck_assert(a.len == 0);
    ck_assert_ok(ps_close(&s));

    fake_socket(&s, AF_INET6, SOCK_DGRAM);
    expect(SYS_GETSOCKNAME, .result = PS_EINVAL);
    ck_assert_ok(ps_getsockname(&s, &a));
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert_str_eq(text, "[::]:0");
    ck_assert_ok(ps_close(&s));

    fake_socket(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_GETSOCKNAME, .result = PS_EINVAL);
    ck_assert_ok(ps_getsockname(&s, &a));
    ck_assert_ok(ps_addr_format(&a, text, sizeof text));
    ck_assert_str_eq(text, "unix:");
    ck_assert_ok(ps_close(&s));

    fake_socket(&s, FAKE_FAMILY, SOCK_STREAM);
    expect(SYS_GETSOCKNAME, .result = PS_EINVAL);
    ck_assert_code(ps_getsockname(&s, &a), PS_EINVAL);
    fake_end(&s);
}
END_TEST

/* ---- listening ------------------------------------------------------------------------------- */

/* CON-12: Winsock wants a socket bound before it listens. */
/* Traps: CON-12 CON-21. */
START_TEST(listen_on_an_unbound_socket_binds_it)
{
    ps_sock s;

    fake_socket(&s, AF_INET6, SOCK_STREAM);
    expect(SYS_LISTEN, .value = 5, .result = PS_EINVAL);
    expect(SYS_BIND, .to = "[::]:0");
    expect(SYS_LISTEN, .value = 5);
    ck_assert_ok(ps_listen(&s, 5));
    /* Bound already, so the system means something else (CON-21: it is connected). */
    expect(SYS_LISTEN, .result = PS_EINVAL);
    expect(SYS_BIND, .result = PS_EINVAL);
    ck_assert_code(ps_listen(&s, 5), PS_EINVAL);
    ck_assert_ok(ps_close(&s));

    fake_socket(&s, AF_UNIX, SOCK_STREAM);
    expect(SYS_LISTEN, .result = PS_EINVAL);
    ck_assert_code(ps_listen(&s, 5), PS_EINVAL);
    fake_end(&s);
}
END_TEST

/* CON-12: of a kind that cannot listen, one system says "not bound". */
/* Traps: CON-12. */
START_TEST(listen_on_what_cannot)
{
    static const int types[] = {SOCK_DGRAM, SOCK_RAW};
    ps_sock s;

    for (int i = 0; i < 2; i++) {
        fake_socket(&s, AF_INET, types[i]);
        expect(SYS_LISTEN, .result = PS_EINVAL);
        ck_assert_code(ps_listen(&s, 5), PS_EOPNOTSUPP);
        expect(SYS_LISTEN, .result = PS_EOPNOTSUPP);
        ck_assert_code(ps_listen(&s, 5), PS_EOPNOTSUPP);
        fake_end(&s);
    }
    ck_assert_code(ps_listen(&s, 5), PS_EBADF);
}
END_TEST

/* CON-13: a backlog that every system takes. */
/* Traps: CON-13. */
START_TEST(backlogs_within_what_systems_take)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_LISTEN, .value = FAKE_ZERO);
    ck_assert_ok(ps_listen(&s, -1));
    expect(SYS_LISTEN, .value = SOMAXCONN);
    ck_assert_ok(ps_listen(&s, INT_MAX));
    fake_end(&s);
}
END_TEST

START_TEST(bind_of_an_unbound_socket_needs_a_family)
{
    ps_sock s;

    fake_socket(&s, AF_UNIX, SOCK_DGRAM);
    ck_assert_code(ps__bind_unbound(&s), PS_EINVAL);
    fake_end(&s);
    s.family = AF_INET;
    ck_assert_code(ps__bind_unbound(&s), PS_EINVAL);
}
END_TEST

/* ---- shutdown -------------------------------------------------------------------------------- */

/* SND-17: Linux remembers the shutdown of a stream that is not connected, and Windows allows it. */
/* Traps: SND-17. */
START_TEST(shutdown_of_an_unconnected_stream)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(ps_shutdown(&s, SHUT_RDWR), PS_ENOTCONN);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:1");
    expect(SYS_SHUTDOWN, .value = SHUT_RDWR);
    ck_assert_ok(ps_shutdown(&s, SHUT_RDWR));
    ck_assert_code(ps_shutdown(&s, 77), PS_EINVAL);
    fake_end(&s);
    ck_assert_code(ps_shutdown(&s, 77), PS_EBADF);
    ck_assert_code(ps_shutdown(&s, SHUT_RD), PS_EBADF);
}
END_TEST

START_TEST(shutdown_that_fails_shuts_nothing)
{
    char byte;
    ps_sock s;

    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SHUTDOWN, .result = PS_ENOTCONN);
    ck_assert_code(ps_shutdown(&s, SHUT_RD), PS_ENOTCONN);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 1);
    fake_end(&s);
}
END_TEST

/* ---- a system that cannot shut the receiving side down --------------------------------------- */

/* Where it would reset the connection only the sending side is shut down; the rest is a flag. */
/* Traps: SND-3. */
START_TEST(shutdown_of_receiving_by_a_flag)
{
    ps_sock s, d;
    char byte;

    fake_set_shut_receiving(false);
    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    ck_assert_ok(ps_shutdown(&s, SHUT_RD));
    ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 0);
    expect(SYS_SEND, .result = 1);
    ck_assert_int_eq(ps_send(&s, "x", 1, 0), 1);
    expect(SYS_SHUTDOWN, .value = SHUT_WR);
    ck_assert_ok(ps_shutdown(&s, SHUT_RDWR));
    expect(SYS_SHUTDOWN, .value = SHUT_WR);
    ck_assert_ok(ps_shutdown(&s, SHUT_WR));
    ck_assert_ok(ps_close(&s));

    /* Datagrams reset nothing. */
    fake_socket(&d, AF_INET, SOCK_DGRAM);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(ps_shutdown(&d, SHUT_RD), PS_ENOTCONN);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    expect(SYS_SHUTDOWN, .value = FAKE_ZERO);
    ck_assert_ok(ps_shutdown(&d, SHUT_RD));
    ck_assert_int_eq(ps_recv(&d, &byte, 1, 0), 0);
    fake_end(&d);

    /* Nor do raw sockets, which need no peer. */
    fake_socket(&d, AF_INET, SOCK_RAW);
    expect(SYS_SHUTDOWN, .value = FAKE_ZERO);
    ck_assert_ok(ps_shutdown(&d, SHUT_RD));
    fake_end(&d);
}
END_TEST

/* Neither in the system nor in a wait: there is nothing to end. */
START_TEST(shutdown_by_a_flag_without_receives)
{
    ps_sock s, d;
    ps_file *f;

    fake_set_shut_receiving(false);
    fake_connected(&s, AF_INET, SOCK_STREAM);
    ck_assert_ok(ps_makefile(&f, &s, "r", -1));
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    ck_assert_ok(ps_shutdown(&s, SHUT_RD));
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);

    fake_socket(&d, AF_INET, SOCK_DGRAM);
    fake_timeout(&d, 0);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    expect(SYS_SHUTDOWN, .value = FAKE_ZERO);
    ck_assert_ok(ps_shutdown(&d, SHUT_RD));
    fake_end(&d);
}
END_TEST

START_TEST(shutdown_by_a_flag_that_fails_shuts_nothing)
{
    ps_sock s;
    char byte;

    fake_set_shut_receiving(false);
    fake_connected(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(ps_shutdown(&s, SHUT_RD), PS_ENOTCONN);
    expect(SYS_SHUTDOWN, .value = SHUT_WR, .result = PS_ENOBUFS);
    ck_assert_code(ps_shutdown(&s, SHUT_RDWR), PS_ENOBUFS);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 1);
    fake_end(&s);
}
END_TEST

/* The system returns a peer's name before the connection is there. */
START_TEST(shutdown_by_a_flag_while_connecting)
{
    ps_addr a = fake_address("127.0.0.1:80");
    ps_sock s;

    fake_set_shut_receiving(false);
    fake_socket(&s, AF_INET, SOCK_STREAM);
    fake_timeout(&s, 0);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(ps_connect(&s, &a), PS_EINPROGRESS);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = 0);
    ck_assert_code(ps_shutdown(&s, SHUT_RD), PS_ENOTCONN);
    fake_end(&s);
}
END_TEST

/* A stream on a system that cannot shut the receiving side down. */
static void make_waiting_stream(ps_sock *s)
{
    fake_set_shut_receiving(false);
    fake_connected(s, AF_INET, SOCK_STREAM);
    fake_timeout(s, 100);
}

static void shut_receiving(void *s)
{
    ck_assert_ok(ps_shutdown(s, SHUT_RD));
}

/* Another thread shuts the receiving side down while a wait is in the system: it wakes the wait
 * again and again, but not for ever. `answer` is what the wait returns. */
static void expect_shutdown_in_a_wait(ps_sock *s, int answer)
{
    expect(SYS_WAIT, .on = 1, .events = PS__READABLE, .nanoseconds = SECONDS(100),
           .during = shut_receiving, .context = s, .result = answer);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    expect(SYS_WAKE_WAITS, .on = 1);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = SECONDS(4));
    expect(SYS_WAKE_WAITS, .on = 1);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = SECONDS(6));
}

START_TEST(shutdown_by_a_flag_wakes_receives)
{
    static const int answers[] = {0, PS_EINTR, PS_ENOBUFS, PS__READABLE};
    char bytes[8];

    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        ps_sock s;

        make_waiting_stream(&s);
        expect(SYS_RECV, .result = PS_EWOULDBLOCK);
        expect_shutdown_in_a_wait(&s, answers[i]);
        ck_assert_int_eq(ps_recv(&s, bytes, sizeof bytes, 0), 0);
        /* None waits any more. */
        expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
        ck_assert_ok(ps_shutdown(&s, SHUT_RD));
        fake_end(&s);

        make_waiting_stream(&s);
        expect(SYS_RECV, .result = 3);
        expect(SYS_RECV, .result = PS_EWOULDBLOCK);
        expect_shutdown_in_a_wait(&s, answers[i]);
        ck_assert_int_eq(ps_recv(&s, bytes, sizeof bytes, MSG_WAITALL), 3);
        fake_end(&s);
    }
}
END_TEST

/* A wait that has not begun does not begin. */
START_TEST(shutdown_by_a_flag_before_a_wait)
{
    ps_sock s;
    char byte;

    make_waiting_stream(&s);
    expect(SYS_RECV, .during = shut_receiving, .context = &s, .result = PS_EWOULDBLOCK);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 0);
    fake_end(&s);
}
END_TEST

/* It ends what comes next, whatever the wait was ended by. */
START_TEST(shutdown_by_a_flag_after_a_wait)
{
    ps_buffer buffer;
    ps_sock s;
    char byte;

    buffer = (ps_buffer){&byte, 1};
    make_waiting_stream(&s);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 1, .result = PS__READABLE);
    expect(SYS_RECV, .during = shut_receiving, .context = &s, .result = PS_EWOULDBLOCK);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 0);
    fake_end(&s);

    make_waiting_stream(&s);
    expect(SYS_RECVMSG, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 1, .result = PS__READABLE);
    expect(SYS_RECVMSG, .during = shut_receiving, .context = &s, .result = PS_EWOULDBLOCK);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    ck_assert_int_eq(ps_recvmsg(&s, &buffer, 1, NULL, NULL, NULL, 0, NULL, NULL), 0);
    fake_end(&s);
}
END_TEST

/* Datagrams that block in the system are ended for a moment. */
START_TEST(shutdown_by_a_flag_ends_datagrams)
{
    ps_sock d;
    char byte;

    fake_set_shut_receiving(false);
    fake_socket(&d, AF_INET, SOCK_DGRAM);
    expect(SYS_RECV, .during = shut_receiving, .context = &d, .result = PS_EINTR);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    expect(SYS_SHUTDOWN, .value = FAKE_ZERO);
    expect(SYS_WAKE, .on = 1);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = MILLISECONDS(100));
    ck_assert_int_eq(ps_recv(&d, &byte, 1, 0), 0);
    fake_end(&d);
}
END_TEST

START_TEST(shutdown_by_a_flag_wakes_streams_and_messages)
{
    ps_buffer buffer;
    ps_file *f;
    ps_sock s;
    char byte;

    buffer = (ps_buffer){&byte, 1};
    make_waiting_stream(&s);
    ck_assert_ok(ps_makefile(&f, &s, "r", -1));
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect_shutdown_in_a_wait(&s, 0);
    ck_assert_int_eq(ps_file_read(f, &byte, 1), 0);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);

    make_waiting_stream(&s);
    expect(SYS_RECVMSG, .result = PS_EWOULDBLOCK);
    expect_shutdown_in_a_wait(&s, 0);
    ck_assert_int_eq(ps_recvmsg(&s, &buffer, 1, NULL, NULL, NULL, 0, NULL, NULL), 0);
    fake_end(&s);
}
END_TEST

START_TEST(shutdown_by_a_flag_wakes_a_poll)
{
    ps_pollfd p[2] = {{.events = POLLIN}, {.events = POLLOUT}};
    ps_sock s;

    fake_set_shut_receiving(false);
    fake_connected(&s, AF_INET, SOCK_STREAM);
    p[0].sock = p[1].sock = &s;
    expect(SYS_WAIT, .nanoseconds = SECONDS(100), .during = shut_receiving, .context = &s,
           .result = PS_EINTR);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    expect(SYS_WAKE_WAITS, .on = 1);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = SECONDS(10));
    ck_assert_int_eq(ps_poll(p, 2, 100), 1);
    ck_assert_int_eq(p[0].revents, POLLIN);
    ck_assert_int_eq(p[1].revents, 0);
    fake_end(&s);
}
END_TEST

/* Of several sockets one is shut down, one is not, and one is none. */
START_TEST(shutdown_by_a_flag_before_a_poll)
{
    ps_pollfd p[3] = {{.events = POLLIN}, {.events = POLLIN}, {.events = POLLIN}};
    ps_sock s, t;

    fake_set_shut_receiving(false);
    fake_connected(&s, AF_INET, SOCK_STREAM);
    fake_connected(&t, AF_INET, SOCK_STREAM);
    p[0].sock = &s;
    p[1].sock = &t;
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    ck_assert_ok(ps_shutdown(&s, SHUT_RD));
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE);
    ck_assert_int_eq(ps_poll(p, 3, 100), 1);
    ck_assert_int_eq(p[0].revents, POLLIN);
    ck_assert_int_eq(p[1].revents, 0);
    ck_assert_int_eq(p[2].revents, 0);
    ck_assert_ok(ps_close(&s));
    fake_end(&t);
}
END_TEST

/* ---- inheritance ----------------------------------------------------------------------------- */

START_TEST(inheritance_is_the_systems)
{
    ps_sock s;
    bool on = false;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SET_INHERITABLE, .mode = FAKE_ON);
    ck_assert_ok(ps_set_inheritable(&s, true));
    expect(SYS_GET_INHERITABLE, .on_now = true);
    ck_assert_ok(ps_get_inheritable(&s, &on));
    ck_assert(on);
    expect(SYS_GET_INHERITABLE, .result = PS_ENOTSOCK);
    ck_assert_code(ps_get_inheritable(&s, &on), PS_ENOTSOCK);
    fake_end(&s);
    ck_assert_code(ps_set_inheritable(&s, false), PS_EBADF);
    ck_assert_code(ps_get_inheritable(&s, &on), PS_EBADF);
}
END_TEST

void add_socket_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, socket_that_the_system_refuses);
    ADD_TEST_CASE(suite, socket_after_descriptors_ran_out);
    ADD_TEST_CASE(suite, duplicate_that_the_system_refuses);
    ADD_TEST_CASE(suite, adopted_handle_is_described_and_set_up);
    ADD_TEST_CASE(suite, adoption_that_the_system_refuses);
    ADD_TEST_CASE(suite, close_is_once);
    ADD_TEST_CASE(suite, name_of_an_unbound_socket);
    ADD_TEST_CASE(suite, listen_on_an_unbound_socket_binds_it);
    ADD_TEST_CASE(suite, listen_on_what_cannot);
    ADD_TEST_CASE(suite, backlogs_within_what_systems_take);
    ADD_TEST_CASE(suite, bind_of_an_unbound_socket_needs_a_family);
    ADD_TEST_CASE(suite, shutdown_of_an_unconnected_stream);
    ADD_TEST_CASE(suite, shutdown_that_fails_shuts_nothing);
    ADD_TEST_CASE(suite, shutdown_of_receiving_by_a_flag);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_without_receives);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_that_fails_shuts_nothing);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_while_connecting);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_wakes_receives);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_before_a_wait);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_after_a_wait);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_ends_datagrams);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_wakes_streams_and_messages);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_wakes_a_poll);
    ADD_TEST_CASE(suite, shutdown_by_a_flag_before_a_poll);
    ADD_TEST_CASE(suite, inheritance_is_the_systems);
}
