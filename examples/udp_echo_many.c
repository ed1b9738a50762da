/*
 * Sends each datagram back, many at a time: ps_recvmany takes what has come in one call, and
 * ps_sendmany answers it in another one, from the address that was asked. Ctrl-C ends it.
 *
 *   $ udp_echo_many 127.0.0.1:0
 *   Listening on 127.0.0.1:PORT
 *   ^C
 *   Stopped
 */
#include "example.h"

#include <signal.h>

enum { BATCH = 32, LONGEST = 2048 };

static ps_cancel *stop;

static void on_ctrl_c(int number)
{
    (void)number;
    ps_cancel_fire(stop); /* allowed in a signal handler */
}

/* Sends each back. One that fails ends a call, and is left out. */
static void answer(ps_sock *s, ps_datagram *messages, ptrdiff_t count)
{
    for (ptrdiff_t i = 0; i < count; i++) {
        messages[i].size = (size_t)messages[i].count;
        messages[i].info.fields &= PS_INFO_SENDER | PS_INFO_DESTINATION;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        ptrdiff_t sent = ps_sendmany(s, messages + i, (size_t)(count - i), 0);

        if (sent > 0)
            i += sent;
    }
}

/* Returns why it has ended. */
static int echo(ps_sock *s)
{
    static char buffers[BATCH][LONGEST];
    static ps_datagram messages[BATCH]; /* all zero at first */
    ptrdiff_t count;

    do {
        for (int i = 0; i < BATCH; i++) {
            messages[i].data = buffers[i];
            messages[i].size = LONGEST; /* which answer has changed */
        }
        count = ps_recvmany(s, messages, BATCH, 0); /* waits for the first */
        if (count > 0)
            answer(s, messages, count);
    } while (count > 0);
    return (int)count;
}

int main(int argc, char **argv)
{
    ps_addr address;
    ps_sock s;
    int code;

    utf8_arguments(&argc, &argv);
    check("address", ps_addr_parse(&address, AF_UNSPEC, argc > 1 ? argv[1] : "127.0.0.1:50007"));
    check("socket", ps_socket(&s, ps_addr_family(&address), SOCK_DGRAM, 0));
    check("bind", ps_bind(&s, &address));
    check("setreceiveinfo", ps_setreceiveinfo(&s, PS_INFO_DESTINATION));
    check("cancel token", ps_cancel_open(&stop)); /* before the handler that fires it */
    check("setcancel", ps_setcancel(&s, stop));
    signal(SIGINT, on_ctrl_c); /* on Windows, too */
    print_listening(&s);
    code = echo(&s);
    ps_close(&s);
    if (code != PS_ECANCELED)
        check("recvmany", code);
    printf("Stopped\n");
    return 0; /* the token stays open: the handler may run again */
}
