#include "config.h"

#include "win32/resolve.h"

#include "win32/startup.h"
#include "win32/utf16.h"

#include <string.h>

/* ---- hosts ----------------------------------------------------------------------------------- */

int ps__report_address(const struct sockaddr *address, size_t size, const wchar_t *name,
                       ps__address_sink sink, void *context)
{
    char text[PS_HOST_MAX];
    ps_addr a = {.len = (socklen_t)size};

    if ((address->sa_family != AF_INET && address->sa_family != AF_INET6) ||
        size > sizeof a.storage)
        return 0;
    memcpy(&a.storage, address, size);
    return sink(context, &a, name && ps__utf8_from_utf16(text, sizeof text, name) ? text : NULL);
}

static int hand_over(const ADDRINFOW *list, ps__address_sink sink, void *context)
{
    const wchar_t *name = list->ai_canonname;
    int code = 0;

    for (; list && code == 0; list = list->ai_next) {
        code = ps__report_address(list->ai_addr, list->ai_addrlen, name, sink, context);
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

/* ---- the same in the background -------------------------------------------------------------- */

int ps__sys_resolve_start(const char *host, int family, int flags, ps__address_sink sink,
                          ps__resolve_end end, void *context, void **resolving)
{
    const ps__resolve_request request = {host, family, flags, sink, end, context};
    int code = ps__winsock_start();

    if (code == 0)
        code = ps__overlapped_start(&request, resolving);
    if (code != PS__NOT_OVERLAPPED)
        return code;
    *resolving = NULL;
    return ps__resolve_in_thread(&request);
}

/* Nothing ends the lookup of a thread. */
void ps__sys_resolve_leave(void *resolving)
{
    if (resolving)
        ps__overlapped_leave(resolving);
}

/* ---- names of addresses, and this machine's -------------------------------------------------- */

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
    DWORD capacity = PS_HOST_MAX;

    if (!GetComputerNameExW(ComputerNamePhysicalDnsHostname, own, &capacity))
        return ps__from_os((int)GetLastError());
    return ps__utf8_from_utf16(name, size, own) ? 0 : PS_BAD_LENGTH;
}
