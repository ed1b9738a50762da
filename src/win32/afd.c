#include "config.h"

#include "win32/afd.h"

#include "common/wait/spare.h"
#include "win32/provider.h"
#include "win32/system_function.h"

#include <winternl.h>

/*
 * Windows' own providers implement select by this request. The library sends it itself, because
 * then one request may contain sockets of several providers, an event can end the wait early, and
 * no socket's mode changes, as it does with WSAEventSelect. It reports a failed connection on every
 * version of Windows; WSAPoll does not before Windows 10 2004.
 */

/* ---- the driver's terms ---------------------------------------------------------------------- */

/* No public header has these numbers and structures; wepoll and libuv declare the same ones. */

enum { IOCTL_AFD_POLL = 0x12024 };

enum {
    AFD_RECEIVE = 0x1,
    AFD_RECEIVE_EXPEDITED = 0x2,
    AFD_SEND = 0x4,
    AFD_DISCONNECT = 0x8,
    AFD_ABORT = 0x10,
    AFD_LOCAL_CLOSE = 0x20,
    AFD_ACCEPT = 0x80,
    AFD_CONNECT_FAIL = 0x100,
    AFD_READABLE = AFD_RECEIVE | AFD_DISCONNECT | AFD_ABORT | AFD_ACCEPT,
    AFD_WRITABLE = AFD_SEND | AFD_ABORT
};

typedef struct afd_socket {
    HANDLE handle;
    ULONG events;
    LONG status;
} afd_socket;

typedef struct afd_poll {
    LARGE_INTEGER timeout; /* in units of 100 ns; negative: relative to now */
    ULONG count;
    ULONG exclusive;
    afd_socket sockets[];
} afd_poll;

typedef struct afd_poll_space {
    LARGE_INTEGER timeout;
    ULONG count;
    ULONG exclusive;
    afd_socket sockets[PS__ENTRIES_ON_STACK];
} afd_poll_space;

static ULONG native_events(int events)
{
    ULONG native = AFD_LOCAL_CLOSE;

    if (events & PS__READABLE)
        native |= AFD_READABLE;
    if (events & PS__URGENT)
        native |= AFD_RECEIVE_EXPEDITED;
    if (events & (PS__WRITABLE | PS__CONNECTED))
        native |= AFD_WRITABLE;
    if (events & (PS__CONNECTED | PS__FAILED))
        native |= AFD_CONNECT_FAIL;
    return native;
}

/* Which of `events` are ready, by the driver's answer for a socket. */
static int ready_events(int events, ULONG native)
{
    int ready = 0;

    if (native & AFD_LOCAL_CLOSE)
        return PS__INVALID;
    if (native & AFD_READABLE)
        ready |= events & PS__READABLE;
    if (native & AFD_RECEIVE_EXPEDITED)
        ready |= events & PS__URGENT;
    if (native & AFD_WRITABLE)
        ready |= events & (PS__WRITABLE | PS__CONNECTED);
    if (native & AFD_CONNECT_FAIL)
        ready |= (events & PS__CONNECTED) | PS__FAILED | PS__HUNG_UP;
    return ready;
}

static LONGLONG native_timeout(int64_t nanoseconds)
{
    return nanoseconds == PS__FOREVER ? INT64_MAX : -(nanoseconds / 100 + (nanoseconds % 100 != 0));
}

/* ---- the driver ------------------------------------------------------------------------------ */

typedef LONG(NTAPI *control_function)(HANDLE file, HANDLE event, void *routine, void *context,
                                      void *status, ULONG code, void *input, ULONG input_size,
                                      void *output, ULONG output_size);
typedef LONG(NTAPI *create_function)(HANDLE *file, ACCESS_MASK access,
                                     OBJECT_ATTRIBUTES *attributes, IO_STATUS_BLOCK *status,
                                     LARGE_INTEGER *size, ULONG kind, ULONG share,
                                     ULONG disposition, ULONG options, void *extended,
                                     ULONG extended_size);

static struct driver {
    HANDLE handle; /* NULL: it cannot be opened */
    create_function create;
    control_function control;
} driver;

static HANDLE open_driver(void)
{
    static wchar_t name[] = L"\\Device\\Afd\\portsock";
    UNICODE_STRING path = {
        .Length = sizeof name - sizeof *name, .MaximumLength = sizeof name, .Buffer = name};
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &path};
    IO_STATUS_BLOCK status;
    HANDLE handle;

    return driver.create &&
                   driver.create(&handle, SYNCHRONIZE, &attributes, &status, NULL, 0,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, NULL, 0) == 0
               ? handle
               : NULL;
}

static void close_driver(void)
{
    (void)CloseHandle(driver.handle);
    driver.handle = NULL;
}

