#include "config.h"

#include "common/backend.h"

int ps_if_nametoindex(const char *name, unsigned *index)
{
    int code;

    if (!index)
        return PS_EFAULT;
    *index = 0;
    if (!name)
        return PS_EFAULT;
    code = ps__sys_interface_index(name, index);
    if (code != 0)
        *index = 0;
    return code;
}

int ps_if_indextoname(unsigned index, char *name, size_t n)
{
    int code;

    if (!name)
        return PS_EFAULT;
    code = n > 0 ? ps__sys_interface_name(index, name, n) : PS_BAD_LENGTH;
    if (code != 0 && n > 0)
        *name = '\0';
    return code;
}
