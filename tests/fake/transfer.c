/* Receiving and sending: partial transfers, connections under way, and what other systems
 * answer. */
#include "fake.h"

#include "common/connect/judge.h"
#include "common/socket/call.h"
#include "common/socket/port_sharing.h"
#include "common/socket/socket.h"

static char buffer[100];

static void timed(ps_sock *s, double timeout)
{
    fake_connected(s, AF_INET, SOCK_STREAM);
    fake_timeout(s, timeout);
}

static ptrdiff_t receive(ps_sock *s)
{
    return ps_recv(s, buffer, sizeof buffer, 0);
}

static ptrdiff_t send_hundred(ps_sock *s)
{
    return ps_send(s, buffer, sizeof buffer, 0);
}

static ptrdiff_t send_all_of_a_hundred(ps_sock *s)
{
    return ps_sendall(s, buffer, sizeof buffer, 0, NULL);
}

static ptrdiff_t send_message(ps_sock *s)
{
    ps_buffer message = {buffer, sizeof buffer};

    return ps_sendmsg(s, &message, 1, NULL, 0, 0, NULL);
}

/* A TCP socket whose connection is under way. */
static void connecting(ps_sock *s, double timeout)
{
    ps_addr a = fake_address("127.0.0.1:80");

    fake_socket(s, AF_INET, SOCK_STREAM);
    fake_timeout(s, 0);
    expect(SYS_CONNECT, .result = PS_EINPROGRESS);
    ck_assert_code(ps_connect(s, &a), PS_EINPROGRESS);
    fake_timeout(s, timeout);
}

/* ---- receiving ------------------------------------------------------------------------------- */

/* SND-4: what the system says of the connection's end is handed on. */
/* Traps: SND-4. */
START_TEST(recv_hands_errors_on)
{
    static const int codes[] = {PS_ECONNRESET, PS_ETIMEDOUT, PS_ENOBUFS, PS_EBADF,
                                PS_ENOTSOCK,   PS_EFAULT,    PS_EIO};
    ps_sock s;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        fake_connected(&s, AF_INET, SOCK_STREAM);
        expect(SYS_RECV, .on = 1, .size = 100, .result = codes[i]);
        ck_assert_code(receive(&s), codes[i]);
        fake_end(&s);
    }
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        fake_connected(&s, AF_INET, SOCK_STREAM);
        fake_timeout(&s, 1);
        expect(SYS_RECV, .result = PS_EWOULDBLOCK);
        expect(SYS_WAIT, .result = PS__READABLE);
        expect(SYS_RECV, .result = codes[i]);
        ck_assert_code(receive(&s), codes[i]);
        fake_end(&s);
    }
    timed(&s, 1);
    expect(SYS_RECV, .result = 0);
    ck_assert_int_eq(receive(&s), 0);
    fake_end(&s);
}
END_TEST

/* ADR-17: a stream has one sender, whom some systems tell, some do not, and some leave the
 * buffer as it was. */
/* Traps: ADR-17. */
START_TEST(recvfrom_on_a_stream_tells_no_sender)
{
    ps_addr from = fake_address("1.2.3.4:5");
    ps_sock s;

    timed(&s, 1);
    expect(SYS_RECVFROM, .from = "127.0.0.1:80", .result = 3);
    ck_assert_int_eq(ps_recvfrom(&s, buffer, 100, 0, &from), 3);
    ck_assert(from.len == 0);

    from = fake_address("1.2.3.4:5");
    expect(SYS_RECVFROM, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__READABLE, .result = PS__READABLE);
    expect(SYS_RECVFROM, .from = "127.0.0.1:80", .result = 3);
    ck_assert_int_eq(ps_recvfrom(&s, buffer, 100, 0, &from), 3);
    ck_assert(from.len == 0);
    fake_end(&s);
}
END_TEST

START_TEST(recvfrom_tells_the_sender_of_a_datagram)
{
    ps_addr from;
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    expect(SYS_RECVFROM, .size = 100, .from = "127.0.0.1:7", .result = 3, .data = "abc");
    ck_assert_int_eq(ps_recvfrom(&s, buffer, 100, 0, &from), 3);
    ck_assert_int_eq(ps_addr_port(&from), 7);
    expect(SYS_RECVFROM, .result = 0);
    ck_assert_int_eq(ps_recvfrom(&s, buffer, 100, 0, &from), 0);
    ck_assert(from.len == 0);
    expect(SYS_RECV, .size = 100, .result = 3);
    ck_assert_int_eq(ps_recvfrom(&s, buffer, 100, 0, NULL), 3);
    fake_end(&s);
}
END_TEST

