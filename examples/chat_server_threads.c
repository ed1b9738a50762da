/*
 * Chat server with worker threads: as chat_server.c, but each thread has a poller and clients of
 * its own. It receives connections, and what was said elsewhere, through its mailbox, and is woken
 * for them (ps_poller_wake). So no client is ever used by two threads.
 *
 *   $ chat_server_threads 127.0.0.1:0 4
 *   Listening on 127.0.0.1:PORT
 *   ^C
 *   Stopped
 *
 * Meanwhile, in another terminal:
 *   $ line_client 127.0.0.1 PORT Hello "Is anybody there?"
 *   'Hello' -> '1: Hello'
 *   'Is anybody there?' -> '1: Is anybody there?'
 */
#include "chat.h"
#include "thread.h"

#include <signal.h>

/* A new client (`sock` is open), or a line. */
typedef struct letter {
    struct letter *next;
    ps_sock sock;
    int number;
    size_t length;
    char line[];
} letter;

typedef struct worker {
    channel channel; /* the first member, so that a worker is known by its channel */
    thread thread;
    thread_lock lock; /* of the mailbox */
    letter *first, **last;
    bool stopped;
} worker;

enum { WORKERS = 64 };
static worker workers[WORKERS];
static int worker_count;
static ps_poller *acceptor; /* waits for the listener, in the first thread */

static void on_ctrl_c(int number)
{
    (void)number;
    ps_poller_wake(acceptor); /* allowed in a signal handler */
}

/* ---- mailboxes ------------------------------------------------------------------------------- */

static letter *write_letter(int number, const char *line, size_t n)
{
    letter *l = malloc(sizeof *l + n);

    if (!l) {
        fprintf(stderr, "Out of memory\n");
        exit(1);
    }
    *l = (letter){.sock = PS_SOCK_INIT, .number = number, .length = n};
    memcpy(l->line, line, n);
    return l;
}

static void post(worker *w, letter *l)
{
    bool first;

    thread_acquire(&w->lock);
    first = w->first == NULL;
    *w->last = l;
    w->last = &l->next;
    thread_release(&w->lock);
    if (first)
        ps_poller_wake(w->channel.poller);
}

/* All letters, and whether the worker has to stop. */
static letter *empty(worker *w, bool *stopped)
{
    letter *letters;

    thread_acquire(&w->lock);
    letters = w->first;
    w->first = NULL;
    w->last = &w->first;
    *stopped = w->stopped;
    thread_release(&w->lock);
    return letters;
}

static void stop(worker *w)
{
    thread_acquire(&w->lock);
    w->stopped = true;
    thread_release(&w->lock);
    ps_poller_wake(w->channel.poller);
}

/* ---- the workers ----------------------------------------------------------------------------- */

/* Also to the channel of the speaker itself, so that all have the lines of one speaker in order. */
static void tell_all(channel *r, int number, const char *line, size_t n)
{
    (void)r;
    for (int i = 0; i < worker_count; i++)
        post(&workers[i], write_letter(number, line, n));
}

/* Returns whether it has to stop. */
static bool read_letters(worker *w)
{
    bool stopped;

    for (letter *l = empty(w, &stopped), *next; l; l = next) {
        next = l->next;
        if (l->sock.handle != PS_INVALID_HANDLE)
            channel_add(&w->channel, &l->sock, l->number);
        else
            channel_say(&w->channel, l->number, l->line, l->length);
        free(l);
    }
    return stopped;
}

static THREAD_MAIN(work, argument)
{
    worker *w = argument;
    ps_event events[CHANNEL_EVENTS];
    bool stopped = false;

    while (!stopped) {
        int count = (int)check("poller", ps_poller_wait(w->channel.poller, events, CHANNEL_EVENTS,
                                                        PS_NO_TIMEOUT, NULL));

        for (int i = 0; i < count; i++) {
            if (events[i].events & PS_POLL_WOKEN)
                stopped = read_letters(w);
            else
                channel_serve(&w->channel, events[i].data, events[i].events);
        }
        channel_free_gone(&w->channel);
    }
    return THREAD_RETURN;
}

static void start_workers(int count)
{
    for (int i = 0; i < count; i++) {
        worker *w = &workers[i];

        check("poller", ps_poller_open(&w->channel.poller));
        w->channel.heard = tell_all;
        w->last = &w->first;
        thread_lock_init(&w->lock);
    }
    worker_count = count;
    for (int i = 0; i < count; i++) {
        if (thread_start(&workers[i].thread, work, &workers[i]) < 0) {
            fprintf(stderr, "A thread cannot be started\n");
            exit(1);
        }
    }
}

static void stop_workers(void)
{
    bool stopped;

    for (int i = 0; i < worker_count; i++)
        stop(&workers[i]);
    for (int i = 0; i < worker_count; i++)
        thread_join(workers[i].thread);
    for (int i = 0; i < worker_count; i++) {
        for (letter *l = empty(&workers[i], &stopped), *next; l; l = next) {
            next = l->next;
            ps_close(&l->sock);
            free(l);
        }
        channel_close(&workers[i].channel);
    }
}

/* ---- the first thread ------------------------------------------------------------------------ */

/* Returns 0 when it was woken, or an error. */
static int accept_all(ps_sock *listener)
{
    ps_event event;
    ps_sock sock;
    int number = 0, code = ps_poller_add(acceptor, listener, POLLIN, NULL);

    while (code >= 0) {
        code = ps_poller_wait(acceptor, &event, 1, PS_NO_TIMEOUT, NULL);
        if (code == 1 && event.events & PS_POLL_WOKEN)
            return 0;
        if (code == 1 && (code = channel_accept(acceptor, listener, event.events, &sock)) == 1) {
            letter *l = write_letter(++number, "", 0);

            l->sock = sock;
            post(&workers[number % worker_count], l);
        }
    }
    return code;
}

int main(int argc, char **argv)
{
    ps_sock listener;
    ps_addr address;
    int count, code;

    utf8_arguments(&argc, &argv);
    count = argc > 2 ? atoi(argv[2]) : 4;
    if (count < 1 || count > WORKERS) {
        fprintf(stderr, "usage: chat_server_threads [ADDRESS [THREADS, 1 to %d]]\n", WORKERS);
        return 2;
    }
    check("address", ps_addr_parse(&address, AF_UNSPEC, argc > 1 ? argv[1] : "127.0.0.1:50007"));
    check("timeout", ps_setdefaulttimeout(0)); /* every socket is non-blocking */
    check("create_server", ps_create_server(&listener, &address, 1000, false, false));
    check("poller", ps_poller_open(&acceptor));
    start_workers(count);
    signal(SIGINT, on_ctrl_c); /* on Windows, too */
    print_listening(&listener);
    code = accept_all(&listener);
    signal(SIGINT, SIG_DFL);
    ps_close(&listener);
    stop_workers();
    ps_poller_close(acceptor);
    check("poller or accept", code);
    printf("Stopped\n");
    return 0;
}
