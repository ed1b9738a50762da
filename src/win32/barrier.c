#include "config.h"

#include "common/backend.h"

/* FlushProcessWriteBuffers would be one, but a call of Winsock costs a thousand times what a locked
 * instruction does. */
bool ps__sys_has_barrier(void)
{
    return false;
}

int ps__sys_barrier(void)
{
    return PS_EOPNOTSUPP;
}
