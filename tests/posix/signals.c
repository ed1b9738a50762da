/* Signals: a storm of them changes no result and prolongs no wait, the interrupt hook ends a
 * call, and SIGPIPE never comes (rows R013, R071; R180 has the reference's
 * test_sendall_interrupted, R183 its testInterruptedTimeout). */
#include "connection.h"
#include "full_listener.h"
#include "late.h"
#include "long_text.h"
#include "storm.h"
#include "test.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 15.0
/* Small buffers, and far more than they take when nobody reads. */
enum { BUFFER_SIZE = 64 * 1024, PLENTY = 3 * 1024 * 1024 };

/* ---- helpers --------------------------------------------------------------------------------- */

static const double waiting_modes[] = {PS_NO_TIMEOUT, PATIENCE};
enum { WAITING_MODES = sizeof waiting_modes / sizeof waiting_modes[0] };

/* One that takes little before somebody reads. */
static tcp_pair small_pair(double timeout)
{
    tcp_pair p = tcp_pair_open(timeout);

    ck_assert_ok(ps_setsockopt_int(&p.client, SOL_SOCKET, SO_SNDBUF, BUFFER_SIZE));
    ck_assert_ok(ps_setsockopt_int(&p.server, SOL_SOCKET, SO_RCVBUF, BUFFER_SIZE));
    return p;
}

static void assert_took(double begin, double seconds)
{
    double took = test_clock() - begin;

    ck_assert_msg(took >= seconds && took < seconds + PATIENCE, "took %.3f s of %.3f s", took,
                  seconds);
}

/* Makes room after a while, in another thread. */
static void accept_all_late(void *argument)
{
    test_sleep(0.2);
    full_listener_accept_all(argument);
}

typedef struct sender_in_parts {
    ps_sock *socket;
    const char *text;
    int parts; /* a pause before each */
    int code;
} sender_in_parts;

static void send_in_parts(void *argument)
{
    sender_in_parts *l = argument;
    size_t n = strlen(l->text);
    int i;

    for (i = 0; i < l->parts && l->code == 0; i++) {
        test_sleep(0.2);
        l->code = ps_sendall(l->socket, l->text, n, 0, NULL);
    }
}

/* ---- calls in a storm ------------------------------------------------------------------------ */

/* Traps: TMO-1 TMO-9. */
START_TEST(signals_do_not_prolong_a_timeout)
{
    tcp_pair p = small_pair(0.5);
    ps_sock listener, conn;
    ps_addr a;
    double begin;
    char byte;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_settimeout(&listener, 0.5));
    storm_begin();
    begin = test_clock();
    ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_TIMED_OUT);
    assert_took(begin, 0.5);
    begin = test_clock();
    ck_assert_code(ps_recv(&p.server, &byte, 1, MSG_WAITALL), PS_TIMED_OUT);
    assert_took(begin, 0.5);
    begin = test_clock();
    ck_assert_code(ps_accept(&listener, &conn, NULL), PS_TIMED_OUT);
    assert_took(begin, 0.5);
    storm_end();
    ck_assert_ok(ps_close(&listener));
    tcp_pair_close(&p);
}
END_TEST

/* Also one that the program has set behind the library's back, on a handle that blocks: there
 * the system begins again after each signal. */
START_TEST(signals_do_not_prolong_the_systems_own_timeout)
{
    const struct timeval own = {0, 300000};

    for (int behind = 0; behind < 2; behind++) {
        tcp_pair p = tcp_pair_open(PS_NO_TIMEOUT);
        double begin;
        char byte;

        if (behind)
            ck_assert_int_eq(
                setsockopt(ps_fileno(&p.server), SOL_SOCKET, SO_RCVTIMEO, &own, sizeof own), 0);
        else
            ck_assert_ok(ps_setsockopt(&p.server, SOL_SOCKET, SO_RCVTIMEO, &own, sizeof own));
        storm_begin();
        begin = test_clock();
        ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_EWOULDBLOCK);
        storm_end();
        ck_assert_double_ge(test_clock() - begin, 0.29);
        ck_assert_double_lt(test_clock() - begin, PATIENCE);
        tcp_pair_close(&p);
    }
}
END_TEST

