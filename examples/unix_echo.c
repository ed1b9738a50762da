/*
 * A request and its answer over AF_UNIX, between two processes of one machine.
 *
 *   $ unix_echo serve DIRECTORY/echo
 *   Listening on unix:DIRECTORY/echo
 *   Answered 'hello'
 *
 *   $ unix_echo ask DIRECTORY/echo hello
 *   Received 'hello'
 *
 * Without AF_UNIX (Windows before version 1803 of Windows 10, and Wine):
 *   $ unix_echo serve DIRECTORY/echo
 *   socket: EAFNOSUPPORT, address family not supported
 *   This system has no AF_UNIX: use AF_INET and 127.0.0.1
 *   [exit status 1]
 */
#include "example.h"

/* A socket of AF_UNIX, which may be missing although the program was compiled with it. */
static void open_unix(ps_sock *s)
{
    int code = ps_socket(s, AF_UNIX, SOCK_STREAM, 0);

    if (code == 0)
        return;
    report("socket", code);
    if (code == PS_EAFNOSUPPORT)
        fprintf(stderr, "This system has no AF_UNIX: use AF_INET and 127.0.0.1\n");
    exit(1);
}

static void serve(const ps_addr *address, const char *path)
{
    ps_sock listener, connection;
    char request[1024];
    ptrdiff_t n;
    int code;

    open_unix(&listener);
    check("bind", ps_bind(&listener, address)); /* makes the file, and fails if there is one */
    code = ps_listen(&listener, 5);
    if (code == 0) {
        print_listening(&listener);
        code = ps_accept(&listener, &connection, NULL);
    }
    ps_close(&listener);
    utf8_remove(path); /* the system leaves it behind */
    check("listen or accept", code);
    n = check("recv", ps_recv(&connection, request, sizeof request, MSG_WAITALL)); /* to its end */
    check("sendall", ps_sendall(&connection, request, (size_t)n, 0, NULL));
    check("close", ps_close_gracefully(&connection, 30));
    printf("Answered ");
    print_repr(request, (size_t)n);
    printf("\n");
}

static void ask(const ps_addr *address, const char *request)
{
    char answer[1024];
    ptrdiff_t n;
    ps_sock s;

    open_unix(&s);
    check("connect", ps_connect(&s, address));
    check("sendall", ps_sendall(&s, request, strlen(request), 0, NULL));
    check("shutdown", ps_shutdown(&s, SHUT_WR)); /* the end of the request */
    n = check("recv", ps_recv(&s, answer, sizeof answer, MSG_WAITALL));
    ps_close(&s);
    printf("Received ");
    print_repr(answer, (size_t)n);
    printf("\n");
}

int main(int argc, char **argv)
{
    ps_addr address;

    utf8_arguments(&argc, &argv);
    if (argc < 3 || (strcmp(argv[1], "serve") != 0 && argc < 4)) {
        fprintf(stderr, "usage: unix_echo serve PATH | unix_echo ask PATH TEXT\n");
        return 2;
    }
    check("address", ps_addr_unix(&address, argv[2], strlen(argv[2])));
    if (strcmp(argv[1], "serve") == 0)
        serve(&address, argv[2]);
    else
        ask(&address, argv[3]);
    return 0;
}
