/* What this backend's files share about handles. */
#ifndef PS_HANDLE_H
#define PS_HANDLE_H

#include "backend.h"

/* The code of the Winsock call on `h` that has just failed; nothing may come between the two. PS_EBADF for
 * PS_INVALID_HANDLE, where Winsock says that it is no socket, or that Winsock has not been started. */
int ps__last_error(ps_handle h);

/* Makes a handle of what WSADuplicateSocketW told of a socket, not inheritable. Starts Winsock. */
int ps__handle_from_info(WSAPROTOCOL_INFOW *info, ps_handle *h);

#endif
