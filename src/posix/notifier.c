#include "config.h"

#include "common/backend.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#if PS__HAVE_EVENTFD
#include <sys/eventfd.h>
#endif

static int prepare_end(int end)
{
    int code = ps__sys_set_inheritable(end, false);

    return code != 0 ? code : ps__sys_set_nonblocking(end, true);
}

static int open_pipe(ps__notifier *notifier)
{
    int ends[2];
    int code;

    if (pipe(ends) < 0)
        return ps__from_os(errno);
    code = prepare_end(ends[0]);
    if (code == 0)
        code = prepare_end(ends[1]);
    if (code != 0) {
        close(ends[0]);
        close(ends[1]);
        return code;
    }
    notifier->wait_handle = ends[0];
    notifier->notify_handle = ends[1];
    return 0;
}

#if PS__HAVE_EVENTFD
/* A sandbox may allow pipes only. */
static int make(ps__notifier *notifier)
{
    int made = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    if (made < 0)
        return errno == ENOSYS || errno == EPERM ? open_pipe(notifier) : ps__from_os(errno);
    notifier->wait_handle = notifier->notify_handle = made;
    return 0;
}
#else
static int make(ps__notifier *notifier)
{
    return open_pipe(notifier);
}
#endif

static void unmake(const ps__notifier *notifier)
{
    ps__sys_close(notifier->wait_handle);
    if (notifier->notify_handle != notifier->wait_handle)
        ps__sys_close(notifier->notify_handle);
}

/* ---- forks ----------------------------------------------------------------------------------- */

/* All that are open, since a child shares them with its parent until it has its own. */
static ps__notifier *open_notifiers;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool forks_are_watched;

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

static bool is_notified(const ps__notifier *notifier)
{
    struct pollfd entry = {.fd = notifier->wait_handle, .events = POLLIN};

    return poll(&entry, 1, 0) > 0 && entry.revents & POLLIN;
}

static void replace(ps__notifier *notifier)
{
    bool notified = is_notified(notifier);

    unmake(notifier);
    notifier->wait_handle = notifier->notify_handle = PS_INVALID_HANDLE;
    if (!notifier->outlives_fork || make(notifier) != 0)
        return;
    if (notified)
        ps__sys_notify(notifier);
}

static void after_fork_in_child(void)
{
    for (ps__notifier *notifier = open_notifiers; notifier; notifier = notifier->next)
        replace(notifier);
    pthread_mutex_unlock(&lock);
}

static int watch_forks(void)
{
    if (!forks_are_watched &&
        pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) != 0)
        return PS_ENOMEM;
    forks_are_watched = true;
    return 0;
}

static int add(ps__notifier *notifier)
{
    int code;

    pthread_mutex_lock(&lock);
    code = watch_forks();
    if (code == 0) {
        notifier->next = open_notifiers;
        notifier->link = &open_notifiers;
        if (open_notifiers)
            open_notifiers->link = &notifier->next;
        open_notifiers = notifier;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static void take_out(ps__notifier *notifier)
{
    pthread_mutex_lock(&lock);
    *notifier->link = notifier->next;
    if (notifier->next)
        notifier->next->link = notifier->link;
    pthread_mutex_unlock(&lock);
}

/* ---- the contract ---------------------------------------------------------------------------- */

int ps__sys_notifier_open(ps__notifier *notifier, bool outlives_fork)
{
    int code = make(notifier);

    if (code != 0)
        return code;
    notifier->outlives_fork = outlives_fork;
    code = add(notifier);
    if (code != 0)
        unmake(notifier);
    return code;
}

int ps__sys_notifier_renew(ps__notifier *notifier)
{
    ps__notifier made;
    int code;

    if (notifier->wait_handle != PS_INVALID_HANDLE)
        return 0;
    code = make(&made);
    if (code != 0)
        return code;
    notifier->wait_handle = made.wait_handle;
    __atomic_store_n(&notifier->notify_handle, made.notify_handle, __ATOMIC_RELEASE);
    ps__sys_notify(notifier);
    return 0;
}

/* Eight bytes: an eventfd takes nothing less, and a pipe takes them. What a full one refuses
 * makes no difference. */
void ps__sys_notify(const ps__notifier *notifier)
{
    int end = __atomic_load_n(&notifier->notify_handle, __ATOMIC_ACQUIRE);
    uint64_t one = 1;
    int before = errno;
    ssize_t written;

    do {
        written = write(end, &one, sizeof one);
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

void ps__sys_notifier_close(ps__notifier *notifier)
{
    take_out(notifier);
    unmake(notifier);
}
