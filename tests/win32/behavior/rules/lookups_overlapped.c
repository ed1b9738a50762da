/*
 * Lookups in the background, from Windows 8 on. The completion routine runs in a thread of the
 * system, maybe before GetAddrInfoExW returns WSA_IO_PENDING. If it returns anything else, there is
 * no completion. GetAddrInfoExCancel completes the lookup at once, with WSA_E_CANCELLED and
 * without addresses; for a lookup that has completed it returns WSA_INVALID_HANDLE. (Wine returns
 * no handle and cancels nothing.)
 *
 * Sources: Microsoft, GetAddrInfoExW and GetAddrInfoExCancel; .NET, NameResolutionPal.Windows.cs.
 */
#include "lookups.h"

#include "../layer.h"

#include <stdlib.h>

static functions next;

/* ---- what tests set and count ---------------------------------------------------------------- */

static volatile LONG fixed_way = LOOKUP_WAYS;
static volatile LONG refusal;
static volatile LONG held;
static volatile LONG too_late;
static volatile LONG begun, ended, canceled, canceled_late, lists;

void set_lookup_way(lookup_way way)
{
    InterlockedExchange(&fixed_way, (LONG)way);
}

void set_lookup_refusal(int number)
{
    InterlockedExchange(&refusal, number);
}

void hold_lookups(bool on)
{
    InterlockedExchange(&held, on);
}

void let_cancels_come_too_late(bool on)
{
    InterlockedExchange(&too_late, on);
}

long lookups_begun(void)
{
    return begun;
}

long lookups_ended(void)
{
    return ended;
}

long lookups_canceled(void)
{
    return canceled;
}

long lookups_canceled_late(void)
{
    return canceled_late;
}

long lookup_lists(void)
{
    return lists;
}

/* ---- lookups in progress --------------------------------------------------------------------- */

/* MinGW's headers have a data pointer for it. */
typedef void(CALLBACK *completion_function)(DWORD error, DWORD bytes, OVERLAPPED *overlapped);

/* What Wine works on is the rule's own, since it goes on after the cancel. */
typedef struct lookup {
    OVERLAPPED own; /* first: the completion gets its address */
    ADDRINFOEXW *own_list;
    ADDRINFOEXW **list;
    OVERLAPPED *overlapped;
    completion_function done;
    HANDLE number;
    HANDLE has_ended; /* NULL: nothing waits for it */
    struct lookup *rest;
} lookup;

static SRWLOCK lock = SRWLOCK_INIT;
static lookup *in_progress;

static void add(lookup *l)
{
    static ULONG_PTR numbers;

    AcquireSRWLockExclusive(&lock);
    l->number = (HANDLE)(++numbers * 4);
    l->rest = in_progress;
    in_progress = l;
    ReleaseSRWLockExclusive(&lock);
}

/* Takes a lookup out; false: it is not in progress. */
static bool take_out(const lookup *wanted, HANDLE number, lookup *copy)
{
    lookup **at = &in_progress;
    bool found;

    AcquireSRWLockExclusive(&lock);
    while (*at != NULL && *at != wanted && (*at)->number != number)
        at = &(*at)->rest;
    found = *at != NULL;
    if (found) {
        *copy = **at;
        *at = (*at)->rest;
    }
    ReleaseSRWLockExclusive(&lock);
    return found;
}

static void hand_over(ADDRINFOEXW **list, ADDRINFOEXW *own)
{
    if (own != NULL)
        InterlockedIncrement(&lists);
    *list = own;
}

static void CALLBACK complete(DWORD error, DWORD bytes, OVERLAPPED *overlapped)
{
    lookup *l = (lookup *)overlapped;
    HANDLE has_ended = l->has_ended;
    lookup copy;

    while (held)
        Sleep(1);
    if (take_out(l, NULL, &copy)) {
        InterlockedIncrement(&ended);
        hand_over(copy.list, copy.own_list);
        copy.done(error, bytes, copy.overlapped);
    } else if (l->own_list != NULL) {
        next.FreeAddrInfoExW(l->own_list);
    }
    free(l);
    if (has_ended != NULL)
        SetEvent(has_ended);
}

