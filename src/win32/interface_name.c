#include "config.h"

#include "common/backend.h"
#include "common/text.h"
#include "win32/startup.h"
#include "win32/utf16.h"

#include <string.h>

#include <iphlpapi.h>

enum { NAME_CAPACITY = NDIS_IF_MAX_STRING_SIZE + 1 };

/* An interface has a name for programs ("ethernet_32768") and one for people ("Ethernet"), which
 * may have any letters. if_nametoindex would read both in the ANSI code page. */
int ps__sys_interface_index(const char *name, unsigned *index)
{
    wchar_t wide[NAME_CAPACITY];
    NET_LUID luid;
    NET_IFINDEX found;

    if (!ps__utf16_from_utf8(wide, NAME_CAPACITY, name))
        return PS_BAD_SCOPE;
    if (ConvertInterfaceNameToLuidW(wide, &luid) != NO_ERROR &&
        ConvertInterfaceAliasToLuid(wide, &luid) != NO_ERROR)
        return PS_BAD_SCOPE;
    if (ConvertInterfaceLuidToIndex(&luid, &found) != NO_ERROR || found == 0)
        return PS_BAD_SCOPE;
    *index = found;
    return 0;
}

int ps__sys_interface_name(unsigned index, char *name, size_t size)
{
    wchar_t wide[NAME_CAPACITY];
    char found[3 * NAME_CAPACITY];
    NET_LUID luid;

    if (ConvertInterfaceIndexToLuid(index, &luid) != NO_ERROR ||
        ConvertInterfaceLuidToNameW(&luid, wide, NAME_CAPACITY) != NO_ERROR ||
        !ps__utf8_from_utf16(found, sizeof found, wide))
        return PS_BAD_SCOPE;
    return ps__text_copy(name, size, found, strlen(found));
}
