/*
 * A small server, for its size and its start: with an argument it sends back what one client sends
 * to that port. SIZE_NAMES: the address may be a host's name.
 */
#include <portsock.h>

#include <stdlib.h>

#ifdef SIZE_NAMES
#define ADDRESS ps_addr_inet
#else
#define ADDRESS ps_addr_literal
#endif

static int serve(int port)
{
    ps_sock listener, client;
    ps_addr address;
    char data[1024];
    ptrdiff_t n;

    if (ADDRESS(&address, "127.0.0.1", port) != 0 ||
        ps_socket(&listener, AF_INET, SOCK_STREAM, 0) != 0 || ps_bind(&listener, &address) != 0 ||
        ps_listen(&listener, 1) != 0 || ps_accept(&listener, &client, NULL) != 0)
        return 1;
    while ((n = ps_recv(&client, data, sizeof data, 0)) > 0) {
        if (ps_sendall(&client, data, (size_t)n, 0, NULL) != 0)
            return 1;
    }
    ps_close(&client);
    ps_close(&listener);
    return n == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    return argc > 1 ? serve(atoi(argv[1])) : 0;
}
