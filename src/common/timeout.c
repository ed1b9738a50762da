#include "deadline.h"
#include "socket.h"
#include "stream_hold.h"

#include <stdatomic.h>

static _Atomic double default_timeout = INFINITY;

int ps_setdefaulttimeout(double seconds)
{
    if (!ps__timeout_valid(seconds))
        return PS_BAD_TIMEOUT;
    atomic_store_explicit(&default_timeout, seconds, memory_order_relaxed);
    return 0;
}

double ps__default_timeout(void)
{
    return atomic_load_explicit(&default_timeout, memory_order_relaxed);
}

double ps_getdefaulttimeout(void)
{
    return ps__default_timeout();
}

static int settimeout_entered(ps_sock *s, double seconds)
{
    int code;

    if (!ps__timeout_valid(seconds))
        return PS_BAD_TIMEOUT;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    code = ps__sock_set_mode(s, seconds, ps__token(s));
    if (code != 0)
        return code;
    ps__set_timeout(s, seconds);
    if (s->streams)
        ps__stream_hold_settimeout(s->streams, seconds);
    return 0;
}

int ps_settimeout(ps_sock *s, double seconds)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_SETTIMEOUT, NULL, settimeout_entered(s, seconds));
}

double ps_gettimeout(const ps_sock *s)
{
    return s ? ps__timeout(s) : PS_NO_TIMEOUT;
}

int ps_setblocking(ps_sock *s, int flag)
{
    return ps_settimeout(s, flag ? PS_NO_TIMEOUT : 0);
}
