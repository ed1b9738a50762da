#include "config.h"

#include "common/backend.h"
#include "posix/address_length.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#if PS__HAVE_PADDED_MSGHDR
#include <sys/syscall.h>
#endif

#if PS__HAVE_MSG_NOSIGNAL
enum { NO_SIGNAL = MSG_NOSIGNAL };
#else
enum { NO_SIGNAL = 0 };
#endif

#if PS__HAVE_MSG_CMSG_CLOEXEC
enum { CLOSE_ON_EXEC = MSG_CMSG_CLOEXEC };
#else
enum { CLOSE_ON_EXEC = 0 };
#endif

static struct msghdr native_message(const ps__message *message, struct iovec *pieces)
{
    struct msghdr native;
    size_t i;

    memset(&native, 0, sizeof native);
    for (i = 0; i < message->count; i++) {
        pieces[i].iov_base = message->buffers[i].data;
        pieces[i].iov_len = message->buffers[i].size;
    }
    native.msg_iov = pieces;
    /* BSD refuses a message of no pieces at all. C libraries disagree on the types of the two
     * lengths; both take these. */
    pieces[message->count].iov_base = NULL;
    pieces[message->count].iov_len = 0;
    native.msg_iovlen = (unsigned char)(message->count == 0 ? 1 : message->count);
    if (message->control_size > 0) {
        native.msg_control = message->control;
        native.msg_controllen = (socklen_t)message->control_size;
    }
    return native;
}

#if PS__HAVE_PADDED_MSGHDR
/* musl has padding in its structures and copies ancillary data to clear it, into a kilobyte,
 * which is too little for the most descriptors. Here the padding is clear. */
static ptrdiff_t send_native(ps_handle h, const struct msghdr *message, int flags)
{
    return syscall(SYS_sendmsg, h, message, flags);
}
#else
static ptrdiff_t send_native(ps_handle h, const struct msghdr *message, int flags)
{
    return sendmsg(h, message, flags);
}
#endif

ptrdiff_t ps__sys_sendmsg(ps_handle h, const ps__message *message)
{
    struct iovec pieces[PS_BUFFERS_MAX + 1];
    struct msghdr native = native_message(message, pieces);
    ps_addr to;
    ptrdiff_t count;

    if (message->to) {
        to = *message->to;
        native.msg_name = &to.sa;
        native.msg_namelen = to.len;
    }
    count = send_native(h, &native, message->flags | NO_SIGNAL);
    return count >= 0 ? count : ps__from_os(errno);
}

#if !PS__HAVE_MSG_CMSG_CLOEXEC
/* The header of a last item that was cut may state more bytes than came. */
static size_t descriptor_count(const struct msghdr *message, const struct cmsghdr *item)
{
    size_t left =
        message->msg_controllen - (size_t)((const char *)item - (const char *)message->msg_control);
    size_t length = item->cmsg_len < left ? item->cmsg_len : left;

    return length > CMSG_LEN(0) ? (length - CMSG_LEN(0)) / sizeof(int) : 0;
}

static void close_on_exec(struct msghdr *message)
{
    for (struct cmsghdr *item = CMSG_FIRSTHDR(message); item; item = CMSG_NXTHDR(message, item)) {
        if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < descriptor_count(message, item); i++) {
            int h;

            memcpy(&h, CMSG_DATA(item) + i * sizeof h, sizeof h);
            (void)ps__sys_set_inheritable(h, false);
        }
    }
}
#endif

ptrdiff_t ps__sys_recvmsg(ps_handle h, ps__message *message)
{
    struct iovec pieces[PS_BUFFERS_MAX + 1];
    struct msghdr native = native_message(message, pieces);
    ptrdiff_t count;

    if (message->from) {
        native.msg_name = &message->from->sa;
        native.msg_namelen = sizeof message->from->storage;
    }
    count = recvmsg(h, &native, message->flags | CLOSE_ON_EXEC);
    if (count < 0)
        return ps__from_os(errno);
    message->control_size = native.msg_controllen;
    message->flags = native.msg_flags & ~CLOSE_ON_EXEC;
    if (message->from)
        ps__set_length(message->from, native.msg_namelen);
#if !PS__HAVE_MSG_CMSG_CLOEXEC
    close_on_exec(&native);
#endif
    return count;
}

size_t ps__sys_control_space(size_t size)
{
    return CMSG_SPACE(size);
}

size_t ps__sys_control_length(size_t size)
{
    return CMSG_LEN(size);
}

void ps__sys_control_put(void *at, int level, int type, size_t size)
{
    struct cmsghdr header;

    memset(&header, 0, sizeof header);
    header.cmsg_len = (socklen_t)CMSG_LEN(size);
    header.cmsg_level = level;
    header.cmsg_type = type;
    memcpy(at, &header, sizeof header);
}

size_t ps__sys_control_get(const void *at, int *level, int *type)
{
    struct cmsghdr header;

    memcpy(&header, at, sizeof header);
    *level = header.cmsg_level;
    *type = header.cmsg_type;
    return header.cmsg_len;
}

bool ps__sys_control_rights(int *level, int *type)
{
    *level = SOL_SOCKET;
    *type = SCM_RIGHTS;
    return true;
}

#if defined SO_PEERCRED && PS__HAVE_UCRED
int ps__sys_peer_credentials(ps_handle h, ps_credentials *credentials)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (getsockopt(h, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return ps__from_os(errno);
    if (peer.uid == (uid_t)-1)
        return PS_ENOTCONN;
    credentials->pid = peer.pid;
    credentials->uid = (long)peer.uid;
    credentials->gid = (long)peer.gid;
    return 0;
}
#elif PS__HAVE_GETPEEREID
int ps__sys_peer_credentials(ps_handle h, ps_credentials *credentials)
{
    uid_t uid;
    gid_t gid;

    if (getpeereid(h, &uid, &gid) < 0)
        return ps__from_os(errno);
    credentials->uid = (long)uid;
    credentials->gid = (long)gid;
    return 0;
}
#else
int ps__sys_peer_credentials(ps_handle h, ps_credentials *credentials)
{
    (void)h;
    (void)credentials;
    return PS_EOPNOTSUPP;
}
#endif

int ps__sys_share(ps_handle h, unsigned long pid, void *blob, size_t *size)
{
    (void)h;
    (void)pid;
    (void)blob;
    (void)size;
    return PS_EOPNOTSUPP;
}

int ps__sys_from_share(const void *blob, size_t size, ps_handle *h, int *family, int *type,
                       int *proto)
{
    (void)blob;
    (void)size;
    (void)h;
    (void)family;
    (void)type;
    (void)proto;
    return PS_EOPNOTSUPP;
}
