#include "config.h"

#include "common/socket/call.h"

#include "common/compiler.h"
#include "common/connect/judge.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/wait/cancel.h"

/* ---- limits ---------------------------------------------------------------------------------- */

static int64_t deadline_of(const ps_sock *s, int events)
{
    int which = events & PS__READABLE ? PS__FOR_RECEIVING : PS__FOR_SENDING;

    return ps__flags(s) & PS__HAS_DEADLINE ? atomic_load(&ps__attached(s)->deadlines[which])
                                           : PS__FOREVER;
}

static NOINLINE void add_guard(const ps_sock *s, int events, ps__limit *limit)
{
    limit->token = ps__token(s);
    limit->deadline = ps__deadline_earlier(limit->deadline, deadline_of(s, events));
}

void ps__sock_limit(const ps_sock *s, int events, int sock_flags, ps__limit *limit)
{
    limit->deadline = ps__deadline_after(ps__timeout(s));
    limit->token = NULL;
    limit->own = false;
    limit->wakes = false;
    limit->waits = limit->deadline.span != 0;
    if (UNLIKELY(sock_flags & PS__IS_GUARDED))
        add_guard(s, events, limit);
}

int ps__refused_by_guard(const ps_sock *s, int events)
{
    ps__deadline deadline;

    if (ps__is_fired(ps__token(s)))
        return PS_ECANCELED;
    deadline = ps__deadline_at(deadline_of(s, events));
    return ps__deadline_left(&deadline) == 0 ? PS_TIMED_OUT : 0;
}

/* ---- the call -------------------------------------------------------------------------------- */

void ps__call_begin(ps__call *call, ps_sock *s, ptrdiff_t (*step)(ps__call *call), int events,
                    int sock_flags)
{
    call->sock = s;
    call->step = step;
    call->events = events;
    call->ready = 0;
    call->connecting = (sock_flags & PS__IN_PROGRESS) != 0;
    call->pause = 0;
    ps__sock_limit(s, events, sock_flags, &call->limit);
}

void ps__call_begin_transfer(ps__call *call, ps_sock *s, ptrdiff_t (*step)(ps__call *call),
                             int events, int sock_flags, int flags)
{
    ps__call_begin(call, s, step, events, sock_flags);
    if (flags & PS__WITHOUT_WAIT)
        call->limit.waits = false;
}

/* What ends a call whatever its step returned. */
static int check_call_end(const ps_sock *s, const ps__limit *limit)
{
    if (ps__closing(s))
        return PS_EBADF;
    return ps__is_fired(limit->token) ? PS_ECANCELED : 0;
}

static int time_over(const ps__limit *limit)
{
    return limit->own ? PS_EWOULDBLOCK : PS_TIMED_OUT;
}

/* A transfer that a signal cuts short returns how much it transferred, not that there was a
 * signal: the hook is called after each part. */
int ps__check_before_more(const ps_sock *s, ps__limit *limit)
{
    int end = check_call_end(s, limit);

    if (end != 0)
        return end;
    if (limit->waits && ps__deadline_left(&limit->deadline) == 0)
        return time_over(limit);
    return limit->waits ? ps__interrupted() : 0;
}

/* The program's SO_RCVTIMEO or SO_SNDTIMEO; PS__FOREVER when a deadline was made of it already. */
static int64_t so_timeout(const ps__call *call)
{
    int64_t own;

    if (call->limit.own)
        return PS__FOREVER;
    own = ps__sys_so_timeout(call->sock->handle, call->events);
    return own >= 0 ? own : PS__FOREVER;
}

/* SO_RCVTIMEO and SO_SNDTIMEO apply in blocking mode only. */
static bool may_have_so_timeout(const ps_sock *s)
{
    return ps__timeout(s) == PS_NO_TIMEOUT;
}

static void end_after(ps__limit *limit, int64_t own)
{
    if (own == PS__FOREVER || ps__deadline_left(&limit->deadline) <= own)
        return;
    limit->deadline = ps__deadline_after_nanoseconds(own);
    limit->own = true;
}

/* A signal has ended a try. On a handle that blocks the system would count its own time from the
 * beginning after each. */
