/* What this backend's files share about handles. */
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

/* The handle that AFD knows for the socket: another one than `h` if a layered provider made `h`. */
ps_handle ps__base_handle(ps_handle h);

/* Whether a layered provider makes the sockets of a family and type, with handles of its own: then
 * CancelIoEx does not reach the calls on them. */
bool ps__is_layered(int family, int type);

/* Whether an entry of a wait is a socket, not a notifier or nothing. */
static inline bool ps__is_socket_entry(const ps__wait_entry *e)
{
    return e->handle != PS_INVALID_HANDLE && e->events != PS__NOTIFIED;
}

/* Sets PS__INVALID for the entries whose handle is no open socket, any of which makes the system's
 * wait for all of them fail. Returns how many there are. */
int ps__find_invalid(ps__wait_entry *entries, size_t count);

/* The flags that Winsock knows; it refuses others, and Wine ignores them. */
enum {
    PS__RECEIVE_FLAGS = MSG_OOB | MSG_PEEK | MSG_WAITALL | MSG_PUSH_IMMEDIATE | MSG_PARTIAL,
    PS__SEND_FLAGS = MSG_OOB | MSG_DONTROUTE | MSG_PARTIAL
};

/* Winsock locks all of a call's memory, and refuses tens of megabytes: no call has more. No
 * datagram is that long. */
enum { PS__CALL_MAX = 16 * 1024 * 1024 };

static inline int ps__call_size(size_t size)
{
    return size < PS__CALL_MAX ? (int)size : PS__CALL_MAX;
}

/* The result of a failed receive, other than one that ps__is_cut: a code, or 0 for the end of the
 * stream or after one's own SHUT_RD. */
int ps__receive_failure(ps_handle h);

/* What a failed send means. */
int ps__send_failure(ps_handle h);

/* Whether a receive has failed because its datagram was longer than the buffer, which is full. */
bool ps__is_cut(int native);

/* For a call to write an address into. The family stays 0 when the call writes none and does not
 * change the length. */
static inline ps_addr ps__blank_address(void)
{
    ps_addr blank = {.len = sizeof blank.storage};

    return blank;
}

/* Winsock refuses 0.0.0.0 and :: as a destination, and a datagram socket that connects there loses
 * its peer; POSIX takes them as this machine. Returns the address to pass to Winsock: *to, or the
 * loopback address of its family, written to *loopback. */
const ps_addr *ps__destination(const ps_addr *to, ps_addr *loopback);

static inline void ps__copy_address(ps_addr *to, const ps_addr *written)
{
    *to = *written;
    if (written->sa.sa_family == AF_UNSPEC)
        to->len = 0;
    ps__unix_name_from_system(to);
}

#endif