/* Traps: CON-7. */
START_TEST(signals_do_not_prolong_the_timeout_of_connect)
{
    full_listener f = full_listener_open();
    ps_sock s = tcp_socket(0.5);
    double begin;

    storm_begin();
    begin = test_clock();
    ck_assert_code(ps_connect(&s, &f.address), PS_TIMED_OUT);
    assert_took(begin, 0.5);
    begin = test_clock();
    ck_assert_code(ps_connect(&s, &f.address), PS_TIMED_OUT);
    assert_took(begin, 0.5);
    ck_assert_ok(ps_close(&s));
    begin = test_clock();
    ck_assert_code(ps_create_connection(&s, "127.0.0.1", ps_addr_port(&f.address), 0.5, NULL),
                   PS_TIMED_OUT);
    assert_took(begin, 0.5);
    storm_end();
    full_listener_close(&f);
}
END_TEST

START_TEST(signals_do_not_prolong_the_timeout_of_sendall)
{
    tcp_pair p = small_pair(0.5);
    unsigned char *text = long_text(PLENTY);
    reader r = reader_of(&p.server, 0.01);
    size_t sent = 0;
    double begin;

    storm_begin();
    begin = test_clock();
    ck_assert_code(ps_sendall(&p.client, text, PLENTY, 0, &sent), PS_TIMED_OUT);
    assert_took(begin, 0.5);
    storm_end();
    ck_assert_uint_lt(sent, PLENTY);
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    read_to_the_end(&r);
    assert_read(&r, sent);
    free(text);
    tcp_pair_close(&p);
}
END_TEST

/* Rows: R013. Traps: TMO-9. */
START_TEST(signals_do_not_end_recv)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        sender_in_parts l = {.socket = &p.client, .text = "x", .parts = 2};
        test_thread *thread;
        ps_addr from;
        char byte;
        storm_begin();
        thread = test_thread_start(send_in_parts, &l);
        ck_assert_int_eq(ps_recv(&p.server, &byte, 1, 0), 1);
        ck_assert_int_eq(ps_recvfrom(&p.server, &byte, 1, 0, &from), 1);
        test_thread_join(thread);
        storm_end();
        ck_assert_code(l.code, 0);
        tcp_pair_close(&p);
    }
}
END_TEST

/* Linux's own MSG_WAITALL ends with what it has when a signal comes. */
START_TEST(signals_do_not_end_waitall)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        sender_in_parts l = {.socket = &p.client, .text = "abc", .parts = 3};
        test_thread *thread;
        char text[9];
        storm_begin();
        thread = test_thread_start(send_in_parts, &l);
        ck_assert_int_eq(ps_recv(&p.server, text, sizeof text, MSG_WAITALL), 9);
        test_thread_join(thread);
        storm_end();
        ck_assert_mem_eq(text, "abcabcabc", 9);
        tcp_pair_close(&p);
    }
}
END_TEST

/* Rows: R013 R180. */
START_TEST(signals_do_not_end_sendall)
{
    enum { COUNT = 4 * 1024 * 1024 };
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        unsigned char *text = long_text(COUNT);
        reader r = reader_of(&p.server, 0.01);
        test_thread *thread;
        size_t sent = 0;
        storm_begin();
        thread = test_thread_start(read_to_the_end, &r);
        ck_assert_ok(ps_sendall(&p.client, text, COUNT, 0, &sent));
        ck_assert_uint_eq(sent, COUNT);
        ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
        test_thread_join(thread);
        storm_end();
        assert_read(&r, COUNT);
        free(text);
        tcp_pair_close(&p);
    }
}
END_TEST

/* Traps: TMO-9. */
START_TEST(signals_do_not_end_accept)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        ps_sock listener, conn;
        late_client c = {.code = 99};
        test_thread *thread;
        test_listener(&listener, AF_INET, &c.address);
        ck_assert_ok(ps_settimeout(&listener, waiting_modes[i]));
        storm_begin();
        thread = test_thread_start(connect_late, &c);
        ck_assert_ok(ps_accept(&listener, &conn, NULL));
        test_thread_join(thread);
        storm_end();
        ck_assert_code(c.code, 0);
        test_close(&c.socket, &conn, &listener);
    }
}
END_TEST

