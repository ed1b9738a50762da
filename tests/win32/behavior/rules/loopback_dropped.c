/*
 * Under the profile "loopback-datagrams-dropped" a filter (a firewall, a virus scanner) drops what
 * the program sends to itself by datagrams, and the sends succeed. That is how libraries wake a
 * thread that waits in select: by a datagram socket that is connected to itself. The datagrams of
 * tests go to sockets that are not, and arrive.
 *
 * Under every profile it counts datagram sockets, so that a test sees whether the library makes
 * any.
 *
 * Source: Microsoft, Windows Filtering Platform: a callout may discard silently at each layer.
 */
#include "loopback_dropped.h"

#include "../records.h"

static functions next;

static volatile LONG made, dropped;

long datagram_sockets_made(void)
{
    return made;
}

long datagrams_dropped(void)
{
    return dropped;
}

static SOCKET WSAAPI rule_socket(int family, int type, int protocol)
{
    if (type == SOCK_DGRAM)
        InterlockedIncrement(&made);
    return next.socket(family, type, protocol);
}

static SOCKET WSAAPI rule_WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info,
                                     GROUP group, DWORD flags)
{
    if (type == SOCK_DGRAM)
        InterlockedIncrement(&made);
    return next.WSASocketW(family, type, protocol, info, group, flags);
}

static bool is_datagram_socket(SOCKET s)
{
    socket_record *record = hold_record(s);
    bool answer = record != NULL && record->type == SOCK_DGRAM;

    release_record(record);
    return answer;
}

static bool is_connected_to_itself(SOCKET s)
{
    struct sockaddr_in own = {0}, peer = {0};
    int own_length = sizeof own, peer_length = sizeof peer;

    return next.getsockname(s, (struct sockaddr *)&own, &own_length) == 0 &&
           next.getpeername(s, (struct sockaddr *)&peer, &peer_length) == 0 &&
           own.sin_family == AF_INET && own.sin_port == peer.sin_port &&
           own.sin_addr.s_addr == peer.sin_addr.s_addr;
}

static int WSAAPI rule_send(SOCKET s, const char *data, int size, int flags)
{
    if (active_profile()->condition != LOOPBACK_DATAGRAMS_DROPPED || !is_datagram_socket(s) ||
        !is_connected_to_itself(s))
        return next.send(s, data, size, flags);
    InterlockedIncrement(&dropped);
    return size;
}

const rule loopback_dropped_rule = {
    .next = &next,
    .stands_before = {.socket = rule_socket, .WSASocketW = rule_WSASocketW, .send = rule_send},
};