/* SND-19: Winsock wants a datagram socket bound before it receives; POSIX waits. */
/* Traps: SND-19. */
START_TEST(recv_on_an_unbound_datagram_socket_binds_it)
{
    ps_addr from;
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    fake_timeout(&s, 1);
    expect(SYS_RECVFROM, .result = PS_EINVAL);
    expect(SYS_BIND, .to = "0.0.0.0:0", .result = 0);
    expect(SYS_WAIT, .events = PS__READABLE, .nanoseconds = SECONDS(1), .advance = SECONDS(1),
           .result = 0);
    ck_assert_code(ps_recvfrom(&s, buffer, 100, 0, &from), PS_TIMED_OUT);

    /* Bound already: the system means something else. */
    expect(SYS_RECV, .result = PS_EINVAL);
    expect(SYS_BIND, .to = "0.0.0.0:0", .result = PS_EINVAL);
    ck_assert_code(receive(&s), PS_EINVAL);
    fake_end(&s);

    /* Only inet and inet6 have a wildcard address. */
    fake_socket(&s, AF_UNIX, SOCK_DGRAM);
    expect(SYS_RECV, .result = PS_EINVAL);
    ck_assert_code(receive(&s), PS_EINVAL);
    fake_end(&s);

    timed(&s, 1);
    expect(SYS_RECV, .result = PS_EINVAL);
    ck_assert_code(receive(&s), PS_EINVAL);
    fake_end(&s);
    ck_assert_code(ps__judge_receive(&s, PS_EINVAL), PS_EINVAL);
}
END_TEST

/* Linux says "end of the stream" after a connection was refused: it never began. */
START_TEST(recv_on_a_stream_that_never_began)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(receive(&s), PS_ENOTCONN);
    /* Connected behind this library's back: an end it is. */
    expect(SYS_RECV, .result = 0);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:80");
    ck_assert_int_eq(receive(&s), 0);
    fake_end(&s);
}
END_TEST

/* SND-3, SND-5: neither is asked of the system, whose answers differ. */
/* Traps: SND-3 SND-5. */
START_TEST(recv_of_nothing)
{
    ps_sock s, d;

    timed(&s, 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 0, 0), 0);
    ck_assert_int_eq(ps_recv(&s, NULL, 0, 0), 0);
    expect(SYS_SHUTDOWN, .value = FAKE_ZERO, .result = 0);
    ck_assert_ok(ps_shutdown(&s, SHUT_RD));
    ck_assert_int_eq(receive(&s), 0);
    ck_assert_ok(ps_close(&s));
    ck_assert_code(ps_recv(&s, buffer, 0, MSG_PEEK), PS_EBADF);
    ck_assert_code(ps_recv(&s, buffer, 0, 0), PS_EBADF);

    /* A datagram of no bytes, and a datagram read with no room, are asked for. */
    fake_socket(&d, AF_INET, SOCK_DGRAM);
    expect(SYS_RECV, .size = FAKE_NO_BYTES, .result = 0);
    ck_assert_int_eq(ps_recv(&d, NULL, 0, 0), 0);
    expect(SYS_RECV, .size = 100, .result = 0);
    ck_assert_int_eq(receive(&d), 0);
    fake_end(&d);
}
END_TEST

/* SND-10: no system is asked for more than it can count. */
/* Traps: SND-10. */
START_TEST(recv_asks_for_no_more_than_a_system_counts)
{
    ps_sock s;

    timed(&s, 1);
    expect(SYS_RECV, .size = PS__TRANSFER_MAX, .result = 10);
    ck_assert_int_eq(ps_recv(&s, buffer, PTRDIFF_MAX, 0), 10);
    ck_assert_code(ps_recv(&s, buffer, SIZE_MAX, 0), PS_BAD_LENGTH);
    fake_end(&s);
}
END_TEST

