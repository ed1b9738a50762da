#include "backend.h"

#include <errno.h>
#include <unistd.h>

#ifdef PS__HAVE_EVENTFD
#include <sys/eventfd.h>

int ps__sys_notifier_open(ps__notifier *notifier)
{
    int made = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    if (made < 0)
        return ps__from_os(errno);
    notifier->wait_handle = notifier->notify_handle = made;
    return 0;
}
#else
int ps__sys_notifier_open(ps__notifier *notifier)
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
    notifier->wait_handle = ends[0];
    notifier->notify_handle = ends[1];
    if (code != 0)
        ps__sys_notifier_close(notifier);
    return code;
}
#endif

/* Eight bytes: an eventfd takes nothing less, and a pipe takes them. What a full one refuses makes no difference. */
void ps__sys_notify(const ps__notifier *notifier)
{
    uint64_t one = 1;
    int before = errno;
    ssize_t written;

    do {
        written = write(notifier->notify_handle, &one, sizeof one);
    } while (written < 0 && errno == EINTR);
    errno = before;
}

void ps__sys_notifier_clear(const ps__notifier *notifier)
{
    uint64_t notifications;
    ssize_t count;

    do {
        count = read(notifier->wait_handle, &notifications, sizeof notifications);
    } while (count > 0 || (count < 0 && errno == EINTR));
}

void ps__sys_notifier_close(const ps__notifier *notifier)
{
    ps__sys_close(notifier->wait_handle);
    if (notifier->notify_handle != notifier->wait_handle)
        ps__sys_close(notifier->notify_handle);
}
