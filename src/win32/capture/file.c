#include "config.h"

#include "capture/backend.h"

#include <stdlib.h>

/* Windows has several numbers where POSIX has one, and none of Winsock's among them. */
static int file_error(DWORD number)
{
    switch (number) {
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_BAD_NETPATH:
    case ERROR_INVALID_DRIVE:
        return PS_ENOENT;
    case ERROR_ACCESS_DENIED:
    case ERROR_WRITE_PROTECT:
        return PS_EACCES;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
        return PS_EBUSY;
    case ERROR_TOO_MANY_OPEN_FILES:
        return PS_EMFILE;
    case ERROR_HANDLE_DISK_FULL:
        return PS_ENOSPC;
    case ERROR_FILE_TOO_LARGE:
        return PS_EFBIG;
    case ERROR_NO_DATA:
        return PS_EPIPE;
    case ERROR_FILENAME_EXCED_RANGE:
        return PS_ENAMETOOLONG;
    case ERROR_INVALID_HANDLE:
        return PS_EBADF;
    case ERROR_DIRECTORY:
        return PS_ENOTDIR;
    default:
        return ps_error_from_native(PS_KIND_OS, (int)number);
    }
}

static HANDLE native(ps__file file)
{
    return (HANDLE)file;
}

static bool is_directory(const wchar_t *path)
{
    DWORD attributes = GetFileAttributesW(path);

    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

static int open_wide(const wchar_t *path, bool write, ps__file *file)
{
    /* Others may read a capture while it is written, as on POSIX systems. */
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE handle = CreateFileW(path, write ? GENERIC_WRITE : GENERIC_READ, share, NULL,
                                write ? CREATE_ALWAYS : OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD number = GetLastError();

    if (handle != INVALID_HANDLE_VALUE) {
        *file = (ps__file)handle;
        return 0;
    }
    return is_directory(path) ? PS_EISDIR : file_error(number);
}

int ps__sys_file_open(const char *path, bool write, ps__file *file)
{
    int units = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, NULL, 0);
    wchar_t *wide;
    int code;

    if (units <= 0)
        return PS_EILSEQ;
    wide = malloc((size_t)units * sizeof *wide);
    if (!wide)
        return PS_ENOMEM;
    code = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, units) > 0
               ? open_wide(wide, write, file)
               : PS_EILSEQ;
    free(wide);
    return code;
}

int ps__sys_file_standard(bool write, ps__file *file)
{
    HANDLE handle = GetStdHandle(write ? STD_OUTPUT_HANDLE : STD_INPUT_HANDLE);

    if (!handle || handle == INVALID_HANDLE_VALUE)
        return PS_EBADF;
    *file = (ps__file)handle;
    return 0;
}

ptrdiff_t ps__sys_file_read(ps__file file, void *buffer, size_t size)
{
    DWORD count = 0;

    if (ReadFile(native(file), buffer, (DWORD)size, &count, NULL))
        return (ptrdiff_t)count;
    /* A pipe whose writer is gone is at its end. */
    return GetLastError() == ERROR_BROKEN_PIPE ? 0 : file_error(GetLastError());
}

ptrdiff_t ps__sys_file_write(ps__file file, const void *buffer, size_t size)
{
    DWORD count = 0;

    return WriteFile(native(file), buffer, (DWORD)size, &count, NULL) ? (ptrdiff_t)count
                                                                      : file_error(GetLastError());
}

int ps__sys_file_shorten(ps__file file, uint64_t size)
{
    LARGE_INTEGER place = {.QuadPart = (LONGLONG)size};

    if (!SetFilePointerEx(native(file), place, NULL, FILE_BEGIN) || !SetEndOfFile(native(file)))
        return file_error(GetLastError());
    return 0;
}

int ps__sys_file_close(ps__file file)
{
    return CloseHandle(native(file)) ? 0 : file_error(GetLastError());
}
