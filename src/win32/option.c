#include "handle.h"

int ps__sys_getsockopt(ps_handle h, int level, int name, void *value, socklen_t *size)
{
    return getsockopt(h, level, name, value, size) != 0 ? ps__last_error(h) : 0;
}

int ps__sys_setsockopt(ps_handle h, int level, int name, const void *value, socklen_t size)
{
    return setsockopt(h, level, name, value, size) != 0 ? ps__last_error(h) : 0;
}
