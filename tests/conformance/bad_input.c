/*
 * Every public function with what it must refuse: closed sockets, handles that are no sockets,
 * wrong families, NULL, sizes, timeouts and ports out of range, buffers too small. Each gives
 * exactly the code that its header names, on every system; and then nothing is lost: results are
 * closed or empty, the socket works, no handle is left open.
 */
#include "config.h"

#include "handles.h"
#include "test.h"

#include <limits.h>

/* Long enough for loopback to bring a byte, on a busy machine, too. */
#define PATIENCE 10.0

/* A size that no buffer has; the reference's negative size. */
#define HUGE_SIZE ((size_t)PTRDIFF_MAX + 1)

/* Whether the build found no AF_PACKET. */
#if PS__HAVE_PACKET
enum { NO_PACKET = 0 };
#else
enum { NO_PACKET = 1 };
#endif

/* ---- what is checked afterwards -------------------------------------------------------------- */

/* A result that a failed call has to make empty must not be so before. */
static ps_addr stale_address(void)
{
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "192.0.2.1", 4711));
    return a;
}

static ps_sock stale_socket(void)
{
    ps_sock s = PS_SOCK_INIT;

    s.handle = 4711;
    s.type = SOCK_STREAM;
    s.timeout = 4711;
    return s;
}

static void assert_no_address(const ps_addr *a)
{
    ck_assert_int_eq((int)a->len, 0);
}

static void assert_closed(ps_sock *s)
{
    char byte;

    ck_assert_msg(ps_fileno(s) == PS_INVALID_HANDLE, "the socket is not closed");
    ck_assert_code(ps_recv(s, &byte, 1, 0), PS_EBADF);
    ck_assert_double_eq(ps_gettimeout(s), PS_NO_TIMEOUT);
    ck_assert_ok(ps_close(s));
}

static void assert_byte_goes(ps_sock *from, ps_sock *to)
{
    char byte = 0;

    ck_assert_int_eq(ps_send(from, "x", 1, 0), 1);
    ck_assert_int_eq(ps_recv(to, &byte, 1, 0), 1);
    ck_assert_int_eq(byte, 'x');
}

/* Two connected sockets, and the proof that they still are. */
typedef struct line {
    ps_sock one;
    ps_sock other;
} line;

static line line_open(void)
{
    line l;

    test_tcp_pair(&l.one, &l.other);
    ck_assert_ok(ps_settimeout(&l.one, PATIENCE));
    ck_assert_ok(ps_settimeout(&l.other, PATIENCE));
    return l;
}

static void line_works(line *l)
{
    ck_assert_double_eq(ps_gettimeout(&l->one), PATIENCE);
    assert_byte_goes(&l->one, &l->other);
    assert_byte_goes(&l->other, &l->one);
}

static void line_close(line *l)
{
    line_works(l);
    test_close(&l->one, &l->other);
}

/* ---- every function of a socket, with good arguments ----------------------------------------- */

static ps_addr loopback(void)
{
    ps_addr a;

    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 0));
    return a;
}

static int call_bind(ps_sock *s)
{
    ps_addr a = loopback();

    return ps_bind(s, &a);
}

static int call_listen(ps_sock *s)
{
    return ps_listen(s, 1);
}

static int call_accept(ps_sock *s)
{
    ps_sock connection = stale_socket();
    ps_addr peer = stale_address();
    int code = ps_accept(s, &connection, &peer);

    assert_closed(&connection);
    assert_no_address(&peer);
    return code;
}

static int call_connect(ps_sock *s)
{
    ps_addr a = loopback();

    return ps_connect(s, &a);
}

/* The code whose native number ps_connect_ex gave, or the code that it gave. */
static int code_of_native(int native)
{
    int code;

    for (code = native > 0 ? -1 : native; native > 0 && code > -200; code--) {
        if (ps_error_native(code) == native)
            return code;
    }
    return code;
}

static int call_connect_ex(ps_sock *s)
{
    ps_addr a = loopback();

    return code_of_native(ps_connect_ex(s, &a));
}

static int call_recv(ps_sock *s)
{
    char room[4];

    return (int)ps_recv(s, room, sizeof room, 0);
}

static int call_recv_with_flags(ps_sock *s)
{
    char room[4];

    return (int)ps_recv(s, room, sizeof room, MSG_PEEK);
}

static int call_recvfrom(ps_sock *s)
{
    ps_addr from = stale_address();
    char room[4];
    int code = (int)ps_recvfrom(s, room, sizeof room, 0, &from);

    assert_no_address(&from);
    return code;
}

static int call_recvfrom_with_flags(ps_sock *s)
{
    ps_addr from = stale_address();
    char room[4];
    int code = (int)ps_recvfrom(s, room, sizeof room, MSG_PEEK, &from);

    assert_no_address(&from);
    return code;
}

static int call_send(ps_sock *s)
{
    return (int)ps_send(s, "abc", 3, 0);
}

static int call_sendall(ps_sock *s)
{
    size_t sent = 4711;
    int code = ps_sendall(s, "abc", 3, 0, &sent);

    ck_assert_uint_eq(sent, 0);
    return code;
}

static int call_sendto(ps_sock *s)
{
    ps_addr a = stale_address();

    return (int)ps_sendto(s, "abc", 3, 0, &a);
}

static int call_shutdown(ps_sock *s)
{
    return ps_shutdown(s, SHUT_RDWR);
}

static int call_getsockname(ps_sock *s)
{
    ps_addr a = stale_address();
    int code = ps_getsockname(s, &a);

    assert_no_address(&a);
    return code;
}

static int call_getpeername(ps_sock *s)
{
    ps_addr a = stale_address();
    int code = ps_getpeername(s, &a);

    assert_no_address(&a);
    return code;
}

static int call_getsockopt(ps_sock *s)
{
    int value;
    size_t length = sizeof value;
    int code = ps_getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length);

    ck_assert_uint_eq(length, 0);
    return code;
}

