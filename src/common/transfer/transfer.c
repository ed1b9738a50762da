#include "config.h"

#include "common/transfer/transfer.h"

#include "common/compiler.h"
#include "common/connect/judge.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/normalize.h"
#include "common/socket/shutdown.h"
#include "common/socket/socket.h"
#include "common/transfer/coalescing.h"
#include "common/transfer/wait_first.h"

/*
 * Receiving and sending. Each public function enters, tries once, at full speed, and leaves;
 * what is unusual (flags, odd sizes, an answer that is not a count) takes the slow path, in
 * functions of its own (..._and_leave) that leave, too, so that the fast path saves no registers
 * for it.
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

static size_t left_to_do(const transfer *t)
{
    size_t left = t->size - t->done;

    return left < PS__TRANSFER_MAX ? left : PS__TRANSFER_MAX;
}

/* ---- receiving ------------------------------------------------------------------------------- */

/* A stream has one sender, which Linux reports for AF_UNIX and not for TCP. */
static inline ptrdiff_t receive_from(ps_sock *s, void *into, size_t size, int flags, ps_addr *from)
{
    ptrdiff_t count = ps__sys_recvfrom(s->handle, into, size, flags, from);

    if (ps__is_stream(s))
        from->len = 0;
    return count;
}

static NOINLINE ptrdiff_t receive_coalesced(const transfer *t, void *into)
{
    ps_buffer buffer = {into, left_to_do(t)};
    ps__message message = {.buffers = &buffer, .count = 1, .flags = t->flags, .from = t->from};

    return ps__receive_message(t->call.sock, &message);
}

static ptrdiff_t receive_once(const transfer *t)
{
    unsigned char *into = (unsigned char *)t->into + t->done;
    ps_sock *s = t->call.sock;

    if (UNLIKELY(ps__flags(s) & PS__COALESCES))
        return receive_coalesced(t, into);
    return t->from ? receive_from(s, into, left_to_do(t), t->flags, t->from)
                   : ps__sys_recv(s->handle, into, left_to_do(t), t->flags);
}

/* What comes from the error queue says nothing of the connection. */
static ptrdiff_t receive_step(ps__call *call)
{
    const transfer *t = (const transfer *)call;
    ptrdiff_t count;

    if (ps__receives_are_ended(call->sock))
        return 0;
    count = receive_once(t);
    if (count < 0 && ps__receives_are_ended(call->sock))
        return 0;
    return t->flags & PS__ERROR_QUEUE ? count : ps__judge_receive(call->sock, count);
}

/* MSG_WAITALL on a stream. What has come is returned also when an error ends the wait, and the
 * next call reports the error. */
static ptrdiff_t receive_all_step(ps__call *call)
{
    transfer *t = (transfer *)call;
    ptrdiff_t count;

    if (ps__receives_are_ended(call->sock))
        return (ptrdiff_t)t->done;
    count = receive_once(t);
    if (count <= 0 && t->done == 0)
        return ps__judge_receive(call->sock, count);
    if (count < 0) {
        ps__judge_rest(call->sock, count);
        return count;
    }
    ps__note_transfer(call->sock);
    t->done += (size_t)count;
    return count == 0 || t->done == t->size ? (ptrdiff_t)t->done : PS__AGAIN;
}

/* An end that our own ps_close has brought about is not the peer's. */
static inline ptrdiff_t leave_receive(ps_sock *s, ptrdiff_t result)
{
    if (result == 0 && ps__closing(s))
        result = PS_EBADF;
    return ps__leave_transfer_with(s, PS_OPERATION_RECEIVE, NULL, result);
}

static NOINLINE ptrdiff_t receive_late_and_leave(ps_sock *s, void *buf, size_t n, ps_addr *from,
                                                 ptrdiff_t result)
{
    transfer t = {.into = buf, .size = n, .from = from};

    if (ps__receives_are_ended(s)) /* meanwhile, whatever the system says of that */
        return leave_receive(s, 0);
    /* It began without a token or a deadline. */
    ps__call_begin(&t.call, s, receive_step, PS__READABLE, 0);
    result = ps__call_finish(&t.call, ps__judge_receive(s, result));
    if (result > 0)
        ps__note_received(s, t.call.ready != 0);
    return leave_receive(s, result);
}

/* The first try returned no bytes: wait and go on, if that is what it calls for. A timeout is never
 * below 0, and "<=" is one test where "==" is two. */
