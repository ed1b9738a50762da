/*
 * Messages with ancillary data, descriptors passed between processes, and the peer's credentials: functions that Python 3's socket
 * module has and the reference lacks.
 */
#ifndef PORTSOCK_MESSAGE_H
#define PORTSOCK_MESSAGE_H

#include "address.h"
#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A buffer that a message is gathered from or scattered into. Sending does not write to data. */
typedef struct ps_buffer {
    void *data;
    size_t size;
} ps_buffer;

/* One item of ancillary data: level and type as in cmsg(3), and size bytes at data. */
typedef struct ps_control {
    int level;
    int type;
    const void *data;
    size_t size;
} ps_control;

/* The most buffers, and the most bytes of ancillary data with their headers, that one message may have. */
#define PS_BUFFERS_MAX 64
#define PS_CONTROL_SIZE_MAX 4096

/*
 * Sends one message, gathered from buffers, with ancillary data.
 *   buffers, count   at most PS_BUFFERS_MAX; count 0 is a message without data
 *   controls, control_count  the items, or NULL and 0
 *   flags            as ps_send
 *   to               the destination, or NULL for a connected socket
 * Returns the number of bytes of data taken, and errors as ps_send; PS_BAD_LENGTH for more buffers or ancillary data than
 * the limits; PS_EOPNOTSUPP for ancillary data on a Windows stream.
 * Source: Python 3, sendmsg; POSIX; Microsoft, WSASendMsg.
 */
PS_API ptrdiff_t ps_sendmsg(ps_sock *s, const ps_buffer *buffers, size_t count, const ps_control *controls,
                            size_t control_count, int flags, const ps_addr *to);

/*
 * Receives one message, scattered into buffers, with ancillary data.
 *   buffers, count   at most PS_BUFFERS_MAX
 *   controls, control_count  *control_count is the room at controls, then how many items came; their data point into `room`. NULL:
 *                    none wanted
 *   room, room_size  memory for the ancillary data, ps_cmsg_space bytes for each item; at most PS_CONTROL_SIZE_MAX are used
 *   flags            in: as ps_recv, except MSG_WAITALL (PS_EOPNOTSUPP: use ps_recv); out: what the system says of the message,
 *                    MSG_TRUNC, MSG_CTRUNC, MSG_EOR; may be NULL
 *   from             the sender, "no address" on a stream; or NULL
 * Descriptors that come with it (SCM_RIGHTS) are closed on exec; those in items for which there is no room in controls
 * are closed, and MSG_CTRUNC is set.
 * Returns the number of bytes, and errors as ps_recv; PS_BAD_LENGTH.
 * Normalizes: a longer datagram is cut and MSG_TRUNC set on Windows, too. Source: Python 3, recvmsg_into; POSIX; Microsoft,
 * LPFN_WSARECVMSG.
 */
PS_API ptrdiff_t ps_recvmsg(ps_sock *s, const ps_buffer *buffers, size_t count, ps_control *controls,
                            size_t *control_count, void *room, size_t room_size, int *flags, ps_addr *from);

/* Returns the room that an item of size bytes takes, with its header and padding; 0 when size is too large.
 * Source: Python 3, CMSG_SPACE. */
PS_API size_t ps_cmsg_space(size_t size);

/* The same without the padding after it. Source: Python 3, CMSG_LEN. */
PS_API size_t ps_cmsg_len(size_t size);

/* The most descriptors that one message can carry. */
#define PS_FDS_MAX 253

/*
 * Sends data and descriptors over an AF_UNIX socket. The descriptors stay open here.
 *   buf, n   at least one byte on a stream, or the descriptors may not arrive
 *   fds, count  at most PS_FDS_MAX
 * Returns as ps_send; PS_BAD_LENGTH; PS_EOPNOTSUPP on Windows. Source: Python 3, send_fds; unix(7).
 */
PS_API ptrdiff_t ps_send_fds(ps_sock *s, const void *buf, size_t n, const ps_handle *fds, size_t count, int flags);

/*
 * Receives data and descriptors. The descriptors are the caller's, who closes them with the system's close, also after ps_fromfd
 * has made a socket from one (of a duplicate); they are closed on exec.
 *   fds, count  *count is the room at fds, then how many came; those that find no room are closed, and MSG_CTRUNC is set
 *   flags    in: as ps_recv; out: what the system says of the message; may be NULL
 * Returns as ps_recv; PS_BAD_LENGTH; PS_EOPNOTSUPP on Windows. Source: Python 3, recv_fds; unix(7).
 */
PS_API ptrdiff_t ps_recv_fds(ps_sock *s, void *buf, size_t n, ps_handle *fds, size_t *count, int *flags);

/* The process at the other end of an AF_UNIX socket; -1 for what the system does not report. */
typedef struct ps_credentials {
    long pid;
    long uid;
    long gid;
} ps_credentials;

/*
 * Gives the credentials of the process that connected, or listened, at the other end, as they were at that time.
 * Returns 0; PS_ENOTCONN; PS_EOPNOTSUPP for another family, and on a system that does not report them.
 * Normalizes: SO_PEERCRED, getpeereid, SIO_AF_UNIX_GETPEERPID. Source: unix(7).
 */
PS_API int ps_getpeercred(ps_sock *s, ps_credentials *credentials);

/* The size of the description that ps_share makes. */
#define PS_SHARE_SIZE 640

/*
 * Makes a description of a socket for another process of this machine, which makes a socket from it with ps_fromshare, once.
 * Keep this socket open until the other process has done so.
 *   pid      the other process
 *   blob, size  the description; *size is the room (PS_SHARE_SIZE is enough), then the number of bytes
 * Returns 0; PS_BAD_LENGTH; PS_EINVAL for no such process; PS_EOPNOTSUPP elsewhere than on Windows (use ps_send_fds).
 * Source: Python 3, share; Microsoft, WSADuplicateSocketW.
 */
PS_API int ps_share(ps_sock *s, unsigned long pid, void *blob, size_t *size);

/*
 * Makes a socket from a description that another process has made with ps_share; family, type and proto are set from it.
 *   s        the result, with the default timeout; closed on failure. It is overwritten, not closed first.
 * Returns 0; PS_BAD_LENGTH when the blob is incomplete; PS_EINVAL when it was used before or is damaged; PS_EOPNOTSUPP elsewhere
 * than on Windows. Source: Python 3, fromshare.
 */
PS_API int ps_fromshare(ps_sock *s, const void *blob, size_t size);

#ifdef __cplusplus
}
#endif

#endif
