#include "config.h"

#include "family/interface_name.h"

#include "common/text.h"
#include "portsock/error.h"
#include "portsock/names.h"

int ps__interface_of_name(const char *ifname, unsigned *index)
{
    *index = 0;
    if (!ifname)
        return PS_BAD_ADDRESS;
    return *ifname == '\0' || ps_if_nametoindex(ifname, index) == 0 ? 0 : PS_ENODEV;
}

int ps__name_of_interface(unsigned index, char *ifname, size_t n)
{
    int code = index == 0 ? PS_BAD_SCOPE : ps_if_indextoname(index, ifname, n);

    return code == PS_BAD_SCOPE ? ps__text_copy(ifname, n, "", 0) : code;
}
