#include "config.h"

#include "common/backend.h"
#include "win32/handle.h"

#include <string.h>

/* Of headers that are newer than some compilers'. */
#ifndef UDP_SEND_MSG_SIZE
#define UDP_SEND_MSG_SIZE 2
#endif
#ifndef UDP_RECV_MAX_COALESCED_SIZE
#define UDP_RECV_MAX_COALESCED_SIZE 3
#endif
#ifndef UDP_COALESCED_INFO
#define UDP_COALESCED_INFO 3
#endif

/* ---- several messages in a call -------------------------------------------------------------- */

ptrdiff_t ps__sys_sendmany(ps_handle h, const ps__message *messages, size_t count)
{
    (void)h;
    (void)messages;
    (void)count;
    return PS_EOPNOTSUPP;
}

ptrdiff_t ps__sys_recvmany(ps_handle h, ps__message *messages, size_t count, ptrdiff_t *sizes)
{
    (void)h;
    (void)messages;
    (void)count;
    (void)sizes;
    return PS_EOPNOTSUPP;
}

/* ---- several datagrams in a message ---------------------------------------------------------- */

static void make_item(ps_control *item, int level, int type, ps__control_data *data,
                      const void *value, size_t size)
{
    memcpy(data->bytes, value, size);
    *item = (ps_control){level, type, data->bytes, size};
}

/* A Windows without it may send what should be many datagrams as one. */
bool ps__sys_can_segment(ps_handle h)
{
    DWORD size;
    int length = sizeof size;

    return getsockopt(h, IPPROTO_UDP, UDP_SEND_MSG_SIZE, (char *)&size, &length) == 0;
}

void ps__sys_segment_item(size_t size, ps__control_data *data, ps_control *item)
{
    DWORD value = (DWORD)size;

    make_item(item, IPPROTO_UDP, UDP_SEND_MSG_SIZE, data, &value, sizeof value);
}

int ps__sys_coalesce(ps_handle h)
{
    const DWORD most = 65535;

    if (setsockopt(h, IPPROTO_UDP, UDP_RECV_MAX_COALESCED_SIZE, (const char *)&most, sizeof most) ==
        0)
        return 0;
    /* What a Windows without it says. */
    switch (WSAGetLastError()) {
    case WSAEINVAL:
    case WSAENOPROTOOPT:
        return PS_EOPNOTSUPP;
    default:
        return ps__last_error(h);
    }
}

size_t ps__sys_coalesced_size(const ps_control *item)
{
    DWORD size;

    if (item->level != IPPROTO_UDP || item->type != UDP_COALESCED_INFO || item->size < sizeof size)
        return 0;
    memcpy(&size, item->data, sizeof size);
    return size;
}