static BOOL CALLBACK find_driver(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
    (void)once;
    (void)parameter;
    (void)context;
    driver.control = (control_function)ps__find_function(L"ntdll.dll", "NtDeviceIoControlFile");
    driver.create = (create_function)ps__find_function(L"ntdll.dll", "NtCreateFile");
    if (driver.control)
        driver.handle = open_driver();
    if (driver.handle)
        ps__sys_at_unload(close_driver);
    return TRUE;
}

static bool has_driver(void)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

    (void)InitOnceExecuteOnce(&once, find_driver, NULL, NULL);
    return driver.handle != NULL;
}

/* ---- a request ------------------------------------------------------------------------------- */

/* From ntstatus.h, which defines names of winnt.h again and cannot be included behind it. */
#define AFD_STATUS_INVALID_HANDLE ((LONG)0xC0000008)
#define AFD_STATUS_OBJECT_TYPE_MISMATCH ((LONG)0xC0000024)
#define AFD_STATUS_CANCELED ((LONG)0xC0000120)

/* The driver writes to `request` and to the answer until the request has completed, which after a
 * cancel is at once. Only then may their memory go out of scope. */
static void cancel(OVERLAPPED *request, HANDLE event)
{
    (void)CancelIoEx(driver.handle, request);
    while (!HasOverlappedIoCompleted(request))
        (void)WaitForSingleObject(event, INFINITE);
}

/* Returns the driver's status. NtDeviceIoControlFile resets the event, and with it a notification
 * that came before; so the notifiers are read after it. */
static LONG send_request(const ps__waiting *w, afd_poll *asked, afd_poll *answer)
{
    OVERLAPPED block = {.Internal = (ULONG_PTR)STATUS_PENDING};
    ULONG size = (ULONG)(sizeof *asked + asked->count * sizeof asked->sockets[0]);
    LONG status;

    answer->count = 0; /* a request that times out need not write it */
    status = driver.control(driver.handle, w->event, NULL, NULL, &block, IOCTL_AFD_POLL, asked,
                            size, answer, size);
    if (status != (LONG)STATUS_PENDING)
        return status;
    if (!ps__waiting_is_notified(w))
        (void)WaitForSingleObject(w->event, INFINITE);
    if (!HasOverlappedIoCompleted(&block))
        cancel(&block, w->event);
    return (LONG)block.Internal;
}

static void fill(afd_poll *asked, const ps__wait_entry *entries, size_t count, int64_t nanoseconds,
                 bool uses_base_handles)
{
    asked->timeout.QuadPart = native_timeout(nanoseconds);
    asked->count = 0;
    asked->exclusive = FALSE;
    for (size_t i = 0; i < count; i++) {
        const ps__wait_entry *e = &entries[i];

        if (ps__is_socket_entry(e))
            asked->sockets[asked->count++] = (afd_socket){
                .handle = (HANDLE)(uses_base_handles ? ps__base_handle(e->handle) : e->handle),
                .events = native_events(e->events)};
    }
}

/* ---- its answer ------------------------------------------------------------------------------ */

/* Only what the entry asks for: one socket may have several entries, and an answer for each. */
static int ready_of(const ps__wait_entry *e, const afd_socket *found)
{
    return ready_events(e->events, found->events & native_events(e->events));
}

/* The answer has the sockets that are ready, mostly in the order of the request. For a socket that
 * is in the request twice, it may have two entries or one. Returns how many entries were found
 * so. */
static ULONG read_in_order(const afd_poll *asked, const afd_poll *answer, ps__wait_entry *entries,
                           size_t count)
{
    ULONG number = 0, next = 0;

    for (size_t i = 0; i < count && next < answer->count; i++) {
        ps__wait_entry *e = &entries[i];
        const afd_socket *found = &answer->sockets[next];

        if (!ps__is_socket_entry(e))
            continue;
        if (found->handle == asked->sockets[number++].handle)
            e->ready = (short)ready_of(e, found);
        next += e->ready != 0;
    }
    return next;
}

/* The order is not promised. */
static void read_in_any_order(const afd_poll *asked, const afd_poll *answer,
                              ps__wait_entry *entries, size_t count)
{
    ULONG number = 0;

    for (size_t i = 0; i < count; i++) {
        ps__wait_entry *e = &entries[i];
        HANDLE handle;

        if (!ps__is_socket_entry(e))
            continue;
        handle = asked->sockets[number++].handle;
        for (ULONG k = 0; k < answer->count; k++) {
            if (answer->sockets[k].handle == handle)
                e->ready |= (short)ready_of(e, &answer->sockets[k]);
        }
    }
}

