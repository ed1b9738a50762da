#include "config.h"

#include "common/backend.h"
#include "posix/last_error.h"

#include <errno.h>
#include <unistd.h>

#if PS__HAVE_SENDFILE
#include <signal.h>
#include <sys/sendfile.h>
#include <time.h>

/* ---- SIGPIPE --------------------------------------------------------------------------------- */

/* sendfile has no MSG_NOSIGNAL. The signal is for the thread that sends, so it stays pending there
 * while it is blocked, and is taken back. */
typedef struct held_signal {
    sigset_t before;
    bool was_pending;
} held_signal;

static sigset_t sigpipe(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

static void hold(held_signal *held)
{
    sigset_t set = sigpipe(), pending;

    held->was_pending = false;
    (void)pthread_sigmask(SIG_BLOCK, &set, &held->before);
    /* One that was not blocked cannot have been pending. */
    if (sigismember(&held->before, SIGPIPE) && sigpending(&pending) == 0)
        held->was_pending = sigismember(&pending, SIGPIPE);
}

/* The system takes a thread's own signals first, before those of the process. */
static void take_back(const held_signal *held)
{
    static const struct timespec at_once;
    sigset_t set = sigpipe();

    if (!held->was_pending)
        (void)sigtimedwait(&set, NULL, &at_once);
}

static void release(const held_signal *held)
{
    if (!sigismember(&held->before, SIGPIPE))
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
        take_back(&held);
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
