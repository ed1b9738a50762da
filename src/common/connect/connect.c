#include "config.h"

#include "common/connect/connect.h"

#include "common/compiler.h"
#include "common/connect/judge.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/normalize.h"
#include "common/socket/port_sharing.h"
#include "common/socket/socket.h"
#include "family/family.h"
#include "family/loopback.h"

#include <string.h>

typedef struct connect_call {
    ps__call call;
    const ps_addr *address;
    bool interrupted;
    bool waiting; /* the attempt is in progress; the next step fetches its result */
} connect_call;

static ptrdiff_t established(ps_sock *s)
{
    ps__set_connection(s, PS__ESTABLISHED);
    return 0;
}

static ptrdiff_t in_progress(connect_call *c)
{
    ps_sock *s = c->call.sock;

    ps__set_connection(s, PS__CONNECTING);
    if (UNLIKELY(ps__attached(s))) /* its streams wait for the attempt, too */
        (void)ps__attached_update(s);
    c->call.events = PS__CONNECTED;
    c->call.pause = 0;
    c->waiting = true;
    return PS_EWOULDBLOCK;
}

static ptrdiff_t connect_answer(connect_call *c, int code);

static ptrdiff_t connect_step(ps__call *call)
{
    connect_call *c = (connect_call *)call;

    if (c->waiting)
        return ps__judge_attempt(call->sock, call->ready, 0);
    return connect_answer(c, ps__sys_connect(call->sock->handle, c->address));
}

/* The system has neither begun an attempt nor made a connection. */
static NOINLINE ptrdiff_t connect_refusal(connect_call *c, int code)
{
    ps_sock *s = c->call.sock;

    code = ps__judge_silent_peer(s, (int)ps__judge_shortage(s, code));
    switch (code) {
    case PS_EISCONN:
        return c->interrupted ? established(s) : code;
    case PS_EINTR:
        c->interrupted = true;
        return code;
    case PS_EWOULDBLOCK: /* AF_UNIX, a full backlog: no wait reports space in it */
        c->call.pause = PS__PAUSE_NANOSECONDS;
        return code;
    case PS_EADDRNOTAVAIL:
        /* No socket can listen at port 0; Windows says that it is no address. */
        return ps__is_inet(s) && ps_addr_port(c->address) == 0 ? PS_ECONNREFUSED : code;
    default:
        return code;
    }
}

/* What the system's answer to a start means. */
static ptrdiff_t connect_answer(connect_call *c, int code)
{
    if (code == PS_EINPROGRESS || code == PS_EALREADY)
        return in_progress(c);
    return code == 0 ? established(c->call.sock) : connect_refusal(c, code);
}

/* An attempt that an earlier call left in progress: has it ended by now? */
static ptrdiff_t resume(connect_call *c)
{
    int ready = ps__look(c->call.sock->handle, PS__CONNECTED);

    in_progress(c);
    if (ready <= 0)
        return ready == 0 ? PS_EWOULDBLOCK : ready;
    return ps__judge_attempt(c->call.sock, ready, 0);
}

/* A datagram socket is disconnected by connecting it to AF_UNSPEC. */
static bool is_disconnect(const ps_sock *s, const ps_addr *a)
{
    return s->type == SOCK_DGRAM && a && a->len > 0 && a->sa.sa_family == AF_UNSPEC;
}

/* Linux also drops a port that the system had chosen: bind to it again, if the system allows that
 * (Wine does not). */
static void keep_name(ps_sock *s, const ps_addr *before)
{
    ps_addr after;

    if (ps__sys_getsockname(s->handle, &after) == 0 && ps_addr_port(&after) != ps_addr_port(before))
        (void)ps__sys_bind(s->handle, before);
}

static int disconnect(ps_sock *s)
{
    ps_addr name, unspecified, peer;
    bool named = ps__is_inet(s) && ps__sys_getsockname(s->handle, &name) == 0;
    int code;

    ps__addr_wildcard(&unspecified, ps__is_inet(s) ? s->family : AF_INET);
    unspecified.sa.sa_family = AF_UNSPEC;
    if (!ps__port_has(s, PS__PORT_REFUSALS))
        ps__sys_report_refusals(s->handle, false);
    code = ps__sys_connect(s->handle, &unspecified);
    /* BSD and macOS refuse the family, but have disconnected. */
    if ((code == PS_EAFNOSUPPORT || code == PS_EINVAL) &&
        ps__sys_getpeername(s->handle, &peer) == PS_ENOTCONN)
        code = 0;
    if (code == 0 && named)
        keep_name(s, &name);
    if (code == 0)
        ps__set_connection(s, PS__UNCONNECTED);
    return code;
}

