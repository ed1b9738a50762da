/* All pollers of the process, for what happens to sockets that may be registered in some of them
 * (PS__IN_POLLER). */
#ifndef PS_POLLERS_H
#define PS_POLLERS_H

#include "common/socket/socket.h"

#include "portsock/poller.h"

void ps__list_poller(ps_poller *p);
void ps__unlist_poller(ps_poller *p);

/* The socket is about to be closed or detached: no wait reports it any more. */
void ps__pollers_forget(ps_sock *s);

/* The socket has another token. */
int ps__pollers_follow_token(ps_sock *s);

/* The socket may be ready in a way that the system does not report. */
void ps__pollers_look(const ps_sock *s);

/* Whether a poller may have the socket: it does so until it is closed. */
static inline bool ps__is_in_poller(const ps_sock *s)
{
    return (ps__flags(s) & PS__IN_POLLER) != 0;
}

#endif
