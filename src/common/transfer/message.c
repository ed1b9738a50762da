#include "config.h"

#include "common/connect/judge.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/port_sharing.h"
#include "common/socket/shutdown.h"
#include "common/socket/socket.h"
#include "common/transfer/ancillary.h"
#include "common/transfer/coalescing.h"
#include "common/transfer/wait_first.h"

#include <stdalign.h>
#include <string.h>

/* Space for ancillary data, aligned as every system's header requires. */
typedef struct control_space {
    alignas(max_align_t) unsigned char bytes[PS_CONTROL_SIZE_MAX];
} control_space;

typedef struct message_call {
    ps__call call;
    ps__message message;
    size_t control_capacity;
    int flags;
} message_call;

static int check_buffers(const ps_buffer *buffers, size_t count)
{
    size_t total = 0;
    size_t i;

    if (count > PS_BUFFERS_MAX)
        return PS_BAD_LENGTH;
    if (!buffers && count > 0)
        return PS_EFAULT;
    for (i = 0; i < count; i++) {
        if (buffers[i].size > PTRDIFF_MAX - total)
            return PS_BAD_LENGTH;
        if (!buffers[i].data && buffers[i].size > 0)
            return PS_EFAULT;
        total += buffers[i].size;
    }
    return 0;
}

static bool is_empty(const ps_buffer *buffers, size_t count)
{
    while (count > 0 && buffers[count - 1].size == 0)
        count--;
    return count == 0;
}

/* ---- sending --------------------------------------------------------------------------------- */

static int write_controls(control_space *space, const ps_control *controls, size_t count,
                          size_t *size)
{
    size_t i;

    *size = 0;
    for (i = 0; i < count; i++) {
        if (!controls[i].data && controls[i].size > 0)
            return PS_EFAULT;
        *size = ps__control_write(space->bytes, sizeof space->bytes, *size, &controls[i]);
        if (*size == 0)
            return PS_BAD_LENGTH;
    }
    return 0;
}

static ptrdiff_t send_step(ps__call *call)
{
    message_call *c = (message_call *)call;
    ptrdiff_t count = ps__sys_sendmsg(call->sock->handle, &c->message);

    if (count < 0)
        return c->message.to ? ps__judge_sendto(call->sock, c->message.to, count)
                             : ps__judge_send(call->sock, count);
    ps__note_transfer(call->sock);
    return count;
}

typedef struct send_arguments {
    const ps_buffer *buffers;
    size_t count;
    const ps_control *controls;
    size_t control_count;
    int flags;
    const ps_addr *to;
} send_arguments;

static ptrdiff_t send_message(ps_sock *s, void *arguments)
{
    const send_arguments *a = arguments;
    message_call c = {
        .message = {.buffers = a->buffers, .count = a->count, .flags = a->flags, .to = a->to}};
    control_space space;
    int code;

    if (!a->controls && a->control_count > 0)
        return PS_EFAULT;
    code = check_buffers(a->buffers, a->count);
    if (code == 0 && a->to)
        code = ps__check_address(s, a->to);
    if (code == 0 && a->control_count > 0) {
        memset(space.bytes, 0, sizeof space.bytes);
        code = write_controls(&space, a->controls, a->control_count, &c.message.control_size);
        c.message.control = space.bytes;
    }
    if (code == 0)
        code = ps__refused(s, PS__WRITABLE);
    if (code != 0)
        return code;
    ps__call_begin_transfer(&c.call, s, send_step, PS__WRITABLE, ps__flags(s), a->flags);
    return ps__call_finish(&c.call, send_step(&c.call));
}

ptrdiff_t ps_sendmsg(ps_sock *s, const ps_buffer *buffers, size_t count, const ps_control *controls,
                     size_t control_count, int flags, const ps_addr *to)
{
    send_arguments arguments = {buffers, count, controls, control_count, flags, to};

    return ps__gate(s, PS_OPERATION_SEND, to, send_message, &arguments);
}

/* ---- receiving ------------------------------------------------------------------------------- */

/* The system changes its arguments also when it fails. */
static ptrdiff_t receive_once(message_call *c)
{
    c->message.flags = c->flags;
    c->message.control_size = c->control_capacity;
    return ps__receive_message(c->call.sock, &c->message);
}

static ptrdiff_t receive_step(ps__call *call)
{
    message_call *c = (message_call *)call;
    bool ended = ps__receives_are_ended(call->sock);
    ptrdiff_t count = ended ? 0 : receive_once(c);

    if (ended || (count < 0 && ps__receives_are_ended(call->sock))) {
        c->message.flags = 0;
        c->message.control_size = 0;
        return 0;
    }
    return c->flags & PS__ERROR_QUEUE ? count : ps__judge_receive(call->sock, count);
}

/* Returns the items that fit into the array, and closes the handles in the others. Returns whether
 * all fitted. */
