/**
 * @file
 * Messages with ancillary data, descriptors passed between processes, and the peer's credentials:
 * functions that Python 3's socket module has and Python 2.7's lacks.
 */
#ifndef PORTSOCK_MESSAGE_H
#define PORTSOCK_MESSAGE_H

#include "address.h"
#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A buffer that a message is gathered from or scattered into. Frozen: buffers stand in arrays. */
typedef struct ps_buffer {
    void *data;  /**< its bytes; sending does not write to them */
    size_t size; /**< how many */
} ps_buffer;

/** One item of ancillary data. Frozen: items stand in arrays. */
typedef struct ps_control {
    int level;        /**< as in cmsg(3) */
    int type;         /**< as in cmsg(3) */
    const void *data; /**< its bytes, without a header */
    size_t size;      /**< how many */
} ps_control;

/** The most buffers that one message may have. */
#define PS_BUFFERS_MAX 64

/** The most bytes of ancillary data, with their headers, that one message may have. */
#define PS_CONTROL_SIZE_MAX 4096

/**
 * Sends one message, gathered from buffers, with ancillary data.
 *
 * @param s              a socket
 * @param buffers        the data
 * @param count          how many buffers, at most PS_BUFFERS_MAX; 0 is a message without data
 * @param controls       the items of ancillary data, or NULL
 * @param control_count  how many items
 * @param flags          as for ps_send
 * @param to             the destination, or NULL for a connected socket
 * @return the number of bytes of data taken; codes as ps_send; and:
 * @retval PS_BAD_LENGTH  more buffers or ancillary data than the limits
 * @retval PS_EOPNOTSUPP  ancillary data on a Windows stream
 * @threadsafety Any thread; each message is sent whole.
 * @since 0.1
 * @source Python 3, sendmsg; POSIX; Microsoft, WSASendMsg.
 */
PS_API ptrdiff_t ps_sendmsg(ps_sock *s, const ps_buffer *buffers, size_t count,
                            const ps_control *controls, size_t control_count, int flags,
                            const ps_addr *to);

/**
 * Receives one message, scattered into buffers, with ancillary data. Descriptors that come with
 * it (SCM_RIGHTS) are closed on exec; those in items that do not fit in controls are closed, and
 * MSG_CTRUNC is set.
 *
 * @param s              a socket
 * @param buffers        where the data goes
 * @param count          how many buffers, at most PS_BUFFERS_MAX
 * @param controls       where the items go; their data point into buf. NULL: none wanted
 * @param control_count  *control_count is how many items fit, then how many came
 * @param buf            memory for the ancillary data, ps_cmsg_space bytes for each item
 * @param n              the size of buf; at most PS_CONTROL_SIZE_MAX are used
 * @param flags          in: as for ps_recv, except MSG_WAITALL; out: what the system says of the
 *                       message, MSG_TRUNC, MSG_CTRUNC, MSG_EOR; may be NULL
 * @param from           the sender, "no address" on a stream; or NULL
 * @return the number of bytes; codes as ps_recv; and:
 * @retval PS_BAD_LENGTH  more buffers than the limit
 * @retval PS_EOPNOTSUPP  MSG_WAITALL: use ps_recv
 * @threadsafety Any thread; each message goes to one of the calls.
 * @normalizes A longer datagram is cut and MSG_TRUNC set on Windows, too.
 * @since 0.1
 * @source Python 3, recvmsg_into; POSIX; Microsoft, LPFN_WSARECVMSG.
 */
PS_API ptrdiff_t ps_recvmsg(ps_sock *s, const ps_buffer *buffers, size_t count,
                            ps_control *controls, size_t *control_count, void *buf, size_t n,
                            int *flags, ps_addr *from);

/**
 * Returns how many bytes an item of ancillary data takes, with its header and padding.
 *
 * @param n  its bytes without these
 * @return the bytes; 0 when n is too large.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, CMSG_SPACE.
 */
PS_API size_t ps_cmsg_space(size_t n);

/**
 * Returns how many bytes an item of ancillary data takes, with its header and without the padding
 * after it.
 *
 * @param n  its bytes without these
 * @return the bytes; 0 when n is too large.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, CMSG_LEN.
 */
PS_API size_t ps_cmsg_len(size_t n);

