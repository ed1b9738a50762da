#include "call.h"
#include "port.h"
#include "socket.h"

/*
 * Receiving and sending. Each public function enters, tries once, at full speed, and leaves; what is unusual (flags, odd
 * sizes, an answer that is not a count) goes the long way round, in functions of its own (..._and_leave) that leave, too, so
 * that the fast path saves no registers for it.
 */

typedef struct transfer {
    ps__call call;
    void *into;
    const void *data;
    size_t size;
    size_t done;
    int flags;
    ps_addr *from;
    const ps_addr *to;
} transfer;

#define UNLIKELY(condition) __builtin_expect((condition), 0)
#define NOINLINE __attribute__((noinline))

static size_t left_to_do(const transfer *t)
{
    size_t left = t->size - t->done;

    return left < PS__TRANSFER_MAX ? left : PS__TRANSFER_MAX;
}

/* ---- receiving ----------------------------------------------------------------------------------------- */

/* A stream has one sender, whom Linux tells for AF_UNIX and not for TCP. */
static inline ptrdiff_t receive_from(ps_sock *s, void *into, size_t size, int flags, ps_addr *from)
{
    ptrdiff_t count = ps__sys_recvfrom(s->handle, into, size, flags, from);

    if (ps__is_stream(s))
        from->len = 0;
    return count;
}

static ptrdiff_t receive_once(const transfer *t)
{
    unsigned char *into = (unsigned char *)t->into + t->done;
    ps_sock *s = t->call.sock;

    return t->from ? receive_from(s, into, left_to_do(t), t->flags, t->from)
                   : ps__sys_recv(s->handle, into, left_to_do(t), t->flags);
}

/* What a transfer's result means while the connection is under way, as far as it had got: a transfer waits for it, and
 * tells how it failed. */
static ptrdiff_t even_connecting(ps_sock *s, ptrdiff_t result)
{
    int ready = result == PS_EINTR ? PS_EINTR : ps__sys_wait(s->handle, PS__CONNECTED, PS_INVALID_HANDLE, 0);
    int code;

    if (ready < 0)
        return ready;
    if (ready == 0)
        return PS_EWOULDBLOCK;
    if (!(ready & PS__FAILED)) {
        ps__set_connection(s, PS__ESTABLISHED);
        return result == PS_ENOTCONN ? PS_EWOULDBLOCK : result;
    }
    ps__set_connection(s, PS__UNCONNECTED);
    code = ps__sys_connect_result(s->handle);
    ps__error_was_told(s);
    return code != 0 ? code : result < 0 && result != PS_EWOULDBLOCK ? result : PS_ECONNABORTED;
}

/* The end of a stream that never began: Linux says so after a connection was refused. */
static bool is_false_end(const ps_sock *s)
{
    ps_addr peer;

    return ps__is_stream(s) && ps__has_no_peer(s) && ps__sys_getpeername(s->handle, &peer) == PS_ENOTCONN;
}

static bool has_peer(const ps_sock *s)
{
    ps_addr peer;

    return !ps__has_no_peer(s) && ps__sys_getpeername(s->handle, &peer) == 0;
}

/* A datagram that was sent earlier found a port closed, or a router gave it up, and Windows fails a later call for it. That
 * is the peer's refusal for a connected socket; one without a peer goes on. */
static ptrdiff_t even_datagram(const ps_sock *s, ptrdiff_t code)
{
    if (s->type != SOCK_DGRAM || !ps__is_inet(s) || (code != PS_ECONNRESET && code != PS_ENETRESET))
        return code;
    if (code == PS_ECONNRESET && (has_peer(s) || s->port & PS__PORT_REFUSALS))
        return PS_ECONNREFUSED;
    return PS__AGAIN;
}

ptrdiff_t ps__even_receive(ps_sock *s, ptrdiff_t result)
{
    if (result <= 0 && ps__connection(s) == PS__CONNECTING)
        return even_connecting(s, result);
    if (result >= 0)
        return result == 0 && is_false_end(s) ? PS_ENOTCONN : result;
    if (result == PS_EINVAL && s->type == SOCK_DGRAM && ps__bind_unbound(s))
        return PS_EWOULDBLOCK;
    return even_datagram(s, result);
}

static ptrdiff_t receive_step(ps__call *call)
{
    return ps__even_receive(call->sock, receive_once((transfer *)call));
}

/* MSG_WAITALL on a stream. What has come is given even when an error ends the wait; the error comes again. */
static ptrdiff_t receive_all_step(ps__call *call)
{
    transfer *t = (transfer *)call;
    ptrdiff_t count = receive_once(t);

    if (count <= 0 && t->done == 0)
        return ps__even_receive(call->sock, count);
    if (count < 0)
        return count;
    t->done += (size_t)count;
    return count == 0 || t->done == t->size ? (ptrdiff_t)t->done : PS__AGAIN;
}

