/*
 * Chat server for thousands of clients in one thread: each line that a client sends goes to all
 * of them. A poller (ps_poller) waits for all sockets, and Ctrl-C wakes it.
 *
 *   $ chat_server 127.0.0.1:0
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

#include <signal.h>

static channel everyone;

static void on_ctrl_c(int number)
{
    (void)number;
    ps_poller_wake(everyone.poller); /* allowed in a signal handler */
}

/* Returns 0 when it was woken, or an error. */
static int serve_all(ps_sock *listener)
{
    static int number;
    ps_event events[CHANNEL_EVENTS];
    ps_sock sock;
    int code = ps_poller_add(everyone.poller, listener, POLLIN, NULL);

    while (code >= 0) {
        int count = ps_poller_wait(everyone.poller, events, CHANNEL_EVENTS, PS_NO_TIMEOUT, NULL);

        code = count;
        for (int i = 0; i < count && code >= 0; i++) {
            if (events[i].events & PS_POLL_WOKEN)
                return 0;
            if (events[i].sock != listener)
                channel_serve(&everyone, events[i].data, events[i].events);
            else if ((code = channel_accept(everyone.poller, listener, events[i].events, &sock)) ==
                     1)
                channel_add(&everyone, &sock, ++number);
        }
        channel_free_gone(&everyone);
    }
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
    check("create_server", ps_create_server(&listener, &address, 1000, false, false));
    check("poller", ps_poller_open(&everyone.poller));
    everyone.heard = channel_say;
    signal(SIGINT, on_ctrl_c); /* on Windows, too */
    print_listening(&listener);
    code = serve_all(&listener);
    signal(SIGINT, SIG_DFL);
    ps_close(&listener);
    channel_close(&everyone);
    check("poller or accept", code);
    printf("Stopped\n");
    return 0;
}
