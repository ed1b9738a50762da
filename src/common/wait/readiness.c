#include "config.h"

#include "common/wait/readiness.h"

#include "common/connect/judge.h"
#include "common/transfer/coalescing.h"

/* Whether this is a stream socket that is not connected. Systems differ in what they report for
 * it. */
static bool is_unconnected(const ps_sock *s)
{
    ps_addr peer;

    return ps__is_inet(s) && ps__is_stream(s) && ps__connection(s) == PS__UNCONNECTED &&
           !(ps__flags(s) & PS__IN_PROGRESS) &&
           ps__sys_getpeername(s->handle, &peer) == PS_ENOTCONN;
}

/* Windows does not wake a receive after one's own SHUT_RD, and no system knows of datagrams that
 * have come together. */
static bool is_readable(const ps_sock *s)
{
    unsigned char flags = ps__flags(s);

    return flags & PS__SHUT_RECEIVE || (flags & PS__COALESCES && ps__has_buffered_datagrams(s));
}

int ps__known_events(const ps_sock *s, int events)
{
    int known = 0;

    if (ps__connection_failure(s) != 0)
        known |= PS__FAILED | PS__HUNG_UP;
    if (is_unconnected(s))
        known |= PS__HUNG_UP;
    if (events & POLLIN && is_readable(s))
        known |= PS__READABLE;
    return known;
}

int ps__wanted_events(const ps_sock *s, int events)
{
    int wanted = ps__plain_events(events);

    if (ps__connection(s) == PS__CONNECTING || ps__is_blocked_in_connect(s))
        wanted |= PS__FAILED;
    return wanted;
}
