/* The locks of the library under test (seams.h, and the contract's). */
#include "script.h"

static unsigned contended;

bool fake_finds_taken(void);

void fake_contend(unsigned n)
{
    contended = n;
}

bool fake_finds_taken(void)
{
    if (contended == 0)
        return false;
    contended--;
    return true;
}

/* ---- the contract's -------------------------------------------------------------------------- */

struct ps__lock {
    bool locked;
};

enum { LOCKS_MAX = 64 };

static struct ps__lock everyones, locks[LOCKS_MAX];
static int lock_count;

int ps__sys_lock_open(ps__lock **lock)
{
    const fake_step *step = fake_take_free(SYS_LOCK_OPEN);

    if (step->result != 0)
        return (int)step->result;
    *lock = &locks[lock_count++ % LOCKS_MAX];
    (*lock)->locked = false;
    return 0;
}

void ps__sys_lock_close(ps__lock *lock)
{
    ck_assert(!lock->locked);
}

/* Nothing waits, or calls the program, with a lock. */
void ps__sys_lock(ps__lock *lock)
{
    ps__lock *l = lock ? lock : &everyones;

    ck_assert(!l->locked);
    l->locked = true;
}

void ps__sys_unlock(ps__lock *lock)
{
    ps__lock *l = lock ? lock : &everyones;

    ck_assert(l->locked);
    l->locked = false;
}
