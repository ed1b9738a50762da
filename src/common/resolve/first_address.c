#include "config.h"

#include "common/resolve/first_address.h"

#include "common/resolve/host.h"

static int keep_first(void *context, const ps_addr *address, const char *canonname)
{
    ps_addr *first = context;

    (void)canonname;
    if (first->len == 0)
        *first = *address;
    return 0;
}

int ps__resolve_first(const char *host, int family, ps__limit *limit, ps_addr *a)
{
    int code;

    a->len = 0;
    code = ps__host_addresses(host, family, 0, limit, keep_first, a);
    if (code != 0)
        a->len = 0;
    else if (a->len == 0)
        code = PS_EAI_NONAME;
    return code;
}
