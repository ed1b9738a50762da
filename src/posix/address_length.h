/* The length of an address that the system has written. */
#ifndef PS_ADDRESS_LENGTH_H
#define PS_ADDRESS_LENGTH_H

#include "common/compiler.h"
#include "family/unix_native.h"
#include "portsock/address.h"

/* Linux reports 111 bytes for an AF_UNIX path of 108 without a NUL, and takes no more than the
 * 110 there are. */
static inline void ps__set_length(ps_addr *a, socklen_t length)
{
    const socklen_t longest = sizeof(struct sockaddr_un);

    if (UNLIKELY(length > longest) && a->sa.sa_family == AF_UNIX)
        length = longest;
    else if (UNLIKELY(length > (socklen_t)sizeof a->storage))
        length = sizeof a->storage;
    a->len = length;
}

#endif
