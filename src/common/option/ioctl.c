#include "config.h"

#include "common/socket/gate.h"
#include "common/socket/port_sharing.h"
#include "common/socket/socket.h"

typedef struct control_arguments {
    unsigned long control;
    unsigned long option;
} control_arguments;

static ptrdiff_t control(ps_sock *s, void *arguments)
{
    const control_arguments *a = arguments;
    int code = ps__sys_ioctl(s->handle, a->control, a->option);

#ifdef SIO_UDP_CONNRESET
    if (code == 0 && a->control == SIO_UDP_CONNRESET)
        ps__port_set(s, PS__PORT_REFUSALS, a->option != 0);
#endif
    return code;
}

int ps_ioctl(ps_sock *s, unsigned long control_code, unsigned long option)
{
    control_arguments arguments = {control_code, option};

    return (int)ps__gate(s, PS_OPERATION_IOCTL, NULL, control, &arguments);
}

typedef struct keepalive_arguments {
    bool on;
    unsigned time_ms;
    unsigned interval_ms;
} keepalive_arguments;

static ptrdiff_t set_keepalive(ps_sock *s, void *arguments)
{
    const keepalive_arguments *a = arguments;

    if (!ps__is_stream(s) || !ps__is_inet(s))
        return PS_ENOPROTOOPT;
    if (a->on && (a->time_ms == 0 || a->interval_ms == 0))
        return PS_EINVAL;
    return ps__sys_keepalive(s->handle, a->on, a->time_ms, a->interval_ms);
}

int ps_ioctl_keepalive(ps_sock *s, bool on, unsigned time_ms, unsigned interval_ms)
{
    keepalive_arguments arguments = {on, time_ms, interval_ms};

    return (int)ps__gate(s, PS_OPERATION_IOCTL, NULL, set_keepalive, &arguments);
}