/* SND-14, SND-15: MSG_WAITALL within the timeout, on every system. */
/* Traps: SND-15. */
START_TEST(recv_waitall_collects)
{
    ps_sock s;

    timed(&s, 1);
    expect(SYS_RECV, .size = 100, .flags = FAKE_ZERO, .result = 40);
    expect(SYS_RECV, .size = 60, .result = PS_EINTR);
    expect(SYS_RECV, .size = 60, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__READABLE, .nanoseconds = SECONDS(1),
           .advance = MILLISECONDS(400), .result = PS__READABLE);
    expect(SYS_RECV, .size = 60, .result = 59);
    expect(SYS_RECV, .size = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(600), .result = PS__READABLE);
    expect(SYS_RECV, .size = 1, .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 100);
    fake_end(&s);
}
END_TEST

/* What has come is given; why no more came is told by the next call. */
/* Traps: SND-15. */
START_TEST(recv_waitall_cut_short)
{
    ps_sock s;

    timed(&s, 1);
    expect(SYS_RECV, .size = 100, .result = 40);
    expect(SYS_RECV, .size = 60, .result = 0);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 40);

    expect(SYS_RECV, .size = 100, .result = 40);
    expect(SYS_RECV, .size = 60, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .advance = SECONDS(1), .result = 0);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 40);

    expect(SYS_RECV, .size = 100, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .advance = SECONDS(1), .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 100, MSG_WAITALL), PS_TIMED_OUT);

    expect(SYS_RECV, .size = 100, .result = 0);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 0);

    /* A stream that gives its bytes slowly, but never makes the call wait: the deadline holds. */
    expect(SYS_RECV, .advance = MILLISECONDS(600), .result = 1);
    expect(SYS_RECV, .advance = MILLISECONDS(600), .result = 1);
    expect(SYS_RECV, .advance = MILLISECONDS(600), .result = 1);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 3);

    fake_end(&s);

    /* An error that is no end comes again; one that is, is kept. */
    timed(&s, 1);
    expect(SYS_RECV, .size = 100, .result = 40);
    expect(SYS_RECV, .size = 60, .result = PS_ENOBUFS);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 40);
    expect(SYS_RECV, .size = 100, .result = 40);
    expect(SYS_RECV, .size = 60, .result = PS_ECONNRESET);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 40);
    expect(SYS_RECV, .size = 100, .result = 0);
    ck_assert_code(ps_recv(&s, buffer, 100, MSG_WAITALL), PS_ECONNRESET);
    fake_end(&s);
}
END_TEST

/* Where it cannot wait, or must not look twice, the flag is the system's or none. */
/* Traps: SND-14. */
START_TEST(recv_waitall_where_it_means_nothing)
{
    ps_sock s, d;

    timed(&s, 0);
    expect(SYS_RECV, .flags = FAKE_ZERO, .result = 40);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 40);
    fake_timeout(&s, 1);
    expect(SYS_RECV, .flags = MSG_PEEK, .result = 40);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL | MSG_PEEK), 40);
    fake_timeout(&s, PS_NO_TIMEOUT);
    expect(SYS_RECV, .flags = MSG_WAITALL, .result = 100);
    ck_assert_int_eq(ps_recv(&s, buffer, 100, MSG_WAITALL), 100);
    ck_assert_ok(ps_close(&s));

    fake_socket(&d, AF_INET, SOCK_DGRAM);
    expect(SYS_RECV, .flags = FAKE_ZERO, .result = 40);
    ck_assert_int_eq(ps_recv(&d, buffer, 100, MSG_WAITALL), 40);
    fake_end(&d);
}
END_TEST

/* ---- sending --------------------------------------------------------------------------------- */

START_TEST(sendall_goes_on_after_partial_sends)
{
    ps_sock s;
    size_t sent = 0;

    timed(&s, 1);
    expect(SYS_SEND, .size = 100, .result = 40);
    expect(SYS_SEND, .size = 60, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(10),
           .result = PS__WRITABLE);
    expect(SYS_SEND, .size = 60, .result = PS_EINTR);
    expect(SYS_SEND, .size = 60, .result = 59);
    expect(SYS_SEND, .size = 1, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = MILLISECONDS(990),
           .result = PS__WRITABLE);
    expect(SYS_SEND, .size = 1, .result = 1);
    ck_assert_ok(ps_sendall(&s, buffer, 100, 0, &sent));
    ck_assert_uint_eq(sent, 100);
    fake_end(&s);
}
END_TEST