static NOINLINE ptrdiff_t receive_on_and_leave(ps_sock *s, void *buf, size_t n, ps_addr *from,
                                               ptrdiff_t result)
{
    if (result == PS_EWOULDBLOCK && ps__timeout(s) <= 0)
        return ps__leave_transfer_with(s, PS_OPERATION_RECEIVE, NULL, result);
    return receive_late_and_leave(s, buf, n, from, result);
}

/* Whether the arguments, a token, a deadline or SHUT_RD decide the result without the system; it
 * is in *result then. */
static bool is_answered(const ps_sock *s, const void *buf, size_t n, ptrdiff_t *result)
{
    *result = ps__refused(s, PS__READABLE);
    if (n > PTRDIFF_MAX)
        *result = PS_BAD_LENGTH;
    else if (!buf && n > 0)
        *result = PS_EFAULT;
    else if (s->handle == PS_INVALID_HANDLE)
        *result = PS_EBADF;
    return *result != 0 || (ps__is_stream(s) && n == 0) || ps__flags(s) & PS__SHUT_RECEIVE;
}

static ptrdiff_t receive_with_flags(ps_sock *s, void *buf, size_t n, int flags, ps_addr *from)
{
    transfer t = {.into = buf, .size = n, .flags = flags, .from = from};
    ptrdiff_t count;

    ps__call_begin_transfer(&t.call, s, receive_step, PS__READABLE, ps__flags(s), flags);
    if (flags & MSG_WAITALL && ps__is_stream(s) && !(flags & MSG_PEEK) && ps__timeout(s) != 0)
        t.call.step = receive_all_step;
    if (ps__nonblocking(s) || !ps__is_stream(s))
        t.flags &= ~MSG_WAITALL;
    count = ps__receive_to_the_end(&t.call);
    return count < 0 && t.done > 0 ? (ptrdiff_t)t.done : count;
}

static NOINLINE ptrdiff_t receive_unusual_and_leave(ps_sock *s, void *buf, size_t n, int flags,
                                                    ps_addr *from)
{
    ptrdiff_t result;

    if (from)
        from->len = 0;
    if (!is_answered(s, buf, n, &result))
        result = receive_with_flags(s, buf, n, flags, from);
    return leave_receive(s, result);
}

/* No buffer, none or more bytes than one transfer takes, flags, or a flag of the socket. */
static inline bool is_unusual(const ps_sock *s, const void *buf, size_t n, int flags)
{
    return !buf || n - 1 >= PS__TRANSFER_MAX || (flags | ps__flags(s)) != 0;
}

/* Bytes that were transferred are returned also while the socket is being closed. `quickly` is how
 * the call has entered. */
static inline ptrdiff_t leave_with_count(ps_sock *s, bool quickly, ptrdiff_t count)
{
    if (quickly)
        ps__leave_quickly(s);
    else
        ps__leave_transfer(s);
    return count;
}

static inline ptrdiff_t receive_and_leave(ps_sock *s, bool quickly, void *buf, size_t n, int flags)
{
    ptrdiff_t count;

    if (UNLIKELY(is_unusual(s, buf, n, flags)))
        return receive_unusual_and_leave(s, buf, n, flags, NULL);
    count = ps__sys_recv(s->handle, buf, n, 0);
    return UNLIKELY(count <= 0) ? receive_on_and_leave(s, buf, n, NULL, count)
                                : leave_with_count(s, quickly, count);
}

static NOINLINE ptrdiff_t receive_as_any(ps_sock *s, void *buf, size_t n, int flags)
{
    return ps__enter_transfer(s) ? receive_and_leave(s, false, buf, n, flags) : PS_EBADF;
}

ptrdiff_t ps_recv(ps_sock *s, void *buf, size_t n, int flags)
{
    if (UNLIKELY(!s))
        return PS_EFAULT;
    return UNLIKELY(!ps__enter_quickly(s)) ? receive_as_any(s, buf, n, flags)
                                           : receive_and_leave(s, true, buf, n, flags);
}

static ptrdiff_t refuse_receive(const ps_sock *s, ps_addr *from)
{
    if (from)
        from->len = 0;
    return s ? PS_EBADF : PS_EFAULT;
}

