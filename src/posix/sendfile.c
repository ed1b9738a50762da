#include "config.h"

#include "common/backend.h"
#include "posix/last_error.h"

#include <errno.h>
#include <unistd.h>

#if PS__HAVE_SENDFILE
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

/* ---- SIGPIPE --------------------------------------------------------------------------------- */

/* sendfile has no MSG_NOSIGNAL. The signal is for the thread that sends, so it stays pending there
 * while it is blocked, and is taken back. One from elsewhere is not. */
typedef struct held_signal {
    sigset_t before;
    bool was_blocked;
    bool was_pending;
} held_signal;

static sigset_t sigpipe(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

static bool is_pending(void)
{
    sigset_t pending;

    return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE);
}

static void hold(held_signal *held)
{
    sigset_t set = sigpipe();

    (void)pthread_sigmask(SIG_BLOCK, &set, &held->before);
    held->was_blocked = sigismember(&held->before, SIGPIPE);
    /* One that was not blocked cannot have been pending. */
    held->was_pending = held->was_blocked && is_pending();
}

/* The system raises it as if the process had sent it to itself by kill. */
static bool may_be_own(const siginfo_t *info)
{
    return info->si_code == SI_KERNEL || (info->si_code == SI_USER && info->si_pid == getpid());
}

/* Whether a send would fail as it does where the system raises the signal. The connection of a
 * family that is not known here may take no bytes for a message. */
static bool is_broken(ps_handle h)
{
    struct pollfd entry = {.fd = h};
    int family = AF_UNSPEC;
    socklen_t size = sizeof family;

    if (poll(&entry, 1, 0) != 0)
        return true;
    (void)getsockopt(h, SOL_SOCKET, SO_DOMAIN, &family, &size);
    if (family != AF_INET && family != AF_INET6 && family != AF_UNIX)
        return true;
    return send(h, "", 0, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno == EPIPE;
}

/* To the thread what was sent to it, or to the process and would have come here; else to the
 * process. With what is known of it, as far as the system lets a thread say that. */
static void raise_again(const held_signal *held, const siginfo_t *info)
{
    if (info->si_code == SI_TKILL || !held->was_blocked) {
        if (syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), SIGPIPE, info) != 0)
            (void)pthread_kill(pthread_self(), SIGPIPE);
    } else if (syscall(SYS_rt_sigqueueinfo, getpid(), SIGPIPE, info) != 0) {
        (void)kill(getpid(), SIGPIPE);
    }
}

/* As sigtimedwait without a wait. That of glibc takes a thread's signals for those of a process. */
static bool take(siginfo_t *info)
{
    static const struct timespec at_once;
    const sigset_t set = sigpipe();

#ifdef SYS_rt_sigtimedwait
    return syscall(SYS_rt_sigtimedwait, &set, info, &at_once, _NSIG / 8) == SIGPIPE;
#else
    return sigtimedwait(&set, info, &at_once) == SIGPIPE;
#endif
}

/* The system takes a thread's own signals first, before those of the process. What it raised is one
 * with a signal that was pending in the thread already. */
static void take_back(const held_signal *held, ps_handle h, bool has_raised)
{
    siginfo_t info;

    if (!take(&info))
        return;
    if (!may_be_own(&info) || (held->was_pending && !is_pending()) || !(has_raised || is_broken(h)))
        raise_again(held, &info);
}

static void release(const held_signal *held)
{
    if (!held->was_blocked)
        (void)pthread_sigmask(SIG_SETMASK, &held->before, NULL);
}

/* A transfer that sent less may have raised it behind what it sent. */
static bool may_have_raised(ptrdiff_t count, size_t size, int error)
{
    return count < 0 ? error == EPIPE : (size_t)count < size;
}

/* ---- the transfer ---------------------------------------------------------------------------- */

/* What may be the file's fault, or is this system's. */
static bool says_copy(int error)
{
    switch (error) {
    case EACCES:
    case EBADF:
    case EINVAL:
    case EIO:
    case EISDIR:
    case ENOSYS:
    case EOPNOTSUPP:
    case EOVERFLOW:
    case EPERM:
    case ESPIPE:
        return true;
    default:
        return false;
    }
}

ptrdiff_t ps__sys_sendfile(ps_handle h, ps_native_file file, uint64_t offset, size_t size,
                           bool may_block)
{
    off_t at = (off_t)offset;
    held_signal held;
    ptrdiff_t count;
    int error;

    (void)may_block; /* the handle is in the mode that says so */
    hold(&held);
    count = sendfile(h, file, &at, size);
    error = errno;
    if (may_have_raised(count, size, error))
        take_back(&held, h, count < 0);
    release(&held);
    if (count >= 0)
        return count;
    return says_copy(error) ? PS_EOPNOTSUPP : ps__from_os(error);
}
#else
ptrdiff_t ps__sys_sendfile(ps_handle h, ps_native_file file, uint64_t offset, size_t size,
                           bool may_block)
{
    (void)h;
    (void)file;
    (void)offset;
    (void)size;
    (void)may_block;
    return PS_EOPNOTSUPP;
}
#endif

ptrdiff_t ps__sys_read_file(ps_native_file file, uint64_t offset, void *buffer, size_t size)
{
    ptrdiff_t count = pread(file, buffer, size, (off_t)offset);

    if (count >= 0)
        return count;
    /* A file that would wait: nothing here could wait for it. */
    return errno == EAGAIN ? PS_EIO : ps__last_error();
}
