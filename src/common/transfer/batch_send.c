#include "config.h"

#include "common/connect/judge.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/transfer/ancillary.h"
#include "family/family.h"
#include "family/inet.h"

#include <string.h>

/*
 * A batch is sent in chunks, each of them one system call. A chunk consists of runs: datagrams of
 * equal size to one address are one message, which the system cuts up again, where it can do that.
 */

/* As many buffers as a message may have, and as many datagrams as Linux cuts a message into. */
enum { CHUNK = PS_BUFFERS_MAX };

/* The longest message that IPv4 takes. */
enum { LONGEST_RUN = 65507 };

enum { ALL_FIELDS = 2 * PS_INFO_TIME - 1 };
enum { SET_FIELDS = PS_INFO_DESTINATION | PS_INFO_INTERFACE | PS_INFO_TTL | PS_INFO_TOS };

/* Ancillary data that a message has here: these, and the size of a datagram. */
enum { CONTROL_SIZE = 160 };

typedef struct batch {
    ps__call call;
    ps_datagram *messages;
    size_t count;
    size_t done;
    int flags;
    bool together;            /* the system may be given several datagrams as one message, */
    bool asked;               /* and has said that it can cut them up */
    bool singly;              /* a call takes one message only */
    const ps_addr *broadcast; /* a source that the system has refused, and that is none */
} batch;

typedef struct control_space {
    _Alignas(16) unsigned char bytes[CONTROL_SIZE];
} control_space;

typedef struct chunk {
    ps__message runs[CHUNK];
    size_t run_count;
    size_t ends[CHUNK]; /* of each run, how many datagrams it and those before it have */
    ps_buffer buffers[CHUNK];
    control_space controls[CHUNK];
} chunk;

/* ---- one datagram ---------------------------------------------------------------------------- */

static const ps_addr *destination_of(const ps_datagram *d)
{
    return d->info.fields & PS_INFO_SENDER ? &d->info.sender : NULL;
}

static bool is_same_address(const ps_addr *a, const ps_addr *b)
{
    return a->len == b->len && memcmp(&a->sa, &b->sa, (size_t)a->len) == 0;
}

static bool is_mapped(const ps_addr *a)
{
    return ps_addr_family(a) == AF_INET6 &&
           memcmp(&a->in6.sin6_addr, ps__inet6_mapped, sizeof ps__inet6_mapped) == 0;
}

/* The four bytes of an address of IPv4, NULL of any other. */
static const unsigned char *inet_bytes(const ps_addr *a)
{
    if (is_mapped(a))
        return (const unsigned char *)&a->in6.sin6_addr + sizeof ps__inet6_mapped;
    return ps_addr_family(a) == AF_INET ? (const unsigned char *)&a->in.sin_addr : NULL;
}

/* A group's or a broadcast address is no source. That an address is the broadcast of a network is
 * known only when the system has refused it. */
static bool is_source(const batch *b, const ps_addr *a)
{
    static const unsigned char everybody[4] = {255, 255, 255, 255};
    const unsigned char *bytes = inet_bytes(a);

    return a->len > 0 && !ps_addr_is_multicast(a) && !(bytes && memcmp(bytes, everybody, 4) == 0) &&
           !(b->broadcast && is_same_address(a, b->broadcast));
}

/* The fields of its info that need ancillary data. */
static unsigned fields_of(const batch *b, const ps_datagram *d)
{
    unsigned fields = ps__is_inet(b->call.sock) ? d->info.fields & SET_FIELDS : 0;

    return fields & PS_INFO_DESTINATION && !is_source(b, &d->info.destination)
               ? fields & ~(unsigned)PS_INFO_DESTINATION
               : fields;
}

