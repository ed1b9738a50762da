/**
 * @file
 * Streams: Python 2.7's makefile(), a buffered file-like object over a connected socket.
 *
 * The connection ends when the socket and every stream made from it are closed, in any order. The
 * calls on a stream obey the socket's timeout, its deadlines (ps_setdeadline) and its cancel
 * token (ps_setcancel), as they are when a call begins. After ps_close of the socket they obey
 * those that it had. ps_close does not end them. A call that needs only the stream's buffer, to
 * read bytes that are there or to add bytes to it, does not look at them.
 *
 * When a call fails, also with PS_TIMED_OUT, PS_EWOULDBLOCK or PS_ECANCELED, no byte is lost: the
 * next read returns the bytes that were received, and the next flush sends the bytes that were
 * taken.
 *
 * After a fork both processes have the stream, with what is in its buffers: flush it before, as
 * with stdio.
 *
 * A stream belongs to one thread at a time; two streams of one socket, one for reading and one
 * for writing, may be used by two threads.
 */
#ifndef PORTSOCK_STREAM_H
#define PORTSOCK_STREAM_H

#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A stream: an object on the heap. */
typedef struct ps_file ps_file;

/**
 * Makes a stream from a socket.
 *
 * @param f        the stream, to be closed with ps_file_close; NULL on failure
 * @param s        the socket
 * @param mode     "r", "w", "rw", "rb", ... or NULL: not looked at, as in Python 2.7. Every
 *                 stream reads and writes.
 * @param bufsize  0: no buffering; 1: writes are flushed at each line's end, and at 8192 bytes;
 *                 above 1: that many bytes; below 0: 8192
 * @retval 0          *f is made
 * @retval PS_EBADF   the socket is closed
 * @retval PS_ENOMEM  no memory
 * @retval PS_EFAULT  f or s is NULL
 * @threadsafety Any thread.
 * @normalizes A Winsock handle is no file descriptor, so fdopen cannot do this.
 * @since 0.1
 * @source Python 2.7, makefile.
 */
PS_API int ps_makefile(ps_file **f, ps_sock *s, const char *mode, int bufsize);

/**
 * Reads until n bytes are there or the peer has closed its side. On failure everything received
 * so far is kept for the next read. When there is no memory to keep what was received, it is
 * returned, and the next read returns the error.
 *
 * @param f    the stream
 * @param buf  the bytes
 * @param n    how many
 * @return the number of bytes, less than n only at the end; 0 at the end (or when n is 0); or:
 * @retval PS_TIMED_OUT    the timeout or the deadline has expired
 * @retval PS_EWOULDBLOCK  non-blocking mode, and not all bytes are there
 * @retval PS_ECANCELED    the socket's cancel token was fired
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_ECONNRESET   the connection has failed; other failures of a connection likewise
 * @retval PS_BAD_LENGTH   n is larger than PTRDIFF_MAX
 * @retval PS_ENOMEM       no memory
 * @retval PS_EFAULT       f is NULL, or buf is NULL and n is not 0
 * @threadsafety A stream belongs to one thread at a time.
 * @since 0.1
 * @source Python 2.7, file.read.
 */
PS_API ptrdiff_t ps_file_read(ps_file *f, void *buf, size_t n);

/**
 * Reads a line: up to and with '\\n', or n bytes, or the end. NULs are kept, none is added.
 * Without buffering (bufsize 0) no byte after the line is taken from the socket.
 *
 * @param f     the stream
 * @param line  the bytes
 * @param n     the size of line
 * @return the number of bytes; 0 at the end; codes as ps_file_read. When the last byte is not
 * '\\n', either the line is longer than n, and the next call returns what follows, or the
 * connection has ended within the line.
 * @threadsafety A stream belongs to one thread at a time.
 * @since 0.1
 * @source Python 2.7, file.readline.
 */
PS_API ptrdiff_t ps_file_readline(ps_file *f, char *line, size_t n);

/**
 * Writes n bytes: they are taken into the stream's buffer, and sent when it is full (or at a
 * line's end, or at once, see ps_makefile).
 *
 * @param f    the stream
 * @param buf  the bytes
 * @param n    how many
 * @return n; or:
 * @retval PS_ENOMEM      no memory; nothing was taken
 * @retval PS_BAD_LENGTH  n is larger than PTRDIFF_MAX; nothing was taken
 * @retval PS_EFAULT      f is NULL, or buf is NULL and n is not 0; nothing was taken
 * @return any other code comes from sending (as ps_sendall): the bytes are taken all the same,
 * and ps_file_flush sends the rest. Do not write them again.
 * @threadsafety A stream belongs to one thread at a time.
 * @since 0.1
 * @source Python 2.7, file.write.
 */
PS_API ptrdiff_t ps_file_write(ps_file *f, const void *buf, size_t n);

/**
 * Sends what is buffered. What has not been sent stays in the buffer.
 *
 * @param f  the stream
 * @retval 0  everything was sent
 * @return any other code as ps_sendall.
 * @threadsafety A stream belongs to one thread at a time.
 * @since 0.1
 * @source Python 2.7, file.flush.
 */
PS_API int ps_file_flush(ps_file *f);

/**
 * Returns whether a read has found the end of the connection.
 *
 * @param f  the stream
 * @retval 1          it has; everything before the end has been returned then
 * @retval 0          it has not
 * @retval PS_EFAULT  f is NULL
 * @threadsafety A stream belongs to one thread at a time.
 * @since 0.1
 * @source C, feof.
 */
PS_API int ps_file_eof(const ps_file *f);

/**
 * Returns how many bytes were received and not read yet: a read of so many, or of a line that is
 * among them, does not ask the system. A program that waits with ps_poll before it reads does not
 * wait while there are some, since ps_poll does not know of them.
 *
 * @param f  the stream
 * @return the number of bytes; 0 for NULL, and always without buffering (bufsize 0) except after
 * a read that failed.
 * @threadsafety A stream belongs to one thread at a time.
 * @since 0.1
 * @source C, none (gnulib, freadahead).
 */
PS_API size_t ps_file_buffered(const ps_file *f);

/**
 * Flushes, lets go of the connection, and frees f in any case. What the flush could not send is
 * lost: where that matters, call ps_file_flush until it succeeds.
 *
 * @param f  the stream; NULL is allowed
 * @retval 0  everything was sent
 * @return any other code as ps_file_flush.
 * @threadsafety A stream belongs to one thread at a time.
 * @since 0.1
 * @source Python 2.7, file.close.
 */
PS_API int ps_file_close(ps_file *f);

#ifdef __cplusplus
}
#endif

#endif