static int read_answer(const afd_poll *asked, const afd_poll *answer, ps__wait_entry *entries,
                       size_t count)
{
    int ready = 0;

    if (read_in_order(asked, answer, entries, count) < answer->count)
        read_in_any_order(asked, answer, entries, count);
    for (size_t i = 0; i < count; i++)
        ready += ps__is_socket_entry(&entries[i]) && entries[i].ready != 0;
    return ready;
}

static bool refuses_a_handle(LONG status)
{
    return status == AFD_STATUS_INVALID_HANDLE || status == AFD_STATUS_OBJECT_TYPE_MISMATCH;
}

/* After a timeout the answer is not read: it may be the request. */
static bool has_no_answer(LONG status)
{
    return status == (LONG)STATUS_TIMEOUT || status == AFD_STATUS_CANCELED;
}

/* Set when the driver has refused the handle of an open socket, which only a layered provider can
 * have made. From then on every request has base handles, at the cost of a WSAIoctl a socket. */
static LONG volatile has_layers;

static int wait_with(const ps__waiting *w, afd_poll *asked, afd_poll *answer,
                     ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    bool uses_base_handles = has_layers;
    LONG status;

    fill(asked, entries, count, nanoseconds, uses_base_handles);
    status = send_request(w, asked, answer);
    if (refuses_a_handle(status)) {
        int found = ps__find_invalid(entries, count);

        if (found > 0 || uses_base_handles)
            return found > 0 ? found : PS__NO_AFD;
        (void)InterlockedExchange(&has_layers, 1);
        return wait_with(w, asked, answer, entries, count, nanoseconds);
    }
    if (has_no_answer(status))
        return 0;
    return status >= 0 ? read_answer(asked, answer, entries, count) : PS__NO_AFD;
}

static int wait_on_heap(const ps__waiting *w, ps__wait_entry *entries, size_t count,
                        int64_t nanoseconds)
{
    size_t size = sizeof(afd_poll) + count * sizeof(afd_socket);
    char *memory = ps__spare_take(PS__SPARE_OF_BACKEND, 2 * size);
    int ready;

    if (!memory)
        return PS_ENOMEM;
    ready =
        wait_with(w, (afd_poll *)memory, (afd_poll *)(memory + size), entries, count, nanoseconds);
    ps__spare_give(PS__SPARE_OF_BACKEND, memory);
    return ready;
}

int ps__afd_wait(const ps__waiting *w, ps__wait_entry *entries, size_t count, int64_t nanoseconds)
{
    afd_poll_space asked, answer;

    if (!has_driver())
        return PS__NO_AFD;
    for (size_t i = 0; i < count; i++)
        entries[i].ready = 0;
    return count > PS__ENTRIES_ON_STACK
               ? wait_on_heap(w, entries, count, nanoseconds)
               : wait_with(w, (afd_poll *)&asked, (afd_poll *)&answer, entries, count, nanoseconds);
}

/* ---- one socket, on a completion port -------------------------------------------------------- */

HANDLE ps__afd_open(void)
{
    return has_driver() ? open_driver() : NULL;
}

static LONG begin(HANDLE handle, ps__afd_request *request, ps_handle h)
{
    request->block = (OVERLAPPED){.Internal = (ULONG_PTR)STATUS_PENDING};
    request->poll.timeout.QuadPart = native_timeout(PS__FOREVER);
    request->poll.count = 1;
    request->poll.exclusive = FALSE;
    request->poll.socket.handle = (HANDLE)h;
    request->poll.socket.events = native_events(request->events);
    request->poll.socket.status = 0;
    return driver.control(handle, NULL, NULL, &request->block, &request->block, IOCTL_AFD_POLL,
                          &request->poll, sizeof request->poll, &request->poll,
                          sizeof request->poll);
}

static int refusal(LONG status, ps_handle h)
{
    ps__wait_entry entry = {.handle = h, .events = PS__READABLE};

    if (refuses_a_handle(status) && ps__find_invalid(&entry, 1) > 0)
        return PS_ENOTSOCK;
    return PS_EOPNOTSUPP;
}

int ps__afd_begin(HANDLE handle, ps__afd_request *request, ps_handle h, int events)
{
    ps_handle base = has_layers ? ps__base_handle(h) : h;
    LONG status;

    request->events = events;
    status = begin(handle, request, base);
    if (refuses_a_handle(status) && base == h) {
        base = ps__base_handle(h);
        if (base != h)
            status = begin(handle, request, base);
    }
    return status >= 0 ? 0 : refusal(status, h);
}

void ps__afd_cancel(HANDLE handle, ps__afd_request *request)
{
    (void)CancelIoEx(handle, &request->block);
}

int ps__afd_ready(const ps__afd_request *request)
{
    LONG status = (LONG)request->block.Internal;

    if (has_no_answer(status) || status < 0 || request->poll.count == 0)
        return 0;
    return ready_events(request->events,
                        request->poll.socket.events & native_events(request->events));
}