/* SND-22: one deadline for all of it, and the number of bytes that were taken. */
/* Traps: SND-22. */
START_TEST(sendall_tells_how_far_it_came)
{
    static const int codes[] = {PS_ECONNRESET, PS_EPIPE, PS_ENOBUFS, PS_ETIMEDOUT};
    ps_sock s;
    size_t sent;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        timed(&s, 1);
        expect(SYS_SEND, .size = 100, .result = 40);
        expect(SYS_SEND, .size = 60, .result = codes[i]);
        ck_assert_code(ps_sendall(&s, buffer, 100, 0, &sent), codes[i]);
        ck_assert_uint_eq(sent, 40);
        fake_end(&s);
    }
    timed(&s, 1);
    expect(SYS_SEND, .size = 100, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(900),
           .result = PS__WRITABLE);
    expect(SYS_SEND, .size = 100, .result = 1);
    expect(SYS_SEND, .size = 99, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = MILLISECONDS(100), .advance = MILLISECONDS(100), .result = 0);
    ck_assert_code(ps_sendall(&s, buffer, 100, 0, &sent), PS_TIMED_OUT);
    ck_assert_uint_eq(sent, 1);

    /* A peer that takes a byte at a time never makes the call wait, and the deadline holds all
     * the same. */
    expect(SYS_SEND, .size = 100, .result = 1);
    expect(SYS_SEND, .size = 99, .result = 1);
    expect(SYS_SEND, .size = 98, .advance = SECONDS(1), .result = 1);
    ck_assert_code(ps_sendall(&s, buffer, 100, 0, NULL), PS_TIMED_OUT);

    fake_timeout(&s, 0);
    expect(SYS_SEND, .size = 100, .result = 40);
    expect(SYS_SEND, .size = 60, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_sendall(&s, buffer, 100, 0, &sent), PS_EWOULDBLOCK);
    ck_assert_uint_eq(sent, 40);
    fake_end(&s);
}
END_TEST

START_TEST(sendall_that_takes_nothing_goes_on)
{
    ps_sock s;
    size_t sent;

    timed(&s, 1);
    expect(SYS_SEND, .size = 100, .result = 0);
    expect(SYS_SEND, .size = 100, .result = 100);
    ck_assert_ok(ps_sendall(&s, buffer, 100, 0, &sent));
    expect(SYS_SEND, .size = FAKE_NO_BYTES, .result = 0);
    ck_assert_ok(ps_sendall(&s, NULL, 0, 0, &sent));
    ck_assert_uint_eq(sent, 0);
    fake_end(&s);
}
END_TEST

