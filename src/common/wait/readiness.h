/* What it means that a socket is ready, for ps_poll and pollers: in the program's terms (POLLIN and
 * the like), and in those of the contract (PS__READABLE and the like). */
#ifndef PS_READINESS_H
#define PS_READINESS_H

#include "common/socket/socket.h"

/* What is there without asking the system, in the contract's terms: the next call returns the code
 * of the connection's failure, the end, or a datagram. `events` are the program's. */
int ps__known_events(const ps_sock *s, int events);

/* What to ask the system for, of a socket that is not being connected. */
static inline int ps__plain_events(int events)
{
    return (events & POLLIN ? PS__READABLE : 0) | (events & POLLOUT ? PS__WRITABLE : 0) |
           (events & POLLPRI ? PS__URGENT : 0);
}

/* The same of any socket. */
int ps__wanted_events(const ps_sock *s, int events);

/* What the program is to see. */
static inline int ps__revents(int events, int ready)
{
    int revents = 0;

    if (ready & PS__INVALID)
        return POLLNVAL;
    if (ready & (PS__READABLE | PS__FAILED | PS__HUNG_UP))
        revents |= events & POLLIN;
    if (ready & (PS__WRITABLE | PS__FAILED | PS__HUNG_UP))
        revents |= events & POLLOUT;
    if (ready & PS__URGENT)
        revents |= events & POLLPRI;
    if (ready & PS__FAILED)
        revents |= POLLERR;
    if (ready & PS__HUNG_UP)
        revents |= POLLHUP;
    return revents;
}

#endif
