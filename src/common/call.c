#include "call.h"

#include "cancel.h"
#include "socket.h"

enum { SLICE_NANOSECONDS = 50000000 };

static int wait_until_ready(ps__call *call);
static int check_before_more(ps__call *call);

ps__call ps__call_make(ps_sock *s, ptrdiff_t (*step)(ps__call *call), int events)
{
    ps__call call = {.sock = s, .step = step, .events = events, .timeout = ps__timeout(s), .cancel = ps__token(s)};
    return call;
}

ps__call ps__call_make_transfer(ps_sock *s, ptrdiff_t (*step)(ps__call *call), int events, int flags)
{
    ps__call call = ps__call_make(s, step, events);

    if (flags & PS__WITHOUT_WAIT)
        call.timeout = 0;
    return call;
}

ptrdiff_t ps__call_finish(ps__call *call, ptrdiff_t result)
{
    for (;;) {
        int stop = 0;

        if (result == PS_EWOULDBLOCK)
            stop = wait_until_ready(call);
        else if (result == PS__AGAIN)
            stop = check_before_more(call);
        else if (result == PS_EINTR)
            stop = ps__interrupted();
        else
            return result;
        if (stop != 0)
            return stop;
        result = call->step(call);
    }
}

/* The first to ask starts the clock, and has the whole timeout. */
static int64_t time_left(ps__call *call)
{
    if (call->started)
        return ps__deadline_left(&call->deadline);
    call->deadline = ps__deadline_after(call->timeout);
    call->started = true;
    return ps__timeout_nanoseconds(call->timeout);
}

/* What ends a call whatever its step says. */
static int check_end(const ps__call *call)
{
    if (ps__closing(call->sock))
        return PS_EBADF;
    return ps_cancel_fired(call->cancel) ? PS_ECANCELED : 0;
}

static int check_before_more(ps__call *call)
{
    int code = check_end(call);

    if (code != 0)
        return code;
    if (call->timeout == 0)
        return 0;
    if (time_left(call) == 0)
        return call->own_limit ? PS_EWOULDBLOCK : PS_TIMED_OUT;
    /* A transfer that a signal cuts short says how much it did, not that there was a signal. */
    return ps__interrupted();
}

/* A blocking handle says "would block" only when somebody else made it non-blocking, or when the program set the system's
 * own SO_RCVTIMEO or SO_SNDTIMEO: then that time is over, and the program wants to know. A handle that is non-blocking for
 * the sake of a token leaves that time to us. */
static bool system_timed_out(ps__call *call)
{
    int64_t own;

    if (call->timeout != PS_NO_TIMEOUT || call->own_limit || (call->pause > 0 && !ps__nonblocking(call->sock)))
        return false;
    own = ps__sys_own_timeout(call->sock->handle, call->events);
    if (own == PS__FOREVER)
        return false;
    if (!ps__nonblocking(call->sock))
        return true;
    call->deadline = ps__deadline_after((double)own * 1e-9);
    call->started = call->own_limit = true;
    return false;
}

/* A transfer on a connection under way waits for that first; only PS__CONNECTED tells of its failure everywhere. */
static int awaited(const ps__call *call)
{
    return ps__connection(call->sock) == PS__CONNECTING ? call->events | PS__CONNECTED : call->events;
}

/* The system says when an AF_UNIX datagram socket has room, not when another one, which a datagram is for, has. */
static bool says_ready_in_vain(const ps__call *call)
{
    return call->ready == PS__WRITABLE && call->sock->family == AF_UNIX && call->sock->type == SOCK_DGRAM;
}

/* How long to wait at a time so that ps_close in another thread is seen. */
static int64_t one_wait(const ps__call *call, int64_t left)
{
    const ps_sock *s = call->sock;

    if (call->pause > 0 && call->pause < left)
        return call->pause;
    if (left > SLICE_NANOSECONDS && !(ps__sys_wake_reach(s->family, s->type) & PS__WAKES_WAITS))
        return SLICE_NANOSECONDS;
    return left;
}

static int wait_until_ready(ps__call *call)
{
    if (call->timeout == 0 || system_timed_out(call))
        return PS_EWOULDBLOCK;
    if (says_ready_in_vain(call))
        call->pause = PS__PAUSE_NANOSECONDS;
    for (;;) {
        int code = check_end(call);
        ps_handle handle = call->pause > 0 ? PS_INVALID_HANDLE : call->sock->handle;
        int64_t left = time_left(call);
        int ready;

        if (code != 0)
            return code;
        if (left == 0)
            return call->own_limit ? PS_EWOULDBLOCK : PS_TIMED_OUT;
        ready = ps__sys_wait(handle, awaited(call), ps__cancel_handle(call->cancel), one_wait(call, left));
        if (ready == PS_EINTR)
            ready = ps__interrupted();
        if (ready < 0)
            return ready;
        if (ready & PS__WOKEN) {
            ps__cancel_seen(call->cancel);
            return PS_ECANCELED;
        }
        call->ready = ready;
        if (ready > 0 || call->pause > 0)
            return 0;
    }
}
