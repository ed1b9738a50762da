#include "config.h"

#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/wait/deadline.h"

#include <stdatomic.h>

_Atomic double ps__default_seconds = INFINITY;

int ps_setdefaulttimeout(double seconds)
{
    if (!ps__timeout_valid(seconds))
        return PS_BAD_TIMEOUT;
    atomic_store_explicit(&ps__default_seconds, seconds, memory_order_relaxed);
    return 0;
}

double ps_getdefaulttimeout(void)
{
    return ps__default_timeout();
}

int ps__sock_set_timeout(ps_sock *s, double seconds)
{
    int code;

    ps__set_timeout(s, seconds);
    code = ps__sock_set_mode(s);
    (void)ps__attached_update(s);
    return code;
}

static ptrdiff_t settimeout(ps_sock *s, void *arguments)
{
    double seconds = *(const double *)arguments;
    double before = ps__timeout(s);
    int code;

    if (!ps__timeout_valid(seconds))
        return PS_BAD_TIMEOUT;
    code = ps__sock_set_timeout(s, seconds);
    if (code != 0)
        (void)ps__sock_set_timeout(s, before);
    return code;
}

int ps_settimeout(ps_sock *s, double seconds)
{
    return (int)ps__gate(s, PS_OPERATION_SETTIMEOUT, NULL, settimeout, &seconds);
}

double ps_gettimeout(const ps_sock *s)
{
    return s ? ps__timeout(s) : PS_NO_TIMEOUT;
}

int ps_setblocking(ps_sock *s, int flag)
{
    return ps_settimeout(s, flag ? PS_NO_TIMEOUT : 0);
}

/* ---- deadlines ------------------------------------------------------------------------------- */

static int set_deadlines(ps_sock *s, struct ps__attached *a, const int64_t deadlines[2])
{
    atomic_store(&a->deadlines[PS__FOR_RECEIVING], deadlines[PS__FOR_RECEIVING]);
    atomic_store(&a->deadlines[PS__FOR_SENDING], deadlines[PS__FOR_SENDING]);
    if (deadlines[PS__FOR_RECEIVING] != PS__FOREVER || deadlines[PS__FOR_SENDING] != PS__FOREVER)
        ps__set_flags(s, PS__HAS_DEADLINE);
    else
        ps__clear_flags(s, PS__HAS_DEADLINE);
    return ps__sock_set_mode(s);
}

/* NaN is neither. */
static bool is_number(double x)
{
    return x <= 0 || x >= 0;
}

static ptrdiff_t setdeadline(ps_sock *s, void *arguments)
{
    const double *seconds = arguments;
    struct ps__attached *a;
    int64_t wanted[2], before[2];
    int code;

    if (!is_number(seconds[PS__FOR_RECEIVING]) || !is_number(seconds[PS__FOR_SENDING]))
        return PS_BAD_TIMEOUT;
    for (int i = 0; i < 2; i++)
        wanted[i] = ps__deadline_point(seconds[i]);
    if (wanted[0] == PS__FOREVER && wanted[1] == PS__FOREVER && !ps__attached(s))
        return 0;
    a = ps__attach(s);
    if (!a)
        return PS_ENOMEM;
    for (int i = 0; i < 2; i++)
        before[i] = atomic_load(&a->deadlines[i]);
    code = set_deadlines(s, a, wanted);
    if (code != 0)
        (void)set_deadlines(s, a, before);
    return code;
}

int ps_setdeadline(ps_sock *s, double receive, double send)
{
    double seconds[2];

    seconds[PS__FOR_RECEIVING] = receive;
    seconds[PS__FOR_SENDING] = send;
    return (int)ps__gate(s, PS_OPERATION_SETDEADLINE, NULL, setdeadline, seconds);
}