/* SND-10: in pieces that every system can count. */
/* Traps: SND-10. */
START_TEST(send_in_pieces)
{
    const size_t huge = (size_t)PS__TRANSFER_MAX * 2 + 7;
    ps_addr to = fake_address("127.0.0.1:7");
    ps_sock s, d;
    size_t sent;

    timed(&s, 1);
    if (huge > PTRDIFF_MAX) { /* on 32 bits that is no size */
        ck_assert_code(ps_send(&s, buffer, huge, 0), PS_BAD_LENGTH);
        fake_end(&s);
        return;
    }
    expect(SYS_SEND, .size = PS__TRANSFER_MAX, .result = PS__TRANSFER_MAX);
    ck_assert_int_eq(ps_send(&s, buffer, huge, 0), PS__TRANSFER_MAX);
    expect(SYS_SEND, .size = PS__TRANSFER_MAX, .times = 2, .result = PS__TRANSFER_MAX);
    expect(SYS_SEND, .size = 7, .result = 7);
    ck_assert_ok(ps_sendall(&s, buffer, huge, 0, &sent));
    ck_assert_uint_eq(sent, huge);
    ck_assert_code(ps_send(&s, buffer, SIZE_MAX, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_send(&s, NULL, 1, 0), PS_EFAULT);
    expect(SYS_SEND, .size = FAKE_NO_BYTES, .result = 0);
    ck_assert_int_eq(ps_send(&s, NULL, 0, 0), 0);
    ck_assert_ok(ps_close(&s));

    fake_socket(&d, AF_INET, SOCK_DGRAM);
    expect(SYS_SENDTO, .size = PS__TRANSFER_MAX, .result = PS_EMSGSIZE);
    ck_assert_code(ps_sendto(&d, buffer, huge, 0, &to), PS_EMSGSIZE);
    expect(SYS_SENDTO, .size = FAKE_NO_BYTES, .result = 0);
    ck_assert_int_eq(ps_sendto(&d, NULL, 0, 0, &to), 0);
    fake_end(&d);
}
END_TEST

/* SND-2: five systems have five answers to a send without a connection. */
/* Traps: SND-2. */
START_TEST(send_without_a_connection)
{
    static const int streams[] = {PS_EPIPE, PS_ECONNRESET, PS_ENOTCONN};
    static const int datagrams[] = {PS_ENOTCONN, PS_EINVAL, PS_EDESTADDRREQ};
    ps_sock s, d, u;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    fake_socket(&d, AF_INET6, SOCK_DGRAM);
    fake_socket(&u, AF_UNIX, SOCK_STREAM);
    for (int i = 0; i < 3; i++) {
        expect(SYS_SEND, .on = 1, .result = streams[i]);
        ck_assert_code(send_hundred(&s), PS_ENOTCONN);
        expect(SYS_SEND, .on = 2, .result = datagrams[i]);
        ck_assert_code(send_hundred(&d), PS_EDESTADDRREQ);
    }
    expect(SYS_SEND, .on = 1, .result = PS_ENOMEM);
    ck_assert_code(send_hundred(&s), PS_ENOMEM);
    expect(SYS_SEND, .on = 2, .result = PS_ENOMEM);
    ck_assert_code(send_hundred(&d), PS_ENOMEM);
    expect(SYS_SEND, .on = 3, .result = PS_EPIPE);
    ck_assert_code(send_hundred(&u), PS_EPIPE);
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_close(&d));
    fake_end(&u);
}
END_TEST

START_TEST(send_waits_for_room)
{
    ps_sock s;

    timed(&s, 1);
    expect(SYS_SEND, .size = 100, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .nanoseconds = SECONDS(1), .result = PS__WRITABLE);
    expect(SYS_SEND, .size = 100, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__WRITABLE, .result = PS__WRITABLE);
    expect(SYS_SEND, .size = 100, .result = 30);
    ck_assert_int_eq(send_hundred(&s), 30);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .result = PS__WRITABLE);
    expect(SYS_SEND, .result = PS_EPIPE);
    ck_assert_code(send_hundred(&s), PS_EPIPE);
    fake_end(&s);
}
END_TEST

START_TEST(sendto_waits_for_room)
{
    ps_addr to = fake_address("127.0.0.1:7");
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    fake_timeout(&s, 1);
    expect(SYS_SENDTO, .to = "127.0.0.1:7", .result = PS_EWOULDBLOCK);
    expect(SYS_GETSOCKNAME, .from = "127.0.0.1:5000");
    expect(SYS_WAIT, .events = PS__WRITABLE, .result = PS__WRITABLE);
    expect(SYS_SENDTO, .to = "127.0.0.1:7", .result = PS_ENETUNREACH);
    ck_assert_code(ps_sendto(&s, buffer, 100, 0, &to), PS_ENETUNREACH);
    fake_end(&s);
    ck_assert_code(ps_sendto(&s, buffer, 100, 0, &to), PS_EBADF);
}
END_TEST

/* ADR-13: as Linux says, whatever the system says; a raw socket has no ports. */
/* Traps: ADR-13. */
START_TEST(sendto_port_0)
{
    ps_addr nowhere = fake_address("127.0.0.1:0"), gone = fake_address("192.0.2.1:7");
    ps_buffer text = {buffer, 1};
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    expect(SYS_SENDTO, .result = PS_EADDRNOTAVAIL);
    ck_assert_code(ps_sendto(&s, buffer, 1, 0, &nowhere), PS_EINVAL);
    expect(SYS_SENDMSG, .result = PS_EADDRNOTAVAIL);
    ck_assert_code(ps_sendmsg(&s, &text, 1, NULL, 0, 0, &nowhere), PS_EINVAL);
    expect(SYS_SENDTO, .result = PS_EADDRNOTAVAIL);
    ck_assert_code(ps_sendto(&s, buffer, 1, 0, &gone), PS_EADDRNOTAVAIL);
    ck_assert_ok(ps_close(&s));
    fake_socket(&s, AF_INET, SOCK_RAW);
    expect(SYS_SENDTO, .result = PS_EADDRNOTAVAIL);
    ck_assert_code(ps_sendto(&s, buffer, 1, 0, &nowhere), PS_EADDRNOTAVAIL);
    fake_end(&s);
}
END_TEST