static inline ptrdiff_t receive_from_and_leave(ps_sock *s, bool quickly, void *buf, size_t n,
                                               int flags, ps_addr *from)
{
    ptrdiff_t count;

    if (UNLIKELY(!from || is_unusual(s, buf, n, flags)))
        return receive_unusual_and_leave(s, buf, n, flags, from);
    from->len = 0;
    count = receive_from(s, buf, n, 0, from);
    return UNLIKELY(count <= 0) ? receive_on_and_leave(s, buf, n, from, count)
                                : leave_with_count(s, quickly, count);
}

static NOINLINE ptrdiff_t receive_from_as_any(ps_sock *s, void *buf, size_t n, int flags,
                                              ps_addr *from)
{
    if (!s || !ps__enter_transfer(s))
        return refuse_receive(s, from);
    return receive_from_and_leave(s, false, buf, n, flags, from);
}

ptrdiff_t ps_recvfrom(ps_sock *s, void *buf, size_t n, int flags, ps_addr *from)
{
    return UNLIKELY(!s || !ps__enter_quickly(s))
               ? receive_from_as_any(s, buf, n, flags, from)
               : receive_from_and_leave(s, true, buf, n, flags, from);
}

/* ---- sending --------------------------------------------------------------------------------- */

static ptrdiff_t send_once(const transfer *t)
{
    const unsigned char *data = (const unsigned char *)t->data + t->done;
    ps_handle h = t->call.sock->handle;

    return t->to ? ps__sys_sendto(h, data, left_to_do(t), t->flags, t->to)
                 : ps__sys_send(h, data, left_to_do(t), t->flags);
}

static ptrdiff_t send_step(ps__call *call)
{
    transfer *t = (transfer *)call;
    ptrdiff_t count = send_once(t);

    if (count < 0)
        return t->to ? ps__judge_sendto(call->sock, t->to, count)
                     : ps__judge_send(call->sock, count);
    ps__note_transfer(call->sock);
    return count;
}

static ptrdiff_t send_all_step(ps__call *call)
{
    transfer *t = (transfer *)call;
    ptrdiff_t count = send_once(t);

    if (count < 0)
        return ps__judge_send(call->sock, count);
    ps__note_transfer(call->sock);
    t->done += (size_t)count;
    return t->done == t->size ? 0 : PS__AGAIN;
}

static inline ptrdiff_t leave_send(ps_sock *s, const ps_addr *to, ptrdiff_t result)
{
    return ps__leave_transfer_with(s, PS_OPERATION_SEND, to, result);
}

static void begin_send(transfer *t, ps_sock *s, int sock_flags)
{
    ps__call_begin_transfer(&t->call, s, send_step, PS__WRITABLE, sock_flags, t->flags);
    /* No wait reports when another AF_UNIX socket has space. */
    if (t->to && !ps__is_inet(s))
        t->call.pause = PS__PAUSE_NANOSECONDS;
}

static ptrdiff_t finish_and_leave(ps_sock *s, transfer *t, ptrdiff_t code)
{
    code = t->to ? ps__judge_sendto(s, t->to, code) : ps__judge_send(s, code);
    return leave_send(s, t->to, ps__call_finish(&t->call, code));
}

/* The first try of a call that began without a token or a deadline has failed with `code`. */
static NOINLINE ptrdiff_t send_on_and_leave(ps_sock *s, const void *buf, size_t n, int flags,
                                            const ps_addr *to, ptrdiff_t code)
{
    transfer t;

    if (code == PS_EWOULDBLOCK && ps__timeout(s) == 0)
        return leave_send(s, to, ps__judge_shortage_of_send(s, code));
    t = (transfer){.data = buf, .size = n, .flags = flags, .to = to};
    begin_send(&t, s, 0);
    return finish_and_leave(s, &t, code);
}

/* Checks the arguments of a call that sends, and what ends it before it begins. */
static int check_send(const ps_sock *s, const void *buf, size_t n)
{
    if (n > PTRDIFF_MAX)
        return PS_BAD_LENGTH;
    if (!buf && n > 0)
        return PS_EFAULT;
    return ps__refused(s, PS__WRITABLE);
}

/* What may be NULL where there is nothing to send, and how much one transfer takes. */
static const void *data_of(const void *buf, size_t *n)
{
    if (*n > PS__TRANSFER_MAX)
        *n = PS__TRANSFER_MAX;
    return buf ? buf : "";
}

