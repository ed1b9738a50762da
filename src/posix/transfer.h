/* The transfers, for common/backend.h: inline, since in the fast path a further call costs a
 * tenth of what the library does. */
#ifndef PS_TRANSFER_STEPS_H
#define PS_TRANSFER_STEPS_H

#include "posix/address_length.h"
#include "posix/last_error.h"

#if PS__HAVE_MSG_NOSIGNAL
enum { PS__NO_SIGNAL = MSG_NOSIGNAL };
#else
enum { PS__NO_SIGNAL = 0 };
#endif

/* What a receive that returned no bytes means: a function of its own, so that the fast path of a
 * caller has one test of the count. */
static inline ptrdiff_t ps__without_bytes(ptrdiff_t count)
{
    return count == 0 ? 0 : ps__last_error();
}

static inline ptrdiff_t ps__sys_recv(ps_handle h, void *buffer, size_t size, int flags)
{
    ptrdiff_t count = recv(h, buffer, size, flags);

    return count > 0 ? count : ps__without_bytes(count);
}

static inline ptrdiff_t ps__sys_recvfrom(ps_handle h, void *buffer, size_t size, int flags,
                                         ps_addr *from)
{
    socklen_t length = sizeof from->storage;
    ptrdiff_t count = recvfrom(h, buffer, size, flags, &from->sa, &length);

    if (count < 0)
        return ps__last_error();
    ps__set_length(from, length);
    return count;
}

static inline ptrdiff_t ps__sys_send(ps_handle h, const void *buffer, size_t size, int flags)
{
    ptrdiff_t count = send(h, buffer, size, flags | PS__NO_SIGNAL);

    return count >= 0 ? count : ps__last_error();
}

static inline ptrdiff_t ps__sys_sendto(ps_handle h, const void *buffer, size_t size, int flags,
                                       const ps_addr *to)
{
    ptrdiff_t count = sendto(h, buffer, size, flags | PS__NO_SIGNAL, &to->sa, to->len);

    return count >= 0 ? count : ps__last_error();
}

#endif
