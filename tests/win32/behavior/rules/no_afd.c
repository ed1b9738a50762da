/*
 * The driver of Winsock's own providers cannot be opened: the library then waits by select.
 *
 * Not documented, but possible: a sandbox that takes the right to open devices by their path
 * (Chromium's does, docs/design/sandbox.md of its sources), or a version that does not know the
 * request.
 */
#include "../layer.h"

#include <string.h>
#include <wchar.h>

static functions next;

static bool is_of_driver(const UNICODE_STRING *path)
{
    static const wchar_t device[] = L"\\Device\\Afd";
    const size_t length = sizeof device / sizeof *device - 1;

    return path->Length / sizeof *device >= length && wcsncmp(path->Buffer, device, length) == 0;
}

static NTSTATUS NTAPI rule_NtCreateFile(HANDLE *handle, ACCESS_MASK access,
                                        OBJECT_ATTRIBUTES *attributes, IO_STATUS_BLOCK *status,
                                        LARGE_INTEGER *allocation, ULONG file, ULONG share,
                                        ULONG how, ULONG options, void *extended,
                                        ULONG extended_size)
{
    const NTSTATUS denied = (NTSTATUS)0xC0000022; /* STATUS_ACCESS_DENIED */

    return is_of_driver(attributes->ObjectName)
               ? denied
               : next.NtCreateFile(handle, access, attributes, status, allocation, file, share, how,
                                   options, extended, extended_size);
}

const rule no_afd_rule = {
    .condition = NO_AFD,
    .next = &next,
    .stands_before = {.NtCreateFile = rule_NtCreateFile},
};
