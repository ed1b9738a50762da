#include "config.h"

#include "common/connect/judge.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/shutdown.h"
#include "common/socket/socket.h"
#include "common/transfer/ancillary.h"
#include "common/transfer/coalescing.h"
#include "common/transfer/wait_first.h"

/* How many datagrams one system call takes, and the space for what comes with each. */
enum { CHUNK = 64, CONTROL_SIZE = 256 };

typedef struct batch {
    ps__call call;
    ps_datagram *messages;
    size_t count;
    size_t done;
    int flags;
    bool singly; /* a call takes one datagram only */
    bool coalesces;
} batch;

typedef struct control_space {
    _Alignas(16) unsigned char bytes[CONTROL_SIZE];
} control_space;

typedef struct chunk {
    ps__message natives[CHUNK];
    ps_buffer buffers[CHUNK];
    ptrdiff_t sizes[CHUNK];
    control_space controls[CHUNK];
} chunk;

/* ---- one datagram ---------------------------------------------------------------------------- */

/* Only the first waits. */
static void prepare(const batch *b, chunk *c, size_t i)
{
    ps_datagram *d = &b->messages[b->done + i];

    c->buffers[i] = (ps_buffer){d->data, d->size};
    c->natives[i] = (ps__message){.buffers = &c->buffers[i],
                                  .count = 1,
                                  .control = c->controls[i].bytes,
                                  .control_size = CONTROL_SIZE,
                                  .flags = b->done > 0 ? b->flags | PS__AT_ONCE : b->flags,
                                  .from = &d->info.sender};
    d->info.sender.len = 0;
}

static void read_info(ps_receive_info *info, const ps__message *native)
{
    size_t offset = 0;
    ps_control item;

    info->fields = info->sender.len > 0 ? PS_INFO_SENDER : 0;
    info->flags = native->flags;
    while ((offset = ps__control_read(native->control, native->control_size, offset, &item)) != 0) {
        if (ps__control_has_handles(&item))
            ps__control_close_handles(&item, 0);
        else
            ps__sys_read_info(&item, info);
    }
}

static void finish(const batch *b, const chunk *c, size_t i)
{
    ps_datagram *d = &b->messages[b->done + i];

    d->count = c->sizes[i];
    read_info(&d->info, &c->natives[i]);
}

static int check(const ps_datagram *d)
{
    if (d->size > PTRDIFF_MAX)
        return PS_BAD_LENGTH;
    return !d->data && d->size > 0 ? PS_EFAULT : 0;
}

/* ---- a chunk --------------------------------------------------------------------------------- */

static ptrdiff_t receive_one(const batch *b, chunk *c)
{
    ptrdiff_t size;

    prepare(b, c, 0);
    size = ps__receive_message(b->call.sock, &c->natives[0]);
    c->sizes[0] = size;
    return size < 0 ? size : 1;
}

static ptrdiff_t receive_several(batch *b, chunk *c, size_t most)
{
    ptrdiff_t count;

    for (size_t i = 0; i < most; i++)
        prepare(b, c, i);
    if (b->coalesces)
        return ps__receive_coalesced_many(b->call.sock, c->natives, most, c->sizes);
    count = ps__sys_recvmany(b->call.sock->handle, c->natives, most, c->sizes);
    b->singly = count == PS_EOPNOTSUPP;
    return count;
}

/* What a datagram has that came. An end has none of it, so that it brings no descriptors. */
static bool is_datagram(const batch *b, const chunk *c, size_t i)
{
    return c->sizes[i] > 0 || b->messages[b->done + i].info.sender.len > 0 ||
           c->natives[i].control_size > 0;
}

/* After SHUT_RD, or when ps_close ends a call, a system returns datagrams without anything, behind
 * those that were there. */
static size_t without_ends(const batch *b, const chunk *c, size_t count)
{
    if (!ps__closing(b->call.sock) && !ps__receives_are_ended(b->call.sock))
        return count;
    while (count > 0 && !is_datagram(b, c, count - 1))
        count--;
    return count;
}

/* How many datagrams there may be in the next chunk: those before the first whose buffer is none.
 */
static int next_size(const batch *b, size_t *most)
{
    size_t left = b->count - b->done;
    size_t n = 0;

    *most = b->singly ? 1 : CHUNK;
    if (left < *most)
        *most = left;
    while (n < *most) {
        int code = check(&b->messages[b->done + n]);

        if (code != 0 && n == 0)
            return code;
        if (code != 0)
            break;
        n++;
    }
    *most = n;
    return 0;
}

/* Returns how many came, 0 after an end, or a code. */
static ptrdiff_t receive_chunk(batch *b, size_t *most)
{
    chunk c;
    ptrdiff_t count = next_size(b, most);

    if (count < 0)
        return count;
    count = PS_EOPNOTSUPP;
    if (*most > 1 || (b->coalesces && !b->singly))
        count = receive_several(b, &c, *most);
    if (count == PS_EOPNOTSUPP) {
        *most = 1;
        count = receive_one(b, &c);
    }
    if (count <= 0)
        return count;
    count = (ptrdiff_t)without_ends(b, &c, (size_t)count);
    for (size_t i = 0; i < (size_t)count; i++)
        finish(b, &c, i);
    b->done += (size_t)count;
    return count;
}

