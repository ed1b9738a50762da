#include "config.h"

#include "common/transfer/coalescing.h"

#include "common/poller/pollers.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/transfer/ancillary.h"

#include <stdlib.h>
#include <string.h>

/* ---- who holds the buffer -------------------------------------------------------------------- */

/* A thread that fork's child does not have may have held it. What it holds is the parent's then,
 * who returns it. */
static void hold(struct ps__coalescing *c)
{
    unsigned short process = ps__generation();
    unsigned short holder = 0;
    int64_t pause = 0;

    while (!atomic_compare_exchange_strong(&c->holder, &holder, process)) {
        if (holder == process) {
            ps__sleep_longer(&pause);
            holder = 0;
        }
    }
    if (atomic_load(&c->owner) != process) {
        atomic_store(&c->left, 0);
        atomic_store(&c->owner, process);
    }
}

static void let_go(struct ps__coalescing *c)
{
    atomic_store(&c->holder, 0);
}

/* ---- from the system ------------------------------------------------------------------------- */

/* Keeps the items that belong to each of the datagrams. Returns the size of one, 0 when they have
 * not been reported. */
static size_t keep_control(struct ps__coalescing *c, const unsigned char *control, size_t size)
{
    size_t segment = 0;
    size_t offset = 0;
    ps_control item;

    c->control_size = 0;
    while ((offset = ps__control_read(control, size, offset, &item)) != 0) {
        size_t stated = ps__sys_coalesced_size(&item);

        if (stated > 0)
            segment = stated;
        else
            c->control_size =
                ps__control_write(c->control, sizeof c->control, c->control_size, &item);
    }
    return segment;
}

static ptrdiff_t fill(const ps_sock *s, struct ps__coalescing *c)
{
    _Alignas(16) unsigned char control[PS__COALESCED_CONTROL];
    ps_buffer whole = {c->bytes, sizeof c->bytes};
    ps__message message = {.buffers = &whole,
                           .count = 1,
                           .control = control,
                           .control_size = sizeof control,
                           .flags = PS__AT_ONCE,
                           .from = &c->sender};
    ptrdiff_t count = ps__sys_recvmsg(s->handle, &message);

    if (count < 0)
        return count;
    c->begin = 0;
    c->end = (size_t)count;
    c->flags = message.flags;
    c->segment = keep_control(c, control, message.control_size);
    if (c->segment == 0 || c->segment > c->end)
        c->segment = c->end;
    atomic_store(&c->left, c->end == 0 ? 1 : (c->end + c->segment - 1) / c->segment);
    return 0;
}

/* ---- to the caller --------------------------------------------------------------------------- */

static size_t scatter(const unsigned char *data, size_t size, const ps__message *message)
{
    size_t done = 0;

    for (size_t i = 0; i < message->count && done < size; i++) {
        size_t fits = message->buffers[i].size;
        size_t now = fits < size - done ? fits : size - done;

        if (now > 0)
            memcpy(message->buffers[i].data, data + done, now);
        done += now;
    }
    return done;
}

static void give_control(const struct ps__coalescing *c, ps__message *message)
{
    if (c->control_size > message->control_size) {
        message->flags |= MSG_CTRUNC;
        message->control_size = 0;
        return;
    }
    message->control_size = c->control_size;
    if (c->control_size > 0)
        memcpy(message->control, c->control, c->control_size);
}

static ptrdiff_t take(struct ps__coalescing *c, ps__message *message)
{
    size_t there = c->end - c->begin;
    size_t size = c->segment < there ? c->segment : there;
    size_t copied = scatter(c->bytes + c->begin, size, message);
    int asked = message->flags;

    message->flags = c->flags | (copied < size ? MSG_TRUNC : 0);
    if (message->from)
        *message->from = c->sender;
    give_control(c, message);
    if (!(asked & MSG_PEEK)) {
        size_t left = atomic_load_explicit(&c->left, memory_order_relaxed);

        c->begin += size;
        atomic_store_explicit(&c->left, left - 1, memory_order_relaxed); /* no one else writes */
    }
    return (ptrdiff_t)(asked & MSG_TRUNC ? size : copied);
}

static ptrdiff_t receive(ps_sock *s, ps__message *messages, size_t count, ptrdiff_t *sizes)
{
    struct ps__coalescing *c = ps__coalescing_of(s);
    ptrdiff_t done = 0;

    hold(c);
    if (atomic_load(&c->left) == 0)
        done = fill(s, c);
    while (done >= 0 && done < (ptrdiff_t)count && atomic_load(&c->left) > 0) {
        sizes[done] = take(c, &messages[done]);
        done++;
    }
    let_go(c);
    if (ps__is_in_poller(s) && ps__has_buffered_datagrams(s))
        ps__pollers_look(s);
    return done;
}

/* ---- the choice ------------------------------------------------------------------------------ */

static bool is_udp(const ps_sock *s)
{
    return ps__is_inet(s) && s->type == SOCK_DGRAM && (s->proto == 0 || s->proto == IPPROTO_UDP);
}

static int make_buffer(struct ps__attached *a)
{
    struct ps__coalescing *there = NULL;
    struct ps__coalescing *made;

    if (atomic_load(&a->coalescing))
        return 0;
    made = malloc(sizeof *made);
    if (!made)
        return PS_ENOMEM;
    made->receive = receive;
    atomic_init(&made->holder, 0);
    atomic_init(&made->left, 0);
    atomic_init(&made->owner, ps__generation());
    if (!atomic_compare_exchange_strong(&a->coalescing, &there, made))
        free(made);
    return 0;
}

static int begin_coalescing(ps_sock *s)
{
    int code;

    ps__set_flags(s, PS__COALESCES);
    code = ps__sock_set_mode(s);
    if (code == 0)
        code = ps__sys_coalesce(s->handle);
    if (code != 0) {
        ps__clear_flags(s, PS__COALESCES);
        (void)ps__sock_set_mode(s);
    }
    (void)ps__attached_update(s);
    return code;
}

static ptrdiff_t coalesce(ps_sock *s, void *nothing)
{
    struct ps__attached *a;
    int code;

    (void)nothing;
    if (!is_udp(s))
        return PS_EOPNOTSUPP;
    if (ps__flags(s) & PS__COALESCES)
        return 0;
    a = ps__attach(s);
    if (!a)
        return PS_ENOMEM;
    code = make_buffer(a);
    return code != 0 ? code : begin_coalescing(s);
}

int ps_coalesce(ps_sock *s)
{
    return (int)ps__gate(s, PS_OPERATION_SETSOCKOPT, NULL, coalesce, NULL);
}