/* Rows: R013. Traps: CON-7. Shows: CON-7. */
START_TEST(signals_do_not_end_connect)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        full_listener f = full_listener_open();
        ps_sock s = tcp_socket(waiting_modes[i]);
        ps_sock conn;
        ps_addr peer;
        test_thread *thread;
        char byte;
        storm_begin();
        thread = test_thread_start(accept_all_late, &f);
        ck_assert_code(ps_connect(&s, &f.address), 0);
        test_thread_join(thread);
        storm_end();
        ck_assert_ok(ps_getpeername(&s, &peer));
        ck_assert(ps_addr_equal(&peer, &f.address));
        ck_assert_code(ps_connect(&s, &f.address), PS_EISCONN);
        ck_assert_ok(ps_accept(&f.socket, &conn, NULL));
        ck_assert_int_eq(ps_send(&s, "x", 1, 0), 1);
        ck_assert_ok(ps_settimeout(&conn, PATIENCE));
        ck_assert_int_eq(ps_recv(&conn, &byte, 1, 0), 1);
        test_close(&conn, &s);
        full_listener_close(&f);
    }
}
END_TEST

/* Traps: CON-7. */
START_TEST(signals_do_not_hide_a_refusal)
{
    ps_sock holder;
    ps_addr a;
    int i;

    test_refusing_address(&holder, AF_INET, &a);
    storm_begin();
    for (i = 0; i < 200; i++) {
        ps_sock s = tcp_socket(waiting_modes[i % WAITING_MODES]);
        ck_assert_code(ps_connect(&s, &a), PS_ECONNREFUSED);
        ck_assert_ok(ps_close(&s));
    }
    while (alarms == 0)
        test_sleep(0.01);
    storm_end();
    ck_assert_ok(ps_close(&holder));
}
END_TEST

/* ---- connecting to a full AF_UNIX listener, where nothing is under way and nothing tells when
 * there is room */

static full_listener full_unix_listener(void)
{
    full_listener f;
    ps_addr address;
    char name[64] = "";
    int length = snprintf(name + 1, sizeof name - 1, "portsock-signals-%ld", (long)getpid());

    ck_assert_ok(ps_addr_unix(&address, name, (size_t)length + 1));
    ck_assert(full_listener_open_at(&f, &address));
    return f;
}

static ps_sock unix_socket(double timeout)
{
    ps_sock s = test_socket(AF_UNIX, SOCK_STREAM);

    ck_assert_ok(ps_settimeout(&s, timeout));
    return s;
}

static void accept_late(void *argument)
{
    test_sleep(0.2);
    full_listener_accept(argument);
}

/* Traps: CON-8. */
START_TEST(signals_and_a_full_unix_listener)
{
    full_listener f = full_unix_listener();
    ps_sock s = unix_socket(0.3);
    ps_addr peer;
    double begin;

    storm_begin();
    begin = test_clock();
    ck_assert_code(ps_connect(&s, &f.address), PS_TIMED_OUT);
    assert_took(begin, 0.3);
    /* Not a connection, however ready the system says it is. */
    ck_assert_code(ps_getpeername(&s, &peer), PS_ENOTCONN);
    ck_assert_ok(ps_setblocking(&s, 0));
    ck_assert_code(ps_connect(&s, &f.address), PS_EWOULDBLOCK);
    storm_end();
    ck_assert_ok(ps_close(&s));
    full_listener_close(&f);
}
END_TEST

START_TEST(signals_and_a_unix_listener_with_room_at_last)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        full_listener f = full_unix_listener();
        ps_sock s = unix_socket(waiting_modes[i]);
        test_thread *thread;
        storm_begin();
        thread = test_thread_start(accept_late, &f);
        ck_assert_code(ps_connect(&s, &f.address), 0);
        test_thread_join(thread);
        storm_end();
        ck_assert_int_eq(ps_send(&s, "x", 1, 0), 1);
        ck_assert_code(ps_connect(&s, &f.address), PS_EISCONN);
        ck_assert_ok(ps_close(&s));
        full_listener_close(&f);
    }
}
END_TEST

/* ---- the interrupt hook ---------------------------------------------------------------------- */

/* Ends a call when it is asked for the `last` time. */
typedef struct hook {
    int asked;
    int last;
} hook;

static int ask(void *context)
{
    hook *h = context;

    h->asked++;
    return h->asked >= h->last;
}

