/* A system without captures. */
#include "config.h"

#if !PS__HAVE_PACKET && !PS__HAVE_BPF

#include "capture/backend.h"

int ps__sys_capture_open(ps__sys_capture **c, const ps__capture_setup *setup, int *link_type)
{
    (void)c;
    (void)setup;
    (void)link_type;
    return PS_EOPNOTSUPP;
}

int ps__sys_capture_filter(ps__sys_capture *c, const ps_filter_instruction *program, size_t count)
{
    (void)c;
    (void)program;
    (void)count;
    return PS_EOPNOTSUPP;
}

int ps__sys_capture_start(ps__sys_capture *c)
{
    (void)c;
    return PS_EOPNOTSUPP;
}

int ps__sys_capture_next(ps__sys_capture *c, ps_packet *packet)
{
    (void)c;
    (void)packet;
    return PS_EOPNOTSUPP;
}

double ps__sys_capture_pause(const ps__sys_capture *c)
{
    (void)c;
    return PS_NO_TIMEOUT;
}

int ps__sys_capture_look(ps__sys_capture *c, int revents)
{
    (void)c;
    (void)revents;
    return PS_EOPNOTSUPP;
}

int ps__sys_capture_statistics(ps__sys_capture *c, ps_capture_statistics *statistics)
{
    (void)c;
    (void)statistics;
    return PS_EOPNOTSUPP;
}

ps_sock *ps__sys_capture_socket(ps__sys_capture *c)
{
    (void)c;
    return NULL;
}

void ps__sys_capture_close(ps__sys_capture *c)
{
    (void)c;
}

unsigned ps__sys_capture_preflight(const ps_interface *i, bool any, bool promiscuous)
{
    (void)i;
    (void)any;
    (void)promiscuous;
    return PS__NO_CAPTURES;
}

#endif
