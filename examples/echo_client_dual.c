/*
 * Echo client program for IPv4 and IPv6: tries all addresses of the host, and talks to the first
 * that answers.
 *
 *   echo_client_dual [HOST [PORT [MESSAGE]]]
 *
 * The default host is that of Python 2.7's page, which does not answer: pass the host
 * where your server runs. (ps_create_connection does all of the loop below.)
 */
#include "example.h"

int main(int argc, char **argv)
{
    utf8_arguments(&argc, &argv);

    const char *HOST = argc > 1 ? argv[1] : "daring.cwi.nl"; /* The remote host */
    const char *PORT = argc > 2 ? argv[2] : "50007"; /* The same port as used by the server */
    const char *message = argc > 3 ? argv[3] : "Hello, world";
    ps_sock s = PS_SOCK_INIT;
    ps_addrinfo *list, *res;
    char data[1024];
    ptrdiff_t n;
    int code;

    check("getaddrinfo", ps_getaddrinfo(HOST, PORT, AF_UNSPEC, SOCK_STREAM, 0, 0, &list));
    for (res = list; res; res = res->next) {
        code = ps_socket(&s, res->family, res->type, res->proto);
        if (code != 0) {
            report("socket", code);
            continue;
        }
        code = ps_connect(&s, &res->addr);
        if (code != 0) {
            report("connect", code);
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
    check("sendall", ps_sendall(&s, message, strlen(message), 0, NULL));
    n = check("recv", ps_recv(&s, data, sizeof data, 0));
    ps_close(&s);
    printf("Received ");
    print_repr(data, (size_t)n);
    printf("\n");
    return 0;
}
