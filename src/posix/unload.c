#include "config.h"

#include "common/backend.h"

#include <stdlib.h>

/* A module's atexit is its own: dlclose calls what was given to it. */
void ps__sys_at_unload(void (*release)(void))
{
    (void)atexit(release);
}
