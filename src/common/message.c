#include "call.h"
#include "control.h"
#include "socket.h"

#include <stdalign.h>
#include <string.h>

/* Room for ancillary data, aligned as every system's header wants it. */
typedef struct control_room {
    alignas(max_align_t) unsigned char bytes[PS_CONTROL_ROOM_MAX];
} control_room;

typedef struct message_call {
    ps__call call;
    ps__message message;
    size_t control_room;
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

/* ---- sending ------------------------------------------------------------------------------------------- */

static int write_controls(control_room *room, const ps_control *controls, size_t count, size_t *size)
{
    size_t i;

    *size = 0;
    for (i = 0; i < count; i++) {
        if (!controls[i].data && controls[i].size > 0)
            return PS_EFAULT;
        *size = ps__control_write(room->bytes, sizeof room->bytes, *size, &controls[i]);
        if (*size == 0)
            return PS_BAD_LENGTH;
    }
    return 0;
}

static ptrdiff_t send_step(ps__call *call)
{
    message_call *c = (message_call *)call;
    ptrdiff_t count = ps__sys_sendmsg(call->sock->handle, &c->message);

    return count >= 0 || c->message.to ? count : ps__even_send(call->sock, count);
}

static ptrdiff_t sendmsg_entered(ps_sock *s, const ps_buffer *buffers, size_t count, const ps_control *controls,
                                 size_t control_count, int flags, const ps_addr *to)
{
    control_room room;
    message_call c = {.message = {.buffers = buffers, .count = count, .flags = flags, .to = to}};
    int code;

    if (!controls && control_count > 0)
        return PS_EFAULT;
    code = check_buffers(buffers, count);
    if (code == 0 && s->handle == PS_INVALID_HANDLE)
        code = PS_EBADF;
    if (code == 0 && to)
        code = ps__check_address(s, to);
    if (code == 0 && control_count > 0) {
        memset(room.bytes, 0, sizeof room.bytes);
        code = write_controls(&room, controls, control_count, &c.message.control_size);
        c.message.control = room.bytes;
    }
    if (code == 0)
        code = ps__canceled(s);
    if (code != 0)
        return code;
    c.call = ps__call_make_transfer(s, send_step, PS__WRITABLE, flags);
    return ps__call_finish(&c.call, send_step(&c.call));
}

ptrdiff_t ps_sendmsg(ps_sock *s, const ps_buffer *buffers, size_t count, const ps_control *controls,
                     size_t control_count, int flags, const ps_addr *to)
{
    ptrdiff_t result = ps__begin(s);

    if (result != 0)
        return result;
    result = sendmsg_entered(s, buffers, count, controls, control_count, flags, to);
    ps__record(s, PS_OPERATION_SEND, to, result);
    return ps__leave(s) && result < 0 ? PS_EBADF : result;
}

/* ---- receiving ----------------------------------------------------------------------------------------- */

/* The system changes its arguments even when it fails. */
static ptrdiff_t receive_step(ps__call *call)
{
    message_call *c = (message_call *)call;

    c->message.flags = c->flags;
    c->message.control_size = c->control_room;
    return ps__even_receive(call->sock, ps__sys_recvmsg(call->sock->handle, &c->message));
}

/* Gives the items that find room, and lets go of the handles in the others. Returns whether all found room. */
static bool read_controls(const ps__message *message, ps_control *controls, size_t *count)
{
    size_t room = *count;
    bool all = true;
    size_t offset = 0;
    ps_control item;

    *count = 0;
    while ((offset = ps__control_read(message->control, message->control_size, offset, &item)) != 0) {
        if (*count < room) {
            controls[(*count)++] = item;
            continue;
        }
        all = false;
        if (ps__control_has_handles(&item))
            ps__control_close_handles(&item, 0);
    }
    return all;
}

static ptrdiff_t recvmsg_entered(ps_sock *s, const ps_buffer *buffers, size_t count, ps_control *controls,
                                 size_t *control_count, void *room, size_t room_size, int *flags, ps_addr *from)
{
    control_room aligned;
    message_call c = {.message = {.buffers = buffers, .count = count, .from = from}, .flags = flags ? *flags : 0};
    size_t items = controls && control_count ? *control_count : 0;
    ptrdiff_t received;
    int code;

    if (flags)
        *flags = 0;
    if (control_count)
        *control_count = 0;
    if (!room && room_size > 0)
        return PS_EFAULT;
    code = check_buffers(buffers, count);
    if (code != 0)
        return code;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    c.message.control = aligned.bytes;
    c.control_room = room_size < sizeof aligned.bytes ? room_size : sizeof aligned.bytes;
    if (c.flags & MSG_WAITALL)
        return PS_EOPNOTSUPP;
    code = ps__canceled(s);
    if (code != 0)
        return code;
    if ((ps__is_stream(s) && is_empty(buffers, count)) || ps__marks(s) & PS__SHUT_RECEIVE)
        return 0;
    c.call = ps__call_make_transfer(s, receive_step, PS__READABLE, c.flags);
    received = ps__call_finish(&c.call, receive_step(&c.call));
    if (received < 0)
        return received;
    if (from && ps__is_stream(s))
        from->len = 0;
    if (c.message.control_size > 0) {
        /* The room of the caller need not be aligned: the items are found here, and their data moved there. */
        size_t i;
        if (!read_controls(&c.message, controls, &items))
            c.message.flags |= MSG_CTRUNC;
        memcpy(room, aligned.bytes, c.message.control_size);
        for (i = 0; i < items; i++)
            controls[i].data = (unsigned char *)room + ((const unsigned char *)controls[i].data - aligned.bytes);
    } else {
        items = 0;
    }
    if (control_count)
        *control_count = items;
    if (flags)
        *flags = c.message.flags;
    return received;
}

ptrdiff_t ps_recvmsg(ps_sock *s, const ps_buffer *buffers, size_t count, ps_control *controls, size_t *control_count,
                     void *room, size_t room_size, int *flags, ps_addr *from)
{
    ptrdiff_t result = ps__begin(s);

    if (from)
        from->len = 0;
    if (result == 0) {
        result = recvmsg_entered(s, buffers, count, controls, control_count, room, room_size, flags, from);
        ps__record(s, PS_OPERATION_RECEIVE, NULL, result);
        return ps__leave(s) && result <= 0 ? PS_EBADF : result;
    }
    if (flags)
        *flags = 0;
    if (control_count)
        *control_count = 0;
    return result;
}

/* ---- descriptors --------------------------------------------------------------------------------------- */

ptrdiff_t ps_send_fds(ps_sock *s, const void *buf, size_t n, const ps_handle *fds, size_t count, int flags)
{
    ps_control item = {.data = fds, .size = count * sizeof *fds};
    ps_buffer buffer;

    if (!s || (!buf && n > 0) || (!fds && count > 0))
        return PS_EFAULT;
    if (count > PS_FDS_MAX)
        return PS_BAD_LENGTH;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    if (!ps__sys_control_rights(&item.level, &item.type))
        return PS_EOPNOTSUPP;
    memcpy(&buffer.data, &buf, sizeof buffer.data); /* sending does not write to it */
    buffer.size = n;
    return ps_sendmsg(s, &buffer, 1, &item, count > 0, flags, NULL);
}

ptrdiff_t ps_recv_fds(ps_sock *s, void *buf, size_t n, ps_handle *fds, size_t *count, int *flags)
{
    control_room room;
    ps_control items[8];
    size_t item_count = sizeof items / sizeof items[0];
    size_t wanted = count ? *count : 0;
    int said = flags ? *flags : 0;
    ps_buffer buffer = {buf, n};
    ptrdiff_t received;
    size_t i, given = 0;
    int level, type;

    if (count)
        *count = 0;
    if (flags)
        *flags = 0;
    if (!s || !count || (!fds && wanted > 0) || (!buf && n > 0))
        return PS_EFAULT;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    if (!ps__sys_control_rights(&level, &type))
        return PS_EOPNOTSUPP;
    received = ps_recvmsg(s, &buffer, 1, items, &item_count, room.bytes, sizeof room.bytes, &said, NULL);
    if (received < 0)
        return received;
    for (i = 0; i < item_count; i++) {
        size_t here = items[i].size / sizeof *fds;
        size_t taken = here < wanted - given ? here : wanted - given;
        if (!ps__control_has_handles(&items[i]))
            continue;
        if (taken > 0)
            memcpy(fds + given, items[i].data, taken * sizeof *fds);
        given += taken;
        if (taken < here) {
            ps__control_close_handles(&items[i], taken);
            said |= MSG_CTRUNC;
        }
    }
    *count = given;
    if (flags)
        *flags = said;
    return received;
}

/* ---- who and where ------------------------------------------------------------------------------------- */

static int getpeercred_entered(ps_sock *s, ps_credentials *credentials)
{
    if (!credentials)
        return PS_EFAULT;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    return s->family == AF_UNIX ? ps__sys_peer_credentials(s->handle, credentials) : PS_EOPNOTSUPP;
}

int ps_getpeercred(ps_sock *s, ps_credentials *credentials)
{
    int code = ps__begin(s);

    if (credentials)
        credentials->pid = credentials->uid = credentials->gid = -1;
    return code != 0 ? code : ps__end(s, PS_OPERATION_GETPEERCRED, NULL, getpeercred_entered(s, credentials));
}

static int share_entered(ps_sock *s, unsigned long pid, void *blob, size_t *size)
{
    size_t room = size ? *size : 0;
    int code;

    if (size)
        *size = 0;
    if (!blob || !size)
        return PS_EFAULT;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    code = ps__sys_share(s->handle, pid, blob, &room);
    if (code == 0)
        *size = room;
    return code;
}

int ps_share(ps_sock *s, unsigned long pid, void *blob, size_t *size)
{
    int code = ps__begin(s);

    if (code == 0)
        return ps__end(s, PS_OPERATION_SHARE, NULL, share_entered(s, pid, blob, size));
    if (size)
        *size = 0;
    return code;
}

int ps_fromshare(ps_sock *s, const void *blob, size_t size)
{
    ps_handle h = PS_INVALID_HANDLE;
    int family, type, proto;
    int code;

    if (s)
        ps__sock_clear(s);
    if (!s || !blob)
        return PS_EFAULT;
    code = ps__sys_from_share(blob, size, &h, &family, &type, &proto);
    if (code != 0)
        return code;
    return ps__sock_adopt(s, h, family, type, proto, PS__STATE_UNKNOWN, false, ps__default_timeout());
}
