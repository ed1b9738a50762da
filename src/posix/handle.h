/* Making and closing handles, for common/backend.h: inline, since each new connection does it. And
 * what this backend's files share about handles. */
#ifndef PS_HANDLE_H
#define PS_HANDLE_H

#include "common/backend.h"
#include "posix/creation.h"
#include "posix/last_error.h"

#include <unistd.h>

/* What a new handle needs that these flags cannot say. Closes it on failure. */
int ps__handle_finish(ps_handle h, int family, bool nonblocking);

/* Why no socket of a type can be made, by errno. */
int ps__creation_error(int type);

static inline bool ps__is_finished_when_made(int family)
{
    return PS__HAVE_SOCK_CLOEXEC && !PS__HAVE_SO_NOSIGPIPE && family != AF_INET6;
}

static inline int ps__sys_socket(int family, int type, int proto, bool nonblocking, ps_handle *h)
{
    int made;
    int code;

    if (type <= 0)
        return PS_ESOCKTNOSUPPORT;
    made = socket(family, type | ps__creation_flags(nonblocking), proto);
    if (made < 0)
        return ps__creation_error(type);
    code = ps__is_finished_when_made(family) ? 0 : ps__handle_finish(made, family, nonblocking);
    if (code == 0)
        *h = made;
    return code;
}

static inline void ps__sys_close(ps_handle h)
{
    (void)close(h);
}

#endif
