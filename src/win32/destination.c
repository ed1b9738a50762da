#include "config.h"

#include "win32/destination.h"

static const IN6_ADDR inet6_loopback = IN6ADDR_LOOPBACK_INIT;

static const ps_addr *inet_destination(const ps_addr *to, ps_addr *loopback)
{
    if (to->in.sin_addr.s_addr != INADDR_ANY)
        return to;
    *loopback = *to;
    loopback->in.sin_addr.s_addr = ps_htonl(INADDR_LOOPBACK);
    return loopback;
}

/* ::ffff:0.0.0.0 is the wildcard of IPv4 on a dual-stack socket. */
static const ps_addr *inet6_destination(const ps_addr *to, ps_addr *loopback)
{
    const IN6_ADDR *host = &to->in6.sin6_addr;
    bool mapped = IN6_IS_ADDR_V4MAPPED(host) && host->s6_words[6] == 0 && host->s6_words[7] == 0;

    if (!mapped && !IN6_IS_ADDR_UNSPECIFIED(host))
        return to;
    *loopback = *to;
    if (!mapped) {
        loopback->in6.sin6_addr = inet6_loopback;
    } else {
        loopback->in6.sin6_addr.s6_bytes[12] = 127;
        loopback->in6.sin6_addr.s6_bytes[15] = 1;
    }
    return loopback;
}

const ps_addr *ps__destination(const ps_addr *to, ps_addr *loopback)
{
    switch (to->sa.sa_family) {
    case AF_INET:
        return inet_destination(to, loopback);
    case AF_INET6:
        return inet6_destination(to, loopback);
    default:
        return to;
    }
}
