#include "config.h"

#include "common/backend.h"

/* On POSIX every port is exclusive: SO_REUSEADDR of a stream does not share it with a live socket,
 * and there is nothing to claim. */

int ps__sys_set_exclusive(ps_handle h, bool on)
{
    (void)h;
    (void)on;
    return PS_EOPNOTSUPP;
}

int ps__sys_has_listener(const ps_addr *a, bool dual)
{
    (void)a;
    (void)dual;
    return PS_EOPNOTSUPP;
}
