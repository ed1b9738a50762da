/* What this backend's files share about handles. */
#ifndef PS_HANDLE_H
#define PS_HANDLE_H

#include "common/backend.h"
#include "posix/last_error.h"

/* The flags to combine with the type, so that a socket is what it must be from the first moment. */
static inline int ps__creation_flags(bool nonblocking)
{
#if PS__HAVE_SOCK_CLOEXEC
    return SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0);
#else
    (void)nonblocking;
    return 0;
#endif
}

/* What a new handle needs that these flags cannot say. Closes it on failure. */
int ps__handle_finish(ps_handle h, int family, bool nonblocking);

#endif
