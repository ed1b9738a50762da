/* What ends a call that waits: each way to end a call x each call. The table is endings_calls.h;
 * docs/threads.md tells it. */
#include "test.h"

#include "connection.h"
#include "endings_calls.h"
#include "full_listener.h"
#include "native_file.h"

#ifdef TEST_CAPTURES
#include <portsock-capture.h>
#endif

#include <signal.h>
#include <stdatomic.h>

#ifdef SIGUSR1
#include <pthread.h>
#endif

/* Far more than a call needs to end, on a busy machine, too. */
#define PATIENCE 15.0
/* How long a call is left alone, so that it waits when it is to be ended, and is seen to go on. */
#define A_WHILE 0.3
/* The timeouts and deadlines that end calls. */
#define SOON 0.3

/* ---- the table ------------------------------------------------------------------------------- */

typedef enum ending {
    BY_TIMEOUT,
    BY_DEADLINE,
    BY_TOKEN,
    BY_CLOSE,
    BY_SHUTDOWN,
    BY_SHUTDOWN_ON_WINDOWS,
    BY_HOOK,
    WAYS
} ending;

/* Cells that are neither a code nor poll's events. */
enum { GOES_ON = 1 << 24, EITHER, NO_WAY };

typedef struct scene scene;

typedef struct row {
    const char *call;
    bool (*set_up)(scene *s);   /* everything that the call needs; false: it cannot be shown here */
    ptrdiff_t (*run)(scene *s); /* the call itself, as often as it takes to make it wait */
    int cells[WAYS];
} row;

/* A call in a thread of its own, and what it waits for. */
struct scene {
    const row *row;
    double timeout;   /* what the call is given, by its socket or as an argument */
    ps_cancel *token; /* the same */
    ps_sock socket;
    ps_sock peer;
    ps_addr address;
    ps_file *file;
#ifdef TEST_CAPTURES
    ps_capture *capture;
#endif
    test_thread *thread;
#ifdef SIGUSR1
    pthread_t id;
#endif
    atomic_bool begun, ended;
    double begin, end;
    ptrdiff_t result;
};

/* ---- what a call waits for ------------------------------------------------------------------- */

enum { BUFFER_SIZE = 64 * 1024 };
static char block[BUFFER_SIZE];

/* A further attempt has no answer there. Real Windows refuses instead. */
static struct {
    bool made;
    bool refuses;
    full_listener listener;
} full;

static void fill_listener(void)
{
    ps_addr address;

    ck_assert_ok(ps_addr_inet(&address, "127.0.0.1", 0));
    full.refuses = !full_listener_open_at(&full.listener, &address);
    full.made = true;
}

static void empty_listener(void)
{
    if (full.made)
        full_listener_close(&full.listener);
    full.made = false;
}

static bool an_answer(scene *s)
{
    if (!full.made)
        fill_listener();
    s->address = full.listener.address;
    if (!full.refuses)
        s->socket = test_socket(AF_INET, SOCK_STREAM);
    return !full.refuses;
}

static bool a_client(scene *s)
{
    test_listener(&s->socket, AF_INET, &s->address);
    return true;
}

static bool bytes(scene *s)
{
    test_tcp_pair(&s->peer, &s->socket);
    return true;
}

static bool the_end(scene *s)
{
    return bytes(s);
}

static bool stream_bytes(scene *s)
{
    bytes(s);
    ck_assert_ok(ps_makefile(&s->file, &s->socket, "r", -1));
    return true;
}

/* Sends until the system takes no more: nobody reads. */
static void fill_connection(ps_sock *s)
{
    size_t size = sizeof block;

    ck_assert_ok(ps_settimeout(s, 0));
    while (size > 0) {
        ptrdiff_t count = ps_send(s, block, size, 0);
        if (count < 0) {
            ck_assert_code(count, PS_EWOULDBLOCK);
            size /= 2;
        }
    }
}

static bool room(scene *s)
{
    bytes(s);
    ck_assert_ok(ps_getpeername(&s->socket, &s->address));
    ck_assert_ok(ps_setsockopt_int(&s->socket, SOL_SOCKET, SO_SNDBUF, BUFFER_SIZE));
    ck_assert_ok(ps_setsockopt_int(&s->peer, SOL_SOCKET, SO_RCVBUF, BUFFER_SIZE));
    fill_connection(&s->socket);
    return true;
}

