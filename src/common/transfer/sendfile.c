#include "config.h"

#include "portsock/sendfile.h"

#include "common/compiler.h"
#include "common/connect/judge.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"

typedef struct file_transfer {
    ps__call call;
    ps_native_file file;
    uint64_t offset; /* of what is sent next */
    uint64_t left;
    uint64_t sent;
    bool may_block;
} file_transfer;

static size_t most_of(const file_transfer *t, size_t size)
{
    return t->left < size ? (size_t)t->left : size;
}

static ptrdiff_t add_sent(file_transfer *t, ptrdiff_t count)
{
    ps__note_transfer(t->call.sock);
    t->offset += (uint64_t)count;
    t->left -= (uint64_t)count;
    t->sent += (uint64_t)count;
    return t->left == 0 ? 0 : PS__AGAIN;
}

/* ---- by the system --------------------------------------------------------------------------- */

static ptrdiff_t send_step(ps__call *call)
{
    file_transfer *t = (file_transfer *)call;
    ptrdiff_t count = ps__sys_sendfile(call->sock->handle, t->file, t->offset,
                                       most_of(t, PS__TRANSFER_MAX), t->may_block);

    if (count > 0)
        return add_sent(t, count);
    if (count == 0 || count == PS_EOPNOTSUPP)
        return count;
    return t->sent > 0 ? ps__judge_send_after_part(call->sock, count)
                       : ps__judge_send(call->sock, count);
}

/* ---- by reading and sending ------------------------------------------------------------------ */

/* Little enough for the stack of any thread. */
enum { COPY_SIZE = 32 * 1024 };

typedef struct copied_transfer {
    file_transfer file;
    size_t size, taken; /* of what is in the buffer */
    unsigned char buffer[COPY_SIZE];
} copied_transfer;

static ptrdiff_t fill_buffer(copied_transfer *c)
{
    ptrdiff_t count = ps__sys_read_file(c->file.file, c->file.offset, c->buffer,
                                        most_of(&c->file, sizeof c->buffer));

    c->taken = 0;
    c->size = count > 0 ? (size_t)count : 0;
    return count;
}

static ptrdiff_t copy_step(ps__call *call)
{
    copied_transfer *c = (copied_transfer *)call;
    ptrdiff_t count;

    if (c->taken == c->size) {
        count = fill_buffer(c);
        if (count <= 0)
            return count;
    }
    count = ps__sys_send(call->sock->handle, c->buffer + c->taken, c->size - c->taken, 0);
    if (count < 0)
        return ps__judge_send(call->sock, count);
    c->taken += (size_t)count;
    return add_sent(&c->file, count);
}

/* A function of its own, so that only what copies has the buffer. */
static NOINLINE ptrdiff_t copy_rest(file_transfer *t)
{
    copied_transfer c;
    ptrdiff_t result;

    c.file = *t;
    c.file.call.step = copy_step;
    c.file.call.ready = 0;
    c.size = c.taken = 0;
    result = ps__call_finish(&c.file.call, PS__AGAIN);
    t->sent = c.file.sent;
    return result;
}

/* ---- the call -------------------------------------------------------------------------------- */

typedef struct arguments {
    ps_native_file file;
    uint64_t offset;
    uint64_t count;
    uint64_t sent;
} arguments;

static bool has_no_limit(const ps_sock *s)
{
    return ps__timeout(s) == PS_NO_TIMEOUT &&
           !(ps__flags(s) & (PS__IS_GUARDED | PS__HAS_SO_TIMEOUT));
}

static int check(const ps_sock *s, const arguments *a)
{
    if (!ps__is_stream(s))
        return PS_EOPNOTSUPP;
    if (a->offset > INT64_MAX)
        return PS_BAD_LENGTH;
    return ps__refused(s, PS__WRITABLE);
}

static ptrdiff_t send_file(ps_sock *s, void *argument)
{
    arguments *a = argument;
    uint64_t most = INT64_MAX - a->offset;
    file_transfer t = {.file = a->file,
                       .offset = a->offset,
                       .left = a->count < most ? a->count : most,
                       .may_block = has_no_limit(s)};
    ptrdiff_t result = check(s, a);

    if (result != 0 || t.left == 0)
        return result;
    ps__call_begin(&t.call, s, send_step, PS__WRITABLE, ps__flags(s));
    result = ps__call_finish(&t.call, send_step(&t.call));
    if (result == PS_EOPNOTSUPP)
        result = copy_rest(&t);
    a->sent = t.sent;
    return result;
}

int ps_sendfile(ps_sock *s, ps_native_file file, uint64_t offset, uint64_t count, uint64_t *sent)
{
    arguments a = {.file = file, .offset = offset, .count = count};
    ptrdiff_t code = ps__gate(s, PS_OPERATION_SEND, NULL, send_file, &a);

    if (sent)
        *sent = a.sent;
    return (int)code;
}
