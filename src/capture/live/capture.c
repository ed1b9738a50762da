#include "config.h"

#include "capture/backend.h"
#include "capture/live/interface_choice.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUFFER_SIZE = 8 * 1024 * 1024,
    BUFFER_SIZE_MAX = INT32_MAX,
    BOTH = PS_DIRECTION_IN | PS_DIRECTION_OUT
};

/* Packets were there, and none was wanted. Not a public code. */
enum { NONE_WANTED = -501 };

struct ps_capture {
    ps__sys_capture *system;
    ps_filter_instruction *filter; /* that is run here, since the kernel does not; NULL: none */
    size_t filter_count;
    uint64_t refused; /* by it */
    unsigned directions;
    int link_type;
    double timeout;
    _Atomic(ps_cancel *) cancel;
    atomic_int stopped;
    ps_cancel *stop; /* fired by ps_capture_stop: the token of the socket that is waited for */
    char name[];     /* the interface's */
};

/* ---- opening --------------------------------------------------------------------------------- */

/* Not negative, not NaN. */
static bool is_timeout(double seconds)
{
    return seconds >= 0;
}

static int check_options(const ps_capture_options *o)
{
    if (!is_timeout(o->timeout))
        return PS_BAD_TIMEOUT;
    if (o->snap_length > PS_SNAP_LENGTH_MAX || o->buffer_size > BUFFER_SIZE_MAX)
        return PS_BAD_LENGTH;
    if (o->directions & ~(unsigned)BOTH)
        return PS_EINVAL;
    if (o->filter_count > 0 && !o->filter)
        return PS_EFAULT;
    return o->filter_count > 0 ? ps_filter_check(o->filter, o->filter_count) : 0;
}

static ps__capture_setup make_setup(const ps_capture_options *o)
{
    ps__capture_setup setup = {
        .promiscuous = o->promiscuous,
        .immediate = o->immediate,
        .snap_length = o->snap_length > 0 ? o->snap_length : PS_SNAP_LENGTH_MAX,
        .buffer_size = o->buffer_size > 0 ? o->buffer_size : BUFFER_SIZE,
        .directions = o->directions ? o->directions : (unsigned)BOTH,
    };

    return setup;
}

static ps_capture *allocate(const ps__capture_setup *setup, double timeout)
{
    ps_capture *made = calloc(1, sizeof *made + strlen(setup->name) + 1);

    if (!made)
        return NULL;
    strcpy(made->name, setup->name);
    made->directions = setup->directions;
    made->timeout = timeout;
    atomic_init(&made->cancel, NULL);
    atomic_init(&made->stopped, 0);
    return made;
}

static int make_capture(const ps__capture_setup *setup, const ps_capture_options *o, ps_capture **c)
{
    ps_capture *made = allocate(setup, o->timeout);
    int code;

    if (!made)
        return PS_ENOMEM;
    code = ps__sys_capture_open(&made->system, setup, &made->link_type);
    if (code == 0)
        code = ps_cancel_open(&made->stop);
    if (code == 0)
        code = ps_setcancel(ps__sys_capture_socket(made->system), made->stop);
    if (code == 0)
        code = ps_capture_setfilter(made, o->filter, o->filter_count);
    if (code == 0)
        code = ps__sys_capture_start(made->system);
    if (code == 0)
        *c = made;
    else
        ps_capture_close(made);
    return code;
}

static int open_on(const ps_interface *i, const ps_addr *address, const ps_capture_options *o,
                   ps_capture **c)
{
    ps__capture_setup setup = make_setup(o);

    if (!i)
        return PS_ENODEV;
    if (!i->up)
        return PS_ENETDOWN;
    setup.name = i->name;
    setup.index = i->index;
    setup.loopback = i->loopback;
    setup.address = address->len > 0 ? address : NULL;
    return make_capture(&setup, o, c);
}

static int open_any(const ps_capture_options *o, ps_capture **c)
{
    ps__capture_setup setup = make_setup(o);
    int code;

    setup.name = o->interface_name;
    setup.promiscuous = false;
    code = make_capture(&setup, o, c);
    return code == PS_EOPNOTSUPP ? PS_ENODEV : code;
}

/* Copies what the program's version has over the defaults of this version. False for a size that
 * is not known here, and for one that no version has, since it would copy a piece of a pointer. */
