/**
 * @file
 * Sends a file over a connection without a copy of its bytes in the program.
 */
#ifndef PORTSOCK_SENDFILE_H
#define PORTSOCK_SENDFILE_H

#include "socket.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A `count` of ps_sendfile: all that the file has from the offset on. */
#define PS_TO_END_OF_FILE UINT64_MAX

/**
 * Sends bytes of a file. One timeout or deadline is for the whole call, as for ps_sendall.
 *
 * What ends first ends the call: `count` bytes or the end of the file. A file that ends before is
 * no error: 0 with *sent below `count` means that the file has ended, so do not call again for the
 * rest. The bytes are those that the file has when the system reads them: a file that is written to
 * meanwhile may be sent as it was, as it will be, or mixed.
 *
 * The system sends what it can send by itself (sendfile, TransmitFile). From other files, such as
 * some of /proc, and on other systems than Linux and Windows, the library reads and sends. Windows
 * cannot say how much TransmitFile has sent when it is ended early. There it is used in blocking
 * mode, while the socket has no token, no deadline and no SO_SNDTIMEO, and otherwise the library
 * reads and sends. Client editions of Windows run at most two TransmitFile calls at a time, over
 * all processes; others wait for these. Set a timeout where peers may be slow.
 *
 * @param s       a connected stream socket
 * @param file    a file that is open for reading: a descriptor (open, fileno) or, on Windows, a
 *                HANDLE (CreateFile; (HANDLE)_get_osfhandle(_fileno(f)) of a FILE). It must have
 *                positions: a pipe, a socket or a terminal has none
 * @param offset  where in the file to begin, in bytes
 * @param count   how many bytes; PS_TO_END_OF_FILE; 0: nothing is sent, and the file is not looked
 *                at
 * @param sent    becomes how many bytes were taken, also on failure; NULL: not wanted. A call that
 *                goes on begins at `offset` + *sent. On Windows, in blocking mode, what
 *                TransmitFile has sent of the last 2 GiB is not counted when the connection fails
 *                or is closed
 * @retval 0               `count` bytes were taken, or all up to the file's end
 * @retval PS_TIMED_OUT    the timeout or the deadline for sending is over
 * @retval PS_EWOULDBLOCK  non-blocking mode, and the system takes no more
 * @retval PS_EOPNOTSUPP   the socket is not a stream
 * @retval PS_BAD_LENGTH   the offset is above INT64_MAX
 * @retval PS_EBADF        the socket is closed; or `file` is not open, or not for reading
 * @retval PS_EISDIR       `file` is a directory
 * @retval PS_ESPIPE       `file` has no positions
 * @retval PS_EIO          the file cannot be read
 * @return any other code as ps_send: a peer that is gone is PS_EPIPE or PS_ECONNRESET.
 * @threadsafety Any thread; the bytes of two calls may mix. The file's own position is not used. It
 * stays as it is on POSIX; on Windows that of a handle without FILE_FLAG_OVERLAPPED may change.
 * @normalizes SIGPIPE is not raised, whatever the program has set for it. As sendfile has no
 * MSG_NOSIGNAL, it is blocked in this thread while the system sends. If sending has raised it, it
 * is taken back. A SIGPIPE from elsewhere that comes to this thread meanwhile is delivered
 * afterwards, and one that was pending stays so. In blocking mode it is delivered when the call
 * returns, which may be late.
 * @since 0.1
 * @source Linux, sendfile(2); Microsoft, TransmitFile; Python 3, socket.sendfile.
 */
PS_API int ps_sendfile(ps_sock *s, ps_native_file file, uint64_t offset, uint64_t count,
                       uint64_t *sent);

#ifdef __cplusplus
}
#endif

#endif
