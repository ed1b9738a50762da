/* What the frontend's files share about a ps_sock. */
#ifndef PS_SOCKET_H
#define PS_SOCKET_H

#include "backend.h"

#include "portsock/cancel.h"
#include "portsock/failure.h"

/* ps_sock.connection. A handle from elsewhere is in a state that only the system knows. */
enum { PS__UNCONNECTED, PS__LISTENING, PS__CONNECTING, PS__ESTABLISHED, PS__STATE_UNKNOWN };

/* ps_sock.marks: what makes a call go the long way round. */
enum {
    PS__SHUT_RECEIVE = 1, /* after SHUT_RD */
    PS__HAS_TOKEN = 2     /* ps_sock.cancel is not NULL */
};

/*
 * ps_sock.calls: how many calls are in flight. Each public function that uses the handle enters and leaves, so that ps_close
 * can wait for the last: the handle's number is not given back to the system while anybody uses it. ps_close takes
 * PS__CLOSING away from it, so that a call that begins or ends then finds it below 0.
 */
enum { PS__CLOSING = 1 << 30 };

/* Leaves again; false. */
bool ps__enter_refused(ps_sock *s);

/* A call begins. False, and it must not go on nor leave, while the socket is being closed. */
static inline bool ps__enter(ps_sock *s)
{
    if (__builtin_expect(__atomic_add_fetch(&s->calls, 1, __ATOMIC_ACQUIRE) >= 0, 1))
        return true;
    return ps__enter_refused(s);
}

/* A call ends, and touches *s no more. True when the socket is being closed: a failure is PS_EBADF then. */
static inline bool ps__leave(ps_sock *s)
{
    return __builtin_expect(__atomic_sub_fetch(&s->calls, 1, __ATOMIC_RELEASE) < 0, 0);
}

static inline bool ps__closing(const ps_sock *s)
{
    return __atomic_load_n(&s->calls, __ATOMIC_RELAXED) < 0;
}

/* Writes the record of a failure. */
void ps__record_failure(ps_sock *s, int operation, const ps_addr *peer, int code);

/* Remembers the peer of a connection in the record, since the system forgets it when the connection breaks. */
void ps__record_peer(ps_sock *s, const ps_addr *peer);

/* Writes the socket's failure record, if it has one and this is a failure, and returns the result. */
static inline ptrdiff_t ps__record(ps_sock *s, int operation, const ps_addr *peer, ptrdiff_t result)
{
    if (__builtin_expect(s->failure && result < 0, 0))
        ps__record_failure(s, operation, peer, (int)result);
    return result;
}

/* The same for a function without a fast path: PS_EFAULT for NULL, PS_EBADF, or 0; and its result, recorded. */
static inline int ps__begin(ps_sock *s)
{
    if (!s)
        return PS_EFAULT;
    return ps__enter(s) ? 0 : PS_EBADF;
}

static inline int ps__end(ps_sock *s, int operation, const ps_addr *peer, int code)
{
    ps__record(s, operation, peer, code);
    return ps__leave(s) && code < 0 ? PS_EBADF : code;
}

/* Whether a socket's handle has to be non-blocking: for a timeout or a token, and where the system could not end a call
 * that blocks in it. */
bool ps__must_not_block(const ps_sock *s, double timeout, const ps_cancel *token);

/* The same for a socket that is about to be made. */
bool ps__new_must_not_block(int family, int type, double timeout);

/* Brings the handle into the mode that it needs for this timeout and token. */
int ps__sock_set_mode(ps_sock *s, double timeout, const ps_cancel *token);

/* PS_ECANCELED when the socket's token has been fired, else 0. */
int ps__canceled(const ps_sock *s);

/* Makes *s, which is closed, of a handle, with a timeout; `nonblocking` is the mode that the handle is in. Closes the
 * handle on failure. */
int ps__sock_adopt(ps_sock *s, ps_handle h, int family, int type, int proto, int connection, bool nonblocking,
                   double timeout);

/* Takes Linux's SOCK_NONBLOCK and SOCK_CLOEXEC out of a type, where there are any. Returns whether the first was there. */
bool ps__strip_type(int *type);

/* Makes *s a closed socket. */
void ps__sock_clear(ps_sock *s);

/* The timeout of a new socket, which says whether it is made non-blocking. */
double ps__default_timeout(void);