/** The most descriptors that one message can carry. */
#define PS_FDS_MAX 253

/**
 * Sends data and descriptors over an AF_UNIX socket. The descriptors stay open here.
 *
 * @param s      a socket
 * @param buf    the bytes; at least one on a stream, or the descriptors may not arrive
 * @param n      how many
 * @param fds    the descriptors
 * @param count  how many, at most PS_FDS_MAX
 * @param flags  as for ps_send
 * @return as ps_send; and:
 * @retval PS_BAD_LENGTH  more descriptors than PS_FDS_MAX
 * @retval PS_EOPNOTSUPP  on Windows
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, send_fds; unix(7).
 */
PS_API ptrdiff_t ps_send_fds(ps_sock *s, const void *buf, size_t n, const ps_handle *fds,
                             size_t count, int flags);

/**
 * Receives data and descriptors. The descriptors are the caller's, who closes them with the
 * system's close, also after ps_fromfd has made a socket from one (of a duplicate); they are
 * closed on exec.
 *
 * @param s      a socket
 * @param buf    the bytes
 * @param n      the size of buf
 * @param fds    the descriptors
 * @param count  *count is how many fit, then how many came; those that do not fit are closed, and
 *               MSG_CTRUNC is set
 * @param flags  in: as for ps_recv; out: what the system says of the message; may be NULL
 * @return as ps_recv; and:
 * @retval PS_BAD_LENGTH  n is above PTRDIFF_MAX
 * @retval PS_EOPNOTSUPP  on Windows
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, recv_fds; unix(7).
 */
PS_API ptrdiff_t ps_recv_fds(ps_sock *s, void *buf, size_t n, ps_handle *fds, size_t *count,
                             int *flags);

/**
 * The process at the other end of an AF_UNIX socket; -1 for what the system does not report.
 * Frozen.
 */
typedef struct ps_credentials {
    long pid; /**< the process */
    long uid; /**< its user */
    long gid; /**< its group */
} ps_credentials;

/**
 * Gets the credentials of the process that connected, or listened, at the other end, as they were
 * at that time.
 *
 * @param s            an AF_UNIX socket
 * @param credentials  the result
 * @retval 0              *credentials is set
 * @retval PS_ENOTCONN    the socket is not connected
 * @retval PS_EOPNOTSUPP  another family, or a system that does not report them
 * @threadsafety Any thread.
 * @normalizes SO_PEERCRED, getpeereid, SIO_AF_UNIX_GETPEERPID.
 * @since 0.1
 * @source unix(7).
 */
PS_API int ps_getpeercred(ps_sock *s, ps_credentials *credentials);

/** The size of a buffer that the description of ps_share fits into. */
#define PS_SHARE_SIZE 640

/**
 * Makes a description of a socket for another process of this machine, which makes a socket from
 * it with ps_fromshare, once. Keep this socket open until the other process has done so. Since the
 * other process must run already, start it first, and then send it the description, for instance
 * through a pipe that is its standard input.
 *
 * @param s    a socket
 * @param pid  the other process
 * @param buf  the description
 * @param n    *n is the size of buf (PS_SHARE_SIZE is enough), then the number of bytes
 * @retval 0              the description is in buf
 * @retval PS_BAD_LENGTH  *n is too small
 * @retval PS_EINVAL      no such process
 * @retval PS_EOPNOTSUPP  elsewhere than on Windows (use ps_send_fds)
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, share; Microsoft, WSADuplicateSocketW.
 */
PS_API int ps_share(ps_sock *s, unsigned long pid, void *buf, size_t *n);

/**
 * Makes a socket from a description that another process has made with ps_share; family, type and
 * proto are set from it.
 *
 * @param s    the result, with the default timeout; closed on failure. It is overwritten, not
 *             closed first.
 * @param buf  the description
 * @param n    its bytes
 * @retval 0              the socket is open
 * @retval PS_BAD_LENGTH  the description is incomplete
 * @retval PS_EINVAL      it was used before or is damaged
 * @retval PS_EOPNOTSUPP  elsewhere than on Windows
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 3, fromshare.
 */
PS_API int ps_fromshare(ps_sock *s, const void *buf, size_t n);

#ifdef __cplusplus
}
#endif

#endif
