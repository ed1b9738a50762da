#include "config.h"

#include "common/backend.h"

/* There is no fork. */
int ps__sys_at_fork(void (*child)(void))
{
    (void)child;
    return 0;
}