/* The first try has returned `code`, or an attempt is resumed that an earlier call left in
 * progress. `limit` is one instead of the socket's, or NULL. */
static int continue_connect(ps_sock *s, const ps_addr *a, int sock_flags, const ps__limit *limit,
                            int code, bool resumed)
{
    connect_call c;
    ptrdiff_t result;

    ps__call_begin(&c.call, s, connect_step, PS__CONNECTED, sock_flags);
    if (limit)
        c.call.limit = *limit;
    c.address = a;
    c.interrupted = c.waiting = false;
    result = ps__call_finish(&c.call, resumed ? resume(&c) : connect_answer(&c, code));
    if (result == 0 || ps__connection(s) != PS__CONNECTING)
        return (int)result;
    ps__set_flags(s, PS__IN_PROGRESS);
    if (result == PS_EWOULDBLOCK)
        return resumed ? PS_EALREADY : PS_EINPROGRESS;
    return (int)result;
}

/* After an attempt has failed and SO_ERROR has reported that, Linux's next connect only returns
 * ECONNABORTED. */
static int start_anew(ps_sock *s, const ps_addr *a)
{
    bool failed_before = ps__judge_begin(s);
    int code = ps__sys_connect(s->handle, a);

    return code == PS_ECONNABORTED && failed_before ? ps__sys_connect(s->handle, a) : code;
}

static int start_attempt(ps_sock *s, const ps_addr *a)
{
    int sock_flags = ps__flags(s);
    bool resumed = ps__connection(s) == PS__CONNECTING;
    int code = resumed ? PS_EALREADY : start_anew(s, a);

    return code != 0 ? continue_connect(s, a, sock_flags, NULL, code, resumed)
                     : (int)established(s);
}

/* Calls that begin while this one blocks in the system learn by the flag that the attempt's result
 * may be reported to them (judge.c). */
static NOINLINE int start_blocking(ps_sock *s, const ps_addr *a)
{
    int code;

    ps__set_flags(s, PS__IN_PROGRESS);
    (void)ps__attached_update(s);
    code = start_attempt(s, a);
    if (ps__connection(s) != PS__CONNECTING)
        ps__clear_flags(s, PS__IN_PROGRESS);
    return code;
}

static int start(ps_sock *s, const ps_addr *a)
{
    return ps__nonblocking(s) || !ps__is_connection_type(s) ? start_attempt(s, a)
                                                            : start_blocking(s, a);
}

/* In blocking mode a connect blocks in the system where ps_close can end it, or where it soon ends
 * by itself, and nowhere else; the handle's mode does not matter to other calls meanwhile, since
 * none can be waiting for the connection yet. */
static int start_in_its_mode(ps_sock *s, const ps_addr *a)
{
    bool blocks;
    int code;

    if (ps__timeout(s) != PS_NO_TIMEOUT || ps__flags(s) & (PS__IS_GUARDED | PS__HAS_SO_TIMEOUT) ||
        ps__connection(s) == PS__STATE_UNKNOWN)
        return start(s, a);
    blocks = ps__sys_wake_reach(s->family, s->type) & PS__WAKES_CONNECT;
    if (blocks != ps__nonblocking(s))
        return start(s, a);
    code = ps__sys_set_nonblocking(s->handle, !blocks);
    if (code != 0)
        return code;
    ps__set_nonblocking(s, !blocks);
    code = start(s, a);
    (void)ps__sock_set_mode(s);
    return code;
}

/* Only a connected socket may learn that its peer's port is closed; one without a peer would fail
 * for the closed ports of other destinations. */
static void report_refusals(const ps_sock *s)
{
    if (s->type == SOCK_DGRAM && ps__is_inet(s))
        ps__sys_report_refusals(s->handle, true);
}

static bool is_connected_or_failed(const ps_sock *s)
{
    int connection = ps__connection(s);

    return connection >= PS__ESTABLISHED && ps__is_connection_type(s) &&
           (connection == PS__ESTABLISHED || ps__connection_failure(s) != 0);
}

/* A connect has failed, or has not begun. */
static int connect_failed(ps_sock *s, int code)
{
    ps__judge_reported(s);
    return code;
}

