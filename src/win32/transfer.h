/* What transfers and messages share. */
#ifndef PS_WIN32_TRANSFER_H
#define PS_WIN32_TRANSFER_H

#include "common/backend.h"

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
static inline bool ps__is_cut(int native)
{
    return native == WSAEMSGSIZE || native == ERROR_MORE_DATA;
}

#endif
