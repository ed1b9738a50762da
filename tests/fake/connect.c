/* ps_connect: each answer that a system may give to a start, and each way in which an attempt
 * ends. */
#include "fake.h"

#include "common/connect/judge.h"
#include "common/socket/gate.h"
#include "common/socket/port_sharing.h"
#include "common/socket/socket.h"

static void make(ps_sock *s, int family, int type, double timeout)
{
    fake_socket(s, family, type);
    if (timeout != PS_NO_TIMEOUT)
        fake_timeout(s, timeout);
}

static int connect_to(ps_sock *s, const char *text)
{
    ps_addr a = fake_address(text);

    return ps_connect(s, &a);
}

/* ---- an attempt within one call -------------------------------------------------------------- */

START_TEST(connect_waits_for_the_end)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 2);
    expect(SYS_CONNECT, .on = 1, .to = "127.0.0.1:80", .result = PS_EINPROGRESS);
    expect(SYS_WAIT, .on = 1, .events = PS__CONNECTED, .nanoseconds = SECONDS(2),
           .advance = SECONDS(1), .result = PS__CONNECTED);
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EISCONN);
    fake_end(&s);
}
END_TEST

/* Most attempts on this machine: nothing is waited for, and the clock is not read. */
START_TEST(connect_that_succeeds_at_once)
{
    unsigned reads;
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 2);
    reads = fake_clock_reads();
    expect(SYS_CONNECT, .on = 1, .to = "127.0.0.1:80", .result = PS_EINPROGRESS);
    expect(SYS_CONNECTED_AT_ONCE, .on = 1, .result = 1);
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    ck_assert_uint_eq(fake_clock_reads(), reads);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EISCONN);
    fake_end(&s);

    make(&s, AF_INET, SOCK_STREAM, 2);
    expect(SYS_CONNECT, .result = 0);
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    fake_end(&s);
}
END_TEST

START_TEST(connect_runs_out_of_time)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 2);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = SECONDS(2), .advance = SECONDS(1), .result = PS_EINTR);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1), .result = 0);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_TIMED_OUT);
    fake_end(&s);
}
END_TEST

/* CON-3, CON-4: the reason is asked for once, since some systems forget it and others never do. */
/* Traps: CON-3. */
START_TEST(connect_tells_why_it_failed)
{
    static const int reasons[] = {PS_ECONNREFUSED, PS_ETIMEDOUT,  PS_EHOSTUNREACH,
                                  PS_ENETUNREACH,  PS_ECONNRESET, PS_EACCES};

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        ps_sock s;

        make(&s, AF_INET, SOCK_STREAM, 2);
        expect(SYS_CONNECT, .result = PS_EINPROGRESS);
        expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
        expect(SYS_CONNECT_RESULT, .on = 1, .result = reasons[i]);
        ck_assert_code(connect_to(&s, "127.0.0.1:80"), reasons[i]);
        fake_end(&s);
    }
}
END_TEST

/* CON-4: somebody has asked before, and the system has forgotten: then the peer's name tells
 * whether it failed. */
/* Traps: CON-4. */
START_TEST(connect_failure_that_the_system_has_forgotten)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 2);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_ECONNABORTED);

    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    expect(SYS_WAIT, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = 0);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    fake_end(&s);
}
END_TEST

/* Traps: CON-5. */
START_TEST(connect_refused_at_once)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = PS_ECONNREFUSED);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_ECONNREFUSED);
    expect(SYS_CONNECT, .result = PS_EADDRINUSE);
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EADDRINUSE);
    /* CON-5: a new start on a failed socket is the system's affair. */
    expect(SYS_CONNECT, .result = 0);
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    fake_end(&s);
}
END_TEST

/* ---- calls beside a connect that blocks in the system ---------------------------------------- */

static void receive_the_reason(void *s)
{
    ck_assert_code(ps_recv(s, (char[1]){0}, 1, 0), PS_ECONNREFUSED);
}

/* The system reports the reason to one of them. */
START_TEST(connect_whose_reason_another_call_was_told)
{
    static const int codes[] = {PS_ECONNABORTED, PS_EPIPE, PS_ENOTCONN};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        ps_sock s;

        make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
        expect(SYS_CONNECT, .during = receive_the_reason, .context = &s, .result = codes[i]);
        expect(SYS_RECV, .result = PS_ECONNREFUSED);
        expect(SYS_GETSOCKOPT, .name = SO_ERROR);
        ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_ECONNREFUSED);
        ck_assert_int_eq(s.flags, 0);
        fake_end(&s);
    }
}
END_TEST

