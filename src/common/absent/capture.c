/* A system without captures. */
#include "config.h"

#include "capture/capture_backend.h"

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

int64_t ps__sys_capture_pause(const ps__sys_capture *c)
{
    (void)c;
    return PS__FOREVER;
}

int ps__sys_capture_look(ps__sys_capture *c, int ready)
{
    (void)c;
    (void)ready;
    return PS_EOPNOTSUPP;
}

int ps__sys_capture_statistics(ps__sys_capture *c, ps_capture_statistics *statistics)
{
    (void)c;
    (void)statistics;
    return PS_EOPNOTSUPP;
}

ps_handle ps__sys_capture_handle(const ps__sys_capture *c)
{
    (void)c;
    return PS_INVALID_HANDLE;
}

void ps__sys_capture_close(ps__sys_capture *c)
{
    (void)c;
}

unsigned ps__sys_capture_obstacles(const ps_interface *i, bool any, bool promiscuous)
{
    (void)i;
    (void)any;
    (void)promiscuous;
    return PS__NO_CAPTURES;
}
