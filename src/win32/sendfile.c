#include "config.h"

#include "win32/handle.h"
#include "win32/provider.h"
#include "win32/transfer.h"
#include "win32/waiting.h"

/* ---- overlapped requests --------------------------------------------------------------------- */

/* An event whose lowest bit is set keeps the request's end from a completion port that the program
 * may have associated with the handle. */
static OVERLAPPED request_at(uint64_t offset, HANDLE event)
{
    return (OVERLAPPED){.Offset = (DWORD)offset,
                        .OffsetHigh = (DWORD)(offset >> 32),
                        .hEvent = (HANDLE)((ULONG_PTR)event | 1)};
}

/* The event may be set before the request ends, see waiting.h. */
static void wait_for_end(const OVERLAPPED *request, HANDLE event)
{
    while (!HasOverlappedIoCompleted(request))
        (void)WaitForSingleObject(event, INFINITE);
}

/* ---- TransmitFile ---------------------------------------------------------------------------- */

/* The function has to be asked for, and belongs to the socket's provider. */
static LPFN_TRANSMITFILE find_transmit(ps_handle h)
{
    GUID id = WSAID_TRANSMITFILE;
    LPFN_TRANSMITFILE function = NULL;
    DWORD size;

    if (WSAIoctl(h, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function, sizeof function,
                 &size, NULL, NULL))
        return NULL;
    return function;
}

/* How much of `size` bytes the file has from the offset on: nothing says what TransmitFile does
 * at its end. */
static DWORD size_in_file(HANDLE file, uint64_t offset, size_t size)
{
    LARGE_INTEGER length;

    if (GetFileType(file) != FILE_TYPE_DISK || !GetFileSizeEx(file, &length) ||
        (uint64_t)length.QuadPart <= offset)
        return 0;
    return (uint64_t)length.QuadPart - offset < size ? (DWORD)((uint64_t)length.QuadPart - offset)
                                                     : (DWORD)size;
}

/* A request that has failed may have sent a part, and nothing says how much: the connection cannot
 * go on. */
static int failure_of_part(ps_handle h)
{
    int code = ps__send_failure(h);

    return code == PS_EINTR ? PS_ECONNABORTED : code;
}

static ptrdiff_t transmit(LPFN_TRANSMITFILE function, ps_handle h, HANDLE file, uint64_t offset,
                          DWORD size, HANDLE event)
{
    OVERLAPPED request = request_at(offset, event);
    DWORD sent, flags;

    if (!function(h, file, size, 0, &request, NULL, 0) && WSAGetLastError() != WSA_IO_PENDING)
        return PS_EOPNOTSUPP;
    wait_for_end(&request, event);
    return WSAGetOverlappedResult(h, &request, &sent, FALSE, &flags) ? (ptrdiff_t)sent
                                                                     : failure_of_part(h);
}

/* How much TransmitFile has sent when it is canceled is unknown: so it is for a call that nothing
 * but the closing of the socket ends. That is by CancelIoEx, which does not reach a layered
 * provider's calls. */
ptrdiff_t ps__sys_sendfile(ps_handle h, ps_native_file file, uint64_t offset, size_t size,
                           bool may_block)
{
    LPFN_TRANSMITFILE function;
    ps__waiting w;
    ptrdiff_t result;
    DWORD left;

    if (!may_block || ps__base_handle(h) != h)
        return PS_EOPNOTSUPP;
    left = size_in_file(file, offset, size);
    function = left > 0 ? find_transmit(h) : NULL;
    if (!function)
        return PS_EOPNOTSUPP;
    result = ps__waiting_begin(&w, NULL, 0);
    if (result != 0)
        return result;
    result = transmit(function, h, file, offset, left, w.event);
    ps__waiting_end(&w);
    return result;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_directory(HANDLE file)
{
    BY_HANDLE_FILE_INFORMATION information;

    return GetFileInformationByHandle(file, &information) &&
           information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
}

static int read_failure(HANDLE file, DWORD error)
{
    if (error == ERROR_HANDLE_EOF)
        return 0;
    if (is_directory(file))
        return PS_EISDIR;
    return error == ERROR_ACCESS_DENIED ? PS_EBADF : ps__from_os((int)error);
}

static ptrdiff_t read_at(HANDLE file, uint64_t offset, void *buffer, DWORD size, HANDLE event)
{
    OVERLAPPED request = request_at(offset, event);
    DWORD count;

    if (!ReadFile(file, buffer, size, NULL, &request) && GetLastError() != ERROR_IO_PENDING)
        return read_failure(file, GetLastError());
    wait_for_end(&request, event);
    return GetOverlappedResult(file, &request, &count, FALSE) ? (ptrdiff_t)count
                                                              : read_failure(file, GetLastError());
}

ptrdiff_t ps__sys_read_file(ps_native_file file, uint64_t offset, void *buffer, size_t size)
{
    ps__waiting w;
    ptrdiff_t result;

    if (GetFileType(file) == FILE_TYPE_PIPE)
        return PS_ESPIPE;
    result = ps__waiting_begin(&w, NULL, 0);
    if (result != 0)
        return result;
    result = read_at(file, offset, buffer, (DWORD)size, w.event);
    ps__waiting_end(&w);
    return result;
}
