/*
 * What the frontend's files share about a ps_sock. Its private members:
 *   calls        how many calls are in flight, but for the owner's (gate.h)
 *   timeout      as the program set it
 *   attached     what only few sockets have (attached.h); NULL: none of it
 *   failed       the code with which the connection, or the last attempt at one, has failed
 *                (judge.h); 0: it has not
 *   judging      how many of the calls wait to learn of a failure from the others (judge.c). With
 *                256 of them it is 0 again, and they wait until their patience is over
 *   connection, flags  below
 *   modes        the mode of the system's handle; what the library does about the socket's port
 *                (port_sharing.h)
 *   ending       how the connection has ended so far (judge.h), and whether receives wait
 *   generation   of the process that made it (fork.h)
 *   closer       the process that closes it (close.c), by the lowest byte of its generation; of a
 *                socket that is closed or open: nothing
 *   error_reported  the number that SO_ERROR reported last; 0: none. All such numbers fit in
 *                16 bits
 *   owner, owned  the thread that was the first to transfer, and how many of its transfers are in
 *                flight (owner.h); where there are owners
 *   receiving    how many waits to receive are in the system, where it cannot shut the receiving
 *                side down (attached.h). There are no owners there, so that it has the place of
 *                `owned`
 */
#ifndef PS_SOCKET_H
#define PS_SOCKET_H

#include "common/backend.h"
#include "common/fork.h"

/* ps_sock.connection. A handle from elsewhere is in a state that only the system knows. */
enum { PS__UNCONNECTED, PS__LISTENING, PS__CONNECTING, PS__ESTABLISHED, PS__STATE_UNKNOWN };

/* ps_sock.modes: the mode of the system's handle; the other bits are in port_sharing.h. */
enum {
    PS__NONBLOCKING = 128,
    /* ps_recvmany must not wait for a second datagram, and only the handle's mode can say so */
    PS__RECEIVES_MANY = 64
};

/* ps_sock.ending, whose other bits are in judge.h: several receives in a row have waited
 * (wait_first.h). */
enum { PS__WAITS_IN_TURN = 128 };

/* ps_sock.flags: what a call must check before its first try. */
enum {
    PS__SHUT_RECEIVE = 1, /* after SHUT_RD */
    PS__HAS_TOKEN = 2,    /* in the block (attached.h) */
    PS__HAS_DEADLINE = 4, /* there, too */
    /* An attempt to connect is in progress: ps_connect has returned before its end, or blocks in
     * it, or the handle is from elsewhere and one may be. A transfer that succeeds shows that it
     * has succeeded (judge.h). */
    PS__IN_PROGRESS = 8,
    PS__HAS_SO_TIMEOUT = 16, /* the program has set SO_RCVTIMEO or SO_SNDTIMEO (so_timeout.h) */
    PS__IN_POLLER = 32,      /* was added to a poller, and may be there (poller/pollers.h) */
    PS__COALESCES = 64,      /* datagrams may come together (coalescing.h) */
    PS__WAITED = 128,        /* the last receive had to wait (wait_first.h) */
    /* Something other than its timeout may end a call. */
    PS__IS_GUARDED = PS__HAS_TOKEN | PS__HAS_DEADLINE
};

/* Whether a socket's handle has to be non-blocking: for a timeout, a token or a deadline, for
 * the program's SO_RCVTIMEO or SO_SNDTIMEO, and where the system could not end a call that
 * blocks in it. */
bool ps__must_not_block(const ps_sock *s);

/* The same for a socket that is about to be made. */
static inline bool ps__new_must_not_block(int family, int type, double timeout)
{
    return timeout != PS_NO_TIMEOUT || !(ps__sys_wake_reach(family, type) & PS__WAKES_CALLS);
}

/* Brings the handle into the mode that the socket needs now; other threads may change that
 * meanwhile. */
int ps__sock_set_mode(ps_sock *s);

/* Sets a socket's timeout, and the mode of its handle. */
int ps__sock_set_timeout(ps_sock *s, double seconds);

/* As ps_getpeername, inside a call; PS_ENOTCONN also while an attempt to connect is in progress. */
int ps__peer_of(const ps_sock *s, ps_addr *peer);

/* Makes *s, which is closed, of a handle from elsewhere, with the default timeout. Closes the
 * handle on failure. */
int ps__sock_take_over(ps_sock *s, ps_handle h, int family, int type, int proto);

/* Takes Linux's SOCK_NONBLOCK and SOCK_CLOEXEC out of a type, where there are any. Returns
 * whether the first was there. */
static inline bool ps__strip_type(int *type)
{
    bool nonblocking = false;

    (void)type;
#ifdef SOCK_NONBLOCK
    nonblocking = (*type & SOCK_NONBLOCK) != 0;
    *type &= ~SOCK_NONBLOCK;
#endif
#ifdef SOCK_CLOEXEC
    *type &= ~SOCK_CLOEXEC;
#endif
    return nonblocking;
}

/* Makes *s a closed socket. */
static inline void ps__sock_clear(ps_sock *s)
{
    *s = (ps_sock)PS_SOCK_INIT;
}

/* What ps_setdefaulttimeout has set. */
extern HIDDEN _Atomic double ps__default_seconds;

