#include "config.h"

#include "common/backend.h"

/* The idle time before the first probe has two names. */
#if defined TCP_KEEPIDLE
enum { IDLE_TIME = TCP_KEEPIDLE };
#elif defined TCP_KEEPALIVE
enum { IDLE_TIME = TCP_KEEPALIVE };
#endif

int ps__sys_ioctl(ps_handle h, unsigned long control, unsigned long option)
{
    (void)h;
    (void)control;
    (void)option;
    return PS_EOPNOTSUPP;
}

static int set_int(ps_handle h, int level, int name, int value)
{
    return ps__sys_setsockopt(h, level, name, &value, sizeof value);
}

static int seconds_rounded_up(unsigned milliseconds)
{
    return (int)(milliseconds / 1000 + (milliseconds % 1000 != 0));
}

int ps__sys_keepalive(ps_handle h, bool on, unsigned time_ms, unsigned interval_ms)
{
    int code = 0;

    if (on) {
#if defined TCP_KEEPIDLE || defined TCP_KEEPALIVE
        code = set_int(h, IPPROTO_TCP, IDLE_TIME, seconds_rounded_up(time_ms));
#endif
#ifdef TCP_KEEPINTVL
        if (code == 0)
            code = set_int(h, IPPROTO_TCP, TCP_KEEPINTVL, seconds_rounded_up(interval_ms));
#endif
    }
    return code != 0 ? code : set_int(h, SOL_SOCKET, SO_KEEPALIVE, on);
}
