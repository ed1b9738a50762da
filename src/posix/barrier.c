/* A memory barrier in all threads, as Linux has it. */
#include "config.h"

#include "common/backend.h"

#include <errno.h>

#if PS__HAVE_MEMBARRIER

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

static int membarrier(int command)
{
    return (int)syscall(SYS_membarrier, command, 0, 0);
}

bool ps__sys_has_barrier(void)
{
    int before = errno;
    int commands = membarrier(MEMBARRIER_CMD_QUERY);

    errno = before;
    return commands > 0 && commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED;
}

/* The system says EPERM to a process that has not registered: not before it is needed, since that
 * takes some 10 ms where there are several threads. */
int ps__sys_barrier(void)
{
    int status = membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);

    if (status < 0 && errno == EPERM && membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0)
        status = membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    return status < 0 ? ps__from_os(errno) : 0;
}

#else

bool ps__sys_has_barrier(void)
{
    return false;
}

int ps__sys_barrier(void)
{
    return PS_EOPNOTSUPP;
}

#endif
