/*
 * All pollers of the process, for what happens to sockets that may be registered in some of them
 * (PS__IN_POLLER). A socket is in none before one was opened, which says what is to be done then:
 * so only a program that opens pollers has them in it.
 */
#ifndef PS_POLLERS_H
#define PS_POLLERS_H

#include "common/compiler.h"
#include "common/socket/socket.h"

#include "portsock/poller.h"

#include <stdatomic.h>

void ps__list_poller(ps_poller *p);
void ps__unlist_poller(ps_poller *p);

/* Whether a poller may have the socket: it does so until it is closed. */
static inline bool ps__is_in_poller(const ps_sock *s)
{
    return (ps__flags(s) & PS__IN_POLLER) != 0;
}

/* Each for every registration of a socket. */
typedef struct ps__poller_calls {
    int (*forget)(const ps_sock *s);
    int (*follow_token)(const ps_sock *s);
    int (*look)(const ps_sock *s);
} ps__poller_calls;

extern HIDDEN _Atomic(const ps__poller_calls *) ps__pollers;

/* Only with PS__IN_POLLER. The flag is read again, in the order in which another thread has set
 * both. */
static inline const ps__poller_calls *ps__pollers_of(const ps_sock *s)
{
    (void)__atomic_load_n(&s->flags, __ATOMIC_ACQUIRE);
    return atomic_load_explicit(&ps__pollers, memory_order_relaxed);
}

/* The socket is about to be closed or detached: no wait reports it any more. */
static inline void ps__pollers_forget(const ps_sock *s)
{
    (void)ps__pollers_of(s)->forget(s);
}

/* The socket has another token. */
static inline int ps__pollers_follow_token(const ps_sock *s)
{
    return ps__pollers_of(s)->follow_token(s);
}

/* The socket may be ready in a way that the system does not report. */
static inline void ps__pollers_look(const ps_sock *s)
{
    (void)ps__pollers_of(s)->look(s);
}

#endif
