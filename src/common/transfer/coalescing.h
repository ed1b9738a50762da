/*
 * Datagrams that the system receives together (ps_coalesce). They are kept in a buffer of the
 * socket's block, from which every receive takes one at a time.
 */
#ifndef PS_COALESCING_H
#define PS_COALESCING_H

#include "common/socket/attached.h"
#include "common/socket/call.h"

/* No datagram is longer, nor are those that come together. */
enum { PS__COALESCED_MAX = 65536 };

/* Ancillary data of what came; that of all PS_INFO_* fits. */
enum { PS__COALESCED_CONTROL = 512 };

struct ps__coalescing {
    /* ps__receive_coalesced_many: only ps_coalesce brings it into a program */
    ptrdiff_t (*receive)(ps_sock *s, ps__message *messages, size_t count, ptrdiff_t *sizes);
    /* Which process holds it, by its generation; 0: none. It is held without a wait. */
    _Atomic(unsigned short) holder;
    _Atomic(unsigned short) owner; /* which process has received what is here */
    atomic_size_t left;            /* how many datagrams */
    size_t begin, end;             /* of the bytes */
    size_t segment;                /* of one datagram, but the last */
    ps_addr sender;
    int flags;
    size_t control_size;
    _Alignas(16) unsigned char control[PS__COALESCED_CONTROL];
    unsigned char bytes[PS__COALESCED_MAX];
};

/* This and what follows: only with PS__COALESCES. */
static inline struct ps__coalescing *ps__coalescing_of(const ps_sock *s)
{
    return atomic_load(&ps__attached(s)->coalescing);
}

/* Whether a receive would return a datagram without asking the system. */
static inline bool ps__has_buffered_datagrams(const ps_sock *s)
{
    const struct ps__coalescing *c = ps__coalescing_of(s);

    return atomic_load(&c->owner) == ps__generation() && atomic_load(&c->left) > 0;
}

/* Flags for what is not in the queue of datagrams. */
enum { PS__NOT_COALESCED = PS__ERROR_QUEUE | MSG_OOB };

/* As ps__sys_recvmany, without these flags. There may be more than come. */
static inline ptrdiff_t ps__receive_coalesced_many(ps_sock *s, ps__message *messages, size_t count,
                                                   ptrdiff_t *sizes)
{
    return ps__coalescing_of(s)->receive(s, messages, count, sizes);
}

/* As ps__sys_recvmsg. */
static inline ptrdiff_t ps__receive_coalesced(ps_sock *s, ps__message *message)
{
    ptrdiff_t size;
    ptrdiff_t count;

    if (message->flags & PS__NOT_COALESCED)
        return ps__sys_recvmsg(s->handle, message);
    count = ps__receive_coalesced_many(s, message, 1, &size);
    return count < 0 ? count : size;
}

/* As ps__sys_recvmsg, for any socket. */
static inline ptrdiff_t ps__receive_message(ps_sock *s, ps__message *message)
{
    return ps__flags(s) & PS__COALESCES ? ps__receive_coalesced(s, message)
                                        : ps__sys_recvmsg(s->handle, message);
}

#endif