static bool stream_room(scene *s)
{
    room(s);
    ck_assert_ok(ps_makefile(&s->file, &s->socket, "w", 0));
    return true;
}

/* The stream holds more than the system could still find room for. */
static bool stream_flush(scene *s)
{
    stream_room(s);
    for (int i = 0; i < 64; i++) {
        ptrdiff_t count = ps_file_write(s->file, block, sizeof block);
        ck_assert_msg(count == BUFFER_SIZE || count == PS_EWOULDBLOCK, "%s",
                      ps_error_name((int)count));
    }
    return true;
}

static bool descriptors_can_be_passed(void)
{
    size_t count = 0;

    if (!test_on_windows())
        return true;
    {
        ps_sock client, server;
        char byte;
        test_tcp_pair(&client, &server);
        ck_assert_code(ps_send_fds(&client, "x", 1, NULL, 0, 0), PS_EOPNOTSUPP);
        ck_assert_code(ps_recv_fds(&server, &byte, 1, NULL, &count, NULL), PS_EOPNOTSUPP);
        test_close(&client, &server);
    }
    return false;
}

static void unix_pair(scene *s)
{
    ps_sock pair[2];

    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_STREAM, 0));
    s->socket = pair[0];
    s->peer = pair[1];
}

static bool fds(scene *s)
{
    if (!descriptors_can_be_passed())
        return false;
    unix_pair(s);
    return true;
}

static bool room_for_fds(scene *s)
{
    if (!descriptors_can_be_passed())
        return false;
    unix_pair(s);
    fill_connection(&s->socket);
    return true;
}

static bool datagrams(scene *s)
{
    ps_addr address, peer;

    test_udp_pair(&s->socket, &address, &s->peer, &peer);
    ck_assert_ok(ps_connect(&s->socket, &peer));
    return true;
}

/* Only datagrams of AF_UNIX wait for the receiver; Windows has none. */
static bool room_for_datagrams(scene *s)
{
    ps_sock pair[2];
    ps_datagram d = {.data = block, .size = 100};

    if (test_on_windows())
        return false;
    ck_assert_ok(ps_socketpair(pair, AF_UNIX, SOCK_DGRAM, 0));
    s->socket = pair[0];
    s->peer = pair[1];
    ck_assert_ok(ps_settimeout(&s->socket, 0));
    while (ps_sendmany(&s->socket, &d, 1, 0) == 1)
        ;
    ck_assert_code(d.count, PS_EWOULDBLOCK);
    return true;
}

#ifdef TEST_CAPTURES
/* A capture of loopback whose filter lets nothing through; with the right to capture, and where
 * there are captures. */
static bool a_packet(scene *s)
{
    static const ps_filter_instruction nothing[] = {{0x06, 0, 0, 0}};
    ps_capture_options options = PS_CAPTURE_OPTIONS_INIT;
    int code;

    options.interface_name = "127.0.0.1";
    options.timeout = s->timeout;
    options.filter = nothing;
    options.filter_count = 1;
    code = getenv("TEST_UNDER_QEMU") ? PS_EOPNOTSUPP : ps_capture_open(&s->capture, &options);
    ck_assert_msg(code == 0 || code == PS_EPERM || code == PS_EPROTONOSUPPORT ||
                      code == PS_EOPNOTSUPP,
                  "%s", ps_error_name(code));
    return code == 0;
}
#endif

/* Loopback has no silent name server: tests with the tag "Ends: lookup-..." show its cells. */
static bool a_name(scene *s)
{
    (void)s;
    return false;
}

/* ---- the calls ------------------------------------------------------------------------------- */

static ptrdiff_t run_ps_accept(scene *s)
{
    ps_sock conn;

    return ps_accept(&s->socket, &conn, NULL);
}

static ptrdiff_t run_ps_connect(scene *s)
{
    return ps_connect(&s->socket, &s->address);
}

static ptrdiff_t run_ps_connect_ex(scene *s)
{
    int number = ps_connect_ex(&s->socket, &s->address);

    return number > 0 ? ps_error_from_native(PS_KIND_OS, number) : number;
}

static ptrdiff_t run_ps_recv(scene *s)
{
    char byte;

    return ps_recv(&s->socket, &byte, 1, 0);
}

