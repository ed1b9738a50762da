#include "config.h"

#include "common/socket/shutdown.h"

#include "common/connect/judge.h"
#include "common/poller/pollers.h"
#include "common/socket/gate.h"
#include "common/wait/wait.h"

/* ---- receives that SHUT_RD ends -------------------------------------------------------------- */

bool ps__receives_are_ended(const ps_sock *s)
{
    const struct ps__attached *a = ps__attached(s);
    int flags = __atomic_load_n(&s->flags, __ATOMIC_SEQ_CST) | (a ? atomic_load(&a->flags) : 0);

    return (flags & PS__SHUT_RECEIVE) != 0;
}

/* A stream's calls are on a ps_sock of its own, and counted in the block. */
void ps__count_receiving(const ps_sock *s, int change)
{
    struct ps__attached *a = ps__attached(s);

    if (ps__has_own_calls(s))
        (void)__atomic_add_fetch(&((ps_sock *)(uintptr_t)s)->receiving, (unsigned short)change,
                                 __ATOMIC_SEQ_CST);
    else if (a)
        (void)atomic_fetch_add(&a->receiving, change);
}

static bool is_receiving(const ps_sock *s)
{
    const struct ps__attached *a = ps__attached(s);

    return __atomic_load_n(&s->receiving, __ATOMIC_SEQ_CST) != 0 ||
           (a && atomic_load(&a->receiving) != 0);
}

/* ---- shutdown -------------------------------------------------------------------------------- */

/* Whether calling the system's shutdown without a connection would do harm. Linux returns ENOTCONN,
 * but remembers the shutdown: a later connection cannot send, and poll reports a datagram socket as
 * readable when nothing has come. Or it ends an attempt that is in progress. Wine returns 0 for a
 * connection that was reset. */
static bool is_in_doubt(const ps_sock *s)
{
    int connection = ps__connection(s);

    if (!ps__is_stream(s))
        return s->type == SOCK_DGRAM && ps__is_inet(s);
    return connection == PS__UNCONNECTED || connection == PS__CONNECTING ||
           !ps__sys_end_is_certain();
}

static bool is_unconnected(const ps_sock *s)
{
    ps_addr peer;

    return is_in_doubt(s) && ps__sys_getpeername(s->handle, &peer) == PS_ENOTCONN;
}

static int shut_in_system(ps_sock *s, int how)
{
    int before = ps__flags(s);
    int code;

    /* Before: a receive that this wakes must not take it for the peer's end. */
    if (how != SHUT_WR)
        ps__set_flags(s, PS__SHUT_RECEIVE);
    code = ps__sys_shutdown(s->handle, how);
    if (code != 0 && !(before & PS__SHUT_RECEIVE))
        ps__clear_flags(s, PS__SHUT_RECEIVE);
    return code;
}

static int shut_receiving_by_flag(ps_sock *s, int how)
{
    ps_addr peer;
    int code = how == SHUT_RDWR ? ps__sys_shutdown(s->handle, SHUT_WR) : ps__peer_of(s, &peer);

    if (code == 0)
        ps__set_flags(s, PS__SHUT_RECEIVE);
    return code;
}

/* Whether a receive may block in the system, as those of datagrams may. Such a receive is not
 * counted by itself, so any other call that is in flight may be one. */
static bool may_block_in_system(const ps_sock *s)
{
    return !ps__is_stream(s) && !ps__nonblocking(s) && ps__calls_in_flight(s) > 1;
}

/* Ends the receives in flight. Those that block in the system are ended again and again, since one
 * may be on its way into the system; but only for a moment, since ps__sys_wake interrupts sends,
 * too, which then begin again. Waits to receive are woken until none is counted, but not for longer
 * than 10 seconds: one whose thread was terminated, or left it by longjmp, stays counted. */
static void end_receives(ps_sock *s)
{
    enum { PATIENCE_SECONDS = 10, MOMENT_NANOSECONDS = 100000000 };
    ps__deadline deadline = ps__deadline_after(PATIENCE_SECONDS);
    ps__deadline moment = ps__deadline_after_nanoseconds(MOMENT_NANOSECONDS);
    int64_t pause = 0;

    ps__deadline_start(&deadline);
    ps__deadline_start(&moment);
    for (;;) {
        bool blocks = may_block_in_system(s) && ps__deadline_left(&moment) > 0;

        if (!blocks && (!is_receiving(s) || ps__deadline_left(&deadline) == 0))
            break;
        if (blocks)
            ps__sys_wake(s->handle);
        else
            ps__sys_wake_waits(s->handle);
        ps__sleep_longer(&pause);
    }
}

int ps__shut_down(ps_sock *s, int how)
{
    bool by_flag = how != SHUT_WR && ps__sys_cannot_shut_receiving();
    int code;

    if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
        return PS_EINVAL;
    if (ps__connection_failure(s) != 0 || is_unconnected(s))
        return PS_ENOTCONN;
    code = by_flag && ps__is_stream(s) ? shut_receiving_by_flag(s, how) : shut_in_system(s, how);
    if (code == 0 && how != SHUT_RD)
        ps__add_ending(s, PS__SHUT_SEND);
    if (code == 0)
        ps__judge_ready(s, PS__CONNECTED);
    (void)ps__attached_update(s);
    if (code == 0 && by_flag)
        end_receives(s);
    if (code == 0 && by_flag && ps__is_in_poller(s))
        ps__pollers_look(s);
    return code;
}

static ptrdiff_t shut_down(ps_sock *s, void *how)
{
    return ps__shut_down(s, *(const int *)how);
}

int ps_shutdown(ps_sock *s, int how)
{
    return (int)ps__gate(s, PS_OPERATION_SHUTDOWN, NULL, shut_down, &how);
}