enum { NEVER = 1000000000 };

/* Rows: R013. Traps: TMO-9. */
START_TEST(signals_hook_ends_recv)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        hook h = {0, 1};
        ps_addr from;
        char byte;
        ps_set_interrupt(ask, &h);
        storm_begin();
        ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_EINTR);
        ck_assert_int_eq(h.asked, 1);
        ck_assert_code(ps_recvfrom(&p.server, &byte, 1, 0, &from), PS_EINTR);
        ck_assert_int_eq(from.len, 0);
        ck_assert_int_eq(h.asked, 2);
        storm_end();
        ps_set_interrupt(NULL, NULL);
        /* The socket is none the worse. */
        ck_assert_int_eq(ps_send(&p.client, "x", 1, 0), 1);
        ck_assert_int_eq(ps_recv(&p.server, &byte, 1, 0), 1);
        tcp_pair_close(&p);
    }
}
END_TEST

START_TEST(signals_hook_is_asked_each_time)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        hook h = {0, 5};
        char byte;
        ps_set_interrupt(ask, &h);
        storm_begin();
        ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_EINTR);
        storm_end();
        ps_set_interrupt(NULL, NULL);
        ck_assert_int_eq(h.asked, 5);
        tcp_pair_close(&p);
    }
}
END_TEST

START_TEST(signals_hook_may_let_it_go_on)
{
    tcp_pair p = small_pair(0.3);
    hook h = {0, NEVER};
    double begin;
    char byte;
    int asked;

    ps_set_interrupt(ask, &h);
    storm_begin();
    begin = test_clock();
    ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_TIMED_OUT);
    assert_took(begin, 0.3);
    asked = h.asked;
    ck_assert_int_gt(asked, 0);

    /* One that is removed is not asked. */
    ps_set_interrupt(NULL, NULL);
    ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_TIMED_OUT);
    ck_assert_int_eq(h.asked, asked);
    storm_end();
    tcp_pair_close(&p);
}
END_TEST

START_TEST(signals_hook_ends_accept)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        ps_sock listener, conn;
        ps_addr a, peer;
        hook h = {0, 2};
        test_listener(&listener, AF_INET, &a);
        ck_assert_ok(ps_settimeout(&listener, waiting_modes[i]));
        memset(&conn, 0x5a, sizeof conn);
        peer = a;
        ps_set_interrupt(ask, &h);
        storm_begin();
        ck_assert_code(ps_accept(&listener, &conn, &peer), PS_EINTR);
        storm_end();
        ps_set_interrupt(NULL, NULL);
        ck_assert(conn.handle == PS_INVALID_HANDLE);
        ck_assert_int_eq(peer.len, 0);
        ck_assert_ok(ps_close(&listener));
    }
}
END_TEST

/* The attempt goes on, and can be waited for again. */
START_TEST(signals_hook_ends_the_wait_of_connect)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        full_listener f = full_listener_open();
        ps_sock s = tcp_socket(waiting_modes[i]);
        test_thread *thread;
        hook h = {0, 3};
        ps_set_interrupt(ask, &h);
        storm_begin();
        ck_assert_code(ps_connect(&s, &f.address), PS_EINTR);
        h.asked = 0;
        ck_assert_code(ps_connect(&s, &f.address), PS_EINTR);
        storm_end();
        ps_set_interrupt(NULL, NULL);

        thread = test_thread_start(accept_all_late, &f);
        ck_assert_code(ps_connect(&s, &f.address), 0);
        test_thread_join(thread);
        ck_assert_int_eq(ps_send(&s, "x", 1, 0), 1);
        ck_assert_code(ps_connect(&s, &f.address), PS_EISCONN);
        ck_assert_ok(ps_close(&s));
        full_listener_close(&f);
    }
}
END_TEST

START_TEST(signals_hook_ends_sendall)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        unsigned char *text = long_text(PLENTY);
        reader r = reader_of(&p.server, 0.01);
        hook h = {0, 20};
        size_t sent = 0;
        ps_set_interrupt(ask, &h);
        storm_begin();
        ck_assert_code(ps_sendall(&p.client, text, PLENTY, 0, &sent), PS_EINTR);
        storm_end();
        ps_set_interrupt(NULL, NULL);
        ck_assert_uint_lt(sent, PLENTY);
        /* What it says it sent is what has arrived. */
        ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
        read_to_the_end(&r);
        assert_read(&r, sent);
        free(text);
        tcp_pair_close(&p);
    }
}
END_TEST

