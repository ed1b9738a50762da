#include "wake.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

int ps__wake_open(ps__wake *w)
{
    int code = 0, i;

    if (pipe(w->ends) != 0) {
        w->ends[0] = w->ends[1] = -1;
        return ps__from_os(errno);
    }
    for (i = 0; i < 2 && code == 0; i++) {
        code = ps__sys_set_inheritable(w->ends[i], false);
        if (code == 0)
            code = ps__sys_set_nonblocking(w->ends[i], true);
    }
    if (code != 0)
        ps__wake_close(w);
    return code;
}

void ps__wake_close(ps__wake *w)
{
    int i;

    for (i = 0; i < 2; i++) {
        if (w->ends[i] >= 0)
            close(w->ends[i]);
        w->ends[i] = -1;
    }
}

/* A full pipe wakes as well. */
void ps__wake_up(const ps__wake *w)
{
    int saved = errno;

    if (write(w->ends[1], "", 1) < 0)
        errno = saved;
}

static void empty(const ps__wake *w)
{
    char bytes[64];

    while (read(w->ends[0], bytes, sizeof bytes) == (ssize_t)sizeof bytes)
        ;
}

#ifdef PS__HAVE_PPOLL
static int poll_once(struct pollfd *entries, nfds_t count, int64_t nanoseconds)
{
    struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};

    return ppoll(entries, count, nanoseconds == PS__FOREVER ? NULL : &time, NULL);
}
#else
static int poll_once(struct pollfd *entries, nfds_t count, int64_t nanoseconds)
{
    int64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);

    if (nanoseconds == PS__FOREVER)
        milliseconds = -1;
    return poll(entries, count, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}
#endif

int ps__wake_wait(const ps__wake *w, ps_handle h, int64_t nanoseconds)
{
    struct pollfd entries[] = {{.fd = h, .events = POLLIN}, {.fd = w->ends[0], .events = POLLIN}};

    if (poll_once(entries, 2, nanoseconds) < 0)
        return ps__from_os(errno);
    if (entries[1].revents != 0) {
        empty(w);
        return PS_EINTR;
    }
    if (entries[0].revents & (POLLERR | POLLHUP | POLLNVAL))
        return 2;
    return entries[0].revents != 0;
}
