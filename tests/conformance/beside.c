/*
 * Every function of a socket beside every other one, in two threads on the same socket
 * (docs/threads.md, "One socket, several threads"). What the calls answer must make sense, none
 * may hang, and no handle may be left behind; that they do not race is what ThreadSanitizer says
 * of it (preset linux-tsan).
 *
 * Not in the table:
 *   ps_detach                  no call may be in flight
 *   ps_setfailure              no call may be in flight
 *   ps_coalesce                no receive may be in flight
 *   ps_socket                  makes the socket, which nobody else can use yet
 *   ps_socketpair              makes the sockets
 *   ps_adopt                   makes the socket
 *   ps_fromshare               makes the socket
 *   ps_create_connection       makes the socket
 *   ps_create_connection_with  makes the socket
 *   ps_create_server           makes the socket
 */
#include "handles.h"
#include "native_file.h"
#include "test.h"

#include <stdatomic.h>

/* Far more than anything here needs, on a busy machine, too. */
#define PATIENCE 15.0

/* ---- two threads that begin at once ---------------------------------------------------------- */

static atomic_uint arrived;

/* Each goes on when both are here. They have mostly come by the end of a short turn of the loop;
 * who slept at once would let the one that comes last run alone. */
static void meet(void)
{
    unsigned both = atomic_fetch_add(&arrived, 1) / 2 * 2 + 2;

    for (int i = 0; atomic_load(&arrived) < both; i++) {
        if (i > 1000)
            test_sleep(0.0001);
    }
}

/* The other thread, and what it is to do next. */
static struct {
    test_thread *thread;
    void (*run)(void *argument);
    void *argument;
} partner;

static void run_partner(void *unused)
{
    (void)unused;
    for (meet(); partner.run != NULL; meet()) {
        partner.run(partner.argument);
        meet();
    }
}

static void start_partner(void)
{
    partner.thread = test_thread_start(run_partner, NULL);
}

static void stop_partner(void)
{
    partner.run = NULL;
    meet();
    test_thread_join(partner.thread);
}

/* Runs both at the same time, the second one in the other thread. */
static void run_both(void (*run)(void *), void *argument, void (*run_other)(void *),
                     void *other_argument)
{
    partner.run = run_other;
    partner.argument = other_argument;
    meet();
    run(argument);
    meet();
}

/* ThreadSanitizer takes every connect for the making of a handle, which no other call may use at
 * that moment. */
#ifdef __SANITIZE_THREAD__
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race_top:interceptor_connect\nrace_top:^connect$\n";
}
#endif

/* Emulators are slow. */
static int as_many(int natively, int emulated)
{
    return test_on_windows() || getenv("TEST_UNDER_QEMU") != NULL ? emulated : natively;
}

/* ---- what both threads use ------------------------------------------------------------------- */

/* The calls of the shared socket wait that long. */
#define TIMEOUT 0.001
#define OTHER_TIMEOUT 0.0005

static struct {
    ps_sock sock;    /* the one that is shared */
    ps_sock peer;    /* at its other end, if there is one; it never waits */
    ps_sock server;  /* listens at `there` */
    ps_sock helper;  /* a datagram socket */
    ps_sock holder;  /* does not listen at `nowhere` */
    ps_addr own;     /* where the shared socket can be reached */
    ps_addr free;    /* what it may bind to */
    ps_addr there;   /* what it may connect and send to */
    ps_addr nowhere; /* the same, in vain */
    native_file file;
    ps_cancel *token;
    ps_poller *poller;
    int made;
    int stirred;
} world;

static void open_world(double server_timeout)
{
    test_listener(&world.server, AF_INET, &world.there);
    ck_assert_ok(ps_listen(&world.server, 64));
    ck_assert_ok(ps_settimeout(&world.server, server_timeout));
    test_refusing_address(&world.holder, AF_INET, &world.nowhere);
    ck_assert_ok(ps_addr_inet(&world.free, "127.0.0.1", 0));
    ck_assert_ok(ps_socket(&world.helper, AF_INET, SOCK_DGRAM, 0));
    ck_assert_ok(ps_bind(&world.helper, &world.free));
    ck_assert_ok(ps_setblocking(&world.helper, 0));
    ck_assert_ok(ps_cancel_open(&world.token));
    world.file = native_file_make(0, 10, 0);
    ck_assert_ok(ps_poller_open(&world.poller));
    world.sock = world.peer = (ps_sock)PS_SOCK_INIT;
    start_partner();
}

static void close_world(void)
{
    stop_partner();
    test_close(&world.server, &world.helper, &world.holder);
    native_file_close(&world.file);
    ck_assert_ok(ps_poller_close(world.poller));
    ps_cancel_close(world.token);
}

/* Closes a handle that came with a message, on every system. */
static void close_handle(ps_handle handle)
{
    ps_sock s = PS_SOCK_INIT;

    s.handle = handle;
    ps_close(&s);
}

/* A connection that ends so keeps no port for a minute. */
static void reset(ps_sock *s)
{
    ps_setlinger(s, true, 0);
    ps_close(s);
}

/* ---- operations: all that receives ----------------------------------------------------------- */

static ptrdiff_t receive(int flags, size_t n)
{
    char room[64];
    ptrdiff_t count = ps_recv(&world.sock, room, n, flags);

    return count <= (ptrdiff_t)n ? count : PS_EBADMSG;
}

static ptrdiff_t recv_some(void)
{
    return receive(0, 16);
}

static ptrdiff_t recv_nothing(void)
{
    return receive(0, 0);
}

static ptrdiff_t recv_peek(void)
{
    return receive(MSG_PEEK, 16);
}

static ptrdiff_t recv_waitall(void)
{
    return receive(MSG_WAITALL, 64);
}

static ptrdiff_t recvfrom_some(void)
{
    char room[16];
    ps_addr from;

    return ps_recvfrom(&world.sock, room, sizeof room, 0, &from);
}

