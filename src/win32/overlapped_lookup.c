/* Lookups in threads of Windows, which can be ended early: overlapped GetAddrInfoExW. */
#include "config.h"

#include "win32/resolve.h"
#include "win32/system_function.h"
#include "win32/utf16.h"

#include <stdlib.h>

/* ---- whether this version and this thread can ------------------------------------------------ */

typedef int(WSAAPI *cancel_function)(LPHANDLE handle);

/* GetAddrInfoExW exists before Windows 8, too, but refuses overlapped lookups there. This function
 * came together with them. */
static cancel_function find_cancel(void)
{
    return (cancel_function)ps__find_function(L"ws2_32.dll", "GetAddrInfoExCancel");
}

typedef LONG(NTAPI *open_token)(HANDLE thread, ACCESS_MASK access, BOOLEAN as_process,
                                HANDLE *token);

/* Whether this thread acts in the name of a client: whether it has a token of its own, even one
 * that it may not open. By NtOpenThreadToken, since the library does not link advapi32, which has
 * OpenThreadToken. */
static bool is_impersonating(void)
{
    enum { NO_TOKEN = 0x7c }; /* the lower half of STATUS_NO_TOKEN */
    open_token open = (open_token)ps__find_function(L"ntdll.dll", "NtOpenThreadToken");
    HANDLE token;
    LONG status;

    if (!open)
        return false;
    status = open(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);
    if (status >= 0)
        CloseHandle(token);
    return status >= 0 || (status & 0xffff) != NO_TOKEN;
}

/* Windows refuses overlapped lookups of a thread that impersonates a client. */
static bool is_possible(void)
{
    return find_cancel() && !is_impersonating();
}

/* Whether GetAddrInfoExW may have refused to look up in the background, which says nothing about
 * the name: WSAEINVAL from a version without overlapped lookups, the two others in a thread that
 * impersonates (the last one on Windows 8). The answer of a name server never comes at once. */
static bool is_refusal(int native)
{
    return native == WSAEINVAL || native == WSATRY_AGAIN || native == WSA_E_CANCELLED;
}

/* ---- a lookup -------------------------------------------------------------------------------- */

/* One lookup, owned by the system until it has completed, and by the caller until it leaves. The
 * last owner frees it. */
typedef struct overlapped_lookup {
    OVERLAPPED overlapped; /* MUST be first: the completion routine gets its address */
    ADDRINFOEXW hints;
    PADDRINFOEXW list;
    HANDLE cancel;
    LONG owners;
    LONG completed;
    ps__address_sink sink;
    ps__resolve_end end;
    void *context;
    wchar_t name[PS_HOST_MAX];
} overlapped_lookup;

static void release(overlapped_lookup *l)
{
    if (InterlockedDecrement(&l->owners) == 0)
        free(l);
}

static int hand_over(const overlapped_lookup *l)
{
    const wchar_t *name = l->list ? l->list->ai_canonname : NULL;
    PADDRINFOEXW entry = l->list;
    int code = 0;

    while (entry && code == 0) {
        code = ps__report_address(entry->ai_addr, entry->ai_addrlen, name, l->sink, l->context);
        name = NULL;
        entry = (PADDRINFOEXW)entry->ai_next;
    }
    return code;
}

static void complete(overlapped_lookup *l, int native)
{
    int code;

    InterlockedExchange(&l->completed, 1);
    code = native == 0 ? hand_over(l) : ps__from_resolver(native);
    if (l->list)
        FreeAddrInfoExW(l->list);
    l->end(l->context, code);
    release(l);
}

/* May run before GetAddrInfoExW returns. */
static void CALLBACK completion(DWORD error, DWORD bytes, OVERLAPPED *overlapped)
{
    (void)bytes;
    complete((overlapped_lookup *)overlapped, (int)error);
}

static int make_lookup(const ps__resolve_request *request, overlapped_lookup **made)
{
    overlapped_lookup *l = calloc(1, sizeof *l);
    int code;

    if (!l)
        return PS_ENOMEM;
    code = ps__host_to_utf16(l->name, PS_HOST_MAX, request->host);
    if (code != 0) {
        free(l);
        return code;
    }
    l->hints.ai_flags = request->flags;
    l->hints.ai_family = request->family;
    l->hints.ai_socktype = SOCK_STREAM;
    l->owners = 2;
    l->sink = request->sink;
    l->end = request->end;
    l->context = request->context;
    *made = l;
    return 0;
}

int ps__overlapped_start(const ps__resolve_request *request, void **resolving)
{
    overlapped_lookup *l;
    int native;
    int code;

    if (!is_possible())
        return PS__NOT_OVERLAPPED;
    code = make_lookup(request, &l);
    if (code != 0)
        return code;
    *resolving = l;
    native = GetAddrInfoExW(l->name, NULL, NS_ALL, NULL, &l->hints, &l->list, NULL, &l->overlapped,
                            /* a data pointer in MinGW's headers */
                            (LPLOOKUPSERVICE_COMPLETION_ROUTINE)(uintptr_t)completion, &l->cancel);
    if (is_refusal(native)) {
        free(l);
        return PS__NOT_OVERLAPPED;
    }
    if (native != WSA_IO_PENDING)
        complete(l, native);
    return 0;
}

/* A lookup may complete just before the cancel, which then refuses its handle and does no harm.
 * Wine returns no handle, and such a lookup ends by itself. */
void ps__overlapped_leave(void *resolving)
{
    overlapped_lookup *l = resolving;
    cancel_function cancel = find_cancel();

    if (cancel && l->cancel && !InterlockedCompareExchange(&l->completed, 0, 0))
        (void)cancel(&l->cancel);
    release(l);
}