static int call_setsockopt(ps_sock *s)
{
    int on = 1;

    return ps_setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

static int call_getsockopt_int(ps_sock *s)
{
    int value = 4711;
    int code = ps_getsockopt_int(s, SOL_SOCKET, SO_TYPE, &value);

    ck_assert_int_eq(value, 0);
    return code;
}

static int call_setsockopt_int(ps_sock *s)
{
    return ps_setsockopt_int(s, SOL_SOCKET, SO_KEEPALIVE, 1);
}

#ifdef SIO_RCVALL
#define A_CONTROL SIO_RCVALL
#else
#define A_CONTROL 0x98000001ul
#endif

static int call_ioctl(ps_sock *s)
{
    return ps_ioctl(s, A_CONTROL, 1);
}

static int call_ioctl_keepalive(ps_sock *s)
{
    return ps_ioctl_keepalive(s, true, 10000, 1000);
}

static int call_settimeout(ps_sock *s)
{
    return ps_settimeout(s, 1.0);
}

static int call_setblocking(ps_sock *s)
{
    return ps_setblocking(s, 0);
}

static int call_set_inheritable(ps_sock *s)
{
    return ps_set_inheritable(s, false);
}

static int call_get_inheritable(ps_sock *s)
{
    bool inheritable;

    return ps_get_inheritable(s, &inheritable);
}

/* A stream is made without asking the system; its first read asks. */
static int call_makefile(ps_sock *s)
{
    ps_sock moved = PS_SOCK_INIT;
    ps_file *file = (ps_file *)&moved;
    char byte;
    int code;

    if (s)
        moved = *s;
    code = ps_makefile(&file, s ? &moved : NULL, "rb", -1);
    if (code != 0) {
        ck_assert_ptr_null(file);
        return code;
    }
    code = (int)ps_file_read(file, &byte, 1);
    ck_assert_ok(ps_file_close(file));
    ps_detach(&moved); /* the handle is still that of *s */
    return code;
}

static int call_sendmsg(ps_sock *s)
{
    char data[] = "abc";
    ps_buffer buffer = {data, 3};

    return (int)ps_sendmsg(s, &buffer, 1, NULL, 0, 0, NULL);
}

static int call_recvmsg(ps_sock *s)
{
    char room[4], control_room[64];
    ps_buffer buffer = {room, sizeof room};
    ps_control control;
    size_t control_count = 1;
    ps_addr from = stale_address();
    int flags = MSG_PEEK;
    int code = (int)ps_recvmsg(s, &buffer, 1, &control, &control_count, control_room,
                               sizeof control_room, &flags, &from);

    ck_assert_uint_eq(control_count, 0);
    ck_assert_int_eq(flags, 0);
    assert_no_address(&from);
    return code;
}

static int call_send_fds(ps_sock *s)
{
    ps_handle fd = PS_INVALID_HANDLE;

    return (int)ps_send_fds(s, "x", 1, &fd, 0, 0);
}

static int call_recv_fds(ps_sock *s)
{
    ps_handle fd;
    size_t count = 1;
    int flags = MSG_PEEK;
    char room[4];
    int code = (int)ps_recv_fds(s, room, sizeof room, &fd, &count, &flags);

    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(flags, 0);
    return code;
}

static int call_getpeercred(ps_sock *s)
{
    ps_credentials credentials = {4711, 4711, 4711};
    int code = ps_getpeercred(s, &credentials);

    ck_assert_int_eq(credentials.pid, -1);
    ck_assert_int_eq(credentials.uid, -1);
    ck_assert_int_eq(credentials.gid, -1);
    return code;
}

static int call_share(ps_sock *s)
{
    char blob[PS_SHARE_SIZE];
    size_t size = sizeof blob;
    int code = ps_share(s, 0, blob, &size);

    ck_assert_uint_eq(size, 0);
    return code;
}

/* The code for a handle that is no socket is one of the two where systems differ: a POSIX
 * descriptor of any kind has a blocking mode and an inheritance; controls, descriptors,
 * credentials and shared sockets are of one system each. */
#define ANY_FAILURE 1
typedef struct row {
    const char *name;
    int (*call)(ps_sock *s);
    int no_socket_on_posix;
    int no_socket_on_windows;
} row;

static const row rows[] = {
    {"bind", call_bind, PS_ENOTSOCK, PS_ENOTSOCK},
    {"listen", call_listen, PS_ENOTSOCK, PS_ENOTSOCK},
    {"accept", call_accept, PS_ENOTSOCK, PS_ENOTSOCK},
    {"connect", call_connect, PS_ENOTSOCK, PS_ENOTSOCK},
    {"connect_ex", call_connect_ex, PS_ENOTSOCK, PS_ENOTSOCK},
    {"recv", call_recv, PS_ENOTSOCK, PS_ENOTSOCK},
    {"recv with flags", call_recv_with_flags, PS_ENOTSOCK, PS_ENOTSOCK},
    {"recvfrom", call_recvfrom, PS_ENOTSOCK, PS_ENOTSOCK},
    {"recvfrom with flags", call_recvfrom_with_flags, PS_ENOTSOCK, PS_ENOTSOCK},
    {"send", call_send, PS_ENOTSOCK, PS_ENOTSOCK},
    {"sendall", call_sendall, PS_ENOTSOCK, PS_ENOTSOCK},
    {"sendto", call_sendto, PS_ENOTSOCK, PS_ENOTSOCK},
    {"shutdown", call_shutdown, PS_ENOTSOCK, PS_ENOTSOCK},
    {"getsockname", call_getsockname, PS_ENOTSOCK, PS_ENOTSOCK},
    {"getpeername", call_getpeername, PS_ENOTSOCK, PS_ENOTSOCK},
    {"getsockopt", call_getsockopt, PS_ENOTSOCK, PS_ENOTSOCK},
    {"setsockopt", call_setsockopt, PS_ENOTSOCK, PS_ENOTSOCK},
    {"getsockopt_int", call_getsockopt_int, PS_ENOTSOCK, PS_ENOTSOCK},
    {"setsockopt_int", call_setsockopt_int, PS_ENOTSOCK, PS_ENOTSOCK},
    {"ioctl", call_ioctl, PS_EOPNOTSUPP,
     ANY_FAILURE}, /* Wine does not know the control, and says that first */
    {"ioctl_keepalive", call_ioctl_keepalive, PS_ENOTSOCK, PS_ENOTSOCK},
    {"settimeout", call_settimeout, 0, PS_ENOTSOCK},
    {"setblocking", call_setblocking, 0, PS_ENOTSOCK},
    {"set_inheritable", call_set_inheritable, 0, 0},
    {"get_inheritable", call_get_inheritable, 0, 0},
    {"makefile", call_makefile, PS_ENOTSOCK, PS_ENOTSOCK},
    {"sendmsg", call_sendmsg, PS_ENOTSOCK, PS_ENOTSOCK},
    {"recvmsg", call_recvmsg, PS_ENOTSOCK, PS_ENOTSOCK},
    {"send_fds", call_send_fds, PS_ENOTSOCK, PS_EOPNOTSUPP},
    {"recv_fds", call_recv_fds, PS_ENOTSOCK, PS_EOPNOTSUPP},
    {"getpeercred", call_getpeercred, PS_EOPNOTSUPP, PS_EOPNOTSUPP},
    {"share", call_share, PS_EOPNOTSUPP, PS_ENOTSOCK},
};
#define ROWS (sizeof rows / sizeof rows[0])

static void assert_row(const row *r, ps_sock *s, const char *what, int expected)
{
    int code = r->call(s);

    if (expected == ANY_FAILURE && code < 0)
        expected = code;
    ck_assert_msg(code == expected, "%s of %s is %s (%d), expected %s", r->name, what,
                  ps_error_name(code), code, ps_error_name(expected));
}

/* ---- closed sockets, no socket at all -------------------------------------------------------- */

static void closed_sockets(void)
{
    ps_sock never_open = PS_SOCK_INIT;
    ps_sock closed, given_up;
    ps_handle handle;

    ck_assert_ok(ps_socket(&closed, AF_INET, SOCK_STREAM, 0));
    ck_assert_ok(ps_close(&closed));
    ck_assert_ok(ps_socket(&given_up, AF_INET, SOCK_DGRAM, 0));
    handle = ps_detach(&given_up);
    for (size_t i = 0; i < ROWS; i++) {
        assert_row(&rows[i], &never_open, "a socket that was never open", PS_EBADF);
        assert_row(&rows[i], &closed, "a closed socket", PS_EBADF);
        assert_row(&rows[i], &given_up, "a socket whose handle was given up", PS_EBADF);
    }
    assert_closed(&never_open);
    assert_closed(&closed);
    assert_closed(&given_up);
    ck_assert(ps_detach(&closed) == PS_INVALID_HANDLE);

    /* The handle that was given up is still open. */
    given_up.handle = handle;
    ck_assert_ok(ps_close(&given_up));
}

/* Rows: R008. */
START_TEST(bad_input_closed_sockets)
{
    closed_sockets();
}
END_TEST

/* Before Winsock has been started by anything else. */
START_TEST(bad_input_closed_socket_comes_first)
{
    ps_sock s = PS_SOCK_INIT;
    char byte;

    ck_assert_code(ps_recv(&s, &byte, 1, 0), PS_EBADF);
    ck_assert_code(ps_send(&s, "x", 1, 0), PS_EBADF);
    ck_assert_code(ps_listen(&s, 1), PS_EBADF);
    ck_assert_code(ps_shutdown(&s, SHUT_WR), PS_EBADF);
    ck_assert_ok(ps_close(&s));
    ck_assert_code(ps_fromfd(&s, PS_INVALID_HANDLE, AF_INET, SOCK_STREAM, 0), PS_EBADF);
}
END_TEST

static void null_sockets(void)
{
    for (size_t i = 0; i < ROWS; i++)
        assert_row(&rows[i], NULL, "NULL", PS_EFAULT);
    ck_assert_code(ps_socket(NULL, AF_INET, SOCK_STREAM, 0), PS_EFAULT);
    ck_assert_code(ps_socketpair(NULL, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0), PS_EFAULT);
    ck_assert_code(ps_fromfd(NULL, PS_INVALID_HANDLE, AF_INET, SOCK_STREAM, 0), PS_EFAULT);
    ck_assert_code(ps_adopt(NULL, PS_INVALID_HANDLE), PS_EFAULT);
    ck_assert_code(ps_create_connection(NULL, "127.0.0.1", 1, 1.0, NULL), PS_EFAULT);
    ck_assert_code(ps_fromshare(NULL, "", 0), PS_EFAULT);
    ck_assert_code(ps_close(NULL), PS_EFAULT);
    ck_assert(ps_detach(NULL) == PS_INVALID_HANDLE);
    ck_assert(ps_fileno(NULL) == PS_INVALID_HANDLE);
    ck_assert_double_eq(ps_gettimeout(NULL), PS_NO_TIMEOUT);
}

START_TEST(bad_input_null_sockets)
{
    null_sockets();
}
END_TEST

#ifdef _WIN32
static ps_handle make_no_socket(void)
{
    return (ps_handle)CreateEventW(NULL, TRUE, FALSE, NULL);
}

static void close_no_socket(ps_handle handle)
{
    ck_assert(CloseHandle((HANDLE)handle));
}
#else
#include <unistd.h>

static ps_handle make_no_socket(void)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    return ends[1];
}