/* The end of a connection that is closed beside the call is no end of what the peer has to say. */
static inline ptrdiff_t leave_receive(ps_sock *s, ptrdiff_t result)
{
    ps__record(s, PS_OPERATION_RECEIVE, NULL, result);
    return ps__leave(s) && result <= 0 ? PS_EBADF : result;
}

static NOINLINE ptrdiff_t receive_late_and_leave(ps_sock *s, void *buf, size_t n, ps_addr *from, ptrdiff_t result)
{
    transfer t = {.into = buf, .size = n, .from = from};

    t.call = ps__call_make(s, receive_step, PS__READABLE);
    return leave_receive(s, ps__call_finish(&t.call, ps__even_receive(s, result)));
}

/* The first try gave no bytes: wait and go on, if that is what it calls for. */
static NOINLINE ptrdiff_t receive_on_and_leave(ps_sock *s, void *buf, size_t n, ps_addr *from, ptrdiff_t result)
{
    if (result == PS_EWOULDBLOCK && ps__timeout(s) == 0)
        return leave_receive(s, result);
    return receive_late_and_leave(s, buf, n, from, result);
}

/* What a receive's arguments say before the system is asked: 0 to go on, else `result` is the answer. */
static bool is_answered(const ps_sock *s, const void *buf, size_t n, ptrdiff_t *result)
{
    if (n > PTRDIFF_MAX)
        *result = PS_BAD_LENGTH;
    else if (!buf && n > 0)
        *result = PS_EFAULT;
    else if (s->handle == PS_INVALID_HANDLE)
        *result = PS_EBADF;
    else if (ps__canceled(s))
        *result = PS_ECANCELED;
    else if ((ps__is_stream(s) && n == 0) || ps__marks(s) & PS__SHUT_RECEIVE)
        *result = 0;
    else
        return false;
    return true;
}

static ptrdiff_t receive_with_flags(ps_sock *s, void *buf, size_t n, int flags, ps_addr *from)
{
    transfer t = {.into = buf, .size = n, .flags = flags, .from = from};
    ptrdiff_t count;

    t.call = ps__call_make_transfer(s, receive_step, PS__READABLE, flags);
    if (flags & MSG_WAITALL && ps__is_stream(s) && !(flags & MSG_PEEK) && ps__timeout(s) != 0)
        t.call.step = receive_all_step;
    if (ps__nonblocking(s) || !ps__is_stream(s))
        t.flags &= ~MSG_WAITALL;
    count = ps__call_finish(&t.call, t.call.step(&t.call));
    return count < 0 && t.done > 0 ? (ptrdiff_t)t.done : count;
}

static NOINLINE ptrdiff_t receive_unusual_and_leave(ps_sock *s, void *buf, size_t n, int flags, ps_addr *from)
{
    ptrdiff_t result;

    if (from)
        from->len = 0;
    if (!is_answered(s, buf, n, &result))
        result = receive_with_flags(s, buf, n, flags, from);
    return leave_receive(s, result);
}

/* No buffer, none or more bytes than one transfer takes, flags, a side that is shut, or a token. */
static inline bool is_unusual(const ps_sock *s, const void *buf, size_t n, int flags)
{
    return !buf || n - 1 >= PS__TRANSFER_MAX || (flags | ps__marks(s)) != 0;
}

/* A count of bytes is a count of bytes, whether the socket is being closed or not. */
static inline ptrdiff_t leave_with(ps_sock *s, ptrdiff_t count)
{
    (void)ps__leave(s);
    return count;
}

ptrdiff_t ps_recv(ps_sock *s, void *buf, size_t n, int flags)
{
    ptrdiff_t count;

    if (UNLIKELY(!s))
        return PS_EFAULT;
    if (UNLIKELY(!ps__enter(s)))
        return PS_EBADF;
    if (UNLIKELY(is_unusual(s, buf, n, flags)))
        return receive_unusual_and_leave(s, buf, n, flags, NULL);
    count = ps__sys_recv(s->handle, buf, n, 0);
    return UNLIKELY(count <= 0) ? receive_on_and_leave(s, buf, n, NULL, count) : leave_with(s, count);
}

static ptrdiff_t refuse_receive(const ps_sock *s, ps_addr *from)
{
    if (from)
        from->len = 0;
    return s ? PS_EBADF : PS_EFAULT;
}

