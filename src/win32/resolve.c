#include "backend.h"
#include "startup.h"
#include "text.h"
#include "utf16.h"

#include <string.h>

#include <iphlpapi.h>

/* ---- hosts --------------------------------------------------------------------------------------------- */

static bool is_same_address(const ADDRINFOW *a, const ADDRINFOW *b)
{
    return a->ai_addrlen == b->ai_addrlen && memcmp(a->ai_addr, b->ai_addr, a->ai_addrlen) == 0;
}

/* Whether an earlier entry has the address, too: a hosts file may say one twice. */
static bool is_repeated(const ADDRINFOW *list, const ADDRINFOW *entry)
{
    for (; list != entry; list = list->ai_next) {
        if (is_same_address(list, entry))
            return true;
    }
    return false;
}

static bool is_inet(const ADDRINFOW *entry)
{
    return entry->ai_family == AF_INET || entry->ai_family == AF_INET6;
}

static int hand_over(const ADDRINFOW *list, ps__address_sink sink, void *context)
{
    char text[PS_HOST_MAX];
    const char *name = NULL;
    const ADDRINFOW *entry;
    int code = 0;

    if (list->ai_canonname && ps__utf8_from_utf16(text, sizeof text, list->ai_canonname))
        name = text;
    for (entry = list; entry && code == 0; entry = entry->ai_next) {
        ps_addr address = {.len = (socklen_t)entry->ai_addrlen};

        if (!is_inet(entry) || entry->ai_addrlen > sizeof address.storage || is_repeated(list, entry))
            continue;
        memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        code = sink(context, &address, name);
        name = NULL;
    }
    return code;
}

int ps__sys_resolve(const char *host, int family, int flags, ps__address_sink sink, void *context)
{
    /* With a type each address comes once on every version of Windows. */
    ADDRINFOW hints = {.ai_flags = flags, .ai_family = family, .ai_socktype = SOCK_STREAM};
    wchar_t name[PS_HOST_MAX];
    ADDRINFOW *list;
    int native;
    int code = ps__winsock_start();

    if (code == 0)
        code = ps__host_to_utf16(name, PS_HOST_MAX, host);
    if (code != 0)
        return code;
    native = GetAddrInfoW(name, NULL, &hints, &list);
    if (native != 0)
        return ps__from_resolver(native);
    code = hand_over(list, sink, context);
    FreeAddrInfoW(list);
    return code;
}

int ps__sys_host_name(const ps_addr *a, int flags, char *host, size_t size)
{
    wchar_t name[PS_HOST_MAX];
    int native;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    native = GetNameInfoW(&a->sa, a->len, name, PS_HOST_MAX, NULL, 0, flags | NI_NAMEREQD);
    if (native != 0)
        return ps__from_resolver(native);
    return ps__utf8_from_utf16(host, size, name) ? 0 : PS_EAI_OVERFLOW;
}

/* Not Winsock's gethostname: that one is in the ANSI code page. */
int ps__sys_host_self(char *name, size_t size)
{
    wchar_t own[PS_HOST_MAX];
    DWORD room = PS_HOST_MAX;

    if (!GetComputerNameExW(ComputerNamePhysicalDnsHostname, own, &room))
        return ps__from_os((int)GetLastError());
    return ps__utf8_from_utf16(name, size, own) ? 0 : PS_BAD_LENGTH;
}

/* ---- interfaces ---------------------------------------------------------------------------------------- */

/* An interface has a name for programs ("ethernet_32768") and one for people ("Ethernet"). */
static unsigned index_of_alias(const char *name)
{
    wchar_t alias[NDIS_IF_MAX_STRING_SIZE + 1];
    NET_LUID luid;
    NET_IFINDEX index;

    if (!ps__utf16_from_utf8(alias, NDIS_IF_MAX_STRING_SIZE + 1, name))
        return 0;
    if (ConvertInterfaceAliasToLuid(alias, &luid) != NO_ERROR || ConvertInterfaceLuidToIndex(&luid, &index) != NO_ERROR)
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