static void close_no_socket(ps_handle handle)
{
    ck_assert_int_eq(close(handle), 0);
}
#endif

static void no_sockets(void)
{
    ps_handle handle = make_no_socket();
    ps_sock streaming = PS_SOCK_INIT, s = PS_SOCK_INIT;
    bool inheritable;

    ck_assert(handle != PS_INVALID_HANDLE);
    streaming.handle = handle;
    streaming.family = AF_INET;
    streaming.type = SOCK_STREAM;
    for (size_t i = 0; i < ROWS; i++) {
        int expected =
            test_on_windows() ? rows[i].no_socket_on_windows : rows[i].no_socket_on_posix;
        ps_sock sending = streaming;

        assert_row(&rows[i], &sending, "a stream that is no socket", expected);
        sending = streaming;
        sending.type = SOCK_DGRAM;
        if (rows[i].call != call_ioctl_keepalive) /* not for datagrams, whatever the handle */
            assert_row(&rows[i], &sending, "a datagram socket that is none", expected);
    }

    s = stale_socket();
    ck_assert_code(ps_adopt(&s, handle), PS_ENOTSOCK);
    assert_closed(&s);

    /* It is what it was: open, and nothing else. */
    ck_assert_ok(ps_get_inheritable(&streaming, &inheritable));
    s = stale_socket();
    if (test_on_windows()) {
        ck_assert_code(ps_fromfd(&s, handle, AF_INET, SOCK_STREAM, 0), PS_ENOTSOCK);
        assert_closed(&s);
    } else {
        ck_assert_ok(ps_fromfd(&s, handle, AF_INET, SOCK_STREAM, 0));
        ck_assert_code(call_send(&s), PS_ENOTSOCK);
        ck_assert_ok(ps_close(&s));
    }
    close_no_socket(handle);
}

/* Traps: TMO-4 TMO-14 DSC-4. */
START_TEST(bad_input_handles_that_are_no_sockets)
{
    no_sockets();
}
END_TEST

static void handles_not_there(void)
{
    ps_sock s = stale_socket();

    ck_assert_code(ps_fromfd(&s, PS_INVALID_HANDLE, AF_INET, SOCK_STREAM, 0), PS_EBADF);
    assert_closed(&s);
    s = stale_socket();
    ck_assert_code(ps_adopt(&s, PS_INVALID_HANDLE), PS_EBADF);
    assert_closed(&s);
}

/* ---- sockets that cannot be made ------------------------------------------------------------- */

static void sockets_not_there(void)
{
    static const struct {
        int family;
        int type;
        int proto;
        int expected;
    } wishes[] = {
        {AF_UNSPEC, SOCK_STREAM, 0, PS_EAFNOSUPPORT},
        {-1, SOCK_STREAM, 0, PS_EAFNOSUPPORT},
        {77, SOCK_STREAM, 0, PS_EAFNOSUPPORT},
        {999, SOCK_STREAM, 0, PS_EAFNOSUPPORT},
        {INT_MAX, SOCK_DGRAM, 0, PS_EAFNOSUPPORT},
        {INT_MIN, SOCK_DGRAM, 0, PS_EAFNOSUPPORT},
        {AF_INET, 0, 0, PS_ESOCKTNOSUPPORT},
        {AF_INET, -1, 0, PS_ESOCKTNOSUPPORT},
        {AF_INET, 77, 0, PS_ESOCKTNOSUPPORT},
        {AF_INET, INT_MIN, 0, PS_ESOCKTNOSUPPORT},
        {AF_INET, SOCK_STREAM, IPPROTO_UDP, PS_EPROTONOSUPPORT},
        {AF_INET, SOCK_DGRAM, IPPROTO_TCP, PS_EPROTONOSUPPORT},
        {AF_INET, SOCK_STREAM, 254, PS_EPROTONOSUPPORT},
        {AF_INET, SOCK_STREAM, -1, PS_EPROTONOSUPPORT},
        {AF_INET, SOCK_STREAM, 70000, PS_EPROTONOSUPPORT},
    };

    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        ps_sock s = stale_socket();
        int code = ps_socket(&s, wishes[i].family, wishes[i].type, wishes[i].proto);

        ck_assert_msg(code == wishes[i].expected, "ps_socket(%d, %d, %d) is %s (%d), expected %s",
                      wishes[i].family, wishes[i].type, wishes[i].proto, ps_error_name(code), code,
                      ps_error_name(wishes[i].expected));
        assert_closed(&s);
    }
}

START_TEST(bad_input_sockets_that_are_not_there)
{
    sockets_not_there();
}
END_TEST

/* ---- addresses of another family ------------------------------------------------------------- */

/* An address of a family that no system has. */
static ps_addr unknown_address(void)
{
    struct sockaddr sa;
    ps_addr a;

    memset(&sa, 0, sizeof sa);
    sa.sa_family = 200;
    ck_assert_ok(ps_addr_from_native(&a, &sa, sizeof sa));
    return a;
}

static void refuse_address(ps_sock *s, const ps_addr *a, int expected)
{
    char data[] = "abc";
    ps_buffer buffer = {data, 3};

    ck_assert_code(ps_bind(s, a), expected);
    ck_assert_code(ps_connect(s, a), expected);
    ck_assert_code(code_of_native(ps_connect_ex(s, a)), expected);
    ck_assert_code(ps_sendto(s, "abc", 3, 0, a), expected);
    ck_assert_code(ps_sendmsg(s, &buffer, 1, NULL, 0, 0, a), expected);
}

/* A socket of a family, and what it refuses; then it is bound and used as if nothing had been. */
static void refuse_addresses(int family, int type)
{
    static const ps_addr no_address;
    ps_addr others[3], own;
    ps_sock s;
    char byte;

    ck_assert_ok(family == AF_INET ? ps_addr_inet6(&others[0], "::1", 4711, 0, 0)
                                   : ps_addr_inet(&others[0], "127.0.0.1", 4711));
    ck_assert_ok(ps_addr_unix(&others[1], "no such path", 12));
    others[2] = unknown_address();

    ck_assert_ok(ps_socket(&s, family, type, 0));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        refuse_address(&s, &others[i], PS_EAFNOSUPPORT);
    refuse_address(&s, &no_address, PS_EDESTADDRREQ);

    ck_assert_ok(family == AF_INET ? ps_addr_inet(&own, "127.0.0.1", 0)
                                   : ps_addr_inet6(&own, "::1", 0, 0, 0));
    ck_assert_ok(ps_bind(&s, &own));
    if (type == SOCK_STREAM) {
        ck_assert_ok(ps_listen(&s, 1));
    } else {
        ck_assert_ok(ps_settimeout(&s, PATIENCE));
        ck_assert_ok(ps_getsockname(&s, &own));
        ck_assert_int_eq(ps_sendto(&s, "x", 1, 0, &own), 1);
        ck_assert_int_eq(ps_recv(&s, &byte, 1, 0), 1);
    }
    ck_assert_ok(ps_close(&s));
}