ptrdiff_t ps_recvfrom(ps_sock *s, void *buf, size_t n, int flags, ps_addr *from)
{
    ptrdiff_t count;

    if (UNLIKELY(!s || !ps__enter(s)))
        return refuse_receive(s, from);
    if (UNLIKELY(!from || is_unusual(s, buf, n, flags)))
        return receive_unusual_and_leave(s, buf, n, flags, from);
    from->len = 0;
    count = receive_from(s, buf, n, 0, from);
    return UNLIKELY(count <= 0) ? receive_on_and_leave(s, buf, n, from, count) : leave_with(s, count);
}

/* ---- sending ------------------------------------------------------------------------------------------- */

static ptrdiff_t send_once(const transfer *t)
{
    const unsigned char *data = (const unsigned char *)t->data + t->done;
    ps_handle h = t->call.sock->handle;

    return t->to ? ps__sys_sendto(h, data, left_to_do(t), t->flags, t->to)
                 : ps__sys_send(h, data, left_to_do(t), t->flags);
}

ptrdiff_t ps__even_send(ps_sock *s, ptrdiff_t code)
{
    if (ps__connection(s) == PS__CONNECTING)
        return even_connecting(s, code);
    if (!ps__has_no_peer(s) || !ps__is_inet(s))
        return even_datagram(s, code);
    if (ps__is_stream(s) && (code == PS_EPIPE || code == PS_ECONNRESET))
        return PS_ENOTCONN;
    if (s->type == SOCK_DGRAM && (code == PS_ENOTCONN || code == PS_EINVAL))
        return PS_EDESTADDRREQ;
    return code;
}

static ptrdiff_t send_step(ps__call *call)
{
    transfer *t = (transfer *)call;
    ptrdiff_t count = send_once(t);

    if (count >= 0)
        return count;
    return t->to ? even_datagram(call->sock, count) : ps__even_send(call->sock, count);
}

static ptrdiff_t send_all_step(ps__call *call)
{
    transfer *t = (transfer *)call;
    ptrdiff_t count = send_once(t);

    if (count < 0)
        return ps__even_send(call->sock, count);
    t->done += (size_t)count;
    return t->done == t->size ? 0 : PS__AGAIN;
}

static inline ptrdiff_t leave_send(ps_sock *s, const ps_addr *to, ptrdiff_t result)
{
    ps__record(s, PS_OPERATION_SEND, to, result);
    return ps__leave(s) && result < 0 ? PS_EBADF : result;
}

/* How long to sleep before a datagram to a full AF_UNIX socket is tried again: nothing tells when there is room. */
enum { QUEUE_PAUSE_NANOSECONDS = 2000000 };

/* The first try has failed with `code`. */
static NOINLINE ptrdiff_t send_on_and_leave(ps_sock *s, const void *buf, size_t n, int flags, const ps_addr *to,
                                            ptrdiff_t code)
{
    transfer t;

    if (code == PS_EWOULDBLOCK && ps__timeout(s) == 0)
        return leave_send(s, to, code);
    t = (transfer){.data = buf, .size = n, .flags = flags, .to = to};
    t.call = ps__call_make_transfer(s, send_step, PS__WRITABLE, flags);
    if (to && !ps__is_inet(s))
        t.call.pause = QUEUE_PAUSE_NANOSECONDS;
    return leave_send(s, to, ps__call_finish(&t.call, to ? code : ps__even_send(s, code)));
}

/* What a call that sends may not be given, and whether it has been canceled. */
static int check_send(const ps_sock *s, const void *buf, size_t n)
{
    if (n > PTRDIFF_MAX)
        return PS_BAD_LENGTH;
    if (!buf && n > 0)
        return PS_EFAULT;
    return ps__canceled(s);
}

/* What may be NULL where there is nothing to send, and how much one transfer takes. */
static const void *data_of(const void *buf, size_t *n)
{
    if (*n > PS__TRANSFER_MAX)
        *n = PS__TRANSFER_MAX;
    return buf ? buf : "";
}

static inline bool has_token(const ps_sock *s)
{
    return (ps__marks(s) & PS__HAS_TOKEN) != 0;
}

static NOINLINE ptrdiff_t send_unusual_and_leave(ps_sock *s, const void *buf, size_t n, int flags)
{
    int code = check_send(s, buf, n);
    ptrdiff_t count;

    if (code != 0)
        return leave_send(s, NULL, code);
    buf = data_of(buf, &n);
    count = ps__sys_send(s->handle, buf, n, flags);
    return count < 0 ? send_on_and_leave(s, buf, n, flags, NULL, count) : leave_with(s, count);
}

