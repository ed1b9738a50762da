#include "script.h"

enum { BELLS_MAX = 256 };

static bool rings[BELLS_MAX];

bool fake_rings(int n)
{
    return rings[n];
}

/* One handle for both ends. */
int ps__sys_bell_open(ps__bell *bell)
{
    const fake_step *step = fake_take_free(SYS_BELL_OPEN);

    if (step->result != 0)
        return (int)step->result;
    bell->listen = fake_open();
    bell->ring = bell->listen;
    ck_assert_int_lt(fake_number(bell->listen), BELLS_MAX);
    rings[fake_number(bell->listen)] = false;
    return 0;
}

void ps__sys_bell_ring(const ps__bell *bell)
{
    rings[fake_number(bell->ring)] = true;
}

void ps__sys_bell_still(const ps__bell *bell)
{
    rings[fake_number(bell->listen)] = false;
}

void ps__sys_bell_close(const ps__bell *bell)
{
    ps__sys_close(bell->listen);
}
