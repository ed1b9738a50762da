/*
 * The remedy for EADDRINUSE, "address already in use": a server that can be started again at
 * once.
 *
 *   reuseaddr [HOST [PORT]]      PORT 0: any free port
 *
 * It answers one message of one client (echo_client), and ends the connection first. That leaves
 * the connection in state TIME_WAIT for a minute or more, in which the port could not be bound
 * again without the option set here.
 *
 *   $ reuseaddr 127.0.0.1 0
 *   Listening on 127.0.0.1:PORT
 *   Connected by ('127.0.0.1', ...)
 *
 *   $ echo_client 127.0.0.1 PORT
 *   Received 'Hello, world'
 */
#include "example.h"

int main(int argc, char **argv)
{
    utf8_arguments(&argc, &argv);

    const char *HOST = argc > 1 ? argv[1] : ""; /* Symbolic name meaning all available interfaces */
    int PORT = argc > 2 ? port_number(argv[2]) : 50007; /* Arbitrary non-privileged port */
    ps_sock s, conn;
    ps_addr address, addr;
    char data[1024];
    ptrdiff_t n;

    check("address", ps_addr_inet(&address, HOST, PORT));
    check("socket", ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    check("setsockopt", ps_setsockopt_int(&s, SOL_SOCKET, SO_REUSEADDR,
                                          1)); /* the same on Windows: no port is stolen */
    check("bind", ps_bind(&s, &address));
    check("listen", ps_listen(&s, 1));
    print_listening(&s);
    check("accept", ps_accept(&s, &conn, &addr));
    printf("Connected by ");
    print_address(&addr);
    printf("\n");
    n = check("recv", ps_recv(&conn, data, sizeof data, 0));
    check("sendall", ps_sendall(&conn, data, (size_t)n, 0, NULL));
    ps_close(&conn);
    ps_close(&s);
    return 0;
}