ptrdiff_t ps_send(ps_sock *s, const void *buf, size_t n, int flags)
{
    ptrdiff_t count;

    if (UNLIKELY(!s))
        return PS_EFAULT;
    if (UNLIKELY(!ps__enter(s)))
        return PS_EBADF;
    if (UNLIKELY(!buf || n > PS__TRANSFER_MAX || has_token(s)))
        return send_unusual_and_leave(s, buf, n, flags);
    count = ps__sys_send(s->handle, buf, n, flags);
    return UNLIKELY(count < 0) ? send_on_and_leave(s, buf, n, flags, NULL, count) : leave_with(s, count);
}

static NOINLINE int send_rest_and_leave(ps_sock *s, const void *buf, size_t n, int flags, size_t *sent, ptrdiff_t count)
{
    transfer t = {.data = buf, .size = n, .flags = flags, .done = count > 0 ? (size_t)count : 0};
    ptrdiff_t code;

    t.call = ps__call_make_transfer(s, send_all_step, PS__WRITABLE, flags);
    code = ps__call_finish(&t.call, count < 0 ? ps__even_send(s, count) : PS__AGAIN);
    if (sent)
        *sent = t.done;
    return (int)leave_send(s, NULL, code);
}

/* A large buffer, none, or a token. */
static NOINLINE int send_all_unusual_and_leave(ps_sock *s, const void *buf, size_t n, int flags, size_t *sent)
{
    int code = check_send(s, buf, n);
    size_t first = n;
    ptrdiff_t count;

    if (code != 0)
        return (int)leave_send(s, NULL, code);
    buf = data_of(buf, &first);
    count = ps__sys_send(s->handle, buf, first, flags);
    if (count != (ptrdiff_t)n)
        return send_rest_and_leave(s, buf, n, flags, sent, count);
    if (sent)
        *sent = n;
    return (int)leave_with(s, 0);
}

int ps_sendall(ps_sock *s, const void *buf, size_t n, int flags, size_t *sent)
{
    ptrdiff_t count;

    if (sent)
        *sent = 0;
    if (UNLIKELY(!s))
        return PS_EFAULT;
    if (UNLIKELY(!ps__enter(s)))
        return PS_EBADF;
    if (UNLIKELY(!buf || n > PS__TRANSFER_MAX || has_token(s)))
        return send_all_unusual_and_leave(s, buf, n, flags, sent);
    count = ps__sys_send(s->handle, buf, n, flags);
    if (UNLIKELY(count != (ptrdiff_t)n))
        return send_rest_and_leave(s, buf, n, flags, sent, count);
    if (sent)
        *sent = n;
    return (int)leave_with(s, 0);
}

static NOINLINE ptrdiff_t sendto_on_and_leave(ps_sock *s, const void *buf, size_t n, int flags, const ps_addr *to,
                                              ptrdiff_t code)
{
    ps_addr loopback;

    if (code == PS_EADDRNOTAVAIL && ps__loopback_instead(to, &loopback))
        return send_on_and_leave(s, buf, n, flags, &loopback, PS__AGAIN);
    return send_on_and_leave(s, buf, n, flags, to, even_datagram(s, code));
}

static NOINLINE ptrdiff_t sendto_unusual_and_leave(ps_sock *s, const void *buf, size_t n, int flags, const ps_addr *to)
{
    int code = check_send(s, buf, n);
    ptrdiff_t count;

    if (code == 0 && s->handle == PS_INVALID_HANDLE)
        code = PS_EBADF;
    if (code == 0)
        code = to ? ps__check_address(s, to) : PS_EDESTADDRREQ;
    if (code != 0)
        return leave_send(s, to, code);
    buf = data_of(buf, &n);
    count = ps__sys_sendto(s->handle, buf, n, flags, to);
    return count < 0 ? sendto_on_and_leave(s, buf, n, flags, to, count) : leave_with(s, count);
}

ptrdiff_t ps_sendto(ps_sock *s, const void *buf, size_t n, int flags, const ps_addr *to)
{
    ptrdiff_t count;

    if (UNLIKELY(!s))
        return PS_EFAULT;
    if (UNLIKELY(!ps__enter(s)))
        return PS_EBADF;
    if (UNLIKELY(!buf || !to || n > PS__TRANSFER_MAX || to->len == 0 || to->sa.sa_family != s->family || has_token(s)))
        return sendto_unusual_and_leave(s, buf, n, flags, to);
    count = ps__sys_sendto(s->handle, buf, n, flags, to);
    return UNLIKELY(count < 0) ? sendto_on_and_leave(s, buf, n, flags, to, count) : leave_with(s, count);
}