/* A token, a deadline, or an attempt to connect that may be in progress. */
static inline bool is_guarded_or_connecting(const ps_sock *s)
{
    return (ps__flags(s) & (PS__IS_GUARDED | PS__IN_PROGRESS)) != 0;
}

static ptrdiff_t leave_with_transfer(ps_sock *s, ptrdiff_t count)
{
    ps__note_transfer(s);
    return leave_with_count(s, false, count);
}

static NOINLINE ptrdiff_t send_unusual_and_leave(ps_sock *s, const void *buf, size_t n, int flags)
{
    transfer t = {.flags = flags};
    int code = check_send(s, buf, n);
    ptrdiff_t count;

    if (code != 0)
        return leave_send(s, NULL, code);
    t.data = data_of(buf, &n);
    t.size = n;
    /* Before the first try, so that the limits are those that the socket has now. */
    begin_send(&t, s, ps__flags(s));
    count = ps__sys_send(s->handle, t.data, n, flags);
    return count < 0 ? finish_and_leave(s, &t, count) : leave_with_transfer(s, count);
}

static inline ptrdiff_t send_and_leave(ps_sock *s, bool quickly, const void *buf, size_t n,
                                       int flags)
{
    ptrdiff_t count;

    if (UNLIKELY(!buf || n > PS__TRANSFER_MAX || is_guarded_or_connecting(s)))
        return send_unusual_and_leave(s, buf, n, flags);
    count = ps__sys_send(s->handle, buf, n, flags);
    return UNLIKELY(count < 0) ? send_on_and_leave(s, buf, n, flags, NULL, count)
                               : leave_with_count(s, quickly, count);
}

static NOINLINE ptrdiff_t send_as_any(ps_sock *s, const void *buf, size_t n, int flags)
{
    return ps__enter_transfer(s) ? send_and_leave(s, false, buf, n, flags) : PS_EBADF;
}

ptrdiff_t ps_send(ps_sock *s, const void *buf, size_t n, int flags)
{
    if (UNLIKELY(!s))
        return PS_EFAULT;
    return UNLIKELY(!ps__enter_quickly(s)) ? send_as_any(s, buf, n, flags)
                                           : send_and_leave(s, true, buf, n, flags);
}

static void begin_send_all(transfer *t, ps_sock *s, int sock_flags)
{
    ps__call_begin_transfer(&t->call, s, send_all_step, PS__WRITABLE, sock_flags, t->flags);
}

static int finish_all_and_leave(ps_sock *s, transfer *t, size_t *sent, ptrdiff_t count)
{
    ptrdiff_t code;

    if (count > 0) {
        ps__note_transfer(s);
        t->done = (size_t)count;
    }
    code = ps__call_finish(&t->call, count < 0 ? ps__judge_send(s, count) : PS__AGAIN);
    if (sent)
        *sent = t->done;
    return (int)leave_send(s, NULL, code);
}

/* The first try of a call that began without a token or a deadline has not sent all. */
static NOINLINE int send_rest_and_leave(ps_sock *s, const void *buf, size_t n, int flags,
                                        size_t *sent, ptrdiff_t count)
{
    transfer t = {.data = buf, .size = n, .flags = flags};

    begin_send_all(&t, s, 0);
    return finish_all_and_leave(s, &t, sent, count);
}

/* A large buffer, none, or a flag of the socket. */
static NOINLINE int send_all_unusual_and_leave(ps_sock *s, const void *buf, size_t n, int flags,
                                               size_t *sent)
{
    transfer t = {.size = n, .flags = flags};
    int code = check_send(s, buf, n);
    size_t first = n;
    ptrdiff_t count;

    if (code != 0)
        return (int)leave_send(s, NULL, code);
    t.data = data_of(buf, &first);
    begin_send_all(&t, s, ps__flags(s));
    count = ps__sys_send(s->handle, t.data, first, flags);
    if (count != (ptrdiff_t)n)
        return finish_all_and_leave(s, &t, sent, count);
    if (sent)
        *sent = n;
    return (int)leave_with_transfer(s, 0);
}

