#include "config.h"

#include "common/backend.h"
#include "common/text.h"
#include "win32/startup.h"
#include "win32/utf16.h"

#include <string.h>

#include <iphlpapi.h>

/* An interface has a name for programs ("ethernet_32768") and one for people ("Ethernet"). */
static unsigned index_of_alias(const char *name)
{
    wchar_t alias[NDIS_IF_MAX_STRING_SIZE + 1];
    NET_LUID luid;
    NET_IFINDEX index;

    if (!ps__utf16_from_utf8(alias, NDIS_IF_MAX_STRING_SIZE + 1, name))
        return 0;
    if (ConvertInterfaceAliasToLuid(alias, &luid) != NO_ERROR ||
        ConvertInterfaceLuidToIndex(&luid, &index) != NO_ERROR)
        return 0;
    return index;
}

int ps__sys_interface_index(const char *name, unsigned *index)
{
    unsigned found = if_nametoindex(name);

    if (found == 0)
        found = index_of_alias(name);
    if (found == 0)
        return PS_BAD_SCOPE;
    *index = found;
    return 0;
}

int ps__sys_interface_name(unsigned index, char *name, size_t size)
{
    char found[NDIS_IF_MAX_STRING_SIZE + 1];

    if (!if_indextoname(index, found))
        return PS_BAD_SCOPE;
    return ps__text_copy(name, size, found, strlen(found));
}
