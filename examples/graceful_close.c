/*
 * Server that refuses a client without reading its request. ps_close_gracefully lets the
 * client read the refusal: a plain ps_close with a request unread resets the connection, and
 * the refusal may be lost.
 *
 *   $ graceful_close 127.0.0.1:0
 *   Listening on 127.0.0.1:PORT
 *   The client has got the answer
 *
 *   $ echo_client 127.0.0.1 PORT "a request that is not read"
 *   Received 'busy, try again later\n'
 */
#include "example.h"

int main(int argc, char **argv)
{
    static const char answer[] = "busy, try again later\n";
    ps_sock listener, connection;
    ps_addr address;
    int code;

    utf8_arguments(&argc, &argv);
    check("address", ps_addr_parse(&address, AF_UNSPEC, argc > 1 ? argv[1] : "127.0.0.1:50007"));
    check("create_server", ps_create_server(&listener, &address, -1, false, false));
    print_listening(&listener);
    check("accept", ps_accept(&listener, &connection, NULL));
    check("settimeout", ps_settimeout(&connection, 30));
    check("sendall", ps_sendall(&connection, answer, strlen(answer), 0, NULL));
    code = ps_close_gracefully(&connection, 30); /* at most 30 seconds */
    if (code == 0)
        printf("The client has got the answer\n");
    else
        report("close_gracefully", code); /* the connection is closed all the same */
    ps_close(&listener);
    return code == 0 ? 0 : 1;
}