int ps_sendall(ps_sock *s, const void *buf, size_t n, int flags, size_t *sent)
{
    ptrdiff_t count;
    bool quickly;

    if (sent)
        *sent = 0;
    if (UNLIKELY(!s))
        return PS_EFAULT;
    quickly = ps__enter_quickly(s);
    if (UNLIKELY(!quickly && !ps__enter_transfer(s)))
        return PS_EBADF;
    if (UNLIKELY(!buf || n > PS__TRANSFER_MAX || is_guarded_or_connecting(s)))
        return send_all_unusual_and_leave(s, buf, n, flags, sent);
    count = ps__sys_send(s->handle, buf, n, flags);
    if (UNLIKELY(count != (ptrdiff_t)n))
        return send_rest_and_leave(s, buf, n, flags, sent, count);
    if (sent)
        *sent = n;
    return (int)leave_with_count(s, quickly, 0);
}

static int check_sendto(const ps_sock *s, const void *buf, size_t n, const ps_addr *to)
{
    int code = check_send(s, buf, n);

    if (code == 0 && s->handle == PS_INVALID_HANDLE)
        code = PS_EBADF;
    if (code == 0)
        code = to ? ps__check_address(s, to) : PS_EDESTADDRREQ;
    return code;
}

static NOINLINE ptrdiff_t sendto_unusual_and_leave(ps_sock *s, const void *buf, size_t n, int flags,
                                                   const ps_addr *to)
{
    transfer t = {.flags = flags, .to = to};
    ptrdiff_t code = check_sendto(s, buf, n, to);

    if (code != 0)
        return leave_send(s, to, code);
    t.data = data_of(buf, &n);
    t.size = n;
    begin_send(&t, s, ps__flags(s));
    code = ps__sys_sendto(s->handle, t.data, n, flags, to);
    if (code >= 0)
        return leave_with_transfer(s, code);
    return finish_and_leave(s, &t, code);
}

static inline ptrdiff_t send_to_and_leave(ps_sock *s, bool quickly, const void *buf, size_t n,
                                          int flags, const ps_addr *to)
{
    ptrdiff_t count;

    if (UNLIKELY(!buf || !to || n > PS__TRANSFER_MAX || to->len == 0 ||
                 to->sa.sa_family != s->family || is_guarded_or_connecting(s)))
        return sendto_unusual_and_leave(s, buf, n, flags, to);
    count = ps__sys_sendto(s->handle, buf, n, flags, to);
    return UNLIKELY(count < 0) ? send_on_and_leave(s, buf, n, flags, to, count)
                               : leave_with_count(s, quickly, count);
}

static NOINLINE ptrdiff_t send_to_as_any(ps_sock *s, const void *buf, size_t n, int flags,
                                         const ps_addr *to)
{
    return ps__enter_transfer(s) ? send_to_and_leave(s, false, buf, n, flags, to) : PS_EBADF;
}

ptrdiff_t ps_sendto(ps_sock *s, const void *buf, size_t n, int flags, const ps_addr *to)
{
    if (UNLIKELY(!s))
        return PS_EFAULT;
    return UNLIKELY(!ps__enter_quickly(s)) ? send_to_as_any(s, buf, n, flags, to)
                                           : send_to_and_leave(s, true, buf, n, flags, to);
}

/* ---- inside another call --------------------------------------------------------------------- */

/* A call whose limit is another's, too. */
static ps__call call_within(ps_sock *s, ptrdiff_t (*step)(ps__call *call), int events,
                            const ps__limit *limit)
{
    return (ps__call){.sock = s,
                      .step = step,
                      .events = events,
                      .connecting = (ps__flags(s) & PS__IN_PROGRESS) != 0,
                      .limit = *limit};
}

ptrdiff_t ps__receive_within(ps_sock *s, void *buf, size_t n, ps__limit *limit)
{
    transfer t = {
        .into = buf, .size = n, .call = call_within(s, receive_step, PS__READABLE, limit)};
    int refused = ps__refused(s, PS__READABLE);
    ptrdiff_t result;

    if (refused != 0 || ps__flags(s) & PS__SHUT_RECEIVE)
        return refused;
    result = ps__receive_to_the_end(&t.call);
    *limit = t.call.limit;
    return result;
}

int ps__send_all_within(ps_sock *s, const void *buf, size_t n, size_t *sent, ps__limit *limit)
{
    transfer t = {
        .data = buf, .size = n, .call = call_within(s, send_all_step, PS__WRITABLE, limit)};
    ptrdiff_t code = ps__refused(s, PS__WRITABLE);

    if (code == 0) {
        code = ps__call_finish(&t.call, send_all_step(&t.call));
        *limit = t.call.limit;
    }
    *sent = t.done;
    return (int)code;
}
