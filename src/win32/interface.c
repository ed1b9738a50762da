#include "config.h"

#include "common/backend.h"
#include "win32/startup.h"
#include "win32/utf16.h"

#include <iphlpapi.h>
#include <netioapi.h>
#include <stdlib.h>
#include <string.h>

/* An interface has two numbers, the same where it has both IPv4 and IPv6. */
static unsigned index_of(const IP_ADAPTER_ADDRESSES *adapter)
{
    return adapter->IfIndex != 0 ? adapter->IfIndex : adapter->Ipv6IfIndex;
}

/* Switched on, in Windows' words, is what the administrator said; an adapter that is not there
 * is neither. */
static void read_state(ps_interface *i, const IP_ADAPTER_ADDRESSES *adapter)
{
    MIB_IF_ROW2 row;

    i->running = adapter->OperStatus == IfOperStatusUp;
    i->up = i->running;
    memset(&row, 0, sizeof row);
    row.InterfaceIndex = i->index;
    if (GetIfEntry2(&row) == NO_ERROR)
        i->up = i->running || row.AdminStatus == NET_IF_ADMIN_STATUS_UP;
}

static void read_kind(ps_interface *i, const IP_ADAPTER_ADDRESSES *adapter)
{
    i->loopback = adapter->IfType == IF_TYPE_SOFTWARE_LOOPBACK;
    i->point_to_point = adapter->IfType == IF_TYPE_PPP || adapter->IfType == IF_TYPE_TUNNEL;
    i->wireless = adapter->IfType == IF_TYPE_IEEE80211;
    i->broadcast = adapter->IfType == IF_TYPE_ETHERNET_CSMACD || i->wireless;
    i->multicast = !(adapter->Flags & IP_ADAPTER_NO_MULTICAST);
    i->mtu = adapter->Mtu == MAXDWORD ? 0 : adapter->Mtu;
    if (adapter->PhysicalAddressLength <= sizeof i->hardware) {
        memcpy(i->hardware, adapter->PhysicalAddress, adapter->PhysicalAddressLength);
        i->hardware_length = adapter->PhysicalAddressLength;
    }
}

static int report_interface(const ps__interface_sink *sink, const IP_ADAPTER_ADDRESSES *adapter)
{
    char name[3 * NDIS_IF_MAX_STRING_SIZE + 1];
    char description[3 * NDIS_IF_MAX_STRING_SIZE + 1];
    ps_interface i = {.name = name, .description = description, .index = index_of(adapter)};

    if (ps__sys_interface_name(i.index, name, sizeof name) != 0)
        return PS_ENODEV;
    if (!adapter->FriendlyName ||
        !ps__utf8_from_utf16(description, sizeof description, adapter->FriendlyName))
        description[0] = '\0';
    read_state(&i, adapter);
    read_kind(&i, adapter);
    return sink->begin(sink->context, &i);
}

static int report_addresses(const ps__interface_sink *sink, const IP_ADAPTER_ADDRESSES *adapter)
{
    const IP_ADAPTER_UNICAST_ADDRESS *entry;
    int code = 0;

    for (entry = adapter->FirstUnicastAddress; entry && code == 0; entry = entry->Next) {
        ps_addr a;

        if (ps_addr_from_native(&a, entry->Address.lpSockaddr,
                                (size_t)entry->Address.iSockaddrLength) == 0)
            code = sink->address(sink->context, &a, entry->OnLinkPrefixLength);
    }
    return code;
}

static int report_all(const ps__interface_sink *sink, const IP_ADAPTER_ADDRESSES *adapter)
{
    int code = 0;

    for (; adapter && code == 0; adapter = adapter->Next) {
        code = report_interface(sink, adapter);
        if (code == PS_ENODEV)
            code = 0; /* it went away meanwhile */
        else if (code == 0)
            code = report_addresses(sink, adapter);
    }
    return code;
}

/* The list may grow between the call that returns its size and the one that gets it. */
int ps__sys_interfaces(const ps__interface_sink *sink)
{
    enum { FLAGS = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER };
    IP_ADAPTER_ADDRESSES *adapters = NULL;
    ULONG size = 16384, error = ERROR_BUFFER_OVERFLOW;
    int code = ps__winsock_start();

    while (code == 0 && error == ERROR_BUFFER_OVERFLOW) {
        free(adapters);
        adapters = malloc(size);
        if (!adapters)
            return PS_ENOMEM;
        error = GetAdaptersAddresses(AF_UNSPEC, FLAGS, NULL, adapters, &size);
        if (error != NO_ERROR && error != ERROR_NO_DATA && error != ERROR_BUFFER_OVERFLOW)
            code = ps__from_os((int)error);
    }
    if (code == 0 && error == NO_ERROR)
        code = report_all(sink, adapters);
    free(adapters);
    return code;
}
