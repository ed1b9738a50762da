/*
 * Random sequences of operations on a connected pair and on a listener, beside a model that
 * knows what each must answer.
 *
 * A session is made from a number, its seed; a failure names the seed and the operation, so that
 * it can be made again.
 */
#include "heavy.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- a connected pair ------------------------------------------------------------------------ */

/* What the model knows of one end. Bytes are counted from the connection's beginning. */
typedef struct end {
    ps_sock sock;
    size_t sent;
    size_t received;
    bool closed;
    bool shut_send;
    bool shut_receive;
} end;

/* `torn`: an end was closed or shut with bytes unread, or was sent to after it was closed: the
 * system may reset the connection, and what was under way may be lost. What does arrive is still
 * right and in order. */
typedef struct session {
    end ends[2];
    bool torn;
    heavy_random random;
    unsigned long seed;
    unsigned step;
} session;

#define CHECK(session, condition, ...)            \
    do {                                          \
        if (!(condition))                         \
            fail_session((session), __VA_ARGS__); \
    } while (0)

static _Noreturn void fail_session(const session *s, const char *format, ...)
{
    char what[200];
    va_list values;

    va_start(values, format);
    vsnprintf(what, sizeof what, format, values);
    va_end(values);
    ck_abort_msg("seed %lu, step %u: %s", s->seed, s->step, what);
    abort(); /* not reached; Check does not say so */
}

static unsigned char byte_at(int side, size_t position)
{
    return (unsigned char)(position * 7 + (position >> 8) + (size_t)side * 101);
}

static size_t under_way_to(const session *s, int side)
{
    return s->ends[!side].sent - s->ends[side].received;
}

/* What a peer that is gone answers. */
static bool is_torn_answer(ptrdiff_t result)
{
    return result == PS_EPIPE || result == PS_ECONNRESET || result == PS_ENOTCONN ||
           result == PS_ECONNABORTED;
}

static ptrdiff_t send_in_a_way(session *s, end *e, unsigned char *data, size_t size)
{
    ps_buffer pieces[2] = {{data, size / 3}, {data + size / 3, size - size / 3}};
    size_t sent = 0;
    int code;

    switch (heavy_random_below(&s->random, 3)) {
    case 0:
        return ps_send(&e->sock, data, size, 0);
    case 1:
        return ps_sendmsg(&e->sock, pieces, 2, NULL, 0, 0, NULL);
    default:
        code = ps_sendall(&e->sock, data, size, 0, &sent);
        return sent > 0 ? (ptrdiff_t)sent : code;
    }
}

/* Keeps what is under way far below what the system takes without a reader. */
enum { UNDER_WAY_MAX = 30000, PIECE_MAX = 4000 };

static void do_send(session *s, int side)
{
    unsigned char data[PIECE_MAX];
    size_t size = 1 + heavy_random_below(&s->random, PIECE_MAX);
    end *e = &s->ends[side], *peer = &s->ends[!side];
    ptrdiff_t n;

    if (under_way_to(s, !side) + size > UNDER_WAY_MAX)
        return;
    for (size_t i = 0; i < size; i++)
        data[i] = byte_at(side, e->sent + i);
    if (peer->closed || peer->shut_receive)
        s->torn = true;
    n = send_in_a_way(s, e, data, size);
    if (e->closed)
        CHECK(s, n == PS_EBADF, "send on a closed socket: %ld", (long)n);
    else if (e->shut_send)
        CHECK(s, n == PS_EPIPE || (s->torn && is_torn_answer(n)), "send after SHUT_WR: %ld",
              (long)n);
    else if (n < 0)
        CHECK(s, s->torn && is_torn_answer(n), "send: %ld", (long)n);
    else
        CHECK(s, n > 0 && (size_t)n <= size, "send of %zu: %ld", size, (long)n);
    if (n > 0)
        e->sent += (size_t)n;
}

static ptrdiff_t receive_in_a_way(session *s, end *e, unsigned char *data, size_t size,
                                  bool *peeked)
{
    ps_buffer pieces[2] = {{data, size / 2}, {data + size / 2, size - size / 2}};
    ps_addr from;

    *peeked = false;
    switch (heavy_random_below(&s->random, 4)) {
    case 0:
        return ps_recv(&e->sock, data, size, 0);
    case 1:
        return ps_recvfrom(&e->sock, data, size, 0, &from);
    case 2:
        return ps_recvmsg(&e->sock, pieces, 2, NULL, NULL, NULL, 0, NULL, NULL);
    default:
        *peeked = true;
        return ps_recv(&e->sock, data, size, MSG_PEEK);
    }
}