static ptrdiff_t run_ps_recvfrom(scene *s)
{
    ps_addr from;
    char byte;

    return ps_recvfrom(&s->socket, &byte, 1, 0, &from);
}

static ptrdiff_t run_ps_recvmsg(scene *s)
{
    char byte;
    ps_buffer buffer = {.size = 1};

    buffer.data = &byte;
    return ps_recvmsg(&s->socket, &buffer, 1, NULL, NULL, NULL, 0, NULL, NULL);
}

static ptrdiff_t run_ps_recvmany(scene *s)
{
    char bytes_of[2][10];
    ps_datagram messages[2] = {{.data = bytes_of[0], .size = 10},
                               {.data = bytes_of[1], .size = 10}};

    return ps_recvmany(&s->socket, messages, 2, 0);
}

static ptrdiff_t run_ps_sendmany(scene *s)
{
    ps_datagram d = {.data = block, .size = 100};
    ptrdiff_t count;

    do {
        count = ps_sendmany(&s->socket, &d, 1, 0);
    } while (count >= 0);
    return count;
}

static ptrdiff_t run_ps_recv_fds(scene *s)
{
    ps_handle handle;
    size_t count = 1;
    char byte;

    return ps_recv_fds(&s->socket, &byte, 1, &handle, &count, NULL);
}

static ptrdiff_t run_ps_send(scene *s)
{
    ptrdiff_t count;

    do {
        count = ps_send(&s->socket, block, sizeof block, 0);
    } while (count >= 0);
    return count;
}

static ptrdiff_t run_ps_sendall(scene *s)
{
    int code;

    do {
        code = ps_sendall(&s->socket, block, sizeof block, 0, NULL);
    } while (code == 0);
    return code;
}

static ptrdiff_t run_ps_sendfile(scene *s)
{
    native_file f = native_file_make(0, sizeof block, 0);
    int code;

    do {
        code = ps_sendfile(&s->socket, f.file, 0, sizeof block, NULL);
    } while (code == 0);
    native_file_close(&f);
    return code;
}

static ptrdiff_t run_ps_sendto(scene *s)
{
    ptrdiff_t count;

    do {
        count = ps_sendto(&s->socket, block, sizeof block, 0, &s->address);
    } while (count >= 0);
    return count;
}

static ptrdiff_t run_ps_sendmsg(scene *s)
{
    const ps_buffer buffer = {block, sizeof block};
    ptrdiff_t count;

    do {
        count = ps_sendmsg(&s->socket, &buffer, 1, NULL, 0, 0, NULL);
    } while (count >= 0);
    return count;
}

static ptrdiff_t run_ps_send_fds(scene *s)
{
    ps_handle handle = ps_fileno(&s->peer);
    ptrdiff_t count;

    do {
        count = ps_send_fds(&s->socket, block, sizeof block, &handle, 1, 0);
    } while (count >= 0);
    return count;
}

static ptrdiff_t run_ps_close_gracefully(scene *s)
{
    return ps_close_gracefully(&s->socket, s->timeout);
}

/* How a poll of one socket ended, and what is there when something is. */
static ptrdiff_t poll_result(int ready, const ps_pollfd *entry)
{
    return ready > 0 ? entry->revents : ready;
}

static ptrdiff_t run_ps_poll(scene *s)
{
    ps_pollfd entry = {&s->socket, POLLIN, 0};

    return poll_result(ps_poll(&entry, 1, s->timeout), &entry);
}

/* With a token of its own; that of a socket does here what it does in ps_poll. */
static ptrdiff_t run_ps_poll_with(scene *s)
{
    ps_pollfd entry = {&s->socket, POLLIN, 0};

    return poll_result(ps_poll_with(&entry, 1, s->timeout, s->token), &entry);
}

static ptrdiff_t run_ps_poller_wait(scene *s)
{
    ps_poller *poller;
    ps_event event;
    int found;

    ck_assert_ok(ps_poller_open(&poller));
    ck_assert_ok(ps_poller_add(poller, &s->socket, POLLIN, NULL));
    found = ps_poller_wait(poller, &event, 1, s->timeout, s->token);
    ck_assert_ok(ps_poller_close(poller));
    return found > 0 ? event.events : found;
}