START_TEST(signals_hook_ends_waitall_with_what_came)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        hook h = {0, 5};
        char text[8];
        ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
        ck_assert_int_eq(ps_recv(&p.server, text, 3, MSG_PEEK), 3);
        ps_set_interrupt(ask, &h);
        storm_begin();
        ck_assert_int_eq(ps_recv(&p.server, text, sizeof text, MSG_WAITALL), 3);
        ck_assert_mem_eq(text, "abc", 3);
        storm_end();
        ps_set_interrupt(NULL, NULL);
        tcp_pair_close(&p);
    }
}
END_TEST

START_TEST(signals_hook_is_not_asked_without_a_wait)
{
    tcp_pair p = small_pair(0);
    hook h = {0, 1};
    double end = test_clock() + 0.2;
    char byte;

    ps_set_interrupt(ask, &h);
    storm_begin();
    while (test_clock() < end)
        ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_EWOULDBLOCK);
    storm_end();
    ps_set_interrupt(NULL, NULL);
    ck_assert_int_eq(h.asked, 0);
    tcp_pair_close(&p);
}
END_TEST

/* ---- one signal, which cuts a transfer short ------------------------------------------------- */

/* The reference's handler that raises: what the hook asks for. */
static int ask_whether_a_signal_came(void *context)
{
    (void)context;
    return alarms > 0;
}

static void one_signal_after(long microseconds)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval once = {{0, 0}, {0, microseconds}};

    alarms = 0;
    ck_assert_int_eq(sigemptyset(&action.sa_mask), 0);
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &once, NULL), 0);
}

/* The system says how much it has sent and nothing of the signal; the next part would wait for
 * ever (R180). */
START_TEST(signals_hook_speaks_after_a_send_cut_short)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        unsigned char *text = long_text(PLENTY);
        reader r = reader_of(&p.server, 0.01);
        size_t sent = 0;
        double begin = test_clock();
        ps_set_interrupt(ask_whether_a_signal_came, NULL);
        one_signal_after(300000);
        ck_assert_code(ps_sendall(&p.client, text, PLENTY, 0, &sent), PS_EINTR);
        ck_assert_double_lt(test_clock() - begin, PATIENCE);
        ps_set_interrupt(NULL, NULL);
        ck_assert_uint_lt(sent, PLENTY);
        ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
        read_to_the_end(&r);
        assert_read(&r, sent);
        free(text);
        tcp_pair_close(&p);
    }
}
END_TEST

START_TEST(signals_hook_speaks_after_a_waitall_cut_short)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        char text[8];
        ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
        ps_set_interrupt(ask_whether_a_signal_came, NULL);
        one_signal_after(300000);
        ck_assert_int_eq(ps_recv(&p.server, text, sizeof text, MSG_WAITALL), 3);
        ck_assert_mem_eq(text, "abc", 3);
        ps_set_interrupt(NULL, NULL);
        tcp_pair_close(&p);
    }
}
END_TEST

START_TEST(signals_hook_speaks_between_the_receives_of_a_stream)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        hook h = {0, 1};
        ps_file *file;
        char text[8];
        ck_assert_ok(ps_makefile(&file, &p.server, "r", -1));
        ck_assert_int_eq(ps_send(&p.client, "abc", 3, 0), 3);
        ps_set_interrupt(ask, &h);
        ck_assert_code(ps_file_readline(file, text, sizeof text), PS_EINTR);
        ck_assert_int_eq(h.asked, 1);
        ps_set_interrupt(NULL, NULL);
        /* Nothing is lost. */
        ck_assert_int_eq(ps_send(&p.client, "de\n", 3, 0), 3);
        ck_assert_int_eq(ps_file_readline(file, text, sizeof text), 6);
        ck_assert_mem_eq(text, "abcde\n", 6);
        ck_assert_ok(ps_file_close(file));
        tcp_pair_close(&p);
    }
}
END_TEST

static int end_the_call(void *context)
{
    (void)context;
    return 1;
}

static void do_nothing(int number)
{
    (void)number;
}

