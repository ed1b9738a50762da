#include "script.h"

#include <stdio.h>

int ps__sys_getsockopt(ps_handle h, int level, int name, void *value, socklen_t *size)
{
    const fake_step *step;

    if (level == SOL_SOCKET && name == SO_ERROR && h != PS_INVALID_HANDLE &&
        !fake_is_next(SYS_GETSOCKOPT)) {
        memset(value, 0, (size_t)*size);
        return 0;
    }
    step = fake_take(SYS_GETSOCKOPT, h);
    fake_same_int(step, "level", step->level, level);
    fake_same_int(step, "name", step->name, name);
    fake_same_size(step, (size_t)*size);
    if (step->result != 0)
        return (int)step->result;
    if (step->bytes) {
        if (step->bytes_size > *size)
            fake_fail(step, "the room is too small for the script's value");
        memcpy(value, step->bytes, (size_t)step->bytes_size);
        *size = step->bytes_size;
    } else {
        memset(value, 0, (size_t)*size);
    }
    return 0;
}

int ps__sys_setsockopt(ps_handle h, int level, int name, const void *value, socklen_t size)
{
    const fake_step *step = fake_take(SYS_SETSOCKOPT, h);
    int number = 0;

    fake_same_int(step, "level", step->level, level);
    fake_same_int(step, "name", step->name, name);
    fake_same_size(step, (size_t)size);
    if (size == sizeof number) {
        memcpy(&number, value, sizeof number);
        fake_same_int(step, "the value", step->value, number);
    }
    return (int)step->result;
}

/* The request is `text`: GROUP ADDRESS INDEX. */
int ps__sys_multicast(ps_handle h, int name, const ps__multicast_request *request)
{
    const fake_step *step = fake_take(SYS_MULTICAST, h);
    const unsigned char *g = request->group, *a = request->address;
    char text[64];

    fake_same_int(step, "name", step->name, name);
    snprintf(text, sizeof text, "%d.%d.%d.%d %d.%d.%d.%d %u", g[0], g[1], g[2], g[3], a[0], a[1],
             a[2], a[3], request->index);
    if (strcmp(text, step->text) != 0)
        fake_fail(step, "the request is %s, expected %s", text, step->text);
    return (int)step->result;
}

int ps__sys_ioctl(ps_handle h, unsigned long control, unsigned long option)
{
    const fake_step *step = fake_take(SYS_IOCTL, h);

    fake_same_int(step, "control", step->name, (int)control);
    if (step->option != option)
        fake_fail(step, "option is %lu, expected %lu", option, step->option);
    return (int)step->result;
}

int ps__sys_keepalive(ps_handle h, bool on, unsigned time_ms, unsigned interval_ms)
{
    const fake_step *step = fake_take(SYS_KEEPALIVE, h);

    fake_same_switch(step, on);
    fake_same_int(step, "time", step->value, (int)time_ms);
    fake_same_int(step, "interval", step->name, (int)interval_ms);
    return (int)step->result;
}