static ptrdiff_t run_ps_file_read(scene *s)
{
    char text[8];

    return ps_file_read(s->file, text, sizeof text);
}

static ptrdiff_t run_ps_file_readline(scene *s)
{
    char text[8];

    return ps_file_readline(s->file, text, sizeof text);
}

static ptrdiff_t run_ps_file_write(scene *s)
{
    ptrdiff_t count;

    do {
        count = ps_file_write(s->file, block, sizeof block);
    } while (count >= 0);
    return count;
}

static ptrdiff_t run_ps_file_flush(scene *s)
{
    return ps_file_flush(s->file);
}

static ptrdiff_t run_ps_file_close(scene *s)
{
    ps_file *file = s->file;

    s->file = NULL;
    return ps_file_close(file);
}

static ptrdiff_t run_ps_getaddrinfo_within(scene *s)
{
    ps_addrinfo *list;
    int code = ps_getaddrinfo_within("name.invalid", NULL, 0, 0, 0, 0, s->timeout, s->token, &list);

    ps_freeaddrinfo(list);
    return code;
}

static ptrdiff_t run_ps_getnameinfo_within(scene *s)
{
    char host[PS_HOST_MAX];
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "192.0.2.1", 80));
    return ps_getnameinfo_within(&a, NI_NAMEREQD, s->timeout, s->token, host, sizeof host, NULL, 0);
}

static ptrdiff_t run_ps_getfqdn_within(scene *s)
{
    char host[PS_HOST_MAX];

    return ps_getfqdn_within("192.0.2.1", s->timeout, s->token, host, sizeof host);
}

static ptrdiff_t run_ps_gethostbyname_within(scene *s)
{
    char text[16];

    return ps_gethostbyname_within("name.invalid", s->timeout, s->token, text);
}

static ptrdiff_t run_ps_gethostbyname_ex_within(scene *s)
{
    ps_hostent *h;
    int code = ps_gethostbyname_ex_within("name.invalid", s->timeout, s->token, &h);

    ps_freehostent(h);
    return code;
}

static ptrdiff_t run_ps_gethostbyaddr_within(scene *s)
{
    ps_hostent *h;
    int code = ps_gethostbyaddr_within("192.0.2.1", s->timeout, s->token, &h);

    ps_freehostent(h);
    return code;
}

static ptrdiff_t run_ps_addr_inet_within(scene *s)
{
    ps_addr a;

    return ps_addr_inet_within(&a, "name.invalid", 80, s->timeout, s->token);
}

static ptrdiff_t run_ps_addr_inet6_within(scene *s)
{
    ps_addr a;

    return ps_addr_inet6_within(&a, "name.invalid", 80, 0, 0, s->timeout, s->token);
}

static ptrdiff_t run_ps_create_connection(scene *s)
{
    ps_sock made;

    return ps_create_connection(&made, "127.0.0.1", ps_addr_port(&s->address), s->timeout, NULL);
}

static ptrdiff_t run_ps_create_connection_with(scene *s)
{
    ps_connect_options options = PS_CONNECT_OPTIONS_INIT;
    ps_sock made;

    options.timeout = s->timeout;
    options.token = s->token;
    return ps_create_connection_with(&made, "127.0.0.1", ps_addr_port(&s->address), &options);
}

#ifdef TEST_CAPTURES
static ptrdiff_t run_ps_capture_next(scene *s)
{
    ps_packet packet;

    return ps_capture_next(s->capture, &packet);
}
#define ROWS_OF_CAPTURES(ROW) CALLS_OF_CAPTURES_THAT_WAIT(ROW)
#else
#define ROWS_OF_CAPTURES(ROW)
#endif

#define ROW(call, set_up, ...) {#call, set_up, run_##call, {__VA_ARGS__}},
static const row rows[] = {CALLS_THAT_WAIT(ROW) ROWS_OF_CAPTURES(ROW)};
#undef ROW
enum { ROWS = sizeof rows / sizeof rows[0] };

/* ---- a play: all calls at once --------------------------------------------------------------- */

/* In blocking mode a call may wait in the system, with a timeout it waits for readiness. */
static const double waiting_modes[] = {PS_NO_TIMEOUT, PATIENCE * 4};
enum { MODES = 2 };

