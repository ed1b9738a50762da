#include "config.h"

#include "common/socket/gate.h"
#include "common/socket/socket.h"

#include <limits.h>

/* macOS counts SO_LINGER in ticks of the clock. */
#ifdef SO_LINGER_SEC
enum { LINGER_OPTION = SO_LINGER_SEC };
#else
enum { LINGER_OPTION = SO_LINGER };
#endif

typedef struct linger_arguments {
    bool on;
    int seconds;
    bool *on_result; /* where they go to that are read */
    int *seconds_result;
} linger_arguments;

static ptrdiff_t set_linger(ps_sock *s, void *arguments)
{
    const linger_arguments *a = arguments;
    struct linger linger = {0};

    if (!ps__is_stream(s))
        return PS_ENOPROTOOPT;
    if (a->on && (a->seconds < 0 || a->seconds > SHRT_MAX))
        return PS_EINVAL;
    linger.l_onoff = a->on;
    if (a->on)
        linger.l_linger = (unsigned short)a->seconds;
    return ps__sys_setsockopt(s->handle, SOL_SOCKET, LINGER_OPTION, &linger, sizeof linger);
}

int ps_setlinger(ps_sock *s, bool on, int seconds)
{
    linger_arguments arguments = {.on = on, .seconds = seconds};

    return (int)ps__gate(s, PS_OPERATION_SETSOCKOPT, NULL, set_linger, &arguments);
}

static ptrdiff_t get_linger(ps_sock *s, void *arguments)
{
    const linger_arguments *a = arguments;
    struct linger linger = {0};
    socklen_t size = sizeof linger;
    int code;

    if (!a->on_result || !a->seconds_result)
        return PS_EFAULT;
    if (!ps__is_stream(s))
        return PS_ENOPROTOOPT;
    code = ps__sys_getsockopt(s->handle, SOL_SOCKET, LINGER_OPTION, &linger, &size);
    if (code == 0 && linger.l_onoff) {
        *a->on_result = true;
        *a->seconds_result = linger.l_linger;
    }
    return code;
}

int ps_getlinger(ps_sock *s, bool *on, int *seconds)
{
    linger_arguments arguments = {.on_result = on, .seconds_result = seconds};

    if (on)
        *on = false;
    if (seconds)
        *seconds = 0;
    return (int)ps__gate(s, PS_OPERATION_GETSOCKOPT, NULL, get_linger, &arguments);
}
