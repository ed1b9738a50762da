#include "config.h"

#include "common/backend.h"
#include "posix/address_length.h"
#include "posix/last_error.h"
#include "posix/transfer.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/uio.h>

#if PS__HAVE_PADDED_MSGHDR
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* ---- several messages in a call -------------------------------------------------------------- */

#if PS__HAVE_MMSG

/* As many messages as the frontend passes at a time. */
enum { MOST = 64 };

/* A sandbox may allow calls of one message only. A firewall refuses those, too. */
static int why_not(void)
{
    return errno == ENOSYS || errno == EPERM ? PS_EOPNOTSUPP : ps__last_error();
}

/* Returns the first piece behind those of this message. */
static struct iovec *describe(struct msghdr *native, const ps__message *message,
                              struct iovec *pieces)
{
    memset(native, 0, sizeof *native);
    for (size_t i = 0; i < message->count; i++) {
        pieces[i].iov_base = message->buffers[i].data;
        pieces[i].iov_len = message->buffers[i].size;
    }
    native->msg_iov = pieces;
    native->msg_iovlen = (unsigned char)message->count;
    if (message->control_size > 0) {
        native->msg_control = message->control;
        native->msg_controllen = (socklen_t)message->control_size;
    }
    return pieces + message->count;
}

/* musl's function sends one message after the other; here the padding is clear (message.c). */
static ptrdiff_t send_native(ps_handle h, struct mmsghdr *natives, size_t count, int flags)
{
#if PS__HAVE_PADDED_MSGHDR
    return syscall(SYS_sendmmsg, h, natives, count, flags);
#else
    return sendmmsg(h, natives, (unsigned)count, flags);
#endif
}

ptrdiff_t ps__sys_sendmany(ps_handle h, const ps__message *messages, size_t count)
{
    struct mmsghdr natives[MOST];
    struct iovec pieces[MOST];
    struct iovec *next = pieces;
    ptrdiff_t went;

    for (size_t i = 0; i < count; i++) {
        const ps_addr *to = messages[i].to;

        next = describe(&natives[i].msg_hdr, &messages[i], next);
        natives[i].msg_len = 0;
        if (to) {
            natives[i].msg_hdr.msg_name = (void *)(uintptr_t)&to->sa;
            natives[i].msg_hdr.msg_namelen = to->len;
        }
    }
    went = send_native(h, natives, count, messages[0].flags | PS__NO_SIGNAL);
    return went >= 0 ? went : why_not();
}

#if PS__HAVE_MSG_CMSG_CLOEXEC
enum { CLOSE_ON_EXEC = MSG_CMSG_CLOEXEC };
#else
enum { CLOSE_ON_EXEC = 0 };
#endif

ptrdiff_t ps__sys_recvmany(ps_handle h, ps__message *messages, size_t count, ptrdiff_t *sizes)
{
    struct mmsghdr natives[MOST];
    struct iovec pieces[MOST];
    struct iovec *next = pieces;
    int came;

    for (size_t i = 0; i < count; i++) {
        next = describe(&natives[i].msg_hdr, &messages[i], next);
        natives[i].msg_hdr.msg_name = &messages[i].from->sa;
        natives[i].msg_hdr.msg_namelen = sizeof messages[i].from->storage;
    }
    came = recvmmsg(h, natives, (unsigned)count, messages[0].flags | MSG_WAITFORONE | CLOSE_ON_EXEC,
                    NULL);
    if (came < 0)
        return why_not();
    for (int i = 0; i < came; i++) {
        const struct msghdr *native = &natives[i].msg_hdr;

        sizes[i] = (ptrdiff_t)natives[i].msg_len;
        messages[i].control_size = native->msg_controllen;
        messages[i].flags = native->msg_flags & ~CLOSE_ON_EXEC;
        ps__set_length(messages[i].from, native->msg_namelen);
    }
    return came;
}

#else

ptrdiff_t ps__sys_sendmany(ps_handle h, const ps__message *messages, size_t count)
{
    (void)h;
    (void)messages;
    (void)count;
    return PS_EOPNOTSUPP;
}

ptrdiff_t ps__sys_recvmany(ps_handle h, ps__message *messages, size_t count, ptrdiff_t *sizes)
{
    (void)h;
    (void)messages;
    (void)count;
    (void)sizes;
    return PS_EOPNOTSUPP;
}

#endif

/* ---- several datagrams in a message ---------------------------------------------------------- */

static void make_item(ps_control *item, int level, int type, ps__control_data *data,
                      const void *value, size_t size)
{
    memcpy(data->bytes, value, size);
    *item = (ps_control){level, type, data->bytes, size};
}

#if PS__HAVE_UDP_SEGMENT

/* Of <linux/udp.h>; the C library's headers may be older. */
enum { SEGMENT = 103, GRO = 104 };

/* A kernel without it sends what should be many datagrams as one. Asked until one has it. */
bool ps__sys_can_segment(ps_handle h)
{
    static atomic_bool known;
    int size;
    socklen_t length = sizeof size;

    if (!atomic_load_explicit(&known, memory_order_relaxed) &&
        getsockopt(h, IPPROTO_UDP, SEGMENT, &size, &length) == 0)
        atomic_store_explicit(&known, true, memory_order_relaxed);
    return atomic_load_explicit(&known, memory_order_relaxed);
}

void ps__sys_segment_item(size_t size, ps__control_data *data, ps_control *item)
{
    uint16_t value = (uint16_t)size;

    make_item(item, IPPROTO_UDP, SEGMENT, data, &value, sizeof value);
}

int ps__sys_coalesce(ps_handle h)
{
    const int on = 1;
    int code = setsockopt(h, IPPROTO_UDP, GRO, &on, sizeof on) < 0 ? ps__last_error() : 0;

    return code == PS_ENOPROTOOPT ? PS_EOPNOTSUPP : code;
}

size_t ps__sys_coalesced_size(const ps_control *item)
{
    int size;

    if (item->level != IPPROTO_UDP || item->type != GRO || item->size < sizeof size)
        return 0;
    memcpy(&size, item->data, sizeof size);
    return size > 0 ? (size_t)size : 0;
}

#else

bool ps__sys_can_segment(ps_handle h)
{
    (void)h;
    return false;
}

void ps__sys_segment_item(size_t size, ps__control_data *data, ps_control *item)
{
    make_item(item, IPPROTO_UDP, 0, data, &size, sizeof size);
}

int ps__sys_coalesce(ps_handle h)
{
    (void)h;
    return PS_EOPNOTSUPP;
}

size_t ps__sys_coalesced_size(const ps_control *item)
{
    (void)item;
    return 0;
}

#endif
