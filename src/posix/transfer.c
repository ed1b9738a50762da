#include "config.h"

#include "posix/handle.h"

int ps__transfer_failure(void)
{
    return ps__last_error();
}

bool ps__sys_end_is_certain(void)
{
    return true;
}