typedef struct play {
    ending way;
    double deadline;
    size_t count;
    scene scenes[ROWS * MODES];
} play;

static int cell_of(const play *p, const scene *s)
{
    return s->row->cells[p->way];
}

static bool has_own_token(const row *r)
{
    return r->run == run_ps_poll_with || r->run == run_ps_poller_wait;
}

static void give_limits(const play *p, scene *s)
{
    if (p->way == BY_TOKEN || (p->way == BY_CLOSE && cell_of(p, s) == GOES_ON &&
                               (s->timeout != PS_NO_TIMEOUT || has_own_token(s->row))))
        ck_assert_ok(ps_cancel_open(&s->token)); /* a stream's outlives the socket */
#ifdef TEST_CAPTURES
    if (s->capture)
        ck_assert_ok(ps_capture_setcancel(s->capture, s->token));
#endif
    if (s->socket.handle == PS_INVALID_HANDLE)
        return;
    ck_assert_ok(ps_settimeout(&s->socket, s->timeout));
    if (p->way == BY_DEADLINE)
        ck_assert_ok(ps_setdeadline(&s->socket, p->deadline, p->deadline));
    if (s->token && !has_own_token(s->row))
        ck_assert_ok(ps_setcancel(&s->socket, s->token));
}

static void run_scene(void *argument)
{
    scene *s = argument;

#ifdef SIGUSR1
    s->id = pthread_self();
#endif
    s->begin = ps_monotonic();
    atomic_store(&s->begun, true);
    s->result = s->row->run(s);
    s->end = ps_monotonic();
    atomic_store(&s->ended, true);
}

static bool prepare(play *p, const row *r, double timeout)
{
    static const ps_sock closed = PS_SOCK_INIT;
    scene *s = &p->scenes[p->count];

    *s = (scene){.row = r, .timeout = timeout, .socket = closed, .peer = closed};
    if (cell_of(p, s) == NO_WAY || !r->set_up(s))
        return false;
    p->count++;
    return true;
}

/* Every call that this way is for, in every mode, waits or is about to. */
static void play_begin(play *p, ending way, const double *timeouts, size_t count)
{
    p->way = way;
    p->count = 0;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < count && prepare(p, &rows[i], timeouts[j]); j++)
            ;
    }
    p->deadline = ps_monotonic() + SOON;
    for (size_t i = 0; i < p->count; i++) {
        give_limits(p, &p->scenes[i]);
        p->scenes[i].thread = test_thread_start(run_scene, &p->scenes[i]);
    }
    for (size_t i = 0; i < p->count; i++) {
        while (!atomic_load(&p->scenes[i].begun))
            test_sleep(0.001);
    }
}

static bool ends_within(scene *s, double seconds)
{
    double end = test_clock() + seconds;

    while (!atomic_load(&s->ended) && test_clock() < end)
        test_sleep(0.002);
    return atomic_load(&s->ended);
}

static const char *const way_names[] = {
    "timeout", "deadline", "token", "ps_close", "ps_shutdown", "ps_shutdown on Windows", "hook"};

#define SCENE_FORMAT "%s x %s, timeout %g: "
#define SCENE_ARGUMENTS(p, s) (s)->row->call, way_names[(p)->way], (s)->timeout

static void assert_ends(const play *p, scene *s)
{
    ck_assert_msg(ends_within(s, PATIENCE), SCENE_FORMAT "goes on", SCENE_ARGUMENTS(p, s));
}

static void assert_goes_on(const play *p, scene *s)
{
    ck_assert_msg(!atomic_load(&s->ended), SCENE_FORMAT "ended with %ld, %s", SCENE_ARGUMENTS(p, s),
                  (long)s->result, ps_error_name((int)s->result));
}

static bool fits(int cell, ptrdiff_t result)
{
    return cell > 0 && result > 0 ? (result & cell) == cell : result == cell;
}

static void assert_result(const play *p, scene *s, int expected)
{
    assert_ends(p, s);
    ck_assert_msg(fits(expected, s->result), SCENE_FORMAT "%ld, %s, expected %d, %s",
                  SCENE_ARGUMENTS(p, s), (long)s->result, ps_error_name((int)s->result), expected,
                  ps_error_name(expected));
}

