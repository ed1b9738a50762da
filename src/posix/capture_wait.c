#include "capture_wait.h"

#include "wait.h"

#include <errno.h>

const ps__bell ps__no_bell = {PS_INVALID_HANDLE, PS_INVALID_HANDLE};

void ps__capture_bell_close(const ps__bell *bell)
{
    if (bell->listen != PS_INVALID_HANDLE)
        ps__sys_bell_close(bell);
}

int ps__capture_wait(const ps__bell *bell, ps_handle h, int64_t nanoseconds)
{
    struct pollfd entries[] = {{.fd = h, .events = POLLIN}, {.fd = bell->listen, .events = POLLIN}};

    if (ps__poll_once(entries, 2, nanoseconds) < 0)
        return ps__from_os(errno);
    if (entries[1].revents != 0) {
        ps__sys_bell_still(bell);
        return PS_EINTR;
    }
    if (entries[0].revents & (POLLERR | POLLHUP | POLLNVAL))
        return 2;
    return entries[0].revents != 0;
}
