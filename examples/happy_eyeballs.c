/*
 * Connects to whichever address of a host answers first (RFC 8305, Happy Eyeballs), and prints
 * the record of the attempts.
 *
 *   $ echo_server 127.0.0.1 0
 *   Listening on 127.0.0.1:PORT
 *   Connected by ('127.0.0.1', ...)
 *
 *   $ happy_eyeballs two.localhost PORT
 *   [::1]:PORT from ... s to ... s: ECONNREFUSED
 *   127.0.0.1:PORT from ... s to ... s: OK
 *
 * Without IPv6:
 *   $ echo_server 127.0.0.1 0
 *   Listening on 127.0.0.1:PORT
 *   Connected by ('127.0.0.1', ...)
 *
 *   $ happy_eyeballs two.localhost PORT
 *   127.0.0.1:PORT from ... s to ... s: OK
 */
#include "example.h"

static void print_attempt(const ps_connect_attempt *attempt)
{
    char text[PS_ADDR_TEXT_MAX];

    check("address", ps_addr_format(&attempt->address, text, sizeof text));
    printf("%s from %.3f s to %.3f s: ", text, attempt->started, attempt->ended);
    puts(ps_error_name(attempt->code));
}

int main(int argc, char **argv)
{
    ps_connect_options options = PS_CONNECT_OPTIONS_INIT;
    ps_connect_attempt attempts[16];
    size_t count = 0;
    ps_sock s;
    int code;

    utf8_arguments(&argc, &argv);
    if (argc != 3) {
        fprintf(stderr, "usage: happy_eyeballs HOST PORT\n");
        return 2;
    }
    options.timeout = 30; /* for the lookup and all attempts */
    options.attempts = attempts;
    options.attempts_capacity = sizeof attempts / sizeof attempts[0];
    options.attempts_count = &count;
    code = ps_create_connection_with(&s, argv[1], port_number(argv[2]), &options);
    for (size_t i = 0; i < count && i < options.attempts_capacity; i++)
        print_attempt(&attempts[i]);
    fflush(stdout);
    check("create_connection", code);
    ps_close(&s);
    return 0;
}