static void wrong_families(void)
{
    refuse_addresses(AF_INET, SOCK_STREAM);
    refuse_addresses(AF_INET, SOCK_DGRAM);
    if (ps_has_ipv6()) {
        refuse_addresses(AF_INET6, SOCK_STREAM);
        refuse_addresses(AF_INET6, SOCK_DGRAM);
    }
}

/* Rows: R043. Traps: ADR-14. */
START_TEST(bad_input_addresses_of_another_family)
{
    wrong_families();
}
END_TEST

/* An address that was cut is refused by every system, though not with the same word, and never
 * read beyond its end. */
static void truncated_addresses(void)
{
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    for (socklen_t length = 1; length < (socklen_t)offsetof(struct sockaddr_in, sin_zero);
         length++) {
        ps_addr a = loopback();
        a.len = length;
        ck_assert_int_lt(ps_bind(&s, &a), 0);
        ck_assert_int_lt(ps_connect(&s, &a), 0);
        ck_assert_int_lt(ps_sendto(&s, "abc", 3, 0, &a), 0);
    }
    ck_assert_code(call_send(&s), PS_EDESTADDRREQ);
    ck_assert_ok(ps_close(&s));
}

/* Traps: ADR-3. */
START_TEST(bad_input_truncated_addresses)
{
    truncated_addresses();
}
END_TEST

/* The parts of an address of another family: empty. */
static void parts_of_other_families(void)
{
    static const ps_addr no_address;
    ps_addr inet = stale_address(), inet6, unnamed, unknown = unknown_address();
    const ps_addr *all[] = {&inet, &inet6, &unnamed, &unknown, &no_address};

    ck_assert_ok(ps_addr_inet6(&inet6, "::1", 4711, 5, 6));
    ck_assert_ok(ps_addr_unix(&unnamed, NULL, 0));
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const ps_addr *a = all[i];
        unsigned one = 4711, two = 4711, three = 4711;
        int number = 4711, other = 4711, third = 4711;
        char name[PS_HOST_MAX] = "stale", hw[8];
        size_t length = sizeof hw;
        const void *path = name;

        if (a != &inet && a != &inet6) {
            ck_assert_code(ps_addr_port(a), PS_BAD_FAMILY);
            ck_assert_code(ps_addr_get_host(a, name, sizeof name), PS_BAD_FAMILY);
            ck_assert_str_eq(name, "");
        }
        if (a != &inet6) {
            ck_assert_code(ps_addr_get_inet6(a, &one, &two), PS_BAD_FAMILY);
            ck_assert_uint_eq(one, 0);
            ck_assert_uint_eq(two, 0);
        }
        if (a != &unnamed) {
            ck_assert_code(ps_addr_get_unix(a, &path, &length), PS_BAD_FAMILY);
            ck_assert_ptr_null(path);
            ck_assert_uint_eq(length, 0);
        }
        one = two = 4711;
        ck_assert_code(ps_addr_get_netlink(a, &one, &two), PS_BAD_FAMILY);
        ck_assert_uint_eq(one, 0);
        ck_assert_uint_eq(two, 0);
        one = two = 4711;
        ck_assert_code(ps_addr_get_tipc(a, &number, &one, &two, &three, &other), PS_BAD_FAMILY);
        ck_assert_uint_eq(one, 0);
        ck_assert_uint_eq(two, 0);
        ck_assert_uint_eq(three, 0);
        ck_assert_int_eq(number, 0);
        ck_assert_int_eq(other, 0);
        number = other = 4711;
        length = sizeof hw;
        strcpy(name, "stale");
        ck_assert_code(
            ps_addr_get_packet(a, name, sizeof name, &number, &other, &third, hw, &length),
            PS_BAD_FAMILY);
        ck_assert_str_eq(name, "");
        ck_assert_int_eq(number, 0);
        ck_assert_int_eq(other, 0);
        ck_assert_int_eq(third, 0);
        ck_assert_uint_eq(length, 0);
    }
}

START_TEST(bad_input_parts_of_other_families)
{
    parts_of_other_families();
}
END_TEST

/* ---- NULL ------------------------------------------------------------------------------------ */

