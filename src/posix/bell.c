#include "backend.h"

#include <errno.h>
#include <unistd.h>

#ifdef PS__HAVE_EVENTFD
#include <sys/eventfd.h>

int ps__sys_bell_open(ps__bell *bell)
{
    int made = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    if (made < 0)
        return ps__from_os(errno);
    bell->listen = bell->ring = made;
    return 0;
}
#else
int ps__sys_bell_open(ps__bell *bell)
{
    int ends[2];
    int code = 0;
    int i;

    if (pipe(ends) < 0)
        return ps__from_os(errno);
    for (i = 0; i < 2 && code == 0; i++) {
        code = ps__sys_set_inheritable(ends[i], false);
        if (code == 0)
            code = ps__sys_set_nonblocking(ends[i], true);
    }
    bell->listen = ends[0];
    bell->ring = ends[1];
    if (code != 0)
        ps__sys_bell_close(bell);
    return code;
}
#endif

/* Eight bytes: an eventfd takes nothing less, and a pipe takes them. What a full one refuses makes no difference. */
void ps__sys_bell_ring(const ps__bell *bell)
{
    uint64_t one = 1;
    int before = errno;
    ssize_t written;

    do {
        written = write(bell->ring, &one, sizeof one);
    } while (written < 0 && errno == EINTR);
    errno = before;
}

void ps__sys_bell_still(const ps__bell *bell)
{
    uint64_t rings;
    ssize_t count;

    do {
        count = read(bell->listen, &rings, sizeof rings);
    } while (count > 0 || (count < 0 && errno == EINTR));
}

void ps__sys_bell_close(const ps__bell *bell)
{
    ps__sys_close(bell->listen);
    if (bell->ring != bell->listen)
        ps__sys_close(bell->ring);
}
