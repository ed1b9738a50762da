/*
 * The gate: how a call uses a socket. It enters, runs, records its failure, and leaves. So
 * ps_close can wait until the last call has left, and the handle is not closed while a call uses
 * it.
 *
 * Every public function that uses a socket's handle goes through ps__gate. Exceptions: the
 * transfers call ps__enter_quickly and ps__leave_quickly themselves, for speed (measured);
 * ps_accept and ps_connect enter and leave themselves, too, and so does ps_poll, which enters many
 * sockets; ps_close_gracefully leaves by closing; ps_detach requires that no call is in flight.
 * Streams do not use the gate: they own the handle together with the socket (attached.h,
 * docs/engine.md).
 */
#ifndef PS_GATE_H
#define PS_GATE_H

#include "common/backend.h"
#include "common/compiler.h"
#include "common/socket/attached.h"
#include "common/socket/owner.h"

/*
 * ps_sock.calls: how many calls are in flight, but for the transfers of the socket's owner
 * (owner.h). ps_close subtracts PS__CLOSING from it, so that a call that begins or ends after that
 * finds it below 0.
 */
enum { PS__CLOSING = 1 << 30 };

/* A call begins. Returns false while the socket is being closed: the call must then neither go
 * on nor leave. Sequentially consistent, so that a setter which does not see this call in the
 * count (ps__sock_set_mode) is seen by this call. */
static inline bool ps__enter(ps_sock *s)
{
    if (UNLIKELY(__atomic_add_fetch(&s->calls, 1, __ATOMIC_SEQ_CST) < 0)) {
        (void)__atomic_sub_fetch(&s->calls, 1, __ATOMIC_RELEASE);
        return false;
    }
    return true;
}

/* A call ends, and must not access *s any more. Returns true when the socket is being closed. */
static inline bool ps__leave(ps_sock *s)
{
    return UNLIKELY(__atomic_sub_fetch(&s->calls, 1, __ATOMIC_RELEASE) < 0);
}

/* A call ends by closing the socket as ps_close does, in one step, so that no other call or
 * close comes in between. Returns 0; PS_EBADF when another thread is closing it; PS_TIMED_OUT
 * when another call has not ended. In each case this call has left. */
int ps__leave_and_close(ps_sock *s);

static inline bool ps__closing(const ps_sock *s)
{
    return __atomic_load_n(&s->calls, __ATOMIC_RELAXED) < 0;
}

/*
 * The same for calls that are over so soon that it matters: the owner of the socket is counted
 * without a locked instruction (owner.h).
 */

/* Enters when this thread is the owner and has no other call in flight, and the socket is not being
 * closed. False: it has not entered, and ps__enter_transfer may. */
static inline bool ps__enter_quickly(ps_sock *s)
{
#if PS__HAVE_OWNERS
    unsigned thread = ps__thread;

    if (UNLIKELY(ps__owner(s) != thread))
        return false;
    ps__set_owner(s, thread | PS__OWNER_CALLS);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (LIKELY(__atomic_load_n(&s->calls, __ATOMIC_ACQUIRE) >= 0))
        return true;
    ps__set_owner(s, thread);
    return false;
#else
    return ps__enter(s);
#endif
}

/* Only after that. */
static inline void ps__leave_quickly(ps_sock *s)
{
#if PS__HAVE_OWNERS
    ps__set_owner(s, ps__owner(s) & ~PS__OWNER_CALLS);
#else
    (void)ps__leave(s);
#endif
}

/* Enters in any case but the closing of the socket. A socket without an owner gets this thread. */
static inline bool ps__enter_transfer(ps_sock *s)
{
#if PS__HAVE_OWNERS
    if (ps__may_be_owner(s))
        return ps__enter_slowly(s);
#endif
    return ps__enter(s);
}

/* Leaves, however the call has entered. The first of the owner's calls leaves as the last, so that
 * ps__leave_quickly finds what ps__enter_quickly has set. */
static inline void ps__leave_transfer(ps_sock *s)
{
#if PS__HAVE_OWNERS
    unsigned thread = ps__thread;

    if ((ps__owner(s) & ~PS__OWNER_CALLS) != thread)
        (void)ps__leave(s);
    else if (UNLIKELY(ps__owned(s) != 0))
        ps__count_owned(s, -1);
    else
        ps__set_owner(s, thread);
#else
    (void)ps__leave(s);
#endif
}

/* Whether a call is in flight on a ps_sock, as the caller's is; false of that of a stream, whose
 * calls are counted in the block. */
static inline bool ps__has_own_calls(const ps_sock *s)
{
    return __atomic_load_n(&s->calls, __ATOMIC_RELAXED) != 0 || ps__owner_is_calling(s);
}

/* How many calls are in flight. One that this does not see yet will see what this thread has
 * written before. */
static inline int ps__calls_in_flight(const ps_sock *s)
{
    return __atomic_load_n(&s->calls, __ATOMIC_SEQ_CST) + ps__owner_calls(s);
}

/* Writes a failure into the record of a socket that has a block, if there is one. */
void ps__record_failure(ps_sock *s, int operation, const ps_addr *peer, int code);

/* Writes a failure into a record. */
void ps__write_failure(ps_failure *f, ps_sock *s, int operation, const ps_addr *peer, int code);

/* Makes a record without a failure, with the socket's addresses. */
void ps__empty_failure(ps_failure *f, ps_sock *s);

/* Remembers the peer of a connection in such a record, since the system forgets it when the
 * connection breaks. */
void ps__record_peer(ps_sock *s, const ps_addr *peer);

static inline void ps__record_result(ps_sock *s, int operation, const ps_addr *peer,
                                     ptrdiff_t result)
{
    if (UNLIKELY(result < 0 && ps__attached(s)))
        ps__record_failure(s, operation, peer, (int)result);
}

/* As ps__leave_with, after a failure on a socket that has a block. */
ptrdiff_t ps__record_and_leave(ps_sock *s, int operation, const ps_addr *peer, ptrdiff_t failure);

/* Records a failure and leaves. Returns the call's result; a failure while the socket is being
 * closed becomes PS_EBADF. */
static inline ptrdiff_t ps__leave_with(ps_sock *s, int operation, const ps_addr *peer,
                                       ptrdiff_t result)
{
    if (UNLIKELY(result < 0 && ps__attached(s)))
        return ps__record_and_leave(s, operation, peer, result);
    if (UNLIKELY(ps__leave(s)) && result < 0)
        return PS_EBADF;
    return result;
}

/* The same for a transfer. */
static inline ptrdiff_t ps__leave_transfer_with(ps_sock *s, int operation, const ps_addr *peer,
                                                ptrdiff_t result)
{
    ps__record_result(s, operation, peer, result);
    if (result < 0 && ps__closing(s))
        result = PS_EBADF;
    ps__leave_transfer(s);
    return result;
}

/* What a call does with a socket, which stays open meanwhile. Returns 0 or a count, or a code. */
typedef ptrdiff_t ps__work(ps_sock *s, void *arguments);

/* Does the work in the gate. `peer` is the address that a failure is recorded with; NULL: that
 * of the connection's peer. */
static inline ptrdiff_t ps__gate(ps_sock *s, int operation, const ps_addr *peer, ps__work *work,
                                 void *arguments)
{
    ptrdiff_t result = PS_EBADF;

    if (!s)
        return PS_EFAULT;
    if (!ps__enter(s))
        return PS_EBADF;
    if (s->handle != PS_INVALID_HANDLE)
        result = work(s, arguments);
    return ps__leave_with(s, operation, peer, result);
}

#endif