static ptrdiff_t recvmsg_some(void)
{
    char room[16];
    ps_buffer buffer = {room, sizeof room};
    ps_addr from;
    int flags = 0;

    return ps_recvmsg(&world.sock, &buffer, 1, NULL, NULL, NULL, 0, &flags, &from);
}

static ptrdiff_t recvmany_some(void)
{
    char data[2][16];
    ps_datagram messages[2] = {{.data = data[0], .size = 16}, {.data = data[1], .size = 16}};

    return ps_recvmany(&world.sock, messages, 2, 0);
}

static ptrdiff_t setreceiveinfo(void)
{
    return ps_setreceiveinfo(&world.sock, 0);
}

/* Closes what came with a message; nothing but descriptors can. */
static bool close_handles_of(const ps_control *control)
{
#ifdef SCM_RIGHTS
    const char *place = control->data;

    if (control->level != SOL_SOCKET || control->type != SCM_RIGHTS)
        return false;
    for (size_t i = 0; i < control->size / sizeof(ps_handle); i++) {
        ps_handle handle;
        memcpy(&handle, place + i * sizeof handle, sizeof handle);
        close_handle(handle);
    }
    return true;
#else
    (void)control;
    return false;
#endif
}

static ptrdiff_t recvmsg_with_controls(ps_sock *s, size_t n)
{
    char room[16];
    char control_room[256];
    ps_buffer buffer = {room, n};
    ps_control controls[4];
    size_t count = 4;
    ptrdiff_t result =
        ps_recvmsg(s, &buffer, 1, controls, &count, control_room, sizeof control_room, NULL, NULL);

    for (size_t i = 0; result >= 0 && i < count; i++) {
        if (!close_handles_of(&controls[i]))
            result = PS_EBADMSG;
    }
    return result;
}

static ptrdiff_t recvmsg_controls(void)
{
    return recvmsg_with_controls(&world.sock, 16);
}

static ptrdiff_t recv_with_fds(ps_sock *s, size_t n)
{
    char room[16];
    ps_handle handles[4];
    size_t count = 4;
    int flags = 0;
    ptrdiff_t result = ps_recv_fds(s, room, n, handles, &count, &flags);

    for (size_t i = 0; result >= 0 && i < count; i++)
        close_handle(handles[i]);
    return result;
}

static ptrdiff_t recv_fds(void)
{
    return recv_with_fds(&world.sock, 16);
}

/* ---- operations: all that sends -------------------------------------------------------------- */

static ptrdiff_t send_some(void)
{
    return ps_send(&world.sock, "abc", 3, 0);
}

static ptrdiff_t sendall_some(void)
{
    size_t sent;
    int code = ps_sendall(&world.sock, "abcdef", 6, 0, &sent);

    return sent <= 6 ? code : PS_EBADMSG;
}

/* More than a connection takes at once. */
static ptrdiff_t sendall_much(void)
{
    static const char much[256 * 1024];
    size_t sent;
    int code = ps_sendall(&world.sock, much, sizeof much, 0, &sent);

    return sent <= sizeof much ? code : PS_EBADMSG;
}

static ptrdiff_t sendfile_some(void)
{
    uint64_t sent;
    int code = ps_sendfile(&world.sock, world.file.file, 1, 6, &sent);

    return sent <= 6 ? code : PS_EBADMSG;
}

static ptrdiff_t sendto_there(void)
{
    return ps_sendto(&world.sock, "abc", 3, 0, &world.there);
}

static ptrdiff_t sendto_nowhere(void)
{
    return ps_sendto(&world.sock, "abc", 3, 0, &world.nowhere);
}

static ptrdiff_t sendmany_some(void)
{
    char data[] = "ab";
    ps_datagram messages[2] = {{.data = data, .size = 2}, {.data = data, .size = 1}};

    return ps_sendmany(&world.sock, messages, 2, 0);
}

static ptrdiff_t sendmsg_some(void)
{
    char text[] = "xy";
    ps_buffer buffer = {text, 2};

    return ps_sendmsg(&world.sock, &buffer, 1, NULL, 0, 0, NULL);
}

static ptrdiff_t send_fds(void)
{
    ps_handle handle = ps_fileno(&world.helper);

    return ps_send_fds(&world.sock, "f", 1, &handle, 1, 0);
}

/* ---- operations: waiting and connecting ------------------------------------------------------ */

/* What a wait says of one entry. A closed socket is PS_EBADF here, too. */
static ptrdiff_t polled(const ps_pollfd *entry, int count)
{
    int known = POLLIN | POLLOUT | POLLPRI | POLLERR | POLLHUP | POLLNVAL;

    if (count < 0)
        return entry->revents == 0 ? count : PS_EBADMSG;
    if (count > 1 || (count == 1) != (entry->revents != 0) || (entry->revents & ~known) != 0)
        return PS_EBADMSG;
    return entry->revents & POLLNVAL ? PS_EBADF : count;
}

static ptrdiff_t poll_both(void)
{
    ps_pollfd entry = {&world.sock, POLLIN | POLLOUT, 0};

    return polled(&entry, ps_poll(&entry, 1, OTHER_TIMEOUT));
}

static ptrdiff_t poll_in(void)
{
    ps_pollfd entry = {&world.sock, POLLIN, 0};

    return polled(&entry, ps_poll(&entry, 1, OTHER_TIMEOUT));
}

static ptrdiff_t poll_with_token(void)
{
    ps_pollfd entry = {&world.sock, POLLIN | POLLPRI, 0};

    return polled(&entry, ps_poll_with(&entry, 1, OTHER_TIMEOUT, world.token));
}

/* It is in the poller, or is not, as the other calls have left it. */
static ptrdiff_t registered(int code)
{
    return code == PS_EEXIST || code == PS_ENOENT ? 0 : code;
}

static ptrdiff_t poller_add(void)
{
    return registered(ps_poller_add(world.poller, &world.sock, POLLIN | POLLOUT, NULL));
}