static void ask_for_the_reason(void *s)
{
    ck_assert_code(ps_geterror(s), PS_ECONNREFUSED);
}

START_TEST(connect_whose_reason_the_program_has_asked_for)
{
    static const int refused = 111;
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .during = ask_for_the_reason, .context = &s, .result = PS_ECONNABORTED);
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &refused, .bytes_size = sizeof refused);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_ECONNREFUSED);
    fake_end(&s);
}
END_TEST

static void keep_the_reason(void *s)
{
    __atomic_store_n(&((ps_sock *)s)->failed, PS_ETIMEDOUT, __ATOMIC_SEQ_CST);
}

/* The receive ends first, and waits for the connect, which is about to say why. */
START_TEST(connect_that_was_told_the_reason)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    ck_assert(ps__enter(&s));
    ps__set_flags(&s, PS__IN_PROGRESS);
    expect(SYS_RECV, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .during = keep_the_reason, .context = &s);
    ck_assert_code(ps_recv(&s, (char[1]){0}, 1, 0), PS_ETIMEDOUT);

    /* Nobody says why. */
    s.failed = 0;
    expect(SYS_RECV, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = SECONDS(1));
    ck_assert_code(ps_recv(&s, (char[1]){0}, 1, 0), PS_ENOTCONN);
    (void)ps__leave(&s);
    fake_end(&s);
}
END_TEST

static void keep_the_reason_for_streams(void *s)
{
    atomic_store(&ps__attached(s)->failed, PS_ECONNREFUSED);
}

/* A stream waits for the connect of its socket, too. */
START_TEST(connect_that_was_told_the_reason_beside_a_stream)
{
    ps_file *f;
    ps_sock s;
    char byte;

    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    ck_assert_ok(ps_makefile(&f, &s, "r", 0));
    ps__set_flags(&s, PS__IN_PROGRESS);
    (void)ps__attached_update(&s);
    expect(SYS_RECV, .result = PS_EPIPE);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .advance = MILLISECONDS(50));
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .during = keep_the_reason_for_streams, .context = &s);
    ck_assert_code(ps_file_read(f, &byte, 1), PS_ECONNREFUSED);
    ck_assert_ok(ps_file_close(f));
    fake_end(&s);
}
END_TEST

/* Each reason for which an attempt fails is kept for the others, and nothing else. */
START_TEST(connect_keeps_reasons_only)
{
    static const int reasons[] = {PS_ECONNREFUSED, PS_ETIMEDOUT,   PS_ECONNRESET,
                                  PS_ECONNABORTED, PS_EHOSTDOWN,   PS_EHOSTUNREACH,
                                  PS_ENETDOWN,     PS_ENETUNREACH, PS_EPROTO};
    ps_sock s;

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
        expect(SYS_CONNECT, .result = reasons[i]);
        ck_assert_code(connect_to(&s, "127.0.0.1:80"), reasons[i]);
        ck_assert_int_eq(s.failed, reasons[i]);
        fake_end(&s);
    }
    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = PS_EACCES);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EACCES);
    ck_assert_int_eq(s.failed, 0);
    fake_end(&s);

    /* A datagram socket has no attempt. */
    make(&s, AF_INET, SOCK_DGRAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = PS_ENETUNREACH);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_ENETUNREACH);
    ck_assert_int_eq(s.failed, 0);
    fake_end(&s);
}
END_TEST

/* ---- signals --------------------------------------------------------------------------------- */

/* CON-7: the handshake of a blocking connect goes on after a signal; the next start says so in
 * one of three ways. */
/* Traps: CON-7. */
START_TEST(connect_goes_on_after_a_signal)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = PS_EINTR);
    expect(SYS_CONNECT, .result = PS_EALREADY);
    expect(SYS_SO_TIMEOUT, .events = PS__CONNECTED);
    expect(SYS_WAIT, .events = PS__CONNECTED, .nanoseconds = PS__FOREVER, .result = PS__CONNECTED);
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    fake_end(&s);

    /* What cannot be waited for stays under way. */
    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = PS_EINTR);
    expect(SYS_CONNECT, .result = PS_EALREADY);
    expect(SYS_SO_TIMEOUT, .events = PS__CONNECTED);
    expect(SYS_WAIT, .events = PS__CONNECTED, .nanoseconds = PS__FOREVER, .result = PS_ENOMEM);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_ENOMEM);
    ck_assert_int_eq(s.flags, PS__IN_PROGRESS);
    fake_end(&s);

    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .times = 2, .result = PS_EINTR);
    expect(SYS_CONNECT, .result = PS_EISCONN);
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    fake_end(&s);

    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = PS_EINTR);
    expect(SYS_CONNECT, .result = PS_ECONNREFUSED);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_ECONNREFUSED);
    fake_end(&s);
}
END_TEST

