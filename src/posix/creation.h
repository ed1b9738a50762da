/* The flags to combine with a type, so that a socket is what it must be from the first moment. */
#ifndef PS_CREATION_H
#define PS_CREATION_H

static inline int ps__creation_flags(bool nonblocking)
{
#if PS__HAVE_SOCK_CLOEXEC
    return SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0);
#else
    (void)nonblocking;
    return 0;
#endif
}

#endif
