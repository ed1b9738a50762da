#include "config.h"

#include "win32/destination.h"
#include "win32/handle.h"
#include "win32/transfer.h"

#include <string.h>

/*
 * WSARecvMsg and WSASendMsg know datagram and raw sockets only; a stream is gathered and
 * scattered by WSASend and WSARecv, and has no ancillary data.
 */

/* There is always one: nothing says what Winsock does without. */
static DWORD native_buffers(const ps__message *message, WSABUF *pieces)
{
    size_t left = PS__CALL_MAX;
    size_t i;

    pieces[0] = (WSABUF){.len = 0};
    for (i = 0; i < message->count && left > 0; i++) {
        size_t size = message->buffers[i].size < left ? message->buffers[i].size : left;
        pieces[i] = (WSABUF){.len = (ULONG)size, .buf = message->buffers[i].data};
        left -= size;
    }
    return i > 0 ? (DWORD)i : 1;
}

static bool is_stream(ps_handle h)
{
    int type = 0;
    int size = sizeof type;

    return getsockopt(h, SOL_SOCKET, SO_TYPE, (char *)&type, &size) == 0 && type == SOCK_STREAM;
}

static ptrdiff_t send_with_control(ps_handle h, const ps__message *message, WSABUF *pieces,
                                   DWORD count)
{
    ps_addr to;
    WSAMSG native = {.lpBuffers = pieces, .dwBufferCount = count};
    DWORD sent;

    if (message->to) {
        ps_addr loopback;
        to = *ps__destination(message->to, &loopback);
        native.name = &to.sa;
        native.namelen = to.len;
    }
    native.Control.buf = message->control;
    native.Control.len = (ULONG)message->control_size;
    if (WSASendMsg(h, &native, (DWORD)message->flags, &sent, NULL, NULL) != 0)
        return ps__send_failure(h);
    return (ptrdiff_t)sent;
}

static int send_to(ps_handle h, const ps__message *message, WSABUF *pieces, DWORD count,
                   DWORD *sent)
{
    ps_addr loopback;
    const ps_addr *to = ps__destination(message->to, &loopback);

    return WSASendTo(h, pieces, count, sent, (DWORD)message->flags, &to->sa, to->len, NULL, NULL);
}

ptrdiff_t ps__sys_sendmsg(ps_handle h, const ps__message *message)
{
    WSABUF pieces[PS_BUFFERS_MAX];
    DWORD count = native_buffers(message, pieces);
    DWORD sent;
    int failed;

    if (message->flags & ~PS__SEND_FLAGS)
        return PS_EOPNOTSUPP;
    if (message->control_size > 0)
        return is_stream(h) ? PS_EOPNOTSUPP : send_with_control(h, message, pieces, count);
    if (message->to)
        failed = send_to(h, message, pieces, count, &sent);
    else
        failed = WSASend(h, pieces, count, &sent, (DWORD)message->flags, NULL, NULL);
    return failed ? ps__send_failure(h) : (ptrdiff_t)sent;
}

static ptrdiff_t size_of(const ps__message *message)
{
    size_t total = 0;
    size_t i;

    for (i = 0; i < message->count; i++)
        total += message->buffers[i].size;
    return (ptrdiff_t)total;
}

static ptrdiff_t receive_stream(ps_handle h, ps__message *message, WSABUF *pieces, DWORD count)
{
    DWORD flags = (DWORD)message->flags;
    DWORD received;

    message->control_size = 0;
    if (message->from)
        message->from->len = 0;
    if (WSARecv(h, pieces, count, &received, &flags, NULL, NULL) == 0) {
        message->flags = 0;
        return (ptrdiff_t)received;
    }
    return ps__receive_failure(h);
}

/* The function has to be asked for, and belongs to the socket's provider. */
static LPFN_WSARECVMSG find_receive(ps_handle h)
{
    GUID id = WSAID_WSARECVMSG;
    LPFN_WSARECVMSG function = NULL;
    DWORD size;

    if (WSAIoctl(h, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function, sizeof function,
                 &size, NULL, NULL))
        return NULL;
    return function;
}

/* As much space as ancillary data can take, so that WSAEMSGSIZE refers to the data alone. */
typedef struct control_space {
    _Alignas(8) char bytes[PS_CONTROL_SIZE_MAX];
} control_space;

static void copy_control(ps__message *message, const control_space *space, size_t size)
{
    if (size > message->control_size) {
        message->flags |= MSG_CTRUNC;
        size = 0;
    }
    memcpy(message->control, space->bytes, size);
    message->control_size = size;
}

/* After one's own SHUT_RD nothing has come, which is no failure. */
static ptrdiff_t receive_nothing(ps_handle h, ps__message *message)
{
    message->flags = 0;
    message->control_size = 0;
    if (message->from)
        message->from->len = 0;
    return ps__receive_failure(h);
}

