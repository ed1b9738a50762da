#include "backend.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#ifdef PS__HAVE_MSG_NOSIGNAL
enum { NO_SIGNAL = MSG_NOSIGNAL };
#else
enum { NO_SIGNAL = 0 };
#endif

#ifdef PS__HAVE_MSG_CMSG_CLOEXEC
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
    /* C libraries disagree on the types of the two lengths; both take these. */
    native.msg_iovlen = (unsigned char)message->count;
    if (message->control_size > 0) {
        native.msg_control = message->control;
        native.msg_controllen = (socklen_t)message->control_size;
    }
    return native;
}

ptrdiff_t ps__sys_sendmsg(ps_handle h, const ps__message *message)
{
    struct iovec pieces[PS_BUFFERS_MAX];
    struct msghdr native = native_message(message, pieces);
    ps_addr to;
    ptrdiff_t count;

    if (message->to) {
        to = *message->to;
        native.msg_name = &to.sa;
        native.msg_namelen = to.len;
    }
    count = sendmsg(h, &native, message->flags | NO_SIGNAL);
    return count >= 0 ? count : ps__from_os(errno);
}

#ifndef PS__HAVE_MSG_CMSG_CLOEXEC
static void close_on_exec(const ps__message *message)
{
    size_t offset = 0;
    ps_control item;

    while ((offset = ps__sys_control_read(message->control, message->control_size, offset, &item)) != 0) {
        size_t i;
        if (item.level != SOL_SOCKET || item.type != SCM_RIGHTS)
            continue;
        for (i = 0; i < item.size / sizeof(int); i++) {
            int h;
            memcpy(&h, (const unsigned char *)item.data + i * sizeof h, sizeof h);
            (void)ps__sys_set_inheritable(h, false);
        }
    }
}
#endif

ptrdiff_t ps__sys_recvmsg(ps_handle h, ps__message *message)
{
    struct iovec pieces[PS_BUFFERS_MAX];
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
    if (message->from) {
        socklen_t most = sizeof message->from->storage;
        message->from->len = native.msg_namelen < most ? native.msg_namelen : most;
    }
#ifndef PS__HAVE_MSG_CMSG_CLOEXEC
    close_on_exec(message);
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

size_t ps__sys_control_write(void *room, size_t room_size, size_t offset, const ps_control *item)
{
    struct cmsghdr header;
    unsigned char *at = (unsigned char *)room + offset;

    if (CMSG_SPACE(item->size) > room_size - offset)
        return 0;
    memset(&header, 0, sizeof header);
    header.cmsg_len = (socklen_t)CMSG_LEN(item->size);
    header.cmsg_level = item->level;
    header.cmsg_type = item->type;
    memcpy(at, &header, sizeof header);
    if (item->size > 0)
        memcpy(at + CMSG_LEN(0), item->data, item->size);
    return offset + CMSG_SPACE(item->size);
}

size_t ps__sys_control_read(const void *room, size_t room_size, size_t offset, ps_control *item)
{
    const unsigned char *at = (const unsigned char *)room + offset;
    struct cmsghdr header;
    size_t size;

    if (offset > room_size || room_size - offset < CMSG_LEN(0))
        return 0;
    memcpy(&header, at, sizeof header);
    if (header.cmsg_len < CMSG_LEN(0))
        return 0;
    size = header.cmsg_len - CMSG_LEN(0);
    /* A last item that was cut still has what fitted: descriptors in it are open. */
    if (size > room_size - offset - CMSG_LEN(0))
        size = room_size - offset - CMSG_LEN(0);
    item->level = header.cmsg_level;
    item->type = header.cmsg_type;
    item->data = at + CMSG_LEN(0);
    item->size = size;
    return offset + CMSG_SPACE(size);
}

bool ps__sys_control_rights(int *level, int *type)
{
    *level = SOL_SOCKET;
    *type = SCM_RIGHTS;
    return true;
}

#if defined SO_PEERCRED && defined PS__HAVE_UCRED
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
#elif defined PS__HAVE_GETPEEREID
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

int ps__sys_from_share(const void *blob, size_t size, ps_handle *h, int *family, int *type, int *proto)
{
    (void)blob;
    (void)size;
    (void)h;
    (void)family;
    (void)type;
    (void)proto;
    return PS_EOPNOTSUPP;
}