/* Without a signal before it "is connected" is the answer to a second connect. */
START_TEST(connect_of_a_connected_handle)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = PS_EISCONN);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EISCONN);
    fake_end(&s);

    make(&s, AF_UNIX, SOCK_SEQPACKET, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = 0);
    ck_assert_ok(connect_to(&s, "unix:/a"));
    ck_assert_code(connect_to(&s, "unix:/a"), PS_EISCONN);
    fake_end(&s);
}
END_TEST

/* ---- AF_UNIX --------------------------------------------------------------------------------- */

/* CON-8, UNX-8: nothing is under way after EAGAIN, and nothing tells when there is room: sleep,
 * and start again. */
/* Traps: CON-8 UNX-8. */
START_TEST(connect_to_a_full_backlog_starts_again)
{
    ps_sock s;

    make(&s, AF_UNIX, SOCK_STREAM, 1);
    expect(SYS_CONNECT, .on = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(2),
           .advance = MILLISECONDS(2), .result = 0);
    expect(SYS_CONNECT, .on = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(2),
           .advance = MILLISECONDS(2), .result = PS_EINTR);
    expect(SYS_CONNECT, .on = 1, .result = 0);
    ck_assert_ok(connect_to(&s, "unix:/a"));
    fake_end(&s);
}
END_TEST

/* Traps: CON-8. */
START_TEST(connect_to_a_full_backlog_times_out)
{
    ps_sock s;

    make(&s, AF_UNIX, SOCK_STREAM, 0.003);
    expect(SYS_CONNECT, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(2),
           .advance = MILLISECONDS(2), .result = 0);
    expect(SYS_CONNECT, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(1),
           .advance = MILLISECONDS(1), .result = 0);
    expect(SYS_CONNECT, .result = PS_EWOULDBLOCK);
    ck_assert_code(connect_to(&s, "unix:/a"), PS_TIMED_OUT);

    fake_timeout(&s, 0);
    expect(SYS_CONNECT, .result = PS_EWOULDBLOCK);
    ck_assert_code(connect_to(&s, "unix:/a"), PS_EWOULDBLOCK);

    /* In blocking mode it lasts as long as need be, and no option is asked for. */
    fake_timeout(&s, PS_NO_TIMEOUT);
    expect(SYS_CONNECT, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(2),
           .advance = MILLISECONDS(2), .result = 0);
    expect(SYS_CONNECT, .result = PS_ECONNREFUSED);
    ck_assert_code(connect_to(&s, "unix:/a"), PS_ECONNREFUSED);
    fake_end(&s);
}
END_TEST

/* ---- the four answers of non-blocking mode --------------------------------------------------- */

/* CON-1, CON-2: started, still under way, there, there already; the same whatever the system
 * says meanwhile. */
/* Traps: CON-1 CON-2. */
START_TEST(connect_without_a_wait)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 0);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EINPROGRESS);
    expect(SYS_WAIT, .events = PS__CONNECTED, .nanoseconds = FAKE_AT_ONCE, .result = 0);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EALREADY);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS_EINTR);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED);
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EISCONN);
    fake_end(&s);
}
END_TEST

START_TEST(connect_without_a_wait_that_fails)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 0);
    expect(SYS_CONNECT, .result = PS_EALREADY);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS_EBADF);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EBADF);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = PS_ECONNREFUSED);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_ECONNREFUSED);
    /* The failure has been told; the next is a new start. */
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EINPROGRESS);
    fake_end(&s);
}
END_TEST

/* What an earlier call left under way is waited for, with the timeout of the later one. */
START_TEST(connect_that_goes_on_later)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 0);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EINPROGRESS);
    fake_timeout(&s, 1);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = 0);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1), .result = 0);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_TIMED_OUT);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = 0);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .result = PS__CONNECTED);
    ck_assert_ok(connect_to(&s, "127.0.0.1:80"));
    fake_end(&s);
}
END_TEST