static ptrdiff_t poller_modify(void)
{
    return registered(ps_poller_modify(world.poller, &world.sock, POLLIN | PS_POLL_ONESHOT, NULL));
}

static ptrdiff_t poller_setdeadline(void)
{
    return registered(ps_poller_setdeadline(world.poller, &world.sock, ps_monotonic() + 0.0002));
}

static ptrdiff_t poller_remove(void)
{
    return registered(ps_poller_remove(world.poller, &world.sock));
}

static ptrdiff_t poller_wait(void)
{
    ps_event event;
    int count = ps_poller_wait(world.poller, &event, 1, OTHER_TIMEOUT, world.token);

    return count > 0 && event.sock != &world.sock ? PS_EBADMSG : count;
}

static ptrdiff_t connect_there(void)
{
    return ps_connect(&world.sock, &world.there);
}

static ptrdiff_t connect_nowhere(void)
{
    return ps_connect(&world.sock, &world.nowhere);
}

static ptrdiff_t connect_ex_there(void)
{
    int number = ps_connect_ex(&world.sock, &world.there);

    return number > 0 ? ps_error_from_native(PS_KIND_OS, number) : number;
}

static ptrdiff_t accept_one(void)
{
    ps_sock connection;
    ps_addr from;
    int code = ps_accept(&world.sock, &connection, &from);

    if ((code == 0) != (ps_fileno(&connection) != PS_INVALID_HANDLE))
        return PS_EBADMSG;
    reset(&connection);
    return code;
}

static ptrdiff_t bind_free(void)
{
    return ps_bind(&world.sock, &world.free);
}

static ptrdiff_t listen_some(void)
{
    return ps_listen(&world.sock, 3);
}

static ptrdiff_t shutdown_receiving(void)
{
    return ps_shutdown(&world.sock, SHUT_RD);
}

static ptrdiff_t shutdown_sending(void)
{
    return ps_shutdown(&world.sock, SHUT_WR);
}

static ptrdiff_t shutdown_both(void)
{
    return ps_shutdown(&world.sock, SHUT_RDWR);
}

/* ---- operations: names and options ----------------------------------------------------------- */

static ptrdiff_t own_name(void)
{
    ps_addr a;

    return ps_getsockname(&world.sock, &a);
}

static ptrdiff_t peer_name(void)
{
    ps_addr a;

    return ps_getpeername(&world.sock, &a);
}

static ptrdiff_t getpeercred(void)
{
    ps_credentials who;

    return ps_getpeercred(&world.sock, &who);
}

static ptrdiff_t geterror(void)
{
    return ps_geterror(&world.sock);
}

/* The value of SO_ERROR is the system's own number, which must be one that has a code. */
static ptrdiff_t error_of(int code, int number)
{
    return code == 0 ? ps_error_from_native(PS_KIND_OS, number) : code;
}

static ptrdiff_t getsockopt_error(void)
{
    int number = 0;
    size_t size = sizeof number;
    int code = ps_getsockopt(&world.sock, SOL_SOCKET, SO_ERROR, &number, &size);

    return error_of(code, number);
}

static ptrdiff_t getsockopt_int_error(void)
{
    int number = 0;
    int code = ps_getsockopt_int(&world.sock, SOL_SOCKET, SO_ERROR, &number);

    return error_of(code, number);
}

static ptrdiff_t getsockopt_int_type(void)
{
    int type = 0;
    int code = ps_getsockopt_int(&world.sock, SOL_SOCKET, SO_TYPE, &type);

    return code != 0 || type == SOCK_STREAM || type == SOCK_DGRAM ? code : PS_EBADMSG;
}

