/*
 * The one judge of how a connection has ended, or an attempt at one: for receives and sends, connect, ps_poll, and SO_ERROR.
 *
 * A system tells why a connection has failed once (Linux) or again and again (Windows), to whichever call comes first, and says
 * afterwards what it says of a connection that ended well. Here the first to be told keeps it in the socket, and all others
 * are told the same.
 */
#ifndef PS_JUDGE_H
#define PS_JUDGE_H

#include "socket.h"

/* ps_sock.ending: how the connection, or the last attempt, has ended so far. Calls look at it only after one got nothing done. */
enum {
    PS__SHUT_SEND = 1,      /* after SHUT_WR */
    PS__ENDED_WELL = 2,     /* the connection has ended, and nobody was told that it failed */
    PS__ATTEMPT_FAILED = 4, /* and SO_ERROR told it: Linux's next connect still says ECONNABORTED */
    PS__END_TOLD = 8,       /* a receive was told that the peer has closed its side */
    PS__IS_THERE = 16       /* an attempt has succeeded, and ps_connect has still to say so */
};

void ps__mark_ending(ps_sock *s, unsigned char mark);
unsigned char ps__ending(const ps_sock *s);

/* Lets the socket's streams know of a failure that is known already. */
void ps__share_failure(const ps_sock *s, struct ps__attached *a);

void ps__judge_transferred(ps_sock *s);

/* A transfer has succeeded, so the connection is there. Called by those that go the long way round (PS__UNDER_WAY). */
static inline void ps__note_transfer(ps_sock *s)
{
    if (ps__marks(s) & PS__UNDER_WAY)
        ps__judge_transferred(s);
}

/* What a receive's result means: the same on every system. */
ptrdiff_t ps__judge_receive(ps_sock *s, ptrdiff_t result);

/* The same for a receive that has given bytes before the error: it will not come again from the system. */
void ps__judge_rest(ps_sock *s, ptrdiff_t code);

/* What the code of a failed send to the connection's peer means. */
ptrdiff_t ps__judge_send(ps_sock *s, ptrdiff_t code);

/* The same for a send to an address, which a connection does not look at. */
ptrdiff_t ps__judge_sendto(ps_sock *s, ptrdiff_t code);

/* A new attempt to connect begins: what was is forgotten. Returns whether an attempt before has PS__ATTEMPT_FAILED. */
bool ps__judge_begin(ps_sock *s);

/* How an attempt has ended of which a look for PS__CONNECTED has said `ready`: 0 or why it failed. `told`: the error that a call
 * on the connection has said instead, or 0. */
int ps__judge_attempt(ps_sock *s, int ready, int told);

/* A wait has found `ready` at the socket: perhaps that an attempt has succeeded. */
void ps__judge_ready(ps_sock *s, int ready);

/* What the code of a call means that has waited for an attempt, which another call has judged perhaps. */
ptrdiff_t ps__judge_waiter(const ps_sock *s, ptrdiff_t code);

/* An attempt has failed at once, and the caller is told why. */
void ps__judge_told(ps_sock *s);

/* What the program is to see of the error (SO_ERROR) that the system has just told: its own number, or 0. */
int ps__judge_error(ps_sock *s, int error);

/* The code with which the connection has failed; 0: it has not. */
int ps__connection_failure(const ps_sock *s);

#endif
