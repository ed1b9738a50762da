#include "config.h"

#include "win32/destination.h"
#include "win32/handle.h"
#include "win32/provider.h"
#include "win32/version.h"
#include "win32/waiting.h"

int ps__sys_bind(ps_handle h, const ps_addr *a)
{
    return bind(h, &a->sa, a->len) != 0 ? ps__last_error(h) : 0;
}

int ps__sys_listen(ps_handle h, int backlog)
{
    return listen(h, backlog) != 0 ? ps__last_error(h) : 0;
}

/* accept makes a socket that is inheritable and has the listener's mode. If the program has called
 * WSAEventSelect on the listener (ps_adopt), the connection has those events, too, and cannot be
 * made blocking before they are cleared. */
static int set_up_connection(ps_handle h, bool nonblocking)
{
    int code = ps__sys_set_inheritable(h, false);

    if (code == 0)
        code = ps__sys_set_nonblocking(h, nonblocking);
    if (code == PS_EINVAL && WSAEventSelect(h, NULL, 0) == 0)
        code = ps__sys_set_nonblocking(h, nonblocking);
    return code;
}

int ps__sys_accept(ps_handle h, bool nonblocking, ps_handle *connection, ps_addr *peer)
{
    ps_addr address = ps__blank_address();
    ps_handle made = accept(h, &address.sa, &address.len);
    int code;

    if (made == PS_INVALID_HANDLE) {
        code = ps__last_error(h);
        /* The peer reset a queued connection: what Windows reports, and what Wine does. */
        return code == PS_ECONNRESET || code == PS_ENOTCONN ? PS_ECONNABORTED : code;
    }
    code = set_up_connection(made, nonblocking);
    if (code != 0) {
        ps__sys_close(made);
        return code;
    }
    if (peer)
        ps__copy_address(peer, &address);
    *connection = made;
    return 0;
}

/* After a refusal Windows sends the SYN twice more, half a second apart. From Windows 10 1709 on
 * 254 retransmissions mean none; earlier versions would take that for a count. */
static void refuse_at_once(ps_handle h)
{
    TCP_INITIAL_RTO_PARAMETERS once = {.Rtt = TCP_INITIAL_RTO_UNSPECIFIED_RTT,
                                       .MaxSynRetransmissions =
                                           TCP_INITIAL_RTO_NO_SYN_RETRANSMISSIONS};
    DWORD returned;

    if (!ps__windows_has_build(PS__BUILD_WINDOWS_10_1709))
        return;
    (void)WSAIoctl(h, SIO_TCP_INITIAL_RTO, &once, sizeof once, NULL, 0, &returned, NULL, NULL);
}

/* A sockaddr of zeros disconnects a datagram socket of any family. */
static int native_length(const ps_addr *a)
{
    return a->sa.sa_family == AF_UNSPEC ? (int)sizeof a->sa : a->len;
}

int ps__sys_connect(ps_handle h, const ps_addr *a)
{
    ps_addr loopback;

    a = ps__destination(a, &loopback);
    if (ps_addr_is_loopback(a))
        refuse_at_once(h);
    if (connect(h, &a->sa, native_length(a)) == 0)
        return 0;
    return WSAGetLastError() == WSAEWOULDBLOCK ? PS_EINPROGRESS : ps__last_error(h);
}

bool ps__sys_is_connected_at_once(ps_handle h)
{
    (void)h;
    return false;
}

bool ps__sys_has_reached_another(ps_handle h)
{
    (void)h;
    return false;
}

/* In select.c urgent data looks like a failed attempt, too. Only a connected socket is writable. */
static bool is_writable(ps_handle h)
{
    ps__wait_entry entry = {.handle = h, .events = PS__WRITABLE};

    return ps__sys_wait(&entry, 1, 0) == 1;
}

/* SO_ERROR as a code. */
static int socket_error(ps_handle h)
{
    DWORD error = 0;
    int size = sizeof error;

    if (getsockopt(h, SOL_SOCKET, SO_ERROR, (char *)&error, &size) != 0)
        return ps__last_error(h);
    return error != 0 ? ps__from_os((int)error) : 0;
}

int ps__sys_connect_result(ps_handle h)
{
    int error = socket_error(h);

    return error != 0 || is_writable(h) ? error : PS_ENOTCONN;
}

int ps__sys_shutdown(ps_handle h, int how)
{
    return shutdown(h, how) != 0 ? ps__last_error(h) : 0;
}

/* Microsoft, shutdown: with SD_RECEIVE the connection is reset when data is queued or arrives. */
bool ps__sys_cannot_shut_receiving(void)
{
    return true;
}

/* Calls that block in Winsock are ended by CancelIoEx, which does not reach those of a layered
 * provider. On a stream it would end sends together with receives, and how much such a send has
 * sent is unknown: so streams do not block in Winsock, and wait by the driver. */
int ps__sys_wake_reach(int family, int type)
{
    return type == SOCK_STREAM || ps__is_layered(family, type)
               ? PS__WAKES_WAITS
               : PS__WAKES_CALLS | PS__WAKES_CONNECT | PS__WAKES_WAITS;
}

void ps__sys_wake_waits(ps_handle h)
{
    ps__waiting_wake(h, false);
}

void ps__sys_wake(ps_handle h)
{
    (void)CancelIoEx((HANDLE)h, NULL);
    ps__waiting_wake(h, false);
}

int ps__sys_getsockname(ps_handle h, ps_addr *a)
{
    ps_addr address = ps__blank_address();

    if (getsockname(h, &address.sa, &address.len) != 0)
        return ps__last_error(h);
    ps__copy_address(a, &address);
    return 0;
}

int ps__sys_getpeername(ps_handle h, ps_addr *a)
{
    ps_addr address = ps__blank_address();

    if (getpeername(h, &address.sa, &address.len) != 0)
        return ps__last_error(h);
    ps__copy_address(a, &address);
    return 0;
}