static ptrdiff_t receive_datagram(ps_handle h, ps__message *message, WSABUF *pieces, DWORD count)
{
    LPFN_WSARECVMSG receive = find_receive(h);
    ps_addr from = {.len = sizeof from.storage};
    WSAMSG native = {.lpBuffers = pieces, .dwBufferCount = count, .dwFlags = (DWORD)message->flags};
    control_space space;
    ptrdiff_t result;
    DWORD received = 0;

    if (!receive)
        return ps__last_error(h);
    native.name = &from.sa;
    native.namelen = from.len;
    native.Control.buf = space.bytes;
    native.Control.len = sizeof space.bytes;
    if (receive(h, &native, &received, NULL, NULL) == 0) {
        result = (ptrdiff_t)received;
    } else {
        if (!ps__is_cut(WSAGetLastError()))
            return receive_nothing(h, message);
        native.dwFlags |= MSG_TRUNC;
        result = size_of(message);
    }
    message->flags = (int)native.dwFlags;
    copy_control(message, &space, native.Control.len);
    if (message->from) {
        *message->from = from;
        message->from->len = from.sa.sa_family == AF_UNSPEC ? 0 : native.namelen;
    }
    return result;
}

ptrdiff_t ps__sys_recvmsg(ps_handle h, ps__message *message)
{
    WSABUF pieces[PS_BUFFERS_MAX];
    DWORD count = native_buffers(message, pieces);

    if (message->flags & ~PS__RECEIVE_FLAGS)
        return PS_EOPNOTSUPP;
    return is_stream(h) ? receive_stream(h, message, pieces, count)
                        : receive_datagram(h, message, pieces, count);
}

/* ---- ancillary data -------------------------------------------------------------------------- */

/* WSA_CMSG_LEN and WSA_CMSG_SPACE, whose macros do not compile without warnings: header and data
 * are aligned alike. */
enum { CONTROL_UNIT = sizeof(SIZE_T) };

static size_t aligned(size_t size)
{
    return (size + CONTROL_UNIT - 1) / CONTROL_UNIT * CONTROL_UNIT;
}

size_t ps__sys_control_length(size_t size)
{
    return aligned(sizeof(WSACMSGHDR)) + size;
}

size_t ps__sys_control_space(size_t size)
{
    return aligned(ps__sys_control_length(size));
}

void ps__sys_control_put(void *at, int level, int type, size_t size)
{
    WSACMSGHDR header = {
        .cmsg_len = ps__sys_control_length(size), .cmsg_level = level, .cmsg_type = type};

    memcpy(at, &header, sizeof header);
}

size_t ps__sys_control_get(const void *at, int *level, int *type)
{
    WSACMSGHDR header;

    memcpy(&header, at, sizeof header);
    *level = header.cmsg_level;
    *type = header.cmsg_type;
    return header.cmsg_len;
}

bool ps__sys_control_rights(int *level, int *type)
{
    (void)level;
    (void)type;
    return false;
}

/* ---- who and where --------------------------------------------------------------------------- */

#ifndef SIO_AF_UNIX_GETPEERPID
#define SIO_AF_UNIX_GETPEERPID _WSAIOR(IOC_VENDOR, 256)
#endif

int ps__sys_peer_credentials(ps_handle h, ps_credentials *credentials)
{
    ULONG pid = 0;
    DWORD size;

    if (WSAIoctl(h, SIO_AF_UNIX_GETPEERPID, NULL, 0, &pid, sizeof pid, &size, NULL, NULL) != 0)
        return ps__last_error(h);
    credentials->pid = (long)pid;
    return 0;
}

int ps__sys_share(ps_handle h, unsigned long pid, void *blob, size_t *size)
{
    WSAPROTOCOL_INFOW info;

    if (*size < sizeof info)
        return PS_BAD_LENGTH;
    if (WSADuplicateSocketW(h, pid, &info) != 0)
        return ps__last_error(h);
    memcpy(blob, &info, sizeof info);
    *size = sizeof info;
    return 0;
}

int ps__sys_from_share(const void *blob, size_t size, ps_handle *h, int *family, int *type,
                       int *proto)
{
    WSAPROTOCOL_INFOW info;
    int code;

    if (size != sizeof info)
        return PS_BAD_LENGTH;
    memcpy(&info, blob, sizeof info);
    code = ps__handle_from_info(&info, h);
    if (code == PS_ESOCKTNOSUPPORT || code == PS_EAFNOSUPPORT || code == PS_EPROTONOSUPPORT)
        return PS_EINVAL;
    if (code != 0)
        return code;
    *family = info.iAddressFamily;
    *type = info.iSocketType;
    *proto = info.iProtocol;
    return 0;
}