static bool read_options(ps_capture_options *known, const ps_capture_options *given)
{
    if (given->size < sizeof given->size || given->size > sizeof *known ||
        given->size % alignof(ps_capture_options) != 0)
        return false;
    memcpy(known, given, given->size);
    return true;
}

static int open_with(const ps_capture_options *o, ps_capture **c)
{
    ps_interface *list;
    ps_addr address;
    int code;

    code = check_options(o);
    if (code != 0)
        return code;
    code = ps_getinterfaces(&list);
    if (code != 0)
        return code;
    if (ps__is_any(o->interface_name))
        code = open_any(o, c);
    else
        code = open_on(ps__choose_interface(list, o->interface_name, &address), &address, o, c);
    ps_freeinterfaces(list);
    /* Systems refuse either way what only an administrator may. */
    return code == PS_EACCES ? PS_EPERM : code;
}

int ps_capture_open(ps_capture **c, const ps_capture_options *options)
{
    ps_capture_options known = PS_CAPTURE_OPTIONS_INIT;

    if (!c)
        return PS_EFAULT;
    *c = NULL;
    if (options && !read_options(&known, options))
        return PS_BAD_LENGTH;
    return open_with(&known, c);
}

int ps_capture_close(ps_capture *c)
{
    if (!c)
        return 0;
    if (c->system)
        ps__sys_capture_close(c->system);
    ps_cancel_close(c->stop);
    free(c->filter);
    free(c);
    return 0;
}

/* ---- the filter ------------------------------------------------------------------------------ */

/* Keeps a copy of the program to run it here. */
static int keep_filter(ps_capture *c, const ps_filter_instruction *program, size_t count)
{
    ps_filter_instruction *copy = NULL;

    if (count > 0) {
        copy = malloc(count * sizeof *copy);
        if (!copy)
            return PS_ENOMEM;
        memcpy(copy, program, count * sizeof *copy);
    }
    free(c->filter);
    c->filter = copy;
    c->filter_count = count;
    return 0;
}

int ps_capture_setfilter(ps_capture *c, const ps_filter_instruction *program, size_t count)
{
    int code = 0;

    if (!c || (!program && count > 0))
        return PS_EFAULT;
    if (count > 0)
        code = ps_filter_check(program, count);
    if (code == 0)
        code = ps__sys_capture_filter(c->system, program, count);
    if (code == 0)
        return keep_filter(c, NULL, 0);
    return code == PS_EOPNOTSUPP ? keep_filter(c, program, count) : code;
}

/* Whether the filter keeps the packet, which is cut to what it keeps. */
static bool passes(ps_capture *c, ps_packet *packet)
{
    uint32_t kept = ps_filter_run(c->filter, c->filter_count, packet->data, packet->length,
                                  packet->original_length);

    if (kept < packet->length)
        packet->length = kept;
    c->refused += kept == 0;
    return kept > 0;
}

static bool is_wanted(ps_capture *c, ps_packet *packet)
{
    if (packet->direction != PS_DIRECTION_UNKNOWN && !((unsigned)packet->direction & c->directions))
        return false;
    return !c->filter || passes(c, packet);
}

/* ---- packets --------------------------------------------------------------------------------- */

/* A stop that was asked for ends one call. */
static bool take_stop(ps_capture *c)
{
    return atomic_load_explicit(&c->stopped, memory_order_relaxed) != 0 &&
           atomic_exchange(&c->stopped, 0) != 0;
}

/* The next packet that is wanted, of those that are there. Others are passed over, not too many
 * without a look at the time. */
static int next_there(ps_capture *c, ps_packet *packet)
{
    enum { PATIENCE = 1024 };
    int passed_over;

    for (passed_over = 0; passed_over < PATIENCE; passed_over++) {
        int code = ps__sys_capture_next(c->system, packet);

        if (code != 0 || is_wanted(c, packet))
            return code;
    }
    return NONE_WANTED;
}

/* Whether to end the call, whatever packets there are. */
static int check_end(ps_capture *c, const ps_cancel *token)
{
    if (ps_cancel_fired(token))
        return PS_ECANCELED;
    return take_stop(c) ? PS_EINTR : 0;
}

/* A call in flight. */
typedef struct effort {
    double end; /* on the clock of ps_monotonic */
    bool waits; /* false: non-blocking mode */
    /* the socket is looked at once before time counts, since only that reports an interface's
     * end */
    bool looked;
} effort;