static void do_receive(session *s, int side)
{
    unsigned char data[PIECE_MAX];
    size_t size = 1 + heavy_random_below(&s->random, PIECE_MAX);
    end *e = &s->ends[side], *peer = &s->ends[!side];
    size_t waiting = under_way_to(s, side);
    bool at_end = peer->closed || peer->shut_send;
    bool peeked;
    ptrdiff_t n;

    /* Where the model says that there is something to be had, this waits for it; else it must
     * not. */
    (void)ps_settimeout(&e->sock, (waiting > 0 || at_end) && !s->torn ? PATIENCE : 0);
    n = receive_in_a_way(s, e, data, size, &peeked);
    if (e->closed)
        CHECK(s, n == PS_EBADF, "receive on a closed socket: %ld", (long)n);
    else if (e->shut_receive)
        CHECK(s, n == 0 || (s->torn && is_torn_answer(n)), "receive after SHUT_RD: %ld", (long)n);
    else if (s->torn)
        CHECK(s, n >= 0 || n == PS_EWOULDBLOCK || is_torn_answer(n), "receive: %ld", (long)n);
    else if (waiting > 0)
        CHECK(s, n > 0 && (size_t)n <= size && (size_t)n <= waiting,
              "receive of %zu, %zu waiting: %ld", size, waiting, (long)n);
    else
        CHECK(s, n == (at_end ? 0 : PS_EWOULDBLOCK), "receive with nothing there: %ld", (long)n);
    for (ptrdiff_t i = 0; i < n; i++)
        CHECK(s, data[i] == byte_at(!side, e->received + (size_t)i), "byte %zu is wrong",
              e->received + (size_t)i);
    if (n > 0 && !peeked)
        e->received += (size_t)n;
}

static void do_shutdown(session *s, int side)
{
    static const int ways[] = {SHUT_RD, SHUT_WR, SHUT_RDWR};
    int how = ways[heavy_random_below(&s->random, 3)];
    end *e = &s->ends[side];
    int code;

    if (how != SHUT_WR && under_way_to(s, side) > 0)
        s->torn = true;
    code = ps_shutdown(&e->sock, how);
    if (e->closed) {
        CHECK(s, code == PS_EBADF, "shutdown of a closed socket: %d", code);
        return;
    }
    /* Once the peer is gone too, systems differ in whether there is still something to shut. */
    CHECK(s,
          code == 0 || (code == PS_ENOTCONN &&
                        (s->torn || s->ends[!side].closed || s->ends[!side].shut_send)),
          "shutdown(%d): %d", how, code);
    if (code != 0)
        return;
    e->shut_receive |= how != SHUT_WR;
    e->shut_send |= how != SHUT_RD;
}

static void do_close(session *s, int side)
{
    end *e = &s->ends[side];

    if (!e->closed && under_way_to(s, side) > 0)
        s->torn = true;
    CHECK(s, ps_close(&e->sock) == 0, "close");
    CHECK(s, ps_fileno(&e->sock) == PS_INVALID_HANDLE, "handle after close");
    e->closed = true;
}

static void do_names(session *s, int side)
{
    end *e = &s->ends[side];
    ps_addr own, peer;
    int code = ps_getsockname(&e->sock, &own);

    CHECK(s, code == (e->closed ? PS_EBADF : 0), "getsockname: %d", code);
    code = ps_getpeername(&e->sock, &peer);
    if (e->closed)
        CHECK(s, code == PS_EBADF && peer.len == 0, "getpeername of a closed socket: %d", code);
    else
        CHECK(s,
              code == 0 || (code == PS_ENOTCONN && peer.len == 0 &&
                            (s->torn || s->ends[!side].closed || e->shut_send)),
              "getpeername: %d", code);
}

static void do_timeout(session *s, int side)
{
    static const double timeouts[] = {0, 0.5, PATIENCE, 1e300};
    double timeout = timeouts[heavy_random_below(&s->random, 4)];
    end *e = &s->ends[side];
    int code = ps_settimeout(&e->sock, timeout);

    CHECK(s, code == (e->closed ? PS_EBADF : 0), "settimeout: %d", code);
    if (!e->closed)
        CHECK(s, ps_gettimeout(&e->sock) == timeout, "gettimeout");
}