static int check(const batch *b, const ps_datagram *d)
{
    const ps_sock *s = b->call.sock;
    const ps_addr *to = destination_of(d);
    int code = 0;

    if (d->size > PTRDIFF_MAX)
        return PS_BAD_LENGTH;
    if (!d->data && d->size > 0)
        return PS_EFAULT;
    if (d->info.fields > ALL_FIELDS) /* the program has not set them */
        return PS_EINVAL;
    if (to)
        code = ps__check_address(s, to);
    if (code == 0 && fields_of(b, d) & PS_INFO_DESTINATION)
        code = ps__check_address(s, &d->info.destination);
    return code;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static bool is_same_info(const ps_receive_info *a, const ps_receive_info *b, unsigned fields)
{
    if (a->fields != b->fields)
        return false;
    if (a->fields & PS_INFO_SENDER && !is_same_address(&a->sender, &b->sender))
        return false;
    if (a->fields & PS_INFO_DESTINATION && !is_same_address(&a->destination, &b->destination))
        return false;
    return (!(fields & PS_INFO_INTERFACE) || a->interface_index == b->interface_index) &&
           (!(fields & PS_INFO_TTL) || a->ttl == b->ttl) &&
           (!(fields & PS_INFO_TOS) || a->tos == b->tos);
}

/* Whether the system may be given several datagrams at once. Flags may mean one message. */
static bool may_be_together(const ps_sock *s, int flags)
{
    return ps__is_inet(s) && s->type == SOCK_DGRAM && (s->proto == 0 || s->proto == IPPROTO_UDP) &&
           (flags & ~PS__AT_ONCE) == 0;
}

/* How many of the `most` datagrams from `first` on are one message: of equal sizes, and a last that
 * may be shorter. */
static size_t run_length(const batch *b, const ps_datagram *first, size_t most)
{
    unsigned fields = fields_of(b, first);
    size_t total = first->size;
    size_t n = 1;

    if (!b->together || first->size == 0)
        return 1;
    while (n < most) {
        const ps_datagram *d = &first[n];

        if (d->size == 0 || d->size > first->size || total + d->size > LONGEST_RUN ||
            !is_same_info(&first->info, &d->info, fields) || check(b, d) != 0)
            break;
        total += d->size;
        n++;
        if (d->size < first->size)
            break;
    }
    return n;
}

/* ---- ancillary data -------------------------------------------------------------------------- */

static void add_item(ps__message *run, const ps_control *item)
{
    run->control_size = ps__control_write(run->control, CONTROL_SIZE, run->control_size, item);
}

/* The system chooses the source. Of a datagram of IPv4 on a socket of IPv6 that is a mapped
 * address, too. */
static void leave_source_open(ps_receive_info *info)
{
    bool mapped = is_mapped(&info->sender) ||
                  (info->fields & PS_INFO_DESTINATION && is_mapped(&info->destination));

    info->destination.len = 0;
    if (!mapped)
        return;
    ps__addr_wildcard(&info->destination, AF_INET6);
    memcpy(&info->destination.in6.sin6_addr, ps__inet6_mapped, sizeof ps__inet6_mapped);
}

static bool add_fields(ps__message *run, int family, const ps_datagram *d, unsigned fields)
{
    ps_receive_info info = d->info;

    if (!(fields & PS_INFO_INTERFACE))
        info.interface_index = 0;
    if (!(fields & PS_INFO_SENDER))
        info.sender.len = 0;
    if (!(fields & PS_INFO_DESTINATION))
        leave_source_open(&info);
    if (fields & PS_INFO_INTERFACE) /* one item has both */
        fields |= PS_INFO_DESTINATION;
    for (unsigned field = PS_INFO_DESTINATION; field <= PS_INFO_TOS; field *= 2) {
        ps__control_data data;
        ps_control item;

        if (field == PS_INFO_INTERFACE || !(fields & field))
            continue;
        if (ps__sys_info_item(family, field, &info, &data, &item))
            add_item(run, &item);
        else if (field != PS_INFO_DESTINATION || !(d->info.fields & PS_INFO_DESTINATION))
            return false; /* not: an interface alone, where the source is left open */
    }
    return true;
}

static int add_controls(const batch *b, ps__message *run, const ps_datagram *d,
                        control_space *space)
{
    unsigned fields = fields_of(b, d);

    if (fields == 0 && run->count < 2)
        return 0;
    memset(space, 0, sizeof *space);
    run->control = space->bytes;
    if (fields != 0 &&
        !add_fields(run, b->call.sock->family, d, fields | (d->info.fields & PS_INFO_SENDER)))
        return PS_EOPNOTSUPP;
    if (run->count > 1) {
        ps__control_data data;
        ps_control item;

        ps__sys_segment_item(d->size, &data, &item);
        add_item(run, &item);
    }
    return 0;
}

/* ---- a chunk --------------------------------------------------------------------------------- */

/* Asked only when it matters, since it may be a system call. */
static bool may_join(batch *b, size_t length)
{
    if (length > 1 && !b->asked) {
        b->asked = true;
        b->together = ps__sys_can_segment(b->call.sock->handle);
    }
    return b->together;
}

static int add_run(batch *b, chunk *c, size_t begin, size_t most)
{
    const ps_datagram *first = &b->messages[b->done + begin];
    ps__message *run = &c->runs[c->run_count];
    size_t length = run_length(b, first, most);

    if (!may_join(b, length))
        length = 1;
    for (size_t i = begin; i < begin + length; i++)
        c->buffers[i] = (ps_buffer){b->messages[b->done + i].data, b->messages[b->done + i].size};
    *run = (ps__message){.buffers = &c->buffers[begin],
                         .count = length,
                         .flags = b->flags,
                         .to = destination_of(first)};
    c->ends[c->run_count] = begin + length;
    return add_controls(b, run, first, &c->controls[c->run_count]);
}

/* Up to the first datagram that cannot be sent as it is, which is the first of a later chunk.
 * Returns its code when it is the first of this one. */
static int fill_chunk(batch *b, chunk *c)
{
    size_t left = b->count - b->done;
    size_t most = left < CHUNK ? left : CHUNK;
    size_t end = 0;

    c->run_count = 0;
    while (end < most && (c->run_count == 0 || !b->singly)) {
        int code = check(b, &b->messages[b->done + end]);

        if (code == 0)
            code = add_run(b, c, end, most - end);
        if (code != 0)
            return c->run_count > 0 ? 0 : code;
        end = c->ends[c->run_count++];
    }
    return 0;
}

/* Returns how many runs went. */
static ptrdiff_t send_runs(batch *b, const chunk *c)
{
    ps_handle h = b->call.sock->handle;
    ptrdiff_t went = PS_EOPNOTSUPP;

    if (c->run_count > 1)
        went = ps__sys_sendmany(h, c->runs, c->run_count);
    if (went != PS_EOPNOTSUPP)
        return went;
    b->singly = c->run_count > 1 || b->singly;
    went = ps__sys_sendmsg(h, &c->runs[0]);
    return went < 0 ? went : 1;
}

/* What a system says to several datagrams as one message where it would take them one by one: they
 * are longer than the path's packets, or the interface cannot cut them up. */
static bool is_refusal(ptrdiff_t code)
{
    return code == PS_EINVAL || code == PS_EMSGSIZE || code == PS_EIO || code == PS_ENOBUFS ||
           code == PS_EOPNOTSUPP || code == PS_ENOPROTOOPT;
}

/* ---- broadcasts of a network ----------------------------------------------------------------- */

enum { FOUND = 1 };

static int pass_over(void *context, const ps_interface *i)
{
    (void)context;
    (void)i;
    return 0;
}

static int compare(void *context, const ps_addr *own, unsigned prefix_length)
{
    uint32_t address;

    if (ps_addr_family(own) != AF_INET || prefix_length > 30)
        return 0;
    memcpy(&address, context, sizeof address);
    return (ps_ntohl(own->in.sin_addr.s_addr) | UINT32_MAX >> prefix_length) == ps_ntohl(address)
               ? FOUND
               : 0;
}

/* What a system says of a source that is no address of this machine. */
static bool is_about_source(ptrdiff_t code)
{
    return code == PS_EINVAL || code == PS_EADDRNOTAVAIL || code == PS_ENETUNREACH ||
           code == PS_EHOSTUNREACH;
}

/* Whether the system has refused the source of the first datagram because it is the broadcast
 * address of a network of this machine, as that of what came by broadcast is. */
static bool has_refused_broadcast(batch *b, ptrdiff_t code)
{
    const ps_datagram *d = &b->messages[b->done];
    const unsigned char *bytes = NULL;

    if (!is_about_source(code))
        return false;
    if (fields_of(b, d) & PS_INFO_DESTINATION)
        bytes = inet_bytes(&d->info.destination);
    if (!bytes || ps__sys_interfaces(
                      &(ps__interface_sink){pass_over, compare, (void *)(uintptr_t)bytes}) != FOUND)
        return false;
    b->broadcast = &d->info.destination;
    return true;
}

/* ---- what the system has answered ------------------------------------------------------------ */

static ptrdiff_t judge(batch *b, const chunk *c, ptrdiff_t code)
{
    ps_sock *s = b->call.sock;
    const ps_addr *to = c->runs[0].to;

    if (has_refused_broadcast(b, code))
        return PS__AGAIN;
    if (c->runs[0].count > 1 && is_refusal(code)) {
        b->together = false;
        return PS__AGAIN;
    }
    /* No wait reports when another AF_UNIX socket has space. */
    b->call.pause = to && !ps__is_inet(s) ? PS__PAUSE_NANOSECONDS : 0;
    return to ? ps__judge_sendto(s, to, code) : ps__judge_send(s, code);
}

static ptrdiff_t send_step(ps__call *call)
{
    batch *b = (batch *)call;
    chunk c;
    ptrdiff_t went = fill_chunk(b, &c);
    size_t end;

    if (went < 0)
        return went;
    went = send_runs(b, &c);
    if (went < 0)
        return judge(b, &c, went);
    ps__note_transfer(call->sock);
    end = b->done + c.ends[went - 1];
    for (; b->done < end; b->done++)
        b->messages[b->done].count = (ptrdiff_t)b->messages[b->done].size;
    return b->done == b->count ? 0 : PS__AGAIN;
}

/* ---- the call -------------------------------------------------------------------------------- */

static ptrdiff_t check_call(const ps_sock *s, const batch *b)
{
    if (ps__is_connection_type(s))
        return PS_EOPNOTSUPP;
    if (!b->messages && b->count > 0)
        return PS_EFAULT;
    return ps__refused(s, PS__WRITABLE);
}

static ptrdiff_t send_batch(ps_sock *s, void *arguments)
{
    batch *b = arguments;
    ptrdiff_t code = check_call(s, b);

    if (code == 0 && b->count > 0) {
        b->together = may_be_together(s, b->flags);
        ps__call_begin_transfer(&b->call, s, send_step, PS__WRITABLE, ps__flags(s), b->flags);
        code = ps__call_finish(&b->call, send_step(&b->call));
    }
    if (code < 0 && b->messages && b->count > b->done) {
        b->messages[b->done].count = code;
        for (size_t i = b->done + 1; i < b->count; i++)
            b->messages[i].count = PS_ECANCELED;
    }
    return b->done > 0 ? (ptrdiff_t)b->done : code;
}

ptrdiff_t ps_sendmany(ps_sock *s, ps_datagram *messages, size_t count, int flags)
{
    batch b = {.messages = messages, .count = count, .flags = flags};
    const ps_addr *to = messages && count > 0 ? destination_of(messages) : NULL;

    return ps__gate(s, PS_OPERATION_SEND, to, send_batch, &b);
}