static void null_pointers_of_sockets(void)
{
    line l = line_open();
    ps_addr a = stale_address();
    ps_sock listener, datagram;
    size_t length = 1, sent = 4711;
    char room[4];
    ps_buffer no_data = {NULL, 1};
    ps_control no_control = {SOL_SOCKET, 1, NULL, 1};
    ps_handle fd;
    ps_file *file;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_socket(&datagram, AF_INET, SOCK_DGRAM, 0));

    ck_assert_code(ps_bind(&datagram, NULL), PS_EFAULT);
    ck_assert_code(ps_connect(&datagram, NULL), PS_EFAULT);
    ck_assert_code(code_of_native(ps_connect_ex(&datagram, NULL)), PS_EFAULT);
    ck_assert_code(ps_sendto(&datagram, "abc", 3, 0, NULL), PS_EDESTADDRREQ);
    ck_assert_code(ps_sendto(&datagram, NULL, 3, 0, &a), PS_EFAULT);
    ck_assert_code(ps_accept(&listener, NULL, NULL), PS_EFAULT);

    ck_assert_code(ps_recv(&l.one, NULL, 1, 0), PS_EFAULT);
    a = stale_address();
    ck_assert_code(ps_recvfrom(&l.one, NULL, 1, 0, &a), PS_EFAULT);
    assert_no_address(&a);
    ck_assert_code(ps_send(&l.one, NULL, 1, 0), PS_EFAULT);
    ck_assert_code(ps_sendall(&l.one, NULL, 1, 0, &sent), PS_EFAULT);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_getsockname(&l.one, NULL), PS_EFAULT);
    ck_assert_code(ps_getpeername(&l.one, NULL), PS_EFAULT);
    ck_assert_code(ps_getsockopt(&l.one, SOL_SOCKET, SO_TYPE, NULL, &length), PS_EFAULT);
    ck_assert_code(ps_getsockopt(&l.one, SOL_SOCKET, SO_TYPE, room, NULL), PS_EFAULT);
    ck_assert_code(ps_setsockopt(&l.one, SOL_SOCKET, SO_KEEPALIVE, NULL, sizeof(int)), PS_EFAULT);
    ck_assert_code(ps_getsockopt_int(&l.one, SOL_SOCKET, SO_TYPE, NULL), PS_EFAULT);
    ck_assert_code(ps_get_inheritable(&l.one, NULL), PS_EFAULT);
    ck_assert_code(ps_makefile(NULL, &l.one, "r", 0), PS_EFAULT);

    ck_assert_code(ps_sendmsg(&l.one, NULL, 1, NULL, 0, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_sendmsg(&l.one, &no_data, 1, NULL, 0, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_sendmsg(&l.one, NULL, 0, NULL, 1, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_sendmsg(&l.one, NULL, 0, &no_control, 1, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_recvmsg(&l.one, NULL, 1, NULL, NULL, NULL, 0, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_recvmsg(&l.one, &no_data, 1, NULL, NULL, NULL, 0, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_recvmsg(&l.one, NULL, 0, NULL, NULL, NULL, 1, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_send_fds(&l.one, NULL, 1, &fd, 0, 0), PS_EFAULT);
    ck_assert_code(ps_send_fds(&l.one, "x", 1, NULL, 1, 0), PS_EFAULT);
    ck_assert_code(ps_recv_fds(&l.one, room, 1, &fd, NULL, NULL), PS_EFAULT);
    length = 1;
    ck_assert_code(ps_recv_fds(&l.one, room, 1, NULL, &length, NULL), PS_EFAULT);
    ck_assert_uint_eq(length, 0);
    ck_assert_code(ps_getpeercred(&l.one, NULL), PS_EFAULT);
    ck_assert_code(ps_share(&l.one, 0, NULL, &length), PS_EFAULT);
    ck_assert_code(ps_share(&l.one, 0, room, NULL), PS_EFAULT);

    /* A stream is one more way to the connection, which the others have left whole. */
    ck_assert_ok(ps_makefile(&file, &l.one, NULL, 0));
    ck_assert_code(ps_file_read(file, NULL, 1), PS_EFAULT);
    ck_assert_code(ps_file_readline(file, NULL, 1), PS_EFAULT);
    ck_assert_code(ps_file_write(file, NULL, 1), PS_EFAULT);
    ck_assert_int_eq(ps_file_eof(file), 0);
    ck_assert_ok(ps_file_close(file));

    /* NULL where nothing is there to be pointed at is no mistake. */
    ck_assert_int_eq(ps_recv(&l.one, NULL, 0, 0), 0);
    ck_assert_int_eq(ps_send(&l.one, NULL, 0, 0), 0);
    ck_assert_ok(ps_sendall(&l.one, NULL, 0, 0, NULL));
    ck_assert_int_eq(ps_sendmsg(&l.one, NULL, 0, NULL, 0, 0, NULL), 0);

    line_close(&l);
    test_close(&datagram, &listener);
}

/* Rows: R180. */
START_TEST(bad_input_null_pointers_of_sockets)
{
    null_pointers_of_sockets();
}
END_TEST

static void null_pointers_of_streams(void)
{
    char room[4];

    ck_assert_code(ps_file_read(NULL, room, 1), PS_EFAULT);
    ck_assert_code(ps_file_readline(NULL, room, 1), PS_EFAULT);
    ck_assert_code(ps_file_write(NULL, room, 1), PS_EFAULT);
    ck_assert_code(ps_file_flush(NULL), PS_EFAULT);
    ck_assert_code(ps_file_eof(NULL), PS_EFAULT);
    ck_assert_uint_eq(ps_file_buffered(NULL), 0);
    ck_assert_ok(ps_file_close(NULL));
}

static void null_pointers_of_addresses(void)
{
    static const ps_addr no_address;
    ps_addr a;
    char text[PS_ADDR_TEXT_MAX];
    unsigned char packed[16];
    const void *path;
    size_t length;
    unsigned number;

    ck_assert_code(ps_addr_inet(NULL, "127.0.0.1", 1), PS_EFAULT);
    ck_assert_code(ps_addr_inet6(NULL, "::1", 1, 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_unix(NULL, "x", 1), PS_EFAULT);
    ck_assert_code(ps_addr_netlink(NULL, 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_tipc(NULL, 0, 0, 0, 0, 0), PS_EFAULT);
    ck_assert_code(ps_addr_packet(NULL, "", 0, 0, 0, NULL, 0), PS_EFAULT);
    ck_assert_code(ps_addr_parse(NULL, AF_INET, "127.0.0.1:1"), PS_EFAULT);
    ck_assert_code(ps_addr_from_native(NULL, &no_address.sa, 16), PS_EFAULT);

    a = stale_address();
    ck_assert_code(ps_addr_inet(&a, NULL, 1), PS_BAD_ADDRESS);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_inet6(&a, NULL, 1, 0, 0), PS_BAD_ADDRESS);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_unix(&a, NULL, 1), PS_BAD_ADDRESS);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, NULL), PS_BAD_ADDRESS);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_from_native(&a, NULL, 16), PS_EFAULT);
    assert_no_address(&a);

    a = stale_address();
    ck_assert_code(ps_addr_format(&a, NULL, 0), PS_EFAULT);
    ck_assert_code(ps_addr_format(NULL, text, sizeof text), PS_EFAULT);
    ck_assert_code(ps_addr_get_host(&a, NULL, 0), PS_EFAULT);
    ck_assert_code(ps_addr_get_host(NULL, text, sizeof text), PS_EFAULT);
    ck_assert_code(ps_addr_get_inet6(NULL, &number, &number), PS_EFAULT);
    ck_assert_code(ps_addr_get_unix(NULL, &path, &length), PS_EFAULT);
    ck_assert_code(ps_addr_get_unix(&a, NULL, &length), PS_EFAULT);
    ck_assert_code(ps_addr_get_unix(&a, &path, NULL), PS_EFAULT);
    ck_assert_code(ps_addr_port(NULL), PS_EFAULT);
    ck_assert_int_eq(ps_addr_family(NULL), AF_UNSPEC);
    ck_assert(ps_addr_equal(NULL, &no_address));
    ck_assert(!ps_addr_equal(NULL, &a));

    ck_assert_code(ps_inet_aton(NULL, packed), PS_BAD_ADDRESS);
    ck_assert_code(ps_inet_aton("127.0.0.1", NULL), PS_EFAULT);
    ck_assert_code(ps_inet_ntoa(NULL, 4, text), PS_EFAULT);
    ck_assert_code(ps_inet_ntoa(packed, 4, NULL), PS_EFAULT);
    ck_assert_code(ps_inet_pton(AF_INET, NULL, packed), PS_BAD_ADDRESS);
    ck_assert_code(ps_inet_pton(AF_INET, "127.0.0.1", NULL), PS_EFAULT);
    ck_assert_code(ps_inet_ntop(AF_INET, NULL, 4, text, sizeof text), PS_EFAULT);
    ck_assert_code(ps_inet_ntop(AF_INET, packed, 4, NULL, 0), PS_EFAULT);
}

static void null_pointers_of_names(void)
{
    ps_addr a = stale_address();
    char text[PS_HOST_MAX] = "stale", service[PS_SERVICE_MAX] = "stale";
    ps_addrinfo *list = (ps_addrinfo *)text;
    ps_hostent *host = (ps_hostent *)text;
    int number = 4711;
    unsigned index = 4711;
    long long value = 4711;

    ck_assert_code(ps_getaddrinfo("127.0.0.1", "1", 0, 0, 0, 0, NULL), PS_EFAULT);
    ck_assert_code(ps_getaddrinfo(NULL, NULL, 0, 0, 0, 0, &list), PS_EAI_NONAME);
    ck_assert_ptr_null(list);
    ps_freeaddrinfo(NULL);
    ck_assert_code(ps_getnameinfo(NULL, 0, text, sizeof text, service, sizeof service), PS_EFAULT);
    ck_assert_str_eq(text, "");
    ck_assert_str_eq(service, "");
    ck_assert_code(ps_getnameinfo(&a, 0, NULL, 0, NULL, 0), PS_EAI_NONAME);

    ck_assert_code(ps_gethostname(NULL, 0), PS_EFAULT);
    ck_assert_code(ps_getfqdn("127.0.0.1", NULL, 0), PS_EFAULT);
    ck_assert_code(ps_gethostbyname("127.0.0.1", NULL), PS_EFAULT);
    strcpy(text, "stale");
    ck_assert_code(ps_gethostbyname(NULL, text), PS_BAD_ADDRESS);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_gethostbyname_ex("127.0.0.1", NULL), PS_EFAULT);
    ck_assert_code(ps_gethostbyname_ex(NULL, &host), PS_BAD_ADDRESS);
    ck_assert_ptr_null(host);
    host = (ps_hostent *)text;
    ck_assert_code(ps_gethostbyaddr("127.0.0.1", NULL), PS_EFAULT);
    ck_assert_code(ps_gethostbyaddr(NULL, &host), PS_BAD_ADDRESS);
    ck_assert_ptr_null(host);
    ps_freehostent(NULL);

    ck_assert_code(ps_getprotobyname("tcp", NULL), PS_EFAULT);
    ck_assert_code(ps_getprotobyname(NULL, &number), PS_EFAULT);
    ck_assert_int_eq(number, 0);
    number = 4711;
    ck_assert_code(ps_getservbyname("http", NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_getservbyname(NULL, "tcp", &number), PS_EFAULT);
    ck_assert_int_eq(number, 0);
    ck_assert_code(ps_getservbyport(80, "tcp", NULL, 0), PS_EFAULT);
    ck_assert_code(ps_if_nametoindex("no such interface", NULL), PS_EFAULT);
    ck_assert_code(ps_if_nametoindex(NULL, &index), PS_EFAULT);
    ck_assert_uint_eq(index, 0);
    ck_assert_code(ps_if_indextoname(1, NULL, 0), PS_EFAULT);

    ck_assert_code(ps_constant("AF_INET", NULL), PS_EFAULT);
    ck_assert_code(ps_constant(NULL, &value), PS_EFAULT);
    ck_assert_int_eq(value, 0);
    ck_assert_ptr_nonnull(ps_constants(NULL));
}

START_TEST(bad_input_null_pointers_elsewhere)
{
    null_pointers_of_streams();
    null_pointers_of_addresses();
    null_pointers_of_names();
}
END_TEST

/* ---- names that are not there ---------------------------------------------------------------- */

static void names_not_there(void)
{
    char text[PS_HOST_MAX] = "stale";
    ps_addrinfo *list = (ps_addrinfo *)text;
    ps_addr a = stale_address();
    int number = 4711;
    unsigned index = 4711;
    long long value = 4711;

    /* Texts that are neither a literal nor a name: nobody is asked about them. */
    ck_assert_code(ps_getaddrinfo("[::1]", NULL, 0, 0, 0, 0, &list), PS_EAI_NONAME);
    ck_assert_ptr_null(list);
    ck_assert_code(ps_getaddrinfo("127.0.0.1", NULL, 77, 0, 0, 0, &list), PS_EAI_FAMILY);
    ck_assert_code(ps_getaddrinfo("127.0.0.1", NULL, 0, 77, 0, 0, &list), PS_EAI_SOCKTYPE);
    ck_assert_code(ps_getaddrinfo("127.0.0.1", NULL, 0, 0, 0, INT_MAX, &list), PS_EAI_BADFLAGS);
    ck_assert_code(ps_getaddrinfo("127.0.0.1", "no such service", 0, SOCK_STREAM, 0, 0, &list),
                   PS_EAI_SERVICE);
    ck_assert_code(ps_getaddrinfo("\xff\xfe", NULL, 0, 0, 0, 0, &list), PS_BAD_ADDRESS);
    ck_assert_ptr_null(list);
    ck_assert_code(ps_addr_inet(&a, "\xff\xfe", 1), PS_BAD_ADDRESS);
    assert_no_address(&a);
    ck_assert_code(ps_getnameinfo(&a, 0, text, sizeof text, NULL, 0), PS_EAI_FAMILY);
    ck_assert_str_eq(text, "");
    a = stale_address();
    ck_assert_code(ps_getnameinfo(&a, INT_MAX, text, sizeof text, NULL, 0), PS_EAI_BADFLAGS);

    ck_assert_code(ps_getprotobyname("no such protocol", &number), PS_NO_PROTOCOL);
    ck_assert_int_eq(number, 0);
    number = 4711;
    ck_assert_code(ps_getservbyname("no such service", "tcp", &number), PS_NO_SERVICE);
    ck_assert_int_eq(number, 0);
    number = 4711;
    ck_assert_code(ps_getservbyname("http", "no such protocol", &number), PS_NO_SERVICE);
    ck_assert_int_eq(number, 0);
    strcpy(text, "stale");
    ck_assert_code(ps_getservbyport(80, "no such protocol", text, sizeof text), PS_NO_SERVICE);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_if_nametoindex("no such interface", &index), PS_BAD_SCOPE);
    ck_assert_uint_eq(index, 0);
    strcpy(text, "stale");
    ck_assert_code(ps_if_indextoname(0, text, sizeof text), PS_BAD_SCOPE);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_if_indextoname(0x7fffffff, text, sizeof text), PS_BAD_SCOPE);
    ck_assert_code(ps_constant("NO_SUCH_CONSTANT", &value), PS_NO_CONSTANT);
    ck_assert_int_eq(value, 0);
}

START_TEST(bad_input_names_that_are_not_there)
{
    names_not_there();
}
END_TEST

/* ---- sizes ----------------------------------------------------------------------------------- */

static void refuse_size(line *l, size_t n)
{
    ps_addr from = stale_address(), to = stale_address();
    char room[4] = {0};
    size_t sent = 4711, count = 4711;
    ps_buffer buffers[2] = {{room, n / 2 + 1}, {room, n / 2 + 1}};
    ps_file *file;

    ck_assert_code(ps_recv(&l->one, room, n, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_recv(&l->one, room, n, MSG_PEEK), PS_BAD_LENGTH);
    ck_assert_code(ps_recvfrom(&l->one, room, n, 0, &from), PS_BAD_LENGTH);
    assert_no_address(&from);
    ck_assert_code(ps_send(&l->one, room, n, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_sendall(&l->one, room, n, 0, &sent), PS_BAD_LENGTH);
    ck_assert_uint_eq(sent, 0);
    ck_assert_code(ps_sendto(&l->one, room, n, 0, &to), PS_BAD_LENGTH);
    ck_assert_code(ps_sendmsg(&l->one, buffers, 2, NULL, 0, 0, NULL), PS_BAD_LENGTH);
    ck_assert_code(ps_recvmsg(&l->one, buffers, 2, NULL, &count, NULL, 0, NULL, &from),
                   PS_BAD_LENGTH);
    ck_assert_uint_eq(count, 0);

    ck_assert_ok(ps_makefile(&file, &l->one, "rw", 0));
    ck_assert_code(ps_file_read(file, room, n), PS_BAD_LENGTH);
    ck_assert_code(ps_file_readline(file, room, n), PS_BAD_LENGTH);
    ck_assert_code(ps_file_write(file, room, n), PS_BAD_LENGTH);
    ck_assert_ok(ps_file_close(file));
    line_works(l);
}

static void refuse_option_size(line *l, size_t n)
{
    char room[4] = {0};
    size_t length = n;

    ck_assert_code(ps_getsockopt(&l->one, SOL_SOCKET, SO_KEEPALIVE, room, &length), PS_BAD_LENGTH);
    ck_assert_uint_eq(length, 0);
    if (n > 0)
        ck_assert_code(ps_setsockopt(&l->one, SOL_SOCKET, SO_KEEPALIVE, room, n), PS_BAD_LENGTH);
}

static void sizes_out_of_range(void)
{
    line l = line_open();
    ps_buffer many[PS_BUFFERS_MAX + 1] = {{NULL, 0}};
    static const unsigned char bytes[PS_CONTROL_SIZE_MAX];
    ps_control large = {SOL_SOCKET, 1, bytes, sizeof bytes};
    ps_handle fds[PS_FDS_MAX + 1];
    ps_sock s = stale_socket();

    refuse_size(&l, HUGE_SIZE);
    refuse_size(&l, SIZE_MAX - 2);
    refuse_option_size(&l, 0);
    refuse_option_size(&l, (size_t)INT_MAX + 1);
    refuse_option_size(&l, SIZE_MAX);

    ck_assert_code(ps_sendmsg(&l.one, many, PS_BUFFERS_MAX + 1, NULL, 0, 0, NULL), PS_BAD_LENGTH);
    ck_assert_code(ps_recvmsg(&l.one, many, PS_BUFFERS_MAX + 1, NULL, NULL, NULL, 0, NULL, NULL),
                   PS_BAD_LENGTH);
    ck_assert_code(ps_sendmsg(&l.one, NULL, 0, &large, 1, 0, NULL), PS_BAD_LENGTH);
    large.size = SIZE_MAX;
    ck_assert_code(ps_sendmsg(&l.one, NULL, 0, &large, 1, 0, NULL), PS_BAD_LENGTH);
    for (size_t i = 0; i < PS_FDS_MAX + 1; i++)
        fds[i] = ps_fileno(&l.one);
    ck_assert_code(ps_send_fds(&l.one, "x", 1, fds, PS_FDS_MAX + 1, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_fromshare(&s, "too short", 9),
                   test_on_windows() ? PS_BAD_LENGTH : PS_EOPNOTSUPP);
    assert_closed(&s);
    ck_assert_uint_eq(ps_cmsg_space(SIZE_MAX), 0);
    ck_assert_uint_eq(ps_cmsg_len(SIZE_MAX), 0);

    line_close(&l);
}

START_TEST(bad_input_sizes_out_of_range)
{
    sizes_out_of_range();
}
END_TEST

/* The lengths that an address can have. */
static void address_sizes_out_of_range(void)
{
    ps_addr whole, a;
    char path[200];
    unsigned char packed[17] = {0};
    char text[PS_ADDR_TEXT_MAX] = "stale";

    ck_assert_ok(ps_addr_inet6(&whole, "::1", 4711, 0, 0));
    for (size_t n = 1; n < sizeof whole.in6; n++) {
        a = stale_address();
        ck_assert_code(ps_addr_from_native(&a, &whole.sa, n), PS_BAD_LENGTH);
        assert_no_address(&a);
    }
    a = stale_address();
    ck_assert_code(ps_addr_from_native(&a, &whole.sa, sizeof whole.storage + 1), PS_BAD_LENGTH);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_from_native(&a, &whole.sa, SIZE_MAX), PS_BAD_LENGTH);
    assert_no_address(&a);

    memset(path, 'x', sizeof path);
    a = stale_address();
    ck_assert_code(ps_addr_unix(&a, path, sizeof path), PS_PATH_TOO_LONG);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_unix(&a, path, SIZE_MAX), PS_PATH_TOO_LONG);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_unix(&a, "a\0b", 3), PS_BAD_ADDRESS);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_packet(&a, "", 0, 0, 0, path, 9),
                   NO_PACKET ? PS_BAD_FAMILY : PS_BAD_LENGTH);
    assert_no_address(&a);

    for (size_t n = 0; n < sizeof packed; n++) {
        strcpy(text, "stale");
        if (n != 4) {
            ck_assert_code(ps_inet_ntoa(packed, n, text), PS_BAD_LENGTH);
            ck_assert_str_eq(text, "");
            ck_assert_code(ps_inet_ntop(AF_INET, packed, n, text, sizeof text), PS_BAD_LENGTH);
        }
        if (n != 16)
            ck_assert_code(ps_inet_ntop(AF_INET6, packed, n, text, sizeof text), PS_BAD_LENGTH);
    }
    ck_assert_code(ps_inet_ntoa(packed, SIZE_MAX, text), PS_BAD_LENGTH);
    ck_assert_code(ps_inet_ntop(77, packed, 4, text, sizeof text), PS_BAD_FAMILY);
    ck_assert_str_eq(text, "");
    memset(packed, 0x5a, sizeof packed);
    ck_assert_code(ps_inet_pton(77, "127.0.0.1", packed), PS_EAFNOSUPPORT);
    ck_assert_code(ps_inet_pton(AF_INET, "127.0.0.1 ", packed), PS_BAD_ADDRESS);
    ck_assert_code(ps_inet_pton(AF_INET6, "1::2::3", packed), PS_BAD_ADDRESS);
    ck_assert_code(ps_inet_aton("127.0.0.1 x", packed), PS_BAD_ADDRESS);
    for (size_t i = 0; i < sizeof packed; i++)
        ck_assert_int_eq(packed[i], 0x5a);
}

