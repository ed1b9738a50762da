/* A barrier in all threads, which a story may have. */
#include "script.h"

static bool there_is_one;

void fake_have_barrier(void)
{
    there_is_one = true;
}

bool ps__sys_has_barrier(void)
{
    return there_is_one;
}

int ps__sys_barrier(void)
{
    return (int)fake_take_free(SYS_BARRIER)->result;
}