static bool read_controls(const ps__message *message, ps_control *controls, size_t *count)
{
    size_t capacity = *count;
    bool all = true;
    size_t offset = 0;
    ps_control item;

    *count = 0;
    while ((offset = ps__control_read(message->control, message->control_size, offset, &item)) !=
           0) {
        if (*count < capacity) {
            controls[(*count)++] = item;
            continue;
        }
        all = false;
        if (ps__control_has_handles(&item))
            ps__control_close_handles(&item, 0);
    }
    return all;
}

typedef struct receive_arguments {
    const ps_buffer *buffers;
    size_t count;
    ps_control *controls;
    size_t item_capacity;
    size_t item_count; /* the results: how many items came, */
    void *buffer;
    size_t capacity;
    int flags; /* and what the system says of the message */
    ps_addr *from;
} receive_arguments;

static int check_receive(const ps_sock *s, const receive_arguments *a)
{
    int code;

    if (!a->buffer && a->capacity > 0)
        return PS_EFAULT;
    code = check_buffers(a->buffers, a->count);
    if (code != 0)
        return code;
    return a->flags & MSG_WAITALL ? PS_EOPNOTSUPP : ps__refused(s, PS__READABLE);
}

/* The caller's buffer need not be aligned: the items are found here, and their data copied
 * there. */
static void return_controls(receive_arguments *a, ps__message *message,
                            const control_space *aligned)
{
    a->item_count = a->item_capacity;
    if (!read_controls(message, a->controls, &a->item_count))
        message->flags |= MSG_CTRUNC;
    memcpy(a->buffer, aligned->bytes, message->control_size);
    for (size_t i = 0; i < a->item_count; i++)
        a->controls[i].data = (unsigned char *)a->buffer +
                              ((const unsigned char *)a->controls[i].data - aligned->bytes);
}

static ptrdiff_t receive_message(ps_sock *s, void *arguments)
{
    receive_arguments *a = arguments;
    message_call c = {.message = {.buffers = a->buffers, .count = a->count, .from = a->from},
                      .flags = a->flags};
    control_space aligned;
    ptrdiff_t received;
    int code = check_receive(s, a);

    a->flags = 0;
    if (code != 0)
        return code;
    c.message.control = aligned.bytes;
    c.control_capacity = a->capacity < sizeof aligned.bytes ? a->capacity : sizeof aligned.bytes;
    if ((ps__is_stream(s) && is_empty(a->buffers, a->count) && !(c.flags & PS__ERROR_QUEUE)) ||
        ps__flags(s) & PS__SHUT_RECEIVE)
        return 0;
    ps__call_begin_transfer(&c.call, s, receive_step, PS__READABLE, ps__flags(s), c.flags);
    received = ps__receive_to_the_end(&c.call);
    if (received < 0)
        return received;
    if (a->from && ps__is_stream(s))
        a->from->len = 0;
    if (c.message.control_size > 0)
        return_controls(a, &c.message, &aligned);
    a->flags = c.message.flags;
    /* Nothing that came while the socket was being closed is lost: descriptors may come without
     * bytes. */
    return received == 0 && a->item_count == 0 && ps__closing(s) ? PS_EBADF : received;
}

/* Through the gate; a call that never began returns empty results. */
static ptrdiff_t receive_through_gate(ps_sock *s, receive_arguments *arguments)
{
    ptrdiff_t received;

    if (arguments->from)
        arguments->from->len = 0;
    received = ps__gate(s, PS_OPERATION_RECEIVE, NULL, receive_message, arguments);
    if (received < 0)
        arguments->flags = 0;
    return received;
}

ptrdiff_t ps_recvmsg(ps_sock *s, const ps_buffer *buffers, size_t count, ps_control *controls,
                     size_t *control_count, void *buf, size_t n, int *flags, ps_addr *from)
{
    receive_arguments arguments = {.buffers = buffers,
                                   .count = count,
                                   .controls = controls,
                                   .item_capacity = controls && control_count ? *control_count : 0,
                                   .buffer = buf,
                                   .capacity = n,
                                   .flags = flags ? *flags : 0,
                                   .from = from};
    ptrdiff_t received = receive_through_gate(s, &arguments);

    if (flags)
        *flags = arguments.flags;
    if (control_count)
        *control_count = arguments.item_count;
    return received;
}

/* ---- descriptors ----------------------------------------------------------------------------- */

static ptrdiff_t send_descriptors(ps_sock *s, void *arguments)
{
    const send_arguments *a = arguments;
    ps_control item = *a->controls;
    send_arguments message = *a;

    if ((!item.data && item.size > 0) || (!a->buffers[0].data && a->buffers[0].size > 0))
        return PS_EFAULT;
    if (item.size > PS_FDS_MAX * sizeof(ps_handle))
        return PS_BAD_LENGTH;
    if (!ps__sys_control_rights(&item.level, &item.type))
        return PS_EOPNOTSUPP;
    message.controls = &item;
    message.control_count = item.size > 0;
    return send_message(s, &message);
}

