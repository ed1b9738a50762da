#include "family.h"

#include "backend.h"

const ps__family *const *ps__sys_families(void)
{
    static const ps__family *const families[] = {&ps__family_inet, &ps__family_inet6, &ps__family_unix, NULL};

    return families;
}
