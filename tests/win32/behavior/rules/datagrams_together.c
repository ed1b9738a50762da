/*
 * A message with UDP_SEND_MSG_SIZE in its ancillary data is sent as datagrams of that size, the
 * last of which may be shorter. On a socket with UDP_RECV_MAX_COALESCED_SIZE WSARecvMsg may return
 * datagrams of one sender and of equal size together, the last of which may be shorter, and their
 * size in UDP_COALESCED_INFO.
 *
 * Sources: Microsoft, IPPROTO_UDP socket options; "UDP Segmentation Offload (USO)", "UDP Receive
 * Segment Coalescing Offload (URO)"; msquic, datapath_winuser.c.
 */
#include "../records.h"

#include <string.h>

enum { SEND_MSG_SIZE = 2, RECV_MAX_COALESCED_SIZE = 3, COALESCED_INFO = 3, LONGEST = 65536 };

static functions next;

/* ---- options --------------------------------------------------------------------------------- */

static int WSAAPI rule_getsockopt(SOCKET s, int level, int option, char *value, int *length)
{
    if (level != IPPROTO_UDP || option != SEND_MSG_SIZE || *length < (int)sizeof(DWORD))
        return next.getsockopt(s, level, option, value, length);
    memset(value, 0, sizeof(DWORD));
    *length = sizeof(DWORD);
    return 0;
}

static int WSAAPI rule_setsockopt(SOCKET s, int level, int option, const char *value, int length)
{
    socket_record *record;

    if (level != IPPROTO_UDP || option != RECV_MAX_COALESCED_SIZE)
        return next.setsockopt(s, level, option, value, length);
    record = hold_record(s);
    if (record != NULL)
        record->coalesces = true;
    release_record(record);
    return 0;
}

/* ---- ancillary data -------------------------------------------------------------------------- */

static size_t aligned(size_t size)
{
    return (size + sizeof(SIZE_T) - 1) / sizeof(SIZE_T) * sizeof(SIZE_T);
}

/* The size that the items state, which are copied without the one that does; 0: none does. */
static DWORD take_size(const WSABUF *control, char *others, ULONG *others_size)
{
    DWORD size = 0;
    size_t at = 0;

    *others_size = 0;
    while (at + sizeof(WSACMSGHDR) <= control->len) {
        WSACMSGHDR header;
        size_t space;

        memcpy(&header, control->buf + at, sizeof header);
        space = aligned(header.cmsg_len);
        if (header.cmsg_level == IPPROTO_UDP && header.cmsg_type == SEND_MSG_SIZE) {
            memcpy(&size, control->buf + at + aligned(sizeof header), sizeof size);
        } else {
            memcpy(others + *others_size, control->buf + at, space);
            *others_size += (ULONG)space;
        }
        at += space;
    }
    return size;
}

static void add_size(WSAMSG *message, ULONG capacity, DWORD size)
{
    WSACMSGHDR header = {.cmsg_len = aligned(sizeof header) + sizeof size,
                         .cmsg_level = IPPROTO_UDP,
                         .cmsg_type = COALESCED_INFO};

    if (message->Control.len + aligned(header.cmsg_len) > capacity)
        return;
    memcpy(message->Control.buf + message->Control.len, &header, sizeof header);
    memcpy(message->Control.buf + message->Control.len + aligned(sizeof header), &size,
           sizeof size);
    message->Control.len += (ULONG)aligned(header.cmsg_len);
}

/* ---- sending --------------------------------------------------------------------------------- */

static DWORD gather(const WSAMSG *message, char *whole)
{
    DWORD total = 0;

    for (DWORD i = 0; i < message->dwBufferCount; i++) {
        memcpy(whole + total, message->lpBuffers[i].buf, message->lpBuffers[i].len);
        total += message->lpBuffers[i].len;
    }
    return total;
}

static int WSAAPI rule_WSASendMsg(SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent,
                                  WSAOVERLAPPED *overlapped, completion_routine done)
{
    char whole[LONGEST], others[512];
    WSAMSG piece = *message;
    WSABUF buffer;
    DWORD size, total;

    if (message->Control.len == 0 || message->Control.len > sizeof others)
        return next.WSASendMsg(s, message, flags, sent, overlapped, done);
    piece.Control.buf = others;
    size = take_size(&message->Control, others, &piece.Control.len);
    if (size == 0)
        return next.WSASendMsg(s, message, flags, sent, overlapped, done);
    total = gather(message, whole);
    piece.lpBuffers = &buffer;
    piece.dwBufferCount = 1;
    for (DWORD begin = 0; begin < total; begin += size) {
        DWORD went;

        buffer.buf = whole + begin;
        buffer.len = size < total - begin ? size : total - begin;
        if (next.WSASendMsg(s, &piece, flags, &went, overlapped, done) != 0)
            return SOCKET_ERROR;
    }
    *sent = total;
    return 0;
}

/* ---- receiving ------------------------------------------------------------------------------- */

static bool coalesces(SOCKET s)
{
    socket_record *record = hold_record(s);
    bool result = record != NULL && record->coalesces && record->nonblocking;

    release_record(record);
    return result;
}

/* The next datagram, if it is of the sender and not longer than `most`: its size, or 0. */
static int take_another(SOCKET s, const WSAMSG *message, char *at, int most)
{
    struct sockaddr_storage from;
    struct sockaddr *name = (struct sockaddr *)&from;
    int length = sizeof from;
    int count = next.recvfrom(s, at, most, MSG_PEEK, name, &length);

    if (count <= 0 || length != message->namelen || memcmp(name, message->name, 16) != 0)
        return 0;
    return next.recvfrom(s, at, most, 0, name, &length);
}

static int WSAAPI rule_WSARecvMsg(SOCKET s, WSAMSG *message, DWORD *received,
                                  WSAOVERLAPPED *overlapped, completion_routine done)
{
    ULONG capacity = message->Control.len;
    int error = WSAGetLastError();
    DWORD size, total;

    if (next.WSARecvMsg(s, message, received, overlapped, done) != 0)
        return SOCKET_ERROR;
    size = total = *received;
    if (!coalesces(s) || size == 0 || message->dwBufferCount != 1)
        return 0;
    while (total % size == 0 && total + size <= message->lpBuffers[0].len) {
        int count = take_another(s, message, message->lpBuffers[0].buf + total, (int)size);

        if (count <= 0)
            break;
        total += (DWORD)count;
    }
    if (total > size)
        add_size(message, capacity, size);
    WSASetLastError(error);
    *received = total;
    return 0;
}

const rule datagrams_together_rule = {
    .from = WINDOWS_10_2004,
    .next = &next,
    .stands_before = {.getsockopt = rule_getsockopt,
                      .setsockopt = rule_setsockopt,
                      .WSASendMsg = rule_WSASendMsg,
                      .WSARecvMsg = rule_WSARecvMsg},
};
