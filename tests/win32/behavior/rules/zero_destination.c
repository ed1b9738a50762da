/*
 * 0.0.0.0 and :: are no destination, nor is port 0: WSAEADDRNOTAVAIL. A datagram socket that
 * connects to an address of zeros, whatever the port is, has no peer afterwards, and connect
 * returns 0. So it does for a sockaddr of zeros altogether, which has no family.
 *
 * Sources: Microsoft, connect, WSAConnect and sendto; "Windows Sockets Error Codes",
 * WSAEADDRNOTAVAIL ("for example, address or port 0"); WSPConnect, "Reconnecting and
 * Disconnecting"; libuv, uv__udp_disconnect, which has a sockaddr of zeros on every version.
 */
#include "../records.h"

#include <string.h>

static functions next;

static bool is_inet(const struct sockaddr *to)
{
    return to->sa_family == AF_INET;
}

static bool is_inet6(const struct sockaddr *to)
{
    return to->sa_family == AF_INET6;
}

static bool is_zero(const struct sockaddr *to)
{
    return is_inet(to) ? ((const struct sockaddr_in *)to)->sin_addr.s_addr == INADDR_ANY
                       : is_inet6(to) &&
                             IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)to)->sin6_addr);
}

static bool is_mapped_zero(const struct sockaddr *to)
{
    const IN6_ADDR *host = &((const struct sockaddr_in6 *)to)->sin6_addr;

    return is_inet6(to) && IN6_IS_ADDR_V4MAPPED(host) && host->s6_words[6] == 0 &&
           host->s6_words[7] == 0;
}

static bool is_no_destination(const struct sockaddr *to, int length)
{
    if (to == NULL || length < (int)sizeof(struct sockaddr_in) || (!is_inet(to) && !is_inet6(to)))
        return false;
    return is_zero(to) || is_mapped_zero(to) || ((const struct sockaddr_in *)to)->sin_port == 0;
}

static int type_of(SOCKET s)
{
    socket_record *record = hold_record(s);
    int type = record != NULL ? record->type : 0;

    release_record(record);
    return type;
}

/* Raw sockets have no ports. */
static bool is_refused(SOCKET s, const struct sockaddr *to, int length)
{
    int type = type_of(s);

    return (type == SOCK_STREAM || type == SOCK_DGRAM) && is_no_destination(to, length);
}

static int fail(void)
{
    WSASetLastError(WSAEADDRNOTAVAIL);
    return SOCKET_ERROR;
}

static int WSAAPI rule_connect(SOCKET s, const struct sockaddr *name, int length)
{
    struct sockaddr nobody;

    if (!is_refused(s, name, length))
        return next.connect(s, name, length);
    if (type_of(s) == SOCK_STREAM || !is_zero(name))
        return fail();
    memset(&nobody, 0, sizeof nobody);
    return next.connect(s, &nobody, sizeof nobody);
}

static int WSAAPI rule_sendto(SOCKET s, const char *data, int size, int flags,
                              const struct sockaddr *to, int length)
{
    return type_of(s) == SOCK_DGRAM && is_no_destination(to, length)
               ? fail()
               : next.sendto(s, data, size, flags, to, length);
}

static int WSAAPI rule_WSASendTo(SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
                                 const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped,
                                 completion_routine done)
{
    return type_of(s) == SOCK_DGRAM && is_no_destination(to, length)
               ? fail()
               : next.WSASendTo(s, buffers, count, sent, flags, to, length, overlapped, done);
}

static int WSAAPI rule_WSASendMsg(SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent,
                                  WSAOVERLAPPED *overlapped, completion_routine done)
{
    return type_of(s) == SOCK_DGRAM && is_no_destination(message->name, message->namelen)
               ? fail()
               : next.WSASendMsg(s, message, flags, sent, overlapped, done);
}

const rule zero_destination_rule = {
    .next = &next,
    .stands_before = {.connect = rule_connect,
                      .sendto = rule_sendto,
                      .WSASendTo = rule_WSASendTo,
                      .WSASendMsg = rule_WSASendMsg},
};
