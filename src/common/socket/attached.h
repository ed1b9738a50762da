/*
 * What only few sockets have: deadlines, a cancel token, a failure record, streams, datagrams that
 * have come together. It is in one block on the heap, which is allocated when the first of these is
 * set, so that a plain socket is small and needs no heap. A transfer never allocates.
 *
 * The socket and its streams own the block together. The system's handle is closed when the last
 * owner releases it. What one thread writes and another reads is atomic.
 */
#ifndef PS_ATTACHED_H
#define PS_ATTACHED_H

#include "common/socket/socket.h"

#include "portsock/cancel.h"
#include "portsock/failure.h"

#include <stdatomic.h>

enum { PS__FOR_RECEIVING, PS__FOR_SENDING };

struct ps__attached {
    atomic_size_t owners;         /* the socket, until it is closed, and every stream */
    atomic_bool owned;            /* the last owner closes the handle; false after ps_detach */
    ps_handle handle;             /* never changes */
    _Atomic int64_t deadlines[2]; /* on ps__sys_clock, by PS__FOR_*; PS__FOREVER: none */
    _Atomic(ps_cancel *) cancel;
    _Atomic(ps_failure *) failure;               /* the socket's own record; streams have theirs */
    _Atomic(struct ps__coalescing *) coalescing; /* the block owns it (coalescing.h) */
    /* calls of streams in flight; those of the socket are counted in the ps_sock */
    atomic_int calls;
    atomic_int judging; /* how many of them wait to learn of a failure from the others (judge.c) */
    atomic_int failed;  /* as in the socket, also when a stream has found it */
    atomic_int receiving;   /* the streams' waits to receive, as in the socket */
    unsigned updates;       /* how often these have been brought up to date; it wraps */
    _Atomic double timeout; /* these four as in the socket, for its streams */
    atomic_uchar connection;
    atomic_uchar flags;
    atomic_uchar ending;
};

/* Returns the socket's block, which is made if there is none; NULL: no memory. */
struct ps__attached *ps__attach(ps_sock *s);

static inline struct ps__attached *ps__attached(const ps_sock *s)
{
    return __atomic_load_n(&s->attached, __ATOMIC_SEQ_CST);
}

void ps__attached_copy(struct ps__attached *a, ps_sock *s);

/* Copies the socket's state into the block, for its streams; called after each change of the
 * socket. Returns whether there is a block. */
static inline bool ps__attached_update(ps_sock *s)
{
    struct ps__attached *a;

    ps__publish(s);
    a = ps__attached(s);
    if (a)
        ps__attached_copy(a, s);
    return a != NULL;
}

/* An owner releases the block. The last one closes the handle, unless ps_detach has returned it to
 * the program, and frees the block. */
void ps__attached_drop(struct ps__attached *a);

#endif