static int check_after_signal(ps__call *call)
{
    int end = check_call_end(call->sock, &call->limit);

    if (may_have_so_timeout(call->sock) && !ps__nonblocking(call->sock))
        end_after(&call->limit, so_timeout(call));
    if (end == 0 && call->limit.waits && ps__deadline_left(&call->limit.deadline) == 0)
        end = time_over(&call->limit);
    return end != 0 ? end : ps__interrupted();
}

/* A blocking handle returns "would block" only when it was made non-blocking elsewhere (a
 * duplicate shares its mode), or when SO_RCVTIMEO or SO_SNDTIMEO was set on it without this
 * library: then that time is over. */
static bool system_timed_out(ps__call *call)
{
    bool should_block = !ps__nonblocking(call->sock);
    int64_t own = should_block && call->pause > 0 ? PS__FOREVER : so_timeout(call);

    if (should_block && own != PS__FOREVER && ps__sys_blocks(call->sock->handle))
        return true;
    end_after(&call->limit, own);
    return false;
}

/* A transfer first waits for an attempt to connect that is in progress; only PS__CONNECTED reports
 * its failure on every system. For a handle from elsewhere, which may be connected, PS__FAILED
 * asks for it on systems that do not report it unasked. */
static int awaited(ps__call *call)
{
    int connection = ps__connection(call->sock);

    if (connection == PS__CONNECTING) {
        call->connecting = true;
        return call->events | PS__CONNECTED;
    }
    return call->connecting && connection != PS__ESTABLISHED ? call->events | PS__FAILED
                                                             : call->events;
}

/* The system reports when an AF_UNIX datagram socket has space, not when the socket that a
 * datagram is for has; and it reports an error as long as the error queue is not drained. */
static bool says_ready_in_vain(const ps__call *call)
{
    return call->ready & PS__FAILED ||
           (call->ready == PS__WRITABLE && call->sock->family == AF_UNIX &&
            call->sock->type == SOCK_DGRAM);
}

/* Nothing can be waited for but the end: sleep, and try again. */
static int wait_for_a_moment(ps__call *call)
{
    ps__wait_entry entries[2] = {{.handle = PS_INVALID_HANDLE, .sock = call->sock}};
    int64_t left = ps__deadline_left(&call->limit.deadline);
    ps__limit moment = call->limit;

    if (left == 0)
        return time_over(&call->limit);
    moment.deadline = ps__deadline_after_nanoseconds(call->pause < left ? call->pause : left);
    return ps__wait(entries, 1, &moment);
}

static int wait_until_ready(ps__call *call)
{
    ps__wait_entry entries[2];
    int ready;

    if (!call->limit.waits || (may_have_so_timeout(call->sock) && system_timed_out(call)))
        return PS_EWOULDBLOCK;
    /* The last wait reported the socket ready, and the step transferred nothing. */
    if (call->ready != 0) {
        if (says_ready_in_vain(call))
            call->pause = PS__PAUSE_NANOSECONDS;
        if (ps__deadline_left(&call->limit.deadline) == 0)
            return time_over(&call->limit);
    }
    if (call->pause > 0)
        return wait_for_a_moment(call);
    entries[0] = (ps__wait_entry){
        .handle = call->sock->handle, .events = (short)awaited(call), .sock = call->sock};
    ready = ps__wait(entries, 1, &call->limit);
    if (ready <= 0)
        return ready == 0 ? time_over(&call->limit) : ready;
    call->ready = entries[0].ready;
    return ps__closing(call->sock) ? PS_EBADF : 0;
}

ptrdiff_t ps__call_finish(ps__call *call, ptrdiff_t result)
{
    for (;;) {
        int stop = 0;

        if (call->connecting && result < 0)
            result = ps__judge_waiter(call->sock, result);
        if (result == PS_EWOULDBLOCK)
            stop = wait_until_ready(call);
        else if (result == PS__AGAIN)
            stop = ps__check_before_more(call->sock, &call->limit);
        else if (result == PS_EINTR)
            stop = check_after_signal(call);
        else
            return result;
        if (stop != 0)
            return stop;
        result = call->step(call);
    }
}