/* The listener takes no more, and the handler lets the system go on by itself (SA_RESTART). */
START_TEST(signals_and_the_hook_end_a_connection_to_an_address)
{
    struct sigaction action = {.sa_handler = do_nothing, .sa_flags = SA_RESTART};
    struct itimerval often = {{0, 50000}, {0, 200000}}, never = {{0, 0}, {0, 0}};
    full_listener f = full_listener_open();
    double begin;
    ps_sock s;

    ck_assert_ok(ps_set_interrupt(end_the_call, NULL));
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    begin = test_clock();
    ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
    ck_assert_code(
        ps_create_connection(&s, "127.0.0.1", ps_addr_port(&f.address), PS_NO_TIMEOUT, NULL),
        PS_EINTR);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
    ck_assert_double_lt(test_clock() - begin, PATIENCE);
    ck_assert_ok(ps_set_interrupt(NULL, NULL));
    full_listener_close(&f);
}
END_TEST

/* ---- a token, which a handler may fire ------------------------------------------------------- */

static ps_cancel *token_of_the_handler;

static void fire_in_a_handler(int number)
{
    (void)number;
    ps_cancel_fire(token_of_the_handler);
}

START_TEST(signals_may_fire_a_token)
{
    struct sigaction action = {.sa_handler = fire_in_a_handler, .sa_flags = SA_RESTART};
    struct itimerval once = {{0, 0}, {0, 200000}};
    int i;

    ck_assert_ok(ps_cancel_open(&token_of_the_handler));
    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        double begin = test_clock();
        char byte;
        ck_assert_ok(ps_setcancel(&p.server, token_of_the_handler));
        ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
        ck_assert_int_eq(setitimer(ITIMER_REAL, &once, NULL), 0);
        ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_ECANCELED);
        ck_assert_double_lt(test_clock() - begin, PATIENCE);
        ck_assert_ok(ps_cancel_reset(token_of_the_handler));
        tcp_pair_close(&p);
    }
    ps_cancel_close(token_of_the_handler);
}
END_TEST

/* A signal that comes before the call has begun to wait is no signal missed, as it would be with
 * the hook. */
START_TEST(signals_fire_a_token_before_the_wait)
{
    int i;

    ck_assert_ok(ps_cancel_open(&token_of_the_handler));
    for (i = 0; i < 300; i++) {
        struct sigaction action = {.sa_handler = fire_in_a_handler};
        struct itimerval once = {{0, 0}, {0, 1 + i % 50}};
        tcp_pair p = small_pair(waiting_modes[i % WAITING_MODES]);
        char byte;
        ck_assert_ok(ps_setcancel(&p.server, token_of_the_handler));
        ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
        ck_assert_int_eq(setitimer(ITIMER_REAL, &once, NULL), 0);
        ck_assert_code(ps_recv(&p.server, &byte, 1, 0), PS_ECANCELED);
        ck_assert_ok(ps_cancel_reset(token_of_the_handler));
        tcp_pair_close(&p);
    }
    ps_cancel_close(token_of_the_handler);
}
END_TEST

/* ---- SIGPIPE --------------------------------------------------------------------------------- */

/* A SIGPIPE in any of these ends the process, and the test with it. */
static void sigpipe_by_default(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};

    ck_assert_int_eq(sigaction(SIGPIPE, &action, NULL), 0);
}

static void assert_sigpipe_as_before(void)
{
    struct sigaction action;
    sigset_t set;

    ck_assert_int_eq(sigaction(SIGPIPE, NULL, &action), 0);
    ck_assert(action.sa_handler == SIG_DFL);
    ck_assert_int_eq(sigpending(&set), 0);
    ck_assert_int_eq(sigismember(&set, SIGPIPE), 0);
    ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &set), 0);
    ck_assert_int_eq(sigismember(&set, SIGPIPE), 0);
}

