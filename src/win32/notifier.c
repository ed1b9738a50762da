#include "config.h"

#include "common/backend.h"

/*
 * select waits for sockets only, so the notifier is one: a datagram socket of the loopback
 * interface that is its own peer, so that it takes datagrams from no other socket.
 */

static int connect_to_itself(ps_handle h)
{
    struct sockaddr_in loopback = {.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ps_addr a = {.len = sizeof loopback};
    int code;

    a.in = loopback;
    code = ps__sys_bind(h, &a);
    if (code == 0)
        code = ps__sys_getsockname(h, &a);
    return code != 0 ? code : ps__sys_connect(h, &a);
}

int ps__sys_notifier_open(ps__notifier *notifier, bool outlives_fork)
{
    ps_handle made;
    int code = ps__sys_socket(AF_INET, SOCK_DGRAM, 0, true, &made);

    (void)outlives_fork; /* there is no fork */
    if (code != 0)
        return code;
    notifier->wait_handle = notifier->notify_handle = made;
    code = connect_to_itself(made);
    if (code != 0) {
        ps__sys_close(made);
        return code;
    }
    /* Another program may have sent a datagram before the connect. */
    ps__sys_notifier_clear(notifier);
    return 0;
}

void ps__sys_notify(const ps__notifier *notifier)
{
    (void)ps__sys_send(notifier->notify_handle, "", 1, 0);
}

void ps__sys_notifier_clear(const ps__notifier *notifier)
{
    char byte;

    while (ps__sys_recv(notifier->wait_handle, &byte, 1, 0) >= 0)
        ;
}

void ps__sys_notifier_close(ps__notifier *notifier)
{
    ps__sys_close(notifier->wait_handle);
}