/* ---- the three functions --------------------------------------------------------------------- */

static int start(const WCHAR *node, const WCHAR *service, DWORD space, GUID *provider,
                 const ADDRINFOEXW *hints, lookup *l, bool early)
{
    HANDLE has_ended = early ? CreateEventW(NULL, TRUE, FALSE, NULL) : NULL;
    int native;

    l->has_ended = has_ended;
    native =
        next.GetAddrInfoExW(node, service, space, provider, hints, &l->own_list, NULL, &l->own,
                            (LPLOOKUPSERVICE_COMPLETION_ROUTINE)(uintptr_t)complete, &(HANDLE){0});
    if (native != WSA_IO_PENDING)
        abort(); /* Wine always begins */
    if (early) {
        WaitForSingleObject(has_ended, INFINITE);
        CloseHandle(has_ended);
    }
    return native;
}

static lookup_way way_of(LONG number)
{
    return fixed_way != LOOKUP_WAYS ? (lookup_way)fixed_way : (lookup_way)(number % LOOKUP_WAYS);
}

static INT WSAAPI rule_GetAddrInfoExW(const WCHAR *node, const WCHAR *service, DWORD space,
                                      GUID *provider, const ADDRINFOEXW *hints, ADDRINFOEXW **list,
                                      struct timeval *time, OVERLAPPED *overlapped,
                                      LPLOOKUPSERVICE_COMPLETION_ROUTINE done, HANDLE *handle)
{
    ADDRINFOEXW *own_list = NULL;
    lookup_way way;
    lookup *l;
    int native;

    if (overlapped == NULL)
        return next.GetAddrInfoExW(node, service, space, provider, hints, list, time, NULL, NULL,
                                   NULL);
    way = way_of(InterlockedIncrement(&begun));
    if (refusal != 0)
        return refusal;
    if (way == AT_ONCE) {
        native = next.GetAddrInfoExW(node, service, space, provider, hints, &own_list, time, NULL,
                                     NULL, NULL);
        InterlockedIncrement(&ended);
        hand_over(list, native == 0 ? own_list : NULL);
        return native;
    }
    l = calloc(1, sizeof *l);
    if (l == NULL)
        abort();
    l->list = list;
    l->overlapped = overlapped;
    l->done = (completion_function)(uintptr_t)done;
    add(l);
    *handle = l->number;
    return start(node, service, space, provider, hints, l, way == EARLY);
}

static bool is_in_progress(HANDLE number)
{
    const lookup *l;

    AcquireSRWLockExclusive(&lock);
    for (l = in_progress; l != NULL && l->number != number;)
        l = l->rest;
    ReleaseSRWLockExclusive(&lock);
    return l != NULL;
}

static INT WSAAPI rule_GetAddrInfoExCancel(HANDLE *handle)
{
    lookup copy;

    while (too_late && is_in_progress(*handle))
        hold_lookups(false);
    if (!take_out(NULL, *handle, &copy)) {
        InterlockedIncrement(&canceled_late);
        return WSA_INVALID_HANDLE;
    }
    InterlockedIncrement(&canceled);
    copy.done(WSA_E_CANCELLED, 0, copy.overlapped);
    return 0;
}

static void WSAAPI rule_FreeAddrInfoExW(ADDRINFOEXW *list)
{
    InterlockedDecrement(&lists);
    next.FreeAddrInfoExW(list);
}

const rule lookups_overlapped_rule = {
    .from = WINDOWS_8,
    .next = &next,
    .stands_before = {.GetAddrInfoExW = rule_GetAddrInfoExW,
                      .GetAddrInfoExCancel = rule_GetAddrInfoExCancel,
                      .FreeAddrInfoExW = rule_FreeAddrInfoExW},
};
