#include "config.h"

#include "common/compiler.h"
#include "common/connect/judge.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/wait/cancel.h"
#include "common/wait/readiness.h"
#include "common/wait/spare.h"
#include "common/wait/wait.h"

/* Up to this many sockets need no heap; the backends have space for as many and their tokens. */
enum { SOCKETS_ON_STACK = 128 };

/* A call: what the user asked, and what is waited for. */
typedef struct poll_call {
    ps_pollfd *entries;
    /* One for each of the program's (of a socket that is closed, or of none, it has no handle),
     * then one for each token that the sockets have, and space for one more. Most sockets have no
     * token, and the space for theirs is not touched. */
    ps__wait_entry *wait;
    size_t count;
    size_t wait_count;
    bool ready;   /* something is there without a wait */
    bool special; /* a socket that is not plain is among them */
} poll_call;

/* ---- a plain socket -------------------------------------------------------------------------- */

/* Whether nothing is known of it, nor can be, and ps_close ends a wait for it: a listener or a
 * connection that has neither failed nor anything that only few sockets have. It spares ps_poll of
 * many sockets most of its time. */
static inline bool is_plain(const ps_sock *s)
{
    int connection = ps__connection(s);

    return ((ps__flags(s) & ~PS__WAITED) | __atomic_load_n(&s->failed, __ATOMIC_RELAXED)) == 0 &&
           !ps__attached(s) && connection >= PS__LISTENING && connection != PS__CONNECTING &&
           ps__sys_wake_reach(s->family, s->type) & PS__WAKES_WAITS;
}

/* ---- one socket ------------------------------------------------------------------------------ */

/* Whether one of the last tokens is this one: many sockets share few. */
static bool is_waited_for(const poll_call *c, const ps_cancel *token)
{
    enum { LAST = 8 };
    size_t first = c->wait_count - c->count > LAST ? c->wait_count - LAST : c->count;

    for (size_t i = first; i < c->wait_count; i++) {
        if (c->wait[i].token == token)
            return true;
    }
    return false;
}

/* The token that the socket has now is this call's, whatever it gets meanwhile. */
static void wait_for_token(poll_call *c, ps__wait_entry *w)
{
    ps_cancel *token = ps__token(w->sock);

    if (!token)
        return;
    if (!is_waited_for(c, token))
        c->wait[c->wait_count++] = ps__wait_entry_of_token(token);
    w->token = token;
}

/* Whether the token is fired, or was when the wait looked: it may have been reset meanwhile. */
static bool is_canceled(const poll_call *c, const ps_cancel *token)
{
    if (!token || ps__is_fired(token))
        return token != NULL;
    for (size_t i = c->count; i < c->wait_count; i++) {
        if (c->wait[i].ready && c->wait[i].token == token)
            return true;
    }
    return false;
}

static int known_of(const poll_call *c, size_t i)
{
    const ps_pollfd *p = &c->entries[i];
    bool canceled = p->revents == POLLERR || is_canceled(c, c->wait[i].token);

    return ps__known_events(p->sock, p->events) | (canceled ? PS__FAILED : 0);
}

/* What the answer is until the end, so that it is asked then what is known of the socket. */
enum { SPECIAL = POLLNVAL | POLLERR };

/* A socket that this call has entered, so that its handle stays. */
static NOINLINE void begin_special(poll_call *c, size_t i)
{
    ps_pollfd *p = &c->entries[i];
    ps__wait_entry *w = &c->wait[i];

    c->special = true;
    p->revents = SPECIAL;
    w->events = (short)ps__wanted_events(p->sock, p->events);
    wait_for_token(c, w);
    if (is_canceled(c, w->token))
        p->revents = POLLERR; /* also when the token is reset meanwhile */
    if (known_of(c, i) != 0)
        c->ready = true;
}

/* No socket, or one that is closed, which is left again at once. */
static NOINLINE void begin_closed(poll_call *c, size_t i, bool entered)
{
    ps_sock *s = c->entries[i].sock;

    c->wait[i].sock = NULL;
    c->wait[i].events = 0;
    c->entries[i].revents = SPECIAL;
    if (!s)
        return;
    if (entered)
        ps__leave_transfer(s);
    c->ready = true;
}

