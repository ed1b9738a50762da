/*
 * One deadline for a whole dialogue. A timeout starts anew with each call, so a server that
 * sends a byte now and then could keep a client busy forever; a deadline limits all calls
 * together.
 *
 *   $ poll_server 127.0.0.1:0
 *   Listening on 127.0.0.1:PORT
 *   ^C
 *   Stopped
 *
 *   $ dialogue_deadline 127.0.0.1 PORT 30
 *   Received 'one'
 *   Received 'two'
 *   Received 'three'
 *
 *   $ dialogue_deadline 127.0.0.1 PORT 0
 *   dialogue: TIMED_OUT, timed out
 *   [exit status 1]
 */
#include "example.h"

static int receive_all(ps_sock *s, char *buf, size_t n)
{
    while (n > 0) {
        ptrdiff_t received = ps_recv(s, buf, n, 0);

        if (received < 0)
            return (int)received;
        if (received == 0)
            return PS_ECONNABORTED; /* the server has closed its side too early */
        buf += received;
        n -= (size_t)received;
    }
    return 0;
}

/* Whichever call the deadline ends, it is PS_TIMED_OUT. */
static int talk(ps_sock *s, const ps_addr *server, double deadline)
{
    static const char *const words[] = {"one", "two", "three"};
    char answer[8];
    int code = ps_setdeadline(s, deadline, deadline);

    if (code == 0)
        code = ps_connect(s, server);
    for (size_t i = 0; i < sizeof words / sizeof words[0] && code == 0; i++) {
        code = ps_sendall(s, words[i], strlen(words[i]), 0, NULL);
        if (code == 0)
            code = receive_all(s, answer, strlen(words[i]));
        if (code == 0) {
            printf("Received ");
            print_repr(answer, strlen(words[i]));
            printf("\n");
        }
    }
    return code;
}

int main(int argc, char **argv)
{
    ps_addr server;
    ps_sock s;
    int code;

    utf8_arguments(&argc, &argv);
    if (argc != 4) {
        fprintf(stderr, "usage: dialogue_deadline ADDRESS PORT SECONDS\n");
        return 2;
    }
    /* A literal needs no lookup. */
    check("address", ps_addr_literal(&server, argv[1], port_number(argv[2])));
    check("socket", ps_socket(&s, ps_addr_family(&server), SOCK_STREAM, 0));
    code = talk(&s, &server, ps_monotonic() + strtod(argv[3], NULL));
    ps_close(&s);
    check("dialogue", code);
    return 0;
}
