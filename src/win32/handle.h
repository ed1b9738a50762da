/* What this backend's files share about handles, and about addresses that Winsock writes. */
#ifndef PS_HANDLE_H
#define PS_HANDLE_H

#include "common/backend.h"
#include "family/unix_native.h"

/* The code of the Winsock call on `h` that has just failed; nothing may come between the two.
 * PS_EBADF for PS_INVALID_HANDLE, where Winsock says that it is no socket, or that Winsock has
 * not been started. */
int ps__last_error(ps_handle h);

/* Makes a handle, not inheritable, of what WSADuplicateSocketW wrote about a socket. Starts
 * Winsock. */
int ps__handle_from_info(WSAPROTOCOL_INFOW *info, ps_handle *h);

/* For a call to write an address into. The family stays 0 when the call writes none and does not
 * change the length. */
static inline ps_addr ps__blank_address(void)
{
    ps_addr blank = {.len = sizeof blank.storage};

    return blank;
}

static inline void ps__copy_address(ps_addr *to, const ps_addr *written)
{
    *to = *written;
    if (written->sa.sa_family == AF_UNSPEC)
        to->len = 0;
    ps__unix_name_from_system(to);
}

#endif
