/*
 * Sends a file to each client, one after the other: ps_sendfile, which has the system send it where
 * it can. A client may be slow, but has to take something every 30 seconds. Ctrl-C ends it.
 *
 *   $ file_server 127.0.0.1:0 FILE
 *   Listening on 127.0.0.1:PORT
 *   Sent ... bytes
 *   ^C
 *   Stopped
 *
 *   $ echo_client 127.0.0.1 PORT "The file, please"
 *   Received 'Hello, world'
 */
#include "example.h"

#include <signal.h>

#ifdef _WIN32
#include <io.h>
#endif

static ps_cancel *stop;

static void on_ctrl_c(int number)
{
    (void)number;
    ps_cancel_fire(stop); /* allowed in a signal handler */
}

/* What the system calls a file that is open. */
static ps_native_file native_file(FILE *f)
{
#ifdef _WIN32
    return (HANDLE)_get_osfhandle(_fileno(f)); /* or what CreateFile returns */
#else
    return fileno(f); /* or what open returns */
#endif
}

/* All of it, in as many calls as it takes: each has the timeout anew. */
static int send_all(ps_sock *s, ps_native_file file, uint64_t *total)
{
    uint64_t sent;
    int code;

    *total = 0;
    do {
        code = ps_sendfile(s, file, *total, PS_TO_END_OF_FILE, &sent);
        *total += sent;
    } while (code == PS_TIMED_OUT && sent > 0);
    return code;
}

static void serve(ps_sock *connection, FILE *f)
{
    uint64_t total;
    int code = ps_settimeout(connection, 30);

    if (code == 0)
        code = ps_setcancel(connection, stop);
    if (code == 0)
        code = send_all(connection, native_file(f), &total);
    if (code == 0)
        code = ps_close_gracefully(connection, 30); /* what it has asked is not read */
    if (code == 0)
        printf("Sent %llu bytes\n", (unsigned long long)total);
    else
        report("client", code);
    fflush(stdout);
    ps_close(connection);
}

int main(int argc, char **argv)
{
    ps_sock listener, connection;
    ps_addr address;
    FILE *f;
    int code;

    utf8_arguments(&argc, &argv);
    f = argc == 3 ? utf8_open(argv[2], "rb") : NULL;
    if (!f) {
        fprintf(stderr,
                argc == 3 ? "The file cannot be read\n" : "usage: file_server ADDRESS FILE\n");
        return 2;
    }
    check("address", ps_addr_parse(&address, AF_UNSPEC, argv[1]));
    check("create_server", ps_create_server(&listener, &address, -1, false, false));
    check("cancel token", ps_cancel_open(&stop)); /* before the handler that fires it */
    check("setcancel", ps_setcancel(&listener, stop));
    signal(SIGINT, on_ctrl_c); /* on Windows, too */
    print_listening(&listener);
    while ((code = ps_accept(&listener, &connection, NULL)) == 0)
        serve(&connection, f);
    ps_close(&listener);
    fclose(f);
    if (code != PS_ECANCELED)
        check("accept", code);
    printf("Stopped\n");
    return 0; /* the token stays open: the handler may run again */
}
