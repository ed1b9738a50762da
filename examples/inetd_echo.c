/*
 * Echo server program for inetd, xinetd, systemd and the like: its standard input is a socket.
 *
 *   inetd_echo [SECONDS]
 *
 * It asks the socket what it is: a connection ("stream tcp nowait" in inetd.conf) is served
 * to its end; a listener ("stream tcp wait") is served until SECONDS (10) have passed without a
 * client, then the parent listens again; datagrams ("dgram udp wait") the same way. Nothing is
 * printed: standard output and error are the socket, too.
 */
#include <portsock.h>

#include <stdlib.h>

#ifdef _WIN32
#include <io.h>
#endif

/* The socket that is standard input. */
static ps_handle standard_input(void)
{
#ifdef _WIN32
    return (ps_handle)_get_osfhandle(0);
#else
    return 0;
#endif
}

/* Makes a socket of it; the family is what its name says. */
static int take_over(ps_sock *s, int *listens)
{
    ps_sock unknown;
    ps_addr name;
    int type = 0;
    int code = ps_fromfd(&unknown, standard_input(), AF_UNSPEC, 0, 0);

    if (code < 0)
        return code;
    *listens = 0;
    code = ps_getsockname(&unknown, &name);
    if (code == 0)
        code = ps_getsockopt_int(&unknown, SOL_SOCKET, SO_TYPE, &type);
    if (code == 0 && type != SOCK_DGRAM)
        code = ps_getsockopt_int(&unknown, SOL_SOCKET, SO_ACCEPTCONN, listens);
    if (code == 0)
        code = ps_fromfd(s, ps_fileno(&unknown), ps_addr_family(&name), type, 0);
    ps_close(&unknown);
    return code;
}

static int serve_connection(ps_sock *s)
{
    char data[1024];
    ptrdiff_t n;

    while ((n = ps_recv(s, data, sizeof data, 0)) > 0) {
        int code = ps_sendall(s, data, (size_t)n, 0, NULL);

        if (code < 0)
            return code;
    }
    return (int)n;
}

/* One client after the other, until none comes. */
static int serve_listener(ps_sock *s)
{
    ps_sock connection;
    int code;

    while ((code = ps_accept(s, &connection, NULL)) == 0) {
        (void)serve_connection(
            &connection); /* a client that fails is no reason to leave the others */
        ps_close(&connection);
    }
    return code == PS_TIMED_OUT ? 0 : code;
}

static int serve_datagrams(ps_sock *s)
{
    static char data[65536];
    ptrdiff_t n;
    ps_addr from;

    while ((n = ps_recvfrom(s, data, sizeof data, 0, &from)) >= 0)
        (void)ps_sendto(s, data, (size_t)n, 0, &from);
    return n == PS_TIMED_OUT ? 0 : (int)n;
}

int main(int argc, char **argv)
{
    double patience = argc > 1 ? strtod(argv[1], NULL) : 10;
    ps_sock s;
    int listens;
    int code = take_over(&s, &listens);

    if (code < 0)
        return 1;
    if (s.type == SOCK_DGRAM || listens)
        code = ps_settimeout(&s, patience);
    if (code == 0 && s.type == SOCK_DGRAM)
        code = serve_datagrams(&s);
    else if (code == 0)
        code = listens ? serve_listener(&s) : serve_connection(&s);
    ps_close(&s);
    return code < 0 ? 1 : 0;
}