/* PS_EFAULT, PS_EDESTADDRREQ for "no address", PS_EAFNOSUPPORT for another family than the socket's; or 0. */
int ps__check_address(const ps_sock *s, const ps_addr *a);

/* Winsock wants a socket bound before it listens, receives datagrams or tells its name; POSIX binds by itself. After
 * PS_EINVAL from such a call this binds an unbound inet socket to a free port. Returns whether it did. */
bool ps__bind_unbound(ps_sock *s);

/* Winsock does not take 0.0.0.0 and :: as a destination; POSIX takes them as this machine. After PS_EADDRNOTAVAIL this
 * gives the loopback address that stands for *a. Returns whether there is one. */
bool ps__loopback_instead(const ps_addr *a, ps_addr *loopback);

/* What a receive means that gave no bytes, and what a failed send to the connected peer means, the same on every system. */
ptrdiff_t ps__even_receive(ps_sock *s, ptrdiff_t result);
ptrdiff_t ps__even_send(ps_sock *s, ptrdiff_t code);

/* A client that the system gave, by chance, the very port that it connects to finds itself there, if nobody listens. */
bool ps__is_connected_to_itself(ps_sock *s);

/* A call has just told why the connection failed, as SO_ERROR would: that is not told again. */
void ps__error_was_told(ps_sock *s);

/* Two threads that wait for one connection both learn how it has ended, so this is read and written whole. */
static inline int ps__connection(const ps_sock *s)
{
    return __atomic_load_n(&s->connection, __ATOMIC_RELAXED);
}

static inline void ps__set_connection(ps_sock *s, int connection)
{
    __atomic_store_n(&s->connection, (unsigned char)connection, __ATOMIC_RELAXED);
}

static inline bool ps__is_stream(const ps_sock *s)
{
    return s->type == SOCK_STREAM;
}

/* Nobody has connected this socket, as far as this library knows. */
static inline bool ps__has_no_peer(const ps_sock *s)
{
    return ps__connection(s) <= PS__LISTENING;
}

static inline bool ps__is_inet(const ps_sock *s)
{
    return s->family == AF_INET || s->family == AF_INET6;
}

/* marks and cancel are written beside calls in flight (ps_shutdown ends a receive), so they are read and written whole. */
static inline unsigned char ps__marks(const ps_sock *s)
{
    return __atomic_load_n(&s->marks, __ATOMIC_RELAXED);
}

static inline void ps__mark(ps_sock *s, unsigned char mark)
{
    (void)__atomic_fetch_or(&s->marks, mark, __ATOMIC_RELAXED);
}

static inline ps_cancel *ps__token(const ps_sock *s)
{
    return __atomic_load_n(&s->cancel, __ATOMIC_ACQUIRE);
}

static inline void ps__set_token(ps_sock *s, ps_cancel *token)
{
    __atomic_store_n(&s->cancel, token, __ATOMIC_RELEASE);
    if (token)
        ps__mark(s, PS__HAS_TOKEN);
    else
        (void)__atomic_fetch_and(&s->marks, (unsigned char)~PS__HAS_TOKEN, __ATOMIC_RELAXED);
}

/* So are timeout and nonblocking (ps_settimeout applies to later calls), where the machine can. */
static inline double ps__timeout(const ps_sock *s)
{
    double timeout;

    if (!__atomic_always_lock_free(sizeof s->timeout, &s->timeout))
        return s->timeout;
    __atomic_load(&s->timeout, &timeout, __ATOMIC_RELAXED);
    return timeout;
}

/* The mode of the handle, which need not be the socket's (ps__must_not_block). */
static inline bool ps__nonblocking(const ps_sock *s)
{
    return __atomic_load_n(&s->nonblocking, __ATOMIC_RELAXED) != 0;
}

static inline void ps__set_nonblocking(ps_sock *s, bool nonblocking)
{
    __atomic_store_n(&s->nonblocking, (unsigned char)nonblocking, __ATOMIC_RELAXED);
}

static inline void ps__set_timeout(ps_sock *s, double timeout)
{
    if (__atomic_always_lock_free(sizeof s->timeout, &s->timeout))
        __atomic_store(&s->timeout, &timeout, __ATOMIC_RELAXED);
    else
        s->timeout = timeout;
}

#endif