START_TEST(bad_input_address_sizes_out_of_range)
{
    address_sizes_out_of_range();
}
END_TEST

/* ---- buffers too small ----------------------------------------------------------------------- */

static ps_addr long_address;

static int write_format(char *text, size_t n)
{
    return ps_addr_format(&long_address, text, n);
}

static int write_host(char *text, size_t n)
{
    return ps_addr_get_host(&long_address, text, n);
}

static int write_inet_ntop(char *text, size_t n)
{
    return ps_inet_ntop(AF_INET6, &long_address.in6.sin6_addr, 16, text, n);
}

static int write_hostname(char *text, size_t n)
{
    return ps_gethostname(text, n);
}

static int write_service(char *text, size_t n)
{
    return ps_getservbyport(80, "tcp", text, n);
}

static int write_interface(char *text, size_t n)
{
    return ps_if_indextoname(1, text, n);
}

static int write_nameinfo_host(char *text, size_t n)
{
    return ps_getnameinfo(&long_address, NI_NUMERICHOST, text, n, NULL, 0);
}

static int write_nameinfo_service(char *text, size_t n)
{
    char host[PS_HOST_MAX] = "stale";
    int code =
        ps_getnameinfo(&long_address, NI_NUMERICHOST | NI_NUMERICSERV, host, sizeof host, text, n);

    ck_assert_msg(code == 0 || *host == '\0', "the host is \"%s\" though the service did not fit",
                  host);
    return code;
}