/* ---- a connection under way ------------------------------------------------------------------ */

/* CON-9: a transfer waits for the connection, whatever the system says meanwhile, and tells how
 * it failed. */
/* Traps: CON-9. */
START_TEST(transfer_waits_for_the_connection)
{
    ps_sock s;

    connecting(&s, 1);
    expect(SYS_RECV, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .events = PS__CONNECTED, .nanoseconds = FAKE_AT_ONCE, .result = 0);
    expect(SYS_WAIT, .events = PS__READABLE | PS__CONNECTED, .nanoseconds = SECONDS(1),
           .advance = MILLISECONDS(1), .result = PS__CONNECTED);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .events = PS__CONNECTED, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED);
    expect(SYS_WAIT, .events = PS__READABLE, .nanoseconds = MILLISECONDS(999),
           .result = PS__READABLE);
    expect(SYS_RECV, .result = 3);
    ck_assert_int_eq(receive(&s), 3);
    fake_end(&s);

    connecting(&s, 1);
    expect(SYS_SEND, .result = PS_ENOTCONN);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED);
    expect(SYS_WAIT, .events = PS__WRITABLE, .result = PS__WRITABLE);
    expect(SYS_SEND, .result = 100);
    ck_assert_int_eq(send_hundred(&s), 100);
    fake_end(&s);
}
END_TEST

START_TEST(transfer_tells_why_the_connection_failed)
{
    ps_sock s;

    connecting(&s, 1);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = PS_ECONNREFUSED);
    ck_assert_code(send_hundred(&s), PS_ECONNREFUSED);
    fake_end(&s);

    /* The transfer's own answer was the reason, and the system has forgotten it. */
    connecting(&s, 1);
    expect(SYS_RECV, .result = PS_ECONNREFUSED);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = 0);
    ck_assert_code(receive(&s), PS_ECONNREFUSED);
    fake_end(&s);

    /* Nobody knows the reason. */
    connecting(&s, 1);
    expect(SYS_RECV, .result = 0);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(receive(&s), PS_ECONNABORTED);
    fake_end(&s);

    connecting(&s, 1);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT, .result = 0);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    ck_assert_code(send_hundred(&s), PS_ECONNABORTED);
    fake_end(&s);
}
END_TEST

START_TEST(transfer_on_a_connection_under_way_that_signals_interrupt)
{
    ps_sock s;

    connecting(&s, 1);
    expect(SYS_RECV, .result = PS_EINTR);
    expect(SYS_RECV, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS_EINTR);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS_EBADF);
    ck_assert_code(receive(&s), PS_EBADF);
    /* An end that came with the connection. */
    expect(SYS_RECV, .result = 0);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED);
    ck_assert_int_eq(receive(&s), 0);
    fake_end(&s);
}
END_TEST

/* A transfer that succeeds shows that the connection is there, so that what comes later is
 * judged as that of a connection. */
START_TEST(transfer_that_succeeds_on_a_connection_under_way)
{
    static ptrdiff_t (*const transfers[])(ps_sock *) = {receive, send_hundred,
                                                        send_all_of_a_hundred, send_message};
    static const int calls[] = {SYS_RECV, SYS_SEND, SYS_SEND, SYS_SENDMSG};
    ps_addr a = fake_address("127.0.0.1:80");
    ps_sock s;

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        connecting(&s, 0);
        expect(calls[i], .result = 100);
        ck_assert_code(transfers[i](&s), i == 2 ? 0 : 100);
        expect(SYS_RECV, .result = PS_ECONNRESET);
        ck_assert_code(receive(&s), PS_ECONNRESET);
        expect(SYS_RECV, .result = 0);
        ck_assert_code(receive(&s), PS_ECONNRESET);
        ck_assert_code(ps_connect(&s, &a), PS_EISCONN);
        fake_end(&s);
    }

    /* ps_connect has still to say so. */
    connecting(&s, 0);
    expect(SYS_SEND, .result = 100);
    ck_assert_code(send_hundred(&s), 100);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED);
    ck_assert_ok(ps_connect(&s, &a));
    ck_assert_code(ps_connect(&s, &a), PS_EISCONN);
    fake_end(&s);

    /* Bytes, and then an error that the system tells once: it is kept for the next call. */
    connecting(&s, 1);
    expect(SYS_RECV, .result = 40);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(ps_recv(&s, buffer, 100, MSG_WAITALL), 40);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    fake_end(&s);

    /* The same while a ps_connect in another thread still waits. */
    connecting(&s, 1);
    s.flags = 0;
    expect(SYS_RECV, .result = 40);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    expect(SYS_WAIT, .nanoseconds = FAKE_AT_ONCE, .result = PS__CONNECTED | PS__FAILED);
    expect(SYS_CONNECT_RESULT);
    ck_assert_code(ps_recv(&s, buffer, 100, MSG_WAITALL), 40);
    expect(SYS_RECV, .result = 0);
    ck_assert_code(receive(&s), PS_ECONNRESET);
    fake_end(&s);
}
END_TEST

