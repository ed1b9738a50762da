/*
 * What a call's answer means when the system lacks something: PS_EWOULDBLOCK means that waiting helps, and everything else is an
 * error that is told at once. Systems do not agree where the line is. The answers that are read otherwise than they are written:
 *
 *   lacking         call                               Linux          Windows                     here
 *   a local port    send, connect (datagrams)          EAGAIN         WSAEADDRINUSE, WSAENOBUFS   PS_EADDRNOTAVAIL
 *   a local port    connect (streams)                  EADDRNOTAVAIL  WSAEADDRINUSE, WSAENOBUFS   PS_EADDRNOTAVAIL
 *   a local port    bind to port 0, listen             EADDRINUSE     WSAEADDRINUSE, WSAENOBUFS   PS_EADDRNOTAVAIL
 *
 * BSD says EADDRNOTAVAIL of all of them. The others are as they are written: EAGAIN for room in the socket's own buffer, in
 * another AF_UNIX or AF_TIPC socket's, and in an AF_UNIX listener's; ENOBUFS and ENOMEM for room in an interface's queue and
 * for memory, since no wait tells when there is some.
 */
#ifndef PS_SHORTAGE_H
#define PS_SHORTAGE_H

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

#endif