static bool is_time_over(const effort *e)
{
    return e->looked && (!e->waits || ps_monotonic() >= e->end);
}

/* Seconds until the end of the call, or until the interface has to be looked at. */
static double next_pause(const ps_capture *c, const effort *e)
{
    double pause = ps__sys_capture_pause(c->system);
    double left = e->waits ? e->end - ps_monotonic() : 0;

    if (left < 0)
        return 0;
    return left < pause ? left : pause;
}

/* Nothing is there. ps_capture_stop fires its token after it has said why, so that the reset
 * misses no stop. */
static int wait_for_packets(ps_capture *c, effort *e, ps_cancel *token)
{
    ps_pollfd entry = {.sock = ps__sys_capture_socket(c->system), .events = POLLIN};
    int ready;

    if (is_time_over(e))
        return e->waits ? PS_TIMED_OUT : PS_EWOULDBLOCK;
    ready = ps_poll_with(&entry, 1, next_pause(c, e), token);
    e->looked = true;
    if (ready < 0)
        return ready;
    if (ps_cancel_fired(c->stop))
        ps_cancel_reset(c->stop);
    return ps__sys_capture_look(c->system, entry.revents);
}

/* Whether to go on, after a try that returned `code`. */
static int next_step(ps_capture *c, effort *e, ps_cancel *token, int code)
{
    if (code == PS_EWOULDBLOCK)
        return wait_for_packets(c, e, token);
    if (code != NONE_WANTED)
        return code;
    e->looked = true;
    return e->waits && is_time_over(e) ? PS_TIMED_OUT : 0;
}

/* Goes on after a first try that returned `code`. */
static int go_on(ps_capture *c, ps_packet *packet, ps_cancel *token, int code)
{
    effort e = {.waits = c->timeout != 0};

    e.end = ps_monotonic() + c->timeout;
    do {
        int stop = next_step(c, &e, token, code);

        if (stop == 0)
            stop = check_end(c, token);
        if (stop != 0)
            return stop;
        code = next_there(c, packet);
    } while (code != 0);
    return 1;
}

int ps_capture_next(ps_capture *c, ps_packet *packet)
{
    ps_cancel *token;
    int code;

    if (!c || !packet)
        return PS_EFAULT;
    token = atomic_load_explicit(&c->cancel, memory_order_acquire);
    code = check_end(c, token);
    if (code != 0)
        return code;
    code = next_there(c, packet);
    return code == 0 ? 1 : go_on(c, packet, token, code);
}

void ps_capture_stop(ps_capture *c)
{
    if (!c)
        return;
    atomic_store(&c->stopped, 1);
    ps_cancel_fire(c->stop);
}

int ps_capture_setcancel(ps_capture *c, ps_cancel *token)
{
    if (!c)
        return PS_EFAULT;
    atomic_store(&c->cancel, token);
    return 0;
}

/* ---- what is known of it --------------------------------------------------------------------- */

int ps_capture_settimeout(ps_capture *c, double seconds)
{
    if (!c)
        return PS_EFAULT;
    if (!is_timeout(seconds))
        return PS_BAD_TIMEOUT;
    c->timeout = seconds;
    return 0;
}

int ps_capture_getstatistics(ps_capture *c, ps_capture_statistics *statistics)
{
    ps_capture_statistics counts = {0};
    int code;

    if (!c || !statistics)
        return PS_EFAULT;
    code = ps__sys_capture_statistics(c->system, &counts);
    if (code == 0)
        counts.received -= c->refused;
    *statistics = counts;
    return code;
}

int ps_capture_getlinktype(const ps_capture *c)
{
    return c ? c->link_type : PS_EFAULT;
}

const char *ps_capture_getinterface(const ps_capture *c)
{
    return c ? c->name : NULL;
}

ps_handle ps_capture_fileno(const ps_capture *c)
{
    return c ? ps_fileno(ps__sys_capture_socket(c->system)) : PS_INVALID_HANDLE;
}

int ps_poller_add_capture(ps_poller *p, ps_capture *c, void *data)
{
    return c ? ps_poller_add(p, ps__sys_capture_socket(c->system), POLLIN, data) : PS_EFAULT;
}

int ps_poller_remove_capture(ps_poller *p, ps_capture *c)
{
    return c ? ps_poller_remove(p, ps__sys_capture_socket(c->system)) : PS_EFAULT;
}
