#include "gate.h"
#include "socket.h"
#include "wait.h"

/*
 * The end of a socket, also while calls of other threads are in flight: no call begins any more, those in flight are ended, and
 * the handle is given back only when the last has left, so that none of them works on whatever gets its number next.
 */

bool ps__enter_refused(ps_sock *s)
{
    (void)__atomic_sub_fetch(&s->calls, 1, __ATOMIC_RELEASE);
    return false;
}

/* From here on no call begins. `own_calls` of those in flight, the caller's, leave. False when another thread closes the socket at
 * this moment. */
static inline bool begin_closing(ps_sock *s, int own_calls)
{
    int calls = __atomic_load_n(&s->calls, __ATOMIC_RELAXED);

    do {
        if (calls < 0)
            return false;
    } while (!__atomic_compare_exchange_n(&s->calls, &calls, calls - own_calls - PS__CLOSING, true, __ATOMIC_ACQ_REL,
                                          __ATOMIC_RELAXED));
    return true;
}

static bool is_alone(const ps_sock *s)
{
    return __atomic_load_n(&s->calls, __ATOMIC_ACQUIRE) == -PS__CLOSING;
}

/* Most calls are about to end by themselves: those are not disturbed, nor is the connection that duplicates share. */
static void end_calls(ps_sock *s)
{
    /* A call may have begun to block before the mode changed. */
    bool wakes = !ps__nonblocking(s) || ps__sys_wake_reach(s->family, s->type) & (PS__WAKES_CALLS | PS__WAKES_WAITS);
    int64_t pause = 0;

    while (!is_alone(s)) {
        ps__sleep_longer(&pause);
        if (is_alone(s))
            return;
        if (wakes)
            ps__sys_wake(s->handle);
    }
}

/* What may be read without a call is written whole. */
static void clear_all_but_calls(ps_sock *s)
{
    __atomic_store_n(&s->handle, PS_INVALID_HANDLE, __ATOMIC_RELAXED);
    s->family = s->type = s->proto = 0;
    __atomic_store_n(&s->attached, NULL, __ATOMIC_RELAXED);
    s->failed = 0;
    s->port = 0;
    s->ending = 0;
    s->error_told = 0;
    ps__set_connection(s, 0);
    ps__set_timeout(s, PS_NO_TIMEOUT);
    __atomic_store_n(&s->marks, 0, __ATOMIC_RELAXED);
    ps__set_nonblocking(s, false);
}

/* The socket lets go of its handle: it is closed, unless streams still need it. */
static void let_go(struct ps__attached *attached, ps_handle h)
{
    if (attached) {
        atomic_store(&attached->failure, NULL);
        ps__attached_drop(attached);
    } else if (h != PS_INVALID_HANDLE) {
        ps__sys_close(h);
    }
}

static inline void finish_closing(ps_sock *s)
{
    struct ps__attached *attached;
    ps_handle h;

    if (!is_alone(s))
        end_calls(s);
    attached = ps__attached(s);
    h = s->handle;
    clear_all_but_calls(s);
    /* From now on it is a closed socket like any other, also for a call that is being refused and has not left yet. */
    (void)__atomic_add_fetch(&s->calls, PS__CLOSING, __ATOMIC_RELEASE);
    let_go(attached, h);
}

int ps_close(ps_sock *s)
{
    if (!s)
        return PS_EFAULT;
    if (begin_closing(s, 0))
        finish_closing(s);
    return 0;
}

bool ps__leave_and_close(ps_sock *s)
{
    if (!begin_closing(s, 1)) {
        (void)ps__leave(s);
        return false;
    }
    finish_closing(s);
    return true;
}

ps_handle ps_detach(ps_sock *s)
{
    struct ps__attached *attached;
    ps_handle h;

    if (!s)
        return PS_INVALID_HANDLE;
    attached = ps__attached(s);
    h = s->handle;
    /* The mode that the program expects of its timeout. */
    if (h != PS_INVALID_HANDLE && ps__nonblocking(s) && ps__timeout(s) == PS_NO_TIMEOUT)
        (void)ps__sys_set_nonblocking(h, false);
    ps__sock_clear(s);
    if (attached) {
        atomic_store(&attached->owned, false);
        /* Streams may go on for longer than the program keeps a token, with a handle in the mode of the timeout. */
        atomic_store(&attached->cancel, NULL);
        atomic_store(&attached->deadlines[PS__FOR_RECEIVING], PS__FOREVER);
        atomic_store(&attached->deadlines[PS__FOR_SENDING], PS__FOREVER);
        ps__attached_drop(attached);
    }
    return h;
}

ps_handle ps_fileno(const ps_sock *s)
{
    return s ? __atomic_load_n(&s->handle, __ATOMIC_RELAXED) : PS_INVALID_HANDLE;
}
