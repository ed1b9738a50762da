/*
 * Time passes in ticks of 15.625 ms: the clocks of the system stand still between two, and a wait
 * ends at the first tick at which its time has passed since the last one. So it ends up to a tick
 * too early, or too late.
 *
 * Sources: Microsoft, GetTickCount64 (10 to 16 ms), Sleep (a time is counted in ticks, and may end
 * before it), "Wait Functions and Time-out Intervals". QueryPerformanceCounter is exact.
 */
#include "../layer.h"

#include <stdint.h>

static functions next;

/* In units of 100 ns. */
#define TICK 156250
#define MILLISECOND 10000

static int64_t now(void)
{
    LARGE_INTEGER count, frequency;

    next.QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return count.QuadPart / frequency.QuadPart * 1000 * MILLISECOND +
           count.QuadPart % frequency.QuadPart * 1000 * MILLISECOND / frequency.QuadPart;
}

/* How long a wait of that time lasts that begins now. */
static int64_t until_tick(int64_t time)
{
    int64_t begin = now(), last = begin / TICK * TICK;

    return (last + time + TICK - 1) / TICK * TICK - begin;
}

static DWORD ticks(DWORD milliseconds)
{
    if (milliseconds == 0 || milliseconds == INFINITE)
        return milliseconds;
    return (DWORD)((until_tick((int64_t)milliseconds * MILLISECOND) + MILLISECOND - 1) /
                   MILLISECOND);
}

/* ---- waits ----------------------------------------------------------------------------------- */

static void WINAPI rule_Sleep(DWORD milliseconds)
{
    next.Sleep(ticks(milliseconds));
}

static DWORD WINAPI rule_SleepEx(DWORD milliseconds, BOOL alertable)
{
    return next.SleepEx(ticks(milliseconds), alertable);
}

static DWORD WINAPI rule_WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
    return next.WaitForSingleObject(handle, ticks(milliseconds));
}

static DWORD WINAPI rule_WaitForSingleObjectEx(HANDLE handle, DWORD milliseconds, BOOL alertable)
{
    return next.WaitForSingleObjectEx(handle, ticks(milliseconds), alertable);
}

static DWORD WINAPI rule_WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all,
                                                DWORD milliseconds)
{
    return next.WaitForMultipleObjects(count, handles, all, ticks(milliseconds));
}

static DWORD WINAPI rule_WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all,
                                                  DWORD milliseconds, BOOL alertable)
{
    return next.WaitForMultipleObjectsEx(count, handles, all, ticks(milliseconds), alertable);
}

static DWORD WSAAPI rule_WSAWaitForMultipleEvents(DWORD count, const WSAEVENT *events, BOOL all,
                                                  DWORD milliseconds, BOOL alertable)
{
    return next.WSAWaitForMultipleEvents(count, events, all, ticks(milliseconds), alertable);
}

static BOOL WINAPI rule_GetQueuedCompletionStatus(HANDLE port, DWORD *count, ULONG_PTR *key,
                                                  OVERLAPPED **overlapped, DWORD milliseconds)
{
    return next.GetQueuedCompletionStatus(port, count, key, overlapped, ticks(milliseconds));
}

static BOOL WINAPI rule_GetQueuedCompletionStatusEx(HANDLE port, OVERLAPPED_ENTRY *entries,
                                                    ULONG capacity, ULONG *count,
                                                    DWORD milliseconds, BOOL alertable)
{
    return next.GetQueuedCompletionStatusEx(port, entries, capacity, count, ticks(milliseconds),
                                            alertable);
}

static int WSAAPI rule_WSAPoll(WSAPOLLFD *entries, ULONG count, INT milliseconds)
{
    if (milliseconds > 0)
        milliseconds = (INT)ticks((DWORD)milliseconds);
    return next.WSAPoll(entries, count, milliseconds);
}

static int WSAAPI rule_select(int unused, fd_set *readable, fd_set *writable, fd_set *failed,
                              const struct timeval *time)
{
    struct timeval until;
    int64_t units;

    if (time == NULL || (time->tv_sec == 0 && time->tv_usec == 0))
        return next.select(unused, readable, writable, failed, time);
    units = until_tick(((int64_t)time->tv_sec * 1000000 + time->tv_usec) * 10);
    until.tv_sec = (long)(units / 10000000);
    until.tv_usec = (long)(units % 10000000 / 10);
    return next.select(unused, readable, writable, failed, &until);
}

/* ---- AFD ------------------------------------------------------------------------------------- */

enum { AFD_POLL = 0x00012024 };

/* The input begins with the time, which is relative when it is negative. */
static NTSTATUS NTAPI rule_NtDeviceIoControlFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE done,
                                                 void *context, IO_STATUS_BLOCK *status,
                                                 ULONG control, void *input, ULONG input_size,
                                                 void *output, ULONG output_size)
{
    LARGE_INTEGER *time = input;

    if (control == AFD_POLL && input_size >= sizeof *time && time->QuadPart < 0 &&
        time->QuadPart > -INT64_MAX / 2)
        time->QuadPart = -until_tick(-time->QuadPart);
    return next.NtDeviceIoControlFile(handle, event, done, context, status, control, input,
                                      input_size, output, output_size);
}

/* ---- clocks ---------------------------------------------------------------------------------- */

static ULONGLONG WINAPI rule_GetTickCount64(void)
{
    return next.GetTickCount64() * MILLISECOND / TICK * TICK / MILLISECOND;
}

static DWORD WINAPI rule_GetTickCount(void)
{
    return (DWORD)rule_GetTickCount64();
}

static void WINAPI rule_GetSystemTimeAsFileTime(FILETIME *time)
{
    ULARGE_INTEGER value;

    next.GetSystemTimeAsFileTime(time);
    value.LowPart = time->dwLowDateTime;
    value.HighPart = time->dwHighDateTime;
    value.QuadPart = value.QuadPart / TICK * TICK;
    time->dwLowDateTime = value.LowPart;
    time->dwHighDateTime = value.HighPart;
}

const rule ticks_rule = {
    .next = &next,
    .stands_before = {.Sleep = rule_Sleep,
                      .SleepEx = rule_SleepEx,
                      .WaitForSingleObject = rule_WaitForSingleObject,
                      .WaitForSingleObjectEx = rule_WaitForSingleObjectEx,
                      .WaitForMultipleObjects = rule_WaitForMultipleObjects,
                      .WaitForMultipleObjectsEx = rule_WaitForMultipleObjectsEx,
                      .WSAWaitForMultipleEvents = rule_WSAWaitForMultipleEvents,
                      .GetQueuedCompletionStatus = rule_GetQueuedCompletionStatus,
                      .GetQueuedCompletionStatusEx = rule_GetQueuedCompletionStatusEx,
                      .WSAPoll = rule_WSAPoll,
                      .select = rule_select,
                      .NtDeviceIoControlFile = rule_NtDeviceIoControlFile,
                      .GetTickCount64 = rule_GetTickCount64,
                      .GetTickCount = rule_GetTickCount,
                      .GetSystemTimeAsFileTime = rule_GetSystemTimeAsFileTime},
};
