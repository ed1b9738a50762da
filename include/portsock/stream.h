/*
 * Streams: the reference's makefile(), a buffered file-like object over a connected socket.
 *
 * The connection ends when the socket and every stream made from it are closed, in any order. A stream
 * follows the socket's timeout. When an operation fails, PS_TIMED_OUT and PS_EWOULDBLOCK included, no byte
 * is lost: bytes already received are given by the next read, bytes already taken are sent by the next flush.
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
 *   mode     "r", "w", "rw", "rb", ...: accepted, not enforced, as in the reference; NULL is "r"
 *   bufsize  0: no buffering; 1: writes are flushed at each line's end, and at 8192 bytes; above 1: that many bytes;
 *            below 0: 8192
 * Returns 0; PS_EBADF; PS_ENOMEM. Normalizes: a Winsock handle is no file descriptor, so fdopen cannot do this.
 * Source: the reference, makefile.
 */
PS_API int ps_makefile(ps_file **f, ps_sock *s, const char *mode, int bufsize);

/*
 * Reads until n bytes are there or the peer has closed its side.
 * Returns the number of bytes, less than n only at the end; 0 at the end (or when n is 0); PS_TIMED_OUT,
 * PS_EWOULDBLOCK, PS_ECONNRESET, ... with everything received so far kept for the next read;
 * PS_BAD_LENGTH when n is larger than PTRDIFF_MAX. When there is no memory to keep what was received, it is given, and the
 * next read tells the error.
 */
PS_API ptrdiff_t ps_file_read(ps_file *f, void *buf, size_t n);

/*
 * Reads a line: up to and with '\n', or n bytes, or the end. NULs are kept, none is added.
 * Returns the number of bytes; 0 at the end; errors as ps_file_read. Without buffering no byte behind the
 * line is taken from the socket.
 */
PS_API ptrdiff_t ps_file_readline(ps_file *f, char *line, size_t n);

/*
 * Writes n bytes: they are taken into the stream's buffer, and sent when it is full (or at a line's end, or at
 * once, see ps_makefile).
 * Returns n; PS_ENOMEM or PS_BAD_LENGTH, nothing was taken; any other code comes from sending: the bytes are
 * taken all the same, and ps_file_flush sends the rest. Do not write them again.
 */
PS_API ptrdiff_t ps_file_write(ps_file *f, const void *buf, size_t n);

/* Sends what is buffered. Returns 0, or a code; what has not been sent stays in the buffer. */
PS_API int ps_file_flush(ps_file *f);

/* 1 when a read has found the end and everything before it has been given, else 0. */
PS_API int ps_file_eof(const ps_file *f);

/*
 * Flushes, drops the stream's hold on the connection, and frees f in any case. NULL is allowed.
 * Returns 0, or the code of the flush.
 */
PS_API int ps_file_close(ps_file *f);

#ifdef __cplusplus
}
#endif

#endif
