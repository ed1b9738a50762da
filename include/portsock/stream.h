/*
 * Streams: the reference's makefile(), a buffered file-like object over a connected socket.
 *
 * The connection ends when the socket and every stream made from it are closed, in any order. The calls on a stream obey the
 * socket's timeout, its deadlines (ps_setdeadline) and its cancel token (ps_setcancel), as they are when a call begins. After
 * ps_close of the socket they obey those that it had. ps_close does not end them. A call that needs only the stream's buffer, to read
 * bytes that are there or to add bytes to it, does not look at them.
 * When a call fails, also with PS_TIMED_OUT, PS_EWOULDBLOCK or PS_ECANCELED, no byte is lost: the next read returns the bytes
 * that were received, and the next flush sends the bytes that were taken.
 *
 * After a fork both processes have the stream, with what is in its buffers: flush it before, as with stdio.
 *
 * A stream belongs to one thread at a time; two streams of one socket, one for reading and one for writing,
 * may be used by two threads.
 */
#ifndef PORTSOCK_STREAM_H
#define PORTSOCK_STREAM_H

#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ps_file ps_file;

/*
 * Makes a stream from a socket.
 *   f        the stream, to be closed with ps_file_close; NULL on failure
 *   mode     "r", "w", "rw", "rb", ... or NULL: not looked at, as in the reference. Every stream reads and writes.
 *   bufsize  0: no buffering; 1: writes are flushed at each line's end, and at 8192 bytes; above 1: that many bytes;
 *            below 0: 8192
 * Returns 0; PS_EBADF; PS_ENOMEM; PS_EFAULT. Normalizes: a Winsock handle is no file descriptor, so fdopen cannot do this.
 * Source: the reference, makefile.
 */
PS_API int ps_makefile(ps_file **f, ps_sock *s, const char *mode, int bufsize);

/*
 * Reads until n bytes are there or the peer has closed its side.
 * Returns the number of bytes, less than n only at the end; 0 at the end (or when n is 0); PS_TIMED_OUT, PS_EWOULDBLOCK,
 * PS_ECANCELED, PS_EINTR (ps_set_interrupt), PS_ECONNRESET, ..., and everything received so far is kept for the next read;
 * PS_BAD_LENGTH when n is larger than PTRDIFF_MAX; PS_ENOMEM; PS_EFAULT. When there is no memory to keep what was received, it is
 * returned, and the next read returns the error. Source: the reference, file.read.
 */
PS_API ptrdiff_t ps_file_read(ps_file *f, void *buf, size_t n);

/*
 * Reads a line: up to and with '\n', or n bytes, or the end. NULs are kept, none is added.
 * Returns the number of bytes; 0 at the end; errors as ps_file_read. Without buffering (bufsize 0) no byte after the line is taken
 * from the socket. Source: the reference, file.readline.
 */
PS_API ptrdiff_t ps_file_readline(ps_file *f, char *line, size_t n);

/*
 * Writes n bytes: they are taken into the stream's buffer, and sent when it is full (or at a line's end, or at
 * once, see ps_makefile).
 * Returns n; PS_ENOMEM, PS_BAD_LENGTH or PS_EFAULT, and nothing was taken; any other code comes from sending (as ps_sendall): the
 * bytes are taken all the same, and ps_file_flush sends the rest. Do not write them again.
 * Source: the reference, file.write.
 */
PS_API ptrdiff_t ps_file_write(ps_file *f, const void *buf, size_t n);

/* Sends what is buffered. Returns 0, or a code as ps_sendall; what has not been sent stays in the buffer.
 * Source: the reference, file.flush. */
PS_API int ps_file_flush(ps_file *f);

/* Returns 1 when a read has found the end of the connection (everything before it has been returned then), 0 otherwise; PS_EFAULT.
 * Source: C, feof. */
PS_API int ps_file_eof(const ps_file *f);

/*
 * Returns how many bytes were received and not read yet: a read of so many, or of a line that is among them, does not ask the system.
 * A program that waits with ps_poll before it reads does not wait while there are some, since ps_poll does not know of them.
 * Returns 0 for NULL, and always without buffering (bufsize 0) except after a read that failed. Source: C, none (gnulib,
 * freadahead).
 */
PS_API size_t ps_file_buffered(const ps_file *f);

/*
 * Flushes, lets go of the connection, and frees f in any case. What the flush could not send is lost: where that matters, call
 * ps_file_flush until it succeeds. NULL is allowed.
 * Returns 0, or the code of the flush. Source: the reference, file.close.
 */
PS_API int ps_file_close(ps_file *f);

#ifdef __cplusplus
}
#endif

#endif
