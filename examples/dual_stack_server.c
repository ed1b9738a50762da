/*
 * Server for IPv4 and IPv6 with one socket, the same on every system. It sends two clients
 * their own addresses.
 *
 *   dual_stack_server [PORT]      PORT 0: any free port
 *
 *   $ dual_stack_server 0
 *   Listening on [::]:PORT
 *
 *   $ echo_client 127.0.0.1 PORT
 *   Received 'you are 127.0.0.1'
 *
 *   $ echo_client_dual ::1 PORT
 *   Received 'you are ::1'
 *
 * Without IPv6:
 *   $ dual_stack_server 0
 *   Listening on 0.0.0.0:PORT
 *
 *   $ echo_client 127.0.0.1 PORT
 *   Received 'you are 127.0.0.1'
 *
 *   $ echo_client 127.0.0.1 PORT
 *   Received 'you are 127.0.0.1'
 */
#include "example.h"

static int answer(ps_sock *connection, ps_addr *peer)
{
    char host[PS_HOST_MAX], text[PS_HOST_MAX + 8];
    int code;

    ps_addr_unmap(peer); /* an IPv4 client has come as ::ffff:127.0.0.1 */
    code = ps_addr_get_host(peer, host, sizeof host);
    if (code == 0)
        code = ps_settimeout(connection, 30);
    if (code == 0) {
        snprintf(text, sizeof text, "you are %s", host);
        code = ps_sendall(connection, text, strlen(text), 0, NULL);
    }
    return code;
}

int main(int argc, char **argv)
{
    utf8_arguments(&argc, &argv);

    int port = argc > 1 ? port_number(argv[1]) : 50007;
    bool dual_stack = ps_has_dualstack_ipv6();
    ps_sock listener, connection;
    ps_addr address;

    if (dual_stack)
        check("address", ps_addr_inet6(&address, "", port, 0, 0)); /* every interface */
    else
        check("address", ps_addr_inet(&address, "", port));
    check("create_server", ps_create_server(&listener, &address, -1, false, dual_stack));
    print_listening(&listener);
    for (int clients = 0; clients < 2; clients++) {
        int code;

        check("accept", ps_accept(&listener, &connection, &address));
        code = answer(&connection, &address);
        if (code == 0)
            code = ps_close_gracefully(&connection, 30);
        if (code != 0)
            report("client", code); /* the others are served nevertheless */
        ps_close(&connection);
    }
    ps_close(&listener);
    return 0;
}