/* The flags that say "do not wait" of the systems that have them. */
START_TEST(transfer_that_must_not_wait)
{
    ps_sock s;

    if (PS__WITHOUT_WAIT == 0)
        return;
    timed(&s, 1);
    expect(SYS_RECV, .flags = PS__WITHOUT_WAIT, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_recv(&s, buffer, 100, PS__WITHOUT_WAIT), PS_EWOULDBLOCK);
    expect(SYS_SEND, .flags = PS__WITHOUT_WAIT, .result = PS_EWOULDBLOCK);
    ck_assert_code(ps_send(&s, buffer, 100, PS__WITHOUT_WAIT), PS_EWOULDBLOCK);
    ck_assert_uint_eq(fake_clock_reads(), 0);
    fake_end(&s);
}
END_TEST

/* SND-8: Windows fails a later call for a datagram that found a port closed, or that a router
 * gave up. */
/* Traps: SND-8. */
START_TEST(datagrams_that_found_a_port_closed)
{
    ps_addr to = fake_address("127.0.0.1:7");
    ps_addr from;
    ps_sock s, c, t;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    fake_timeout(&s, 1);
    expect(SYS_RECVFROM, .result = PS_ECONNRESET);
    expect(SYS_RECVFROM, .result = PS_ENETRESET);
    expect(SYS_RECVFROM, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(600),
           .result = PS__READABLE);
    expect(SYS_RECVFROM, .advance = MILLISECONDS(400), .result = PS_ECONNRESET);
    ck_assert_code(ps_recvfrom(&s, buffer, 100, 0, &from), PS_TIMED_OUT);
    expect(SYS_SENDTO, .result = PS_ECONNRESET);
    expect(SYS_SENDTO, .result = PS_ECONNRESET);
    expect(SYS_SENDTO, .result = 100);
    ck_assert_int_eq(ps_sendto(&s, buffer, 100, 0, &to), 100);
    /* As the program asked for with SIO_UDP_CONNRESET. */
    s.modes |= PS__PORT_REFUSALS;
    expect(SYS_RECVFROM, .result = PS_ECONNRESET);
    ck_assert_code(ps_recvfrom(&s, buffer, 100, 0, &from), PS_ECONNREFUSED);
    ck_assert_ok(ps_close(&s));

    /* A connected socket's peer has refused; a router's word is no refusal. */
    expect(SYS_SOCKET, .type = SOCK_DGRAM);
    ck_assert_ok(ps_socket(&c, AF_INET, SOCK_DGRAM, 0));
    expect(SYS_CONNECT);
    expect(SYS_REPORT_REFUSALS, .mode = FAKE_ON);
    ck_assert_ok(ps_connect(&c, &to));
    expect(SYS_SEND, .result = PS_ECONNRESET);
    expect(SYS_GETPEERNAME, .from = "127.0.0.1:7");
    ck_assert_code(send_hundred(&c), PS_ECONNREFUSED);
    expect(SYS_RECV, .result = PS_ENETRESET);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(receive(&c), 1);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    expect(SYS_GETPEERNAME, .result = PS_ENOTCONN);
    expect(SYS_RECV, .result = 1);
    ck_assert_int_eq(receive(&c), 1);
    ck_assert_ok(ps_close(&c));

    /* A stream's reset is a reset. */
    timed(&t, 1);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(receive(&t), PS_ECONNRESET);
    ck_assert_ok(ps_close(&t));
    fake_connected(&t, AF_UNIX, SOCK_DGRAM);
    expect(SYS_RECV, .result = PS_ECONNRESET);
    ck_assert_code(receive(&t), PS_ECONNRESET);
    fake_end(&t);
}
END_TEST

