/*
 * The differences between the systems that are repaired with what the frontend knows of a
 * socket: its family, type and state. What a number of the system means without that is repaired
 * by its backend.
 *
 * What a call's answer means when the system lacks something: PS_EWOULDBLOCK means that waiting
 * helps, and everything else is an error that is reported at once. Systems differ in where they
 * draw the line. The codes that are normalized:
 *
 *   lacking       call                        Linux          Windows        here
 *   a local port  send, connect (datagrams)   EAGAIN         WSAEADDRINUSE  PS_EADDRNOTAVAIL
 *   a local port  connect (streams)           EADDRNOTAVAIL  WSAEADDRINUSE  PS_EADDRNOTAVAIL
 *   a local port  bind to port 0, listen      EADDRINUSE     WSAEADDRINUSE  PS_EADDRNOTAVAIL
 *
 * Windows may also return WSAENOBUFS for each.
 *
 * BSD returns EADDRNOTAVAIL in each case. The other codes keep their meaning: EAGAIN for a full
 * buffer of the socket itself, of another AF_UNIX or AF_TIPC socket, and a full backlog of an
 * AF_UNIX listener; ENOBUFS and ENOMEM for a full queue of an interface and for memory, since no
 * wait reports when there is space again.
 */
#ifndef PS_NORMALIZE_H
#define PS_NORMALIZE_H

#include "common/socket/socket.h"

/* Whether an inet stream or datagram socket has no port yet. */
bool ps__has_no_port(const ps_sock *s);

bool ps__says_no_port(const ps_sock *s, ptrdiff_t code);

/* What the code of a connect or listen means. */
static inline ptrdiff_t ps__judge_shortage(const ps_sock *s, ptrdiff_t code)
{
    return ps__says_no_port(s, code) && ps__has_no_port(s) ? PS_EADDRNOTAVAIL : code;
}

/* The same of a send, by which only datagram sockets get their port. */
static inline ptrdiff_t ps__judge_shortage_of_send(const ps_sock *s, ptrdiff_t code)
{
    return s->type == SOCK_DGRAM ? ps__judge_shortage(s, code) : code;
}

/* What the code of a connection's end means: keep-alive has found that the peer does not answer,
 * which is ETIMEDOUT on POSIX and WSAENETRESET on Windows. Of a datagram that number means
 * something else. */
static inline int ps__judge_silent_peer(const ps_sock *s, int code)
{
    return code == PS_ENETRESET && ps__is_stream(s) ? PS_ETIMEDOUT : code;
}

/* Winsock requires a socket to be bound before it listens, receives datagrams or returns its name;
 * POSIX binds by itself. After PS_EINVAL from such a call this binds an unbound inet socket to a
 * free port. Returns 0, PS_EADDRNOTAVAIL when no port is left, or PS_EINVAL when that was not what
 * the call meant. */
int ps__bind_unbound(ps_sock *s);

/* A client whose port the system chose may by chance connect to that very port, and so to itself,
 * if no server listens. Of a socket of inet or inet6 that no other thread uses yet. */
bool ps__is_connected_to_itself(ps_sock *s, const ps_addr *destination);

#endif
