#include "call.h"
#include "socket.h"

#include <stdlib.h>

/* As many fit on the stack. */
enum { ROOM = 128 };

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
    if (s->handle == PS_INVALID_HANDLE)
        return PS__INVALID;
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

/* Returns whether something is there already. */
static bool prepare(const ps_pollfd *entries, ps__wait_entry *wait, size_t count)
{
    bool ready = false;

    for (size_t i = 0; i < count; i++) {
        const ps_sock *s = entries[i].sock;

        wait[i].handle = s ? s->handle : PS_INVALID_HANDLE;
        wait[i].events = s ? wanted_events(&entries[i]) : 0;
        wait[i].ready = 0;
        ready |= s && known_events(s, entries[i].events) != 0;
    }
    return ready;
}

static int finish(ps_pollfd *entries, const ps__wait_entry *wait, size_t count)
{
    int ready = 0;

    for (size_t i = 0; i < count; i++) {
        ps_pollfd *p = &entries[i];

        if (p->sock)
            p->revents = poll_events(p->events, wait[i].ready | known_events(p->sock, p->events));
        ready += p->revents != 0;
    }
    return ready;
}

static int wait_until_ready(ps__wait_entry *wait, size_t count, const ps__deadline *deadline)
{
    for (;;) {
        int64_t left = ps__deadline_left(deadline);
        int ready = ps__sys_wait_many(wait, count, left);

        if (ready == PS_EINTR)
            ready = ps__interrupted();
        if (ready != 0 || left == 0)
            return ready;
    }
}

static int poll_with(ps__wait_entry *wait, ps_pollfd *entries, size_t count, double timeout)
{
    ps__deadline deadline = ps__deadline_after(prepare(entries, wait, count) ? 0 : timeout);
    int ready = wait_until_ready(wait, count, &deadline);

    return ready < 0 ? ready : finish(entries, wait, count);
}

int ps_poll(ps_pollfd *entries, size_t count, double timeout)
{
    ps__wait_entry room[ROOM];
    ps__wait_entry *wait = room;
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
        wait = calloc(count, sizeof *wait);
        if (!wait)
            return PS_ENOMEM;
    }
    ready = poll_with(wait, entries, count, timeout);
    if (wait != room)
        free(wait);
    return ready;
}