ptrdiff_t ps_send_fds(ps_sock *s, const void *buf, size_t n, const ps_handle *fds, size_t count,
                      int flags)
{
    /* More than may be sent is refused by its size, which must not overflow. */
    ps_control item = {.data = fds,
                       .size = (count <= PS_FDS_MAX ? count : PS_FDS_MAX + 1) * sizeof *fds};
    ps_buffer buffer;
    send_arguments arguments = {&buffer, 1, &item, 1, flags, NULL};

    memcpy(&buffer.data, &buf, sizeof buffer.data); /* sending does not write to it */
    buffer.size = n;
    return ps__gate(s, PS_OPERATION_SEND, NULL, send_descriptors, &arguments);
}

typedef struct descriptor_arguments {
    receive_arguments message;
    ps_handle *fds;
    size_t *count;
    size_t wanted;
} descriptor_arguments;

static ptrdiff_t receive_descriptors(ps_sock *s, void *arguments)
{
    descriptor_arguments *a = arguments;
    int level, type;

    if (!a->count || (!a->fds && a->wanted > 0) ||
        check_buffers(a->message.buffers, 1) == PS_EFAULT)
        return PS_EFAULT;
    return ps__sys_control_rights(&level, &type) ? receive_message(s, &a->message) : PS_EOPNOTSUPP;
}

/* Returns the descriptors of the items that fit into the array, and closes the others. Returns
 * whether all fitted. */
static bool take_descriptors(const ps_control *items, size_t item_count, ps_handle *fds,
                             size_t *count)
{
    size_t wanted = *count;
    size_t given = 0;
    bool all = true;

    for (size_t i = 0; i < item_count; i++) {
        size_t here = items[i].size / sizeof *fds;
        size_t taken = here < wanted - given ? here : wanted - given;

        if (!ps__control_has_handles(&items[i]))
            continue;
        if (taken > 0)
            memcpy(fds + given, items[i].data, taken * sizeof *fds);
        given += taken;
        if (taken < here) {
            ps__control_close_handles(&items[i], taken);
            all = false;
        }
    }
    *count = given;
    return all;
}

ptrdiff_t ps_recv_fds(ps_sock *s, void *buf, size_t n, ps_handle *fds, size_t *count, int *flags)
{
    ps_control items[8];
    control_space space;
    ps_buffer buffer = {buf, n};
    descriptor_arguments arguments = {.message = {.buffers = &buffer,
                                                  .count = 1,
                                                  .controls = items,
                                                  .item_capacity = sizeof items / sizeof items[0],
                                                  .buffer = space.bytes,
                                                  .capacity = sizeof space.bytes,
                                                  .flags = flags ? *flags : 0},
                                      .fds = fds,
                                      .count = count,
                                      .wanted = count ? *count : 0};
    ptrdiff_t received;

    if (count)
        *count = 0;
    if (flags)
        *flags = 0;
    received = ps__gate(s, PS_OPERATION_RECEIVE, NULL, receive_descriptors, &arguments);
    if (received < 0)
        return received;
    *count = arguments.wanted;
    if (!take_descriptors(items, arguments.message.item_count, fds, count))
        arguments.message.flags |= MSG_CTRUNC;
    if (flags)
        *flags = arguments.message.flags;
    return received;
}

/* ---- who and where --------------------------------------------------------------------------- */

static ptrdiff_t peer_credentials(ps_sock *s, void *credentials)
{
    if (!credentials)
        return PS_EFAULT;
    return s->family == AF_UNIX ? ps__sys_peer_credentials(s->handle, credentials) : PS_EOPNOTSUPP;
}

int ps_getpeercred(ps_sock *s, ps_credentials *credentials)
{
    if (credentials)
        credentials->pid = credentials->uid = credentials->gid = -1;
    return (int)ps__gate(s, PS_OPERATION_GETPEERCRED, NULL, peer_credentials, credentials);
}

typedef struct share_arguments {
    unsigned long pid;
    void *buf;
    size_t *n;
    size_t capacity;
} share_arguments;

static ptrdiff_t share(ps_sock *s, void *arguments)
{
    share_arguments *a = arguments;
    int code;

    if (!a->buf || !a->n)
        return PS_EFAULT;
    code = ps__sys_share(s->handle, a->pid, a->buf, &a->capacity);
    if (code == 0)
        *a->n = a->capacity;
    return code;
}

int ps_share(ps_sock *s, unsigned long pid, void *buf, size_t *n)
{
    share_arguments arguments = {pid, buf, n, n ? *n : 0};

    if (n)
        *n = 0;
    return (int)ps__gate(s, PS_OPERATION_SHARE, NULL, share, &arguments);
}

int ps_fromshare(ps_sock *s, const void *buf, size_t n)
{
    ps_handle h = PS_INVALID_HANDLE;
    int family, type, proto;
    int code;

    if (s)
        ps__sock_clear(s);
    if (!s || !buf)
        return PS_EFAULT;
    code = ps__sys_from_share(buf, n, &h, &family, &type, &proto);
    return code != 0 ? code : ps__sock_take_over(s, h, family, type, proto);
}
