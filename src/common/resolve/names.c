#include "config.h"

#include "common/backend.h"
#include "common/text.h"

#include <string.h>

int ps_gethostname(char *buf, size_t n)
{
    char name[PS_HOST_MAX];
    int code;

    if (buf == NULL)
        return PS_EFAULT;
    if (n > 0)
        *buf = '\0';
    code = ps__sys_host_self(name, sizeof name);
    return code == 0 ? ps__text_copy(buf, n, name, strlen(name)) : code;
}

bool ps_has_ipv6(void)
{
    ps_handle handle;

    if (ps__sys_socket(AF_INET6, SOCK_STREAM, 0, false, &handle) != 0)
        return false;
    ps__sys_close(handle);
    return true;
}

int ps_if_nametoindex(const char *name, unsigned *index)
{
    int code;

    if (index == NULL)
        return PS_EFAULT;
    *index = 0;
    if (name == NULL)
        return PS_EFAULT;
    code = ps__sys_interface_index(name, index);
    if (code != 0)
        *index = 0;
    return code;
}

int ps_if_indextoname(unsigned index, char *name, size_t n)
{
    int code;

    if (name == NULL)
        return PS_EFAULT;
    code = n > 0 ? ps__sys_interface_name(index, name, n) : PS_BAD_LENGTH;
    if (code != 0 && n > 0)
        *name = '\0';
    return code;
}
