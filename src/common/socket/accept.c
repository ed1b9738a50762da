#include "config.h"

#include "common/socket/accept.h"

#include "common/compiler.h"
#include "common/option/so_timeout.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"

typedef struct accept_call {
    ps__call call;
    ps_sock *conn;
    ps_addr *peer;
} accept_call;

/* A connection that ended while it was queued is no failure of the call: take the next. */
static ptrdiff_t judge_accept(int code)
{
    return code == PS_ECONNABORTED || code == PS_EPROTO ? PS__AGAIN : code;
}

static ptrdiff_t accept_step(ps__call *call)
{
    accept_call *c = (accept_call *)call;

    return judge_accept(
        ps__sys_accept(call->sock->handle, ps__nonblocking(c->conn), &c->conn->handle, c->peer));
}

/* The first try has failed with `code`. */
static int continue_accept(ps_sock *s, ps_sock *conn, ps_addr *peer, const ps__limit *limit,
                           int sock_flags, int code)
{
    accept_call c;

    ps__call_begin(&c.call, s, accept_step, PS__READABLE, sock_flags);
    c.conn = conn;
    c.peer = peer;
    if (limit)
        c.call.limit = *limit;
    return (int)ps__call_finish(&c.call, judge_accept(code));
}

/* The first try has failed, or there is more to do than most connections need. */
static NOINLINE int finish_accept(ps_sock *s, ps_sock *conn, ps_addr *peer, const ps__limit *limit,
                                  int sock_flags, int code)
{
    if (code != 0)
        code = continue_accept(s, conn, peer, limit, sock_flags, code);
    if (code != 0)
        ps__sock_clear(conn);
    else if (sock_flags & PS__HAS_SO_TIMEOUT)
        ps__so_timeout_inherit(s, conn);
    return code;
}

static ALWAYS_INLINE int accept_with(ps_sock *s, ps_sock *conn, ps_addr *peer,
                                     const ps__limit *limit)
{
    double timeout = ps__default_timeout();
    int sock_flags = ps__flags(s);
    bool nonblocking =
        sock_flags & PS__HAS_SO_TIMEOUT || ps__new_must_not_block(s->family, s->type, timeout);
    int code = ps__refused(s, PS__READABLE);

    if (code != 0)
        return code;
    ps__sock_init(conn, PS_INVALID_HANDLE, s->family, s->type, s->proto, PS__ESTABLISHED,
                  nonblocking, timeout);
    code = ps__sys_accept(s->handle, nonblocking, &conn->handle, peer);
    return UNLIKELY(code != 0 || sock_flags & PS__HAS_SO_TIMEOUT)
               ? finish_accept(s, conn, peer, limit, sock_flags, code)
               : 0;
}

int ps__accept_within(ps_sock *s, ps_sock *conn, ps_addr *peer, const ps__limit *limit)
{
    return accept_with(s, conn, peer, limit);
}

static NOINLINE ptrdiff_t accept_in_general(ps_sock *s, ps_sock *conn, ps_addr *peer)
{
    return accept_with(s, conn, peer, NULL);
}

static NOINLINE ptrdiff_t go_on_accepting(ps_sock *s, ps_sock *conn, ps_addr *peer, int code)
{
    return finish_accept(s, conn, peer, NULL, 0, code);
}

/* The same in fewer steps, for a listener without flags and a connection with a timeout. All of
 * *conn but the handle is written before the system is asked, so that little has to be kept in
 * registers while it is. */
static ALWAYS_INLINE ptrdiff_t accept_connection(ps_sock *s, ps_sock *conn, ps_addr *peer)
{
    double timeout = ps__default_timeout();
    int code;

    if (UNLIKELY(ps__flags(s) != 0) || !(timeout < PS_NO_TIMEOUT))
        return accept_in_general(s, conn, peer);
    ps__sock_init_in(conn, ps__known_generation(), PS_INVALID_HANDLE, s->family, s->type, s->proto,
                     PS__ESTABLISHED, true, timeout);
    code = ps__sys_accept(s->handle, true, &conn->handle, peer);
    return LIKELY(code == 0) ? 0 : go_on_accepting(s, conn, peer, code);
}

/* *conn is the listener: it is a closed socket then, as it is after every other failure. */
static NOINLINE int fail(ps_sock *conn, int code)
{
    if (conn)
        ps__sock_clear(conn);
    return code;
}

int ps_accept(ps_sock *s, ps_sock *conn, ps_addr *peer)
{
    ptrdiff_t result = PS_EBADF;

    if (peer)
        peer->len = 0;
    if (UNLIKELY(!s) || UNLIKELY(!conn))
        return fail(conn, PS_EFAULT);
    if (UNLIKELY(conn == s) || !ps__enter(s))
        return fail(conn, PS_EBADF);
    if (s->handle != PS_INVALID_HANDLE)
        result = accept_connection(s, conn, peer);
    result = ps__leave_with(s, PS_OPERATION_ACCEPT, NULL, result);
    return LIKELY(result == 0) ? 0 : fail(conn, (int)result);
}
