#include "backend.h"

#include <dlfcn.h>
#include <stdatomic.h>

/* A program file that has the library in it stays mapped anyway; the system finds no module for it, which is no failure. */
void ps__sys_stay_mapped(void)
{
    static atomic_bool stays;
    Dl_info module;

    if (atomic_load(&stays))
        return;
    if (dladdr(&stays, &module) != 0 && module.dli_fname)
        (void)dlopen(module.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
    atomic_store(&stays, true);
}
