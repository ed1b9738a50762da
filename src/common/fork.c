#include "config.h"

#include "common/fork.h"

#include "common/backend.h"
#include "common/resolve/background.h"

_Atomic(unsigned short) ps__current_generation;

/* Only what a signal handler may do, too. */
static void begin_child(void)
{
    unsigned short generation = (unsigned short)(atomic_load(&ps__current_generation) + 1);

    atomic_store(&ps__current_generation, generation != 0 ? generation : (unsigned short)1);
    ps__task_forget();
}

/* Two threads may both come here: a child is then two generations away. Without memory for the
 * handler forks go unnoticed. */
unsigned short ps__first_generation(void)
{
    (void)ps__sys_at_fork(begin_child);
    atomic_store(&ps__current_generation, (unsigned short)1);
    return 1;
}
