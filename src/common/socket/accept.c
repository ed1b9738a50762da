#include "config.h"

#include "common/socket/accept.h"

#include "common/compiler.h"
#include "common/option/so_timeout.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"

typedef struct accept_call {
    ps__call call;
    ps_handle handle;
    ps_addr *peer;
    bool nonblocking;
} accept_call;

/* A connection that ended while it was queued is nobody's failure: take the next. */
static ptrdiff_t judge_accept(int code)
{
    return code == PS_ECONNABORTED || code == PS_EPROTO ? PS__AGAIN : code;
}

static ptrdiff_t accept_step(ps__call *call)
{
    accept_call *c = (accept_call *)call;

    return judge_accept(ps__sys_accept(call->sock->handle, c->nonblocking, &c->handle, c->peer));
}

/* The first try has failed with `code`. */
static int accept_on(accept_call *c, ps_sock *s, int marks, const ps__limit *limit, int code)
{
    ps__call_begin(&c->call, s, accept_step, PS__READABLE, marks);
    if (limit)
        c->call.limit = *limit;
    return (int)ps__call_finish(&c->call, judge_accept(code));
}

int ps__accept_within(ps_sock *s, ps_sock *conn, ps_addr *peer, const ps__limit *limit)
{
    double timeout = ps__default_timeout();
    accept_call c;
    int marks = ps__marks(s);
    int code = ps__refused(s, PS__READABLE);

    if (code != 0)
        return code;
    c.peer = peer;
    c.nonblocking = marks & PS__HAS_SO_TIMEOUT || ps__new_must_not_block(s->family, s->type, timeout);
    code = ps__sys_accept(s->handle, c.nonblocking, &c.handle, peer);
    if (code != 0)
        code = accept_on(&c, s, marks, limit, code);
    if (code != 0)
        return code;
    ps__sock_init(conn, c.handle, s->family, s->type, s->proto, PS__ESTABLISHED, c.nonblocking, timeout);
    if (UNLIKELY(marks & PS__HAS_SO_TIMEOUT))
        ps__so_timeout_inherit(s, conn);
    return 0;
}

typedef struct accept_arguments {
    ps_sock *conn;
    ps_addr *peer;
} accept_arguments;

static ptrdiff_t accept_connection(ps_sock *s, void *arguments)
{
    const accept_arguments *a = arguments;

    return a->conn ? ps__accept_within(s, a->conn, a->peer, NULL) : PS_EFAULT;
}

int ps_accept(ps_sock *s, ps_sock *conn, ps_addr *peer)
{
    accept_arguments arguments = {conn, peer};

    if (conn)
        ps__sock_clear(conn);
    if (peer)
        peer->len = 0;
    return (int)ps__gate(s, PS_OPERATION_ACCEPT, NULL, accept_connection, &arguments);
}
