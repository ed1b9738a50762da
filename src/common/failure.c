#include "backend.h"
#include "socket.h"

#include <string.h>

int ps__begin(ps_sock *s)
{
    if (!s)
        return PS_EFAULT;
    return ps__enter(s) ? 0 : PS_EBADF;
}

int ps__end(ps_sock *s, int operation, const ps_addr *peer, int code)
{
    ps__record(s, operation, peer, code);
    return ps__leave(s) && code < 0 ? PS_EBADF : code;
}

ptrdiff_t ps__record(ps_sock *s, int operation, const ps_addr *peer, ptrdiff_t code)
{
    (void)s;
    (void)operation;
    (void)peer;
    return code;
}
