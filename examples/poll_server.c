/*
 * Echo server for many clients in one thread. ps_poll_with waits for all of them; Ctrl-C fires
 * a cancel token, which ends the wait.
 *
 *   $ poll_server 127.0.0.1:0
 *   Listening on 127.0.0.1:PORT
 *   ^C
 *   Stopped
 *
 * Meanwhile, in another terminal:
 *   $ echo_client 127.0.0.1 PORT "Hello, world"
 *   Received 'Hello, world'
 */
#include "example.h"

#include <signal.h>

enum { CLIENTS = 100 }; /* further ones wait in the listener's queue */

typedef struct client {
    ps_sock sock;
    size_t received, sent;
    char data[4096]; /* sent back before more is received */
} client;

static ps_cancel *stop;

static void on_ctrl_c(int number)
{
    (void)number;
    ps_cancel_fire(stop);
}

/* One send or one receive. Returns false when the client has closed its side, or has failed. */
static bool serve(client *c)
{
    ptrdiff_t n;

    if (c->sent < c->received) {
        n = ps_send(&c->sock, c->data + c->sent, c->received - c->sent, 0);
        c->sent += n > 0 ? (size_t)n : 0;
    } else {
        n = ps_recv(&c->sock, c->data, sizeof c->data, 0);
        c->received = n > 0 ? (size_t)n : 0;
        c->sent = 0;
    }
    return n > 0 || n == PS_EWOULDBLOCK;
}

/* Returns why it ended: PS_ECANCELED, or an error. */
static int serve_all(ps_sock *listener)
{
    static client clients[CLIENTS];
    ps_pollfd entries[1 + CLIENTS];
    size_t count = 0;
    int code;

    do {
        entries[0] = (ps_pollfd){count < CLIENTS ? listener : NULL, POLLIN, 0};
        for (size_t i = 0; i < count; i++) {
            client *c = &clients[i];

            entries[i + 1] = (ps_pollfd){&c->sock, c->sent < c->received ? POLLOUT : POLLIN, 0};
        }
        code = ps_poll_with(entries, 1 + count, PS_NO_TIMEOUT, stop);
        for (size_t i = count; i-- > 0;) {
            if (entries[i + 1].revents != 0 && !serve(&clients[i])) {
                ps_close(&clients[i].sock);
                clients[i] = clients[--count]; /* a socket may be moved by assignment */
            }
        }
        if (entries[0].revents != 0) {
            code = ps_accept(listener, &clients[count].sock, NULL);
            clients[count].received = clients[count].sent = 0;
            count += code == 0 ? 1 : 0;
        }
    } while (code >= 0 || code == PS_EWOULDBLOCK);
    while (count > 0)
        ps_close(&clients[--count].sock);
    return code;
}

int main(int argc, char **argv)
{
    ps_sock listener;
    ps_addr address;
    int code;

    utf8_arguments(&argc, &argv);
    check("address", ps_addr_parse(&address, AF_UNSPEC, argc > 1 ? argv[1] : "127.0.0.1:50007"));
    check("timeout", ps_setdefaulttimeout(0)); /* every socket is non-blocking */
    check("create_server", ps_create_server(&listener, &address, -1, false, false));
    check("cancel token", ps_cancel_open(&stop));
    signal(SIGINT, on_ctrl_c); /* on Windows, too */
    print_listening(&listener);
    code = serve_all(&listener);
    ps_close(&listener);
    if (code != PS_ECANCELED)
        check("poll or accept", code);
    printf("Stopped\n");
    return 0;
}