/* At once, so that no port is held. */
static void close_peer(ps_sock *peer)
{
    if (test_option(peer, SOL_SOCKET, SO_TYPE) == SOCK_STREAM)
        close_with_reset(peer);
    else
        test_close(peer);
}

static void reset_by_peer(scene *s)
{
    if (ps_fileno(&s->peer) != PS_INVALID_HANDLE)
        close_peer(&s->peer);
}

/* What ends a call that goes on: its socket is closed. A stream keeps the connection, and ends
 * by its token, or with its peer. */
static void end_otherwise(const play *p, scene *s)
{
    if (s->row->cells[BY_CLOSE] != GOES_ON) {
        ck_assert_ok(ps_close(&s->socket));
        assert_result(p, s, s->row->cells[BY_CLOSE]);
    } else if (s->token) {
        ps_cancel_fire(s->token);
        assert_result(p, s, s->row->cells[BY_TOKEN]);
    } else {
        reset_by_peer(s);
        assert_ends(p, s);
    }
}

/* On Windows ps_shutdown may leave the call in flight alone; one that begins later sees it. A
 * stream belongs to one thread. */
static void assert_later_call(const play *p, scene *s)
{
    ptrdiff_t result;

    if (s->row->cells[BY_CLOSE] == GOES_ON || s->row->run == run_ps_close_gracefully)
        return;
    result = s->row->run(s);
    ck_assert_msg(fits(s->row->cells[BY_SHUTDOWN], result), SCENE_FORMAT "later %ld, %s",
                  SCENE_ARGUMENTS(p, s), (long)result, ps_error_name((int)result));
}

static void assert_either(const play *p, scene *s)
{
    assert_later_call(p, s);
    if (atomic_load(&s->ended))
        assert_result(p, s, s->row->cells[BY_SHUTDOWN]);
    else
        end_otherwise(p, s);
}

static void assert_cell(const play *p, scene *s)
{
    switch (cell_of(p, s)) {
    case GOES_ON:
        assert_goes_on(p, s);
        end_otherwise(p, s);
        break;
    case EITHER:
        assert_either(p, s);
        break;
    default:
        assert_result(p, s, cell_of(p, s));
        break;
    }
}

static void scene_close(scene *s)
{
    test_thread_join(s->thread);
    reset_by_peer(s);
    (void)ps_file_close(s->file);
    ck_assert_ok(ps_close(&s->socket));
#ifdef TEST_CAPTURES
    ck_assert_ok(ps_capture_close(s->capture));
#endif
    ps_cancel_close(s->token);
}

static bool may_go_on(const play *p, const scene *s)
{
    return cell_of(p, s) == GOES_ON || cell_of(p, s) == EITHER;
}

/* First those that the way ends; what goes on has had a while to show it. */
static void play_end(play *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!may_go_on(p, &p->scenes[i]))
            assert_cell(p, &p->scenes[i]);
    }
    test_sleep(A_WHILE);
    for (size_t i = 0; i < p->count; i++) {
        if (may_go_on(p, &p->scenes[i]))
            assert_cell(p, &p->scenes[i]);
    }
    for (size_t i = 0; i < p->count; i++)
        scene_close(&p->scenes[i]);
    empty_listener();
}

static play the_play;

/* ---- the ways -------------------------------------------------------------------------------- */

static void assert_lasted(const play *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const scene *s = &p->scenes[i];
        ck_assert_msg(s->end - s->begin >= SOON, SCENE_FORMAT "took %g s", SCENE_ARGUMENTS(p, s),
                      s->end - s->begin);
    }
}

START_TEST(endings_by_a_timeout)
{
    static const double timeouts[] = {SOON};

    play_begin(&the_play, BY_TIMEOUT, timeouts, 1);
    play_end(&the_play);
    assert_lasted(&the_play);
}
END_TEST

START_TEST(endings_by_a_deadline)
{
    play *p = &the_play;

    play_begin(p, BY_DEADLINE, waiting_modes, MODES);
    play_end(p);
    for (size_t i = 0; i < p->count; i++)
        ck_assert_msg(p->scenes[i].end >= p->deadline, SCENE_FORMAT "too early",
                      SCENE_ARGUMENTS(p, &p->scenes[i]));
}
END_TEST

