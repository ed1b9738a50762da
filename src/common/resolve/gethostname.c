#include "config.h"

#include "common/backend.h"
#include "common/text.h"

#include <string.h>

int ps_gethostname(char *buf, size_t n)
{
    char name[PS_HOST_MAX];
    int code;

    if (!buf)
        return PS_EFAULT;
    if (n > 0)
        *buf = '\0';
    code = ps__sys_host_self(name, sizeof name);
    return code == 0 ? ps__text_copy(buf, n, name, strlen(name)) : code;
}

bool ps_has_ipv6(void)
{
    ps_handle handle = PS_INVALID_HANDLE;

    if (ps__sys_socket(AF_INET6, SOCK_STREAM, 0, false, &handle) != 0)
        return false;
    ps__sys_close(handle);
    return true;
}
