#include "config.h"

#include "common/backend.h"
#include "common/text.h"
#include "win32/startup.h"
#include "win32/utf16.h"

#include <stdlib.h>
#include <string.h>

#include <iphlpapi.h>

/* ---- hosts ----------------------------------------------------------------------------------- */

static int report(const struct sockaddr *address, size_t size, const char *name,
                  ps__address_sink sink, void *context)
{
    ps_addr a = {.len = (socklen_t)size};

    if ((address->sa_family != AF_INET && address->sa_family != AF_INET6) ||
        size > sizeof a.storage)
        return 0;
    memcpy(&a.storage, address, size);
    return sink(context, &a, name);
}

/* The name in UTF-8, or NULL for none. */
static const char *canonical_name(char text[PS_HOST_MAX], const wchar_t *name)
{
    return name && ps__utf8_from_utf16(text, PS_HOST_MAX, name) ? text : NULL;
}

static int hand_over(const ADDRINFOW *list, ps__address_sink sink, void *context)
{
    char text[PS_HOST_MAX];
    const char *name = canonical_name(text, list->ai_canonname);
    int code = 0;

    for (; list && code == 0; list = list->ai_next) {
        code = report(list->ai_addr, list->ai_addrlen, name, sink, context);
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

/* ---- the same, by Windows' own threads ------------------------------------------------------- */

/* One lookup: the system's until it has completed, and the caller's until it leaves; the last
 * frees it. */
typedef struct overlapped_lookup {
    OVERLAPPED overlapped; /* first: the completion gets its address */
    ADDRINFOEXW hints;
    PADDRINFOEXW list;
    HANDLE cancel;
    LONG holders;
    LONG completed;
    ps__address_sink sink;
    ps__resolve_end end;
    void *context;
    wchar_t name[PS_HOST_MAX];
} overlapped_lookup;

static void let_go(overlapped_lookup *l)
{
    if (InterlockedDecrement(&l->holders) == 0)
        free(l);
}

static int hand_over_list(const overlapped_lookup *l)
{
    char text[PS_HOST_MAX];
    const char *name = l->list ? canonical_name(text, l->list->ai_canonname) : NULL;
    PADDRINFOEXW entry = l->list;
    int code = 0;

    while (entry && code == 0) {
        code = report(entry->ai_addr, entry->ai_addrlen, name, l->sink, l->context);
        name = NULL;
        entry = (PADDRINFOEXW)entry->ai_next;
    }
    return code;
}

static void complete(overlapped_lookup *l, int native)
{
    int code;

    InterlockedExchange(&l->completed, 1);
    code = native == 0 ? hand_over_list(l) : ps__from_resolver(native);
    if (l->list)
        FreeAddrInfoExW(l->list);
    l->end(l->context, code);
    let_go(l);
}

static void CALLBACK completion(DWORD error, DWORD bytes, OVERLAPPED *overlapped)
{
    (void)bytes;
    complete((overlapped_lookup *)overlapped, (int)error);
}

static overlapped_lookup *make_lookup(int family, int flags, ps__address_sink sink,
                                      ps__resolve_end end, void *context)
{
    overlapped_lookup *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->hints.ai_flags = flags;
    l->hints.ai_family = family;
    l->hints.ai_socktype = SOCK_STREAM;
    l->holders = 2;
    l->sink = sink;
    l->end = end;
    l->context = context;
    return l;
}

int ps__sys_resolve_start(const char *host, int family, int flags, ps__address_sink sink,
                          ps__resolve_end end, void *context, void **resolving)
{
    overlapped_lookup *l;
    int native;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    l = make_lookup(family, flags, sink, end, context);
    if (!l)
        return PS_ENOMEM;
    code = ps__host_to_utf16(l->name, PS_HOST_MAX, host);
    if (code != 0) {
        free(l);
        return code;
    }
    *resolving = l;
    native = GetAddrInfoExW(l->name, NULL, NS_ALL, NULL, &l->hints, &l->list, NULL, &l->overlapped,
                            /* a data pointer in MinGW's headers */
                            (LPLOOKUPSERVICE_COMPLETION_ROUTINE)(uintptr_t)completion, &l->cancel);
    if (native != WSA_IO_PENDING)
        complete(l, native);
    return 0;
}

typedef int(WSAAPI *cancel_function)(LPHANDLE handle);

/* Looked up at run time: MinGW's headers do not declare it. */
static void cancel(HANDLE *handle)
{
    HMODULE module = GetModuleHandleW(L"ws2_32.dll");
    FARPROC found = module ? GetProcAddress(module, "GetAddrInfoExCancel") : NULL;

    if (found)
        ((cancel_function)(void (*)(void))found)(handle);
}

/* The system refuses the handle of a lookup that completes at this moment. Wine returns no handle,
 * and ends nothing early. */
void ps__sys_resolve_leave(void *resolving)
{
    overlapped_lookup *l = resolving;

    if (l->cancel && !InterlockedCompareExchange(&l->completed, 0, 0))
        cancel(&l->cancel);
    let_go(l);
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