static int connect_to(ps_sock *s, const ps_addr *a)
{
    int code;

    if (is_disconnect(s, a))
        return disconnect(s);
    code = ps__check_address(s, a);
    if (code == 0)
        code = ps__refused(s, PS__WRITABLE);
    if (code != 0)
        return code;
    if (is_connected_or_failed(s))
        return PS_EISCONN;
    code = start_in_its_mode(s, a);
    if (code != 0)
        return connect_failed(s, code);
    report_refusals(s);
    return 0;
}

static ptrdiff_t record(ps_sock *s, const ps_addr *a, int code)
{
    if (ps__attached_update(s) && code == 0)
        ps__record_peer(s, a);
    return code;
}

static NOINLINE ptrdiff_t connect_and_record(ps_sock *s, const ps_addr *a)
{
    return record(s, a, connect_to(s, a));
}

/* ---- the first attempt of a stream with a timeout -------------------------------------------- */

/* The same as above, in fewer steps. */

/* Above 0, and not PS_NO_TIMEOUT: between the two the bits are in the order of the numbers. */
static ALWAYS_INLINE bool is_a_time(double timeout)
{
    static const double none = PS_NO_TIMEOUT;
    uint64_t bits, bits_of_none;

    memcpy(&bits, &timeout, sizeof bits);
    memcpy(&bits_of_none, &none, sizeof bits_of_none);
    return bits - 1 < bits_of_none - 1;
}

static ALWAYS_INLINE bool is_new_stream(const ps_sock *s)
{
    return (ps__connection(s) | ps__flags(s) | ps__judge_knows(s)) == 0 && ps__is_stream(s) &&
           ps__nonblocking(s) && is_a_time(ps__timeout(s)) && !ps__attached(s);
}

static NOINLINE ptrdiff_t go_on_connecting(ps_sock *s, const ps_addr *a, int code)
{
    code = continue_connect(s, a, 0, NULL, code, false);
    return record(s, a, code != 0 ? connect_failed(s, code) : 0);
}

/* An attempt on this machine has mostly succeeded before it is waited for: then neither the clock
 * is needed nor a limit. */
static ALWAYS_INLINE ptrdiff_t connect_new_stream(ps_sock *s, const ps_addr *a)
{
    int code;

    if (UNLIKELY(!is_new_stream(s)) || UNLIKELY(ps__check_address(s, a) != 0))
        return connect_and_record(s, a);
    code = ps__sys_connect(s->handle, a);
    if (code == PS_EINPROGRESS && ps__is_on_loopback(a) &&
        LIKELY(ps__sys_is_connected_at_once(s->handle)))
        code = 0;
    if (UNLIKELY(code != 0))
        return go_on_connecting(s, a, code);
    ps__set_connection(s, PS__ESTABLISHED);
    return record(s, a, 0);
}

int ps_connect(ps_sock *s, const ps_addr *a)
{
    ptrdiff_t result = PS_EBADF;

    if (!s)
        return PS_EFAULT;
    if (!ps__enter(s))
        return PS_EBADF;
    if (s->handle != PS_INVALID_HANDLE)
        result = connect_new_stream(s, a);
    return (int)ps__leave_with(s, PS_OPERATION_CONNECT, a, result);
}

static NOINLINE int finish_new(ps_sock *s, const ps_addr *a, ps_cancel *token, int code)
{
    ps__limit limit = ps__limit_after(ps__timeout(s), token);

    (void)ps__enter(s); /* a call like any other, for judge.c */
    code = code != 0 ? continue_connect(s, a, 0, &limit, code, false) : (int)established(s);
    (void)ps__leave(s);
    return code == 0 && ps__is_connected_to_itself(s, a) ? PS_ECONNREFUSED : code;
}

/* Of most attempts on this machine the system says at once that they have reached another socket
 * than their own. */
int ps__connect_new(ps_sock *s, const ps_addr *a, ps_cancel *token)
{
    int code = ps__sys_connect(s->handle, a);

    if (LIKELY(code == 0 || code == PS_EINPROGRESS) && ps__is_on_loopback(a) &&
        ps__sys_has_reached_another(s->handle))
        return (int)established(s);
    return finish_new(s, a, token, code);
}

int ps_connect_ex(ps_sock *s, const ps_addr *a)
{
    int code = ps_connect(s, a);
    int native;

    if (code == 0)
        return 0;
    if (code == PS_TIMED_OUT)
        code = PS_EWOULDBLOCK;
    native = code == PS_EINPROGRESS ? ps__to_native_connect(code) : ps_error_native(code);
    return native > 0 ? native : code;
}