/* The timeout of a new socket, which says whether it is made non-blocking. */
static inline double ps__default_timeout(void)
{
    return atomic_load_explicit(&ps__default_seconds, memory_order_relaxed);
}

/* PS_EFAULT, PS_EDESTADDRREQ for "no address", PS_EAFNOSUPPORT for another family than the
 * socket's; or 0. */
static inline int ps__check_address(const ps_sock *s, const ps_addr *a)
{
    if (!a)
        return PS_EFAULT;
    if (a->len == 0)
        return PS_EDESTADDRREQ;
    return a->sa.sa_family == s->family ? 0 : PS_EAFNOSUPPORT;
}

/* Makes *s, whatever it was, of a handle that is in the mode that the timeout needs, in a process
 * of a generation. */
static inline void ps__sock_init_in(ps_sock *s, unsigned short generation, ps_handle h, int family,
                                    int type, int proto, int connection, bool nonblocking,
                                    double timeout)
{
    *s = (ps_sock){.handle = h,
                   .family = (unsigned char)family,
                   .type = (unsigned char)type,
                   .proto = (unsigned short)proto,
                   .timeout = timeout,
                   .generation = generation,
                   .connection = (unsigned char)connection,
                   .modes = nonblocking ? PS__NONBLOCKING : 0};
}

/* The same in this process. */
static inline void ps__sock_init(ps_sock *s, ps_handle h, int family, int type, int proto,
                                 int connection, bool nonblocking, double timeout)
{
    ps__sock_init_in(s, ps__generation(), h, family, type, proto, connection, nonblocking, timeout);
}

/* Whether fork has made this process since the socket was made. The calls that were in flight
 * then never end. */
static inline bool ps__is_inherited(const ps_sock *s)
{
    return __atomic_load_n(&s->generation, __ATOMIC_RELAXED) != ps__generation();
}

/* A full barrier: of two threads that change a socket and then look at it, one sees the change
 * of the other. It is an exchange that changes nothing, since ThreadSanitizer does not know
 * fences. */
static inline void ps__publish(ps_sock *s)
{
    (void)__atomic_fetch_or(&s->ending, 0, __ATOMIC_SEQ_CST);
}

/* Two threads that wait for one connection both learn how it has ended, so this is read and
 * written whole. */
static inline int ps__connection(const ps_sock *s)
{
    return __atomic_load_n(&s->connection, __ATOMIC_ACQUIRE);
}

static inline void ps__set_connection(ps_sock *s, int connection)
{
    __atomic_store_n(&s->connection, (unsigned char)connection, __ATOMIC_RELEASE);
}

static inline bool ps__is_stream(const ps_sock *s)
{
    return s->type == SOCK_STREAM;
}

static inline bool ps__is_connection_type(const ps_sock *s)
{
    return s->type == SOCK_STREAM || s->type == SOCK_SEQPACKET;
}

/* Whether the socket has not been connected, as far as this library knows. */
static inline bool ps__has_no_peer(const ps_sock *s)
{
    return ps__connection(s) <= PS__LISTENING;
}

static inline bool ps__is_inet(const ps_sock *s)
{
    return s->family == AF_INET || s->family == AF_INET6;
}

/* Flags are written while calls are in flight (ps_shutdown ends a receive), so they are read and
 * written atomically. */
static inline unsigned char ps__flags(const ps_sock *s)
{
    return __atomic_load_n(&s->flags, __ATOMIC_RELAXED);
}

static inline void ps__set_flags(ps_sock *s, unsigned char flags)
{
    (void)__atomic_fetch_or(&s->flags, flags, __ATOMIC_SEQ_CST);
}

static inline void ps__clear_flags(ps_sock *s, unsigned char flags)
{
    (void)__atomic_fetch_and(&s->flags, (unsigned char)~flags, __ATOMIC_SEQ_CST);
}

/* Whether ps_connect blocks in the system in another thread. */
static inline bool ps__is_blocked_in_connect(const ps_sock *s)
{
    return ps__connection(s) == PS__UNCONNECTED && ps__flags(s) & PS__IN_PROGRESS;
}

/* timeout and modes are accessed atomically, too, where the machine can (ps_settimeout
 * applies to later calls). */
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
    return (__atomic_load_n(&s->modes, __ATOMIC_RELAXED) & PS__NONBLOCKING) != 0;
}

static inline void ps__set_nonblocking(ps_sock *s, bool nonblocking)
{
    if (nonblocking)
        (void)__atomic_fetch_or(&s->modes, PS__NONBLOCKING, __ATOMIC_RELAXED);
    else
        (void)__atomic_fetch_and(&s->modes, (unsigned char)~PS__NONBLOCKING, __ATOMIC_RELAXED);
}

/* Whether ps_recvmany wants the handle not to block; never taken back. */
static inline int ps__receives_many(const ps_sock *s)
{
    return __atomic_load_n(&s->modes, __ATOMIC_RELAXED) & PS__RECEIVES_MANY;
}

static inline void ps__set_timeout(ps_sock *s, double timeout)
{
    if (__atomic_always_lock_free(sizeof s->timeout, &s->timeout))
        __atomic_store(&s->timeout, &timeout, __ATOMIC_RELAXED);
    else
        s->timeout = timeout;
}

#endif
