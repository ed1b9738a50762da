/* Files, on either system. */
#include "native_file.h"

#include "long_text.h"

#include <stdatomic.h>
#include <stdio.h>

static native_file named(const char *path)
{
    native_file f;

    ck_assert_uint_lt(strlen(path), sizeof f.path);
    (void)snprintf(f.path, sizeof f.path, "%s", path);
    return f;
}

/* Threads make files at the same time: each takes a number of its own. */
static native_file with_own_path(void)
{
    static atomic_int number;
    native_file f;

    (void)snprintf(f.path, sizeof f.path, "portsock-file-%u-%d", test_process_number(),
                   atomic_fetch_add(&number, 1));
    return f;
}

#ifdef _WIN32

#include <winioctl.h>

static HANDLE create(const char *path, DWORD access, DWORD disposition, DWORD flags)
{
    HANDLE file = CreateFileA(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, disposition, flags, NULL);

    ck_assert_msg(file != INVALID_HANDLE_VALUE, "%s: %lu", path, GetLastError());
    return file;
}

static const DWORD ways[WAYS_TO_OPEN] = {0, FILE_FLAG_OVERLAPPED};

native_file native_file_open(const char *path, int way)
{
    native_file f = named(path);

    f.file = create(path, GENERIC_READ, OPEN_EXISTING, ways[way]);
    return f;
}

void native_file_close(native_file *f)
{
    ck_assert(CloseHandle(f->file));
}

native_file native_file_make(uint64_t offset, size_t size, int way)
{
    native_file f = with_own_path();
    HANDLE file = create(f.path, GENERIC_WRITE, CREATE_ALWAYS, 0);
    LARGE_INTEGER to = {.QuadPart = (LONGLONG)offset};
    unsigned char *text = long_text(size);
    DWORD count;

    /* Or what is before the offset is written. */
    (void)DeviceIoControl(file, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, &count, NULL);
    ck_assert(SetFilePointerEx(file, to, NULL, FILE_BEGIN));
    ck_assert(WriteFile(file, text, (DWORD)size, &count, NULL) && count == size);
    ck_assert(CloseHandle(file));
    free(text);
    f.file =
        create(f.path, GENERIC_READ | DELETE, OPEN_EXISTING, ways[way] | FILE_FLAG_DELETE_ON_CLOSE);
    return f;
}

native_file native_file_for_writing(void)
{
    native_file f = with_own_path();

    f.file = create(f.path, GENERIC_WRITE | DELETE, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE);
    return f;
}

native_file native_file_directory(void)
{
    native_file f = named(".");

    f.file = create(f.path, GENERIC_READ, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    return f;
}

native_file native_file_pipe(void)
{
    native_file f = named("");
    HANDLE other;

    ck_assert(CreatePipe(&f.file, &other, NULL, 0));
    ck_assert(CloseHandle(other));
    return f;
}

#else

#include <fcntl.h>
#include <unistd.h>

native_file native_file_open(const char *path, int way)
{
    native_file f = named(path);

    (void)way; /* there is one */
    f.file = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(f.file, 0);
    return f;
}

void native_file_close(native_file *f)
{
    ck_assert_int_eq(close(f->file), 0);
}

static native_file without_name(int flags)
{
    native_file f = with_own_path();

    f.file = open(f.path, flags | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(f.file, 0);
    ck_assert_int_eq(unlink(f.path), 0);
    return f;
}

native_file native_file_make(uint64_t offset, size_t size, int way)
{
    native_file f = without_name(O_RDWR);
    unsigned char *text = long_text(size);
    size_t written = 0;

    (void)way;
    while (written < size) {
        ptrdiff_t count = pwrite(f.file, text + written, size - written, (off_t)(offset + written));
        ck_assert_int_gt(count, 0);
        written += (size_t)count;
    }
    free(text);
    return f;
}

native_file native_file_for_writing(void)
{
    return without_name(O_WRONLY);
}

native_file native_file_directory(void)
{
    return native_file_open(".", 0);
}

native_file native_file_pipe(void)
{
    native_file f = named("");
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(close(ends[1]), 0);
    f.file = ends[0];
    return f;
}

#endif

native_file native_file_closed(void)
{
    native_file f = native_file_directory();
    native_file closed = f;

    native_file_close(&f);
    return closed;
}
