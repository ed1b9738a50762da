#include "config.h"

#include "capture/backend.h"
#include "posix/capture/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* POSIX opens a directory for reading, but no bytes can be read from it. */
static bool is_directory(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

int ps__sys_file_open(const char *path, bool write, ps__file *file)
{
    int flags = O_CLOEXEC | O_NOCTTY | (write ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY);
    int fd = open(path, flags, 0666);

    if (fd < 0)
        return ps__last_native_error();
    if (is_directory(fd)) {
        close(fd);
        return PS_EISDIR;
    }
    *file = fd;
    return 0;
}

int ps__sys_file_standard(bool write, ps__file *file)
{
    int fd = write ? STDOUT_FILENO : STDIN_FILENO;

    if (fcntl(fd, F_GETFD) < 0)
        return ps__last_native_error();
    *file = fd;
    return 0;
}

ptrdiff_t ps__sys_file_read(ps__file file, void *buffer, size_t size)
{
    ssize_t count = read((int)file, buffer, size);

    return count < 0 ? ps__last_native_error() : count;
}

ptrdiff_t ps__sys_file_write(ps__file file, const void *buffer, size_t size)
{
    ssize_t count = write((int)file, buffer, size);

    return count < 0 ? ps__last_native_error() : count;
}

int ps__sys_file_shorten(ps__file file, uint64_t size)
{
    if (lseek((int)file, (off_t)size, SEEK_SET) < 0 || ftruncate((int)file, (off_t)size) != 0)
        return ps__last_native_error();
    return 0;
}

int ps__sys_file_close(ps__file file)
{
    return close((int)file) != 0 && errno != EINTR ? ps__last_native_error() : 0;
}
