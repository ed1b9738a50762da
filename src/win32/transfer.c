#include "config.h"

#include "win32/transfer.h"

#include "win32/destination.h"
#include "win32/handle.h"

/* A closed port at a datagram's destination is WSAECONNRESET in Winsock. What bypasses Winsock's
 * numbers (system_numbers.h) has this one. */
static int transfer_failure(ps_handle h)
{
    return WSAGetLastError() == ERROR_PORT_UNREACHABLE ? PS_ECONNRESET : ps__last_error(h);
}

int ps__receive_failure(ps_handle h)
{
    int code = transfer_failure(h);

    switch (code) {
    case PS_ESHUTDOWN:
    case PS_EDISCON: /* a provider may report the peer's end so */
        return 0;
    case PS_ECONNABORTED: /* the connection's end as the sending side learnt of it */
        return PS_ECONNRESET;
    default:
        return code;
    }
}

static ptrdiff_t receive_failure(ps_handle h, int size)
{
    return ps__is_cut(WSAGetLastError()) ? size : ps__receive_failure(h);
}

/* Wine waits for urgent data that is not there; Windows, as POSIX, does not. */
static bool waits_for_urgent(ps_handle h, int flags)
{
    ps__wait_entry urgent = {.handle = h, .events = PS__URGENT};

    return flags & MSG_OOB && ps__sys_wait(&urgent, 1, 0) == 0;
}

ptrdiff_t ps__sys_recv(ps_handle h, void *buffer, size_t size, int flags)
{
    int capacity = ps__call_size(size);
    int count;

    if (flags & ~PS__RECEIVE_FLAGS)
        return PS_EOPNOTSUPP;
    if (waits_for_urgent(h, flags))
        return PS_EINVAL;
    count = recv(h, buffer, capacity, flags);
    return count >= 0 ? count : receive_failure(h, capacity);
}

/* Wine gets the reset from the system, and reports the end of the stream to programs. */
bool ps__sys_end_is_certain(void)
{
    return false;
}

ptrdiff_t ps__sys_recvfrom(ps_handle h, void *buffer, size_t size, int flags, ps_addr *from)
{
    ps_addr address = ps__blank_address();
    int capacity = ps__call_size(size);
    ptrdiff_t count;

    if (flags & ~PS__RECEIVE_FLAGS)
        return PS_EOPNOTSUPP;
    count = recvfrom(h, buffer, capacity, flags, &address.sa, &address.len);
    if (count < 0)
        count = receive_failure(h, capacity);
    if (count >= 0)
        ps__copy_address(from, &address);
    return count;
}

int ps__send_failure(ps_handle h)
{
    int code = transfer_failure(h);

    switch (code) {
    case PS_ESHUTDOWN:
        return PS_EPIPE;
    case PS_ECONNABORTED: /* the peer reset the connection while data was on its way to it */
        return PS_ECONNRESET;
    default:
        return code;
    }
}

ptrdiff_t ps__sys_send(ps_handle h, const void *buffer, size_t size, int flags)
{
    int count;

    if (flags & ~PS__SEND_FLAGS)
        return PS_EOPNOTSUPP;
    count = send(h, buffer, ps__call_size(size), flags);
    return count >= 0 ? count : ps__send_failure(h);
}

ptrdiff_t ps__sys_sendto(ps_handle h, const void *buffer, size_t size, int flags, const ps_addr *to)
{
    ps_addr loopback;
    int count;

    if (flags & ~PS__SEND_FLAGS)
        return PS_EOPNOTSUPP;
    to = ps__destination(to, &loopback);
    count = sendto(h, buffer, ps__call_size(size), flags, &to->sa, to->len);
    return count >= 0 ? count : ps__send_failure(h);
}