/* ---- the call -------------------------------------------------------------------------------- */

/* What comes from the error queue says nothing of a connection. */
static ptrdiff_t judge(const batch *b, ptrdiff_t code)
{
    ps_sock *s = b->call.sock;

    if (ps__receives_are_ended(s))
        return 0;
    return b->flags & PS__ERROR_QUEUE ? code : ps__judge_receive(s, code);
}

/* A buffer of datagrams that have come together may end before what is there. */
static bool may_be_more(const batch *b, ptrdiff_t count, size_t most)
{
    return b->done < b->count && (count == (ptrdiff_t)most || (b->coalesces && count > 0));
}

/* Until nothing more is there. What ended the batch is with the datagram behind the last. */
static ptrdiff_t receive_step(ps__call *call)
{
    batch *b = (batch *)call;
    ptrdiff_t count;
    size_t most;

    do {
        if (ps__receives_are_ended(call->sock))
            return (ptrdiff_t)b->done;
        count = receive_chunk(b, &most);
    } while (may_be_more(b, count, most));
    if (count < 0)
        count = judge(b, count);
    if (b->done == 0)
        return count;
    ps__note_transfer(call->sock);
    if (b->done < b->count)
        b->messages[b->done].count = count < 0 ? count : PS_EWOULDBLOCK;
    return (ptrdiff_t)b->done;
}

/* Where no flag says that a receive is not to wait, the handle must not block: another thread may
 * take what a look has found. */
static void must_not_wait(ps_sock *s)
{
    if (PS__AT_ONCE != 0 || ps__receives_many(s))
        return;
    (void)__atomic_fetch_or(&s->modes, PS__RECEIVES_MANY, __ATOMIC_SEQ_CST);
    (void)ps__sock_set_mode(s);
}

static ptrdiff_t check_call(const ps_sock *s, const batch *b)
{
    if (ps__is_connection_type(s) || b->flags & (MSG_PEEK | MSG_WAITALL))
        return PS_EOPNOTSUPP;
    if (!b->messages && b->count > 0)
        return PS_EFAULT;
    return ps__refused(s, PS__READABLE);
}

static ptrdiff_t receive_batch(ps_sock *s, void *arguments)
{
    batch *b = arguments;
    ptrdiff_t result = check_call(s, b);

    if (result != 0 || b->count == 0)
        return result;
    if (ps__flags(s) & PS__SHUT_RECEIVE)
        return 0;
    must_not_wait(s);
    b->coalesces = (ps__flags(s) & PS__COALESCES) != 0;
    b->singly = b->coalesces && b->flags & PS__NOT_COALESCED;
    ps__call_begin_transfer(&b->call, s, receive_step, PS__READABLE, ps__flags(s), b->flags);
    result = ps__receive_to_the_end(&b->call);
    return result == 0 && ps__closing(s) ? PS_EBADF : result;
}

ptrdiff_t ps_recvmany(ps_sock *s, ps_datagram *messages, size_t count, int flags)
{
    batch b = {.messages = messages, .count = count, .flags = flags};
    ptrdiff_t result = ps__gate(s, PS_OPERATION_RECEIVE, NULL, receive_batch, &b);

    if (result < 0 && messages && count > 0)
        messages[0].count = result;
    return result;
}

/* ---- what is to be known --------------------------------------------------------------------- */

enum { ALL_FIELDS = 2 * PS_INFO_TIME - 1 };

/* On a socket of IPv6 datagrams of IPv4 have their TTL and TOS by the options of IPv4. */
static bool report(const ps_sock *s, unsigned field, bool on)
{
    int code = ps__sys_report_info(s->handle, s->family, field, on);

    if (s->family == AF_INET6 && field & (PS_INFO_TTL | PS_INFO_TOS))
        (void)ps__sys_report_info(s->handle, AF_INET, field, on);
    return code == 0 && on;
}

static ptrdiff_t set_receive_info(ps_sock *s, void *arguments)
{
    unsigned wanted = *(const unsigned *)arguments;
    unsigned reported = wanted & PS_INFO_SENDER;
    const unsigned both = PS_INFO_DESTINATION | PS_INFO_INTERFACE;

    if (wanted & ~(unsigned)ALL_FIELDS)
        return PS_EINVAL;
    if (report(s, PS_INFO_DESTINATION, (wanted & both) != 0))
        reported |= wanted & both;
    for (unsigned field = PS_INFO_TTL; field <= PS_INFO_TIME; field *= 2) {
        if (report(s, field, (wanted & field) != 0))
            reported |= field;
    }
    return (ptrdiff_t)reported;
}

int ps_setreceiveinfo(ps_sock *s, unsigned fields)
{
    return (int)ps__gate(s, PS_OPERATION_SETSOCKOPT, NULL, set_receive_info, &fields);
}
