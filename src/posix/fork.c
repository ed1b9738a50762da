#include "config.h"

#include "common/backend.h"

#include <pthread.h>

int ps__sys_at_fork(void (*child)(void))
{
    return pthread_atfork(NULL, NULL, child) == 0 ? 0 : PS_ENOMEM;
}