/* CON-9: Windows tells the peer's name while the connection is under way. */
/* Traps: CON-9. */
START_TEST(peer_of_a_connection_under_way)
{
    ps_sock s;
    ps_addr peer;

    make(&s, AF_INET, SOCK_STREAM, 0);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(connect_to(&s, "127.0.0.1:80"), PS_EINPROGRESS);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = 0);
    ck_assert_code(ps_getpeername(&s, &peer), PS_ENOTCONN);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    ck_assert_code(ps_getpeername(&s, &peer), PS_ENOTCONN);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .times = 3, .result = PS_EINTR);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    ck_assert_ok(ps_getpeername(&s, &peer));
    fake_end(&s);
}
END_TEST

/* ---- destinations ---------------------------------------------------------------------------- */

/* ADR-13: nobody listens at port 0, which Windows takes for no address. What is no address of this
 * machine remains so. */
/* Traps: ADR-13. */
START_TEST(connect_to_port_0)
{
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 1);
    expect(SYS_CONNECT, .to = "192.0.2.1:0", .result = PS_EADDRNOTAVAIL);
    ck_assert_code(connect_to(&s, "192.0.2.1:0"), PS_ECONNREFUSED);
    fake_end(&s);

    make(&s, AF_INET, SOCK_STREAM, 1);
    expect(SYS_CONNECT, .to = "0.0.0.1:80", .result = PS_EADDRNOTAVAIL);
    ck_assert_code(connect_to(&s, "0.0.0.1:80"), PS_EADDRNOTAVAIL);
    fake_end(&s);

    make(&s, AF_UNIX, SOCK_STREAM, 1);
    expect(SYS_CONNECT, .result = PS_EADDRNOTAVAIL);
    ck_assert_code(connect_to(&s, "unix:/a"), PS_EADDRNOTAVAIL);
    fake_end(&s);
}
END_TEST

/* CON-22: BSD and macOS refuse the family AF_UNSPEC, and have let the peer go. */
/* Traps: CON-22. */
START_TEST(disconnect_that_the_system_refuses)
{
    static const int refusals[] = {PS_EAFNOSUPPORT, PS_EINVAL};
    ps_addr nobody = fake_address("127.0.0.1:0");
    ps_sock s;

    nobody.sa.sa_family = AF_UNSPEC;
    for (int i = 0; i < 2; i++) {
        fake_connected(&s, AF_INET, SOCK_DGRAM);
        expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
        expect(SYS_CONNECT, .to = "family:0:0000000000000000000000000000", .result = refusals[i]);
        expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
        expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
        ck_assert_ok(ps_connect(&s, &nobody));
        expect(SYS_SEND, .result = PS_ENOTCONN);
        ck_assert_code(ps_send(&s, "x", 1, 0), PS_EDESTADDRREQ);
        fake_end(&s);
    }

    /* The program wants to hear of refusals without a peer, too (SIO_UDP_CONNRESET). */
    fake_connected(&s, AF_INET, SOCK_DGRAM);
    s.modes |= PS__PORT_REFUSALS;
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
    expect(SYS_CONNECT);
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
    ck_assert_ok(ps_connect(&s, &nobody));
    fake_end(&s);

    /* Refused, and still connected. */
    fake_connected(&s, AF_INET, SOCK_DGRAM);
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
    expect(SYS_CONNECT, .result = PS_EINVAL);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:9");
    ck_assert_code(ps_connect(&s, &nobody), PS_EINVAL);
    expect(SYS_GETSOCKNAME, .result = PS_EINVAL);
    expect(SYS_CONNECT, .result = PS_ENOBUFS);
    ck_assert_code(ps_connect(&s, &nobody), PS_ENOBUFS);
    fake_end(&s);
}
END_TEST

/* Linux gives back a port that the system had chosen; the socket keeps its name where the system
 * lets it. */