static bool is_untouched(const char *bytes, size_t n)
{
    while (n > 0 && bytes[n - 1] == 0x5a)
        n--;
    return n == 0;
}

/* A text and its NUL fit exactly; one byte less is too small, and nothing is written behind the
 * buffer. */
static void assert_needs_room(int (*write)(char *text, size_t n), int too_small)
{
    char whole[PS_HOST_MAX], room[PS_HOST_MAX + 1];
    size_t needed;

    ck_assert_ok(write(whole, sizeof whole));
    needed = strlen(whole) + 1;
    ck_assert_uint_gt(needed, 1);
    for (size_t n = 0; n <= needed; n++) {
        memset(room, 0x5a, sizeof room);
        if (n < needed) {
            ck_assert_code(write(room, n), too_small);
            ck_assert_int_eq(room[0], n > 0 ? 0 : 0x5a);
        } else {
            ck_assert_ok(write(room, n));
            ck_assert_str_eq(room, whole);
        }
        ck_assert_msg(is_untouched(room + n, sizeof room - n),
                      "something was written behind %zu bytes", n);
    }
}

static void buffers_too_small(void)
{
    char name[PS_HOST_MAX];

    ck_assert_ok(ps_addr_inet6(&long_address, "2001:db8:1111:2222:3333:4444:5555:6666", 54321, 0,
                               0xffffffff));
    assert_needs_room(write_format, PS_BAD_LENGTH);
    assert_needs_room(write_host, PS_BAD_LENGTH);
    assert_needs_room(write_inet_ntop, PS_BAD_LENGTH);
    assert_needs_room(write_hostname, PS_BAD_LENGTH);
    assert_needs_room(write_service, PS_BAD_LENGTH);
    assert_needs_room(write_nameinfo_host, PS_EAI_OVERFLOW);
    assert_needs_room(write_nameinfo_service, PS_EAI_OVERFLOW);
    if (ps_if_indextoname(1, name, sizeof name) == 0)
        assert_needs_room(write_interface, PS_BAD_LENGTH);
}

START_TEST(bad_input_buffers_too_small)
{
    buffers_too_small();
}
END_TEST

/* ---- timeouts and ports ---------------------------------------------------------------------- */

static void timeouts_out_of_range(void)
{
    static const double seconds[] = {-1,        -0.001, -5e-324, -1e300,
                                     -INFINITY, NAN,    -NAN,    PS_DEFAULT_TIMEOUT};
    line l = line_open();

    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        ps_sock s = stale_socket();

        ck_assert_code(ps_settimeout(&l.one, seconds[i]), PS_BAD_TIMEOUT);
        ck_assert_double_eq(ps_gettimeout(&l.one), PATIENCE);
        ck_assert_code(ps_setdefaulttimeout(seconds[i]), PS_BAD_TIMEOUT);
        ck_assert_double_eq(ps_getdefaulttimeout(), PS_NO_TIMEOUT);
        if (seconds[i] != PS_DEFAULT_TIMEOUT) {
            ck_assert_code(ps_create_connection(&s, "no.such.host.invalid", 1, seconds[i], NULL),
                           PS_BAD_TIMEOUT);
            assert_closed(&s);
        }
    }
    line_close(&l);
}

