/*
 * When all ephemeral ports are taken, a call by which a socket would get one fails: connect and
 * bind to port 0 with WSAEADDRINUSE or WSAENOBUFS, and so do the sends of datagram sockets. A test
 * takes them (no_ports.h).
 *
 * Sources: Microsoft, bind and connect, WSAENOBUFS ("Not enough ephemeral ports are available"),
 * and WSAEADDRINUSE; the troubleshooting of port exhaustion, which has both numbers.
 */
#include "no_ports.h"

#include "../records.h"

static functions next;

static volatile LONG error_of_all_taken;

void take_all_ports(int error)
{
    InterlockedExchange(&error_of_all_taken, error);
}

/* Whether the call fails; then the error is set. */
static bool lacks_port(SOCKET s)
{
    LONG error = InterlockedCompareExchange(&error_of_all_taken, 0, 0);
    SOCKADDR_STORAGE name;
    int size = sizeof name;

    if (error == 0 || (next.getsockname(s, (struct sockaddr *)&name, &size) == 0 &&
                       ((struct sockaddr_in *)&name)->sin_port != 0))
        return false;
    WSASetLastError((int)error);
    return true;
}

/* Both families have the port at one place. */
static bool is_any_port(const struct sockaddr *name, int length)
{
    return length >= (int)sizeof(struct sockaddr_in) &&
           ((const struct sockaddr_in *)name)->sin_port == 0;
}

static int WSAAPI rule_bind(SOCKET s, const struct sockaddr *name, int length)
{
    return is_any_port(name, length) && lacks_port(s) ? SOCKET_ERROR : next.bind(s, name, length);
}

static int WSAAPI rule_connect(SOCKET s, const struct sockaddr *name, int length)
{
    return lacks_port(s) ? SOCKET_ERROR : next.connect(s, name, length);
}

static int WSAAPI rule_sendto(SOCKET s, const char *data, int size, int flags,
                              const struct sockaddr *to, int length)
{
    return lacks_port(s) ? SOCKET_ERROR : next.sendto(s, data, size, flags, to, length);
}

static int WSAAPI rule_WSASendTo(SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
                                 const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped,
                                 completion_routine done)
{
    return lacks_port(s)
               ? SOCKET_ERROR
               : next.WSASendTo(s, buffers, count, sent, flags, to, length, overlapped, done);
}

static int WSAAPI rule_WSASendMsg(SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent,
                                  WSAOVERLAPPED *overlapped, completion_routine done)
{
    return lacks_port(s) ? SOCKET_ERROR
                         : next.WSASendMsg(s, message, flags, sent, overlapped, done);
}

const rule no_ports_rule = {
    .next = &next,
    .stands_before = {.bind = rule_bind,
                      .connect = rule_connect,
                      .sendto = rule_sendto,
                      .WSASendTo = rule_WSASendTo,
                      .WSASendMsg = rule_WSASendMsg},
};
