/*
 * The traps as the systems set them: these tests call the system itself, and show that what
 * portsock normalizes is there. A test says what each system does where it stands; what only
 * Wine does is not asserted.
 */
#ifndef TESTS_RAW_RAW_H
#define TESTS_RAW_RAW_H

#include "test.h"

#ifdef _WIN32
/* What a call set, and what it would be on POSIX. */
#define RAW(posix, windows) (windows)
#define raw_error() WSAGetLastError()
#define raw_close(h) closesocket(h)
#define raw_poll WSAPoll
#else
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>
#define RAW(posix, windows) (posix)
#define raw_error() errno
#define raw_close(h) close(h)
#define raw_poll poll
#endif

/* Winsock has to be started first: what portsock does by itself. */
static inline void raw_start(void)
{
#ifdef _WIN32
    WSADATA data;
    ck_assert_int_eq(WSAStartup(MAKEWORD(2, 2), &data), 0);
#endif
}

static inline ps_handle raw_socket(int family, int type)
{
    ps_handle h = socket(family, type, 0);

    ck_assert(h != PS_INVALID_HANDLE);
    return h;
}

static inline void raw_nonblocking(ps_handle h, int on)
{
#ifdef _WIN32
    u_long value = (u_long)on;
    ck_assert_int_eq(ioctlsocket(h, (long)FIONBIO, &value), 0);
#else
    ck_assert_int_eq(ioctl(h, FIONBIO, &on), 0);
#endif
}

static inline struct sockaddr_in raw_loopback(int port)
{
    struct sockaddr_in a;

    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons((unsigned short)port);
    return a;
}

/* A socket bound to a free port of the loopback address, and that address. */
static inline ps_handle raw_bound(int type, struct sockaddr_in *a)
{
    ps_handle h = raw_socket(AF_INET, type);
    socklen_t length = sizeof *a;

    *a = raw_loopback(0);
    ck_assert_int_eq(bind(h, (struct sockaddr *)a, sizeof *a), 0);
    ck_assert_int_eq(getsockname(h, (struct sockaddr *)a, &length), 0);
    return h;
}

static inline ps_handle raw_listener(struct sockaddr_in *a)
{
    ps_handle h = raw_bound(SOCK_STREAM, a);

    ck_assert_int_eq(listen(h, 4), 0);
    return h;
}

static inline int raw_connect(ps_handle h, const struct sockaddr_in *a)
{
    return connect(h, (const struct sockaddr *)a, sizeof *a);
}

/* Two ends of a TCP connection. */
static inline void raw_pair(ps_handle *client, ps_handle *server)
{
    struct sockaddr_in a;
    ps_handle listener = raw_listener(&a);

    *client = raw_socket(AF_INET, SOCK_STREAM);
    ck_assert_int_eq(raw_connect(*client, &a), 0);
    *server = accept(listener, NULL, NULL);
    ck_assert(*server != PS_INVALID_HANDLE);
    raw_close(listener);
}

static inline int raw_get(ps_handle h, int level, int name)
{
    int value = 0;
    socklen_t length = sizeof value;

    ck_assert_int_eq(getsockopt(h, level, name, (char *)&value, &length), 0);
    return value;
}

static inline int raw_set(ps_handle h, int level, int name, int value)
{
    return setsockopt(h, level, name, (const char *)&value, sizeof value);
}

#define raw_recv(h, buffer, size, flags) ((int)recv(h, (char *)(buffer), size, flags))
#define raw_send(h, text, size, flags) ((int)send(h, (const char *)(text), size, flags))

/* The system's number of a call that failed, or 0. Asked at once: an assertion would overwrite
 * it. */
static inline int raw_code(bool failed)
{
    return failed ? raw_error() : 0;
}

/* Fails with this number on POSIX, and with that one on Windows; 0: succeeds. */
#define raw_fails(expression, posix, windows) \
    ck_assert_int_eq(raw_code((expression) < 0), RAW(posix, windows))

/* Which sets of select have the socket: 1 reading, 2 writing, 4 exceptions. */
static inline int raw_select(ps_handle h, int milliseconds)
{
    fd_set r, w, x;
    struct timeval time;

    FD_ZERO(&r);
    FD_ZERO(&w);
    FD_ZERO(&x);
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
    FD_SET(h, &r);
    FD_SET(h, &w);
    FD_SET(h, &x);
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif
    time.tv_sec = milliseconds / 1000;
    time.tv_usec = milliseconds % 1000 * 1000;
    ck_assert_int_ge(select((int)h + 1, &r, &w, &x, &time), 0);
    return (FD_ISSET(h, &r) ? 1 : 0) | (FD_ISSET(h, &w) ? 2 : 0) | (FD_ISSET(h, &x) ? 4 : 0);
}

#endif
