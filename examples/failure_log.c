/*
 * A log of what fails on a socket: which operation, with whom, why, and what usually helps.
 * The calls write it into a failure record, so that the places that call them need not collect
 * it.
 *
 *   $ failure_log 127.0.0.1:CLOSED
 *   failure_log: connect to 127.0.0.1:CLOSED: ECONNREFUSED, connection refused (...)
 *   failure_log: Nothing listens at that address and port: ...
 *   [exit status 1]
 */
#include "example.h"

/* The lines are the same on every system, except for the system's number in parentheses. */
static void log_failure(const ps_failure *failure)
{
    char text[PS_FAILURE_TEXT_MAX];
    const char *advice = ps_explain(failure->code, failure->operation);

    check("failure_format", ps_failure_format(failure, text, sizeof text));
    fprintf(stderr, "failure_log: %s\n", text);
    if (*advice)
        fprintf(stderr, "failure_log: %s\n", advice);
}

static int talk(ps_sock *s, const ps_addr *server)
{
    char data[1024];
    ptrdiff_t n;
    int code = ps_settimeout(s, 30);

    if (code == 0)
        code = ps_connect(s, server);
    if (code == 0)
        code = ps_sendall(s, "Hello, world", 12, 0, NULL);
    if (code < 0)
        return code;
    n = ps_recv(s, data, sizeof data, 0);
    if (n < 0)
        return (int)n;
    printf("Received ");
    print_repr(data, (size_t)n);
    printf("\n");
    return 0;
}

int main(int argc, char **argv)
{
    ps_failure failure = PS_FAILURE_INIT;
    ps_addr server;
    ps_sock s;
    int code;

    utf8_arguments(&argc, &argv);
    check("address", ps_addr_parse(&server, AF_UNSPEC, argc > 1 ? argv[1] : "127.0.0.1:50007"));
    code = ps_socket(&s, ps_addr_family(&server), SOCK_STREAM, 0);
    if (code == 0) {
        check("setfailure", ps_setfailure(&s, &failure));
        code = talk(&s, &server);
    } else { /* without a socket */
        check("failure_fill", ps_failure_fill(&failure, code, PS_OPERATION_SOCKET, &server, NULL));
    }
    if (code < 0)
        log_failure(&failure);
    ps_close(&s);
    return code < 0 ? 1 : 0;
}
