#include "config.h"

#include "common/backend.h"

bool ps__sys_end_is_certain(void)
{
    return true;
}
