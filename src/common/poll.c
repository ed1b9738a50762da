#include "call.h"
#include "socket.h"

#include <stdlib.h>

/* As many fit on the stack. */
enum { ROOM = 128 };

/* How long to wait at a time where ps_close in another thread cannot wake this one. */
enum { SLICE_NANOSECONDS = 50000000 };

/* A call: what the user asked, and what is waited for. */
typedef struct poll_call {
    ps_pollfd *entries;
    ps__wait_entry *wait; /* of a socket that is closed, or of none, it has no handle */
    size_t count;
    bool ready; /* something is there without a wait */
    bool slices;
} poll_call;

/* Whether this is a stream socket that nobody has connected. Systems differ in what they tell of it. */
static bool is_unconnected(const ps_sock *s)
{
    ps_addr peer;

    return ps__is_inet(s) && ps__is_stream(s) && s->connection == PS__UNCONNECTED &&
           ps__sys_getpeername(s->handle, &peer) == PS_ENOTCONN;
}

/* What is there without asking the system, in its terms. */
static int known_events(const ps_sock *s, int events)
{
    if (is_unconnected(s))
        return PS__HUNG_UP;
    /* Windows does not wake a receive after one's own SHUT_RD. */
    return ps__marks(s) & PS__SHUT_RECEIVE && events & POLLIN ? PS__READABLE : 0;
}

static int wanted_events(const ps_pollfd *p)
{
    int events = 0;

    if (p->events & POLLIN)
        events |= PS__READABLE;
    if (p->events & POLLOUT)
        events |= PS__WRITABLE;
    if (p->events & POLLPRI)
        events |= PS__URGENT;
    if (p->sock->connection == PS__CONNECTING)
        events |= PS__FAILED;
    return events;
}

static int poll_events(int events, int ready)
{
    int revents = 0;

    if (ready & PS__INVALID)
        return POLLNVAL;
    if (ready & (PS__READABLE | PS__FAILED | PS__HUNG_UP))
        revents |= events & POLLIN;
    if (ready & (PS__WRITABLE | PS__FAILED | PS__HUNG_UP))
        revents |= events & POLLOUT;
    if (ready & PS__URGENT)
        revents |= events & POLLPRI;
    if (ready & PS__FAILED)
        revents |= POLLERR;
    if (ready & PS__HUNG_UP)
        revents |= POLLHUP;
    return revents;
}

/* Enters the socket, so that its handle stays; one that is closed is left again at once. */
static ps_handle enter(ps_sock *s)
{
    ps_handle h;

    if (!ps__enter(s))
        return PS_INVALID_HANDLE;
    h = s->handle;
    if (h == PS_INVALID_HANDLE)
        (void)ps__leave(s);
    return h;
}

static void begin_one(poll_call *c, size_t i)
{
    ps_pollfd *p = &c->entries[i];
    ps__wait_entry *w = &c->wait[i];

    *w = (ps__wait_entry){.handle = p->sock ? enter(p->sock) : PS_INVALID_HANDLE};
    if (!p->sock)
        return;
    if (w->handle == PS_INVALID_HANDLE) {
        p->revents = POLLNVAL;
        c->ready = true;
        return;
    }
    w->events = wanted_events(p);
    if (known_events(p->sock, p->events) != 0)
        c->ready = true;
    if (!(ps__sys_wake_reach(p->sock->family, p->sock->type) & PS__WAKES_WAITS))
        c->slices = true;
}

/* The answer for one socket, which is not touched any more. Nobody wants the answer of a call that failed. */
static void end_one(poll_call *c, size_t i, bool failed)
{
    ps_pollfd *p = &c->entries[i];
    bool entered = c->wait[i].handle != PS_INVALID_HANDLE;

    if (entered && !failed)
        p->revents = poll_events(p->events, c->wait[i].ready | known_events(p->sock, p->events));
    if (entered && ps__leave(p->sock))
        p->revents = POLLNVAL;
    if (failed)
        p->revents = 0;
}

/* Whether another thread is closing one of the sockets. */
static bool any_closing(const poll_call *c)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->wait[i].handle != PS_INVALID_HANDLE && ps__closing(c->entries[i].sock))
            return true;
    }
    return false;
}

static int wait_until_ready(const poll_call *c, double timeout)
{
    ps__deadline deadline = ps__deadline_after(c->ready ? 0 : timeout);

    for (;;) {
        int64_t left = ps__deadline_left(&deadline);
        bool slice = c->slices && left > SLICE_NANOSECONDS;
        int ready = ps__sys_wait_many(c->wait, c->count, slice ? SLICE_NANOSECONDS : left);

        if (ready == PS_EINTR)
            ready = ps__interrupted();
        if (ready > 0)
            return ready;
        /* On Windows closing one may fail the wait for all. */
        if (any_closing(c))
            return 0;
        if (ready < 0 || left == 0)
            return ready;
    }
}

static int poll_with(poll_call *c, double timeout)
{
    int ready = 0;
    int code;

    for (size_t i = 0; i < c->count; i++)
        begin_one(c, i);
    code = wait_until_ready(c, timeout);
    for (size_t i = 0; i < c->count; i++) {
        end_one(c, i, code < 0);
        ready += c->entries[i].revents != 0;
    }
    return code < 0 ? code : ready;
}

int ps_poll(ps_pollfd *entries, size_t count, double timeout)
{
    ps__wait_entry room[ROOM];
    poll_call c = {.entries = entries, .wait = room, .count = count};
    int ready;

    if (!entries && count > 0)
        return PS_EFAULT;
    for (size_t i = 0; i < count; i++)
        entries[i].revents = 0;
    if (timeout == PS_DEFAULT_TIMEOUT)
        timeout = ps_getdefaulttimeout();
    if (!ps__timeout_valid(timeout))
        return PS_BAD_TIMEOUT;
    if (count > ROOM) {
        c.wait = calloc(count, sizeof *c.wait);
        if (!c.wait)
            return PS_ENOMEM;
    }
    ready = poll_with(&c, timeout);
    if (c.wait != room)
        free(c.wait);
    return ready;
}