/* Traps: THR-2. */
START_TEST(endings_by_a_token)
{
    play *p = &the_play;

    play_begin(p, BY_TOKEN, waiting_modes, MODES);
    test_sleep(A_WHILE);
    for (size_t i = 0; i < p->count; i++) {
        assert_goes_on(p, &p->scenes[i]);
        ps_cancel_fire(p->scenes[i].token);
    }
    play_end(p);
}
END_TEST

START_TEST(endings_by_close)
{
    play *p = &the_play;

    play_begin(p, BY_CLOSE, waiting_modes, MODES);
    test_sleep(A_WHILE);
    for (size_t i = 0; i < p->count; i++) {
        assert_goes_on(p, &p->scenes[i]);
        ck_assert_code(ps_close(&p->scenes[i].socket), 0);
    }
    play_end(p);
}
END_TEST

START_TEST(endings_by_shutdown)
{
    play *p = &the_play;

    play_begin(p, test_on_windows() ? BY_SHUTDOWN_ON_WINDOWS : BY_SHUTDOWN, waiting_modes, MODES);
    test_sleep(A_WHILE);
    for (size_t i = 0; i < p->count; i++) {
        assert_goes_on(p, &p->scenes[i]);
        (void)ps_shutdown(&p->scenes[i].socket, SHUT_RDWR);
    }
    play_end(p);
}
END_TEST

static atomic_bool hook_ends;

static int ask_hook(void *context)
{
    (void)context;
    return atomic_load(&hook_ends);
}

#ifdef SIGUSR1

static void on_signal(int number)
{
    (void)number;
}

/* A signal that comes just before a wait begins interrupts nothing: it comes again. */
static void signal_until_ended(scene *s)
{
    double end = test_clock() + PATIENCE;

    while (!atomic_load(&s->ended) && test_clock() < end) {
        ck_assert_int_eq(pthread_kill(s->id, SIGUSR1), 0);
        test_sleep(0.005);
    }
}

START_TEST(endings_by_the_hook)
{
    struct sigaction action = {.sa_handler = on_signal};
    play *p = &the_play;

    ck_assert_int_eq(sigaction(SIGUSR1, &action, NULL), 0);
    ps_set_interrupt(ask_hook, NULL);
    play_begin(p, BY_HOOK, waiting_modes, MODES);
    test_sleep(A_WHILE);
    for (size_t i = 0; i < p->count; i++)
        ck_assert_int_eq(pthread_kill(p->scenes[i].id, SIGUSR1), 0);
    test_sleep(A_WHILE);
    for (size_t i = 0; i < p->count; i++)
        assert_goes_on(p, &p->scenes[i]);
    atomic_store(&hook_ends, true);
    for (size_t i = 0; i < p->count; i++)
        signal_until_ended(&p->scenes[i]);
    play_end(p);
    ps_set_interrupt(NULL, NULL);
}
END_TEST

#else

/* What sends may have had room for a part of it, and then the hook is asked. */
static bool may_send_a_part(const scene *s)
{
    return s->row->set_up == room || s->row->set_up == stream_room ||
           s->row->set_up == stream_flush;
}

/* Without signals nothing asks the hook in a wait: it goes on until time is over. */
START_TEST(endings_by_the_hook)
{
    static const double timeouts[] = {SOON + A_WHILE};
    play *p = &the_play;

    ps_set_interrupt(ask_hook, NULL);
    play_begin(p, BY_TIMEOUT, timeouts, 1);
    test_sleep(A_WHILE);
    atomic_store(&hook_ends, true);
    for (size_t i = 0; i < p->count; i++) {
        scene *s = &p->scenes[i];
        assert_ends(p, s);
        if (!may_send_a_part(s) || s->result != PS_EINTR)
            assert_cell(p, s);
        scene_close(s);
    }
    empty_listener();
    ps_set_interrupt(NULL, NULL);
}
END_TEST

#endif

void add_endings_tests(Suite *suite);
void add_endings_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, endings_by_a_timeout);
    ADD_TEST_CASE(suite, endings_by_a_deadline);
    ADD_TEST_CASE(suite, endings_by_a_token);
    ADD_TEST_CASE(suite, endings_by_close);
    ADD_TEST_CASE(suite, endings_by_shutdown);
    ADD_TEST_CASE(suite, endings_by_the_hook);
}