/* `p` and `w` are those at `i`: the loop has them at hand. */
static inline void begin_one(poll_call *c, size_t i, ps_pollfd *p, ps__wait_entry *w)
{
    ps_sock *s = p->sock;
    bool entered = s && (LIKELY(ps__enter_quickly(s)) || ps__enter_transfer(s));
    ps_handle h = LIKELY(entered) ? s->handle : PS_INVALID_HANDLE;

    p->revents = 0;
    w->handle = h;
    w->events = (short)ps__plain_events(p->events);
    w->ready = 0;
    w->sock = s;
    w->token = NULL;
    if (UNLIKELY(h == PS_INVALID_HANDLE))
        begin_closed(c, i, entered);
    else if (UNLIKELY(!is_plain(s)))
        begin_special(c, i);
}

/* The answer for one socket, which is not accessed any more. Returns whether there is one. */
static NOINLINE bool end_special(poll_call *c, size_t i)
{
    ps_pollfd *p = &c->entries[i];
    const ps__wait_entry *w = &c->wait[i];

    if (!w->sock) {
        p->revents = p->sock ? POLLNVAL : 0;
        return p->sock != NULL;
    }
    p->revents = ps__revents(p->events, w->ready | known_of(c, i));
    ps__judge_ready(p->sock, w->ready & PS__WRITABLE ? w->ready | PS__CONNECTED : w->ready);
    if (ps__closing(p->sock))
        p->revents = POLLNVAL;
    ps__leave_transfer(p->sock);
    return p->revents != 0;
}

/* An entry without a socket is special, so that this need not look for it. */
static inline bool end_one(poll_call *c, size_t i, const ps_pollfd *p, const ps__wait_entry *w)
{
    ps_sock *s = p->sock;

    if (UNLIKELY((w->ready | p->revents) != 0 || ps__closing(s)))
        return end_special(c, i);
    ps__leave_transfer(s);
    return false;
}

/* A call that failed returns no answers. */
static void end_failed(poll_call *c)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->wait[i].sock)
            ps__leave_transfer(c->entries[i].sock);
        c->entries[i].revents = 0;
    }
}

/* ---- the call -------------------------------------------------------------------------------- */

static int wait_for_all(poll_call *c, double timeout, ps_cancel *token)
{
    ps__limit limit = ps__limit_after(c->ready ? 0 : timeout, token);
    int code;

    limit.wakes = !c->special;
    code = ps__wait(c->wait, c->wait_count, &limit);

    /* That a socket was closed while the call was in progress is its own answer. */
    return code < 0 && ps__any_closing(c->wait, c->count) ? 0 : code;
}

static void see_tokens(poll_call *c)
{
    for (size_t i = c->count; i < c->wait_count; i++) {
        if (c->wait[i].ready)
            ps__cancel_seen(c->wait[i].token);
    }
}

static int poll_with(poll_call *c, double timeout, ps_cancel *token)
{
    /* Kept apart from the call, whose members would be read again for each socket. */
    ps_pollfd *entries = c->entries;
    ps__wait_entry *wait = c->wait;
    size_t count = c->count;
    int ready = 0;
    int code;

    c->wait_count = count;
    for (size_t i = 0; i < count; i++)
        begin_one(c, i, &entries[i], &wait[i]);
    code = wait_for_all(c, timeout, token);
    see_tokens(c);
    if (code < 0) {
        end_failed(c);
        return code;
    }
    for (size_t i = 0; i < count; i++)
        ready += end_one(c, i, &entries[i], &wait[i]);
    return ready;
}

/* A call that fails has no answers. */
static int fail(ps_pollfd *entries, size_t count, int code)
{
    for (size_t i = 0; i < count; i++)
        entries[i].revents = 0;
    return code;
}

int ps_poll_with(ps_pollfd *entries, size_t count, double timeout, ps_cancel *token)
{
    ps__wait_entry on_stack[2 * SOCKETS_ON_STACK + 1];
    poll_call c = {.entries = entries, .wait = on_stack, .count = count};
    int ready;

    if (!entries && count > 0)
        return PS_EFAULT;
    if (timeout == PS_DEFAULT_TIMEOUT)
        timeout = ps_getdefaulttimeout();
    if (!ps__timeout_valid(timeout))
        return fail(entries, count, PS_BAD_TIMEOUT);
    if (count > SOCKETS_ON_STACK) {
        c.wait = ps__spare_take(PS__SPARE_OF_POLL, (2 * count + 1) * sizeof *c.wait);
        if (!c.wait)
            return fail(entries, count, PS_ENOMEM);
    }
    ready = poll_with(&c, timeout, token);
    if (c.wait != on_stack)
        ps__spare_give(PS__SPARE_OF_POLL, c.wait);
    return ready;
}

int ps_poll(ps_pollfd *entries, size_t count, double timeout)
{
    return ps_poll_with(entries, count, timeout, NULL);
}
