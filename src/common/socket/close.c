#include "config.h"

#include "common/compiler.h"
#include "common/fork.h"
#include "common/poller/pollers.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/wait/wait.h"

/*
 * The end of a socket, also while calls of other threads are in flight: no call begins any more,
 * those in flight are ended, and the handle is closed only when the last has left, so that none of
 * them uses a handle that gets the same number next.
 */

static inline unsigned char this_process(void)
{
    return (unsigned char)atomic_load_explicit(&ps__current_generation, memory_order_relaxed);
}

/* A thread that fork's child does not have may have been closing the socket: then one of this
 * process's goes on with it. Returns 0, or -1 when a thread of this process closes it. */
static int go_on_closing(ps_sock *s)
{
    unsigned char process = this_process();

    if (__atomic_exchange_n(&s->closer, process, __ATOMIC_ACQ_REL) == process)
        return -1;
    __atomic_store_n(&s->calls, -PS__CLOSING, __ATOMIC_RELEASE);
    return 0;
}

/* From here on no call begins. `own_calls` of those in flight, the caller's, leave. Returns how
 * many others there are; a number below 0 when the socket is being closed already. */
static inline int begin_closing(ps_sock *s, int own_calls)
{
    int calls = __atomic_load_n(&s->calls, __ATOMIC_RELAXED);

    do {
        if (UNLIKELY(calls < 0))
            return calls;
        __atomic_store_n(&s->closer, this_process(), __ATOMIC_RELAXED);
    } while (!__atomic_compare_exchange_n(&s->calls, &calls, calls - own_calls - PS__CLOSING, true,
                                          __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    return calls - own_calls;
}

static bool is_alone(const ps_sock *s)
{
    return ps__calls_in_flight(s) == -PS__CLOSING;
}

/* Most calls are about to end by themselves: those are not disturbed, nor is the connection
 * that duplicates share. A call whose thread was stopped, has left by longjmp or has exited
 * never ends. */
static int end_calls(ps_sock *s)
{
    enum { PATIENCE_SECONDS = 10 };
    ps__deadline deadline = ps__deadline_after(PATIENCE_SECONDS);
    /* A call may have begun to block before the mode changed. */
    bool wakes = !ps__nonblocking(s) ||
                 ps__sys_wake_reach(s->family, s->type) & (PS__WAKES_CALLS | PS__WAKES_WAITS);
    int64_t pause = 0;

    ps__deadline_start(&deadline);
    while (!is_alone(s)) {
        ps__sleep_longer(&pause);
        if (is_alone(s))
            break;
        if (ps__deadline_left(&deadline) == 0)
            return PS_TIMED_OUT;
        if (wakes)
            ps__sys_wake(s->handle);
    }
    return 0;
}

/* `calls` is how many there are; below 0: another thread closes the socket, which is PS_EBADF.
 * Returns how many have not left and never will, so that they are not to be counted any more; or
 * PS_TIMED_OUT, and the socket is open again. Ending the calls of the parent process would affect
 * the connection, which both processes share. */
static int end_other_calls(ps_sock *s, int calls)
{
    int code;

    if (calls < 0)
        return PS_EBADF;
    if (s->handle == PS_INVALID_HANDLE) /* calls that begin on a closed socket leave at once */
        return 0;
    if (ps__is_inherited(s))
        return calls;
    code = end_calls(s);
    if (code != 0) { /* as a call of its own, so that the record stays */
        (void)__atomic_add_fetch(&s->calls, PS__CLOSING + 1, __ATOMIC_SEQ_CST);
        ps__record_result(s, PS_OPERATION_CLOSE, NULL, code);
        (void)ps__leave(s);
    }
    return code;
}

/* Members that may be read outside a call are written atomically; those that only calls read are
 * set by the next socket. */
static inline void clear(ps_sock *s)
{
    __atomic_store_n(&s->handle, PS_INVALID_HANDLE, __ATOMIC_RELAXED);
    s->family = s->type = 0;
    s->proto = 0;
    __atomic_store_n(&s->attached, NULL, __ATOMIC_RELAXED);
    ps__set_connection(s, 0);
    ps__set_timeout(s, PS_NO_TIMEOUT);
    __atomic_store_n(&s->flags, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&s->modes, 0, __ATOMIC_RELAXED);
}

/* The socket releases its handle: it is closed, unless streams need it. */
static inline void let_go(struct ps__attached *attached, ps_handle h)
{
    if (UNLIKELY(attached)) {
        atomic_store(&attached->failure, NULL);
        ps__attached_drop(attached);
    } else {
        ps__sys_close(h);
    }
}

/* The last step of a close: `calls` of those in flight will never leave. From then on it is a
 * closed socket like any other, also for a call that is being refused and has not left. */
static inline void release(ps_sock *s, int calls)
{
    struct ps__attached *attached = ps__attached(s);
    ps_handle h = s->handle;

    if (h != PS_INVALID_HANDLE)
        clear(s);
    (void)__atomic_add_fetch(&s->calls, PS__CLOSING - calls, __ATOMIC_RELEASE);
    if (h != PS_INVALID_HANDLE)
        let_go(attached, h);
}

static NOINLINE int release_from_pollers(ps_sock *s, int calls)
{
    ps__pollers_forget(s);
    release(s, calls);
    return 0;
}

static inline int finish_closing(ps_sock *s, int calls)
{
    if (UNLIKELY(ps__is_in_poller(s)))
        return release_from_pollers(s, calls);
    release(s, calls);
    return 0;
}

/* `calls` is what begin_closing returned; it is not 0, or the owner has calls in flight. */
static NOINLINE int close_after_others(ps_sock *s, int calls)
{
    if (calls < 0)
        calls = go_on_closing(s);
    if (calls != 0 || ps__owner_calls(s) != 0)
        calls = end_other_calls(s, calls);
    if (calls < 0)
        return calls;
    return finish_closing(s, calls);
}

static NOINLINE int close_among_others(ps_sock *s, int own_calls)
{
    return close_after_others(s, begin_closing(s, own_calls));
}

/* begin_closing in fewer steps, where the caller's calls are the only ones. False: they are not,
 * and it has not begun. */
static inline bool begin_closing_alone(ps_sock *s, int own_calls)
{
    if (UNLIKELY(__atomic_load_n(&s->calls, __ATOMIC_RELAXED) != own_calls))
        return false;
    __atomic_store_n(&s->closer, this_process(), __ATOMIC_RELAXED);
    return __atomic_compare_exchange_n(&s->calls, &own_calls, -PS__CLOSING, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_RELAXED);
}

static inline int close_while_others_call(ps_sock *s, int own_calls)
{
    if (UNLIKELY(!begin_closing_alone(s, own_calls)))
        return close_among_others(s, own_calls);
    if (UNLIKELY(!ps__owner_is_idle(s)))
        return close_after_others(s, 0);
    return finish_closing(s, 0);
}

int ps_close(ps_sock *s)
{
    int code;

    if (!s)
        return PS_EFAULT;
    code = close_while_others_call(s, 0);
    return code == PS_EBADF ? 0 : code;
}

int ps__leave_and_close(ps_sock *s)
{
    int code = close_while_others_call(s, 1);

    if (code == PS_EBADF)
        (void)ps__leave(s);
    return code;
}

ps_handle ps_detach(ps_sock *s)
{
    struct ps__attached *attached;
    ps_handle h;

    if (!s)
        return PS_INVALID_HANDLE;
    attached = ps__attached(s);
    h = s->handle;
    if (ps__is_in_poller(s))
        ps__pollers_forget(s);
    /* The mode that the program expects of its timeout. */
    if (h != PS_INVALID_HANDLE && ps__nonblocking(s) && ps__timeout(s) == PS_NO_TIMEOUT)
        (void)ps__sys_set_nonblocking(h, false);
    ps__sock_clear(s);
    if (attached) {
        atomic_store(&attached->owned, false);
        /* Streams may go on for longer than the program keeps a token, with a handle in the mode
         * of the timeout. */
        atomic_store(&attached->cancel, NULL);
        atomic_store(&attached->deadlines[PS__FOR_RECEIVING], PS__FOREVER);
        atomic_store(&attached->deadlines[PS__FOR_SENDING], PS__FOREVER);
        (void)atomic_fetch_and(&attached->flags, (unsigned char)~PS__HAS_SO_TIMEOUT);
        ps__attached_drop(attached);
    }
    return h;
}

ps_handle ps_fileno(const ps_sock *s)
{
    return s ? __atomic_load_n(&s->handle, __ATOMIC_RELAXED) : PS_INVALID_HANDLE;
}
