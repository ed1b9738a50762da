/*
 * recvfrom on a stream leaves the sender's address and its length as they are. Wine writes into
 * them.
 *
 * Source: Microsoft, recvfrom: for connection-oriented sockets "the from and fromlen parameters are
 * ignored".
 */
#include "../layer.h"

#include "../records.h"

static functions next;

static int WSAAPI rule_recvfrom(SOCKET s, char *data, int size, int flags, struct sockaddr *from,
                                int *length)
{
    socket_record *record = hold_record(s);
    bool stream = record != NULL && record->type == SOCK_STREAM;

    release_record(record);
    return stream ? next.recv(s, data, size, flags)
                  : next.recvfrom(s, data, size, flags, from, length);
}

const rule stream_has_no_sender_rule = {
    .next = &next,
    .stands_before = {.recvfrom = rule_recvfrom},
};