static ptrdiff_t setsockopt_keepalive(void)
{
    int on = 1;

    return ps_setsockopt(&world.sock, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

static ptrdiff_t setsockopt_int_keepalive(void)
{
    return ps_setsockopt_int(&world.sock, SOL_SOCKET, SO_KEEPALIVE, 0);
}

static ptrdiff_t setsockopt_int_reuse(void)
{
    return ps_setsockopt_int(&world.sock, SOL_SOCKET, SO_REUSEADDR, 1);
}

/* On Windows the library keeps in mind what becomes of these two. */
static ptrdiff_t setsockopt_int_exclusive(void)
{
#ifdef SO_EXCLUSIVEADDRUSE
    return ps_setsockopt_int(&world.sock, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 0);
#else
    return ps_setsockopt_int(&world.sock, SOL_SOCKET, SO_REUSEADDR, 0);
#endif
}

static ptrdiff_t setlinger_off(void)
{
    return ps_setlinger(&world.sock, false, 0);
}

static ptrdiff_t setlinger_reset(void)
{
    return ps_setlinger(&world.sock, true, 0);
}

static ptrdiff_t getlinger(void)
{
    bool on;
    int seconds;
    int code = ps_getlinger(&world.sock, &on, &seconds);

    return code != 0 || seconds == 0 ? code : PS_EBADMSG;
}

static ptrdiff_t ioctl_switch(void)
{
#ifdef SIO_UDP_CONNRESET
    return ps_ioctl(&world.sock, SIO_UDP_CONNRESET, 0);
#else
    return ps_ioctl(&world.sock, 0, 0);
#endif
}

static ptrdiff_t ioctl_keepalive(void)
{
    return ps_ioctl_keepalive(&world.sock, true, 60000, 1000);
}

/* ---- operations: what belongs to the socket -------------------------------------------------- */

static ptrdiff_t settimeout_short(void)
{
    return ps_settimeout(&world.sock, OTHER_TIMEOUT);
}

static ptrdiff_t setblocking_off(void)
{
    return ps_setblocking(&world.sock, 0);
}

/* One of those that were set, never a half of each. */
static ptrdiff_t gettimeout(void)
{
    double timeout = ps_gettimeout(&world.sock);

    if (timeout == PS_NO_TIMEOUT)
        return PS_EBADF;
    return timeout == 0 || timeout == TIMEOUT || timeout == OTHER_TIMEOUT ? 0 : PS_EBADMSG;
}

static ptrdiff_t setdeadline_soon(void)
{
    double soon = ps_monotonic() + OTHER_TIMEOUT;

    return ps_setdeadline(&world.sock, soon, soon);
}

static ptrdiff_t setdeadline_past(void)
{
    return ps_setdeadline(&world.sock, ps_monotonic() - 1, PS_NO_TIMEOUT);
}

static ptrdiff_t setdeadline_none(void)
{
    return ps_setdeadline(&world.sock, PS_NO_TIMEOUT, PS_NO_TIMEOUT);
}

static ptrdiff_t setcancel_token(void)
{
    return ps_setcancel(&world.sock, world.token);
}

static ptrdiff_t setcancel_none(void)
{
    return ps_setcancel(&world.sock, NULL);
}

static ptrdiff_t cancel_fire(void)
{
    ps_cancel_fire(world.token);
    return 0;
}

static ptrdiff_t cancel_reset(void)
{
    return ps_cancel_reset(world.token);
}

static ptrdiff_t set_inheritable(void)
{
    return ps_set_inheritable(&world.sock, false);
}

static ptrdiff_t get_inheritable(void)
{
    bool inheritable = true;
    int code = ps_get_inheritable(&world.sock, &inheritable);

    return code != 0 || !inheritable ? code : PS_EBADMSG;
}

static ptrdiff_t get_fileno(void)
{
    return ps_fileno(&world.sock) == PS_INVALID_HANDLE ? PS_EBADF : 0;
}

static ptrdiff_t makefile_alone(void)
{
    ps_file *f;
    int code = ps_makefile(&f, &world.sock, "rw", -1);

    return code == 0 ? ps_file_close(f) : code;
}

static ptrdiff_t makefile_used(void)
{
    char line[4];
    ps_file *f;
    ptrdiff_t result = ps_makefile(&f, &world.sock, "rw", 0);

    if (result < 0)
        return result;
    result = ps_file_write(f, "q", 1);
    if (result == 1)
        result = ps_file_readline(f, line, sizeof line);
    ps_file_close(f);
    return result;
}

static ptrdiff_t fromfd(void)
{
    ps_sock duplicate;
    int code = ps_fromfd(&duplicate, ps_fileno(&world.sock), AF_INET, SOCK_STREAM, 0);

    ps_close(&duplicate);
    return code;
}

#ifdef _WIN32
static unsigned long own_process(void)
{
    return GetCurrentProcessId();
}
#else
static unsigned long own_process(void)
{
    return 1;
}
#endif

/* A description that nobody takes up would keep the socket open. */
static ptrdiff_t share(void)
{
    char blob[PS_SHARE_SIZE];
    size_t size = sizeof blob;
    ps_sock shared;
    int code = ps_share(&world.sock, own_process(), blob, &size);

    if (code == 0 && ps_fromshare(&shared, blob, size) == 0)
        ps_close(&shared);
    return code;
}

static ptrdiff_t close_it(void)
{
    return ps_close(&world.sock);
}

static ptrdiff_t close_gracefully(void)
{
    return ps_close_gracefully(&world.sock, OTHER_TIMEOUT);
}

/* ---- the table ------------------------------------------------------------------------------- */

enum {
    SURE = 1,    /* nothing but a close can make it fail */
    FIRES = 2,   /* calls beside it may be canceled */
    ENDS = 4,    /* calls beside it may find the socket closed */
    BORROWS = 8, /* uses the handle itself, and so not beside a close */
};

typedef struct operation {
    const char *function;
    const char *name;
    ptrdiff_t (*run)(void);
    int marks;
} operation;

#define OPERATION(function, run) #function, #run, run

static const operation operations[] = {
    {OPERATION(ps_recv, recv_some), 0},
    {OPERATION(ps_recv, recv_nothing), 0},
    {OPERATION(ps_recv, recv_peek), 0},
    {OPERATION(ps_recv, recv_waitall), 0},
    {OPERATION(ps_recvfrom, recvfrom_some), 0},
    {OPERATION(ps_recvmsg, recvmsg_some), 0},
    {OPERATION(ps_recvmsg, recvmsg_controls), 0},
    {OPERATION(ps_recv_fds, recv_fds), 0},
    {OPERATION(ps_recvmany, recvmany_some), 0},
    {OPERATION(ps_setreceiveinfo, setreceiveinfo), 0},
    {OPERATION(ps_send, send_some), 0},
    {OPERATION(ps_sendall, sendall_some), 0},
    {OPERATION(ps_sendall, sendall_much), 0},
    {OPERATION(ps_sendfile, sendfile_some), 0},
    {OPERATION(ps_sendto, sendto_there), 0},
    {OPERATION(ps_sendto, sendto_nowhere), 0},
    {OPERATION(ps_sendmsg, sendmsg_some), 0},
    {OPERATION(ps_send_fds, send_fds), 0},
    {OPERATION(ps_sendmany, sendmany_some), 0},
    {OPERATION(ps_poll, poll_both), SURE},
    {OPERATION(ps_poll, poll_in), SURE},
    {OPERATION(ps_poll_with, poll_with_token), SURE},
    {OPERATION(ps_poller_add, poller_add), SURE},
    {OPERATION(ps_poller_modify, poller_modify), SURE},
    {OPERATION(ps_poller_setdeadline, poller_setdeadline), SURE},
    {OPERATION(ps_poller_remove, poller_remove), SURE},
    {OPERATION(ps_poller_wait, poller_wait), SURE},
    {OPERATION(ps_connect, connect_there), 0},
    {OPERATION(ps_connect, connect_nowhere), 0},
    {OPERATION(ps_connect_ex, connect_ex_there), 0},
    {OPERATION(ps_accept, accept_one), 0},
    {OPERATION(ps_bind, bind_free), 0},
    {OPERATION(ps_listen, listen_some), 0},
    {OPERATION(ps_shutdown, shutdown_receiving), 0},
    {OPERATION(ps_shutdown, shutdown_sending), 0},
    {OPERATION(ps_shutdown, shutdown_both), 0},
    {OPERATION(ps_getsockname, own_name), SURE},
    {OPERATION(ps_getpeername, peer_name), 0},
    {OPERATION(ps_getpeercred, getpeercred), 0},
    {OPERATION(ps_geterror, geterror), 0},
    {OPERATION(ps_getsockopt, getsockopt_error), 0},
    {OPERATION(ps_getsockopt_int, getsockopt_int_error), 0},
    {OPERATION(ps_getsockopt_int, getsockopt_int_type), SURE},
    {OPERATION(ps_setsockopt, setsockopt_keepalive), 0},
    {OPERATION(ps_setsockopt_int, setsockopt_int_keepalive), 0},
    {OPERATION(ps_setsockopt_int, setsockopt_int_reuse), 0},
    {OPERATION(ps_setsockopt_int, setsockopt_int_exclusive), 0},
    {OPERATION(ps_setlinger, setlinger_off), 0},
    {OPERATION(ps_setlinger, setlinger_reset), 0},
    {OPERATION(ps_getlinger, getlinger), 0},
    {OPERATION(ps_ioctl, ioctl_switch), 0},
    {OPERATION(ps_ioctl_keepalive, ioctl_keepalive), 0},
    {OPERATION(ps_settimeout, settimeout_short), SURE},
    {OPERATION(ps_setblocking, setblocking_off), SURE},
    {OPERATION(ps_gettimeout, gettimeout), SURE},
    {OPERATION(ps_setdeadline, setdeadline_soon), SURE},
    {OPERATION(ps_setdeadline, setdeadline_past), SURE},
    {OPERATION(ps_setdeadline, setdeadline_none), SURE},
    {OPERATION(ps_setcancel, setcancel_token), SURE},
    {OPERATION(ps_setcancel, setcancel_none), SURE},
    {OPERATION(ps_cancel_fire, cancel_fire), SURE | FIRES},
    {OPERATION(ps_cancel_reset, cancel_reset), SURE},
    {OPERATION(ps_set_inheritable, set_inheritable), SURE},
    {OPERATION(ps_get_inheritable, get_inheritable), SURE},
    {OPERATION(ps_fileno, get_fileno), SURE},
    {OPERATION(ps_makefile, makefile_alone), SURE},
    {OPERATION(ps_makefile, makefile_used), 0},
    {OPERATION(ps_fromfd, fromfd), SURE | BORROWS},
    {OPERATION(ps_share, share), 0},
    {OPERATION(ps_close, close_it), SURE | ENDS},
    {OPERATION(ps_close_gracefully, close_gracefully), ENDS},
};
enum { OPERATIONS = sizeof operations / sizeof operations[0] };

/* ---- one operation beside another ------------------------------------------------------------ */

/* A kind of socket: how a new one is made, and what its peer does between the operations. */
typedef struct kind {
    void (*make)(void);
    void (*stir)(void);
} kind;

/* How often each of the two runs at least, and at most while it waits for the other one. */
static int rounds_least, rounds_most;

typedef struct side {
    const operation *operation;
    struct side *other;
    void (*stir)(void); /* NULL: the other one does it */
    int turn;
    atomic_int rounds;
    bool wrong;
    ptrdiff_t result;
} side;

/* The two tell each other how far they are in a way that orders nothing else, so that it hides
 * no race. */
static int rounds_of(side *s)
{
    return atomic_load_explicit(&s->rounds, memory_order_relaxed);
}

static void set_rounds(side *s, int rounds)
{
    atomic_store_explicit(&s->rounds, rounds, memory_order_relaxed);
}

/* What one or the other answers on one or the other kind of socket, alone. */
static bool is_an_answer(ptrdiff_t code)
{
    static const int answers[] = {
        PS_TIMED_OUT,   PS_EWOULDBLOCK, PS_EINPROGRESS,  PS_EALREADY,     PS_EISCONN,
        PS_ENOTCONN,    PS_EPIPE,       PS_ECONNRESET,   PS_ECONNREFUSED, PS_ECONNABORTED,
        PS_EINVAL,      PS_EOPNOTSUPP,  PS_EDESTADDRREQ, PS_EADDRINUSE,   PS_EMSGSIZE,
        PS_ENOPROTOOPT, PS_ENOENT,      PS_BAD_CONTROL,
    };

    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (code == answers[i])
            return true;
    }
    return false;
}

static bool makes_sense(const side *s, ptrdiff_t result)
{
    int marks = s->operation->marks | s->other->operation->marks;

    if (result >= 0)
        return true;
    if (result == PS_EBADF)
        return marks & ENDS;
    if (result == PS_ECANCELED)
        return marks & FIRES;
    return !(s->operation->marks & SURE) && is_an_answer(result);
}

static void run_once(side *s)
{
    ptrdiff_t result = s->operation->run();

    if (!s->wrong && !makes_sense(s, result)) {
        s->wrong = true;
        s->result = result;
    }
    if (s->stir != NULL)
        s->stir();
}

/* Ends the socket when the other one is in the midst of it: before its first call, or after
 * some. */
static void run_ending(side *s)
{
    while (!(s->other->operation->marks & ENDS) && rounds_of(s->other) < s->turn)
        test_sleep(0);
    run_once(s);
    set_rounds(s, rounds_least);
}

static void run_side(void *argument)
{
    side *s = argument;
    int rounds = 0;

    if (s->operation->marks & ENDS) {
        run_ending(s);
        return;
    }
    do {
        run_once(s);
        set_rounds(s, ++rounds);
    } while (rounds < rounds_least || (rounds < rounds_most && rounds_of(s->other) < rounds_least));
}

static void assert_right(const side *s)
{
    if (s->wrong)
        ck_abort_msg("%s (%s) beside %s, turn %d: %s (%d)", s->operation->function,
                     s->operation->name, s->other->operation->name, s->turn,
                     ps_error_name((int)s->result), (int)s->result);
}

/* A new socket. Every other one has a token and deadlines; where one has not, what it needs for
 * them is made beside the other thread. */
static void make_socket(const kind *k)
{
    double later = ps_monotonic() + 4 * PATIENCE;
    bool with_token = world.made++ % 2;

    world.stirred = 0;
    k->make();
    k->stir();
    ck_assert_ok(ps_settimeout(&world.sock, TIMEOUT));
    if (!with_token)
        return;
    ck_assert_ok(ps_setcancel(&world.sock, world.token));
    ck_assert_ok(ps_setdeadline(&world.sock, later, later));
}

static void run_beside(const kind *k, const operation *one, const operation *other, int turn)
{
    side sides[2] = {{.operation = one, .stir = k->stir, .turn = turn},
                     {.operation = other, .turn = turn}};

    sides[0].other = &sides[1];
    sides[1].other = &sides[0];
    make_socket(k);
    run_both(run_side, &sides[0], run_side, &sides[1]);
    assert_right(&sides[0]);
    assert_right(&sides[1]);
    reset(&world.peer);
    ck_assert_ok(ps_close(&world.sock));
    ck_assert_ok(ps_cancel_reset(world.token));
}

static void run_pair(const kind *k, const operation *one, const operation *other)
{
    int marks = one->marks | other->marks;
    int turns = marks & ENDS ? as_many(4, 2) : as_many(2, 1);

    if (marks & ENDS && marks & BORROWS)
        return;
    for (int turn = 0; turn < turns; turn++) {
        if (turn / 2 % 2 == 0)
            run_beside(k, one, other, turn);
        else
            run_beside(k, other, one, turn);
    }
}

/* What Winsock and Wine open for themselves is not counted so exactly. */
static void assert_no_handle_left(size_t before)
{
    size_t after = open_handles();

    if (test_on_windows())
        ck_assert_uint_lt(after, before + 16);
    else
        ck_assert_uint_eq(after, before);
}

/* The pairs are shared out over two tests where one of them would take long. */
enum { HALF_OF_THE_PAIRS, OTHER_HALF, ALL_PAIRS };

static void run_pairs(const kind *k, int which)
{
    size_t before;

    rounds_least = as_many(4, 2);
    rounds_most = as_many(40, 6);
    run_pair(k, &operations[0], &operations[0]);
    before = open_handles();
    for (int i = 0; i < OPERATIONS; i++) {
        for (int j = i; j < OPERATIONS; j++) {
            if (which == ALL_PAIRS || (i + j) % 2 == which)
                run_pair(k, &operations[i], &operations[j]);
        }
    }
    assert_no_handle_left(before);
    close_world();
}

/* ---- TCP ------------------------------------------------------------------------------------- */

static void make_tcp_connection(void)
{
    ps_addr own, from;

    ck_assert_ok(ps_socket(&world.sock, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_connect(&world.sock, &world.there));
    ck_assert_ok(ps_getsockname(&world.sock, &own));
    ck_assert_ok(ps_accept(&world.server, &world.peer, &from));
    ck_assert(ps_addr_equal(&own, &from));
    ck_assert_ok(ps_setblocking(&world.peer, 0));
}

/* The peer takes what has come and gives something, as far as it can. */
static void stir_peer(void)
{
    static char room[64 * 1024];

    (void)ps_recv(&world.peer, room, sizeof room, 0);
    (void)ps_send(&world.peer, "zzz\nzzz\n", 8, 0);
    world.stirred++;
}

static void on_a_tcp_connection(int which)
{
    static const kind k = {make_tcp_connection, stir_peer};

    open_world(PATIENCE);
    run_pairs(&k, which);
}

START_TEST(beside_on_a_tcp_connection)
{
    on_a_tcp_connection(HALF_OF_THE_PAIRS);
}
END_TEST

START_TEST(beside_on_a_tcp_connection_other_half)
{
    on_a_tcp_connection(OTHER_HALF);
}
END_TEST

/* Whichever of the two comes first finds out that the connection has failed. */
static void stir_and_reset(void)
{
    stir_peer();
    if (world.stirred == 2)
        reset(&world.peer);
}

static void on_a_tcp_connection_that_fails(int which)
{
    static const kind k = {make_tcp_connection, stir_and_reset};

    open_world(PATIENCE);
    run_pairs(&k, which);
}

START_TEST(beside_on_a_tcp_connection_that_fails)
{
    on_a_tcp_connection_that_fails(HALF_OF_THE_PAIRS);
}
END_TEST

START_TEST(beside_on_a_tcp_connection_that_fails_other_half)
{
    on_a_tcp_connection_that_fails(OTHER_HALF);
}
END_TEST

/* What came to the server and nobody has taken goes. */
static void make_tcp_socket(void)
{
    ps_sock forgotten;

    while (ps_accept(&world.server, &forgotten, NULL) == 0)
        reset(&forgotten);
    ck_assert_ok(ps_socket(&world.sock, AF_INET, SOCK_STREAM, 0));
}

/* The server takes a connection, talks for a while and goes. */
static void stir_server(void)
{
    if (ps_fileno(&world.peer) == PS_INVALID_HANDLE &&
        ps_accept(&world.server, &world.peer, NULL) == 0)
        ps_setblocking(&world.peer, 0);
    stir_peer();
    if (world.stirred % 5 == 0)
        reset(&world.peer);
}

static void on_a_tcp_socket(int which)
{
    static const kind k = {make_tcp_socket, stir_server};

    open_world(0);
    run_pairs(&k, which);
}

START_TEST(beside_on_a_tcp_socket)
{
    on_a_tcp_socket(HALF_OF_THE_PAIRS);
}
END_TEST

START_TEST(beside_on_a_tcp_socket_other_half)
{
    on_a_tcp_socket(OTHER_HALF);
}
END_TEST

static void make_tcp_listener(void)
{
    ck_assert_ok(ps_create_server(&world.sock, &world.free, 16, false, false));
    ck_assert_ok(ps_getsockname(&world.sock, &world.own));
}

/* Now and then a client comes, and the one before goes. */
static void stir_clients(void)
{
    if (world.stirred++ % 4 != 0)
        return;
    reset(&world.peer);
    ck_assert_ok(ps_socket(&world.peer, AF_INET, SOCK_STREAM, 0));
    ps_setblocking(&world.peer, 0);
    (void)ps_connect(&world.peer, &world.own);
}

static void on_a_tcp_listener(int which)
{
    static const kind k = {make_tcp_listener, stir_clients};

    open_world(0);
    run_pairs(&k, which);
}

START_TEST(beside_on_a_tcp_listener)
{
    on_a_tcp_listener(HALF_OF_THE_PAIRS);
}
END_TEST

START_TEST(beside_on_a_tcp_listener_other_half)
{
    on_a_tcp_listener(OTHER_HALF);
}
END_TEST

/* ---- UDP ------------------------------------------------------------------------------------- */

static void make_udp_socket(void)
{
    ck_assert_ok(ps_socket(&world.sock, AF_INET, SOCK_DGRAM, 0));
    ck_assert_ok(ps_bind(&world.sock, &world.free));
    ck_assert_ok(ps_getsockname(&world.sock, &world.own));
}

static void stir_helper(void)
{
    char room[64];

    (void)ps_recv(&world.helper, room, sizeof room, 0);
    (void)ps_sendto(&world.helper, "zzzzzzzz", 8, 0, &world.own);
}

static void on_a_udp_socket(int which)
{
    static const kind k = {make_udp_socket, stir_helper};

    open_world(0);
    ck_assert_ok(ps_getsockname(&world.helper, &world.there));
    run_pairs(&k, which);
}

START_TEST(beside_on_a_udp_socket)
{
    on_a_udp_socket(HALF_OF_THE_PAIRS);
}
END_TEST

START_TEST(beside_on_a_udp_socket_other_half)
{
    on_a_udp_socket(OTHER_HALF);
}
END_TEST

/* ---- AF_UNIX --------------------------------------------------------------------------------- */

/* A pair, if the system has one. */
static bool unix_pair(ps_sock pair[2], int type)
{
    int code = ps_socketpair(pair, AF_UNIX, type, 0);

    if (!test_on_windows() || code == 0) {
        ck_assert_ok(code);
        return true;
    }
    ck_assert(code == PS_EAFNOSUPPORT || code == PS_EOPNOTSUPP || code == PS_EPROTONOSUPPORT ||
              code == PS_ESOCKTNOSUPPORT);
    return false;
}

static void make_unix_pair(int type)
{
    ps_sock pair[2];

    ck_assert(unix_pair(pair, type));
    world.sock = pair[0];
    world.peer = pair[1];
    ck_assert_ok(ps_setblocking(&world.peer, 0));
}

static void make_unix_streams(void)
{
    make_unix_pair(SOCK_STREAM);
}

static void make_unix_datagrams(void)
{
    make_unix_pair(SOCK_DGRAM);
}

/* The peer gives a descriptor now and then. */
static void stir_unix_peer(void)
{
    ps_handle handle = ps_fileno(&world.helper);

    stir_peer();
    (void)ps_send_fds(&world.peer, "zz", 2, &handle, 1, 0);
}

static void run_all_unix_pairs(int type, const kind *k)
{
    static const char path[] = "beside-nobody-is-here";
    ps_sock pair[2];

    if (!unix_pair(pair, type))
        return;
    test_close(&pair[0], &pair[1]);
    open_world(0);
    ck_assert_ok(ps_addr_unix(&world.free, "", 0));
    ck_assert_ok(ps_addr_unix(&world.there, path, sizeof path - 1));
    world.nowhere = world.there;
    run_pairs(k, ALL_PAIRS);
}

START_TEST(beside_on_unix_streams)
{
    static const kind k = {make_unix_streams, stir_unix_peer};

    run_all_unix_pairs(SOCK_STREAM, &k);
}
END_TEST

START_TEST(beside_on_unix_datagrams)
{
    static const kind k = {make_unix_datagrams, stir_unix_peer};

    run_all_unix_pairs(SOCK_DGRAM, &k);
}
END_TEST

/* ---- what a socket gets at its first use ----------------------------------------------------- */

enum { STREAM, TOKEN, DEADLINE, FIRST_USES };

typedef struct first_use {
    int use;
    int code;
    ps_file *file;
} first_use;

static void run_first_use(void *argument)
{
    first_use *f = argument;
    double past = ps_monotonic() - 1;

    switch (f->use) {
    case STREAM:
        f->code = ps_makefile(&f->file, &world.sock, "rw", 0);
        break;
    case TOKEN:
        f->code = ps_setcancel(&world.sock, world.token);
        break;
    default:
        f->code = ps_setdeadline(&world.sock, past, PS_NO_TIMEOUT);
        break;
    }
}

/* Data waits, and yet every receive says this. */
static void assert_receives_say(const first_use *uses, int code)
{
    char byte;

    ck_assert_code(ps_recv(&world.sock, &byte, 1, 0), code);
    for (int i = 0; i < 2; i++) {
        if (uses[i].file != NULL)
            ck_assert_code(ps_file_read(uses[i].file, &byte, 1), code);
    }
}

static bool is_among(int use, const first_use *uses)
{
    return uses[0].use == use || uses[1].use == use;
}

/* Each stream keeps the connection, and the last one that goes ends it. */
static void assert_streams_work(first_use *uses)
{
    char byte;

    ck_assert_ok(ps_close(&world.sock));
    for (int i = 0; i < 2; i++) {
        if (uses[i].file == NULL)
            continue;
        ck_assert_code(ps_file_write(uses[i].file, "s", 1), 1);
        ck_assert_code(ps_recv(&world.peer, &byte, 1, 0), 1);
        ck_assert_code(ps_file_close(uses[i].file), 0);
    }
    ck_assert_code(ps_recv(&world.peer, &byte, 1, 0), 0);
}

static void assert_nothing_is_lost(first_use *uses)
{
    char byte;

    ck_assert_ok(uses[0].code);
    ck_assert_ok(uses[1].code);
    ck_assert_code(ps_send(&world.peer, "x", 1, 0), 1);
    if (is_among(TOKEN, uses)) {
        ps_cancel_fire(world.token);
        assert_receives_say(uses, PS_ECANCELED);
        ck_assert_ok(ps_cancel_reset(world.token));
    }
    if (is_among(DEADLINE, uses)) {
        assert_receives_say(uses, PS_TIMED_OUT);
        ck_assert_ok(ps_setdeadline(&world.sock, PS_NO_TIMEOUT, PS_NO_TIMEOUT));
    }
    ck_assert_code(ps_recv(&world.sock, &byte, 1, 0), 1);
    assert_streams_work(uses);
}

static void use_first(int one, int other)
{
    first_use uses[2] = {{.use = one}, {.use = other}};
    ps_sock pair[2];

    ck_assert_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
    world.sock = pair[0];
    world.peer = pair[1];
    ck_assert_ok(ps_settimeout(&world.sock, PATIENCE));
    ck_assert_ok(ps_settimeout(&world.peer, PATIENCE));
    run_both(run_first_use, &uses[0], run_first_use, &uses[1]);
    assert_nothing_is_lost(uses);
    ck_assert_ok(ps_close(&world.peer));
}

START_TEST(beside_first_uses_of_a_socket)
{
    int rounds = as_many(400, 40);
    size_t before;

    open_world(0);
    use_first(STREAM, TOKEN);
    before = open_handles();
    for (int round = 0; round < rounds; round++) {
        for (int one = 0; one < FIRST_USES; one++) {
            for (int other = one; other < FIRST_USES; other++)
                use_first(one, other);
        }
    }
    assert_no_handle_left(before);
    close_world();
}
END_TEST

/* ---- descriptors that come beside a close ---------------------------------------------------- */

typedef struct receiver {
    ptrdiff_t (*receive)(ps_sock *s, size_t n);
    size_t n;
    bool slowly;
    ptrdiff_t sent;
    ptrdiff_t result;
} receiver;

static void run_receiver(void *argument)
{
    receiver *r = argument;

    r->result = r->receive(&world.sock, r->n);
}

/* Closes the socket before the descriptors have come to the receiver, or just then. */
static void run_closer(void *argument)
{
    receiver *r = argument;
    ps_handle handle = ps_fileno(&world.helper);
    ps_handle handles[3] = {handle, handle, handle};

    if (r->slowly)
        test_sleep(0.0001);
    r->sent = ps_send_fds(&world.peer, "x", r->n, handles, 3, 0);
    ps_close(&world.sock);
}

/* Descriptors that were received are closed by the receiver, and those that were not go with the
 * socket. */
static void receive_beside_close(int type, receiver *r)
{
    make_unix_pair(type);
    run_both(run_closer, r, run_receiver, r);
    ck_assert_code(r->sent, (int)r->n);
    if (r->result != PS_EBADF)
        ck_assert_code(r->result, (int)r->n);
    ck_assert_ok(ps_close(&world.peer));
}

/* Where the system passes no descriptors it says so. */
static void assert_no_descriptors_pass(void)
{
    ps_sock pair[2];

    ck_assert_ok(ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0));
    ck_assert_code(recv_with_fds(&pair[0], 1), PS_EOPNOTSUPP);
    test_close(&pair[0], &pair[1]);
}

START_TEST(beside_close_no_descriptor_is_lost)
{
    static ptrdiff_t (*const ways[])(ps_sock *, size_t) = {recv_with_fds, recvmsg_with_controls};
    int rounds = as_many(6000, 600);
    size_t before;

    if (test_on_windows()) {
        assert_no_descriptors_pass();
        return;
    }
    open_world(0);
    before = open_handles();
    for (int i = 0; i < rounds; i++) {
        receiver r = {.receive = ways[i % 2], .n = i % 3 == 0, .slowly = i / 2 % 2};
        receive_beside_close(r.n == 0 || i % 2 ? SOCK_DGRAM : SOCK_STREAM, &r);
    }
    assert_no_handle_left(before);
    close_world();
}
END_TEST

void add_beside_tests(Suite *suite);
void add_beside_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, beside_on_a_tcp_connection);
    ADD_TEST_CASE(suite, beside_on_a_tcp_connection_other_half);
    ADD_TEST_CASE(suite, beside_on_a_tcp_connection_that_fails);
    ADD_TEST_CASE(suite, beside_on_a_tcp_connection_that_fails_other_half);
    ADD_TEST_CASE(suite, beside_on_a_tcp_socket);
    ADD_TEST_CASE(suite, beside_on_a_tcp_socket_other_half);
    ADD_TEST_CASE(suite, beside_on_a_tcp_listener);
    ADD_TEST_CASE(suite, beside_on_a_tcp_listener_other_half);
    ADD_TEST_CASE(suite, beside_on_a_udp_socket);
    ADD_TEST_CASE(suite, beside_on_a_udp_socket_other_half);
    ADD_TEST_CASE(suite, beside_on_unix_streams);
    ADD_TEST_CASE(suite, beside_on_unix_datagrams);
    ADD_TEST_CASE(suite, beside_first_uses_of_a_socket);
    ADD_TEST_CASE(suite, beside_close_no_descriptor_is_lost);
}