/* Traps: SND-1. */
START_TEST(signals_no_sigpipe_after_shutdown)
{
    tcp_pair p;
    ps_addr a;
    ps_buffer buffer = {"x", 1};

    sigpipe_by_default();
    p = small_pair(PATIENCE);
    ck_assert_ok(ps_getpeername(&p.client, &a));
    ck_assert_ok(ps_shutdown(&p.client, SHUT_WR));
    ck_assert_code(ps_send(&p.client, "x", 1, 0), PS_EPIPE);
    ck_assert_code(ps_sendall(&p.client, "x", 1, 0, NULL), PS_EPIPE);
    ck_assert_code(ps_sendto(&p.client, "x", 1, 0, &a), PS_EPIPE);
    ck_assert_code(ps_sendmsg(&p.client, &buffer, 1, NULL, 0, 0, NULL), PS_EPIPE);
    assert_sigpipe_as_before();
    tcp_pair_close(&p);
}
END_TEST

/* Traps: SND-1. */
START_TEST(signals_no_sigpipe_from_a_closed_peer)
{
    double end = test_clock() + PATIENCE;
    ps_sock ends[2];
    tcp_pair p;
    int code;

    sigpipe_by_default();
    p = small_pair(PATIENCE);
    ck_assert_ok(ps_close(&p.server));
    while ((code = ps_sendall(&p.client, "x", 1, 0, NULL)) != PS_EPIPE && test_clock() < end)
        test_sleep(0.005);
    ck_assert_code(code, PS_EPIPE);
    ck_assert_ok(ps_close(&p.client));

    ck_assert_ok(ps_socketpair(ends, AF_UNIX, SOCK_STREAM, 0));
    ck_assert_ok(ps_close(&ends[1]));
    ck_assert_code(ps_send(&ends[0], "x", 1, 0), PS_EPIPE);
    ck_assert_ok(ps_close(&ends[0]));
    assert_sigpipe_as_before();
}
END_TEST

/* Traps: SND-1. */
START_TEST(signals_no_sigpipe_without_a_connection)
{
    ps_sock s;

    sigpipe_by_default();
    s = tcp_socket(PS_NO_TIMEOUT);
    ck_assert_code(ps_send(&s, "x", 1, 0), PS_ENOTCONN);
    assert_sigpipe_as_before();
    ck_assert_ok(ps_close(&s));
}
END_TEST

START_TEST(signals_no_sigpipe_from_a_stream)
{
    ps_sock ends[2];
    ps_file *file;

    sigpipe_by_default();
    ck_assert_ok(ps_socketpair(ends, AF_UNIX, SOCK_STREAM, 0));
    ck_assert_ok(ps_makefile(&file, &ends[0], "w", -1));
    ck_assert_ok(ps_close(&ends[1]));
    ck_assert_int_eq(ps_file_write(file, "x", 1), 1);
    ck_assert_code(ps_file_flush(file), PS_EPIPE);
    ck_assert_code(ps_file_close(file), PS_EPIPE);
    ck_assert_ok(ps_close(&ends[0]));
    assert_sigpipe_as_before();
}
END_TEST

/* A program that waits for SIGPIPE in its own way gets none of ours. */
START_TEST(signals_no_sigpipe_for_a_handler)
{
    struct sigaction action = {.sa_handler = on_alarm};
    ps_sock ends[2];

    alarms = 0;
    ck_assert_int_eq(sigaction(SIGPIPE, &action, NULL), 0);
    ck_assert_ok(ps_socketpair(ends, AF_UNIX, SOCK_STREAM, 0));
    ck_assert_ok(ps_close(&ends[1]));
    ck_assert_code(ps_sendall(&ends[0], "x", 1, 0, NULL), PS_EPIPE);
    ck_assert_int_eq(alarms, 0);
    ck_assert_ok(ps_close(&ends[0]));
}
END_TEST

/* ---- settings -------------------------------------------------------------------------------- */

/* Traps: SND-1. */
START_TEST(signals_settings_are_not_touched)
{
    enum { COUNT = 64 };
    struct sigaction before[COUNT] = {{.sa_flags = 0}};
    sigset_t mask_before, mask;
    ps_sock listener, client, server;
    ps_addr a;
    char byte;
    int i;

    for (i = 1; i < COUNT; i++)
        (void)sigaction(i, NULL, &before[i]);
    ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &mask_before), 0);

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_create_connection(&client, "127.0.0.1", ps_addr_port(&a), PATIENCE, NULL));
    ck_assert_ok(ps_accept(&listener, &server, NULL));
    ck_assert_int_eq(ps_send(&client, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(&server, &byte, 1, 0), 1);
    ck_assert_ok(ps_settimeout(&server, 0.01));
    ck_assert_code(ps_recv(&server, &byte, 1, 0), PS_TIMED_OUT);
    test_close(&client, &server, &listener);

    for (i = 1; i < COUNT; i++) {
        struct sigaction now = {.sa_flags = 0};
        (void)sigaction(i, NULL, &now);
        ck_assert_msg(now.sa_handler == before[i].sa_handler && now.sa_flags == before[i].sa_flags,
                      "signal %d", i);
    }
    ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
    for (i = 1; i < COUNT; i++)
        ck_assert_int_eq(sigismember(&mask, i), sigismember(&mask_before, i));
}
END_TEST

