/*
 * The gate: how a call uses a socket. It enters, runs, records its failure, and leaves; so that ps_close can wait for the last,
 * and the handle's number is not given back to the system while anybody uses it.
 *
 * Every public function that uses a socket's handle goes through ps__gate. Written out by ps__enter and ps__leave are only the
 * transfers, which were measured to need it, ps_poll, which enters many sockets, and ps_close_gracefully, which leaves by closing;
 * ps_detach must have the socket to itself.
 */
#ifndef PS_GATE_H
#define PS_GATE_H

#include "attached.h"
#include "backend.h"

/*
 * ps_sock.calls: how many calls are in flight. ps_close takes PS__CLOSING away from it, so that a call that begins or ends then
 * finds it below 0.
 */
enum { PS__CLOSING = 1 << 30 };

/* Leaves again; false. */
bool ps__enter_refused(ps_sock *s);

/* A call begins. False, and it must not go on nor leave, while the socket is being closed. A setter that does not count this call
 * has been seen by it (ps__sock_set_mode), hence the order. */
static inline bool ps__enter(ps_sock *s)
{
    if (__builtin_expect(__atomic_add_fetch(&s->calls, 1, __ATOMIC_SEQ_CST) >= 0, 1))
        return true;
    return ps__enter_refused(s);
}

/* A call ends, and touches *s no more. True when the socket is being closed. */
static inline bool ps__leave(ps_sock *s)
{
    return __builtin_expect(__atomic_sub_fetch(&s->calls, 1, __ATOMIC_RELEASE) < 0, 0);
}

/* A call ends by closing the socket as ps_close does, with no moment in between that would leave *s to others. False, and the call
 * has left, while another thread closes it. */
bool ps__leave_and_close(ps_sock *s);

static inline bool ps__closing(const ps_sock *s)
{
    return __atomic_load_n(&s->calls, __ATOMIC_RELAXED) < 0;
}

/* Writes a failure into the record of a socket that has a block, if there is one. */
void ps__record_failure(ps_sock *s, int operation, const ps_addr *peer, int code);

/* Writes a failure into a record. */
void ps__write_failure(ps_failure *f, ps_sock *s, int operation, const ps_addr *peer, int code);

/* Makes a record one without a failure, with the socket's addresses. */
void ps__empty_failure(ps_failure *f, ps_sock *s);

/* Remembers the peer of a connection in such a record, since the system forgets it when the connection breaks. */
void ps__record_peer(ps_sock *s, const ps_addr *peer);

static inline void ps__record_result(ps_sock *s, int operation, const ps_addr *peer, ptrdiff_t result)
{
    if (__builtin_expect(result < 0 && ps__attached(s), 0))
        ps__record_failure(s, operation, peer, (int)result);
}

/* Records and leaves with a call's result. A failure beside a close is the close's. */
static inline ptrdiff_t ps__leave_with(ps_sock *s, int operation, const ps_addr *peer, ptrdiff_t result)
{
    ps__record_result(s, operation, peer, result);
    return ps__leave(s) && result < 0 ? PS_EBADF : result;
}

/* What a call does with a socket that is open and stays so meanwhile: 0 or a count, or a code. */
typedef ptrdiff_t ps__work(ps_sock *s, void *arguments);

/* Does the work in the gate. `peer` is whom a failure is recorded with, where the call says so; NULL: the connection's. */
static inline ptrdiff_t ps__gate(ps_sock *s, int operation, const ps_addr *peer, ps__work *work, void *arguments)
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
