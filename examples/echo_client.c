/*
 * Echo client program: sends a message and prints what comes back.
 *
 *   echo_client [HOST [PORT [MESSAGE]]]
 *
 * The default host is that of Python 2.7's page, which does not answer: pass the host
 * where your echo_server runs.
 */
#include "example.h"

int main(int argc, char **argv)
{
    utf8_arguments(&argc, &argv);

    const char *HOST = argc > 1 ? argv[1] : "daring.cwi.nl"; /* The remote host */
    int PORT = argc > 2 ? port_number(argv[2]) : 50007; /* The same port as used by the server */
    const char *message = argc > 3 ? argv[3] : "Hello, world";
    ps_sock s;
    ps_addr address;
    char data[1024];
    ptrdiff_t n;

    check("address", ps_addr_inet(&address, HOST, PORT));
    check("socket", ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    check("connect", ps_connect(&s, &address));
    check("sendall", ps_sendall(&s, message, strlen(message), 0, NULL));
    n = check("recv", ps_recv(&s, data, sizeof data, 0));
    ps_close(&s);
    printf("Received ");
    print_repr(data, (size_t)n);
    printf("\n");
    return 0;
}
