/*
 * Client of a line protocol, over a stream (ps_makefile): sends lines, and prints the answer
 * to each. line_server.c has the server, and shows both.
 *
 *   line_client HOST PORT LINE...
 */
#include "example.h"

/* Returns the length of the answer, or an error. */
static ptrdiff_t ask(ps_file *stream, const char *question, char *answer, size_t size)
{
    ptrdiff_t n = ps_file_write(stream, question, strlen(question));

    if (n >= 0)
        n = ps_file_write(stream, "\n", 1);
    if (n >= 0)
        n = ps_file_flush(stream);
    if (n >= 0)
        n = ps_file_readline(stream, answer, size);
    if (n == 0)
        return PS_ECONNABORTED; /* the server has closed the connection, and has not answered */
    return n > 0 && answer[n - 1] == '\n' ? n - 1 : n;
}

int main(int argc, char **argv)
{
    char answer[1000];
    ps_sock s;
    ps_file *stream;
    ptrdiff_t n = 0;

    utf8_arguments(&argc, &argv);
    if (argc < 3) {
        fprintf(stderr, "usage: line_client HOST PORT LINE...\n");
        return 2;
    }
    check("connect", ps_create_connection(&s, argv[1], port_number(argv[2]), 30, NULL));
    check("makefile", ps_makefile(&stream, &s, "rw", -1));
    ps_close(&s); /* the stream keeps the connection, and its timeout of 30 seconds for each call */
    for (int i = 3; i < argc && n >= 0; i++) {
        n = ask(stream, argv[i], answer, sizeof answer);
        if (n < 0)
            break;
        print_repr(argv[i], strlen(argv[i]));
        printf(" -> ");
        print_repr(answer, (size_t)n);
        printf("\n");
    }
    ps_file_close(stream);
    check("stream", n);
    return 0;
}
