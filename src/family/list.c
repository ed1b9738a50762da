#include "config.h"

#include "family/family.h"

static const ps__family *const families[] = {
#define FAMILY(name) &ps__family_##name,
#include "family/families.def"
    NULL,
};

const ps__family *const *ps__families(void)
{
    return families;
}
