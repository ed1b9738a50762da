#include "config.h"

#include "common/backend.h"

#include <stdlib.h>

struct ps__lock {
    SRWLOCK native;
};

static ps__lock everyones = {SRWLOCK_INIT};

int ps__sys_lock_open(ps__lock **lock)
{
    ps__lock *made = malloc(sizeof *made);

    if (!made)
        return PS_ENOMEM;
    InitializeSRWLock(&made->native);
    *lock = made;
    return 0;
}

void ps__sys_lock_close(ps__lock *lock)
{
    free(lock);
}

void ps__sys_lock(ps__lock *lock)
{
    AcquireSRWLockExclusive(lock ? &lock->native : &everyones.native);
}

void ps__sys_unlock(ps__lock *lock)
{
    ReleaseSRWLockExclusive(lock ? &lock->native : &everyones.native);
}
