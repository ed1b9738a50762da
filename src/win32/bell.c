#include "backend.h"

/*
 * select waits for sockets only, so the bell is one: a datagram socket of the loopback interface that is its own peer, so
 * that it takes datagrams from nobody else.
 */

static int connect_to_itself(ps_handle h)
{
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ps_addr a = {.len = sizeof loopback};
    int code;

    a.in = loopback;
    code = ps__sys_bind(h, &a);
    if (code == 0)
        code = ps__sys_getsockname(h, &a);
    return code != 0 ? code : ps__sys_connect(h, &a);
}

int ps__sys_bell_open(ps__bell *bell)
{
    ps_handle made;
    int code = ps__sys_socket(AF_INET, SOCK_DGRAM, 0, true, &made);

    if (code != 0)
        return code;
    bell->listen = bell->ring = made;
    code = connect_to_itself(made);
    if (code != 0) {
        ps__sys_close(made);
        return code;
    }
    /* A stranger may have been faster than the connect. */
    ps__sys_bell_still(bell);
    return 0;
}

void ps__sys_bell_ring(const ps__bell *bell)
{
    (void)ps__sys_send(bell->ring, "", 1, 0);
}

void ps__sys_bell_still(const ps__bell *bell)
{
    char byte;

    while (ps__sys_recv(bell->listen, &byte, 1, 0) >= 0)
        ;
}

void ps__sys_bell_close(const ps__bell *bell)
{
    ps__sys_close(bell->listen);
}
