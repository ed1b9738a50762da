/*
 * A channel: clients of a chat that one thread serves, with a poller. What a client says is passed
 * to `heard`, a line at a time; channel_say sends it to all clients of a channel. chat_server.c
 * has one channel, chat_server_threads.c has one for each thread.
 */
#ifndef CHAT_H
#define CHAT_H

#include "example.h"

enum {
    CHANNEL_EVENTS = 256,       /* of one wait */
    CHANNEL_LINE = 1000,        /* bytes; what is longer is passed on in parts */
    CHANNEL_QUEUE = 256 * 1024, /* bytes; a client that is further behind has to leave */
    CHANNEL_IDLE = 600 /* seconds; a client that says nothing for so long has to leave, too */
};

typedef struct client {
    ps_sock sock; /* in here it does not move, as the poller wants it */
    int number;
    int events; /* what the poller waits for; 0: the client has left */
    char line[CHANNEL_LINE];
    size_t length; /* of the line, which has not ended yet */
    char *queue;   /* what the system has not taken yet */
    size_t queued, capacity;
    struct client *next, **link;
} client;

typedef struct channel {
    ps_poller *poller;
    client *clients, *gone;
    void (*heard)(struct channel *channel, int number, const char *line, size_t n);
} channel;

/* ---- one client ------------------------------------------------------------------------------ */

/* Further events of the same wait may name the client, so it is freed after them. */
static inline void channel_leave(channel *r, client *c)
{
    if (c->events == 0)
        return;
    ps_close(&c->sock); /* which removes it from the poller */
    c->events = 0;
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    c->next = r->gone;
    r->gone = c;
}

static inline void channel_free_gone(channel *r)
{
    while (r->gone) {
        client *next = r->gone->next;

        free(r->gone->queue);
        free(r->gone);
        r->gone = next;
    }
}

static inline int channel_wait_for(channel *r, client *c, int events)
{
    if (events == c->events)
        return 0;
    c->events = events;
    return ps_poller_modify(r->poller, &c->sock, events, c);
}

/* Keeps what could not be sent. */
static inline int channel_queue(channel *r, client *c, const char *data, size_t n)
{
    size_t capacity = c->capacity > 0 ? c->capacity : 4096;
    char *larger;

    while (capacity < c->queued + n)
        capacity *= 2;
    if (capacity > CHANNEL_QUEUE)
        return PS_ENOBUFS;
    if (capacity > c->capacity) {
        larger = realloc(c->queue, capacity);
        if (!larger)
            return PS_ENOMEM;
        c->queue = larger;
        c->capacity = capacity;
    }
    memcpy(c->queue + c->queued, data, n);
    c->queued += n;
    return channel_wait_for(r, c, POLLIN | POLLOUT);
}

static inline int channel_send(channel *r, client *c, const char *data, size_t n)
{
    ptrdiff_t sent = c->queued == 0 ? ps_send(&c->sock, data, n, 0) : 0;

    if (sent == PS_EWOULDBLOCK)
        sent = 0;
    if (sent < 0 || (size_t)sent == n)
        return sent < 0 ? (int)sent : 0;
    return channel_queue(r, c, data + sent, n - (size_t)sent);
}

static inline int channel_send_queue(channel *r, client *c)
{
    ptrdiff_t sent = ps_send(&c->sock, c->queue, c->queued, 0);

    if (sent < 0)
        return sent == PS_EWOULDBLOCK ? 0 : (int)sent;
    c->queued -= (size_t)sent;
    memmove(c->queue, c->queue + sent, c->queued);
    return c->queued > 0 ? 0 : channel_wait_for(r, c, POLLIN);
}

/* One receive, and the lines that are whole then. The last one may have no end. */
static inline int channel_receive(channel *r, client *c)
{
    ptrdiff_t n = ps_recv(&c->sock, c->line + c->length, sizeof c->line - c->length, 0);
    const char *line = c->line, *end;

    if (n <= 0)
        return n == 0 ? PS_ECONNABORTED : n == PS_EWOULDBLOCK ? 0 : (int)n;
    c->length += (size_t)n;
    while ((end = memchr(line, '\n', c->length))) {
        r->heard(r, c->number, line, (size_t)(end - line));
        c->length -= (size_t)(end + 1 - line);
        line = end + 1;
    }
    if (c->length == sizeof c->line) {
        r->heard(r, c->number, line, c->length);
        c->length = 0;
    }
    memmove(c->line, line, c->length);
    if (c->events == 0)
        return 0; /* it could not take what it said, and has left */
    return ps_poller_setdeadline(r->poller, &c->sock, ps_monotonic() + CHANNEL_IDLE);
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Takes over a connection, whatever comes of it. */
static inline void channel_add(channel *r, ps_sock *sock, int number)
{
    client *c = calloc(1, sizeof *c);

    if (!c) {
        ps_close(sock);
        return;
    }
    c->sock = *sock;
    c->number = number;
    c->events = POLLIN;
    c->next = r->clients;
    c->link = &r->clients;
    if (c->next)
        c->next->link = &c->next;
    r->clients = c;
    if (ps_poller_add(r->poller, &c->sock, POLLIN, c) < 0 ||
        ps_poller_setdeadline(r->poller, &c->sock, ps_monotonic() + CHANNEL_IDLE) < 0)
        channel_leave(r, c);
}

static inline void channel_serve(channel *r, client *c, int events)
{
    int code = 0;

    /* One that has just spoken is not idle. */
    if (c->events != 0 && events & PS_POLL_TIMEOUT && !(events & POLLIN))
        code = PS_TIMED_OUT;
    if (c->events != 0 && code == 0 && events & POLLOUT)
        code = channel_send_queue(r, c);
    if (c->events != 0 && code == 0 && events & (POLLIN | POLLHUP | POLLERR))
        code = channel_receive(r, c);
    if (code < 0)
        channel_leave(r, c);
}

static inline void channel_say(channel *r, int number, const char *line, size_t n)
{
    char text[CHANNEL_LINE + 20];
    int start = snprintf(text, sizeof text, "%d: ", number);
    size_t length = (size_t)start + n + 1;

    memcpy(text + start, line, n);
    text[length - 1] = '\n';
    for (client *c = r->clients, *next; c; c = next) {
        next = c->next;
        if (channel_send(r, c, text, length) < 0)
            channel_leave(r, c);
    }
}

static inline void channel_close(channel *r)
{
    while (r->clients)
        channel_leave(r, r->clients);
    channel_free_gone(r);
    ps_poller_close(r->poller);
}

/* ---- the listener ---------------------------------------------------------------------------- */

/* Accepts a connection: 1, or 0 for none, or an error. When no descriptor is left, or no memory,
 * further ones wait in the listener's queue for a second. */
static inline int channel_accept(ps_poller *poller, ps_sock *listener, int events, ps_sock *sock)
{
    int code;

    if (events & PS_POLL_TIMEOUT)
        return ps_poller_modify(poller, listener, POLLIN, NULL);
    code = ps_accept(listener, sock, NULL);
    if (code == 0)
        return 1;
    if (code == PS_EWOULDBLOCK)
        return 0;
    if (code != PS_EMFILE && code != PS_ENFILE && code != PS_ENOBUFS && code != PS_ENOMEM)
        return code;
    code = ps_poller_modify(poller, listener, 0, NULL);
    return code < 0 ? code : ps_poller_setdeadline(poller, listener, ps_monotonic() + 1);
}

#endif
