/* The locks of the library under test (seams.h). */
#include "fake.h"

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