/* ---- ending a call from another thread ------------------------------------------------------- */

static void shut_down_late(void *argument)
{
    ps_sock *s = argument;

    test_sleep(0.2);
    (void)ps_shutdown(s, SHUT_RDWR);
}

/* Shows: TMO-9. */
START_TEST(signals_are_not_needed_to_end_recv)
{
    int i;

    for (i = 0; i < WAITING_MODES; i++) {
        tcp_pair p = small_pair(waiting_modes[i]);
        test_thread *thread = test_thread_start(shut_down_late, &p.server);
        char byte;
        ck_assert_int_eq(ps_recv(&p.server, &byte, 1, 0), 0);
        test_thread_join(thread);
        tcp_pair_close(&p);
    }
}
END_TEST

void add_signals_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, signals_do_not_prolong_a_timeout);
    ADD_TEST_CASE(suite, signals_do_not_prolong_the_systems_own_timeout);
    ADD_TEST_CASE(suite, signals_do_not_prolong_the_timeout_of_connect);
    ADD_TEST_CASE(suite, signals_do_not_prolong_the_timeout_of_sendall);
    ADD_TEST_CASE(suite, signals_do_not_end_recv);
    ADD_TEST_CASE(suite, signals_do_not_end_waitall);
    ADD_TEST_CASE(suite, signals_do_not_end_sendall);
    ADD_TEST_CASE(suite, signals_do_not_end_accept);
    ADD_TEST_CASE(suite, signals_do_not_end_connect);
    ADD_TEST_CASE(suite, signals_do_not_hide_a_refusal);
    ADD_TEST_CASE(suite, signals_and_a_full_unix_listener);
    ADD_TEST_CASE(suite, signals_and_a_unix_listener_with_room_at_last);
    ADD_TEST_CASE(suite, signals_hook_ends_recv);
    ADD_TEST_CASE(suite, signals_hook_is_asked_each_time);
    ADD_TEST_CASE(suite, signals_hook_may_let_it_go_on);
    ADD_TEST_CASE(suite, signals_hook_ends_accept);
    ADD_TEST_CASE(suite, signals_hook_ends_the_wait_of_connect);
    ADD_TEST_CASE(suite, signals_hook_ends_sendall);
    ADD_TEST_CASE(suite, signals_hook_ends_waitall_with_what_came);
    ADD_TEST_CASE(suite, signals_hook_is_not_asked_without_a_wait);
    ADD_TEST_CASE(suite, signals_hook_speaks_after_a_send_cut_short);
    ADD_TEST_CASE(suite, signals_hook_speaks_after_a_waitall_cut_short);
    ADD_TEST_CASE(suite, signals_hook_speaks_between_the_receives_of_a_stream);
    ADD_TEST_CASE(suite, signals_and_the_hook_end_a_connection_to_an_address);
    ADD_TEST_CASE(suite, signals_may_fire_a_token);
    ADD_TEST_CASE(suite, signals_fire_a_token_before_the_wait);
    ADD_TEST_CASE(suite, signals_no_sigpipe_after_shutdown);
    ADD_TEST_CASE(suite, signals_no_sigpipe_from_a_closed_peer);
    ADD_TEST_CASE(suite, signals_no_sigpipe_without_a_connection);
    ADD_TEST_CASE(suite, signals_no_sigpipe_from_a_stream);
    ADD_TEST_CASE(suite, signals_no_sigpipe_for_a_handler);
    ADD_TEST_CASE(suite, signals_settings_are_not_touched);
    ADD_TEST_CASE(suite, signals_are_not_needed_to_end_recv);
}
