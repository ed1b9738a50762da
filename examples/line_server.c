/*
 * Server of a line protocol, over a stream (ps_makefile): it answers each line with its
 * length, until its client ends. The client is line_client.c.
 *
 *   $ line_server 127.0.0.1:0
 *   Listening on 127.0.0.1:PORT
 *   The client has closed the connection
 *
 *   $ line_client 127.0.0.1 PORT hello "" "three words here"
 *   'hello' -> '5'
 *   '' -> '0'
 *   'three words here' -> '16'
 */
#include "example.h"

/* Returns 0 at the end of the connection, or an error. */
static int serve(ps_file *stream)
{
    char line[1000], answer[32];
    ptrdiff_t n;

    while ((n = ps_file_readline(stream, line, sizeof line)) > 0) {
        bool whole = line[n - 1] == '\n'; /* else it is too long, or the last one is cut */
        int length = snprintf(answer, sizeof answer, whole ? "%d\n" : "not a line\n", (int)n - 1);

        n = ps_file_write(stream, answer, (size_t)length); /* sent at once, since it ends a line */
        if (n < 0 || !whole)
            break;
    }
    return n < 0 ? (int)n : 0;
}

int main(int argc, char **argv)
{
    ps_sock listener, connection;
    ps_addr address;
    ps_file *stream;
    int code, closed;

    utf8_arguments(&argc, &argv);
    check("address", ps_addr_parse(&address, AF_UNSPEC, argc > 1 ? argv[1] : "127.0.0.1:50007"));
    check("create_server", ps_create_server(&listener, &address, -1, false, false));
    print_listening(&listener);
    check("accept", ps_accept(&listener, &connection, NULL));
    ps_close(&listener);
    check("settimeout", ps_settimeout(&connection, 30));           /* the stream's, too */
    check("makefile", ps_makefile(&stream, &connection, "rw", 1)); /* 1: sends line by line */
    ps_close(&connection);                                         /* the stream keeps it open */
    code = serve(stream);
    closed = ps_file_close(stream);
    check("stream", code);
    check("close", closed);
    printf("The client has closed the connection\n");
    return 0;
}
