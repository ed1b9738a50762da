#include "call.h"
#include "socket.h"

typedef struct accept_call {
    ps__call call;
    ps_handle handle;
    ps_addr *peer;
    bool nonblocking;
} accept_call;

/* A connection that ended while it was queued is nobody's failure: take the next. */
static ptrdiff_t even_accept(int code)
{
    return code == PS_ECONNABORTED || code == PS_EPROTO ? PS__AGAIN : code;
}

static ptrdiff_t accept_step(ps__call *call)
{
    accept_call *c = (accept_call *)call;

    return even_accept(ps__sys_accept(call->sock->handle, c->nonblocking, &c->handle, c->peer));
}

/* The first try has failed with `code`. */
static int accept_on(ps_sock *s, bool nonblocking, ps_handle *h, ps_addr *peer, int code)
{
    accept_call c = {.peer = peer, .nonblocking = nonblocking};

    c.call = ps__call_make(s, accept_step, PS__READABLE);
    code = (int)ps__call_finish(&c.call, even_accept(code));
    if (code == 0)
        *h = c.handle;
    return code;
}

static int accept_entered(ps_sock *s, ps_sock *conn, ps_addr *peer)
{
    double timeout = ps__default_timeout();
    bool nonblocking = ps__new_must_not_block(s->family, s->type, timeout);
    ps_handle h = PS_INVALID_HANDLE;
    int code;

    if (!conn)
        return PS_EFAULT;
    code = ps__canceled(s);
    if (code != 0)
        return code;
    code = ps__sys_accept(s->handle, nonblocking, &h, peer);
    if (code != 0)
        code = accept_on(s, nonblocking, &h, peer, code);
    if (code != 0)
        return code;
    return ps__sock_adopt(conn, h, s->family, s->type, s->proto, PS__ESTABLISHED, nonblocking, timeout);
}

int ps_accept(ps_sock *s, ps_sock *conn, ps_addr *peer)
{
    int code;

    if (conn)
        ps__sock_clear(conn);
    if (peer)
        peer->len = 0;
    code = ps__begin(s);
    return code != 0 ? code : ps__end(s, PS_OPERATION_ACCEPT, NULL, accept_entered(s, conn, peer));
}
