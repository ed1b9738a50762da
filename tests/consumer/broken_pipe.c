/* Sends to a peer that has closed: an error, and not the end of the process by SIGPIPE. */
#include <portsock.h>

#include <stdio.h>

/* The first sends may still be taken, until the system learns that the peer is gone. */
static ptrdiff_t send_until_refused(ps_sock *s)
{
    enum { TRIES = 1000 };
    ptrdiff_t sent = 1;

    for (int i = 0; i < TRIES && sent >= 0; i++)
        sent = ps_send(s, "x", 1, 0);
    return sent;
}

int main(void)
{
    ps_sock pair[2];
    ptrdiff_t sent;
    int code = ps_socketpair(pair, PS_DEFAULT_PAIR_FAMILY, SOCK_STREAM, 0);

    if (code < 0) {
        fprintf(stderr, "pair: %s\n", ps_strerror(code));
        return 1;
    }
    ps_close(&pair[1]);
    sent = send_until_refused(&pair[0]);
    ps_close(&pair[0]);
    if (sent != PS_EPIPE && sent != PS_ECONNRESET) {
        fprintf(stderr, "send: %s\n", sent < 0 ? ps_strerror((int)sent) : "taken");
        return 1;
    }
    puts("ok");
    return 0;
}