static void do_something(session *s)
{
    int side = (int)heavy_random_below(&s->random, 2);
    size_t what = heavy_random_below(&s->random, 100);

    if (what < 38)
        do_send(s, side);
    else if (what < 78)
        do_receive(s, side);
    else if (what < 84)
        do_timeout(s, side);
    else if (what < 90)
        do_names(s, side);
    else if (what < 95)
        do_shutdown(s, side);
    else if (s->step > 20)
        do_close(s, side);
}

/* What is still under way arrives, unless the connection was torn. */
static void drain(session *s, int side)
{
    end *e = &s->ends[side];

    while (!s->torn && !e->closed && !e->shut_receive && under_way_to(s, side) > 0)
        do_receive(s, side);
}

static void run_session(unsigned long seed, int family)
{
    session s = {.random = heavy_random_from(seed), .seed = seed};
    ps_sock pair[2];

    CHECK(&s, ps_socketpair(pair, family, SOCK_STREAM, 0) == 0, "pair");
    s.ends[0].sock = pair[0];
    s.ends[1].sock = pair[1];
    for (int side = 0; side < 2; side++)
        CHECK(&s, ps_settimeout(&s.ends[side].sock, PATIENCE) == 0, "settimeout");
    for (s.step = 0; s.step < 80; s.step++)
        do_something(&s);
    drain(&s, 0);
    drain(&s, 1);
    do_close(&s, 0);
    do_close(&s, 1);
}

START_TEST(heavy_random_sessions_over_loopback)
{
    long count = heavy_count(150, 20000);

    for (long i = 0; i < count; i++)
        run_session((unsigned long)i, AF_INET);
}
END_TEST

START_TEST(heavy_random_sessions_over_the_default_pair)
{
    long count = heavy_count(150, 20000);

    for (long i = 0; i < count; i++)
        run_session((unsigned long)i + 1000000, PS_DEFAULT_PAIR_FAMILY);
}
END_TEST

/* ---- a listener ------------------------------------------------------------------------------ */

enum { CLIENTS = 6 };

typedef struct visitors {
    ps_sock listener;
    ps_addr address;
    ps_sock clients[CLIENTS];
    size_t queued; /* connected, not accepted */
    heavy_random random;
} visitors;

static void visitor_comes(visitors *v)
{
    if (v->queued == CLIENTS)
        return;
    ck_assert_ok(ps_socket(&v->clients[v->queued], AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_settimeout(&v->clients[v->queued], PATIENCE));
    ck_assert_ok(ps_connect(&v->clients[v->queued], &v->address));
    ck_assert_code(ps_connect(&v->clients[v->queued], &v->address), PS_EISCONN);
    v->queued++;
}

/* The longest waiting comes first, and is who it says it is. */
static void visitor_is_accepted(visitors *v)
{
    ps_sock server;
    ps_addr peer, own;

    ck_assert_ok(ps_settimeout(&v->listener, v->queued > 0 ? PATIENCE : 0));
    if (v->queued == 0) {
        ck_assert_code(ps_accept(&v->listener, &server, &peer), PS_EWOULDBLOCK);
        ck_assert(ps_fileno(&server) == PS_INVALID_HANDLE);
        ck_assert_int_eq(peer.len, 0);
        return;
    }
    ck_assert_ok(ps_accept(&v->listener, &server, &peer));
    ck_assert_ok(ps_getsockname(&v->clients[0], &own));
    ck_assert(ps_addr_equal(&peer, &own));
    ck_assert(ps_gettimeout(&server) == PS_NO_TIMEOUT);
    heavy_reset(&v->clients[0]);
    ps_close(&server);
    v->queued--;
    for (size_t i = 0; i < v->queued; i++)
        v->clients[i] = v->clients[i + 1];
}

static void run_visits(unsigned long seed)
{
    visitors v = {.random = heavy_random_from(seed)};

    test_listener(&v.listener, AF_INET, &v.address);
    ck_assert_ok(ps_listen(&v.listener, CLIENTS + 2));
    for (int step = 0; step < 40; step++) {
        if (heavy_random_below(&v.random, 2))
            visitor_comes(&v);
        else
            visitor_is_accepted(&v);
    }
    while (v.queued > 0)
        visitor_is_accepted(&v);
    ps_close(&v.listener);
}

START_TEST(heavy_random_visits_to_a_listener)
{
    long count = heavy_count(20, 2000);

    for (long i = 0; i < count; i++)
        run_visits((unsigned long)i);
}
END_TEST

void add_model_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, heavy_random_sessions_over_loopback);
    ADD_TEST_CASE(suite, heavy_random_sessions_over_the_default_pair);
    ADD_TEST_CASE(suite, heavy_random_visits_to_a_listener);
}
