/*
 * closesocket of a non-blocking connection that has to linger fails with WSAEWOULDBLOCK, and leaves
 * the socket open.
 *
 * Source: Microsoft, closesocket: the error for a non-blocking socket with SO_LINGER on and a time
 * that is not 0.
 */
#include "../records.h"

static functions next;

static bool has_to_linger(SOCKET s)
{
    struct linger linger = {0};
    int size = sizeof linger;

    return next.getsockopt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, &size) == 0 &&
           linger.l_onoff != 0 && linger.l_linger != 0;
}

static int WSAAPI rule_closesocket(SOCKET s)
{
    socket_record *record = hold_record(s);
    bool concerned =
        record != NULL && record->type == SOCK_STREAM && record->nonblocking && record->connected;

    release_record(record);
    if (concerned && has_to_linger(s)) {
        WSASetLastError(WSAEWOULDBLOCK);
        return SOCKET_ERROR;
    }
    return next.closesocket(s);
}

const rule close_would_block_rule = {
    .next = &next,
    .stands_before = {.closesocket = rule_closesocket},
};
