/*
 * Echo server program for IPv4 and IPv6: listens to the first address family available.
 *
 *   echo_server_dual [HOST [PORT]]      PORT 0: any free port
 *
 * Where IPv6 comes first, a socket of this library listens to IPv4 clients, too, on every system.
 *
 *   $ echo_server_dual 127.0.0.1 0
 *   Listening on 127.0.0.1:PORT
 *   Connected by ('127.0.0.1', ...)
 *
 *   $ echo_client_dual 127.0.0.1 PORT
 *   Received 'Hello, world'
 */
#include "example.h"

int main(int argc, char **argv)
{
    utf8_arguments(&argc, &argv);

    const char *HOST =
        argc > 1 ? argv[1] : NULL; /* Symbolic name meaning all available interfaces */
    const char *PORT = argc > 2 ? argv[2] : "50007"; /* Arbitrary non-privileged port */
    ps_sock s = PS_SOCK_INIT, conn;
    ps_addrinfo *list, *res;
    ps_addr addr;
    char data[1024];
    ptrdiff_t n;
    int code;

    check("getaddrinfo", ps_getaddrinfo(HOST, PORT, AF_UNSPEC, SOCK_STREAM, 0, AI_PASSIVE, &list));
    for (res = list; res; res = res->next) {
        code = ps_socket(&s, res->family, res->type, res->proto);
        if (code != 0) {
            report("socket", code);
            continue;
        }
        code = ps_bind(&s, &res->addr);
        if (code == 0)
            code = ps_listen(&s, 1);
        if (code != 0) {
            report("bind or listen", code);
            ps_close(&s);
            continue;
        }
        break;
    }
    ps_freeaddrinfo(list);
    if (!res) {
        printf("could not open socket\n");
        return 1;
    }
    print_listening(&s);
    check("accept", ps_accept(&s, &conn, &addr));
    printf("Connected by ");
    print_address(&addr);
    printf("\n");
    fflush(stdout);
    for (;;) {
        n = check("recv", ps_recv(&conn, data, sizeof data, 0));
        if (n == 0)
            break;
        /* Python 2.7's page has send() here, which may send only a part. */
        check("sendall", ps_sendall(&conn, data, (size_t)n, 0, NULL));
    }
    ps_close(&conn);
    ps_close(&s);
    return 0;
}
