/*
 * How a connection, or an attempt at one, has ended: decided here for receives and sends,
 * connect, ps_poll, and SO_ERROR.
 *
 * A system reports why a connection has failed once (Linux), to whichever call comes first, and
 * then behaves as after a connection that ended well; or it reports it again and again (Windows).
 * Here the first call that learns the code keeps it in the socket, and every other call returns
 * the same code.
 */
#ifndef PS_JUDGE_H
#define PS_JUDGE_H

#include "common/socket/socket.h"

/* ps_sock.ending: how the connection, or the last attempt, has ended so far. Read only after a
 * call has transferred nothing. */
enum {
    PS__SHUT_SEND = 1,  /* after SHUT_WR */
    PS__ENDED_WELL = 2, /* the connection has ended, and no call has reported a failure */
    /* SO_ERROR has reported why the attempt failed: Linux's next connect returns ECONNABORTED. */
    PS__ATTEMPT_FAILED = 4,
    PS__END_REPORTED = 8, /* a receive has reported that the peer closed its side */
    PS__IS_THERE = 16     /* an attempt has succeeded, and ps_connect has not reported it yet */
};

void ps__add_ending(ps_sock *s, unsigned char bits);
unsigned char ps__ending(const ps_sock *s);

/* Copies a failure that is known already into the block, for the socket's streams. */
void ps__share_failure(const ps_sock *s, struct ps__attached *a);

void ps__judge_transferred(ps_sock *s);

/* A transfer has succeeded, so the connection is established. Called after each transfer that
 * may be the first (PS__IN_PROGRESS). */
static inline void ps__note_transfer(ps_sock *s)
{
    if (ps__flags(s) & PS__IN_PROGRESS)
        ps__judge_transferred(s);
}

/* What the result of a receive means: the same on every system. */
ptrdiff_t ps__judge_receive(ps_sock *s, ptrdiff_t result);

/* The same for the error after which a receive returns the bytes it had: the system will not
 * report the error again. */
void ps__judge_rest(ps_sock *s, ptrdiff_t code);

/* What the code of a failed send to the connection's peer means. */
ptrdiff_t ps__judge_send(ps_sock *s, ptrdiff_t code);

/* The same after a part was sent in the same way: a system that sends in parts by itself reports
 * why the connection has failed behind one of them, which no caller sees. */
ptrdiff_t ps__judge_send_after_part(ps_sock *s, ptrdiff_t code);

/* The same for a send to an address. */
ptrdiff_t ps__judge_sendto(ps_sock *s, const ps_addr *to, ptrdiff_t code);

/* Not 0: an earlier attempt has left what a new one has to clear. */
static inline int ps__judge_knows(const ps_sock *s)
{
    return __atomic_load_n(&s->failed, __ATOMIC_RELAXED) |
           __atomic_load_n(&s->ending, __ATOMIC_RELAXED) |
           __atomic_load_n(&s->error_reported, __ATOMIC_RELAXED);
}

/* A new attempt to connect begins: what is known of the last one is cleared. Returns whether
 * that has PS__ATTEMPT_FAILED. */
bool ps__judge_begin(ps_sock *s);

/* How an attempt to connect has ended: 0 or why it failed. `ready` is what a wait or a look for
 * PS__CONNECTED found; `reported` is the error that a receive or send has returned for the
 * attempt, or 0. */
int ps__judge_attempt(ps_sock *s, int ready, int reported);

/* A wait has found the socket `ready`, which may mean that an attempt has succeeded. */
void ps__judge_ready(ps_sock *s, int ready);

/* What the code of a call means that has waited for an attempt to connect, or ran while one was in
 * progress: the system reports to one call only why the attempt has failed, and another call may
 * have judged it. */
ptrdiff_t ps__judge_waiter(ps_sock *s, ptrdiff_t code);

/* An attempt has failed at once, and ps_connect returns why: SO_ERROR is not to report it again. */
void ps__judge_reported(ps_sock *s);

/* What the program is to see of the error (SO_ERROR) that the system has just reported: the same
 * number, or 0. */
int ps__judge_error(ps_sock *s, int error);

/* The code with which the connection has failed; 0: it has not. */
int ps__connection_failure(const ps_sock *s);

#endif