/* Rows: R074. */
START_TEST(bad_input_timeouts_out_of_range)
{
    timeouts_out_of_range();
}
END_TEST

/* At the edge: these are timeouts, and come back as they were given. */
START_TEST(bad_input_timeouts_just_in_range)
{
    static const double seconds[] = {-0.0, 0, 5e-324, 1e-9, 7.345, 1e300, INFINITY};
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        ck_assert_ok(ps_settimeout(&s, seconds[i]));
        ck_assert_double_eq(ps_gettimeout(&s), seconds[i]);
        ck_assert_ok(ps_setdefaulttimeout(seconds[i]));
        ck_assert_double_eq(ps_getdefaulttimeout(), seconds[i]);
    }
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* The name is never looked up: its answer would be another. */
static void ports_out_of_range(void)
{
    static const int ports[] = {-1, 65536, 65616, INT_MAX, INT_MIN};
    static const char *const services[] = {"-1", "65536", "65616", "99999999999999999999",
                                           "-99999999999999999999"};
    static const char *const texts[] = {"127.0.0.1:65536", "[::1]:65536", "127.0.0.1:-1",
                                        "127.0.0.1:99999999999999999999"};
    char text[PS_SERVICE_MAX];
    ps_addrinfo *list;
    ps_addr a;

    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        ps_sock s = stale_socket();

        a = stale_address();
        ck_assert_code(ps_addr_inet(&a, "no.such.host.invalid", ports[i]), PS_BAD_PORT);
        assert_no_address(&a);
        a = stale_address();
        ck_assert_code(ps_addr_inet6(&a, "no.such.host.invalid", ports[i], 0, 0), PS_BAD_PORT);
        assert_no_address(&a);
        ck_assert_code(ps_create_connection(&s, "no.such.host.invalid", ports[i], 1.0, NULL),
                       PS_BAD_PORT);
        assert_closed(&s);
        strcpy(text, "stale");
        ck_assert_code(ps_getservbyport(ports[i], "tcp", text, sizeof text), PS_BAD_PORT);
        ck_assert_str_eq(text, "");
        a = stale_address();
        ck_assert_code(ps_addr_packet(&a, "", ports[i], 0, 0, NULL, 0),
                       NO_PACKET ? PS_BAD_FAMILY : PS_BAD_PORT);
        assert_no_address(&a);
    }
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        list = (ps_addrinfo *)text;
        ck_assert_code(
            ps_getaddrinfo("no.such.host.invalid", services[i], 0, SOCK_STREAM, 0, 0, &list),
            PS_BAD_PORT);
        ck_assert_ptr_null(list);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        a = stale_address();
        ck_assert_code(ps_addr_parse(&a, AF_UNSPEC, texts[i]), PS_BAD_PORT);
        assert_no_address(&a);
    }
    a = stale_address();
    ck_assert_code(ps_addr_inet6(&a, "no.such.host.invalid", 1, 0x100000, 0), PS_BAD_FLOWINFO);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_inet6(&a, "no.such.host.invalid", 1, UINT_MAX, 0), PS_BAD_FLOWINFO);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_inet6(&a, "fe80::1%no such interface", 1, 0, 0), PS_BAD_SCOPE);
    assert_no_address(&a);
    a = stale_address();
    ck_assert_code(ps_addr_inet6(&a, "<broadcast>", 1, 0, 0), PS_BAD_ADDRESS);
    assert_no_address(&a);
}

/* Rows: R021 R135. Traps: ADR-9. */
START_TEST(bad_input_ports_out_of_range)
{
    ports_out_of_range();
}
END_TEST

/* ---- sockets in the wrong state -------------------------------------------------------------- */

static void refuse_connected(void)
{
    line l = line_open();
    ps_addr a;

    ck_assert_ok(ps_getpeername(&l.one, &a));
    ck_assert_code(ps_connect(&l.one, &a), PS_EISCONN);
    ck_assert_code(code_of_native(ps_connect_ex(&l.one, &a)), PS_EISCONN);
    ck_assert_code(ps_connect(&l.other, &a), PS_EISCONN);
    ck_assert_code(call_listen(&l.one), PS_EINVAL);
    ck_assert_code(call_bind(&l.one), PS_EINVAL);
    ck_assert_code(call_accept(&l.one), PS_EINVAL);
    ck_assert_code(ps_shutdown(&l.one, 3), PS_EINVAL);
    ck_assert_code(ps_shutdown(&l.one, -1), PS_EINVAL);
    ck_assert_code(ps_shutdown(&l.one, INT_MAX), PS_EINVAL);
    line_close(&l);
}

/* What was refused before the connection does not show in it. */
static void connect_after_refusals(void)
{
    ps_sock listener, s, peer;
    ps_addr a;

    test_listener(&listener, AF_INET, &a);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    ck_assert_code(ps_shutdown(&s, SHUT_RD), PS_ENOTCONN);
    ck_assert_code(ps_shutdown(&s, SHUT_WR), PS_ENOTCONN);
    ck_assert_code(ps_shutdown(&s, SHUT_RDWR), PS_ENOTCONN);
    ck_assert_code(call_send(&s), PS_ENOTCONN);
    ck_assert_code(call_recv(&s), PS_ENOTCONN);
    ck_assert_code(call_accept(&s), PS_EINVAL);
    ck_assert_ok(ps_connect(&s, &a));
    ck_assert_ok(ps_accept(&listener, &peer, NULL));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_settimeout(&peer, PATIENCE));
    assert_byte_goes(&s, &peer);
    assert_byte_goes(&peer, &s);
    test_close(&s, &peer, &listener);
}

static void wrong_states(void)
{
    connect_after_refusals();
    refuse_connected();
}

/* Traps: CON-21. */
START_TEST(bad_input_wrong_states)
{
    wrong_states();
}
END_TEST

/* ---- nothing is left ------------------------------------------------------------------------- */

START_TEST(bad_input_leaves_no_handle)
{
    static void (*const all[])(void) = {
        closed_sockets,
        null_sockets,
        no_sockets,
        handles_not_there,
        sockets_not_there,
        wrong_families,
        truncated_addresses,
        parts_of_other_families,
        null_pointers_of_sockets,
        null_pointers_of_streams,
        null_pointers_of_addresses,
        null_pointers_of_names,
        names_not_there,
        sizes_out_of_range,
        address_sizes_out_of_range,
        buffers_too_small,
        timeouts_out_of_range,
        ports_out_of_range,
        wrong_states,
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_leaves_no_handle(all[i]);
}
END_TEST

void add_bad_input_tests(Suite *suite);
void add_bad_input_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, bad_input_closed_sockets);
    ADD_TEST_CASE(suite, bad_input_closed_socket_comes_first);
    ADD_TEST_CASE(suite, bad_input_null_sockets);
    ADD_TEST_CASE(suite, bad_input_handles_that_are_no_sockets);
    ADD_TEST_CASE(suite, bad_input_sockets_that_are_not_there);
    ADD_TEST_CASE(suite, bad_input_addresses_of_another_family);
    ADD_TEST_CASE(suite, bad_input_truncated_addresses);
    ADD_TEST_CASE(suite, bad_input_parts_of_other_families);
    ADD_TEST_CASE(suite, bad_input_null_pointers_of_sockets);
    ADD_TEST_CASE(suite, bad_input_null_pointers_elsewhere);
    ADD_TEST_CASE(suite, bad_input_names_that_are_not_there);
    ADD_TEST_CASE(suite, bad_input_sizes_out_of_range);
    ADD_TEST_CASE(suite, bad_input_address_sizes_out_of_range);
    ADD_TEST_CASE(suite, bad_input_buffers_too_small);
    ADD_TEST_CASE(suite, bad_input_timeouts_out_of_range);
    ADD_TEST_CASE(suite, bad_input_timeouts_just_in_range);
    ADD_TEST_CASE(suite, bad_input_ports_out_of_range);
    ADD_TEST_CASE(suite, bad_input_wrong_states);
    ADD_TEST_CASE(suite, bad_input_leaves_no_handle);
}