/* UNX-8: a system says when a socket has room, not when the one has that a datagram is for:
 * sleep, and try again. */
/* Traps: UNX-8. */
START_TEST(datagram_to_a_full_queue)
{
    ps_addr to = fake_address("unix:/a");
    ps_sock s;

    fake_socket(&s, AF_UNIX, SOCK_DGRAM);
    fake_timeout(&s, 1);
    expect(SYS_SENDTO, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(2),
           .advance = MILLISECONDS(999), .result = 0);
    expect(SYS_SENDTO, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(1), .advance = 999999,
           .result = 0);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = 1, .advance = 1, .result = 0);
    expect(SYS_SENDTO, .result = 100);
    ck_assert_int_eq(ps_sendto(&s, buffer, 100, 0, &to), 100);
    ck_assert_ok(ps_close(&s));

    fake_connected(&s, AF_UNIX, SOCK_DGRAM);
    fake_timeout(&s, 1);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 2, .events = PS__WRITABLE, .nanoseconds = SECONDS(1),
           .result = PS__WRITABLE);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = FAKE_NO_HANDLE, .nanoseconds = MILLISECONDS(2),
           .advance = MILLISECONDS(2), .result = 0);
    expect(SYS_SEND, .result = 100);
    ck_assert_int_eq(send_hundred(&s), 100);
    ck_assert_ok(ps_close(&s));

    fake_connected(&s, AF_UNIX, SOCK_STREAM);
    fake_timeout(&s, 1);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 3, .result = PS__WRITABLE);
    expect(SYS_SEND, .result = PS_EWOULDBLOCK);
    expect(SYS_WAIT, .on = 3, .result = PS__WRITABLE);
    expect(SYS_SEND, .result = 100);
    ck_assert_int_eq(send_hundred(&s), 100);
    fake_end(&s);
}
END_TEST

void add_transfer_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, recv_hands_errors_on);
    ADD_TEST_CASE(suite, recvfrom_on_a_stream_tells_no_sender);
    ADD_TEST_CASE(suite, recvfrom_tells_the_sender_of_a_datagram);
    ADD_TEST_CASE(suite, recv_on_an_unbound_datagram_socket_binds_it);
    ADD_TEST_CASE(suite, recv_on_a_stream_that_never_began);
    ADD_TEST_CASE(suite, recv_of_nothing);
    ADD_TEST_CASE(suite, recv_asks_for_no_more_than_a_system_counts);
    ADD_TEST_CASE(suite, recv_waitall_collects);
    ADD_TEST_CASE(suite, recv_waitall_cut_short);
    ADD_TEST_CASE(suite, recv_waitall_where_it_means_nothing);
    ADD_TEST_CASE(suite, sendall_goes_on_after_partial_sends);
    ADD_TEST_CASE(suite, sendall_tells_how_far_it_came);
    ADD_TEST_CASE(suite, sendall_that_takes_nothing_goes_on);
    ADD_TEST_CASE(suite, send_in_pieces);
    ADD_TEST_CASE(suite, send_without_a_connection);
    ADD_TEST_CASE(suite, send_waits_for_room);
    ADD_TEST_CASE(suite, sendto_waits_for_room);
    ADD_TEST_CASE(suite, transfer_waits_for_the_connection);
    ADD_TEST_CASE(suite, transfer_tells_why_the_connection_failed);
    ADD_TEST_CASE(suite, transfer_on_a_connection_under_way_that_signals_interrupt);
    ADD_TEST_CASE(suite, transfer_that_succeeds_on_a_connection_under_way);
    ADD_TEST_CASE(suite, transfer_that_must_not_wait);
    ADD_TEST_CASE(suite, datagrams_that_found_a_port_closed);
    ADD_TEST_CASE(suite, datagram_to_a_full_queue);
    ADD_TEST_CASE(suite, sendto_port_0);
}