/* Traps: CON-22. */
START_TEST(disconnect_keeps_the_name)
{
    ps_addr nobody = fake_address("127.0.0.1:0");
    ps_sock s;

    nobody.sa.sa_family = AF_UNSPEC;
    fake_connected(&s, AF_INET, SOCK_DGRAM);
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
    expect(SYS_CONNECT, .result = 0);
    expect(SYS_GETSOCKNAME, .from = "0.0.0.0:0");
    expect(SYS_BIND, .to = "127.0.0.1:5000", .result = PS_EINVAL);
    ck_assert_ok(ps_connect(&s, &nobody));

    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
    expect(SYS_CONNECT, .result = 0);
    expect(SYS_GETSOCKNAME, .result = PS_ENOBUFS);
    ck_assert_ok(ps_connect(&s, &nobody));

    /* Not bound (Winsock): there is no name to keep. */
    expect(SYS_GETSOCKNAME, .result = PS_EINVAL);
    expect(SYS_CONNECT, .result = 0);
    ck_assert_ok(ps_connect(&s, &nobody));
    fake_end(&s);

    fake_connected(&s, AF_UNIX, SOCK_DGRAM);
    expect(SYS_CONNECT, .to = "family:0:0000000000000000000000000000", .result = 0);
    ck_assert_ok(ps_connect(&s, &nobody));
    fake_end(&s);

    /* A stream has no such thing. */
    fake_socket(&s, AF_INET, SOCK_STREAM);
    ck_assert_code(ps_connect(&s, &nobody), PS_EAFNOSUPPORT);
    fake_end(&s);
}
END_TEST

/* ---- ps_connect_ex --------------------------------------------------------------------------- */

/* CON-1, TMO-13: the platform's own numbers; connect's "under way" is another one on Windows,
 * and here. */
/* Traps: CON-1 TMO-13. */
START_TEST(connect_ex_gives_native_numbers)
{
    ps_addr a = fake_address("127.0.0.1:80");
    ps_sock s;

    make(&s, AF_INET, SOCK_STREAM, 0);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_int_eq(ps_connect_ex(&s, &a), -PS_EWOULDBLOCK);
    expect(SYS_WAIT, .result = 0);
    ck_assert_int_eq(ps_connect_ex(&s, &a), -PS_EALREADY);
    fake_timeout(&s, 1);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = 0);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1), .result = 0);
    ck_assert_int_eq(ps_connect_ex(&s, &a), -PS_EWOULDBLOCK);
    expect(SYS_WAIT, .result = PS__CONNECTED);
    ck_assert_int_eq(ps_connect_ex(&s, &a), 0);
    ck_assert_int_eq(ps_connect_ex(&s, &a), -PS_EISCONN);
    fake_end(&s);
    ck_assert_int_eq(ps_connect_ex(&s, &a), -PS_EBADF);

    /* A code that no native number stands for is given as it is. */
    make(&s, AF_INET, SOCK_STREAM, 0);
    expect(SYS_CONNECT, .result = PS_BAD_ADDRESS);
    ck_assert_int_eq(ps_connect_ex(&s, &a), PS_BAD_ADDRESS);
    fake_end(&s);
}
END_TEST

void add_connect_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, connect_waits_for_the_end);
    ADD_TEST_CASE(suite, connect_that_succeeds_at_once);
    ADD_TEST_CASE(suite, connect_runs_out_of_time);
    ADD_TEST_CASE(suite, connect_tells_why_it_failed);
    ADD_TEST_CASE(suite, connect_failure_that_the_system_has_forgotten);
    ADD_TEST_CASE(suite, connect_refused_at_once);
    ADD_TEST_CASE(suite, connect_whose_reason_another_call_was_told);
    ADD_TEST_CASE(suite, connect_whose_reason_the_program_has_asked_for);
    ADD_TEST_CASE(suite, connect_that_was_told_the_reason);
    ADD_TEST_CASE(suite, connect_that_was_told_the_reason_beside_a_stream);
    ADD_TEST_CASE(suite, connect_keeps_reasons_only);
    ADD_TEST_CASE(suite, connect_goes_on_after_a_signal);
    ADD_TEST_CASE(suite, connect_of_a_connected_handle);
    ADD_TEST_CASE(suite, connect_to_a_full_backlog_starts_again);
    ADD_TEST_CASE(suite, connect_to_a_full_backlog_times_out);
    ADD_TEST_CASE(suite, connect_without_a_wait);
    ADD_TEST_CASE(suite, connect_without_a_wait_that_fails);
    ADD_TEST_CASE(suite, connect_that_goes_on_later);
    ADD_TEST_CASE(suite, peer_of_a_connection_under_way);
    ADD_TEST_CASE(suite, connect_to_port_0);
    ADD_TEST_CASE(suite, disconnect_that_the_system_refuses);
    ADD_TEST_CASE(suite, disconnect_keeps_the_name);
    ADD_TEST_CASE(suite, connect_ex_gives_native_numbers);
}
